//! What a family may be: its words, its combinations, and how many there are.

use crate::item;
use auth::Act;
use db::fetch_one;
use model::{Error, FamilyId, FamilyOption, Flaw, ItemKind, MadeItem, NewFamily, NewItem, NewVariant, Result};
use std::collections::HashSet;

/// The most families that a house has.
const FAMILIES_MAX: i64 = 100_000;

/// The family without spaces around its words, and each item's values written as the options write them.
///
/// # Errors
/// `Invalid` with all that is wrong in it.
pub(super) fn settled(new: NewFamily) -> Result<NewFamily> {
    let mut flaws = Vec::new();
    let NewFamily { version, name, options, items, like, archive } = new;
    let name = name.trim().to_owned();
    if !is_word(&name, 200) {
        flaws.push(Flaw::new("name", "name", "use 1 to 200 visible characters"));
    }
    let trimmed = |option: FamilyOption| FamilyOption {
        name: option.name.trim().to_owned(),
        values: option.values.iter().map(|value| value.trim().to_owned()).collect(),
    };
    let options: Vec<FamilyOption> = options.into_iter().map(trimmed).collect();
    check_options(&options, &mut flaws);
    if items.len() > NewFamily::ITEMS_MAX {
        flaws.push(Flaw::new("items", "line_count", format!("a family has at most {} items", NewFamily::ITEMS_MAX)));
        return Err(Error::Invalid(flaws));
    }
    if items.iter().filter(|item| item.make.is_some()).count() > NewFamily::MADE_MAX {
        flaws.push(Flaw::new("items", "made_count", format!("make at most {} items at once", NewFamily::MADE_MAX)));
    }
    let items = items.into_iter().enumerate().map(|(at, item)| known_values(at, item, &options, &mut flaws)).collect();
    let new = NewFamily { version, name, options, items, like, archive };
    check_items(&new, &mut flaws);
    if flaws.is_empty() { Ok(new) } else { Err(Error::Invalid(flaws)) }
}

fn is_word(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.chars().count()) && !text.chars().any(char::is_control)
}

fn key(text: &str) -> String {
    text.trim().to_lowercase()
}

fn check_options(options: &[FamilyOption], flaws: &mut Vec<Flaw>) {
    if !(1..=NewFamily::OPTIONS_MAX).contains(&options.len()) {
        let message = format!("say 1 to {} things that the items differ in, such as size", NewFamily::OPTIONS_MAX);
        flaws.push(Flaw::new("options", "option_count", message));
    }
    let mut names = HashSet::new();
    for (at, option) in options.iter().enumerate() {
        if !is_word(&option.name, NewFamily::WORD_MAX) || !names.insert(key(&option.name)) {
            let message = format!("use 1 to {} visible characters, another name for each", NewFamily::WORD_MAX);
            flaws.push(Flaw::new(format!("options[{at}].name"), "option_name", message));
        }
        if !(1..=NewFamily::VALUES_MAX).contains(&option.values.len()) {
            let message = format!("{} has 1 to {} values", option.name, NewFamily::VALUES_MAX);
            flaws.push(Flaw::new(format!("options[{at}].values"), "value_count", message));
        }
        let mut values = HashSet::new();
        for (nth, value) in option.values.iter().enumerate().take(NewFamily::VALUES_MAX) {
            if !is_word(value, NewFamily::WORD_MAX) || !values.insert(key(value)) {
                let message = format!("use 1 to {} visible characters, each value once", NewFamily::WORD_MAX);
                flaws.push(Flaw::new(format!("options[{at}].values[{nth}]"), "value", message));
            }
        }
    }
}

/// The item with each value as its option writes it.
fn known_values(at: usize, item: NewVariant, options: &[FamilyOption], flaws: &mut Vec<Flaw>) -> NewVariant {
    if item.values.len() != options.len() {
        let message = format!("{} needs one value for each option", item.sku);
        flaws.push(Flaw::new(format!("items[{at}].values"), "value_count", message));
        return item;
    }
    let mut values = Vec::with_capacity(options.len());
    for (value, option) in item.values.iter().zip(options) {
        match option.values.iter().find(|known| key(known) == key(value)) {
            Some(known) => values.push(known.clone()),
            None => {
                let message = format!("{} has no value {value:?}; add it there, or use another one", option.name);
                flaws.push(Flaw::new(format!("items[{at}].values"), "unknown_value", message));
            }
        }
    }
    NewVariant { values, ..item }
}

fn check_items(new: &NewFamily, flaws: &mut Vec<Flaw>) {
    let (mut skus, mut values) = (HashSet::new(), HashSet::new());
    for (at, item) in new.items.iter().enumerate() {
        if !skus.insert(&item.sku) {
            let message = format!("{} is there twice; leave one out", item.sku);
            flaws.push(Flaw::new(format!("items[{at}].sku"), "twice", message));
        }
        if item.values.len() == new.options.len() && !values.insert(&item.values) {
            let message = format!("another item is {} already; no two are the same", item.values.join(", "));
            flaws.push(Flaw::new(format!("items[{at}].values"), "same_values", message));
        }
        if let Some(made) = &item.make {
            flaws.extend(item::flaws(&format!("items[{at}]."), &bare(&item.sku, made)));
        }
    }
    if new.like.is_none() && new.items.iter().any(|item| item.make.is_some()) {
        flaws.push(Flaw::new("like", "like", "say which item the new ones are like"));
    }
}

/// A made item before it is like another one.
fn bare(sku: &str, made: &MadeItem) -> NewItem {
    NewItem {
        id: made.id,
        sku: sku.to_owned(),
        name: made.name.clone(),
        barcodes: Vec::new(),
        packs: Vec::new(),
        unit: "piece".to_owned(),
        price: None,
        kind: ItemKind::Stocked,
        costing: Default::default(),
    }
}

/// Is there room for it?
pub(super) async fn room(act: &mut Act, id: FamilyId) -> Result<()> {
    let (count,): (i64,) = fetch_one!(act, "select count(*) from inventory_family where id <> $1", id)?;
    if count >= FAMILIES_MAX {
        let message = format!("there are {FAMILIES_MAX} of them already; change one of them");
        return Err(Flaw::new("name", "count", message).into());
    }
    Ok(())
}

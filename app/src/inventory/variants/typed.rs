//! What is typed of a family: words into values, values into proposals, and what of it can be saved.

use model::{
    FamilyOption, ItemId, MadeItem, NewFamily, NewVariant, Variant, Variants, combinations, variant_name, variant_sku,
};

/// An option as it is typed: its name, and its values with commas between them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypedOption {
    pub name: String,
    pub values: String,
}

impl TypedOption {
    /// Is nothing typed in it?
    pub fn is_blank(&self) -> bool {
        self.name.trim().is_empty() && self.values().is_empty()
    }

    /// The values, each once whatever its capitals.
    pub fn values(&self) -> Vec<String> {
        let mut values: Vec<String> = Vec::new();
        for value in self.values.split([',', ';', '\n']).map(str::trim).filter(|value| !value.is_empty()) {
            if !values.iter().any(|known| known.to_lowercase() == value.to_lowercase()) {
                values.push(value.to_owned());
            }
        }
        values
    }
}

/// The options in which something is typed.
pub fn options(typed: &[TypedOption]) -> Vec<FamilyOption> {
    let option = |typed: &TypedOption| FamilyOption { name: typed.name.trim().to_owned(), values: typed.values() };
    typed.iter().filter(|typed| !typed.is_blank()).map(option).collect()
}

/// An item of the family: one that is there, or one that is proposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub nth: u32,
    pub sku: String,
    pub name: String,
    /// Its value for each option; empty where none is chosen yet.
    pub values: Vec<String>,
    /// The id that it will have, if it is to be made.
    pub make: Option<ItemId>,
    /// It is to be made; a proposal that is not wanted stays out.
    pub wanted: bool,
}

impl Row {
    /// An item that is there.
    pub fn known(nth: u32, sku: String, name: String, values: Vec<String>) -> Self {
        Self { nth, sku, name, values, make: None, wanted: true }
    }
}

/// The rows without proposals whose values are gone, with a value for each option, and with a proposal for each combination
/// that nothing is of yet.
pub fn proposed(
    rows: Vec<Row>,
    options: &[FamilyOption],
    name: &str,
    base: &str,
    mut next: impl FnMut() -> u32,
) -> Vec<Row> {
    let all = combinations(options);
    let stays = |row: &Row| row.make.is_none() || all.contains(&row.values);
    let mut rows: Vec<Row> = rows.into_iter().filter(stays).collect();
    let mut free: Vec<Vec<String>> =
        all.iter().filter(|values| !rows.iter().any(|row| row.values == **values)).cloned().collect();
    for row in rows.iter_mut().filter(|row| !all.contains(&row.values)) {
        // One that has no values yet has the first that nothing is of.
        if row.values.iter().all(String::is_empty) && !free.is_empty() {
            row.values = free.remove(0);
        }
    }
    let make = |values: Vec<String>| Row {
        nth: next(),
        sku: variant_sku(base, &values),
        name: variant_name(name, &values),
        values,
        make: Some(ItemId::new()),
        wanted: true,
    };
    rows.extend(free.into_iter().map(make));
    rows
}

/// What new SKUs begin with: what those that are there begin with, without the dash before what they differ in.
pub fn base_of(skus: &[&str]) -> String {
    let Some((first, rest)) = skus.split_first() else { return String::new() };
    let mut common: Vec<char> = first.chars().collect();
    for sku in rest {
        let same = common.iter().zip(sku.chars()).take_while(|(one, other)| **one == *other).count();
        common.truncate(same);
    }
    let common: String = common.into_iter().collect();
    let common = common.trim_end_matches(|letter: char| !letter.is_alphanumeric());
    if common.is_empty() { (*first).to_owned() } else { common.to_owned() }
}

/// The family as it is to be; `None` while something is missing.
pub fn sound(version: i64, name: &str, options: Vec<FamilyOption>, rows: &[Row]) -> Option<NewFamily> {
    let named = |option: &FamilyOption| !option.name.is_empty() && !option.values.is_empty();
    let name = name.trim().to_owned();
    if name.is_empty() || options.is_empty() || !options.iter().all(named) {
        return None;
    }
    let rows: Vec<&Row> = rows.iter().filter(|row| row.wanted).collect();
    let like = rows.iter().find(|row| row.make.is_none())?.sku.clone();
    let sound = |row: &&Row| {
        let values = row.values.iter().zip(&options).all(|(value, option)| option.values.contains(value));
        let written = row.make.is_none() || !(row.sku.trim().is_empty() || row.name.trim().is_empty());
        row.values.len() == options.len() && values && written
    };
    let made = rows.iter().filter(|row| row.make.is_some()).count();
    let twice =
        |at: usize, row: &Row| rows[..at].iter().any(|other| other.values == row.values || other.sku == row.sku);
    let alone = !rows.iter().enumerate().any(|(at, row)| twice(at, row));
    if !rows.iter().all(sound) || !alone || made > NewFamily::MADE_MAX || rows.len() > NewFamily::ITEMS_MAX {
        return None;
    }
    let item = |row: &&Row| NewVariant {
        sku: row.sku.trim().to_owned(),
        values: row.values.clone(),
        make: row.make.map(|id| MadeItem { id, name: row.name.trim().to_owned() }),
    };
    let items = rows.iter().map(item).collect();
    Some(NewFamily { version, name, options, items, like: Some(like), archive: Vec::new() })
}

/// A family as it was read, to be sent again; what is made since leaves and is archived.
pub fn sent(variants: &Variants, made: Vec<String>) -> NewFamily {
    let item = |item: &Variant| NewVariant { sku: item.sku.clone(), values: item.values.clone(), make: None };
    NewFamily {
        version: variants.family.version,
        name: variants.family.name.clone(),
        options: variants.family.options.clone(),
        items: variants.items.iter().map(item).collect(),
        like: None,
        archive: made,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(name: &str, values: &str) -> TypedOption {
        TypedOption { name: name.into(), values: values.into() }
    }

    fn names(rows: &[Row]) -> Vec<(&str, String)> {
        rows.iter().map(|row| (row.sku.as_str(), row.values.join("/"))).collect()
    }

    fn counter() -> impl FnMut() -> u32 {
        let mut nth = 10;
        move || {
            nth += 1;
            nth
        }
    }

    #[test]
    fn values_are_read_between_commas_and_each_once() {
        assert_eq!(typed("Size", " S, m;S ,, s\nXL").values(), ["S", "m", "XL"]);
        assert!(typed(" ", " , ").is_blank() && !typed("", "S").is_blank());
    }

    #[test]
    fn each_combination_is_proposed_once_and_what_is_there_stays() {
        let options = options(&[typed("Size", "S, L"), typed("Colour", "Red, Blue"), typed("", "")]);
        let there = Row::known(1, "TEE-L-RED".into(), "Tee".into(), vec!["L".into(), "Red".into()]);
        let rows = proposed(vec![there], &options, "Tee", "TEE", counter());
        let expected =
            [("TEE-L-RED", "L/Red"), ("TEE-S-RED", "S/Red"), ("TEE-S-BLUE", "S/Blue"), ("TEE-L-BLUE", "L/Blue")];
        assert_eq!(names(&rows), expected.map(|(sku, values)| (sku, values.to_owned())));
        let again = proposed(rows.clone(), &options, "Tee", "TEE", counter());
        assert_eq!(names(&again), names(&rows));
        let fewer = proposed(rows, &super::options(&[typed("Size", "S")]), "Tee", "TEE", counter());
        assert_eq!(names(&fewer), [("TEE-L-RED", "L/Red".to_owned()), ("TEE-S", "S".to_owned())]);
    }

    #[test]
    fn one_without_values_has_the_first_that_is_free() {
        let options = options(&[typed("Size", "S, L")]);
        let rows =
            proposed(vec![Row::known(1, "TEE".into(), "Tee".into(), Vec::new())], &options, "Tee", "TEE", counter());
        assert_eq!(names(&rows), [("TEE", "S".to_owned()), ("TEE-L", "L".to_owned())]);
        assert!(sound(0, "Tee", options.clone(), &rows).is_some());
        assert!(sound(0, " ", options.clone(), &rows).is_none(), "it needs a name");
        assert!(sound(0, "Tee", options.clone(), &rows[1..]).is_none(), "and one that the others are like");
        let same = [rows.clone(), rows.clone()].concat();
        assert!(sound(0, "Tee", options, &same).is_none(), "no two are the same");
    }

    #[test]
    fn new_skus_begin_like_those_that_are_there() {
        assert_eq!(base_of(&["TEE-S-RED", "TEE-S-BLUE", "TEE-L-RED"]), "TEE");
        assert_eq!(base_of(&["TEE"]), "TEE");
        assert_eq!(base_of(&["A1", "B2"]), "A1");
        assert_eq!(base_of(&[]), "");
    }
}

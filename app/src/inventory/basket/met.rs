//! The items that somebody met in a store, kept on the device, so that they can be scanned without a connection.
//!
//! Their names, codes, prices and taxes only: of stock nothing is kept, so that nobody reads old numbers.

use crate::inventory::keep;
use model::{Item, Offer, RateSince};
use serde::{Deserialize, Serialize};

/// How many are kept; whoever sells without a connection mostly sells what was sold before.
const MOST: usize = 300;
/// How many are offered while one types.
const OFFERED: usize = 8;

/// An item, and what price lists offered for it when it was met and at which rates it held tax, for days to come too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Met {
    pub item: Item,
    pub offers: Vec<Offer>,
    #[serde(default)]
    pub tax: Vec<RateSince>,
}

/// Where that person's are kept.
pub fn key(person: &str, store: &str) -> String {
    format!("met:{person}:{store}")
}

/// The item with that code, as it was met last.
pub fn find(key: &str, code: &str) -> Option<Met> {
    let met: Vec<Met> = keep::load(key)?;
    met.into_iter().find(|met| met.item.has_code(code))
}

/// Those whose name or number holds what is typed, latest first.
pub fn named(key: &str, text: &str) -> Vec<Item> {
    let small = |text: &str| text.chars().flat_map(char::to_lowercase).collect::<String>();
    let wanted = small(text.trim());
    let holds = |text: &str| small(text).contains(&wanted);
    let met: Vec<Met> = keep::load(key).unwrap_or_default();
    let items = met.into_iter().rev().map(|met| met.item);
    items.filter(|item| holds(&item.name) || holds(&item.sku)).take(OFFERED).collect()
}

/// Keeps it.
pub fn remember(key: &str, known: &Met) {
    let met: Vec<Met> = keep::load(key).unwrap_or_default();
    if !met.contains(known) {
        keep::save(key, &with(met, known));
    }
}

/// With that item, as it is now; the oldest goes when there are too many.
fn with(mut met: Vec<Met>, known: &Met) -> Vec<Met> {
    met.retain(|other| other.item.id != known.item.id);
    met.push(known.clone());
    let over = met.len().saturating_sub(MOST);
    met.drain(..over);
    met
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{ItemId, ItemKind};

    fn item(name: &str) -> Met {
        let item = Item {
            id: ItemId::new(),
            sku: name.into(),
            name: name.into(),
            unit: "piece".into(),
            price: None,
            kind: ItemKind::Stocked,
            barcodes: Vec::new(),
            packs: Vec::new(),
            costing: Default::default(),
            tracking: Default::default(),
        };
        Met { item, offers: Vec::new(), tax: Vec::new() }
    }

    #[test]
    fn an_item_is_kept_once_as_it_is_now_and_the_oldest_goes() {
        let lamp = item("lamp");
        let renamed = Met { item: Item { name: "Lamp".into(), ..lamp.item.clone() }, ..lamp.clone() };
        assert_eq!(with(with(Vec::new(), &lamp), &renamed), [renamed]);
        let many = (0..=MOST).fold(vec![lamp.clone()], |met, at| with(met, &item(&at.to_string())));
        assert_eq!((many.len(), many.contains(&lamp)), (MOST, false));
    }
}

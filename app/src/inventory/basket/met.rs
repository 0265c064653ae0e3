//! The items that somebody met in a store, kept on the device, so that they can be scanned without a connection.
//!
//! Their names, codes and prices only: of stock nothing is kept, so that nobody reads old numbers.

use crate::inventory::keep;
use model::Item;

/// How many are kept; whoever sells without a connection mostly sells what was sold before.
const MOST: usize = 300;
/// How many are offered while one types.
const OFFERED: usize = 8;

/// Where that person's are kept.
pub fn key(person: &str, store: &str) -> String {
    format!("met:{person}:{store}")
}

/// The item with that code, as it was met last.
pub fn find(key: &str, code: &str) -> Option<Item> {
    let met: Vec<Item> = keep::load(key)?;
    met.into_iter().find(|item| item.has_code(code))
}

/// Those whose name or number holds what is typed, latest first.
pub fn named(key: &str, text: &str) -> Vec<Item> {
    let small = |text: &str| text.chars().flat_map(char::to_lowercase).collect::<String>();
    let wanted = small(text.trim());
    let holds = |text: &str| small(text).contains(&wanted);
    let met: Vec<Item> = keep::load(key).unwrap_or_default();
    met.into_iter().rev().filter(|item| holds(&item.name) || holds(&item.sku)).take(OFFERED).collect()
}

/// Keeps it.
pub fn remember(key: &str, item: &Item) {
    let met: Vec<Item> = keep::load(key).unwrap_or_default();
    if !met.contains(item) {
        keep::save(key, &with(met, item));
    }
}

/// With that item, as it is now; the oldest goes when there are too many.
fn with(mut met: Vec<Item>, item: &Item) -> Vec<Item> {
    met.retain(|other| other.id != item.id);
    met.push(item.clone());
    let over = met.len().saturating_sub(MOST);
    met.drain(..over);
    met
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{ItemId, ItemKind};

    fn item(name: &str) -> Item {
        Item {
            id: ItemId::new(),
            sku: name.into(),
            name: name.into(),
            unit: "piece".into(),
            price: None,
            kind: ItemKind::Stocked,
            barcodes: Vec::new(),
            packs: Vec::new(),
            costing: Default::default(),
        }
    }

    #[test]
    fn an_item_is_kept_once_as_it_is_now_and_the_oldest_goes() {
        let lamp = item("lamp");
        let renamed = Item { name: "Lamp".into(), ..lamp.clone() };
        assert_eq!(with(with(Vec::new(), &lamp), &renamed), [renamed]);
        let many = (0..=MOST).fold(vec![lamp.clone()], |met, at| with(met, &item(&at.to_string())));
        assert_eq!((many.len(), many.contains(&lamp)), (MOST, false));
    }
}

//! The tax classes of the demo's country, and which of its items are of which.

use super::id_of;
use crate::Integration;
use crate::till::{ITEMS_AT_ONCE, Reading, SeenItem};
use inventory::Edit;
use model::{Actor, ItemPatch, NewTaxClass, Quantity, Result, TaxClassId, TaxRate};
use uuid::Uuid;

/// The classes, by what they are called: with so many percent. A class holds in all stores: its name says of which country.
const CLASSES: [(&str, i64); 2] = [("UK standard", 20), ("UK zero", 0)];
/// The zero-rated goods of a gift shop: what small children wear.
const CHILDRENS_CLOTHES: [&str; 10] =
    ["21156", "21788", "21789", "22367", "22524", "22898", "22899", "47591B", "47591D", "47593B"];
/// What is no supply of goods or of carriage: a discount, what was typed by hand, and what the bank takes.
const NO_SUPPLY: [&str; 3] = ["BANK CHARGES", "D", "M"];

impl Integration {
    /// The classes that the demo's items are to be of, in the order of [`CLASSES`]. One that has such a name already is
    /// as good: somebody of that country made it, or an opening that was cut off.
    pub(super) async fn demo_classes(&self, demo: &Actor) -> Result<[TaxClassId; 2]> {
        let known = self.inventory.tax_classes(demo).await?.data;
        let mut ids = CLASSES.map(|(name, _)| class_id(name));
        for (id, (name, percent)) in ids.iter_mut().zip(CLASSES) {
            let there = known.iter().find(|class| class.id == *id || class.name.eq_ignore_ascii_case(name));
            match there {
                Some(class) => *id = class.id,
                None => {
                    let rates = vec![TaxRate { from_day: None, rate: Quantity::whole(percent) }];
                    let new = NewTaxClass { version: 0, name: name.to_owned(), rates };
                    self.inventory.save_tax_class(demo, *id, new).await?;
                }
            }
        }
        Ok(ids)
    }

    /// Puts the demo's items into these classes; somebody's own item of such a SKU stays as it is.
    pub(super) async fn tax_demo(&self, demo: &Actor, reading: &Reading, classes: [TaxClassId; 2]) -> Result<()> {
        for items in reading.items.chunks(ITEMS_AT_ONCE) {
            let skus: Vec<&str> = items.iter().map(|item| item.code.as_str()).collect();
            let products = self.inventory.products_of(demo, &skus).await?;
            let edit = |item: &SeenItem| {
                let mine = products.iter().any(|product| product.item.id == id_of(&item.code));
                let class = class_of(&item.code).filter(|_| mine)?;
                let patch = ItemPatch { tax_class: Some(Some(classes[class])), ..ItemPatch::default() };
                Some(Edit { sku: item.code.clone(), patch })
            };
            let edits = items.iter().filter_map(edit).collect();
            self.inventory.change_items(demo, edits, "").await?;
        }
        Ok(())
    }
}

/// The demo's class of that name has the same id everywhere.
fn class_id(name: &str) -> TaxClassId {
    let demo = Uuid::new_v5(&Uuid::NAMESPACE_URL, b"urn:storeroom:demo:tax");
    TaxClassId(Uuid::new_v5(&demo, name.as_bytes()))
}

/// Which of the classes an item is of, by its place among them.
fn class_of(code: &str) -> Option<usize> {
    if NO_SUPPLY.contains(&code) {
        return None;
    }
    Some(usize::from(CHILDRENS_CLOTHES.contains(&code)))
}

#[cfg(test)]
mod tests {
    use super::super::slice;
    use super::*;

    #[test]
    fn every_item_that_is_named_here_is_one_of_the_demo() {
        let reading = slice().expect("it is sound");
        for code in CHILDRENS_CLOTHES.iter().chain(&NO_SUPPLY) {
            assert!(reading.items.iter().any(|item| item.code == *code), "{code}");
        }
        let zero = reading.items.iter().filter(|item| class_of(&item.code) == Some(1)).count();
        assert_eq!(zero, CHILDRENS_CLOTHES.len());
    }
}

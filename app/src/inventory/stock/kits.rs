//! The kits among the rows that were loaded: how many can be made follows what they are made of.

use super::figures::Figures;
use model::{Change, ItemId, Kit, StockRow};
use std::collections::HashMap;

/// What the kits of one list are made of, and what of that is there.
#[derive(Default)]
pub struct Kits(HashMap<ItemId, Kit>);

impl Kits {
    /// How many can be made, of a row that was read: of its parts, what was told since counts. `None` when it is no kit.
    pub fn read(&mut self, row: &StockRow, told: impl Fn(ItemId) -> Option<Figures>) -> Option<i64> {
        let known = self.0.remove(&row.item);
        let mut kit = row.kit.clone()?;
        kit.with_parts(|part| {
            let known = known.iter().flat_map(|kit| &kit.parts).find(|known| known.item == part.item);
            if let Some(known) = known {
                part.take(known.on_hand, known.reserved, known.turn);
            }
            if let Some(news) = told(part.item) {
                part.take(news.on_hand, news.reserved, news.version);
            }
        });
        let available = kit.available;
        self.0.insert(row.item, kit);
        Some(available)
    }

    /// The kits that this balance is part of, and how many of them can be made now.
    pub fn hear(&mut self, change: &Change) -> Vec<(ItemId, i64)> {
        let concerned = |kit: &Kit| kit.parts.iter().any(|part| part.item == change.item);
        let kits = self.0.iter_mut().filter(|(_, kit)| concerned(kit));
        let heard = kits.map(|(item, kit)| {
            kit.hear(std::slice::from_ref(change));
            (*item, kit.available)
        });
        heard.collect()
    }

    /// Lets go of those that are not loaded any more.
    pub fn keep(&mut self, loaded: impl Fn(ItemId) -> bool) {
        self.0.retain(|item, _| loaded(*item));
    }
}

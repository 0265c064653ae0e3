//! What one socket wants to hear, narrowed to what its person may hear.

use super::told::Told;
use model::{Action, Actor, ItemId, LocationId, Store, StoreId};
use std::collections::HashSet;
use std::fmt::Write;
use std::sync::Arc;

/// The most topics of one socket.
pub const TOPICS: usize = 32;

/// The topics of one socket, by store.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    stock: HashSet<StoreId>,
    sales: HashSet<StoreId>,
}

impl Wish {
    /// Reads `stock:LON` and `sales:LON`; what is unknown or not theirs is left out without a word.
    #[must_use]
    pub fn new(topics: &[String], stores: &[Store]) -> Self {
        let mut wish = Self::default();
        for topic in topics.iter().take(TOPICS) {
            let Some((kind, code)) = topic.split_once(':') else { continue };
            let Some(store) = stores.iter().find(|store| store.code == code) else { continue };
            match kind {
                "stock" => wish.stock.insert(store.id),
                "sales" => wish.sales.insert(store.id),
                _ => false,
            };
        }
        wish
    }

    /// The part that this person may hear at this moment: stock for whoever sees stock, sales for whoever sees reports.
    #[must_use]
    pub fn narrowed(&self, actor: &Actor) -> Self {
        let (stock, reports) = (actor.scope(Action::SeeStock), actor.scope(Action::SeeReports));
        let stock = self.stock.iter().copied().filter(|store| stock.holds(*store)).collect();
        let sales = self.sales.iter().copied().filter(|store| reports.holds(*store)).collect();
        Self { stock, sales }
    }

    /// Writes the frames for a batch of lines; `prev` is the last line told before, and afterwards the last one told.
    ///
    /// A balance that changes again within the batch is told once, with its latest value: values are absolute, so a
    /// slow socket catches up by leaving out what is already old.
    #[must_use]
    pub fn frames(&self, batch: &[Arc<Told>], prev: &mut i64) -> Vec<String> {
        let mut newer: HashSet<(LocationId, ItemId)> = HashSet::new();
        let mut kept: Vec<(&Told, Vec<&str>, Option<&str>)> = Vec::new();
        for told in batch.iter().rev() {
            let mut changes = Vec::new();
            if self.stock.contains(&told.store) {
                let fresh = told.changes.iter().filter(|(location, item, _)| newer.insert((*location, *item)));
                changes.extend(fresh.map(|(_, _, text)| text.as_str()));
            }
            let sale = told.sale.as_deref().filter(|_| self.sales.contains(&told.store));
            if !changes.is_empty() || sale.is_some() {
                kept.push((told, changes, sale));
            }
        }
        let written = kept.into_iter().rev().map(|(told, changes, sale)| {
            let text = frame(told.seq, *prev, &changes, sale);
            *prev = told.seq;
            text
        });
        written.collect()
    }
}

/// A [`model::Frame::Event`] put together from parts that are written out already.
fn frame(seq: i64, prev: i64, changes: &[&str], sale: Option<&str>) -> String {
    let mut text = String::with_capacity(96 + changes.iter().map(|change| change.len() + 1).sum::<usize>());
    let _ = write!(text, r#"{{"frame":"event","seq":{seq},"prev":{prev},"changes":["#);
    text.push_str(&changes.join(","));
    text.push_str(r#"],"sale":"#);
    text.push_str(sale.unwrap_or("null"));
    text.push('}');
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Change, Frame, Grant, Quantity, Role};

    fn told(seq: i64, store: StoreId, location: LocationId, item: ItemId) -> Arc<Told> {
        let change = Change {
            store: "LON".into(),
            location,
            location_code: "SHOP".into(),
            item,
            sku: "A\"1".into(),
            on_hand: Quantity::whole(seq),
            reserved: Quantity::ZERO,
            version: seq,
        };
        let text = serde_json::to_string(&change).expect("it writes");
        Arc::new(Told { seq, store, changes: vec![(location, item, text)], sale: None })
    }

    fn hearing_stock(store: StoreId) -> Wish {
        Wish { stock: HashSet::from([store]), sales: HashSet::new() }
    }

    fn read(text: &str) -> Frame {
        serde_json::from_str(text).expect("a frame")
    }

    #[test]
    fn a_batch_is_told_in_order_with_a_chain_of_predecessors() {
        let (store, location) = (StoreId::new(), LocationId::new());
        let batch = [told(4, store, location, ItemId::new()), told(7, store, location, ItemId::new())];
        let mut prev = 3;
        let frames: Vec<_> = hearing_stock(store).frames(&batch, &mut prev).iter().map(|text| read(text)).collect();
        assert!(matches!(frames[0], Frame::Event { seq: 4, prev: 3, .. }));
        assert!(matches!(frames[1], Frame::Event { seq: 7, prev: 4, .. }));
        assert_eq!(prev, 7);
    }

    #[test]
    fn an_older_value_of_the_same_balance_is_left_out() {
        let (store, location, item) = (StoreId::new(), LocationId::new(), ItemId::new());
        let batch = [told(4, store, location, item), told(7, store, location, item)];
        let mut prev = 3;
        let frames = hearing_stock(store).frames(&batch, &mut prev);
        assert_eq!(frames.len(), 1);
        assert!(matches!(read(&frames[0]), Frame::Event { seq: 7, prev: 3, .. }));
    }

    #[test]
    fn another_store_is_not_told() {
        let store = StoreId::new();
        let mut prev = 3;
        let batch = [told(4, StoreId::new(), LocationId::new(), ItemId::new())];
        assert!(hearing_stock(store).frames(&batch, &mut prev).is_empty());
        assert_eq!(prev, 3);
    }

    #[test]
    fn a_wish_shrinks_with_the_right() {
        let (here, there) = (StoreId::new(), StoreId::new());
        let wish = Wish { stock: HashSet::from([here, there]), sales: HashSet::from([here]) };
        let grants = vec![Grant { role: Role::Employee, store: Some(here) }];
        let narrowed = wish.narrowed(&Actor { grants, ..Actor::system("ann") });
        assert!(narrowed.stock.contains(&here) && !narrowed.stock.contains(&there) && narrowed.sales.is_empty());
        let none = wish.narrowed(&Actor { grants: Vec::new(), ..Actor::system("x") });
        assert!(none.stock.is_empty() && none.sales.is_empty());
    }
}

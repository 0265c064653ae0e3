//! What is on hand of the items in the sale, as it changes.

use model::{Change, ItemId, Quantity, Receipt, StockRow};
use std::collections::HashMap;

/// The most items remembered; a till meets fewer in a day.
const MOST: usize = 5_000;

#[derive(Clone, Debug, PartialEq, Eq)]
struct Level {
    location: String,
    on_hand: Quantity,
    version: i64,
}

/// The latest known level of each item met, by version: news that comes late changes nothing.
#[derive(Clone, Debug, Default)]
pub struct Levels(HashMap<ItemId, Level>);

impl Levels {
    /// What is on hand of it, if that is known.
    pub fn on_hand(&self, item: ItemId) -> Option<Quantity> {
        self.0.get(&item).map(|level| level.on_hand)
    }

    /// As read from the server.
    pub fn read(&mut self, row: &StockRow) {
        self.take(row.item, &row.location, row.on_hand, row.version);
    }

    /// As heard over the live line; also of items that are not in the sale yet, because their row may be under way.
    pub fn hear(&mut self, change: &Change) {
        if change.on_sale() && (self.0.len() < MOST || self.0.contains_key(&change.item)) {
            self.take(change.item, &change.location_code, change.on_hand, change.version);
        }
    }

    /// As a receipt tells it; it names items by SKU.
    pub fn receive(&mut self, receipt: &Receipt, item_of: impl Fn(&str) -> Option<ItemId>) {
        for line in &receipt.lines {
            if let (Some(item), Some(on_hand), Some(version)) = (item_of(&line.sku), line.on_hand, line.version)
                && let Some(location) = self.0.get(&item).map(|level| level.location.clone())
            {
                self.take(item, &location, on_hand, version);
            }
        }
    }

    fn take(&mut self, item: ItemId, location: &str, on_hand: Quantity, version: i64) {
        let news = Level { location: location.to_owned(), on_hand, version };
        let known = self.0.entry(item).or_insert_with(|| news.clone());
        if known.location == news.location && known.version < news.version {
            *known = news;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::LocationId;

    fn change(item: ItemId, on_hand: i64, version: i64) -> Change {
        Change {
            store: "LON".into(),
            location: LocationId::new(),
            location_code: "SHOP".into(),
            item,
            sku: "1".into(),
            condition: model::Condition::Sellable,
            on_hand: Quantity::whole(on_hand),
            reserved: Quantity::ZERO,
            version,
            reserved_version: 0,
        }
    }

    #[test]
    fn the_latest_version_wins_whatever_comes_last() {
        let (mut levels, item) = (Levels::default(), ItemId::new());
        levels.hear(&change(item, 5, 3));
        levels.hear(&change(item, 9, 2));
        assert_eq!(levels.on_hand(item), Some(Quantity::whole(5)));
        levels.hear(&change(item, 4, 4));
        assert_eq!(levels.on_hand(item), Some(Quantity::whole(4)));
    }

    #[test]
    fn what_lies_elsewhere_or_aside_is_not_what_is_sold() {
        let (mut levels, item) = (Levels::default(), ItemId::new());
        levels.hear(&Change { location_code: "ROOM".into(), ..change(item, 90, 7) });
        levels.hear(&Change { condition: model::Condition::Quarantine, ..change(item, 8, 8) });
        assert_eq!(levels.on_hand(item), None);
        levels.hear(&change(item, 5, 3));
        assert_eq!(levels.on_hand(item), Some(Quantity::whole(5)));
    }

    #[test]
    fn of_an_item_never_met_nothing_is_known() {
        assert_eq!(Levels::default().on_hand(ItemId::new()), None);
    }
}

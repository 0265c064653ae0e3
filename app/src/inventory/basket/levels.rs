//! What is on hand of the items in the sale, as it changes.

use model::{Change, ItemId, Kit, Quantity, Receipt, StockRow};
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
pub struct Levels {
    goods: HashMap<ItemId, Level>,
    /// Of a kit there are as many as its parts are enough for.
    kits: HashMap<ItemId, Kit>,
}

impl Levels {
    /// What is on hand of it, if that is known.
    pub fn on_hand(&self, item: ItemId) -> Option<Quantity> {
        let kit = self.kits.get(&item).map(|kit| Quantity::whole(kit.available));
        kit.or_else(|| self.goods.get(&item).map(|level| level.on_hand))
    }

    /// As read from the server.
    pub fn read(&mut self, row: &StockRow) {
        self.take(row.item, &row.location, row.on_hand, row.version);
    }

    /// What a kit is made of, as read from the server; none for what is no kit.
    pub fn read_kit(&mut self, item: ItemId, kit: Option<&Kit>) {
        match kit {
            Some(kit) => drop(self.kits.insert(item, kit.clone())),
            None => drop(self.kits.remove(&item)),
        }
    }

    /// As heard over the live line; also of items that are not in the sale yet, because their row may be under way.
    pub fn hear(&mut self, change: &Change) {
        self.kits.values_mut().for_each(|kit| kit.hear(std::slice::from_ref(change)));
        if change.on_sale() && (self.goods.len() < MOST || self.goods.contains_key(&change.item)) {
            self.take(change.item, &change.location_code, change.on_hand, change.version);
        }
    }

    /// As a receipt tells it; it names items by SKU.
    pub fn receive(&mut self, receipt: &Receipt, item_of: impl Fn(&str) -> Option<ItemId>) {
        for line in &receipt.lines {
            if let (Some(item), Some(on_hand), Some(version)) = (item_of(&line.sku), line.on_hand, line.version)
                && let Some(location) = self.goods.get(&item).map(|level| level.location.clone())
            {
                self.take(item, &location, on_hand, version);
            }
        }
    }

    fn take(&mut self, item: ItemId, location: &str, on_hand: Quantity, version: i64) {
        let news = Level { location: location.to_owned(), on_hand, version };
        let known = self.goods.entry(item).or_insert_with(|| news.clone());
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
    fn of_a_kit_there_are_as_many_as_its_parts_allow() {
        let (mut levels, kit, part) = (Levels::default(), ItemId::new(), ItemId::new());
        let (quantity, available) = (Quantity::whole(2), Quantity::whole(9));
        let part = model::KitPart {
            item: part,
            sku: "1".into(),
            name: "Cup".into(),
            unit: "piece".into(),
            quantity,
            on_hand: available,
            reserved: Quantity::ZERO,
            barred: Quantity::ZERO,
            available,
            enough_for: 4,
            turn: 3,
        };
        let news = change(part.item, 5, 4);
        levels.read_kit(kit, Some(&Kit::of("SET".into(), "LON".into(), vec![part])));
        assert_eq!(levels.on_hand(kit), Some(Quantity::whole(4)));
        levels.hear(&news);
        assert_eq!(levels.on_hand(kit), Some(Quantity::whole(2)));
        levels.read_kit(kit, None);
        assert_eq!(levels.on_hand(kit), None, "it is a kit no more");
    }

    #[test]
    fn of_an_item_never_met_nothing_is_known() {
        assert_eq!(Levels::default().on_hand(ItemId::new()), None);
    }
}

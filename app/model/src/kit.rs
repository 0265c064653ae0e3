//! Kits: items that are made of others when they are sold, and have no stock of their own.

use crate::{Change, ItemId, Quantity};
use serde::{Deserialize, Serialize};

/// What of another item is in one kit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// The item: one that is kept in stock, and no kit itself.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 64))]
    pub sku: String,
    /// How many of it are in one kit, in its own unit; more than 0, at most 10 000.
    pub quantity: Quantity,
}

impl Component {
    /// The most that one kit is made of.
    pub const MOST: usize = 50;
    /// The most of one item in one kit.
    pub const QUANTITY_MAX: Quantity = Quantity::whole(10_000);
}

/// What of another item is in one kit, and what of it a store has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KitPart {
    /// The item.
    pub item: ItemId,
    /// Its stock keeping unit.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// Its base unit.
    pub unit: String,
    /// How many of it are in one kit.
    pub quantity: Quantity,
    /// What of it is where the store sells.
    pub on_hand: Quantity,
    /// Of that, what is promised.
    pub reserved: Quantity,
    /// What of it must not be sold, because its lots are expired, held or called back.
    #[serde(default)]
    pub barred: Quantity,
    /// `on_hand − reserved − barred`.
    pub available: Quantity,
    /// For how many whole kits that is enough.
    pub enough_for: i64,
    /// Rises with whatever changes on the balance: of two readings, the one with the lower turn is the older.
    #[serde(default)]
    pub turn: i64,
}

impl KitPart {
    /// For how many whole kits so many are enough; none when they are fewer than nothing.
    #[must_use]
    pub const fn enough(available: Quantity, each: Quantity) -> i64 {
        let (available, each) = (available.parts(), each.parts());
        if available <= 0 || each <= 0 { 0 } else { available / each }
    }

    /// Takes in what is heard of its balance where the store sells; older news changes nothing.
    pub fn hear(&mut self, change: &Change) {
        if change.item == self.item && change.on_sale() {
            self.take(change.on_hand, change.reserved, change.turn());
        }
    }

    /// Takes in what its balance was at that turn; an older one changes nothing.
    pub fn take(&mut self, on_hand: Quantity, reserved: Quantity, turn: i64) {
        if turn < self.turn {
            return;
        }
        (self.on_hand, self.reserved, self.turn) = (on_hand, reserved, turn);
        self.available = Quantity::from_parts(self.on_hand.parts() - self.reserved.parts() - self.barred.parts());
        self.enough_for = Self::enough(self.available, self.quantity);
    }
}

/// What a kit is made of, and how many can be made of it in a store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Kit {
    /// The kit's stock keeping unit.
    pub sku: String,
    /// The store's code.
    pub store: String,
    /// How many whole kits can be made of what is available: the least that a part of it is enough for.
    pub available: i64,
    /// The SKU of the part that is the first to run out.
    pub shortest: Option<String>,
    /// What one kit is made of, by SKU.
    pub parts: Vec<KitPart>,
}

impl Kit {
    /// A kit of these parts.
    #[must_use]
    pub fn of(sku: String, store: String, parts: Vec<KitPart>) -> Self {
        let mut kit = Self { sku, store, available: 0, shortest: None, parts };
        kit.count();
        kit
    }

    /// Takes in what is heard of its parts' balances.
    pub fn hear(&mut self, changes: &[Change]) {
        let store = self.store.clone();
        let here = |change: &&Change| change.store == store;
        self.with_parts(|part| changes.iter().filter(here).for_each(|change| part.hear(change)));
    }

    /// Changes its parts, and counts anew how many can be made of them.
    pub fn with_parts(&mut self, change: impl FnMut(&mut KitPart)) {
        self.parts.iter_mut().for_each(change);
        self.count();
    }

    fn count(&mut self) {
        let shortest = self.parts.iter().min_by_key(|part| part.enough_for);
        self.available = shortest.map_or(0, |part| part.enough_for);
        self.shortest = shortest.map(|part| part.sku.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Condition, LocationId};

    fn part(sku: &str, each: i64, available: i64) -> KitPart {
        let (quantity, available) = (Quantity::whole(each), Quantity::whole(available));
        KitPart {
            item: ItemId::new(),
            sku: sku.into(),
            name: sku.into(),
            unit: "piece".into(),
            quantity,
            on_hand: available,
            reserved: Quantity::ZERO,
            barred: Quantity::ZERO,
            available,
            enough_for: KitPart::enough(available, quantity),
            turn: 3,
        }
    }

    fn change(part: &KitPart, on_hand: i64, version: i64) -> Change {
        Change {
            store: "LON".into(),
            location: LocationId::new(),
            location_code: "SHOP".into(),
            item: part.item,
            sku: part.sku.clone(),
            condition: Condition::Sellable,
            on_hand: Quantity::whole(on_hand),
            reserved: Quantity::ZERO,
            version,
            reserved_version: 0,
        }
    }

    #[test]
    fn a_kit_is_there_as_often_as_its_shortest_part_allows() {
        let kit = Kit::of("SET".into(), "LON".into(), vec![part("CUP", 2, 7), part("TEA", 1, 5)]);
        assert_eq!((kit.available, kit.shortest.as_deref()), (3, Some("CUP")));
        let none = Kit::of("SET".into(), "LON".into(), vec![part("CUP", 2, -7), part("TEA", 1, 5)]);
        assert_eq!((none.available, none.shortest.as_deref()), (0, Some("CUP")), "never fewer than none");
    }

    #[test]
    fn it_changes_with_its_parts_and_old_news_changes_nothing() {
        let mut kit = Kit::of("SET".into(), "LON".into(), vec![part("CUP", 2, 7), part("TEA", 1, 5)]);
        let (news, old) = (change(&kit.parts[1], 1, 4), change(&kit.parts[0], 0, 2));
        kit.hear(&[news, old]);
        assert_eq!((kit.available, kit.shortest.as_deref()), (1, Some("TEA")));
        let elsewhere = Change { store: "PAR".into(), ..change(&kit.parts[0], 0, 9) };
        kit.hear(&[elsewhere]);
        assert_eq!(kit.available, 1);
    }
}

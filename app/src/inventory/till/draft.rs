//! The sale being made: its lines, its sum, and how it outlives a reload.

use model::{Channel, Item, ItemId, ItemKind, Money, NewLine, NewSale, PostingId, Quantity, Time};
use serde::{Deserialize, Serialize};

/// A sale that is not done yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Made here, before anything is sent: however often it is sent, it is one sale.
    pub id: PostingId,
    /// Latest first.
    pub lines: Vec<Line>,
    /// When it was first sent. From then until the server answers nothing in it may change: the answer may have been
    /// lost after the sale was written down.
    pub sent_at: Option<Time>,
    /// Codes that could not be turned into lines; they stay until someone looks at them.
    pub held: Vec<Held>,
}

/// One item in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// What.
    pub item: Item,
    /// How many.
    pub quantity: Quantity,
    /// Price of one.
    pub price: Option<Money>,
}

/// A code that was scanned, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// The code.
    pub code: String,
    /// Nobody knows it; else the server could not be asked.
    pub unknown: bool,
}

impl Line {
    /// Price times quantity.
    pub fn sum(&self) -> Option<Money> {
        self.price?.checked_times(self.quantity)
    }

    /// Whether parts of one make sense: of a kilogram they do, of a piece they do not.
    pub fn is_divisible(&self) -> bool {
        !matches!(self.item.unit.as_str(), "piece" | "pieces" | "pc" | "each") && self.item.kind == ItemKind::Stocked
    }

    /// How many things a person would count: a weight is one.
    fn things(&self) -> u64 {
        let whole = self.quantity.parts() % Quantity::ONE == 0;
        if whole { u64::try_from(self.quantity.parts() / Quantity::ONE).unwrap_or_default() } else { 1 }
    }
}

impl Draft {
    /// The item that one of the lines already has under that code.
    pub fn knows(&self, code: &str) -> Option<ItemId> {
        let has = |line: &&Line| line.item.sku == code || line.item.barcodes.iter().any(|barcode| barcode == code);
        self.lines.iter().find(has).map(|line| line.item.id)
    }

    /// One more of it; the line's new quantity.
    pub fn add(&mut self, item: &Item) -> Quantity {
        if let Some(line) = self.lines.iter_mut().find(|line| line.item.id == item.id) {
            line.quantity = line.quantity.checked_add(Quantity::whole(1)).unwrap_or(line.quantity);
            return line.quantity;
        }
        let line = Line { item: item.clone(), quantity: Quantity::whole(1), price: item.price };
        self.lines.insert(0, line);
        Quantity::whole(1)
    }

    /// That many of it; none takes the line away.
    pub fn set_quantity(&mut self, item: ItemId, quantity: Quantity) {
        match self.lines.iter_mut().find(|line| line.item.id == item) {
            Some(line) if quantity > Quantity::ZERO => line.quantity = quantity.min(Quantity::LINE_MAX),
            _ => self.lines.retain(|line| line.item.id != item),
        }
    }

    /// One more or one fewer, down to one.
    pub fn step(&mut self, item: ItemId, by: i64) {
        if let Some(line) = self.lines.iter_mut().find(|line| line.item.id == item) {
            let quantity = line.quantity.checked_add(Quantity::whole(by)).unwrap_or(line.quantity);
            if quantity > Quantity::ZERO {
                line.quantity = quantity;
            }
        }
    }

    /// That price for one of it.
    pub fn set_price(&mut self, item: ItemId, price: Money) {
        if let Some(line) = self.lines.iter_mut().find(|line| line.item.id == item) {
            line.price = Some(price.min(Money::PRICE_MAX));
        }
    }

    /// What the customer pays; `None` while a price is missing.
    pub fn total(&self) -> Option<Money> {
        self.lines.iter().map(Line::sum).try_fold(Money::ZERO, |sum, line| sum.checked_add(line?))
    }

    /// How many things are in it.
    pub fn things(&self) -> u64 {
        self.lines.iter().map(Line::things).sum()
    }

    /// Whether it was sent and not answered yet.
    pub fn is_waiting(&self) -> bool {
        self.sent_at.is_some()
    }

    /// Keeps a code for later, once.
    pub fn hold(&mut self, code: &str, unknown: bool) {
        self.held.retain(|held| held.code != code);
        self.held.insert(0, Held { code: code.to_owned(), unknown });
        self.held.truncate(20);
    }

    /// The document to send; the same every time it is sent.
    pub fn sale(&self, store: &str) -> NewSale {
        let line =
            |line: &Line| NewLine { sku: line.item.sku.clone(), quantity: line.quantity, unit_price: line.price };
        NewSale {
            id: self.id,
            store: store.to_owned(),
            occurred_at: self.sent_at,
            channel: Channel::Till,
            number: None,
            lines: self.lines.iter().rev().map(line).collect(),
        }
    }

    /// The server said no: the lines stay, under a new id, because a refused id stays refused.
    pub fn refused(&mut self) {
        self.id = PostingId::new();
        self.sent_at = None;
    }

    /// The server said yes: an empty sale; codes that nobody has looked at stay.
    pub fn sold(&mut self) {
        *self = Self { held: std::mem::take(&mut self.held), ..Self::default() };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(sku: &str, unit: &str, price: Option<&str>) -> Item {
        Item {
            id: ItemId::new(),
            sku: sku.into(),
            name: sku.into(),
            unit: unit.into(),
            price: price.map(|price| price.parse().expect("a decimal")),
            kind: ItemKind::Stocked,
            barcodes: vec![format!("9{sku}")],
        }
    }

    #[test]
    fn the_same_item_scanned_again_is_one_line_more() {
        let (mut draft, lamp) = (Draft::default(), item("1", "piece", Some("2.50")));
        draft.add(&lamp);
        assert_eq!(draft.add(&lamp), Quantity::whole(2));
        assert_eq!((draft.lines.len(), draft.things()), (1, 2));
        assert_eq!(draft.total(), "5.00".parse().ok());
        assert_eq!(draft.knows("91"), Some(lamp.id));
        assert_eq!(draft.knows("92"), None);
    }

    #[test]
    fn a_weight_counts_as_one_thing() {
        let (mut draft, flour) = (Draft::default(), item("2", "kg", Some("4")));
        draft.add(&flour);
        draft.set_quantity(flour.id, "2.5".parse().expect("a decimal"));
        assert_eq!((draft.things(), draft.total()), (1, "10".parse().ok()));
    }

    #[test]
    fn a_missing_price_leaves_the_total_open_until_it_is_set() {
        let (mut draft, fee) = (Draft::default(), item("3", "piece", None));
        draft.add(&fee);
        assert_eq!(draft.total(), None);
        draft.set_price(fee.id, "1".parse().expect("a decimal"));
        assert_eq!(draft.total(), "1".parse().ok());
    }

    #[test]
    fn steps_stop_at_one_and_zero_takes_the_line_away() {
        let (mut draft, lamp) = (Draft::default(), item("1", "piece", None));
        draft.add(&lamp);
        draft.step(lamp.id, -1);
        assert_eq!(draft.things(), 1);
        draft.set_quantity(lamp.id, Quantity::ZERO);
        assert!(draft.lines.is_empty());
    }

    #[test]
    fn what_is_sent_again_is_the_same_and_what_was_refused_is_new() {
        let mut draft = Draft::default();
        draft.add(&item("1", "piece", Some("1")));
        draft.sent_at = Some(Time::from_micros(5));
        let kept: Draft = serde_json::from_str(&serde_json::to_string(&draft).expect("json")).expect("json");
        assert_eq!(kept.sale("LON"), draft.sale("LON"));
        let id = draft.id;
        draft.refused();
        assert!(draft.id != id && !draft.is_waiting() && draft.lines.len() == 1);
    }

    #[test]
    fn an_unknown_code_is_kept_once_and_outlives_the_sale() {
        let mut draft = Draft::default();
        draft.hold("123", false);
        draft.hold("123", true);
        draft.sold();
        assert_eq!(draft.held, [Held { code: "123".into(), unknown: true }]);
    }
}

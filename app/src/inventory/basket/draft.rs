//! The basket being filled: its lines, its sum, and how it outlives a reload.

use super::kind::Kind;
use crate::inventory::plausible;
use model::{Item, ItemId, ItemKind, ItemNews, Money, PostingId, Quantity, ReceiptLine, Time};
use serde::{Deserialize, Serialize};

/// A sale, a delivery or a return that is not done yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Made here, before anything is sent: however often it is sent, it counts once.
    pub id: PostingId,
    /// Latest first.
    pub lines: Vec<Line>,
    /// When it was posted. From then on it lies in the outbox, and nothing in it may change: what is still on the
    /// screen only waits to see whether the server answers at once.
    pub sent_at: Option<Time>,
    /// Codes that could not be turned into lines; they stay until someone looks at them.
    pub held: Vec<Held>,
    /// The number on the slip: a delivery note's, or that of the sale whose goods come back.
    #[serde(default)]
    pub number: String,
    /// The sale whose goods come back.
    #[serde(default)]
    pub sale: Option<PostingId>,
    /// Why, for what comes back.
    #[serde(default)]
    pub reason: String,
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
    /// No more than this can be meant: what was sold, for what comes back.
    #[serde(default)]
    pub most: Option<Quantity>,
    /// Somebody said that the odd quantity is right.
    #[serde(default)]
    pub sure: bool,
    /// The pack as which all of it was scanned.
    #[serde(default)]
    pub pack: Option<String>,
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

    /// That many of it, as far as that can be meant.
    fn set(&mut self, quantity: Quantity) {
        self.quantity = quantity.min(self.most.unwrap_or(Quantity::LINE_MAX));
        self.sure = false;
        self.pack = None;
    }

    /// What was probably meant, when the quantity is odd beside what is on hand.
    pub fn doubt(&self, on_hand: Option<Quantity>) -> Option<Quantity> {
        if self.sure || self.most.is_some() { None } else { plausible::doubt(self.quantity, on_hand) }
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
        self.lines.iter().find(|line| line.item.has_code(code)).map(|line| line.item.id)
    }

    /// So many more of it, in a pack of that name; the line's new quantity. A new line starts with that price.
    pub fn add(&mut self, item: &Item, price: Option<Money>, quantity: Quantity, pack: Option<&str>) -> Quantity {
        if let Some(line) = self.lines.iter_mut().find(|line| line.item.id == item.id) {
            let same = line.pack.take().filter(|known| pack == Some(known));
            line.set(line.quantity.checked_add(quantity).unwrap_or(line.quantity));
            line.pack = same;
            return line.quantity;
        }
        let pack = pack.map(str::to_owned);
        self.lines.insert(0, Line { item: item.clone(), quantity, price, most: None, sure: false, pack });
        quantity
    }

    /// The item is called or priced otherwise now. Whether a line changed.
    pub fn hear(&mut self, news: &ItemNews, kind: Kind) -> bool {
        let change = &news.change;
        self.renew(news.item, kind, |item| {
            if let Some(name) = &change.name {
                item.name.clone_from(name);
            }
            if let Some(codes) = &change.barcodes {
                item.barcodes.clone_from(codes);
            }
            if let Some(packs) = &change.packs {
                item.packs.clone_from(packs);
            }
            item.price = change.price.unwrap_or(item.price);
        })
    }

    /// The item as it is now, read anew. Whether a line changed.
    pub fn read(&mut self, now: &Item, kind: Kind) -> bool {
        self.renew(now.id, kind, |item| item.clone_from(now))
    }

    /// Changes what a line knows of its item; a price that somebody typed stays, and what a sale said it cost.
    fn renew(&mut self, item: ItemId, kind: Kind, change: impl FnOnce(&mut Item)) -> bool {
        if self.is_posted() {
            return false;
        }
        let Some(line) = self.lines.iter_mut().find(|line| line.item.id == item) else { return false };
        let before = line.clone();
        let untouched = line.price == kind.price(&line.item) && line.most.is_none();
        change(&mut line.item);
        if untouched {
            line.price = kind.price(&line.item);
        }
        *line != before
    }

    /// What a sale says of an item comes back, for the price that was paid and no more than was sold; whether it is in.
    /// It is not while the item comes back for another price: it has one line here.
    pub fn take_back(&mut self, item: Item, sold: &ReceiptLine) -> bool {
        let other = |line: &Line| line.item.id == item.id && line.most.is_some() && line.price != sold.unit_price;
        if self.lines.iter().any(other) {
            return false;
        }
        self.lines.retain(|line| line.item.id != item.id);
        let (quantity, price) = (sold.quantity, sold.unit_price);
        self.lines.insert(0, Line { item, quantity, price, most: Some(quantity), sure: false, pack: None });
        true
    }

    /// That many of it; none takes the line away.
    pub fn set_quantity(&mut self, item: ItemId, quantity: Quantity) {
        match self.lines.iter_mut().find(|line| line.item.id == item) {
            Some(line) if quantity > Quantity::ZERO => line.set(quantity),
            _ => self.lines.retain(|line| line.item.id != item),
        }
    }

    /// One more or one fewer, down to one.
    pub fn step(&mut self, item: ItemId, by: i64) {
        if let Some(line) = self.lines.iter_mut().find(|line| line.item.id == item) {
            let quantity = line.quantity.checked_add(Quantity::whole(by)).unwrap_or(line.quantity);
            if quantity > Quantity::ZERO {
                line.set(quantity);
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

    /// Whether it is posted already, and on its way.
    pub fn is_posted(&self) -> bool {
        self.sent_at.is_some()
    }

    /// Keeps a code for later, once.
    pub fn hold(&mut self, code: &str, unknown: bool) {
        self.held.retain(|held| held.code != code);
        self.held.insert(0, Held { code: code.to_owned(), unknown });
        self.held.truncate(20);
    }

    /// The odd quantity is right.
    pub fn keep_quantity(&mut self, item: ItemId) {
        if let Some(line) = self.lines.iter_mut().find(|line| line.item.id == item) {
            line.sure = true;
        }
    }

    /// These lines in place of the ones that are here; codes that nobody has looked at stay.
    pub fn take_up(&mut self, other: Self) {
        *self = Self { held: std::mem::take(&mut self.held), ..other };
    }

    /// Whether nothing else lies in it: that one may, posted and not answered yet.
    pub fn has_room_for(&self, id: PostingId) -> bool {
        self.lines.is_empty() || self.id == id
    }

    /// It is out of this basket, which is empty now.
    pub fn done(&mut self) {
        self.take_up(Self::default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Pack;

    fn item(sku: &str, unit: &str, price: Option<&str>) -> Item {
        Item {
            id: ItemId::new(),
            sku: sku.into(),
            name: sku.into(),
            unit: unit.into(),
            price: price.map(|price| price.parse().expect("a decimal")),
            kind: ItemKind::Stocked,
            barcodes: vec![format!("9{sku}")],
            packs: vec![Pack { name: "Case of 12".into(), barcode: format!("12{sku}"), quantity: Quantity::whole(12) }],
            costing: Default::default(),
        }
    }

    #[test]
    fn the_same_item_scanned_again_is_one_line_more() {
        let (mut draft, lamp) = (Draft::default(), item("1", "piece", Some("2.50")));
        draft.add(&lamp, lamp.price, Quantity::whole(1), None);
        assert_eq!(draft.add(&lamp, lamp.price, Quantity::whole(1), None), Quantity::whole(2));
        assert_eq!((draft.lines.len(), draft.things()), (1, 2));
        assert_eq!(draft.total(), "5.00".parse().ok());
        assert_eq!(draft.knows("91"), Some(lamp.id));
        assert_eq!(draft.knows("92"), None);
    }

    #[test]
    fn a_pack_is_so_many_and_the_line_says_so_as_long_as_it_is_all_of_it() {
        let (mut draft, lamp) = (Draft::default(), item("1", "piece", Some("2.50")));
        let case = lamp.pack("121").expect("its case");
        let mut scan = |quantity, pack| {
            draft.add(&lamp, lamp.price, quantity, pack);
            (draft.things(), draft.lines[0].pack.clone())
        };
        let name = Some(case.name.clone());
        assert_eq!(scan(case.quantity, name.as_deref()), (12, name.clone()));
        assert_eq!(scan(case.quantity, name.as_deref()), (24, name.clone()));
        assert_eq!(scan(Quantity::whole(1), None), (25, None));
        assert_eq!(scan(case.quantity, name.as_deref()), (37, None), "not all of it");
        assert_eq!((draft.knows("121"), draft.knows("122")), (Some(lamp.id), None));
    }

    #[test]
    fn a_new_price_shows_at_once_and_a_typed_one_stays() {
        let (mut draft, lamp) = (Draft::default(), item("1", "piece", Some("2.50")));
        draft.add(&lamp, lamp.price, Quantity::whole(1), None);
        let price = "3".parse().ok();
        let change = model::ItemPatch { price: Some(price), ..model::ItemPatch::default() };
        let news = ItemNews { item: lamp.id, sku: "1".into(), version: 2, change };
        assert!(draft.hear(&news, Kind::Sale));
        assert_eq!(draft.total(), price);
        draft.set_price(lamp.id, "1".parse().expect("a decimal"));
        draft.hear(&news, Kind::Sale);
        assert_eq!(draft.total(), "1".parse().ok());
    }

    #[test]
    fn what_was_read_anew_is_priced_as_now_unless_a_price_was_typed_or_it_is_posted() {
        let (mut draft, lamp) = (Draft::default(), item("1", "piece", Some("2.50")));
        draft.add(&lamp, lamp.price, Quantity::whole(1), None);
        let now = Item { price: "3".parse().ok(), name: "Lamp".into(), ..lamp.clone() };
        assert!(draft.read(&now, Kind::Sale));
        assert_eq!((draft.total(), draft.lines[0].item.name.as_str()), (now.price, "Lamp"));
        assert!(!draft.read(&now, Kind::Sale), "nothing is new");
        draft.set_price(lamp.id, "1".parse().expect("a decimal"));
        draft.read(&lamp, Kind::Sale);
        assert_eq!(draft.total(), "1".parse().ok());
        draft.sent_at = Some(Time::from_micros(5));
        assert!(!draft.read(&now, Kind::Sale));
    }

    #[test]
    fn what_comes_back_at_two_prices_is_not_one_line_and_none_of_it_is_lost() {
        let (mut draft, lamp) = (Draft::default(), item("1", "piece", Some("2.50")));
        let sold = |many, price: &str| ReceiptLine {
            sku: "1".into(),
            name: "1".into(),
            quantity: Quantity::whole(many),
            unit_price: price.parse().ok(),
            on_hand: None,
            version: None,
        };
        draft.add(&lamp, lamp.price, Quantity::whole(1), None);
        assert!(draft.take_back(lamp.clone(), &sold(2, "2.00")), "what the sale says, for what was scanned");
        assert!(draft.take_back(lamp.clone(), &sold(2, "2.00")), "the same again");
        assert!(!draft.take_back(lamp.clone(), &sold(1, "2.50")));
        assert_eq!((draft.things(), draft.total()), (2, "4".parse().ok()));
    }

    #[test]
    fn a_basket_has_room_for_what_lies_in_it_and_not_for_another() {
        let (mut draft, lamp) = (Draft::default(), item("1", "piece", None));
        assert!(draft.has_room_for(PostingId::new()));
        draft.add(&lamp, None, Quantity::whole(1), None);
        assert!(draft.has_room_for(draft.id));
        assert!(!draft.has_room_for(PostingId::new()));
    }

    #[test]
    fn a_weight_counts_as_one_thing() {
        let (mut draft, flour) = (Draft::default(), item("2", "kg", Some("4")));
        draft.add(&flour, flour.price, Quantity::whole(1), None);
        draft.set_quantity(flour.id, "2.5".parse().expect("a decimal"));
        assert_eq!((draft.things(), draft.total()), (1, "10".parse().ok()));
    }

    #[test]
    fn a_missing_price_leaves_the_total_open_until_it_is_set() {
        let (mut draft, fee) = (Draft::default(), item("3", "piece", None));
        draft.add(&fee, None, Quantity::whole(1), None);
        assert_eq!(draft.total(), None);
        draft.set_price(fee.id, "1".parse().expect("a decimal"));
        assert_eq!(draft.total(), "1".parse().ok());
    }

    #[test]
    fn steps_stop_at_one_and_zero_takes_the_line_away() {
        let (mut draft, lamp) = (Draft::default(), item("1", "piece", None));
        draft.add(&lamp, lamp.price, Quantity::whole(1), None);
        draft.step(lamp.id, -1);
        assert_eq!(draft.things(), 1);
        draft.set_quantity(lamp.id, Quantity::ZERO);
        assert!(draft.lines.is_empty());
    }

    #[test]
    fn what_is_sent_again_is_the_same() {
        let mut draft = Draft::default();
        let lamp = item("1", "piece", Some("1"));
        draft.add(&lamp, lamp.price, Quantity::whole(1), None);
        draft.sent_at = Some(Time::from_micros(5));
        let kept: Draft = serde_json::from_str(&serde_json::to_string(&draft).expect("json")).expect("json");
        assert!(kept.is_posted());
        assert_eq!(Kind::Sale.document(&kept, "LON"), Kind::Sale.document(&draft, "LON"));
    }

    #[test]
    fn no_more_comes_back_than_was_sold_and_an_odd_number_is_doubted_until_somebody_is_sure() {
        let (mut draft, lamp) = (Draft::default(), item("1", "piece", None));
        draft.add(&lamp, None, Quantity::whole(1), None);
        draft.set_quantity(lamp.id, Quantity::whole(1212));
        assert_eq!(draft.lines[0].doubt(None), Some(Quantity::whole(12)));
        draft.keep_quantity(lamp.id);
        assert_eq!(draft.lines[0].doubt(None), None);
        draft.lines[0].most = Some(Quantity::whole(3));
        draft.set_quantity(lamp.id, Quantity::whole(5));
        assert_eq!(draft.lines[0].quantity, Quantity::whole(3));
    }

    #[test]
    fn an_unknown_code_is_kept_once_and_outlives_the_sale() {
        let mut draft = Draft::default();
        draft.hold("123", false);
        draft.hold("123", true);
        draft.done();
        assert_eq!(draft.held, [Held { code: "123".into(), unknown: true }]);
    }
}

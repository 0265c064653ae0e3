//! The basket being filled: its lines, its sum, and how it outlives a reload.

mod price;

use super::kind::Kind;
use crate::inventory::{api::FoundLot, plausible};
use model::{
    Item, ItemId, ItemKind, ItemNews, Money, Offer, PaperId, PostingId, Quantity, RateSince, ReceiptLine, ReturnTo,
    Time, Tracking,
};
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
    /// The delivery without an order that others take in too, for what comes in.
    #[serde(default)]
    pub delivery: Option<PaperId>,
    /// Rises with each change.
    #[serde(default)]
    pub turn: i64,
    /// Why, for what comes back.
    #[serde(default)]
    pub reason: String,
    /// Where it goes, for what comes back.
    #[serde(default)]
    pub to: ReturnTo,
}

/// Which line: the item, and which of its lines.
pub type LineKey = (ItemId, u32);

/// One item in it, or one lot of an item.
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
    /// Which of the lines of its item it is: each lot has its own.
    #[serde(default)]
    pub nth: u32,
    /// Of which lot, as far as anybody said.
    #[serde(default)]
    pub lot: FoundLot,
    /// What price lists offered when it was put in, at the till.
    #[serde(default)]
    pub offers: Vec<Offer>,
    /// At which rates its price holds tax: those of the item, or the one of the sale that it comes back from.
    #[serde(default)]
    pub tax: Vec<RateSince>,
    /// The serial numbers of its pieces, as far as anybody said, where the item has such.
    #[serde(default)]
    pub serials: Vec<String>,
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
    /// Which line it is.
    pub const fn key(&self) -> LineKey {
        (self.item.id, self.nth)
    }

    /// Should somebody say of which lot it is? At the till a label says it or nobody does, and a sale knows its lots.
    pub fn asks_lot(&self, kind: Kind) -> bool {
        kind != Kind::Sale && self.item.tracking == Tracking::Lot && self.most.is_none()
    }

    /// Has each of its pieces a serial number?
    pub fn has_serials(&self) -> bool {
        self.item.tracking == Tracking::Serial
    }

    /// Is a number missing for one of its pieces?
    fn lacks_serial(&self) -> bool {
        self.has_serials() && self.quantity > Quantity::whole(i64::try_from(self.serials.len()).unwrap_or(i64::MAX))
    }

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
        // There are no more numbers than pieces; the latest was read last.
        self.serials.truncate(usize::try_from(self.quantity.parts() / Quantity::ONE).unwrap_or(usize::MAX));
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

    /// So many more of it, in a pack of that name; the line's new quantity.
    pub fn add(&mut self, item: &Item, kind: Kind, quantity: Quantity, pack: Option<&str>, lot: FoundLot) -> Quantity {
        self.priced(item.id, |draft| draft.put_in(item, kind, quantity, pack, lot))
    }

    fn put_in(&mut self, item: &Item, kind: Kind, quantity: Quantity, pack: Option<&str>, lot: FoundLot) -> Quantity {
        let is = |line: &Line| line.item.id == item.id;
        if item.tracking == Tracking::Serial {
            return self.add_pieces(item, kind, quantity, lot.lot);
        }
        let same = self.lines.iter().position(|line| is(line) && line.lot.lot == lot.lot);
        // Where somebody says of which lot goods are, one more is of the same, and a name is of what has none yet.
        let open = |line: &Line| kind != Kind::Sale && (lot.lot.is_empty() || line.lot.lot.is_empty());
        let at = same.or_else(|| self.lines.iter().position(|line| is(line) && open(line)));
        let Some(line) = at.map(|at| &mut self.lines[at]) else {
            self.insert(item.clone(), kind.price(item), quantity, lot);
            self.lines[0].pack = pack.map(str::to_owned);
            return quantity;
        };
        if line.lot.lot.is_empty() && lot != FoundLot::default() {
            line.lot = lot;
        }
        let same = line.pack.take().filter(|known| pack == Some(known));
        line.set(line.quantity.checked_add(quantity).unwrap_or(line.quantity));
        line.pack = same;
        line.quantity
    }

    /// So many more pieces of what has serial numbers, all in one line; or the one of that number, which may be one that
    /// lies there without it.
    fn add_pieces(&mut self, item: &Item, kind: Kind, quantity: Quantity, serial: String) -> Quantity {
        let Some(at) = self.lines.iter().position(|line| line.item.id == item.id) else {
            self.insert(item.clone(), kind.price(item), quantity, FoundLot::default());
            self.lines[0].serials.extend(Some(serial).filter(|serial| !serial.is_empty()));
            return quantity;
        };
        let key = self.lines[at].key();
        if serial.is_empty() {
            let line = &mut self.lines[at];
            line.set(line.quantity.checked_add(quantity).unwrap_or(line.quantity));
        } else {
            self.add_serial(key, serial);
        }
        self.lines[at].quantity
    }

    /// Is that number in the basket already?
    pub fn has_serial(&self, item: ItemId, serial: &str) -> bool {
        self.lines.iter().any(|line| line.item.id == item && line.serials.iter().any(|known| known == serial))
    }

    /// Names a piece of a line, or one more.
    pub fn add_serial(&mut self, key: LineKey, serial: String) {
        if self.has_serial(key.0, &serial) {
            return;
        }
        let Some(line) = self.line(key) else { return };
        if !line.lacks_serial() {
            let more = line.quantity.checked_add(Quantity::whole(1)).unwrap_or(line.quantity);
            self.set_quantity(key, more);
        }
        let Some(line) = self.line(key) else { return };
        // Of what comes back no more can be meant than was sold.
        if line.lacks_serial() {
            line.serials.push(serial);
        }
    }

    /// The piece of that number is not meant.
    pub fn drop_serial(&mut self, key: LineKey, serial: &str) {
        let Some(line) = self.line(key) else { return };
        line.serials.retain(|known| known != serial);
        let left = line.quantity.checked_add(Quantity::whole(-1)).unwrap_or_default();
        self.set_quantity(key, left);
    }

    /// A new line for so many of it.
    pub fn insert(&mut self, item: Item, price: Option<Money>, quantity: Quantity, lot: FoundLot) {
        let nth = self.lines.iter().filter(|line| line.item.id == item.id).map(|line| line.nth + 1).max();
        let same = self.lines.iter().find(|line| line.item.id == item.id);
        let (offers, tax) = same.map(|line| (line.offers.clone(), line.tax.clone())).unwrap_or_default();
        let (nth, most, sure, pack, serials) = (nth.unwrap_or_default(), None, false, None, Vec::new());
        self.lines.insert(0, Line { item, quantity, price, most, sure, pack, nth, lot, offers, tax, serials });
    }

    /// That line.
    pub fn line(&mut self, key: LineKey) -> Option<&mut Line> {
        self.lines.iter_mut().find(|line| line.key() == key)
    }

    /// The item is called or priced otherwise now. Whether a line changed.
    pub fn hear(&mut self, news: &ItemNews, kind: Kind) -> bool {
        let change = &news.change;
        self.renew(news.item, kind, |Line { item, .. }| {
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
            item.kind = change.kind(item.kind);
            item.tracking = change.tracking.unwrap_or(item.tracking);
        })
    }

    /// The item as it is now, read anew. Whether a line changed.
    pub fn read(&mut self, now: &Item, kind: Kind) -> bool {
        self.renew(now.id, kind, |line| line.item.clone_from(now))
    }

    /// What a sale says of an item comes back, for the price that was paid and no more than was sold; whether it is in.
    /// It is not while the item comes back for another price: it has one line here.
    pub fn take_back(&mut self, item: Item, sold: &ReceiptLine) -> bool {
        let other = |line: &Line| line.item.id == item.id && line.most.is_some() && line.price != sold.unit_price;
        if self.lines.iter().any(other) {
            return false;
        }
        self.lines.retain(|line| line.item.id != item.id);
        self.insert(item, sold.unit_price, sold.quantity, FoundLot::default());
        let paid = sold.tax.iter().map(|tax| RateSince { since: None, rate: tax.rate });
        (self.lines[0].most, self.lines[0].tax) = (Some(sold.quantity), paid.collect());
        true
    }

    /// That many of it; none takes the line away.
    pub fn set_quantity(&mut self, key: LineKey, quantity: Quantity) {
        self.priced(key.0, |draft| match draft.line(key) {
            Some(line) if quantity > Quantity::ZERO => line.set(quantity),
            _ => draft.lines.retain(|line| line.key() != key),
        });
    }

    /// One more or one fewer, down to one.
    pub fn step(&mut self, key: LineKey, by: i64) {
        if let Some(line) = self.line(key) {
            let quantity = line.quantity.checked_add(Quantity::whole(by)).unwrap_or(line.quantity);
            if quantity > Quantity::ZERO {
                self.set_quantity(key, quantity);
            }
        }
    }

    /// That price for one of it.
    pub fn set_price(&mut self, key: LineKey, price: Money) {
        if let Some(line) = self.line(key) {
            line.price = Some(price.min(Money::PRICE_MAX));
        }
    }

    /// What the customer pays; `None` while a price is missing.
    pub fn total(&self) -> Option<Money> {
        self.lines.iter().map(Line::sum).try_fold(Money::ZERO, |sum, line| sum.checked_add(line?))
    }

    /// Does a delivery lack the name of a lot?
    pub fn lacks_lot(&self) -> bool {
        self.lines.iter().any(|line| line.asks_lot(Kind::Receipt) && line.lot.lot.trim().is_empty())
    }

    /// Does a delivery lack the serial number of a piece?
    pub fn lacks_serial(&self) -> bool {
        self.lines.iter().any(Line::lacks_serial)
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
    pub fn keep_quantity(&mut self, key: LineKey) {
        if let Some(line) = self.line(key) {
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
mod tests;

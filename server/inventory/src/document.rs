//! Documents as they come in, checked and turned into one shape that the ledger can post.

use crate::item::ItemRow;
use crate::kit::{self, KitLine, Recipes};
use crate::lot::{self, Named};
use crate::paper::Author;
use crate::price::{self, Priced};
use crate::store::Site;
use model::{
    Action, Channel, Condition, DocumentKind, Error, Flaw, LocationId, Money, NewAdjustment, NewLine, NewReceipt,
    NewReturn, NewSale, PostingId, PriceListId, Quantity, Result, ReturnTo, Time,
};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// How many lines a document may have.
const LINES_MAX: usize = 1_000;

/// A document with its form checked; its items are not looked up yet.
#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) id: PostingId,
    pub(crate) kind: DocumentKind,
    pub(crate) store: String,
    pub(crate) occurred_at: Option<Time>,
    pub(crate) number: Option<String>,
    pub(crate) channel: Channel,
    pub(crate) reason: Option<String>,
    /// The sale that a return brings back.
    pub(crate) returns: Option<PostingId>,
    /// Where a return goes.
    pub(crate) to: ReturnTo,
    pub(crate) lines: Vec<DocumentLine>,
    /// SHA-256 of the content as it was sent.
    pub(crate) hash: Vec<u8>,
}

#[derive(Debug)]
pub(crate) struct DocumentLine {
    pub(crate) sku: String,
    /// Above zero, but for an adjustment: there it is signed.
    pub(crate) quantity: Quantity,
    pub(crate) unit_price: Option<Money>,
    /// The price list that a sale says it was sold by.
    pub(crate) list: Option<PriceListId>,
    pub(crate) reason: Option<String>,
    pub(crate) lot: Option<Named>,
    /// The serial numbers that it names.
    pub(crate) serials: Vec<String>,
}

/// A document that the ledger can post.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) id: PostingId,
    pub(crate) kind: DocumentKind,
    /// For a reversal: the kind of what it undoes.
    pub(crate) effect: DocumentKind,
    pub(crate) occurred_at: Option<Time>,
    pub(crate) number: Option<String>,
    pub(crate) channel: Channel,
    pub(crate) reason: Option<String>,
    pub(crate) reverses: Option<PostingId>,
    /// The sale that a return brings back.
    pub(crate) returns: Option<PostingId>,
    /// The version that its one balance has to have before it; a count says so.
    pub(crate) seen: Option<i64>,
    /// Whose it is, when somebody else approved it; else it is the act's.
    pub(crate) author: Option<Author>,
    pub(crate) lines: Vec<DraftLine>,
    /// The lines that are kits, in their order: their parts stand in `lines`.
    pub(crate) kits: Vec<KitLine>,
    pub(crate) hash: Vec<u8>,
}

#[derive(Clone, Debug)]
pub(crate) struct DraftLine {
    pub(crate) item: ItemRow,
    pub(crate) from: LocationId,
    pub(crate) to: LocationId,
    /// Which of the two is a real place, whose balance it changes; none of them for a service.
    pub(crate) at: Option<LocationId>,
    /// The lot that the document names; or its serial numbers, `None` where nobody is asked for them.
    pub(crate) lot: Option<Named>,
    pub(crate) condition: Condition,
    /// As the document says it.
    pub(crate) quantity: Quantity,
    pub(crate) unit_price: Option<Money>,
    /// The price list that it is from.
    pub(crate) list: Option<String>,
    pub(crate) reason: Option<String>,
}

impl Draft {
    /// Does it promise what it takes, so that it may be refused? What is moved or sent back is there, or it stays; what
    /// was set aside leaves that condition once.
    pub(crate) fn promises(&self) -> bool {
        let web = self.kind == DocumentKind::Sale && self.channel == Channel::Web;
        let leaves = matches!(self.kind, DocumentKind::Transfer | DocumentKind::SupplierReturn);
        web || leaves || self.lines.iter().any(|line| !line.condition.is_sellable())
    }

    /// What the document's own lines are of, in their order: a kit, not its parts.
    pub(crate) fn items(&self) -> Vec<&ItemRow> {
        let mut items = Vec::with_capacity(self.lines.len());
        let (mut kits, mut parts) = (self.kits.iter().peekable(), 0..0);
        for (at, line) in self.lines.iter().enumerate() {
            if let Some(kit) = kits.next_if(|kit| kit.first == at) {
                items.push(&kit.item);
                parts = kit.parts();
            }
            if !parts.contains(&at) {
                items.push(&line.item);
            }
        }
        items
    }
}

/// The right that posting such a document needs.
pub(crate) fn action(kind: DocumentKind) -> Action {
    match kind {
        DocumentKind::Sale => Action::Sell,
        DocumentKind::Return => Action::TakeBack,
        DocumentKind::Adjustment => Action::Adjust,
        DocumentKind::Receipt => Action::Receive,
        DocumentKind::Reversal => Action::Reverse,
        DocumentKind::Transfer => Action::Transfer,
        DocumentKind::SupplierReturn => Action::Purchase,
    }
}

/// SHA-256 of the content: the same id with another hash is a conflict.
pub(crate) fn hash(kind: DocumentKind, content: &impl Serialize) -> Vec<u8> {
    let json = serde_json::to_vec(content).expect("these types hold nothing that JSON cannot say");
    Sha256::new().chain_update(kind.name()).chain_update([0]).chain_update(json).finalize().to_vec()
}

/// When something happened, on our clock: as long ago as a device's own clock says at the moment of sending.
pub(crate) fn on_our_clock(at: Time, sent: Time, now: Time) -> Time {
    Time::from_micros(now.micros().saturating_sub(sent.micros().saturating_sub(at.micros())))
}

impl Document {
    /// The same as of our clock, when it says by its device's when it was sent. Sent again it comes later by both clocks, so
    /// its content, which is what makes it the same, stays as it was said.
    pub(crate) fn sent(mut self, sent_at: Option<Time>) -> Self {
        if let (Some(at), Some(sent)) = (self.occurred_at, sent_at) {
            let now = Time::now();
            self.occurred_at = Some(on_our_clock(at, sent, now).min(now));
        }
        self
    }
}

impl TryFrom<NewSale> for Document {
    type Error = Error;

    fn try_from(sale: NewSale) -> Result<Self> {
        let hash = hash(DocumentKind::Sale, &sale);
        let NewSale { id, store, occurred_at, channel, number, lines, lists } = sale;
        let mut lines: Vec<DocumentLine> = lines.into_iter().map(DocumentLine::from).collect();
        price::name(&mut lines, &lists)?;
        let (kind, reason, returns, to) = (DocumentKind::Sale, None, None, ReturnTo::Shelf);
        Self { id, kind, store, occurred_at, number, channel, reason, returns, to, lines, hash }.checked()
    }
}

impl TryFrom<NewReturn> for Document {
    type Error = Error;

    fn try_from(new: NewReturn) -> Result<Self> {
        let hash = hash(DocumentKind::Return, &new);
        let NewReturn { id, store, occurred_at, number, reason, sale: returns, to, lines } = new;
        let lines = lines.into_iter().map(DocumentLine::from).collect();
        let (kind, channel) = (DocumentKind::Return, Channel::Till);
        Self { id, kind, store, occurred_at, number, channel, reason, returns, to, lines, hash }.checked()
    }
}

impl TryFrom<NewReceipt> for Document {
    type Error = Error;

    fn try_from(new: NewReceipt) -> Result<Self> {
        let hash = hash(DocumentKind::Receipt, &new);
        let NewReceipt { id, store, occurred_at, number, lines, lots, .. } = new;
        let mut lines: Vec<DocumentLine> = lines.into_iter().map(DocumentLine::from).collect();
        lot::name(&mut lines, lots)?;
        let (kind, channel, to) = (DocumentKind::Receipt, Channel::Till, ReturnTo::Shelf);
        let (reason, returns) = (None, None);
        Self { id, kind, store, occurred_at, number, channel, reason, returns, to, lines, hash }.checked()
    }
}

impl TryFrom<NewAdjustment> for Document {
    type Error = Error;

    fn try_from(new: NewAdjustment) -> Result<Self> {
        let hash = hash(DocumentKind::Adjustment, &new);
        let NewAdjustment { id, store, occurred_at, number, reason, lines } = new;
        let lines = lines.into_iter().map(|line| DocumentLine {
            sku: line.sku,
            quantity: line.quantity,
            unit_price: None,
            list: None,
            reason: line.reason,
            lot: line.lot.map(|code| Named::one(&code, None)),
            serials: line.serials,
        });
        let (kind, channel, lines) = (DocumentKind::Adjustment, Channel::Till, lines.collect());
        let (reason, returns, to) = (Some(reason), None, ReturnTo::Shelf);
        Self { id, kind, store, occurred_at, number, channel, reason, returns, to, lines, hash }.checked()
    }
}

impl From<NewLine> for DocumentLine {
    fn from(line: NewLine) -> Self {
        let NewLine { sku, quantity, unit_price, lot, serials } = line;
        let lot = lot.map(|code| Named::one(&code, None));
        Self { sku, quantity, unit_price, list: None, reason: None, lot, serials }
    }
}

impl Document {
    fn checked(self) -> Result<Self> {
        let mut flaws = Vec::new();
        if self.lines.is_empty() || self.lines.len() > LINES_MAX {
            flaws.push(Flaw::new("lines", "line_count", format!("send 1 to {LINES_MAX} lines")));
        }
        check_text(&mut flaws, "number", self.number.as_deref(), 64);
        check_text(&mut flaws, "reason", self.reason.as_deref(), 200);
        check_time(&mut flaws, self.occurred_at);
        for (at, line) in self.lines.iter().enumerate().take(LINES_MAX) {
            self.check_line(&mut flaws, at, line);
        }
        let serials = self.lines.iter().map(|line| (line.sku.as_str(), line.quantity, line.serials.as_slice()));
        flaws.extend(lot::serial_flaws(serials));
        if flaws.is_empty() { Ok(self) } else { Err(Error::Invalid(flaws)) }
    }

    fn check_line(&self, flaws: &mut Vec<Flaw>, at: usize, line: &DocumentLine) {
        let signed = self.kind == DocumentKind::Adjustment;
        let (quantity, most) = (line.quantity, Quantity::LINE_MAX);
        if quantity == Quantity::ZERO || quantity.abs() > most || (quantity.is_negative() && !signed) {
            let range = if signed { "other than 0, at most" } else { "above 0, at most" };
            let message = format!("use a quantity {range} {most}");
            flaws.push(Flaw::new(format!("lines[{at}].quantity"), "quantity", message));
        }
        if line.unit_price.is_some_and(|price| price < Money::ZERO || price > Money::PRICE_MAX) {
            let message = "use a price from 0 to 1000000000";
            flaws.push(Flaw::new(format!("lines[{at}].unit_price"), "unit_price", message));
        }
        check_text(flaws, &format!("lines[{at}].reason"), line.reason.as_deref(), 200);
        check_text(flaws, &format!("lines[{at}].lot"), line.lot.as_ref().map(|lot| lot.codes[0].as_str()), 64);
        if (line.lot.is_some() || !line.serials.is_empty()) && self.channel == Channel::Web {
            flaws.push(lot::promised(at));
        }
    }

    /// Looks up nothing itself: gives each line its item, or those that it is made of, and its way between the store's
    /// places.
    pub(crate) fn draft(
        &self,
        site: &Site,
        items: &HashMap<String, ItemRow>,
        prices: Vec<Priced>,
        recipes: &Recipes,
    ) -> Result<Draft> {
        let (mut flaws, mut kits) = (Vec::new(), Vec::new());
        let mut lines = Vec::with_capacity(self.lines.len());
        for (at, (line, priced)) in self.lines.iter().zip(prices).enumerate() {
            let Some(item) = items.get(&line.sku) else {
                let message = format!("there is no item {:?}; add it first or check the SKU", line.sku);
                flaws.push(Flaw::new(format!("lines[{at}].sku"), "unknown_sku", message));
                continue;
            };
            flaws.extend(lot::flaw(self.kind, item, at, line.lot.as_ref()));
            flaws.extend(lot::serial_flaw(self.kind, item, at, line));
            let made = recipes.get(&item.id);
            let goods = item.stocked() || made.is_some();
            let (from, to) = way(self.kind, site, goods, line.quantity);
            // What is good for nothing never comes to lie anywhere.
            let scrapped = goods && self.to == ReturnTo::Scrap;
            let aside = goods && self.to == ReturnTo::Quarantine;
            let line = DraftLine {
                item: item.clone(),
                from,
                to: if scrapped { site.scrap } else { to },
                at: (goods && !scrapped).then_some(site.shop),
                // A till may have read it from a label before anybody tells the item's lots apart: it is sold all the same.
                lot: match item.has_serials() {
                    true => Some(Named::serials(&line.serials)),
                    false => line.lot.clone().filter(|_| item.has_lots()),
                },
                condition: if aside { Condition::Quarantine } else { Condition::Sellable },
                quantity: line.quantity,
                unit_price: priced.price,
                list: priced.list,
                reason: line.reason.clone(),
            };
            match made {
                Some(parts) => match kit::drafted(&mut lines, line, parts, at) {
                    Ok(kit) => kits.push(kit),
                    Err(flaw) => flaws.push(flaw),
                },
                None => match kit::refused(format!("lines[{at}].sku"), item) {
                    Some(flaw) => flaws.push(flaw),
                    None => lines.push(line),
                },
            }
        }
        if !flaws.is_empty() {
            return Err(Error::Invalid(flaws));
        }
        let Self { id, kind, occurred_at, channel, returns, .. } = *self;
        let (number, reason, hash) = (self.number.clone(), self.reason.clone(), self.hash.clone());
        let effect = kind;
        let (reverses, seen, author) = (None, None, None);
        let draft = Draft {
            id,
            kind,
            effect,
            occurred_at,
            number,
            channel,
            reason,
            reverses,
            returns,
            seen,
            author,
            lines,
            kits,
            hash,
        };
        Ok(draft)
    }
}

/// From where to where such a line goes, of goods or of a service.
pub(crate) fn way(kind: DocumentKind, site: &Site, goods: bool, quantity: Quantity) -> (LocationId, LocationId) {
    let here = if goods { site.shop } else { site.service };
    match kind {
        DocumentKind::Sale => (here, site.customer),
        DocumentKind::Return => (site.customer, here),
        DocumentKind::Receipt => (site.supplier, here),
        _ if quantity.is_negative() => (here, site.shrinkage),
        _ => (site.shrinkage, here),
    }
}

pub(crate) fn check_text(flaws: &mut Vec<Flaw>, field: &str, text: Option<&str>, most: usize) {
    let Some(text) = text else { return };
    if text.trim().is_empty() || text.chars().count() > most || text.chars().any(char::is_control) {
        flaws.push(Flaw::new(field, "text", format!("use 1 to {most} visible characters")));
    }
}

/// The day that a text names as people and documents write it, such as 2026-12-24; `None` for any other text.
pub(crate) fn day(text: &str) -> Option<jiff::civil::Date> {
    text.parse().ok().filter(|day: &jiff::civil::Date| day.to_string() == text)
}

pub(crate) fn check_day(flaws: &mut Vec<Flaw>, field: &str, text: Option<&str>) {
    if text.is_some_and(|text| day(text).is_none()) {
        flaws.push(Flaw::new(field, "day", "use a day such as 2026-11-29"));
    }
}

/// The past may be long ago; the future only as far as clocks differ and no further than a year.
pub(crate) fn check_time(flaws: &mut Vec<Flaw>, time: Option<Time>) {
    let Some(time) = time else { return };
    let earliest = Time::from_micros(0);
    let latest = Time::now().plus_seconds(366 * 24 * 3_600);
    if time < earliest || time > latest {
        flaws.push(Flaw::new("occurred_at", "time", "use a time between 1970 and a year from now"));
    }
}

//! What tells the three baskets apart: a sale at the till, a delivery at the back door, goods that come back.

use super::draft::{Draft, Line};
use crate::{
    i18n::{t_string, tu_string},
    inventory::outbox::Document,
    parts::Icon,
    prefs::Words,
};
use model::{Action, Channel, Item, LineList, LineLot, Money, NewLine, NewReceipt, NewReturn, NewSale};

/// What the basket becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A customer takes something.
    Sale,
    /// A supplier brings something.
    Receipt,
    /// A customer brings something back.
    Return,
}

impl Kind {
    /// The name under which that person's draft is kept in the browser.
    pub fn key(self, person: &str, store: &str) -> String {
        let kind = match self {
            Self::Sale => "draft",
            Self::Receipt => "delivery",
            Self::Return => "return",
        };
        format!("{kind}:{person}:{store}")
    }

    /// Its page.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Sale => "/till",
            Self::Receipt => "/receive",
            Self::Return => "/return",
        }
    }

    /// The right that it needs.
    pub const fn action(self) -> Action {
        match self {
            Self::Sale => Action::Sell,
            Self::Receipt => Action::Receive,
            Self::Return => Action::TakeBack,
        }
    }

    /// Its drawing.
    pub const fn icon(self) -> Icon {
        match self {
            Self::Sale => Icon::Till,
            Self::Receipt => Icon::Receive,
            Self::Return => Icon::Return,
        }
    }

    /// Whether money changes hands: then every line has a price.
    pub const fn is_paid(self) -> bool {
        !matches!(self, Self::Receipt)
    }

    /// The price that a new line starts with; what a delivery costs is on the slip, not on the shelf.
    pub fn price(self, item: &Item) -> Option<Money> {
        item.price.filter(|_| self.is_paid())
    }

    /// The document that the draft becomes.
    pub fn document(self, draft: &Draft, store: &str) -> Document {
        let named = |line: &Line| Some(line.lot.lot.trim().to_owned()).filter(|lot| !lot.is_empty());
        // A delivery names its lots beside its lines: with their last days.
        let line = |line: &Line| NewLine {
            sku: line.item.sku.clone(),
            quantity: line.quantity,
            unit_price: line.price,
            lot: named(line).filter(|_| self != Self::Receipt && !line.has_serials()),
            serials: line.serials.iter().filter(|_| line.has_serials()).cloned().collect(),
        };
        let (id, occurred_at) = (draft.id, draft.sent_at);
        let (store, lines) = (store.to_owned(), draft.lines.iter().rev().map(line).collect());
        let number = Some(draft.number.trim().to_owned()).filter(|number| !number.is_empty());
        let reason = Some(draft.reason.trim().to_owned()).filter(|reason| !reason.is_empty());
        match self {
            Self::Sale => {
                let lists = (1..).zip(draft.lines.iter().rev());
                let lists =
                    lists.filter_map(|(nth, line)| Some(LineList { line: nth, list: draft.offer_of(line)?.list }));
                let (channel, lists) = (Channel::Till, lists.collect());
                Document::Sale(NewSale { id, store, occurred_at, channel, number: None, lines, lists })
            }
            Self::Receipt => {
                let (order, rejected) = (None, Vec::new());
                let lots = (1..).zip(draft.lines.iter().rev()).filter_map(|(nth, line)| {
                    let lot = named(line).filter(|_| !line.has_serials())?;
                    Some(LineLot { line: nth, lot, expires_on: line.lot.day.parse().ok() })
                });
                let lots = lots.collect();
                Document::Receipt(NewReceipt { id, store, occurred_at, number, order, lines, lots, rejected })
            }
            Self::Return => {
                let (sale, to) = (draft.sale, draft.to);
                Document::Return(NewReturn { id, store, occurred_at, number, reason, sale, to, lines })
            }
        }
    }

    /// The page's name.
    pub fn title(self, words: Words) -> &'static str {
        match self {
            Self::Sale => t_string!(words, till.title),
            Self::Receipt => t_string!(words, day.receive.title),
            Self::Return => t_string!(words, day.back.title),
        }
    }

    /// The list's name.
    pub fn basket(self, words: Words) -> &'static str {
        match self {
            Self::Sale => t_string!(words, till.basket),
            Self::Receipt => t_string!(words, day.receive.basket),
            Self::Return => t_string!(words, day.back.basket),
        }
    }

    /// What stands there before the first line.
    pub fn empty(self, words: Words) -> (&'static str, &'static str) {
        match self {
            Self::Sale => (t_string!(words, till.empty.title), t_string!(words, till.empty.text)),
            Self::Receipt => (t_string!(words, day.receive.empty_title), t_string!(words, day.receive.empty_text)),
            Self::Return => (t_string!(words, day.back.empty_title), t_string!(words, day.back.empty_text)),
        }
    }

    /// On the button while there is nothing.
    pub fn nothing(self, words: Words) -> &'static str {
        match self {
            Self::Sale => t_string!(words, till.nothing),
            Self::Receipt => t_string!(words, day.receive.nothing),
            Self::Return => t_string!(words, day.back.nothing),
        }
    }

    /// For those who may not.
    pub fn not_yours(self, words: Words) -> &'static str {
        match self {
            Self::Sale => t_string!(words, till.not_yours.title),
            Self::Receipt => t_string!(words, day.receive.not_yours),
            Self::Return => t_string!(words, day.back.not_yours),
        }
    }

    /// After a scan: how many of it there are now.
    pub fn added(self, words: Words, name: String, quantity: String) -> String {
        match self {
            Self::Sale => tu_string!(words, till.added, name = name, quantity = quantity).to_string(),
            _ => tu_string!(words, day.basket.added, name = name, quantity = quantity).to_string(),
        }
    }

    /// It is done.
    pub fn done(self, words: Words, total: String, things: String) -> String {
        match self {
            Self::Sale => tu_string!(words, till.sold, total = total).to_string(),
            Self::Receipt => tu_string!(words, day.receive.done, things = things).to_string(),
            Self::Return => tu_string!(words, day.back.done, total = total).to_string(),
        }
    }

    /// It is undone, and its lines are back; or not, because others are there.
    pub fn undone(self, words: Words, back: bool) -> &'static str {
        match (self, back) {
            (Self::Sale, true) => tu_string!(words, till.undone),
            (Self::Sale, false) => tu_string!(words, till.undone_only),
            (_, true) => tu_string!(words, day.basket.undone),
            (_, false) => tu_string!(words, day.basket.undone_only),
        }
    }
}

//! One thing that waits to be sent: the document itself, what it looked like, and how far it has come.

use crate::{
    failure::Failure,
    inventory::{
        api::{post_receipt, post_return, post_sale},
        basket::{Draft, Kind, Line, now},
    },
};
use model::{Error, Money, NewReceipt, NewReturn, NewSale, PostingId, Quantity, Receipt, ReturnTo, Time};
use serde::{Deserialize, Serialize};

/// How entries are written. What is written otherwise is another version's, and is left alone.
pub const FORMAT: u8 = 1;

/// What is sent; the same every time that it is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Document {
    /// A sale.
    Sale(NewSale),
    /// A delivery.
    Receipt(NewReceipt),
    /// Goods that came back.
    Return(NewReturn),
}

impl Document {
    /// Posts it for that person and nobody else: by its id it is one document however often it arrives.
    pub async fn post(self, person: String) -> Result<Receipt, Failure> {
        // A clock that is wrong now was as wrong when it happened: the server takes that off.
        let (by, sent_at) = (Some(person), Some(now()));
        match self {
            Self::Sale(sale) => post_sale(sale, by, sent_at).await,
            Self::Receipt(receipt) => post_receipt(receipt, by, sent_at).await,
            Self::Return(back) => post_return(back, by, sent_at).await,
        }
    }
}

/// How far it has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Nobody but this device knows of it.
    Kept,
    /// It was sent and nobody answered: the server may have it.
    Sent,
    /// The server said no.
    Refused {
        /// What it said.
        why: Failure,
        /// An earlier try was never answered, and this no came before the server looked whether it had arrived.
        sent: bool,
    },
}

/// Something that waits to be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    format: u8,
    /// Its place in this device's queue.
    pub turn: u64,
    /// What is sent.
    pub document: Document,
    /// Its lines as they stood in the basket: to be told, and to be put back.
    pub lines: Vec<Line>,
    /// The store's currency.
    pub currency: String,
    /// The store's time zone.
    pub time_zone: String,
    /// How far it has come.
    pub state: State,
}

impl Entry {
    /// What a draft becomes; its turn comes from the queue.
    pub fn new(kind: Kind, draft: &Draft, store: &model::Store) -> Self {
        Self {
            format: FORMAT,
            turn: 0,
            document: kind.document(draft, &store.code),
            lines: draft.lines.clone(),
            currency: store.currency.clone(),
            time_zone: store.time_zone.clone(),
            state: State::Kept,
        }
    }

    /// The document's id.
    pub fn id(&self) -> PostingId {
        match &self.document {
            Document::Sale(sale) => sale.id,
            Document::Receipt(receipt) => receipt.id,
            Document::Return(back) => back.id,
        }
    }

    /// What kind it is.
    pub const fn kind(&self) -> Kind {
        match &self.document {
            Document::Sale(_) => Kind::Sale,
            Document::Receipt(_) => Kind::Receipt,
            Document::Return(_) => Kind::Return,
        }
    }

    /// The store's code.
    pub fn store(&self) -> &str {
        match &self.document {
            Document::Sale(sale) => &sale.store,
            Document::Receipt(receipt) => &receipt.store,
            Document::Return(back) => &back.store,
        }
    }

    /// When it happened.
    pub fn at(&self) -> Time {
        let at = match &self.document {
            Document::Sale(sale) => sale.occurred_at,
            Document::Receipt(receipt) => receipt.occurred_at,
            Document::Return(back) => back.occurred_at,
        };
        at.unwrap_or_default()
    }

    /// Its lines as a draft, under a new id.
    pub fn draft(&self) -> Draft {
        let (number, reason, to) = match &self.document {
            Document::Sale(_) => (None, None, ReturnTo::default()),
            Document::Receipt(receipt) => (receipt.number.clone(), None, ReturnTo::default()),
            Document::Return(back) => (back.number.clone(), back.reason.clone(), back.to),
        };
        Draft {
            lines: self.lines.clone(),
            number: number.unwrap_or_default(),
            reason: reason.unwrap_or_default(),
            to,
            ..Draft::default()
        }
    }

    /// What changes hands for it.
    pub fn total(&self) -> Money {
        self.draft().total().unwrap_or(Money::ZERO)
    }

    /// How many things are in it.
    pub fn things(&self) -> Quantity {
        Quantity::whole(i64::try_from(self.draft().things()).unwrap_or(i64::MAX))
    }

    /// Whether it will be sent by itself.
    pub const fn is_waiting(&self) -> bool {
        !matches!(self.state, State::Refused { .. })
    }

    /// What the server said, if it said no.
    pub const fn refusal(&self) -> Option<&Failure> {
        match &self.state {
            State::Refused { why, .. } => Some(why),
            State::Kept | State::Sent => None,
        }
    }

    /// Whether the server may have it already.
    pub const fn may_have_arrived(&self) -> bool {
        matches!(self.state, State::Sent | State::Refused { sent: true, .. })
    }

    /// It is not booked, as far as this answer says; `before` is whether it may have arrived with an earlier try.
    pub fn failed(&mut self, before: bool, why: Failure) {
        let sent = match &why {
            // The server looked for it, and did not have it.
            Failure::Said(Error::Refused(_) | Error::Invalid(_)) => false,
            // It was turned away at the door.
            Failure::Said(Error::SignedOut | Error::Forbidden(_) | Error::NotFound | Error::TooMany(_)) => before,
            Failure::Said(_) | Failure::Unreachable => true,
        };
        self.state = match sent {
            _ if !why.is_open() => State::Refused { why, sent },
            true => State::Sent,
            false => State::Kept,
        };
    }

    /// Somebody has mended what was in its way: it waits again, with its id and its moment.
    pub fn wait_again(&mut self) {
        self.state = if self.may_have_arrived() { State::Sent } else { State::Kept };
    }
}

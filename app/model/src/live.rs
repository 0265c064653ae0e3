//! What travels over the live socket.

use crate::{DocumentKind, ItemId, LocationId, Money, Quantity, Time};
use serde::{Deserialize, Serialize};

/// The browser's first words, and again whenever it needs another place or other topics.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hello {
    /// The epoch it knows; `None` at first.
    #[serde(default)]
    pub epoch: Option<String>,
    /// The last journal line that its page shows.
    pub last_seq: i64,
    /// `stock:LON`, `sales:LON` …: what it wants to hear (at most 32).
    pub topics: Vec<String>,
}

/// One balance after a change: absolute values, so that the latest wins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The store's code.
    pub store: String,
    /// The location.
    pub location: LocationId,
    /// Its code.
    pub location_code: String,
    /// The item.
    pub item: ItemId,
    /// Its stock keeping unit.
    pub sku: String,
    /// What is there now.
    pub on_hand: Quantity,
    /// Of that, what is promised.
    pub reserved: Quantity,
    /// The balance's version; a lower one than the one known is old news.
    pub version: i64,
}

/// One line of a sale, a return or their undoing, for the charts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaleLine {
    /// The item.
    pub item: ItemId,
    /// Its stock keeping unit.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// Stocked, or a service.
    pub stocked: bool,
    /// How many were sold; negative for what came back.
    pub quantity: Quantity,
    /// For how much; negative for what came back.
    pub value: Money,
}

/// A sale, a return, or the undoing of one, as it happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaleSeen {
    /// The store's code.
    pub store: String,
    /// What kind.
    pub kind: DocumentKind,
    /// When it happened.
    pub occurred_at: Time,
    /// The same on the store's own clock: `2026-11-22T14:05`.
    pub local: String,
    /// Who.
    pub actor: String,
    /// Its lines.
    pub lines: Vec<SaleLine>,
}

/// One frame from the server. `seq` is a journal line; `prev` is the last one told to this subscription.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "frame")]
pub enum Frame {
    /// The answer to [`Hello`]: what follows starts after `seq`.
    Welcome {
        /// Changes when the database was restored: everything known is then old.
        epoch: String,
        /// Where the stream starts.
        seq: i64,
    },
    /// Something happened.
    Event {
        /// Its journal line.
        seq: i64,
        /// The last line told before it.
        prev: i64,
        /// Balances after it.
        changes: Vec<Change>,
        /// Set when it was a sale, a return or their undoing.
        sale: Option<SaleSeen>,
    },
    /// Nothing (more) happened up to `seq`.
    Beat {
        /// The journal's head.
        seq: i64,
        /// The last line told before it.
        prev: i64,
    },
    /// Too far behind: load the page's data again, then say hello from there.
    Resync {
        /// The journal's head.
        seq: i64,
    },
    /// The right to listen has ended.
    Bye,
}

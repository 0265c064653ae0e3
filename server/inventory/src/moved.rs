//! What a posting moved and what it opened, as its journal line tells it.

use model::{Condition, ExceptionId, ItemId, LocationId, LotId, Money, Quantity};
use serde::{Deserialize, Serialize};

/// One movement, as its journal line tells it: `verify` compares it with the ledger's row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// Its line in the posting, from 1.
    pub line: i64,
    /// The item.
    pub item: ItemId,
    /// Stocked, or a service.
    pub stocked: bool,
    /// From where.
    pub from: LocationId,
    /// To where.
    pub to: LocationId,
    /// Of which lot, where lots are told apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot: Option<LotId>,
    /// In which condition.
    #[serde(default, skip_serializing_if = "Condition::is_sellable")]
    pub condition: Condition,
    /// How many, above zero.
    pub quantity: Quantity,
    /// Price or cost of one.
    pub unit_price: Option<Money>,
    /// Why, when the line has a reason of its own.
    pub reason: Option<String>,
    /// The version that it gave to the balance of its physical end; `None` for a service.
    pub version: Option<i64>,
}

/// An exception that a posting opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// Its id.
    pub id: ExceptionId,
    /// What kind, by the name of an [`ExceptionKind`](model::ExceptionKind).
    pub kind: String,
    /// The item.
    pub item: ItemId,
    /// Its stock keeping unit.
    pub sku: String,
    /// Where.
    pub location: LocationId,
    /// The code that nobody knows; empty when it is about an item.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub code: String,
}

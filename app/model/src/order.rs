//! Customers' orders, and what is done with them.

use crate::{Channel, ItemId, Money, NewLine, PaperId, PostingId, Quantity, TaxTotal, Time, Tracking, barcode::Date};
use serde::{Deserialize, Serialize};

/// What a customer wants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewOrder {
    /// Made by whoever writes it; sending the same again answers with the order.
    pub id: PaperId,
    /// The store's code.
    pub store: String,
    /// What it says.
    pub content: OrderContent,
}

/// What an order says, for as long as it is a draft.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OrderContent {
    /// Through what it came: `till` is taken in the store. What may be promised to it goes by that.
    #[serde(default, skip_serializing_if = "Channel::is_till")]
    pub channel: Channel,
    /// Who it is for (at most 100 characters). Kept beside the journal, never in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100))]
    pub customer: Option<String>,
    /// How to reach them (at most 200 characters). Kept beside the journal, never in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub contact: Option<String>,
    /// The other side's number (at most 64 characters).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 64))]
    pub reference: Option<String>,
    /// Anything to remember (at most 500 characters).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 500))]
    pub note: Option<String>,
    /// The day it is wanted, `2026-11-29`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 10, max_length = 10))]
    pub due_on: Option<String>,
    /// The last day on which its goods are kept, on the store's own clock, `2026-12-04`: today or a later day when it is
    /// confirmed, within a year. For as long as it is open when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 10, max_length = 10))]
    pub kept_until: Option<String>,
    /// At most 1 000 lines, quantities above zero.
    #[cfg_attr(feature = "openapi", schema(max_items = 1000))]
    pub lines: Vec<NewLine>,
}

/// One line of an order. What was wanted is reserved, waited for, handed over or cancelled: nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrderLine {
    /// Its place, from 1.
    pub line: i64,
    /// The item.
    pub item: ItemId,
    /// Its stock keeping unit.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// The base unit.
    pub unit: String,
    /// Goods that are picked, or a service.
    pub stocked: bool,
    /// How its goods are told apart: serial numbers are named when they are handed over.
    #[serde(default)]
    pub tracking: Tracking,
    /// Where it lies, by the location's code.
    pub location: String,
    /// How many are wanted.
    pub quantity: Quantity,
    /// Price of one.
    pub unit_price: Option<Money>,
    /// How many are kept for it.
    pub reserved: Quantity,
    /// How many of them are off the shelf already.
    pub picked: Quantity,
    /// How many were handed over.
    pub fulfilled: Quantity,
    /// How many are still to come.
    pub backordered: Quantity,
    /// How many are not wanted any more.
    pub cancelled: Quantity,
    /// How many of those were off the shelf when they were cancelled: somebody puts them back.
    #[serde(default)]
    pub put_back: Quantity,
    /// From where what is kept for it is taken, where sales leave from first: for goods by themselves that are kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub takes: Vec<Take>,
    /// What one of it is made of, when it is a kit: that is what is kept, picked and handed over.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<OrderPart>,
}

/// So many at one place, which are kept for a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Take {
    /// The place's code.
    pub location: String,
    /// How many.
    pub quantity: Quantity,
    /// Of which lots, where lots are told apart: what expires first, then what came first. What is of no lot that may be
    /// sold is left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lots: Vec<LotTake>,
}

/// So many of a lot, which leave first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LotTake {
    /// As it stands on the goods.
    pub lot: String,
    /// Its last good day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub expires_on: Option<Date>,
    /// How many.
    pub quantity: Quantity,
}

/// So many that were taken from another place or of another lot than the list said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Taken {
    /// The code of a place in the store.
    pub location: String,
    /// The lot, as it stands on the goods, where lots are told apart; what expires first when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 64))]
    pub lot: Option<String>,
    /// How many, above zero.
    pub quantity: Quantity,
}

/// What is in one kit of an order's line, as it was when the order was confirmed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrderPart {
    /// The item's stock keeping unit.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// Its base unit.
    pub unit: String,
    /// How many are in one kit.
    pub quantity: Quantity,
}

/// A customer's order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Order {
    /// Its id.
    pub id: PaperId,
    /// Its number.
    pub number: String,
    /// The store's code.
    pub store: String,
    /// `draft`, `confirmed`, `picking`, `partly_fulfilled`, `fulfilled`, `closed` or `cancelled`.
    pub state: String,
    /// Rises by one with each step; its `ETag`.
    pub version: i64,
    /// Through what it came.
    pub channel: Channel,
    /// Who it is for.
    pub customer: Option<String>,
    /// How to reach them.
    pub contact: Option<String>,
    /// The other side's number.
    pub reference: Option<String>,
    /// Anything to remember.
    pub note: Option<String>,
    /// The day it is wanted.
    pub due_on: Option<String>,
    /// The last day on which its goods are kept; for as long as it is open when nothing is said.
    pub kept_until: Option<String>,
    /// When its goods were let go because nobody had come for them in time: what was open is cancelled since.
    pub lapsed_at: Option<Time>,
    /// ISO 4217.
    pub currency: String,
    /// Σ quantity × unit price, without what was cancelled.
    pub total: Money,
    /// The tax in that by today's rates, for as long as nothing was handed over; what is of no tax class is left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tax: Vec<TaxTotal>,
    /// Who wrote it.
    pub author: String,
    /// When.
    pub created_at: Time,
    /// When its last step was.
    pub changed_at: Time,
    /// Its lines.
    pub lines: Vec<OrderLine>,
}

/// An order in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrderRow {
    /// Its id.
    pub id: PaperId,
    /// Its number.
    pub number: String,
    /// The store's code.
    pub store: String,
    /// Its state.
    pub state: String,
    /// Its version.
    pub version: i64,
    /// Through what it came.
    pub channel: Channel,
    /// Who it is for.
    pub customer: Option<String>,
    /// The day it is wanted.
    pub due_on: Option<String>,
    /// The last day on which its goods are kept; for as long as it is open when nothing is said.
    pub kept_until: Option<String>,
    /// Is it open, and are its goods let go within two days?
    pub soon_over: bool,
    /// When its goods were let go because nobody had come for them in time.
    pub lapsed_at: Option<Time>,
    /// How many lines it has.
    pub lines: i64,
    /// In how many of them something is kept that was not handed over.
    pub to_pick: i64,
    /// In how many of them something is still to come.
    pub waiting: i64,
    /// When its last step was.
    pub changed_at: Time,
}

/// Until when the goods of an open order are kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct KeepUntil {
    /// The last day, on the store's own clock, today or later and within a year; for as long as it is open when it is `null` or
    /// left out.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(min_length = 10, max_length = 10))]
    pub kept_until: Option<String>,
}

/// How many of a line are off the shelf.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Pick {
    /// The line.
    pub line: i64,
    /// How many were picked when the author looked.
    pub before: Quantity,
    /// How many are picked now.
    pub picked: Quantity,
}

/// Goods off the shelf for an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Picking {
    /// 1 to 1 000 lines.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 1000))]
    pub lines: Vec<Pick>,
}

/// How many of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OfLine {
    /// The line.
    pub line: i64,
    /// How many, above zero.
    pub quantity: Quantity,
    /// The serial numbers of these pieces, where the item has such (each 1 to 64 characters).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(max_items = 1000))]
    pub serials: Vec<String>,
    /// From where they were taken, as far as it was not from where they are kept, in the order of the places there. Not
    /// for kits and for what has serial numbers: those say where they were.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(max_items = 100))]
    pub from: Vec<Taken>,
}

/// Goods that go to the customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct HandOver {
    /// The posting's id, made by whoever hands over: however often it is sent, they leave once.
    pub id: PostingId,
    /// What goes; all that is picked when left out.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_items = 1000))]
    pub lines: Vec<OfLine>,
}

/// What is not wanted any more.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Cancelling {
    /// These lines, as far as they were not handed over; all when left out.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_items = 1000))]
    pub lines: Vec<i64>,
}

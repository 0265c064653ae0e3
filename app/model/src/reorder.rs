//! What to buy: rules for an item of a store, and what is proposed because of them.

use crate::{Money, PurchaseRow, Quantity, SupplierId};
use serde::{Deserialize, Serialize};

/// How an item is bought in a store, beside its minimum and maximum.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReorderRule {
    /// How many should be left when the next delivery comes; from 0 to 1 000 000 000.
    #[serde(default)]
    pub safety: Option<Quantity>,
    /// For how many days of what it sells something should be left then: 0 to 365.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 365))]
    pub safety_days: Option<i64>,
    /// In multiples of what it is ordered, above 0; what its supplier says when left out.
    #[serde(default)]
    pub multiple: Option<Quantity>,
    /// For how many days a delivery should last: 1 to 365.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 365))]
    pub cover_days: Option<i64>,
    /// Not proposed before that day, `2026-12-01`.
    #[serde(default)]
    pub snoozed_until: Option<String>,
}

/// Why so many are proposed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Why {
    /// What was sold in the last seven days before today.
    pub sold: Quantity,
    /// What is there, may be sold and is not promised; below zero when more was sold than there was.
    pub left: Quantity,
    /// What is ordered, drafts included, or sent here by another store, and has not arrived.
    pub on_order: Quantity,
    /// What customers were promised before it was there.
    #[serde(default)]
    pub promised: Quantity,
    /// What is expected to be sold until a delivery ordered today comes.
    pub expected: Quantity,
    /// The day on which it would come, `2026-12-03`.
    pub arrives_on: String,
    /// What should be left by then.
    pub floor: Quantity,
}

/// An item that should be ordered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Proposal {
    /// The item.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// Its unit.
    pub unit: String,
    /// How many: what is missing, rounded up to what the supplier sells at least and in multiples of.
    pub quantity: Quantity,
    /// In multiples of what the supplier sells it, where they say so.
    pub multiple: Option<Quantity>,
    /// What one costs there; not known when it is `None`.
    pub unit_cost: Option<Money>,
    /// Why.
    pub why: Why,
}

/// What should be ordered from one supplier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ToBuy {
    /// The supplier, as orders name them; `None` for items of which no supplier is known.
    pub supplier_id: Option<SupplierId>,
    /// Its code; empty for items of which no supplier is known.
    pub supplier: String,
    /// Its name.
    pub supplier_name: String,
    /// What, the most urgent first; at most 1 000.
    pub lines: Vec<Proposal>,
    /// Σ quantity × cost, as far as costs are known.
    pub value: Money,
}

/// What a store should buy on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Buying {
    /// The day on the store's calendar, `2026-11-29`.
    pub day: String,
    /// From whom, and what.
    pub suppliers: Vec<ToBuy>,
    /// Orders that are written and not sent on their way: what they hold is not proposed again. The latest first, at most 200.
    pub drafts: Vec<PurchaseRow>,
    /// Is that written as drafts each morning?
    pub mornings: bool,
}

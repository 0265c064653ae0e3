//! What goods cost: what reports answer of the worth of the stock, of margins, and of why.

use crate::{Costing, Money, PostingId, Quantity, Time};
use serde::{Deserialize, Serialize};

/// What one item in a store is worth.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WorthRow {
    /// The item.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// How many; below zero for what was sold and did not come yet.
    pub quantity: Quantity,
    /// Worth how much, by what was paid for them.
    pub value: Money,
}

/// What the stock of a store is worth, by what was paid for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Worth {
    /// The store's code.
    pub store: String,
    /// The store's currency, ISO 4217.
    pub currency: String,
    /// All of it: the balance of the inventory account.
    pub value: Money,
    /// What of that is below zero: sold and not come yet, at what it cost last.
    pub owed: Money,
    /// How many items that are.
    pub items: i64,
    /// How many items of the store have goods now whose cost nobody said: they are valued by the last cost, or nothing.
    pub guessed: i64,
    /// The items worth most, at most as many as were asked for.
    pub data: Vec<WorthRow>,
    /// The journal line up to which it is true.
    pub as_of: i64,
}

/// What was sold, what it brought and what it cost.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Margin {
    /// What customers paid, returns taken off, services included.
    pub revenue: Money,
    /// What the goods cost that they took, returns taken off.
    pub cost: Money,
    /// What was learnt in the period of goods that were gone: above zero when they had cost more than was said.
    pub revaluation: Money,
    /// What rounding made.
    pub residue: Money,
    /// Goods lost, damaged and found: above zero for a loss.
    pub shrinkage: Money,
    /// Revenue less cost and revaluation.
    pub margin: Money,
}

/// The same of one item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MarginRow {
    /// The item.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// How many were sold, returns taken off.
    pub quantity: Quantity,
    /// What they brought and cost.
    #[serde(flatten)]
    pub margin: Margin,
}

/// Cost of goods sold and margin of a store in a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Margins {
    /// The store's code.
    pub store: String,
    /// The store's currency, ISO 4217.
    pub currency: String,
    /// All of it.
    pub total: Margin,
    /// The items with the highest margin, at most as many as were asked for.
    pub data: Vec<MarginRow>,
    /// The journal line up to which it is true.
    pub as_of: i64,
}

/// One entry of the value journal: inventory, counter, revaluation and residue add up to zero.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CostEntry {
    /// The journal line that caused it.
    pub seq: i64,
    /// When that was learnt.
    pub learnt: Time,
    /// The day on the store's own calendar.
    pub day: String,
    /// The document's line, from 1.
    pub line: i64,
    /// The item.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// How the stock changed.
    pub quantity: Quantity,
    /// How its worth changed.
    pub inventory: Money,
    /// What stands against it: `received` (not invoiced), `landed` (freight and the like), `cost_of_goods`, `shrinkage`
    /// or `opening`.
    pub account: String,
    /// How much.
    pub counter: Money,
    /// What was learnt of goods that are gone.
    pub revaluation: Money,
    /// What rounding made.
    pub residue: Money,
}

/// What one document did to the worth of the stock, then and later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PostingCost {
    /// The document.
    pub posting: PostingId,
    /// What its goods cost: for a sale above zero, for what comes back below.
    pub cost: Money,
    /// The entries, oldest first.
    pub data: Vec<CostEntry>,
    /// The journal line up to which it is true.
    pub as_of: i64,
}

/// Goods that came in together, and what is left of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CostLayer {
    /// The document by which they came; `null` for the pool of what is costed by its average.
    pub posting: Option<PostingId>,
    /// When, on the store's own calendar.
    pub day: Option<String>,
    /// How they came: `received`, `transit` (sent by another store), `cost_of_goods` (brought back), `shrinkage` (found)
    /// or `opening`; `null` for the pool.
    pub account: Option<String>,
    /// How many came.
    pub came: Quantity,
    /// How many are left.
    pub left: Quantity,
    /// What those are worth.
    pub value: Money,
    /// Did somebody say what they cost, or is it taken from what was known before?
    pub known: bool,
}

/// Why an item is worth that: its layers in a store, in the order in which they leave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CostLayers {
    /// The store's code.
    pub store: String,
    /// The store's currency, ISO 4217.
    pub currency: String,
    /// The item.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// How it is costed.
    pub costing: Costing,
    /// How many there are; below zero for what was sold and did not come yet.
    pub quantity: Quantity,
    /// What they are worth.
    pub value: Money,
    /// What one cost in the last delivery that said so.
    pub last_cost: Option<Money>,
    /// The layers of which something is left, at most 200.
    pub data: Vec<CostLayer>,
    /// The journal line up to which it is true.
    pub as_of: i64,
}

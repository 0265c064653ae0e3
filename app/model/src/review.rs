//! What a count found: what differs, who looks at it, and how right the numbers were.

use crate::{Approver, CountOutcome, Money, Quantity, StockCount, Time};
use serde::{Deserialize, Serialize};

/// What may be different without anybody having to look: one of the two is enough.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CountTolerance {
    /// Per cent of what we thought, 0 to 100.
    pub percent: Quantity,
    /// So many.
    pub quantity: Quantity,
}

/// A counted item, as whoever reviews the count sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VarianceLine {
    /// Its stock keeping unit.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// The base unit.
    pub unit: String,
    /// How many were counted; `null` when nobody did: then nothing changes.
    pub counted: Option<Quantity>,
    /// What we think was there at that moment.
    pub expected: Option<Quantity>,
    /// `counted − expected`.
    pub variance: Option<Quantity>,
    /// That at the item's price; `null` when it has none.
    pub value: Option<Money>,
    /// The moment for which that holds: of the item's last entry.
    pub counted_at: Option<Time>,
    /// Within the store's tolerance.
    pub within: bool,
    /// Somebody has accepted it.
    pub accepted: bool,
    /// Some of it moved between its first and its last entry: the count may be off by that.
    pub moved: bool,
    /// How often it was counted.
    pub round: i64,
    /// Who counted it, this time.
    pub counters: Vec<String>,
}

/// A count that was handed in: what differs, and what it is worth.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CountReview {
    /// Its head.
    pub count: StockCount,
    /// The store's tolerance.
    pub tolerance: CountTolerance,
    /// How many lines a person has to look at: outside the tolerance, and not accepted before.
    pub open: i64,
    /// How many need no look.
    pub fine: i64,
    /// How many nobody counted.
    pub uncounted: i64,
    /// What came of it, if it is approved as it stands.
    pub outcome: CountOutcome,
    /// Somebody else has to approve it than those who opened it or counted: it is worth more than the store's limit.
    pub above_limit: bool,
    /// Who may approve it, beside its author; `null` while its value is within the store's limit.
    #[serde(default)]
    pub approved_by: Option<Approver>,
    /// Only an administrator approves it, and the reader is none there.
    #[serde(default)]
    pub administrator: bool,
    /// You opened it, or counted in it.
    pub own: bool,
    /// A page of its lines.
    pub lines: Vec<VarianceLine>,
    /// The SKU after which the next page starts; `null` at the end.
    pub next: Option<String>,
    /// The journal line up to which it is true.
    pub as_of: i64,
}

/// What is done with a count that was handed in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewRecount {
    /// What is counted again, by SKU, 1 to 1 000; everything else that was counted is accepted.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 1000))]
    pub skus: Vec<String>,
}

/// The handing in of a count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CountDone {
    /// Of what nobody counted, none is there. Else it stays as it is.
    #[serde(default)]
    pub none_found: bool,
}

/// How right a store's numbers were, by the counts of a time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CountFigures {
    /// How many counts were booked.
    pub counts: i64,
    /// How many lines they had.
    pub lines: i64,
    /// How many of these were right, within the tolerance.
    pub accurate: i64,
    /// What was found beyond what we thought, at the items' prices.
    pub gained: Money,
    /// What was missing.
    pub lost: Money,
}

impl CountFigures {
    /// Inventory record accuracy: lines that were right in a thousand, rounded down; `None` without lines.
    #[must_use]
    pub fn per_mille(&self) -> Option<i64> {
        (self.lines > 0).then(|| self.accurate * 1_000 / self.lines)
    }

    /// What went, less what was found.
    #[must_use]
    pub fn shrinkage(&self) -> Money {
        Money::from_parts(self.lost.parts() - self.gained.parts())
    }
}

//! How a store decides each morning what to order.

use crate::days::{self, Days};
use std::collections::BTreeMap;

/// How many days a delivery takes.
pub const LEAD: i64 = 3;
/// For how many days a delivery should last: what the product takes when nobody says anything.
pub const COVER: i64 = 14;
/// In multiples of what is ordered.
pub const PACK: i64 = 12;

/// What is ordered, and when.
pub enum Policy {
    /// What the product proposes, with so many days' sales left when a delivery comes.
    Proposals {
        /// What the store's rule says; 0 says nothing.
        safety_days: i64,
    },
    /// At a minimum or below it, by SKU, up to a maximum; neither ever changes.
    Minimum(BTreeMap<String, (i64, i64)>),
}

impl Policy {
    /// A minimum of what sells until a delivery comes and `safety_days` longer, on the average of the days that somebody
    /// has seen who sets it.
    #[must_use]
    pub fn minimum(seen: &Days, safety_days: i64) -> Self {
        let most = days::average(seen, LEAD + safety_days + COVER);
        let least = days::average(seen, LEAD + safety_days);
        Self::Minimum(least.into_iter().map(|(sku, units)| (sku.clone(), (units, most[&sku]))).collect())
    }
}

/// What is there of each item on the first morning, whatever the policy.
pub fn opening(days: &Days) -> BTreeMap<String, i64> {
    days::average(days, LEAD + COVER).into_iter().map(|(sku, units)| (sku, packed(units))).collect()
}

/// In whole packs, at least that many.
pub const fn packed(units: i64) -> i64 {
    days::rounded_up(units, PACK) * PACK
}

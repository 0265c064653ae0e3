//! What the stock grid shows, and in which order.

use crate::{LIST_REACH, SEARCH_REACH};
use serde::{Deserialize, Serialize};

/// How the grid is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GridSort {
    /// By stock keeping unit.
    #[default]
    Sku,
    /// By name.
    Name,
    /// By what is on hand.
    OnHand,
}

/// What the grid shows: the filters in its URL.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GridQuery {
    /// The store's code.
    pub store: String,
    /// Words in the name, the SKU or a barcode; empty for all.
    #[serde(default)]
    pub search: String,
    /// Only what was here once and is at or below zero.
    #[serde(default)]
    pub short: bool,
    /// Only items of this category; empty for all.
    #[serde(default)]
    pub category: String,
    /// By what.
    #[serde(default)]
    pub sort: GridSort,
    /// Highest first.
    #[serde(default)]
    pub descending: bool,
}

impl GridQuery {
    /// How many of its rows can be reached at most; `None` when all can.
    #[must_use]
    pub fn reach(&self) -> Option<i64> {
        if !self.search.trim().is_empty() {
            return Some(SEARCH_REACH);
        }
        (self.short || self.sort == GridSort::OnHand).then_some(LIST_REACH)
    }
}

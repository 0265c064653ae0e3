//! The product list: which products it shows, and a line of it.

use crate::{ItemId, ItemKind, Kit, LIST_REACH, Money, Quantity, SEARCH_REACH};
use serde::{Deserialize, Serialize};

/// Which products a list shows: the filters in its URL.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProductQuery {
    /// The store's code, whose stock and limits are shown.
    pub store: String,
    /// Words in the name, the SKU or a barcode; empty for all.
    #[serde(default)]
    pub search: String,
    /// Archived ones instead of those that are offered.
    #[serde(default)]
    pub archived: bool,
    /// Only those at or below their minimum.
    #[serde(default)]
    pub low: bool,
    /// Only those without a barcode.
    #[serde(default)]
    pub bare: bool,
    /// Only those of this category; empty for all.
    #[serde(default)]
    pub category: String,
    /// By name instead of by SKU.
    #[serde(default)]
    pub by_name: bool,
    /// Backwards.
    #[serde(default)]
    pub descending: bool,
}

impl ProductQuery {
    /// How many of its rows can be reached at most; `None` when all can.
    #[must_use]
    pub fn reach(&self) -> Option<i64> {
        if !self.search.trim().is_empty() {
            return Some(SEARCH_REACH);
        }
        (self.low || self.bare).then_some(LIST_REACH)
    }
}

/// One line of the product list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductRow {
    /// The item.
    pub item: ItemId,
    /// Its stock keeping unit.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// The base unit.
    pub unit: String,
    /// Price of one.
    pub price: Option<Money>,
    /// Stocked, a service or a kit.
    pub kind: ItemKind,
    /// The item's version.
    pub version: i64,
    /// Archived?
    pub archived: bool,
    /// The name of its picture.
    pub image: Option<String>,
    /// The name of its category.
    #[serde(default)]
    pub category: Option<String>,
    /// Its scanned codes, with spaces between them.
    pub barcodes: String,
    /// What is on hand in the store looked at.
    pub on_hand: Quantity,
    /// What it is made of, and what of that is there, when it is a kit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kit: Option<Kit>,
    /// The fewest that the store wants to have.
    pub minimum: Option<Quantity>,
    /// The most.
    pub maximum: Option<Quantity>,
    /// The name of its tax class: told to files only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax_class: Option<String>,
    /// The family that it is of: told to files only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family: Option<OfFamily>,
}

/// What an item is in its family.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfFamily {
    /// What the family is called.
    pub name: String,
    /// Each of its options with the item's value of it, in the family's order.
    pub options: Vec<(String, String)>,
}

impl ProductRow {
    /// At or below the minimum?
    #[must_use]
    pub fn is_low(&self) -> bool {
        self.minimum.is_some_and(|minimum| self.on_hand <= minimum)
    }
}

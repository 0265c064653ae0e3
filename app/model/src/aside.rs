//! Goods that are set aside, until somebody has looked at them.

use crate::barcode::Date;
use crate::{PostingId, Quantity, Tracking};
use serde::{Deserialize, Serialize};

/// Set-aside goods that somebody has looked at, or goods that are to be set aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewInspection {
    /// Made by whoever looked.
    pub id: PostingId,
    /// The store's code.
    pub store: String,
    /// The item.
    pub sku: String,
    /// How many, above zero.
    pub quantity: Quantity,
    /// Of which lot they are; without it those that expire first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 64))]
    pub lot: Option<String>,
    /// They are good for nothing; else they may be sold.
    #[serde(default)]
    pub scrap: bool,
    /// They lie where they are sold, and are set aside until somebody looks at them; not with `scrap`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub aside: bool,
    /// Why (1 to 200 characters).
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub reason: String,
}

/// Goods that were set aside and wait for somebody to look at them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SetAside {
    /// The item.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// The base unit.
    pub unit: String,
    /// How the item's goods are told apart.
    #[serde(default)]
    pub tracking: Tracking,
    /// Of which lot they are, or which piece it is.
    pub lot: Option<String>,
    /// The lot's last good day.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub expires_on: Option<Date>,
    /// How many, above zero.
    pub quantity: Quantity,
}

impl SetAside {
    /// The most that are told at once.
    pub const MOST: u8 = 200;
}

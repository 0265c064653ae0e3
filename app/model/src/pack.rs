//! Packs: so many of an item with a barcode of their own, such as a case of 12.

use crate::{Item, Quantity};
use serde::{Deserialize, Serialize};

/// So many of an item in one piece, with a barcode of their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Pack {
    /// What people call it, such as `Case of 12`: 1 to 40 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 40))]
    pub name: String,
    /// Its barcode, which is nothing else's: 1 to 128 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 128))]
    pub barcode: String,
    /// How many of the item are in it, in the item's unit; more than 0.
    pub quantity: Quantity,
}

impl Pack {
    /// The most that one item has.
    pub const MOST: usize = 20;
    /// How long a name may be, in characters.
    pub const NAME_MAX: usize = 40;
}

/// What a scanned code means in the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundItem {
    /// The item.
    pub item: Item,
    /// It is no longer offered. What a customer holds is sold all the same.
    pub archived: bool,
    /// How many of it: one, what is in a pack, or what a load's label says.
    pub quantity: Quantity,
    /// The name of the pack whose barcode it is.
    pub pack: Option<String>,
}

impl Item {
    /// The pack of that barcode, as it is written.
    #[must_use]
    pub fn pack(&self, barcode: &str) -> Option<&Pack> {
        self.packs.iter().find(|pack| pack.barcode == barcode)
    }

    /// Whether that code is one of its own, as it is written.
    #[must_use]
    pub fn has_code(&self, code: &str) -> bool {
        self.sku == code || self.barcodes.iter().any(|barcode| barcode == code) || self.pack(code).is_some()
    }
}

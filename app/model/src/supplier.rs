//! Suppliers: whom we buy from, and what of theirs is which of our items.

use crate::{Money, Quantity, SupplierId};
use serde::{Deserialize, Serialize};

/// Whom we buy from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Supplier {
    /// Their id.
    pub id: SupplierId,
    /// Their short code, unique: 1 to 20 of `A-Z 0-9 -`.
    pub code: String,
    /// Their name.
    pub name: String,
    /// Where orders are mailed to; empty when not known.
    pub email: String,
    /// Their telephone; empty when not known.
    pub phone: String,
    /// What else is to be known; may be empty.
    pub note: String,
    /// How many days a delivery takes, from 0 to 999.
    pub lead_days: i64,
    /// How many percent more than was ordered may arrive before somebody has to approve it.
    pub tolerance: Quantity,
    /// Archived: kept for its orders, no longer offered.
    pub archived: bool,
    /// Rises by one with each change; the `ETag` of the supplier.
    pub version: i64,
}

/// A new supplier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewSupplier {
    /// Made by whoever adds them; sending the same again answers with the supplier.
    pub id: SupplierId,
    /// 1 to 20 of `A-Z 0-9 -`, unique.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 20))]
    pub code: String,
    /// 1 to 200 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub name: String,
    /// At most 200 characters.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub email: String,
    /// At most 50 characters.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 50))]
    pub phone: String,
    /// At most 1 000 characters.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 1000))]
    pub note: String,
    /// 0 to 999.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 999))]
    pub lead_days: i64,
    /// 0 to 100 percent.
    #[serde(default)]
    pub tolerance: Quantity,
}

impl From<NewSupplier> for Supplier {
    fn from(new: NewSupplier) -> Self {
        let NewSupplier { id, code, name, email, phone, note, lead_days, tolerance } = new;
        let [name, email, phone, note] = [name, email, phone, note].map(|text| text.trim().to_owned());
        Self { id, code, name, email, phone, note, lead_days, tolerance, archived: false, version: 1 }
    }
}

/// A change of a supplier: fields that are left out stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SupplierPatch {
    /// 1 to 20 of `A-Z 0-9 -`, unique.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// 1 to 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// At most 200 characters; empty for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// At most 50 characters; empty for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// At most 1 000 characters; empty for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// 0 to 999.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead_days: Option<i64>,
    /// 0 to 100 percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tolerance: Option<Quantity>,
    /// Archived, or offered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived: Option<bool>,
    /// What they sell to us: the lines of the items named here; others stay. At most 1 000.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(max_items = 1000))]
    pub items: Vec<NewSupplierItem>,
}

impl SupplierPatch {
    /// The supplier with this change made; its lines are kept elsewhere.
    #[must_use]
    pub fn on(&self, supplier: &Supplier) -> Supplier {
        fn trimmed(new: Option<&String>, old: &str) -> String {
            new.map_or(old, |text| text.trim()).to_owned()
        }
        Supplier {
            id: supplier.id,
            code: trimmed(self.code.as_ref(), &supplier.code),
            name: trimmed(self.name.as_ref(), &supplier.name),
            email: trimmed(self.email.as_ref(), &supplier.email),
            phone: trimmed(self.phone.as_ref(), &supplier.phone),
            note: trimmed(self.note.as_ref(), &supplier.note),
            lead_days: self.lead_days.unwrap_or(supplier.lead_days),
            tolerance: self.tolerance.unwrap_or(supplier.tolerance),
            archived: self.archived.unwrap_or(supplier.archived),
            version: supplier.version,
        }
    }
}

/// What a supplier sells to us, as it is written down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewSupplierItem {
    /// Our item.
    pub sku: String,
    /// Their code for it: at most 64 characters.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 64))]
    pub code: String,
    /// What one costs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Money>,
    /// How many they sell at least.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum: Option<Quantity>,
    /// How many come in one pack: they sell multiples of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub multiple: Option<Quantity>,
    /// How many days this one takes, when it is not what the supplier's others take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead_days: Option<i64>,
    /// They do not sell it any more.
    #[serde(default, skip_serializing_if = "is_false")]
    pub archived: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks with a reference")]
fn is_false(flag: &bool) -> bool {
    !flag
}

/// What a supplier sells to us.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SupplierItem {
    /// Our item's name.
    pub name: String,
    /// Our item's unit.
    pub unit: String,
    /// The line itself.
    #[serde(flatten)]
    pub line: NewSupplierItem,
}

/// Which suppliers a list shows, by code.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SupplierQuery {
    /// Words in the code or the name; empty for all.
    #[serde(default)]
    pub search: String,
    /// Those that are archived instead of those that are not.
    #[serde(default)]
    pub archived: bool,
    /// The code after which the page starts.
    #[serde(default)]
    pub after: Option<String>,
}

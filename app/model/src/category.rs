//! Categories: the kinds of goods by which lists are narrowed.

use crate::CategoryId;
use serde::{Deserialize, Serialize};

/// A kind of goods.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Category {
    /// Its id.
    pub id: CategoryId,
    /// What people call it.
    pub name: String,
}

impl Category {
    /// How long a name may be, in characters.
    pub const NAME_MAX: usize = 40;

    /// By what a name is known, whatever its capitals.
    #[must_use]
    pub fn key(name: &str) -> String {
        name.trim().to_lowercase()
    }
}

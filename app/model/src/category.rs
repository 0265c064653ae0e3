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
    /// What it was called before, in small letters: these names still lead to it.
    #[serde(default)]
    pub former: Vec<String>,
}

impl Category {
    /// How long a name may be, in characters.
    pub const NAME_MAX: usize = 40;

    /// By what a name is known, whatever its capitals.
    #[must_use]
    pub fn key(name: &str) -> String {
        name.trim().to_lowercase()
    }

    /// Whether it is meant by that name.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        let key = Self::key(name);
        Self::key(&self.name) == key || self.former.contains(&key)
    }
}

/// Another name for a category.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Renaming {
    /// What it was called when it was read: nothing is done when somebody called it otherwise since.
    pub was: String,
    /// What it is to be called, 1 to 40 characters.
    pub name: String,
}

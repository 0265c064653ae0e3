//! Integration: other systems' way in and out: REST, imports, the demo store.

pub mod demo;
pub mod http;
pub mod rest;
pub mod till;

use auth::Auth;
use http::Cursors;
use inventory::Inventory;
use model::Result;
use std::path::Path;

/// What integration works with. Cheap to clone.
#[derive(Clone)]
pub struct Integration {
    auth: Auth,
    inventory: Inventory,
    cursors: Cursors,
}

impl Integration {
    /// Opens it; the key that signs cursors is kept in `data_dir/keys/cursor.key`.
    ///
    /// # Errors
    /// `Internal` when that key can neither be read nor made.
    pub fn open(auth: Auth, inventory: Inventory, data_dir: &Path) -> Result<Self> {
        Ok(Self { auth, inventory, cursors: Cursors::open(data_dir)? })
    }

    /// The signer of cursors, for lists that are answered elsewhere under `/api/v1`.
    #[must_use]
    pub const fn cursors(&self) -> &Cursors {
        &self.cursors
    }
}

//! Integration: other systems' way in and out: REST, imports, the demo store.

pub mod demo;
pub mod http;
pub mod rest;
pub mod sheet;
pub mod till;

use auth::Auth;
use http::Cursors;
use inventory::Inventory;
use model::Result;
use std::sync::Arc;
use tokio::sync::Mutex;

/// What integration works with. Cheap to clone.
#[derive(Clone)]
pub struct Integration {
    auth: Auth,
    inventory: Inventory,
    cursors: Cursors,
    /// Whoever opens or removes the demo store; others wait.
    demo: Arc<Mutex<()>>,
    desks: sheet::Desks,
}

impl Integration {
    /// Opens it, with the secret that signs cursors.
    ///
    /// # Errors
    /// When that secret cannot be read.
    pub async fn open(auth: Auth, inventory: Inventory) -> Result<Self> {
        let cursors = Cursors::new(&auth.cursor_secret().await?);
        Ok(Self { auth, inventory, cursors, demo: Arc::default(), desks: sheet::Desks::default() })
    }

    /// The signer of cursors, for lists that are answered elsewhere under `/api/v1`.
    #[must_use]
    pub const fn cursors(&self) -> &Cursors {
        &self.cursors
    }
}

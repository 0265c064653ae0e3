//! Inventory: what the stores hold, and every reason it changed.

mod document;
mod event;
mod item;
mod ledger;
mod movement;
mod posting;
mod reverse;
mod sheet;
mod stock;
mod store;
mod verify;

pub use event::{Event, Moved, Opened, Posted};
pub use item::ItemFilter;
pub use movement::MovementFilter;
pub use stock::StockFilter;
pub use verify::Finding;

use auth::Auth;
use std::collections::HashMap;
use std::sync::{Arc, RwLock};

/// The ledger and what belongs to it. Cheap to clone.
#[derive(Clone)]
pub struct Inventory {
    auth: Auth,
    /// Stores by code: what is kept here of them never changes.
    sites: Arc<RwLock<HashMap<String, Arc<store::Site>>>>,
}

impl Inventory {
    /// Inventory behind Auth's door.
    #[must_use]
    pub fn new(auth: Auth) -> Self {
        Self { auth, sites: Arc::default() }
    }
}

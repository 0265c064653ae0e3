//! Inventory: what the stores hold, and every reason it changed.

mod alter;
mod approval;
mod arrival;
mod balance;
mod called;
mod category;
mod category_names;
mod change;
mod close;
mod code;
mod correction;
mod cost;
mod cost_sheet;
mod counting;
mod document;
mod event;
mod exception;
mod family;
mod find;
mod grid;
mod history;
mod holding;
mod image;
mod index;
mod inspect;
mod item;
mod kit;
mod ledger;
mod limit;
mod lookup;
mod lot;
mod movement;
mod narrow;
mod news;
mod pack;
mod paper;
mod place;
mod posting;
mod price;
mod product;
mod product_list;
mod promise;
mod purchase;
mod reach;
mod reorder;
mod reverse;
mod rules;
mod scale;
mod search;
mod sheet;
mod sold;
mod stock;
mod store;
mod stretch;
mod tax;
mod transfer;
mod transfer_found;
mod transfer_lines;
mod transfer_list;
mod transfer_move;
mod transfer_step;
mod transfer_worth;
mod verify;
mod verify_items;
mod words;
mod write;

pub use arrival::{Counted, CountedItem};
pub use called::Called;
pub use category_names::Renamed;
pub use change::Edit;
pub use code::fault as code_fault;
pub use correction::OPENING;
pub use cost::{Costed, CostedLine, costings};
pub use counting::{CountFilter, ReviewPart};
pub use event::{Event, Moved, Opened, Posted};
pub use exception::code::CodesTold;
pub use exception::{ExceptionFilter, Settled, Taken};
pub use family::told::Saved as FamilySaved;
pub use holding::Holding;
pub use image::BYTES_MAX as IMAGE_BYTES_MAX;
pub use item::ItemFilter;
pub use kit::{KitMoved, PartMoved};
pub use lot::{LotChanged, LotFilter, LotMoved};
pub use movement::MovementFilter;
pub use news::Changes;
pub use paper::{Author, Stepped, steps};
pub use price::told::Saved as PriceListSaved;
pub use promise::{OrderFilter, Promised, ReservationFilter, ReservationStep};
pub use purchase::{Delivered, Delivery};
pub use reorder::{Candidate, Ruled};
pub use search::Hit;
pub use sold::Behind;
pub use stock::StockFilter;
pub use tax::told::Saved as TaxClassSaved;
pub use verify::Finding;

use auth::Auth;
use std::collections::HashMap;
use std::sync::{Arc, RwLock};
use std::time::Instant;
use tokio::sync::Semaphore;

type Sites = HashMap<String, (Instant, Arc<store::Site>)>;

/// The ledger and what belongs to it. Cheap to clone.
#[derive(Clone)]
pub struct Inventory {
    auth: Auth,
    /// Open stores by code, and when each was read: only whether it is open can change.
    sites: Arc<RwLock<Sites>>,
    /// Whoever reads a picture has one of these.
    pictures: Arc<Semaphore>,
}

impl Inventory {
    /// Inventory behind Auth's door.
    #[must_use]
    pub fn new(auth: Auth) -> Self {
        Self { auth, sites: Arc::default(), pictures: Arc::new(Semaphore::new(image::TURNS)) }
    }
}

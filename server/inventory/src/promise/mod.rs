//! Promises: goods that are kept for somebody, for a while or for a customer's order.
//!
//! Invariant: `inventory_balance.reserved` is changed in this module only, in the act that writes the reservations behind it.

mod balance;
mod hold;
mod keep;
mod list;
mod order;
mod outlook;
mod places;
pub(crate) mod proof;
mod row;
mod told;

pub use list::ReservationFilter;
pub use order::OrderFilter;
pub use told::{Promised, ReservationStep};

pub(crate) use list::held;
pub(crate) use order::reopen;
pub(crate) use outlook::{Outlook, outlook};
pub(crate) use told::Kept;

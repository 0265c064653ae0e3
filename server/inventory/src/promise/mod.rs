//! Promises: goods that are kept for somebody, for a while or for a customer's order.
//!
//! Invariant: `inventory_balance.reserved` is changed in this module only, in the act that writes the reservations behind it.

mod balance;
mod hold;
mod keep;
mod list;
mod order;
mod outlook;
pub(crate) mod proof;
mod row;
mod told;

pub use list::ReservationFilter;
pub use order::OrderFilter;
pub use told::{Promised, ReservationStep};

pub(crate) use list::held;
pub(crate) use outlook::{Outlook, outlook};
pub(crate) use told::Kept;

use auth::Act;
use model::{Error, Result, Reused};
use serde::Serialize;

/// Ends an act whose answer is kept under the request's key, if it has one.
///
/// Errors: [`Reused::Key`] when a twin was faster: what it was answered is to be told.
async fn end<T: Serialize>(act: Act, event: crate::Event, status: u16, answer: &T) -> Result<()> {
    let done = act.commit_answering(event, status, answer).await?.ok_or(Error::Busy)?;
    if done.before.is_some() { Err(Error::Conflict(Reused::Key)) } else { Ok(()) }
}

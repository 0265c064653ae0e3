//! What people count of deliveries before they are booked in: told, booked in by whoever, or discarded.

use super::documents::Keyed;
use super::purchases::Plain;
use super::which;
use crate::Integration;
use crate::http::{Answered, Caller, Listed, Order, Problem, Problems, Query, Work, settle};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use inventory::Inventory;
use model::{Action, Actor, Arrival, NewArrival, Page, PostingId, Receipt, Result};
use serde::Deserialize;
use utoipa::IntoParams;

impl Answered for Arrival {}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// The store's code.
    store: String,
}

/// List what is being counted of deliveries
///
/// Each person's part of each delivery that is not booked in, the latest change first: the first 200. What is of one
/// purchase order, or of one delivery without, has the same `delivery`.
#[utoipa::path(get, path = "/arrivals", operation_id = "list_arrivals", tag = "documents", params(Asked), responses(
    (status = 200, description = "The parts.", body = Page<Arrival>), Problems
))]
pub(super) async fn list(
    State(it): State<Integration>,
    Caller(actor): Caller,
    Query(asked): Query<Asked>,
) -> Result<Listed<Arrival>, Problem> {
    let parts = it.inventory.arrivals(&actor, &asked.store, None).await?;
    Ok(Listed(Page { data: parts.data, as_of: parts.as_of, next: None }))
}

/// What somebody counts.
struct Sharing {
    inventory: Inventory,
    new: NewArrival,
}

impl Work for Sharing {
    type Answer = Arrival;
    const STATUS: StatusCode = StatusCode::OK;

    async fn permit(&self, actor: &Actor) -> Result<()> {
        self.inventory.store(actor, Action::Receive, &self.new.receipt.store).await.map(drop)
    }

    async fn carry_out(self, actor: &Actor) -> Result<Arrival> {
        self.inventory.share_arrival(actor, self.new).await
    }
}

/// Tell what you have counted so far
///
/// All of it, as the receipt that it becomes: others see it at once, and nothing is booked in yet. Post the same receipt
/// under its id to book it in; when somebody else was faster, only what goes beyond theirs is.
#[utoipa::path(post, path = "/arrivals", operation_id = "share_arrival", tag = "documents", params(Keyed), request_body = NewArrival, responses(
    (status = 200, description = "It is known; as it is now when something later was known before.", body = Arrival), Problems
))]
pub(super) async fn share(State(it): State<Integration>, order: Order<NewArrival>) -> Result<Response, Problem> {
    settle(it.auth, order.actor, Sharing { inventory: it.inventory, new: order.body }).await
}

/// A part that is booked in.
struct Booking {
    inventory: Inventory,
    arrival: PostingId,
}

impl Work for Booking {
    type Answer = Receipt;

    async fn permit(&self, actor: &Actor) -> Result<()> {
        self.inventory.may_receive(actor, self.arrival).await
    }

    async fn carry_out(self, actor: &Actor) -> Result<Receipt> {
        self.inventory.book_arrival(actor, self.arrival).await
    }
}

/// Book in what somebody counted
///
/// As far as it is known, whoever counted it; once, whoever else books it.
#[utoipa::path(post, path = "/arrivals/{id}/book", operation_id = "book_arrival", tag = "documents", request_body = Plain,
    params(Keyed, ("id" = PostingId, Path, description = "Whose part.")), responses(
    (status = 201, description = "It is booked in; also when it was before, with its first receipt.", body = Receipt), Problems
))]
pub(super) async fn book(
    State(it): State<Integration>,
    Path(id): Path<String>,
    order: Order<Plain>,
) -> Result<Response, Problem> {
    let booking = Booking { inventory: it.inventory, arrival: which(&id)? };
    settle(it.auth, order.actor, booking).await
}

/// A part that does not count.
struct Discarding {
    inventory: Inventory,
    arrival: PostingId,
}

impl Work for Discarding {
    type Answer = Arrival;
    const STATUS: StatusCode = StatusCode::OK;

    async fn permit(&self, actor: &Actor) -> Result<()> {
        self.inventory.may_receive(actor, self.arrival).await
    }

    async fn carry_out(self, actor: &Actor) -> Result<Arrival> {
        self.inventory.discard_arrival(actor, self.arrival).await
    }
}

/// Say that what somebody counted does not count
///
/// Nothing of it is booked in. It counts again when the device on which it was counted goes on.
#[utoipa::path(post, path = "/arrivals/{id}/discard", operation_id = "discard_arrival", tag = "documents", request_body = Plain,
    params(Keyed, ("id" = PostingId, Path, description = "Whose part.")), responses(
    (status = 200, description = "It is discarded; also when it was before.", body = Arrival), Problems
))]
pub(super) async fn discard(
    State(it): State<Integration>,
    Path(id): Path<String>,
    order: Order<Plain>,
) -> Result<Response, Problem> {
    let discarding = Discarding { inventory: it.inventory, arrival: which(&id)? };
    settle(it.auth, order.actor, discarding).await
}

//! Goods that are kept for a while: for a cart, or put aside.

use super::documents::Keyed;
use super::orders::Empty;
use super::which;
use crate::Integration;
use crate::http::{Caller, Limit, Listed, Order, Problem, Problems, Query, Work, moment_and_id, settle};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use inventory::{Inventory, ReservationFilter};
use model::{Action, Actor, Held, NewEnd, NewHold, Page, Reservation, ReservationId, ReservationState, Result};
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// The store, by its code.
    store: String,
    /// Only of this item.
    sku: Option<String>,
    /// Only in this state; what is kept when left out.
    #[param(inline)]
    state: Option<ReservationState>,
    /// How many at once.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// List reservations
///
/// What is kept for orders, carts and by hand, newest first.
#[utoipa::path(get, path = "/reservations", operation_id = "list_reservations", tag = "reservations", params(Asked), responses(
    (status = 200, description = "A page of reservations.", body = Page<Reservation>), Problems
))]
pub(super) async fn list(
    State(it): State<Integration>,
    Caller(actor): Caller,
    Query(asked): Query<Asked>,
) -> Result<Listed<Reservation>, Problem> {
    let list = format!("reservations {:?} {:?} {:?}", asked.store, asked.sku, asked.state);
    let after = it.cursors.after(&list, asked.cursor.as_deref(), moment_and_id)?;
    let Asked { store, sku, state, limit, .. } = asked;
    let page =
        it.inventory.reservations(&actor, &ReservationFilter { store, sku, state, after, limit: limit.rows() }).await?;
    Ok(Listed(it.cursors.signed(&list, page)))
}

struct Holding {
    inventory: Inventory,
    hold: NewHold,
}

impl Work for Holding {
    type Answer = Held;

    async fn permit(&self, actor: &Actor) -> Result<()> {
        self.inventory.store(actor, Action::Promise, &self.hold.store).await.map(drop)
    }

    async fn carry_out(self, actor: &Actor) -> Result<Held> {
        self.inventory.hold(actor, self.hold).await
    }
}

/// Reserve goods
///
/// For a while: all of the lines or none. Refused with 409 when what is there does not cover it and the item's policy
/// forbids.
#[utoipa::path(post, path = "/reservations", operation_id = "reserve", tag = "reservations", params(Keyed), request_body = NewHold, responses(
    (status = 201, description = "They are kept; also when the same (their ids) were before.", body = Held), Problems
))]
pub(super) async fn add(State(it): State<Integration>, order: Order<NewHold>) -> Result<Response, Problem> {
    let holding = Holding { inventory: it.inventory, hold: order.body };
    settle(it.auth, order.actor, holding).await
}

struct Changing {
    inventory: Inventory,
    id: ReservationId,
    /// Their new end; none to let them go.
    end: Option<NewEnd>,
}

impl Work for Changing {
    type Answer = Reservation;
    const STATUS: StatusCode = StatusCode::OK;

    async fn permit(&self, actor: &Actor) -> Result<()> {
        self.inventory.may_change_reservation(actor, self.id).await
    }

    async fn carry_out(self, actor: &Actor) -> Result<Reservation> {
        match self.end {
            Some(end) => self.inventory.extend(actor, self.id, end).await,
            None => self.inventory.release(actor, self.id).await,
        }
    }
}

/// Release a reservation
///
/// Before its time. What an order keeps is released by the order.
#[utoipa::path(post, path = "/reservations/{id}/release", operation_id = "release_reservation", tag = "reservations", params(
    ("id" = ReservationId, Path, description = "Which."), Keyed
), request_body = Empty, responses((status = 200, description = "It is released.", body = Reservation), Problems))]
pub(super) async fn release(
    State(it): State<Integration>,
    Path(id): Path<String>,
    order: Order<Empty>,
) -> Result<Response, Problem> {
    let changing = Changing { inventory: it.inventory, id: which(&id)?, end: None };
    settle(it.auth, order.actor, changing).await
}

/// Extend a reservation
///
/// Or shorten it: it gets a new end.
#[utoipa::path(post, path = "/reservations/{id}/extend", operation_id = "extend_reservation", tag = "reservations", params(
    ("id" = ReservationId, Path, description = "Which."), Keyed
), request_body = NewEnd, responses((status = 200, description = "It has a new end.", body = Reservation), Problems))]
pub(super) async fn extend(
    State(it): State<Integration>,
    Path(id): Path<String>,
    order: Order<NewEnd>,
) -> Result<Response, Problem> {
    let changing = Changing { inventory: it.inventory, id: which(&id)?, end: Some(order.body) };
    settle(it.auth, order.actor, changing).await
}

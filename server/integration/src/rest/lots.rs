//! Lots: what expires, what is called back, and where it went.

use super::documents::Keyed;
use super::which;
use crate::Integration;
use crate::http::{Answered, Caller, Limit, Listed, Nothing, Order, Problem, Problems, Query, Work, settle};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use inventory::{Inventory, LotFilter};
use model::{Actor, Lot, LotId, LotPatch, LotTrace, Page, Result};
use serde::Deserialize;
use utoipa::IntoParams;

impl Answered for Lot {}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// The store's code.
    store: String,
    /// Only this item.
    sku: Option<String>,
    /// Only those whose last good day is at most so many days away.
    within: Option<u16>,
    /// Only those that must not be sold: expired, held or recalled.
    #[serde(default)]
    barred: bool,
    /// Only those of which some is not set aside yet: what somebody still has to do something about.
    #[serde(default)]
    to_do: bool,
    /// How many at once.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// List lots
///
/// Those that a store has, what expires first at the top.
#[utoipa::path(get, path = "/lots", operation_id = "list_lots", tag = "stock", params(Asked), responses(
    (status = 200, description = "A page of lots.", body = Page<Lot>), Problems
))]
pub(super) async fn list(
    State(it): State<Integration>,
    Caller(actor): Caller,
    Query(asked): Query<Asked>,
) -> Result<Listed<Lot>, Problem> {
    let list = format!("lots {:?} {:?} {:?} {} {}", asked.store, asked.sku, asked.within, asked.barred, asked.to_do);
    let after =
        it.cursors.after(&list, asked.cursor.as_deref(), |[day, id]| Some((day.to_owned(), id.parse().ok()?)))?;
    let Asked { store, sku, within, barred, to_do, limit, .. } = asked;
    let filter = LotFilter { sku, within, barred, to_do, after, limit: limit.rows() };
    let page = it.inventory.lots(&actor, &store, &filter).await?;
    Ok(Listed(it.cursors.signed(&list, page)))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Number {
    /// The serial number, as it stands on the goods, or a GS1 label that says it (AI 21).
    serial: String,
}

/// Find a serial number
///
/// Each item that has a piece with that number, also one that is sold: its id leads to its trace. `on_hand` is 1 while one
/// of your stores has it.
#[utoipa::path(get, path = "/serials", operation_id = "find_serial", tag = "stock", params(Number), responses(
    (status = 200, description = "The pieces with that number, at most 20.", body = Page<Lot>), Problems
))]
pub(super) async fn serials(
    State(it): State<Integration>,
    Caller(actor): Caller,
    Query(Number { serial }): Query<Number>,
) -> Result<Listed<Lot>, Problem> {
    let page = it.inventory.serials(&actor, &serial).await?;
    Ok(Listed(page))
}

/// Trace a lot
///
/// Where it is, and what moved it: the deliveries it came with and their suppliers, to whom it went, transfers and
/// corrections, each with the document that it belongs to, as far as you may see stores. A customer's name and contact are
/// told to who may promise goods there.
#[utoipa::path(get, path = "/lots/{id}/trace", operation_id = "trace_lot", tag = "stock", params(("id" = LotId, Path, description = "Which.")), responses(
    (status = 200, description = "Where it is and went.", body = LotTrace), Problems
))]
pub(super) async fn trace(
    State(it): State<Integration>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    Query(Nothing {}): Query<Nothing>,
) -> Result<Json<LotTrace>, Problem> {
    Ok(Json(it.inventory.lot_trace(&actor, which(&id)?).await?))
}

struct Changing {
    inventory: Inventory,
    lot: LotId,
    patch: LotPatch,
}

impl Work for Changing {
    type Answer = Lot;
    const STATUS: StatusCode = StatusCode::OK;

    async fn permit(&self, actor: &Actor) -> Result<()> {
        self.inventory.permit_lot(actor, self.lot).await
    }

    async fn carry_out(self, actor: &Actor) -> Result<Lot> {
        self.inventory.change_lot(actor, self.lot, self.patch).await
    }
}

/// Hold, recall or release a lot, or correct its last day
///
/// In all stores. What is held or recalled is not promised any more; a till that sells it all the same opens an exception.
#[utoipa::path(patch, path = "/lots/{id}", operation_id = "change_lot", tag = "stock", params(
    ("id" = LotId, Path, description = "Which."), Keyed
), request_body = LotPatch, responses(
    (status = 200, description = "It is so now; also when it was before.", body = Lot), Problems
))]
pub(super) async fn change(
    State(it): State<Integration>,
    Path(id): Path<String>,
    order: Order<LotPatch>,
) -> Result<Response, Problem> {
    let changing = Changing { inventory: it.inventory, lot: which(&id)?, patch: order.body };
    settle(it.auth, order.actor, changing).await
}

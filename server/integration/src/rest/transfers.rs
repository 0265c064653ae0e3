//! Transfers between places, and the places themselves.

use super::corrections::Told;
use super::documents::Keyed;
use super::which;
use crate::Integration;
use crate::http::{
    Answered, Caller, Limit, Listed, Nothing, Order, Problem, Problems, Query, Work, moment_and_id, settle,
};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use inventory::Inventory;
use model::{
    Action, Actor, Correction, Error, LocationId, NewInspection, NewPlace, NewTransfer, NewTransferStep, Page, PaperId,
    Place, PlaceChange, Receipt, Result, SetAside, Transfer, TransferQuery, TransferRow,
};
use serde::Deserialize;
use utoipa::IntoParams;

impl Answered for Transfer {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}

impl Answered for Place {}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// The store, by its code.
    store: String,
    /// What comes to it from other stores; else what it sends.
    #[serde(default)]
    arriving: bool,
    /// What is done with, too.
    #[serde(default)]
    all: bool,
    /// How many at once.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// List transfers
///
/// What a store sends, or what comes to it; the latest step first. Without `all` only what waits for somebody.
#[utoipa::path(get, path = "/transfers", operation_id = "list_transfers", tag = "transfers", params(Asked), responses(
    (status = 200, description = "A page of transfers.", body = Page<TransferRow>), Problems
))]
pub(super) async fn list(
    State(it): State<Integration>,
    Caller(actor): Caller,
    Query(asked): Query<Asked>,
) -> Result<Listed<TransferRow>, Problem> {
    let list = format!("transfers {:?} {} {}", asked.store, asked.arriving, asked.all);
    let after = it.cursors.after(&list, asked.cursor.as_deref(), moment_and_id)?;
    let query = TransferQuery { store: asked.store, arriving: asked.arriving, all: asked.all };
    let page = it.inventory.transfers(&actor, &query, after, asked.limit.rows()).await?;
    Ok(Listed(it.cursors.signed(&list, page)))
}

/// Find a transfer
///
/// Its `ETag` is its version. Whoever may see one of its two stores may see it.
#[utoipa::path(get, path = "/transfers/{id}", operation_id = "find_transfer", tag = "transfers", params(("id" = PaperId, Path, description = "The transfer.")), responses(
    (status = 200, description = "The transfer.", body = Transfer), Problems
))]
pub(super) async fn show(
    State(it): State<Integration>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    Query(Nothing {}): Query<Nothing>,
) -> Result<Response, Problem> {
    let id: PaperId = which(&id)?;
    let transfer = it.inventory.transfer(&actor, id).await?.data;
    Ok(super::shown(transfer))
}

struct Opening {
    inventory: Inventory,
    new: NewTransfer,
}

impl Work for Opening {
    type Answer = Transfer;

    async fn permit(&self, actor: &Actor) -> Result<()> {
        self.inventory.store(actor, Action::Transfer, &self.new.store).await.map(drop)
    }

    async fn carry_out(self, actor: &Actor) -> Result<Transfer> {
        self.inventory.add_transfer(actor, self.new).await
    }
}

/// Write a transfer
///
/// A draft: nothing moves before it is dispatched. With no `to_store` it goes to another place of the same store.
#[utoipa::path(post, path = "/transfers", operation_id = "write_transfer", tag = "transfers", params(Keyed), request_body = NewTransfer, responses(
    (status = 201, description = "It is written; also when it was before, as it is now.", body = Transfer), Problems
))]
pub(super) async fn open(State(it): State<Integration>, order: Order<NewTransfer>) -> Result<Response, Problem> {
    let opening = Opening { inventory: it.inventory, new: order.body };
    settle(it.auth, order.actor, opening).await
}

struct Stepping {
    inventory: Inventory,
    id: PaperId,
    new: NewTransferStep,
}

impl Work for Stepping {
    type Answer = Transfer;
    const STATUS: StatusCode = StatusCode::OK;

    /// Which right the step itself needs, and in which of the two stores, Inventory decides.
    async fn permit(&self, actor: &Actor) -> Result<()> {
        if !actor.may(Action::Transfer.anywhere()) && !actor.may(Action::Approve.anywhere()) {
            return Err(Error::Forbidden(Action::Transfer));
        }
        self.inventory.transfer(actor, self.id).await.map(drop)
    }

    async fn carry_out(self, actor: &Actor) -> Result<Transfer> {
        self.inventory.step_transfer(actor, self.id, self.new).await
    }
}

/// Take a transfer a step further
///
/// `{"id": "…", "step": "dispatch"}` takes the goods from the sender; refused with 409 when the stock does not cover them.
/// `{"id": "…", "step": {"arrive": {"lines": […], "last": false}}}` books in what came, all of it when `lines` is empty;
/// what is missing when `last` is said is for the sender to `settle`: `home` or `written_off`. `cancel` asks the same once
/// the goods are on the way. With `version` nothing is done when somebody was faster (412).
#[utoipa::path(post, path = "/transfers/{id}/steps", operation_id = "step_transfer", tag = "transfers", params(
    ("id" = PaperId, Path, description = "The transfer."), Keyed
), request_body = NewTransferStep, responses(
    (status = 200, description = "It is done; also when it was before, under the same id.", body = Transfer), Problems
))]
pub(super) async fn step(
    State(it): State<Integration>,
    Path(id): Path<String>,
    order: Order<NewTransferStep>,
) -> Result<Response, Problem> {
    let id: PaperId = which(&id)?;
    let stepping = Stepping { inventory: it.inventory, id, new: order.body };
    settle(it.auth, order.actor, stepping).await
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PlacesAsked {
    /// The store, by its code.
    store: String,
}

/// List places
///
/// The rooms, shelves and bins of a store, by code; those given up too.
#[utoipa::path(get, path = "/places", operation_id = "list_places", tag = "places", params(PlacesAsked), responses(
    (status = 200, description = "The places.", body = Page<Place>), Problems
))]
pub(super) async fn places(
    State(it): State<Integration>,
    Caller(actor): Caller,
    Query(asked): Query<PlacesAsked>,
) -> Result<Listed<Place>, Problem> {
    let places = it.inventory.places(&actor, &asked.store).await?;
    Ok(Listed(Page { data: places.data, as_of: places.as_of, next: None }))
}

struct Adding {
    inventory: Inventory,
    new: NewPlace,
}

impl Work for Adding {
    type Answer = Place;

    async fn permit(&self, actor: &Actor) -> Result<()> {
        self.inventory.store(actor, Action::EditItems, &self.new.store).await.map(drop)
    }

    async fn carry_out(self, actor: &Actor) -> Result<Place> {
        self.inventory.add_place(actor, self.new).await
    }
}

/// Add a place
///
/// A room, a shelf or a bin. Goods come to it by transfer; sales leave from `SHOP`.
#[utoipa::path(post, path = "/places", operation_id = "add_place", tag = "places", params(Keyed), request_body = NewPlace, responses(
    (status = 201, description = "It is added.", body = Place), Problems
))]
pub(super) async fn add_place(State(it): State<Integration>, order: Order<NewPlace>) -> Result<Response, Problem> {
    let adding = Adding { inventory: it.inventory, new: order.body };
    settle(it.auth, order.actor, adding).await
}

struct Changing {
    inventory: Inventory,
    id: LocationId,
    change: PlaceChange,
}

impl Work for Changing {
    type Answer = Place;
    const STATUS: StatusCode = StatusCode::OK;

    async fn permit(&self, actor: &Actor) -> Result<()> {
        self.inventory.may_change_place(actor, self.id).await
    }

    async fn carry_out(self, actor: &Actor) -> Result<Place> {
        self.inventory.change_place(actor, self.id, self.change).await
    }
}

/// Change a place
///
/// Its name; or it is given up, which only an empty one is, or taken up again.
#[utoipa::path(patch, path = "/places/{id}", operation_id = "change_place", tag = "places", params(
    ("id" = LocationId, Path, description = "The place."), Keyed
), request_body = PlaceChange, responses(
    (status = 200, description = "It is changed.", body = Place), Problems
))]
pub(super) async fn change_place(
    State(it): State<Integration>,
    Path(id): Path<String>,
    order: Order<PlaceChange>,
) -> Result<Response, Problem> {
    let id: LocationId = which(&id)?;
    let changing = Changing { inventory: it.inventory, id, change: order.body };
    settle(it.auth, order.actor, changing).await
}

struct Inspecting {
    inventory: Inventory,
    new: NewInspection,
}

impl Work for Inspecting {
    type Answer = Told;

    async fn permit(&self, actor: &Actor) -> Result<()> {
        self.inventory.store(actor, Action::Adjust, &self.new.store).await.map(drop)
    }

    async fn carry_out(self, actor: &Actor) -> Result<Told> {
        self.inventory.inspect(actor, self.new).await.map(Told::from)
    }
}

/// List set-aside goods
///
/// What somebody or a return put into quarantine and nobody has looked at yet, by name: the first 200, each lot by itself.
#[utoipa::path(get, path = "/inspections", operation_id = "list_set_aside", tag = "documents", params(PlacesAsked), responses(
    (status = 200, description = "The goods.", body = Page<SetAside>), Problems
))]
pub(super) async fn set_aside(
    State(it): State<Integration>,
    Caller(actor): Caller,
    Query(asked): Query<PlacesAsked>,
) -> Result<Listed<SetAside>, Problem> {
    Ok(Listed(it.inventory.set_aside(&actor, &asked.store, 200).await?))
}

/// Set goods aside, or say what became of them
///
/// With `"aside":true` goods that are on sale go into quarantine. Of goods in quarantine: they may be sold, or with
/// `"scrap":true` they are good for nothing. Worth more than the store's limit for corrections, that waits as an adjustment
/// does: 202 answers with the correction, and the goods stay set aside.
#[utoipa::path(post, path = "/inspections", operation_id = "inspect", tag = "documents", params(Keyed), request_body = NewInspection, responses(
    (status = 201, description = "It is posted; also when it was posted before, with its first receipt.", body = Receipt),
    (status = 202, description = "It waits, or waited: as it is now.", body = Correction), Problems
))]
pub(super) async fn inspect(State(it): State<Integration>, order: Order<NewInspection>) -> Result<Response, Problem> {
    let inspecting = Inspecting { inventory: it.inventory, new: order.body };
    settle(it.auth, order.actor, inspecting).await
}

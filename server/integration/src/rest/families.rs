//! Families: items that are one product in several sizes or colours.

use super::documents::Keyed;
use super::which;
use crate::Integration;
use crate::http::{Answered, Caller, Limit, Listed, Order, Problem, Problems, Query, Work, settle};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use inventory::Inventory;
use model::{Action, Actor, Error, Family, FamilyId, NewFamily, Page, Result, Variants};
use serde::Deserialize;
use utoipa::IntoParams;

impl Answered for Variants {}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Paged {
    /// How many at once.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// List families
///
/// Products whose items differ in size, colour or the like, by name; those that have no items any more are left out.
#[utoipa::path(get, path = "/families", operation_id = "list_families", tag = "items", params(Paged), responses(
    (status = 200, description = "A page of families.", body = Page<Family>), Problems
))]
pub(super) async fn list(
    State(it): State<Integration>,
    Caller(actor): Caller,
    Query(asked): Query<Paged>,
) -> Result<Listed<Family>, Problem> {
    let after = it.cursors.asked("families", asked.cursor.as_deref())?;
    let after = after.map(|id| which(&id)).transpose()?;
    let page = it.inventory.families(&actor, after, asked.limit.rows()).await?;
    Ok(Listed(it.cursors.signed("families", page)))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// A store, by its code: then each item says what is there of it.
    store: Option<String>,
}

/// Show a family
///
/// With its items, in the order of the options' values.
#[utoipa::path(get, path = "/families/{id}", operation_id = "show_family", tag = "items", params(
    ("id" = FamilyId, Path, description = "The family."), Asked
), responses(
    (status = 200, description = "The family and its items.", body = Variants), Problems
))]
pub(super) async fn show(
    State(it): State<Integration>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Json<Variants>, Problem> {
    Ok(Json(it.inventory.family(&actor, which(&id)?, asked.store.as_deref()).await?.data))
}

struct Saving {
    inventory: Inventory,
    id: FamilyId,
    new: NewFamily,
}

impl Work for Saving {
    type Answer = Variants;
    const STATUS: StatusCode = StatusCode::OK;

    async fn permit(&self, actor: &Actor) -> Result<()> {
        let right = Action::EditItems;
        if actor.may(right.anywhere()) { Ok(()) } else { Err(Error::Forbidden(right)) }
    }

    async fn carry_out(self, actor: &Actor) -> Result<Variants> {
        self.inventory.save_family(actor, self.id, self.new).await
    }
}

/// Save a family
///
/// All of it, under an id that you make: an item joins by being in `items`, and leaves by being left out. One with `make` is
/// added, like the item that `like` names. `version` is the one that was read, 0 for a family that is not there yet; when
/// somebody changed it since, the answer is 412. Each item has one value for each option, no two the same; an item is in one
/// family at most.
#[utoipa::path(put, path = "/families/{id}", operation_id = "save_family", tag = "items", params(
    ("id" = FamilyId, Path, description = "The family."), Keyed
), request_body = NewFamily, responses(
    (status = 200, description = "It is so.", body = Variants), Problems
))]
pub(super) async fn save(
    State(it): State<Integration>,
    Path(id): Path<String>,
    order: Order<NewFamily>,
) -> Result<Response, Problem> {
    let id: FamilyId = which(&id)?;
    let saving = Saving { inventory: it.inventory, id, new: order.body };
    settle(it.auth, order.actor, saving).await
}

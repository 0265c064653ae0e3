//! Prices beside the items' own.

use super::documents::Keyed;
use super::which;
use crate::Integration;
use crate::http::{Answered, Caller, Listed, Order, Problem, Problems, Query, Work, settle};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use inventory::Inventory;
use model::{Action, Actor, Error, NewPriceList, Page, PriceList, PriceListId, Prices, Result};
use serde::Deserialize;
use utoipa::IntoParams;

impl Answered for Prices {}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// The store, by its code.
    store: String,
}

/// List price lists
///
/// Those of a store and those of all stores, by name.
#[utoipa::path(get, path = "/price-lists", operation_id = "list_price_lists", tag = "items", params(Asked), responses(
    (status = 200, description = "The lists.", body = Page<PriceList>), Problems
))]
pub(super) async fn list(
    State(it): State<Integration>,
    Caller(actor): Caller,
    Query(asked): Query<Asked>,
) -> Result<Listed<PriceList>, Problem> {
    Ok(Listed(it.inventory.price_lists(&actor, &asked.store).await?))
}

/// Show a price list
#[utoipa::path(get, path = "/price-lists/{id}", operation_id = "show_price_list", tag = "items", params(
    ("id" = PriceListId, Path, description = "The list.")
), responses(
    (status = 200, description = "The list and its lines.", body = Prices), Problems
))]
pub(super) async fn show(
    State(it): State<Integration>,
    Caller(actor): Caller,
    Path(id): Path<String>,
) -> Result<Json<Prices>, Problem> {
    Ok(Json(it.inventory.price_list(&actor, which(&id)?).await?.data))
}

struct Saving {
    inventory: Inventory,
    id: PriceListId,
    new: NewPriceList,
}

impl Work for Saving {
    type Answer = Prices;
    const STATUS: StatusCode = StatusCode::OK;

    /// A list of all stores needs the right in all of them, as Inventory says.
    async fn permit(&self, actor: &Actor) -> Result<()> {
        let right = Action::EditItems;
        match &self.new.store {
            Some(store) => self.inventory.store(actor, right, store).await.map(drop),
            None if actor.may(right.anywhere()) => Ok(()),
            None => Err(Error::Forbidden(right)),
        }
    }

    async fn carry_out(self, actor: &Actor) -> Result<Prices> {
        self.inventory.save_price_list(actor, self.id, self.new).await
    }
}

/// Save a price list
///
/// All of it, under an id that you make: lines that are left out go. `version` is the one that was read, 0 for a list that is
/// not there yet; when somebody changed it since, the answer is 412. Of the lists that hold in a store on a day the lowest
/// price counts, the item's own among them; where a list `overrides`, its price stands.
#[utoipa::path(put, path = "/price-lists/{id}", operation_id = "save_price_list", tag = "items", params(
    ("id" = PriceListId, Path, description = "The list."), Keyed
), request_body = NewPriceList, responses(
    (status = 200, description = "It is so.", body = Prices), Problems
))]
pub(super) async fn save(
    State(it): State<Integration>,
    Path(id): Path<String>,
    order: Order<NewPriceList>,
) -> Result<Response, Problem> {
    let id: PriceListId = which(&id)?;
    let saving = Saving { inventory: it.inventory, id, new: order.body };
    settle(it.auth, order.actor, saving).await
}

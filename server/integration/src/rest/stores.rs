//! The stores that a caller may see, and their rules.

use super::documents::Keyed;
use crate::Integration;
use crate::http::{Answered, Caller, Listed, Nothing, Order, Problem, Problems, Query, Work, settle};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use inventory::Inventory;
use model::{Action, Actor, Error, Page, Result, RulesPatch, Store, StoreRules};

impl Answered for StoreRules {}

/// List stores
///
/// All that the key may look into, by code.
#[utoipa::path(get, path = "/stores", operation_id = "list_stores", tag = "stores", responses(
    (status = 200, description = "The stores.", body = Page<Store>), Problems
))]
pub(super) async fn list(
    State(it): State<Integration>,
    Caller(actor): Caller,
    Query(Nothing {}): Query<Nothing>,
) -> Result<Listed<Store>, Problem> {
    let data = it.inventory.stores(&actor).await?;
    let mut tx = it.auth.read(&actor, Action::SeeStock.anywhere()).await?;
    let as_of = it.auth.log().head(&mut tx).await?;
    Ok(Listed(Page { data, as_of, next: None }))
}

/// Find a store
///
/// With its rules: up to which day its books are closed, and above which values somebody else approves.
#[utoipa::path(get, path = "/stores/{code}", operation_id = "find_store", tag = "stores", params(("code" = String, Path, description = "Its code.")), responses(
    (status = 200, description = "The store.", body = StoreRules), Problems
))]
pub(super) async fn show(
    State(it): State<Integration>,
    Caller(actor): Caller,
    Path(code): Path<String>,
    Query(Nothing {}): Query<Nothing>,
) -> Result<Json<StoreRules>, Problem> {
    Ok(Json(it.inventory.rules(&actor, &code).await?))
}

struct Changing {
    inventory: Inventory,
    code: String,
    patch: RulesPatch,
}

impl Work for Changing {
    type Answer = StoreRules;
    const STATUS: StatusCode = StatusCode::OK;

    /// In which stores, Inventory decides.
    async fn permit(&self, actor: &Actor) -> Result<()> {
        let rights = [Action::ManageStores, Action::Approve];
        let may = rights.into_iter().any(|right| actor.may(right.anywhere()));
        if may { Ok(()) } else { Err(Error::Forbidden(Action::ManageStores)) }
    }

    async fn carry_out(self, actor: &Actor) -> Result<StoreRules> {
        self.inventory.change_rules(actor, &self.code, self.patch).await
    }
}

/// Change a store's rules
///
/// What is left out stays. `lock_day` is the last day of which nothing is posted any more, on the store's clock, and
/// before today; empty lifts it. A document that says it happened on or before it is refused (`locked`); what a till
/// sold or took back is booked at the first moment that is open. `limits` names kinds of documents, and above which
/// amount somebody else approves them than who wrote them; `null` for never.
#[utoipa::path(patch, path = "/stores/{code}", operation_id = "change_store", tag = "stores", params(
    ("code" = String, Path, description = "Its code."), Keyed
), request_body = RulesPatch, responses(
    (status = 200, description = "It is so.", body = StoreRules), Problems
))]
pub(super) async fn change(
    State(it): State<Integration>,
    Path(code): Path<String>,
    order: Order<RulesPatch>,
) -> Result<Response, Problem> {
    let changing = Changing { inventory: it.inventory, code, patch: order.body };
    settle(it.auth, order.actor, changing).await
}

//! Returns to suppliers: what goes back, and whether it was credited.

use super::documents::Keyed;
use super::items::seen;
use super::which;
use crate::Integration;
use crate::http::{
    Answered, Caller, Limit, Listed, Nothing, Order, Problem, Problems, Query, Work, moment_and_id, settle,
};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use inventory::Inventory;
use model::{
    Action, Actor, Error, NewSupplierReturn, Page, PaperId, Result, SupplierCredit, SupplierReturn,
    SupplierReturnQuery, SupplierReturnRow, SupplierReturnState,
};
use serde::Deserialize;
use utoipa::IntoParams;

impl Answered for SupplierReturn {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// The store's code.
    store: String,
    /// Only those in this state.
    #[serde(default)]
    #[param(inline)]
    state: Option<SupplierReturnState>,
    /// How many at once.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// List returns to suppliers
///
/// Of one store, the latest step first.
#[utoipa::path(get, path = "/supplier-returns", operation_id = "list_supplier_returns", tag = "purchasing", params(Asked), responses(
    (status = 200, description = "A page of returns to suppliers.", body = Page<SupplierReturnRow>), Problems
))]
pub(super) async fn list(
    State(it): State<Integration>,
    Caller(actor): Caller,
    Query(asked): Query<Asked>,
) -> Result<Listed<SupplierReturnRow>, Problem> {
    let list = format!("supplier-returns {:?} {:?}", asked.store, asked.state);
    let after = it.cursors.after(&list, asked.cursor.as_deref(), moment_and_id)?;
    let query = SupplierReturnQuery { store: asked.store, state: asked.state, after };
    let page = it.inventory.supplier_returns(&actor, &query, asked.limit.rows()).await?;
    Ok(Listed(it.cursors.signed(&list, page)))
}

/// Find a return to a supplier
///
/// Its `ETag` is its version.
#[utoipa::path(get, path = "/supplier-returns/{id}", operation_id = "find_supplier_return", tag = "purchasing", params(("id" = PaperId, Path, description = "Which.")), responses(
    (status = 200, description = "The return.", body = SupplierReturn), Problems
))]
pub(super) async fn show(
    State(it): State<Integration>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    Query(Nothing {}): Query<Nothing>,
) -> Result<Response, Problem> {
    let found = it.inventory.supplier_return(&actor, which(&id)?).await?.data;
    Ok(super::shown(found))
}

struct Sending {
    inventory: Inventory,
    new: NewSupplierReturn,
}

impl Work for Sending {
    type Answer = SupplierReturn;

    async fn permit(&self, actor: &Actor) -> Result<()> {
        self.inventory.store(actor, Action::Purchase, &self.new.store).await.map(drop)
    }

    async fn carry_out(self, actor: &Actor) -> Result<SupplierReturn> {
        self.inventory.send_back(actor, self.new).await
    }
}

/// Send goods back to a supplier
///
/// They leave the shelf, or with `"condition": "quarantine"` what was set aside; of what is told apart by lot each line
/// names its `lot`, also one that must not be sold. With `order` no more goes back than came with it. More than is there
/// is 409, unless the item's policy allows it. Undone by `POST /postings/{id}/reverse`, as long as it is not credited.
#[utoipa::path(post, path = "/supplier-returns", operation_id = "send_back", tag = "purchasing", params(Keyed), request_body = NewSupplierReturn, responses(
    (status = 201, description = "They are gone; also when this same return (its id) was sent before.", body = SupplierReturn), Problems
))]
pub(super) async fn send(State(it): State<Integration>, order: Order<NewSupplierReturn>) -> Result<Response, Problem> {
    let sending = Sending { inventory: it.inventory, new: order.body };
    settle(it.auth, order.actor, sending).await
}

struct Crediting {
    inventory: Inventory,
    id: PaperId,
    seen: Option<i64>,
    credit: SupplierCredit,
}

impl Work for Crediting {
    type Answer = SupplierReturn;
    const STATUS: StatusCode = StatusCode::OK;

    async fn permit(&self, actor: &Actor) -> Result<()> {
        if !actor.may(Action::Purchase.anywhere()) {
            return Err(Error::Forbidden(Action::Purchase));
        }
        self.inventory.supplier_return(actor, self.id).await.map(drop)
    }

    async fn carry_out(self, actor: &Actor) -> Result<SupplierReturn> {
        self.inventory.credit_supplier_return(actor, self.id, self.seen, self.credit).await
    }
}

/// Say that a return to a supplier was credited
///
/// By the `number` of their credit note; without one it waits for that again.
#[utoipa::path(post, path = "/supplier-returns/{id}/credit", operation_id = "credit_supplier_return", tag = "purchasing", params(
    ("id" = PaperId, Path, description = "Which."),
    ("If-Match" = Option<String>, Header, description = "The ETag of the return as you saw it: with another version, nothing is done."),
    Keyed
), request_body = SupplierCredit, responses(
    (status = 200, description = "It is so now; also when it was before.", body = SupplierReturn), Problems
))]
pub(super) async fn credit(
    State(it): State<Integration>,
    Path(id): Path<String>,
    headers: HeaderMap,
    order: Order<SupplierCredit>,
) -> Result<Response, Problem> {
    let (id, seen) = (which(&id)?, seen(&headers));
    settle(it.auth, order.actor, Crediting { inventory: it.inventory, id, seen, credit: order.body }).await
}

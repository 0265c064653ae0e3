//! What does not add up in a store, and waits for somebody: what there is, who is on it, and that it is settled.

use super::documents::Keyed;
use super::purchases::Because;
use super::which;
use crate::Integration;
use crate::http::{self, Answered, Caller, Limit, Listed, Order, Problem, Problems, Query, Work, moment_and_id};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use inventory::{ExceptionFilter, Inventory};
use model::{Actor, ExceptionId, ExceptionKind, Page, Result, StockException};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

impl Answered for StockException {}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// The store's code.
    store: String,
    /// Only those of a kind.
    #[param(inline)]
    kind: Option<ExceptionKind>,
    /// How many at once.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// List exceptions
///
/// Those that are open in a store, the oldest first, each with who is on it. They close by themselves with what takes
/// their cause away: a delivery, a count, an item that gets the code, a cost that is told.
#[utoipa::path(get, path = "/exceptions", operation_id = "list_exceptions", tag = "stock", params(Asked), responses(
    (status = 200, description = "A page of exceptions.", body = Page<StockException>), Problems
))]
pub(super) async fn list(
    State(it): State<Integration>,
    Caller(actor): Caller,
    Query(asked): Query<Asked>,
) -> Result<Listed<StockException>, Problem> {
    let list = format!("exceptions {:?} {:?}", asked.store, asked.kind);
    let after = it.cursors.after(&list, asked.cursor.as_deref(), moment_and_id)?;
    let filter = ExceptionFilter { kind: asked.kind, after, limit: asked.limit.rows() };
    let page = it.inventory.exception_page(&actor, &asked.store, &filter).await?;
    Ok(Listed(it.cursors.signed(&list, page)))
}

/// Whether you are on it.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Taking {
    /// You are, also when this is left out; `false` gives it back.
    #[serde(default = "yes")]
    on: bool,
    /// Take it over from whoever is on it.
    #[serde(default)]
    over: bool,
}

const fn yes() -> bool {
    true
}

/// What becomes of one.
enum Step {
    Take(Taking),
    Settle(Because),
}

struct Stepping {
    inventory: Inventory,
    id: ExceptionId,
    step: Step,
}

impl Work for Stepping {
    type Answer = StockException;
    const STATUS: StatusCode = StatusCode::OK;

    async fn permit(&self, actor: &Actor) -> Result<()> {
        self.inventory.may_settle(actor, self.id).await
    }

    async fn carry_out(self, actor: &Actor) -> Result<StockException> {
        match self.step {
            Step::Take(Taking { on, over }) => self.inventory.take_exception(actor, self.id, on, over).await,
            Step::Settle(Because { reason }) => self.inventory.settle_exception(actor, self.id, &reason).await,
        }
    }
}

/// Take an exception
///
/// Others see that you are on it. What somebody else is on, or settled, is refused with 412 `changed`; `over` takes it over.
#[utoipa::path(post, path = "/exceptions/{id}/take", operation_id = "take_exception", tag = "stock", request_body = Taking,
    params(("id" = ExceptionId, Path, description = "Which."), Keyed), responses(
    (status = 200, description = "It is yours, or given back.", body = StockException), Problems
))]
pub(super) async fn take(
    State(it): State<Integration>,
    Path(id): Path<String>,
    order: Order<Taking>,
) -> Result<Response, Problem> {
    let stepping = Stepping { inventory: it.inventory, id: which(&id)?, step: Step::Take(order.body) };
    http::settle(it.auth, order.actor, stepping).await
}

/// Settle an exception
///
/// Nothing has to be done about it, or it was handled: say why. What takes its cause away closes it by itself.
#[utoipa::path(post, path = "/exceptions/{id}/settle", operation_id = "settle_exception", tag = "stock", request_body = Because,
    params(("id" = ExceptionId, Path, description = "Which."), Keyed), responses(
    (status = 200, description = "It is settled; also when it was before, for the same reason.", body = StockException), Problems
))]
pub(super) async fn settle(
    State(it): State<Integration>,
    Path(id): Path<String>,
    order: Order<Because>,
) -> Result<Response, Problem> {
    let stepping = Stepping { inventory: it.inventory, id: which(&id)?, step: Step::Settle(order.body) };
    http::settle(it.auth, order.actor, stepping).await
}

//! Counts: opening them, writing down what was counted, handing them in. Reviewing, approving and booking are a person's.

use super::documents::Keyed;
use super::which;
use crate::Integration;
use crate::http::{
    Answered, Caller, Limit, Listed, Nothing, Order, Problem, Problems, Query, Work, moment_and_id, settle,
};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use inventory::{CountFilter, Inventory};
use model::{
    Action, Actor, CountDone, CountEntered, Counting, NewCountEntries, NewStockCount, Page, PaperId, Result, StockCount,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

impl Answered for StockCount {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}

impl Answered for CountEntered {}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct CountsAsked {
    /// The store's code.
    store: String,
    /// Only those that are not posted, rejected or cancelled.
    #[serde(default)]
    open: bool,
    /// How many at once.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// List counts
///
/// Of one store, the one that was brought further last first.
#[utoipa::path(get, path = "/counts", operation_id = "list_counts", tag = "counts", params(CountsAsked), responses(
    (status = 200, description = "A page of counts.", body = Page<StockCount>), Problems
))]
pub(super) async fn list(
    State(it): State<Integration>,
    Caller(actor): Caller,
    Query(asked): Query<CountsAsked>,
) -> Result<Listed<StockCount>, Problem> {
    let list = format!("counts {:?} {:?}", asked.store, asked.open);
    let after = it.cursors.after(&list, asked.cursor.as_deref(), moment_and_id)?;
    let filter = CountFilter { store: asked.store, open: asked.open, after, limit: asked.limit.rows() };
    let page = it.inventory.stock_counts(&actor, &filter).await?;
    Ok(Listed(it.cursors.signed(&list, page)))
}

/// Show a count
///
/// Its head: where it stands, and what came of it once it is approved. Never what is expected to be there.
#[utoipa::path(get, path = "/counts/{id}", operation_id = "show_count", tag = "counts",
    params(("id" = PaperId, Path, description = "Which count.")), responses(
    (status = 200, description = "The count.", body = StockCount), Problems
))]
pub(super) async fn show(
    State(it): State<Integration>,
    Caller(actor): Caller,
    Path(count): Path<String>,
    Query(Nothing {}): Query<Nothing>,
) -> Result<Json<StockCount>, Problem> {
    Ok(Json(it.inventory.stock_count(&actor, which(&count)?).await?.data))
}

/// Show who counts what
///
/// Who counts, the last entries, and what is still to be counted, the whole store's included. Never what is expected.
#[utoipa::path(get, path = "/counts/{id}/progress", operation_id = "show_count_progress", tag = "counts",
    params(("id" = PaperId, Path, description = "Which count.")), responses(
    (status = 200, description = "The count in progress.", body = Counting), Problems
))]
pub(super) async fn progress(
    State(it): State<Integration>,
    Caller(actor): Caller,
    Path(count): Path<String>,
    Query(Nothing {}): Query<Nothing>,
) -> Result<Json<Counting>, Problem> {
    Ok(Json(it.inventory.counting(&actor, which(&count)?, true).await?))
}

struct Opening {
    inventory: Inventory,
    new: NewStockCount,
}

impl Work for Opening {
    type Answer = StockCount;

    async fn permit(&self, actor: &Actor) -> Result<()> {
        self.inventory.store(actor, Action::Count, &self.new.store).await.map(drop)
    }

    async fn carry_out(self, actor: &Actor) -> Result<StockCount> {
        self.inventory.open_count(actor, self.new).await
    }
}

/// Open a count
///
/// Of the whole store, of some items, or of those that a plan chooses at this moment.
#[utoipa::path(post, path = "/counts", operation_id = "open_count", tag = "counts", params(Keyed), request_body = NewStockCount, responses(
    (status = 201, description = "It is open; also when this same count (its id) was opened before.", body = StockCount), Problems
))]
pub(super) async fn open(State(it): State<Integration>, order: Order<NewStockCount>) -> Result<Response, Problem> {
    let opening = Opening { inventory: it.inventory, new: order.body };
    settle(it.auth, order.actor, opening).await
}

/// A step of a count that is there.
struct Step<T> {
    inventory: Inventory,
    count: PaperId,
    body: T,
}

/// Whoever may count there may be told what came of it before.
async fn permitted(inventory: &Inventory, actor: &Actor, count: PaperId) -> Result<()> {
    inventory.may_count(actor, count).await
}

impl Work for Step<NewCountEntries> {
    type Answer = CountEntered;
    const STATUS: StatusCode = StatusCode::OK;

    async fn permit(&self, actor: &Actor) -> Result<()> {
        permitted(&self.inventory, actor, self.count).await
    }

    async fn carry_out(self, actor: &Actor) -> Result<CountEntered> {
        self.inventory.enter_counts(actor, self.count, self.body).await
    }
}

/// Write down what was counted
///
/// Entries of one item add up, whoever makes them; the same id counts once. What cannot be counted is told under `aside`,
/// and the rest counts all the same.
#[utoipa::path(post, path = "/counts/{id}/entries", operation_id = "enter_counts", tag = "counts", request_body = NewCountEntries,
    params(Keyed, ("id" = PaperId, Path, description = "In which count.")), responses(
    (status = 200, description = "They are written down.", body = CountEntered), Problems
))]
pub(super) async fn enter(
    State(it): State<Integration>,
    Path(count): Path<String>,
    order: Order<NewCountEntries>,
) -> Result<Response, Problem> {
    let step = Step { inventory: it.inventory, count: which(&count)?, body: order.body };
    settle(it.auth, order.actor, step).await
}

impl Work for Step<CountDone> {
    type Answer = StockCount;
    const STATUS: StatusCode = StatusCode::OK;

    async fn permit(&self, actor: &Actor) -> Result<()> {
        permitted(&self.inventory, actor, self.count).await
    }

    async fn carry_out(self, actor: &Actor) -> Result<StockCount> {
        self.inventory.submit_count(actor, self.count, None, self.body).await
    }
}

/// Hand a count in
///
/// A person looks at what differs, and approves it. What nobody counted stays as it is, unless `none_found` says otherwise.
#[utoipa::path(post, path = "/counts/{id}/hand-in", operation_id = "hand_in_count", tag = "counts", request_body = CountDone,
    params(Keyed, ("id" = PaperId, Path, description = "Which count.")), responses(
    (status = 200, description = "It is handed in.", body = StockCount), Problems
))]
pub(super) async fn hand_in(
    State(it): State<Integration>,
    Path(count): Path<String>,
    order: Order<CountDone>,
) -> Result<Response, Problem> {
    let step = Step { inventory: it.inventory, count: which(&count)?, body: order.body };
    settle(it.auth, order.actor, step).await
}

/// Nothing more to say.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GivenUp {}

impl Work for Step<GivenUp> {
    type Answer = StockCount;
    const STATUS: StatusCode = StatusCode::OK;

    async fn permit(&self, actor: &Actor) -> Result<()> {
        permitted(&self.inventory, actor, self.count).await
    }

    async fn carry_out(self, actor: &Actor) -> Result<StockCount> {
        self.inventory.cancel_count(actor, self.count, None).await
    }
}

/// Give a count up
///
/// Before it is handed in. Nothing of it is booked.
#[utoipa::path(post, path = "/counts/{id}/cancel", operation_id = "cancel_count", tag = "counts", request_body = GivenUp,
    params(Keyed, ("id" = PaperId, Path, description = "Which count.")), responses(
    (status = 200, description = "It is given up.", body = StockCount), Problems
))]
pub(super) async fn cancel(
    State(it): State<Integration>,
    Path(count): Path<String>,
    order: Order<GivenUp>,
) -> Result<Response, Problem> {
    let step = Step { inventory: it.inventory, count: which(&count)?, body: order.body };
    settle(it.auth, order.actor, step).await
}

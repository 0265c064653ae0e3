//! Customers' orders: written, confirmed, picked, handed over, cancelled, closed.

use super::documents::Keyed;
use super::items::{if_match, seen};
use super::which;
use crate::Integration;
use crate::http::{Caller, Limit, Listed, Nothing, Order, Problem, Problems, Query, Work, moment_and_id, settle};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use inventory::{Inventory, OrderFilter};
use model::{
    Action, Actor, Cancelling, HandOver, KeepUntil, NewOrder, OrderContent, OrderRow, Page, PaperId, Picking, Result,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// The store, by its code.
    store: String,
    /// Only in this state, such as `confirmed`.
    state: Option<String>,
    /// The number of one, or part of the reference, the customer's name or the contact of one of the latest 2 000: at most 64
    /// characters. What is known of customers is looked through for keys that may promise there.
    #[serde(default)]
    #[param(max_length = 64)]
    search: String,
    /// How many at once.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// List orders
///
/// The latest step first. Who they are for is told to keys that may promise there.
#[utoipa::path(get, path = "/orders", operation_id = "list_orders", tag = "orders", params(Asked), responses(
    (status = 200, description = "A page of orders.", body = Page<OrderRow>), Problems
))]
pub(super) async fn list(
    State(it): State<Integration>,
    Caller(actor): Caller,
    Query(asked): Query<Asked>,
) -> Result<Listed<OrderRow>, Problem> {
    if asked.search.chars().count() > 64 {
        return Err(Problem::unreadable(model::Flaw::new("search", "too_long", "search with at most 64 characters")));
    }
    let list = format!("orders {:?} {:?} {:?}", asked.store, asked.state, asked.search);
    let after = it.cursors.after(&list, asked.cursor.as_deref(), moment_and_id)?;
    let Asked { store, state, search, limit, .. } = asked;
    let filter = OrderFilter { store, state, search, after, limit: limit.rows() };
    let page = it.inventory.orders(&actor, &filter).await?;
    Ok(Listed(it.cursors.signed(&list, page)))
}

/// Show an order
///
/// With its lines. Its `ETag` is its version, for `If-Match`.
#[utoipa::path(get, path = "/orders/{id}", operation_id = "show_order", tag = "orders",
    params(("id" = PaperId, Path, description = "Which.")), responses(
    (status = 200, description = "The order.", body = model::Order), Problems
))]
pub(super) async fn show(
    State(it): State<Integration>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    Query(Nothing {}): Query<Nothing>,
) -> Result<Response, Problem> {
    let order = it.inventory.order(&actor, which(&id)?).await?.data;
    Ok(super::shown(order))
}

struct Adding {
    inventory: Inventory,
    order: NewOrder,
}

impl Work for Adding {
    type Answer = model::Order;

    async fn permit(&self, actor: &Actor) -> Result<()> {
        self.inventory.store(actor, Action::Promise, &self.order.store).await.map(drop)
    }

    async fn carry_out(self, actor: &Actor) -> Result<model::Order> {
        self.inventory.add_order(actor, self.order).await
    }
}

/// Write an order
///
/// As a draft: it promises nothing until it is confirmed.
#[utoipa::path(post, path = "/orders", operation_id = "add_order", tag = "orders", params(Keyed), request_body = NewOrder, responses(
    (status = 201, description = "It is written; also when this same order (its id) was before.", body = model::Order), Problems
))]
pub(super) async fn add(State(it): State<Integration>, order: Order<NewOrder>) -> Result<Response, Problem> {
    let adding = Adding { inventory: it.inventory, order: order.body };
    settle(it.auth, order.actor, adding).await
}

/// No more is to be said.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Empty {}

/// What is done with an order.
enum Step {
    Change(OrderContent),
    Confirm,
    Pick(Picking),
    HandOver(HandOver),
    Cancel(Cancelling),
    Close,
    Keep(KeepUntil),
}

struct Stepping {
    inventory: Inventory,
    id: PaperId,
    /// The version that the caller saw; none for whichever it is.
    seen: Option<i64>,
    step: Step,
}

impl Work for Stepping {
    type Answer = model::Order;
    const STATUS: StatusCode = StatusCode::OK;

    /// Who lost its store since is not told again how its step went.
    async fn permit(&self, actor: &Actor) -> Result<()> {
        self.inventory.may_step_order(actor, self.id).await
    }

    async fn carry_out(self, actor: &Actor) -> Result<model::Order> {
        let Self { inventory, id, seen, step } = self;
        match step {
            Step::Change(content) => inventory.change_order(actor, id, seen, content).await,
            Step::Confirm => inventory.confirm_order(actor, id, seen).await,
            Step::Pick(picking) => inventory.pick_order(actor, id, picking).await,
            Step::HandOver(new) => inventory.hand_over(actor, id, seen, new).await,
            Step::Cancel(cancelling) => inventory.cancel_order(actor, id, seen, cancelling).await,
            Step::Close => inventory.close_order(actor, id, seen).await,
            Step::Keep(new) => inventory.keep_order(actor, id, seen, new).await,
        }
    }
}

impl Integration {
    async fn step_order(self, actor: Actor, id: &str, seen: Option<i64>, step: Step) -> Result<Response, Problem> {
        let stepping = Stepping { inventory: self.inventory, id: which(id)?, seen, step };
        settle(self.auth, actor, stepping).await
    }
}

/// Change an order
///
/// A draft is written anew, whole. `If-Match` carries the `ETag` of the order as you saw it (`*` for whichever it is).
#[utoipa::path(put, path = "/orders/{id}", operation_id = "change_order", tag = "orders", params(
    ("id" = PaperId, Path, description = "Which."), ("If-Match" = String, Header, description = "The ETag of the order, or *."), Keyed
), request_body = OrderContent, responses((status = 200, description = "It is changed.", body = model::Order), Problems))]
pub(super) async fn change(
    State(it): State<Integration>,
    Path(id): Path<String>,
    headers: HeaderMap,
    order: Order<OrderContent>,
) -> Result<Response, Problem> {
    let seen = if_match(&headers)?;
    it.step_order(order.actor, &id, seen, Step::Change(order.body)).await
}

/// Confirm an order
///
/// All of it is reserved, wherever it lies in the store, or none (409). Where an item's policy allows it, the order waits for what is not there.
#[utoipa::path(post, path = "/orders/{id}/confirm", operation_id = "confirm_order", tag = "orders", params(
    ("id" = PaperId, Path, description = "Which."), ("If-Match" = Option<String>, Header, description = "The ETag of the order."), Keyed
), request_body = Empty, responses((status = 200, description = "It is confirmed.", body = model::Order), Problems))]
pub(super) async fn confirm(
    State(it): State<Integration>,
    Path(id): Path<String>,
    headers: HeaderMap,
    order: Order<Empty>,
) -> Result<Response, Problem> {
    let seen = seen(&headers);
    it.step_order(order.actor, &id, seen, Step::Confirm).await
}

/// Pick for an order
///
/// Says how many of each line are off the shelf. Each says how many were before: when somebody else picked meanwhile, the
/// answer is 412 and nothing is changed.
#[utoipa::path(post, path = "/orders/{id}/pick", operation_id = "pick_order", tag = "orders", params(
    ("id" = PaperId, Path, description = "Which."), Keyed
), request_body = Picking, responses((status = 200, description = "It is written down.", body = model::Order), Problems))]
pub(super) async fn pick(
    State(it): State<Integration>,
    Path(id): Path<String>,
    order: Order<Picking>,
) -> Result<Response, Problem> {
    it.step_order(order.actor, &id, None, Step::Pick(order.body)).await
}

/// Hand goods of an order over
///
/// Those named, or all that are picked: they leave the store, and are reserved no more. They leave the places where they are
/// kept (`takes` of the order's lines), and there the lots that expire first, unless `from` says another place or lot.
#[utoipa::path(post, path = "/orders/{id}/hand-over", operation_id = "hand_over", tag = "orders", params(
    ("id" = PaperId, Path, description = "Which."), ("If-Match" = Option<String>, Header, description = "The ETag of the order."), Keyed
), request_body = HandOver, responses(
    (status = 200, description = "They have left; also when this same posting (its id) was made before.", body = model::Order), Problems
))]
pub(super) async fn hand_over(
    State(it): State<Integration>,
    Path(id): Path<String>,
    headers: HeaderMap,
    order: Order<HandOver>,
) -> Result<Response, Problem> {
    let seen = seen(&headers);
    it.step_order(order.actor, &id, seen, Step::HandOver(order.body)).await
}

/// Cancel an order, or lines of it
///
/// As far as it was not handed over; its goods are free again.
#[utoipa::path(post, path = "/orders/{id}/cancel", operation_id = "cancel_order", tag = "orders", params(
    ("id" = PaperId, Path, description = "Which."), ("If-Match" = Option<String>, Header, description = "The ETag of the order."), Keyed
), request_body = Cancelling, responses((status = 200, description = "It is cancelled.", body = model::Order), Problems))]
pub(super) async fn cancel(
    State(it): State<Integration>,
    Path(id): Path<String>,
    headers: HeaderMap,
    order: Order<Cancelling>,
) -> Result<Response, Problem> {
    let seen = seen(&headers);
    it.step_order(order.actor, &id, seen, Step::Cancel(order.body)).await
}

/// Keep an order's goods longer, or less long
///
/// While it is open: to the end of another day on the store's clock, or for as long as it is open. What is open of an order
/// when its day is over is cancelled, and its goods are free again.
#[utoipa::path(post, path = "/orders/{id}/keep", operation_id = "keep_order", tag = "orders", params(
    ("id" = PaperId, Path, description = "Which."), ("If-Match" = Option<String>, Header, description = "The ETag of the order."), Keyed
), request_body = KeepUntil, responses((status = 200, description = "They are kept until then.", body = model::Order), Problems))]
pub(super) async fn keep(
    State(it): State<Integration>,
    Path(id): Path<String>,
    headers: HeaderMap,
    order: Order<KeepUntil>,
) -> Result<Response, Problem> {
    let seen = seen(&headers);
    it.step_order(order.actor, &id, seen, Step::Keep(order.body)).await
}

/// Close an order
///
/// That was handed over: it is out of the lists of what is to be done.
#[utoipa::path(post, path = "/orders/{id}/close", operation_id = "close_order", tag = "orders", params(
    ("id" = PaperId, Path, description = "Which."), ("If-Match" = Option<String>, Header, description = "The ETag of the order."), Keyed
), request_body = Empty, responses((status = 200, description = "It is closed.", body = model::Order), Problems))]
pub(super) async fn close(
    State(it): State<Integration>,
    Path(id): Path<String>,
    headers: HeaderMap,
    order: Order<Empty>,
) -> Result<Response, Problem> {
    let seen = seen(&headers);
    it.step_order(order.actor, &id, seen, Step::Close).await
}

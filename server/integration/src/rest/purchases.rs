//! Purchase orders: written, and brought from step to step.

use super::documents::Keyed;
use super::items::{if_match, seen};
use super::which;
use crate::Integration;
use crate::http::{Caller, Limit, Listed, Nothing, Order, Problem, Problems, Query, Work, moment_and_id, settle};
use crate::sheet::aside;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use inventory::Inventory;
use model::{
    Action, Actor, Error, Language, NewPurchase, Page, PaperId, Purchase, PurchaseDraft, PurchaseQuery, PurchaseRow,
    PurchaseShow, PurchaseState, PurchaseStep, Result, Ticket,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// The store's code.
    store: String,
    /// Those in which something is to be done, those that wait for approval, those whose goods are expected, or all.
    #[serde(default)]
    #[param(inline)]
    show: PurchaseShow,
    /// Only those in this state.
    #[serde(default)]
    #[param(inline)]
    state: Option<PurchaseState>,
    /// How many at once.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// List purchase orders
///
/// Of one store, the latest step first.
#[utoipa::path(get, path = "/purchase-orders", operation_id = "list_purchase_orders", tag = "purchasing", params(Asked), responses(
    (status = 200, description = "A page of purchase orders.", body = Page<PurchaseRow>), Problems
))]
pub(super) async fn list(
    State(it): State<Integration>,
    Caller(actor): Caller,
    Query(asked): Query<Asked>,
) -> Result<Listed<PurchaseRow>, Problem> {
    let list = format!("purchase-orders {:?} {:?} {:?}", asked.store, asked.show, asked.state);
    let after = it.cursors.after(&list, asked.cursor.as_deref(), moment_and_id)?;
    let query = PurchaseQuery { store: asked.store, show: asked.show, state: asked.state, after };
    let page = it.inventory.purchases(&actor, &query, asked.limit.rows()).await?;
    Ok(Listed(it.cursors.signed(&list, page)))
}

/// Find a purchase order
///
/// With its lines, what arrived of them, and what the key may do with it next. Its `ETag` is its version, for `If-Match`.
#[utoipa::path(get, path = "/purchase-orders/{id}", operation_id = "find_purchase_order", tag = "purchasing", params(("id" = PaperId, Path, description = "Which.")), responses(
    (status = 200, description = "The purchase order.", body = Purchase), Problems
))]
pub(super) async fn show(
    State(it): State<Integration>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    Query(Nothing {}): Query<Nothing>,
) -> Result<Response, Problem> {
    let purchase = it.inventory.purchase(&actor, which(&id)?).await?.data;
    Ok(super::shown(purchase))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Spoken {
    /// The language of its words.
    #[serde(default)]
    #[param(inline)]
    lang: Language,
}

/// A purchase order as a PDF file
///
/// To be mailed to the supplier: what is ordered, with their codes and ours, what it costs, and the note. An order that is
/// not approved, or was given up, says so beneath its title. The same order makes the same bytes.
#[utoipa::path(get, path = "/purchase-orders/{id}/pdf", operation_id = "print_purchase_order", tag = "purchasing", params(("id" = PaperId, Path, description = "Which."), Spoken), responses(
    (status = 200, description = "The file.", content_type = "application/pdf", body = Vec<u8>), Problems
))]
pub(super) async fn pdf(
    State(it): State<Integration>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    Query(asked): Query<Spoken>,
) -> Result<Response, Problem> {
    let order = it.inventory.purchase(&actor, which(&id)?).await?.data;
    let store = it.inventory.store(&actor, Action::SeeStock, &order.store).await?;
    // A number is made of a store's code; a file's name is not where to trust that.
    let name: String = order.number.chars().filter(|sign| sign.is_ascii_alphanumeric() || *sign == '-').collect();
    let write = move || paper::purchase(&order, &store, asked.lang);
    let file = aside(it.desks.desk().await?, write).await?.map_err(|why| {
        let ticket = uuid::Uuid::now_v7().to_string();
        tracing::error!(why, ticket, "an order cannot be written as a file");
        Error::Internal(Ticket(ticket))
    })?;
    let attached = format!("attachment; filename=\"{name}.pdf\"");
    let kind = [(header::CONTENT_TYPE, "application/pdf"), (header::X_CONTENT_TYPE_OPTIONS, "nosniff")];
    Ok((kind, [(header::CONTENT_DISPOSITION, attached)], file).into_response())
}

struct Writing {
    inventory: Inventory,
    new: NewPurchase,
}

impl Work for Writing {
    type Answer = Purchase;

    async fn permit(&self, actor: &Actor) -> Result<()> {
        self.inventory.store(actor, Action::Purchase, &self.new.store).await.map(drop)
    }

    async fn carry_out(self, actor: &Actor) -> Result<Purchase> {
        self.inventory.add_purchase(actor, self.new).await
    }
}

/// Write a purchase order
///
/// A draft, under the store's next number. A line without a cost takes the supplier's price.
#[utoipa::path(post, path = "/purchase-orders", operation_id = "add_purchase_order", tag = "purchasing", params(Keyed), request_body = NewPurchase, responses(
    (status = 201, description = "It is written; also when this same order (its id) was written before.", body = Purchase), Problems
))]
pub(super) async fn add(State(it): State<Integration>, order: Order<NewPurchase>) -> Result<Response, Problem> {
    let writing = Writing { inventory: it.inventory, new: order.body };
    settle(it.auth, order.actor, writing).await
}

/// One step of an order.
struct Stepping {
    inventory: Inventory,
    order: PaperId,
    seen: Option<i64>,
    doing: Doing,
}

enum Doing {
    Change(PurchaseDraft),
    Step(PurchaseStep, Option<String>),
}

impl Work for Stepping {
    type Answer = Purchase;
    const STATUS: StatusCode = StatusCode::OK;

    async fn permit(&self, actor: &Actor) -> Result<()> {
        let approves = matches!(self.doing, Doing::Step(PurchaseStep::Approve | PurchaseStep::Reject, _));
        let right = if approves { Action::Approve } else { Action::Purchase };
        if !actor.may(right.anywhere()) {
            return Err(Error::Forbidden(right));
        }
        self.inventory.purchase(actor, self.order).await.map(drop)
    }

    async fn carry_out(self, actor: &Actor) -> Result<Purchase> {
        let Self { inventory: it, order, seen, doing } = self;
        match doing {
            Doing::Change(draft) => it.change_purchase(actor, order, seen, draft).await,
            Doing::Step(step, reason) => it.step_purchase(actor, order, seen, step, reason.as_deref()).await,
        }
    }
}

impl Integration {
    async fn step_purchase(self, id: &str, actor: Actor, seen: Option<i64>, doing: Doing) -> Result<Response, Problem> {
        let stepping = Stepping { inventory: self.inventory, order: which(id)?, seen, doing };
        settle(self.auth, actor, stepping).await
    }
}

/// Write a draft anew
///
/// All of it. `If-Match` carries the `ETag` of the order as you saw it (`*` for whichever it is): when somebody wrote it
/// since, the answer is 412 and nothing is changed. A rejected order becomes a draft again.
#[utoipa::path(put, path = "/purchase-orders/{id}", operation_id = "change_purchase_order", tag = "purchasing", params(
    ("id" = PaperId, Path, description = "Which."), ("If-Match" = String, Header, description = "The ETag of the order, or *."), Keyed
), request_body = PurchaseDraft, responses(
    (status = 200, description = "It is written.", body = Purchase), Problems
))]
pub(super) async fn change(
    State(it): State<Integration>,
    Path(id): Path<String>,
    headers: HeaderMap,
    order: Order<PurchaseDraft>,
) -> Result<Response, Problem> {
    let seen = if_match(&headers)?;
    it.step_purchase(&id, order.actor, seen, Doing::Change(order.body)).await
}

/// Nothing to say beside the step itself.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Plain {}

/// Why, where that is not plain.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Why {
    /// 1 to 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 200)]
    reason: Option<String>,
}

/// Why it is so.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Because {
    /// 1 to 200 characters.
    #[schema(min_length = 1, max_length = 200)]
    pub(super) reason: String,
}

macro_rules! steps {
    ($($(#[doc = $doc:literal])* $name:ident, $path:literal, $operation:literal, $body:ty, |$said:ident| $step:expr;)*) => {$(
        $(#[doc = $doc])*
        #[utoipa::path(post, path = $path, operation_id = $operation, tag = "purchasing", params(
            ("id" = PaperId, Path, description = "Which."),
            ("If-Match" = Option<String>, Header, description = "The ETag of the order as you saw it: with another version, nothing is done."),
            Keyed
        ), request_body = $body, responses(
            (status = 200, description = "It is done; also when you did it before.", body = Purchase), Problems
        ))]
        pub(super) async fn $name(
            State(it): State<Integration>,
            Path(id): Path<String>,
            headers: HeaderMap,
            order: Order<$body>,
        ) -> Result<Response, Problem> {
            let $said = order.body;
            it.step_purchase(&id, order.actor, seen(&headers), $step).await
        }
    )*};
}

steps! {
    /// Give a draft out of the hand
    ///
    /// Within the store's limit it is approved with that, else it waits for somebody else: its `state` says which.
    submit, "/purchase-orders/{id}/submit", "submit_purchase_order", Plain, |_said| Doing::Step(PurchaseStep::Submit, None);
    /// Approve a purchase order
    ///
    /// Above the store's limit by somebody else than who wrote it. Programs may not: a person looks at it.
    approve, "/purchase-orders/{id}/approve", "approve_purchase_order", Plain, |_said| Doing::Step(PurchaseStep::Approve, None);
    /// Do not approve a purchase order
    ///
    /// It can be written anew.
    reject, "/purchase-orders/{id}/reject", "reject_purchase_order", Because, |said| Doing::Step(PurchaseStep::Reject, Some(said.reason));
    /// Say that a purchase order went to its supplier
    ///
    /// From now on its goods are expected. Receive them by `POST /receipts` with `order`.
    send, "/purchase-orders/{id}/send", "send_purchase_order", Plain, |_said| Doing::Step(PurchaseStep::Send, None);
    /// Settle a purchase order
    ///
    /// All of it arrived, or `reason` says why the rest is not expected any more.
    close, "/purchase-orders/{id}/close", "close_purchase_order", Why, |said| Doing::Step(PurchaseStep::Close, said.reason);
    /// Give a purchase order up
    ///
    /// As long as nothing of it arrived.
    cancel, "/purchase-orders/{id}/cancel", "cancel_purchase_order", Why, |said| Doing::Step(PurchaseStep::Cancel, said.reason);
}

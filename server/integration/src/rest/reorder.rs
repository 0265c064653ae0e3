//! By which rules an item is bought for a store.

use super::documents::Keyed;
use crate::Integration;
use crate::http::{Answered, Caller, Order, Problem, Problems, Query, Work, settle};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use inventory::Inventory;
use model::{Action, Actor, ReorderRule, Result};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

impl Answered for ReorderRule {}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Of {
    /// The store's code.
    store: String,
    /// The item.
    sku: String,
}

/// Show how an item is bought
///
/// Beside its minimum and maximum, which are `limits` of the item; nothing is said where nobody said anything.
#[utoipa::path(get, path = "/reorder-rules", operation_id = "show_reorder_rule", tag = "purchasing", params(Of), responses(
    (status = 200, description = "The rule.", body = ReorderRule), Problems
))]
pub(super) async fn show(
    State(it): State<Integration>,
    Caller(actor): Caller,
    Query(of): Query<Of>,
) -> Result<Json<ReorderRule>, Problem> {
    Ok(Json(it.inventory.reorder_rule(&actor, &of.store, &of.sku).await?))
}

/// By which rule an item is bought for a store from now on.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewReorderRule {
    /// The store's code.
    store: String,
    /// The item.
    sku: String,
    /// All of it: what is left out is no rule any more.
    rule: ReorderRule,
}

struct Setting {
    inventory: Inventory,
    new: NewReorderRule,
}

impl Work for Setting {
    type Answer = ReorderRule;
    const STATUS: StatusCode = StatusCode::OK;

    async fn permit(&self, actor: &Actor) -> Result<()> {
        self.inventory.store(actor, Action::Purchase, &self.new.store).await.map(drop)
    }

    async fn carry_out(self, actor: &Actor) -> Result<ReorderRule> {
        let NewReorderRule { store, sku, rule } = self.new;
        self.inventory.set_reorder_rule(actor, &store, &sku, rule).await
    }
}

/// Say how an item is bought
///
/// All of it: what is left out is no rule any more.
#[utoipa::path(put, path = "/reorder-rules", operation_id = "set_reorder_rule", tag = "purchasing", params(Keyed), request_body = NewReorderRule, responses(
    (status = 200, description = "It is bought so from now on.", body = ReorderRule), Problems
))]
pub(super) async fn set(State(it): State<Integration>, order: Order<NewReorderRule>) -> Result<Response, Problem> {
    let setting = Setting { inventory: it.inventory, new: order.body };
    settle(it.auth, order.actor, setting).await
}

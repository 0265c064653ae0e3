//! Counts that come again by themselves.

use super::documents::Keyed;
use super::which;
use crate::Integration;
use crate::http::{Answered, Caller, Listed, Order, Problem, Problems, Query, Work, settle};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use inventory::Inventory;
use model::{Action, Actor, CountPlan, CountPlanId, NewCountPlan, Page, Result};
use serde::Deserialize;
use utoipa::IntoParams;

impl Answered for CountPlan {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PlansAsked {
    /// The store's code.
    store: String,
}

/// List count plans
///
/// Those of a store that are not ended, what comes next first, each with what became of its last day.
#[utoipa::path(get, path = "/count-plans", operation_id = "list_count_plans", tag = "counts", params(PlansAsked), responses(
    (status = 200, description = "The plans.", body = Page<CountPlan>), Problems
))]
pub(super) async fn list(
    State(it): State<Integration>,
    Caller(actor): Caller,
    Query(asked): Query<PlansAsked>,
) -> Result<Listed<CountPlan>, Problem> {
    Ok(Listed(it.inventory.count_plans(&actor, &asked.store).await?))
}

struct Saving {
    inventory: Inventory,
    id: CountPlanId,
    new: NewCountPlan,
}

impl Work for Saving {
    type Answer = CountPlan;
    const STATUS: StatusCode = StatusCode::OK;

    async fn permit(&self, actor: &Actor) -> Result<()> {
        self.inventory.store(actor, Action::Count, &self.new.store).await.map(drop)
    }

    async fn carry_out(self, actor: &Actor) -> Result<CountPlan> {
        self.inventory.save_count_plan(actor, self.id, self.new).await
    }
}

/// Save a count plan
///
/// All of it, under an id that you make. On `next_on`, at 6 on the store's clock, and then `every` so many days it opens a
/// count of what it chooses that day, unless its last one is still open, which is told. `"state":"paused"` stops it for now,
/// `"ended"` for good. `version` is the one that was read, 0 for a plan that is not there yet; when somebody changed it since,
/// or it was its turn, the answer is 412.
#[utoipa::path(put, path = "/count-plans/{id}", operation_id = "save_count_plan", tag = "counts", params(
    ("id" = CountPlanId, Path, description = "The plan."), Keyed
), request_body = NewCountPlan, responses(
    (status = 200, description = "It is so.", body = CountPlan), Problems
))]
pub(super) async fn save(
    State(it): State<Integration>,
    Path(id): Path<String>,
    order: Order<NewCountPlan>,
) -> Result<Response, Problem> {
    let saving = Saving { inventory: it.inventory, id: which(&id)?, new: order.body };
    settle(it.auth, order.actor, saving).await
}

//! What deliveries cost, told after they came.

use super::documents::Keyed;
use crate::Integration;
use crate::http::{Answered, Order, Problem, Problems, Work, settle};
use axum::extract::{Path, State};
use axum::response::Response;
use inventory::Inventory;
use model::{Actor, NewCosts, PostingId, Result};

impl Answered for NewCosts {}

/// The telling of what a delivery cost.
struct Telling {
    inventory: Inventory,
    receipt: PostingId,
    costs: NewCosts,
}

impl Work for Telling {
    type Answer = NewCosts;

    /// Which store it is about, Inventory looks up.
    async fn permit(&self, actor: &Actor) -> Result<()> {
        self.inventory.permit_costs(actor, self.receipt).await
    }

    async fn carry_out(self, actor: &Actor) -> Result<NewCosts> {
        self.inventory.tell_costs(actor, self.receipt, self.costs).await
    }
}

/// Tell what a receipt cost
///
/// After it was posted: what one of a line cost, and landed costs such as freight and duty, which are shared out among
/// its lines by their worth. What is left of the goods is worth that from now on; what is gone becomes a revaluation of
/// the day on which it is told. Nothing that was said before is changed.
#[utoipa::path(post, path = "/receipts/{id}/costs", operation_id = "tell_costs", tag = "documents", request_body = NewCosts,
    params(Keyed, ("id" = PostingId, Path, description = "The receipt.")), responses(
    (status = 201, description = "It is written down; also when it was before.", body = NewCosts), Problems
))]
pub(super) async fn tell(
    State(it): State<Integration>,
    Path(id): Path<String>,
    order: Order<NewCosts>,
) -> Result<Response, Problem> {
    // What is no id is the id of nothing.
    let receipt = super::which(&id)?;
    let telling = Telling { inventory: it.inventory, receipt, costs: order.body };
    settle(it.auth, order.actor, telling).await
}

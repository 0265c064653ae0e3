//! Server functions of what a delivery cost.
#![expect(missing_docs, reason = "the arguments of a server function become fields of a type that its macro makes")]

use crate::failure::Failure;
use crate::{json::Answer, prelude::*};
use leptos::server_fn::codec::Json;
use model::{DeliveryCosts, NewCosts, PostingId, Since};

#[cfg(feature = "ssr")]
use {
    crate::caller::{caller, complete},
    inventory::Inventory,
};

/// A delivery, and all that was told of its cost.
#[server(prefix = "/api/inventory", endpoint = "delivery_costs", input = Json, output = Answer)]
pub async fn find_delivery_costs(id: PostingId) -> Result<Since<DeliveryCosts>, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(inventory.delivery_costs(&actor, id).await?)
}

/// Adds freight or duty to it; the same again counts once.
#[server(prefix = "/api/inventory", endpoint = "tell_costs", input = Json, output = Answer)]
pub async fn tell_costs(id: PostingId, costs: NewCosts) -> Result<NewCosts, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(complete(async move { inventory.tell_costs(&actor, id, costs).await }).await?)
}

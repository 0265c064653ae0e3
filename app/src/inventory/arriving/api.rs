//! Server functions of what several people count of one delivery.
#![expect(missing_docs, reason = "the arguments of a server function become fields of a type that its macro makes")]

use crate::failure::Failure;
use crate::{json::Answer, prelude::*};
use leptos::server_fn::codec::Json;
use model::{Arrival, NewArrival, PostingId, Receipt, Since};

#[cfg(feature = "ssr")]
use {
    crate::{
        caller::{caller, complete},
        inventory::api::maker,
    },
    inventory::Inventory,
};

/// What people count of a store's deliveries and is not booked in; and that part, whatever became of it.
#[server(prefix = "/api/inventory", endpoint = "arrivals", input = Json, output = Answer)]
pub async fn arrivals(store: String, also: Option<PostingId>) -> Result<Since<Vec<Arrival>>, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(inventory.arrivals(&actor, &store, also).await?)
}

/// Tells what they have counted so far. `by` as for a delivery.
#[server(prefix = "/api/inventory", endpoint = "share_arrival", input = Json, output = Answer)]
pub async fn share_arrival(new: NewArrival, by: Option<String>) -> Result<Arrival, Failure> {
    let (actor, inventory) = maker(by).await?;
    Ok(complete(async move { inventory.share_arrival(&actor, new).await }).await?)
}

/// Books in what somebody counted; the same again answers with the first receipt.
#[server(prefix = "/api/inventory", endpoint = "book_arrival", input = Json, output = Answer)]
pub async fn book_arrival(id: PostingId) -> Result<Receipt, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(complete(async move { inventory.book_arrival(&actor, id).await }).await?)
}

/// Says that what somebody counted does not count.
#[server(prefix = "/api/inventory", endpoint = "discard_arrival", input = Json, output = Answer)]
pub async fn discard_arrival(id: PostingId) -> Result<Arrival, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(complete(async move { inventory.discard_arrival(&actor, id).await }).await?)
}

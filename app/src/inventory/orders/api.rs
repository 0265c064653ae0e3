//! Server functions of customers' orders.

use crate::failure::Failure;
use crate::{json::Answer, prelude::*};
use leptos::server_fn::codec::Json;
use model::{
    Cancelling, HandOver, KeepUntil, NewOrder, Order, OrderContent, OrderRow, Page, PaperId, Picking, Since, Time,
};

#[cfg(feature = "ssr")]
use {
    crate::caller::{caller, complete},
    inventory::{Inventory, OrderFilter},
};

/// How many orders a screen shows at once.
#[cfg(feature = "ssr")]
const SHOWN: i64 = 100;

/// A page of that store's orders, latest step first, after the order named (with when its last step was); only those in
/// `state` and only those that `search` means, unless that is empty.
#[server(prefix = "/api/inventory", endpoint = "orders", input = Json, output = Answer)]
pub async fn orders(
    store: String,
    state: String,
    search: String,
    after: Option<(Time, PaperId)>,
) -> Result<Page<OrderRow>, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    let state = Some(state).filter(|state| !state.is_empty());
    Ok(inventory.orders(&actor, &OrderFilter { store, state, search, after, limit: SHOWN }).await?)
}

/// One order with its lines.
#[server(prefix = "/api/inventory", endpoint = "show_order", input = Json, output = Answer)]
pub async fn show_order(id: PaperId) -> Result<Since<Order>, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(inventory.order(&actor, id).await?)
}

/// Writes an order as a draft; the same again answers with it.
#[server(prefix = "/api/inventory", endpoint = "add_order", input = Json, output = Answer)]
pub async fn add_order(order: NewOrder) -> Result<Order, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(complete(async move { inventory.add_order(&actor, order).await }).await?)
}

/// Writes a draft anew, when it still has the version that was seen.
#[server(prefix = "/api/inventory", endpoint = "change_order", input = Json, output = Answer)]
pub async fn change_order(id: PaperId, seen: i64, content: OrderContent) -> Result<Order, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(complete(async move { inventory.change_order(&actor, id, Some(seen), content).await }).await?)
}

/// Promises what a draft says, when it still has the version that was seen.
#[server(prefix = "/api/inventory", endpoint = "confirm_order", input = Json, output = Answer)]
pub async fn confirm_order(id: PaperId, seen: i64) -> Result<Order, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(complete(async move { inventory.confirm_order(&actor, id, Some(seen)).await }).await?)
}

/// Writes down what is off the shelf for an order.
#[server(prefix = "/api/inventory", endpoint = "pick_order", input = Json, output = Answer)]
pub async fn pick_order(id: PaperId, picking: Picking) -> Result<Order, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(complete(async move { inventory.pick_order(&actor, id, picking).await }).await?)
}

/// Hands goods of an order over; the same posting again changes nothing.
#[server(prefix = "/api/inventory", endpoint = "hand_over_order", input = Json, output = Answer)]
pub async fn hand_over_order(id: PaperId, goods: HandOver) -> Result<Order, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(complete(async move { inventory.hand_over(&actor, id, None, goods).await }).await?)
}

/// Cancels an order, or lines of it.
#[server(prefix = "/api/inventory", endpoint = "cancel_order", input = Json, output = Answer)]
pub async fn cancel_order(id: PaperId, cancelling: Cancelling) -> Result<Order, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(complete(async move { inventory.cancel_order(&actor, id, None, cancelling).await }).await?)
}

/// Keeps an open order's goods until another day, when it still has the version that was seen.
#[server(prefix = "/api/inventory", endpoint = "keep_order", input = Json, output = Answer)]
pub async fn keep_order(id: PaperId, seen: Option<i64>, until: KeepUntil) -> Result<Order, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(complete(async move { inventory.keep_order(&actor, id, seen, until).await }).await?)
}

/// Closes an order that was handed over.
#[server(prefix = "/api/inventory", endpoint = "close_order", input = Json, output = Answer)]
pub async fn close_order(id: PaperId) -> Result<Order, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(complete(async move { inventory.close_order(&actor, id, None).await }).await?)
}

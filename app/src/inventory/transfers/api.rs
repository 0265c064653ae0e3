//! Server functions of transfers and places.
#![expect(missing_docs, reason = "the arguments of a server function become fields of a type that its macro makes")]

use crate::failure::Failure;
use crate::{json::Answer, prelude::*};
use leptos::server_fn::codec::Json;
use model::{
    LocationId, NewPlace, NewTransfer, NewTransferStep, PaperId, Place, PlaceChange, Since, Store, Transfer,
    TransferRow,
};
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use {
    crate::caller::{caller, complete},
    inventory::Inventory,
    model::TransferQuery,
};

/// How many transfers a list shows.
#[cfg(feature = "ssr")]
const SHOWN: i64 = 200;

/// What a store sends and what comes to it, as far as somebody has something to do, and where goods can go.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Board {
    /// What it sends.
    pub sending: Vec<TransferRow>,
    /// What comes to it from other stores.
    pub arriving: Vec<TransferRow>,
    /// Its own places.
    pub places: Vec<Place>,
    /// The stores to which it may send, for those who may.
    pub stores: Vec<Store>,
}

/// A store's transfers.
#[server(prefix = "/api/inventory", endpoint = "transfers", input = Json, output = Answer)]
pub async fn transfers(store: String) -> Result<Since<Board>, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    let query = TransferQuery { store, ..TransferQuery::default() };
    let sending = inventory.transfers(&actor, &query, None, SHOWN).await?;
    let arriving = TransferQuery { arriving: true, ..query.clone() };
    let arriving = inventory.transfers(&actor, &arriving, None, SHOWN).await?.data;
    let places = inventory.places(&actor, &query.store).await?.data;
    let stores = inventory.destinations(&actor, &query.store).await?;
    let (as_of, sending) = (sending.as_of, sending.data);
    Ok(Since { data: Board { sending, arriving, places, stores }, as_of, total: 0 })
}

/// One transfer.
#[server(prefix = "/api/inventory", endpoint = "transfer", input = Json, output = Answer)]
pub async fn find_transfer(id: PaperId) -> Result<Since<Transfer>, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(inventory.transfer(&actor, id).await?)
}

/// Opens a transfer; the same again answers with it.
#[server(prefix = "/api/inventory", endpoint = "add_transfer", input = Json, output = Answer)]
pub async fn add_transfer(transfer: NewTransfer) -> Result<Transfer, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(complete(async move { inventory.add_transfer(&actor, transfer).await }).await?)
}

/// Takes a transfer a step further; the same again answers with it.
#[server(prefix = "/api/inventory", endpoint = "step_transfer", input = Json, output = Answer)]
pub async fn step_transfer(id: PaperId, step: NewTransferStep) -> Result<Transfer, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(complete(async move { inventory.step_transfer(&actor, id, step).await }).await?)
}

/// A store's places.
#[server(prefix = "/api/inventory", endpoint = "places", input = Json, output = Answer)]
pub async fn places(store: String) -> Result<Since<Vec<Place>>, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(inventory.places(&actor, &store).await?)
}

/// Adds a place; the same again answers with it.
#[server(prefix = "/api/inventory", endpoint = "add_place", input = Json, output = Answer)]
pub async fn add_place(place: NewPlace) -> Result<Place, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(complete(async move { inventory.add_place(&actor, place).await }).await?)
}

/// Renames a place, gives it up, or takes it up again.
#[server(prefix = "/api/inventory", endpoint = "change_place", input = Json, output = Answer)]
pub async fn change_place(id: LocationId, change: PlaceChange) -> Result<Place, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(complete(async move { inventory.change_place(&actor, id, change).await }).await?)
}

//! Server functions of returns to suppliers.
#![expect(missing_docs, reason = "the arguments of a server function become fields of a type that its macro makes")]

use crate::failure::Failure;
use crate::{json::Answer, prelude::*};
use leptos::server_fn::codec::Json;
use model::{
    NewSupplierReturn, Page, PaperId, Since, SupplierCredit, SupplierReturn, SupplierReturnQuery, SupplierReturnRow,
    ToSendBack,
};

#[cfg(feature = "ssr")]
use {
    crate::caller::{caller, complete},
    inventory::Inventory,
};

/// How many rows come at once.
#[cfg(feature = "ssr")]
const AT_ONCE: i64 = 50;

/// A page of what a store sent back, the latest step first.
#[server(prefix = "/api/inventory", endpoint = "supplier_returns", input = Json, output = Answer)]
pub async fn supplier_returns(query: SupplierReturnQuery) -> Result<Page<SupplierReturnRow>, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(inventory.supplier_returns(&actor, &query, AT_ONCE).await?)
}

/// One of them.
#[server(prefix = "/api/inventory", endpoint = "supplier_return", input = Json, output = Answer)]
pub async fn find_supplier_return(id: PaperId) -> Result<Since<SupplierReturn>, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(inventory.supplier_return(&actor, id).await?)
}

/// What of these items is there to go back.
#[server(prefix = "/api/inventory", endpoint = "to_send_back", input = Json, output = Answer)]
pub async fn goods_to_send_back(store: String, skus: Vec<String>) -> Result<Vec<ToSendBack>, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(inventory.to_send_back(&actor, &store, &skus).await?)
}

/// Sends goods back; the same again answers with what it did.
#[server(prefix = "/api/inventory", endpoint = "send_back", input = Json, output = Answer)]
pub async fn send_back(new: NewSupplierReturn) -> Result<SupplierReturn, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(complete(async move { inventory.send_back(&actor, new).await }).await?)
}

/// Says that it was credited, or that it was not.
#[server(prefix = "/api/inventory", endpoint = "credit_supplier_return", input = Json, output = Answer)]
pub async fn credit_supplier_return(id: PaperId, seen: i64, credit: SupplierCredit) -> Result<SupplierReturn, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(complete(async move { inventory.credit_supplier_return(&actor, id, Some(seen), credit).await }).await?)
}

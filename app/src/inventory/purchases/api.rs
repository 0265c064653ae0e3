//! Server functions of purchasing.
#![expect(missing_docs, reason = "the arguments of a server function become fields of a type that its macro makes")]

use crate::failure::Failure;
use crate::{json::Answer, prelude::*};
use leptos::server_fn::codec::Json;
use model::{
    NewPurchase, NewSupplier, Page, PaperId, Purchase, PurchaseDraft, PurchaseList, PurchaseQuery, PurchaseStep,
    ReorderRule, Since, Supplier, SupplierId, SupplierItem, SupplierPatch, SupplierQuery,
};

#[cfg(feature = "ssr")]
use {
    crate::caller::{caller, complete},
    inventory::Inventory,
};

/// How many rows come at once.
#[cfg(feature = "ssr")]
const AT_ONCE: i64 = 50;
/// How many of a supplier's lines come at once.
#[cfg(feature = "ssr")]
const ITEMS: i64 = 200;

/// A page of purchase orders, and how many are in which state.
#[server(prefix = "/api/inventory", endpoint = "purchases", input = Json, output = Answer)]
pub async fn purchases(query: PurchaseQuery) -> Result<Since<PurchaseList>, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(inventory.purchase_list(&actor, &query, AT_ONCE).await?)
}

/// One purchase order.
#[server(prefix = "/api/inventory", endpoint = "purchase", input = Json, output = Answer)]
pub async fn find_purchase(id: PaperId) -> Result<Since<Purchase>, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(inventory.purchase(&actor, id).await?)
}

/// Writes a new purchase order: a draft.
#[server(prefix = "/api/inventory", endpoint = "add_purchase", input = Json, output = Answer)]
pub async fn add_purchase(new: NewPurchase) -> Result<Purchase, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(complete(async move { inventory.add_purchase(&actor, new).await }).await?)
}

/// Writes a draft anew that was seen in that version.
#[server(prefix = "/api/inventory", endpoint = "change_purchase", input = Json, output = Answer)]
pub async fn change_purchase(id: PaperId, seen: i64, draft: PurchaseDraft) -> Result<Purchase, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(complete(async move { inventory.change_purchase(&actor, id, Some(seen), draft).await }).await?)
}

/// Takes the next step of an order that was seen in that version.
#[server(prefix = "/api/inventory", endpoint = "step_purchase", input = Json, output = Answer)]
pub async fn step_purchase(
    id: PaperId,
    seen: i64,
    step: PurchaseStep,
    reason: Option<String>,
) -> Result<Purchase, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    let step = async move { inventory.step_purchase(&actor, id, Some(seen), step, reason.as_deref()).await };
    Ok(complete(step).await?)
}

/// A page of suppliers.
#[server(prefix = "/api/inventory", endpoint = "suppliers", input = Json, output = Answer)]
pub async fn suppliers(query: SupplierQuery) -> Result<Page<Supplier>, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(inventory.suppliers(&actor, &query, AT_ONCE).await?)
}

/// A supplier, and the first of what they sell.
#[server(prefix = "/api/inventory", endpoint = "supplier", input = Json, output = Answer)]
pub async fn find_supplier(id: SupplierId) -> Result<(Supplier, Page<SupplierItem>), Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    let supplier = inventory.supplier(&actor, id).await?.data;
    Ok((supplier, inventory.supplier_items(&actor, id, None, ITEMS).await?))
}

/// Adds a supplier.
#[server(prefix = "/api/inventory", endpoint = "add_supplier", input = Json, output = Answer)]
pub async fn add_supplier(new: NewSupplier) -> Result<Supplier, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(complete(async move { inventory.add_supplier(&actor, new).await }).await?)
}

/// Changes a supplier that was seen in that version.
#[server(prefix = "/api/inventory", endpoint = "change_supplier", input = Json, output = Answer)]
pub async fn change_supplier(id: SupplierId, if_version: i64, patch: SupplierPatch) -> Result<Supplier, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(complete(async move { inventory.change_supplier(&actor, id, Some(if_version), patch).await }).await?)
}

/// How an item is bought in a store.
#[server(prefix = "/api/inventory", endpoint = "reorder_rule", input = Json, output = Answer)]
pub async fn find_reorder_rule(store: String, sku: String) -> Result<ReorderRule, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(inventory.reorder_rule(&actor, &store, &sku).await?)
}

/// Says how an item is bought in a store from now on, all of it.
#[server(prefix = "/api/inventory", endpoint = "set_reorder_rule", input = Json, output = Answer)]
pub async fn set_reorder_rule(store: String, sku: String, rule: ReorderRule) -> Result<ReorderRule, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(complete(async move { inventory.set_reorder_rule(&actor, &store, &sku, rule).await }).await?)
}

/// Puts items off: they are not proposed before that day, or at once again when none is named.
#[server(prefix = "/api/inventory", endpoint = "put_off", input = Json, output = Answer)]
pub async fn put_off(store: String, skus: Vec<String>, until: Option<String>) -> Result<(), Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(complete(async move { inventory.snooze(&actor, &store, &skus, until).await }).await?)
}

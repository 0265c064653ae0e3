//! Server functions of the catalogue.
#![expect(missing_docs, reason = "the arguments of a server function become fields of a type that its macro makes")]

use crate::failure::Failure;
use crate::{json::Answer, prelude::*};
use leptos::server_fn::codec::Json;
use model::{
    Bulk, Category, CategoryId, Changed, ItemPatch, JournalId, Kit, NewItem, Page, Product, ProductQuery, ProductRow,
    Renaming, Since,
};
use uuid::Uuid;

#[cfg(feature = "ssr")]
use {
    crate::caller::{caller, complete},
    inventory::Inventory,
};

/// The most items that are acted on at once.
#[cfg(feature = "ssr")]
const AT_ONCE: i64 = 1_000;

/// The product with that SKU or barcode, archived or not, if there is one.
#[server(prefix = "/api/inventory", endpoint = "product", input = Json, output = Answer)]
pub async fn find_product(code: String) -> Result<Option<Since<Product>>, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(inventory.find_product(&actor, &code).await?)
}

/// A stretch of the product list, and how many there are in all.
#[server(prefix = "/api/inventory", endpoint = "products", input = Json, output = Answer)]
pub async fn products(query: ProductQuery, offset: i64, limit: i64) -> Result<Since<Vec<ProductRow>>, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(inventory.products(&actor, &query, offset, limit).await?)
}

/// The categories that something offered is of, by name.
#[server(prefix = "/api/inventory", endpoint = "categories", input = Json, output = Answer)]
pub async fn categories() -> Result<Page<Category>, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(inventory.categories(&actor).await?)
}

/// Calls a category otherwise.
#[server(prefix = "/api/inventory", endpoint = "rename_category", input = Json, output = Answer)]
pub async fn rename_category(id: CategoryId, renaming: Renaming) -> Result<Category, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(complete(async move { inventory.rename_category(&actor, id, renaming).await }).await?)
}

/// The SKUs of the list, at most a thousand: to choose all of them.
#[server(prefix = "/api/inventory", endpoint = "product_skus", input = Json, output = Answer)]
pub async fn product_skus(query: ProductQuery) -> Result<Vec<String>, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(inventory.product_skus(&actor, &query, AT_ONCE).await?)
}

/// Adds a product.
#[server(prefix = "/api/inventory", endpoint = "add_product", input = Json, output = Answer)]
pub async fn add_product(item: NewItem) -> Result<Product, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(complete(async move { inventory.add_product(&actor, item).await }).await?)
}

/// Changes a product that was seen in that version; refused when it has another by now.
#[server(prefix = "/api/inventory", endpoint = "change_product", input = Json, output = Answer)]
pub async fn change_product(sku: String, if_version: i64, patch: ItemPatch) -> Result<Product, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(complete(async move { inventory.change_item(&actor, &sku, Some(if_version), patch).await }).await?)
}

/// What a kit is made of, and how many can be made of what that store has; none for an item that is no kit.
#[server(prefix = "/api/inventory", endpoint = "kit", input = Json, output = Answer)]
pub async fn find_kit(store: String, sku: String) -> Result<Option<Kit>, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(inventory.kit(&actor, &store, &sku).await?)
}

/// Makes the same change to many products: one act. The same again under the same id answers with the first outcome.
#[server(prefix = "/api/inventory", endpoint = "change_many", input = Json, output = Answer)]
pub async fn change_many(id: Option<Uuid>, store: String, skus: Vec<String>, bulk: Bulk) -> Result<Changed, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(complete(async move { inventory.change_many_once(&actor, id, &store, skus, bulk).await }).await?)
}

/// Undoes a change by another one.
#[server(prefix = "/api/inventory", endpoint = "undo_change", input = Json, output = Answer)]
pub async fn undo_change(journal: JournalId) -> Result<Changed, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(complete(async move { inventory.undo_change(&actor, journal).await }).await?)
}

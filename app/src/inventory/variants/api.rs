//! Server functions of families: products in several sizes or colours.
#![expect(missing_docs, reason = "the arguments of a server function become fields of a type that its macro makes")]

use crate::failure::Failure;
use crate::{json::Answer, prelude::*};
use leptos::server_fn::codec::Json;
use model::{Family, FamilyId, NewFamily, Page, Since, Variants};

#[cfg(feature = "ssr")]
use {
    crate::caller::{caller, complete},
    inventory::Inventory,
};

/// How many families are shown at once.
#[cfg(feature = "ssr")]
const AT_ONCE: i64 = 100;

/// A page of the families, by name.
#[server(prefix = "/api/inventory", endpoint = "families", input = Json, output = Answer)]
pub async fn families(after: Option<FamilyId>) -> Result<Page<Family>, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(inventory.families(&actor, after, AT_ONCE).await?)
}

/// One of them, with its items and what is there of each in a store.
#[server(prefix = "/api/inventory", endpoint = "family", input = Json, output = Answer)]
pub async fn find_family(id: FamilyId, store: String) -> Result<Since<Variants>, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(inventory.family(&actor, id, Some(&store)).await?)
}

/// The family of an item, if it is in one.
#[server(prefix = "/api/inventory", endpoint = "family_of", input = Json, output = Answer)]
pub async fn family_of(store: String, sku: String) -> Result<Since<Option<Variants>>, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(inventory.family_of(&actor, &sku, &store).await?)
}

/// Makes a family what it is to be, or adds it, with the items that are made with it.
#[server(prefix = "/api/inventory", endpoint = "save_family", input = Json, output = Answer)]
pub async fn save_family(id: FamilyId, family: NewFamily) -> Result<Variants, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(complete(async move { inventory.save_family(&actor, id, family).await }).await?)
}

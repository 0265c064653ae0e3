//! Server functions of price lists.
#![expect(missing_docs, reason = "the arguments of a server function become fields of a type that its macro makes")]

use crate::failure::Failure;
use crate::{json::Answer, prelude::*};
use leptos::server_fn::codec::Json;
use model::{NewPriceList, Page, PriceList, PriceListId, Prices, Since};

#[cfg(feature = "ssr")]
use {
    crate::caller::{caller, complete},
    inventory::Inventory,
};

/// The price lists of a store and those of all stores.
#[server(prefix = "/api/inventory", endpoint = "price_lists", input = Json, output = Answer)]
pub async fn price_lists(store: String) -> Result<Page<PriceList>, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(inventory.price_lists(&actor, &store).await?)
}

/// One of them, with its lines.
#[server(prefix = "/api/inventory", endpoint = "price_list", input = Json, output = Answer)]
pub async fn find_price_list(id: PriceListId) -> Result<Since<Prices>, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(inventory.price_list(&actor, id).await?)
}

/// Makes a list what it is to be, or adds it.
#[server(prefix = "/api/inventory", endpoint = "save_price_list", input = Json, output = Answer)]
pub async fn save_price_list(id: PriceListId, list: NewPriceList) -> Result<Prices, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(complete(async move { inventory.save_price_list(&actor, id, list).await }).await?)
}

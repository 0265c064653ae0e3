//! Server functions of the inventory; what they answer is true for the caller and their stores only.
#![expect(missing_docs, reason = "the arguments of a server function become fields of a type that its macro makes")]

use crate::failure::Failure;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::{
    GridQuery, Item, ItemSheet, NewAdjustment, NewReversal, NewSale, PostingId, Quantity, Receipt, Since, StockRow,
    Store,
};
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use {
    crate::caller::{caller, complete},
    inventory::{Inventory, ItemFilter, StockFilter},
};

/// What a scanned code meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The item.
    pub item: Item,
    /// Its stock in the store looked at; none for a service.
    pub stock: Option<StockRow>,
    /// The journal line up to which that is true.
    pub as_of: i64,
}

/// An item that a typed search may have meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// The item.
    pub item: Item,
    /// What is on hand in the store looked at; none for a service.
    pub on_hand: Option<Quantity>,
}

/// The stores that the caller may see.
#[server(prefix = "/api/inventory", endpoint = "stores", input = Json)]
pub async fn stores() -> Result<Vec<Store>, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(inventory.stores(&actor).await?)
}

/// Posts a sale; the same sale again answers with the first receipt.
#[server(prefix = "/api/inventory", endpoint = "post_sale", input = Json)]
pub async fn post_sale(sale: NewSale) -> Result<Receipt, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(complete(async move { inventory.post_sale(&actor, sale).await }).await?)
}

/// Posts an adjustment; the same again answers with the first receipt.
#[server(prefix = "/api/inventory", endpoint = "adjust", input = Json)]
pub async fn adjust(adjustment: NewAdjustment) -> Result<Receipt, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(complete(async move { inventory.post_adjustment(&actor, adjustment).await }).await?)
}

/// Undoes a posting; the same reversal again answers with the first receipt.
#[server(prefix = "/api/inventory", endpoint = "reverse", input = Json)]
pub async fn reverse(posting: PostingId, reversal: NewReversal) -> Result<Receipt, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(complete(async move { inventory.reverse(&actor, posting, reversal).await }).await?)
}

/// The item with that barcode or SKU, and its stock in that store.
#[server(prefix = "/api/inventory", endpoint = "find", input = Json)]
pub async fn find(store: String, code: String) -> Result<Option<Found>, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    let Some(item) = inventory.find_item(&actor, &code).await? else { return Ok(None) };
    let filter = StockFilter { sku: Some(item.sku.clone()), store: Some(store), limit: 1, ..StockFilter::default() };
    let stock = inventory.stock(&actor, &filter).await?;
    Ok(Some(Found { item, as_of: stock.as_of, stock: stock.data.into_iter().next() }))
}

/// The first items whose name, SKU or barcode holds the words, at most 20.
#[server(prefix = "/api/inventory", endpoint = "search", input = Json)]
pub async fn search(store: String, text: String) -> Result<Vec<Candidate>, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    let filter = ItemFilter { search: text.clone(), limit: 20, ..ItemFilter::default() };
    let items = inventory.items(&actor, &filter).await?.data;
    let query = GridQuery { store, search: text, ..GridQuery::default() };
    let rows = inventory.grid(&actor, &query, 0, 40).await?.data;
    Ok(items.into_iter().map(|item| Candidate::of(item, &rows)).collect())
}

/// A stretch of the stock grid, and how many rows it has in all.
#[server(prefix = "/api/inventory", endpoint = "grid", input = Json)]
pub async fn grid(query: GridQuery, offset: i64, limit: i64) -> Result<Since<Vec<StockRow>>, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(inventory.grid(&actor, &query, offset, limit).await?)
}

/// Everything about one item, seen from one store.
#[server(prefix = "/api/inventory", endpoint = "sheet", input = Json)]
pub async fn sheet(store: String, sku: String) -> Result<ItemSheet, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(inventory.sheet(&actor, &store, &sku).await?)
}

#[cfg(feature = "ssr")]
impl Candidate {
    fn of(item: Item, rows: &[StockRow]) -> Self {
        let on_hand = rows
            .iter()
            .filter(|row| row.item == item.id)
            .map(|row| row.on_hand)
            .reduce(|sum, more| sum.checked_add(more).unwrap_or(sum));
        Self { item, on_hand }
    }
}

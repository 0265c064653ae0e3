//! Server functions of lots.
#![expect(missing_docs, reason = "the arguments of a server function become fields of a type that its macro makes")]

use crate::failure::Failure;
use crate::{json::Answer, prelude::*};
use leptos::server_fn::codec::Json;
use model::{Lot, LotId, LotList, LotPatch, LotQuery, LotTrace, Since, Tracking};
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use {
    crate::caller::{caller, complete},
    inventory::{Inventory, LotFilter},
    model::{ItemPatch, LotAfter},
};

/// How many lots an item's sheet shows: what expires first.
#[cfg(feature = "ssr")]
const SHOWN: i64 = 200;
/// How many lots are read at once.
#[cfg(feature = "ssr")]
const AT_ONCE: i64 = 50;
/// How many lots are read anew at most.
#[cfg(feature = "ssr")]
const MOST: usize = 2_000;

/// An item's lots in a store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemLots {
    /// Are its goods told apart?
    pub tracking: Tracking,
    /// Its lots, what expires first at the top.
    pub lots: Vec<Lot>,
}

/// The lots of a store, what expires first at the top: a page, or all up to the last one that is asked for.
#[server(prefix = "/api/inventory", endpoint = "lots", input = Json, output = Answer)]
pub async fn lots(query: LotQuery) -> Result<Since<LotList>, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    let LotQuery { store, sku, within, barred, to_do, mut after, up_to } = query;
    let (mut as_of, mut data) = (None, LotList { lots: Vec::new(), more: false });
    loop {
        let filter = LotFilter { sku: sku.clone(), within, barred, to_do, after: None, limit: AT_ONCE };
        let filter = after.map_or_else(|| filter.clone(), |after| filter.clone().behind(after));
        let page = inventory.lots(&actor, &store, &filter).await?;
        // What changes between two pages is read anew: it is true as of the first one.
        let as_of = *as_of.get_or_insert(page.as_of);
        data.lots.extend(page.data);
        data.more = page.next.is_some();
        after = data.lots.last().map(LotAfter::from);
        let on = after.zip(up_to).is_some_and(|(last, up_to)| last.place() < up_to.place());
        if !on || !data.more || data.lots.len() >= MOST {
            return Ok(Since { data, as_of, total: 0 });
        }
    }
}

/// The lots of an item in a store.
#[server(prefix = "/api/inventory", endpoint = "item_lots", input = Json, output = Answer)]
pub async fn find_item_lots(store: String, sku: String) -> Result<Since<ItemLots>, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    let tracking = inventory.product(&actor, &sku).await?.data.item.tracking;
    let filter = LotFilter { sku: Some(sku), limit: SHOWN, ..LotFilter::default() };
    let page = inventory.lots(&actor, &store, &filter).await?;
    Ok(Since { data: ItemLots { tracking, lots: page.data }, as_of: page.as_of, total: 0 })
}

/// Where a lot is, and where it went.
#[server(prefix = "/api/inventory", endpoint = "lot_trace", input = Json, output = Answer)]
pub async fn trace_lot(id: LotId) -> Result<LotTrace, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(inventory.lot_trace(&actor, id).await?)
}

/// Says whether a lot may be sold, or until when it is good; the same again changes nothing.
#[server(prefix = "/api/inventory", endpoint = "change_lot", input = Json, output = Answer)]
pub async fn change_lot(id: LotId, patch: LotPatch) -> Result<Lot, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(complete(async move { inventory.change_lot(&actor, id, patch).await }).await?)
}

/// Says how an item's goods are told apart; the same again changes nothing.
#[server(prefix = "/api/inventory", endpoint = "track_item", input = Json, output = Answer)]
pub async fn track_item(sku: String, tracking: Tracking) -> Result<(), Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    let patch = ItemPatch { tracking: Some(tracking), ..ItemPatch::default() };
    complete(async move { inventory.change_item(&actor, &sku, None, patch).await }).await?;
    Ok(())
}

/// The pieces with that serial number, also those that are sold.
#[server(prefix = "/api/inventory", endpoint = "serials", input = Json, output = Answer)]
pub async fn serials(serial: String) -> Result<Since<Vec<Lot>>, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    let page = inventory.serials(&actor, &serial).await?;
    Ok(Since { data: page.data, as_of: page.as_of, total: 0 })
}

/// How the goods of these items are told apart, of those whose goods are.
#[server(prefix = "/api/inventory", endpoint = "with_lots", input = Json, output = Answer)]
pub async fn with_lots(skus: Vec<String>) -> Result<Vec<(String, Tracking)>, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(inventory.with_lots(&actor, &skus).await?)
}

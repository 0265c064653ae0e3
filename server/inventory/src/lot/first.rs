//! Which lots leave first: what a list of goods to fetch says, before they are fetched.

use super::book::{shelves, travelling};
use super::shelf::Part;
use super::today;
use crate::balance::Key;
use crate::ledger::SELLABLE;
use db::{Tx, query_rows};
use model::{ItemId, LocationId, LotTake, PostingId, Quantity, Result, StoreId};
use std::collections::{BTreeSet, HashMap};

/// Of which lots so many of each balance are, when what may be sold leaves by its last day: one after the other, as if those
/// before had left already, and as if so many of the lots that are named had. Where no lots are told apart, of none.
pub(crate) async fn first(
    tx: &mut Tx,
    zone: &str,
    wanted: &[(Key, i64)],
    named: &[(Key, &str, i64)],
) -> Result<Vec<Vec<LotTake>>> {
    let keys: Vec<Key> = wanted.iter().map(|(key, _)| *key).collect::<BTreeSet<_>>().into_iter().collect();
    let mut shelves = if keys.is_empty() { HashMap::new() } else { shelves(tx, &keys, &today(zone)).await? };
    for (key, code, size) in named {
        let shelf = shelves.get_mut(key);
        if let Some(batch) = shelf.and_then(|shelf| shelf.batches.iter_mut().find(|batch| batch.code == *code)) {
            batch.left -= *size;
        }
    }
    for shelf in shelves.values_mut() {
        shelf.batches.retain(|batch| batch.good);
    }
    let lots = wanted.iter().map(|(key, size)| {
        let parts = shelves.get_mut(key).map(|shelf| shelf.take(*size, false)).unwrap_or_default();
        told(parts)
    });
    Ok(lots.collect())
}

/// The lots of a transfer that left into that TRANSIT and came nowhere yet, by item.
pub(crate) async fn on_the_way(
    tx: &mut Tx,
    number: &str,
    transit: LocationId,
) -> Result<HashMap<ItemId, Vec<LotTake>>> {
    let hands = travelling(tx, (number, transit), PostingId::new(), "").await?;
    let all = hands.into_iter().map(|(item, mut shelf)| {
        let size: i64 = shelf.batches.iter().map(|batch| batch.left.max(0)).sum();
        (item, told(shelf.take(size, true)))
    });
    Ok(all.collect())
}

fn told(parts: Vec<Part>) -> Vec<LotTake> {
    let told = parts.into_iter().map(|part| LotTake {
        lot: part.code,
        expires_on: part.expires_on,
        quantity: Quantity::from_parts(part.size),
    });
    told.collect()
}

/// Where in a store the pieces of these serial numbers are; what is nowhere there is left out.
pub(crate) async fn places_of(
    tx: &mut Tx,
    store: StoreId,
    numbers: &[(ItemId, &str)],
) -> Result<HashMap<(ItemId, String), LocationId>> {
    let rows: Vec<(ItemId, String, LocationId)> = query_rows!(
        tx,
        "with wanted (item, code, store, condition) as (",
        numbers,
        |row, number| {
            row.push_bind(number.0).push_bind(number.1.trim()).push_bind(store).push_bind(SELLABLE);
        },
        ") select w.item, w.code, b.location from wanted w
         join inventory_lot l on l.item = w.item and l.code = w.code
         join inventory_lot_balance b on b.lot = l.id and b.store = w.store and b.condition = w.condition and b.on_hand > 0
         order by b.location desc"
    )?;
    Ok(rows.into_iter().map(|(item, code, place)| ((item, code), place)).collect())
}

//! Which lots leave first: what a list of goods to fetch says, before they are fetched.

use super::book::shelves;
use super::today;
use crate::balance::Key;
use crate::ledger::SELLABLE;
use db::{Tx, query_rows};
use model::{ItemId, LocationId, LotTake, Quantity, Result, StoreId};
use std::collections::{BTreeSet, HashMap};

/// Of which lots so many of each balance are, when what may be sold leaves by its last day: one after the other, as if those
/// before had left already. Where no lots are told apart, of none.
pub(crate) async fn first(tx: &mut Tx, zone: &str, wanted: &[(Key, i64)]) -> Result<Vec<Vec<LotTake>>> {
    let keys: Vec<Key> = wanted.iter().map(|(key, _)| *key).collect::<BTreeSet<_>>().into_iter().collect();
    let mut shelves = if keys.is_empty() { HashMap::new() } else { shelves(tx, &keys, &today(zone)).await? };
    for shelf in shelves.values_mut() {
        shelf.batches.retain(|batch| batch.good);
    }
    let lots = wanted.iter().map(|(key, size)| {
        let parts = shelves.get_mut(key).map(|shelf| shelf.take(*size, false)).unwrap_or_default();
        let told = parts.into_iter().map(|part| LotTake {
            lot: part.code,
            expires_on: part.expires_on,
            quantity: Quantity::from_parts(part.size),
        });
        told.collect()
    });
    Ok(lots.collect())
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

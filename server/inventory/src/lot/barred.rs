//! What of balances must not be sold, because its lots are expired, held or recalled.

use super::today;
use crate::ledger::SELLABLE;
use db::{Tx, fetch_all, query_rows};
use model::{ItemId, LocationId, Quantity, Result, Store, StoreId};
use std::collections::HashMap;

/// How much of these items at these places must not be sold on the store's day; what is not in it may all be sold.
pub(crate) async fn barred(
    tx: &mut Tx,
    wanted: &[(StoreId, LocationId, ItemId)],
) -> Result<HashMap<(LocationId, ItemId), Quantity>> {
    if wanted.is_empty() {
        return Ok(HashMap::new());
    }
    let zones: Vec<(StoreId, String)> =
        fetch_all!(tx, "select id, time_zone from inventory_store where closed_at is null")?;
    let days: HashMap<StoreId, String> = zones.into_iter().map(|(store, zone)| (store, today(&zone))).collect();
    let rows: Vec<(LocationId, ItemId, Quantity)> = query_rows!(
        tx,
        "with wanted (location, item, condition, today) as (",
        wanted,
        |row, one| {
            let day = days.get(&one.0).map(String::as_str).unwrap_or_default();
            row.push_bind(one.1).push_bind(one.2).push_bind(SELLABLE).push_bind(day);
        },
        ") select b.location, b.item, cast(sum(b.on_hand) as bigint)
         from wanted w
         join inventory_lot_balance b on b.location = w.location and b.item = w.item and b.condition = w.condition
                                     and b.on_hand > 0
         join inventory_lot l on l.id = b.lot and (l.status <> 'ok' or l.expires_on < w.today)
         group by b.location, b.item"
    )?;
    Ok(rows.into_iter().map(|(place, item, size)| ((place, item), size)).collect())
}

/// The same of all items of a store, wherever they lie there.
pub(crate) async fn barred_in(tx: &mut Tx, store: &Store) -> Result<HashMap<ItemId, Quantity>> {
    let rows: Vec<(ItemId, Quantity)> = fetch_all!(
        tx,
        // What is over first, then what is held or called back and is not over: each has an index of its own. What is joined
        // by `cross` SQLite reads in that order.
        "select b.item, cast(sum(b.on_hand) as bigint) from (
             select item, condition, on_hand from inventory_lot_balance
             where store = $1 and until < $2 and on_hand <> 0
             union all
             select b.item, b.condition, b.on_hand
             from inventory_lot l cross join inventory_lot_balance b
             where l.status <> 'ok' and b.lot = l.id and b.store = $1 and b.until >= $2) b
         where b.condition = $3 and b.on_hand > 0 group by b.item",
        store.id,
        today(&store.time_zone),
        SELLABLE
    )?;
    Ok(rows.into_iter().collect())
}

//! How few and how many of an item a store wants to have, written and checked.

use crate::ledger::{NO_LOT, SELLABLE};
use crate::store::SHOP;
use crate::verify::{Finding, find};
use auth::Act;
use db::{Tx, execute, fetch_all, insert_rows};
use model::{Flaw, ItemId, Limit, Quantity, Result, StoreId};

/// Writes limits of stores; with neither number one goes. Each is written first, in the order in which sales take the
/// balances that hear of it: what is deleted at once is deleted in any order.
pub(crate) async fn set(act: &mut Act, mut limits: Vec<(ItemId, StoreId, &Limit)>) -> Result<()> {
    limits.sort_by_key(|(item, ..)| *item);
    insert_rows!(
        act,
        "insert into inventory_limit (item, store, minimum, maximum) ",
        &limits,
        |row, set| {
            row.push_bind(set.0).push_bind(set.1).push_bind(set.2.minimum).push_bind(set.2.maximum);
        },
        " on conflict (item, store) do update set minimum = excluded.minimum, maximum = excluded.maximum"
    )?;
    limits.retain(|(.., limit)| limit.minimum.is_none() && limit.maximum.is_none());
    insert_rows!(
        act,
        "with gone (item, store) as (",
        &limits,
        |row, gone| {
            row.push_bind(gone.0).push_bind(gone.1);
        },
        ") delete from inventory_limit where (item, store) in (select item, store from gone)"
    )?;
    Ok(())
}

/// What runs low is read from the balances that know their minimum, and from the limits of what never was there: both are
/// kept by triggers.
pub(crate) async fn compare(tx: &mut Tx, findings: &mut Vec<Finding>) -> Result<()> {
    for (store, sku) in differing(tx).await? {
        find(findings, "a balance knows the least that should be there", format!("{sku} in {store}"));
    }
    Ok(())
}

/// Store and item of each limit whose balance is not there or knows another minimum, and of each balance that knows one
/// nobody set; at most 100. A limit that knows of no balance is read itself, so it may have one: on PostgreSQL one that
/// was set while the first of its goods came.
async fn differing(tx: &mut Tx) -> Result<Vec<(String, String)>> {
    Ok(fetch_all!(
        tx,
        "with kept (item, store, minimum) as (
             select b.item, p.store, b.minimum from inventory_balance b join inventory_location p on p.id = b.location
             where p.code = $1 and b.lot = $2 and b.condition = $3
         ), wrong (item, store) as (
             select l.item, l.store from inventory_limit l left join kept k on k.item = l.item and k.store = l.store
             where l.moved = 1 and (k.item is null or k.minimum is distinct from l.minimum)
             union select k.item, k.store from kept k
             where k.minimum is not null
               and not exists (select 1 from inventory_limit l where l.item = k.item and l.store = k.store)
         ) select s.code, i.sku from wrong w join inventory_store s on s.id = w.store
           join inventory_item i on i.id = w.item order by s.code, i.sku limit 100",
        SHOP,
        NO_LOT,
        SELLABLE
    )?)
}

/// Before the balances are written anew, by which each limit hears of its own: answers with how many were wrong.
pub(crate) async fn rebuild(act: &mut Act) -> Result<usize> {
    let wrong = differing(act).await?.len();
    execute!(act, "update inventory_limit set moved = 0 where moved = 1")?;
    Ok(wrong)
}

/// What is wrong with one.
pub(crate) fn flaw(limit: &Limit) -> Option<Flaw> {
    let out = |size: Option<Quantity>| size.is_some_and(|size| size.is_negative() || size > Quantity::LINE_MAX);
    if out(limit.minimum) || out(limit.maximum) {
        return Some(Flaw::new("limits", "limit", "use numbers from 0 to 1 000 000 000"));
    }
    let turned = limit.minimum.zip(limit.maximum).is_some_and(|(minimum, maximum)| maximum < minimum);
    turned.then(|| Flaw::new("limits", "limit_order", "the maximum is below the minimum; swap them"))
}

//! How few and how many of an item a store wants to have, written and checked.

use auth::Act;
use db::execute;
use model::{Flaw, ItemId, Limit, Quantity, Result, StoreId};

/// Writes a limit of a store; with neither number it goes.
pub(crate) async fn set(act: &mut Act, item: ItemId, store: StoreId, limit: &Limit) -> Result<()> {
    if limit.minimum.is_none() && limit.maximum.is_none() {
        execute!(act, "delete from inventory_limit where item = $1 and store = $2", item, store)?;
        return Ok(());
    }
    execute!(
        act,
        "insert into inventory_limit (item, store, minimum, maximum) values ($1, $2, $3, $4)
         on conflict (item, store) do update set minimum = excluded.minimum, maximum = excluded.maximum",
        item,
        store,
        limit.minimum,
        limit.maximum
    )?;
    Ok(())
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

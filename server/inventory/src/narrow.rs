//! Lists that are narrowed down to what is low, short or without a barcode: kept in their order, so that a page of them
//! is read from an index.

use crate::verify::{Finding, find};
use auth::Act;
use db::{Tx, execute, fetch_all, fetch_one};
use model::{CategoryId, ItemId, Result, StoreId};
use uuid::Uuid;

/// What a list is narrowed down to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Narrow {
    /// At or below its minimum in a store.
    Low,
    /// At or below zero where a store sells it.
    Short,
    /// Without a barcode.
    Bare,
}

impl Narrow {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Short => "short",
            Self::Bare => "bare",
        }
    }

    /// The store in which it is so; nil for what is so everywhere.
    pub(crate) const fn store(self, store: StoreId) -> StoreId {
        match self {
            Self::Low | Self::Short => store,
            Self::Bare => StoreId(Uuid::nil()),
        }
    }
}

/// A list that is narrowed down.
#[derive(Clone, Copy, Debug)]
pub(crate) struct List {
    /// To what is this,
    pub(crate) to: Narrow,
    /// and this too.
    pub(crate) and: Option<Narrow>,
    pub(crate) store: StoreId,
    pub(crate) category: Option<CategoryId>,
    pub(crate) archived: bool,
}

/// What stands in it: `$1` to `$4` the list, `$5` and `$6` what else it is; the statement goes on with `$7`.
macro_rules! listed {
    ($fetch:ident, $tx:expr, $list:expr, $before:literal, $after:literal, $($value:expr),*) => {
        $fetch!(
            $tx,
            concat!(
                $before,
                " from inventory_narrow n
                 where n.list = $1 and n.store = $2 and n.category = $3 and n.archived = $4
                   and ($5 = '' or exists (select 1 from inventory_narrow o
                                           where o.item = n.item and o.store = $6 and o.list = $5)) ",
                $after
            ),
            $list.to.name(),
            $list.to.store($list.store),
            $list.category.unwrap_or(CategoryId(Uuid::nil())),
            i64::from($list.archived),
            $list.and.map_or("", Narrow::name),
            $list.and.map_or($list.store, |and| and.store($list.store)),
            $($value),*
        )
    };
}

/// How many rows it has, counted up to `reach`.
pub(crate) async fn total(tx: &mut Tx, list: List, reach: i64) -> Result<i64> {
    let (total,): (i64,) =
        listed!(fetch_one, tx, list, "select count(*) from (select 1 as row", " limit $7) counted", reach)?;
    Ok(total)
}

/// The items of at most `limit` rows after `offset`, by SKU or by name.
pub(crate) async fn window(
    tx: &mut Tx,
    list: List,
    by_name: bool,
    descending: bool,
    (offset, limit): (i64, i64),
) -> Result<Vec<ItemId>> {
    if limit <= 0 {
        return Ok(Vec::new());
    }
    macro_rules! walked {
        ($after:literal) => {
            listed!(fetch_all, tx, list, "select n.item", $after, limit, offset)
        };
    }
    let rows: Vec<(ItemId,)> = match (by_name, descending) {
        (false, false) => walked!("order by n.sku, n.item limit $7 offset $8"),
        (false, true) => walked!("order by n.sku desc, n.item desc limit $7 offset $8"),
        (true, false) => walked!("order by n.name, n.item limit $7 offset $8"),
        (true, true) => walked!("order by n.name desc, n.item desc limit $7 offset $8"),
    }?;
    Ok(rows.into_iter().map(|(item,)| item).collect())
}

/// What stands in these lists is low, short or bare, is all there, and is called so.
pub(crate) async fn compare(tx: &mut Tx, findings: &mut Vec<Finding>) -> Result<()> {
    for (list, sku) in differing(tx).await? {
        find(findings, "a list that is narrowed down is all of it", format!("{sku} in or out of the list {list}"));
    }
    Ok(())
}

/// List and SKU of what stands there wrongly, or does not; at most 100.
async fn differing(tx: &mut Tx) -> Result<Vec<(String, String)>> {
    Ok(fetch_all!(
        tx,
        "with kept as (select list, store, category, item, archived, sku, name from inventory_narrow),
              there as (select list, store, category, item, archived, sku, name from inventory_narrow_listed)
         select distinct list, sku from (
             select * from (select * from kept except select * from there) strays
             union all select * from (select * from there except select * from kept) missed
         ) wrong order by list, sku limit 100"
    )?)
}

/// Writes all of them anew; answers with how many were wrong. Nobody else changes items or balances meanwhile.
pub(crate) async fn rebuild(act: &mut Act) -> Result<usize> {
    let wrong = differing(act).await?.len();
    if wrong > 0 {
        execute!(act, "delete from inventory_narrow")?;
        execute!(
            act,
            "insert into inventory_narrow (list, store, category, item, archived, sku, name)
             select list, store, category, item, archived, sku, name from inventory_narrow_listed where true
             on conflict do nothing"
        )?;
    }
    Ok(wrong)
}

//! The questions that the value journal answers, each one statement or two.

use super::shelf::EntryRow;
use db::{Result, Tx, fetch_all, fetch_optional};
use model::{ItemId, Money, Period, PostingId, Quantity, StoreId, Time};
use std::collections::HashMap;

/// Layers listed at most.
const LAYERS_MAX: i64 = 200;

/// Up to when.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AsOf {
    /// All that is known.
    #[default]
    Now,
    /// What was known at that moment.
    Moment(Time),
    /// What was known with that line of the journal.
    Seq(i64),
}

/// A sum as the engines make it without leaving their range: whole units, and the millionths beside them.
fn whole(units: i64, millionths: i64) -> Money {
    let sum = i128::from(units) * 1_000_000 + i128::from(millionths);
    Money::from_parts(i64::try_from(sum).unwrap_or(if sum < 0 { i64::MIN } else { i64::MAX }))
}

/// What of each item that is there is worth by what was paid, in so far as anybody said.
pub async fn values(tx: &mut Tx, store: StoreId) -> Result<HashMap<ItemId, Money>> {
    let rows: Vec<(ItemId, Money)> = fetch_all!(
        tx,
        "select item, value from report_cost_pile
         where store = $1 and quantity > 0 and (last_cost is not null or value <> 0)",
        store
    )?;
    Ok(rows.into_iter().collect())
}

/// How many items have goods whose cost nobody said.
pub async fn guessed(tx: &mut Tx, store: StoreId) -> Result<i64> {
    let (items,): (i64,) = db::fetch_one!(
        tx,
        "select count(distinct item) from report_cost_layer where store = $1 and quantity_left > 0 and known = $2",
        store,
        false
    )?;
    Ok(items)
}

/// How many of each item there were, and worth how much.
pub async fn worth(tx: &mut Tx, store: StoreId, as_of: AsOf) -> Result<Vec<(ItemId, Quantity, Money)>> {
    let (moment, seq) = match as_of {
        AsOf::Now => {
            return fetch_all!(
                tx,
                "select item, quantity, value from report_cost_pile
                 where store = $1 and (quantity <> 0 or value <> 0)",
                store
            );
        }
        AsOf::Moment(moment) => (moment, i64::MAX),
        AsOf::Seq(seq) => (Time::from_micros(i64::MAX), seq),
    };
    let rows: Vec<(ItemId, Quantity, i64, i64)> = fetch_all!(
        tx,
        "select item, cast(sum(quantity) as bigint), cast(sum(inventory / 1000000) as bigint),
            cast(sum(inventory % 1000000) as bigint)
         from report_cost_entry where store = $1 and learnt <= $2 and seq <= $3
         group by item having sum(quantity) <> 0 or sum(inventory / 1000000) <> 0 or sum(inventory % 1000000) <> 0",
        store,
        moment,
        seq
    )?;
    Ok(rows.into_iter().map(|(item, quantity, units, rest)| (item, quantity, whole(units, rest))).collect())
}

/// What happened to the worth of an item in a period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moved {
    /// How many were sold, returns taken off.
    pub sold: Quantity,
    /// What they cost.
    pub cost: Money,
    /// Lost and found.
    pub shrinkage: Money,
    /// Learnt later.
    pub revaluation: Money,
    /// Made by rounding.
    pub residue: Money,
}

#[derive(sqlx::FromRow)]
struct MovedRow {
    item: ItemId,
    sold: Quantity,
    cost: i64,
    cost_rest: i64,
    shrinkage: i64,
    shrinkage_rest: i64,
    revaluation: i64,
    revaluation_rest: i64,
    residue: i64,
}

/// What goods cost that left in a period, by item.
pub async fn moved(tx: &mut Tx, store: StoreId, period: &Period) -> Result<HashMap<ItemId, Moved>> {
    let rows: Vec<MovedRow> = fetch_all!(
        tx,
        "select item,
            cast(-sum(case account when 'cost_of_goods' then quantity else 0 end) as bigint) as sold,
            cast(sum(case account when 'cost_of_goods' then counter / 1000000 else 0 end) as bigint) as cost,
            cast(sum(case account when 'cost_of_goods' then counter % 1000000 else 0 end) as bigint) as cost_rest,
            cast(sum(case account when 'shrinkage' then counter / 1000000 else 0 end) as bigint) as shrinkage,
            cast(sum(case account when 'shrinkage' then counter % 1000000 else 0 end) as bigint) as shrinkage_rest,
            cast(sum(revaluation / 1000000) as bigint) as revaluation,
            cast(sum(revaluation % 1000000) as bigint) as revaluation_rest,
            cast(sum(residue) as bigint) as residue
         from report_cost_entry where store = $1 and day >= $2 and day <= $3 group by item",
        store,
        &period.from,
        &period.to
    )?;
    let moved = |row: MovedRow| Moved {
        sold: row.sold,
        cost: whole(row.cost, row.cost_rest),
        shrinkage: whole(row.shrinkage, row.shrinkage_rest),
        revaluation: whole(row.revaluation, row.revaluation_rest),
        residue: Money::from_parts(row.residue),
    };
    Ok(rows.into_iter().map(|row| (row.item, moved(row))).collect())
}

/// What the items of a store brought in a period, returns taken off.
pub async fn revenue(tx: &mut Tx, store: StoreId, period: &Period) -> Result<HashMap<ItemId, (Quantity, Money)>> {
    let rows: Vec<(ItemId, Quantity, i64, i64)> = fetch_all!(
        tx,
        "select item, cast(sum(sold + returned) as bigint), cast(sum((gross + refunded) / 1000000) as bigint),
            cast(sum((gross + refunded) % 1000000) as bigint)
         from report_item_day where store = $1 and day >= $2 and day <= $3 group by item",
        store,
        &period.from,
        &period.to
    )?;
    Ok(rows.into_iter().map(|(item, sold, units, rest)| (item, (sold, whole(units, rest)))).collect())
}

/// What one document did to the worth of the stock, then and later.
pub async fn of_posting(tx: &mut Tx, posting: PostingId) -> Result<Vec<super::ledger::Entry>> {
    let rows: Vec<EntryRow> = fetch_all!(
        tx,
        "select seq, nth, line, posting, store, item, day, learnt, account, quantity, inventory, counter, revaluation,
            residue
         from report_cost_entry where posting = $1 order by seq, nth",
        posting
    )?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// How many of an item there are, what they are worth, and what one cost last.
pub async fn pile(tx: &mut Tx, store: StoreId, item: ItemId) -> Result<(Quantity, Money, Option<Money>)> {
    let row: Option<(Quantity, Money, Option<Money>)> = fetch_optional!(
        tx,
        "select quantity, value, last_cost from report_cost_pile where store = $1 and item = $2",
        store,
        item
    )?;
    Ok(row.unwrap_or_default())
}

#[derive(sqlx::FromRow)]
pub struct OpenLayer {
    pub posting: Option<PostingId>,
    pub day: Option<String>,
    pub account: Option<String>,
    pub came: Quantity,
    pub quantity_left: Quantity,
    pub value_left: Money,
    pub known: bool,
}

/// The layers of which something is left, the oldest first.
pub async fn layers(tx: &mut Tx, store: StoreId, item: ItemId) -> Result<Vec<OpenLayer>> {
    fetch_all!(
        tx,
        "select e.posting, e.day, e.account, l.came, l.quantity_left, l.value_left, l.known
         from report_cost_layer l left join report_cost_entry e on e.seq = l.seq and e.nth = l.line
         where l.store = $1 and l.item = $2 and l.quantity_left > 0 order by l.seq, l.line limit $3",
        store,
        item,
        LAYERS_MAX
    )
}

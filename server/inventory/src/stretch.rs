//! Lists by row number: any row of a list is found by how many stand in each stretch before it.

use crate::verify::{Finding, find};
use auth::Act;
use db::{Tx, execute, fetch_all, fetch_one, fetch_optional};
use model::{CategoryId, ItemId, Result};
use uuid::Uuid;

/// The category of a list of the whole house.
const NO_CATEGORY: CategoryId = CategoryId(Uuid::nil());
/// Rows of a stretch when it is made; twice as many make two of it.
const LENGTH: i64 = 2_000;

/// Which items stand in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    /// What is counted, and what is made of that, as far as it is offered.
    Goods,
    /// Whatever is offered.
    Offered,
    /// What is offered no more.
    Archived,
}

/// A list of items by SKU or by name, of the whole house or of a category.
#[derive(Clone, Copy, Debug)]
pub(crate) struct List {
    pub(crate) kept: Kept,
    pub(crate) by_name: bool,
    pub(crate) category: Option<CategoryId>,
}

impl List {
    const fn name(self) -> &'static str {
        match (self.kept, self.by_name) {
            (Kept::Goods, false) => "goods by sku",
            (Kept::Goods, true) => "goods by name",
            (Kept::Offered, false) => "offered by sku",
            (Kept::Offered, true) => "offered by name",
            (Kept::Archived, false) => "archived by sku",
            (Kept::Archived, true) => "archived by name",
        }
    }

    fn named(name: &str, category: CategoryId) -> Option<Self> {
        let category = (category != NO_CATEGORY).then_some(category);
        let all = [Kept::Goods, Kept::Offered, Kept::Archived]
            .map(|kept| [false, true].map(|by_name| Self { kept, by_name, category }));
        all.into_iter().flatten().find(|list| list.name() == name)
    }

    fn key(self) -> CategoryId {
        self.category.unwrap_or(NO_CATEGORY)
    }
}

/// The keys and items of a list from (`$1`, `$2`) on: `$3` of them after `$4`; each list by an index of its own.
macro_rules! walk {
    ($fetch:ident, $tx:expr, $list:expr, $from:expr, $limit:expr, $skip:expr) => {{
        macro_rules! read {
            ($key:literal, $kept:expr) => {
                $fetch!(
                    $tx,
                    concat!(
                        "select ",
                        $key,
                        ", i.id from inventory_item i where ",
                        $kept,
                        " and (",
                        $key,
                        ", i.id) >= ($1, $2) order by ",
                        $key,
                        ", i.id limit $3 offset $4"
                    ),
                    $from.0.as_str(),
                    $from.1,
                    $limit,
                    $skip,
                    $list.key()
                )
            };
            ($kept:literal) => {
                match ($list.category, $list.by_name) {
                    (None, false) => read!("i.sku", concat!("$5 is not null and ", $kept)),
                    (None, true) => read!("i.name", concat!("$5 is not null and ", $kept)),
                    (Some(_), false) => read!("i.sku", concat!("i.category = $5 and ", $kept)),
                    (Some(_), true) => read!("i.name", concat!("i.category = $5 and ", $kept)),
                }
            };
        }
        match $list.kept {
            Kept::Goods => read!("i.kind <> 'service' and i.archived_at is null"),
            Kept::Offered => read!("i.archived_at is null"),
            Kept::Archived => read!("i.archived_at is not null"),
        }
    }};
}

/// How many rows a list has.
pub(crate) async fn total(tx: &mut Tx, list: List) -> Result<i64> {
    let (total,): (i64,) = fetch_one!(
        tx,
        "select cast(coalesce(sum(length), 0) as bigint) from inventory_stretch where list = $1 and category = $2",
        list.name(),
        list.key()
    )?;
    Ok(total)
}

/// The items of at most `limit` rows after `offset` and how many rows there are; counted from the last row when the list
/// is shown backwards.
pub(crate) async fn window(
    tx: &mut Tx,
    list: List,
    backwards: bool,
    (offset, limit): (i64, i64),
) -> Result<(Vec<ItemId>, i64)> {
    let total = total(tx, list).await?;
    if !backwards {
        return Ok((forwards(tx, list, offset, limit).await?, total));
    }
    let end = total.saturating_sub(offset);
    let mut items = forwards(tx, list, (end - limit).max(0), limit.min(end)).await?;
    items.reverse();
    Ok((items, total))
}

async fn forwards(tx: &mut Tx, list: List, offset: i64, limit: i64) -> Result<Vec<ItemId>> {
    if limit <= 0 {
        return Ok(Vec::new());
    }
    let found: Option<(String, ItemId, i64)> = fetch_optional!(
        tx,
        "select start, item, before
         from (select start, item, cast(sum(length) over (order by start, item) as bigint) - length as before
               from inventory_stretch where list = $1 and category = $2) s
         where before <= $3 order by before desc, start desc, item desc limit 1",
        list.name(),
        list.key(),
        offset
    )?;
    let Some((start, item, before)) = found else { return Ok(Vec::new()) };
    let from = (start, item);
    let rows: Vec<(String, ItemId)> = walk!(fetch_all, tx, list, from, limit, offset - before)?;
    Ok(rows.into_iter().map(|(_, item)| item).collect())
}

/// Takes the turn of those who change lists, before a lock that they may want too: on PostgreSQL a trigger waits for it,
/// whether or not a row is changed.
pub(crate) async fn turn(act: &mut Act) -> Result<()> {
    execute!(act, "update inventory_item set category = category where 1 = 0")?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Stretch {
    list: String,
    category: CategoryId,
    start: String,
    item: ItemId,
    length: i64,
}

/// Makes two of each stretch that has become too long, in the act that added to it.
pub(crate) async fn split(act: &mut Act) -> Result<()> {
    loop {
        let long: Vec<Stretch> = fetch_all!(
            act,
            "select list, category, start, item, length from inventory_stretch where length > 4000 limit 100"
        )?;
        if long.is_empty() {
            return Ok(());
        }
        for stretch in long {
            let Some(list) = List::named(&stretch.list, stretch.category) else { return Ok(()) };
            let from = (stretch.start.clone(), stretch.item);
            let middle: Option<(String, ItemId)> = walk!(fetch_optional, act, list, from, 1_i64, LENGTH)?;
            // Counted wrong by a hand in the database: `verify` tells it, `rebuild` mends it.
            let Some((start, item)) = middle else { return Ok(()) };
            execute!(
                act,
                "update inventory_stretch set length = $5 where list = $1 and category = $2 and start = $3 and item = $4",
                &stretch.list,
                stretch.category,
                &stretch.start,
                stretch.item,
                LENGTH
            )?;
            execute!(
                act,
                "insert into inventory_stretch (list, category, start, item, length) values ($1, $2, $3, $4, $5)",
                &stretch.list,
                stretch.category,
                start,
                item,
                stretch.length - LENGTH
            )?;
        }
    }
}

/// Each stretch has as many rows as it says.
pub(crate) async fn compare(tx: &mut Tx, findings: &mut Vec<Finding>) -> Result<()> {
    for (list, category, kept, there) in differing(tx).await? {
        let of = if category == NO_CATEGORY { String::new() } else { format!(" of category {category}") };
        let what = format!("a stretch of the list {list}{of} is kept with {kept} rows and has {there}");
        find(findings, "a list has as many rows as it counts", what);
    }
    Ok(())
}

/// List, category, rows kept and rows there of each stretch where these differ.
async fn differing(tx: &mut Tx) -> Result<Vec<(String, CategoryId, i64, i64)>> {
    Ok(fetch_all!(
        tx,
        "with marked as (
             select list, category, start as key, item, 1 as starts, length from inventory_stretch
             union all select list, category, key, item, 0, 0 from inventory_listed
         ), placed as (
             select list, category, starts, length,
                    sum(starts) over (partition by list, category order by key, item, starts desc
                                      rows unbounded preceding) as stretch
             from marked
         ) select list, category, cast(sum(length) as bigint), cast(sum(1 - starts) as bigint)
           from placed group by list, category, stretch
           having sum(length) <> sum(1 - starts) order by list, category limit 100"
    )?)
}

/// Counts all lists anew; answers with how many stretches were wrong. Nobody else changes items meanwhile.
pub(crate) async fn rebuild(act: &mut Act) -> Result<usize> {
    let wrong = differing(act).await?.len();
    if wrong == 0 {
        return Ok(0);
    }
    execute!(act, "delete from inventory_stretch")?;
    execute!(
        act,
        "insert into inventory_stretch (list, category, start, item, length)
         select l.list, c.category, '', $1, 0 from inventory_list l
         cross join (select id as category from inventory_category union all select $1 as category) c",
        NO_CATEGORY
    )?;
    execute!(
        act,
        "insert into inventory_stretch (list, category, start, item, length)
         select list, category, case n when 0 then '' else key end, case n when 0 then $1 else item end, length
         from (select list, category, key, item, n, count(*) over (partition by list, category, n / $2) as length
               from (select list, category, key, item,
                            row_number() over (partition by list, category order by key, item) - 1 as n
                     from inventory_listed) numbered) counted
         where n % $2 = 0
         on conflict (list, category, start, item) do update set length = excluded.length",
        NO_CATEGORY,
        LENGTH
    )?;
    Ok(wrong)
}

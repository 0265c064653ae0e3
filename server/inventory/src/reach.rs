//! The rows of the stock grid and of the product list: by number where rows are counted, within reach where a list is
//! narrowed down or in the order of what is there.

use crate::narrow::{self, Narrow};
use crate::store::Site;
use crate::stretch::{self, Kept, List};
use crate::words::words;
use crate::{category, ledger, search};
use db::{Tx, fetch_all, fetch_one};
use model::{CategoryId, GridQuery, GridSort, ItemId, LIST_REACH, ProductQuery, Result};

/// What a list keeps and in which order.
pub(crate) struct Filter<'a> {
    pub(crate) kept: Kept,
    pub(crate) search: &'a str,
    pub(crate) category: &'a str,
    /// At or below their minimum.
    pub(crate) low: bool,
    /// Without a barcode.
    pub(crate) bare: bool,
    /// Those that were here once and are at or below zero.
    pub(crate) short: bool,
    pub(crate) by: GridSort,
    pub(crate) descending: bool,
    /// Up to how many rows it is read when it is not one whose rows are counted.
    pub(crate) reach: i64,
}

/// Some rows of a list.
pub(crate) struct Rows {
    pub(crate) items: Vec<ItemId>,
    /// How many rows it has, as far as it reaches.
    pub(crate) total: i64,
}

impl<'a> From<&'a GridQuery> for Filter<'a> {
    fn from(query: &'a GridQuery) -> Self {
        Self {
            kept: Kept::Goods,
            search: query.search.trim(),
            category: &query.category,
            low: false,
            bare: false,
            short: query.short,
            by: query.sort,
            descending: query.descending,
            reach: query.reach().unwrap_or(LIST_REACH),
        }
    }
}

impl<'a> From<&'a ProductQuery> for Filter<'a> {
    fn from(query: &'a ProductQuery) -> Self {
        Self {
            kept: if query.archived { Kept::Archived } else { Kept::Offered },
            search: query.search.trim(),
            category: &query.category,
            low: query.low,
            bare: query.bare,
            short: false,
            by: if query.by_name { GridSort::Name } else { GridSort::Sku },
            descending: query.descending,
            reach: query.reach().unwrap_or(LIST_REACH),
        }
    }
}

impl Filter<'_> {
    /// To what the list is narrowed down; at most two of them.
    fn narrow(&self) -> (Option<Narrow>, Option<Narrow>) {
        let all = [(self.low, Narrow::Low), (self.short, Narrow::Short), (self.bare, Narrow::Bare)];
        let mut those = all.into_iter().filter_map(|(is, narrow)| is.then_some(narrow));
        (those.next(), those.next())
    }
}

/// Where the rows of a list are looked for: the fewest that can hold them all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    Words,
    Offered,
    Archived,
    Least,
    Most,
    /// What never was in the store, as no kit was.
    Unmoved,
}

/// A window of a list, and how many rows there are: the rows after `offset`, at most `limit`. When nothing holds what was
/// typed, it is the list of what comes near to it.
pub(crate) async fn window(tx: &mut Tx, filter: &Filter<'_>, site: &Site, window: (i64, i64)) -> Result<Rows> {
    let rows = as_typed(tx, filter, site, window).await?;
    if rows.total > 0 || filter.search.is_empty() {
        return Ok(rows);
    }
    match search::meant(tx, filter.search).await? {
        Some(meant) => as_typed(tx, &Filter { search: &meant, ..*filter }, site, window).await,
        None => Ok(rows),
    }
}

async fn as_typed(tx: &mut Tx, filter: &Filter<'_>, site: &Site, window: (i64, i64)) -> Result<Rows> {
    let category = category::asked(tx, filter.category).await?;
    let list = List { kept: filter.kept, by_name: filter.by == GridSort::Name, category };
    let by_number = filter.search.is_empty() && filter.by != GridSort::OnHand;
    let (narrow, and) = filter.narrow();
    if let (true, None) = (by_number, narrow) {
        let (items, total) = stretch::window(tx, list, filter.descending, window).await?;
        return Ok(Rows { items, total });
    }
    let narrowed = narrow.map(|to| {
        let archived = filter.kept == Kept::Archived;
        narrow::List { to, and, store: site.store.id, category, archived }
    });
    if let (true, Some(narrowed)) = (by_number, narrowed) {
        let total = narrow::total(tx, narrowed, filter.reach).await?;
        let window = (window.0, window.1.min(total - window.0));
        return Ok(Rows { items: narrow::window(tx, narrowed, list.by_name, filter.descending, window).await?, total });
    }
    if filter.search.is_empty() && category.is_none() {
        let total = match narrowed {
            Some(narrowed) => narrow::total(tx, narrowed, filter.reach).await?,
            None => stretch::total(tx, list).await?.min(filter.reach),
        };
        return ranked(tx, filter, site, total, window).await;
    }
    let few = category.is_some() && stretch::total(tx, list).await? <= LIST_REACH;
    let source = match filter {
        _ if few && filter.kept == Kept::Archived => Source::Archived,
        _ if few => Source::Offered,
        Filter { search, .. } if !search.is_empty() => Source::Words,
        Filter { descending: true, .. } => Source::Most,
        _ => Source::Least,
    };
    let (offset, limit) = window;
    let mut rows = read(tx, filter, site, source, category, (filter.reach, offset, limit)).await?;
    let left = filter.reach - rows.total;
    // In the order of what is there, what never was there comes last.
    if left > 0 && !filter.short && (source == Source::Least || source == Source::Most) {
        let window = (left, (offset - rows.total).max(0), limit - rows.items.len() as i64);
        let unmoved = read(tx, filter, site, Source::Unmoved, category, window).await?;
        rows.items.extend(unmoved.items);
        rows.total += unmoved.total;
    }
    Ok(rows)
}

/// Everything, or what is short, in the order of what is there, whose length is known: rows are walked past in an index, none is sorted.
/// Of those with as many, the item that came first is first.
async fn ranked(
    tx: &mut Tx,
    filter: &Filter<'_>,
    site: &Site,
    total: i64,
    (offset, limit): (i64, i64),
) -> Result<Rows> {
    let limit = limit.min(total - offset).max(0);
    macro_rules! walked {
        ($order:literal) => {
            fetch_all!(
                tx,
                concat!(
                    "select d.item from inventory_balance d
                     where d.location = $1 and d.lot = $2 and d.condition = $3
                       and not exists (select 1 from inventory_unlisted u where u.id = d.item) and d.on_hand <= $6
                     order by ",
                    $order,
                    " limit $4 offset $5"
                ),
                site.shop,
                ledger::NO_LOT,
                ledger::SELLABLE,
                limit,
                offset,
                if filter.short { 0 } else { i64::MAX }
            )
        };
    }
    let walked: Vec<(ItemId,)> =
        if filter.descending { walked!("d.on_hand desc, d.item desc")? } else { walked!("d.on_hand, d.item")? };
    let mut items: Vec<ItemId> = walked.into_iter().map(|(item,)| item).collect();
    let left = limit - items.len() as i64;
    // What never was there comes last, kits among it; it is not short.
    if left > 0 && !filter.short {
        let (moved,): (i64,) = fetch_one!(
            tx,
            "select count(*) from inventory_balance d join inventory_item i on i.id = d.item
             where d.location = $1 and d.lot = $2 and d.condition = $3 and i.archived_at is null and i.kind = 'stocked'",
            site.shop,
            ledger::NO_LOT,
            ledger::SELLABLE
        )?;
        let window = (total - moved, (offset - moved).max(0), left);
        items.extend(read(tx, filter, site, Source::Unmoved, None, window).await?.items);
    }
    Ok(Rows { items, total })
}

/// What a list keeps, wherever it is read from: `$1` the store, `$2` its selling location, `$3` and `$4` lot and
/// condition, `$5` to `$10` words, `$11` archived, `$12` goods, `$13` to `$15` low, without a barcode and short, `$16` a
/// category; then those of the order: `$20` by what, `$21` backwards; and the window: `$22` and `$23`. What is there is
/// looked up for that order only.
macro_rules! listed {
    ($tx:expr, $given:expr, $on_hand:literal, $from:literal, $where:literal, $first:literal) => {
        fetch_all!(
            $tx,
            concat!(
                "with found (item, sku, name, on_hand) as (
                     select i.id, i.sku, i.name, ",
                $on_hand,
                "    from ",
                $from,
                "    where ",
                $where,
                "      and case when i.archived_at is null then 0 else 1 end = $11
                       and case when $12 = 0 or i.kind <> 'service' then 1 else 0 end = 1
                       and ($5 = '%' or i.search like $5 escape '!') and ($6 = '%' or i.search like $6 escape '!')
                       and ($7 = '%' or i.search like $7 escape '!') and ($8 = '%' or i.search like $8 escape '!')
                       and ($9 = '%' or i.search like $9 escape '!') and ($10 = '%' or i.search like $10 escape '!')
                       and ($13 = 0 or exists (select 1 from inventory_narrow n
                                               where n.item = i.id and n.store = $1 and n.list = 'low'))
                       and ($14 = 0 or exists (select 1 from inventory_narrow n
                                               where n.item = i.id and n.store = $24 and n.list = 'bare'))
                       and ($15 = 0 or exists (select 1 from inventory_narrow n
                                               where n.item = i.id and n.store = $1 and n.list = 'short'))
                       and case when $16 is null or i.category = $16 then 1 else 0 end = 1
                       and $2 is not null and $3 is not null and $4 is not null and $17 is not null and $18 is not null ",
                $first,
                "    limit $19
                 ) select item, count(*) over () from found
                   order by case when $20 = 'on hand' and on_hand is null then 1 else 0 end,
                            case when $20 = 'on hand' and $21 = 0 then on_hand end,
                            case when $20 = 'on hand' and $21 = 1 then on_hand end desc,
                            case when $20 = 'on hand' and $21 = 0 and on_hand is not null then item end,
                            case when $20 = 'on hand' and $21 = 1 and on_hand is not null then item end desc,
                            case when $20 = 'name' and $21 = 0 then name end,
                            case when $20 = 'name' and $21 = 1 then name end desc,
                            case when $20 = 'name' and $21 = 0 then item end,
                            case when $20 = 'name' and $21 = 1 then item end desc,
                            case when $20 = 'sku' and $21 = 1 then sku end desc,
                            sku
                   limit $22 offset $23"
            ),
            $given.site.store.id,
            $given.site.shop,
            ledger::NO_LOT,
            ledger::SELLABLE,
            $given.words[0].as_str(),
            $given.words[1].as_str(),
            $given.words[2].as_str(),
            $given.words[3].as_str(),
            $given.words[4].as_str(),
            $given.words[5].as_str(),
            i64::from($given.filter.kept == Kept::Archived),
            i64::from($given.filter.kept == Kept::Goods),
            i64::from($given.filter.low),
            i64::from($given.filter.bare),
            i64::from($given.filter.short),
            $given.category,
            $given.loose[0].as_str(),
            $given.loose[1].as_str(),
            $given.reach,
            $given.by,
            i64::from($given.filter.descending),
            $given.limit,
            $given.offset,
            Narrow::Bare.store($given.site.store.id)
        )
    };
    // What is read by its item knows what is there of it by a look of its own; of a kit nothing is.
    ($tx:expr, $given:expr, $from:literal, $where:literal) => {
        listed!(
            $tx,
            $given,
            "case when $20 = 'on hand' and i.kind = 'stocked' then (
                 select b.on_hand from inventory_balance b
                 where b.location = $2 and b.item = i.id and b.lot = $3 and b.condition = $4) end",
            $from,
            $where,
            ""
        )
    };
}

/// All that a statement is given.
struct Given<'a> {
    filter: &'a Filter<'a>,
    site: &'a Site,
    words: [String; 6],
    loose: [String; 2],
    category: Option<CategoryId>,
    by: &'static str,
    reach: i64,
    limit: i64,
    offset: i64,
}

async fn read(
    tx: &mut Tx,
    filter: &Filter<'_>,
    site: &Site,
    source: Source,
    category: Option<CategoryId>,
    (reach, offset, limit): (i64, i64, i64),
) -> Result<Rows> {
    let words = words(filter.search)?;
    let loose = loose(&words);
    let by = match filter.by {
        // By SKU, whichever way the others stand.
        _ if source == Source::Unmoved => "nothing",
        GridSort::Sku => "sku",
        GridSort::Name => "name",
        GridSort::OnHand => "on hand",
    };
    let mut given = Given { filter, site, words, loose, category, by, reach, limit: limit.max(1), offset };
    let mut rows = select(tx, source, &given).await?;
    let total = match rows.first() {
        Some((_, total)) => *total,
        // Beyond the end no row says how many there are.
        None if offset > 0 => {
            (given.offset, given.limit) = (0, 1);
            select(tx, source, &given).await?.first().map_or(0, |(_, total)| *total)
        }
        None => 0,
    };
    rows.truncate(usize::try_from(limit).unwrap_or_default());
    Ok(Rows { items: rows.into_iter().map(|(item, _)| item).collect(), total })
}

/// SQLite reads the tables of a cross join in this order. Of more hits than are reached, those that PostgreSQL's table holds
/// first are shown, so that windows of them fit together: what they are narrowed down by is written so that it leads to no
/// index that would tell another order.
async fn select(tx: &mut Tx, source: Source, given: &Given<'_>) -> Result<Vec<(ItemId, i64)>> {
    Ok(match source {
        Source::Words => listed!(tx, given, "inventory_search i", "i.search like $17 and i.search like $18"),
        Source::Offered => listed!(tx, given, "inventory_item i", "i.category = $16 and i.archived_at is null"),
        Source::Archived => listed!(tx, given, "inventory_item i", "i.category = $16 and i.archived_at is not null"),
        Source::Least => listed!(
            tx,
            given,
            "d.on_hand",
            "inventory_balance d cross join inventory_item i",
            "i.id = d.item and d.location = $2 and d.lot = $3 and d.condition = $4
             and case when i.kind = 'stocked' then 1 else 0 end = 1",
            "order by d.on_hand, d.item"
        ),
        Source::Most => listed!(
            tx,
            given,
            "d.on_hand",
            "inventory_balance d cross join inventory_item i",
            "i.id = d.item and d.location = $2 and d.lot = $3 and d.condition = $4
             and case when i.kind = 'stocked' then 1 else 0 end = 1",
            "order by d.on_hand desc, d.item desc"
        ),
        Source::Unmoved => listed!(
            tx,
            given,
            "cast(null as bigint)",
            "inventory_item i",
            "i.kind <> 'service' and i.archived_at is null and not exists (
                 select 1 from inventory_balance b
                 where b.location = $2 and b.item = i.id and b.lot = $3 and b.condition = $4 and i.kind = 'stocked')",
            "order by i.sku"
        ),
    }?)
}

/// The two longest words as patterns that an index of three letters can look up: whatever would need to be escaped may be
/// any letter.
fn loose(words: &[String; 6]) -> [String; 2] {
    let any = |pattern: &str| pattern.replace("!!", "_").replace("!%", "_").replace("!_", "_").replace('\\', "_");
    let longest = any(&words[0]);
    let second = if words[1] == "%" { longest.clone() } else { any(&words[1]) };
    [longest, second]
}

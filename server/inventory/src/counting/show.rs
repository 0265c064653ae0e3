//! What those who count see: what was found and by whom, never what we think is there.

use super::{CountRow, enter, state};
use crate::paper::{self, Paper, paper_columns};
use crate::store::Site;
use crate::{Inventory, ledger};
use db::{Tx, fetch_all, fetch_one, query_rows};
use model::{
    Action, Actor, COUNT_REACH, CountBy, CountEntry, CountEntryId, CountState, CountedLine, Counting, CountingPerson,
    Error, Flaw, ItemId, Page, PaperId, PaperKind, Quantity, Result, StockCount, StoreId, Time,
};
use std::collections::HashSet;

/// How many entries are shown, and how many items that are still to be counted.
const LATEST: i64 = 20;
const LEFT_MAX: i64 = 200;

/// Which counts a list shows, the latest step first.
#[derive(Clone, Debug, Default)]
pub struct CountFilter {
    /// The store's code.
    pub store: String,
    /// Only those that are not posted, rejected, cancelled or undone.
    pub open: bool,
    /// `(changed_at, id)` after which the page starts.
    pub after: Option<(Time, PaperId)>,
    /// 1 to 200.
    pub limit: i64,
}

#[derive(sqlx::FromRow)]
struct Listed {
    #[sqlx(flatten)]
    paper: Paper,
    #[sqlx(flatten)]
    row: CountRow,
}

#[derive(sqlx::FromRow)]
struct Line {
    item: ItemId,
    sku: String,
    name: String,
    unit: String,
    counted: Option<Quantity>,
    round: i64,
    accepted: i64,
}

#[derive(sqlx::FromRow)]
struct Entry {
    id: CountEntryId,
    sku: String,
    name: String,
    quantity: Quantity,
    shelf: Option<String>,
    principal: String,
    author: String,
    counted_at: Time,
}

impl Inventory {
    /// A page of a store's counts, the one that was brought further last first.
    pub async fn stock_counts(&self, actor: &Actor, filter: &CountFilter) -> Result<Page<StockCount>> {
        let site = self.site(actor, Action::SeeStock, &filter.store).await?;
        let mut tx = self.auth.read(actor, Action::SeeStock.at(site.store.id)).await?;
        let limit = filter.limit.clamp(1, 200);
        let mut rows = page(&mut tx, &site, filter, limit + 1).await?;
        let more = rows.len() > usize::try_from(limit).unwrap_or(usize::MAX);
        if more {
            rows.pop();
        }
        let last = rows.last().map(|row| format!("{}\n{}", row.paper.changed_at.micros(), row.paper.id));
        let data = rows.into_iter().map(|row| row.row.told(row.paper, site.store.code.clone()));
        let data = data.collect::<Result<_>>()?;
        Ok(Page { data, as_of: self.auth.log().head(&mut tx).await?, next: more.then_some(last).flatten() })
    }

    /// Today on a store's clock: what was due until then is due.
    pub async fn count_day(&self, actor: &Actor, store: &str) -> Result<String> {
        let site = self.site(actor, Action::SeeStock, store).await?;
        Ok(crate::lot::day(&site.local(Time::now())).to_owned())
    }

    /// A count in progress, for whoever may count there. `left` asks for what nobody has counted yet also where that is
    /// the whole store.
    pub async fn counting(&self, actor: &Actor, id: PaperId, left: bool) -> Result<Counting> {
        let (_, site) = self.count_paper(actor, Action::Count, id).await?;
        let mut tx = self.auth.read(actor, Action::Count.at(site.store.id)).await?;
        let paper = paper::find_paper(&mut tx, id).await?.ok_or(Error::NotFound)?;
        let row = super::row(&mut tx, id).await?;
        let count = row.clone().told(paper.clone(), site.store.code.clone())?;
        let (left, left_total) = match count.by {
            _ if !count.state.counts() => (Vec::new(), 0),
            CountBy::Store if count.state != CountState::Recounting && !left => (Vec::new(), 0),
            _ => still(&mut tx, actor, &paper, &row).await?,
        };
        let (people, latest) = (people(&mut tx, actor, id).await?, latest(&mut tx, actor, id).await?);
        Ok(Counting { count, people, latest, left, left_total, as_of: self.auth.log().head(&mut tx).await? })
    }

    /// Who counts in a store at the moment, and in which count; the latest first, at most 200.
    pub async fn who_counts(&self, actor: &Actor, store: &str) -> Result<Vec<(PaperId, CountingPerson)>> {
        let site = self.site(actor, Action::SeeStock, store).await?;
        let mut tx = self.auth.read(actor, Action::SeeStock.at(site.store.id)).await?;
        let rows: Vec<(PaperId, String, String, i64, Time, Option<String>)> = fetch_all!(
            &mut tx,
            "select w.paper, w.principal, w.author, w.entries, w.last_at,
                    (select max(e.shelf) from inventory_count_entry e
                     where e.paper = w.paper and e.principal = w.principal and e.recorded_at = w.last_at)
             from (select e.paper, e.principal, max(e.author) as author, count(*) as entries,
                          max(e.recorded_at) as last_at
                   from inventory_paper p join inventory_count_entry e on e.paper = p.id
                   where p.store = $1 and p.kind = $2 and p.state in ('counting', 'recounting')
                   group by e.paper, e.principal) w
             order by w.last_at desc, w.principal limit 200",
            site.store.id,
            PaperKind::Count.name()
        )?;
        let me = actor.principal.to_string();
        let told = rows.into_iter().map(|(paper, principal, name, entries, last_at, shelf)| {
            (paper, CountingPerson { name, shelf, entries, last_at, mine: principal == me })
        });
        Ok(told.collect())
    }

    /// What a scanned code means to those who count: the item, and how many of it were counted. `None`: nobody has it.
    pub async fn counted_item(&self, actor: &Actor, id: PaperId, code: &str) -> Result<Option<CountedLine>> {
        if code.is_empty() || code.chars().count() > 200 || code.contains('\0') {
            return Err(Flaw::new("code", "text", "use 1 to 200 characters").into());
        }
        let (paper, _) = self.count_paper(actor, Action::Count, id).await?;
        let mut tx = self.auth.read(actor, Action::Count.at(paper.store)).await?;
        let Some(item) = crate::code::find(&mut tx, code).await? else { return Ok(None) };
        let line = lines(&mut tx, actor, id, &HashSet::from([item.id])).await?.pop();
        let new = CountedLine {
            sku: item.sku,
            name: item.name,
            unit: item.unit,
            counted: None,
            again: false,
            not_you: false,
        };
        Ok(Some(line.unwrap_or(new)))
    }
}

/// How many counts of a store were handed in and wait for somebody to look at what differs.
pub(crate) async fn in_review(tx: &mut Tx, store: StoreId) -> Result<i64> {
    paper::count(tx, store, PaperKind::Count, CountState::Review.name()).await
}

/// How many counts of a store are due by today on its clock and were not begun.
pub(crate) async fn due(tx: &mut Tx, site: &Site) -> Result<i64> {
    let local = site.local(Time::now());
    let (count,): (i64,) = fetch_one!(
        tx,
        "select count(*) from (
             select 1 as row from inventory_paper
             where store = $1 and kind = $2 and state = $3 and due_on <= $4 limit $5) counted",
        site.store.id,
        PaperKind::Count.name(),
        CountState::Planned.name(),
        crate::lot::day(&local),
        COUNT_REACH + 1
    )?;
    Ok(count)
}

async fn page(tx: &mut Tx, site: &Site, filter: &CountFilter, limit: i64) -> Result<Vec<Listed>> {
    let (before, id) = filter.after.unwrap_or((Time::from_micros(i64::MAX), PaperId(uuid::Uuid::max())));
    macro_rules! page {
        ($where:literal) => {
            fetch_all!(
                tx,
                concat!(
                    "select ",
                    paper_columns!(),
                    ", c.choice, c.location, l.code as place, l.name as place_name, c.again_at, c.entries, c.items, c.lines,
                       c.accurate, c.gained, c.lost
                     from (select ",
                    paper_columns!(),
                    " from inventory_paper
                      where store = $1 and kind = $2 and (changed_at, id) < ($3, $4)",
                    $where,
                    " order by changed_at desc, id desc limit $5) p
                     join (select paper, choice, location, again_at, entries, items, lines, accurate, gained, lost
                           from inventory_count) c on c.paper = p.id
                     join (select id as place, code, name from inventory_location) l on l.place = c.location
                     order by changed_at desc, id desc"
                ),
                site.store.id,
                PaperKind::Count.name(),
                before,
                id,
                limit
            )
        };
    }
    Ok(if filter.open { page!(" and state not in ('posted', 'rejected', 'cancelled', 'undone')")? } else { page!("")? })
}

/// These items in the count; those that are not in it are left out.
pub(super) async fn lines(
    tx: &mut Tx,
    actor: &Actor,
    paper: PaperId,
    items: &HashSet<ItemId>,
) -> Result<Vec<CountedLine>> {
    let wanted: Vec<ItemId> = items.iter().copied().collect();
    let rows: Vec<Line> = query_rows!(
        tx,
        "with wanted (paper, item) as (",
        &wanted,
        |row, item| {
            row.push_bind(paper).push_bind(*item);
        },
        ") select l.item, i.sku, i.name, i.unit, l.counted, l.round, l.accepted
         from wanted
         join inventory_count_line l on l.paper = wanted.paper and l.item = wanted.item
         join inventory_item i on i.id = l.item order by i.sku"
    )?;
    told(tx, actor, paper, rows).await
}

async fn told(tx: &mut Tx, actor: &Actor, paper: PaperId, rows: Vec<Line>) -> Result<Vec<CountedLine>> {
    let again: Vec<ItemId> = rows.iter().filter(|row| row.round > 1).map(|row| row.item).collect();
    let mine = enter::counted_before(tx, actor, paper, &again).await?;
    let told = rows.into_iter().map(|row| {
        let again = row.round > 1 && row.accepted == 0;
        CountedLine {
            not_you: again && (1..row.round).any(|round| mine.contains(&(row.item, round))),
            sku: row.sku,
            name: row.name,
            unit: row.unit,
            counted: row.counted,
            again,
        }
    });
    Ok(told.collect())
}

/// What nobody has counted yet: of the whole store, whatever has ever been there. That it was there says nothing of how
/// many are.
async fn still(tx: &mut Tx, actor: &Actor, paper: &Paper, count: &CountRow) -> Result<(Vec<CountedLine>, i64)> {
    macro_rules! missing {
        ($fetch:ident, $columns:literal, $order:literal, $($bind:expr),*) => {
            $fetch!(
                tx,
                concat!(
                    "select ",
                    $columns,
                    " from inventory_balance b join inventory_item i on i.id = b.item
                     where b.location = $2 and b.lot = $3 and b.condition = $4 and i.archived_at is null
                       and not exists (select 1 from inventory_count_line l where l.paper = $1 and l.item = b.item)",
                    $order
                ),
                $($bind),*
            )
        };
    }
    macro_rules! uncounted {
        ($fetch:ident, $columns:literal, $order:literal, $($bind:expr),*) => {
            $fetch!(
                tx,
                concat!(
                    "select ",
                    $columns,
                    " from inventory_count_line l join inventory_item i on i.id = l.item
                     where l.paper = $1 and l.accepted = 0 and l.counted is null",
                    $order
                ),
                $($bind),*
            )
        };
    }
    let id = paper.id;
    if count.choice == CountBy::Store && state(paper)? != CountState::Recounting {
        let rows: Vec<Line> = missing!(
            fetch_all,
            "i.id as item, i.sku, i.name, i.unit, cast(null as bigint) as counted, cast(1 as bigint) as round,
             cast(0 as bigint) as accepted",
            " order by i.sku limit $5",
            id,
            count.location,
            ledger::NO_LOT,
            ledger::SELLABLE,
            LEFT_MAX
        )?;
        let (total,): (i64,) =
            missing!(fetch_one, "count(*)", "", id, count.location, ledger::NO_LOT, ledger::SELLABLE)?;
        return Ok((told(tx, actor, id, rows).await?, total));
    }
    let rows: Vec<Line> = uncounted!(
        fetch_all,
        "l.item, i.sku, i.name, i.unit, l.counted, l.round, l.accepted",
        " order by i.sku limit $2",
        id,
        LEFT_MAX
    )?;
    let (total,): (i64,) = uncounted!(fetch_one, "count(*)", "", id)?;
    Ok((told(tx, actor, id, rows).await?, total))
}

async fn people(tx: &mut Tx, actor: &Actor, paper: PaperId) -> Result<Vec<CountingPerson>> {
    let rows: Vec<(String, String, i64, Time, Option<String>)> = fetch_all!(
        tx,
        "select w.principal, w.author, w.entries, w.last_at,
                (select e.shelf from inventory_count_entry e
                 where e.paper = $1 and e.principal = w.principal and e.recorded_at = w.last_at
                 order by e.id desc limit 1)
         from (select principal, max(author) as author, count(*) as entries, max(recorded_at) as last_at
               from inventory_count_entry where paper = $1 group by principal) w
         order by w.last_at desc, w.principal",
        paper
    )?;
    let me = actor.principal.to_string();
    let people = rows.into_iter().map(|(principal, name, entries, last_at, shelf)| CountingPerson {
        name,
        shelf,
        entries,
        last_at,
        mine: principal == me,
    });
    Ok(people.collect())
}

async fn latest(tx: &mut Tx, actor: &Actor, paper: PaperId) -> Result<Vec<CountEntry>> {
    let rows: Vec<Entry> = fetch_all!(
        tx,
        "select e.id, i.sku, i.name, e.quantity, e.shelf, e.principal, e.author, e.counted_at
         from inventory_count_entry e join inventory_item i on i.id = e.item
         where e.paper = $1 order by e.recorded_at desc, e.id desc limit $2",
        paper,
        LATEST
    )?;
    let me = actor.principal.to_string();
    let told = rows.into_iter().map(|row| CountEntry {
        id: row.id,
        sku: row.sku,
        name: row.name,
        quantity: row.quantity,
        shelf: row.shelf,
        mine: row.principal == me,
        author: row.author,
        counted_at: row.counted_at,
    });
    Ok(told.collect())
}

//! What is open: the list that people see, with why; the pages that other systems read; what there is of one item.

use crate::{Inventory, history, ledger};
use db::{Tx, fetch_all, fetch_one};
use model::{
    Action, Actor, ExceptionId, ExceptionKind, ItemId, LIST_REACH, OpenException, Page, PostingId, Quantity, Result,
    StockException, StoreId, Time,
};
use std::collections::HashSet;

/// The most that are listed at once.
const LISTED: i64 = 200;

#[derive(sqlx::FromRow)]
struct Row {
    id: ExceptionId,
    kind: String,
    sku: String,
    subject: String,
    name: String,
    store: String,
    location: String,
    opened_by: PostingId,
    opened_at: Time,
    told_by: Option<String>,
    taken_by: Option<String>,
    taken_name: Option<String>,
    on_hand: Quantity,
    version: i64,
}

impl From<Row> for StockException {
    fn from(row: Row) -> Self {
        let Row { id, kind, sku, subject, store, location, opened_by, opened_at, told_by, taken_name, .. } = row;
        Self { id, kind, sku, code: subject, store, location, opened_by, opened_at, told_by, taken_by: taken_name }
    }
}

/// Which exceptions to list.
#[derive(Clone, Debug, Default)]
pub struct ExceptionFilter {
    /// Only those of a kind.
    pub kind: Option<ExceptionKind>,
    /// Those behind this one.
    pub after: Option<(Time, ExceptionId)>,
    /// How many, 1 to 200.
    pub limit: i64,
}

impl Inventory {
    /// Open exceptions of a store, oldest first, at most 200, each with the posting that opened it.
    pub async fn exceptions(
        &self,
        actor: &Actor,
        store: &str,
        kind: Option<ExceptionKind>,
    ) -> Result<Page<OpenException>> {
        let site = self.site(actor, Action::SeeStock, store).await?;
        let mut tx = self.auth.read(actor, Action::SeeStock.at(site.store.id)).await?;
        let rows = open_rows(&mut tx, site.store.id, kind, None, LISTED).await?;
        let openers: Vec<PostingId> = rows.iter().map(|row| row.opened_by).collect();
        let openers = history::lines_of(&mut tx, actor, &openers).await?;
        let me = actor.principal.to_string();
        let data = rows.into_iter().map(|row| OpenException {
            name: row.name.clone(),
            on_hand: row.on_hand,
            version: row.version,
            opener: openers.get(&row.opened_by).cloned(),
            mine: row.taken_by.as_ref() == Some(&me),
            exception: row.into(),
        });
        let data = data.collect();
        Ok(Page { data, as_of: self.auth.log().head(&mut tx).await?, next: None })
    }

    /// A page of a store's open exceptions, oldest first.
    pub async fn exception_page(
        &self,
        actor: &Actor,
        store: &str,
        filter: &ExceptionFilter,
    ) -> Result<Page<StockException>> {
        let site = self.site(actor, Action::SeeStock, store).await?;
        let mut tx = self.auth.read(actor, Action::SeeStock.at(site.store.id)).await?;
        let limit = filter.limit.clamp(1, LISTED);
        let mut rows = open_rows(&mut tx, site.store.id, filter.kind, filter.after, limit + 1).await?;
        let more = rows.len() > usize::try_from(limit).unwrap_or(usize::MAX);
        if more {
            rows.pop();
        }
        let last = rows.last().filter(|_| more);
        let next = last.map(|row| format!("{}\n{}", row.opened_at.micros(), row.id));
        let data = rows.into_iter().map(StockException::from).collect();
        Ok(Page { data, as_of: self.auth.log().head(&mut tx).await?, next })
    }
}

macro_rules! open_rows {
    ($tx:expr, $where:literal, $($bind:expr),*) => {
        fetch_all!(
            $tx,
            concat!(
                "select e.id, e.kind, coalesce(i.sku, '') as sku, e.subject, coalesce(i.name, e.subject) as name, s.code as store,
                        l.code as location, e.opened_by, e.opened_at, e.told_by, e.taken_by, e.taken_name,
                        coalesce(b.on_hand, 0) as on_hand, coalesce(b.version, 0) as version
                 from inventory_exception e
                 join inventory_store s on s.id = e.store
                 join inventory_location l on l.id = e.location
                 left join inventory_item i on i.id = e.item
                 left join inventory_balance b on b.location = e.location and b.item = e.item and b.lot = $2
                                              and b.condition = $3
                 where e.store = $1 and e.state = 'open' and ",
                $where,
                " order by e.opened_at, e.id limit $4"
            ),
            $($bind),*
        )
    };
}

async fn open_rows(
    tx: &mut Tx,
    store: StoreId,
    kind: Option<ExceptionKind>,
    after: Option<(Time, ExceptionId)>,
    limit: i64,
) -> Result<Vec<Row>> {
    let kind = kind.map(ExceptionKind::name).unwrap_or_default();
    let (at, id) = after.unwrap_or((Time::from_micros(i64::MIN), ExceptionId(uuid::Uuid::nil())));
    macro_rules! page {
        ($where:literal) => {
            open_rows!(tx, $where, store, ledger::NO_LOT, ledger::SELLABLE, limit, kind, at, id)
        };
    }
    // Each by an index of its own.
    Ok(if kind.is_empty() {
        page!("$5 = '' and (e.opened_at, e.id) > ($6, $7)")
    } else {
        page!("e.kind = $5 and (e.opened_at, e.id) > ($6, $7)")
    }?)
}

/// What is open about one item.
pub(crate) async fn of_item(tx: &mut Tx, store: StoreId, item: ItemId) -> Result<Vec<StockException>> {
    let rows: Vec<Row> = open_rows!(tx, "e.item = $5", store, ledger::NO_LOT, ledger::SELLABLE, LISTED, item)?;
    Ok(rows.into_iter().map(StockException::from).collect())
}

/// How many are open, counted up to [`LIST_REACH`].
pub(crate) async fn open_count(tx: &mut Tx, store: StoreId) -> Result<i64> {
    let (count,): (i64,) = fetch_one!(
        tx,
        "select count(*) from (
             select 1 as row from inventory_exception where store = $1 and state = 'open' limit $2) counted",
        store,
        LIST_REACH
    )?;
    Ok(count)
}

/// The items about which one of a kind is open in a store.
pub(super) async fn items_of(tx: &mut Tx, store: StoreId, kind: ExceptionKind) -> Result<HashSet<ItemId>> {
    let rows: Vec<(ItemId,)> = fetch_all!(
        tx,
        "select item from inventory_exception where store = $1 and state = 'open' and kind = $2",
        store,
        kind.name()
    )?;
    Ok(rows.into_iter().map(|(item,)| item).collect())
}

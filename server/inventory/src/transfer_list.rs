//! Lists of transfers, what is on its way to a store, and the proof that nothing was lost between.

use crate::Inventory;
use crate::verify::{Finding, find};
use db::{Tx, fetch_all, query_rows};
use model::{
    Action, Actor, ItemId, Page, PaperId, Quantity, Result, StoreId, Time, TransferQuery, TransferRow, TransferState,
};
use std::collections::HashMap;

/// The states in which somebody has something to do.
const OPEN: [TransferState; 5] = [
    TransferState::Draft,
    TransferState::Approved,
    TransferState::InTransit,
    TransferState::PartlyReceived,
    TransferState::Short,
];

#[derive(sqlx::FromRow)]
struct Row {
    id: PaperId,
    number: String,
    state: String,
    store: String,
    to_store: String,
    author: String,
    changed_at: Time,
}

#[derive(sqlx::FromRow)]
struct Sum {
    paper: PaperId,
    items: i64,
    asked: Quantity,
    in_transit: Quantity,
}

macro_rules! page {
    ($tx:expr, $where:literal, $store:expr, $after:expr, $limit:expr, $state:expr) => {
        fetch_all!(
            $tx,
            concat!(
                "select p.id, p.number, p.state, s.code as store, t.code as to_store, p.author, p.changed_at
                 from inventory_paper p
                 join inventory_store s on s.id = p.store
                 join inventory_store t on t.id = coalesce(p.to_store, p.store)
                 where p.kind = 'transfer' and (p.changed_at, p.id) < ($2, $3) and ",
                $where,
                " order by p.changed_at desc, p.id desc limit $4"
            ),
            $store,
            $after.0,
            $after.1,
            $limit,
            $state
        )
    };
}

impl Inventory {
    /// A page of a store's transfers, the latest step first, after `(changed_at, id)`; `limit` is 1 to 200.
    pub async fn transfers(
        &self,
        actor: &Actor,
        query: &TransferQuery,
        after: Option<(Time, PaperId)>,
        limit: i64,
    ) -> Result<Page<TransferRow>> {
        let site = self.site(actor, Action::SeeStock, &query.store).await?;
        let mut tx = self.auth.read(actor, Action::SeeStock.at(site.store.id)).await?;
        let limit = limit.clamp(1, 200);
        let after = after.unwrap_or((Time::from_micros(i64::MAX), PaperId(uuid::Uuid::max())));
        let mut rows: Vec<Row> = Vec::new();
        // One question for each state reads its own index from the end.
        let states: &[Option<TransferState>] = if query.all { &[None] } else { &OPEN.map(Some) };
        for state in states {
            rows.extend(page(&mut tx, site.store.id, query.arriving, *state, after, limit + 1).await?);
        }
        rows.sort_by_key(|row| std::cmp::Reverse((row.changed_at, row.id)));
        let size = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = rows.len() > size;
        rows.truncate(size);
        let next = rows.last().filter(|_| more).map(|row| format!("{}\n{}", row.changed_at.micros(), row.id));
        let data = with_sums(&mut tx, rows).await?;
        Ok(Page { data, as_of: self.auth.log().head(&mut tx).await?, next })
    }

    /// How many of these items are on their way to a store, by SKU; an item that is not on the way is left out. With
    /// what was ordered and has not come it makes what is incoming.
    pub async fn in_transit_to(&self, actor: &Actor, store: &str, skus: &[&str]) -> Result<HashMap<String, Quantity>> {
        let site = self.site(actor, Action::SeeStock, store).await?;
        let mut tx = self.auth.read(actor, Action::SeeStock.at(site.store.id)).await?;
        let rows: Vec<(String, Quantity)> = query_rows!(
            &mut tx,
            "with wanted (sku, store) as (",
            skus,
            |row, sku| {
                row.push_bind(*sku).push_bind(site.store.id);
            },
            ") select w.sku, cast(sum(l.shipped - l.received - l.returned - l.lost) as bigint)
             from wanted w
             join inventory_item i on i.sku = w.sku
             join inventory_transfer_line l on l.item = i.id and l.shipped > l.received + l.returned + l.lost
             join inventory_paper p on p.id = l.paper and coalesce(p.to_store, p.store) = w.store
             group by w.sku"
        )?;
        Ok(rows.into_iter().collect())
    }
}

async fn page(
    tx: &mut Tx,
    store: StoreId,
    arriving: bool,
    state: Option<TransferState>,
    after: (Time, PaperId),
    limit: i64,
) -> Result<Vec<Row>> {
    let name = state.map(TransferState::name).unwrap_or_default();
    Ok(match (arriving, state) {
        (false, Some(_)) => page!(tx, "p.store = $1 and p.state = $5", store, after, limit, name),
        (false, None) => page!(tx, "p.store = $1 and $5 = ''", store, after, limit, name),
        (true, Some(_)) => page!(tx, "p.to_store = $1 and p.state = $5", store, after, limit, name),
        (true, None) => page!(tx, "p.to_store = $1 and $5 = ''", store, after, limit, name),
    }?)
}

async fn with_sums(tx: &mut Tx, rows: Vec<Row>) -> Result<Vec<TransferRow>> {
    let ids: Vec<PaperId> = rows.iter().map(|row| row.id).collect();
    let sums: Vec<Sum> = query_rows!(
        tx,
        "with wanted (paper) as (",
        &ids,
        |row, id| {
            row.push_bind(*id);
        },
        ") select l.paper, count(*) as items, cast(sum(l.asked) as bigint) as asked,
                  cast(sum(l.shipped - l.received - l.returned - l.lost) as bigint) as in_transit
         from wanted join inventory_transfer_line l on l.paper = wanted.paper group by l.paper"
    )?;
    let sums: HashMap<PaperId, Sum> = sums.into_iter().map(|sum| (sum.paper, sum)).collect();
    let rows = rows.into_iter().filter_map(|row| {
        let Row { id, number, state, store, to_store, author, changed_at } = row;
        let state = TransferState::named(&state)?;
        let (items, asked, in_transit) =
            sums.get(&id).map(|sum| (sum.items, sum.asked, sum.in_transit)).unwrap_or_default();
        Some(TransferRow { id, number, state, store, to_store, author, changed_at, items, asked, in_transit })
    });
    Ok(rows.collect())
}

/// What one line says, or the ledger: shipped, received, returned, lost.
type Figures = [i64; 4];

/// Each line against the movements of its document, and each store's TRANSIT against what its transfers have on the way.
pub(crate) async fn compare(tx: &mut Tx, findings: &mut Vec<Finding>) -> Result<()> {
    type Told = (PaperId, String, ItemId, String, i64, i64, i64, i64);
    let lines: Vec<Told> = fetch_all!(
        tx,
        "select l.paper, p.number, l.item, p.state, l.shipped, l.received, l.returned, l.lost
         from inventory_transfer_line l join inventory_paper p on p.id = l.paper"
    )?;
    let mut moved: HashMap<(PaperId, ItemId), Figures> = moved(tx).await?;
    for (paper, number, item, state, shipped, received, returned, lost) in lines {
        let figures = [shipped, received, returned, lost];
        let ledger = moved.remove(&(paper, item)).unwrap_or_default();
        if figures != ledger {
            find(findings, TRANSIT, format!("{number}, item {item}: its line says {figures:?}, the ledger {ledger:?}"));
        }
        let rest = shipped - received - returned - lost;
        let under_way = TransferState::named(&state).is_some_and(TransferState::is_under_way);
        if rest < 0 || (rest > 0 && !under_way) {
            find(findings, TRANSIT, format!("{number}, item {item}: {rest} are on the way although it is {state}"));
        }
    }
    for (paper, item) in moved.into_keys() {
        find(findings, TRANSIT, format!("item {item} moved by transfer {paper}, which has no line of it"));
    }
    let strays: Vec<(ItemId, i64)> = fetch_all!(
        tx,
        "select e.item, cast(sum(e.change) as bigint) as stray
         from (select m.item, l.store, m.quantity as change
               from inventory_movement m join inventory_location l on l.id = m.to_location and l.kind = 'transit'
               union all
               select m.item, l.store, -m.quantity
               from inventory_movement m join inventory_location l on l.id = m.from_location and l.kind = 'transit'
               union all
               select l.item, p.store, l.received + l.returned + l.lost - l.shipped
               from inventory_transfer_line l join inventory_paper p on p.id = l.paper) e
         group by e.item, e.store having sum(e.change) <> 0 limit 100"
    )?;
    for (item, stray) in strays {
        let stray = Quantity::from_parts(stray);
        find(findings, TRANSIT, format!("{stray} of item {item} are in transit by no transfer"));
    }
    Ok(())
}

/// What the movements of each transfer say.
async fn moved(tx: &mut Tx) -> Result<HashMap<(PaperId, ItemId), Figures>> {
    let rows: Vec<(PaperId, ItemId, i64, i64, i64, i64)> = fetch_all!(
        tx,
        "select p.id, m.item,
                cast(sum(case when t.kind = 'transit' then m.quantity else 0 end) as bigint),
                cast(sum(case when m.to_location = h.to_location then m.quantity else 0 end) as bigint),
                cast(sum(case when m.to_location = h.from_location then m.quantity else 0 end) as bigint),
                cast(sum(case when t.kind = 'shrinkage' and u.id is null then m.quantity else 0 end) as bigint)
         from inventory_transfer h
         join inventory_paper p on p.id = h.paper
         join inventory_posting g on g.number = p.number and g.kind = 'transfer' and g.outcome = 'posted'
         left join inventory_posting u on u.reverses = g.id and u.outcome = 'posted'
         join inventory_movement m on m.posting = g.id
         join inventory_location t on t.id = m.to_location
         group by p.id, m.item"
    )?;
    Ok(rows.into_iter().map(|(paper, item, a, b, c, d)| ((paper, item), [a, b, c, d])).collect())
}

const TRANSIT: &str = "shipped = received + in transit + settled shortage";

//! Lists of purchase orders, what is expected of them, and what of them waits for somebody.

use crate::store::Site;
use crate::{Inventory, paper};
use db::{Tx, fetch_all};
use model::{
    Action, Actor, Incoming, ItemId, Money, Page, PaperId, PaperKind, PurchaseList, PurchaseQuery, PurchaseRow,
    PurchaseShow, PurchaseState, Quantity, Result, Since, StoreId, Time,
};

/// How many open orders of an item its sheet tells.
const INCOMING: i64 = 50;

#[derive(sqlx::FromRow)]
struct Row {
    id: PaperId,
    number: String,
    supplier: String,
    supplier_name: String,
    #[sqlx(try_from = "String")]
    state: PurchaseState,
    version: i64,
    due_on: Option<String>,
    value: Money,
    lines: i64,
    done: i64,
    author: String,
    changed_at: Time,
}

impl Row {
    fn told(self, site: &Site) -> PurchaseRow {
        PurchaseRow {
            id: self.id,
            number: self.number,
            store: site.store.code.clone(),
            currency: site.store.currency.clone(),
            supplier: self.supplier,
            supplier_name: self.supplier_name,
            state: self.state,
            version: self.version,
            due_on: self.due_on,
            value: self.value,
            lines: self.lines,
            done: self.done,
            author: self.author,
            changed_at: self.changed_at,
        }
    }
}

#[derive(sqlx::FromRow)]
struct IncomingRow {
    paper: PaperId,
    #[sqlx(try_from = "String")]
    kind: PaperKind,
    number: String,
    due_on: Option<String>,
    quantity: Quantity,
}

impl From<IncomingRow> for Incoming {
    fn from(row: IncomingRow) -> Self {
        let IncomingRow { paper, kind, number, due_on, quantity } = row;
        Self { paper, kind, number, due_on, quantity }
    }
}

impl Inventory {
    /// A page of a store's purchase orders, the latest step first; `limit` is 1 to 200.
    pub async fn purchases(&self, actor: &Actor, query: &PurchaseQuery, limit: i64) -> Result<Page<PurchaseRow>> {
        let site = self.site(actor, Action::SeeStock, &query.store).await?;
        let mut tx = self.auth.read(actor, Action::SeeStock.at(site.store.id)).await?;
        let (data, next) = page(&mut tx, &site, query, limit).await?;
        let next = next.map(|(changed_at, id)| format!("{}\n{id}", changed_at.micros()));
        Ok(Page { data, as_of: self.auth.log().head(&mut tx).await?, next })
    }

    /// The same for a screen: with how many are in which state, and whether the reader writes new ones.
    pub async fn purchase_list(&self, actor: &Actor, query: &PurchaseQuery, limit: i64) -> Result<Since<PurchaseList>> {
        let site = self.site(actor, Action::SeeStock, &query.store).await?;
        let mut tx = self.auth.read(actor, Action::SeeStock.at(site.store.id)).await?;
        let (rows, next) = page(&mut tx, &site, query, limit).await?;
        let counts = counts(&mut tx, site.store.id, &PurchaseState::OPEN).await?;
        let total = counts.iter().map(|(_, count)| count).sum();
        let may_order = actor.may(Action::Purchase.at(site.store.id));
        let data = PurchaseList { rows, next, counts, may_order };
        Ok(Since { data, as_of: self.auth.log().head(&mut tx).await?, total })
    }
}

type Place = (Time, PaperId);

async fn page(
    tx: &mut Tx,
    site: &Site,
    query: &PurchaseQuery,
    limit: i64,
) -> Result<(Vec<PurchaseRow>, Option<Place>)> {
    let limit = limit.clamp(1, 200);
    let wanted: Vec<PurchaseState> = match (query.state, query.show) {
        (Some(state), _) => vec![state],
        (None, PurchaseShow::Open) => PurchaseState::OPEN.to_vec(),
        (None, PurchaseShow::Waiting) => vec![PurchaseState::Submitted],
        (None, PurchaseShow::Expected) => PurchaseState::EXPECTED.to_vec(),
        (None, PurchaseShow::All) => Vec::new(),
    };
    let mut rows = Vec::new();
    if wanted.is_empty() {
        rows = latest(tx, site.store.id, None, query.after, limit + 1).await?;
    }
    // Each state has its stretch of the index.
    for state in wanted {
        rows.extend(latest(tx, site.store.id, Some(state), query.after, limit + 1).await?);
    }
    rows.sort_by_key(|row| std::cmp::Reverse((row.changed_at, row.id)));
    let more = rows.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next = more.then(|| rows.last().map(|row| (row.changed_at, row.id))).flatten();
    Ok((rows.into_iter().map(|row| row.told(site)).collect(), next))
}

async fn latest(
    tx: &mut Tx,
    store: StoreId,
    state: Option<PurchaseState>,
    after: Option<Place>,
    limit: i64,
) -> Result<Vec<Row>> {
    let (before, id) = after.unwrap_or((Time::from_micros(i64::MAX), PaperId(uuid::Uuid::max())));
    macro_rules! latest {
        ($where:literal) => {
            fetch_all!(
                tx,
                concat!(
                    "select p.id, p.number, s.code as supplier, s.name as supplier_name, p.state, p.version, p.due_on,
                            o.value, p.author, p.changed_at,
                            (select count(*) from inventory_purchase_line l where l.paper = p.id) as lines,
                            (select count(*) from inventory_purchase_line l
                             where l.paper = p.id and l.received >= l.ordered) as done
                     from inventory_paper p
                     join inventory_purchase o on o.paper = p.id
                     join inventory_supplier s on s.id = p.party
                     where p.store = $1 and p.kind = $2 and ",
                    $where,
                    " and (p.changed_at, p.id) < ($4, $5) order by p.changed_at desc, p.id desc limit $6"
                ),
                store,
                PaperKind::PurchaseOrder.name(),
                state.map_or("", PurchaseState::name),
                before,
                id,
                limit
            )
        };
    }
    let rows: Vec<Row> = if state.is_some() { latest!("p.state = $3") } else { latest!("$3 = ''") }?;
    Ok(rows)
}

/// How many are in each of these states, those in which none is left out.
async fn counts(tx: &mut Tx, store: StoreId, states: &[PurchaseState]) -> Result<Vec<(PurchaseState, i64)>> {
    let mut counts = Vec::new();
    for state in states {
        let count = paper::count(tx, store, PaperKind::PurchaseOrder, state.name()).await?;
        if count > 0 {
            counts.push((*state, count));
        }
    }
    counts.sort_unstable();
    Ok(counts)
}

/// How many orders of a store wait for approval, and of how many the goods are expected.
pub(crate) async fn waiting(tx: &mut Tx, store: StoreId) -> Result<(i64, i64)> {
    let submitted = counts(tx, store, &[PurchaseState::Submitted]).await?;
    let expected = counts(tx, store, &PurchaseState::EXPECTED).await?;
    let sum = |counts: Vec<(PurchaseState, i64)>| counts.iter().map(|(_, count)| count).sum();
    Ok((sum(submitted), sum(expected)))
}

/// What is to come of an item to a store: its open lines, first, and of those the ones of orders that were sent.
pub(crate) async fn incoming(tx: &mut Tx, store: StoreId, item: ItemId) -> Result<Vec<Incoming>> {
    let [sent, partly] = PurchaseState::EXPECTED.map(PurchaseState::name);
    let rows: Vec<IncomingRow> = fetch_all!(
        tx,
        "with open as materialized (
             select paper, ordered - received as quantity from inventory_purchase_line
             where item = $3 and received < ordered
         )
         select p.id as paper, p.kind, p.number, p.due_on, l.quantity
         from open l cross join inventory_paper p
         where p.id = l.paper and p.store = $1 and p.kind = $2 and p.state in ($4, $5)
         order by p.changed_at, p.id limit $6",
        store,
        PaperKind::PurchaseOrder.name(),
        item,
        sent,
        partly,
        INCOMING
    )?;
    Ok(rows.into_iter().map(Incoming::from).collect())
}

//! Lists of orders, by what is to be done with them.

use crate::store::Site;
use crate::{Inventory, words};
use db::{Tx, fetch_all, query_rows};
use model::{Action, Actor, Channel, OrderRow, Page, PaperId, PaperKind, Result, Time};
use std::cmp::Reverse;

/// How many seconds before its goods are let go an order stands out.
const SOON: i64 = 2 * 86_400;
/// In how many orders a text is looked for, the latest steps first: no index knows what they say.
const LOOKED_AT: i64 = 2_000;

/// Which orders a list shows, latest step first.
#[derive(Clone, Debug, Default)]
pub struct OrderFilter {
    /// The store's code.
    pub store: String,
    /// Only in this state.
    pub state: Option<String>,
    /// Only the one of this number, and those of the latest 2 000 whose customer, contact or reference holds this; empty
    /// for all.
    pub search: String,
    /// `(changed_at, id)` after which the page starts.
    pub after: Option<(Time, PaperId)>,
    /// 1 to 200.
    pub limit: i64,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: PaperId,
    number: String,
    state: String,
    version: i64,
    #[sqlx(try_from = "String")]
    channel: Channel,
    customer: Option<String>,
    due_on: Option<String>,
    kept_until: Option<String>,
    ends_at: Option<Time>,
    lapsed_at: Option<Time>,
    lines: i64,
    to_pick: i64,
    waiting: i64,
    changed_at: Time,
}

/// What an order is found by.
#[derive(sqlx::FromRow)]
struct Named {
    id: PaperId,
    number: String,
    reference: Option<String>,
    changed_at: Time,
    customer: Option<String>,
    contact: Option<String>,
}

/// What a list reads of each.
macro_rules! columns {
    () => {
        "select p.id, p.number, p.state, p.version, o.channel, o.customer, p.due_on, o.kept_until, o.ends_at, o.lapsed_at,
                p.changed_at,
                (select count(*) from inventory_order_line l where l.paper = p.id) as lines,
                (select count(*) from inventory_order_line l where l.paper = p.id and l.reserved > 0) as to_pick,
                (select count(*) from inventory_order_line l where l.paper = p.id and l.backordered > 0) as waiting "
    };
}

impl Inventory {
    /// A page of a store's orders. Who they are for is told to those only who may promise there, and is looked through for
    /// them only.
    pub async fn orders(&self, actor: &Actor, filter: &OrderFilter) -> Result<Page<OrderRow>> {
        let site = self.site(actor, Action::SeeStock, &filter.store).await?;
        let mut tx = self.auth.read(actor, Action::SeeStock.at(site.store.id)).await?;
        let limit = filter.limit.clamp(1, 200);
        let mine = actor.may(Action::Promise.at(site.store.id));
        let mut rows = if filter.search.trim().is_empty() {
            page(&mut tx, &site, filter, limit + 1).await?
        } else {
            found(&mut tx, &site, filter, mine, limit + 1).await?
        };
        let more = rows.len() > usize::try_from(limit).unwrap_or(usize::MAX);
        if more {
            rows.pop();
        }
        let last = rows.last().map(|row| format!("{}\n{}", row.changed_at.micros(), row.id));
        let soon = Time::now().plus_seconds(SOON);
        let data = rows.into_iter().map(|row| OrderRow {
            id: row.id,
            number: row.number,
            store: site.store.code.clone(),
            state: row.state,
            version: row.version,
            channel: row.channel,
            customer: row.customer.filter(|_| mine),
            due_on: row.due_on,
            kept_until: row.kept_until,
            soon_over: row.ends_at.is_some_and(|end| end <= soon),
            lapsed_at: row.lapsed_at,
            lines: row.lines,
            to_pick: row.to_pick,
            waiting: row.waiting,
            changed_at: row.changed_at,
        });
        let data = data.collect();
        Ok(Page { data, as_of: self.auth.log().head(&mut tx).await?, next: more.then_some(last).flatten() })
    }
}

/// After which step a page starts.
fn start(filter: &OrderFilter) -> (Time, PaperId) {
    filter.after.unwrap_or((Time::from_micros(i64::MAX), PaperId(uuid::Uuid::max())))
}

async fn page(tx: &mut Tx, site: &Site, filter: &OrderFilter, limit: i64) -> Result<Vec<Row>> {
    let (before, id) = start(filter);
    macro_rules! page {
        ($where:literal) => {
            fetch_all!(
                tx,
                concat!(
                    columns!(),
                    "from inventory_paper p join inventory_order o on o.paper = p.id
                     where p.store = $1 and p.kind = $2 and (p.changed_at, p.id) < ($3, $4) and ",
                    $where,
                    " order by p.changed_at desc, p.id desc limit $6"
                ),
                site.store.id,
                PaperKind::Order.name(),
                before,
                id,
                filter.state.as_deref().unwrap_or_default(),
                limit
            )
        };
    }
    Ok(if filter.state.is_some() { page!("p.state = $5") } else { page!("$5 = ''") }?)
}

/// Those that a text means. It is compared here: neither engine knows capitals and accents as the other does.
async fn found(tx: &mut Tx, site: &Site, filter: &OrderFilter, mine: bool, limit: i64) -> Result<Vec<Row>> {
    let (text, number) = (words::checked(filter.search.trim())?, filter.search.trim().to_uppercase());
    // SQLite reads the tables of a cross join in this order.
    macro_rules! named {
        ($where:literal) => {
            fetch_all!(
                tx,
                concat!(
                    "select p.id, p.number, p.reference, p.changed_at, o.customer, o.contact
                     from (select id from (select p.id from inventory_paper p
                                           where p.store = $1 and p.kind = $2 and ",
                    $where,
                    "                      order by p.changed_at desc, p.id desc limit $4) latest
                           union select id from inventory_paper where number = $5) n
                     cross join inventory_paper p cross join inventory_order o
                     where p.id = n.id and o.paper = p.id and p.store = $1 and p.kind = $2 and ",
                    $where,
                    " order by p.changed_at desc, p.id desc"
                ),
                site.store.id,
                PaperKind::Order.name(),
                filter.state.as_deref().unwrap_or_default(),
                LOOKED_AT,
                &number
            )
        };
    }
    let named: Vec<Named> = if filter.state.is_some() { named!("p.state = $3") } else { named!("$3 = ''") }?;
    let holds = |told: Option<&str>| told.is_some_and(|told| words::folded(told).contains(&text));
    let means = |order: &Named| {
        let known = [&order.customer, &order.contact].into_iter().any(|told| holds(told.as_deref()));
        order.number == number || holds(order.reference.as_deref()) || (mine && known)
    };
    let start = start(filter);
    let named = named.iter().filter(|order| (order.changed_at, order.id) < start && means(order));
    let ids: Vec<PaperId> = named.take(usize::try_from(limit).unwrap_or(1)).map(|order| order.id).collect();
    let mut rows: Vec<Row> = query_rows!(
        tx,
        "with wanted (id) as (",
        &ids,
        |row, id| {
            row.push_bind(*id);
        },
        concat!(
            ") ",
            columns!(),
            "from wanted join inventory_paper p on p.id = wanted.id join inventory_order o on o.paper = p.id"
        )
    )?;
    rows.sort_by_key(|row| Reverse((row.changed_at, row.id)));
    Ok(rows)
}

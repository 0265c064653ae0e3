//! Lists of orders, by what is to be done with them.

use crate::Inventory;
use db::fetch_all;
use model::{Action, Actor, Channel, OrderRow, Page, PaperId, PaperKind, Result, Time};

/// How many seconds before its goods are let go an order stands out.
const SOON: i64 = 2 * 86_400;

/// Which orders a list shows, latest step first.
#[derive(Clone, Debug, Default)]
pub struct OrderFilter {
    /// The store's code.
    pub store: String,
    /// Only in this state.
    pub state: Option<String>,
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

impl Inventory {
    /// A page of a store's orders. Who they are for is told to those only who may promise there.
    pub async fn orders(&self, actor: &Actor, filter: &OrderFilter) -> Result<Page<OrderRow>> {
        let site = self.site(actor, Action::SeeStock, &filter.store).await?;
        let mut tx = self.auth.read(actor, Action::SeeStock.at(site.store.id)).await?;
        let limit = filter.limit.clamp(1, 200);
        let (before, id) = filter.after.unwrap_or((Time::from_micros(i64::MAX), PaperId(uuid::Uuid::max())));
        macro_rules! page {
            ($where:literal) => {
                fetch_all!(
                    &mut tx,
                    concat!(
                        "select p.id, p.number, p.state, p.version, o.channel, o.customer, p.due_on, o.kept_until, o.ends_at, o.lapsed_at,
                                p.changed_at,
                                (select count(*) from inventory_order_line l where l.paper = p.id) as lines,
                                (select count(*) from inventory_order_line l
                                 where l.paper = p.id and l.reserved > 0) as to_pick,
                                (select count(*) from inventory_order_line l
                                 where l.paper = p.id and l.backordered > 0) as waiting
                         from inventory_paper p join inventory_order o on o.paper = p.id
                         where p.store = $1 and p.kind = $2 and (p.changed_at, p.id) < ($3, $4) and ",
                        $where,
                        " order by p.changed_at desc, p.id desc limit $6"
                    ),
                    site.store.id,
                    PaperKind::Order.name(),
                    before,
                    id,
                    filter.state.as_deref().unwrap_or_default(),
                    limit + 1
                )
            };
        }
        let mut rows: Vec<Row> = if filter.state.is_some() { page!("p.state = $5") } else { page!("$5 = ''") }?;
        let more = rows.len() > usize::try_from(limit).unwrap_or(usize::MAX);
        if more {
            rows.pop();
        }
        let last = rows.last().map(|row| format!("{}\n{}", row.changed_at.micros(), row.id));
        let soon = Time::now().plus_seconds(SOON);
        let mine = actor.may(Action::Promise.at(site.store.id));
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

//! The history: every posting of a store, newest first, told so that anyone understands it.

use crate::posting::stored;
use crate::store::Site;
use crate::{Inventory, reverse, transfer_found, words};
use db::{Tx, fetch_all, fetch_optional, query_rows};
use model::{
    Action, Actor, DocumentKind, Error, Flaw, HistoryLine, HistoryQuery, Page, PostingId, Receipt, Result, Since,
    StoreId, Time,
};
use std::collections::HashMap;

/// How many of a posting's lines a list shows.
const LINES_SHOWN: usize = 5;
/// In how many postings a text is looked for at once: no index knows what their lines say.
const LOOKED_AT: i64 = 5_000;

/// A place in the history.
type Place = (Time, PostingId);

#[derive(sqlx::FromRow)]
struct Row {
    id: PostingId,
    store: StoreId,
    answer: String,
    principal: String,
    actor: String,
    device: String,
    recorded_at: Time,
    reversed_by: Option<PostingId>,
    /// 1 for a sale of which something was brought back.
    returned: i64,
    reason: Option<String>,
}

impl Row {
    fn told(self, actor: &Actor, shown: usize) -> Result<HistoryLine> {
        let Receipt { id, kind, store, number, currency, occurred_at, reverses, total, tax, mut lines, .. } =
            stored(&self.answer)?;
        let line_count = i64::try_from(lines.len()).unwrap_or(i64::MAX);
        lines.truncate(shown);
        let stays = kind == DocumentKind::Transfer && !transfer_found::has_way_back(kind, self.reason.as_deref());
        let may_undo = self.reversed_by.is_none()
            && self.returned == 0
            && !stays
            && reverse::may_undo(actor, self.store, &self.principal, self.recorded_at, kind);
        Ok(HistoryLine {
            posting: id,
            kind,
            store,
            number,
            reason: self.reason,
            actor: self.actor,
            device: self.device,
            occurred_at,
            recorded_at: self.recorded_at,
            reverses,
            reversed_by: self.reversed_by,
            currency,
            total,
            tax,
            lines,
            line_count,
            may_undo,
        })
    }
}

/// What a line of the history reads.
macro_rules! columns {
    () => {
        "select p.id, p.store, p.answer, p.principal, p.actor, p.device, p.recorded_at, r.id as reversed_by,
                cast(case when p.kind = 'sale'
                           and exists (select 1 from inventory_posting b where b.returns = p.id
                                       and not exists (select 1 from inventory_posting u where u.reverses = b.id))
                          then 1 else 0 end as bigint) as returned,
                (select m.reason from inventory_movement m where m.posting = p.id and m.line = 1) as reason "
    };
}

impl Inventory {
    /// A page of a store's postings, newest first by when we learnt of them, after the posting `after` (with its
    /// `recorded_at`); `limit` is 1 to 100. A text is looked for in the next 5 000 that all else lets through: fewer, even
    /// none, may hold it, and `next` goes on behind them. The one whose number or id it is stands on the first page.
    pub async fn history(
        &self,
        actor: &Actor,
        query: &HistoryQuery,
        after: Option<(Time, PostingId)>,
        limit: i64,
    ) -> Result<Page<HistoryLine>> {
        let site = self.site(actor, Action::SeeStock, &query.store).await?;
        let limit = limit.clamp(1, 100);
        let mut tx = self.auth.read(actor, Action::SeeStock.at(site.store.id)).await?;
        let (mut rows, end) = page(&mut tx, &site, query, after, limit + 1).await?;
        let more = rows.len() > usize::try_from(limit).unwrap_or(usize::MAX);
        if more {
            rows.pop();
        }
        let last = rows.last().map(|row| (row.recorded_at, row.id)).filter(|_| more);
        let next = last.or(end).map(|(at, id)| format!("{}\n{id}", at.micros()));
        let data = rows.into_iter().map(|row| row.told(actor, LINES_SHOWN)).collect::<Result<_>>()?;
        Ok(Page { data, as_of: self.auth.log().head(&mut tx).await?, next })
    }

    /// One posting with all its lines, of a store that they may see.
    pub async fn posting(&self, actor: &Actor, id: PostingId) -> Result<Since<HistoryLine>> {
        let mut tx = self.auth.read(actor, Action::SeeStock.anywhere()).await?;
        let row = rows_of(&mut tx, &[id]).await?.pop().ok_or(Error::NotFound)?;
        if !actor.scope(Action::SeeStock).holds(row.store) {
            return Err(Error::NotFound);
        }
        Ok(Since { data: row.told(actor, usize::MAX)?, as_of: self.auth.log().head(&mut tx).await?, total: 1 })
    }
}

/// These postings, as the history tells them.
pub(crate) async fn lines_of(tx: &mut Tx, actor: &Actor, ids: &[PostingId]) -> Result<HashMap<PostingId, HistoryLine>> {
    let rows = rows_of(tx, ids).await?;
    rows.into_iter().map(|row| Ok((row.id, row.told(actor, LINES_SHOWN)?))).collect()
}

async fn rows_of(tx: &mut Tx, ids: &[PostingId]) -> Result<Vec<Row>> {
    Ok(query_rows!(
        tx,
        "with wanted (posting) as (",
        ids,
        |row, id| {
            row.push_bind(*id);
        },
        concat!(
            ") ",
            columns!(),
            "from wanted
             join inventory_posting p on p.id = wanted.posting and p.outcome = 'posted'
             left join inventory_posting r on r.reverses = p.id"
        )
    )?)
}

/// The postings of a page, and behind which one to go on when there are no more among those that were looked at.
async fn page(
    tx: &mut Tx,
    site: &Site,
    query: &HistoryQuery,
    after: Option<Place>,
    limit: i64,
) -> Result<(Vec<Row>, Option<Place>)> {
    let first = (Time::from_micros(i64::MIN), PostingId(uuid::Uuid::nil()));
    let before = after.unwrap_or((Time::from_micros(i64::MAX), PostingId(uuid::Uuid::max())));
    let (from, to) = day(site, &query.day)?;
    let kind = query.kind.map(DocumentKind::name).unwrap_or_default();
    let [text, bare] = words::phrase(&query.text)?;
    let named: PostingId = query.text.parse().unwrap_or(PostingId(uuid::Uuid::nil()));
    macro_rules! page {
        ($from:literal, $which:literal, $order:literal, $before:expr, $end:expr) => {
            fetch_all!(
                tx,
                concat!(
                    columns!(),
                    "from ",
                    $from,
                    " inventory_posting p
                     left join inventory_posting r on r.reverses = p.id
                     where p.store = $1 and p.outcome = 'posted' and (p.recorded_at, p.id) < ($2, $3)
                       and (p.recorded_at, p.id) >= ($13, $14)
                       and ($4 = '' or p.kind = $4) and ($5 = '' or p.actor = $5)
                       and p.occurred_at >= $6 and p.occurred_at < $7
                       and ($8 = '%%' or p.id = $11 or p.number = $15 or lower(coalesce(p.number, '')) like $8 escape '!'
                            or exists (select 1 from inventory_movement m join inventory_item i on i.id = m.item
                                       where m.posting = p.id
                                         and (i.search like $12 escape '!'
                                              or lower(coalesce(m.reason, '')) like $8 escape '!'))
                            or exists (select 1 from inventory_kit_line k join inventory_item i on i.id = k.item
                                       where k.posting = p.id and i.search like $12 escape '!'))
                       and ",
                    $which,
                    " order by ",
                    $order,
                    " desc, p.id desc limit $10"
                ),
                site.store.id,
                $before.0,
                $before.1,
                kind,
                &query.person,
                from,
                to,
                &text,
                &query.sku,
                limit,
                named,
                &bare,
                $end.0,
                $end.1,
                query.text.trim()
            )
        };
    }
    if query.sku.is_empty() {
        let end: Option<Place> = match text.as_str() {
            "%%" => None,
            _ => fetch_optional!(
                tx,
                "select p.recorded_at, p.id from inventory_posting p
                 where p.store = $1 and p.outcome = 'posted' and (p.recorded_at, p.id) < ($2, $3)
                   and ($4 = '' or p.kind = $4) and ($5 = '' or p.actor = $5)
                   and p.occurred_at >= $6 and p.occurred_at < $7
                 order by p.recorded_at desc, p.id desc limit 1 offset $8",
                site.store.id,
                before.0,
                before.1,
                kind,
                &query.person,
                from,
                to,
                LOOKED_AT - 1
            )?,
        };
        let mut rows: Vec<Row> = page!("", "$9 = ''", "p.recorded_at", before, end.unwrap_or(first))?;
        let found = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        if let (Some(end), None, true) = (end, after, found < limit) {
            // A slip in a hand is found however old it is.
            let exact: Vec<Row> = page!(
                "(select id from inventory_posting where id = $11
                  union select id from inventory_posting where number = $15) o cross join",
                "$9 = '' and p.id = o.id",
                "p.recorded_at",
                end,
                first
            )?;
            rows.extend(exact);
            rows.truncate(usize::try_from(limit - 1).unwrap_or(usize::MAX));
        }
        return Ok((rows, end));
    }
    // SQLite reads the tables of a cross join in this order: by the item's index, from the latest, each posting once.
    let mut rows: Vec<Row> = page!(
        "inventory_movement o cross join",
        "o.store = $1 and o.item = (select id from inventory_item where sku = $9) and o.recorded_at <= $2
         and p.id = o.posting
         and not exists (select 1 from inventory_movement e
                         where e.posting = o.posting and e.item = o.item and e.line < o.line)",
        "o.recorded_at",
        before,
        first
    )?;
    let of_kits: Vec<Row> = page!(
        "inventory_kit_line o cross join",
        "o.item = (select id from inventory_item where sku = $9) and p.id = o.posting
         and not exists (select 1 from inventory_kit_line e
                         where e.posting = o.posting and e.item = o.item and e.line < o.line)",
        "p.recorded_at",
        before,
        first
    )?;
    rows.extend(of_kits);
    rows.sort_by_key(|row| std::cmp::Reverse((row.recorded_at, row.id)));
    rows.dedup_by_key(|row| row.id);
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok((rows, None))
}

/// The moments between which a day of the store's calendar lies; all of time when none is named.
fn day(site: &Site, day: &str) -> Result<(Time, Time)> {
    if day.is_empty() {
        return Ok((Time::from_micros(i64::MIN), Time::from_micros(i64::MAX)));
    }
    let midnight = |date: jiff::civil::Date| {
        let moment = date.to_zoned(site.zone.clone()).ok()?.timestamp();
        Some(Time::from_micros(moment.as_microsecond()))
    };
    let date = day.parse::<jiff::civil::Date>().ok();
    let ends = date.and_then(|date| midnight(date).zip(date.tomorrow().ok().and_then(midnight)));
    ends.ok_or_else(|| Flaw::new("day", "day", "use a day such as 2026-11-22").into())
}

//! Lots of a store, what expires first at the top, and where a lot is and went.

use super::{NEVER, date, day, today};
use crate::{Inventory, code};
use db::{Tx, fetch_all, fetch_optional};
use model::barcode::Date;
use model::{
    Action, Actor, Condition, DocumentKind, Error, ItemId, Lot, LotId, LotMove, LotPlace, LotStatus, LotTrace, Page,
    PostingId, Quantity, Result, Scope, StoreId, Time, Tracking,
};

/// How many moves of a lot are told.
const MOVES: i64 = 200;
/// How many places of a lot are told.
const PLACES: i64 = 1_000;

/// Which lots a list shows.
#[derive(Clone, Debug, Default)]
pub struct LotFilter {
    /// Only those of this item.
    pub sku: Option<String>,
    /// Only those whose last good day is at most so many days away.
    pub within: Option<u16>,
    /// Only those that must not be sold: expired, held or recalled.
    pub barred: bool,
    /// The lot after which the page starts: its last day, and its id.
    pub after: Option<(String, LotId)>,
    /// 1 to 200.
    pub limit: i64,
}

#[derive(sqlx::FromRow)]
pub(super) struct Row {
    pub(super) id: LotId,
    pub(super) item: ItemId,
    pub(super) sku: String,
    name: String,
    unit: String,
    tracking: String,
    pub(super) code: String,
    pub(super) expires_on: Option<String>,
    pub(super) status: String,
    on_hand: Quantity,
}

impl Row {
    /// Its last day.
    pub(super) fn last(&self) -> Option<Date> {
        date(self.expires_on.clone())
    }

    /// With that status, and that day where it is another one.
    pub(super) fn changed(self, status: LotStatus, day: Option<Date>) -> Self {
        let expires_on = day.map(|day| day.to_string()).or(self.expires_on);
        Self { status: status.name().to_owned(), expires_on, ..self }
    }

    pub(super) fn told(self, today: &str) -> Lot {
        let expired = self.expires_on.as_deref().is_some_and(|last| last < today);
        let (status, expires_on) = (LotStatus::named(&self.status), date(self.expires_on));
        let tracking = Tracking::named(&self.tracking);
        let Self { id, sku, name, unit, code: lot, on_hand, .. } = self;
        Lot { id, sku, name, unit, tracking, lot, expires_on, status, expired, on_hand }
    }

    /// With how many the stores in scope have. It is expired when its last day is over in one of them.
    pub(super) async fn seen(self, tx: &mut Tx, scope: &Scope) -> Result<Lot> {
        let on_hand = places(tx, self.id, scope).await?.iter().map(|place| place.on_hand.parts()).sum();
        let stores: Vec<(StoreId, String)> =
            fetch_all!(tx, "select id, time_zone from inventory_store where closed_at is null")?;
        let days = stores.into_iter().filter(|(store, _)| scope.holds(*store)).map(|(_, zone)| today(&zone));
        let today = days.max().unwrap_or_default();
        Ok(Self { on_hand: Quantity::from_parts(on_hand), ..self }.told(&today))
    }
}

#[derive(sqlx::FromRow)]
struct PlaceRow {
    store: String,
    store_name: String,
    location: String,
    location_name: String,
    #[sqlx(try_from = "String")]
    condition: Condition,
    on_hand: Quantity,
}

#[derive(sqlx::FromRow)]
struct MoveRow {
    posting: PostingId,
    kind: String,
    number: Option<String>,
    store: String,
    store_name: String,
    time_zone: String,
    from_code: String,
    to_code: String,
    from_name: Option<String>,
    to_name: Option<String>,
    quantity: Quantity,
    occurred_at: Time,
    actor: String,
    reverses: Option<PostingId>,
}

impl Inventory {
    /// A page of the lots that a store has, what expires first at the top; what never expires comes last.
    pub async fn lots(&self, actor: &Actor, store: &str, filter: &LotFilter) -> Result<Page<Lot>> {
        let site = self.site(actor, Action::SeeStock, store).await?;
        let mut tx = self.auth.read(actor, Action::SeeStock.at(site.store.id)).await?;
        let (now, limit) = (Time::now(), filter.limit.clamp(1, 200));
        let local = site.local(now);
        let ahead = filter.within.map(|days| site.local(now.plus_seconds(i64::from(days) * 24 * 3_600)));
        let (after, after_lot) = filter.after.clone().unwrap_or((String::new(), LotId(uuid::Uuid::nil())));
        let mut rows: Vec<Row> = fetch_all!(
            &mut tx,
            "select l.id, i.id as item, i.sku, i.name, i.unit, i.tracking, l.code, l.expires_on, l.status, cast(sum(b.on_hand) as bigint) as on_hand
             from inventory_lot_balance b
             join inventory_lot l on l.id = b.lot
             join inventory_item i on i.id = b.item
             where b.store = $1 and b.on_hand <> 0 and (b.until, b.lot) > ($2, $3) and b.until <= $4
               and ($5 = '' or i.sku = $5) and ($6 = 0 or l.status <> 'ok' or b.until < $7)
             group by b.until, b.lot, l.id, i.id, i.sku, i.name, i.unit, i.tracking, l.code, l.expires_on, l.status
             order by b.until, b.lot limit $8",
            site.store.id,
            &after,
            after_lot,
            ahead.as_deref().map_or(NEVER, day),
            filter.sku.as_deref().unwrap_or_default(),
            i64::from(filter.barred),
            day(&local),
            limit + 1
        )?;
        let more = rows.len() > usize::try_from(limit).unwrap_or(usize::MAX);
        if more {
            rows.pop();
        }
        let last = rows.last().map(|row| format!("{}\n{}", row.expires_on.as_deref().unwrap_or(NEVER), row.id));
        let next = more.then_some(last).flatten();
        let as_of = self.auth.log().head(&mut tx).await?;
        Ok(Page { data: rows.into_iter().map(|row| row.told(day(&local))).collect(), as_of, next })
    }

    /// The pieces with that serial number, of whatever item, also those that are sold: at most 20. Whoever sees stock
    /// anywhere sees that there is such a number; what is in a store and went from there is for who sees that store.
    pub async fn serials(&self, actor: &Actor, code: &str) -> Result<Page<Lot>> {
        let mut tx = self.auth.read(actor, Action::SeeStock.anywhere()).await?;
        let code = code::serial(code);
        let rows: Vec<Row> = fetch_all!(
            &mut tx,
            "select l.id, i.id as item, i.sku, i.name, i.unit, i.tracking, l.code, l.expires_on, l.status, cast(0 as bigint) as on_hand
             from inventory_lot l join inventory_item i on i.id = l.item and i.tracking = 'serial'
             where l.code = $1 order by i.sku limit 20",
            &code
        )?;
        let scope = actor.scope(Action::SeeStock);
        let mut data = Vec::with_capacity(rows.len());
        for row in rows {
            data.push(row.seen(&mut tx, &scope).await?);
        }
        Ok(Page { data, as_of: self.auth.log().head(&mut tx).await?, next: None })
    }

    /// Where a lot is, and to whom it went, in the reader's stores.
    pub async fn lot_trace(&self, actor: &Actor, id: LotId) -> Result<LotTrace> {
        let mut tx = self.auth.read(actor, Action::SeeStock.anywhere()).await?;
        let row = find(&mut tx, id).await?.ok_or(Error::NotFound)?;
        let scope = actor.scope(Action::SeeStock);
        let lot = row.seen(&mut tx, &scope).await?;
        let places = places(&mut tx, id, &scope).await?;
        let (moves, more) = moves(&mut tx, id, &scope).await?;
        Ok(LotTrace { lot, places, moves, more })
    }
}

/// A lot, with nothing on hand yet.
pub(super) async fn find(tx: &mut Tx, id: LotId) -> Result<Option<Row>> {
    Ok(fetch_optional!(
        tx,
        "select l.id, i.id as item, i.sku, i.name, i.unit, i.tracking, l.code, l.expires_on, l.status, cast(0 as bigint) as on_hand
         from inventory_lot l join inventory_item i on i.id = l.item where l.id = $1",
        id
    )?)
}

async fn places(tx: &mut Tx, lot: LotId, scope: &Scope) -> Result<Vec<LotPlace>> {
    #[derive(sqlx::FromRow)]
    struct Kept {
        id: StoreId,
        #[sqlx(flatten)]
        row: PlaceRow,
    }
    let rows: Vec<Kept> = fetch_all!(
        tx,
        "select b.store as id, s.code as store, s.name as store_name, p.code as location, p.name as location_name, b.condition, b.on_hand
         from inventory_lot_balance b
         join inventory_store s on s.id = b.store
         join inventory_location p on p.id = b.location
         where b.lot = $1 and b.on_hand <> 0 order by s.code, p.code, b.condition limit $2",
        lot,
        PLACES
    )?;
    let seen = rows.into_iter().filter(|row| scope.holds(row.id)).map(|Kept { row, .. }| {
        let PlaceRow { store, store_name, location, location_name, condition, on_hand } = row;
        LotPlace { store, store_name, location, location_name, condition, on_hand }
    });
    Ok(seen.collect())
}

async fn moves(tx: &mut Tx, lot: LotId, scope: &Scope) -> Result<(Vec<LotMove>, bool)> {
    // Which of the reader's stores, the database asks: of many moves the latest of theirs are told.
    let stores: Vec<(StoreId,)> =
        fetch_all!(tx, "select distinct store from inventory_lot_balance where lot = $1", lot)?;
    let mut all: Vec<MoveRow> = Vec::new();
    for (store,) in stores.into_iter().filter(|(store,)| scope.holds(*store)) {
        all.extend(moves_in(tx, lot, store).await?);
    }
    all.sort_by_key(|row| std::cmp::Reverse((row.occurred_at, row.posting)));
    let most = usize::try_from(MOVES).unwrap_or(usize::MAX);
    let more = all.len() > most;
    all.truncate(most);
    let told = all.into_iter().filter_map(|row| {
        Some(LotMove {
            posting: row.posting,
            kind: DocumentKind::named(&row.kind)?,
            number: row.number,
            store: row.store,
            store_name: row.store_name,
            from: row.from_code,
            to: row.to_code,
            from_name: row.from_name,
            to_name: row.to_name,
            quantity: row.quantity,
            occurred_at: row.occurred_at,
            time_zone: row.time_zone,
            actor: row.actor,
            reverses: row.reverses,
        })
    });
    Ok((told.collect(), more))
}

async fn moves_in(tx: &mut Tx, lot: LotId, store: StoreId) -> Result<Vec<MoveRow>> {
    Ok(fetch_all!(
        tx,
        "select p.id as posting, p.kind, p.number, s.code as store, s.name as store_name, s.time_zone,
                f.code as from_code, g.code as to_code, t.quantity, m.occurred_at, p.actor, p.reverses,
                case when f.kind = 'physical' then f.name end as from_name,
                case when g.kind = 'physical' then g.name end as to_name
         from inventory_lot_movement t
         join inventory_movement m on m.posting = t.posting and m.line = t.line and m.store = $2
         join inventory_posting p on p.id = t.posting
         join inventory_store s on s.id = m.store
         join inventory_location f on f.id = m.from_location
         join inventory_location g on g.id = m.to_location
         where t.lot = $1 order by m.occurred_at desc, t.posting desc, t.line limit $3",
        lot,
        store,
        MOVES + 1
    )?)
}

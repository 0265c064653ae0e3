//! Lots of a store, what expires first at the top, and where a lot is and went.

use super::{NEVER, date, day};
use crate::Inventory;
use db::{Tx, fetch_all, fetch_optional};
use model::{
    Action, Actor, Condition, DocumentKind, Error, ItemId, Lot, LotId, LotMove, LotPlace, LotStatus, LotTrace, Page,
    PostingId, Quantity, Result, Scope, StoreId, Time,
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
    id: LotId,
    pub(super) item: ItemId,
    pub(super) sku: String,
    name: String,
    unit: String,
    pub(super) code: String,
    expires_on: Option<String>,
    pub(super) status: String,
    on_hand: Quantity,
}

impl Row {
    pub(super) fn told(self, today: &str) -> Lot {
        let expired = self.expires_on.as_deref().is_some_and(|last| last < today);
        let (status, expires_on) = (LotStatus::named(&self.status), date(self.expires_on));
        let Self { id, sku, name, unit, code: lot, on_hand, .. } = self;
        Lot { id, sku, name, unit, lot, expires_on, status, expired, on_hand }
    }

    /// With how many the stores in scope have; which day it is, no one of them says.
    pub(super) async fn seen(self, tx: &mut Tx, scope: &Scope) -> Result<Lot> {
        let on_hand = places(tx, self.id, scope).await?.iter().map(|place| place.on_hand.parts()).sum();
        let today = Time::now().to_string();
        Ok(Self { on_hand: Quantity::from_parts(on_hand), ..self }.told(day(&today)))
    }
}

#[derive(sqlx::FromRow)]
struct PlaceRow {
    store: String,
    location: String,
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
    from_code: String,
    to_code: String,
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
            "select l.id, i.id as item, i.sku, i.name, i.unit, l.code, l.expires_on, l.status, cast(sum(b.on_hand) as bigint) as on_hand
             from inventory_lot_balance b
             join inventory_lot l on l.id = b.lot
             join inventory_item i on i.id = b.item
             where b.store = $1 and b.on_hand <> 0 and (b.until, b.lot) > ($2, $3) and b.until <= $4
               and ($5 = '' or i.sku = $5) and ($6 = 0 or l.status <> 'ok' or b.until < $7)
             group by b.until, b.lot, l.id, i.id, i.sku, i.name, i.unit, l.code, l.expires_on, l.status
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
        "select l.id, i.id as item, i.sku, i.name, i.unit, l.code, l.expires_on, l.status, cast(0 as bigint) as on_hand
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
        "select b.store as id, s.code as store, p.code as location, b.condition, b.on_hand
         from inventory_lot_balance b
         join inventory_store s on s.id = b.store
         join inventory_location p on p.id = b.location
         where b.lot = $1 and b.on_hand <> 0 order by s.code, p.code, b.condition limit $2",
        lot,
        PLACES
    )?;
    let seen = rows.into_iter().filter(|row| scope.holds(row.id)).map(|Kept { row, .. }| {
        let PlaceRow { store, location, condition, on_hand } = row;
        LotPlace { store, location, condition, on_hand }
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
        let MoveRow { posting, number, store, from_code: from, to_code: to, quantity, occurred_at, .. } = row;
        let (kind, actor, reverses) = (DocumentKind::named(&row.kind)?, row.actor, row.reverses);
        Some(LotMove { posting, kind, number, store, from, to, quantity, occurred_at, actor, reverses })
    });
    Ok((told.collect(), more))
}

async fn moves_in(tx: &mut Tx, lot: LotId, store: StoreId) -> Result<Vec<MoveRow>> {
    Ok(fetch_all!(
        tx,
        "select p.id as posting, p.kind, p.number, s.code as store, f.code as from_code, g.code as to_code, t.quantity,
                m.occurred_at, p.actor, p.reverses
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

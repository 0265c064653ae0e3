//! Lots of a store, what expires first at the top, and where they lie.

use super::{NEVER, date, day, today};
use crate::ledger::SELLABLE;
use crate::store::{SHOP, Site};
use crate::{Inventory, code, item};
use db::{Tx, fetch_all, fetch_optional};
use model::barcode::Date;
use model::{
    Action, Actor, Condition, ItemId, Lot, LotAfter, LotId, LotPlace, LotStatus, Page, Quantity, Result, Scope,
    StoreId, Time, Tracking,
};

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
    /// Only those of which some is not set aside yet.
    pub to_do: bool,
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
    shelf: Quantity,
}

impl LotFilter {
    /// The same, behind that one.
    #[must_use]
    pub fn behind(self, after: LotAfter) -> Self {
        let day = after.expires_on.map_or_else(|| NEVER.to_owned(), |day| day.to_string());
        Self { after: Some((day, after.id)), ..self }
    }
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
        let Self { id, sku, name, unit, code: lot, on_hand, shelf, .. } = self;
        Lot { id, sku, name, unit, tracking, lot, expires_on, status, expired, on_hand, shelf }
    }

    /// With how many the stores in scope have. It is expired when its last day is over in one of them.
    pub(super) async fn seen(self, tx: &mut Tx, scope: &Scope) -> Result<Lot> {
        let places = places(tx, self.id, scope).await?;
        let sum = |of: fn(&LotPlace) -> bool| {
            Quantity::from_parts(places.iter().filter(|place| of(place)).map(|place| place.on_hand.parts()).sum())
        };
        let on_hand = sum(|_| true);
        let shelf = sum(|place| place.location == SHOP && place.condition.is_sellable());
        let stores: Vec<(StoreId, String)> =
            fetch_all!(tx, "select id, time_zone from inventory_store where closed_at is null")?;
        let days = stores.into_iter().filter(|(store, _)| scope.holds(*store)).map(|(_, zone)| today(&zone));
        let today = days.max().unwrap_or_default();
        Ok(Self { on_hand, shelf, ..self }.told(&today))
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

impl Inventory {
    /// A page of the lots that a store has, what expires first at the top; what never expires comes last.
    pub async fn lots(&self, actor: &Actor, store: &str, filter: &LotFilter) -> Result<Page<Lot>> {
        let site = self.site(actor, Action::SeeStock, store).await?;
        let mut tx = self.auth.read(actor, Action::SeeStock.at(site.store.id)).await?;
        let (now, limit) = (Time::now(), filter.limit.clamp(1, 200));
        let local = site.local(now);
        let ahead = filter.within.map(|days| site.local(now.plus_seconds(i64::from(days) * 24 * 3_600)));
        let mut rows = page(&mut tx, &site, filter, day(&local), ahead.as_deref().map_or(NEVER, day)).await?;
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
            "select l.id, i.id as item, i.sku, i.name, i.unit, i.tracking, l.code, l.expires_on, l.status, cast(0 as bigint) as on_hand,
                cast(0 as bigint) as shelf
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
}

/// One more than a page of the lots that a store has; `today` and `ahead` are days of its own clock.
async fn page(tx: &mut Tx, site: &Site, filter: &LotFilter, today: &str, ahead: &str) -> Result<Vec<Row>> {
    let (after, after_lot) = filter.after.clone().unwrap_or((String::new(), LotId(uuid::Uuid::nil())));
    let item = match filter.sku.as_deref() {
        Some(sku) => match item::by_sku(tx, &[sku]).await?.get(sku) {
            Some(item) => Some(item.id),
            None => return Ok(Vec::new()),
        },
        None => None,
    };
    macro_rules! page {
        ($from:literal, $where:literal $(, $bind:expr)*) => {
            fetch_all!(
                tx,
                concat!(
                    "select l.id, i.id as item, i.sku, i.name, i.unit, i.tracking, l.code, l.expires_on, l.status,
                            found.on_hand, found.shelf
                     from (select b.until, b.lot, cast(sum(b.on_hand) as bigint) as on_hand,
                                  cast(sum(case when b.location = $6 and b.condition = $7 then b.on_hand else 0 end)
                                       as bigint) as shelf
                           from ",
                    $from,
                    " b where b.store = $1 and b.on_hand <> 0 and (b.until, b.lot) > ($2, $3) and b.until <= $4 and ",
                    $where,
                    " group by b.until, b.lot
                      having $8 = 0 or sum(case when b.condition = $7 then b.on_hand else 0 end) <> 0
                      order by b.until, b.lot limit $5) found
                     join inventory_lot l on l.id = found.lot
                     join inventory_item i on i.id = l.item
                     order by found.until, found.lot"
                ),
                site.store.id,
                &after,
                after_lot,
                ahead,
                filter.limit.clamp(1, 200) + 1,
                site.shop,
                SELLABLE,
                i64::from(filter.to_do)
                $(, $bind)*
            )
        };
    }
    // Each by an index of its own: of an item, of what must not be sold, and of all that there is.
    let rows: Vec<Row> = match item {
        Some(item) => page!(
            "inventory_lot_balance",
            "b.item = $9 and ($10 = 0 or b.until < $11
                 or exists (select 1 from inventory_lot l where l.id = b.lot and l.status <> 'ok'))",
            item,
            i64::from(filter.barred),
            today
        ),
        None if filter.barred => page!(
            "(with barred as materialized (
                  select store, location, condition, until, lot, on_hand from inventory_lot_balance
                  where store = $1 and until < $9 and on_hand <> 0
                  union all
                  select b.store, b.location, b.condition, b.until, b.lot, b.on_hand
                  from inventory_lot l cross join inventory_lot_balance b
                  where l.status <> 'ok' and b.lot = l.id and b.store = $1 and b.until >= $9)
              select * from barred)",
            "$9 <> ''",
            today
        ),
        None => page!("inventory_lot_balance", "true"),
    }?;
    Ok(rows)
}

/// A lot, with nothing on hand yet.
pub(super) async fn find(tx: &mut Tx, id: LotId) -> Result<Option<Row>> {
    Ok(fetch_optional!(
        tx,
        "select l.id, i.id as item, i.sku, i.name, i.unit, i.tracking, l.code, l.expires_on, l.status, cast(0 as bigint) as on_hand,
                cast(0 as bigint) as shelf
         from inventory_lot l join inventory_item i on i.id = l.item where l.id = $1",
        id
    )?)
}

pub(super) async fn places(tx: &mut Tx, lot: LotId, scope: &Scope) -> Result<Vec<LotPlace>> {
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

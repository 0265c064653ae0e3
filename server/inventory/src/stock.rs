//! What is where: one level, a list, and how it was at another moment.

use crate::promise::{Outlook, outlook};
use crate::store::{SHOP, Site};
use crate::{Inventory, ledger, lot};
use db::{Tx, fetch_all, fetch_one, query_rows};
use model::{
    Action, Actor, Condition, ItemId, ItemKind, Levels, LocationId, Money, Page, Quantity, Result, StockRow, StockThen,
    Store, StoreId, Time,
};
use std::collections::HashMap;

/// Which stock rows a list shows.
#[derive(Clone, Debug, Default)]
pub struct StockFilter {
    /// Only this item.
    pub sku: Option<String>,
    /// Only this store; else all that they may see.
    pub store: Option<String>,
    /// Store code, SKU, location code and condition, after which the page starts.
    pub after: Option<[String; 4]>,
    /// 1 to 200.
    pub limit: i64,
}

#[derive(sqlx::FromRow)]
pub(crate) struct Row {
    pub(crate) item: ItemId,
    sku: String,
    name: String,
    unit: String,
    price: Option<Money>,
    store: String,
    location: String,
    #[sqlx(try_from = "String")]
    condition: Condition,
    on_hand: Quantity,
    reserved: Quantity,
    version: i64,
    reserved_version: i64,
    #[sqlx(default)]
    place: Option<LocationId>,
    #[sqlx(default)]
    pub(crate) site: Option<StoreId>,
    /// Known of the rows at a store's selling location only.
    #[sqlx(default)]
    kind: String,
}

impl Row {
    /// Is it where sales leave from?
    fn on_sale(&self) -> bool {
        self.location == SHOP && self.condition.is_sellable()
    }

    /// Is it a kit, of which nothing lies anywhere?
    pub(crate) fn is_kit(&self) -> bool {
        self.kind == ItemKind::Kit.name()
    }

    fn told(self, outlook: Outlook, barred: Quantity, elsewhere: Quantity) -> StockRow {
        let available = Quantity::from_parts(self.on_hand.parts() - self.reserved.parts() - barred.parts());
        StockRow {
            item: self.item,
            sku: self.sku,
            name: self.name,
            unit: self.unit,
            price: self.price,
            store: self.store,
            location: self.location,
            condition: self.condition,
            on_hand: self.on_hand,
            reserved: self.reserved,
            barred,
            available,
            version: self.version,
            reserved_version: self.reserved_version,
            incoming: outlook.incoming,
            backordered: outlook.backordered,
            projected: outlook.projected(available),
            elsewhere,
            kit: None,
        }
    }

    fn then(self) -> StockThen {
        StockThen {
            item: self.item,
            sku: self.sku,
            name: self.name,
            unit: self.unit,
            store: self.store,
            location: self.location,
            condition: self.condition,
            on_hand: self.on_hand,
            version: self.version,
        }
    }
}

/// The rows as they are shown: at each store's selling location with what is to come and what lies elsewhere, and without
/// what must not be sold.
pub(crate) async fn told(tx: &mut Tx, rows: Vec<Row>) -> Result<Vec<StockRow>> {
    let on_sale = rows.iter().filter(|row| row.on_sale());
    let sold: Vec<_> = on_sale.filter_map(|row| Some((row.site?, row.place?, row.item))).collect();
    let wanted: Vec<(StoreId, ItemId)> = sold.iter().map(|(store, _, item)| (*store, *item)).collect();
    let outlook = outlook(tx, &wanted).await?;
    let elsewhere = elsewhere(tx, &sold).await?;
    let sellable = rows.iter().filter(|row| row.condition.is_sellable());
    let lying: Vec<_> = sellable.filter_map(|row| Some((row.site?, row.place?, row.item))).collect();
    let barred = lot::barred(tx, &lying).await?;
    let told = rows.into_iter().map(|row| {
        let key = row.site.filter(|_| row.on_sale()).map(|store| (store, row.item));
        let known = key.and_then(|key| outlook.get(&key)).copied().unwrap_or_default();
        let others = key.and_then(|key| elsewhere.get(&key)).copied().unwrap_or_default();
        let place = row.place.filter(|_| row.condition.is_sellable());
        let barred = place.and_then(|place| barred.get(&(place, row.item))).copied().unwrap_or_default();
        row.told(known, barred, others)
    });
    Ok(told.collect())
}

/// What is available of these items in other places of their stores than these; what is not in it lies in none.
async fn elsewhere(
    tx: &mut Tx,
    sold: &[(StoreId, LocationId, ItemId)],
) -> Result<HashMap<(StoreId, ItemId), Quantity>> {
    let rows: Vec<(StoreId, LocationId, ItemId, Quantity, Quantity)> = query_rows!(
        tx,
        "with wanted (store, place, item, condition) as (",
        sold,
        |row, one| {
            row.push_bind(one.0).push_bind(one.1).push_bind(one.2).push_bind(ledger::SELLABLE);
        },
        ") select b.store, b.location, b.item, b.on_hand, b.reserved
         from wanted w
         join inventory_balance b on b.item = w.item and b.store = w.store and b.condition = w.condition
                                 and b.location <> w.place and (b.on_hand <> 0 or b.reserved <> 0)"
    )?;
    let lying: Vec<_> = rows.iter().map(|(store, place, item, ..)| (*store, *place, *item)).collect();
    let barred = lot::barred(tx, &lying).await?;
    let mut elsewhere: HashMap<_, Quantity> = HashMap::new();
    for (store, place, item, on_hand, reserved) in rows {
        let barred = barred.get(&(place, item)).copied().unwrap_or_default();
        let known = elsewhere.entry((store, item)).or_default();
        *known = Quantity::from_parts(known.parts() + on_hand.parts() - reserved.parts() - barred.parts());
    }
    Ok(elsewhere)
}

impl Inventory {
    /// A page of stock rows, by store, SKU, location and condition: places where the item has been.
    pub async fn stock(&self, actor: &Actor, filter: &StockFilter) -> Result<Page<StockRow>> {
        let stores = self.reach(actor, filter.store.as_deref()).await?;
        let mut tx = self.auth.read(actor, Action::SeeStock.anywhere()).await?;
        let (rows, next) = page(&mut tx, stores, filter).await?;
        let as_of = self.auth.log().head(&mut tx).await?;
        Ok(Page { data: told(&mut tx, rows).await?, as_of, next })
    }

    /// The same page as it was after everything that happened up to a moment. What of it was promised, barred or to come
    /// then, nobody knows: it says what was there.
    pub async fn stock_then(&self, actor: &Actor, filter: &StockFilter, moment: Time) -> Result<Page<StockThen>> {
        let stores = self.reach(actor, filter.store.as_deref()).await?;
        let mut tx = self.auth.read(actor, Action::SeeStock.anywhere()).await?;
        let (mut rows, next) = page(&mut tx, stores, filter).await?;
        for row in &mut rows {
            wind_back(&mut tx, row, moment).await?;
        }
        let as_of = self.auth.log().head(&mut tx).await?;
        Ok(Page { data: rows.into_iter().map(Row::then).collect(), as_of, next })
    }

    /// The stores whose stock they may see, by code; of these only `code`, when there is one.
    pub(crate) async fn reach(&self, actor: &Actor, code: Option<&str>) -> Result<Vec<Store>> {
        match code {
            Some(code) => Ok(vec![self.site(actor, Action::SeeStock, code).await?.store.clone()]),
            None => self.stores(actor).await,
        }
    }
}

/// A page of rows in these stores, with where the next one starts.
async fn page(tx: &mut Tx, stores: Vec<Store>, filter: &StockFilter) -> Result<(Vec<Row>, Option<String>)> {
    let limit = usize::try_from(filter.limit.clamp(1, 200)).unwrap_or(1);
    let [store, sku, location, condition] = filter.after.clone().unwrap_or_default();
    let mut rows: Vec<Row> = Vec::new();
    for site in stores.into_iter().filter(|site| site.code >= store) {
        let after = if site.code == store { [&*sku, &*location, &*condition] } else { [""; 3] };
        let found = levels(tx, site.id, filter.sku.as_deref(), after, limit + 1 - rows.len()).await?;
        rows.extend(found.into_iter().map(|row| Row { site: Some(site.id), ..row }));
        if rows.len() > limit {
            break;
        }
    }
    let more = rows.len() > limit;
    rows.truncate(limit);
    let last = rows.last();
    let last = last.map(|row| [&*row.store, &*row.sku, &*row.location, row.condition.name()].join("\n"));
    Ok((rows, more.then_some(last).flatten()))
}

/// A store's stock rows by SKU, location and condition after that place.
async fn levels(tx: &mut Tx, store: StoreId, sku: Option<&str>, after: [&str; 3], limit: usize) -> Result<Vec<Row>> {
    macro_rules! levels {
        ($where:literal) => {
            fetch_all!(
                tx,
                concat!(
                    // SQLite reads the tables of a cross join in this order: items by SKU, so that nothing is sorted.
                    "select i.id as item, i.sku, i.name, i.unit, i.price, s.code as store, l.code as location,
                            b.condition, b.on_hand, b.reserved, b.version, b.reserved_version, l.id as place
                     from inventory_item i
                     cross join inventory_balance b
                     cross join inventory_location l
                     cross join inventory_store s
                     where b.item = i.id and b.store = $1 and l.id = b.location and s.id = b.store
                       and i.sku >= $2 and (i.sku, l.code, b.condition) > ($2, $3, $6) and ",
                    $where,
                    " order by i.sku, l.code, b.condition limit $5"
                ),
                store,
                after[0],
                after[1],
                sku.unwrap_or_default(),
                i64::try_from(limit).unwrap_or(i64::MAX),
                after[2]
            )
        };
    }
    let rows: Vec<Row> = if sku.is_some() { levels!("i.sku = $4") } else { levels!("$4 = ''") }?;
    Ok(rows)
}

/// Takes off what happened after that moment.
async fn wind_back(tx: &mut Tx, row: &mut Row, moment: Time) -> Result<()> {
    let (Some(store), Some(place)) = (row.site, row.place) else { return Ok(()) };
    let (later, movements): (i64, i64) = fetch_one!(
        tx,
        "select cast(coalesce(sum(case when to_location = $2 then quantity else -quantity end), 0) as bigint), count(*)
         from inventory_movement
         where item = $1 and store = $4 and (to_location = $2 or from_location = $2) and condition = $5
           and occurred_at > $3",
        row.item,
        place,
        moment,
        store,
        row.condition.name()
    )?;
    row.on_hand = Quantity::from_parts(row.on_hand.parts() - later);
    row.version -= movements;
    Ok(())
}

/// What the store can sell of these items, in their order, as the grid shows it.
pub(crate) async fn shown(tx: &mut Tx, site: &Site, items: &[ItemId]) -> Result<Vec<StockRow>> {
    let rows = rows(tx, site, items).await?;
    told(tx, rows).await
}

/// What of these items may be sold in all places of a store, and what is to come. What never moved there is left out
/// unless something of it is to come.
pub(crate) async fn apart(tx: &mut Tx, store: StoreId, items: &[ItemId]) -> Result<HashMap<ItemId, Levels>> {
    let rows: Vec<(ItemId, LocationId, Quantity, Quantity)> = query_rows!(
        tx,
        "with wanted (item, store, condition) as (",
        items,
        |row, item| {
            row.push_bind(*item).push_bind(store).push_bind(ledger::SELLABLE);
        },
        ") select b.item, b.location, b.on_hand, b.reserved
         from wanted w join inventory_balance b on b.item = w.item and b.store = w.store and b.condition = w.condition"
    )?;
    let lying: Vec<_> = rows.iter().map(|(item, place, ..)| (store, *place, *item)).collect();
    let barred = lot::barred(tx, &lying).await?;
    let wanted: Vec<_> = items.iter().map(|item| (store, *item)).collect();
    let mut levels: HashMap<ItemId, Levels> = HashMap::new();
    for (item, place, on_hand, reserved) in rows {
        let barred = barred.get(&(place, item)).copied().unwrap_or_default();
        let known = levels.entry(item).or_default();
        let add = |sum: Quantity, more: i64| Quantity::from_parts(sum.parts() + more);
        known.on_hand = add(known.on_hand, on_hand.parts());
        known.reserved = add(known.reserved, reserved.parts());
        known.available = add(known.available, on_hand.parts() - reserved.parts() - barred.parts());
        known.projected = known.available;
    }
    for ((_, item), outlook) in outlook(tx, &wanted).await? {
        let known = levels.entry(item).or_default();
        (known.incoming, known.backordered) = (outlook.incoming, outlook.backordered);
        known.projected = outlook.projected(known.available);
    }
    Ok(levels)
}

/// The grid's rows of these items, in their order; an item that never moved has zeros.
pub(crate) async fn rows(tx: &mut Tx, site: &Site, items: &[ItemId]) -> Result<Vec<Row>> {
    let rows: Vec<Row> = query_rows!(
        tx,
        "with wanted (item, store, location, place, lot, condition) as (",
        items,
        |row, item| {
            row.push_bind(*item).push_bind(&site.store.code).push_bind(SHOP).push_bind(site.shop);
            row.push_bind(ledger::NO_LOT).push_bind(ledger::SELLABLE);
        },
        ") select i.id as item, i.sku, i.name, i.unit, i.price, w.store, w.location, w.condition,
                  coalesce(b.on_hand, 0) as on_hand, coalesce(b.reserved, 0) as reserved,
                  coalesce(b.version, 0) as version, coalesce(b.reserved_version, 0) as reserved_version, w.place,
                  i.kind
           from wanted w join inventory_item i on i.id = w.item
           left join inventory_balance b on b.location = w.place and b.item = w.item and b.lot = w.lot
                                        and b.condition = w.condition"
    )?;
    let mut rows: HashMap<ItemId, Row> = rows.into_iter().map(|row| (row.item, row)).collect();
    let rows = items.iter().filter_map(|item| rows.remove(item));
    Ok(rows.map(|row| Row { site: Some(site.store.id), ..row }).collect())
}

//! An item's sheet: how many, where, and why.

use crate::movement::{self, MovementFilter};
use crate::stock::StockFilter;
use crate::store::SHOP;
use crate::{Inventory, item};
use db::{Tx, fetch_all};
use model::{
    Action, Actor, Error, ExceptionId, ItemId, ItemSheet, Movement, Page, PostingId, Quantity, Result, Scope,
    StockException, StockRow, Time,
};

/// How many movements a sheet shows.
const MOVEMENTS: i64 = 50;

#[derive(sqlx::FromRow)]
struct ExceptionRow {
    id: ExceptionId,
    kind: String,
    sku: String,
    store: String,
    location: String,
    opened_by: PostingId,
    opened_at: Time,
}

impl From<ExceptionRow> for StockException {
    fn from(row: ExceptionRow) -> Self {
        let ExceptionRow { id, kind, sku, store, location, opened_by, opened_at } = row;
        Self { id, kind, sku, store, location, opened_by, opened_at }
    }
}

impl Inventory {
    /// Everything about one item, seen from one store; `code` is its SKU or a barcode.
    pub async fn sheet(&self, actor: &Actor, store: &str, code: &str) -> Result<ItemSheet> {
        let site = self.site(actor, Action::SeeStock, store).await?;
        let mine = actor.scope(Action::SeeStock);
        let mut tx = self.auth.read(actor, Action::SeeStock.at(site.store.id)).await?;
        let row = item::find(&mut tx, code).await?.ok_or(Error::NotFound)?;
        let as_of = self.auth.log().head(&mut tx).await?;
        let stock = places(&mut tx, &mine, row.id).await?;
        let here = stock.iter().find(|place| place.store == store && place.location == SHOP);
        let now = here.map(|place| (place.on_hand, place.version)).unwrap_or_default();
        let filter = MovementFilter { sku: Some(row.sku.clone()), ..MovementFilter::default() };
        let rows = movement::page(&mut tx, site.store.id, &filter, MOVEMENTS).await?;
        let movements = walk_back(rows, now)?;
        // Each movement raised the version by one.
        let movement_count = now.1;
        let exceptions = open(&mut tx, store, &row.sku).await?;
        let codes = item::barcodes(&mut tx, &[row.id]).await?.remove(&row.id).unwrap_or_default();
        Ok(ItemSheet { item: row.with(codes), stock, movements, movement_count, exceptions, as_of })
    }

    /// Open exceptions of a store, oldest first, at most 200.
    pub async fn exceptions(&self, actor: &Actor, store: &str) -> Result<Page<StockException>> {
        let site = self.site(actor, Action::SeeStock, store).await?;
        let mut tx = self.auth.read(actor, Action::SeeStock.at(site.store.id)).await?;
        let data = open(&mut tx, store, "").await?;
        Ok(Page { data, as_of: self.auth.log().head(&mut tx).await?, next: None })
    }

    /// An item's stock in one store at this moment: a row of zeros when it never moved there.
    pub async fn level(&self, actor: &Actor, store: &str, sku: &str) -> Result<Option<StockRow>> {
        let filter =
            StockFilter { sku: Some(sku.to_owned()), store: Some(store.to_owned()), limit: 1, ..Default::default() };
        Ok(self.stock(actor, &filter).await?.data.into_iter().next())
    }
}

/// What was there after each movement: from what is there now, backwards, as long as no version is missing between.
fn walk_back(mut rows: Vec<movement::Row>, now: (Quantity, i64)) -> Result<Vec<Movement>> {
    rows.sort_by_key(|row| (std::cmp::Reverse(row.version), std::cmp::Reverse(row.recorded_at)));
    let (mut on_hand, mut version) = (now.0.parts(), now.1);
    let told = rows.into_iter().map(|row| {
        if row.version != Some(version) {
            return row.told(None);
        }
        let after = on_hand;
        on_hand -= row.change().parts();
        version -= 1;
        row.told(Some(Quantity::from_parts(after)))
    });
    told.collect()
}

async fn places(tx: &mut Tx, mine: &Scope, item: ItemId) -> Result<Vec<StockRow>> {
    let rows: Vec<crate::stock::Row> = fetch_all!(
        tx,
        "select i.id as item, i.sku, i.name, i.unit, i.price, s.code as store, l.code as location,
                b.on_hand, b.reserved, b.version, l.id as place, b.store as site
         from inventory_balance b
         join inventory_item i on i.id = b.item
         join inventory_store s on s.id = b.store
         join inventory_location l on l.id = b.location
         where b.item = $1
         order by s.code, l.code",
        item
    )?;
    Ok(rows.into_iter().filter(|row| row.site.is_some_and(|site| mine.holds(site))).map(StockRow::from).collect())
}

async fn open(tx: &mut Tx, store: &str, sku: &str) -> Result<Vec<StockException>> {
    let rows: Vec<ExceptionRow> = fetch_all!(
        tx,
        "select e.id, e.kind, i.sku, s.code as store, l.code as location, e.opened_by, e.opened_at
         from inventory_exception e
         join inventory_store s on s.id = e.store
         join inventory_location l on l.id = e.location
         join inventory_item i on i.id = e.item
         where s.code = $1 and e.state = 'open' and ($2 = '' or i.sku = $2)
         order by e.opened_at limit 200",
        store,
        sku
    )?;
    Ok(rows.into_iter().map(StockException::from).collect())
}

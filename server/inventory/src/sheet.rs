//! An item's sheet: how many, where, and why.

use crate::movement::{self, MovementFilter};
use crate::stock::{self, StockFilter};
use crate::store::SHOP;
use crate::{Inventory, code, exception, item, promise};
use db::{Tx, fetch_all};
use model::{Action, Actor, Error, ItemId, ItemSheet, Movement, Quantity, Result, Scope, StockRow};

/// How many movements a sheet shows.
const MOVEMENTS: i64 = 50;

impl Inventory {
    /// Everything about one item, seen from one store; `code` is its SKU or a barcode.
    pub async fn sheet(&self, actor: &Actor, store: &str, code: &str) -> Result<ItemSheet> {
        let site = self.site(actor, Action::SeeStock, store).await?;
        let mine = actor.scope(Action::SeeStock);
        let mut tx = self.auth.read(actor, Action::SeeStock.at(site.store.id)).await?;
        let row = code::find(&mut tx, code).await?.ok_or(Error::NotFound)?;
        let as_of = self.auth.log().head(&mut tx).await?;
        let stock = places(&mut tx, &mine, row.id).await?;
        let here = stock.iter().find(|place| place.store == store && place.location == SHOP);
        let now = here.map(|place| (place.on_hand, place.version)).unwrap_or_default();
        let filter = MovementFilter { sku: Some(row.sku.clone()), ..MovementFilter::default() };
        let rows = movement::page(&mut tx, site.store.id, &filter, MOVEMENTS).await?;
        let movements = walk_back(rows, now)?;
        // Each movement raised the version by one.
        let movement_count = now.1;
        let exceptions = exception::of_item(&mut tx, site.store.id, row.id).await?;
        let reservations = promise::held(&mut tx, site.store.id, row.id).await?;
        let codes = item::barcodes(&mut tx, &[row.id]).await?.remove(&row.id).unwrap_or_default();
        Ok(ItemSheet { item: row.with(codes), stock, movements, movement_count, exceptions, reservations, as_of })
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
    let rows: Vec<stock::Row> = fetch_all!(
        tx,
        "select i.id as item, i.sku, i.name, i.unit, i.price, s.code as store, l.code as location,
                b.on_hand, b.reserved, b.version, b.reserved_version, l.id as place, b.store as site
         from inventory_balance b
         join inventory_item i on i.id = b.item
         join inventory_store s on s.id = b.store
         join inventory_location l on l.id = b.location
         where b.item = $1 and s.closed_at is null
         order by s.code, l.code",
        item
    )?;
    let rows = rows.into_iter().filter(|row| row.site.is_some_and(|site| mine.holds(site)));
    stock::told(tx, rows.collect()).await
}

//! An item's sheet: how many, where, and why.

use crate::movement::{self, MovementFilter};
use crate::{Inventory, code, exception, item, kit, promise, purchase, stock};
use db::{Tx, fetch_all, fetch_optional};
use model::{Action, Actor, Error, ItemId, ItemSheet, Movement, Quantity, Result, Scope, Since, StockRow};
use std::cmp::Reverse;
use std::collections::HashMap;

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
        let mut stock = places(&mut tx, &mine, row.id).await?;
        let here = stock.iter().find(|place| place.store == store && place.on_sale());
        let never = here.is_none();
        let now = here.map(|place| (place.on_hand, place.version)).unwrap_or_default();
        let filter = MovementFilter { sku: Some(row.sku.clone()), ..MovementFilter::default() };
        let rows = movement::page(&mut tx, site.store.id, &filter, MOVEMENTS).await?;
        let movements = walk_back(rows, now)?;
        // Each movement raised a version by one.
        let movement_count = stock.iter().filter(|place| place.store == store).map(|place| place.version).sum();
        let exceptions = exception::of_item(&mut tx, site.store.id, row.id).await?;
        let reservations = promise::held(&mut tx, site.store.id, row.id).await?;
        if never {
            // It never was there, and something is to come, or promised.
            let rows = stock::shown(&mut tx, &site, &[row.id]).await?;
            let some = |row: &StockRow| row.incoming != Quantity::ZERO || row.backordered != Quantity::ZERO;
            stock.extend(rows.into_iter().filter(some));
        }
        let codes = item::codes(&mut tx, &[row.id]).await?.remove(&row.id).unwrap_or_default();
        let incoming = purchase::incoming(&mut tx, site.store.id, row.id).await?;
        let kit = if row.is_kit() { kit::here(&mut tx, &site, &[row.id]).await?.remove(&row.id) } else { None };
        let item = row.with(codes);
        Ok(ItemSheet { item, stock, movements, movement_count, exceptions, incoming, reservations, kit, as_of })
    }

    /// What a store can sell of an item at this moment; `None` when it never moved there.
    pub async fn level(&self, actor: &Actor, store: &str, sku: &str) -> Result<Option<StockRow>> {
        Ok(self.level_since(actor, store, sku).await?.data)
    }

    /// The same, with the journal line up to which it is true.
    pub async fn level_since(&self, actor: &Actor, store: &str, sku: &str) -> Result<Since<Option<StockRow>>> {
        let site = self.site(actor, Action::SeeStock, store).await?;
        let mut tx = self.auth.read(actor, Action::SeeStock.at(site.store.id)).await?;
        let item: Option<(ItemId,)> = fetch_optional!(&mut tx, "select id from inventory_item where sku = $1", sku)?;
        let stock = match item {
            Some((item,)) => places(&mut tx, &Scope::Only(vec![site.store.id]), item).await?,
            None => Vec::new(),
        };
        let data = stock.into_iter().find(StockRow::on_sale);
        Ok(Since { data, as_of: self.auth.log().head(&mut tx).await?, total: 1 })
    }
}

/// Tells what could be sold after each movement: from what can be now, backwards, as long as no version is missing
/// between. What touched another balance has versions of its own.
fn walk_back(mut rows: Vec<movement::Row>, now: (Quantity, i64)) -> Result<Vec<Movement>> {
    rows.sort_by_key(|row| (Reverse(row.version), Reverse(row.recorded_at)));
    let (mut on_hand, mut version) = (now.0.parts(), now.1);
    let mut after = HashMap::new();
    for row in rows.iter().filter(|row| row.sells() && row.version.is_some()) {
        if row.version == Some(version) {
            after.insert((row.posting, row.line), Quantity::from_parts(on_hand));
            on_hand -= row.change().parts();
            version -= 1;
        }
    }
    rows.sort_by_key(|row| Reverse(row.recorded_at));
    let told = rows.into_iter().map(|row| {
        let on_hand = after.get(&(row.posting, row.line)).copied();
        row.told(on_hand)
    });
    told.collect()
}

async fn places(tx: &mut Tx, mine: &Scope, item: ItemId) -> Result<Vec<StockRow>> {
    let rows: Vec<stock::Row> = fetch_all!(
        tx,
        "select i.id as item, i.sku, i.name, i.unit, i.price, s.code as store, l.code as location,
                b.condition, b.on_hand, b.reserved, b.version, b.reserved_version, l.id as place, b.store as site
         from inventory_balance b
         join inventory_item i on i.id = b.item
         join inventory_store s on s.id = b.store
         join inventory_location l on l.id = b.location
         where b.item = $1 and s.closed_at is null
         order by s.code, l.code, b.condition desc",
        item
    )?;
    let rows = rows.into_iter().filter(|row| row.site.is_some_and(|site| mine.holds(site)));
    stock::told(tx, rows.collect()).await
}

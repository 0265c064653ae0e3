//! The product list: items as the catalogue shows them, window by window.

use crate::store::Site;
use crate::stretch::{self, Kept, List};
use crate::words::words;
use crate::{Inventory, category, item, ledger};
use db::{Tx, fetch_all, fetch_one, query_rows};
use model::{Action, Actor, ItemId, ItemKind, Money, ProductQuery, ProductRow, Quantity, Result, Since, Time};
use std::collections::HashMap;

#[derive(sqlx::FromRow)]
struct Listed {
    id: ItemId,
    sku: String,
    name: String,
    unit: String,
    price: Option<Money>,
    kind: String,
    version: i64,
    archived_at: Option<Time>,
    image: Option<String>,
    category: Option<String>,
    on_hand: Quantity,
    minimum: Option<Quantity>,
    maximum: Option<Quantity>,
}

impl Listed {
    fn with(self, codes: item::Codes) -> ProductRow {
        let stocked = self.kind == ItemKind::Stocked.name();
        ProductRow {
            item: self.id,
            sku: self.sku,
            name: self.name,
            unit: self.unit,
            price: self.price,
            kind: if stocked { ItemKind::Stocked } else { ItemKind::Service },
            version: self.version,
            archived: self.archived_at.is_some(),
            image: self.image,
            category: self.category,
            barcodes: codes.barcodes.join(" "),
            on_hand: self.on_hand,
            minimum: self.minimum,
            maximum: self.maximum,
        }
    }
}

impl Inventory {
    /// A window of the product list, and how many there are in all; `limit` ≤ 200.
    pub async fn products(
        &self,
        actor: &Actor,
        query: &ProductQuery,
        offset: i64,
        limit: i64,
    ) -> Result<Since<Vec<ProductRow>>> {
        let site = self.site(actor, Action::SeeStock, &query.store).await?;
        let mut tx = self.auth.read(actor, Action::SeeStock.at(site.store.id)).await?;
        let total = total(&mut tx, query, &site).await?;
        let rows = window(&mut tx, query, &site, (offset.max(0), limit.clamp(1, 200))).await?;
        let as_of = self.auth.log().head(&mut tx).await?;
        Ok(Since { data: with_codes(&mut tx, rows).await?, as_of, total })
    }

    /// The same without the count, for exports.
    pub(crate) async fn product_window(
        &self,
        actor: &Actor,
        query: &ProductQuery,
        offset: i64,
        limit: i64,
    ) -> Result<Vec<ProductRow>> {
        let site = self.site(actor, Action::SeeStock, &query.store).await?;
        let mut tx = self.auth.read(actor, Action::SeeStock.at(site.store.id)).await?;
        let rows = window(&mut tx, query, &site, (offset, limit)).await?;
        with_codes(&mut tx, rows).await
    }

    /// The SKUs of a list in its order, at most so many: for acting on all that is shown.
    pub async fn product_skus(&self, actor: &Actor, query: &ProductQuery, most: i64) -> Result<Vec<String>> {
        let site = self.site(actor, Action::SeeStock, &query.store).await?;
        let mut tx = self.auth.read(actor, Action::SeeStock.at(site.store.id)).await?;
        let rows = window(&mut tx, query, &site, (0, most.clamp(1, 1_000))).await?;
        Ok(rows.into_iter().map(|row| row.sku).collect())
    }
}

async fn with_codes(tx: &mut Tx, rows: Vec<Listed>) -> Result<Vec<ProductRow>> {
    let mut codes = item::codes(tx, &rows.iter().map(|row| row.id).collect::<Vec<_>>()).await?;
    let rows = rows.into_iter().map(|row| {
        let codes = codes.remove(&row.id).unwrap_or_default();
        row.with(codes)
    });
    Ok(rows.collect())
}

/// What a filter keeps: `$1` the store, `$2` its selling location, `$3` and `$4` lot and condition, `$5` to `$10`
/// words, `$11` archived, `$12` low, `$13` without barcode, `$14` a category.
macro_rules! kept {
    ($of:literal) => {
        concat!(
            " from inventory_item i
         left join inventory_limit l on l.store = $1 and l.item = i.id
         left join inventory_balance b on b.location = $2 and b.item = i.id and b.lot = $3 and b.condition = $4
         where i.search like $5 escape '!' and i.search like $6 escape '!' and i.search like $7 escape '!'
           and i.search like $8 escape '!' and i.search like $9 escape '!' and i.search like $10 escape '!'
           and (i.archived_at is null) = ($11 = 0)
           and ($12 = 0 or (i.kind = 'stocked' and coalesce(b.on_hand, 0) <= l.minimum))
           and ($13 = 0 or not exists (select 1 from inventory_barcode c where c.item = i.id))
           and ",
            $of
        )
    };
}

/// The list that is asked for, when it is one whose rows are counted.
async fn list(tx: &mut Tx, query: &ProductQuery) -> Result<Option<List>> {
    if !query.search.trim().is_empty() || query.low || query.bare {
        return Ok(None);
    }
    let kept = if query.archived { Kept::Archived } else { Kept::Offered };
    Ok(Some(List { kept, by_name: query.by_name, category: category::asked(tx, &query.category).await? }))
}

async fn total(tx: &mut Tx, query: &ProductQuery, site: &Site) -> Result<i64> {
    if let Some(list) = list(tx, query).await? {
        return stretch::total(tx, list).await;
    }
    let [a, b, c, d, e, f] = words(&query.search)?;
    let category = category::asked(tx, &query.category).await?;
    macro_rules! count {
        ($of:tt) => {
            fetch_one!(
                tx,
                concat!("select count(*)", kept!($of)),
                site.store.id,
                site.shop,
                ledger::NO_LOT,
                ledger::SELLABLE,
                a,
                b,
                c,
                d,
                e,
                f,
                i64::from(query.archived),
                i64::from(query.low),
                i64::from(query.bare),
                category
            )
        };
    }
    let (total,): (i64,) = if category.is_none() { count!("$14 is null") } else { count!("i.category = $14") }?;
    Ok(total)
}

/// A window of a list, in its order.
async fn window(tx: &mut Tx, query: &ProductQuery, site: &Site, window: (i64, i64)) -> Result<Vec<Listed>> {
    let items = match list(tx, query).await? {
        Some(list) => stretch::window(tx, list, query.descending, window).await?,
        None => filtered(tx, query, site, window).await?,
    };
    listed(tx, site, &items).await
}

/// The items of a window of a list that is filtered.
async fn filtered(tx: &mut Tx, query: &ProductQuery, site: &Site, (offset, limit): (i64, i64)) -> Result<Vec<ItemId>> {
    let [a, b, c, d, e, f] = words(&query.search)?;
    let category = category::asked(tx, &query.category).await?;
    macro_rules! ordered {
        ($order:literal) => {
            // Either way an index of its own.
            if category.is_none() { ordered!($order, "$14 is null") } else { ordered!($order, "i.category = $14") }
        };
        ($order:literal, $of:tt) => {
            fetch_all!(
                tx,
                concat!("select i.id", kept!($of), " order by ", $order, " limit $15 offset $16"),
                site.store.id,
                site.shop,
                ledger::NO_LOT,
                ledger::SELLABLE,
                a,
                b,
                c,
                d,
                e,
                f,
                i64::from(query.archived),
                i64::from(query.low),
                i64::from(query.bare),
                category,
                limit,
                offset
            )
        };
    }
    let items: Vec<(ItemId,)> = match (query.by_name, query.descending) {
        (false, false) => ordered!("i.sku"),
        (false, true) => ordered!("i.sku desc"),
        (true, false) => ordered!("i.name, i.id"),
        (true, true) => ordered!("i.name desc, i.id desc"),
    }?;
    Ok(items.into_iter().map(|(item,)| item).collect())
}

/// The lines of these items, in their order.
async fn listed(tx: &mut Tx, site: &Site, items: &[ItemId]) -> Result<Vec<Listed>> {
    let rows: Vec<Listed> = query_rows!(
        tx,
        "with wanted (item, store, place, lot, condition) as (",
        items,
        |row, item| {
            row.push_bind(*item).push_bind(site.store.id).push_bind(site.shop);
            row.push_bind(ledger::NO_LOT).push_bind(ledger::SELLABLE);
        },
        ") select i.id, i.sku, i.name, i.unit, i.price, i.kind, i.version, i.archived_at, i.image,
                  k.name as category, coalesce(b.on_hand, 0) as on_hand, l.minimum, l.maximum
           from wanted w join inventory_item i on i.id = w.item
           left join inventory_category k on k.id = i.category
           left join inventory_limit l on l.item = w.item and l.store = w.store
           left join inventory_balance b on b.location = w.place and b.item = w.item and b.lot = w.lot
                                        and b.condition = w.condition"
    )?;
    let mut rows: HashMap<ItemId, Listed> = rows.into_iter().map(|row| (row.id, row)).collect();
    Ok(items.iter().filter_map(|item| rows.remove(item)).collect())
}

//! The product list: items as the catalogue shows them, window by window.

use crate::reach::{self, Filter};
use crate::store::Site;
use crate::{Inventory, family, item, kit, ledger, tax};
use db::{Tx, query_rows};
use model::{Action, Actor, ItemId, ItemKind, Kit, Money, ProductQuery, ProductRow, Quantity, Result, Since, Time};
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
    fn with(self, codes: item::Codes, kit: Option<Kit>) -> ProductRow {
        ProductRow {
            item: self.id,
            sku: self.sku,
            name: self.name,
            unit: self.unit,
            price: self.price,
            kind: ItemKind::named(&self.kind).unwrap_or_default(),
            version: self.version,
            archived: self.archived_at.is_some(),
            image: self.image,
            category: self.category,
            barcodes: codes.barcodes.join(" "),
            on_hand: self.on_hand,
            kit,
            minimum: self.minimum,
            maximum: self.maximum,
            tax_class: None,
            family: None,
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
        let found = reach::window(&mut tx, &query.into(), &site, (offset.max(0), limit.clamp(1, 200))).await?;
        let rows = listed(&mut tx, &site, &found.items).await?;
        let as_of = self.auth.log().head(&mut tx).await?;
        Ok(Since { data: with_codes(&mut tx, &site, rows).await?, as_of, total: found.total })
    }

    /// The same without the count, for exports, which tell the tax class and the family too.
    pub(crate) async fn product_window(
        &self,
        actor: &Actor,
        query: &ProductQuery,
        offset: i64,
        limit: i64,
    ) -> Result<Vec<ProductRow>> {
        let site = self.site(actor, Action::SeeStock, &query.store).await?;
        let mut tx = self.auth.read(actor, Action::SeeStock.at(site.store.id)).await?;
        let all = Filter { reach: i64::MAX, ..query.into() };
        let found = reach::window(&mut tx, &all, &site, (offset, limit)).await?;
        let rows = listed(&mut tx, &site, &found.items).await?;
        let mut rows = with_codes(&mut tx, &site, rows).await?;
        let items: Vec<ItemId> = rows.iter().map(|row| row.item).collect();
        let mut classes = tax::names(&mut tx, &items).await?;
        let mut families = family::parts(&mut tx, &items).await?;
        for row in &mut rows {
            row.tax_class = classes.remove(&row.item);
            row.family = families.remove(&row.item);
        }
        Ok(rows)
    }

    /// The SKUs of a list in its order, at most so many: for acting on all that is shown.
    pub async fn product_skus(&self, actor: &Actor, query: &ProductQuery, most: i64) -> Result<Vec<String>> {
        let site = self.site(actor, Action::SeeStock, &query.store).await?;
        let mut tx = self.auth.read(actor, Action::SeeStock.at(site.store.id)).await?;
        let found = reach::window(&mut tx, &query.into(), &site, (0, most.clamp(1, 1_000))).await?;
        let rows = listed(&mut tx, &site, &found.items).await?;
        Ok(rows.into_iter().map(|row| row.sku).collect())
    }
}

/// The lines with their codes, and what kits are made of.
async fn with_codes(tx: &mut Tx, site: &Site, rows: Vec<Listed>) -> Result<Vec<ProductRow>> {
    let mut codes = item::codes(tx, &rows.iter().map(|row| row.id).collect::<Vec<_>>()).await?;
    let is_kit = |row: &&Listed| row.kind == ItemKind::Kit.name();
    let kits: Vec<ItemId> = rows.iter().filter(is_kit).map(|row| row.id).collect();
    let mut kits = kit::here(tx, site, &kits).await?;
    let rows = rows.into_iter().map(|row| {
        let (codes, kit) = (codes.remove(&row.id).unwrap_or_default(), kits.remove(&row.id));
        row.with(codes, kit)
    });
    Ok(rows.collect())
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

//! Questions about many items at once, for imports and exports.

use crate::{Inventory, code, product};
use db::query_rows;
use model::{
    Action, Actor, GridQuery, PostingId, Product, ProductQuery, ProductRow, Quantity, Result, Scope, StockRow,
};
use std::collections::HashMap;

/// The most rows of an export.
const ROWS_MAX: i64 = 100_000;
/// Rows read at once.
const WINDOW: i64 = 5_000;

impl Inventory {
    /// The products of these SKUs, archived ones too; unknown SKUs are left out. All limits are told: for planning what
    /// is then changed by right.
    pub async fn products_of(&self, actor: &Actor, skus: &[&str]) -> Result<Vec<Product>> {
        let mut tx = self.auth.read(actor, Action::EditItems.anywhere()).await?;
        product::whole(&mut tx, skus, &Scope::All).await
    }

    /// Whose these barcodes are, in whatever form: code to SKU, and whether it is a pack's. A SKU is its own item's code.
    pub async fn owners_of(&self, actor: &Actor, codes: &[&str]) -> Result<HashMap<String, (String, bool)>> {
        let mut tx = self.auth.read(actor, Action::SeeStock.anywhere()).await?;
        let owners = code::owners(&mut tx, codes).await?;
        Ok(owners.into_iter().map(|(code, owner)| (code, (owner.sku, owner.is_pack))).collect())
    }

    /// Of these SKUs, those that moved in the store for another reason than this one, or are there now.
    pub async fn moved_otherwise(
        &self,
        actor: &Actor,
        store: &str,
        skus: &[&str],
        reason: &str,
    ) -> Result<HashMap<String, bool>> {
        let site = self.site(actor, Action::SeeStock, store).await?;
        let mut tx = self.auth.read(actor, Action::SeeStock.at(site.store.id)).await?;
        let rows: Vec<(String, i64, Quantity)> = query_rows!(
            &mut tx,
            "with wanted (sku, store, reason, shop) as (",
            skus,
            |row, sku| {
                row.push_bind(*sku).push_bind(site.store.id).push_bind(reason).push_bind(site.shop);
            },
            ") select w.sku,
                      (select count(*) from inventory_movement m
                       where m.item = i.id and m.store = w.store and coalesce(m.reason, '') <> w.reason),
                      cast(coalesce((select sum(b.on_hand) from inventory_balance b
                                     where b.item = i.id and b.location = w.shop), 0) as bigint)
               from wanted w join inventory_item i on i.sku = w.sku"
        )?;
        Ok(rows.into_iter().map(|(sku, moved, on_hand)| (sku, moved > 0 || on_hand != Quantity::ZERO)).collect())
    }

    /// Of these ids, those that were posted.
    pub async fn posted(&self, actor: &Actor, ids: &[PostingId]) -> Result<Vec<PostingId>> {
        let mut tx = self.auth.read(actor, Action::SeeStock.anywhere()).await?;
        let rows: Vec<(PostingId,)> = query_rows!(
            &mut tx,
            "with wanted (posting) as (",
            ids,
            |row, id| {
                row.push_bind(*id);
            },
            ") select p.id from wanted join inventory_posting p on p.id = wanted.posting and p.outcome = 'posted'
               order by p.recorded_at"
        )?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }

    /// All that a product list shows, at most 100 000.
    pub async fn all_products(&self, actor: &Actor, query: &ProductQuery) -> Result<Vec<ProductRow>> {
        let mut all = Vec::new();
        for page in 0..ROWS_MAX / WINDOW {
            let mut rows = self.product_window(actor, query, page * WINDOW, WINDOW).await?;
            let last = i64::try_from(rows.len()).is_ok_and(|rows| rows < WINDOW);
            all.append(&mut rows);
            if last {
                break;
            }
        }
        Ok(all)
    }

    /// All that the stock grid shows, at most 100 000.
    pub async fn whole_grid(&self, actor: &Actor, query: &GridQuery) -> Result<Vec<StockRow>> {
        let mut all = Vec::new();
        for page in 0..ROWS_MAX / WINDOW {
            let mut rows = self.grid_window(actor, query, page * WINDOW, WINDOW).await?;
            let last = i64::try_from(rows.len()).is_ok_and(|rows| rows < WINDOW);
            all.append(&mut rows);
            if last {
                break;
            }
        }
        Ok(all)
    }
}

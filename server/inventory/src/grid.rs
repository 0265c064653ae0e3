//! The stock grid: what a store sells of each item, and how many can be made of each kit, window by window.

use crate::reach::{self, Filter};
use crate::store::Site;
use crate::{Inventory, kit, stock};
use db::Tx;
use model::{Action, Actor, GridQuery, ItemId, Quantity, Result, Since, StockRow};

impl Inventory {
    /// A window of the grid: every stocked item at the store's selling location and every kit, sorted and filtered;
    /// `limit` ≤ 200.
    pub async fn grid(
        &self,
        actor: &Actor,
        query: &GridQuery,
        offset: i64,
        limit: i64,
    ) -> Result<Since<Vec<StockRow>>> {
        let site = self.site(actor, Action::SeeStock, &query.store).await?;
        let mut tx = self.auth.read(actor, Action::SeeStock.at(site.store.id)).await?;
        let (offset, limit) = (offset.max(0), limit.clamp(1, 200));
        let found = reach::window(&mut tx, &query.into(), &site, (offset, limit)).await?;
        let data = lined(&mut tx, &site, &found.items).await?;
        let as_of = self.auth.log().head(&mut tx).await?;
        Ok(Since { data, as_of, total: found.total })
    }

    /// A longer window of the grid, without the count: for exports.
    pub(crate) async fn grid_window(
        &self,
        actor: &Actor,
        query: &GridQuery,
        offset: i64,
        limit: i64,
    ) -> Result<Vec<StockRow>> {
        let site = self.site(actor, Action::SeeStock, &query.store).await?;
        let mut tx = self.auth.read(actor, Action::SeeStock.at(site.store.id)).await?;
        let all = Filter { reach: i64::MAX, ..query.into() };
        let found = reach::window(&mut tx, &all, &site, (offset, limit)).await?;
        lined(&mut tx, &site, &found.items).await
    }
}

/// The rows of these items, in their order. Nothing is there of a kit: what can be sold of it are those that can be made.
async fn lined(tx: &mut Tx, site: &Site, items: &[ItemId]) -> Result<Vec<StockRow>> {
    let rows = stock::rows(tx, site, items).await?;
    let kits: Vec<ItemId> = rows.iter().filter(|row| row.is_kit()).map(|row| row.item).collect();
    let mut kits = kit::here(tx, site, &kits).await?;
    let mut rows = stock::told(tx, rows).await?;
    for row in &mut rows {
        row.kit = kits.remove(&row.item);
        if let Some(kit) = &row.kit {
            row.available = Quantity::whole(kit.available);
            row.projected = row.available;
        }
    }
    Ok(rows)
}

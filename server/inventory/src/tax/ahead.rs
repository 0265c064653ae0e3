//! The taxes of what is not sold yet: what a till tells of a basket, and what an order comes to.

use super::settle::read;
use crate::Inventory;
use crate::item::ItemRow;
use db::{Tx, fetch_all};
use model::{Action, Actor, ItemId, Quantity, RateSince, Result, TaxClassId};
use std::collections::HashMap;

impl Inventory {
    /// At which rates an item's price holds tax in a store, before now, now and later: a till tells the tax of a basket by
    /// it, without a connection too. Nothing for what is of no class.
    pub async fn rates(&self, actor: &Actor, store: &str, item: ItemId) -> Result<Vec<RateSince>> {
        let site = self.site(actor, Action::SeeStock, store).await?;
        let mut tx = self.auth.read(actor, Action::SeeStock.at(site.store.id)).await?;
        let rows: Vec<(String, Quantity)> = fetch_all!(
            &mut tx,
            "select r.from_day, r.rate from inventory_item i join inventory_tax_rate r on r.class = i.tax_class
             where i.id = $1 order by r.from_day",
            item
        )?;
        // Without a day it always was so.
        let begun = |(day, rate): (String, Quantity)| RateSince { since: site.start_of(&day), rate };
        Ok(rows.into_iter().map(begun).collect())
    }
}

/// By class, the rates of a day for these items.
pub(crate) async fn on(tx: &mut Tx, items: &[&ItemRow], day: &str) -> Result<HashMap<TaxClassId, Quantity>> {
    let mut classes: Vec<TaxClassId> = items.iter().filter_map(|item| item.tax_class).collect();
    classes.sort_unstable();
    classes.dedup();
    if classes.is_empty() {
        return Ok(HashMap::new());
    }
    let rates = read(tx, &classes, day).await?;
    Ok(rates.into_iter().map(|(class, tax)| (class, tax.rate)).collect())
}

//! A label that is scanned says of which lot the goods are, and until when they are good.

use super::{date, day};
use crate::{Inventory, code, item};
use db::fetch_optional;
use model::{Action, Actor, Flaw, Item, LotLabel, LotStatus, Result, Time, Tracking};

/// How many items are asked for at once.
const SKUS_MAX: usize = 1_000;

impl Inventory {
    /// What a scanned code says of the lot of that item, and what is known of it; none for a code that says nothing of
    /// it, and for goods that are not told apart.
    pub async fn lot_label(&self, actor: &Actor, store: &str, item: &Item, code: &str) -> Result<Option<LotLabel>> {
        let Some(label) = code::label(code).filter(|_| item.tracking == Tracking::Lot) else { return Ok(None) };
        let (lot, told) = (label.lot, label.expiry.or(label.best_before));
        if lot.is_none() && told.is_none() {
            return Ok(None);
        }
        let site = self.site(actor, Action::SeeStock, store).await?;
        let mut tx = self.auth.read(actor, Action::SeeStock.at(site.store.id)).await?;
        let known: Option<(Option<String>, String)> = fetch_optional!(
            &mut tx,
            "select expires_on, status from inventory_lot where item = $1 and code = $2",
            item.id,
            lot.as_deref().unwrap_or_default()
        )?;
        let status = known.as_ref().map_or(LotStatus::Ok, |(_, status)| LotStatus::named(status));
        let known = date(known.and_then(|(last, _)| last));
        let local = site.local(Time::now());
        // What stands on the goods and what is known of their lot: either day may be over.
        let expired = [told, known].into_iter().flatten().any(|last| last.to_string().as_str() < day(&local));
        Ok(Some(LotLabel { lot, expires_on: told.or(known), status, expired }))
    }

    /// Which of these items are told apart by lot; at most 1 000 are asked for at once.
    pub async fn with_lots(&self, actor: &Actor, skus: &[String]) -> Result<Vec<String>> {
        if skus.len() > SKUS_MAX {
            return Err(Flaw::new("skus", "count", format!("ask for at most {SKUS_MAX} items at once")).into());
        }
        let mut tx = self.auth.read(actor, Action::SeeStock.anywhere()).await?;
        let skus: Vec<&str> = skus.iter().map(String::as_str).collect();
        let items = item::by_sku(&mut tx, &skus).await?;
        Ok(items.into_values().filter(item::ItemRow::has_lots).map(|item| item.sku).collect())
    }
}

//! A label that is scanned at the door says the item, its lot and until when it is good.

use crate::{Inventory, code, item};
use model::{Action, Actor, Flaw, LotLabel, Result, Tracking};

/// How many items are asked for at once.
const SKUS_MAX: usize = 1_000;

impl Inventory {
    /// The item of a code, and what the code says of its lot; none for a code that nobody has.
    pub async fn lot_label(&self, actor: &Actor, code: &str) -> Result<Option<LotLabel>> {
        let mut tx = self.auth.read(actor, Action::SeeStock.anywhere()).await?;
        let Some(meant) = code::meant(&mut tx, code).await? else { return Ok(None) };
        let (quantity, row) = (meant.amount()?, meant.item);
        let label = code::label(code).unwrap_or_default();
        let (tracking, expires_on) = (Tracking::named(&row.tracking), label.expiry.or(label.best_before));
        Ok(Some(LotLabel { sku: row.sku, name: row.name, tracking, lot: label.lot, expires_on, quantity }))
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

//! What items are called, for those who see reports and know their ids only.

use crate::{Inventory, code};
use db::query_rows;
use model::{Action, Actor, Costing, Error, ItemId, Result};
use std::collections::HashMap;

/// What an item is called.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Called {
    /// Which.
    pub id: ItemId,
    /// Its stock keeping unit.
    pub sku: String,
    /// Its name.
    pub name: String,
}

impl Inventory {
    /// What these items are called; unknown ones are left out.
    pub async fn called(&self, actor: &Actor, items: &[ItemId]) -> Result<HashMap<ItemId, Called>> {
        let mut tx = self.auth.read(actor, Action::SeeReports.anywhere()).await?;
        let rows: Vec<Called> = query_rows!(
            &mut tx,
            "with wanted (id) as (",
            items,
            |row, item| {
                row.push_bind(*item);
            },
            ") select i.id, i.sku, i.name from wanted join inventory_item i on i.id = wanted.id"
        )?;
        Ok(rows.into_iter().map(|row| (row.id, row)).collect())
    }

    /// The item with that SKU or barcode, and how it is costed. Errors: `NotFound`.
    pub async fn costed_item(&self, actor: &Actor, code: &str) -> Result<(Called, Costing)> {
        let mut tx = self.auth.read(actor, Action::SeeReports.anywhere()).await?;
        let row = code::find(&mut tx, code).await?.ok_or(Error::NotFound)?;
        let costing = Costing::named(&row.costing).unwrap_or_default();
        Ok((Called { id: row.id, sku: row.sku, name: row.name }, costing))
    }
}

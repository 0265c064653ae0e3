//! How many of a kit there are: as many as the first of its parts to run out is enough for.

use crate::ledger::{NO_LOT, SELLABLE};
use crate::store::Site;
use crate::{Inventory, code, lot};
use db::{Tx, query_rows};
use model::{Action, Actor, Error, ItemId, Kit, KitPart, Quantity, Result};
use std::collections::HashMap;

#[derive(sqlx::FromRow)]
struct Row {
    kit: ItemId,
    kit_sku: String,
    item: ItemId,
    sku: String,
    name: String,
    unit: String,
    quantity: Quantity,
    on_hand: Quantity,
    reserved: Quantity,
    turn: i64,
}

impl Row {
    fn told(self, barred: Quantity) -> KitPart {
        let Self { item, sku, name, unit, quantity, on_hand, reserved, turn, .. } = self;
        let available = Quantity::from_parts(on_hand.parts() - reserved.parts() - barred.parts());
        let enough_for = KitPart::enough(available, quantity);
        KitPart { item, sku, name, unit, quantity, on_hand, reserved, barred, available, enough_for, turn }
    }
}

impl Inventory {
    /// What a kit is made of, and how many can be made of what a store has; none for an item that is no kit.
    ///
    /// # Errors
    /// `NotFound` for an item that there is not.
    pub async fn kit(&self, actor: &Actor, store: &str, sku: &str) -> Result<Option<Kit>> {
        let site = self.site(actor, Action::SeeStock, store).await?;
        let mut tx = self.auth.read(actor, Action::SeeStock.at(site.store.id)).await?;
        let item = code::find(&mut tx, sku).await?.ok_or(Error::NotFound)?;
        Ok(here(&mut tx, &site, &[item.id]).await?.remove(&item.id))
    }
}

/// What these are made of, and what of that a store has; what is no kit is not in it.
pub(crate) async fn here(tx: &mut Tx, site: &Site, items: &[ItemId]) -> Result<HashMap<ItemId, Kit>> {
    if items.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<Row> = query_rows!(
        tx,
        "with wanted (kit, location, lot, condition) as (",
        items,
        |row, item| {
            row.push_bind(*item).push_bind(site.shop).push_bind(NO_LOT).push_bind(SELLABLE);
        },
        ") select c.kit, k.sku as kit_sku, i.id as item, i.sku, i.name, i.unit, c.quantity,
                  coalesce(b.on_hand, 0) as on_hand, coalesce(b.reserved, 0) as reserved,
                  coalesce(b.version + b.reserved_version, 0) as turn
           from wanted w
           join inventory_item k on k.id = w.kit
           join inventory_component c on c.kit = w.kit and c.until is null
           join inventory_item i on i.id = c.component
           left join inventory_balance b on b.location = w.location and b.item = c.component and b.lot = w.lot
                                        and b.condition = w.condition
           order by i.sku"
    )?;
    let lying: Vec<_> = rows.iter().map(|row| (site.store.id, site.shop, row.item)).collect();
    let barred = lot::barred(tx, &lying).await?;
    let mut parts: HashMap<ItemId, (String, Vec<KitPart>)> = HashMap::new();
    for row in rows {
        let barred = barred.get(&(site.shop, row.item)).copied().unwrap_or_default();
        let (_, parts) = parts.entry(row.kit).or_insert_with(|| (row.kit_sku.clone(), Vec::new()));
        parts.push(row.told(barred));
    }
    let store = &site.store.code;
    Ok(parts.into_iter().map(|(kit, (sku, parts))| (kit, Kit::of(sku, store.clone(), parts))).collect())
}

//! A label that is scanned says of which lot the goods are, and until when they are good; or which piece this is.

use super::{date, day};
use crate::{Inventory, code, item};
use db::{Tx, fetch_all, fetch_optional};
use model::{
    Action, Actor, Flaw, FoundItem, Item, LotId, LotLabel, LotStatus, Quantity, Result, StoreId, Time, Tracking,
};

/// How many items are asked for at once.
const SKUS_MAX: usize = 1_000;

impl Inventory {
    /// What a scanned code says of the lot of that item, and what is known of it; none for a code that says nothing of
    /// it, and for goods that are not told apart. Of what has serial numbers: which piece it is, also where the code is
    /// the number alone.
    pub async fn lot_label(&self, actor: &Actor, store: &str, item: &Item, code: &str) -> Result<Option<LotLabel>> {
        let (lot, told) = match (item.tracking, code::label(code)) {
            (Tracking::None, _) | (Tracking::Lot, None) => (None, None),
            (Tracking::Lot, Some(label)) => (label.lot, label.expiry.or(label.best_before)),
            (Tracking::Serial, Some(label)) => (label.serial, label.expiry.or(label.best_before)),
            (Tracking::Serial, None) => (Some(code.trim().to_owned()).filter(|code| !item.has_code(code)), None),
        };
        if lot.is_none() && told.is_none() {
            return Ok(None);
        }
        let site = self.site(actor, Action::SeeStock, store).await?;
        let mut tx = self.auth.read(actor, Action::SeeStock.at(site.store.id)).await?;
        let known: Option<(LotId, Option<String>, String)> = fetch_optional!(
            &mut tx,
            "select id, expires_on, status from inventory_lot where item = $1 and code = $2",
            item.id,
            lot.as_deref().unwrap_or_default()
        )?;
        if item.tracking == Tracking::Serial && known.is_none() && code::label(code).is_none() {
            return Ok(None); // The item was found by another of its codes, which names no piece.
        }
        let here = match (item.tracking, &known) {
            (Tracking::Serial, Some((lot, ..))) => Some(is_here(&mut tx, *lot, site.store.id).await?),
            (Tracking::Serial, None) => lot.is_some().then_some(false),
            _ => None,
        };
        let status = known.as_ref().map_or(LotStatus::Ok, |(_, _, status)| LotStatus::named(status));
        let known = date(known.and_then(|(_, last, _)| last));
        let local = site.local(Time::now());
        // What stands on the goods and what is known of their lot: either day may be over.
        let expired = [told, known].into_iter().flatten().any(|last| last.to_string().as_str() < day(&local));
        Ok(Some(LotLabel { lot, here, expires_on: told.or(known), status, expired }))
    }

    /// The item of the piece with that serial number; none when nobody has seen it, or several items have such a piece.
    pub async fn find_serial(&self, actor: &Actor, code: &str) -> Result<Option<FoundItem>> {
        let mut tx = self.auth.read(actor, Action::SeeStock.anywhere()).await?;
        let skus = of_serial(&mut tx, code.trim()).await?;
        drop(tx);
        let [sku] = skus.as_slice() else { return Ok(None) };
        self.find_item(actor, sku).await
    }

    /// How the goods of these items are told apart, of those whose goods are; at most 1 000 are asked for at once.
    pub async fn with_lots(&self, actor: &Actor, skus: &[String]) -> Result<Vec<(String, Tracking)>> {
        if skus.len() > SKUS_MAX {
            return Err(Flaw::new("skus", "count", format!("ask for at most {SKUS_MAX} items at once")).into());
        }
        let mut tx = self.auth.read(actor, Action::SeeStock.anywhere()).await?;
        let skus: Vec<&str> = skus.iter().map(String::as_str).collect();
        let items = item::by_sku(&mut tx, &skus).await?;
        let tracked = items.into_values().filter(item::ItemRow::has_lots);
        Ok(tracked.map(|item| (item.sku, Tracking::named(&item.tracking))).collect())
    }
}

/// The items of which somebody has seen a piece with that number, at most two.
pub(crate) async fn of_serial(tx: &mut Tx, code: &str) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = fetch_all!(
        tx,
        "select i.sku from inventory_lot l join inventory_item i on i.id = l.item and i.tracking = 'serial'
         where l.code = $1 order by i.sku limit 2",
        code
    )?;
    Ok(rows.into_iter().map(|(sku,)| sku).collect())
}

async fn is_here(tx: &mut Tx, lot: LotId, store: StoreId) -> Result<bool> {
    let there: Option<(Quantity,)> = fetch_optional!(
        tx,
        "select on_hand from inventory_lot_balance where lot = $1 and store = $2 and on_hand > 0 limit 1",
        lot,
        store
    )?;
    Ok(there.is_some())
}

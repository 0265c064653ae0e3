//! What is promised of a balance: one conditional update for each key, keys summed and in order, all or nothing.

use super::told::{Promised, ReservationStep};
use crate::balance::Key;
use crate::exception::{self, Crossing};
use crate::item::ItemRow;
use crate::ledger::{self, NO_LOT, SELLABLE};
use crate::lot;
use crate::store::{SHOP, Site};
use auth::Act;
use db::{Tx, fetch_one, fetch_optional};
use model::{Change, Condition, Error, Flaw, ItemId, PostingId, PromisePolicy, Quantity, Refusal, Result, Time};
use std::collections::BTreeMap;

/// How many of an item are wanted.
pub(super) struct Want<'a> {
    pub(super) item: &'a ItemRow,
    pub(super) size: i64,
    pub(super) how: How,
}

/// What happens when fewer can be promised.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// Nothing is, and the answer is a refusal.
    AllOrNone,
    /// All are promised.
    AllTheSame,
    /// As many as there are, less what others have been waiting for.
    WhatIsLeft,
    /// As many as there are: nobody has been waiting for longer.
    WhatIsThere,
}

impl How {
    /// For goods that are kept by themselves.
    pub(super) fn to_hold(item: &ItemRow) -> Self {
        match PromisePolicy::named(&item.promise_policy) {
            PromisePolicy::Forbid => Self::AllOrNone,
            PromisePolicy::Warn | PromisePolicy::Allow => Self::AllTheSame,
        }
    }

    /// For an order, which can wait.
    pub(super) fn to_order(item: &ItemRow) -> Self {
        match PromisePolicy::named(&item.promise_policy) {
            PromisePolicy::Allow => Self::WhatIsLeft,
            PromisePolicy::Forbid | PromisePolicy::Warn => Self::to_hold(item),
        }
    }
}

/// A balance after its promises changed.
#[derive(sqlx::FromRow)]
struct Level {
    on_hand: Quantity,
    reserved: Quantity,
    version: i64,
    reserved_version: i64,
}

/// How the promises of one balance changed.
pub(super) struct Shift {
    item: ItemRow,
    /// Above zero for what was promised, below for what was given up.
    pub(super) by: i64,
    level: Level,
}

/// What sales of an item leave from: promises are kept of that.
pub(super) fn key(site: &Site, item: ItemId) -> Key {
    Key { location: site.shop, item, lot: NO_LOT, condition: Condition::Sellable }
}

/// Promises all that is wanted, as each wish says; a refusal means that the act is to be dropped.
///
/// Balances are taken in the order of their keys, as the ledger takes them.
pub(super) async fn reserve(
    act: &mut Act,
    site: &Site,
    wants: &BTreeMap<ItemId, Want<'_>>,
) -> Result<Result<Vec<Shift>, Refusal>> {
    let mut shifts = Vec::with_capacity(wants.len());
    for Want { item, size, how } in wants.values() {
        let (size, level) = match how {
            How::AllTheSame => (*size, Some(add(act, site, item.id, *size).await?)),
            How::AllOrNone => (*size, add_if_there(act, site, item, *size).await?),
            How::WhatIsLeft | How::WhatIsThere => {
                let there = there(act, site, item).await?;
                let waited = if *how == How::WhatIsLeft { waited_for(act, site, item.id).await? } else { 0 };
                let size = (there - waited).min(*size);
                if size <= 0 {
                    continue;
                }
                (size, add_if_there(act, site, item, size).await?)
            }
        };
        let Some(level) = level else {
            let available = Quantity::from_parts(there(act, site, item).await?);
            return Ok(Err(Refusal::OutOfStock { sku: item.sku.clone(), available }));
        };
        if level.reserved > Quantity::BALANCE_MAX {
            let message = format!("more of {} would be promised than can be counted", item.sku);
            return Err(Flaw::new("lines", "quantity", message).into());
        }
        shifts.push(Shift { item: ItemRow::clone(item), by: size, level });
    }
    ledger::forget(act);
    Ok(Ok(shifts))
}

/// Gives up so many of each item.
pub(super) async fn give_up(
    act: &mut Act,
    site: &Site,
    sizes: &BTreeMap<ItemId, (ItemRow, i64)>,
) -> Result<Vec<Shift>> {
    let mut shifts = Vec::with_capacity(sizes.len());
    for (item, size) in sizes.values().filter(|(_, size)| *size > 0) {
        let level = fetch_one!(
            act,
            "update inventory_balance set reserved = reserved - $1, reserved_version = reserved_version + 1
             where location = $2 and item = $3 and lot = $4 and condition = $5
             returning on_hand, reserved, version, reserved_version",
            *size,
            site.shop,
            item.id,
            NO_LOT,
            SELLABLE
        )?;
        shifts.push(Shift { item: item.clone(), by: -*size, level });
    }
    ledger::forget(act);
    Ok(shifts)
}

/// Says what the shifts did, with the reservations behind them; `by` is what opens the exceptions.
pub(super) async fn tell(
    act: &mut Act,
    site: &Site,
    by: PostingId,
    shifts: &[Shift],
    reservations: Vec<ReservationStep>,
) -> Result<Promised> {
    let now = Time::now();
    let crossings: Vec<Crossing> = shifts.iter().map(|shift| shift.crossing(site)).filter(Crossing::is_one).collect();
    let exceptions = exception::open(act, site, by, now, &crossings).await?;
    let closed = exception::cover(act, now, &crossings).await?;
    let changes = shifts.iter().map(|shift| shift.change(site)).collect();
    Ok(Promised { reservations, changes, exceptions, closed })
}

impl Shift {
    pub(super) fn item(&self) -> ItemId {
        self.item.id
    }

    fn crossing(&self, site: &Site) -> Crossing {
        let (on_hand, reserved) = (self.level.on_hand.parts(), self.level.reserved.parts());
        Crossing::through_promises(site.shop, &self.item, (on_hand, reserved - self.by), (on_hand, reserved))
    }

    fn change(&self, site: &Site) -> Change {
        Change {
            store: site.store.code.clone(),
            location: site.shop,
            location_code: SHOP.to_owned(),
            item: self.item.id,
            sku: self.item.sku.clone(),
            condition: Condition::Sellable,
            on_hand: self.level.on_hand,
            reserved: self.level.reserved,
            version: self.level.version,
            reserved_version: self.level.reserved_version,
        }
    }
}

async fn add_if_there(tx: &mut Tx, site: &Site, item: &ItemRow, size: i64) -> Result<Option<Level>> {
    let blocked = lot::blocked(tx, site, key(site, item.id), item).await?;
    Ok(fetch_optional!(
        tx,
        "update inventory_balance set reserved = reserved + $1, reserved_version = reserved_version + 1
         where location = $2 and item = $3 and lot = $4 and condition = $5
           and on_hand - reserved - $6 - $1 >= 0
         returning on_hand, reserved, version, reserved_version",
        size,
        site.shop,
        item.id,
        NO_LOT,
        SELLABLE,
        blocked
    )?)
}

/// Also of what was never there.
async fn add(tx: &mut Tx, site: &Site, item: ItemId, size: i64) -> Result<Level> {
    Ok(fetch_one!(
        tx,
        "insert into inventory_balance (location, item, lot, condition, store, on_hand, reserved, version, reserved_version)
         values ($2, $3, $4, $5, $6, 0, $1, 0, 1)
         on conflict (location, item, lot, condition) do update
         set reserved = inventory_balance.reserved + excluded.reserved,
             reserved_version = inventory_balance.reserved_version + 1
         returning on_hand, reserved, version, reserved_version",
        size,
        site.shop,
        item,
        NO_LOT,
        SELLABLE,
        site.store.id
    )?)
}

/// How many more can be promised; nobody else promises any of them until the act ends.
async fn there(tx: &mut Tx, site: &Site, item: &ItemRow) -> Result<i64> {
    let row: Option<(i64,)> = fetch_optional!(
        tx,
        "update inventory_balance set reserved = reserved
         where location = $1 and item = $2 and lot = $3 and condition = $4 returning on_hand - reserved",
        site.shop,
        item.id,
        NO_LOT,
        SELLABLE
    )?;
    let blocked = lot::blocked(tx, site, key(site, item.id), item).await?;
    Ok(row.map_or(0, |(there,)| there - blocked))
}

/// How many were promised before and are still to come.
async fn waited_for(tx: &mut Tx, site: &Site, item: ItemId) -> Result<i64> {
    let (waited,): (i64,) = fetch_one!(
        tx,
        "select cast(coalesce(sum(backordered), 0) as bigint) from inventory_order_line
         where item = $1 and store = $2 and backordered > 0",
        item,
        site.store.id
    )?;
    Ok(waited)
}

/// The sum of what is wanted of each item.
pub(super) fn summed<'a>(
    wants: impl IntoIterator<Item = (&'a ItemRow, i64)>,
    how: impl Fn(&ItemRow) -> How,
) -> Result<BTreeMap<ItemId, Want<'a>>> {
    let mut summed: BTreeMap<ItemId, Want<'a>> = BTreeMap::new();
    for (item, size) in wants {
        let want = summed.entry(item.id).or_insert_with(|| Want { item, size: 0, how: how(item) });
        want.size = want.size.checked_add(size).ok_or_else(|| Error::from(too_many(&item.sku)))?;
    }
    Ok(summed)
}

fn too_many(sku: &str) -> Flaw {
    Flaw::new("lines", "quantity", format!("more of {sku} are wanted than can be counted"))
}

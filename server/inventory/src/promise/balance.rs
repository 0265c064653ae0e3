//! What is promised of a balance: one conditional update for each key, keys summed and in order, all or nothing.

use super::places::Places;
use super::told::{Promised, ReservationStep};
use crate::balance::Key;
use crate::exception::{self, Crossing};
use crate::item::ItemRow;
use crate::ledger::{self, NO_LOT, SELLABLE};
use crate::lot;
use crate::store::Site;
use auth::Act;
use db::{Tx, fetch_one, fetch_optional};
use model::{
    Change, Channel, Condition, Error, Flaw, ItemId, LocationId, PostingId, PromisePolicy, Quantity, Refusal, Result,
    Time,
};
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
    /// For goods that are kept by themselves, promised over that channel.
    pub(super) fn to_hold(item: &ItemRow, over: Channel) -> Self {
        match item.policy(over) {
            PromisePolicy::Forbid => Self::AllOrNone,
            PromisePolicy::Warn | PromisePolicy::Allow => Self::AllTheSame,
        }
    }

    /// For an order that came through that channel, which can wait.
    pub(super) fn to_order(item: &ItemRow, through: Channel) -> Self {
        match item.policy(through) {
            PromisePolicy::Allow => Self::WhatIsLeft,
            PromisePolicy::Forbid | PromisePolicy::Warn => Self::to_hold(item, through),
        }
    }
}

/// A balance after its promises changed, and the code of its place.
#[derive(sqlx::FromRow)]
struct Level {
    on_hand: Quantity,
    reserved: Quantity,
    version: i64,
    reserved_version: i64,
    place: String,
}

/// How the promises of one balance changed.
pub(super) struct Shift {
    item: ItemRow,
    /// Where.
    pub(super) location: LocationId,
    /// Above zero for what was promised, below for what was given up.
    pub(super) by: i64,
    level: Level,
}

/// What a statement reads of the balance that it changed.
macro_rules! level {
    () => {
        "returning on_hand, reserved, version, reserved_version,
                   (select l.code from inventory_location l where l.id = inventory_balance.location) as place"
    };
}

/// Promises all that is wanted, as each wish says; a refusal means that the act is to be dropped.
///
/// Balances are taken in the order of their keys, as the ledger takes them.
pub(super) async fn reserve(
    act: &mut Act,
    site: &Site,
    places: &Places,
    wants: &BTreeMap<ItemId, Want<'_>>,
) -> Result<Result<Vec<Shift>, Refusal>> {
    let mut shifts = Vec::with_capacity(wants.len());
    for want in wants.values() {
        let kept = match places.elsewhere(want.item.id) {
            [] => from_the_shop(act, site, want).await?,
            _ => from_places(act, site, places, want).await?,
        };
        let Some(kept) = kept else {
            let there = places.free(act, site, want.item).await?.iter().map(|(_, there)| there).sum();
            let (sku, available) = (want.item.sku.clone(), Quantity::from_parts(there));
            return Ok(Err(Refusal::OutOfStock { sku, available }));
        };
        shifts.extend(kept);
    }
    ledger::forget(act);
    Ok(Ok(shifts))
}

/// Where the item lies nowhere else; nothing when it is not there.
async fn from_the_shop(act: &mut Act, site: &Site, want: &Want<'_>) -> Result<Option<Vec<Shift>>> {
    let Want { item, size, how } = want;
    let (size, level) = match how {
        How::AllTheSame => (*size, Some(add(act, site, site.shop, item.id, *size).await?)),
        How::AllOrNone => (*size, add_if_there(act, site, item, *size).await?),
        How::WhatIsLeft | How::WhatIsThere => {
            let there = there(act, site, site.shop, item).await?;
            let waited = if *how == How::WhatIsLeft { waited_for(act, site, item.id).await? } else { 0 };
            let size = (there - waited).min(*size);
            if size <= 0 {
                return Ok(Some(Vec::new()));
            }
            (size, add_if_there(act, site, item, size).await?)
        }
    };
    level.map(|level| Ok(vec![shift(item, site.shop, size, level)?])).transpose()
}

/// Where it lies in several places, which are taken: as much as the first has, then the next.
async fn from_places(act: &mut Act, site: &Site, places: &Places, want: &Want<'_>) -> Result<Option<Vec<Shift>>> {
    let Want { item, size, how } = want;
    let mut free = places.free(act, site, item).await?;
    // What one place owes is not there for others.
    let there = free.iter().map(|(_, there)| there).sum::<i64>().max(0);
    let size = match how {
        How::AllOrNone if there < *size => return Ok(None),
        How::AllOrNone | How::AllTheSame => *size,
        How::WhatIsLeft => (there - waited_for(act, site, item.id).await?).min(*size),
        How::WhatIsThere => there.min(*size),
    };
    let mut left = size.max(0);
    for (_, part) in &mut free {
        *part = (*part).clamp(0, left);
        left -= *part;
    }
    // What is nowhere is owed where sales leave from.
    if let Some((_, part)) = free.first_mut() {
        *part += left;
    }
    let parts = free.into_iter().filter(|(_, part)| *part > 0);
    Ok(Some(add_all(act, site, parts.map(|(place, part)| ((place, item.id), (*item, part)))).await?))
}

/// Promises so many more of balances that are taken, whatever is there.
pub(super) async fn add_all<'a>(
    act: &mut Act,
    site: &Site,
    sizes: impl IntoIterator<Item = ((LocationId, ItemId), (&'a ItemRow, i64))>,
) -> Result<Vec<Shift>> {
    let mut shifts = Vec::new();
    for ((place, id), (item, size)) in sizes {
        let level = add(act, site, place, id, size).await?;
        shifts.push(shift(item, place, size, level)?);
    }
    ledger::forget(act);
    Ok(shifts)
}

fn shift(item: &ItemRow, location: LocationId, by: i64, level: Level) -> Result<Shift> {
    if level.reserved > Quantity::BALANCE_MAX {
        let message = format!("more of {} would be promised than can be counted", item.sku);
        return Err(Flaw::new("lines", "quantity", message).into());
    }
    Ok(Shift { item: item.clone(), location, by, level })
}

/// What is given up of each balance: how many of which item.
pub(super) type Sizes = BTreeMap<(LocationId, ItemId), (ItemRow, i64)>;

/// Gives up so many of each balance, in the order of their keys.
pub(super) async fn give_up(act: &mut Act, sizes: &Sizes) -> Result<Vec<Shift>> {
    let mut shifts = Vec::with_capacity(sizes.len());
    for ((location, id), (item, size)) in sizes.iter().filter(|(_, (_, size))| *size > 0) {
        let level = fetch_one!(
            act,
            concat!(
                "update inventory_balance set reserved = reserved - $1, reserved_version = reserved_version + 1
                 where location = $2 and item = $3 and lot = $4 and condition = $5 ",
                level!()
            ),
            *size,
            *location,
            *id,
            NO_LOT,
            SELLABLE
        )?;
        shifts.push(Shift { item: item.clone(), location: *location, by: -*size, level });
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
    let crossings: Vec<Crossing> = shifts.iter().map(Shift::crossing).filter(Crossing::is_one).collect();
    let exceptions = exception::open(act, site, by, now, &crossings).await?;
    let closed = exception::cover(act, now, &crossings).await?;
    let changes = shifts.iter().map(|shift| shift.change(site)).collect();
    Ok(Promised { reservations, changes, exceptions, closed })
}

impl Shift {
    pub(super) fn item(&self) -> ItemId {
        self.item.id
    }

    /// Is that change told of the same balance?
    pub(super) fn is_of(&self, change: &Change) -> bool {
        (change.location, change.item, change.condition) == (self.location, self.item.id, Condition::Sellable)
    }

    fn crossing(&self) -> Crossing {
        let (on_hand, reserved) = (self.level.on_hand.parts(), self.level.reserved.parts());
        Crossing::through_promises(self.location, &self.item, (on_hand, reserved - self.by), (on_hand, reserved))
    }

    fn change(&self, site: &Site) -> Change {
        Change {
            store: site.store.code.clone(),
            location: self.location,
            location_code: self.level.place.clone(),
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
    let blocked = lot::blocked(tx, site, Key::sellable(site.shop, item.id), item).await?;
    Ok(fetch_optional!(
        tx,
        concat!(
            "update inventory_balance set reserved = reserved + $1, reserved_version = reserved_version + 1
             where location = $2 and item = $3 and lot = $4 and condition = $5
               and on_hand - reserved - $6 - $1 >= 0 ",
            level!()
        ),
        size,
        site.shop,
        item.id,
        NO_LOT,
        SELLABLE,
        blocked
    )?)
}

/// Also of what was never there.
async fn add(tx: &mut Tx, site: &Site, place: LocationId, item: ItemId, size: i64) -> Result<Level> {
    Ok(fetch_one!(
        tx,
        concat!(
            "insert into inventory_balance (location, item, lot, condition, store, on_hand, reserved, version,
                                            reserved_version)
             values ($2, $3, $4, $5, $6, 0, $1, 0, 1)
             on conflict (location, item, lot, condition) do update
             set reserved = inventory_balance.reserved + excluded.reserved,
                 reserved_version = inventory_balance.reserved_version + 1 ",
            level!()
        ),
        size,
        place,
        item,
        NO_LOT,
        SELLABLE,
        site.store.id
    )?)
}

/// How many more can be promised at a place; nobody else promises any of them until the act ends.
pub(super) async fn there(tx: &mut Tx, site: &Site, place: LocationId, item: &ItemRow) -> Result<i64> {
    let row: Option<(i64,)> = fetch_optional!(
        tx,
        "update inventory_balance set reserved = reserved
         where location = $1 and item = $2 and lot = $3 and condition = $4 returning on_hand - reserved",
        place,
        item.id,
        NO_LOT,
        SELLABLE
    )?;
    let blocked = lot::blocked(tx, site, Key::sellable(place, item.id), item).await?;
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

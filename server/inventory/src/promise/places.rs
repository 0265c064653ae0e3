//! Where in a store goods may be promised: where sales leave from, then its other places in the order of their codes.
//! What is in quarantine, on its way or scrapped lies in none of them.

use super::balance::{self, Shift};
use crate::balance::{Key, hold};
use crate::item::ItemRow;
use crate::ledger::{NO_LOT, SELLABLE};
use crate::store::Site;
use auth::Act;
use db::query_rows;
use model::{Channel, ItemId, LocationId, PromisePolicy, Quantity, Refusal, Result};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

/// The places besides the one where sales leave from, by item. Their balances are taken until the act ends.
#[derive(Default)]
pub(super) struct Places(BTreeMap<ItemId, Vec<LocationId>>);

impl Places {
    /// Where else goods of that item may be promised.
    pub(super) fn elsewhere(&self, item: ItemId) -> &[LocationId] {
        self.0.get(&item).map(Vec::as_slice).unwrap_or_default()
    }

    /// How many more of it can be promised in each place, where sales leave from first; below zero where more is promised
    /// than there is.
    pub(super) async fn free(&self, act: &mut Act, site: &Site, item: &ItemRow) -> Result<Vec<(LocationId, i64)>> {
        let mut free = vec![(site.shop, balance::there(act, site, site.shop, item).await?)];
        for place in self.elsewhere(item.id) {
            free.push((*place, balance::there(act, site, *place, item).await?));
        }
        Ok(free)
    }
}

/// Takes the balances of which goods of these items may be promised, in the order of their keys. Those of other places
/// only where something is free or owed, or `all` of them: goods come back to where nothing is left.
pub(super) async fn take(act: &mut Act, site: &Site, items: &BTreeSet<ItemId>, all: bool) -> Result<Places> {
    let wanted: Vec<ItemId> = items.iter().copied().collect();
    let rows: Vec<(ItemId, LocationId)> = query_rows!(
        act,
        "with wanted (item, store, shop, lot, condition, every) as (",
        &wanted,
        |row, item| {
            row.push_bind(*item).push_bind(site.store.id).push_bind(site.shop).push_bind(NO_LOT);
            row.push_bind(SELLABLE).push_bind(i64::from(all));
        },
        ") select b.item, b.location
         from wanted w
         join inventory_balance b on b.item = w.item and b.store = w.store and b.lot = w.lot
                                 and b.condition = w.condition and b.location <> w.shop
                                 and (b.on_hand <> b.reserved or w.every = 1)
         join inventory_location l on l.id = b.location and l.kind = 'physical' and l.archived_at is null
         order by b.item, l.code"
    )?;
    if rows.is_empty() {
        return Ok(Places::default());
    }
    let elsewhere = rows.iter().map(|(item, place)| Key::sellable(*place, *item));
    let keys: BTreeSet<Key> = items.iter().map(|item| Key::sellable(site.shop, *item)).chain(elsewhere).collect();
    for key in &keys {
        hold(act, key).await?;
    }
    let mut places = Places::default();
    for (item, place) in rows {
        places.0.entry(item).or_default().push(place);
    }
    Ok(places)
}

/// Promises each line over that channel, whole from one place: goods that are kept by themselves lie in one. Answers with the place of each.
pub(super) async fn reserve_whole(
    act: &mut Act,
    site: &Site,
    places: &Places,
    lines: &[(&ItemRow, i64)],
    over: Channel,
) -> Result<Result<(Vec<Shift>, Vec<LocationId>), Refusal>> {
    let mut free: BTreeMap<ItemId, Vec<(LocationId, i64)>> = BTreeMap::new();
    for (item, _) in lines {
        if let Entry::Vacant(unknown) = free.entry(item.id) {
            unknown.insert(places.free(act, site, item).await?);
        }
    }
    let mut sizes: BTreeMap<(LocationId, ItemId), (&ItemRow, i64)> = BTreeMap::new();
    let mut chosen = Vec::with_capacity(lines.len());
    for (item, size) in lines {
        let free = free.entry(item.id).or_default();
        let forbids = item.policy(over) == PromisePolicy::Forbid;
        let all: i64 = free.iter().map(|(_, there)| there).sum();
        let holds = |(_, there): &(LocationId, i64)| there >= size && all >= *size;
        let at = free.iter().position(holds).or_else(|| (!forbids).then_some(0));
        let Some((place, there)) = at.and_then(|at| free.get_mut(at)) else {
            let most = free.iter().map(|(_, there)| *there).max().unwrap_or_default().min(all);
            return Ok(Err(Refusal::OutOfStock { sku: item.sku.clone(), available: Quantity::from_parts(most) }));
        };
        *there -= size;
        sizes.entry((*place, item.id)).or_insert((item, 0)).1 += size;
        chosen.push(*place);
    }
    Ok(Ok((balance::add_all(act, site, sizes).await?, chosen)))
}

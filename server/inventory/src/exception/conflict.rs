//! Counts that disagree: somebody else counted the same within a day and found another number, or what a count would set
//! right was corrected by hand after it was counted, so that it is taken off twice.
//!
//! The newer number stands all the same: nothing waits for a person. The next count of it closes the exception.

use super::Crossing;
use crate::event::Opened;
use crate::item::ItemRow;
use crate::ledger::SELLABLE;
use crate::store::Site;
use auth::Act;
use db::{Tx, fetch_optional, query_rows};
use model::{ExceptionId, ExceptionKind, ItemId, LocationId, PaperId, PostingId, Result, Time};

/// So long two people's counts of the same are about the same number: later, it is another day's count.
const SAME_SECONDS: i64 = 24 * 3_600;

/// Did somebody else count it, no longer than a day before?
pub(crate) async fn counted_by_another(
    tx: &mut Tx,
    place: LocationId,
    item: ItemId,
    me: &str,
    now: Time,
) -> Result<bool> {
    let row: Option<(Time, Option<String>)> = fetch_optional!(
        tx,
        "select counted_at, counted_by from inventory_counted where location = $1 and item = $2",
        place,
        item
    )?;
    let of_late = |at: Time| at <= now && at.plus_seconds(SAME_SECONDS) > now;
    Ok(row.is_some_and(|(at, by)| of_late(at) && by.is_some_and(|by| by != me)))
}

/// Of items that were counted at those moments, those that somebody corrected by hand since; what was undone is as
/// never done, and what a count booked is no hand's.
pub(crate) async fn corrected_since(
    tx: &mut Tx,
    site: &Site,
    booked: PostingId,
    counted: &[(ItemId, Time)],
) -> Result<Vec<ItemId>> {
    let rows: Vec<(ItemId,)> = query_rows!(
        tx,
        "with counted (item, at, store, shop, booked, condition) as (",
        counted,
        |row, line| {
            row.push_bind(line.0).push_bind(line.1).push_bind(site.store.id).push_bind(site.shop).push_bind(booked);
            row.push_bind(SELLABLE);
        },
        ") select distinct c.item from counted c
         join inventory_movement m on m.item = c.item and m.store = c.store and m.recorded_at > c.at
                                  and m.occurred_at > c.at and m.condition = c.condition
                                  and (m.from_location = c.shop or m.to_location = c.shop)
         join inventory_posting p on p.id = m.posting and p.kind = 'adjustment' and p.id <> c.booked
         where not exists (select 1 from inventory_posting u where u.reverses = p.id)
           and not exists (select 1 from inventory_count_line l where l.posting = p.id and l.item = c.item)"
    )?;
    Ok(rows.into_iter().map(|(item,)| item).collect())
}

/// Of items that were counted in that count at those moments, those that somebody else had counted within the day before.
pub(crate) async fn counted_by_others(
    tx: &mut Tx,
    place: LocationId,
    paper: PaperId,
    counted: &[(ItemId, Time)],
) -> Result<Vec<ItemId>> {
    let rows: Vec<(ItemId,)> = query_rows!(
        tx,
        "with counted (item, at, day_before, place, paper) as (",
        counted,
        |row, line| {
            let day_before = line.1.plus_seconds(-SAME_SECONDS);
            row.push_bind(line.0).push_bind(line.1).push_bind(day_before).push_bind(place).push_bind(paper);
        },
        ") select n.item from counted n
         join inventory_counted c on c.location = n.place and c.item = n.item and c.counted_at < n.at
                                 and c.counted_at > n.day_before and c.counted_by is not null
         where not exists (select 1 from inventory_count_entry e
                           where e.paper = n.paper and e.item = n.item and e.principal = c.counted_by)"
    )?;
    Ok(rows.into_iter().map(|(item,)| item).collect())
}

/// These were counted: closes what was open about them.
pub(crate) async fn counted_anew(act: &mut Act, site: &Site, items: &[ItemId]) -> Result<Vec<ExceptionId>> {
    // A count has thousands of items, and few of them are in dispute.
    let open = super::list::items_of(act, site.store.id, ExceptionKind::CountConflict).await?;
    let gone = items.iter().filter(|item| open.contains(*item));
    let gone = gone.map(|item| Crossing::gone(ExceptionKind::CountConflict, site.shop, *item));
    super::cover(act, Time::now(), &gone.collect::<Vec<_>>()).await
}

/// By that posting numbers became right that somebody else had found otherwise: opens an exception for each.
pub(crate) async fn disagree(
    act: &mut Act,
    site: &Site,
    posting: PostingId,
    items: &[&ItemRow],
) -> Result<Vec<Opened>> {
    let crossings = items.iter().map(|item| Crossing::of(ExceptionKind::CountConflict, site.shop, item));
    super::open(act, site, posting, Time::now(), &crossings.collect::<Vec<_>>()).await
}

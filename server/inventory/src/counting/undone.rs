//! Undoing what a count booked: its figures leave it out, and when an item was last counted is said by the count before.

use super::variance;
use crate::paper::{self, Paper};
use crate::store::Site;
use auth::Act;
use db::{execute, fetch_all, fetch_one, fetch_optional, query_rows};
use model::{CountState, ItemId, LocationId, PaperId, PaperKind, PaperStep, PostingId, Result, Time};
use std::collections::HashMap;

/// Forgets a count whose posting is about to be undone; answers with its document's step where it has one. What is undone
/// already the ledger tells.
pub(crate) async fn take_back(act: &mut Act, site: &Site, posting: PostingId) -> Result<Option<PaperStep>> {
    let counted: Vec<(ItemId, Time)> = fetch_all!(
        act,
        "select item, counted_at from inventory_count_line where posting = $1 and counted_at is not null
         union all select item, counted_at from inventory_counted_once where posting = $1",
        posting
    )?;
    let undone: Option<(PostingId,)> =
        fetch_optional!(act, "select id from inventory_posting where reverses = $1", posting)?;
    if counted.is_empty() || undone.is_some() {
        return Ok(None);
    }
    let id: Option<(PaperId,)> =
        fetch_optional!(act, "select paper from inventory_count_line where posting = $1 limit 1", posting)?;
    let (step, place) = match id {
        Some((id,)) => (leave_out(act, site, id, posting).await?, super::row(act, id).await?.location),
        None => (None, site.shop),
    };
    // Another count of the same may be booked at this moment, and would be the last one then.
    act.alone("inventory_counted").await?;
    fall_back(act, place, posting, &counted).await?;
    Ok(step)
}

/// Takes what that posting booked out of the count's figures. A count of which nothing else was booked is undone.
async fn leave_out(act: &mut Act, site: &Site, id: PaperId, posting: PostingId) -> Result<Option<PaperStep>> {
    // What is not booked to its end has no figures yet.
    if paper::find_paper(act, id).await?.is_none_or(|paper| paper.state != CountState::Posted.name()) {
        return Ok(None);
    }
    let mut paper = paper::take(act, PaperKind::Count, id, None).await?;
    let (standing,): (i64,) = fetch_one!(
        act,
        "select count(*) from inventory_count_line l
         where l.paper = $1 and l.posting is not null and l.posting <> $2
           and not exists (select 1 from inventory_posting u where u.reverses = l.posting)",
        id,
        posting
    )?;
    if standing == 0 {
        execute!(act, "update inventory_count set posted_at = null where paper = $1", id)?;
        paper::enter(act, &mut paper, CountState::Undone.name()).await?;
    } else {
        reckon(act, site, &paper, posting).await?;
    }
    Ok(Some(paper.step()))
}

/// A long count is booked by several postings: its figures are those of the others and of what was right.
async fn reckon(act: &mut Act, site: &Site, paper: &Paper, posting: PostingId) -> Result<()> {
    let kept: Vec<(ItemId, Option<i64>)> = fetch_all!(
        act,
        "select l.item, l.accurate from inventory_count_line l
         where l.paper = $1 and (l.posting is null or (l.posting <> $2
           and not exists (select 1 from inventory_posting u where u.reverses = l.posting)))",
        paper.id,
        posting
    )?;
    let kept: HashMap<ItemId, Option<i64>> = kept.into_iter().collect();
    let mut lines = variance::lines(act, site, paper).await?;
    lines.retain(|line| kept.contains_key(&line.item));
    let (outcome, _) = variance::outcome(&lines, variance::tolerance(act, paper.store).await?)?;
    // What was accurate was said with the approval, by the tolerance of that day.
    let accurate: i64 = kept.into_values().flatten().sum();
    execute!(
        act,
        "update inventory_count set lines = $2, accurate = $3, gained = $4, lost = $5 where paper = $1",
        paper.id,
        outcome.lines,
        accurate,
        outcome.gained,
        outcome.lost
    )?;
    Ok(())
}

/// Where that was the last count of an item, the one before it is again; none where nobody knows of one.
async fn fall_back(act: &mut Act, place: LocationId, posting: PostingId, counted: &[(ItemId, Time)]) -> Result<()> {
    let gone: Vec<(ItemId,)> = query_rows!(
        act,
        "with gone (location, item, at) as (",
        counted,
        |row, line| {
            row.push_bind(place).push_bind(line.0).push_bind(line.1);
        },
        ") delete from inventory_counted
         where (location, item, counted_at) in (select location, item, at from gone) returning item"
    )?;
    let _: Vec<(ItemId,)> = query_rows!(
        act,
        "with gone (location, item, posting) as (",
        &gone,
        |row, item| {
            row.push_bind(place).push_bind(item.0).push_bind(posting);
        },
        "), counts as (
             select g.location, g.item, l.counted_at,
                    (select case when min(e.principal) = max(e.principal) then min(e.principal) end
                     from inventory_count_entry e where e.paper = l.paper and e.item = l.item) as counted_by
             from gone g
             join inventory_count h on h.location = g.location
             join inventory_paper p on p.id = h.paper and p.state in ('posted', 'undone')
             join inventory_count_line l on l.paper = p.id and l.item = g.item
             where l.counted_at is not null and l.expected is not null
               and (l.posting is null or (l.posting <> g.posting
                 and not exists (select 1 from inventory_posting u where u.reverses = l.posting)))
             union all
             select g.location, g.item, o.counted_at, o.counted_by
             from gone g join inventory_counted_once o on o.location = g.location and o.item = g.item
             where o.posting <> g.posting
               and not exists (select 1 from inventory_posting u where u.reverses = o.posting)
         ), latest as (
             select location, item, counted_at, counted_by,
                    row_number() over (partition by item order by counted_at desc) as place
             from counts
         ) insert into inventory_counted (location, item, counted_at, counted_by)
         select location, item, counted_at, counted_by from latest where place = 1 returning item"
    )?;
    Ok(())
}

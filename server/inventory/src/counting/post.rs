//! Booking a count: what was approved becomes an adjustment, as of the moment of counting.
//!
//! A posting has at most a thousand lines. A count with more differences is booked by several, one act each; each is
//! whole, and the count is posted with the last.

use super::state;
use super::variance::{self, Variance};
use crate::document::{Draft, DraftLine, hash};
use crate::exception::conflict;
use crate::ledger::{self, Outcome};
use crate::paper::{self, Paper};
use crate::store::Site;
use crate::{Event, Inventory, item};
use auth::Act;
use db::{execute, fetch_all, insert_rows, query_rows};
use model::{
    Action, Actor, Channel, Condition, CountState, DocumentKind, Error, ItemId, LocationId, PaperId, PostingId,
    Quantity, Result, StockCount, Time,
};
use std::collections::HashMap;

/// How many lines one posting has at most.
const LINES_MAX: usize = 1_000;

impl Inventory {
    /// Books an approved count: each line's difference, all of them or none.
    ///
    /// When something came to light since the approval that changes a difference (a till that was offline told of a sale,
    /// or a later count of the same item was booked), nothing is booked: the count goes back to its review.
    pub async fn post_count(&self, actor: &Actor, id: PaperId, mut seen: Option<i64>) -> Result<StockCount> {
        loop {
            let (paper, site, act) = self.step(actor, Action::Approve, id, seen, CountState::Posted).await?;
            let Some(act) = act else { return self.as_it_is(actor, Action::Approve, &site, &paper, 200).await };
            let count = self.post_some(act, &site, paper).await?;
            if count.state != CountState::Approved {
                return Ok(count);
            }
            seen = Some(count.version);
        }
    }

    async fn post_some(&self, mut act: Act, site: &Site, mut paper: Paper) -> Result<StockCount> {
        if state(&paper)? != CountState::Approved {
            return Err(paper.wrong_state());
        }
        // Two counts of the same item at once would each book what the other does.
        act.alone("inventory_counted").await?;
        let lines = variance::lines(&mut act, site, &paper).await?;
        if lines.iter().any(|line| line.posting.is_none() && line.approved != line.size().map(|_| line.expected)) {
            return self.reopen(act, site, paper).await;
        }
        let mut open: Vec<&Variance> = lines.iter().filter(|line| line.posting.is_none() && differs(line)).collect();
        open.sort_by_key(|line| line.item);
        let last = open.len() <= LINES_MAX;
        open.truncate(LINES_MAX);
        let place = super::row(&mut act, paper.id).await?.location;
        let posted = match draft(&mut act, site, &paper, place, &open).await? {
            Some(draft) => {
                let Outcome::Now(posted) = ledger::post(&mut act, site, &draft).await? else {
                    return Err(Error::Busy);
                };
                mark(&mut act, paper.id, &open, draft.id).await?;
                Some((posted, draft))
            }
            None => None,
        };
        // What the last word was is closed; what somebody else had found otherwise, or had set right by hand, is opened.
        // People settle that for where sales leave from alone.
        let of_shop = place == site.shop;
        let counted: Vec<ItemId> = if last && of_shop { counted(&lines) } else { Vec::new() };
        let mut closed = conflict::counted_anew(&mut act, site, &counted).await?;
        let posted = match posted {
            Some((posted, _)) if !of_shop => Some(posted),
            Some((mut posted, draft)) => {
                let of: Vec<(ItemId, Time)> =
                    open.iter().filter_map(|line| Some((line.item, line.counted_at?))).collect();
                let mut differ = conflict::corrected_since(&mut act, site, draft.id, &of).await?;
                differ.extend(conflict::counted_by_others(&mut act, site.shop, paper.id, &of).await?);
                let differ = draft.lines.iter().map(|line| &line.item).filter(|item| differ.contains(&item.id));
                let opened = conflict::disagree(&mut act, site, draft.id, &differ.collect::<Vec<_>>()).await?;
                posted.exceptions.extend(opened);
                posted.closed.append(&mut closed);
                Some(posted)
            }
            None => None,
        };
        if last {
            finish(&mut act, &mut paper, place, &lines).await?;
        }
        let Some(mut posted) = posted else {
            let told = serde_json::json!({ "closed": closed });
            return self.stepped(act, site, &paper, "inventory.count_posted", told).await;
        };
        posted.steps.push(paper.step());
        let answer = super::head(&mut act, site, &paper).await?;
        if last {
            act.conclude(Event::Posted(posted), 200, &answer).await?;
        } else {
            act.commit(Event::Posted(posted)).await?;
        }
        Ok(answer)
    }

    /// Back to the review: what was approved is not what would be booked.
    async fn reopen(&self, mut act: Act, site: &Site, mut paper: Paper) -> Result<StockCount> {
        execute!(
            act,
            "update inventory_count_line set expected = null, price = null, accurate = null
             where paper = $1 and posting is null",
            paper.id
        )?;
        execute!(
            act,
            "update inventory_count set lines = null, accurate = null, gained = null, lost = null where paper = $1",
            paper.id
        )?;
        paper::enter(&mut act, &mut paper, CountState::Review.name()).await?;
        self.stepped(act, site, &paper, "inventory.count_reopened", serde_json::json!({})).await
    }
}

/// The items of which it says anything.
fn counted(lines: &[Variance]) -> Vec<ItemId> {
    lines.iter().filter(|line| line.size().is_some()).map(|line| line.item).collect()
}

fn differs(line: &Variance) -> bool {
    line.size().is_some_and(|size| size != Quantity::ZERO)
}

/// The adjustment; `None` when every number was right.
async fn draft(
    act: &mut Act,
    site: &Site,
    paper: &Paper,
    place: LocationId,
    lines: &[&Variance],
) -> Result<Option<Draft>> {
    // One posting happened at one moment: that of its last line. Each line's own is kept with the count.
    let Some(occurred_at) = lines.iter().filter_map(|line| line.counted_at).max() else { return Ok(None) };
    let skus: Vec<&str> = lines.iter().map(|line| line.sku.as_str()).collect();
    let items = item::by_sku(act, &skus).await?;
    let lines = lines.iter().filter_map(|line| Some((line, line.size()?))).map(|(line, quantity)| {
        let (from, to) = if quantity.is_negative() { (place, site.shrinkage) } else { (site.shrinkage, place) };
        let item = items.get(&line.sku).cloned().ok_or(Error::NotFound)?;
        let (at, lot, condition) = (Some(place), None, Condition::Sellable);
        Ok(DraftLine { item, from, to, at, lot, condition, quantity, unit_price: None, list: None, reason: None })
    });
    let id = PostingId::new();
    Ok(Some(Draft {
        id,
        kind: DocumentKind::Adjustment,
        effect: DocumentKind::Adjustment,
        occurred_at: Some(occurred_at),
        number: Some(paper.number.clone()),
        channel: Channel::Till,
        reason: Some("count".to_owned()),
        reverses: None,
        returns: None,
        seen: None,
        author: None,
        lines: lines.collect::<Result<_>>()?,
        kits: Vec::new(),
        hash: hash(DocumentKind::Adjustment, &(paper.id, id)),
    }))
}

async fn mark(act: &mut Act, paper: PaperId, lines: &[&Variance], posting: PostingId) -> Result<()> {
    let _: Vec<(ItemId,)> = query_rows!(
        act,
        "with wanted (paper, item, posting) as (",
        lines,
        |row, line| {
            row.push_bind(paper).push_bind(line.item).push_bind(posting);
        },
        ") update inventory_count_line set posting = wanted.posting from wanted
         where inventory_count_line.paper = wanted.paper and inventory_count_line.item = wanted.item
         returning inventory_count_line.item"
    )?;
    Ok(())
}

/// The count is posted, and its items were counted.
async fn finish(act: &mut Act, paper: &mut Paper, place: LocationId, lines: &[Variance]) -> Result<()> {
    let counters: Vec<(ItemId, Option<String>)> = fetch_all!(
        act,
        "select item, case when min(principal) = max(principal) then min(principal) end
         from inventory_count_entry where paper = $1 group by item",
        paper.id
    )?;
    let counters: HashMap<ItemId, String> = counters.into_iter().filter_map(|(item, by)| Some((item, by?))).collect();
    let counted: Vec<(ItemId, Time)> = lines
        .iter()
        .filter(|line| line.size().is_some())
        .filter_map(|line| Some((line.item, line.counted_at?)))
        .collect();
    insert_rows!(
        act,
        "insert into inventory_counted (location, item, counted_at, counted_by) ",
        &counted,
        |row, line| {
            row.push_bind(place).push_bind(line.0).push_bind(line.1).push_bind(counters.get(&line.0).cloned());
        },
        " on conflict (location, item) do update set counted_at = excluded.counted_at, counted_by = excluded.counted_by
          where inventory_counted.counted_at < excluded.counted_at"
    )?;
    execute!(act, "update inventory_count set posted_at = $2 where paper = $1", paper.id, paper.changed_at)?;
    paper::enter(act, paper, CountState::Posted.name()).await
}

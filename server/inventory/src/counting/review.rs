//! After the counting: handing in, looking at what differs, counting some of it again, approving, giving up.

use super::variance::{self, Variance};
use super::{ITEMS_MAX, head, row, state};
use crate::document::check_text;
use crate::paper::{self, Paper};
use crate::{Inventory, approval, ledger};
use auth::Act;
use db::{Tx, execute, fetch_one, query_rows};
use model::{
    Action, Actor, Approver, CountDone, CountReview, CountState, CountTolerance, Error, Flaw, ItemId, Money,
    NewRecount, PaperId, Result, StockCount, Time, VarianceLine,
};
use std::collections::{HashMap, HashSet};

/// How many items are counted again at once.
const RECOUNTED_MAX: usize = 1_000;

/// Which part of a review is shown.
#[derive(Clone, Debug)]
pub enum ReviewPart {
    /// What a person has to look at, what is worth most first; the first 200.
    Open,
    /// All lines by SKU, after that one; at most so many.
    All(String, i64),
}

impl Inventory {
    /// Hands a count in. What nobody counted stays as it is, unless `none_found` says that none of it is there.
    pub async fn submit_count(
        &self,
        actor: &Actor,
        id: PaperId,
        seen: Option<i64>,
        done: CountDone,
    ) -> Result<StockCount> {
        let (mut paper, site, act) = self.step(actor, Action::Count, id, seen, CountState::Review).await?;
        let Some(mut act) = act else { return self.as_it_is(actor, Action::Count, &site, &paper, 200).await };
        if !matches!(state(&paper)?, CountState::Counting | CountState::Recounting) {
            return Err(paper.wrong_state());
        }
        let none = if done.none_found { none_found(&mut act, &paper).await? } else { 0 };
        paper::enter(&mut act, &mut paper, CountState::Review.name()).await?;
        self.stepped(act, &site, &paper, "inventory.count_submitted", serde_json::json!({ "none_found": none })).await
    }

    /// A count that was handed in: what differs, for whoever may approve it.
    pub async fn review_count(&self, actor: &Actor, id: PaperId, part: ReviewPart) -> Result<CountReview> {
        let (_, site) = self.count_paper(actor, Action::Approve, id).await?;
        let mut tx = self.auth.read(actor, Action::Approve.at(site.store.id)).await?;
        let paper = paper::find_paper(&mut tx, id).await?.ok_or(Error::NotFound)?;
        // Who may approve may count too: as long as anybody counts, nobody is told.
        if state(&paper)?.counts() || state(&paper)? == CountState::Cancelled {
            return Err(paper.wrong_state());
        }
        let tolerance = variance::tolerance(&mut tx, paper.store).await?;
        let lines = variance::lines(&mut tx, &site, &paper).await?;
        let (outcome, value) = variance::outcome(&lines, tolerance)?;
        let approver = approver(&mut tx, &paper, value).await?;
        let look = Look { tolerance, again: approver.is_some() };
        let open = lines.iter().filter(|line| look.is_open(line)).count();
        let uncounted = lines.iter().filter(|line| line.size().is_none()).count();
        let of = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        let (shown, next) = part.of(&lines, look)?;
        let as_of = self.auth.log().head(&mut tx).await?;
        Ok(CountReview {
            count: head(&mut tx, &site, &paper).await?,
            tolerance,
            open: of(open),
            fine: of(lines.len() - open - uncounted),
            uncounted: of(uncounted),
            outcome,
            above_limit: approver.is_some(),
            approved_by: approver,
            administrator: approver.is_some_and(|approver| !actor.approves(site.store.id, approver)),
            own: paper::wrote(&mut tx, actor, &paper).await?,
            lines: told(&mut tx, id, shown, tolerance).await?,
            next,
            as_of,
        })
    }

    /// Has some lines counted again, by others than those who counted them; everything else is accepted.
    pub async fn recount(&self, actor: &Actor, id: PaperId, seen: Option<i64>, new: NewRecount) -> Result<StockCount> {
        if new.skus.is_empty() || new.skus.len() > RECOUNTED_MAX {
            return Err(Flaw::new("skus", "line_count", format!("name 1 to {RECOUNTED_MAX} items")).into());
        }
        let (mut paper, site, act) = self.step(actor, Action::Approve, id, seen, CountState::Recounting).await?;
        let Some(mut act) = act else { return self.as_it_is(actor, Action::Approve, &site, &paper, 200).await };
        if state(&paper)? != CountState::Review {
            return Err(paper.wrong_state());
        }
        let lines = variance::lines(&mut act, &site, &paper).await?;
        let known: HashMap<&str, &Variance> = lines.iter().map(|line| (line.sku.as_str(), line)).collect();
        let again: HashSet<&str> = new.skus.iter().map(String::as_str).collect();
        let unknown = new.skus.iter().enumerate().filter(|(_, sku)| {
            // What is booked already is not counted again in this count.
            known.get(sku.as_str()).is_none_or(|line| line.posting.is_some())
        });
        let message = "it is not in this count, or it is booked already";
        let flaws: Vec<Flaw> =
            unknown.map(|(at, _)| Flaw::new(format!("skus[{at}]"), "unknown_sku", message)).collect();
        if !flaws.is_empty() {
            return Err(Error::Invalid(flaws));
        }
        execute!(act, "update inventory_count_line set accepted = 1 where paper = $1 and counted is not null", id)?;
        let items: Vec<ItemId> = again.iter().map(|sku| known[sku].item).collect();
        again_from(&mut act, id, &items).await?;
        execute!(act, "update inventory_count set again_at = $2 where paper = $1", id, Time::now())?;
        paper::enter(&mut act, &mut paper, CountState::Recounting.name()).await?;
        let told = serde_json::json!({ "items": items.len() });
        self.stepped(act, &site, &paper, "inventory.count_recounted", told).await
    }

    /// Accepts every line as it was counted. Errors: [`model::Refusal::OwnWork`] when the count is worth more than the store's
    /// limit, or nobody knows what it is worth, and they opened it or counted in it.
    pub async fn approve_count(&self, actor: &Actor, id: PaperId, seen: Option<i64>) -> Result<StockCount> {
        let (mut paper, site, act) = self.step(actor, Action::Approve, id, seen, CountState::Approved).await?;
        let Some(mut act) = act else { return self.as_it_is(actor, Action::Approve, &site, &paper, 200).await };
        if state(&paper)? != CountState::Review {
            return Err(paper.wrong_state());
        }
        let tolerance = variance::tolerance(&mut act, paper.store).await?;
        let lines = variance::lines(&mut act, &site, &paper).await?;
        let (outcome, value) = variance::outcome(&lines, tolerance)?;
        paper::approve(&mut act, &mut paper, value.unwrap_or(approval::BEYOND_ANY)).await?;
        freeze(&mut act, id, &lines, tolerance).await?;
        execute!(
            act,
            "update inventory_count set lines = $2, accurate = $3, gained = $4, lost = $5 where paper = $1",
            id,
            outcome.lines,
            outcome.accurate,
            outcome.gained,
            outcome.lost
        )?;
        paper::enter(&mut act, &mut paper, CountState::Approved.name()).await?;
        let told = serde_json::json!({ "outcome": outcome });
        self.stepped(act, &site, &paper, "inventory.count_approved", told).await
    }

    /// Throws a count away that was handed in: nothing of it is booked. The reason is 1 to 200 characters.
    pub async fn reject_count(
        &self,
        actor: &Actor,
        id: PaperId,
        seen: Option<i64>,
        reason: &str,
    ) -> Result<StockCount> {
        let mut flaws = Vec::new();
        check_text(&mut flaws, "reason", Some(reason), 200);
        if !flaws.is_empty() {
            return Err(Error::Invalid(flaws));
        }
        let (mut paper, site, act) = self.step(actor, Action::Approve, id, seen, CountState::Rejected).await?;
        let Some(mut act) = act else { return self.as_it_is(actor, Action::Approve, &site, &paper, 200).await };
        let (booked,): (i64,) =
            fetch_one!(act, "select count(*) from inventory_count_line where paper = $1 and posting is not null", id)?;
        if !matches!(state(&paper)?, CountState::Review | CountState::Approved) || booked > 0 {
            return Err(paper.wrong_state());
        }
        paper::enter(&mut act, &mut paper, CountState::Rejected.name()).await?;
        self.stepped(act, &site, &paper, "inventory.count_rejected", serde_json::json!({ "reason": reason })).await
    }

    /// Gives a count up before it is handed in.
    pub async fn cancel_count(&self, actor: &Actor, id: PaperId, seen: Option<i64>) -> Result<StockCount> {
        let (mut paper, site, act) = self.step(actor, Action::Count, id, seen, CountState::Cancelled).await?;
        let Some(mut act) = act else { return self.as_it_is(actor, Action::Count, &site, &paper, 200).await };
        let (booked,): (i64,) =
            fetch_one!(act, "select count(*) from inventory_count_line where paper = $1 and posting is not null", id)?;
        if !state(&paper)?.counts() || booked > 0 {
            return Err(paper.wrong_state());
        }
        paper::enter(&mut act, &mut paper, CountState::Cancelled.name()).await?;
        self.stepped(act, &site, &paper, "inventory.count_cancelled", serde_json::json!({})).await
    }
}

impl ReviewPart {
    /// The lines to be shown, and the SKU after which the next page starts.
    fn of(self, lines: &[Variance], look: Look) -> Result<(Vec<&Variance>, Option<String>)> {
        match self {
            Self::Open => {
                let mut open = Vec::new();
                for line in lines.iter().filter(|line| look.is_open(line)) {
                    open.push((line.value()?.map_or(i64::MAX, |value| value.parts().abs()), line));
                }
                open.sort_by(|one, other| (other.0, &one.1.sku).cmp(&(one.0, &other.1.sku)));
                Ok((open.into_iter().take(200).map(|(_, line)| line).collect(), None))
            }
            Self::All(after, limit) => {
                let limit = usize::try_from(limit.clamp(1, 200)).unwrap_or(1);
                let rest: Vec<_> = lines.iter().filter(|line| line.sku > after).take(limit + 1).collect();
                let next = (rest.len() > limit).then(|| rest[limit - 1].sku.clone());
                Ok((rest.into_iter().take(limit).collect(), next))
            }
        }
    }
}

/// What a person has to look at.
#[derive(Clone, Copy)]
struct Look {
    tolerance: CountTolerance,
    /// The count is above the limit: who approves it sees too what somebody accepted when they had the rest counted again.
    again: bool,
}

impl Look {
    fn is_open(self, line: &Variance) -> bool {
        (line.accepted == 0 || self.again) && line.posting.is_none() && !line.within(self.tolerance)
    }
}

/// Who approves it when it is worth more than what one may approve of one's own. What nobody knows the worth of is, once
/// there is a limit.
async fn approver(tx: &mut Tx, paper: &Paper, value: Option<Money>) -> Result<Option<Approver>> {
    approval::approver(tx, paper.store, paper.kind, value.unwrap_or(approval::BEYOND_ANY)).await
}

async fn told(
    tx: &mut Tx,
    paper: PaperId,
    lines: Vec<&Variance>,
    tolerance: CountTolerance,
) -> Result<Vec<VarianceLine>> {
    let rows: Vec<(ItemId, String)> = query_rows!(
        tx,
        "with wanted (paper, item, round) as (",
        &lines,
        |row, line| {
            row.push_bind(paper).push_bind(line.item).push_bind(line.round);
        },
        ") select distinct e.item, e.author from wanted
         join inventory_count_entry e
           on e.paper = wanted.paper and e.item = wanted.item and e.round = wanted.round order by e.author"
    )?;
    let mut counters: HashMap<ItemId, Vec<String>> = HashMap::new();
    for (item, author) in rows {
        counters.entry(item).or_default().push(author);
    }
    let told = lines.into_iter().map(|line| {
        Ok(VarianceLine {
            sku: line.sku.clone(),
            name: line.name.clone(),
            unit: line.unit.clone(),
            counted: line.counted,
            expected: line.size().map(|_| line.expected),
            variance: line.size(),
            value: line.value()?,
            counted_at: line.counted_at,
            within: line.within(tolerance),
            accepted: line.accepted == 1 || line.posting.is_some(),
            moved: line.moved > 0,
            round: line.round,
            counters: counters.remove(&line.item).unwrap_or_default(),
        })
    });
    told.collect()
}

/// Of what nobody counted, none is there: written down as counted at this moment. Answers with how many items that are.
async fn none_found(act: &mut Act, paper: &Paper) -> Result<u64> {
    let at = Time::now();
    let mut none = execute!(
        act,
        "update inventory_count_line set counted = 0, first_at = $2, counted_at = $2
         where paper = $1 and accepted = 0 and counted is null",
        paper.id,
        at
    )?;
    let before = row(act, paper.id).await?;
    if before.choice == model::CountBy::Store && state(paper)? == CountState::Counting {
        none += execute!(
            act,
            "insert into inventory_count_line (paper, item, round, accepted, counted, first_at, counted_at)
             select $1, b.item, 1, 0, 0, $2, $2 from inventory_balance b
             join inventory_item i on i.id = b.item
             where b.location = $3 and b.lot = $4 and b.condition = $5 and b.on_hand <> 0 and i.archived_at is null
               and not exists (select 1 from inventory_count_line l where l.paper = $1 and l.item = b.item)",
            paper.id,
            at,
            before.location,
            ledger::NO_LOT,
            ledger::SELLABLE
        )?;
    }
    if before.items + i64::try_from(none).unwrap_or(i64::MAX) > ITEMS_MAX {
        let message = format!("a count holds {ITEMS_MAX} items; leave what nobody counted as it is");
        return Err(Flaw::new("none_found", "line_count", message).into());
    }
    if none > 0 {
        paper::written(act, paper.id).await?;
    }
    Ok(none)
}

/// These lines begin anew.
async fn again_from(act: &mut Act, paper: PaperId, items: &[ItemId]) -> Result<()> {
    let _: Vec<(ItemId,)> = query_rows!(
        act,
        "with wanted (paper, item) as (",
        items,
        |row, item| {
            row.push_bind(paper).push_bind(*item);
        },
        ") update inventory_count_line
         set round = inventory_count_line.round + 1, accepted = 0, counted = null, first_at = null, counted_at = null
         from wanted
         where inventory_count_line.paper = wanted.paper and inventory_count_line.item = wanted.item
         returning inventory_count_line.item"
    )?;
    Ok(())
}

/// Writes down what was approved, line by line: exactly that is booked.
async fn freeze(act: &mut Act, paper: PaperId, lines: &[Variance], tolerance: CountTolerance) -> Result<()> {
    let counted: Vec<&Variance> = lines.iter().filter(|line| line.size().is_some() && line.posting.is_none()).collect();
    let _: Vec<(ItemId,)> = query_rows!(
        act,
        "with wanted (paper, item, expected, price, accurate) as (",
        &counted,
        |row, line| {
            row.push_bind(paper).push_bind(line.item).push_bind(line.expected).push_bind(line.price);
            row.push_bind(i64::from(line.within(tolerance)));
        },
        ") update inventory_count_line
         set accepted = 1, expected = wanted.expected, price = wanted.price, accurate = wanted.accurate
         from wanted
         where inventory_count_line.paper = wanted.paper and inventory_count_line.item = wanted.item
         returning inventory_count_line.item"
    )?;
    Ok(())
}

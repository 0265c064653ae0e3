//! Counts: several people find out, blindly, what lies on the shelves; what differs is looked at, approved and booked.
//!
//! Invariant: what is told while people count comes from `open`, `enter` and `show`, and none of these reads a quantity
//! of a balance or of a movement. Only `variance` does, for a count that was handed in, and `one`, for who sees the
//! number anyway.

mod cycle;
mod enter;
mod figures;
mod one;
mod open;
mod plan;
mod post;
mod review;
mod show;
mod undone;
mod variance;
pub(crate) mod verify;

use crate::paper::{self, Paper, Stepped};
use crate::store::Site;
use crate::{Event, Inventory};
use auth::Act;
use db::{Tx, fetch_one};
use model::{
    Action, Actor, CountBy, CountOutcome, CountState, Error, ItemId, LocationId, Money, PaperId, PaperKind, PostingId,
    Result, Since, StockCount, Time,
};
use serde_json::Value;
use std::sync::Arc;

pub use review::ReviewPart;
pub use show::CountFilter;
pub(crate) use show::{due, in_review};
pub(crate) use undone::take_back;

/// How many different items one count may hold.
const ITEMS_MAX: i64 = 10_000;
/// How many entries people may make in one count.
const ENTRIES_MAX: i64 = 20_000;

/// What a count has beside its head.
#[derive(Clone, Debug, sqlx::FromRow)]
struct CountRow {
    #[sqlx(try_from = "String")]
    choice: CountBy,
    /// The place that it goes over.
    location: LocationId,
    place: String,
    place_name: String,
    /// Since when some of it is counted again.
    again_at: Option<Time>,
    entries: i64,
    items: i64,
    lines: Option<i64>,
    accurate: Option<i64>,
    gained: Option<Money>,
    lost: Option<Money>,
}

impl CountRow {
    fn outcome(&self) -> Option<CountOutcome> {
        Some(CountOutcome { lines: self.lines?, accurate: self.accurate?, gained: self.gained?, lost: self.lost? })
    }

    fn told(self, paper: Paper, store: String) -> Result<StockCount> {
        let outcome = self.outcome();
        Ok(StockCount {
            by: self.choice,
            place: self.place,
            place_name: self.place_name,
            entries: self.entries,
            items: self.items,
            outcome,
            state: state(&paper)?,
            id: paper.id,
            number: paper.number,
            store,
            version: paper.version,
            note: paper.note,
            due_on: paper.due_on,
            author: paper.author,
            approver: paper.approver,
            created_at: paper.created_at,
            changed_at: paper.changed_at,
        })
    }
}

/// Where it stands.
fn state(paper: &Paper) -> Result<CountState> {
    // Only a hand in the database can write another word; `verify` finds that too.
    paper.state.clone().try_into().map_err(|_| Error::NotFound)
}

async fn row(tx: &mut Tx, id: PaperId) -> Result<CountRow> {
    Ok(fetch_one!(
        tx,
        "select c.choice, c.location, l.code as place, l.name as place_name, c.again_at, c.entries, c.items, c.lines,
                c.accurate, c.gained, c.lost
         from inventory_count c join inventory_location l on l.id = c.location where c.paper = $1",
        id
    )?)
}

/// The count as it is told: its head, which says nothing of what we think is there.
async fn head(tx: &mut Tx, site: &Site, paper: &Paper) -> Result<StockCount> {
    row(tx, paper.id).await?.told(paper.clone(), site.store.code.clone())
}

/// Writes down that somebody counted an item in a place, which that posting books.
pub(crate) async fn remember(
    tx: &mut Tx,
    posting: PostingId,
    place: LocationId,
    item: ItemId,
    at: Time,
    by: &str,
) -> Result<()> {
    db::execute!(
        tx,
        "insert into inventory_counted_once (posting, item, location, counted_at, counted_by) values ($1, $2, $3, $4, $5)",
        posting,
        item,
        place,
        at,
        by
    )?;
    db::execute!(
        tx,
        "insert into inventory_counted (location, item, counted_at, counted_by) values ($1, $2, $3, $4)
         on conflict (location, item) do update set counted_at = excluded.counted_at, counted_by = excluded.counted_by
         where inventory_counted.counted_at < excluded.counted_at",
        place,
        item,
        at,
        by
    )?;
    Ok(())
}

impl Inventory {
    /// A count of a store in which they may do that, and its store. What is not theirs is as good as none.
    async fn count_paper(&self, actor: &Actor, action: Action, id: PaperId) -> Result<(Paper, Arc<Site>)> {
        let mut tx = self.auth.read(actor, action.anywhere()).await?;
        let paper = paper::find_paper(&mut tx, id).await?;
        let scope = actor.scope(action);
        let paper = paper.filter(|paper| paper.kind == PaperKind::Count && scope.holds(paper.store));
        let paper = paper.ok_or(Error::NotFound)?;
        let (code,): (String,) = fetch_one!(&mut tx, "select code from inventory_store where id = $1", paper.store)?;
        drop(tx);
        let site = self.site(actor, action, &code).await?;
        Ok((paper, site))
    }

    /// A count's head, for whoever sees its store. Errors: [`Error::NotFound`].
    pub async fn stock_count(&self, actor: &Actor, id: PaperId) -> Result<Since<StockCount>> {
        let (_, site) = self.count_paper(actor, Action::SeeStock, id).await?;
        let mut tx = self.auth.read(actor, Action::SeeStock.at(site.store.id)).await?;
        let paper = paper::find_paper(&mut tx, id).await?.ok_or(Error::NotFound)?;
        let data = head(&mut tx, &site, &paper).await?;
        Ok(Since { data, as_of: self.auth.log().head(&mut tx).await?, total: 0 })
    }

    /// May they count in that one? Errors: `Forbidden`; [`Error::NotFound`].
    pub async fn may_count(&self, actor: &Actor, id: PaperId) -> Result<()> {
        self.count_paper(actor, Action::Count, id).await.map(drop)
    }

    /// Begins a step of a count: the act, with the count taken. A step that was done already from the same version is
    /// `None`: it is not done again.
    async fn step(
        &self,
        actor: &Actor,
        action: Action,
        id: PaperId,
        seen: Option<i64>,
        to: CountState,
    ) -> Result<(Paper, Arc<Site>, Option<Act>)> {
        let (paper, site) = self.count_paper(actor, action, id).await?;
        if paper.state == to.name() && seen.is_none_or(|seen| seen + 1 == paper.version) {
            return Ok((paper, site, None));
        }
        let mut act = self.auth.act(actor, action.at(paper.store)).await?;
        let paper = paper::take(&mut act, PaperKind::Count, id, seen).await?;
        Ok((paper, site, Some(act)))
    }

    /// Ends a step that moved no goods, and answers with the count after it.
    async fn stepped(
        &self,
        mut act: Act,
        site: &Site,
        paper: &Paper,
        topic: &'static str,
        told: Value,
    ) -> Result<StockCount> {
        let answer = head(&mut act, site, paper).await?;
        let event = Event::Stepped(Box::new(Stepped { topic, store: paper.store, step: paper.step(), told }));
        act.conclude(event, 200, &answer).await?;
        Ok(answer)
    }

    /// Answers to a step that was done already, under whatever key it came this time.
    async fn as_it_is(
        &self,
        actor: &Actor,
        action: Action,
        site: &Site,
        paper: &Paper,
        status: u16,
    ) -> Result<StockCount> {
        let mut tx = self.auth.read(actor, action.at(paper.store)).await?;
        let answer = head(&mut tx, site, paper).await?;
        drop(tx);
        self.auth.keep_answer(actor, status, &answer, None).await?;
        Ok(answer)
    }
}

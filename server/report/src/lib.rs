//! Report: the figures of each store, kept up to date by what happens.
//!
//! Invariant: every figure here is made from the journal's lines, so all of it can be dropped and made again.

mod backtest;
mod chart;
mod cost;
mod demand;
mod event;
mod figures;
mod fold;
mod forecast;
mod morning;
mod period;
mod projection;
mod proposal;
mod reorder;
mod standing;
#[cfg(test)]
mod tests;
mod verify;
mod worth;

pub use cost::AsOf;
pub use event::Event;

use auth::Auth;
use bus::Bus;
use db::Tx;
use fold::Fold;
use inventory::{Changes, Inventory, Posted};
use log::{Line, Log};
use model::{Action, Actor, Dashboard, Flaw, MostSold, Period, RankBy, Result, Since, Store, Totals};

/// The names of the durable subscriptions: the figures, and what goods cost.
pub const SUBSCRIBERS: [&str; 2] = ["report", cost::SUBSCRIBER];
/// Lines folded at once while all is made anew.
const BATCH: i64 = 500;
/// The longest list that a report answers with.
const ROWS_MAX: i64 = 200;

/// Counting and costing that run until [`Running::stop`], or until this is dropped.
#[must_use = "both end when this is dropped"]
pub struct Running {
    figures: bus::Running,
    costs: bus::Running,
}

impl Running {
    /// Lets the batches in hand end, then ends.
    pub async fn stop(self) {
        self.figures.stop().await;
        self.costs.stop().await;
    }
}

/// The figures and their questions. Cheap to clone.
#[derive(Clone)]
pub struct Report {
    auth: Auth,
    inventory: Inventory,
    bus: Bus,
    log: Log,
}

impl Report {
    /// Report behind Auth's door; hears of what happens over the bus.
    #[must_use]
    pub fn new(auth: Auth, inventory: Inventory, bus: Bus, log: Log) -> Self {
        Self { auth, inventory, bus, log }
    }

    /// Starts counting and costing what happens; several processes on one database take turns.
    pub fn start(&self) -> Running {
        let [figures, costs] = SUBSCRIBERS;
        Running {
            figures: self.bus.subscribe(figures, |tx, lines| Box::pin(take(tx, lines))),
            costs: self.bus.subscribe(costs, |tx, lines| Box::pin(cost::take(tx, lines))),
        }
    }

    /// Waits until all figures hold what happened up to that line.
    pub async fn caught_up(&self, seq: i64) {
        for subscriber in SUBSCRIBERS {
            self.bus.caught_up(subscriber, seq).await;
        }
    }

    /// The stocked items that sold most in a period, returns taken off, best first, equals by SKU; `limit` is 1 to 200.
    ///
    /// Errors: `Forbidden`; `NotFound` for a store that is not theirs; `Invalid` for a bad period or limit.
    pub async fn most_sold(
        &self,
        actor: &Actor,
        store: &str,
        period: &Period,
        by: RankBy,
        limit: i64,
    ) -> Result<Since<Vec<MostSold>>> {
        let period = period::checked(period)?;
        if !(1..=ROWS_MAX).contains(&limit) {
            return Err(Flaw::new("limit", "bad_limit", "use a number from 1 to 200").into());
        }
        let (store, mut tx) = self.open(actor, store).await?;
        Ok(figures::most_sold(&mut tx, store.id, &period, by, limit).await?)
    }

    /// What a store did in a period. Errors: as [`Report::most_sold`].
    pub async fn totals(&self, actor: &Actor, store: &str, period: &Period) -> Result<Since<Totals>> {
        let period = period::checked(period)?;
        let (store, mut tx) = self.open(actor, store).await?;
        Ok(figures::totals(&mut tx, store.id, &period).await?)
    }

    /// One day of a store, hour by hour and by item, with its two charts; today on the store's clock when no day is
    /// named. Errors: as [`Report::most_sold`].
    pub async fn dashboard(&self, actor: &Actor, store: &str, day: Option<&str>) -> Result<Dashboard> {
        let day = day.map(|day| period::day("day", day)).transpose()?;
        let (store, mut tx) = self.open(actor, store).await?;
        let day = day.map_or_else(|| period::today(&store.time_zone), |day| day.to_string());
        let period = Period { from: day.clone(), to: day.clone() };
        let hours = figures::hours(&mut tx, store.id, &day).await?;
        let most = figures::most_sold(&mut tx, store.id, &period, RankBy::Quantity, 10).await?;
        Ok(Dashboard {
            store: store.code,
            currency: store.currency,
            day,
            hours_chart: chart::hours(&hours),
            most_sold_chart: chart::most_sold(&most.data),
            hours,
            most_sold: most.data,
            as_of: most.as_of,
        })
    }

    /// Makes all figures anew from the journal; answers with the last line counted. New sales are counted after it.
    ///
    /// Needs the right to read the whole journal. On SQLite nothing else is written meanwhile.
    pub async fn rebuild(&self, actor: &Actor) -> Result<i64> {
        let mut act = self.auth.act(actor, Action::ReadJournal.anywhere()).await?;
        let head = projection::lock(&mut act).await?;
        projection::clear(&mut act).await?;
        let mut after = 0;
        while after < head {
            let lines = self.log.read(&mut act, after, BATCH.min(head - after)).await?;
            let Some(last) = lines.last() else { break };
            after = last.seq;
            projection::add(&mut act, &folded(&lines), after).await?;
        }
        let head = cost::lock(&mut act).await?;
        cost::clear(&mut act).await?;
        let mut costed = 0;
        while costed < head {
            let lines = self.log.read(&mut act, costed, BATCH.min(head - costed)).await?;
            let Some(last) = lines.last() else { break };
            costed = last.seq;
            cost::enter(&mut act, &cost::facts(&lines), costed).await?;
        }
        act.commit(Event::Rebuilt { seq: after }).await?;
        Ok(after)
    }

    /// Counts every posting again, movement by movement, and answers with the first figure that is not what they
    /// make, in words; `None` when all are right.
    pub async fn verify(&self, tx: &mut Tx) -> Result<Option<String>> {
        let head = projection::as_of(tx).await?;
        let held = verify::held(tx).await?;
        let mut count = verify::Count::default();
        let mut after = 0;
        while after < head {
            let lines = self.log.read(tx, after, BATCH.min(head - after)).await?;
            let Some(last) = lines.last() else {
                return Ok(Some(format!("report counted up to line {head}, the journal ends at {after}")));
            };
            after = last.seq;
            lines.iter().filter_map(posted).for_each(|posted| count.add(&posted));
        }
        match count.difference(&held) {
            Some(finding) => Ok(Some(finding)),
            None => self.verify_costs(tx).await,
        }
    }

    /// Enters every line again, and answers with the first entry or layer that is not what it makes.
    async fn verify_costs(&self, tx: &mut Tx) -> Result<Option<String>> {
        let head = cost::as_of(tx).await?;
        let mut count = cost::Count::default();
        let mut after = 0;
        while after < head {
            let lines = self.log.read(tx, after, BATCH.min(head - after)).await?;
            let Some(last) = lines.last() else {
                return Ok(Some(format!("goods are costed up to line {head}, the journal ends at {after}")));
            };
            let found = count.compare(tx, &cost::facts(&lines), (after, last.seq)).await?;
            if found.is_some() {
                return Ok(found);
            }
            after = last.seq;
        }
        count.difference(tx).await
    }

    /// The store of that code and a snapshot, for someone who may see reports there.
    async fn open(&self, actor: &Actor, store: &str) -> Result<(Store, Tx)> {
        let store = self.inventory.store(actor, Action::SeeReports, store).await?;
        let tx = self.auth.read(actor, Action::SeeReports.at(store.id)).await?;
        Ok((store, tx))
    }
}

/// Adds what these lines tell to the figures, once: lines that were counted before are left out.
async fn take(tx: &mut Tx, lines: &[Line]) -> Result<()> {
    let known = projection::lock(tx).await?;
    let news: Vec<_> = lines.iter().filter(|line| line.seq > known).collect();
    let Some(last) = news.last() else { return Ok(()) };
    projection::add(tx, &folded(news.iter().copied()), last.seq).await?;
    Ok(())
}

fn folded<'a>(lines: impl IntoIterator<Item = &'a Line>) -> Fold {
    let mut fold = Fold::default();
    for line in lines {
        if let Some(posted) = posted(line) {
            fold.take(&posted);
        } else if line.topic.starts_with("inventory.item") {
            let changes = Changes::of(line).map(|changes| changes.changes).unwrap_or_default();
            let names = changes.into_iter().filter_map(|change| Some((change.item, change.after.name?)));
            names.for_each(|(item, name)| fold.rename(item, name));
        }
    }
    fold
}

fn posted(line: &Line) -> Option<Posted> {
    Posted::of(line)
}

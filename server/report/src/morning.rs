//! The keeper of mornings: a store that wants it finds written down, as drafts, what it should buy that day.

use crate::{Event, Report, period};
use db::{Tx, execute, fetch_all, fetch_optional};
use log::Trouble;
use model::{
    Action, Actor, Doing, Error, NewPurchase, NewPurchaseLine, PaperId, ProblemSource, Proposal, Result, Store,
    StoreId, SupplierId, Time,
};
use std::time::Duration;
use uuid::Uuid;

/// From when on it is morning, on the store's clock.
const FROM: &str = "06:00";

/// The program itself, as the journal names it here.
fn keeper() -> Actor {
    Actor::system("mornings")
}

impl Report {
    /// Says whether a store wants drafts of what to buy each morning; the first ones come with the next morning.
    /// Errors: `Forbidden`; `NotFound` for a store that is not theirs.
    pub async fn set_mornings(&self, actor: &Actor, store: &str, wanted: bool) -> Result<()> {
        let store = self.inventory.store(actor, Action::Purchase, store).await?;
        let (day, minute) = period::minute_at(&store.time_zone, Time::now());
        let done_on = (minute.as_str() >= FROM).then_some(day);
        let mut act = self.auth.act(actor, Action::Purchase.at(store.id)).await?;
        execute!(
            act,
            "insert into report_morning (store, wanted, done_on) values ($1, $2, $3)
             on conflict (store) do update set wanted = excluded.wanted, done_on = excluded.done_on",
            store.id,
            i64::from(wanted),
            &done_on
        )?;
        act.commit(Event::MorningsSet { store: store.id, code: store.code, wanted }).await?;
        Ok(())
    }

    /// Keeps mornings at once and then again and again, for as long as it is polled. Several processes may: each order
    /// is written once.
    pub async fn keep_mornings(&self, every: Duration) {
        let mut beat = tokio::time::interval(every);
        beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            beat.tick().await;
            if let Err(error) = self.keep_mornings_once(Time::now()).await {
                tracing::warn!(%error, "the morning's orders could not be written; it is tried again later");
            }
        }
    }

    /// One round at that moment; answers with how many orders were written.
    pub async fn keep_mornings_once(&self, now: Time) -> Result<usize> {
        let mut tx = self.auth.read(&keeper(), Action::Purchase.anywhere()).await?;
        let due: Vec<(StoreId, Option<String>)> =
            fetch_all!(&mut tx, "select store, done_on from report_morning where wanted = 1 order by store")?;
        drop(tx);
        if due.is_empty() {
            return Ok(0);
        }
        let mut written = 0;
        for store in self.inventory.stores(&keeper()).await? {
            let Some((_, done_on)) = due.iter().find(|(id, _)| *id == store.id) else { continue };
            let (day, minute) = period::minute_at(&store.time_zone, now);
            if minute.as_str() >= FROM && done_on.as_ref().is_none_or(|done| *done < day) {
                written += self.write_morning(&store, &day).await?;
            }
        }
        Ok(written)
    }

    /// Writes a draft for each supplier, then that this day is done. Begun again, it writes the same orders.
    async fn write_morning(&self, store: &Store, day: &str) -> Result<usize> {
        let mut orders = Vec::new();
        for from in self.to_buy(&keeper(), &store.code, Some(day)).await?.data.suppliers {
            let Some(supplier) = from.supplier_id else { continue };
            match self.inventory.add_purchase(&keeper(), draft(store, supplier, day, from.lines)).await {
                Ok(order) => orders.push(order.number),
                // Another process wrote it in the same moment, from what it saw.
                Err(Error::Conflict(_)) => {}
                // It would not be written later either, and the others do not wait for it: a person has to look.
                Err(error @ (Error::Invalid(_) | Error::Refused(_) | Error::NotFound)) => {
                    self.missed(&store.code, &from.supplier, &error).await?;
                }
                Err(error) => return Err(error),
            }
        }
        let mut act = self.auth.act(&keeper(), Action::Purchase.at(store.id)).await?;
        let done = execute!(
            act,
            "update report_morning set done_on = $2
             where store = $1 and wanted = 1 and (done_on is null or done_on < $2)",
            store.id,
            day
        )?;
        if done == 0 {
            // Another process was faster, and told it.
            act.withdraw().await?;
            return Ok(0);
        }
        let written = orders.len();
        act.commit(Event::OrdersWritten { store: store.id, code: store.code.clone(), day: day.to_owned(), orders })
            .await?;
        Ok(written)
    }

    /// Keeps as a problem that a supplier's order could not be written, and why.
    async fn missed(&self, store: &str, supplier: &str, why: &Error) -> Result<()> {
        tracing::warn!(%why, store, supplier, "no order of the morning");
        let what = format!("{store}: this morning's order from {supplier} was not written: {why}");
        let (place, doing) = ("what to buy, each morning".to_owned(), Doing::default());
        let trouble = Trouble { source: ProblemSource::Server, what, place, doing, reporter: String::new() };
        self.auth.keep_problem(trouble).await
    }
}

/// Does a store want drafts each morning?
pub(crate) async fn wanted(tx: &mut Tx, store: StoreId) -> Result<bool> {
    let row: Option<(i64,)> = fetch_optional!(tx, "select wanted from report_morning where store = $1", store)?;
    Ok(row.is_some_and(|(wanted,)| wanted != 0))
}

fn draft(store: &Store, supplier: SupplierId, day: &str, lines: Vec<Proposal>) -> NewPurchase {
    let due_on = lines.iter().map(|line| line.why.arrives_on.clone()).max();
    let line = |line: Proposal| NewPurchaseLine {
        sku: line.sku,
        quantity: line.quantity,
        unit_cost: line.unit_cost,
        code: None,
        why: Some(line.why),
    };
    NewPurchase {
        id: id(store.id, supplier, day),
        store: store.code.clone(),
        supplier,
        reference: None,
        note: None,
        due_on,
        lines: lines.into_iter().map(line).collect(),
    }
}

/// The same for every process, so that of two at once one order comes.
fn id(store: StoreId, supplier: SupplierId, day: &str) -> PaperId {
    PaperId(Uuid::new_v5(&store.0, format!("{supplier} {day}").as_bytes()))
}

//! The keeper of plans: on its day, on the store's clock, a plan makes its count once, however many processes look.

use super::{Row, read};
use crate::Inventory;
use crate::document::day;
use crate::store::{SHOP, Site};
use crate::{Event, lot};
use db::fetch_optional;
use log::Trouble;
use model::{
    Action, Actor, CountBy, CountMissed, CountPlanId, CountPlanState, Doing, Error, NewStockCount, PaperId,
    ProblemSource, Result, Time,
};
use serde_json::json;
use std::time::Duration;
use uuid::Uuid;

/// From when on it is its day, on the store's clock.
const FROM: &str = "06:00";

/// What became of a plan's day.
enum Came {
    /// This count is there.
    Count(PaperId, String),
    Missed(CountMissed),
}

/// The program itself, as the journal names it here.
fn keeper() -> Actor {
    Actor::system("count plans")
}

impl Inventory {
    /// Keeps plans at once and then again and again, for as long as it is polled. Several processes may: each count is
    /// made once.
    pub async fn keep_count_plans(&self, every: Duration) {
        let mut beat = tokio::time::interval(every);
        beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            beat.tick().await;
            if let Err(error) = self.keep_count_plans_once(Time::now()).await {
                tracing::warn!(%error, "the day's counts could not be made; it is tried again later");
            }
        }
    }

    /// One round at that moment; answers with how many counts were made.
    pub async fn keep_count_plans_once(&self, now: Time) -> Result<usize> {
        let mut tx = self.auth.read(&keeper(), Action::Count.anywhere()).await?;
        let mut plans = read(&mut tx, None, None).await?;
        plans.retain(|plan| plan.state == CountPlanState::Active);
        drop(tx);
        if plans.is_empty() {
            return Ok(0);
        }
        let stores = self.stores(&keeper()).await?;
        let (mut made, mut failed) = (0, None);
        for plan in plans {
            let Some(store) = stores.iter().find(|store| store.id == plan.store) else { continue };
            let site = self.site(&keeper(), Action::Count, &store.code).await?;
            let local = site.local(now);
            let (today, minute) = (lot::day(&local), local.get(11..16).unwrap_or_default());
            if plan.next_on.as_str() <= today && minute >= FROM {
                // The others do not wait for one that fails; it is told once they had their turn, and tried again.
                match self.keep_plan(&site, &plan, today).await {
                    Ok(kept) => made += usize::from(kept),
                    Err(error) => failed = Some(error),
                }
            }
        }
        failed.map_or(Ok(made), Err)
    }

    /// Makes a plan's count, then writes down when it is its turn again. Begun again, it is the same count.
    async fn keep_plan(&self, site: &Site, plan: &Row, today: &str) -> Result<bool> {
        let came = self.come(site, plan).await?;
        let (paper, missed) = match &came {
            Came::Count(paper, _) => (Some(*paper), None),
            Came::Missed(why) => (None, Some(why.name())),
        };
        let mut act = self.auth.act(&keeper(), Action::Count.at(site.store.id)).await?;
        let journal = act.journal();
        let next_on = after(&plan.next_on, plan.every, today);
        let turned: Option<(i64,)> = fetch_optional!(
            &mut act,
            "update inventory_count_plan
             set next_on = $3, last_on = $4, last_paper = coalesce($5, last_paper), missed = $6, version = version + 1,
                 journal = $7
             where id = $1 and next_on = $2 and state = 'active' returning version",
            plan.id,
            &plan.next_on,
            &next_on,
            today,
            paper,
            missed,
            journal
        )?;
        if turned.is_none() {
            // Another process was faster and told it, or somebody changed the plan in this moment.
            act.withdraw().await?;
            return Ok(false);
        }
        let (store, code) = (site.store.id, site.store.code.clone());
        let (topic, told) = match &came {
            Came::Count(paper, number) => {
                ("inventory.count_plan_kept", json!({ "plan": plan.id, "count": paper, "number": number }))
            }
            Came::Missed(why) => {
                ("inventory.count_plan_missed", json!({ "plan": plan.id, "why": why, "number": plan.last_number }))
            }
        };
        act.commit(Event::Told { topic, store, subject: code, told }).await?;
        Ok(paper.is_some())
    }

    async fn come(&self, site: &Site, plan: &Row) -> Result<Came> {
        if plan.is_open() {
            return Ok(Came::Missed(CountMissed::Open));
        }
        let new = count(site, plan);
        let id = new.id;
        match self.open_count(&keeper(), new).await {
            Ok(count) => Ok(Came::Count(id, count.number)),
            // It was made before the plan was changed, and nobody wrote down that it was.
            Err(Error::Conflict(_)) => {
                let number = self.stock_count(&keeper(), id).await?.data.number;
                Ok(Came::Count(id, number))
            }
            Err(Error::Invalid(flaws)) if flaws.iter().all(|flaw| flaw.code == "nothing_to_count") => {
                Ok(Came::Missed(CountMissed::Nothing))
            }
            // It would not be made later either, and the others do not wait for it: a person has to look.
            Err(error @ (Error::Invalid(_) | Error::Refused(_) | Error::NotFound)) => {
                self.not_counted(&site.store.code, &error).await?;
                Ok(Came::Missed(CountMissed::Refused))
            }
            Err(error) => Err(error),
        }
    }

    /// Keeps as a problem that a count could not be made, and why.
    async fn not_counted(&self, store: &str, why: &Error) -> Result<()> {
        tracing::warn!(%why, store, "no planned count");
        let what = format!("{store}: a planned count was not made: {why}");
        let (place, doing) = ("counts that come again".to_owned(), Doing::default());
        let trouble = Trouble { source: ProblemSource::Server, what, place, doing, reporter: String::new() };
        self.auth.keep_problem(trouble).await
    }
}

fn count(site: &Site, plan: &Row) -> NewStockCount {
    NewStockCount {
        id: id(plan.id, &plan.next_on),
        store: site.store.code.clone(),
        by: plan.choice,
        place: Some(plan.place.clone()).filter(|place| place != SHOP),
        skus: Vec::new(),
        most: (plan.choice != CountBy::Store).then_some(plan.most),
        due_on: Some(plan.next_on.clone()),
        note: plan.note.clone(),
    }
}

/// The same for every process, so that of two at once one count comes.
fn id(plan: CountPlanId, day: &str) -> PaperId {
    PaperId(Uuid::new_v5(&plan.0, day.as_bytes()))
}

/// When it is a plan's turn again: the first of its days after today. Days on which nobody was there are not made up for.
fn after(due: &str, every: i64, today: &str) -> String {
    let (Some(due), Some(today)) = (day(due), day(today)) else { return today.to_owned() };
    let late = i64::from((today - due).get_days()).max(0);
    let ahead = (late / every + 1) * every;
    let next = due.checked_add(jiff::Span::new().days(ahead)).unwrap_or(jiff::civil::Date::MAX);
    next.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn it_is_a_plans_turn_on_its_own_days_whatever_was_missed() {
        assert_eq!(after("2026-11-30", 7, "2026-11-30"), "2026-12-07");
        assert_eq!(after("2026-11-30", 7, "2026-12-06"), "2026-12-07", "six days late, it keeps its weekday");
        assert_eq!(after("2026-11-30", 7, "2026-12-07"), "2026-12-14", "one of its days is not made up for");
        assert_eq!(after("2028-02-28", 1, "2028-02-28"), "2028-02-29");
    }

    proptest! {
        #[test]
        fn the_next_turn_is_after_today_and_no_further_than_one_round(start in 0_i32..20_000, late in 0_i32..900, every in 1_i64..=366) {
            let first = jiff::civil::date(2001, 1, 1).checked_add(jiff::Span::new().days(start)).expect("a day");
            let today = first.checked_add(jiff::Span::new().days(late)).expect("a day");
            let next = day(&after(&first.to_string(), every, &today.to_string())).expect("a day");
            let days = |from: jiff::civil::Date| i64::from((next - from).get_days());
            prop_assert!(days(today) > 0 && days(today) <= every);
            prop_assert_eq!(days(first) % every, 0);
        }
    }
}

//! A store's rules: nothing is posted on or before its lock date, and above a value somebody else approves.

use crate::document::Draft;
use crate::store::Site;
use crate::verify::{Finding, find};
use crate::{Event, Inventory, approval};
use auth::Act;
use db::{Tx, execute, fetch_all, fetch_optional};
use model::{
    Action, Actor, Channel, DocumentKind, Error, Flaw, PostingId, Result, RulesPatch, Scope, StoreId, StoreRules, Time,
};

/// Up to when a store's books are closed.
#[derive(sqlx::FromRow)]
struct Lock {
    day: String,
    open_from: Time,
}

impl Inventory {
    /// A store's rules, for whoever sees its stock.
    pub async fn rules(&self, actor: &Actor, store: &str) -> Result<StoreRules> {
        let site = self.site(actor, Action::SeeStock, store).await?;
        let mut tx = self.auth.read(actor, Action::SeeStock.at(site.store.id)).await?;
        read(&mut tx, &site).await
    }

    /// Sets a store's lock date and its limits, all or nothing; what is so already writes nothing.
    ///
    /// Who manages the store may do all of it; who approves in all stores may move the lock date forward. Errors:
    /// `Forbidden`, also for a step of who administers all stores by somebody who does not; `Invalid` for a day that is
    /// none or not over, and for an amount out of range.
    pub async fn change_rules(&self, actor: &Actor, store: &str, patch: RulesPatch) -> Result<StoreRules> {
        let gate = if actor.may(Action::ManageStores.anywhere()) { Action::ManageStores } else { Action::Approve };
        let site = self.site(actor, gate, store).await?;
        let day = check(&site, &patch)?;
        let id = site.store.id;
        let manages = Action::ManageStores.at(id);
        let mut act = if actor.may(manages) || !patch.limits.is_empty() {
            self.auth.act(actor, manages).await?
        } else {
            self.auth.act_everywhere(actor, Action::Approve).await?
        };
        act.alone("inventory_lock").await?;
        let before = read(&mut act, &site).await?;
        if patch.lock_day.is_some() && day < before.lock_day && !actor.may(manages) {
            // Auth says no, and writes it down.
            drop(act);
            return self.auth.act(actor, manages).await.and(Err(Error::Forbidden(Action::ManageStores)));
        }
        // What binds who administers one store is not theirs to lift.
        if approval::touches_chief(&before.limits, &patch.limits) && actor.scope(Action::ManageStores) != Scope::All {
            drop(act);
            let refused = self.auth.act_everywhere(actor, Action::ManageStores).await;
            return refused.and(Err(Error::Forbidden(Action::ManageStores)));
        }
        if patch.lock_day.is_some() {
            lock(&mut act, &site, day.as_deref()).await?;
        }
        approval::set(&mut act, id, &patch.limits).await?;
        let rules = read(&mut act, &site).await?;
        if rules == before {
            act.withdraw().await?;
            return Ok(rules);
        }
        let moved = rules.lock_day != before.lock_day;
        let topic = if moved { "inventory.lock_date_moved" } else { "inventory.approval_limit_set" };
        let told = serde_json::json!({ "store": id, "lock_day": rules.lock_day, "limits": rules.limits });
        act.conclude(Event::Told { topic, store: id, subject: site.store.code.clone(), told }, 200, &rules).await?;
        Ok(rules)
    }
}

/// When a draft counts as having happened; `None` for now.
///
/// What the till tells of is a fact: told after its day was locked, it happened in the first moment that is open. Errors:
/// `Invalid` for anything else on or before the lock date.
pub(crate) async fn moment(act: &mut Act, site: &Site, draft: &Draft) -> Result<Option<Time>> {
    // A lock date is over, always: whatever happened today needs no look.
    let Some(told) = draft.occurred_at.filter(|told| *told < site.start_of_today()) else {
        return Ok(draft.occurred_at);
    };
    // Nobody moves the date between this look and the commit.
    act.alone("inventory_lock").await?;
    let Some(lock) = find_lock(act, site.store.id).await?.filter(|lock| told < lock.open_from) else {
        return Ok(Some(told));
    };
    let fact = match draft.kind {
        DocumentKind::Sale => draft.channel == Channel::Till,
        kind => kind == DocumentKind::Return,
    };
    if fact {
        return Ok(Some(lock.open_from));
    }
    let message = format!(
        "the books of {} are closed up to {}, that day included; use a later time, or have the lock date moved back",
        site.store.code, lock.day
    );
    Err(Flaw::new("occurred_at", "locked", message).into())
}

/// What is in the ledger against the lock date.
pub(crate) async fn compare(tx: &mut Tx, findings: &mut Vec<Finding>) -> Result<()> {
    let rows: Vec<(PostingId, String)> = fetch_all!(
        tx,
        "select p.id, l.day from inventory_posting p join inventory_lock l on l.store = p.store
         where p.outcome = 'posted' and p.recorded_at > l.set_at and p.occurred_at < l.open_from
         order by p.id limit 100"
    )?;
    for (id, day) in rows {
        let what = format!("posting {id} came after the books were closed up to {day}, and happened before");
        find(findings, "nothing posts on or before the lock date", what);
    }
    Ok(())
}

async fn read(tx: &mut Tx, site: &Site) -> Result<StoreRules> {
    let store = site.store.clone();
    let lock = find_lock(tx, store.id).await?;
    let limits = approval::of(tx, store.id).await?;
    Ok(StoreRules {
        code: store.code,
        name: store.name,
        currency: store.currency,
        time_zone: store.time_zone,
        lock_day: lock.map(|lock| lock.day),
        limits,
    })
}

async fn find_lock(tx: &mut Tx, store: StoreId) -> Result<Option<Lock>> {
    Ok(fetch_optional!(tx, "select day, open_from from inventory_lock where store = $1", store)?)
}

async fn lock(act: &mut Act, site: &Site, day: Option<&str>) -> Result<()> {
    let Some(day) = day else {
        execute!(act, "delete from inventory_lock where store = $1", site.store.id)?;
        return Ok(());
    };
    let open_from = site.end_of(day).ok_or_else(no_day)?;
    execute!(
        act,
        "insert into inventory_lock (store, day, open_from, set_at) values ($1, $2, $3, $4)
         on conflict (store) do update set day = excluded.day, open_from = excluded.open_from, set_at = excluded.set_at",
        site.store.id,
        day,
        open_from,
        Time::now()
    )?;
    Ok(())
}

/// The lock date that is asked for, if one is.
fn check(site: &Site, patch: &RulesPatch) -> Result<Option<String>> {
    approval::check(&patch.limits)?;
    let Some(day) = patch.lock_day.clone().filter(|day| !day.is_empty()) else { return Ok(None) };
    let end = site.end_of(&day).ok_or_else(no_day)?;
    if end > site.start_of_today() {
        return Err(Flaw::new("lock_day", "not_over", "use a day before today: one that is over is closed").into());
    }
    Ok(Some(day))
}

fn no_day() -> Error {
    Flaw::new("lock_day", "day", "write the day as 2026-10-31").into()
}

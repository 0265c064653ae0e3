//! Counts that come again by themselves: the plans of a store, written whole.

mod keep;
mod verify;

pub(super) use verify::verify;

use crate::document::{check_text, day};
use crate::store::Site;
use crate::{Event, Inventory, place};
use auth::Act;
use db::{Tx, execute, fetch_all, fetch_one};
use model::{
    Action, Actor, CountBy, CountMissed, CountPlan, CountPlanId, CountPlanState, Error, Flaw, LocationId, NewCountPlan,
    Page, PaperId, Result, Reused, StoreId,
};
use serde_json::json;

/// How many plans a store may have that are not ended.
const PLANS_MAX: i64 = 50;
/// How many items a plan chooses at most, and the most days between two counts.
const MOST: i64 = 200;
const DAYS_MAX: i64 = 366;

#[derive(Clone, Debug, sqlx::FromRow)]
struct Row {
    id: CountPlanId,
    store: StoreId,
    #[sqlx(try_from = "String")]
    choice: CountBy,
    location: LocationId,
    place: String,
    place_name: String,
    most: i64,
    every: i64,
    next_on: String,
    note: Option<String>,
    #[sqlx(try_from = "String")]
    state: CountPlanState,
    version: i64,
    author: String,
    last_on: Option<String>,
    last_paper: Option<PaperId>,
    last_number: Option<String>,
    last_state: Option<String>,
    missed: Option<String>,
}

impl Row {
    /// Does somebody still have to bring its last count to an end?
    fn is_open(&self) -> bool {
        self.last_state.as_deref().is_some_and(|state| !["posted", "rejected", "cancelled", "undone"].contains(&state))
    }

    fn told(self, store: &str) -> CountPlan {
        let (store, last_open) = (store.to_owned(), self.is_open());
        let missed = self.missed.as_deref().and_then(CountMissed::named);
        let Self { id, choice: by, place, place_name, most, every, next_on, note, state, version, author, .. } = self;
        let (last_on, last_count, last_number) = (self.last_on, self.last_paper, self.last_number);
        CountPlan {
            id,
            store,
            by,
            place,
            place_name,
            most,
            every,
            next_on,
            note,
            state,
            version,
            author,
            last_on,
            last_count,
            last_number,
            last_open,
            missed,
        }
    }

    /// Is it what somebody says it is to be?
    fn is(&self, new: &NewCountPlan, place: &str) -> bool {
        let same = (self.choice, self.most, self.every, self.state) == (new.by, new.most, new.every, new.state);
        same && self.place == place && self.next_on == new.next_on && self.note == new.note
    }
}

impl Inventory {
    /// The plans of a store that are not ended, what comes next first.
    pub async fn count_plans(&self, actor: &Actor, store: &str) -> Result<Page<CountPlan>> {
        let site = self.site(actor, Action::SeeStock, store).await?;
        let mut tx = self.auth.read(actor, Action::SeeStock.at(site.store.id)).await?;
        let rows = read(&mut tx, Some(site.store.id), None).await?;
        let data = rows.into_iter().map(|row| row.told(&site.store.code)).collect();
        Ok(Page { data, as_of: self.auth.log().head(&mut tx).await?, next: None })
    }

    /// Makes a plan what its author says, all of it, or adds it; what is so already writes nothing. It is undone by saying
    /// what stood there before. Whoever may open a count may plan it.
    ///
    /// # Errors
    /// `Conflict(Version)` when it has another version by now, or was its turn since; `Conflict(Id)` for one of another
    /// store; `Invalid`.
    pub async fn save_count_plan(&self, actor: &Actor, id: CountPlanId, new: NewCountPlan) -> Result<CountPlan> {
        check(&new)?;
        let site = self.site(actor, Action::Count, &new.store).await?;
        let mut act = self.auth.act(actor, Action::Count.at(site.store.id)).await?;
        act.alone("inventory_count_plan").await?;
        let code = new.place.as_deref().unwrap_or(crate::store::SHOP);
        let before = find(&mut act, id).await?;
        if before.as_ref().is_some_and(|before| before.store != site.store.id) {
            act.withdraw().await?;
            return Err(Error::Conflict(Reused::Id));
        }
        if before.as_ref().is_some_and(|before| before.is(&new, code)) {
            // What was seen may be a twin's that is not on disk yet.
            act.withdraw().await?;
            let plan = before.ok_or(Error::NotFound)?.told(&site.store.code);
            self.auth.keep_answer(actor, 200, &plan, None).await?;
            return Ok(plan);
        }
        if new.version != before.as_ref().map_or(0, |before| before.version) {
            act.withdraw().await?;
            return Err(Error::Conflict(Reused::Version));
        }
        if before.as_ref().is_none_or(|before| before.state == CountPlanState::Ended) {
            room(&mut act, &site).await?;
        }
        let place = match &before {
            // A place that was given up since still stands in it: it can be paused, and ended.
            Some(before) if before.place == code => before.location,
            _ => place::on_use(&mut act, site.store.id, code).await?.ok_or_else(|| {
                Error::from(Flaw::new("place", "unknown_place", format!("there is no place {code:?} in this store")))
            })?,
        };
        let last = before.as_ref().and_then(|before| before.last_on.as_deref());
        if last.is_some_and(|last| new.next_on.as_str() <= last) {
            let message = "it had its turn on that day; use a later one, or open a count by hand";
            return Err(Flaw::new("next_on", "day", message).into());
        }
        write(&mut act, &site, id, place, &new).await?;
        let plan = find(&mut act, id).await?.ok_or(Error::NotFound)?.told(&site.store.code);
        let (topic, told) = ("inventory.count_plan_saved", json!({ "plan": plan }));
        let code = site.store.code.clone();
        act.conclude(Event::Told { topic, store: site.store.id, subject: code, told }, 200, &plan).await?;
        Ok(plan)
    }
}

fn check(new: &NewCountPlan) -> Result<()> {
    let mut flaws = Vec::new();
    if new.by == CountBy::Items {
        flaws.push(Flaw::new("by", "items", "a plan chooses its items on the day; choose by what"));
    }
    if !(1..=MOST).contains(&new.most) {
        flaws.push(Flaw::new("most", "quantity", format!("choose 1 to {MOST} items")));
    }
    if !(1..=DAYS_MAX).contains(&new.every) {
        flaws.push(Flaw::new("every", "days", format!("use 1 to {DAYS_MAX} days")));
    }
    // In a year that people plan for.
    if day(&new.next_on).is_none_or(|day| !(2000..9000).contains(&day.year())) {
        flaws.push(Flaw::new("next_on", "day", "use a day such as 2026-12-01"));
    }
    check_text(&mut flaws, "note", new.note.as_deref(), 200);
    if flaws.is_empty() { Ok(()) } else { Err(Error::Invalid(flaws)) }
}

/// The plans that go on, of one store or of all; or that one, whatever became of it. What comes next is first.
async fn read(tx: &mut Tx, store: Option<StoreId>, id: Option<CountPlanId>) -> Result<Vec<Row>> {
    Ok(fetch_all!(
        tx,
        "select c.id, c.store, c.choice, c.location, l.code as place, l.name as place_name, c.most, c.every, c.next_on, c.note,
                c.state, c.version, c.author, c.last_on, c.last_paper, p.number as last_number, p.state as last_state,
                c.missed
         from inventory_count_plan c
         join inventory_location l on l.id = c.location
         left join inventory_paper p on p.id = c.last_paper
         where ($1 is null or c.store = $1) and (c.id = $2 or $2 is null and c.state <> 'ended')
         order by c.next_on, c.id",
        store,
        id
    )?)
}

async fn find(tx: &mut Tx, id: CountPlanId) -> Result<Option<Row>> {
    Ok(read(tx, None, Some(id)).await?.pop())
}

async fn room(act: &mut Act, site: &Site) -> Result<()> {
    let (there,): (i64,) = fetch_one!(
        act,
        "select count(*) from inventory_count_plan where store = $1 and state <> 'ended'",
        site.store.id
    )?;
    if there < PLANS_MAX {
        return Ok(());
    }
    Err(Flaw::new("store", "too_many", format!("a store has at most {PLANS_MAX} plans; end one first")).into())
}

async fn write(act: &mut Act, site: &Site, id: CountPlanId, place: LocationId, new: &NewCountPlan) -> Result<()> {
    let (journal, author) = (act.journal(), act.actor().name.clone());
    execute!(
        act,
        "insert into inventory_count_plan (id, store, choice, location, most, every, next_on, note, state, version,
                                           author, journal)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10, $11)
         on conflict (id) do update
         set choice = excluded.choice, location = excluded.location, most = excluded.most, every = excluded.every,
             next_on = excluded.next_on, note = excluded.note, state = excluded.state,
             version = inventory_count_plan.version + 1, author = excluded.author, journal = excluded.journal",
        id,
        site.store.id,
        new.by.name(),
        place,
        new.most,
        new.every,
        &new.next_on,
        new.note.as_deref(),
        new.state.name(),
        &author,
        journal
    )?;
    Ok(())
}

//! Exceptions: what the ledger could not make sense of, until a person, or a later fact, settles it.
//!
//! A balance that falls below zero opens one, and one that falls below what is promised of it; so do a code that nobody
//! knows, counts that disagree, and goods whose cost nobody has told. It closes by itself with whatever takes its cause
//! away (a late delivery, a count, an undo, a promise that is given up): nothing is left to set right then, and that act
//! says why.

pub(crate) mod code;
pub(crate) mod conflict;
pub(crate) mod cost;
mod list;
mod proof;

pub use list::ExceptionFilter;
pub(crate) use list::{of_item, open_count};
pub(crate) use proof::{Told, compare};

use crate::Inventory;
use crate::event::{Event, Opened};
use crate::item::ItemRow;
use crate::store::Site;
use auth::Act;
use db::{fetch_all, fetch_optional, query_rows};
use model::{
    Action, Actor, Channel, Error, ExceptionId, ExceptionKind, Flaw, ItemId, LocationId, PostingId, PromisePolicy,
    Result, Reused, StockException, StoreId, Time,
};
use serde::{Deserialize, Serialize};

/// What is written as the reason when a later posting closed it.
pub(crate) const COVERED: &str = "covered";
/// Something of a balance that may have gone through zero: from what, to what.
pub(crate) struct Crossing {
    kind: ExceptionKind,
    location: LocationId,
    item: ItemId,
    sku: String,
    before: i64,
    after: i64,
}

impl Crossing {
    /// What is on hand.
    pub(crate) fn through_zero(location: LocationId, item: &ItemRow, before: i64, after: i64) -> Self {
        Self { kind: ExceptionKind::Negative, location, item: item.id, sku: item.sku.clone(), before, after }
    }

    /// What is on hand, less what is promised of it. Where nothing is promised nobody loses, and where the policy
    /// allows it over every channel nobody is told: a balance does not know over which one came the promise that loses.
    pub(crate) fn through_promises(
        location: LocationId,
        item: &ItemRow,
        before: (i64, i64),
        after: (i64, i64),
    ) -> Self {
        let silent = Channel::ALL.into_iter().all(|channel| item.policy(channel) == PromisePolicy::Allow);
        let left = |(on_hand, promised): (i64, i64)| if promised == 0 || silent { 0 } else { on_hand - promised };
        let (before, after) = (left(before), left(after));
        Self { kind: ExceptionKind::Oversold, location, item: item.id, sku: item.sku.clone(), before, after }
    }

    /// Goods of a lot that may not be sold were sold.
    pub(crate) fn of_expired(location: LocationId, item: &ItemRow) -> Self {
        Self::of(ExceptionKind::ExpiredSale, location, item)
    }

    /// Whether serial numbers contradicted what is there, and whether they do now.
    pub(crate) fn of_serials(location: LocationId, item: &ItemRow, before: bool, after: bool) -> Self {
        let (kind, sku) = (ExceptionKind::SerialConflict, item.sku.clone());
        Self { kind, location, item: item.id, sku, before: -i64::from(before), after: -i64::from(after) }
    }

    /// Something is the matter with an item from now on.
    fn of(kind: ExceptionKind, location: LocationId, item: &ItemRow) -> Self {
        Self { kind, location, item: item.id, sku: item.sku.clone(), before: 0, after: -1 }
    }

    /// Nothing is the matter with an item any more.
    fn gone(kind: ExceptionKind, location: LocationId, item: ItemId) -> Self {
        Self { kind, location, item, sku: String::new(), before: -1, after: 0 }
    }

    /// Is it on the other side now?
    pub(crate) fn is_one(&self) -> bool {
        (self.before < 0) != (self.after < 0)
    }
}

/// Who is on an exception, as the journal tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// Which.
    pub exception: ExceptionId,
    /// The item, or the code.
    pub sku: String,
    /// Who is on it, by the name shown; nobody when it was given back.
    pub by: Option<String>,
}

/// How an exception ended, as the journal tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    /// Which.
    pub exception: ExceptionId,
    /// The item, or the code.
    pub sku: String,
    /// Why it is fine.
    pub reason: String,
}

#[derive(sqlx::FromRow)]
struct State {
    store: StoreId,
    store_code: String,
    location: String,
    kind: String,
    /// The item, or the code.
    sku: String,
    subject: String,
    item: ItemId,
    opened_by: PostingId,
    opened_at: Time,
    told_by: Option<String>,
    taken_name: Option<String>,
    state: String,
    resolution: Option<String>,
}

impl State {
    /// As other systems read it.
    fn told(self, id: ExceptionId) -> StockException {
        let Self { kind, sku, subject: code, store_code: store, location, opened_by, opened_at, .. } = self;
        let sku = if code.is_empty() { sku } else { String::new() };
        let (told_by, taken_by) = (self.told_by, self.taken_name);
        StockException { id, kind, sku, code, store, location, opened_by, opened_at, told_by, taken_by }
    }
}

impl Inventory {
    /// Marks an exception as one's own (`on`), or gives it back; answers with it.
    ///
    /// What someone else is on is taken over only when `over` says so; else [`Error::Conflict`] with
    /// [`Reused::Version`], as when it was settled meanwhile.
    pub async fn take_exception(&self, actor: &Actor, id: ExceptionId, on: bool, over: bool) -> Result<StockException> {
        let state = self.exception_state(actor, id).await?;
        let me = actor.principal.to_string();
        let mut act = self.auth.act(actor, Action::Adjust.at(state.store)).await?;
        let (by, journal) = (on.then(|| act.actor().name.clone()), act.journal());
        let changed = db::execute!(
            act,
            "update inventory_exception set taken_by = $2, taken_name = $3, journal = $4
             where id = $1 and state = 'open' and (taken_by is null or taken_by = $5 or $6 = 1)",
            id,
            on.then_some(&me),
            &by,
            journal,
            &me,
            i64::from(over)
        )?;
        if changed == 0 {
            act.withdraw().await?;
            return Err(Error::Conflict(Reused::Version));
        }
        let taken = Taken { exception: id, sku: state.sku.clone(), by: by.clone() };
        let (store, told) = (state.store, State { taken_name: by, ..state }.told(id));
        act.conclude(Event::ExceptionTaken { store, taken }, 200, &told).await?;
        Ok(told)
    }

    /// Closes an exception because nothing has to be done about it; the reason is 1 to 200 characters. Sending the
    /// same again changes nothing; one that ended otherwise meanwhile is [`Error::Conflict`]. Answers with it.
    pub async fn settle_exception(&self, actor: &Actor, id: ExceptionId, reason: &str) -> Result<StockException> {
        let mut flaws = Vec::new();
        crate::document::check_text(&mut flaws, "reason", Some(reason), 200);
        if let Some(flaw) = flaws.pop() {
            return Err(Flaw::into(flaw));
        }
        let state = self.exception_state(actor, id).await?;
        let mut act = self.auth.act(actor, Action::Adjust.at(state.store)).await?;
        let (name, journal) = (act.actor().name.clone(), act.journal());
        let changed = db::execute!(
            act,
            "update inventory_exception set state = 'settled', settled_at = $2, settled_by = $3, resolution = $4,
                                            journal = $5
             where id = $1 and state = 'open'",
            id,
            Time::now(),
            &name,
            reason,
            journal
        )?;
        if changed == 0 {
            act.withdraw().await?;
            // Somebody may have been faster since it was read.
            let state = self.exception_state(actor, id).await?;
            if state.state != "settled" || state.resolution.as_deref() != Some(reason) {
                return Err(Error::Conflict(Reused::Version));
            }
            let told = state.told(id);
            self.auth.keep_answer(actor, 200, &told, None).await?;
            return Ok(told);
        }
        let settled = Settled { exception: id, sku: state.sku.clone(), reason: reason.to_owned() };
        let (store, told) = (state.store, state.told(id));
        act.conclude(Event::ExceptionSettled { store, settled }, 200, &told).await?;
        Ok(told)
    }

    /// Is there such an exception for them, and may they settle it? Errors: `Forbidden`; [`Error::NotFound`].
    pub async fn may_settle(&self, actor: &Actor, id: ExceptionId) -> Result<()> {
        self.exception_state(actor, id).await.map(drop)
    }

    /// An exception of a store in which they may adjust; others are as good as not there.
    async fn exception_state(&self, actor: &Actor, id: ExceptionId) -> Result<State> {
        let mut tx = self.auth.read(actor, Action::Adjust.anywhere()).await?;
        let row: Option<State> = fetch_optional!(
            &mut tx,
            "select e.store, s.code as store_code, l.code as location, e.kind, coalesce(i.sku, e.subject) as sku, e.subject,
                    e.item, e.opened_by, e.opened_at, e.told_by, e.taken_name, e.state, e.resolution
             from inventory_exception e
             join inventory_store s on s.id = e.store
             join inventory_location l on l.id = e.location
             left join inventory_item i on i.id = e.item where e.id = $1",
            id
        )?;
        row.filter(|row| actor.scope(Action::Adjust).holds(row.store)).ok_or(Error::NotFound)
    }
}

/// Opens exceptions for what fell, where none is open yet; answers with those that it opened.
pub(crate) async fn open(
    act: &mut Act,
    site: &Site,
    by: PostingId,
    at: Time,
    crossings: &[Crossing],
) -> Result<Vec<Opened>> {
    let fallen = crossings.iter().filter(|crossing| crossing.after < 0);
    let new = fallen.map(|crossing| Opened {
        id: ExceptionId::new(),
        kind: crossing.kind.name().to_owned(),
        item: crossing.item,
        sku: crossing.sku.clone(),
        location: crossing.location,
        code: String::new(),
    });
    insert(act, site, by, at, new.collect(), None).await
}

/// Writes those down of which none like it is open; answers with them.
async fn insert(
    act: &mut Act,
    site: &Site,
    by: PostingId,
    at: Time,
    new: Vec<Opened>,
    told_by: Option<&str>,
) -> Result<Vec<Opened>> {
    let journal = act.journal();
    let rows: Vec<(ExceptionId,)> = query_rows!(
        act,
        "insert into inventory_exception (id, kind, store, location, item, opened_by, opened_at, state, journal, subject,
                                          told_by) ",
        &new,
        |row, opened| {
            row.push_bind(opened.id).push_bind(&opened.kind).push_bind(site.store.id).push_bind(opened.location);
            row.push_bind(opened.item).push_bind(by).push_bind(at).push_bind("open").push_bind(journal);
            row.push_bind(&opened.code).push_bind(told_by);
        },
        " on conflict do nothing returning id"
    )?;
    Ok(new.into_iter().filter(|opened| rows.iter().any(|(id,)| *id == opened.id)).collect())
}

/// Closes the exceptions of what came back from below zero; answers with them.
pub(crate) async fn cover(act: &mut Act, at: Time, crossings: &[Crossing]) -> Result<Vec<ExceptionId>> {
    let (name, journal) = (act.actor().name.clone(), act.journal());
    let mut closed = Vec::new();
    for crossing in crossings.iter().filter(|crossing| crossing.after >= 0) {
        let rows: Vec<(ExceptionId,)> = fetch_all!(
            act,
            "update inventory_exception set state = 'settled', settled_at = $3, settled_by = $4, resolution = $5,
                                            journal = $6
             where location = $1 and item = $2 and kind = $7 and state = 'open' returning id",
            crossing.location,
            crossing.item,
            at,
            &name,
            COVERED,
            journal,
            crossing.kind.name()
        )?;
        closed.extend(rows.into_iter().map(|(id,)| id));
    }
    Ok(closed)
}

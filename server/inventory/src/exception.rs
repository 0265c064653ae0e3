//! Exceptions: what the ledger could not make sense of, until a person, or a later fact, settles it.
//!
//! A balance that falls below zero opens one, and one that falls below what is promised of it. It closes by itself with
//! whatever brings it back (a late delivery, a count, an undo, a promise that is given up): nothing is left to set right
//! then, and that act says why.

use crate::event::{Event, Opened, Posted};
use crate::item::ItemRow;
use crate::promise::Promised;
use crate::store::Site;
use crate::verify::{Finding, find};
use crate::{Inventory, history, ledger};
use auth::Act;
use db::{Tx, fetch_all, fetch_one, fetch_optional, query_rows};
use model::{
    Action, Actor, Error, ExceptionId, Flaw, ItemId, JournalId, LocationId, OpenException, Page, PostingId,
    PromisePolicy, Quantity, Result, Reused, StockException, StoreId, Time,
};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// The most that are listed at once.
const LISTED: i64 = 200;
/// What is written as the reason when a later posting closed it.
pub(crate) const COVERED: &str = "covered";
/// A balance below zero.
const NEGATIVE: &str = "negative";
/// A balance below what is promised of it.
const OVERSOLD: &str = "oversold";
/// A sale of what may not be sold any more.
pub(crate) const EXPIRED: &str = "expired_sale";

/// Something of a balance that may have gone through zero: from what, to what.
pub(crate) struct Crossing {
    kind: &'static str,
    location: LocationId,
    item: ItemId,
    sku: String,
    before: i64,
    after: i64,
}

impl Crossing {
    /// What is on hand.
    pub(crate) fn through_zero(location: LocationId, item: &ItemRow, before: i64, after: i64) -> Self {
        Self { kind: NEGATIVE, location, item: item.id, sku: item.sku.clone(), before, after }
    }

    /// What is on hand, less what is promised of it. Where nothing is promised nobody loses, and where the policy allows
    /// it nobody is told.
    pub(crate) fn through_promises(
        location: LocationId,
        item: &ItemRow,
        before: (i64, i64),
        after: (i64, i64),
    ) -> Self {
        let silent = item.promise_policy == PromisePolicy::Allow.name();
        let left = |(on_hand, promised): (i64, i64)| if promised == 0 || silent { 0 } else { on_hand - promised };
        let (before, after) = (left(before), left(after));
        Self { kind: OVERSOLD, location, item: item.id, sku: item.sku.clone(), before, after }
    }

    /// Goods of a lot that may not be sold were sold.
    pub(crate) fn of_expired(location: LocationId, item: &ItemRow) -> Self {
        Self { kind: EXPIRED, location, item: item.id, sku: item.sku.clone(), before: 0, after: -1 }
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
    /// The item.
    pub sku: String,
    /// Who is on it, by the name shown; nobody when it was given back.
    pub by: Option<String>,
}

/// How an exception ended, as the journal tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    /// Which.
    pub exception: ExceptionId,
    /// The item.
    pub sku: String,
    /// Why it is fine.
    pub reason: String,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: ExceptionId,
    kind: String,
    sku: String,
    name: String,
    store: String,
    location: String,
    opened_by: PostingId,
    opened_at: Time,
    taken_by: Option<String>,
    taken_name: Option<String>,
    on_hand: Quantity,
    version: i64,
}

impl From<Row> for StockException {
    fn from(row: Row) -> Self {
        let Row { id, kind, sku, store, location, opened_by, opened_at, .. } = row;
        Self { id, kind, sku, store, location, opened_by, opened_at }
    }
}

#[derive(sqlx::FromRow)]
struct State {
    store: StoreId,
    sku: String,
    state: String,
    resolution: Option<String>,
}

impl Inventory {
    /// Open exceptions of a store, oldest first, at most 200, each with the posting that opened it.
    pub async fn exceptions(&self, actor: &Actor, store: &str) -> Result<Page<OpenException>> {
        let site = self.site(actor, Action::SeeStock, store).await?;
        let mut tx = self.auth.read(actor, Action::SeeStock.at(site.store.id)).await?;
        let rows = open_rows(&mut tx, site.store.id).await?;
        let openers: Vec<PostingId> = rows.iter().map(|row| row.opened_by).collect();
        let openers = history::lines_of(&mut tx, actor, &openers).await?;
        let me = actor.principal.to_string();
        let data = rows.into_iter().map(|row| OpenException {
            name: row.name.clone(),
            on_hand: row.on_hand,
            version: row.version,
            opener: openers.get(&row.opened_by).cloned(),
            taken_by: row.taken_name.clone(),
            mine: row.taken_by.as_ref() == Some(&me),
            exception: row.into(),
        });
        let data = data.collect();
        Ok(Page { data, as_of: self.auth.log().head(&mut tx).await?, next: None })
    }

    /// Marks an exception as one's own (`on`), or gives it back.
    ///
    /// What someone else is on is taken over only when `over` says so; else [`Error::Conflict`] with
    /// [`Reused::Version`], as when it was settled meanwhile.
    pub async fn take_exception(&self, actor: &Actor, id: ExceptionId, on: bool, over: bool) -> Result<()> {
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
        let taken = Taken { exception: id, sku: state.sku, by };
        act.commit(Event::ExceptionTaken { store: state.store, taken }).await?;
        Ok(())
    }

    /// Closes an exception because nothing has to be done about it; the reason is 1 to 200 characters. Sending the
    /// same again changes nothing; one that ended otherwise meanwhile is [`Error::Conflict`].
    pub async fn settle_exception(&self, actor: &Actor, id: ExceptionId, reason: &str) -> Result<()> {
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
            let same = state.state == "settled" && state.resolution.as_deref() == Some(reason);
            return if same { Ok(()) } else { Err(Error::Conflict(Reused::Version)) };
        }
        let settled = Settled { exception: id, sku: state.sku, reason: reason.to_owned() };
        act.commit(Event::ExceptionSettled { store: state.store, settled }).await?;
        Ok(())
    }

    /// An exception of a store in which they may adjust; others are as good as not there.
    async fn exception_state(&self, actor: &Actor, id: ExceptionId) -> Result<State> {
        let mut tx = self.auth.read(actor, Action::Adjust.anywhere()).await?;
        let row: Option<State> = fetch_optional!(
            &mut tx,
            "select e.store, i.sku, e.state, e.resolution
             from inventory_exception e join inventory_item i on i.id = e.item where e.id = $1",
            id
        )?;
        row.filter(|row| actor.scope(Action::Adjust).holds(row.store)).ok_or(Error::NotFound)
    }
}

macro_rules! open_rows {
    ($tx:expr, $where:literal, $($bind:expr),*) => {
        fetch_all!(
            $tx,
            concat!(
                "select e.id, e.kind, i.sku, i.name, s.code as store, l.code as location, e.opened_by, e.opened_at,
                        e.taken_by, e.taken_name, coalesce(b.on_hand, 0) as on_hand, coalesce(b.version, 0) as version
                 from inventory_exception e
                 join inventory_store s on s.id = e.store
                 join inventory_location l on l.id = e.location
                 join inventory_item i on i.id = e.item
                 left join inventory_balance b on b.location = e.location and b.item = e.item and b.lot = $2
                                              and b.condition = $3
                 where e.store = $1 and e.state = 'open' and ",
                $where,
                " order by e.opened_at, e.id limit $4"
            ),
            $($bind),*
        )
    };
}

async fn open_rows(tx: &mut Tx, store: StoreId) -> Result<Vec<Row>> {
    Ok(open_rows!(tx, "e.kind <> ''", store, ledger::NO_LOT, ledger::SELLABLE, LISTED)?)
}

/// What is open about one item.
pub(crate) async fn of_item(tx: &mut Tx, store: StoreId, item: ItemId) -> Result<Vec<StockException>> {
    let rows: Vec<Row> = open_rows!(tx, "e.item = $5", store, ledger::NO_LOT, ledger::SELLABLE, LISTED, item)?;
    Ok(rows.into_iter().map(StockException::from).collect())
}

/// How many are open.
pub(crate) async fn open_count(tx: &mut Tx, store: StoreId) -> Result<i64> {
    let (count,): (i64,) =
        fetch_one!(tx, "select count(*) from inventory_exception where store = $1 and state = 'open'", store)?;
    Ok(count)
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
        kind: crossing.kind.to_owned(),
        item: crossing.item,
        sku: crossing.sku.clone(),
        location: crossing.location,
    });
    let (new, journal): (Vec<Opened>, _) = (new.collect(), act.journal());
    let rows: Vec<(ExceptionId,)> = query_rows!(
        act,
        "insert into inventory_exception (id, kind, store, location, item, opened_by, opened_at, state, journal) ",
        &new,
        |row, opened| {
            row.push_bind(opened.id).push_bind(&opened.kind).push_bind(site.store.id).push_bind(opened.location);
            row.push_bind(opened.item).push_bind(by).push_bind(at).push_bind("open").push_bind(journal);
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
            crossing.kind
        )?;
        closed.extend(rows.into_iter().map(|(id,)| id));
    }
    Ok(closed)
}

/// The exceptions as the journal tells them: whether settled and why, and who is on them.
#[derive(Default)]
pub(crate) struct Told(HashMap<ExceptionId, (Option<String>, Option<String>)>);

impl Told {
    fn opened_and_closed(&mut self, opened: &[Opened], closed: &[ExceptionId]) {
        self.0.extend(opened.iter().map(|opened| (opened.id, (None, None))));
        for id in closed {
            self.0.entry(*id).or_default().0 = Some(COVERED.to_owned());
        }
    }

    /// Takes in one journal line, in order.
    pub(crate) fn hear(&mut self, line: &log::Line) {
        if let Some(posted) = Posted::of(line) {
            self.opened_and_closed(&posted.exceptions, &posted.closed);
        }
        if let Some(promised) = Promised::of(line) {
            self.opened_and_closed(&promised.exceptions, &promised.closed);
        }
        if line.topic == "inventory.exception_taken"
            && let Ok(taken) = serde_json::from_str::<Taken>(&line.body)
        {
            self.0.entry(taken.exception).or_default().1 = taken.by;
        }
        if line.topic == "inventory.exception_settled"
            && let Ok(settled) = serde_json::from_str::<Settled>(&line.body)
        {
            self.0.entry(settled.exception).or_default().0 = Some(settled.reason);
        }
    }
}

/// Compares them with the table; what is committed and waits for its seal is left out.
pub(crate) async fn compare(tx: &mut Tx, told: Told, waiting: &[JournalId], findings: &mut Vec<Finding>) -> Result<()> {
    type Kept = (ExceptionId, String, Option<String>, Option<String>, Option<JournalId>);
    let rows: Vec<Kept> = fetch_all!(tx, "select id, state, resolution, taken_name, journal from inventory_exception")?;
    let mut told = told.0;
    for (id, state, resolution, taken, journal) in rows {
        let said = told.remove(&id);
        let same = said.is_some_and(|said| said == (resolution, taken)) && matches!(&*state, "open" | "settled");
        if !same && !journal.is_some_and(|journal| waiting.contains(&journal)) {
            find(findings, EXCEPTIONS, format!("exception {id} is {state}, which is not what the journal says"));
        }
    }
    for id in told.into_keys() {
        find(findings, EXCEPTIONS, format!("exception {id} is missing, and the journal tells of it"));
    }
    Ok(())
}

const EXCEPTIONS: &str = "an exception is what the journal says";

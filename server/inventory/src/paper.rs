//! Documents that live: each has a number, is taken for a step by one at a time, and the journal tells of every step.
//!
//! What all kinds share is here and in one table. Their lines, states and rules are in modules of their own.

use crate::store::Site;
use crate::verify::{Finding, find};
use crate::{Inventory, approval};
use auth::Act;
use db::{Tx, execute, fetch_all, fetch_one, fetch_optional};
use model::{
    Action, Actor, Approver, COUNT_REACH, Error, JournalId, Money, PaperId, PaperKind, PaperStep, Refusal, Result,
    Reused, StoreId, Time,
};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use uuid::Uuid;

/// The head of a document.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Paper {
    pub(crate) id: PaperId,
    #[sqlx(try_from = "String")]
    pub(crate) kind: PaperKind,
    pub(crate) store: StoreId,
    /// Where goods arrive, when that is another store.
    pub(crate) to_store: Option<StoreId>,
    /// The supplier or the customer.
    pub(crate) party: Option<Uuid>,
    pub(crate) number: String,
    pub(crate) state: String,
    /// Rises by one with each step.
    pub(crate) version: i64,
    pub(crate) content_hash: Vec<u8>,
    /// The other side's number.
    pub(crate) reference: Option<String>,
    pub(crate) note: Option<String>,
    /// A day, `2026-11-29`.
    pub(crate) due_on: Option<String>,
    /// Who wrote it: `person:<id>`, and the name shown.
    pub(crate) principal: String,
    pub(crate) author: String,
    pub(crate) approved_by: Option<String>,
    pub(crate) approver: Option<String>,
    pub(crate) created_at: Time,
    pub(crate) changed_at: Time,
}

/// A document to be opened.
pub(crate) struct NewPaper<'a> {
    pub(crate) id: PaperId,
    pub(crate) kind: PaperKind,
    pub(crate) to_store: Option<StoreId>,
    pub(crate) party: Option<Uuid>,
    pub(crate) state: &'static str,
    /// SHA-256 of what was sent: the same id with another hash is a conflict.
    pub(crate) hash: &'a [u8],
    pub(crate) reference: Option<&'a str>,
    pub(crate) note: Option<&'a str>,
    pub(crate) due_on: Option<&'a str>,
}

/// What became of a document to be opened.
pub(crate) enum Opened {
    /// It is there, if the act is committed.
    Now(Box<Paper>),
    /// It was there before, with the same content; the act is to be withdrawn.
    Before(Box<Paper>),
}

/// A step of a document that moved no goods, as the journal tells it; with goods, [`crate::Posted`] tells it.
#[derive(Clone, Debug)]
pub struct Stepped {
    /// `inventory.` and what happened.
    pub(crate) topic: &'static str,
    /// The store whose line it is.
    pub(crate) store: StoreId,
    /// The document after it.
    pub(crate) step: PaperStep,
    /// What else is to be known of it.
    pub(crate) told: serde_json::Value,
}

/// Who wrote what somebody else approved: it is theirs in the ledger, and theirs to undo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    /// `person:<id>` or `key:<id>`.
    pub principal: String,
    /// The name shown.
    pub name: String,
    /// On which device it was told.
    pub device: String,
}

/// Reads a document's columns; what follows the table is the macro's caller's.
macro_rules! paper_columns {
    () => {
        "id, kind, store, to_store, party, number, state, version, content_hash, reference, note, due_on, principal,
         author, approved_by, approver, created_at, changed_at"
    };
}
pub(crate) use paper_columns;

impl Paper {
    /// The step that brought it to where it is.
    pub(crate) fn step(&self) -> PaperStep {
        PaperStep {
            kind: self.kind,
            id: self.id,
            number: self.number.clone(),
            version: self.version,
            state: self.state.clone(),
            stores: std::iter::once(self.store).chain(self.to_store).collect(),
        }
    }

    /// Was it that version that the author of the step under way looked at? Errors: [`Reused::Version`].
    pub(crate) fn seen(&self, seen: Option<i64>) -> Result<()> {
        let same = seen.is_none_or(|seen| seen + 1 == self.version);
        if same { Ok(()) } else { Err(Error::Conflict(Reused::Version)) }
    }

    /// The refusal of what is not done in its state.
    pub(crate) fn wrong_state(&self) -> Error {
        Refusal::WrongState { state: self.state.clone() }.into()
    }
}

/// How many documents of a kind stand in a state in a store, counted up to one more than [`COUNT_REACH`].
pub(crate) async fn count(tx: &mut Tx, store: StoreId, kind: PaperKind, state: &str) -> Result<i64> {
    let (count,): (i64,) = fetch_one!(
        tx,
        "select count(*) from (
             select 1 as row from inventory_paper where store = $1 and kind = $2 and state = $3 limit $4) counted",
        store,
        kind.name(),
        state,
        COUNT_REACH + 1
    )?;
    Ok(count)
}

/// Opens a document under the store's next number of its kind.
///
/// Errors: [`Error::Conflict`] with [`Reused::Id`] when the id was used before with other content.
pub(crate) async fn open(act: &mut Act, site: &Site, new: NewPaper<'_>) -> Result<Opened> {
    if let Some(before) = before(act, &new).await? {
        return Ok(Opened::Before(before));
    }
    // From here on nobody else opens one of that kind there: a twin waits.
    let (place,): (i64,) = fetch_one!(
        act,
        "insert into inventory_paper_number (store, kind, next) values ($1, $2, 2)
         on conflict (store, kind) do update set next = inventory_paper_number.next + 1 returning next - 1",
        site.store.id,
        new.kind.name()
    )?;
    let number = format!("{}-{}-{place}", new.kind.prefix(), site.store.code);
    let (principal, author, journal) = (act.actor().principal.to_string(), act.actor().name.clone(), act.journal());
    let paper: Option<Paper> = fetch_optional!(
        act,
        concat!(
            "insert into inventory_paper (id, kind, store, to_store, party, number, state, version, content_hash, reference,
                                          note, due_on, principal, author, created_at, changed_at, journal)
             values ($1, $2, $3, $4, $5, $6, $7, 1, $8, $9, $10, $11, $12, $13, $14, $14, $15)
             on conflict (id) do nothing returning ",
            paper_columns!()
        ),
        new.id,
        new.kind.name(),
        site.store.id,
        new.to_store,
        new.party,
        &number,
        new.state,
        new.hash,
        new.reference,
        new.note,
        new.due_on,
        &principal,
        &author,
        Time::now(),
        journal
    )?;
    match paper {
        Some(paper) => Ok(Opened::Now(Box::new(paper))),
        None => before(act, &new).await?.map(Opened::Before).ok_or(Error::NotFound),
    }
}

async fn before(act: &mut Act, new: &NewPaper<'_>) -> Result<Option<Box<Paper>>> {
    match find_paper(act, new.id).await? {
        Some(paper) if paper.kind == new.kind && paper.content_hash == new.hash => Ok(Some(Box::new(paper))),
        Some(_) => Err(Error::Conflict(Reused::Id)),
        None => Ok(None),
    }
}

/// The document of that id.
pub(crate) async fn find_paper(tx: &mut Tx, id: PaperId) -> Result<Option<Paper>> {
    Ok(fetch_optional!(tx, concat!("select ", paper_columns!(), " from inventory_paper where id = $1"), id)?)
}

/// Takes a document for its next step: nobody else takes it until the act ends, and its version has risen. `seen` is the
/// version that the caller looked at, where that matters.
///
/// Errors: [`Error::NotFound`]; [`Error::Conflict`] with [`Reused::Version`] when it had another version.
pub(crate) async fn take(act: &mut Act, kind: PaperKind, id: PaperId, seen: Option<i64>) -> Result<Paper> {
    let journal = act.journal();
    let paper: Option<Paper> = fetch_optional!(
        act,
        concat!(
            "update inventory_paper set version = version + 1, changed_at = $3, journal = $4
             where id = $1 and kind = $2 returning ",
            paper_columns!()
        ),
        id,
        kind.name(),
        Time::now(),
        journal
    )?;
    let paper = paper.ok_or(Error::NotFound)?;
    paper.seen(seen)?;
    Ok(paper)
}

/// Brings a taken document to that state.
pub(crate) async fn enter(act: &mut Act, paper: &mut Paper, state: &'static str) -> Result<()> {
    execute!(act, "update inventory_paper set state = $2 where id = $1", paper.id, state)?;
    state.clone_into(&mut paper.state);
    Ok(())
}

/// Writes down who approved a taken document. Errors: as [`approve_as`], when `value` is above the store's limit.
pub(crate) async fn approve(act: &mut Act, paper: &mut Paper, value: Money) -> Result<()> {
    let approver = approval::approver(act, paper.store, paper.kind, value).await?;
    approve_as(act, paper, approver).await
}

/// Writes down who approved a taken document; with an approver it has to be one, and nobody who wrote some of it. Errors:
/// [`Refusal::OwnWork`]; [`Refusal::OnlyAdministrator`] and [`Refusal::OnlyChief`] when the store leaves it to one.
pub(crate) async fn approve_as(act: &mut Act, paper: &mut Paper, approver: Option<Approver>) -> Result<()> {
    let (principal, name) = (act.actor().principal.to_string(), act.actor().name.clone());
    if let Some(approver) = approver {
        let actor = act.actor().clone();
        if wrote(act, &actor, paper).await? {
            return Err(Refusal::OwnWork.into());
        }
        if !actor.approves(paper.store, approver) {
            return Err(only(approver));
        }
    }
    execute!(
        act,
        "update inventory_paper set approved_by = $2, approver = $3 where id = $1",
        paper.id,
        &principal,
        &name
    )?;
    (paper.approved_by, paper.approver) = (Some(principal), Some(name));
    Ok(())
}

/// The refusal of whoever is not strict enough.
pub(crate) fn only(approver: Approver) -> Error {
    let refusal = if approver == Approver::Chief { Refusal::OnlyChief } else { Refusal::OnlyAdministrator };
    refusal.into()
}

/// Writes down that whoever acts wrote some of it, or moved goods by it, beside who opened it: above the limit none of them
/// approves it, or writes off what is missing.
pub(crate) async fn written(act: &mut Act, paper: PaperId) -> Result<()> {
    let writer = act.actor().principal.to_string();
    execute!(
        act,
        "insert into inventory_paper_writer (paper, principal) values ($1, $2) on conflict do nothing",
        paper,
        &writer
    )?;
    Ok(())
}

/// Did they open it, write some of it or move goods by it?
pub(crate) async fn wrote(tx: &mut Tx, actor: &Actor, paper: &Paper) -> Result<bool> {
    let me = actor.principal.to_string();
    if paper.principal == me {
        return Ok(true);
    }
    let row: Option<(PaperId,)> = fetch_optional!(
        tx,
        "select paper from inventory_paper_writer where paper = $1 and principal = $2",
        paper.id,
        me
    )?;
    Ok(row.is_some())
}

impl Inventory {
    /// A document that they may see, and its stores' site. What is not theirs is as good as none.
    pub(crate) async fn paper(&self, actor: &Actor, kind: PaperKind, id: PaperId) -> Result<Paper> {
        let mut tx = self.auth.read(actor, Action::SeeStock.anywhere()).await?;
        let paper = find_paper(&mut tx, id).await?.filter(|paper| paper.kind == kind).ok_or(Error::NotFound)?;
        let scope = actor.scope(Action::SeeStock);
        let theirs = paper.step().stores.into_iter().any(|store| scope.holds(store));
        if theirs { Ok(paper) } else { Err(Error::NotFound) }
    }
}

/// The steps of documents that a journal line tells of.
#[must_use]
pub fn steps(line: &log::Line) -> Vec<PaperStep> {
    #[derive(Deserialize)]
    struct Told {
        step: Option<PaperStep>,
        #[serde(default)]
        steps: Vec<PaperStep>,
    }
    // Most lines are sales, and long; only a few of all name a document.
    if !line.topic.starts_with("inventory.") || !line.body.contains("\"step") {
        return Vec::new();
    }
    serde_json::from_str::<Told>(&line.body)
        .map(|told| told.step.into_iter().chain(told.steps).collect())
        .unwrap_or_default()
}

/// The documents as the journal's lines make them: version and state after the last step of each.
#[derive(Default)]
pub(crate) struct Told(HashMap<PaperId, (i64, String)>);

impl Told {
    /// Takes in one journal line, in order; a step that is not the next one is told.
    pub(crate) fn hear(&mut self, line: &log::Line, findings: &mut Vec<Finding>) {
        for step in steps(line) {
            let before = self.0.insert(step.id, (step.version, step.state)).map_or(0, |(version, _)| version);
            if step.version != before + 1 {
                let what =
                    format!("{} goes from version {before} to {} in line {}", step.number, step.version, line.seq);
                find(findings, PAPERS, what);
            }
        }
    }
}

/// Compares them with the table; what is committed and waits for its seal is left out.
pub(crate) async fn compare(tx: &mut Tx, told: Told, waiting: &[JournalId], findings: &mut Vec<Finding>) -> Result<()> {
    let rows: Vec<(PaperId, String, String, i64, JournalId)> =
        fetch_all!(tx, "select id, number, state, version, journal from inventory_paper")?;
    let mut told = told.0;
    for (id, number, state, version, journal) in rows {
        let same = told.remove(&id).is_some_and(|said| said == (version, state));
        if !same && !waiting.contains(&journal) {
            find(findings, PAPERS, format!("document {number} is not what the journal says"));
        }
    }
    for id in told.into_keys() {
        find(findings, PAPERS, format!("document {id} is missing, and the journal tells of it"));
    }
    Ok(())
}

const PAPERS: &str = "a document is what the journal says";

//! What goods cost, as it is told after they came. Nothing moves by it: Report makes the worth of the stock of it.

use crate::news::{Changes, added};
use crate::{Event, Inventory, document, exception, reverse};
use db::{Tx, fetch_all, fetch_optional, query_rows};
use model::{
    Action, Actor, Costing, DocumentKind, Error, ExceptionId, Flaw, ItemId, ItemKind, JournalId, Money, NewCosts,
    PostingId, Refusal, Result, Reused, StoreId, Time,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// How many lines of a delivery are told of at most.
const LINES_MAX: usize = 1_000;

/// A line of a delivery, and what one of it cost, if that was told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CostedLine {
    /// The line.
    pub line: i64,
    /// Its item.
    pub item: ItemId,
    /// What one cost.
    pub cost: Option<Money>,
}

/// What a delivery cost, as its journal line tells it: with all of its stocked lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Costed {
    /// The telling's own id.
    pub id: PostingId,
    /// The delivery.
    pub receipt: PostingId,
    /// Where it came.
    pub store: StoreId,
    /// When it was told, on the store's own clock.
    pub local: String,
    /// Its stocked lines.
    pub lines: Vec<CostedLine>,
    /// Freight and the like of all of them.
    pub landed: Money,
    /// What that is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub what: Option<String>,
    /// The journal line of an earlier telling, whose landed costs it takes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undoes: Option<i64>,
    /// The exceptions that it closed: somebody had to say it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub closed: Vec<ExceptionId>,
}

impl Costed {
    /// What a journal line tells of the cost of a delivery, if it does.
    #[must_use]
    pub fn of(line: &log::Line) -> Option<Self> {
        (line.topic == "inventory.costs_told").then(|| serde_json::from_str(&line.body).ok()).flatten()
    }
}

/// Which items a journal line says are costed how from now on.
#[must_use]
pub fn costings(line: &log::Line) -> Vec<(ItemId, Costing)> {
    if let Some(items) = added(line) {
        let unusual = items.into_iter().filter(|item| item.costing != Costing::default());
        return unusual.map(|item| (item.id, item.costing)).collect();
    }
    let changes = Changes::of(line).unwrap_or_default().changes;
    changes.into_iter().filter_map(|change| Some((change.item, change.after.costing?))).collect()
}

#[derive(sqlx::FromRow)]
struct Delivery {
    kind: String,
    store: StoreId,
    code: String,
    undone_by: Option<PostingId>,
}

impl Inventory {
    /// May they tell what that delivery cost? Errors: `NotFound` for one that is not there or not theirs; `Forbidden`.
    pub async fn permit_costs(&self, actor: &Actor, receipt: PostingId) -> Result<()> {
        let mut tx = self.auth.read(actor, Action::Receive.anywhere()).await?;
        let delivery = delivery(&mut tx, receipt).await?;
        drop(tx);
        self.site(actor, Action::Receive, &delivery.code).await.map(drop)
    }

    /// Writes down what a delivery cost, after it came. Nothing is changed that was said before: what it makes the stock
    /// worth, and what was sold of it, follows in the reports from now on. Freight is taken back by those who may undo a
    /// delivery: its author within 15 minutes, and whoever may undo anything.
    ///
    /// # Errors
    /// `NotFound` for a delivery that is not there or not theirs; `Refused(AlreadyReversed)` when it, or what it would
    /// take back, was undone; `Refused(UndoClosed)`; `Invalid`; `Conflict(Id)` when the id came with something else before.
    pub async fn tell_costs(&self, actor: &Actor, receipt: PostingId, new: NewCosts) -> Result<NewCosts> {
        let flaws = flaws(&new);
        if !flaws.is_empty() {
            return Err(Error::Invalid(flaws));
        }
        let mut tx = self.auth.read(actor, Action::Receive.anywhere()).await?;
        let delivery = delivery(&mut tx, receipt).await?;
        let lines = lines(&mut tx, receipt, &new).await?;
        drop(tx);
        let (right, undoes) = match new.undoes {
            Some(telling) => {
                let line = self.telling(actor, receipt, telling).await?;
                let (store, kind) = (delivery.store, DocumentKind::Receipt);
                (reverse::right(actor, store, &line.principal, line.at, kind)?, Some(line.seq))
            }
            None => (Action::Receive, None),
        };
        let site = self.site(actor, right, &delivery.code).await?;
        if delivery.undone_by.is_some() {
            return Err(Refusal::AlreadyReversed.into());
        }
        let mut act = self.auth.act(actor, right.at(delivery.store)).await?;
        let json = serde_json::to_vec(&(receipt, &new)).expect("these types hold nothing that JSON cannot say");
        let (hash, journal) = (Sha256::digest(json).to_vec(), act.journal());
        if !register(&mut act, &new, &hash, receipt, journal).await? {
            let known: Option<(Vec<u8>,)> =
                fetch_optional!(act, "select payload_hash from inventory_cost where id = $1", new.id)?;
            // What was seen may be a twin's that is not on disk yet.
            act.withdraw().await?;
            match known {
                // Somebody else took the same back.
                None => return Err(Refusal::AlreadyReversed.into()),
                Some((known,)) if known != hash => return Err(Error::Conflict(Reused::Id)),
                Some(_) => {}
            }
            self.auth.keep_answer(actor, 201, &new, None).await?;
            return Ok(new);
        }
        let local = site.local(new.occurred_at.unwrap_or_else(Time::now));
        let (id, store, landed) = (new.id, delivery.store, new.landed.unwrap_or_default());
        let told: Vec<ItemId> = lines.iter().filter(|line| line.cost.is_some()).map(|line| line.item).collect();
        let closed = exception::cost::told(&mut act, &site, &told).await?;
        let what = new.what.clone();
        let costed = Costed { id, receipt, store, local, lines, landed, what, undoes, closed };
        act.conclude(Event::CostsTold(costed), 201, &new).await?;
        Ok(new)
    }

    /// The journal line of an earlier telling about that delivery, which added something.
    async fn telling(&self, actor: &Actor, receipt: PostingId, telling: PostingId) -> Result<log::Line> {
        let nothing = || Flaw::new("undoes", "unknown_telling", "name one that added landed costs to this delivery");
        let mut tx = self.auth.read(actor, Action::Receive.anywhere()).await?;
        let sql = "select journal from inventory_cost where id = $1 and receipt = $2";
        let known: Option<(JournalId,)> = fetch_optional!(&mut tx, sql, telling, receipt)?;
        // The journal is asked through a connection of its own.
        drop(tx);
        let (journal,) = known.ok_or_else(nothing)?;
        let seq = self.auth.log().seq_of(journal).await.ok_or(Error::Busy)?;
        let mut tx = self.auth.read(actor, Action::Receive.anywhere()).await?;
        let line = self.auth.log().read(&mut tx, seq - 1, 1).await?.pop();
        let added = |line: &log::Line| Costed::of(line).is_some_and(|costed| costed.landed > Money::ZERO);
        Ok(line.filter(added).ok_or_else(nothing)?)
    }
}

/// Takes the id for this telling; `false` when it is taken, or what it would take back was taken back before.
async fn register(tx: &mut Tx, new: &NewCosts, hash: &[u8], receipt: PostingId, journal: JournalId) -> Result<bool> {
    let taken: Vec<(PostingId,)> = query_rows!(
        tx,
        "insert into inventory_cost (id, payload_hash, receipt, journal, undoes) ",
        &[new],
        |row, new| {
            row.push_bind(new.id).push_bind(hash.to_vec()).push_bind(receipt).push_bind(journal);
            row.push_bind(new.undoes);
        },
        " on conflict do nothing returning id"
    )?;
    Ok(!taken.is_empty())
}

async fn delivery(tx: &mut Tx, receipt: PostingId) -> Result<Delivery> {
    let row: Option<Delivery> = fetch_optional!(
        tx,
        "select p.kind, p.store, s.code, u.id as undone_by
         from inventory_posting p join inventory_store s on s.id = p.store
         left join inventory_posting u on u.reverses = p.id
         where p.id = $1 and p.outcome = 'posted'",
        receipt
    )?;
    row.filter(|row| row.kind == DocumentKind::Receipt.name()).ok_or(Error::NotFound)
}

/// The delivery's stocked lines with what is told of them.
async fn lines(tx: &mut Tx, receipt: PostingId, new: &NewCosts) -> Result<Vec<CostedLine>> {
    let rows: Vec<(i64, ItemId, String)> = fetch_all!(
        tx,
        "select m.line, m.item, i.kind from inventory_movement m join inventory_item i on i.id = m.item
         where m.posting = $1 order by m.line",
        receipt
    )?;
    let mut flaws = Vec::new();
    for (nth, told) in new.lines.iter().enumerate() {
        let kind = rows.iter().find(|(line, ..)| *line == told.line).map(|(.., kind)| kind.as_str());
        if kind != Some(ItemKind::Stocked.name()) {
            let message = "the delivery has no such line of goods; lines count from 1";
            flaws.push(Flaw::new(format!("lines[{nth}].line"), "unknown_line", message));
        }
    }
    if !flaws.is_empty() {
        return Err(Error::Invalid(flaws));
    }
    let stocked = rows.into_iter().filter(|(.., kind)| kind == ItemKind::Stocked.name());
    let costed = stocked.map(|(line, item, _)| {
        let cost = new.lines.iter().find(|told| told.line == line).map(|told| told.unit_cost);
        CostedLine { line, item, cost }
    });
    Ok(costed.collect())
}

fn flaws(new: &NewCosts) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    document::check_time(&mut flaws, new.occurred_at);
    document::check_text(&mut flaws, "what", new.what.as_deref(), 200);
    if new.undoes.is_some() && !(new.lines.is_empty() && new.landed.is_none()) {
        flaws.push(Flaw::new("undoes", "undo_alone", "tell costs by a telling of its own"));
    }
    if new.lines.len() > LINES_MAX || (new.lines.is_empty() && new.landed.is_none() && new.undoes.is_none()) {
        let message = format!("tell what 1 to {LINES_MAX} lines cost, or the landed costs of all of them");
        flaws.push(Flaw::new("lines", "line_count", message));
    }
    let out = |money: Money| money < Money::ZERO || money > Money::PRICE_MAX;
    for (nth, told) in new.lines.iter().enumerate().take(LINES_MAX) {
        if out(told.unit_cost) {
            let message = "use a cost from 0 to 1000000000";
            flaws.push(Flaw::new(format!("lines[{nth}].unit_cost"), "unit_cost", message));
        }
        if new.lines.iter().take(nth).any(|before| before.line == told.line) {
            flaws.push(Flaw::new(format!("lines[{nth}].line"), "line_twice", "name each line once"));
        }
    }
    if new.landed.is_some_and(out) {
        flaws.push(Flaw::new("landed", "landed", "use an amount from 0 to 1000000000"));
    }
    flaws
}

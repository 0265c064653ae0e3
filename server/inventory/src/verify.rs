//! Proof: every balance rebuilt from its movements, every movement compared with its journal line.

use crate::balance::{Balance, Key, NO_LOT};
use crate::event::{Event, Moved, Posted};
use crate::promise::proof;
use crate::{
    Inventory, arrival, correction, counting, exception, index, kit, ledger, limit, lot, narrow, paper, rules, stretch,
    tax, transfer_list,
};
use db::{Tx, fetch_all, fetch_one, query_rows};
use model::{
    Action, Actor, Condition, ItemId, JournalId, LocationId, LotId, Money, PostingId, Quantity, Result, StoreId, Time,
};
use std::collections::{HashMap, HashSet};

/// How many journal lines are read at once.
pub(crate) const BATCH: i64 = 500;
/// How many findings are kept: the first tell the story.
const FINDINGS_MAX: usize = 100;

/// Something in the ledger that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which invariant of the design it breaks, such as `balance = replay`.
    pub invariant: &'static str,
    /// What is wrong, in a sentence.
    pub what: String,
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.invariant, self.what)
    }
}

/// One balance as the movements make it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct Replayed {
    #[sqlx(flatten)]
    pub(crate) key: Key,
    pub(crate) store: StoreId,
    pub(crate) on_hand: Quantity,
    pub(crate) version: i64,
    highest: i64,
}

#[derive(sqlx::FromRow)]
struct MovementRow {
    posting: PostingId,
    line: i64,
    item: ItemId,
    from_location: LocationId,
    to_location: LocationId,
    lot: Option<LotId>,
    quantity: Quantity,
    unit_price: Option<Money>,
    reason: Option<String>,
    version: Option<i64>,
    store: StoreId,
    #[sqlx(try_from = "String")]
    condition: Condition,
    occurred_at: Time,
    recorded_at: Time,
}

/// A registered id, as far as its journal line tells it too.
#[derive(sqlx::FromRow)]
struct Registered {
    id: PostingId,
    kind: String,
    outcome: String,
    answer: String,
    store: StoreId,
    number: Option<String>,
    principal: String,
    actor: String,
    device: String,
    occurred_at: Time,
    reverses: Option<PostingId>,
    returns: Option<PostingId>,
    journal: JournalId,
}

impl Registered {
    /// Is it what the journal line says?
    fn is(&self, line: &log::Line, posted: &Posted) -> bool {
        let receipt = &posted.receipt;
        self.outcome == "posted"
            && self.kind == receipt.kind.name()
            && crate::posting::stored(&self.answer).as_ref() == Ok(receipt)
            && (self.store, &self.number) == (posted.store, &receipt.number)
            && (self.occurred_at, self.reverses) == (receipt.occurred_at, receipt.reverses)
            // Before it was kept here, the journal alone knew it.
            && (self.returns.is_none() || self.returns == posted.returns)
            && self.journal == line.id
            && match &posted.author {
                Some(by) => {
                    (&self.principal, &self.actor, &self.device) == (&by.principal, &by.name, &by.device)
                }
                None => {
                    (self.principal.as_str(), self.actor.as_str(), self.device.as_str())
                        == (line.principal.as_str(), line.actor.as_str(), line.device.as_str())
                }
            }
    }
}

impl Inventory {
    /// Looks at the whole ledger; an empty answer means that all is well. Errors mean that it could not be read.
    pub async fn verify(&self, actor: &Actor) -> Result<Vec<Finding>> {
        let mut tx = self.auth.read(actor, Action::ReadJournal.anywhere()).await?;
        tx.patient().await?;
        let mut findings = Vec::new();
        shapes(&mut tx, &mut findings).await?;
        balances(&mut tx, &mut findings).await?;
        let mut told = exception::Told::default();
        let (mut papers, mut promises) = (paper::Told::default(), proof::Told::default());
        let (mut lots, mut kits) = (lot::Told::default(), kit::Told::default());
        let told_of = (&mut told, &mut papers, &mut promises, &mut lots, &mut kits);
        let mut seen = self.against_journal(&mut tx, told_of, &mut findings).await?;
        // PostgreSQL: what is committed and waits for its seal is no stray.
        let waiting = self.auth.log().waiting(&mut tx).await?;
        exception::compare(&mut tx, told, &waiting, &mut findings).await?;
        paper::compare(&mut tx, papers, &waiting, &mut findings).await?;
        arrival::verify::compare(&mut tx, &mut findings).await?;
        counting::verify::compare(&mut tx, &mut findings).await?;
        correction::verify::compare(&mut tx, &mut findings).await?;
        proof::compare(&mut tx, promises, &waiting, &mut findings).await?;
        lot::compare(&mut tx, lots, &waiting, &mut findings).await?;
        kit::compare(&mut tx, kits, &waiting, &mut findings).await?;
        transfer_list::compare(&mut tx, &mut findings).await?;
        rules::compare(&mut tx, &mut findings).await?;
        seen.extend(unsealed(&mut tx, waiting).await?);
        strays(&mut tx, &seen, &mut findings).await?;
        self.items_against_journal(&mut tx, &mut findings).await?;
        self.purchases_against_journal(&mut tx, &mut findings).await?;
        self.prices_against_journal(&mut tx, &mut findings).await?;
        self.families_against_journal(&mut tx, &mut findings).await?;
        self.taxes_against_journal(&mut tx, &mut findings).await?;
        index::compare(&mut tx, &mut findings).await?;
        stretch::compare(&mut tx, &mut findings).await?;
        limit::compare(&mut tx, &mut findings).await?;
        narrow::compare(&mut tx, &mut findings).await?;
        findings.truncate(FINDINGS_MAX);
        Ok(findings)
    }

    /// Builds all balances anew from the movements, the words by which items are found from what they are called, and
    /// the lists' counts; answers with how many rows differed before.
    pub async fn rebuild(&self, actor: &Actor) -> Result<usize> {
        let mut act = self.auth.act(actor, Action::ManageStores.anywhere()).await?;
        act.patient().await?;
        // A sale that commits between reading the movements and writing the balances would be lost from them.
        act.alone("inventory_balance").await?;
        let mut findings = Vec::new();
        balances(&mut act, &mut findings).await?;
        let replayed = replay(&mut act).await?;
        ledger::forget(&mut act);
        let limits = limit::rebuild(&mut act).await?;
        proof::rebuild(&mut act, &replayed).await?;
        // A name that changes meanwhile would be found by the old one.
        act.alone("inventory_item").await?;
        let lists = stretch::rebuild(&mut act).await? + narrow::rebuild(&mut act).await?;
        let differed = findings.len() + limits + index::rebuild(&mut act).await? + lists;
        act.commit(Event::rebuilt(differed, actor)).await?;
        Ok(differed)
    }

    /// Each journal line of a posting against its rows; answers with the postings seen.
    async fn against_journal(
        &self,
        tx: &mut Tx,
        (told, papers, promises, lots, kits): Hearing<'_>,
        findings: &mut Vec<Finding>,
    ) -> Result<HashSet<PostingId>> {
        let (mut seen, mut after) = (HashSet::new(), 0);
        loop {
            let lines = self.auth.log().read(tx, after, BATCH).await?;
            let Some(last) = lines.last() else { return Ok(seen) };
            after = last.seq;
            let posted: Vec<(&log::Line, Posted)> =
                lines.iter().filter_map(|line| Some((line, Posted::of(line)?))).collect();
            compare(tx, &posted, findings).await?;
            tax::compare(tx, &posted, findings).await?;
            lines.iter().for_each(|line| told.hear(line));
            lines.iter().for_each(|line| papers.hear(line, findings));
            lines.iter().for_each(|line| promises.hear(line, findings));
            lines.iter().for_each(|line| lots.hear(line));
            posted.iter().for_each(|(_, posted)| kits.hear(posted));
            seen.extend(posted.iter().map(|(_, posted)| posted.receipt.id));
        }
    }
}

/// Those who make of the journal what they compare.
type Hearing<'a> =
    (&'a mut exception::Told, &'a mut paper::Told, &'a mut proof::Told, &'a mut lot::Told, &'a mut kit::Told);

pub(crate) fn find(findings: &mut Vec<Finding>, invariant: &'static str, what: String) {
    if findings.len() < FINDINGS_MAX {
        findings.push(Finding { invariant, what });
    }
}

/// Movements that the ledger could not have written. What another store sent is in that store's transit until it
/// arrives in this one.
async fn shapes(tx: &mut Tx, findings: &mut Vec<Finding>) -> Result<()> {
    let rows: Vec<(PostingId, i64)> = fetch_all!(
        tx,
        "select m.posting, m.line from inventory_movement m
         left join inventory_location f on f.id = m.from_location and (f.store = m.store or f.kind = 'transit')
         left join inventory_location t on t.id = m.to_location and t.store = m.store
         left join inventory_item i on i.id = m.item
         where f.id is null or t.id is null or i.id is null or m.quantity <= 0 or m.from_location = m.to_location
            or (m.version is null) <> (f.kind <> 'physical' and t.kind <> 'physical')
         order by m.posting, m.line limit 100"
    )?;
    for (posting, line) in rows {
        let what = format!("movement {line} of posting {posting} does not go from one place of its store to another");
        find(findings, "every movement goes from somewhere to somewhere", what);
    }
    Ok(())
}

/// Balances as the movements make them, in key order.
async fn replay(tx: &mut Tx) -> Result<Vec<Replayed>> {
    Ok(fetch_all!(
        tx,
        "select e.location, e.item, coalesce(e.lot, $1) as lot, e.condition, e.store,
                cast(sum(e.change) as bigint) as on_hand, count(*) as version, coalesce(max(e.version), 0) as highest
         from (select to_location as location, item, lot, condition, store, quantity as change, version
               from inventory_movement
               union all
               select from_location, item, lot, condition, store, -quantity, version from inventory_movement) e
         join inventory_location l on l.id = e.location and l.kind = 'physical'
         group by e.location, e.item, e.lot, e.condition, e.store
         order by e.location, e.item, e.lot, e.condition",
        NO_LOT
    )?)
}

/// The balances as they are kept.
pub(crate) async fn kept(tx: &mut Tx) -> Result<HashMap<Key, Balance>> {
    let rows: Vec<Balance> = fetch_all!(
        tx,
        "select location, item, lot, condition, on_hand, reserved, version, reserved_version
                       from inventory_balance"
    )?;
    Ok(rows.into_iter().map(|row| (row.key, row)).collect())
}

async fn balances(tx: &mut Tx, findings: &mut Vec<Finding>) -> Result<()> {
    let mut kept = kept(tx).await?;
    for made in replay(tx).await? {
        let kept = kept.remove(&made.key);
        let (on_hand, version) = kept.map(|row| (row.on_hand, row.version)).unwrap_or_default();
        let place = made.key;
        if on_hand != made.on_hand {
            let what = format!("{place}: the balance says {on_hand}, its movements make {}", made.on_hand);
            find(findings, "balance = replay of movements", what);
        }
        if version != made.version || made.highest != made.version {
            let what = format!(
                "{place}: the balance's version is {version}, its {} movements go up to {}",
                made.version, made.highest
            );
            find(findings, "version rises by 1 per movement", what);
        }
    }
    // What was promised and never there has a row, and no movement.
    for (key, Balance { on_hand, .. }) in
        kept.into_iter().filter(|(_, row)| row.on_hand != Quantity::ZERO || row.version != 0)
    {
        let what = format!("{key}: the balance says {on_hand}, there is no movement");
        find(findings, "balance = replay of movements", what);
    }
    proof::balances(tx, findings).await
}

async fn compare(tx: &mut Tx, posted: &[(&log::Line, Posted)], findings: &mut Vec<Finding>) -> Result<()> {
    let ids: Vec<PostingId> = posted.iter().map(|(_, posted)| posted.receipt.id).collect();
    let rows: Vec<MovementRow> = query_rows!(
        tx,
        "with wanted (posting) as (",
        &ids,
        |row, id| {
            row.push_bind(*id);
        },
        ") select m.posting, m.line, m.item, m.from_location, m.to_location, m.lot, m.quantity, m.unit_price, m.reason,
                  m.version, m.store, m.condition, m.occurred_at, m.recorded_at
         from wanted join inventory_movement m on m.posting = wanted.posting order by m.posting, m.line"
    )?;
    let registered: Vec<Registered> = query_rows!(
        tx,
        "with wanted (posting) as (",
        &ids,
        |row, id| {
            row.push_bind(*id);
        },
        ") select p.id, p.kind, p.outcome, p.answer, p.store, p.number, p.principal, p.actor, p.device, p.occurred_at,
                  p.reverses, p.returns, p.journal
         from wanted join inventory_posting p on p.id = wanted.posting"
    )?;
    let registered: HashMap<_, _> = registered.into_iter().map(|row| (row.id, row)).collect();
    let mut ledger: HashMap<PostingId, Vec<MovementRow>> = HashMap::new();
    for row in rows {
        ledger.entry(row.posting).or_default().push(row);
    }
    for (line, posted) in posted {
        let id = posted.receipt.id;
        same_lines(posted, &ledger.remove(&id).unwrap_or_default(), findings);
        if !registered.get(&id).is_some_and(|row| row.is(line, posted)) {
            find(findings, "an id has one outcome", format!("posting {id} is not registered as its journal line says"));
        }
    }
    Ok(())
}

/// A document posts all its lines or none, and each is what the journal says.
fn same_lines(posted: &Posted, rows: &[MovementRow], findings: &mut Vec<Finding>) {
    let id = posted.receipt.id;
    if rows.len() != posted.movements.len() {
        let what = format!("posting {id} has {} movements, the journal says {}", rows.len(), posted.movements.len());
        find(findings, "a document posts all its lines", what);
        return;
    }
    for (moved, row) in posted.movements.iter().zip(rows) {
        let told = Moved {
            line: row.line,
            item: row.item,
            stocked: moved.stocked,
            from: row.from_location,
            to: row.to_location,
            lot: row.lot,
            condition: row.condition,
            quantity: row.quantity,
            unit_price: row.unit_price,
            reason: row.reason.clone(),
            version: row.version,
        };
        let expected = Moved { reason: moved.reason.clone().or_else(|| posted.reason.clone()), ..moved.clone() };
        let frame = (row.store, row.occurred_at, row.recorded_at);
        let receipt = &posted.receipt;
        if told != expected || frame != (posted.store, receipt.occurred_at, receipt.recorded_at) {
            let what = format!("movement {} of posting {id} differs from its journal line", row.line);
            find(findings, "a movement is what the journal says", what);
        }
    }
}

/// The postings of these journal lines.
async fn unsealed(tx: &mut Tx, lines: Vec<JournalId>) -> Result<Vec<PostingId>> {
    let rows: Vec<(PostingId,)> = query_rows!(
        tx,
        "with wanted (journal) as (",
        &lines,
        |row, line| {
            row.push_bind(*line);
        },
        ") select p.id from wanted join inventory_posting p on p.journal = wanted.journal and p.outcome = 'posted'"
    )?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Movements and postings that no journal line tells of.
async fn strays(tx: &mut Tx, seen: &HashSet<PostingId>, findings: &mut Vec<Finding>) -> Result<()> {
    let (moved,): (i64,) = fetch_one!(tx, "select count(distinct posting) from inventory_movement")?;
    let (posted,): (i64,) = fetch_one!(tx, "select count(*) from inventory_posting where outcome = 'posted'")?;
    let told = i64::try_from(seen.len()).unwrap_or(i64::MAX);
    if moved == told && posted == told {
        return Ok(());
    }
    let ids: Vec<(PostingId,)> = fetch_all!(
        tx,
        "select posting from inventory_movement union select id from inventory_posting where outcome = 'posted'"
    )?;
    for (id,) in ids.into_iter().filter(|(id,)| !seen.contains(id)) {
        find(findings, "acknowledged = journalled", format!("posting {id} has no line in the journal"));
    }
    Ok(())
}

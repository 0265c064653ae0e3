//! Corrections above a store's limit: a document waits, and the ledger hears of it only when somebody else has approved.
//!
//! The document has the id of its posting, so that whoever sends the same again is told what became of it.

mod decide;
mod list;
mod show;
pub(crate) mod verify;

pub(crate) use decide::take_back;
pub(crate) use list::waiting;

use crate::document::{Document, Draft, action};
use crate::item::ItemRow;
use crate::paper::{self, NewPaper, Opened, Paper};
use crate::store::Site;
use crate::{Event, Inventory, Stepped, approval, item, kit, ledger, price, rules};
use auth::Act;
use db::{Tx, execute, fetch_one, fetch_optional, insert_rows};
use model::{
    Action, Actor, Corrected, Correction, CorrectionState, DocumentKind, Error, Flaw, Money, NewAdjustment, PaperId,
    PaperKind, PostingId, Quantity, Receipt, Result, Reused, StoreId, Time,
};
use serde_json::json;

/// The reason of what an import says was there when a store began to count. The books count nothing of it as a loss, so
/// nobody says it by hand.
pub const OPENING: &str = "opening stock";

/// What a correction has beside its head.
#[derive(Clone, Debug, sqlx::FromRow)]
struct Beside {
    reason: String,
    /// Why it was rejected.
    word: Option<String>,
    /// It is what a count of one item found.
    counted: i64,
    occurred_at: Time,
    /// On which device its author told it.
    device: String,
    /// `None` when nobody knows.
    value: Option<Money>,
    /// Who took its last step.
    stepper: String,
}

fn worth(draft: &Draft) -> Option<Money> {
    worth_of(draft.lines.iter().map(|line| (&line.item, line.quantity)))
}

/// What so many of these are worth together, each whichever way it goes, at the items' prices: as a count's differences
/// are. `None` when one has no price, or all of it is more than can be said.
pub(crate) fn worth_of<'a>(lines: impl Iterator<Item = (&'a ItemRow, Quantity)>) -> Option<Money> {
    let mut sum = Money::ZERO;
    for (item, quantity) in lines.filter(|(item, _)| item.stocked()) {
        sum = sum.checked_add(value(item.price?, quantity)?)?;
    }
    Some(sum).filter(|sum| *sum <= Money::PRICE_MAX)
}

fn value(price: Money, quantity: Quantity) -> Option<Money> {
    price.checked_times(quantity.abs()).filter(|value| *value <= Money::PRICE_MAX)
}

/// A reason that only an import gives is a flaw.
pub(crate) fn check_reason(flaws: &mut Vec<Flaw>, field: &str, reason: &str) {
    if reason.trim().eq_ignore_ascii_case(OPENING) {
        let message = "only an import books opening stock; say here why the number was wrong";
        flaws.push(Flaw::new(field, "opening", message));
    }
}

fn check_reasons(new: &NewAdjustment) -> Result<()> {
    let mut flaws = Vec::new();
    check_reason(&mut flaws, "reason", &new.reason);
    for (at, line) in new.lines.iter().enumerate() {
        check_reason(&mut flaws, &format!("lines[{at}].reason"), line.reason.as_deref().unwrap_or_default());
    }
    if flaws.is_empty() { Ok(()) } else { Err(Error::Invalid(flaws)) }
}

/// Whether so much of a correction waits in that store for somebody else. What nobody knows the worth of does, once there
/// is a limit.
async fn above_limit(tx: &mut Tx, store: StoreId, value: Option<Money>) -> Result<bool> {
    approval::above_limit(tx, store, PaperKind::Adjustment, value.unwrap_or(approval::BEYOND_ANY)).await
}

impl Inventory {
    /// Corrects a store's stock; above its limit the correction waits for somebody else, and nothing changes before. The
    /// same again answers with the first receipt, or with the correction as it is.
    ///
    /// Errors: `Invalid`, also on or before the lock date; `Conflict(Id)` when the id came with something else before.
    pub async fn correct(&self, actor: &Actor, new: NewAdjustment) -> Result<Corrected> {
        check_reasons(&new)?;
        let document = Document::try_from(new)?;
        let right = action(document.kind);
        let site = self.site(actor, right, &document.store).await?;
        if !self.may_wait(actor, &site, document.id).await? {
            return Ok(Corrected::Posted(Box::new(self.post(actor, document).await?)));
        }
        let mut act = self.auth.act(actor, right.at(site.store.id)).await?;
        if let Some(paper) = known(&mut act, document.id, &document.hash).await? {
            return self.held_before(act, &site, &paper).await;
        }
        let before = ledger::before(&mut act, document.id, &document.hash).await;
        if !matches!(before, Ok(None)) {
            return posted(self.answer_before(actor, act, before, Error::NotFound).await);
        }
        let mut skus: Vec<&str> = document.lines.iter().map(|line| line.sku.as_str()).collect();
        skus.sort_unstable();
        skus.dedup();
        let items = item::by_sku(&mut act, &skus).await?;
        let prices = price::settle(&mut act, &site, &document, &items).await?;
        let recipes = kit::of_document(&mut act, &document, &items).await?;
        let draft = document.draft(&site, &items, prices, &recipes)?;
        if waits(&mut act, &site, &draft).await? {
            return self.hold_correction(act, &site, &draft, false).await;
        }
        posted(self.post_draft(act, actor, &site, &draft, right).await)
    }

    /// May a correction of that id wait, or does it already? Most stores have no limit, and theirs are posted among others.
    async fn may_wait(&self, actor: &Actor, site: &Site, id: PostingId) -> Result<bool> {
        let mut tx = self.auth.read(actor, Action::Adjust.at(site.store.id)).await?;
        let limited = above_limit(&mut tx, site.store.id, None).await?;
        Ok(limited || paper::find_paper(&mut tx, PaperId(id.0)).await?.is_some())
    }

    /// Keeps a correction until somebody else has decided. `counted`: it is what a count of one item found.
    pub(crate) async fn hold_correction(
        &self,
        mut act: Act,
        site: &Site,
        draft: &Draft,
        counted: bool,
    ) -> Result<Corrected> {
        // What is closed already is said to whoever tells it, not to whoever approves it.
        rules::moment(&mut act, site, draft).await?;
        let paper = match open(&mut act, site, draft).await? {
            Opened::Now(paper) => *paper,
            Opened::Before(paper) => return self.held_before(act, site, &paper).await,
        };
        let value = worth(draft);
        keep(&mut act, &paper, draft, value, counted).await?;
        let actor = act.actor().clone();
        let told = show::whole(&mut act, &actor, &paper, site).await?;
        let (topic, store, step) = ("inventory.correction_submitted", site.store.id, paper.step());
        let said = json!({ "lines": draft.lines.len(), "value": value, "reason": draft.reason });
        act.conclude(Event::Stepped(Box::new(Stepped { topic, store, step, told: said })), 202, &told).await?;
        Ok(Corrected::Held(Box::new(told)))
    }

    /// What was told before, as it is now; the act, which finds itself done already, is undone.
    pub(crate) async fn held_before(&self, act: Act, site: &Site, paper: &Paper) -> Result<Corrected> {
        Ok(Corrected::Held(Box::new(self.as_it_stands(act, site, paper, 202).await?)))
    }

    async fn as_it_stands(&self, mut act: Act, site: &Site, paper: &Paper, status: u16) -> Result<Correction> {
        let actor = act.actor().clone();
        let told = show::whole(&mut act, &actor, paper, site).await?;
        act.withdraw().await?;
        self.auth.keep_answer(&actor, status, &told, None).await?;
        Ok(told)
    }
}

/// Does a correction wait, because it is worth more than one may say alone?
pub(crate) async fn waits(act: &mut Act, site: &Site, draft: &Draft) -> Result<bool> {
    above_limit(act, site.store.id, worth(draft)).await
}

/// What was posted at once.
pub(crate) fn posted(receipt: Result<Receipt>) -> Result<Corrected> {
    receipt.map(|receipt| Corrected::Posted(Box::new(receipt)))
}

/// The correction of that id, if it had to wait. Errors: `Conflict(Id)` when it came with something else before.
pub(crate) async fn known(tx: &mut Tx, id: PostingId, hash: &[u8]) -> Result<Option<Paper>> {
    match paper::find_paper(tx, PaperId(id.0)).await? {
        Some(paper) if paper.kind == PaperKind::Adjustment && paper.content_hash == hash => Ok(Some(paper)),
        Some(_) => Err(Error::Conflict(Reused::Id)),
        None => Ok(None),
    }
}

/// Where it stands.
fn state(paper: &Paper) -> Result<CorrectionState> {
    // Only a hand in the database can write another word; `verify` finds that.
    CorrectionState::named(&paper.state).ok_or(Error::NotFound)
}

async fn beside(tx: &mut Tx, paper: PaperId) -> Result<Beside> {
    Ok(fetch_one!(
        tx,
        "select reason, word, counted, occurred_at, device, value, stepper from inventory_correction where paper = $1",
        paper
    )?)
}

async fn open(act: &mut Act, site: &Site, draft: &Draft) -> Result<Opened> {
    let paper = NewPaper {
        id: PaperId(draft.id.0),
        kind: PaperKind::Adjustment,
        to_store: None,
        party: None,
        state: CorrectionState::Waiting.name(),
        hash: &draft.hash,
        reference: draft.number.as_deref(),
        note: None,
        due_on: None,
    };
    paper::open(act, site, paper).await
}

/// Writes down what the ledger will be told, with the moment at which it happened.
async fn keep(act: &mut Act, paper: &Paper, draft: &Draft, value: Option<Money>, counted: bool) -> Result<()> {
    let (device, stepper) = (act.actor().via.device.clone(), act.actor().principal.to_string());
    execute!(
        act,
        "insert into inventory_correction (paper, reason, word, counted, occurred_at, device, value, lines, stepper)
         values ($1, $2, null, $3, $4, $5, $6, $7, $8)",
        paper.id,
        draft.reason.as_deref().unwrap_or_default(),
        i64::from(counted),
        draft.occurred_at.unwrap_or(paper.created_at),
        &device,
        value,
        i64::try_from(draft.lines.len()).unwrap_or(i64::MAX),
        &stepper
    )?;
    let lines: Vec<_> = (1_i64..).zip(&draft.lines).collect();
    insert_rows!(
        act,
        "insert into inventory_correction_line (paper, line, item, quantity, price, reason, codes, condition) ",
        &lines,
        |row, line| {
            row.push_bind(paper.id).push_bind(line.0).push_bind(line.1.item.id).push_bind(line.1.quantity);
            row.push_bind(line.1.item.price).push_bind(line.1.reason.clone());
            row.push_bind(line.1.lot.as_ref().map(|named| named.codes.join("\n"))).push_bind(line.1.condition.name());
        },
        ""
    )?;
    Ok(())
}

/// The document of that posting, if it had to wait.
async fn of_posting(tx: &mut Tx, posting: PostingId) -> Result<Option<PaperId>> {
    let row: Option<(PaperId,)> = fetch_optional!(
        tx,
        "select id from inventory_paper where id = $1 and kind = $2",
        posting,
        DocumentKind::Adjustment.name()
    )?;
    Ok(row.map(|(id,)| id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_found_is_worth_as_much_as_what_is_lost() {
        let (price, three) = (Money::from_parts(2_550_000), Quantity::whole(3));
        assert_eq!(value(price, three), value(price, -three));
        assert!(value(price, three) > Some(Money::ZERO));
    }

    #[test]
    fn what_is_beyond_the_largest_amount_is_worth_nobody_knows_what() {
        assert_eq!(value(Money::PRICE_MAX, Quantity::whole(2)), None);
    }
}

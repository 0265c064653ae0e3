//! What becomes of a correction that waits: approved and posted with that, rejected, or taken back by its author.

use super::{Beside, beside, of_posting, show, state};
use crate::document::{Draft, DraftLine, check_text, way};
use crate::exception::conflict;
use crate::item::ItemRow;
use crate::ledger::{self, Outcome};
use crate::lot::{self, Named};
use crate::paper::{self, Author, Paper};
use crate::store::Site;
use crate::{Event, Inventory, Stepped, approval, counting};
use auth::Act;
use db::{Tx, execute, fetch_all, fetch_optional};
use model::{
    Action, Actor, Channel, Condition, Correction, CorrectionState, CorrectionStep, DocumentKind, Error, ItemId,
    PaperId, PaperKind, PaperStep, PostingId, Quantity, Refusal, Result,
};
use serde_json::json;
use std::sync::Arc;

/// What became of a step that was begun.
enum Begun {
    /// The correction is taken for it.
    Now { act: Box<Act>, site: Arc<Site>, paper: Box<Paper> },
    /// The same person took it before: the correction as it is.
    Before(Box<Correction>),
}

#[derive(sqlx::FromRow)]
struct Kept {
    #[sqlx(flatten)]
    item: ItemRow,
    quantity: Quantity,
    reason: Option<String>,
    codes: Option<String>,
    #[sqlx(try_from = "String")]
    condition: Condition,
}

impl Inventory {
    /// Takes a correction's next step, whichever it is; `reason` is for a rejection. Errors: as the step's own.
    pub async fn step_correction(
        &self,
        actor: &Actor,
        id: PaperId,
        seen: Option<i64>,
        step: CorrectionStep,
        reason: Option<&str>,
    ) -> Result<Correction> {
        match step {
            CorrectionStep::Approve => self.approve_correction(actor, id, seen).await,
            CorrectionStep::Reject => self.reject_correction(actor, id, seen, reason.unwrap_or_default()).await,
            CorrectionStep::Withdraw => self.withdraw_correction(actor, id, seen).await,
        }
    }

    /// Approves what somebody else found: it is posted as of the moment at which it happened, and stays theirs.
    ///
    /// Errors: `Refused(OwnWork)`, whatever it is worth; `Refused(OnlyAdministrator)` and `Refused(OnlyChief)` where the store
    /// leaves it to one;
    /// `Refused(WrongState)`; `Refused(OutOfStock)` when what was set aside is not any more; `Invalid` when that day was
    /// locked meanwhile; `Conflict(Version)`.
    pub async fn approve_correction(&self, actor: &Actor, id: PaperId, seen: Option<i64>) -> Result<Correction> {
        let target = CorrectionState::Posted;
        let (mut act, site, mut paper) = match self.begin_correction(actor, Action::Approve, id, seen, target).await? {
            Begun::Now { act, site, paper } => (*act, site, *paper),
            Begun::Before(correction) => return Ok(*correction),
        };
        if state(&paper)? != CorrectionState::Waiting {
            return act.withdraw().await.and(Err(paper.wrong_state()));
        }
        if paper.principal == actor.principal.to_string() {
            return Err(Refusal::OwnWork.into());
        }
        let beside = beside(&mut act, id).await?;
        // It was above the limit when it came, whatever the limit is now.
        let approver = approval::approver_of_waiting(&mut act, paper.store, paper.kind, beside.value).await?;
        paper::approve_as(&mut act, &mut paper, Some(approver)).await?;
        let draft = draft(&mut act, &site, &paper, &beside).await?;
        if draft.promises()
            && let Some(refusal) = lot::short(&mut act, &draft).await?
        {
            return Err(refusal.into());
        }
        let mut posted = match ledger::post(&mut act, &site, &draft).await? {
            Outcome::Now(posted) => posted,
            // Somebody looked at what was set aside, and said otherwise.
            Outcome::Short(refusal) => return Err(refusal.into()),
            Outcome::Before(_) | Outcome::Overtaken => return Err(Error::Busy),
        };
        if beside.counted == 1 {
            let items: Vec<ItemId> = draft.lines.iter().map(|line| line.item.id).collect();
            for item in &items {
                let (place, at) = (site.shop, beside.occurred_at);
                counting::remember(&mut act, draft.id, place, *item, at, &paper.principal).await?;
            }
            posted.closed.extend(conflict::counted_anew(&mut act, &site, &items).await?);
        }
        enter(&mut act, &mut paper, target, None).await?;
        posted.steps.push(paper.step());
        let told = show::whole(&mut act, actor, &paper, &site).await?;
        act.conclude(Event::Posted(posted), 200, &told).await?;
        Ok(told)
    }

    /// Does not approve a correction, and says why in 1 to 200 characters: the stock stays as it is.
    pub async fn reject_correction(
        &self,
        actor: &Actor,
        id: PaperId,
        seen: Option<i64>,
        reason: &str,
    ) -> Result<Correction> {
        let mut flaws = Vec::new();
        check_text(&mut flaws, "reason", Some(reason), 200);
        if !flaws.is_empty() {
            return Err(Error::Invalid(flaws));
        }
        let (target, topic) = (CorrectionState::Rejected, "inventory.correction_rejected");
        self.drop_correction(actor, Action::Approve, id, seen, (target, topic), Some(reason)).await
    }

    /// Takes back what one told oneself, before anybody decided. Errors: `Forbidden` for what is somebody else's.
    pub async fn withdraw_correction(&self, actor: &Actor, id: PaperId, seen: Option<i64>) -> Result<Correction> {
        let (target, topic) = (CorrectionState::Withdrawn, "inventory.correction_withdrawn");
        self.drop_correction(actor, Action::Adjust, id, seen, (target, topic), None).await
    }

    async fn drop_correction(
        &self,
        actor: &Actor,
        right: Action,
        id: PaperId,
        seen: Option<i64>,
        (target, topic): (CorrectionState, &'static str),
        word: Option<&str>,
    ) -> Result<Correction> {
        let (mut act, site, mut paper) = match self.begin_correction(actor, right, id, seen, target).await? {
            Begun::Now { act, site, paper } => (*act, site, *paper),
            Begun::Before(correction) => return Ok(*correction),
        };
        if state(&paper)? != CorrectionState::Waiting {
            return act.withdraw().await.and(Err(paper.wrong_state()));
        }
        if target == CorrectionState::Withdrawn && paper.principal != actor.principal.to_string() {
            return act.withdraw().await.and(Err(Error::Forbidden(Action::Approve)));
        }
        enter(&mut act, &mut paper, target, word).await?;
        let told = show::whole(&mut act, actor, &paper, &site).await?;
        let said = json!({ "reason": word });
        let stepped = Stepped { topic, store: paper.store, step: paper.step(), told: said };
        act.conclude(Event::Stepped(Box::new(stepped)), 200, &told).await?;
        Ok(told)
    }

    /// Takes a correction for a step to `target`. Errors: `NotFound`, `Forbidden`, `Conflict(Version)`.
    async fn begin_correction(
        &self,
        actor: &Actor,
        right: Action,
        id: PaperId,
        seen: Option<i64>,
        target: CorrectionState,
    ) -> Result<Begun> {
        let store = self.paper(actor, PaperKind::Adjustment, id).await?.store;
        let site = self.site_of(actor, store).await?;
        let mut act = self.auth.act(actor, right.at(store)).await?;
        let before = paper::find_paper(&mut act, id).await?.ok_or(Error::NotFound)?;
        let theirs = seen.is_none_or(|seen| seen + 1 == before.version);
        if before.state == target.name() && theirs && beside(&mut act, id).await?.stepper == actor.principal.to_string()
        {
            let told = self.as_it_stands(act, &site, &before, 200).await?;
            return Ok(Begun::Before(Box::new(told)));
        }
        match paper::take(&mut act, PaperKind::Adjustment, id, seen).await {
            Ok(paper) => Ok(Begun::Now { act: Box::new(act), site, paper: Box::new(paper) }),
            // What was seen may be a step that is not on disk yet.
            Err(error) => act.withdraw().await.and(Err(error)),
        }
    }
}

/// Brings the document of a correction along that is undone; `None` when it had none, or is undone already, which the
/// ledger then tells.
pub(crate) async fn take_back(act: &mut Act, posting: PostingId) -> Result<Option<PaperStep>> {
    let Some(id) = of_posting(act, posting).await? else { return Ok(None) };
    let mut paper = paper::take(act, PaperKind::Adjustment, id, None).await?;
    let undone: Option<(PostingId,)> =
        fetch_optional!(act, "select id from inventory_posting where reverses = $1", posting)?;
    if undone.is_some() {
        return Ok(None);
    }
    enter(act, &mut paper, CorrectionState::Undone, None).await?;
    Ok(Some(paper.step()))
}

/// Brings a taken correction to that state, and writes down who did, and why.
async fn enter(act: &mut Act, paper: &mut Paper, target: CorrectionState, word: Option<&str>) -> Result<()> {
    paper::enter(act, paper, target.name()).await?;
    let stepper = act.actor().principal.to_string();
    execute!(
        act,
        "update inventory_correction set stepper = $2, word = $3 where paper = $1",
        paper.id,
        &stepper,
        word
    )?;
    Ok(())
}

/// What its author told, as the ledger posts it; an item that was archived since is corrected all the same.
async fn draft(tx: &mut Tx, site: &Site, paper: &Paper, beside: &Beside) -> Result<Draft> {
    let kept: Vec<Kept> = fetch_all!(
        tx,
        "select i.id, i.sku, i.name, i.unit, i.kind, i.price, i.promise_policy, i.web_policy, i.costing, i.tracking,
                l.quantity, l.reason, l.codes, l.condition
         from inventory_correction_line l join inventory_item i on i.id = l.item
         where l.paper = $1 order by l.line",
        paper.id
    )?;
    let kind = DocumentKind::Adjustment;
    let lines = kept.into_iter().map(|Kept { item, quantity, reason, codes, condition }| {
        let (from, to) = way(kind, site, item.stocked(), quantity);
        // What is set aside leaves as scrap.
        let to = if condition.is_sellable() { to } else { site.scrap };
        let at = item.stocked().then_some(site.shop);
        let codes = codes.map(|codes| codes.lines().map(str::to_owned).collect());
        let lot = codes.map(|codes| Named { codes, expires_on: None });
        DraftLine { item, from, to, at, lot, condition, quantity, unit_price: None, list: None, reason }
    });
    Ok(Draft {
        id: PostingId(paper.id.0),
        kind,
        effect: kind,
        occurred_at: Some(beside.occurred_at),
        number: Some(paper.number.clone()),
        channel: Channel::Till,
        reason: Some(beside.reason.clone()),
        reverses: None,
        returns: None,
        seen: None,
        author: Some(Author {
            principal: paper.principal.clone(),
            name: paper.author.clone(),
            device: beside.device.clone(),
        }),
        lines: lines.collect(),
        kits: Vec::new(),
        hash: paper.content_hash.clone(),
    })
}

//! The steps of a purchase order that move no goods: given out of the hand, approved, sent, settled.

use super::{LineRow, beside, issued, lines, show, state, stepped};
use crate::document::check_text;
use crate::paper::{self, Paper};
use crate::store::Site;
use crate::{Event, Inventory, Stepped, approval};
use auth::Act;
use model::{
    Action, Actor, Error, Flaw, PaperId, PaperKind, Purchase, PurchaseState, PurchaseStep, Result, Reused, StoreId,
};
use serde_json::json;
use std::sync::Arc;

/// What became of a step that was begun.
pub(super) enum Begun {
    /// The order is taken for it.
    Now { act: Box<Act>, site: Arc<Site>, paper: Box<Paper> },
    /// The same person took it before: the order as it is.
    Before(Box<Purchase>),
}

/// A step that only goes from one state to another.
struct Plain {
    right: Action,
    from: &'static [PurchaseState],
    to: PurchaseState,
    topic: &'static str,
}

const REJECT: Plain = Plain {
    right: Action::Approve,
    from: &[PurchaseState::Submitted],
    to: PurchaseState::Rejected,
    topic: "inventory.purchase_order_rejected",
};
const SEND: Plain = Plain {
    right: Action::Purchase,
    from: &[PurchaseState::Approved],
    to: PurchaseState::Sent,
    topic: "inventory.purchase_order_sent",
};
/// Of a sent one nothing arrived: else it is partly received.
const CANCEL: Plain = Plain {
    right: Action::Purchase,
    from: &[
        PurchaseState::Draft,
        PurchaseState::Submitted,
        PurchaseState::Approved,
        PurchaseState::Sent,
        PurchaseState::Rejected,
    ],
    to: PurchaseState::Cancelled,
    topic: "inventory.purchase_order_cancelled",
};

impl Inventory {
    /// Takes an order's next step, whichever it is. Errors: as the step's own; `Invalid` for what is no such step.
    pub async fn step_purchase(
        &self,
        actor: &Actor,
        id: PaperId,
        seen: Option<i64>,
        step: PurchaseStep,
        reason: Option<&str>,
    ) -> Result<Purchase> {
        match step {
            PurchaseStep::Submit => self.submit_purchase(actor, id, seen).await,
            PurchaseStep::Approve => self.approve_purchase(actor, id, seen).await,
            PurchaseStep::Reject => self.reject_purchase(actor, id, seen, reason.unwrap_or_default()).await,
            PurchaseStep::Send => self.send_purchase(actor, id, seen).await,
            PurchaseStep::Close => self.close_purchase(actor, id, seen, reason).await,
            PurchaseStep::Cancel => self.cancel_purchase(actor, id, seen, reason).await,
            PurchaseStep::Change | PurchaseStep::Receive => {
                Err(Flaw::new("step", "step", "write its lines, or book in what came with it").into())
            }
        }
    }

    /// Gives a draft out of the hand. Within the store's limit it is approved with that, else it waits for somebody else.
    pub async fn submit_purchase(&self, actor: &Actor, id: PaperId, seen: Option<i64>) -> Result<Purchase> {
        let targets = [PurchaseState::Submitted, PurchaseState::Approved];
        let (mut act, site, mut paper) = match self.begin_step(actor, Action::Purchase, id, seen, &targets).await? {
            Begun::Now { act, site, paper } => (*act, site, *paper),
            Begun::Before(purchase) => return Ok(*purchase),
        };
        if state(&paper)? != PurchaseState::Draft {
            return act.withdraw().await.and(Err(paper.wrong_state()));
        }
        complete(&lines(&mut act, id).await?)?;
        let value = beside(&mut act, id).await?.value;
        let waits = approval::above_limit(&mut act, paper.store, PaperKind::PurchaseOrder, value).await?;
        let (target, topic) = if waits {
            (PurchaseState::Submitted, "inventory.purchase_order_submitted")
        } else {
            paper::approve(&mut act, &mut paper, value).await?;
            (PurchaseState::Approved, "inventory.purchase_order_approved")
        };
        self.end_step(act, &site, paper, target, topic, None).await
    }

    /// Approves an order that somebody else wrote. Errors: `Refused(OwnWork)`, `Refused(WrongState)`.
    pub async fn approve_purchase(&self, actor: &Actor, id: PaperId, seen: Option<i64>) -> Result<Purchase> {
        let target = PurchaseState::Approved;
        let (mut act, site, mut paper) = match self.begin_step(actor, Action::Approve, id, seen, &[target]).await? {
            Begun::Now { act, site, paper } => (*act, site, *paper),
            Begun::Before(purchase) => return Ok(*purchase),
        };
        if state(&paper)? != PurchaseState::Submitted {
            return act.withdraw().await.and(Err(paper.wrong_state()));
        }
        let value = beside(&mut act, id).await?.value;
        paper::approve(&mut act, &mut paper, value).await?;
        self.end_step(act, &site, paper, target, "inventory.purchase_order_approved", None).await
    }

    /// Does not approve an order, and says why.
    pub async fn reject_purchase(
        &self,
        actor: &Actor,
        id: PaperId,
        seen: Option<i64>,
        reason: &str,
    ) -> Result<Purchase> {
        self.plain_step(actor, &REJECT, id, seen, Some(reason)).await
    }

    /// Says that an order went to its supplier: from now on its goods are expected.
    pub async fn send_purchase(&self, actor: &Actor, id: PaperId, seen: Option<i64>) -> Result<Purchase> {
        self.plain_step(actor, &SEND, id, seen, None).await
    }

    /// Gives an order up of which nothing arrived.
    pub async fn cancel_purchase(
        &self,
        actor: &Actor,
        id: PaperId,
        seen: Option<i64>,
        reason: Option<&str>,
    ) -> Result<Purchase> {
        self.plain_step(actor, &CANCEL, id, seen, reason).await
    }

    /// Settles an order: all of it arrived, or `reason` says why the rest is not expected any more.
    pub async fn close_purchase(
        &self,
        actor: &Actor,
        id: PaperId,
        seen: Option<i64>,
        reason: Option<&str>,
    ) -> Result<Purchase> {
        let reason = told(reason)?;
        let targets = [PurchaseState::Closed, PurchaseState::ClosedShort];
        let (act, site, paper) = match self.begin_step(actor, Action::Purchase, id, seen, &targets).await? {
            Begun::Now { act, site, paper } => (*act, site, *paper),
            Begun::Before(purchase) => return Ok(*purchase),
        };
        let (target, reason) = match state(&paper)? {
            PurchaseState::Received => (PurchaseState::Closed, None),
            PurchaseState::PartlyReceived if reason.is_some() => (PurchaseState::ClosedShort, reason),
            PurchaseState::PartlyReceived => {
                let flaw = Flaw::new("reason", "missing_field", "say why the rest is not expected any more");
                return act.withdraw().await.and(Err(flaw.into()));
            }
            _ => return act.withdraw().await.and(Err(paper.wrong_state())),
        };
        self.end_step(act, &site, paper, target, "inventory.purchase_order_closed", reason).await
    }

    async fn plain_step(
        &self,
        actor: &Actor,
        plain: &Plain,
        id: PaperId,
        seen: Option<i64>,
        reason: Option<&str>,
    ) -> Result<Purchase> {
        let reason = told(reason)?;
        let (act, site, paper) = match self.begin_step(actor, plain.right, id, seen, &[plain.to]).await? {
            Begun::Now { act, site, paper } => (*act, site, *paper),
            Begun::Before(purchase) => return Ok(*purchase),
        };
        if !plain.from.contains(&state(&paper)?) {
            return act.withdraw().await.and(Err(paper.wrong_state()));
        }
        self.end_step(act, &site, paper, plain.to, plain.topic, reason).await
    }

    /// Takes an order for a step to one of the `targets`. Errors: `NotFound`, `Forbidden`, `Conflict(Version)`.
    pub(super) async fn begin_step(
        &self,
        actor: &Actor,
        right: Action,
        id: PaperId,
        seen: Option<i64>,
        targets: &[PurchaseState],
    ) -> Result<Begun> {
        let store = self.paper(actor, PaperKind::PurchaseOrder, id).await?.store;
        let site = self.site_of(actor, store).await?;
        let mut act = self.auth.act(actor, right.at(store)).await?;
        let paper = paper::take(&mut act, PaperKind::PurchaseOrder, id, None).await?;
        let there = targets.contains(&state(&paper)?);
        // Taking it raised the version: theirs was the step before, if they took it.
        let theirs = seen.is_none_or(|seen| seen + 2 == paper.version);
        if there && theirs && beside(&mut act, id).await?.stepper == actor.principal.to_string() {
            act.withdraw().await?;
            let purchase = self.purchase(actor, id).await?.data;
            self.auth.keep_answer(actor, 200, &purchase, None).await?;
            return Ok(Begun::Before(Box::new(purchase)));
        }
        if seen.is_some_and(|seen| seen + 1 != paper.version) {
            // What was seen may be a step that is not on disk yet.
            return act.withdraw().await.and(Err(Error::Conflict(Reused::Version)));
        }
        Ok(Begun::Now { act: Box::new(act), site, paper: Box::new(paper) })
    }

    async fn end_step(
        &self,
        mut act: Act,
        site: &Site,
        mut paper: Paper,
        target: PurchaseState,
        topic: &'static str,
        reason: Option<String>,
    ) -> Result<Purchase> {
        paper::enter(&mut act, &mut paper, target.name()).await?;
        stepped(&mut act, paper.id, reason.as_deref()).await?;
        if matches!(target, PurchaseState::Approved | PurchaseState::Sent) {
            issued(&mut act, paper.id).await?;
        }
        self.tell_step(act, site, &paper, topic, None, 200).await
    }

    /// Ends the act of a step by saying what happened; `written` are the lines that a draft has from now on.
    pub(super) async fn tell_step(
        &self,
        mut act: Act,
        site: &Site,
        paper: &Paper,
        topic: &'static str,
        written: Option<&[LineRow]>,
        status: u16,
    ) -> Result<Purchase> {
        let actor = act.actor().clone();
        let purchase = show::whole(&mut act, &actor, paper, site).await?;
        let told = match written {
            Some(lines) => json!({ "supplier": paper.party, "value": purchase.value, "lines": lines }),
            None => json!({ "value": purchase.value, "reason": purchase.reason }),
        };
        let event = Event::Stepped(Box::new(Stepped { topic, store: paper.store, step: paper.step(), told }));
        act.conclude(event, status, &purchase).await?;
        Ok(purchase)
    }

    /// The site of a store that they may see, by its id; a closed one is not there.
    pub(crate) async fn site_of(&self, actor: &Actor, store: StoreId) -> Result<Arc<Site>> {
        let code = self.stores(actor).await?.into_iter().find(|known| known.id == store).map(|known| known.code);
        self.known_site(&code.ok_or(Error::NotFound)?).await?.ok_or(Error::NotFound)
    }
}

/// An order can leave the hand when it says what is wanted and what that costs.
fn complete(lines: &[LineRow]) -> Result<()> {
    if lines.is_empty() {
        return Err(Flaw::new("lines", "line_count", "add what is to be ordered first").into());
    }
    let unknown = lines.iter().filter(|line| line.unit_cost.is_none()).map(|line| {
        let field = format!("lines[{}].unit_cost", line.line - 1);
        Flaw::new(field, "missing_field", "say what one costs; 0 when it is free")
    });
    let flaws: Vec<Flaw> = unknown.collect();
    if flaws.is_empty() { Ok(()) } else { Err(Error::Invalid(flaws)) }
}

/// A reason as it is kept.
fn told(reason: Option<&str>) -> Result<Option<String>> {
    let reason = reason.map(str::trim);
    let mut flaws = Vec::new();
    check_text(&mut flaws, "reason", reason, 200);
    if flaws.is_empty() { Ok(reason.map(str::to_owned)) } else { Err(Error::Invalid(flaws)) }
}

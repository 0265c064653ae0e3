//! The steps of a transfer: put together, approved, sent, arrived, settled, called off, closed.
//!
//! Goods leave into the sender's TRANSIT and stay the sender's until they arrive: what was sent and neither came nor was
//! settled is what that place holds. Each posting belongs to one store: to the sender what leaves, comes home or is lost,
//! to the receiver what arrives.

use crate::document::{Draft, hash};
use crate::ledger::{self, Outcome};
use crate::store::Site;
use crate::transfer::{Trip, read, told};
use crate::transfer_lines::{add_to_lines, check_amounts, set_lines};
use crate::transfer_move::{Figure, Move, all, back, draft, left, lots_there, more, named, sent_by, some, to_send};
use crate::transfer_worth::may_settle;
use crate::{Event, Inventory, approval, paper, place};
use auth::Act;
use db::fetch_one;
use model::{
    Action, Actor, Amount, DocumentKind, Error, Flaw, Goods, LocationId, NewTransferStep, PaperId, PaperKind,
    PostingId, Quantity, Refusal, Result, Reused, StoreId, Transfer, TransferState, TransferStep,
};
use std::sync::Arc;

impl Inventory {
    /// Takes a transfer a step further. A step that was taken before under its id answers with the transfer as it is.
    ///
    /// What arrives needs the right in the store where it goes, everything else in the store that sends; approving
    /// needs the right to approve. Errors: [`Error::NotFound`]; [`Refusal::WrongState`] when it is not the time for it;
    /// [`Refusal::OutOfStock`] when the stock does not cover what is to leave; [`Refusal::OwnWork`] above the limit,
    /// [`Refusal::WriteOff`] above the one for corrections; [`Error::Conflict`] with [`model::Reused::Version`]
    /// when somebody was faster.
    pub async fn step_transfer(&self, actor: &Actor, id: PaperId, new: NewTransferStep) -> Result<Transfer> {
        check(&new.step)?;
        let (action, store) = self.right_for(actor, id, &new.step).await?;
        let site = self.site_of_store(store).await?;
        let hash = hash(DocumentKind::Transfer, &(id, &new));
        let mut act = self.auth.act(actor, action.at(store)).await?;
        match ledger::before(&mut act, new.id, &hash).await {
            Ok(None) => {}
            Ok(Some(_)) => {
                act.withdraw().await?;
                return self.transfer_again(actor, id, 200).await;
            }
            Err(error) => return act.withdraw().await.and(Err(error)),
        }
        let paper = paper::take(&mut act, PaperKind::Transfer, id, new.version).await?;
        let trip = read(&mut act, paper).await?;
        match new.step {
            TransferStep::Lines { lines } => self.write_lines(act, trip, &lines).await,
            TransferStep::Approve => self.approve(act, trip).await,
            TransferStep::Dispatch => self.dispatch(act, &site, trip, (new.id, hash)).await,
            TransferStep::Arrive { lines, last } => {
                // The sender may be closed by now; its goods arrive all the same.
                let transit = place::transit(&mut act, trip.paper.store).await?;
                self.arrive(act, (&site, transit), trip, (new.id, hash), &lines, last).await
            }
            TransferStep::Settle { goods, lines } => self.settle(act, &site, trip, (new.id, hash), goods, &lines).await,
            TransferStep::Cancel { goods } => self.call_off(act, &site, trip, (new.id, hash), goods).await,
            TransferStep::Close => self.close_transfer(act, trip).await,
        }
    }

    /// Under which right, and in which store, that step is taken.
    async fn right_for(&self, actor: &Actor, id: PaperId, step: &TransferStep) -> Result<(Action, StoreId)> {
        let paper = self.paper(actor, PaperKind::Transfer, id).await?;
        let there = paper.to_store.unwrap_or(paper.store);
        Ok(match step {
            TransferStep::Approve => (Action::Approve, paper.store),
            TransferStep::Arrive { .. } => (Action::Transfer, there),
            _ => (Action::Transfer, paper.store),
        })
    }

    /// The open store of that id.
    async fn site_of_store(&self, store: StoreId) -> Result<Arc<Site>> {
        let mut tx = self.auth.read(&Actor::system("inventory"), Action::SeeStock.anywhere()).await?;
        let (code,): (String,) = fetch_one!(&mut tx, "select code from inventory_store where id = $1", store)?;
        drop(tx);
        self.known_site(&code).await?.ok_or(Error::NotFound)
    }

    async fn write_lines(&self, mut act: Act, trip: Trip, lines: &[Amount]) -> Result<Transfer> {
        if !trip.state()?.is_draft() {
            return Err(trip.paper.wrong_state());
        }
        set_lines(&mut act, trip.paper.id, lines).await?;
        paper::written(&mut act, trip.paper.id).await?;
        let trip = read(&mut act, trip.paper).await?;
        self.end_transfer_step(act, "inventory.transfer_written", trip, 200).await
    }

    async fn approve(&self, mut act: Act, mut trip: Trip) -> Result<Transfer> {
        if !trip.state()?.is_draft() {
            return Err(trip.paper.wrong_state());
        }
        filled(&trip)?;
        let value = trip.value();
        paper::approve(&mut act, &mut trip.paper, value).await?;
        paper::enter(&mut act, &mut trip.paper, TransferState::Approved.name()).await?;
        self.end_transfer_step(act, "inventory.transfer_approved", trip, 200).await
    }

    async fn dispatch(&self, mut act: Act, site: &Site, trip: Trip, id: (PostingId, Vec<u8>)) -> Result<Transfer> {
        let state = trip.state()?;
        if !matches!(state, TransferState::Draft | TransferState::Approved) {
            return Err(trip.paper.wrong_state());
        }
        filled(&trip)?;
        let paper = &trip.paper;
        if state.is_draft() && approval::above_limit(&mut act, paper.store, paper.kind, trip.value()).await? {
            return Err(Refusal::OwnWork.into());
        }
        let lines = to_send(&trip);
        let (from, to) = (trip.from, site.transit);
        let state = TransferState::InTransit;
        let figure = Figure::Shipped;
        let serials = trip.lines.iter().map(|line| (line.item.id, line.serials.clone())).collect();
        let (id, hash, at, reason) = (id.0, id.1, Some(from), None);
        let moved = Move { id, hash, figure, from, to, at, reason, lines, serials, state };
        self.carry(act, site, &trip, moved).await
    }

    /// More than was sent cannot arrive: the sender has not taken it from the shelf. It is booked in by a correction.
    async fn arrive(
        &self,
        mut act: Act,
        (site, transit): (&Site, LocationId),
        trip: Trip,
        id: (PostingId, Vec<u8>),
        lines: &[Amount],
        last: bool,
    ) -> Result<Transfer> {
        if !trip.state()?.is_under_way() {
            return Err(trip.paper.wrong_state());
        }
        let came = if lines.is_empty() && !last { all(&trip) } else { some(&mut act, &trip, lines).await? };
        let state = match left(&trip, &came) {
            0 => TransferState::Received,
            _ if last => TransferState::Short,
            _ => TransferState::PartlyReceived,
        };
        if came.is_empty() {
            return self.tell_short(act, trip, last).await;
        }
        let (from, to, figure) = (transit, trip.to, Figure::Received);
        let (id, hash, at, reason, lines, serials) = (id.0, id.1, Some(to), None, came, named(&trip, lines));
        let moved = Move { id, hash, figure, from, to, at, reason, lines, serials, state };
        self.carry(act, site, &trip, moved).await
    }

    /// Nothing came with it, and nothing more comes.
    async fn tell_short(&self, mut act: Act, mut trip: Trip, last: bool) -> Result<Transfer> {
        if !last {
            return Err(Flaw::new("lines", "line_count", "say what has arrived").into());
        }
        paper::written(&mut act, trip.paper.id).await?;
        paper::enter(&mut act, &mut trip.paper, TransferState::Short.name()).await?;
        self.end_transfer_step(act, "inventory.transfer_short", trip, 200).await
    }

    async fn settle(
        &self,
        mut act: Act,
        site: &Site,
        trip: Trip,
        id: (PostingId, Vec<u8>),
        goods: Goods,
        lines: &[Amount],
    ) -> Result<Transfer> {
        let now = trip.state()?;
        if !matches!(now, TransferState::PartlyReceived | TransferState::Short) {
            return Err(trip.paper.wrong_state());
        }
        let gone = if lines.is_empty() { all(&trip) } else { some(&mut act, &trip, lines).await? };
        may_settle(&mut act, &trip, goods, &gone).await?;
        let state = if left(&trip, &gone) == 0 { TransferState::Received } else { now };
        let moved = Move { serials: named(&trip, lines), ..back(site, &trip, id, goods, gone, state) };
        self.carry(act, site, &trip, moved).await
    }

    async fn call_off(
        &self,
        mut act: Act,
        site: &Site,
        mut trip: Trip,
        id: (PostingId, Vec<u8>),
        goods: Option<Goods>,
    ) -> Result<Transfer> {
        let arrived = trip.lines.iter().any(|line| line.received != Quantity::ZERO);
        match (trip.state()?, goods) {
            (TransferState::Draft | TransferState::Approved, _) => {
                paper::enter(&mut act, &mut trip.paper, TransferState::Cancelled.name()).await?;
                self.end_transfer_step(act, "inventory.transfer_cancelled", trip, 200).await
            }
            (TransferState::InTransit | TransferState::Short, Some(goods)) if !arrived => {
                let gone = all(&trip);
                may_settle(&mut act, &trip, goods, &gone).await?;
                let moved = back(site, &trip, id, goods, gone, TransferState::Cancelled);
                self.carry(act, site, &trip, moved).await
            }
            (TransferState::InTransit, None) => {
                let message = "the goods are on the way: say whether they are home or written_off";
                Err(Flaw::new("goods", "goods", message).into())
            }
            _ => Err(trip.paper.wrong_state()),
        }
    }

    async fn close_transfer(&self, mut act: Act, mut trip: Trip) -> Result<Transfer> {
        if trip.state()? != TransferState::Received {
            return Err(trip.paper.wrong_state());
        }
        paper::enter(&mut act, &mut trip.paper, TransferState::Closed.name()).await?;
        self.end_transfer_step(act, "inventory.transfer_closed", trip, 200).await
    }

    /// Moves the goods, adds to the lines, brings the document to its state: one act, one journal line.
    async fn carry(&self, mut act: Act, site: &Site, trip: &Trip, moved: Move<'_>) -> Result<Transfer> {
        let actor = act.actor().clone();
        let (id, action) = (trip.paper.id, Action::Transfer);
        let draft = Draft { returns: sent_by(&mut act, site, trip).await?, ..draft(trip, &moved) };
        if matches!(moved.figure, Figure::Shipped) {
            lots_there(&mut act, &draft).await?;
        }
        let mut posted = match ledger::post(&mut act, site, &draft).await? {
            Outcome::Now(posted) => posted,
            Outcome::Before(_) | Outcome::Overtaken => {
                act.withdraw().await?;
                return self.transfer_again(&actor, id, 200).await;
            }
            Outcome::Short(refusal) => {
                drop(act);
                self.refuse(&actor, site, &draft, action, refusal.clone()).await?;
                return Err(refusal.into());
            }
        };
        add_to_lines(&mut act, id, &more(&moved)).await?;
        if matches!(moved.figure, Figure::Shipped | Figure::Received) {
            paper::written(&mut act, id).await?;
        }
        let mut paper = trip.paper.clone();
        paper::enter(&mut act, &mut paper, moved.state.name()).await?;
        posted.steps.push(paper.step());
        let trip = read(&mut act, paper).await?;
        let transfer = told(&mut act, &actor, &trip).await?;
        match act.commit_answering(Event::Posted(posted), 200, &transfer).await? {
            Some(done) if done.before.is_none() => Ok(transfer),
            // This act is undone; its twin's answer is told.
            Some(_) => Err(Error::Conflict(Reused::Key)),
            None => self.transfer_again(&actor, id, 200).await,
        }
    }
}

fn check(step: &TransferStep) -> Result<()> {
    let mut flaws = Vec::new();
    match step {
        TransferStep::Lines { lines } => check_amounts(&mut flaws, lines, true),
        TransferStep::Arrive { lines, .. } | TransferStep::Settle { lines, .. } => {
            check_amounts(&mut flaws, lines, false);
        }
        _ => {}
    }
    if flaws.is_empty() { Ok(()) } else { Err(Error::Invalid(flaws)) }
}

/// Is there something to send?
fn filled(trip: &Trip) -> Result<()> {
    let none = || Flaw::new("lines", "line_count", "scan what is to be sent first").into();
    if trip.lines.is_empty() { Err(none()) } else { Ok(()) }
}

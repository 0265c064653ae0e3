//! The steps of a transfer: put together, approved, sent, arrived, settled, called off, closed.
//!
//! Goods leave into the sender's TRANSIT and stay the sender's until they arrive: what was sent and neither came nor was
//! settled is what that place holds. Each posting belongs to one store: to the sender what leaves, comes home or is lost,
//! to the receiver what arrives.

use crate::document::{Draft, DraftLine, hash};
use crate::ledger::{self, Outcome};
use crate::lot::Named;
use crate::store::Site;
use crate::transfer::{Line, Trip, add_to_lines, check_amounts, read, set_lines, stocked, told};
use crate::transfer_found::LOST;
use crate::transfer_worth::{may_settle, sent_by};
use crate::{Event, Inventory, approval, paper, place};
use auth::Act;
use db::fetch_one;
use model::{
    Action, Actor, Amount, Channel, Condition, DocumentKind, Error, Flaw, Goods, ItemId, LocationId, NewTransferStep,
    PaperId, PaperKind, PostingId, Quantity, Refusal, Result, Reused, StoreId, Transfer, TransferState, TransferStep,
};
use std::collections::HashMap;
use std::sync::Arc;

/// Which figures of a line a move adds to: shipped, received, returned, lost.
#[derive(Clone, Copy)]
enum Figure {
    Shipped,
    Received,
    Returned,
    Lost,
}

/// Goods that a step moves.
struct Move<'a> {
    id: PostingId,
    hash: Vec<u8>,
    figure: Figure,
    from: LocationId,
    to: LocationId,
    /// Which of the two is a real place.
    at: Option<LocationId>,
    reason: Option<&'static str>,
    /// Of each item, how many.
    lines: Vec<(&'a Line, Quantity)>,
    /// The serial numbers that are named.
    serials: HashMap<ItemId, Vec<String>>,
    state: TransferState,
}

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
        let lines = trip.lines.iter().map(|line| (line, line.asked)).collect();
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
        let came: Vec<_> = came.into_iter().filter(|(_, quantity)| *quantity != Quantity::ZERO).collect();
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
        let more: Vec<(ItemId, [i64; 4])> =
            moved.lines.iter().map(|(line, size)| more(line, *size, moved.figure)).collect();
        add_to_lines(&mut act, id, &more).await?;
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

/// Everything that is on the way.
fn all(trip: &Trip) -> Vec<(&Line, Quantity)> {
    trip.lines.iter().map(|line| (line, line.in_transit())).collect()
}

/// These, of which no more can come than is on the way.
async fn some<'a>(act: &mut Act, trip: &'a Trip, lines: &[Amount]) -> Result<Vec<(&'a Line, Quantity)>> {
    let items = stocked(act, lines).await?;
    let known: HashMap<ItemId, &Line> = trip.lines.iter().map(|line| (line.item.id, line)).collect();
    let mut came = Vec::with_capacity(lines.len());
    let mut flaws = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let found = known.get(&items[&line.sku].id).copied();
        let left = found.map(Line::in_transit).unwrap_or_default();
        match found.filter(|_| line.quantity <= left) {
            Some(found) => came.push((found, line.quantity)),
            None => {
                let message = format!("{left} of {} are on the way; book in the others by a correction", line.sku);
                flaws.push(Flaw::new(format!("lines[{at}].quantity"), "more_than_sent", message));
            }
        }
    }
    if flaws.is_empty() { Ok(came) } else { Err(Error::Invalid(flaws)) }
}

/// How many are on the way after these.
fn left(trip: &Trip, gone: &[(&Line, Quantity)]) -> i64 {
    let before: i64 = trip.lines.iter().map(|line| line.in_transit().parts()).sum();
    before - gone.iter().map(|(_, quantity)| quantity.parts()).sum::<i64>()
}

/// The serial numbers that these name.
fn named(trip: &Trip, lines: &[Amount]) -> HashMap<ItemId, Vec<String>> {
    let serials = trip.lines.iter().filter_map(|line| {
        Some((line.item.id, lines.iter().find(|amount| amount.sku == line.item.sku)?.serials.clone()))
    });
    serials.collect()
}

/// What is on the way ends where it started, or nowhere.
fn back<'a>(
    site: &Site,
    trip: &Trip,
    id: (PostingId, Vec<u8>),
    goods: Goods,
    lines: Vec<(&'a Line, Quantity)>,
    state: TransferState,
) -> Move<'a> {
    let lines = lines.into_iter().filter(|(_, quantity)| *quantity != Quantity::ZERO).collect();
    let (figure, to, at, reason) = match goods {
        Goods::Home => (Figure::Returned, trip.from, Some(trip.from), "returned"),
        Goods::WrittenOff => (Figure::Lost, site.shrinkage, None, LOST),
    };
    let (id, hash, from, reason, serials) = (id.0, id.1, site.transit, Some(reason), HashMap::new());
    Move { id, hash, figure, from, to, at, reason, lines, serials, state }
}

fn more(line: &Line, size: Quantity, figure: Figure) -> (ItemId, [i64; 4]) {
    let mut more = [0; 4];
    more[figure as usize] = size.parts();
    (line.item.id, more)
}

fn draft(trip: &Trip, moved: &Move<'_>) -> Draft {
    let lines = moved.lines.iter().map(|(line, quantity)| DraftLine {
        item: line.item.clone(),
        from: moved.from,
        to: moved.to,
        at: moved.at,
        lot: line
            .item
            .has_serials()
            .then(|| Named::serials(moved.serials.get(&line.item.id).map(Vec::as_slice).unwrap_or_default())),
        condition: Condition::Sellable,
        quantity: *quantity,
        unit_price: None,
        list: None,
        reason: None,
    });
    Draft {
        id: moved.id,
        kind: DocumentKind::Transfer,
        effect: DocumentKind::Transfer,
        occurred_at: None,
        number: Some(trip.paper.number.clone()),
        channel: Channel::Till,
        reason: moved.reason.map(str::to_owned),
        reverses: None,
        returns: None,
        seen: None,
        author: None,
        lines: lines.collect(),
        kits: Vec::new(),
        hash: moved.hash.clone(),
    }
}

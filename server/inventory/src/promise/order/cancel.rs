//! Cancelling and closing: what is not wanted any more is let go; what was handed over stays.

use super::kept;
use super::line::{self, Line};
use super::{show, state, stepped};
use crate::Inventory;
use crate::paper;
use crate::promise::told::{Promised, ReservationStep};
use crate::promise::{balance, row};
use crate::store::Site;
use auth::Act;
use model::{
    Action, Actor, Cancelling, Flaw, Order, PaperId, PaperKind, PostingId, Quantity, ReservationState, Result,
};

impl Inventory {
    /// Cancels lines of an order, or all of it: their goods are free again. An order of which something was handed over
    /// is fulfilled then. What is cancelled already is answered as it is.
    pub async fn cancel_order(
        &self,
        actor: &Actor,
        id: PaperId,
        seen: Option<i64>,
        cancelling: Cancelling,
    ) -> Result<Order> {
        let site = self.order_site(actor, id).await?;
        let mut act = self.auth.act(actor, Action::Promise.at(site.store.id)).await?;
        let mut paper = paper::take(&mut act, PaperKind::Order, id, None).await?;
        let mut lines = line::of(&mut act, id).await?;
        if let Some(unknown) = cancelling.lines.iter().find(|wanted| !lines.iter().any(|line| line.line == **wanted)) {
            let message = format!("the order has no line {unknown}");
            return Err(Flaw::new("lines", "unknown_line", message).into());
        }
        let meant = |line: &Line| cancelling.lines.is_empty() || cancelling.lines.contains(&line.line);
        if paper.state == state::CANCELLED
            || state::is_open(&paper.state) && !lines.iter().any(|line| meant(line) && line.is_open())
        {
            return self.order_as_it_is(actor, act, id).await;
        }
        paper.seen(seen)?;
        let is_draft = paper.state == state::DRAFT;
        if !is_draft && !state::is_open(&paper.state) {
            return Err(paper.wrong_state());
        }
        if is_draft && !cancelling.lines.is_empty() {
            return Err(Flaw::new("lines", "draft", "a draft is changed, not cancelled line by line").into());
        }
        let gone: Vec<i64> = lines.iter().filter(|line| meant(line)).map(|line| line.line).collect();
        let promised = let_go(&mut act, &site, id, &gone, ReservationState::Released).await?;
        for line in lines.iter_mut().filter(|line| gone.contains(&line.line)) {
            if is_draft {
                line.backordered = line.quantity;
            }
            line.cancel();
        }
        line::write(&mut act, id, &lines).await?;
        if !lines.iter().any(Line::is_open) {
            let some = lines.iter().any(|line| line.fulfilled > Quantity::ZERO);
            paper::enter(&mut act, &mut paper, if some { state::FULFILLED } else { state::CANCELLED }).await?;
            kept::close(&mut act, &paper).await?;
        }
        let order = show::whole(&mut act, id).await?;
        act.conclude(stepped("inventory.order_cancelled", &paper, promised, &[]), 200, &order).await?;
        Ok(order)
    }

    /// Closes an order that was handed over: it is out of every list of what is to be done.
    pub async fn close_order(&self, actor: &Actor, id: PaperId, seen: Option<i64>) -> Result<Order> {
        let site = self.order_site(actor, id).await?;
        let mut act = self.auth.act(actor, Action::Promise.at(site.store.id)).await?;
        let mut paper = paper::take(&mut act, PaperKind::Order, id, None).await?;
        if paper.state == state::CLOSED {
            return self.order_as_it_is(actor, act, id).await;
        }
        if paper.state != state::FULFILLED {
            return Err(paper.wrong_state());
        }
        paper.seen(seen)?;
        paper::enter(&mut act, &mut paper, state::CLOSED).await?;
        let order = show::whole(&mut act, id).await?;
        act.conclude(stepped("inventory.order_closed", &paper, Promised::default(), &[]), 200, &order).await?;
        Ok(order)
    }
}

/// Lets go what is kept for these lines: their reservations end in that state.
pub(super) async fn let_go(
    act: &mut Act,
    site: &Site,
    paper: PaperId,
    lines: &[i64],
    state: ReservationState,
) -> Result<Promised> {
    let steps = row::of_document(act, paper).await?.into_iter();
    let steps: Vec<ReservationStep> =
        steps.filter(|step| step.line.is_some_and(|line| lines.contains(&line))).collect();
    let sizes = row::kept(act, &steps).await?;
    let released = steps.into_iter().map(|step| ReservationStep { state, ..step });
    let released: Vec<ReservationStep> = released.collect();
    row::write(act, &released).await?;
    let shifts = balance::give_up(act, &sizes).await?;
    balance::tell(act, site, PostingId(paper.0), &shifts, released).await
}

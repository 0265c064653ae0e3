//! Until when an order's goods are kept: for as long as it is open, or to the end of a day on the store's own clock. When
//! that is over, what is still open of it is cancelled by the keeper, in one act with its own line.

use super::cancel::let_go;
use super::line::{self, Line};
use super::{show, state, stepped};
use crate::Inventory;
use crate::document::check_day;
use crate::paper::{self, Paper};
use crate::promise::keep::keeper;
use crate::promise::row;
use crate::promise::told::{Promised, ReservationStep};
use crate::store::Site;
use auth::Act;
use db::{Tx, execute, fetch_all, fetch_one};
use model::{
    Action, Actor, Error, Flaw, KeepUntil, Order, PaperId, PaperKind, Quantity, Refusal, ReservationState, Result, Time,
};

/// How far ahead that day may be.
const SECONDS_MAX: i64 = 366 * 86_400;
/// How many orders are let go in one round.
const ORDERS: i64 = 100;

/// Until when an open order's goods are kept; without an end when nothing is said.
pub(super) async fn end(tx: &mut Tx, id: PaperId) -> Result<Option<Time>> {
    let (end,): (Option<Time>,) = fetch_one!(tx, "select ends_at from inventory_order where paper = $1", id)?;
    Ok(end)
}

/// Until when goods are kept that are kept to the end of that day: a moment to come, within a year.
fn end_of(site: &Site, day: Option<&str>) -> Result<Option<Time>> {
    let Some(day) = day else { return Ok(None) };
    let now = Time::now();
    let end = site.end_of(day).filter(|end| *end > now && *end <= now.plus_seconds(SECONDS_MAX));
    let message = "goods are kept until today or a later day, at most a year from now; choose another day, or none";
    end.map(Some).ok_or_else(|| Flaw::new("kept_until", "day", message).into())
}

/// An order is open from now on: its goods are kept as its draft says.
pub(super) async fn begin(act: &mut Act, site: &Site, id: PaperId) -> Result<()> {
    let (day,): (Option<String>,) = fetch_one!(act, "select kept_until from inventory_order where paper = $1", id)?;
    let end = end_of(site, day.as_deref())?;
    execute!(act, "update inventory_order set ends_at = $2 where paper = $1", id, end)?;
    Ok(())
}

/// An order is not open any more when its state says so: nothing is left to be let go.
pub(super) async fn close(act: &mut Act, paper: &Paper) -> Result<()> {
    if !state::is_open(&paper.state) {
        execute!(act, "update inventory_order set ends_at = null where paper = $1", paper.id)?;
    }
    Ok(())
}

/// An order is open again, because its hand-over is undone. A day that is over would let it go at once: it is kept for as
/// long as it is open then, until somebody says otherwise.
pub(super) async fn reopen(act: &mut Act, site: &Site, id: PaperId) -> Result<()> {
    let (day,): (Option<String>,) = fetch_one!(act, "select kept_until from inventory_order where paper = $1", id)?;
    let end = day.as_deref().and_then(|day| site.end_of(day)).filter(|end| *end > Time::now());
    let day = day.filter(|_| end.is_some());
    execute!(
        act,
        "update inventory_order set kept_until = $2, ends_at = $3, lapsed_at = null where paper = $1",
        id,
        day.as_deref(),
        end
    )?;
    Ok(())
}

impl Inventory {
    /// Keeps an open order's goods until another day, or for as long as it is open. What it says already is answered as it is.
    ///
    /// Errors: [`Refusal::WrongState`] when it is not open, also because its time is over; [`Error::Conflict`] with another
    /// version than `seen`.
    pub async fn keep_order(&self, actor: &Actor, id: PaperId, seen: Option<i64>, new: KeepUntil) -> Result<Order> {
        let mut flaws = Vec::new();
        check_day(&mut flaws, "kept_until", new.kept_until.as_deref());
        if let Some(flaw) = flaws.pop() {
            return Err(flaw.into());
        }
        let site = self.order_site(actor, id).await?;
        let mut act = self.auth.act(actor, Action::Promise.at(site.store.id)).await?;
        let paper = paper::take(&mut act, PaperKind::Order, id, None).await?;
        if !state::is_open(&paper.state) {
            return Err(paper.wrong_state());
        }
        let mut act = self.still_kept(act, &site, id).await?;
        let (before,): (Option<String>,) =
            fetch_one!(act, "select kept_until from inventory_order where paper = $1", id)?;
        if before == new.kept_until {
            return self.order_as_it_is(actor, act, id).await;
        }
        paper.seen(seen)?;
        let expires_at = end_of(&site, new.kept_until.as_deref())?;
        execute!(
            act,
            "update inventory_order set kept_until = $2, ends_at = $3 where paper = $1",
            id,
            new.kept_until.as_deref(),
            expires_at
        )?;
        let kept = row::of_document(&mut act, id).await?.into_iter();
        let reservations: Vec<ReservationStep> = kept.map(|step| ReservationStep { expires_at, ..step }).collect();
        row::write(&mut act, &reservations).await?;
        let promised = Promised { reservations, ..Promised::default() };
        let order = show::whole(&mut act, id).await?;
        act.conclude(stepped("inventory.order_kept", &paper, promised, &[]), 200, &order).await?;
        Ok(order)
    }

    /// Goes on with an open order whose goods are kept still; else they are let go, and nothing more is done with it.
    pub(super) async fn still_kept(&self, mut act: Act, site: &Site, id: PaperId) -> Result<Act> {
        let now = Time::now();
        if end(&mut act, id).await?.is_none_or(|end| end > now) {
            return Ok(act);
        }
        act.withdraw().await?;
        let (state, _) = self.let_lapse(site, id, now).await?;
        Err(Refusal::WrongState { state }.into())
    }

    /// Cancels what is open of the orders of a store whose time is over by that moment; answers with how many there were.
    pub(in crate::promise) async fn let_orders_lapse(&self, site: &Site, now: Time) -> Result<usize> {
        let mut tx = self.auth.read(&keeper(), Action::SeeStock.at(site.store.id)).await?;
        let due: Vec<(PaperId,)> = fetch_all!(
            &mut tx,
            "select o.paper from inventory_order o join inventory_paper p on p.id = o.paper
             where o.ends_at <= $2 and p.store = $1 order by o.ends_at, o.paper limit $3",
            site.store.id,
            now,
            ORDERS
        )?;
        drop(tx);
        let mut lapsed = 0;
        for (id,) in due {
            match self.let_lapse(site, id, now).await {
                Ok((_, done)) => lapsed += usize::from(done),
                // Somebody is at that order: the next round sees what is left.
                Err(Error::Conflict(_) | Error::Busy) => {}
                Err(error) => tracing::warn!(%error, %id, "an order was not let go; it is tried again later"),
            }
        }
        Ok(lapsed)
    }

    /// Cancels what is open of an order whose time is over by that moment. Answers with its state, and whether it was done
    /// here: another process may have been faster, or somebody keeps it longer.
    async fn let_lapse(&self, site: &Site, id: PaperId, now: Time) -> Result<(String, bool)> {
        let mut act = self.auth.act(&keeper(), Action::Promise.at(site.store.id)).await?;
        let mut paper = paper::take(&mut act, PaperKind::Order, id, None).await?;
        let over = end(&mut act, id).await?.is_some_and(|end| end <= now);
        if !over || !state::is_open(&paper.state) {
            act.withdraw().await?;
            return Ok((paper.state, false));
        }
        let mut lines = line::of(&mut act, id).await?;
        let all: Vec<i64> = lines.iter().map(|line| line.line).collect();
        let promised = let_go(&mut act, site, id, &all, ReservationState::Expired).await?;
        lines.iter_mut().for_each(Line::cancel);
        line::write(&mut act, id, &lines).await?;
        let some = lines.iter().any(|line| line.fulfilled > Quantity::ZERO);
        paper::enter(&mut act, &mut paper, if some { state::FULFILLED } else { state::CANCELLED }).await?;
        execute!(act, "update inventory_order set ends_at = null, lapsed_at = $2 where paper = $1", id, Time::now())?;
        act.commit(stepped("inventory.order_lapsed", &paper, promised, &[])).await?;
        Ok((paper.state, true))
    }
}

//! Undoing a hand-over: the order's lines are open again, and what came back is kept for them as far as it is there.

use super::confirm::promise;
use super::kept;
use super::line::{self, Line, minus, plus};
use super::state;
use crate::event::Posted;
use crate::paper::{self, Paper};
use crate::promise::balance::How;
use crate::promise::places::{self, Places};
use crate::promise::row;
use crate::promise::told::ReservationStep;
use crate::store::Site;
use auth::Act;
use db::{fetch_all, fetch_optional};
use model::{ItemId, PaperId, PaperKind, PostingId, Quantity, ReservationState, Result};
use std::collections::BTreeMap;

/// An order, taken while a hand-over of it is undone.
pub(crate) struct Reopened {
    paper: Paper,
    /// The lines of which goods come back: they wait for them.
    back: Vec<Line>,
    others: Vec<Line>,
    /// The reservations that those goods had used up.
    unused: Vec<ReservationStep>,
    /// Where they may be kept again.
    places: Places,
}

/// Takes the order of which that posting handed goods over, before they move as a hand-over does; `None` when it handed
/// nothing over, or is undone already. An order that was closed is open again: its customer waits.
pub(crate) async fn reopen(act: &mut Act, site: &Site, posting: PostingId) -> Result<Option<Reopened>> {
    let handed: Vec<(PaperId, i64, Quantity)> =
        fetch_all!(act, "select paper, line, quantity from inventory_order_handed where posting = $1", posting)?;
    let Some((order, ..)) = handed.first().copied() else { return Ok(None) };
    let paper = paper::take(act, PaperKind::Order, order, None).await?;
    let undone: Option<(PostingId,)> =
        fetch_optional!(act, "select id from inventory_posting where reverses = $1", posting)?;
    if undone.is_some() {
        return Ok(None);
    }
    let sizes: BTreeMap<i64, Quantity> = handed.into_iter().map(|(_, line, size)| (line, size)).collect();
    let lines = line::of(act, order).await?.into_iter();
    let (mut back, others): (Vec<Line>, Vec<Line>) = lines.partition(|line| sizes.contains_key(&line.line));
    let mut goods: BTreeMap<(i64, ItemId), i64> = BTreeMap::new();
    for line in &mut back {
        let size = sizes.get(&line.line).copied().unwrap_or_default();
        goods.extend(line.goods(size).into_iter().map(|(item, size)| ((line.line, item.id), size)));
        line.fulfilled = minus(line.fulfilled, size);
        line.backordered = plus(line.backordered, size);
    }
    let unused = unused(row::used_of_document(act, order).await?, goods);
    // The goods come back to where they were taken from, and are kept again wherever they are.
    let places = places::take(act, site, &line::items(&back), true).await?;
    Ok(Some(Reopened { paper, back, others, unused, places }))
}

/// The reservations without these goods, the latest first: what is kept again is kept anew.
fn unused(used: Vec<ReservationStep>, mut goods: BTreeMap<(i64, ItemId), i64>) -> Vec<ReservationStep> {
    let mut unused = Vec::new();
    for mut step in used {
        let wanted = step.line.and_then(|line| goods.get_mut(&(line, step.item))).filter(|wanted| **wanted > 0);
        let Some(wanted) = wanted else { continue };
        let part = Quantity::from_parts(step.fulfilled.parts().min(*wanted));
        *wanted -= part.parts();
        step.fulfilled = minus(step.fulfilled, part);
        // One that still keeps goods keeps as many as before; another one is over.
        if step.state == ReservationState::Active {
            step.quantity = minus(step.quantity, part);
        } else if step.state == ReservationState::Fulfilled {
            step.state = ReservationState::Released;
        }
        unused.push(step);
    }
    unused
}

impl Reopened {
    /// Keeps for the order what has come back by now, and says so in the posting's line of the journal.
    ///
    /// A kit cannot wait for its parts: they are kept whatever else was sold of them meanwhile.
    pub(crate) async fn keep_again(mut self, act: &mut Act, site: &Site, posted: &mut Posted) -> Result<()> {
        kept::reopen(act, site, self.paper.id).await?;
        let (id, how) = (self.paper.id, (|_: &_| How::AllTheSame, |_: &_| How::WhatIsThere));
        row::write(act, &self.unused).await?;
        // What is wanted whatever is there, or as far as it is, is not refused.
        let promised = promise(act, site, &self.places, id, &mut self.back, how).await?.unwrap_or_default();
        line::write(act, id, &self.back).await?;
        let lines = || self.back.iter().chain(&self.others);
        let state = if lines().any(|line| line.fulfilled > Quantity::ZERO) {
            state::PARTLY
        } else if lines().any(|line| line.picked > Quantity::ZERO) {
            state::PICKING
        } else {
            state::CONFIRMED
        };
        paper::enter(act, &mut self.paper, state).await?;
        posted.steps.push(self.paper.step());
        posted.reservations.extend(self.unused.into_iter().chain(promised.reservations));
        let place = |change: &model::Change| (change.location, change.item, change.condition);
        posted.changes.retain(|before| promised.changes.iter().all(|now| place(now) != place(before)));
        posted.changes.extend(promised.changes);
        posted.exceptions.extend(promised.exceptions);
        posted.closed.extend(promised.closed);
        Ok(())
    }
}

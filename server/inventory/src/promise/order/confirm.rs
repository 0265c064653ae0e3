//! Confirming an order: all of it is reserved; where the item's policy allows, the rest is waited for.

use super::kept;
use super::line::{self, Line, minus, plus};
use super::{show, state, stepped};
use crate::Inventory;
use crate::balance::{Key, hold};
use crate::item::ItemRow;
use crate::paper;
use crate::promise::balance::{self, How, Shift};
use crate::promise::places::{self, Places};
use crate::promise::row;
use crate::promise::told::{Promised, ReservationStep};
use crate::store::Site;
use auth::Act;
use model::{
    Action, Actor, Flaw, ItemId, LocationId, Order, PaperId, PaperKind, PostingId, Quantity, Refusal, ReservationKind,
    Result, Time,
};
use std::collections::{BTreeMap, BTreeSet};

/// What an order got that waits.
pub(in crate::promise) enum Got {
    /// Something that it waits for.
    Something,
    /// Of none of what it waits for is anything there.
    Nothing,
    /// It waits no more, or its time is over.
    Closed,
}

impl Inventory {
    /// Confirms a draft; one that is confirmed already is answered as it is.
    ///
    /// Errors: [`Refusal::OutOfStock`] where the item's policy forbids; [`Refusal::WrongState`].
    pub async fn confirm_order(&self, actor: &Actor, id: PaperId, seen: Option<i64>) -> Result<Order> {
        let site = self.order_site(actor, id).await?;
        self.expire_due(&site).await?;
        let mut act = self.auth.act(actor, Action::Promise.at(site.store.id)).await?;
        let mut paper = paper::take(&mut act, PaperKind::Order, id, None).await?;
        if paper.state == state::CONFIRMED {
            return self.order_as_it_is(actor, act, id).await;
        }
        if paper.state != state::DRAFT {
            return Err(paper.wrong_state());
        }
        paper.seen(seen)?;
        let mut lines = line::of(&mut act, id).await?;
        if lines.is_empty() {
            return Err(Flaw::new("lines", "line_count", "an order needs a line before it is confirmed").into());
        }
        kept::begin(&mut act, &site, id).await?;
        let now = Time::now();
        for line in &mut lines {
            line.backordered = line.quantity;
            line.since = Some(now);
        }
        line::keep_parts(&mut act, id, &lines).await?;
        let places = places::take(&mut act, &site, &line::items(&lines), false).await?;
        let through = super::channel(&mut act, id).await?;
        let how = (|item: &_| How::to_hold(item, through), |item: &_| How::to_order(item, through));
        let promised = match promise(&mut act, &site, &places, id, &mut lines, how).await? {
            Ok(promised) => promised,
            Err(refusal) => {
                act.withdraw().await?;
                return Err(refusal.into());
            }
        };
        line::write(&mut act, id, &lines).await?;
        paper::enter(&mut act, &mut paper, state::CONFIRMED).await?;
        let order = show::whole(&mut act, id).await?;
        act.conclude(stepped("inventory.order_confirmed", &paper, promised, &lines), 200, &order).await?;
        Ok(order)
    }

    /// Reserves for an order what has come of what it waits for.
    pub(in crate::promise) async fn reserve_again(&self, actor: &Actor, site: &Site, id: PaperId) -> Result<Got> {
        let mut act = self.auth.act(actor, Action::Promise.at(site.store.id)).await?;
        let paper = paper::take(&mut act, PaperKind::Order, id, None).await?;
        let mut lines = line::of(&mut act, id).await?;
        let over = kept::end(&mut act, id).await?.is_some_and(|end| end <= Time::now());
        if over || !state::is_open(&paper.state) {
            act.withdraw().await?;
            return Ok(Got::Closed);
        }
        let places = places::take(&mut act, site, &line::items(&lines), false).await?;
        let through = super::channel(&mut act, id).await?;
        let how = (|item: &_| How::to_hold(item, through), |_: &_| How::WhatIsThere);
        let Ok(promised) = promise(&mut act, site, &places, id, &mut lines, how).await? else {
            // A kit of it cannot be kept: that says nothing of the rest.
            act.withdraw().await?;
            return Ok(Got::Closed);
        };
        if promised.reservations.is_empty() {
            act.withdraw().await?;
            return Ok(Got::Nothing);
        }
        line::write(&mut act, id, &lines).await?;
        act.commit(stepped("inventory.order_supplied", &paper, promised, &[])).await?;
        Ok(Got::Something)
    }
}

/// Reserves what lines wait for, as far as `how` lets it, kits and others, and writes the reservations; the lines are not
/// written yet.
pub(super) async fn promise(
    act: &mut Act,
    site: &Site,
    places: &Places,
    paper: PaperId,
    lines: &mut [Line],
    how: (impl Fn(&ItemRow) -> How, impl Fn(&ItemRow) -> How),
) -> Result<Result<Promised, Refusal>> {
    // What is charged for and never counted is always there.
    for line in lines.iter_mut().filter(|line| !line.item.stocked() && line.parts.is_empty()) {
        line.reserved = plus(line.reserved, std::mem::take(&mut line.backordered));
    }
    let waiting: Vec<Line> = lines.iter().filter(|line| line.backordered > Quantity::ZERO).cloned().collect();
    let (kits, waiting): (Vec<Line>, Vec<Line>) = waiting.into_iter().partition(|line| !line.parts.is_empty());
    let (mut shifts, mut steps) = match keep_kits(act, site, paper, &kits, &waiting, how.0).await? {
        Ok(kept) => kept,
        Err(refusal) => return Ok(Err(refusal)),
    };
    for line in lines.iter_mut().filter(|line| !line.parts.is_empty()) {
        line.reserved = plus(line.reserved, std::mem::take(&mut line.backordered));
    }
    let wants = balance::summed(waiting.iter().map(|line| (&line.item, line.backordered.parts())), how.1)?;
    match balance::reserve(act, site, places, &wants).await? {
        Ok(kept) => {
            steps.extend(share(site, paper, lines, &kept));
            shifts.extend(kept);
        }
        Err(refusal) => return Ok(Err(refusal)),
    }
    let expires_at = kept::end(act, paper).await?;
    steps.iter_mut().for_each(|step| step.expires_at = expires_at);
    row::insert(act, &steps).await?;
    Ok(Ok(balance::tell(act, site, PostingId(paper.0), &shifts, steps).await?))
}

/// Keeps what kits are made of, where sales leave from: they are put together there. A kit is kept whole or not at all, so it is not waited for: `how` says of each part what
/// happens when there is less.
async fn keep_kits(
    act: &mut Act,
    site: &Site,
    paper: PaperId,
    kits: &[Line],
    others: &[Line],
    how: impl Fn(&ItemRow) -> How,
) -> Result<Result<(Vec<Shift>, Vec<ReservationStep>), Refusal>> {
    if kits.is_empty() {
        return Ok(Ok((Vec::new(), Vec::new())));
    }
    let goods = || kits.iter().flat_map(|line| line.goods(line.backordered));
    // An item may be wanted by itself too: all balances are taken here, so that they are taken in order.
    let all: BTreeSet<ItemId> =
        goods().map(|(item, _)| item.id).chain(others.iter().map(|line| line.item.id)).collect();
    for item in all {
        hold(act, &Key::sellable(site.shop, item)).await?;
    }
    let wants = balance::summed(goods(), how)?;
    let shifts = match balance::reserve(act, site, &Places::default(), &wants).await? {
        Ok(shifts) => shifts,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let steps = kits.iter().flat_map(|line| {
        line.goods(line.backordered).into_iter().map(|(item, size)| {
            let step = row::new(site, site.shop, item, size, ReservationKind::Order);
            ReservationStep { document: Some(paper), line: Some(line.line), ..step }
        })
    });
    Ok(Ok((shifts, steps.collect())))
}

/// Gives each line its part of what was reserved of its item, in the order of the lines: from each place by itself.
fn share(site: &Site, paper: PaperId, lines: &mut [Line], shifts: &[Shift]) -> Vec<ReservationStep> {
    let mut there: BTreeMap<ItemId, Vec<(LocationId, i64)>> = BTreeMap::new();
    for shift in shifts {
        there.entry(shift.item()).or_default().push((shift.location, shift.by));
    }
    let mut steps = Vec::new();
    for line in lines.iter_mut().filter(|line| line.item.stocked()) {
        for (place, left) in there.get_mut(&line.item.id).into_iter().flatten() {
            let part = line.backordered.parts().min(*left);
            if part == 0 {
                continue;
            }
            *left -= part;
            line.reserved = plus(line.reserved, Quantity::from_parts(part));
            line.backordered = minus(line.backordered, Quantity::from_parts(part));
            let step = row::new(site, *place, &line.item, part, ReservationKind::Order);
            steps.push(ReservationStep { document: Some(paper), line: Some(line.line), ..step });
        }
    }
    steps
}

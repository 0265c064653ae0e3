//! Keeping goods for a while: for a cart, or put aside by hand.

use super::balance::{self, How};
use super::told::{Kept, Promised, ReservationStep};
use super::{list, places, row};
use crate::store::Site;
use crate::{Event, Inventory, item, kit};
use auth::Act;
use db::{Tx, fetch_optional, query_rows};
use model::{
    Action, Actor, Channel, Error, Flaw, Held, HoldKind, ItemId, NewEnd, NewHold, PostingId, Quantity, Refusal,
    Reservation, ReservationId, ReservationKind, ReservationState, Result, Reused, StoreId, Time,
};
use std::collections::HashSet;
use std::sync::Arc;

/// How many lines are kept at once.
const LINES_MAX: usize = 100;
/// How long at most.
const SECONDS_MAX: i64 = 90 * 86_400;

fn kind(kind: HoldKind) -> ReservationKind {
    match kind {
        HoldKind::Cart => ReservationKind::Cart,
        HoldKind::Hold => ReservationKind::Hold,
    }
}

/// Over what it is promised: a cart is a web shop's.
fn channel(kind: HoldKind) -> Channel {
    match kind {
        HoldKind::Cart => Channel::Web,
        HoldKind::Hold => Channel::Till,
    }
}

/// How long when nothing is said.
fn seconds(kind: HoldKind) -> i64 {
    match kind {
        HoldKind::Cart => 30 * 60,
        HoldKind::Hold => 7 * 86_400,
    }
}

impl Inventory {
    /// Keeps goods for a while: all of them or none. Sending the same again answers with what became of them.
    ///
    /// Errors: [`Refusal::OutOfStock`] where the item's policy forbids; [`Reused::Id`].
    pub async fn hold(&self, actor: &Actor, new: NewHold) -> Result<Held> {
        check(&new)?;
        let site = self.site(actor, Action::Promise, &new.store).await?;
        self.expire_due(&site).await?;
        let mut act = self.auth.act(actor, Action::Promise.at(site.store.id)).await?;
        if let Some(held) = before(&mut act, &site, &new).await? {
            act.withdraw().await?;
            self.auth.keep_answer(actor, 201, &held, None).await?;
            return Ok(held);
        }
        let steps = match steps(&mut act, &site, &new).await? {
            Ok(steps) => steps,
            Err(refusal) => {
                // On PostgreSQL a twin may have taken the goods in this very moment.
                let twin = before(&mut act, &site, &new).await?.is_some();
                act.withdraw().await?;
                return Err(if twin { Error::Busy } else { refusal.into() });
            }
        };
        let Some(promised) = steps else {
            // A twin was faster.
            act.withdraw().await?;
            return Err(Error::Busy);
        };
        let held = Held { reservations: list::of(&mut act, &ids(&new)).await? };
        let kept = Kept { topic: "inventory.stock_reserved", store: site.store.id, promised };
        act.conclude(Event::Kept(Box::new(kept)), 201, &held).await?;
        Ok(held)
    }

    /// May they let these goods go, or give them another end, at this moment? Errors: [`Error::Forbidden`];
    /// [`Error::NotFound`].
    pub async fn may_change_reservation(&self, actor: &Actor, id: ReservationId) -> Result<()> {
        self.site_of_reservation(actor, id).await.map(drop)
    }

    /// Lets kept goods go before their time. What a document keeps is let go by the document.
    ///
    /// Errors: [`Refusal::WrongState`] when they are not kept any more, but for having been let go before.
    pub async fn release(&self, actor: &Actor, id: ReservationId) -> Result<Reservation> {
        let site = self.site_of_reservation(actor, id).await?;
        let mut act = self.auth.act(actor, Action::Promise.at(site.store.id)).await?;
        let (now, journal) = (Time::now(), act.journal());
        let step: Option<ReservationStep> = fetch_optional!(
            act,
            concat!(
                "update inventory_reservation set state = 'released', changed_at = $2, journal = $3
                 where id = $1 and state = 'active' and document is null ",
                row::touched!()
            ),
            id,
            now,
            journal
        )?;
        let Some(step) = step else {
            return self.reservation_as_it_is(actor, act, id, ReservationState::Released).await;
        };
        let sizes = row::kept(&mut act, std::slice::from_ref(&step)).await?;
        let shifts = balance::give_up(&mut act, &sizes).await?;
        let promised = balance::tell(&mut act, &site, PostingId(id.0), &shifts, vec![step]).await?;
        let reservation = one(&mut act, id).await?;
        let kept = Kept { topic: "inventory.reservation_released", store: site.store.id, promised };
        act.conclude(Event::Kept(Box::new(kept)), 200, &reservation).await?;
        Ok(reservation)
    }

    /// Gives kept goods another end. Errors: [`Refusal::WrongState`] when they are not kept any more.
    pub async fn extend(&self, actor: &Actor, id: ReservationId, new: NewEnd) -> Result<Reservation> {
        check_end(new.expires_at)?;
        let site = self.site_of_reservation(actor, id).await?;
        let mut act = self.auth.act(actor, Action::Promise.at(site.store.id)).await?;
        let (now, journal) = (Time::now(), act.journal());
        let step: Option<ReservationStep> = fetch_optional!(
            act,
            concat!(
                "update inventory_reservation set expires_at = $4, changed_at = $2, journal = $3
                 where id = $1 and state = 'active' and document is null and expires_at > $2 ",
                row::touched!()
            ),
            id,
            now,
            journal,
            new.expires_at
        )?;
        let Some(step) = step else { return self.reservation_as_it_is(actor, act, id, ReservationState::Active).await };
        let promised = Promised { reservations: vec![step], ..Promised::default() };
        let reservation = one(&mut act, id).await?;
        let kept = Kept { topic: "inventory.reservation_extended", store: site.store.id, promised };
        act.conclude(Event::Kept(Box::new(kept)), 200, &reservation).await?;
        Ok(reservation)
    }

    /// What is in that state already is answered as it is; anything else cannot be changed any more.
    async fn reservation_as_it_is(
        &self,
        actor: &Actor,
        mut act: Act,
        id: ReservationId,
        fine: ReservationState,
    ) -> Result<Reservation> {
        let reservation = one(&mut act, id).await?;
        act.withdraw().await?;
        if reservation.state != fine || reservation.document.is_some() {
            return Err(Refusal::WrongState { state: reservation.state.name().to_owned() }.into());
        }
        self.auth.keep_answer(actor, 200, &reservation, None).await?;
        Ok(reservation)
    }

    /// The store of a reservation in which they may promise; others are as good as not there.
    async fn site_of_reservation(&self, actor: &Actor, id: ReservationId) -> Result<Arc<Site>> {
        let mut tx = self.auth.read(actor, Action::Promise.anywhere()).await?;
        let row: Option<(StoreId, String)> = fetch_optional!(
            &mut tx,
            "select r.store, s.code from inventory_reservation r join inventory_store s on s.id = r.store where r.id = $1",
            id
        )?;
        drop(tx);
        let scope = actor.scope(Action::Promise);
        let (_, code) = row.filter(|(store, _)| scope.holds(*store)).ok_or(Error::NotFound)?;
        self.site(actor, Action::Promise, &code).await
    }
}

fn ids(new: &NewHold) -> Vec<ReservationId> {
    new.lines.iter().map(|line| line.id).collect()
}

async fn one(tx: &mut Tx, id: ReservationId) -> Result<Reservation> {
    list::of(tx, &[id]).await?.pop().ok_or(Error::NotFound)
}

/// Reserves and writes the rows; `None` when one of the ids came in between.
async fn steps(act: &mut Act, site: &Site, new: &NewHold) -> Result<Result<Option<Promised>, Refusal>> {
    let mut skus: Vec<&str> = new.lines.iter().map(|line| line.sku.as_str()).collect();
    skus.sort_unstable();
    skus.dedup();
    let items = item::by_sku(act, &skus).await?;
    let (mut flaws, mut steps) = (Vec::new(), Vec::new());
    let expires_at = Some(new.expires_at.unwrap_or_else(|| Time::now().plus_seconds(seconds(new.kind))));
    for (at, line) in new.lines.iter().enumerate() {
        match items.get(&line.sku).filter(|item| item.stocked()) {
            Some(item) => {
                let step = row::new(site, site.shop, item, line.quantity.parts(), kind(new.kind));
                steps.push(ReservationStep { id: line.id, expires_at, ..step });
            }
            None => {
                let field = format!("lines[{at}].sku");
                let kit = items.get(&line.sku).and_then(|item| kit::refused(&field, item));
                flaws.push(kit.unwrap_or_else(|| {
                    let message = format!("there is no item {:?} that is counted; check the SKU", line.sku);
                    Flaw::new(&field, "unknown_sku", message)
                }));
            }
        }
    }
    if !flaws.is_empty() {
        return Err(Error::Invalid(flaws));
    }
    let wanted = steps.iter().filter_map(|step| Some((items.get(&step.sku)?, step.quantity.parts())));
    let (wanted, over): (Vec<_>, _) = (wanted.collect(), channel(new.kind));
    let places = places::take(act, site, &wanted.iter().map(|(item, _)| item.id).collect(), false).await?;
    let kept = if wanted.iter().all(|(item, _)| places.elsewhere(item.id).is_empty()) {
        let wants = balance::summed(wanted.iter().copied(), |item| How::to_hold(item, over))?;
        balance::reserve(act, site, &places, &wants).await?.map(|shifts| (shifts, Vec::new()))
    } else {
        places::reserve_whole(act, site, &places, &wanted, over).await?
    };
    let (shifts, chosen) = match kept {
        Ok(kept) => kept,
        Err(refusal) => return Ok(Err(refusal)),
    };
    for (step, place) in steps.iter_mut().zip(chosen) {
        step.location = place;
    }
    if row::insert(act, &steps).await? < steps.len() as u64 {
        return Ok(Ok(None));
    }
    let by = PostingId(steps.first().map_or_else(uuid::Uuid::nil, |step| step.id.0));
    Ok(Ok(Some(balance::tell(act, site, by, &shifts, steps).await?)))
}

/// What these ids were answered with before; other content under one of them is a conflict.
async fn before(tx: &mut Tx, site: &Site, new: &NewHold) -> Result<Option<Held>> {
    let known: Vec<(ReservationId, StoreId, ItemId, String, Quantity, String)> = query_rows!(
        tx,
        "with wanted (id) as (",
        &ids(new),
        |row, id| {
            row.push_bind(*id);
        },
        ") select r.id, r.store, r.item, i.sku, r.quantity, r.kind
         from wanted join inventory_reservation r on r.id = wanted.id join inventory_item i on i.id = r.item"
    )?;
    if known.is_empty() {
        return Ok(None);
    }
    let same = new.lines.iter().all(|line| {
        let row = known.iter().find(|row| row.0 == line.id);
        row.is_some_and(|(_, store, _, sku, quantity, named)| {
            (*store, sku, *quantity, named.as_str()) == (site.store.id, &line.sku, line.quantity, kind(new.kind).name())
        })
    });
    if !same {
        return Err(Error::Conflict(Reused::Id));
    }
    Ok(Some(Held { reservations: list::of(tx, &ids(new)).await? }))
}

fn check(new: &NewHold) -> Result<()> {
    let mut flaws = Vec::new();
    if new.lines.is_empty() || new.lines.len() > LINES_MAX {
        flaws.push(Flaw::new("lines", "line_count", format!("send 1 to {LINES_MAX} lines")));
    }
    let mut seen = HashSet::new();
    for (at, line) in new.lines.iter().enumerate().take(LINES_MAX) {
        if line.quantity <= Quantity::ZERO || line.quantity > Quantity::LINE_MAX {
            let message = format!("use a quantity above 0, at most {}", Quantity::LINE_MAX);
            flaws.push(Flaw::new(format!("lines[{at}].quantity"), "quantity", message));
        }
        if !seen.insert(line.id) {
            flaws.push(Flaw::new(format!("lines[{at}].id"), "id", "give each line an id of its own"));
        }
    }
    if !flaws.is_empty() {
        return Err(Error::Invalid(flaws));
    }
    new.expires_at.map_or(Ok(()), check_end)
}

fn check_end(end: Time) -> Result<()> {
    let now = Time::now();
    if end > now && end <= now.plus_seconds(SECONDS_MAX) {
        return Ok(());
    }
    Err(Flaw::new("expires_at", "time", "use a time between now and 90 days from now").into())
}

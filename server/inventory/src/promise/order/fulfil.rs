//! Handing over: goods that were kept go to the customer, in part or whole; what was reserved and what is on hand fall
//! together, in one act.

use super::fetched::{self, Fetched};
use super::kept;
use super::line::{self, Line, minus, plus};
use super::{show, state};
use crate::balance::{Key, hold};
use crate::document::{Draft, DraftLine, hash};
use crate::item::ItemRow;
use crate::kit::{self, flaw_unless_whole};
use crate::ledger::{self, Outcome};
use crate::lot::{self, Named};
use crate::paper::{self, Paper};
use crate::promise::balance::{self, Shift, Sizes};
use crate::promise::row;
use crate::promise::told::ReservationStep;
use crate::store::Site;
use crate::{Event, Inventory};
use auth::Act;
use db::insert_rows;
use model::{
    Action, Actor, Channel, Condition, DocumentKind, Error, Flaw, HandOver, ItemId, LocationId, OfLine, Order, PaperId,
    PaperKind, Quantity, ReservationState, Result,
};
use std::collections::{BTreeMap, BTreeSet};

impl Inventory {
    /// Hands goods of an order over: those named, or all that are picked. However often it is sent, they leave once.
    ///
    /// What the customer holds has left, whatever the shelf was thought to hold: it is a fact like a sale at the till.
    pub async fn hand_over(&self, actor: &Actor, id: PaperId, seen: Option<i64>, new: HandOver) -> Result<Order> {
        let site = self.order_site(actor, id).await?;
        let mut act = self.auth.act(actor, Action::Promise.at(site.store.id)).await?;
        let mut paper = paper::take(&mut act, PaperKind::Order, id, None).await?;
        let hash = hash(DocumentKind::Sale, &(id, &new));
        match ledger::before(&mut act, new.id, &hash).await {
            Ok(None) => {}
            Ok(Some(_)) => return self.order_as_it_is(actor, act, id).await,
            Err(error) => return act.withdraw().await.and(Err(error)),
        }
        if !state::is_open(&paper.state) {
            return Err(paper.wrong_state());
        }
        let mut act = self.still_kept(act, &site, id).await?;
        paper.seen(seen)?;
        let mut lines = line::of(&mut act, id).await?;
        let parts = parts(&lines, &new)?;
        let used = used(row::of_document(&mut act, id).await?, &lines, &parts);
        let from = fetched::from(&mut act, &site, &lines, &new, &used.kept).await?;
        let through = super::channel(&mut act, id).await?;
        let draft = Draft { channel: through, ..draft(&site, &paper, &new, hash, &lines, &parts, &from)? };
        let given_up = give_up(&mut act, &draft, &used).await?;
        take_off(&mut lines, &parts);
        line::write(&mut act, id, &lines).await?;
        remember(&mut act, &new, id, &parts).await?;
        let left = lines.iter().any(Line::is_open);
        paper::enter(&mut act, &mut paper, if left { state::PARTLY } else { state::FULFILLED }).await?;
        kept::close(&mut act, &paper).await?;
        let keys = used.sizes.iter().map(|((place, item), (_, size))| (Key::sellable(*place, *item), *size)).collect();
        let Outcome::Now(mut posted) = ledger::post_after(&mut act, &site, &draft, &keys).await? else {
            // Its id was used by something else in this very moment.
            act.withdraw().await?;
            return Err(Error::Busy);
        };
        posted.steps.push(paper.step());
        posted.reservations = used.steps;
        // What was kept in one place and taken from another is free there.
        let moved = |shift: &Shift| posted.changes.iter().any(|change| shift.is_of(change));
        let freed: Vec<Shift> = given_up.into_iter().filter(|shift| !moved(shift)).collect();
        if !freed.is_empty() {
            let freed = balance::tell(&mut act, &site, new.id, &freed, Vec::new()).await?;
            posted.changes.extend(freed.changes);
            posted.closed.extend(freed.closed);
        }
        let order = show::whole(&mut act, id).await?;
        act.conclude(Event::Posted(posted), 200, &order).await?;
        Ok(order)
    }
}

/// How many of each line go; never more than are kept for it.
fn parts(lines: &[Line], new: &HandOver) -> Result<BTreeMap<i64, Quantity>> {
    if new.lines.is_empty() {
        let picked = lines.iter().filter(|line| line.picked > Quantity::ZERO);
        let parts: BTreeMap<_, _> = picked.map(|line| (line.line, line.picked)).collect();
        let nothing = || Flaw::new("lines", "line_count", "nothing is picked yet; pick first, or name what goes");
        return if parts.is_empty() { Err(nothing().into()) } else { Ok(parts) };
    }
    let item = |part: &OfLine| lines.iter().find(|line| line.line == part.line).map(|line| line.item.sku.as_str());
    let named = new.lines.iter().map(|part| (item(part).unwrap_or_default(), part.quantity, part.serials.as_slice()));
    let flaws = lot::serial_flaws(named);
    if !flaws.is_empty() {
        return Err(Error::Invalid(flaws));
    }
    let mut parts = BTreeMap::new();
    for (at, part) in new.lines.iter().enumerate() {
        let Some(line) = lines.iter().find(|line| line.line == part.line) else {
            return Err(Flaw::new(format!("lines[{at}].line"), "unknown_line", "the order has no such line").into());
        };
        if part.quantity <= Quantity::ZERO || part.quantity > line.reserved {
            let message = format!("{} are kept for this line; hand over from 1 to that many", line.reserved);
            return Err(Flaw::new(format!("lines[{at}].quantity"), "quantity", message).into());
        }
        if !line.parts.is_empty() {
            flaw_unless_whole(&format!("lines[{at}].quantity"), &line.item, part.quantity)?;
        }
        fetched::check(at, &line.item, part)?;
        if parts.insert(part.line, part.quantity).is_some() {
            return Err(Flaw::new(format!("lines[{at}].line"), "line", "name each line once").into());
        }
    }
    Ok(parts)
}

/// What of the lines' reservations goes.
struct Used {
    /// These, further by now.
    steps: Vec<ReservationStep>,
    /// What their balances do not keep any more.
    sizes: Sizes,
    /// The same by line and place, in the order in which it was kept, for goods by themselves.
    kept: BTreeMap<i64, Vec<(LocationId, i64)>>,
}

/// Uses the lines' reservations up, oldest first.
fn used(kept: Vec<ReservationStep>, lines: &[Line], parts: &BTreeMap<i64, Quantity>) -> Used {
    let mut left: BTreeMap<(i64, ItemId), (&ItemRow, i64)> = BTreeMap::new();
    for line in lines {
        let Some(size) = parts.get(&line.line) else { continue };
        left.extend(line.goods(*size).into_iter().map(|(item, size)| ((line.line, item.id), (item, size))));
    }
    let mut used = Used { steps: Vec::new(), sizes: Sizes::new(), kept: BTreeMap::new() };
    for mut step in kept {
        let Some(line) = step.line else { continue };
        let Some((item, wanted)) = left.get_mut(&(line, step.item)).filter(|(_, wanted)| *wanted > 0) else { continue };
        let part = step.left().min(*wanted);
        *wanted -= part;
        used.sizes.entry((step.location, step.item)).or_insert_with(|| (item.clone(), 0)).1 += part;
        let places = used.kept.entry(line).or_default();
        match places.iter_mut().find(|(place, _)| *place == step.location) {
            Some((_, size)) => *size += part,
            None => places.push((step.location, part)),
        }
        step.fulfilled = plus(step.fulfilled, Quantity::from_parts(part));
        if step.left() == 0 {
            step.state = ReservationState::Fulfilled;
        }
        used.steps.push(step);
    }
    used
}

/// Takes what is used up off what is reserved. The balances that goods leave are taken with them, in the order of the keys.
async fn give_up(act: &mut Act, draft: &Draft, used: &Used) -> Result<Vec<Shift>> {
    let kept: BTreeSet<Key> = used.sizes.keys().map(|(place, item)| Key::sellable(*place, *item)).collect();
    let goods = draft.lines.iter().filter_map(|line| Some(Key::sellable(line.at?, line.item.id)));
    let all: BTreeSet<Key> = goods.chain(kept.iter().copied()).collect();
    if all.len() > kept.len() {
        for key in &all {
            hold(act, key).await?;
        }
    }
    row::write(act, &used.steps).await?;
    balance::give_up(act, &used.sizes).await
}

/// Writes down what goes with this posting, for the case that it is undone.
async fn remember(act: &mut Act, new: &HandOver, paper: PaperId, parts: &BTreeMap<i64, Quantity>) -> Result<()> {
    let rows: Vec<(i64, Quantity)> = parts.iter().map(|(line, size)| (*line, *size)).collect();
    insert_rows!(
        act,
        "insert into inventory_order_handed (posting, line, paper, quantity) ",
        &rows,
        |row, part| {
            row.push_bind(new.id).push_bind(part.0).push_bind(paper).push_bind(part.1);
        },
        ""
    )?;
    Ok(())
}

fn take_off(lines: &mut [Line], parts: &BTreeMap<i64, Quantity>) {
    for line in lines {
        let Some(part) = parts.get(&line.line).copied() else { continue };
        line.reserved = minus(line.reserved, part);
        line.fulfilled = plus(line.fulfilled, part);
        line.picked = if line.picked > part { minus(line.picked, part) } else { Quantity::ZERO };
    }
}

fn draft(
    site: &Site,
    paper: &Paper,
    new: &HandOver,
    hash: Vec<u8>,
    lines: &[Line],
    parts: &BTreeMap<i64, Quantity>,
    from: &BTreeMap<i64, Vec<Fetched>>,
) -> Result<Draft> {
    let (mut moved, mut kits) = (Vec::new(), Vec::new());
    for (at, line) in lines.iter().enumerate() {
        let Some(quantity) = parts.get(&line.line) else { continue };
        let goods = line.item.stocked() || !line.parts.is_empty();
        let draft = |place: LocationId, quantity: Quantity, lot: Option<Named>| DraftLine {
            item: line.item.clone(),
            from: place,
            to: site.customer,
            at: goods.then_some(place),
            lot,
            condition: Condition::Sellable,
            quantity,
            unit_price: line.unit_price,
            list: None,
            reason: None,
        };
        if !line.parts.is_empty() {
            kits.push(kit::drafted(&mut moved, draft(line.location, *quantity, None), &line.parts, at)?);
        } else if let Some(from) = from.get(&line.line) {
            let part = |one: &Fetched| draft(one.place, Quantity::from_parts(one.size), one.named());
            moved.extend(from.iter().map(part));
        } else {
            moved.push(draft(line.location, *quantity, None));
        }
    }
    Ok(Draft {
        id: new.id,
        kind: DocumentKind::Sale,
        effect: DocumentKind::Sale,
        occurred_at: None,
        number: Some(paper.number.clone()),
        channel: Channel::Web,
        reason: None,
        reverses: None,
        returns: None,
        seen: None,
        author: None,
        lines: moved,
        kits,
        hash,
    })
}

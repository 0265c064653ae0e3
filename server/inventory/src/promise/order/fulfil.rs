//! Handing over: goods that were kept go to the customer, in part or whole; what was reserved and what is on hand fall
//! together, in one act.

use super::line::{self, Line, minus, plus};
use super::{show, state};
use crate::balance::Key;
use crate::document::{Draft, DraftLine, hash};
use crate::kit::{self, flaw_unless_whole};
use crate::ledger::{self, Outcome};
use crate::lot::{self, Named};
use crate::paper::{self, Paper};
use crate::promise::told::ReservationStep;
use crate::promise::{balance, row};
use crate::store::Site;
use crate::{Event, Inventory};
use auth::Act;
use db::insert_rows;
use model::{
    Action, Actor, Channel, Condition, DocumentKind, Error, Flaw, HandOver, ItemId, OfLine, Order, PaperId, PaperKind,
    Quantity, ReservationState, Result,
};
use std::collections::BTreeMap;

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
        paper.seen(seen)?;
        let mut lines = line::of(&mut act, id).await?;
        let parts = parts(&lines, &new)?;
        let (steps, given_up) = use_up(&mut act, &site, id, &lines, &parts).await?;
        let draft = draft(&site, &paper, &new, hash, &lines, &parts)?;
        take_off(&mut lines, &parts);
        line::write(&mut act, id, &lines).await?;
        remember(&mut act, &new, id, &parts).await?;
        let left = lines.iter().any(Line::is_open);
        paper::enter(&mut act, &mut paper, if left { state::PARTLY } else { state::FULFILLED }).await?;
        let Outcome::Now(mut posted) = ledger::post_after(&mut act, &site, &draft, &given_up).await? else {
            // Its id was used by something else in this very moment.
            act.withdraw().await?;
            return Err(Error::Busy);
        };
        posted.steps.push(paper.step());
        posted.reservations = steps;
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
        if parts.insert(part.line, part.quantity).is_some() {
            return Err(Flaw::new(format!("lines[{at}].line"), "line", "name each line once").into());
        }
    }
    Ok(parts)
}

/// Uses up the lines' reservations, oldest first, and takes that much off what is reserved.
async fn use_up(
    act: &mut Act,
    site: &Site,
    paper: PaperId,
    lines: &[Line],
    parts: &BTreeMap<i64, Quantity>,
) -> Result<(Vec<ReservationStep>, BTreeMap<Key, i64>)> {
    let mut left: BTreeMap<(i64, ItemId), i64> = BTreeMap::new();
    let mut sizes = BTreeMap::new();
    for line in lines {
        let Some(size) = parts.get(&line.line) else { continue };
        for (item, size) in line.goods(*size) {
            left.insert((line.line, item.id), size);
            sizes.entry(item.id).or_insert_with(|| (item.clone(), 0)).1 += size;
        }
    }
    let mut used = Vec::new();
    for mut step in row::of_document(act, paper).await? {
        let key = step.line.map(|line| (line, step.item));
        let Some(wanted) = key.and_then(|key| left.get_mut(&key)).filter(|wanted| **wanted > 0) else {
            continue;
        };
        let part = step.left().min(*wanted);
        *wanted -= part;
        step.fulfilled = plus(step.fulfilled, Quantity::from_parts(part));
        if step.left() == 0 {
            step.state = ReservationState::Fulfilled;
        }
        used.push(step);
    }
    row::write(act, &used).await?;
    balance::give_up(act, site, &sizes).await?;
    let given_up = sizes.into_iter().map(|(item, (_, size))| (balance::key(site, item), size));
    Ok((used, given_up.filter(|(_, size)| *size > 0).collect()))
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
) -> Result<Draft> {
    let (mut moved, mut kits) = (Vec::new(), Vec::new());
    for (at, line) in lines.iter().enumerate() {
        let Some(quantity) = parts.get(&line.line) else { continue };
        let goods = line.item.stocked() || !line.parts.is_empty();
        let draft = DraftLine {
            item: line.item.clone(),
            from: line.location,
            to: site.customer,
            at: goods.then_some(line.location),
            lot: line.item.has_serials().then(|| {
                let part = new.lines.iter().find(|part| part.line == line.line);
                Named::serials(part.map(|part| part.serials.as_slice()).unwrap_or_default())
            }),
            condition: Condition::Sellable,
            quantity: *quantity,
            unit_price: line.unit_price,
            list: None,
            reason: None,
        };
        if line.parts.is_empty() {
            moved.push(draft);
        } else {
            kits.push(kit::drafted(&mut moved, draft, &line.parts, at)?);
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

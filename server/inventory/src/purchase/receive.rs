//! Receiving against an order: one act books the goods in and brings the order's counts and its state along.

use super::{LineRow, add_lines, by_counts, lines, sold, state, stepped, supplier};
use crate::document::{Document, Draft, DraftLine, check_text};
use crate::item::ItemRow;
use crate::kit::Recipes;
use crate::paper::{self, Paper};
use crate::store::Site;
use crate::{Inventory, arrival, item, ledger, price};
use auth::Act;
use db::{execute, fetch_all, fetch_optional, insert_rows};
use model::{
    Action, Actor, Error, Flaw, ItemId, NewReceipt, NotTaken, PaperId, PaperKind, PaperStep, PostingId, PurchaseState,
    Quantity, Receipt, Refusal, Result, SupplierId, Time,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// How many kinds of goods may be left with the driver.
const REJECTED_MAX: usize = 1_000;

/// What of an order a posting booked in, as its journal line tells it; its undoing tells the same with a minus.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// Which order.
    pub order: PaperId,
    /// Item by item.
    pub lines: Vec<Delivered>,
}

/// What of one item came with a delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::FromRow)]
pub struct Delivered {
    /// Which.
    pub item: ItemId,
    /// How many were taken in.
    pub received: Quantity,
    /// How many were not taken.
    pub rejected: Quantity,
    /// Why not.
    pub reason: Option<String>,
}

impl Inventory {
    /// Books in what arrived with an order; what of it was not taken is written down with why. `sent_at` is when it was sent,
    /// by the clock by which it came.
    ///
    /// Goods that were not ordered are taken too. More than was ordered and is tolerated needs somebody who approves.
    /// Errors: `NotFound` for an order of another store; `Refused(WrongState)`, `Refused(OverOrdered)`; `Invalid`.
    pub(crate) async fn receive_order(
        &self,
        actor: &Actor,
        order: PaperId,
        new: NewReceipt,
        sent_at: Option<Time>,
    ) -> Result<Receipt> {
        let (right, rejected) = (Action::Receive, new.rejected.clone());
        let document = Document::try_from(new)?.sent(sent_at);
        sound(&rejected)?;
        let site = self.site(actor, right, &document.store).await?;
        let mut act = self.auth.act(actor, right.at(site.store.id)).await?;
        arrival::posting(&mut act, site.store.id, document.id).await?;
        self.receive_in(act, actor, &site, order, &document, &rejected).await
    }

    /// The same, in an act that is open.
    pub(crate) async fn receive_in(
        &self,
        mut act: Act,
        actor: &Actor,
        site: &Site,
        order: PaperId,
        document: &Document,
        rejected: &[NotTaken],
    ) -> Result<Receipt> {
        // Always the order first and the balances after it: whoever undoes a delivery goes the same way.
        let paper = paper::take(&mut act, PaperKind::PurchaseOrder, order, None).await;
        let before = ledger::before(&mut act, document.id, &document.hash).await;
        if !matches!(before, Ok(None)) {
            return self.answer_before(actor, act, before, Error::NotFound).await;
        }
        let mut paper = paper?;
        let arrival = Arrival { site, document, rejected };
        let (draft, delivery) = match arrival.write(&mut act, actor, &mut paper).await {
            Ok(written) => written,
            Err(error) => return self.answer_before(actor, act, Ok(None), error).await,
        };
        let step = paper.step();
        let tell = |posted: &mut crate::Posted| {
            posted.steps.push(step);
            posted.delivery = Some(delivery);
        };
        self.post_telling(act, actor, site, &draft, Action::Receive, tell).await
    }
}

/// What is at the door.
struct Arrival<'a> {
    site: &'a Site,
    document: &'a Document,
    rejected: &'a [NotTaken],
}

impl Arrival<'_> {
    /// Brings the order's lines and its state to what they are with these goods, and makes the draft that the ledger posts.
    async fn write(&self, act: &mut Act, actor: &Actor, paper: &mut Paper) -> Result<(Draft, Delivery)> {
        if paper.store != self.site.store.id {
            return Err(Error::NotFound);
        }
        let now = state(paper)?;
        if !matches!(now, PurchaseState::Sent | PurchaseState::PartlyReceived | PurchaseState::Received) {
            return Err(paper.wrong_state());
        }
        let items = self.items(act).await?;
        let mut draft = self.document.draft(self.site, &items, price::as_said(self.document), &Recipes::new())?;
        let known: HashMap<ItemId, LineRow> =
            lines(act, paper.id).await?.into_iter().map(|line| (line.item, line)).collect();
        let from = SupplierId(paper.party.unwrap_or_else(Uuid::nil));
        fill_costs(act, from, &known, &mut draft.lines).await?;
        let delivered = self.delivered(&draft.lines, &items, &known)?;
        if !actor.may(Action::Approve.at(paper.store)) {
            let tolerance = supplier::find(act, from).await?.map(|supplier| supplier.tolerance).unwrap_or_default();
            within(tolerance, &delivered, &known, &items)?;
        }
        let added = added(&delivered, &known, &draft.lines);
        add_lines(act, paper.id, &added).await?;
        keep(act, self.document.id, paper.id, &delivered).await?;
        let state = by_counts(&lines(act, paper.id).await?);
        paper::enter(act, paper, state.name()).await?;
        stepped(act, paper.id, None).await?;
        Ok((draft, Delivery { order: paper.id, lines: delivered }))
    }

    async fn items(&self, act: &mut Act) -> Result<HashMap<String, ItemRow>> {
        let taken = self.document.lines.iter().map(|line| line.sku.as_str());
        let mut skus: Vec<&str> = taken.chain(self.rejected.iter().map(|line| line.sku.as_str())).collect();
        skus.sort_unstable();
        skus.dedup();
        item::by_sku(act, &skus).await
    }

    /// What came of each item, in the order of their ids.
    fn delivered(
        &self,
        taken: &[DraftLine],
        items: &HashMap<String, ItemRow>,
        known: &HashMap<ItemId, LineRow>,
    ) -> Result<Vec<Delivered>> {
        let mut delivered: BTreeMap<ItemId, Delivered> = BTreeMap::new();
        let none = |item| Delivered { item, received: Quantity::ZERO, rejected: Quantity::ZERO, reason: None };
        for line in taken {
            let one = delivered.entry(line.item.id).or_insert_with_key(|item| none(*item));
            let sum = one.received.checked_add(line.quantity);
            one.received = sum.ok_or_else(|| Flaw::new("lines", "quantity", "that is more than can be counted"))?;
        }
        for (at, line) in self.rejected.iter().enumerate() {
            let item = items.get(&line.sku).map(|item| item.id).filter(|item| known.contains_key(item));
            let Some(item) = item else {
                let message = format!("{} was not ordered; leave it out", line.sku);
                return Err(Flaw::new(format!("rejected[{at}].sku"), "not_ordered", message).into());
            };
            let one = delivered.entry(item).or_insert_with_key(|item| none(*item));
            (one.rejected, one.reason) = (line.quantity, Some(line.reason.trim().to_owned()));
        }
        Ok(delivered.into_values().collect())
    }
}

/// What one costs where the delivery does not say: what was agreed in the order, or else the supplier's price.
pub(super) async fn fill_costs(
    act: &mut Act,
    from: SupplierId,
    known: &HashMap<ItemId, LineRow>,
    lines: &mut [DraftLine],
) -> Result<()> {
    let surprises: Vec<ItemId> =
        lines.iter().map(|line| line.item.id).filter(|item| !known.contains_key(item)).collect();
    let offers = sold::of(act, from, &surprises).await?;
    for line in lines.iter_mut().filter(|line| line.unit_price.is_none()) {
        let item = line.item.id;
        let agreed = known.get(&item).and_then(|line| line.unit_cost);
        line.unit_price = agreed.or_else(|| offers.get(&item).and_then(|sold| sold.price));
    }
    Ok(())
}

/// Errors: [`Refusal::OverOrdered`] when more came of an item than was ordered and is tolerated.
fn within(
    tolerance: Quantity,
    delivered: &[Delivered],
    known: &HashMap<ItemId, LineRow>,
    items: &HashMap<String, ItemRow>,
) -> Result<()> {
    for one in delivered {
        // What was not ordered at all is no slip of a number: it is taken, and stands in the order for everybody to see.
        let Some(line) = known.get(&one.item).filter(|line| line.ordered > Quantity::ZERO) else { continue };
        let most = with_tolerance(line.ordered, tolerance);
        let available = Quantity::from_parts((most.parts() - line.received.parts()).max(0));
        if one.received > available {
            let sku = items.values().find(|item| item.id == one.item).map(|item| item.sku.clone()).unwrap_or_default();
            return Err(Refusal::OverOrdered { sku, available }.into());
        }
    }
    Ok(())
}

/// The most that may come of what was ordered, rounded down to a part.
fn with_tolerance(ordered: Quantity, percent: Quantity) -> Quantity {
    let hundred = 100 * i128::from(Quantity::ONE);
    let most = i128::from(ordered.parts()) * (hundred + i128::from(percent.parts())) / hundred;
    Quantity::from_parts(i64::try_from(most).unwrap_or(i64::MAX))
}

/// What the delivery adds to the order's lines; items that were not ordered get lines of their own behind them.
fn added(delivered: &[Delivered], known: &HashMap<ItemId, LineRow>, taken: &[DraftLine]) -> Vec<LineRow> {
    let mut last = known.values().map(|line| line.line).max().unwrap_or_default();
    let line = |one: &Delivered| {
        let cost = || taken.iter().find(|line| line.item.id == one.item).and_then(|line| line.unit_price);
        let line = known.get(&one.item).cloned().unwrap_or_else(|| {
            last += 1;
            let (item, line, unit_cost) = (one.item, last, cost());
            let (ordered, code) = (Quantity::ZERO, String::new());
            LineRow {
                item,
                line,
                ordered,
                unit_cost,
                code,
                received: Quantity::ZERO,
                rejected: Quantity::ZERO,
                why: None,
            }
        });
        LineRow { received: one.received, rejected: one.rejected, ..line }
    };
    delivered.iter().map(line).collect()
}

async fn keep(act: &mut Act, posting: PostingId, order: PaperId, delivered: &[Delivered]) -> Result<()> {
    insert_rows!(
        act,
        "insert into inventory_purchase_receipt (posting, item, paper, received, rejected, reason) ",
        delivered,
        |row, one| {
            row.push_bind(posting).push_bind(one.item).push_bind(order).push_bind(one.received);
            row.push_bind(one.rejected).push_bind(one.reason.as_deref());
        },
        ""
    )?;
    Ok(())
}

/// Takes a delivery's counts back from its order, for the undoing of its posting; `None` when it had no order, or is
/// undone already, which the ledger then tells.
pub(crate) async fn give_back(act: &mut Act, posting: PostingId) -> Result<Option<(PaperStep, Delivery)>> {
    let order: Option<(PaperId,)> =
        fetch_optional!(act, "select paper from inventory_purchase_receipt where posting = $1 limit 1", posting)?;
    let Some((order,)) = order else { return Ok(None) };
    let mut paper = paper::take(act, PaperKind::PurchaseOrder, order, None).await?;
    let undone: Option<(PostingId,)> =
        fetch_optional!(act, "select id from inventory_posting where reverses = $1", posting)?;
    if undone.is_some() {
        return Ok(None);
    }
    let delivered: Vec<Delivered> = fetch_all!(
        act,
        "select item, received, rejected, reason from inventory_purchase_receipt where posting = $1 order by item",
        posting
    )?;
    let back: Vec<Delivered> = delivered
        .into_iter()
        .map(|one| Delivered { received: -one.received, rejected: -one.rejected, ..one })
        .collect();
    let known: HashMap<ItemId, LineRow> = lines(act, order).await?.into_iter().map(|line| (line.item, line)).collect();
    add_lines(act, order, &added(&back, &known, &[])).await?;
    execute!(
        act,
        "delete from inventory_purchase_line where paper = $1 and ordered = 0 and received = 0 and rejected = 0",
        order
    )?;
    // What somebody gave up stays given up; what was settled because all was there is not any more.
    if state(&paper)? != PurchaseState::ClosedShort {
        let state = by_counts(&lines(act, order).await?);
        paper::enter(act, &mut paper, state.name()).await?;
        stepped(act, order, None).await?;
    }
    Ok(Some((paper.step(), Delivery { order, lines: back })))
}

/// What can be seen of what was not taken without looking anything up.
pub(crate) fn sound(rejected: &[NotTaken]) -> Result<()> {
    let mut flaws = Vec::new();
    if rejected.len() > REJECTED_MAX {
        flaws.push(Flaw::new("rejected", "line_count", format!("send at most {REJECTED_MAX} lines")));
    }
    let mut seen = std::collections::HashSet::new();
    for (at, line) in rejected.iter().enumerate().take(REJECTED_MAX) {
        if !seen.insert(&line.sku) {
            let message = "this item is there twice; keep one of the lines";
            flaws.push(Flaw::new(format!("rejected[{at}].sku"), "twice", message));
        }
        if line.quantity <= Quantity::ZERO || line.quantity > Quantity::LINE_MAX {
            let message = format!("use a quantity above 0, at most {}", Quantity::LINE_MAX);
            flaws.push(Flaw::new(format!("rejected[{at}].quantity"), "quantity", message));
        }
        check_text(&mut flaws, &format!("rejected[{at}].reason"), Some(&line.reason), 200);
    }
    if flaws.is_empty() { Ok(()) } else { Err(Error::Invalid(flaws)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(text: &str) -> Quantity {
        text.parse().expect("a quantity")
    }

    #[test]
    fn the_tolerance_is_exact_and_never_more() {
        assert_eq!(with_tolerance(units("12"), units("0")), units("12"));
        assert_eq!(with_tolerance(units("12"), units("10")), units("13.2"));
        assert_eq!(with_tolerance(units("0.00003"), units("10")), units("0.00003"), "rounded down to a part");
        assert_eq!(with_tolerance(Quantity::LINE_MAX, units("100")).parts(), 2 * Quantity::LINE_MAX.parts());
    }
}

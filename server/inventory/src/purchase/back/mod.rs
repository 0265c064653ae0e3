//! Returns to suppliers: goods leave the shelf, or what was set aside, by one posting with one document.
//!
//! The document has the id of its posting. What goes back is promised to the supplier, so that no more goes than is there.

mod list;
mod show;
mod verify;

pub(super) use verify::verify;

use super::{LineRow, lines, receive, supplier};
use crate::document::{Draft, DraftLine, check_text, hash};
use crate::item::{self, ItemRow};
use crate::ledger::{self, Outcome};
use crate::lot::{self, Named};
use crate::paper::{self, NewPaper, Opened, Paper};
use crate::store::Site;
use crate::{Event, Inventory, Stepped, kit};
use auth::Act;
use db::{execute, fetch_all, fetch_optional};
use model::{
    Action, Actor, Channel, DocumentKind, Error, Flaw, ItemId, Money, NewSupplierReturn, PaperId, PaperKind, PaperStep,
    PostingId, Quantity, Result, SupplierCredit, SupplierReturn, SupplierReturnState,
};
use serde_json::json;
use std::collections::{HashMap, HashSet};

/// How many lines may go back at once.
const LINES_MAX: usize = 1_000;

impl Inventory {
    /// Sends goods back to a supplier: one posting, all of it or nothing. Sending the same again answers with it as it is.
    ///
    /// Errors: `Invalid`; `Refused(OutOfStock)` for more than is there, of the item or of the lot; that id then stays
    /// refused. `Conflict(Id)` when the id came with something else before.
    pub async fn send_back(&self, actor: &Actor, new: NewSupplierReturn) -> Result<SupplierReturn> {
        check(&new)?;
        let (right, hash) = (Action::Purchase, hash(DocumentKind::SupplierReturn, &new));
        let site = self.site(actor, right, &new.store).await?;
        let mut act = self.auth.act(actor, right.at(site.store.id)).await?;
        match ledger::before(&mut act, PostingId(new.id.0), &hash).await {
            Ok(None) => {}
            Ok(Some(_)) => return self.supplier_return_again(act, new.id, 201).await,
            Err(error) => return act.withdraw().await.and(Err(error)),
        }
        let paper = match open(&mut act, &site, &new, &hash).await? {
            Opened::Now(paper) => *paper,
            Opened::Before(_) => return self.supplier_return_again(act, new.id, 201).await,
        };
        let draft = draft(&mut act, &site, &paper, &new, hash).await?;
        let outcome = match lot::short(&mut act, &draft).await? {
            Some(refusal) => Outcome::Short(refusal),
            None => ledger::post(&mut act, &site, &draft).await?,
        };
        let mut posted = match outcome {
            Outcome::Now(posted) => posted,
            Outcome::Before(_) | Outcome::Overtaken => return self.supplier_return_again(act, new.id, 201).await,
            Outcome::Short(refusal) => {
                drop(act);
                // Its number is the next one's.
                let draft = Draft { number: None, ..draft };
                self.refuse(actor, &site, &draft, right, refusal.clone()).await?;
                return Err(refusal.into());
            }
        };
        keep(&mut act, &new, posted.receipt.total).await?;
        posted.steps.push(paper.step());
        let told = show::whole(&mut act, actor, &paper, &site.store).await?;
        act.conclude(Event::Posted(posted), 201, &told).await?;
        Ok(told)
    }

    /// Says that the supplier has credited what went back, by the number of their credit note; without one it waits for
    /// that again. The same again changes nothing. Errors: `NotFound`; `Refused(WrongState)` for what was undone;
    /// `Conflict(Version)`.
    pub async fn credit_supplier_return(
        &self,
        actor: &Actor,
        id: PaperId,
        seen: Option<i64>,
        credit: SupplierCredit,
    ) -> Result<SupplierReturn> {
        let mut flaws = Vec::new();
        check_text(&mut flaws, "number", credit.number.as_deref(), 64);
        if !flaws.is_empty() {
            return Err(Error::Invalid(flaws));
        }
        let store = self.paper(actor, PaperKind::SupplierReturn, id).await?.store;
        let site = self.site_of(actor, store).await?;
        let mut act = self.auth.act(actor, Action::Purchase.at(store)).await?;
        let mut paper = paper::take(&mut act, PaperKind::SupplierReturn, id, seen).await?;
        let number = credit.number.map(|number| number.trim().to_owned());
        let (to, topic) = match number {
            Some(_) => (SupplierReturnState::Credited, "inventory.supplier_return_credited"),
            None => (SupplierReturnState::Sent, "inventory.supplier_return_reopened"),
        };
        if paper.state == SupplierReturnState::Undone.name() {
            return act.withdraw().await.and(Err(paper.wrong_state()));
        }
        if paper.state == to.name() && paper.reference == number {
            return self.supplier_return_again(act, id, 200).await;
        }
        execute!(act, "update inventory_paper set reference = $2 where id = $1", id, number.as_deref())?;
        paper.reference.clone_from(&number);
        paper::enter(&mut act, &mut paper, to.name()).await?;
        let told = show::whole(&mut act, actor, &paper, &site.store).await?;
        let stepped = Stepped { topic, store, step: paper.step(), told: json!({ "number": number }) };
        act.conclude(Event::Stepped(Box::new(stepped)), 200, &told).await?;
        Ok(told)
    }

    /// What was there before, as it is now; the act, which finds itself done already, is undone.
    async fn supplier_return_again(&self, act: Act, id: PaperId, status: u16) -> Result<SupplierReturn> {
        let actor = act.actor().clone();
        act.withdraw().await?;
        let told = self.supplier_return(&actor, id).await?.data;
        self.auth.keep_answer(&actor, status, &told, None).await?;
        Ok(told)
    }
}

/// Brings the document of a return along that is undone; `None` when it is undone already, which the ledger then tells.
/// Errors: `Refused(WrongState)` for one that was credited.
pub(crate) async fn take_back(act: &mut Act, posting: PostingId) -> Result<Option<PaperStep>> {
    let mut paper = paper::take(act, PaperKind::SupplierReturn, PaperId(posting.0), None).await?;
    let undone: Option<(PostingId,)> =
        fetch_optional!(act, "select id from inventory_posting where reverses = $1", posting)?;
    if undone.is_some() {
        return Ok(None);
    }
    if paper.state != SupplierReturnState::Sent.name() {
        return Err(paper.wrong_state());
    }
    paper::enter(act, &mut paper, SupplierReturnState::Undone.name()).await?;
    Ok(Some(paper.step()))
}

async fn open(act: &mut Act, site: &Site, new: &NewSupplierReturn, hash: &[u8]) -> Result<Opened> {
    let paper = NewPaper {
        id: new.id,
        kind: PaperKind::SupplierReturn,
        to_store: None,
        party: Some(new.supplier.0),
        state: SupplierReturnState::Sent.name(),
        hash,
        reference: None,
        note: new.note.as_deref(),
        due_on: None,
    };
    paper::open(act, site, paper).await
}

async fn keep(act: &mut Act, new: &NewSupplierReturn, value: Money) -> Result<()> {
    execute!(
        act,
        "insert into inventory_supplier_return (paper, ordered, value, lines) values ($1, $2, $3, $4)",
        new.id,
        new.order,
        value,
        i64::try_from(new.lines.len()).unwrap_or(i64::MAX)
    )?;
    Ok(())
}

/// What the ledger posts: from where the goods lie to the supplier, at what is expected back for them.
async fn draft(act: &mut Act, site: &Site, paper: &Paper, new: &NewSupplierReturn, hash: Vec<u8>) -> Result<Draft> {
    if supplier::find(act, new.supplier).await?.is_none() {
        return Err(Flaw::new("supplier", "unknown_supplier", "there is no such supplier; check its id").into());
    }
    let known = of_order(act, site, new).await?;
    let skus: Vec<&str> = new.lines.iter().map(|line| line.sku.as_str()).collect::<HashSet<_>>().into_iter().collect();
    let items = item::by_sku(act, &skus).await?;
    let mut lines = goods(site, new, &items)?;
    if let Some(order) = new.order {
        within(act, order, &known, &lines).await?;
    }
    receive::fill_costs(act, new.supplier, &known, &mut lines).await?;
    let kind = DocumentKind::SupplierReturn;
    Ok(Draft {
        id: PostingId(new.id.0),
        kind,
        effect: kind,
        occurred_at: None,
        number: Some(paper.number.clone()),
        channel: Channel::Till,
        reason: None,
        reverses: None,
        returns: None,
        seen: None,
        author: None,
        lines,
        kits: Vec::new(),
        hash,
    })
}

/// The lines of the order with which the goods came; until the act ends nobody else sends some of them back.
async fn of_order(act: &mut Act, site: &Site, new: &NewSupplierReturn) -> Result<HashMap<ItemId, LineRow>> {
    let Some(order) = new.order else { return Ok(HashMap::new()) };
    let held = execute!(
        act,
        "update inventory_paper set version = version where id = $1 and kind = $2 and store = $3 and party = $4",
        order,
        PaperKind::PurchaseOrder.name(),
        site.store.id,
        new.supplier
    )?;
    if held == 0 {
        let message = "this store has no such purchase order with this supplier; check it, or leave it out";
        return Err(Flaw::new("order", "unknown_order", message).into());
    }
    Ok(lines(act, order).await?.into_iter().map(|line| (line.item, line)).collect())
}

fn goods(site: &Site, new: &NewSupplierReturn, items: &HashMap<String, ItemRow>) -> Result<Vec<DraftLine>> {
    let mut flaws = Vec::new();
    let mut lines = Vec::with_capacity(new.lines.len());
    for (at, line) in new.lines.iter().enumerate() {
        let Some(item) = items.get(&line.sku).filter(|item| item.stocked()) else {
            let field = format!("lines[{at}].sku");
            let kit = items.get(&line.sku).and_then(|item| kit::refused(&field, item));
            flaws.push(kit.unwrap_or_else(|| {
                let message = format!("there is no item {:?} that is kept in stock", line.sku);
                Flaw::new(&field, "unknown_sku", message)
            }));
            continue;
        };
        let lot = line.lot.as_ref().map(|code| Named::one(code, None));
        let lot = lot.or(item.has_serials().then(|| Named::serials(&[])));
        flaws.extend(lot::flaw(DocumentKind::SupplierReturn, item, at, lot.as_ref()));
        lines.push(DraftLine {
            item: item.clone(),
            from: site.shop,
            to: site.supplier,
            at: Some(site.shop),
            lot,
            condition: line.condition,
            quantity: line.quantity,
            unit_price: None,
            list: None,
            reason: Some(line.reason.name().to_owned()),
        });
    }
    if flaws.is_empty() { Ok(lines) } else { Err(Error::Invalid(flaws)) }
}

/// No more goes back with an order than came with it and did not go back before.
async fn within(act: &mut Act, order: PaperId, known: &HashMap<ItemId, LineRow>, lines: &[DraftLine]) -> Result<()> {
    let gone: Vec<(ItemId, i64)> = fetch_all!(
        act,
        "select m.item, cast(sum(m.quantity) as bigint)
         from inventory_supplier_return r
         join inventory_paper p on p.id = r.paper and p.state <> $2
         join inventory_movement m on m.posting = r.paper
         where r.ordered = $1 group by m.item",
        order,
        SupplierReturnState::Undone.name()
    )?;
    let mut left: HashMap<ItemId, i64> = known.values().map(|line| (line.item, line.received.parts())).collect();
    for (item, gone) in gone {
        *left.entry(item).or_default() -= gone;
    }
    for (at, line) in lines.iter().enumerate() {
        let left = left.entry(line.item.id).or_default();
        if line.quantity.parts() > *left {
            let there = Quantity::from_parts((*left).max(0));
            let message = format!("{there} of {} came with the order and may go back with it", line.item.sku);
            return Err(Flaw::new(format!("lines[{at}].quantity"), "more_than_came", message).into());
        }
        *left -= line.quantity.parts();
    }
    Ok(())
}

fn check(new: &NewSupplierReturn) -> Result<()> {
    let mut flaws = Vec::new();
    if new.lines.is_empty() || new.lines.len() > LINES_MAX {
        flaws.push(Flaw::new("lines", "line_count", format!("send 1 to {LINES_MAX} lines")));
    }
    check_text(&mut flaws, "note", new.note.as_deref(), 200);
    let mut seen = HashSet::new();
    for (at, line) in new.lines.iter().enumerate().take(LINES_MAX) {
        if line.quantity <= Quantity::ZERO || line.quantity > Quantity::LINE_MAX {
            let message = format!("use a quantity above 0, at most {}", Quantity::LINE_MAX);
            flaws.push(Flaw::new(format!("lines[{at}].quantity"), "quantity", message));
        }
        let lot = line.lot.as_deref().map(str::trim);
        check_text(&mut flaws, &format!("lines[{at}].lot"), lot, 64);
        if !seen.insert((&line.sku, line.condition.name(), lot)) {
            let message = format!("{} is there twice; add the two up", line.sku);
            flaws.push(Flaw::new(format!("lines[{at}].sku"), "twice", message));
        }
    }
    if flaws.is_empty() { Ok(()) } else { Err(Error::Invalid(flaws)) }
}

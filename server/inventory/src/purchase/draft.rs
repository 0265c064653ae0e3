//! Writing a purchase order: a draft is written as a whole, as often as it takes, by one at a time.

use super::step::Begun;
use super::{LineRow, add_lines, lines, sold, state, supplier, value};
use crate::document::{check_day, check_text};
use crate::paper::{self, NewPaper, Opened, Paper};
use crate::{Inventory, item, kit};
use auth::Act;
use db::execute;
use model::{
    Action, Actor, Error, Flaw, ItemId, Money, NewPurchase, NewPurchaseLine, PaperId, PaperKind, Purchase,
    PurchaseDraft, PurchaseState, Quantity, Result, SupplierId,
};
use sha2::{Digest, Sha256};
use std::collections::HashSet;

/// How many lines an order may have.
const LINES_MAX: usize = 1_000;

impl Inventory {
    /// Writes a new purchase order: a draft, under the store's next number. Sending the same again answers with it.
    ///
    /// Errors: `Conflict(Id)` when the id was used before with other content; `Invalid`.
    pub async fn add_purchase(&self, actor: &Actor, new: NewPurchase) -> Result<Purchase> {
        let draft = new.draft();
        sound(&draft)?;
        let site = self.site(actor, Action::Purchase, &new.store).await?;
        let mut act = self.auth.act(actor, Action::Purchase.at(site.store.id)).await?;
        let json = serde_json::to_vec(&new).expect("these types hold nothing that JSON cannot say");
        let hash = Sha256::digest(json).to_vec();
        let opening = NewPaper {
            id: new.id,
            kind: PaperKind::PurchaseOrder,
            to_store: None,
            party: Some(draft.supplier.0),
            state: PurchaseState::Draft.name(),
            hash: &hash,
            reference: draft.reference.as_deref(),
            note: draft.note.as_deref(),
            due_on: draft.due_on.as_deref(),
        };
        let paper = match paper::open(&mut act, &site, opening).await? {
            Opened::Now(paper) => *paper,
            Opened::Before(paper) => {
                act.withdraw().await?;
                let purchase = self.purchase(actor, paper.id).await?.data;
                self.auth.keep_answer(actor, 201, &purchase, None).await?;
                return Ok(purchase);
            }
        };
        let written = looked_up(&mut act, &draft).await?;
        let stepper = paper.principal.clone();
        execute!(
            act,
            "insert into inventory_purchase (paper, value, stepper, reason) values ($1, $2, $3, $4)",
            paper.id,
            value(&written)?,
            &stepper,
            None::<String>
        )?;
        add_lines(&mut act, paper.id, &written).await?;
        self.tell_step(act, &site, &paper, "inventory.purchase_order_written", Some(&written), 201).await
    }

    /// Writes a draft anew, as its author saw it in that version: all of it. A rejected order becomes a draft again.
    ///
    /// Errors: `Conflict(Version)` when somebody else wrote it since; `Refused(WrongState)`; `Invalid`.
    pub async fn change_purchase(
        &self,
        actor: &Actor,
        id: PaperId,
        seen: Option<i64>,
        draft: PurchaseDraft,
    ) -> Result<Purchase> {
        sound(&draft)?;
        let begun = self.begin_step(actor, Action::Purchase, id, seen, &[]).await?;
        let Begun::Now { act, site, paper } = begun else { return Err(Error::NotFound) };
        let (mut act, mut paper) = (*act, *paper);
        if !matches!(state(&paper)?, PurchaseState::Draft | PurchaseState::Rejected) {
            return act.withdraw().await.and(Err(paper.wrong_state()));
        }
        let written = looked_up(&mut act, &draft).await?;
        if same(&mut act, &paper, &draft, &written).await? {
            // The version that it was raised to is undone with the act.
            act.withdraw().await?;
            let purchase = self.purchase(actor, id).await?.data;
            self.auth.keep_answer(actor, 200, &purchase, None).await?;
            return Ok(purchase);
        }
        rewrite(&mut act, &paper, &draft, &written).await?;
        paper::enter(&mut act, &mut paper, PurchaseState::Draft.name()).await?;
        // What was written in its head is read again with the answer.
        let paper = paper::find_paper(&mut act, id).await?.ok_or(Error::NotFound)?;
        self.tell_step(act, &site, &paper, "inventory.purchase_order_changed", Some(&written), 200).await
    }
}

/// Is that what the draft says already?
async fn same(act: &mut Act, paper: &Paper, draft: &PurchaseDraft, written: &[LineRow]) -> Result<bool> {
    let head = (paper.party, &paper.reference, &paper.note, &paper.due_on);
    let is_draft = state(paper)? == PurchaseState::Draft;
    let same_head = head == (Some(draft.supplier.0), &draft.reference, &draft.note, &draft.due_on);
    Ok(is_draft && same_head && lines(act, paper.id).await? == written)
}

async fn rewrite(act: &mut Act, paper: &Paper, draft: &PurchaseDraft, written: &[LineRow]) -> Result<()> {
    let stepper = act.actor().principal.to_string();
    execute!(
        act,
        "update inventory_paper set party = $2, reference = $3, note = $4, due_on = $5, approved_by = $6, approver = $6
         where id = $1",
        paper.id,
        draft.supplier,
        draft.reference.as_deref(),
        draft.note.as_deref(),
        draft.due_on.as_deref(),
        None::<String>
    )?;
    execute!(
        act,
        "update inventory_purchase set value = $2, stepper = $3, reason = $4 where paper = $1",
        paper.id,
        value(written)?,
        &stepper,
        None::<String>
    )?;
    paper::written(act, paper.id).await?;
    execute!(act, "delete from inventory_purchase_line where paper = $1", paper.id)?;
    add_lines(act, paper.id, written).await
}

/// The lines of a draft with their items, and with the supplier's prices and codes where it names none.
async fn looked_up(act: &mut Act, draft: &PurchaseDraft) -> Result<Vec<LineRow>> {
    offered(act, draft.supplier).await?;
    let skus: Vec<&str> = draft.lines.iter().map(|line| line.sku.as_str()).collect();
    let items = item::by_sku(act, &skus).await?;
    let unknown = |(at, line): (usize, &NewPurchaseLine)| {
        let message = format!("there is no item {:?}; add it first or check the SKU", line.sku);
        Flaw::new(format!("lines[{at}].sku"), "unknown_sku", message)
    };
    let lines = draft.lines.iter().enumerate();
    let flaw = |(at, line): (usize, &NewPurchaseLine)| match items.get(&line.sku) {
        Some(item) => kit::refused(format!("lines[{at}].sku"), item),
        None => Some(unknown((at, line))),
    };
    let flaws: Vec<Flaw> = lines.filter_map(flaw).collect();
    if !flaws.is_empty() {
        return Err(Error::Invalid(flaws));
    }
    let ids: Vec<ItemId> = items.values().map(|item| item.id).collect();
    let offers = sold::of(act, draft.supplier, &ids).await?;
    let written = (1..).zip(&draft.lines).filter_map(|(at, line)| {
        let item = items.get(&line.sku)?.id;
        let theirs = offers.get(&item);
        let code = line.code.as_deref().map(str::trim).or(theirs.map(|sold| sold.code.as_str())).unwrap_or_default();
        Some(LineRow {
            item,
            line: at,
            ordered: line.quantity,
            unit_cost: line.unit_cost.or(theirs.and_then(|sold| sold.price)),
            code: code.to_owned(),
            received: Quantity::ZERO,
            rejected: Quantity::ZERO,
            why: line
                .why
                .as_ref()
                .map(|why| serde_json::to_string(why).expect("these types hold nothing that JSON cannot say")),
        })
    });
    Ok(written.collect())
}

async fn offered(act: &mut Act, id: SupplierId) -> Result<()> {
    match supplier::find(act, id).await? {
        Some(supplier) if !supplier.archived => Ok(()),
        Some(_) => Err(Flaw::new("supplier", "archived", "this supplier is archived; bring them back first").into()),
        None => Err(Flaw::new("supplier", "unknown_supplier", "there is no such supplier; add them first").into()),
    }
}

/// What can be seen without looking anything up.
fn sound(draft: &PurchaseDraft) -> Result<()> {
    let mut flaws = Vec::new();
    check_text(&mut flaws, "reference", draft.reference.as_deref(), 64);
    check_text(&mut flaws, "note", draft.note.as_deref(), 1_000);
    check_day(&mut flaws, "due_on", draft.due_on.as_deref());
    if draft.lines.len() > LINES_MAX {
        flaws.push(Flaw::new("lines", "line_count", format!("send at most {LINES_MAX} lines")));
    }
    let mut seen = HashSet::new();
    for (at, line) in draft.lines.iter().enumerate().take(LINES_MAX) {
        let field = |name: &str| format!("lines[{at}].{name}");
        if !seen.insert(&line.sku) {
            let message = "this item is there twice; add its quantities up in one line";
            flaws.push(Flaw::new(field("sku"), "twice", message));
        }
        if line.quantity <= Quantity::ZERO || line.quantity > Quantity::LINE_MAX {
            let message = format!("use a quantity above 0, at most {}", Quantity::LINE_MAX);
            flaws.push(Flaw::new(field("quantity"), "quantity", message));
        }
        if line.unit_cost.is_some_and(|cost| cost < Money::ZERO || cost > Money::PRICE_MAX) {
            flaws.push(Flaw::new(field("unit_cost"), "unit_price", "use a price from 0 to 1000000000"));
        }
        let arrives_on = line.why.as_ref().map(|why| why.arrives_on.as_str());
        check_day(&mut flaws, &field("why.arrives_on"), arrives_on);
        let code = line.code.as_deref().map(str::trim).filter(|code| !code.is_empty());
        check_text(&mut flaws, &field("code"), code, 64);
    }
    if flaws.is_empty() { Ok(()) } else { Err(Error::Invalid(flaws)) }
}

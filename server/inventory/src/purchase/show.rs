//! A purchase order as it is shown: its lines, what arrived of them, and what the reader may do next.

use super::{beside, state, supplier};
use crate::Inventory;
use crate::approval::approver;
use crate::paper::{self, Paper};
use crate::store::Site;
use db::{Tx, fetch_all};
use model::{
    Action, Actor, Error, Money, PaperId, PaperKind, PostingId, Purchase, PurchaseLine, PurchaseReceipt, PurchaseState,
    PurchaseStep, Quantity, Result, Since, StoreId, SupplierId, Time,
};
use uuid::Uuid;

/// How many of its deliveries an order tells.
const RECEIPTS: i64 = 200;

#[derive(sqlx::FromRow)]
struct Row {
    sku: String,
    name: String,
    unit: String,
    ordered: Quantity,
    unit_cost: Option<Money>,
    code: String,
    received: Quantity,
    rejected: Quantity,
    minimum: Option<Quantity>,
    multiple: Option<Quantity>,
    why: Option<String>,
}

impl Row {
    fn told(self, expected: bool) -> PurchaseLine {
        let Self { sku, name, unit, ordered, unit_cost, code, received, rejected, minimum, multiple, why } = self;
        let open = Quantity::from_parts((ordered.parts() - received.parts()).max(0));
        PurchaseLine {
            value: unit_cost.and_then(|cost| cost.checked_times(ordered)),
            open: if expected { open } else { Quantity::ZERO },
            sku,
            name,
            unit,
            ordered,
            unit_cost,
            code,
            received,
            rejected,
            minimum,
            multiple,
            // Only a hand in the database can write something else; `verify` finds that.
            why: why.and_then(|why| serde_json::from_str(&why).ok()),
        }
    }
}

#[derive(sqlx::FromRow)]
struct Booked {
    posting: PostingId,
    number: Option<String>,
    actor: String,
    recorded_at: Time,
    undone: i64,
}

impl Inventory {
    /// A purchase order of a store that they may see.
    pub async fn purchase(&self, actor: &Actor, id: PaperId) -> Result<Since<Purchase>> {
        let store = self.paper(actor, PaperKind::PurchaseOrder, id).await?.store;
        let site = self.site_of(actor, store).await?;
        let mut tx = self.auth.read(actor, Action::SeeStock.at(store)).await?;
        let paper = paper::find_paper(&mut tx, id).await?.ok_or(Error::NotFound)?;
        let data = whole(&mut tx, actor, &paper, &site).await?;
        Ok(Since { data, as_of: self.auth.log().head(&mut tx).await?, total: 1 })
    }
}

/// All of an order.
pub(super) async fn whole(tx: &mut Tx, actor: &Actor, paper: &Paper, site: &Site) -> Result<Purchase> {
    let (beside, state) = (beside(tx, paper.id).await?, state(paper)?);
    let supplier = SupplierId(paper.party.unwrap_or_else(Uuid::nil));
    let expected = PurchaseState::EXPECTED.contains(&state);
    let lines: Vec<PurchaseLine> =
        rows(tx, paper.id, supplier).await?.into_iter().map(|row| row.told(expected)).collect();
    let approver = approver(tx, paper.store, PaperKind::PurchaseOrder, beside.value).await?;
    let above_limit = approver.is_some();
    let own = above_limit && paper::wrote(tx, actor, paper).await?;
    let approves = !own && actor.approves(paper.store, approver.unwrap_or_default());
    let mut next = next(actor, paper.store, state, approves);
    next.retain(|step| *step != PurchaseStep::Submit || !lines.is_empty());
    Ok(Purchase {
        id: paper.id,
        number: paper.number.clone(),
        store: site.store.code.clone(),
        currency: site.store.currency.clone(),
        supplier: supplier::find(tx, supplier).await?.ok_or(Error::NotFound)?,
        state,
        version: paper.version,
        reference: paper.reference.clone(),
        note: paper.note.clone(),
        due_on: paper.due_on.clone(),
        reason: beside.reason,
        value: beside.value,
        above_limit,
        approved_by: approver,
        author: paper.author.clone(),
        approver: paper.approver.clone(),
        created_at: paper.created_at,
        changed_at: paper.changed_at,
        issued_on: site.local(beside.issued_at.unwrap_or(paper.created_at))[..10].to_owned(),
        next,
        lines,
        receipts: receipts(tx, paper.id).await?,
    })
}

/// What that actor may do with an order in that state; `approves` is whether they are one of those who approve it.
fn next(actor: &Actor, store: StoreId, state: PurchaseState, approves: bool) -> Vec<PurchaseStep> {
    use PurchaseStep::{Approve, Cancel, Change, Close, Receive, Reject, Send, Submit};
    let steps: &[PurchaseStep] = match state {
        PurchaseState::Draft => &[Submit, Change, Cancel],
        PurchaseState::Submitted => &[Approve, Reject, Cancel],
        PurchaseState::Approved => &[Send, Cancel],
        PurchaseState::Sent => &[Receive, Cancel],
        PurchaseState::PartlyReceived => &[Receive, Close],
        PurchaseState::Received => &[Close, Receive],
        PurchaseState::Rejected => &[Change, Cancel],
        PurchaseState::Closed | PurchaseState::ClosedShort | PurchaseState::Cancelled => &[],
    };
    let may = |step: &PurchaseStep| match step {
        Approve => approves,
        Reject => actor.may(Action::Approve.at(store)),
        Receive => actor.may(Action::Receive.at(store)),
        Change | Submit | Send | Close | Cancel => actor.may(Action::Purchase.at(store)),
    };
    steps.iter().copied().filter(may).collect()
}

async fn rows(tx: &mut Tx, paper: PaperId, supplier: SupplierId) -> Result<Vec<Row>> {
    Ok(fetch_all!(
        tx,
        "select i.sku, i.name, i.unit, l.ordered, l.unit_cost, l.code, l.received, l.rejected, s.minimum, s.multiple, l.why
         from inventory_purchase_line l
         join inventory_item i on i.id = l.item
         left join inventory_supplier_item s on s.supplier = $2 and s.item = l.item and s.archived = 0
         where l.paper = $1 order by l.line, i.sku",
        paper,
        supplier
    )?)
}

/// The deliveries that were booked in against an order, the latest first.
async fn receipts(tx: &mut Tx, paper: PaperId) -> Result<Vec<PurchaseReceipt>> {
    let rows: Vec<Booked> = fetch_all!(
        tx,
        "select p.id as posting, p.number, p.actor, p.recorded_at,
                cast(case when u.id is null then 0 else 1 end as bigint) as undone
         from (select distinct posting from inventory_purchase_receipt where paper = $1) r
         join inventory_posting p on p.id = r.posting
         left join inventory_posting u on u.reverses = p.id
         order by p.recorded_at desc, p.id desc limit $2",
        paper,
        RECEIPTS
    )?;
    let told = rows.into_iter().map(|row| {
        let Booked { posting, number, actor, recorded_at, undone } = row;
        PurchaseReceipt { posting, number, actor, recorded_at, undone: undone != 0 }
    });
    Ok(told.collect())
}

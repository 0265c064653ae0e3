//! Proof for purchasing: suppliers and orders are what the journal made of them, counts are what was booked in, and each
//! order's state fits its counts.

use super::sold::Sold;
use super::supplier::{self, Became};
use super::{Delivery, LineRow, back, by_counts};
use crate::event::Posted;
use crate::verify::{BATCH, Finding, find};
use crate::{Inventory, steps};
use db::{Tx, fetch_all};
use model::{ItemId, JournalId, Money, PaperId, PaperKind, PurchaseState, Quantity, Result, Supplier, SupplierId};
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

const SUPPLIERS: &str = "a supplier is what the journal says";
const ORDERS: &str = "a purchase order is what the journal says";
const RECEIVED: &str = "received = movements of the order's receipts";
const STATES: &str = "an order's state fits its counts";

/// What a step that writes a draft tells of it.
#[derive(Deserialize)]
struct Written {
    told: Content,
}

#[derive(Deserialize)]
struct Content {
    supplier: Uuid,
    lines: Vec<LineRow>,
}

/// An order as the journal makes it.
#[derive(Default)]
struct Order {
    supplier: Option<Uuid>,
    lines: BTreeMap<ItemId, LineRow>,
    counts: BTreeMap<ItemId, (i64, i64)>,
}

/// All of purchasing as the journal makes it.
#[derive(Default)]
struct Told {
    suppliers: HashMap<SupplierId, Supplier>,
    sold: HashMap<(SupplierId, ItemId), Sold>,
    orders: HashMap<PaperId, Order>,
}

impl Told {
    fn hear(&mut self, line: &log::Line) {
        if let Some(became) = Became::of(line) {
            let id = became.supplier.id;
            self.suppliers.insert(id, became.supplier);
            self.sold.extend(became.items.into_iter().map(|sold| ((id, sold.item), sold)));
        } else if matches!(line.topic.as_str(), "inventory.purchase_order_written" | "inventory.purchase_order_changed")
        {
            let Ok(Written { told }) = serde_json::from_str(&line.body) else { return };
            for step in steps(line) {
                let order = self.orders.entry(step.id).or_default();
                order.supplier = Some(told.supplier);
                order.lines = told.lines.iter().map(|line| (line.item, line.clone())).collect();
            }
        } else if let Some(Delivery { order, lines }) = Posted::of(line).and_then(|posted| posted.delivery) {
            let counts = &mut self.orders.entry(order).or_default().counts;
            for one in lines {
                let count = counts.entry(one.item).or_default();
                *count = (count.0 + one.received.parts(), count.1 + one.rejected.parts());
            }
        }
    }
}

#[derive(sqlx::FromRow)]
struct OrderRow {
    id: PaperId,
    number: String,
    state: String,
    party: Option<Uuid>,
    journal: JournalId,
    value: Money,
}

#[derive(sqlx::FromRow)]
struct AnyLine {
    paper: PaperId,
    #[sqlx(flatten)]
    line: LineRow,
}

impl Inventory {
    /// Compares suppliers and purchase orders with the journal, and orders with what was booked in.
    pub(crate) async fn purchases_against_journal(&self, tx: &mut Tx, findings: &mut Vec<Finding>) -> Result<()> {
        let (mut told, mut after) = (Told::default(), 0);
        loop {
            let lines = self.auth.log().read(tx, after, BATCH).await?;
            let Some(last) = lines.last() else { break };
            after = last.seq;
            lines.iter().for_each(|line| told.hear(line));
        }
        // PostgreSQL: what is committed and waits for its seal is ahead of the journal.
        let waiting = self.auth.log().waiting(tx).await?;
        suppliers(tx, &mut told, &waiting, findings).await?;
        orders(tx, &told, &waiting, findings).await?;
        back::verify(tx, findings).await
    }
}

async fn suppliers(tx: &mut Tx, told: &mut Told, waiting: &[JournalId], findings: &mut Vec<Finding>) -> Result<()> {
    let rows: Vec<supplier::Row> = fetch_all!(tx, supplier::columns!("order by code"))?;
    let mut ahead = Vec::new();
    for row in rows {
        let late = waiting.contains(&row.journal);
        let kept = Supplier::from(row);
        if late {
            ahead.push(kept.id);
        }
        if told.suppliers.remove(&kept.id).as_ref() != Some(&kept) && !late {
            find(findings, SUPPLIERS, format!("supplier {} differs from the journal", kept.code));
        }
    }
    for gone in told.suppliers.values() {
        find(findings, SUPPLIERS, format!("supplier {} is in the journal and nowhere else", gone.code));
    }
    let rows: Vec<SoldRow> = fetch_all!(
        tx,
        "select supplier, item, code, price, minimum, multiple, lead_days, archived from inventory_supplier_item"
    )?;
    for SoldRow { supplier, sold } in rows {
        let item = sold.item;
        if told.sold.remove(&(supplier, item)) != Some(sold) && !ahead.contains(&supplier) {
            find(findings, SUPPLIERS, format!("supplier {supplier}: the line of item {item} differs from the journal"));
        }
    }
    for (supplier, item) in told.sold.keys() {
        find(findings, SUPPLIERS, format!("supplier {supplier}: the line of item {item} is in the journal only"));
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct SoldRow {
    supplier: SupplierId,
    #[sqlx(flatten)]
    sold: Sold,
}

async fn orders(tx: &mut Tx, told: &Told, waiting: &[JournalId], findings: &mut Vec<Finding>) -> Result<()> {
    let orders: Vec<OrderRow> = fetch_all!(
        tx,
        "select p.id, p.number, p.state, p.party, p.journal, o.value
         from inventory_paper p join inventory_purchase o on o.paper = p.id where p.kind = $1 order by p.id",
        PaperKind::PurchaseOrder.name()
    )?;
    let rows: Vec<AnyLine> = fetch_all!(
        tx,
        "select paper, item, line, ordered, unit_cost, code, received, rejected, why from inventory_purchase_line
         order by paper, line"
    )?;
    let mut lines: HashMap<PaperId, Vec<LineRow>> = HashMap::new();
    for row in rows {
        lines.entry(row.paper).or_default().push(row.line);
    }
    let booked = booked(tx).await?;
    for order in orders {
        let lines = lines.remove(&order.id).unwrap_or_default();
        fits(&order, &lines, findings);
        counted(&order, &lines, &booked, findings);
        if !waiting.contains(&order.journal) {
            same(&order, &lines, told.orders.get(&order.id).unwrap_or(&Order::default()), findings);
        }
    }
    for paper in lines.into_keys() {
        find(findings, ORDERS, format!("lines of an order {paper} that is not there"));
    }
    Ok(())
}

/// What was booked in against each order and not undone: by the movements, and by what was written down as not taken.
async fn booked(tx: &mut Tx) -> Result<HashMap<(PaperId, ItemId), (i64, i64)>> {
    let moved: Vec<(PaperId, ItemId, i64)> = fetch_all!(
        tx,
        "select r.paper, m.item, cast(sum(m.quantity) as bigint)
         from (select distinct paper, posting from inventory_purchase_receipt) r
         join inventory_movement m on m.posting = r.posting
         where not exists (select 1 from inventory_posting u where u.reverses = r.posting)
         group by r.paper, m.item"
    )?;
    let left: Vec<(PaperId, ItemId, i64)> = fetch_all!(
        tx,
        "select r.paper, r.item, cast(sum(r.rejected) as bigint) from inventory_purchase_receipt r
         where not exists (select 1 from inventory_posting u where u.reverses = r.posting)
         group by r.paper, r.item"
    )?;
    let mut booked: HashMap<_, (i64, i64)> = HashMap::new();
    for (paper, item, quantity) in moved {
        booked.entry((paper, item)).or_default().0 = quantity;
    }
    for (paper, item, quantity) in left {
        booked.entry((paper, item)).or_default().1 = quantity;
    }
    Ok(booked)
}

/// The order's counts against what was booked in.
fn counted(
    order: &OrderRow,
    lines: &[LineRow],
    booked: &HashMap<(PaperId, ItemId), (i64, i64)>,
    findings: &mut Vec<Finding>,
) {
    for line in lines {
        let (received, rejected) = booked.get(&(order.id, line.item)).copied().unwrap_or_default();
        if (line.received.parts(), line.rejected.parts()) != (received, rejected) {
            let what = format!(
                "{}: item {} has {} received and {} not taken, its receipts make {} and {}",
                order.number,
                line.item,
                line.received,
                line.rejected,
                Quantity::from_parts(received),
                Quantity::from_parts(rejected)
            );
            find(findings, RECEIVED, what);
        }
    }
    let missing =
        |(paper, item): &&(PaperId, ItemId)| *paper == order.id && !lines.iter().any(|line| line.item == *item);
    for (_, item) in booked.keys().filter(missing) {
        find(findings, RECEIVED, format!("{}: item {item} was booked in and stands in no line", order.number));
    }
}

/// The order's state against its counts, and its value against its lines.
fn fits(order: &OrderRow, lines: &[LineRow], findings: &mut Vec<Finding>) {
    let counts = by_counts(lines);
    let fits = match PurchaseState::named(&order.state) {
        None => false,
        Some(PurchaseState::Closed) => counts == PurchaseState::Received,
        Some(PurchaseState::ClosedShort) => true,
        Some(state @ (PurchaseState::Sent | PurchaseState::PartlyReceived | PurchaseState::Received)) => {
            state == counts
        }
        Some(_) => counts == PurchaseState::Sent,
    };
    if !fits {
        find(findings, STATES, format!("{} is {}, its counts say {}", order.number, order.state, counts.name()));
    }
    if super::value(lines) != Ok(order.value) {
        find(findings, STATES, format!("{}: its value {} is not that of its lines", order.number, order.value));
    }
}

/// The order against what the journal says of it.
fn same(order: &OrderRow, lines: &[LineRow], told: &Order, findings: &mut Vec<Finding>) {
    let bare = |line: &LineRow| LineRow { received: Quantity::ZERO, rejected: Quantity::ZERO, ..line.clone() };
    let ordered = lines.iter().filter(|line| line.ordered > Quantity::ZERO);
    let kept: BTreeMap<ItemId, LineRow> = ordered.map(|line| (line.item, bare(line))).collect();
    let counts: BTreeMap<ItemId, (i64, i64)> =
        lines.iter().map(|line| (line.item, (line.received.parts(), line.rejected.parts()))).collect();
    let same_counts = counts.iter().chain(&told.counts).all(|(item, _)| {
        counts.get(item).copied().unwrap_or_default() == told.counts.get(item).copied().unwrap_or_default()
    });
    if order.party != told.supplier || kept != told.lines || !same_counts {
        find(findings, ORDERS, format!("{} differs from the journal", order.number));
    }
}

//! The lines of an order, written as many in one statement.

use crate::item::ItemRow;
use crate::kit::{self, Part};
use auth::Act;
use db::{Tx, fetch_all, insert_rows, query_rows};
use model::{Error, ItemId, LocationId, Money, OrderLine, OrderPart, PaperId, Quantity, Result, Time, Tracking};
use std::collections::{BTreeMap, BTreeSet};

/// A line with its item.
#[derive(Clone, sqlx::FromRow)]
pub(super) struct Line {
    pub(super) line: i64,
    #[sqlx(flatten)]
    pub(super) item: ItemRow,
    pub(super) location: LocationId,
    pub(super) place: String,
    pub(super) quantity: Quantity,
    pub(super) unit_price: Option<Money>,
    pub(super) reserved: Quantity,
    pub(super) picked: Quantity,
    pub(super) fulfilled: Quantity,
    pub(super) backordered: Quantity,
    pub(super) cancelled: Quantity,
    pub(super) since: Option<Time>,
    /// Off the shelf when it was cancelled.
    pub(super) put_back: Quantity,
    /// What one of it is made of, when it is a kit.
    #[sqlx(skip)]
    pub(super) parts: Vec<Part>,
}

impl Line {
    /// Is something of it kept, or waited for?
    pub(super) fn is_open(&self) -> bool {
        self.reserved > Quantity::ZERO || self.backordered > Quantity::ZERO
    }

    /// What is open of it is not wanted any more; what is off the shelf of that goes back.
    pub(super) fn cancel(&mut self) {
        self.cancelled = plus(self.cancelled, plus(self.reserved, self.backordered));
        self.put_back = plus(self.put_back, self.picked);
        (self.reserved, self.backordered, self.picked) = (Quantity::ZERO, Quantity::ZERO, Quantity::ZERO);
    }

    /// What so many of it are on a shelf: itself, what it is made of, or nothing when it is a service.
    pub(super) fn goods(&self, size: Quantity) -> Vec<(&ItemRow, i64)> {
        if self.item.stocked() {
            return vec![(&self.item, size.parts())];
        }
        let count = kit::whole(size).unwrap_or_default();
        self.parts.iter().map(|part| (&part.item, part.size.parts().saturating_mul(count))).collect()
    }

    pub(super) fn told(self) -> OrderLine {
        let stocked = self.item.stocked() || !self.parts.is_empty();
        let parts = self.parts.into_iter().map(|part| OrderPart {
            sku: part.item.sku,
            name: part.item.name,
            unit: part.item.unit,
            quantity: part.size,
        });
        let parts = parts.collect();
        OrderLine {
            takes: Vec::new(),
            line: self.line,
            item: self.item.id,
            sku: self.item.sku,
            name: self.item.name,
            unit: self.item.unit,
            stocked,
            tracking: Tracking::named(&self.item.tracking),
            location: self.place,
            quantity: self.quantity,
            unit_price: self.unit_price,
            reserved: self.reserved,
            picked: self.picked,
            fulfilled: self.fulfilled,
            backordered: self.backordered,
            cancelled: self.cancelled,
            put_back: self.put_back,
            parts,
        }
    }
}

/// The sum, where both are parts of what a line wants.
pub(super) fn plus(one: Quantity, other: Quantity) -> Quantity {
    Quantity::from_parts(one.parts() + other.parts())
}

/// The difference, likewise.
pub(super) fn minus(one: Quantity, other: Quantity) -> Quantity {
    Quantity::from_parts(one.parts() - other.parts())
}

/// The items that these lines wait for, parts of kits too.
pub(super) fn items(lines: &[Line]) -> BTreeSet<ItemId> {
    let waiting = lines.iter().filter(|line| line.backordered > Quantity::ZERO);
    let goods = waiting.flat_map(|line| line.goods(line.backordered));
    goods.map(|(item, _)| item.id).collect()
}

/// All lines, in their order.
pub(super) async fn of(tx: &mut Tx, paper: PaperId) -> Result<Vec<Line>> {
    let mut lines: Vec<Line> = fetch_all!(
        tx,
        "select l.line, i.id, i.sku, i.name, i.unit, i.kind, i.price, i.promise_policy, i.web_policy, i.costing, i.tracking, i.tax_class, l.location, p.code as place,
                l.quantity, l.unit_price, l.reserved, l.picked, l.fulfilled, l.backordered, l.cancelled, l.since, l.put_back
         from inventory_order_line l
         join inventory_item i on i.id = l.item
         join inventory_location p on p.id = l.location
         where l.paper = $1 order by l.line",
        paper
    )?;
    // What is goods by itself now may have been a kit when it was ordered.
    let mut kept = kept_parts(tx, paper).await?;
    let kits: Vec<ItemId> = lines.iter().filter(|line| line.item.is_kit()).map(|line| line.item.id).collect();
    let now = if kits.is_empty() { kit::Recipes::new() } else { kit::recipes(tx, &kits, Time::now()).await? };
    for line in &mut lines {
        let made = || now.get(&line.item.id).cloned().unwrap_or_default();
        line.parts = kept.remove(&line.line).unwrap_or_else(made);
    }
    Ok(lines)
}

/// What the kits among an order's lines are made of, by line: as it was when the order was confirmed.
async fn kept_parts(tx: &mut Tx, paper: PaperId) -> Result<BTreeMap<i64, Vec<Part>>> {
    #[derive(sqlx::FromRow)]
    struct Kept {
        line: i64,
        size: Quantity,
        #[sqlx(flatten)]
        item: ItemRow,
    }
    let rows: Vec<Kept> = fetch_all!(
        tx,
        "select o.line, o.size, i.id, i.sku, i.name, i.unit, i.kind, i.price, i.promise_policy, i.web_policy, i.costing, i.tracking
         from inventory_order_part o join inventory_item i on i.id = o.item where o.paper = $1 order by o.line, i.sku",
        paper
    )?;
    let mut parts: BTreeMap<i64, Vec<Part>> = BTreeMap::new();
    for Kept { line, size, item } in rows {
        parts.entry(line).or_default().push(Part { item, size });
    }
    Ok(parts)
}

/// Keeps what the kits among these lines are made of: what is changed about them later does not change the order.
pub(super) async fn keep_parts(act: &mut Act, paper: PaperId, lines: &[Line]) -> Result<()> {
    let rows: Vec<(i64, &Part)> =
        lines.iter().flat_map(|line| line.parts.iter().map(|part| (line.line, part))).collect();
    insert_rows!(
        act,
        "insert into inventory_order_part (paper, line, item, size) ",
        &rows,
        |row, kept| {
            row.push_bind(paper).push_bind(kept.0).push_bind(kept.1.item.id).push_bind(kept.1.size);
        },
        ""
    )?;
    Ok(())
}

/// Writes how far these are by now.
pub(super) async fn write(act: &mut Act, paper: PaperId, lines: &[Line]) -> Result<()> {
    let written: Vec<(i64,)> = query_rows!(
        act,
        "with news (paper, line, reserved, picked, fulfilled, backordered, cancelled, since, put_back) as (",
        lines,
        |row, line| {
            row.push_bind(paper).push_bind(line.line).push_bind(line.reserved).push_bind(line.picked);
            row.push_bind(line.fulfilled).push_bind(line.backordered).push_bind(line.cancelled).push_bind(line.since);
            row.push_bind(line.put_back);
        },
        ") update inventory_order_line
         set reserved = news.reserved, picked = news.picked, fulfilled = news.fulfilled,
             backordered = news.backordered, cancelled = news.cancelled, since = news.since,
             put_back = news.put_back
         from news where inventory_order_line.paper = news.paper and inventory_order_line.line = news.line
         returning inventory_order_line.line"
    )?;
    if written.len() == lines.len() { Ok(()) } else { Err(Error::NotFound) }
}

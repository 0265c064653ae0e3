//! The lines of an order, written as many in one statement.

use crate::item::ItemRow;
use auth::Act;
use db::{Tx, fetch_all, query_rows};
use model::{Error, LocationId, Money, OrderLine, PaperId, Quantity, Result, Time};

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
}

impl Line {
    /// Is something of it kept, or waited for?
    pub(super) fn is_open(&self) -> bool {
        self.reserved > Quantity::ZERO || self.backordered > Quantity::ZERO
    }

    pub(super) fn told(self) -> OrderLine {
        let stocked = self.item.stocked();
        OrderLine {
            line: self.line,
            item: self.item.id,
            sku: self.item.sku,
            name: self.item.name,
            unit: self.item.unit,
            stocked,
            location: self.place,
            quantity: self.quantity,
            unit_price: self.unit_price,
            reserved: self.reserved,
            picked: self.picked,
            fulfilled: self.fulfilled,
            backordered: self.backordered,
            cancelled: self.cancelled,
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

/// All lines, in their order.
pub(super) async fn of(tx: &mut Tx, paper: PaperId) -> Result<Vec<Line>> {
    Ok(fetch_all!(
        tx,
        "select l.line, i.id, i.sku, i.name, i.unit, i.kind, i.price, i.promise_policy, i.costing, i.tracking, i.tax_class, l.location, p.code as place,
                l.quantity, l.unit_price, l.reserved, l.picked, l.fulfilled, l.backordered, l.cancelled, l.since
         from inventory_order_line l
         join inventory_item i on i.id = l.item
         join inventory_location p on p.id = l.location
         where l.paper = $1 order by l.line",
        paper
    )?)
}

/// Writes how far these are by now.
pub(super) async fn write(act: &mut Act, paper: PaperId, lines: &[Line]) -> Result<()> {
    let written: Vec<(i64,)> = query_rows!(
        act,
        "with news (paper, line, reserved, picked, fulfilled, backordered, cancelled, since) as (",
        lines,
        |row, line| {
            row.push_bind(paper).push_bind(line.line).push_bind(line.reserved).push_bind(line.picked);
            row.push_bind(line.fulfilled).push_bind(line.backordered).push_bind(line.cancelled).push_bind(line.since);
        },
        ") update inventory_order_line
         set reserved = news.reserved, picked = news.picked, fulfilled = news.fulfilled,
             backordered = news.backordered, cancelled = news.cancelled, since = news.since
         from news where inventory_order_line.paper = news.paper and inventory_order_line.line = news.line
         returning inventory_order_line.line"
    )?;
    if written.len() == lines.len() { Ok(()) } else { Err(Error::NotFound) }
}

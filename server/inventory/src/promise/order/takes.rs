//! From where an order's goods are taken: place by place, where sales leave from first, and which lots leave first there.

use crate::balance::Key;
use crate::lot;
use crate::store::SHOP;
use db::{Tx, fetch_all};
use model::{ItemId, LocationId, OrderLine, PaperId, Quantity, Result, Take, Tracking};

#[derive(sqlx::FromRow)]
struct Row {
    line: i64,
    item: ItemId,
    location: LocationId,
    place: String,
    size: i64,
}

/// Says for each line from where what is kept for it is taken. Goods of kits are all kept where sales leave from.
pub(super) async fn say(tx: &mut Tx, paper: PaperId, zone: &str, lines: &mut [OrderLine]) -> Result<()> {
    let rows: Vec<Row> = fetch_all!(
        tx,
        "select r.line, r.item, r.location, p.code as place, cast(sum(r.quantity - r.fulfilled) as bigint) as size
         from inventory_reservation r
         join inventory_order_line l on l.paper = r.document and l.line = r.line and l.item = r.item
         join inventory_location p on p.id = r.location
         where r.document = $1 and r.state = 'active'
         group by r.line, r.item, r.location, p.code
         order by r.line, case when p.code = $2 then 0 else 1 end, p.code",
        paper,
        SHOP
    )?;
    let key = |row: &Row| Key::sellable(row.location, row.item);
    let by_lot = |row: &Row| lines.iter().any(|line| line.line == row.line && line.tracking == Tracking::Lot);
    let wanted: Vec<(Key, i64)> = rows.iter().map(|row| (key(row), if by_lot(row) { row.size } else { 0 })).collect();
    let lots = lot::first(tx, zone, &wanted, &[]).await?;
    for (row, lots) in rows.into_iter().zip(lots) {
        let Some(line) = lines.iter_mut().find(|line| line.line == row.line) else { continue };
        line.takes.push(Take { location: row.place, quantity: Quantity::from_parts(row.size), lots });
    }
    Ok(())
}

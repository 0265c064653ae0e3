//! What is to come, and for whom: the two figures beside what is on hand and reserved.

use db::{Tx, query_rows};
use model::{ItemId, Quantity, Result, StoreId};
use std::collections::HashMap;

/// What is to come of an item in a store.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Outlook {
    /// On its way here.
    pub(crate) incoming: Quantity,
    /// Promised to customers before it was there.
    pub(crate) backordered: Quantity,
}

impl Outlook {
    /// What there will be when all of it has come, and those who wait have got theirs.
    pub(crate) fn projected(self, available: Quantity) -> Quantity {
        Quantity::from_parts(available.parts() + self.incoming.parts() - self.backordered.parts())
    }
}

/// What is to come of these items, by store and item; what is not in it, nothing is known of.
pub(crate) async fn outlook(tx: &mut Tx, wanted: &[(StoreId, ItemId)]) -> Result<HashMap<(StoreId, ItemId), Outlook>> {
    let mut outlook: HashMap<(StoreId, ItemId), Outlook> = HashMap::new();
    for (store, item, size) in backordered(tx, wanted).await? {
        outlook.entry((store, item)).or_default().backordered = size;
    }
    for (store, item, size) in incoming(tx, wanted).await? {
        outlook.entry((store, item)).or_default().incoming = size;
    }
    Ok(outlook)
}

/// What is on its way to a store: what suppliers were sent an order for, and what other places have sent.
async fn incoming(tx: &mut Tx, wanted: &[(StoreId, ItemId)]) -> Result<Vec<(StoreId, ItemId, Quantity)>> {
    Ok(query_rows!(
        tx,
        "with wanted (store, item) as (",
        wanted,
        |row, place| {
            row.push_bind(place.0).push_bind(place.1);
        },
        ") select e.store, e.item, cast(sum(e.size) as bigint)
         from (select w.store, w.item, l.ordered - l.received as size
               from wanted w
               join inventory_purchase_line l on l.item = w.item and l.received < l.ordered
               join inventory_paper p on p.id = l.paper and p.store = w.store and p.state in ('sent', 'partly_received')
               union all
               select w.store, w.item, l.shipped - l.received - l.returned - l.lost
               from wanted w
               join inventory_transfer_line l on l.item = w.item and l.shipped > l.received + l.returned + l.lost
               join inventory_paper p on p.id = l.paper and coalesce(p.to_store, p.store) = w.store) e
         group by e.store, e.item"
    )?)
}

async fn backordered(tx: &mut Tx, wanted: &[(StoreId, ItemId)]) -> Result<Vec<(StoreId, ItemId, Quantity)>> {
    Ok(query_rows!(
        tx,
        "with wanted (store, item) as (",
        wanted,
        |row, place| {
            row.push_bind(place.0).push_bind(place.1);
        },
        ") select l.store, l.item, cast(sum(l.backordered) as bigint)
         from wanted join inventory_order_line l on l.item = wanted.item and l.store = wanted.store and l.backordered > 0
         group by l.store, l.item"
    )?)
}

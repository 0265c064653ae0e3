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

/// What is to come of these items, by store and item; what is not in it, nothing is known of. On its way to a store is
/// what suppliers were sent an order for, and what other places have sent. From the
/// item's open lines on: what is joined by `cross` SQLite reads in that order.
pub(crate) async fn outlook(tx: &mut Tx, wanted: &[(StoreId, ItemId)]) -> Result<HashMap<(StoreId, ItemId), Outlook>> {
    let rows: Vec<(StoreId, ItemId, Quantity, Quantity)> = query_rows!(
        tx,
        "with wanted (store, item) as (",
        wanted,
        |row, place| {
            row.push_bind(place.0).push_bind(place.1);
        },
        ") select e.store, e.item, cast(sum(e.incoming) as bigint), cast(sum(e.backordered) as bigint)
         from (select w.store, w.item, l.ordered - l.received as incoming, 0 as backordered
               from wanted w cross join inventory_purchase_line l cross join inventory_paper p
               where l.item = w.item and l.received < l.ordered and p.id = l.paper and p.store = w.store
                 and p.state in ('sent', 'partly_received')
               union all
               select w.store, w.item, l.shipped - l.received - l.returned - l.lost, 0
               from wanted w cross join inventory_transfer_line l cross join inventory_paper p
               where l.item = w.item and l.shipped > l.received + l.returned + l.lost
                 and p.id = l.paper and coalesce(p.to_store, p.store) = w.store
               union all
               select w.store, w.item, 0, l.backordered
               from wanted w
               join inventory_order_line l on l.item = w.item and l.store = w.store and l.backordered > 0) e
         group by e.store, e.item"
    )?;
    let told = |(store, item, incoming, backordered)| ((store, item), Outlook { incoming, backordered });
    Ok(rows.into_iter().map(told).collect())
}

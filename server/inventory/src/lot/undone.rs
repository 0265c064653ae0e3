//! A sale of what must not be sold is undone: what waits for a person because of it closes, when nothing else is out.

use super::{LotMoved, day};
use crate::exception::COVERED;
use crate::store::Site;
use auth::Act;
use db::fetch_all;
use model::{ExceptionId, ExceptionKind, ItemId, PostingId, Result, Time};
use std::collections::BTreeSet;

/// Closes what waits because these lots were sold, now that the posting is undone, unless another sale took such goods;
/// answers with what it closed.
pub(crate) async fn close(
    act: &mut Act,
    site: &Site,
    original: PostingId,
    at: Time,
    lots: &[LotMoved],
) -> Result<Vec<ExceptionId>> {
    let (name, journal, local) = (act.actor().name.clone(), act.journal(), site.local(at));
    let items: BTreeSet<ItemId> = lots.iter().map(|part| part.item).collect();
    let mut closed = Vec::new();
    for item in items {
        let rows: Vec<(ExceptionId,)> = fetch_all!(
            act,
            "update inventory_exception set state = 'settled', settled_at = $4, settled_by = $5, resolution = $6,
                                            journal = $7
             where store = $1 and state = 'open' and item = $3 and kind = $8
               and not exists (select 1 from inventory_movement m
                               join inventory_posting p on p.id = m.posting and p.kind = 'sale' and p.id <> $2
                               join inventory_lot_movement t on t.posting = m.posting and t.line = m.line
                               join inventory_lot l on l.id = t.lot and (l.status <> 'ok' or l.expires_on < $9)
                               where m.item = $3 and m.store = $1 and m.recorded_at >= inventory_exception.opened_at
                                 and not exists (select 1 from inventory_posting r where r.reverses = p.id))
             returning id",
            site.store.id,
            original,
            item,
            at,
            &name,
            COVERED,
            journal,
            ExceptionKind::ExpiredSale.name(),
            day(&local)
        )?;
        closed.extend(rows.into_iter().map(|(id,)| id));
    }
    Ok(closed)
}

//! What a store holds and who moved it last, in one snapshot, for the figures of the dashboard.

use crate::{Inventory, exception};
use db::{Tx, fetch_all};
use model::{Action, Actor, DocumentKind, ItemId, LastAct, Money, PostingId, Quantity, Result, StoreId, Time};
use std::collections::HashMap;

/// Movements looked at for what people did last.
const LOOKED_AT: i64 = 2_000;
/// People listed at most.
const PEOPLE_MAX: usize = 12;

/// What a store holds at one moment.
#[derive(Clone, Debug)]
pub struct Holding {
    /// The stocked items of which something is there: how many, and the price of one.
    pub rows: Vec<(ItemId, Quantity, Option<Money>)>,
    /// Open exceptions.
    pub exceptions: i64,
    /// What each person did last, newest first.
    pub people: Vec<LastAct>,
    /// The journal line up to which this is true.
    pub as_of: i64,
}

impl Inventory {
    /// What a store holds, for someone who may see reports there; its cost grows with the items, not with what moved.
    ///
    /// Errors: `Forbidden`; `NotFound` for a store that is not theirs.
    pub async fn holding(&self, actor: &Actor, store: &str) -> Result<Holding> {
        let site = self.site(actor, Action::SeeReports, store).await?;
        let mut tx = self.auth.read(actor, Action::SeeReports.at(site.store.id)).await?;
        let rows = rows(&mut tx, site.store.id).await?;
        let exceptions = exception::open_count(&mut tx, site.store.id).await?;
        let people = people(&mut tx, site.store.id).await?;
        let as_of = self.auth.log().head(&mut tx).await?;
        Ok(Holding { rows, exceptions, people, as_of })
    }
}

async fn rows(tx: &mut Tx, store: StoreId) -> Result<Vec<(ItemId, Quantity, Option<Money>)>> {
    let rows: Vec<(ItemId, Quantity, Option<Money>)> = fetch_all!(
        tx,
        "select b.item, cast(sum(b.on_hand) as bigint), i.price
         from inventory_location l
         join inventory_balance b on b.location = l.id and b.on_hand > 0
         join inventory_item i on i.id = b.item
         where l.store = $1 and l.kind = 'physical'
         group by b.item, i.price",
        store
    )?;
    Ok(rows)
}

/// The newest movements of people, folded to the newest document of each.
async fn people(tx: &mut Tx, store: StoreId) -> Result<Vec<LastAct>> {
    let rows: Vec<(PostingId, Time, String, String, String)> = fetch_all!(
        tx,
        "select m.posting, m.recorded_at, p.actor, p.kind, i.name
         from (select posting, line, item, recorded_at from inventory_movement where store = $1
               order by recorded_at desc, posting desc, line desc limit $2) m
         join inventory_posting p on p.id = m.posting
         join inventory_item i on i.id = m.item
         where p.principal like 'person:%'
         order by m.recorded_at desc, m.posting desc, m.line desc",
        store,
        LOOKED_AT
    )?;
    let mut lines: HashMap<PostingId, i64> = HashMap::new();
    rows.iter().for_each(|row| *lines.entry(row.0).or_default() += 1);
    let mut people: Vec<LastAct> = Vec::new();
    for (posting, at, actor, kind, item) in rows {
        let known = people.iter().any(|act| act.actor == actor);
        if let (false, true, Some(kind)) = (known, people.len() < PEOPLE_MAX, DocumentKind::named(&kind)) {
            people.push(LastAct { actor, kind, posting, item, lines: lines[&posting], at });
        }
    }
    Ok(people)
}

//! The keeper of promises: what has had its time is let go, and who waits gets what has come, oldest first.

use super::balance;
use super::order::Got;
use super::row::{self, touched};
use super::told::{Kept, ReservationStep};
use crate::ledger::{NO_LOT, SELLABLE};
use crate::store::{SHOP, Site};
use crate::{Event, Inventory, lot};
use db::{Tx, fetch_all, fetch_optional, query_rows};
use model::{
    Action, Actor, Error, ItemId, LocationId, PaperId, PostingId, Quantity, ReservationId, Result, Reused, StoreId,
    Time, Tracking,
};
use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

/// How many are let go in one act, so that nobody waits long for it.
const AT_ONCE: i64 = 100;
/// How many orders get something in one round.
const ORDERS: usize = 100;
/// How many are tried for that: each takes a turn at the database, also when it gets nothing.
const TRIES: usize = 1_000;

/// The program itself, as the journal names it here.
pub(super) fn keeper() -> Actor {
    Actor::system("promises")
}

impl Inventory {
    /// Keeps promises at once and then again and again, for as long as it is polled. Several processes may: each
    /// reservation ends once, and nobody gets the same goods twice.
    pub async fn keep_promises(&self, every: Duration) {
        let mut beat = tokio::time::interval(every);
        beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            beat.tick().await;
            if let Err(error) = self.keep_promises_once().await {
                // Another process, or a person, was at the same: the next round sees what is left.
                if !matches!(error, Error::Busy | Error::Conflict(_)) {
                    tracing::warn!(%error, "promises could not be kept; it is tried again later");
                }
            }
        }
    }

    /// One round; answers with how many reservations and orders ended, and how many orders got something.
    pub async fn keep_promises_once(&self) -> Result<(usize, usize)> {
        self.keep_promises_as_of(Time::now()).await
    }

    /// The same by a clock that says that moment.
    pub async fn keep_promises_as_of(&self, now: Time) -> Result<(usize, usize)> {
        let mut ended = 0;
        for code in self.stores_with_expired(now).await? {
            // A store that was closed meanwhile has nothing to let go.
            if let Some(site) = self.known_site(&code).await? {
                ended += self.expire_as_of(&site, now).await?;
            }
        }
        Ok((ended, self.serve_waiting().await?))
    }

    async fn stores_with_expired(&self, now: Time) -> Result<Vec<String>> {
        let mut tx = self.auth.read(&keeper(), Action::SeeStock.anywhere()).await?;
        let rows: Vec<(String,)> = fetch_all!(
            &mut tx,
            "select distinct s.code from inventory_reservation r join inventory_store s on s.id = r.store
             where r.state = 'active' and r.document is null and r.expires_at <= $1 and s.closed_at is null
             union select s.code from inventory_order o join inventory_paper p on p.id = o.paper
             join inventory_store s on s.id = p.store where o.ends_at <= $1 and s.closed_at is null
             order by 1",
            now
        )?;
        Ok(rows.into_iter().map(|(code,)| code).collect())
    }

    /// Lets go what has had its time in a store: also whoever needs the goods does so first. Each act of it has its own
    /// line in the journal. What an
    /// order keeps is let go with the order. Answers with how many ended.
    pub(crate) async fn expire_due(&self, site: &Site) -> Result<usize> {
        self.expire_as_of(site, Time::now()).await
    }

    async fn expire_as_of(&self, site: &Site, now: Time) -> Result<usize> {
        let mut ended = self.let_orders_lapse(site, now).await?;
        loop {
            let mut tx = self.auth.read(&keeper(), Action::SeeStock.at(site.store.id)).await?;
            let due: Option<(ReservationId,)> = fetch_optional!(
                &mut tx,
                "select id from inventory_reservation
                 where state = 'active' and document is null and expires_at <= $2 and store = $1 limit 1",
                site.store.id,
                now
            )?;
            drop(tx);
            if due.is_none() {
                return Ok(ended);
            }
            ended += self.expire_some(site, now).await?;
        }
    }

    async fn expire_some(&self, site: &Site, now: Time) -> Result<usize> {
        let mut act = self.auth.act(&keeper(), Action::Promise.at(site.store.id)).await?;
        let journal = act.journal();
        let steps: Vec<ReservationStep> = fetch_all!(
            act,
            concat!(
                "update inventory_reservation set state = 'expired', changed_at = $2, journal = $3
                 where id in (select id from inventory_reservation
                              where state = 'active' and document is null and expires_at <= $2 and store = $1
                              order by expires_at, id limit $4)
                   and state = 'active' and expires_at <= $2 ",
                touched!()
            ),
            site.store.id,
            now,
            journal,
            AT_ONCE
        )?;
        let Some(first) = steps.first() else {
            // Another process was faster.
            act.withdraw().await?;
            return Ok(0);
        };
        let (by, ended) = (PostingId(first.id.0), steps.len());
        let sizes = row::kept(&mut act, &steps).await?;
        let shifts = balance::give_up(&mut act, &sizes).await?;
        let promised = balance::tell(&mut act, site, by, &shifts, steps).await?;
        let kept = Kept { topic: "inventory.reservations_expired", store: site.store.id, promised };
        act.commit(Event::Kept(Box::new(kept))).await?;
        Ok(ended)
    }

    /// Reserves for those who wait what is there by now, in the order in which they were promised it. An order that cannot be
    /// served holds nobody up: who waits for what an older one got nothing of is not tried, and only who gets something
    /// counts towards the round.
    async fn serve_waiting(&self) -> Result<usize> {
        let mut tx = self.auth.read(&keeper(), Action::SeeStock.anywhere()).await?;
        let come = come(&mut tx).await?;
        let mut rows: Vec<(PaperId, StoreId, String, ItemId, Option<Time>)> = query_rows!(
            &mut tx,
            "with come (store, item) as (",
            &come,
            |row, of| {
                row.push_bind(of.0).push_bind(of.1);
            },
            ") select l.paper, l.store, s.code, l.item, l.since from come
             join inventory_order_line l on l.item = come.item and l.store = come.store and l.backordered > 0
             join inventory_store s on s.id = l.store"
        )?;
        drop(tx);
        rows.sort_by_key(|(paper, .., since)| (*since, *paper));
        let (mut served, mut tried, mut gone) = (0, HashSet::new(), HashSet::new());
        for (paper, store, code, item, _) in rows {
            if served == ORDERS || tried.len() == TRIES {
                break;
            }
            if gone.contains(&(store, item)) || !tried.insert(paper) {
                continue;
            }
            match self.serve(paper, &code).await {
                Ok(Got::Something) => served += 1,
                Ok(Got::Nothing) => {
                    gone.insert((store, item));
                }
                Ok(Got::Closed) => {}
                // Somebody is at that order: the next round sees what is left.
                Err(Error::Conflict(Reused::Version) | Error::Busy) => {}
                Err(error) => {
                    tracing::warn!(%error, %paper, "an order that waits was left out; it is tried again later")
                }
            }
        }
        Ok(served)
    }

    async fn serve(&self, paper: PaperId, code: &str) -> Result<Got> {
        match self.known_site(code).await? {
            Some(site) => self.reserve_again(&keeper(), &site, paper).await,
            None => Ok(Got::Closed),
        }
    }
}

/// What somebody waits for and is there to be promised, in whatever place, counted as [`super::places::Places::free`] counts
/// it: what is expired, held or called back is not, and where sales leave from it is owed also when all is promised.
async fn come(tx: &mut Tx) -> Result<Vec<(StoreId, ItemId)>> {
    let free: Vec<(StoreId, LocationId, ItemId, Quantity, String)> = fetch_all!(
        tx,
        // SQLite reads the tables of a cross join in this order: few items are waited for, and there are many balances.
        "select l.store, b.location, l.item, b.on_hand - b.reserved, i.tracking
         from (select distinct store, item from inventory_order_line where backordered > 0) l
         cross join inventory_balance b
         join inventory_item i on i.id = l.item
         join inventory_location p on p.id = b.location and p.kind = 'physical' and p.archived_at is null
         join inventory_store s on s.id = l.store
         where b.item = l.item and b.store = l.store and b.lot = $1 and b.condition = $2
           and (b.on_hand <> b.reserved or p.code = $3) and s.closed_at is null",
        NO_LOT,
        SELLABLE,
        SHOP
    )?;
    // Lots of what is not told apart any more bar nothing.
    let with_lots = free.iter().filter(|(.., tracking)| tracking != Tracking::None.name());
    let places: Vec<_> = with_lots.map(|(store, location, item, ..)| (*store, *location, *item)).collect();
    let barred = lot::barred(tx, &places).await?;
    // What one place owes is not there for others.
    let mut left: BTreeMap<(StoreId, ItemId), i64> = BTreeMap::new();
    for (store, location, item, size, _) in free {
        let barred = barred.get(&(location, item)).copied().unwrap_or_default();
        *left.entry((store, item)).or_default() += size.parts() - barred.parts();
    }
    Ok(left.into_iter().filter(|(_, left)| *left > 0).map(|(of, _)| of).collect())
}

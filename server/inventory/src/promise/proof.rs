//! Proof for promises: what is reserved is the sum of the open reservations, and each is what the journal says.

use super::order;
use super::told::{Promised, ReservationStep};
use crate::balance::{Key, NO_LOT};
use crate::event::Posted;
use crate::ledger::SELLABLE;
use crate::store::end_of_day;
use crate::verify::{Finding, Replayed, find};
use auth::Act;
use db::{Tx, execute, fetch_all, insert_rows};
use model::{
    Change, Condition, ItemId, JournalId, LocationId, PaperId, Quantity, ReservationId, Result, StoreId, Time,
};
use std::collections::HashMap;

const RESERVED: &str = "reserved = open reservations";
const ROWS: &str = "a reservation is what the journal says";
const ENDS: &str = "an order's goods are kept until the end of its day";
const LINES: &str = "an order's line is reserved, waited for, handed over or cancelled";

/// Promises as the journal's lines make them: the last step of each reservation, the last version of what is reserved of
/// each balance. Changes do not tell the lot: nothing is reserved of one.
#[derive(Default)]
pub(crate) struct Told {
    steps: HashMap<ReservationId, ReservationStep>,
    versions: HashMap<Place, (i64, Quantity)>,
}

type Place = (LocationId, ItemId, Condition);

impl Told {
    /// Takes in one journal line, in order.
    pub(crate) fn hear(&mut self, line: &log::Line, findings: &mut Vec<Finding>) {
        let (reservations, changes) = match (Posted::of(line), Promised::of(line)) {
            (Some(posted), _) => (posted.reservations, posted.changes),
            (None, Some(promised)) => (promised.reservations, promised.changes),
            (None, None) => return,
        };
        self.steps.extend(reservations.into_iter().map(|step| (step.id, step)));
        for change in changes {
            self.follow(&change, line.seq, findings);
        }
    }

    /// What is reserved changes once in an act, so its version rises by one, or stays and says the same.
    fn follow(&mut self, change: &Change, seq: i64, findings: &mut Vec<Finding>) {
        let now = (change.reserved_version, change.reserved);
        let place = (change.location, change.item, change.condition);
        let before = self.versions.insert(place, now).unwrap_or_default();
        if now != before && now.0 != before.0 + 1 {
            let what = format!("what is reserved of {} goes from {before:?} to {now:?} in line {seq}", change.sku);
            find(findings, RESERVED, what);
        }
    }
}

/// A balance's key, the store, and a size.
#[derive(sqlx::FromRow)]
struct Sum {
    #[sqlx(flatten)]
    key: Key,
    store: StoreId,
    size: i64,
}

/// The sums of what is open, by balance.
async fn sums(tx: &mut Tx) -> Result<HashMap<Key, Sum>> {
    let rows: Vec<Sum> = fetch_all!(
        tx,
        "select location, item, coalesce(lot, $1) as lot, $2 as condition, store,
                cast(sum(quantity - fulfilled) as bigint) as size
         from inventory_reservation where state = 'active' group by location, item, lot, store",
        NO_LOT,
        SELLABLE
    )?;
    Ok(rows.into_iter().map(|row| (row.key, row)).collect())
}

/// Compares what is reserved with the open reservations.
pub(crate) async fn balances(tx: &mut Tx, findings: &mut Vec<Finding>) -> Result<()> {
    let rows: Vec<Sum> = fetch_all!(
        tx,
        "select location, item, lot, condition, store, reserved as size from inventory_balance where reserved <> 0"
    )?;
    let mut sums = sums(tx).await?;
    for Sum { key, size, .. } in rows {
        let (reserved, open) = (size, sums.remove(&key).map_or(0, |sum| sum.size));
        if open != reserved {
            let [reserved, open] = [reserved, open].map(Quantity::from_parts);
            find(findings, RESERVED, format!("{key}: {reserved} reserved, the reservations make {open}"));
        }
    }
    for (key, sum) in sums {
        let open = Quantity::from_parts(sum.size);
        find(findings, RESERVED, format!("{key}: nothing reserved, the reservations make {open}"));
    }
    Ok(())
}

/// Writes all balances anew: what is on hand from the movements, what is reserved from the reservations. Its version
/// stays, because screens know it.
pub(crate) async fn rebuild(act: &mut Act, replayed: &[Replayed]) -> Result<()> {
    let kept: Vec<Sum> = fetch_all!(
        act,
        "select location, item, lot, condition, store, reserved_version as size from inventory_balance
         where reserved_version <> 0"
    )?;
    let sums = sums(act).await?;
    let mut versions: HashMap<Key, Sum> = kept.into_iter().map(|row| (row.key, row)).collect();
    let mut rows: Vec<(Key, StoreId, Quantity, i64, i64)> = Vec::new();
    for made in replayed {
        let version = versions.remove(&made.key).map_or(0, |kept| kept.size);
        rows.push((made.key, made.store, made.on_hand, made.version, version));
    }
    rows.extend(versions.into_values().map(|kept| (kept.key, kept.store, Quantity::ZERO, 0, kept.size)));
    execute!(act, "delete from inventory_balance")?;
    insert_rows!(
        act,
        "insert into inventory_balance (location, item, lot, condition, store, on_hand, reserved, version,
                                        reserved_version) ",
        &rows,
        |row, balance| {
            let (key, store, on_hand, version, reserved_version) = balance;
            row.push_bind(key.location).push_bind(key.item).push_bind(key.lot).push_bind(key.condition.name());
            row.push_bind(store).push_bind(on_hand).push_bind(sums.get(key).map_or(0, |sum| sum.size));
            row.push_bind(version).push_bind(reserved_version);
        },
        ""
    )?;
    Ok(())
}

/// Compares the reservations with the journal, and orders with their reservations; what is committed and waits for its
/// seal is left out.
pub(crate) async fn compare(tx: &mut Tx, told: Told, waiting: &[JournalId], findings: &mut Vec<Finding>) -> Result<()> {
    let rows: Vec<Stored> = fetch_all!(
        tx,
        "select r.id, r.store, r.location, r.item, i.sku, r.quantity, r.fulfilled, r.kind, r.document, r.line, r.state,
                r.expires_at, r.journal
         from inventory_reservation r join inventory_item i on i.id = r.item"
    )?;
    let Told { mut steps, versions } = told;
    for Stored { step, journal } in rows {
        let said = steps.remove(&step.id);
        // An item that was put aside with its store has another SKU by now.
        let same = said.is_some_and(|said| ReservationStep { sku: step.sku.clone(), ..said } == step);
        if !same && !waiting.contains(&journal) {
            find(findings, ROWS, format!("reservation {} of {} is not what the journal says", step.id, step.sku));
        }
    }
    for id in steps.into_keys() {
        find(findings, ROWS, format!("reservation {id} is missing, and the journal tells of it"));
    }
    if waiting.is_empty() {
        reserved_versions(tx, &versions, findings).await?;
    }
    order_ends(tx, findings).await?;
    order_lines(tx, findings).await
}

#[derive(sqlx::FromRow)]
struct Stored {
    #[sqlx(flatten)]
    step: ReservationStep,
    journal: JournalId,
}

async fn reserved_versions(
    tx: &mut Tx,
    told: &HashMap<Place, (i64, Quantity)>,
    findings: &mut Vec<Finding>,
) -> Result<()> {
    let rows: Vec<Sum> = fetch_all!(
        tx,
        "select location, item, lot, condition, store, reserved_version as size from inventory_balance
         where reserved_version <> 0"
    )?;
    for Sum { key, size, .. } in rows {
        let (said, _) = told.get(&(key.location, key.item, key.condition)).copied().unwrap_or_default();
        if said != size {
            let what = format!("{key}: what is reserved has version {size}, the journal says {said}");
            find(findings, RESERVED, what);
        }
    }
    Ok(())
}

/// An order's number, its state, its store's zone, its day, and when it is over.
type Ends = (String, String, String, Option<String>, Option<Time>);

/// An open order is over at the end of its day by its store's clock, and what is kept for it just then; one that is not
/// open has no end to come.
async fn order_ends(tx: &mut Tx, findings: &mut Vec<Finding>) -> Result<()> {
    let rows: Vec<Ends> = fetch_all!(
        tx,
        "select p.number, p.state, s.time_zone, o.kept_until, o.ends_at
         from inventory_order o join inventory_paper p on p.id = o.paper join inventory_store s on s.id = p.store
         where o.kept_until is not null or o.ends_at is not null"
    )?;
    for (number, state, zone, day, end) in rows {
        let day = day.filter(|_| order::is_open(&state));
        if end != day.as_deref().and_then(|day| end_of_day(&zone, day)) {
            find(findings, ENDS, format!("{number}: it is over at {end:?}, its day is {day:?}"));
        }
    }
    let strays: Vec<(ReservationId, String)> = fetch_all!(
        tx,
        "select r.id, p.number from inventory_reservation r
         join inventory_order o on o.paper = r.document join inventory_paper p on p.id = o.paper
         where r.state = 'active' and coalesce(r.expires_at, 0) <> coalesce(o.ends_at, 0)"
    )?;
    for (id, number) in strays {
        find(findings, ENDS, format!("{number}: reservation {id} has another end than the order"));
    }
    Ok(())
}

/// A line and what the reservations for it say.
type Kept = (PaperId, i64, String, Quantity, Quantity, Quantity, Quantity, Quantity, Quantity, Quantity);

async fn order_lines(tx: &mut Tx, findings: &mut Vec<Finding>) -> Result<()> {
    let rows: Vec<Kept> = fetch_all!(
        tx,
        "select l.paper, l.line, p.number, l.quantity, l.reserved, l.fulfilled, l.backordered, l.cancelled,
                cast(coalesce(sum(case when r.state = 'active' then r.quantity - r.fulfilled else 0 end), 0) as bigint),
                cast(coalesce(sum(r.fulfilled), 0) as bigint)
         from inventory_order_line l
         join inventory_paper p on p.id = l.paper and p.state <> 'draft'
         join inventory_item i on i.id = l.item and i.kind = 'stocked'
         left join inventory_reservation r on r.document = l.paper and r.line = l.line
         where not exists (select 1 from inventory_order_part o where o.paper = l.paper and o.line = l.line)
         group by l.paper, l.line, p.number, l.quantity, l.reserved, l.fulfilled, l.backordered, l.cancelled"
    )?;
    for (_, line, number, quantity, reserved, fulfilled, backordered, cancelled, open, used) in rows {
        let parts = [reserved, fulfilled, backordered, cancelled].map(Quantity::parts);
        if parts.iter().sum::<i64>() != quantity.parts() {
            find(findings, LINES, format!("line {line} of {number}: its parts do not make the {quantity} wanted"));
        }
        if (reserved, fulfilled) != (open, used) {
            let what = format!(
                "line {line} of {number}: {reserved} reserved and {fulfilled} handed over, its reservations say {open} and {used}"
            );
            find(findings, LINES, what);
        }
    }
    Ok(())
}

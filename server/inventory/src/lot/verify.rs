//! Proof for lots: each balance of a lot rebuilt from its movements, each movement and status compared with the journal.

use super::{LotChanged, LotMoved, serial};
use crate::balance::Key;
use crate::event::Posted;
use crate::verify::{Finding, find};
use db::{Tx, fetch_all};
use model::{JournalId, LotId, LotStatus, PostingId, Quantity, Result};
use std::collections::{HashMap, HashSet};

const BALANCES: &str = "a lot's balance = replay of its movements";
const MOVEMENTS: &str = "a lot's movement is what the journal says";
const LOTS: &str = "a lot is what the journal says";
const SERIALS: &str = "a serial number is in one place";

/// Lots as the journal tells them.
#[derive(Default)]
pub(crate) struct Told {
    /// What moved, by posting and line.
    moved: HashMap<(PostingId, i64, LotId), Quantity>,
    /// What each is: its code, its last day, and whether it may be sold.
    lots: HashMap<LotId, (String, Option<String>, LotStatus)>,
}

impl Told {
    /// Takes in one journal line, in order.
    pub(crate) fn hear(&mut self, line: &log::Line) {
        // Most lines are sales of what has no lots, and long.
        if !line.body.contains("\"lot") {
            return;
        }
        if let Some(changed) = LotChanged::of(line) {
            self.lots.entry(changed.lot).and_modify(|lot| {
                lot.2 = changed.after;
                lot.1 = changed.day.map(|day| day.after.to_string()).or(lot.1.take());
            });
        } else if let Some(posted) = Posted::of(line) {
            for LotMoved { line, lot, code, expires_on, quantity, .. } in posted.lots {
                self.moved.insert((posted.receipt.id, line, lot), quantity);
                let expires_on = expires_on.map(|day| day.to_string());
                let known = self.lots.entry(lot).or_insert((code, None, LotStatus::Ok));
                // A lot that was sold before it came has its day from its delivery.
                known.1 = known.1.take().or(expires_on);
            }
        }
    }
}

/// Compares them with the tables; what is committed and waits for its seal is left out.
pub(crate) async fn compare(tx: &mut Tx, told: Told, waiting: &[JournalId], findings: &mut Vec<Finding>) -> Result<()> {
    balances(tx, findings).await?;
    for what in serial::doubled(tx).await? {
        find(findings, SERIALS, what);
    }
    let Told { mut moved, mut lots } = told;
    let rows: Vec<(PostingId, i64, LotId, Quantity, JournalId, Quantity)> = fetch_all!(
        tx,
        "select t.posting, t.line, t.lot, t.quantity, p.journal, m.quantity
         from inventory_lot_movement t
         join inventory_posting p on p.id = t.posting
         join inventory_movement m on m.posting = t.posting and m.line = t.line
         order by t.posting, t.line"
    )?;
    let mut sums: HashMap<(PostingId, i64), i64> = HashMap::new();
    for (posting, line, lot, quantity, journal, whole) in rows {
        let said = moved.remove(&(posting, line, lot));
        if said != Some(quantity) && !waiting.contains(&journal) {
            let what = format!("line {line} of posting {posting} moved {quantity} of lot {lot}, which was not told");
            find(findings, MOVEMENTS, what);
        }
        let sum = sums.entry((posting, line)).or_default();
        *sum += quantity.parts();
        if *sum > whole.parts() {
            let what = format!("line {line} of posting {posting} moved more of its lots than it moved");
            find(findings, MOVEMENTS, what);
        }
    }
    for (posting, line, lot) in moved.into_keys() {
        let what = format!("line {line} of posting {posting} is missing for lot {lot}, and the journal tells of it");
        find(findings, MOVEMENTS, what);
    }
    let rows: Vec<(LotId, String, Option<String>, String, JournalId)> =
        fetch_all!(tx, "select id, code, expires_on, status, journal from inventory_lot order by id")?;
    for (id, code, expires_on, status, journal) in rows {
        let kept = (code, expires_on, LotStatus::named(&status));
        if lots.remove(&id).as_ref() != Some(&kept) && !waiting.contains(&journal) {
            find(findings, LOTS, format!("lot {} ({id}) is {status}, which is not what the journal says", kept.0));
        }
    }
    for id in lots.into_keys() {
        find(findings, LOTS, format!("lot {id} is missing, and the journal tells of it"));
    }
    Ok(())
}

async fn balances(tx: &mut Tx, findings: &mut Vec<Finding>) -> Result<()> {
    #[derive(sqlx::FromRow)]
    struct Row {
        #[sqlx(flatten)]
        key: Key,
        on_hand: i64,
    }
    let made: Vec<Row> = fetch_all!(
        tx,
        "select e.location, e.item, e.lot, e.condition, cast(sum(e.change) as bigint) as on_hand
         from (select m.to_location as location, m.item, t.lot, m.condition, t.quantity as change
               from inventory_lot_movement t join inventory_movement m on m.posting = t.posting and m.line = t.line
               union all
               select m.from_location, m.item, t.lot, m.condition, -t.quantity
               from inventory_lot_movement t join inventory_movement m on m.posting = t.posting and m.line = t.line) e
         join inventory_location l on l.id = e.location and l.kind = 'physical'
         group by e.location, e.item, e.lot, e.condition"
    )?;
    let kept: Vec<Row> = fetch_all!(tx, "select location, item, lot, condition, on_hand from inventory_lot_balance")?;
    let sum = |rows: Vec<Row>| -> HashMap<Key, i64> { rows.into_iter().map(|row| (row.key, row.on_hand)).collect() };
    let (made, kept) = (sum(made), sum(kept));
    let keys: HashSet<&Key> = made.keys().chain(kept.keys()).collect();
    for key in keys {
        let [made, kept] = [&made, &kept].map(|rows| Quantity::from_parts(rows.get(key).copied().unwrap_or_default()));
        if made != kept {
            find(findings, BALANCES, format!("{key}, lot {}: it says {kept}, its movements make {made}", key.lot));
        }
    }
    Ok(())
}

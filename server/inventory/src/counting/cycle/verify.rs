//! Proof of the plans: what each says it made is a count of its store, and its next turn is behind its last one.

use crate::verify::{Finding, find};
use db::{Tx, fetch_all};
use model::{CountPlanId, Result};

/// Looks at every plan.
pub(in crate::counting) async fn verify(tx: &mut Tx, findings: &mut Vec<Finding>) -> Result<()> {
    let rows: Vec<(CountPlanId, String)> = fetch_all!(
        tx,
        "select c.id, c.next_on from inventory_count_plan c
         left join inventory_paper p on p.id = c.last_paper and p.kind = 'count' and p.store = c.store
         where (c.last_paper is not null and p.id is null) or (c.last_paper is not null and c.last_on is null)
            or c.next_on <= c.last_on or c.state not in ('active', 'paused', 'ended')
            or not exists (select 1 from inventory_location l where l.id = c.location and l.store = c.store)
         order by c.id limit 100"
    )?;
    for (id, next_on) in rows {
        find(findings, "a plan makes counts of its store", format!("plan {id}, next on {next_on}"));
    }
    Ok(())
}

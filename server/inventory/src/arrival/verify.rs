//! Proof of what is counted of deliveries: what is said to be booked in has its posting, in its store.

use crate::verify::{Finding, find};
use db::{Tx, fetch_all};
use model::{NewReceipt, Result};

const COUNTED: &str = "what is counted of a delivery is booked in once";

/// Looks at what every part is said to be, and reads the first thousand of those that are read again.
pub(crate) async fn compare(tx: &mut Tx, findings: &mut Vec<Finding>) -> Result<()> {
    let rows: Vec<(String, String)> = fetch_all!(
        tx,
        "select a.person, a.state from inventory_arrival a
         left join inventory_posting p
           on p.id = a.id and p.store = a.store and p.kind = 'receipt' and p.outcome = 'posted'
         where a.state not in ('open', 'booked', 'posted', 'discarded') or a.turn < 1
            or (a.state in ('booked', 'posted') and p.id is null)
         order by a.person limit 100"
    )?;
    for (person, state) in rows {
        find(findings, COUNTED, format!("what {person} counted is said to be {state}, and is not"));
    }
    let open: Vec<(String, String)> = fetch_all!(
        tx,
        "select person, content from inventory_arrival where state in ('open', 'booked') order by person, id limit 1000"
    )?;
    for (person, _) in open.iter().filter(|(_, content)| serde_json::from_str::<NewReceipt>(content).is_err()) {
        find(findings, COUNTED, format!("what {person} counted cannot be read"));
    }
    Ok(())
}

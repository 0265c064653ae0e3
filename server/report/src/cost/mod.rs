//! What goods cost: a value journal of its own, made from the journal's lines as the other figures are.
//!
//! Invariants: each entry adds up to zero; the layers of an item, less what is owed, add up to what it is worth and to
//! the entries of its inventory; an entry is never changed. What is learnt late is an entry of its own day.

mod ask;
mod book;
mod fact;
mod keep;
mod ledger;
mod part;
mod shelf;
#[cfg(test)]
mod tests;
mod verify;

pub use ask::{AsOf, guessed, layers, moved, of_posting, pile, revenue, values, worth};
pub use book::Account;
pub use shelf::{as_of, clear, lock};
pub use verify::Count;

use db::Tx;
use log::Line;
use model::Result;

/// The name of the durable subscription. It is one of its own, so that a store that is upgraded costs its past; it has
/// another name whenever lines mean something else for costs, and a migration empties the tables.
pub const SUBSCRIBER: &str = "costing-2";

/// The facts in these lines.
pub fn facts<'a>(lines: impl IntoIterator<Item = &'a Line>) -> Vec<fact::Fact> {
    lines.into_iter().flat_map(fact::facts).collect()
}

/// Enters what these lines tell, once: lines that were entered before are left out.
pub async fn take(tx: &mut Tx, lines: &[Line]) -> Result<()> {
    let known = lock(tx).await?;
    let Some(last) = lines.last().filter(|last| last.seq > known) else { return Ok(()) };
    let facts = facts(lines.iter().filter(|line| line.seq > known));
    enter(tx, &facts, last.seq).await
}

/// Enters these facts, which are all there are up to that line.
pub async fn enter(tx: &mut Tx, facts: &[fact::Fact], seq: i64) -> Result<()> {
    let mut ledger = shelf::load(tx, facts).await?;
    facts.iter().for_each(|fact| ledger.enter(fact));
    keep::save(tx, &ledger, seq).await?;
    Ok(())
}

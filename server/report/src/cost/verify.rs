//! The value journal against the journal: all of it entered again in memory, and compared row by row.

use super::book::{At, Book};
use super::fact::Fact;
use super::ledger::{Entry, Ledger};
use super::part::Part;
use super::shelf::{self, EntryRow, Keep};
use db::{Tx, fetch_all};
use model::{ItemId, Result, StoreId};
use std::collections::{BTreeMap, BTreeSet};

/// The journal's lines entered again.
#[derive(Default)]
pub struct Count {
    ledger: Ledger,
    /// What the entries that are kept add up to, by store and item.
    sums: BTreeMap<(StoreId, ItemId), Part>,
}

impl Count {
    /// Enters the facts of lines up to that one, and compares what they enter with the rows; answers with the first that
    /// is another, in words.
    pub async fn compare(&mut self, tx: &mut Tx, facts: &[Fact], lines: (i64, i64)) -> Result<Option<String>> {
        facts.iter().for_each(|fact| self.ledger.enter(fact));
        let mut entered = std::mem::take(&mut self.ledger.entries);
        entered.sort_by_key(|entry| (entry.seq, entry.nth));
        self.ledger.books.values_mut().for_each(|book| {
            book.touched.clear();
            book.moved.clear();
        });
        let rows: Vec<EntryRow> = fetch_all!(
            tx,
            "select seq, nth, line, posting, store, item, day, learnt, account, quantity, inventory, counter, revaluation,
                residue
             from report_cost_entry where seq > $1 and seq <= $2 order by seq, nth",
            lines.0,
            lines.1
        )?;
        let held: Vec<Entry> = rows.into_iter().map(Entry::from).collect();
        for Entry { store, item, effect, .. } in &held {
            let sum = self.sums.entry((*store, *item)).or_default();
            *sum = *sum + Part { quantity: effect.quantity, value: effect.inventory };
        }
        if let Some(entry) = held.iter().find(|entry| sum(entry) != 0) {
            return Ok(Some(format!("cost entry {} of journal line {} does not add up to 0", entry.nth, entry.seq)));
        }
        let pairs = held.iter().map(Some).chain(std::iter::repeat(None)).zip(entered.iter().map(Some).chain([None]));
        let differs = pairs.into_iter().find(|(held, entered)| held != entered);
        Ok(differs.and_then(|(held, entered)| {
            let entry = held.or(entered)?;
            Some(format!("cost entry {} of journal line {} is not what the line makes", entry.nth, entry.seq))
        }))
    }

    /// What the tables hold of layers, what left them and piles, against what all lines made.
    pub async fn difference(&self, tx: &mut Tx) -> Result<Option<String>> {
        let held = shelf::held(tx).await?;
        let keys: BTreeSet<_> = held.keys().chain(self.ledger.books.keys()).collect();
        let empty = Keep::default();
        Ok(keys.into_iter().find_map(|key| {
            let sum = self.sums.get(key).copied().unwrap_or_default();
            let fault = fault(held.get(key).unwrap_or(&empty), self.ledger.books.get(key), sum)?;
            Some(format!("{fault} of item {} in store {}", key.1, key.0))
        }))
    }
}

/// What is wrong with an item's rows: with each other, with the entries, and with the journal.
fn fault(held: &Keep, made: Option<&Book>, sum: Part) -> Option<&'static str> {
    let book = &held.book;
    let owed =
        book.uses.iter().filter(|(key, _)| key.0 == At::OWED).fold(Part::default(), |sum, (_, part)| sum + *part);
    if book.total() != held.total || sum != held.total {
        return Some("the cost layers do not add up to the worth");
    }
    if owed != book.owed {
        return Some("what is owed is not what was sold below zero");
    }
    (*book != made.cloned().unwrap_or_default()).then_some("the cost layers are not what the journal makes")
}

fn sum(entry: &Entry) -> i128 {
    let effect = entry.effect;
    [effect.inventory, effect.counter, effect.revaluation, effect.residue].into_iter().map(i128::from).sum()
}

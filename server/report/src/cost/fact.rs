//! What the journal's lines say about goods and their cost, line by line of each document.

use super::book::{Account, At, Cost};
use inventory::{Costed, Moved, OPENING, Posted, costings};
use log::Line;
use model::{Costing, DocumentKind, ItemId, Money, PostingId, ReceiptLine, StoreId, Time};

/// Something that concerns the cost of goods.
#[derive(Clone, Debug)]
pub enum Fact {
    /// From now on an item is costed so.
    Costing(ItemId, Costing),
    /// Goods moved.
    Deed(Scene, Deed),
    /// It is told what a delivery cost.
    Told(Told),
}

/// What a delivery cost, told after it came.
#[derive(Clone, Debug)]
pub struct Told {
    /// The journal line.
    pub seq: i64,
    /// When the journal learnt of it.
    pub learnt: Time,
    /// The day on the store's own calendar.
    pub day: String,
    /// The store.
    pub store: StoreId,
    /// The delivery.
    pub receipt: PostingId,
    /// Its lines of goods, each with its item and what one cost, if that is told.
    pub lines: Vec<(i64, ItemId, Option<i64>)>,
    /// Freight and the like of all of them.
    pub landed: i64,
    /// The journal line of an earlier telling, whose freight is taken back.
    pub undoes: Option<i64>,
}

/// Where and when it happened, and in which document.
#[derive(Clone, Debug)]
pub struct Scene {
    /// The journal line and the document's line.
    pub at: At,
    /// When the journal learnt of it.
    pub learnt: Time,
    /// The day on the store's own calendar, `2026-11-22`.
    pub day: String,
    /// The document.
    pub posting: PostingId,
    /// The store.
    pub store: StoreId,
    /// The item.
    pub item: ItemId,
}

/// What happened.
#[derive(Clone, Copy, Debug)]
pub enum Deed {
    /// Goods came in.
    In {
        /// What stands against them.
        account: Account,
        /// How many.
        quantity: i64,
        /// At what cost.
        cost: Cost,
        /// What brought them out: the sale of what a customer brings back, the sending of what arrives.
        sale: Option<PostingId>,
    },
    /// Goods left.
    Out {
        /// What stands against them.
        account: Account,
        /// How many.
        quantity: i64,
    },
    /// Goods of this store that were on their way to another are lost: written off at what they left at.
    Lost {
        /// How many.
        quantity: i64,
        /// The sending.
        sent: Option<PostingId>,
    },
    /// A line by which goods were lost is undone: they are on their way again.
    Missed {
        /// Which document.
        posting: PostingId,
    },
    /// A line of another document is undone: of one by which goods came in, or left.
    Undo {
        /// Which document.
        posting: PostingId,
        /// Did its goods come in?
        came: bool,
    },
}

/// The facts in a line of the journal.
pub fn facts(line: &Line) -> Vec<Fact> {
    if let Some(posted) = Posted::of(line) {
        return of_posted(line, &posted);
    }
    if let Some(costed) = Costed::of(line) {
        return vec![Fact::Told(told(line, costed))];
    }
    costings(line).into_iter().map(|(item, costing)| Fact::Costing(item, costing)).collect()
}

fn of_posted(line: &Line, posted: &Posted) -> Vec<Fact> {
    let scene = |moved: &Moved| Scene {
        at: At { seq: line.seq, line: moved.line },
        learnt: line.at,
        day: day(&posted.local),
        posting: posted.receipt.id,
        store: posted.store,
        item: moved.item,
    };
    // What is in a kit costs what it costs by itself.
    let moved = posted.lines().flat_map(|(line, behind)| behind.movements().iter().map(move |moved| (line, moved)));
    let stocked = moved.filter(|(_, moved)| moved.stocked);
    stocked.filter_map(|(line, moved)| Some(Fact::Deed(scene(moved), deed(posted, line, moved)?))).collect()
}

/// What a document's line does to the goods.
fn deed(posted: &Posted, line: &ReceiptLine, moved: &Moved) -> Option<Deed> {
    let quantity = moved.quantity.parts();
    // Inside a store nothing is worth more or less for lying elsewhere: what is on its way has not left.
    let inside = posted.steps.iter().all(|step| step.stores.len() < 2);
    if posted.effect == DocumentKind::Transfer && moved.version.is_none() {
        return Some(match (posted.receipt.reverses, inside) {
            (None, true) => Deed::Out { account: Account::Shrinkage, quantity },
            (None, false) => Deed::Lost { quantity, sent: posted.returns },
            (Some(posting), true) => Deed::Undo { posting, came: false },
            (Some(posting), false) => Deed::Missed { posting },
        });
    }
    // What touches no balance was not there: scrapped as it came back.
    moved.version?;
    if let Some(posting) = posted.receipt.reverses {
        let came = match posted.effect {
            DocumentKind::Sale | DocumentKind::SupplierReturn => false,
            DocumentKind::Return | DocumentKind::Receipt => true,
            // An undoing carries the opposite sign of what it undoes.
            DocumentKind::Adjustment => line.quantity.is_negative(),
            DocumentKind::Transfer | DocumentKind::Reversal => return None,
        };
        return Some(Deed::Undo { posting, came });
    }
    let reason = moved.reason.as_deref().or(posted.reason.as_deref());
    let corrected = if reason == Some(OPENING) { Account::Opening } else { Account::Shrinkage };
    Some(match posted.effect {
        DocumentKind::Sale => Deed::Out { account: Account::Goods, quantity },
        DocumentKind::Return => {
            Deed::In { account: Account::Goods, quantity, cost: Cost::Current, sale: posted.returns }
        }
        DocumentKind::Receipt => {
            let cost = moved.unit_price.map_or(Cost::Missing, |each| Cost::Each(each.parts()));
            Deed::In { account: Account::Received, quantity, cost, sale: None }
        }
        // They leave at what they are worth here; what the supplier pays for them is for the books to compare.
        DocumentKind::SupplierReturn => Deed::Out { account: Account::Received, quantity },
        DocumentKind::Adjustment if line.quantity.is_negative() => Deed::Out { account: corrected, quantity },
        DocumentKind::Adjustment => Deed::In { account: corrected, quantity, cost: Cost::Current, sale: None },
        DocumentKind::Transfer if inside => return None,
        // Its lines have no sign: it came in when the balance where it went to has changed.
        DocumentKind::Transfer if posted.changes.iter().any(|change| change.location == moved.to) => {
            // Sent by a store with another currency, nobody has said yet what it costs here.
            Deed::In { account: Account::Transit, quantity, cost: Cost::Missing, sale: posted.returns }
        }
        DocumentKind::Transfer => Deed::Out { account: Account::Transit, quantity },
        DocumentKind::Reversal => return None,
    })
}

fn told(line: &Line, costed: Costed) -> Told {
    let lines = costed.lines.into_iter().map(|told| (told.line, told.item, told.cost.map(Money::parts)));
    Told {
        seq: line.seq,
        learnt: line.at,
        day: day(&costed.local),
        store: costed.store,
        receipt: costed.receipt,
        lines: lines.collect(),
        landed: costed.landed.parts(),
        undoes: costed.undoes,
    }
}

/// Of `2026-11-22T14:05` the day.
fn day(local: &str) -> String {
    local.get(..10).unwrap_or_default().to_owned()
}

//! What one person changes of a transfer: how many of an item go along or have come, and what was counted of it so far.

use model::{Amount, NewTransferStep, PostingId, Quantity, TransferStep};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is changed of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// So many more of it, or fewer when below zero.
    More(Quantity),
    /// So many of it; none takes it out.
    Exactly(Quantity),
    /// The piece of that number too: one of those that have none yet, or one more.
    Name(String),
    /// Not the piece of that number.
    Unname(String),
}

impl Change {
    /// Makes it; there are never more numbers than pieces.
    pub fn make(self, amount: &mut Amount) {
        let before = amount.quantity;
        let by = |more| before.checked_add(more).unwrap_or(before).max(Quantity::ZERO);
        match self {
            Self::More(more) => amount.quantity = by(more),
            Self::Exactly(size) => amount.quantity = size.max(Quantity::ZERO),
            Self::Name(serial) => {
                if !amount.serials.contains(&serial) {
                    amount.serials.push(serial);
                }
                let named = Quantity::whole(i64::try_from(amount.serials.len()).unwrap_or(i64::MAX));
                amount.quantity = before.max(named);
            }
            Self::Unname(serial) => {
                amount.serials.retain(|known| *known != serial);
                amount.quantity = by(Quantity::whole(-1));
            }
        }
        amount.serials.truncate(usize::try_from(amount.quantity.parts() / Quantity::ONE).unwrap_or_default());
    }
}

/// None of it yet.
pub fn none_of(sku: &str) -> Amount {
    Amount { sku: sku.to_owned(), quantity: Quantity::ZERO, serials: Vec::new() }
}

/// What was counted at arrival: kept in this browser until it is booked in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrived {
    /// By SKU.
    pub lines: BTreeMap<String, Amount>,
    /// What was sent, until it is answered. It may be booked in without us knowing: nothing else is sent before it.
    pub sent: Option<NewTransferStep>,
}

impl Arrived {
    /// How many of that item; none when it is not being counted.
    pub fn of(&self, sku: &str) -> Amount {
        self.lines.get(sku).cloned().unwrap_or_else(|| none_of(sku))
    }

    /// Counts more or fewer of an item.
    pub fn change(&mut self, sku: &str, change: Change) {
        change.make(self.lines.entry(sku.to_owned()).or_insert_with(|| none_of(sku)));
        self.lines.retain(|_, amount| amount.quantity != Quantity::ZERO);
    }

    /// What is sent now: what is counted, or what was sent before once more, under its id, so that it counts once.
    pub fn send(&mut self, last: bool) -> NewTransferStep {
        let lines = || self.lines.values().cloned().collect();
        let new = || NewTransferStep {
            id: PostingId::new(),
            version: None,
            step: TransferStep::Arrive { lines: lines(), last },
        };
        let sent = self.sent.take().unwrap_or_else(new);
        self.sent = Some(sent.clone());
        sent
    }

    /// What was sent is booked in; what was counted since then is not.
    pub fn booked(&mut self) {
        let Some(TransferStep::Arrive { lines, .. }) = self.sent.take().map(|sent| sent.step) else { return };
        for Amount { sku, quantity, serials } in lines {
            if let Some(amount) = self.lines.get_mut(&sku) {
                amount.serials.retain(|serial| !serials.contains(serial));
                Change::More(-quantity).make(amount);
            }
        }
        self.lines.retain(|_, amount| amount.quantity != Quantity::ZERO);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn more(count: i64) -> Change {
        Change::More(Quantity::whole(count))
    }

    #[test]
    fn changes_add_up_and_never_go_below_none() {
        let mut cups = none_of("CUP");
        for (change, left) in [(more(3), 3), (more(-1), 2), (Change::Exactly(Quantity::whole(7)), 7), (more(-9), 0)] {
            change.make(&mut cups);
            assert_eq!(cups.quantity, Quantity::whole(left));
        }
    }

    #[test]
    fn a_piece_is_named_once_and_has_no_number_when_it_is_gone() {
        let mut phones = none_of("PHONE");
        for change in [more(1), Change::Name("A".into()), Change::Name("A".into()), Change::Name("B".into())] {
            change.make(&mut phones);
        }
        assert_eq!((phones.quantity, phones.serials.as_slice()), (Quantity::whole(2), &["A".into(), "B".into()][..]));
        Change::Unname("A".into()).make(&mut phones);
        assert_eq!((phones.quantity, phones.serials.as_slice()), (Quantity::whole(1), &["B".into()][..]));
        more(-1).make(&mut phones);
        assert_eq!(phones.serials, Vec::<String>::new());
    }

    #[test]
    fn what_nobody_answered_is_sent_again_under_its_id_and_what_came_since_stays_counted() {
        let mut arrived = Arrived::default();
        arrived.change("CUP", more(3));
        let first = arrived.send(false);
        arrived.change("CUP", more(1));
        arrived.change("MUG", more(2));
        assert_eq!(arrived.send(true), first, "the same, whatever is counted by now");
        arrived.booked();
        assert_eq!((arrived.of("CUP").quantity, arrived.of("MUG").quantity), (Quantity::whole(1), Quantity::whole(2)));
        let next = arrived.send(false);
        assert_ne!(next.id, first.id, "something else is of another id");
        arrived.booked();
        assert_eq!(arrived, Arrived::default());
    }
}

//! What one person changes of a transfer: how many of an item go along or have come, and what was counted of it so far.

use model::{Amount, NewTransferStep, PostingId, Quantity, Transfer, TransferStep};
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
    /// So many more of that lot, or fewer when below zero.
    Lot(String, Quantity),
    /// None of that lot.
    Unlot(String),
}

/// How many of an item, and of which pieces or lots, as far as that is told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    pub sku: String,
    /// With those of the lots.
    pub quantity: Quantity,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub serials: Vec<String>,
    /// Each lot with how many are of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lots: Vec<(String, Quantity)>,
}

impl Counted {
    /// None of it yet.
    pub fn none(sku: &str) -> Self {
        Self { sku: sku.to_owned(), ..Self::default() }
    }

    /// How many of that item are to be sent, and which.
    pub fn asked(now: &Transfer, sku: &str) -> Self {
        let line = now.lines.iter().find(|line| line.sku == sku);
        line.map_or_else(
            || Self::none(sku),
            |line| Self {
                sku: line.sku.clone(),
                quantity: line.asked,
                serials: line.serials.clone(),
                lots: line.named.iter().map(|one| (one.lot.clone(), one.quantity)).collect(),
            },
        )
    }

    /// As it is sent: one for each lot, and one for the rest.
    pub fn amounts(&self) -> Vec<Amount> {
        let mut left = self.quantity.parts();
        let mut amounts = Vec::with_capacity(self.lots.len() + 1);
        for (lot, size) in &self.lots {
            left -= size.parts();
            amounts.push(Amount {
                sku: self.sku.clone(),
                quantity: *size,
                serials: Vec::new(),
                lot: Some(lot.clone()),
            });
        }
        if left > 0 || amounts.is_empty() {
            let (quantity, serials) = (Quantity::from_parts(left), self.serials.clone());
            amounts.push(Amount { sku: self.sku.clone(), quantity, serials, lot: None });
        }
        amounts
    }
}

impl Change {
    /// Makes it; there are never more numbers than pieces, nor more of lots: what is of none goes first, then the last lot.
    pub fn make(self, amount: &mut Counted) {
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
            Self::Lot(lot, more) => {
                amount.quantity = by(more);
                match amount.lots.iter_mut().find(|known| known.0 == lot) {
                    Some(known) => known.1 = known.1.checked_add(more).unwrap_or(known.1),
                    None => amount.lots.push((lot, more)),
                }
            }
            Self::Unlot(lot) => {
                let of: i64 = amount.lots.iter().filter(|known| known.0 == lot).map(|known| known.1.parts()).sum();
                amount.lots.retain(|known| known.0 != lot);
                amount.quantity = by(Quantity::from_parts(-of));
            }
        }
        let mut left = amount.quantity;
        for known in &mut amount.lots {
            known.1 = known.1.min(left);
            left = Quantity::from_parts(left.parts() - known.1.parts().max(0));
        }
        amount.lots.retain(|known| known.1 > Quantity::ZERO);
        amount.serials.truncate(usize::try_from(amount.quantity.parts() / Quantity::ONE).unwrap_or_default());
    }
}

/// What was counted at arrival: kept in this browser until it is booked in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrived {
    /// By SKU.
    pub lines: BTreeMap<String, Counted>,
    /// What was sent, until it is answered. It may be booked in without us knowing: nothing else is sent before it.
    pub sent: Option<NewTransferStep>,
}

impl Arrived {
    /// How many of that item; none when it is not being counted.
    pub fn of(&self, sku: &str) -> Counted {
        self.lines.get(sku).cloned().unwrap_or_else(|| Counted::none(sku))
    }

    /// Counts more or fewer of an item.
    pub fn change(&mut self, sku: &str, change: Change) {
        change.make(self.lines.entry(sku.to_owned()).or_insert_with(|| Counted::none(sku)));
        self.lines.retain(|_, amount| amount.quantity != Quantity::ZERO);
    }

    /// What is sent now: what is counted, or what was sent before once more, under its id, so that it counts once.
    pub fn send(&mut self, last: bool) -> NewTransferStep {
        let lines = || self.lines.values().flat_map(Counted::amounts).collect();
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
        for Amount { sku, quantity, serials, lot } in lines {
            if let Some(amount) = self.lines.get_mut(&sku) {
                amount.serials.retain(|serial| !serials.contains(serial));
                let change = match lot {
                    Some(lot) => Change::Lot(lot, -quantity),
                    None => Change::More(-quantity),
                };
                change.make(amount);
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
        let mut cups = Counted::none("CUP");
        for (change, left) in [(more(3), 3), (more(-1), 2), (Change::Exactly(Quantity::whole(7)), 7), (more(-9), 0)] {
            change.make(&mut cups);
            assert_eq!(cups.quantity, Quantity::whole(left));
        }
    }

    #[test]
    fn a_piece_is_named_once_and_has_no_number_when_it_is_gone() {
        let mut phones = Counted::none("PHONE");
        for change in [more(1), Change::Name("A".into()), Change::Name("A".into()), Change::Name("B".into())] {
            change.make(&mut phones);
        }
        assert_eq!((phones.quantity, phones.serials.as_slice()), (Quantity::whole(2), &["A".into(), "B".into()][..]));
        Change::Unname("A".into()).make(&mut phones);
        assert_eq!((phones.quantity, phones.serials.as_slice()), (Quantity::whole(1), &["B".into()][..]));
        more(-1).make(&mut phones);
        assert_eq!(phones.serials, Vec::<String>::new());
    }

    fn lot(lot: &str, count: i64) -> Change {
        Change::Lot(lot.into(), Quantity::whole(count))
    }

    fn told(of: &Counted) -> Vec<(Option<String>, Quantity)> {
        of.amounts().into_iter().map(|amount| (amount.lot, amount.quantity)).collect()
    }

    #[test]
    fn each_lot_is_an_amount_and_so_is_the_rest() {
        let mut milk = Counted::none("MILK");
        assert_eq!(told(&milk), [(None::<String>, Quantity::ZERO)], "which takes it out");
        for change in [lot("L1", 2), lot("L2", 3), lot("L1", 1), more(2)] {
            change.make(&mut milk);
        }
        let (one, two) = (Some("L1".to_owned()), Some("L2".to_owned()));
        let size = Quantity::whole;
        assert_eq!(told(&milk), [(one.clone(), size(3)), (two.clone(), size(3)), (None, size(2))]);
        more(-3).make(&mut milk);
        assert_eq!(told(&milk), [(one.clone(), size(3)), (two.clone(), size(2))], "what is of none, then the last lot");
        Change::Unlot("L1".into()).make(&mut milk);
        assert_eq!((milk.quantity, told(&milk)), (size(2), vec![(two, size(2))]));
    }

    #[test]
    fn what_is_booked_in_of_a_lot_is_not_counted_of_it_any_more() {
        let mut arrived = Arrived::default();
        arrived.change("MILK", lot("L1", 2));
        arrived.change("MILK", more(1));
        arrived.send(false);
        arrived.change("MILK", lot("L1", 1));
        arrived.booked();
        assert_eq!(told(&arrived.of("MILK")), [(Some("L1".to_owned()), Quantity::whole(1))]);
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

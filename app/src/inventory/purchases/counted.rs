//! What one person at the door counted of one item: how many, of which lots, and what is not taken.

use model::Quantity;
use serde::{Deserialize, Serialize};

/// Why goods are not taken, as it is written down.
pub const REASONS: [&str; 3] = ["damaged", "wrong", "expired"];

/// So many of one lot; its name is empty until somebody says it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct OfLot {
    pub lot: String,
    /// Its last good day.
    pub day: String,
    pub taken: Quantity,
}

/// What was counted of one item.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Counted {
    pub sku: String,
    pub name: String,
    /// All that is taken, of whichever lot.
    pub taken: Quantity,
    pub left: Quantity,
    pub reason: String,
    /// How many of these are of which lot, where the item's goods are told apart so.
    #[serde(default)]
    pub lots: Vec<OfLot>,
    /// The serial numbers of what is taken, where the item has such.
    #[serde(default)]
    pub serials: Vec<String>,
}

impl Counted {
    /// How many are of no lot yet.
    fn rest(&self) -> Quantity {
        let named: i64 = self.lots.iter().map(|lot| lot.taken.parts()).sum();
        Quantity::from_parts((self.taken.parts() - named).max(0))
    }

    /// So many are taken. What more there is belongs to the one lot that is known: between several nobody guesses. What
    /// fewer there is goes from what is of no lot, then from the lots that came last.
    pub fn take(&mut self, size: Quantity) {
        let (more, rest) = (size.parts() - self.taken.parts(), self.rest());
        self.taken = size;
        if let [only] = self.lots.as_mut_slice()
            && rest == Quantity::ZERO
            && more > 0
        {
            only.taken = Quantity::from_parts(only.taken.parts() + more);
        }
        let named: i64 = self.lots.iter().map(|lot| lot.taken.parts()).sum();
        let mut over = (named - size.parts()).max(0);
        for lot in self.lots.iter_mut().rev() {
            let off = over.min(lot.taken.parts());
            lot.taken = Quantity::from_parts(lot.taken.parts() - off);
            over -= off;
        }
        while self.lots.len() > 1 && self.lots.last().is_some_and(|lot| lot.taken == Quantity::ZERO) {
            self.lots.pop();
        }
        // There are no more numbers than pieces.
        self.serials.truncate(usize::try_from(size.parts() / Quantity::ONE).unwrap_or_default());
    }

    /// So many more of that lot, as a label says it. What was counted before any lot was named is of the first one.
    pub fn take_of(&mut self, size: Quantity, lot: &str, day: &str) {
        if self.lots.is_empty() {
            self.lots.push(OfLot { lot: lot.to_owned(), day: String::new(), taken: self.taken });
        }
        let at = self.lots.iter().position(|known| known.lot.trim() == lot).unwrap_or_else(|| {
            self.lots.push(OfLot { lot: lot.to_owned(), ..OfLot::default() });
            self.lots.len() - 1
        });
        let of_it = self.lots[at].taken.checked_add(size);
        self.take_row(at, of_it.unwrap_or_default(), Quantity::LINE_MAX);
        if !day.is_empty() {
            day.clone_into(&mut self.lots[at].day);
        }
    }

    /// The lots as they stand on the screen, and last what is of none yet.
    pub fn rows(&self) -> Vec<OfLot> {
        let rest = Some(self.rest()).filter(|rest| *rest > Quantity::ZERO || self.lots.is_empty());
        let rest = rest.map(|taken| OfLot { taken, ..OfLot::default() });
        self.lots.iter().cloned().chain(rest).collect()
    }

    /// One of these rows; what is of no lot yet becomes one of its own.
    pub fn row(&mut self, at: usize) -> &mut OfLot {
        let at = at.min(self.lots.len());
        if at == self.lots.len() {
            self.lots.push(OfLot { taken: self.rest(), ..OfLot::default() });
        }
        &mut self.lots[at]
    }

    /// So many are of the lot in that row. No more than `most` are there in all: what goes beyond that was counted as of no
    /// lot yet, or of another one.
    pub fn take_row(&mut self, at: usize, size: Quantity, most: Quantity) {
        let most = most.max(self.taken);
        self.row(at);
        let rest = self.rest();
        let row = self.row(at);
        let more = size.parts() - row.taken.parts();
        row.taken = size;
        let mut over = (self.taken.parts() + more - most.parts()).max(0);
        self.taken = Quantity::from_parts(self.taken.parts() + more - over);
        over -= over.min(rest.parts());
        for (_, other) in self.lots.iter_mut().enumerate().rev().filter(|(other, _)| *other != at) {
            let off = over.min(other.taken.parts());
            other.taken = Quantity::from_parts(other.taken.parts() - off);
            over -= off;
        }
        // More of that one than of all: so there are more.
        self.taken = Quantity::from_parts(self.taken.parts() + over);
    }

    /// One, of a lot that is to be named: one more, or one of those that are there when that is all that is to come.
    pub fn another_lot(&mut self, most: Quantity) {
        self.row(self.rows().len() - 1);
        self.lots.push(OfLot::default());
        self.take_row(self.lots.len() - 1, Quantity::whole(1), most);
    }

    /// What was counted of the same item since.
    pub fn join(&mut self, since: Self) {
        for row in since.rows().into_iter().filter(|row| row.taken > Quantity::ZERO) {
            match row.lot.trim() {
                "" => self.take(self.taken.checked_add(row.taken).unwrap_or(self.taken)),
                lot => self.take_of(row.taken, lot, &row.day),
            }
        }
        self.left = self.left.checked_add(since.left).unwrap_or(self.left);
        self.serials.extend(since.serials);
    }

    /// A piece of that number is taken: one of those that have none yet, or one more.
    pub fn name(&mut self, serial: String) {
        self.serials.push(serial);
        let named = Quantity::whole(i64::try_from(self.serials.len()).unwrap_or(i64::MAX));
        self.taken = self.taken.max(named);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(count: i64) -> Quantity {
        Quantity::whole(count)
    }

    /// Lot by lot, how many.
    fn told(counted: &Counted) -> Vec<(String, Quantity)> {
        assert_eq!(counted.rows().iter().map(|row| row.taken.parts()).sum::<i64>(), counted.taken.parts());
        counted.rows().into_iter().map(|row| (row.lot, row.taken)).collect()
    }

    fn lots(of: &[(&str, i64)]) -> Vec<(String, Quantity)> {
        of.iter().map(|(lot, count)| ((*lot).to_owned(), units(*count))).collect()
    }

    #[test]
    fn a_second_lot_leaves_the_first_as_it_is() {
        let mut milk = Counted::default();
        for _ in 0..5 {
            milk.take_of(units(1), "A", "2070-12-31");
        }
        milk.take_of(units(1), "B", "2071-12-31");
        assert_eq!(told(&milk), lots(&[("A", 5), ("B", 1)]));
        assert_eq!(milk.rows().into_iter().map(|row| row.day).collect::<Vec<_>>(), ["2070-12-31", "2071-12-31"]);
        milk.take_of(units(1), "A", "");
        assert_eq!(told(&milk), lots(&[("A", 6), ("B", 1)]));
    }

    #[test]
    fn between_several_lots_nobody_guesses_and_one_is_enough() {
        let mut milk = Counted::default();
        milk.take(units(2));
        assert_eq!(told(&milk), lots(&[("", 2)]));
        milk.take_of(units(1), "A", "");
        milk.take(units(4));
        assert_eq!(told(&milk), lots(&[("A", 4)]), "the label named what was counted before");
        milk.take_of(units(1), "B", "");
        milk.take(units(8));
        assert_eq!(told(&milk), lots(&[("A", 4), ("B", 1), ("", 3)]));
        milk.row(2).lot = "C".into();
        assert_eq!(told(&milk), lots(&[("A", 4), ("B", 1), ("C", 3)]));
        milk.take(units(3));
        assert_eq!(told(&milk), lots(&[("A", 3)]), "what came last goes first");
    }

    #[test]
    fn a_lot_can_be_typed_beside_another() {
        let mut milk = Counted::default();
        milk.take(units(3));
        milk.row(0).lot = "A".into();
        milk.another_lot(Quantity::LINE_MAX);
        milk.row(1).lot = "B".into();
        milk.take_row(1, units(2), Quantity::LINE_MAX);
        assert_eq!((told(&milk), milk.taken), (lots(&[("A", 3), ("B", 2)]), units(5)));
        milk.another_lot(Quantity::LINE_MAX);
        assert_eq!(told(&milk), lots(&[("A", 3), ("B", 2), ("", 1)]));
    }

    #[test]
    fn another_lot_of_all_that_is_to_come_is_one_of_those_that_are_there() {
        let mut milk = Counted::default();
        milk.take(units(12));
        milk.row(0).lot = "A".into();
        milk.another_lot(units(12));
        assert_eq!((told(&milk), milk.taken), (lots(&[("A", 11), ("", 1)]), units(12)), "not thirteen of twelve");
        milk.row(1).lot = "B".into();
        milk.take_row(1, units(5), units(12));
        assert_eq!((told(&milk), milk.taken), (lots(&[("A", 7), ("B", 5)]), units(12)));
        milk.take_row(1, units(14), units(12));
        assert_eq!((told(&milk), milk.taken), (lots(&[("A", 0), ("B", 14)]), units(14)), "who types more says so");
        let mut milk = Counted::default();
        milk.take_of(units(4), "A", "");
        milk.take_of(units(1), "B", "");
        milk.take(units(8));
        milk.take_row(0, units(6), units(8));
        assert_eq!((told(&milk), milk.taken), (lots(&[("A", 6), ("B", 1), ("", 1)]), units(8)), "of no lot yet first");
        let mut milk = Counted::default();
        milk.take(units(10));
        milk.another_lot(units(12));
        assert_eq!((told(&milk).len(), milk.taken), (2, units(11)), "one more is still to come");
    }
}

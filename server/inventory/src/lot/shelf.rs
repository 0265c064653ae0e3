//! What leaves a place without naming a lot takes the one that expires first.

use model::LotId;
use model::barcode::Date;

/// A lot at a place.
#[derive(Clone, Debug)]
pub(super) struct Batch {
    pub(super) lot: LotId,
    pub(super) code: String,
    pub(super) expires_on: Option<Date>,
    /// It may be sold on the day that this is about.
    pub(super) good: bool,
    pub(super) left: i64,
}

/// What lies at one place, of one item, in one condition.
#[derive(Clone, Debug, Default)]
pub(super) struct Shelf {
    /// What is of no lot; below zero when more left than was there.
    pub(super) loose: i64,
    pub(super) batches: Vec<Batch>,
}

/// What was taken of a lot.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) lot: LotId,
    pub(super) code: String,
    pub(super) expires_on: Option<Date>,
    pub(super) good: bool,
    pub(super) size: i64,
}

impl Batch {
    /// Takes as much of it as is there.
    fn give(&mut self, wanted: &mut i64) -> Option<Part> {
        let size = self.left.min(*wanted);
        if size <= 0 {
            return None;
        }
        self.left -= size;
        *wanted -= size;
        Some(Part { lot: self.lot, code: self.code.clone(), expires_on: self.expires_on, good: self.good, size })
    }
}

impl Shelf {
    /// Takes so many: what expires first, then what came first. A sale takes what must not be sold only when nothing
    /// else is there; what is written off takes it first. What no lot covers is of none.
    pub(super) fn take(&mut self, size: i64, written_off: bool) -> Vec<Part> {
        // Ids rise with the time at which a lot was first seen.
        self.batches.sort_by_key(|batch| (batch.expires_on.is_none(), batch.expires_on, batch.lot));
        let mut wanted = size;
        let first = |batch: &&mut Batch| batch.good || written_off;
        let mut parts: Vec<Part> =
            self.batches.iter_mut().filter(first).filter_map(|batch| batch.give(&mut wanted)).collect();
        let loose = self.loose.clamp(0, wanted);
        self.loose -= loose;
        wanted -= loose;
        parts.extend(self.batches.iter_mut().filter_map(|batch| batch.give(&mut wanted)));
        self.loose -= wanted;
        parts
    }

    /// Takes that part, as the goods themselves say which lot it is: also more of it than is known to be there.
    pub(super) fn take_named(&mut self, part: &Part) {
        self.put(-part.size, &[Part { size: -part.size, ..part.clone() }]);
    }

    /// Takes so many pieces that each have a number which nobody told: those of no number first, and the others only when
    /// all of them go. Which of several it was, nobody guesses: then more is of no number than is there.
    pub(super) fn take_certain(&mut self, size: i64) -> Vec<Part> {
        let numbered: i64 = self.batches.iter().map(|batch| batch.left.max(0)).sum();
        let loose = self.loose.clamp(0, size);
        self.loose -= loose;
        let mut wanted = size - loose;
        if wanted < numbered {
            self.loose -= wanted;
            return Vec::new();
        }
        let parts = self.batches.iter_mut().filter_map(|batch| batch.give(&mut wanted)).collect();
        self.loose -= wanted;
        parts
    }

    /// Is more of no number gone than was there, while pieces with a number are left?
    pub(super) fn is_doubtful(&self) -> bool {
        self.loose < 0 && self.batches.iter().any(|batch| batch.left > 0)
    }

    /// Do the numbers of pieces contradict how many there are? One that is not here was sold, or more are listed than left.
    pub(super) fn contradicts(&self) -> bool {
        self.is_doubtful() || self.batches.iter().any(|batch| batch.left < 0)
    }

    /// So much more of a lot, or fewer.
    pub(super) fn turn(&mut self, lot: LotId, delta: i64) {
        match self.batches.iter_mut().find(|batch| batch.lot == lot) {
            Some(batch) => batch.left += delta,
            None => self.batches.push(Batch { lot, code: String::new(), expires_on: None, good: true, left: delta }),
        }
    }

    /// Is more of that lot gone than was there?
    pub(super) fn owes(&self, lot: LotId) -> bool {
        self.batches.iter().any(|batch| batch.lot == lot && batch.left < 0)
    }

    /// Lays parts of lots down.
    pub(super) fn put(&mut self, size: i64, parts: &[Part]) {
        for part in parts {
            match self.batches.iter_mut().find(|batch| batch.lot == part.lot) {
                Some(batch) => batch.left += part.size,
                None => {
                    let Part { lot, code, expires_on, good, size } = part.clone();
                    self.batches.push(Batch { lot, code, expires_on, good, left: size });
                }
            }
        }
        self.loose += size - parts.iter().map(|part| part.size).sum::<i64>();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn batch(code: &str, day: Option<u8>, good: bool, left: i64) -> Batch {
        let expires_on = day.and_then(|day| Date::new(2026, 12, day));
        Batch { lot: LotId::new(), code: code.into(), expires_on, good, left }
    }

    fn taken(shelf: &mut Shelf, size: i64, written_off: bool) -> Vec<(String, i64)> {
        shelf.take(size, written_off).into_iter().map(|part| (part.code, part.size)).collect()
    }

    #[test]
    fn what_expires_first_leaves_first_then_what_came_first() {
        let old = batch("OLD", None, true, 5);
        let batches =
            vec![batch("NEW", None, true, 5), batch("LATE", Some(20), true, 2), batch("SOON", Some(2), true, 2)];
        let mut shelf = Shelf { loose: 0, batches: [vec![old], batches].concat() };
        let expected = [("SOON", 2), ("LATE", 2), ("OLD", 5), ("NEW", 1)].map(|(code, size)| (code.to_owned(), size));
        assert_eq!(taken(&mut shelf, 10, false), expected);
    }

    #[test]
    fn a_sale_takes_what_must_not_be_sold_last_and_what_is_written_off_takes_it_first() {
        let shelf = Shelf { loose: 1, batches: vec![batch("BAD", Some(1), false, 2), batch("GOOD", Some(9), true, 1)] };
        let sold = taken(&mut shelf.clone(), 3, false);
        assert_eq!(sold, [("GOOD".to_owned(), 1), ("BAD".to_owned(), 1)], "one was of no lot");
        assert_eq!(taken(&mut shelf.clone(), 3, true), [("BAD".to_owned(), 2), ("GOOD".to_owned(), 1)]);
        let mut all = shelf;
        assert_eq!(all.take(9, false).iter().map(|part| part.size).sum::<i64>(), 3);
        assert_eq!(all.loose, -5, "what nothing covers is of no lot");
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_no_lot_gives_more_than_it_has(
            lots in prop::collection::vec((prop::option::of(1_u8..28), any::<bool>(), -3_i64..50), 0..6),
            loose in -20_i64..50, size in 1_i64..200, written_off in any::<bool>()
        ) {
            let batches = lots.iter().map(|(day, good, left)| batch("L", *day, *good, *left)).collect();
            let before = Shelf { loose, batches };
            let total = |shelf: &Shelf| shelf.loose + shelf.batches.iter().map(|batch| batch.left).sum::<i64>();
            let mut after = before.clone();
            let parts = after.take(size, written_off);
            prop_assert_eq!(total(&after), total(&before) - size);
            for batch in &after.batches {
                let had = before.batches.iter().find(|had| had.lot == batch.lot).expect("it was there").left;
                prop_assert!(batch.left == had || (batch.left >= 0 && batch.left < had));
                let of_it: i64 = parts.iter().filter(|part| part.lot == batch.lot).map(|part| part.size).sum();
                prop_assert_eq!(of_it, had - batch.left);
                // Of what is good, nothing is left that expires before something that was taken.
                let later = parts.iter().any(|part| part.good && part.expires_on > batch.expires_on && batch.expires_on.is_some());
                prop_assert!(!(batch.good && later && batch.left > 0));
            }
        }
    }
}

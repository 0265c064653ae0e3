//! The book-keeper: what each item cost that is there, that went, and that was lost. Knows nothing of the product.

use std::collections::VecDeque;

/// The page of one item, in whole units and pence: the oldest goods go first.
#[derive(Default)]
pub struct Page {
    layers: VecDeque<(i64, i64)>,
    /// What one cost in the last delivery.
    last: i64,
    /// What was sold has cost, less what came back.
    pub cost: i64,
    /// What was lost has cost, less what was found.
    pub shrinkage: i64,
}

impl Page {
    pub fn on_hand(&self) -> i64 {
        self.layers.iter().map(|(units, _)| units).sum()
    }

    pub fn value(&self) -> i64 {
        self.layers.iter().map(|(units, each)| units * each).sum()
    }

    pub fn receive(&mut self, units: i64, each: i64) {
        self.layers.push_back((units, each));
        self.last = each;
    }

    pub fn sell(&mut self, units: i64) {
        self.cost += self.take(units);
    }

    pub fn take_back(&mut self, units: i64) {
        self.cost -= self.put(units);
    }

    /// By so many the number was wrong.
    pub fn correct(&mut self, units: i64) {
        self.shrinkage += if units < 0 { self.take(-units) } else { -self.put(units) };
    }

    /// What so many cost that leave.
    fn take(&mut self, mut units: i64) -> i64 {
        let mut cost = 0;
        while units > 0 {
            let (left, each) = self.layers.front_mut().expect("nothing leaves that is not there");
            let now = units.min(*left);
            (*left, units, cost) = (*left - now, units - now, cost + now * *each);
            if *left == 0 {
                self.layers.pop_front();
            }
        }
        cost
    }

    /// Comes back or is found: at what such goods cost last.
    fn put(&mut self, units: i64) -> i64 {
        self.layers.push_back((units, self.last));
        units * self.last
    }
}

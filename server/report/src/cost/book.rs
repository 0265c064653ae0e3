//! What the goods of one item in one store cost: layers, what left them, and what is owed below zero.

use super::part::{Part, Split, VALUE_MAX, times};
use model::Costing;
use std::collections::{BTreeMap, BTreeSet};

/// A line of the journal and a line of its document: where goods came in, or left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct At {
    /// The journal line.
    pub seq: i64,
    /// The document's line.
    pub line: i64,
}

impl At {
    /// The layer that is not there: what was sold below zero and is not covered yet.
    pub const OWED: Self = Self { seq: 0, line: 0 };
    /// The one layer of what is costed by its average. Later by layers again, it is the oldest of them.
    pub const POOL: Self = Self { seq: 0, line: 1 };
    const LAST: Self = Self { seq: i64::MAX, line: i64::MAX };
}

/// What stands against the inventory in an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Account {
    /// Goods received, not invoiced.
    Received,
    /// What a delivery cost beside its goods: freight, duty.
    Landed,
    /// Cost of goods sold.
    Goods,
    /// Lost, damaged, found.
    Shrinkage,
    /// What was there when the store began to count.
    Opening,
    /// On its way to another store.
    Transit,
}

impl Account {
    const ALL: [Self; 6] = [Self::Received, Self::Landed, Self::Goods, Self::Shrinkage, Self::Opening, Self::Transit];

    /// The name in the database and in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Landed => "landed",
            Self::Goods => "cost_of_goods",
            Self::Shrinkage => "shrinkage",
            Self::Opening => "opening",
            Self::Transit => "transit",
        }
    }

    /// The account of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|account| account.name() == name)
    }
}

/// Goods that came in together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layer {
    /// What stood against them.
    pub account: Account,
    /// How many came, and what they were worth by all that is known now; both stay when goods leave.
    pub came: Part,
    /// What of that worth is freight and the like.
    pub landed: i64,
    /// What is left. Goods costed by their average lie in the pool.
    pub left: Part,
    /// Did somebody say what they cost, or is it taken from what was known before?
    pub known: bool,
}

/// What goods cost that come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cost {
    /// So much for one, in millionths.
    Each(i64),
    /// So much for all of them.
    Whole(i64),
    /// What such goods cost at present: found ones, or brought back without their sale.
    Current,
    /// Nobody said: what they cost last, until somebody does.
    Missing,
}

/// What happens to the accounts; the four amounts add up to zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effect {
    /// How the stock changes.
    pub quantity: i64,
    /// How its worth changes.
    pub inventory: i64,
    /// What stands against it.
    pub counter: i64,
    /// What is learnt of goods that are gone.
    pub revaluation: i64,
    /// What rounding alone makes.
    pub residue: i64,
}

impl Effect {
    /// What is left over is a revaluation; or rounding, when that alone can make it: a millionth for each piece.
    fn balanced(quantity: i64, inventory: i64, counter: i64, pieces: i64) -> Self {
        let over = -(inventory + counter);
        let (revaluation, residue) = if over.abs() <= pieces { (0, over) } else { (over, 0) };
        Self { quantity, inventory, counter, revaluation, residue }
    }
}

/// The layers of one item in one store; as many of them as what happens next can touch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Book {
    /// How its goods are costed.
    pub costing: Costing,
    /// By where they came in.
    pub layers: BTreeMap<At, Layer>,
    /// What left which layer, by the layer and by where it left.
    pub uses: BTreeMap<(At, At), Part>,
    /// All that is owed, told by `uses` or not.
    pub owed: Part,
    /// What one cost in the last delivery that said so.
    pub last_cost: Option<i64>,
    /// Layers that changed.
    pub touched: BTreeSet<At>,
    /// By how much each use changed.
    pub moved: BTreeMap<(At, At), Part>,
}

impl Book {
    /// What is there, below zero what is owed, and what it is worth.
    pub fn total(&self) -> Part {
        self.layers.values().fold(-self.owed, |sum, layer| sum + layer.left)
    }

    /// Goods come in: first they cover what is owed.
    pub fn receive(&mut self, at: At, account: Account, quantity: i64, cost: Cost) -> Effect {
        let said = match cost {
            Cost::Each(each) => times(each, quantity),
            Cost::Whole(value) => Some(value),
            Cost::Current | Cost::Missing => self.current(quantity),
        };
        // What no shop has leaves the range in which sums are safe: it counts as not said.
        let said = said.filter(|value| value.abs() <= VALUE_MAX - self.total().value.abs().min(VALUE_MAX));
        let value = said.unwrap_or_default();
        if let (Cost::Each(each), Some(_), Account::Received) = (cost, said, account) {
            self.last_cost = Some(each);
        }
        let came = Part { quantity, value };
        let known = said.is_some() && cost != Cost::Missing;
        self.layers.insert(at, Layer { account, came, landed: 0, left: came, known });
        self.touched.insert(at);
        if self.costing == Costing::Average {
            self.pour(at);
        }
        let (over, pieces) = self.settle();
        Effect::balanced(quantity, value - over, -value, pieces)
    }

    /// Goods leave: the oldest first, or at their average; what is not there is owed at the last cost.
    pub fn issue(&mut self, at: At, quantity: i64) -> Effect {
        let value = self.take(at, quantity).value;
        Effect::balanced(-quantity, -value, value, 0)
    }

    /// What left comes back to where it was, at what it is known to have cost; `booked` is what was said when it left.
    pub fn unissue(&mut self, at: At, booked: i64) -> Effect {
        let uses: Vec<_> = self.uses.iter().filter(|(key, _)| key.1 == at).map(|(key, part)| (key.0, *part)).collect();
        let mut back = Part::default();
        for (from, part) in uses {
            self.shift((from, at), -part);
            back = back + part;
            if from == At::OWED {
                self.owed = self.owed - part;
                continue;
            }
            let home = if self.costing == Costing::Average { At::POOL } else { from };
            self.put(home, part);
        }
        let (over, pieces) = self.settle();
        Effect::balanced(back.quantity, back.value - over, -booked, pieces)
    }

    /// A delivery is undone, at another line: what is left of it goes, and what was sold of it is taken from other
    /// goods. `None` when it is not there.
    pub fn unreceive(&mut self, at: At, undone: At) -> Option<(Account, Effect)> {
        let layer = self.layers.remove(&at)?;
        self.touched.insert(at);
        let before = self.total().value + layer.left.value;
        if layer.known && layer.account == Account::Received {
            self.last_cost = self.latest();
        }
        let pieces = if self.costing == Costing::Average {
            self.draw(&layer, undone);
            0
        } else {
            self.replace(at, &layer, undone)
        };
        let counter = layer.came.value - layer.landed;
        Some((layer.account, Effect::balanced(-layer.came.quantity, self.total().value - before, counter, pieces)))
    }

    /// What a delivery was worth is learnt later: what is left of it is worth that now, the rest is a revaluation.
    /// `None` when it is not there.
    fn retell(&mut self, at: At, value: i64, landed: i64) -> Option<(Account, Effect)> {
        let before = self.total().value;
        let layer = self.layers.get_mut(&at)?;
        let more = value - layer.came.value;
        let account = if landed == layer.landed { layer.account } else { Account::Landed };
        (layer.came.value, layer.landed) = (value, landed);
        self.touched.insert(at);
        let came = layer.came;
        if self.costing == Costing::Average {
            let pool = self.layers.get(&At::POOL).map_or_else(Part::default, |pool| pool.left);
            let kept = Part { quantity: came.quantity, value: more }.share(pool.quantity.min(came.quantity));
            self.put(At::POOL, Part { quantity: 0, value: kept.max(-pool.value) });
        } else {
            let mut split = Split::of(came);
            let uses: Vec<_> =
                self.uses.range((at, At::OWED)..=(at, At::LAST)).map(|(key, part)| (*key, *part)).collect();
            for (key, part) in uses {
                let value = split.next(part.quantity);
                self.shift(key, Part { quantity: 0, value: value - part.value });
            }
            if let Some(layer) = self.layers.get_mut(&at) {
                layer.left.value = split.next(layer.left.quantity);
            }
        }
        Some((account, Effect::balanced(0, self.total().value - before, -more, 0)))
    }

    /// It is told later what one of a delivery cost.
    pub fn price(&mut self, at: At, each: i64) -> Option<(Account, Effect)> {
        let layer = self.layers.get_mut(&at)?;
        let value = times(each, layer.came.quantity)?.checked_add(layer.landed).filter(|value| *value <= VALUE_MAX)?;
        let landed = layer.landed;
        layer.known = true;
        let told = self.retell(at, value, landed);
        self.last_cost = self.latest();
        told
    }

    /// It is told later what freight and the like of a delivery cost.
    pub fn land(&mut self, at: At, more: i64) -> Option<(Account, Effect)> {
        let layer = self.layers.get(&at)?;
        let value = layer.came.value.checked_add(more).filter(|value| *value <= VALUE_MAX)?;
        self.retell(at, value, layer.landed + more)
    }

    /// What one cost is known for the first time: what came in before it, and is worth nothing, was worth the same.
    pub fn teach(&mut self, each: i64) -> Vec<(At, Account, Effect)> {
        let worthless = |layer: &Layer| !layer.known && layer.came.value == 0 && layer.came.quantity > 0;
        let layers: Vec<_> =
            self.layers.iter().filter(|(_, layer)| worthless(layer)).map(|(at, layer)| (*at, *layer)).collect();
        let learn = |(at, layer): (At, Layer)| {
            let (account, effect) = self.retell(at, times(each, layer.came.quantity)?, layer.landed)?;
            Some((at, account, effect))
        };
        layers.into_iter().filter_map(learn).collect()
    }

    /// From now on its goods are costed so. Nothing is worth more or less by it.
    pub fn recost(&mut self, costing: Costing) {
        if self.costing == costing {
            return;
        }
        self.costing = costing;
        if costing == Costing::Average {
            let open: Vec<_> =
                self.layers.iter().filter(|(_, layer)| layer.left.quantity > 0).map(|(at, _)| *at).collect();
            open.into_iter().filter(|at| *at != At::POOL).for_each(|at| self.pour(at));
        }
    }

    /// What one cost in the latest delivery that says so.
    pub fn latest(&self) -> Option<i64> {
        let said = |layer: &&Layer| layer.known && layer.account == Account::Received;
        let layer = self.layers.values().rev().find(said)?;
        Some(layer.came.share(model::Quantity::ONE))
    }

    /// What so many are worth at present.
    fn current(&self, quantity: i64) -> Option<i64> {
        let pool = self.layers.get(&At::POOL).filter(|pool| self.costing == Costing::Average && pool.left.quantity > 0);
        match pool {
            Some(pool) => Some(pool.left.share(quantity)),
            None => times(self.last_cost?, quantity),
        }
    }

    /// Takes goods for what leaves at that place: from the layers, or as owed.
    fn take(&mut self, at: At, quantity: i64) -> Part {
        let mut taken = Part::default();
        while taken.quantity < quantity {
            let Some((from, layer)) = self.layers.iter_mut().find(|(_, layer)| layer.left.quantity > 0) else { break };
            let (from, part) = (*from, layer.left.take(quantity - taken.quantity));
            self.touched.insert(from);
            self.shift((from, at), part);
            taken = taken + part;
        }
        if taken.quantity < quantity {
            let short = quantity - taken.quantity;
            let value = self.last_cost.and_then(|each| times(each, short));
            let room = VALUE_MAX - self.owed.value.abs().min(VALUE_MAX);
            let part = Part { quantity: short, value: value.filter(|value| *value <= room).unwrap_or_default() };
            self.owed = self.owed + part;
            self.shift((At::OWED, at), part);
            taken = taken + part;
        }
        taken
    }

    /// Goods that are there cover what is owed, the oldest first; answers with how much dearer they are, in how many
    /// pieces.
    fn settle(&mut self) -> (i64, i64) {
        let (mut over, mut pieces) = (0, 0);
        while self.owed.quantity > 0 {
            let open = self.layers.iter_mut().find(|(_, layer)| layer.left.quantity > 0);
            let owed = self.uses.range((At::OWED, At::OWED)..=(At::OWED, At::LAST)).next();
            let (Some((from, layer)), Some((&key, &part))) = (open, owed) else { break };
            let (from, paid) = (*from, layer.left.take(part.quantity));
            let mut rest = part;
            let said = rest.take(paid.quantity);
            self.touched.insert(from);
            self.owed = self.owed - said;
            self.shift(key, -said);
            self.shift((from, key.1), paid);
            over += paid.value - said.value;
            pieces += 1;
        }
        (over, pieces)
    }

    /// By layers: what was sold of goods that never came is taken from others; answers with in how many pieces.
    fn replace(&mut self, at: At, layer: &Layer, undone: At) -> i64 {
        let uses: Vec<_> = self.uses.range((at, At::OWED)..=(at, At::LAST)).map(|(key, part)| (*key, *part)).collect();
        let mut rest = layer.came.quantity - layer.left.quantity;
        let mut pieces = 0;
        for (key, part) in uses {
            self.shift(key, -part);
            self.take(key.1, part.quantity);
            rest -= part.quantity;
            pieces += 1;
        }
        // It came when goods were costed by their average: they are in the pool, and nobody knows who took them.
        if rest > 0 {
            self.take(undone, rest);
            pieces += 1;
        }
        pieces
    }

    /// By the average: as many leave the pool as came, with what they brought. When that is more than there is, some
    /// of it was sold with others: the rest is worth what such goods cost before.
    fn draw(&mut self, layer: &Layer, undone: At) {
        let pool = self.layers.get(&At::POOL).map_or_else(Part::default, |pool| pool.left);
        let gone = layer.came.quantity.min(pool.quantity);
        let kept = pool.quantity - gone;
        let value = match pool.value - layer.came.value {
            _ if kept == 0 => pool.value,
            rest if rest >= 0 => layer.came.value,
            _ => pool.value - self.latest().and_then(|each| times(each, kept)).unwrap_or_default().min(pool.value),
        };
        self.put(At::POOL, -Part { quantity: gone, value });
        if layer.came.quantity > gone {
            self.take(undone, layer.came.quantity - gone);
        }
    }

    /// A layer's goods go into the pool.
    fn pour(&mut self, at: At) {
        let Some(layer) = self.layers.get_mut(&at) else { return };
        let left = std::mem::take(&mut layer.left);
        self.touched.insert(at);
        self.put(At::POOL, left);
    }

    fn put(&mut self, at: At, part: Part) {
        let empty = Part::default();
        let new = Layer { account: Account::Received, came: empty, landed: 0, left: empty, known: true };
        let layer = self.layers.entry(at).or_insert(new);
        layer.left = layer.left + part;
        self.touched.insert(at);
    }

    /// A use grows or shrinks; none is kept of nothing.
    fn shift(&mut self, key: (At, At), by: Part) {
        let used = self.uses.entry(key).or_default();
        *used = *used + by;
        if used.quantity == 0 {
            self.uses.remove(&key);
        }
        let moved = self.moved.entry(key).or_default();
        *moved = *moved + by;
    }
}

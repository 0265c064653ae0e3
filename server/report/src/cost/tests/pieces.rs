//! Random sequences against a model that knows no arithmetic but adding: every piece lies somewhere and has its cost.

use super::{at, whole};
use crate::cost::book::{Account, At, Book, Cost, Effect};
use model::Costing;
use proptest::prelude::*;

/// What happens; a number picks one of the documents before.
#[derive(Clone, Copy, Debug)]
enum Step {
    Receive(i64, i64),
    Missing(i64),
    Found(i64),
    Sell(i64),
    Undo(usize),
    Price(usize, i64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => (1_i64..6, 0_i64..5_000_000).prop_map(|(pieces, each)| Step::Receive(pieces, each)),
        1 => (1_i64..6).prop_map(Step::Missing),
        1 => (1_i64..4).prop_map(Step::Found),
        5 => (1_i64..7).prop_map(Step::Sell),
        2 => (0_usize..100).prop_map(Step::Undo),
        1 => (0_usize..100, 0_i64..5_000_000).prop_map(|(pick, each)| Step::Price(pick, each)),
    ];
    prop::collection::vec(step, 1..40)
}

/// A piece: where it came in, what it cost, and where it left.
#[derive(Clone, Copy, Debug)]
struct Piece {
    came: At,
    cost: i64,
    left: Option<At>,
}

/// Pieces that one sale owes, and what was said of their cost.
#[derive(Clone, Copy, Debug)]
struct Owed {
    left: At,
    pieces: i64,
    said: i64,
}

/// Pieces in the order in which they leave, and those that are owed.
#[derive(Default)]
struct Pieces {
    there: Vec<Piece>,
    owed: Vec<Owed>,
    /// What deliveries said that one costs, the latest last.
    said: Vec<(At, i64)>,
}

impl Pieces {
    fn last(&self) -> i64 {
        self.said.last().map_or(0, |said| said.1)
    }

    fn receive(&mut self, came: At, pieces: i64, cost: i64) {
        self.there.extend((0..pieces).map(|_| Piece { came, cost, left: None }));
        self.settle();
    }

    fn settle(&mut self) {
        self.owed.sort_by_key(|owed| owed.left);
        for piece in self.there.iter_mut().filter(|piece| piece.left.is_none()) {
            let Some(owed) = self.owed.first_mut() else { break };
            piece.left = Some(owed.left);
            owed.said -= owed.said / owed.pieces;
            owed.pieces -= 1;
            self.owed.retain(|owed| owed.pieces > 0);
        }
    }

    fn sell(&mut self, left: At, pieces: i64) {
        let said = self.last();
        for _ in 0..pieces {
            if let Some(piece) = self.there.iter_mut().find(|piece| piece.left.is_none()) {
                piece.left = Some(left);
                continue;
            }
            match self.owed.iter_mut().find(|owed| owed.left == left) {
                Some(owed) => (owed.pieces, owed.said) = (owed.pieces + 1, owed.said + said),
                None => self.owed.push(Owed { left, pieces: 1, said }),
            }
        }
    }

    fn unsell(&mut self, left: At) {
        self.there.iter_mut().filter(|piece| piece.left == Some(left)).for_each(|piece| piece.left = None);
        self.owed.retain(|owed| owed.left != left);
        self.settle();
    }

    fn unreceive(&mut self, came: At) {
        let (gone, stay): (Vec<Piece>, Vec<Piece>) = self.there.iter().partition(|piece| piece.came == came);
        self.there = stay;
        self.said.retain(|said| said.0 != came);
        let mut sold: Vec<At> = gone.iter().filter_map(|piece| piece.left).collect();
        sold.sort();
        sold.into_iter().for_each(|left| self.sell(left, 1));
    }

    fn price(&mut self, came: At, each: i64) {
        self.there.iter_mut().filter(|piece| piece.came == came).for_each(|piece| piece.cost = each);
        self.said.retain(|said| said.0 != came);
        self.said.push((came, each));
        self.said.sort();
    }

    /// How many, worth what, and by how much that may be off: what is left of a sale that owed pieces at two costs is
    /// rounded here for each piece.
    fn total(&self) -> (i64, i64, i64) {
        let free = self.there.iter().filter(|piece| piece.left.is_none());
        let (there, worth) = free.fold((0, 0), |sum, piece| (sum.0 + 1, sum.1 + piece.cost));
        let owed = self.owed.iter().fold((0, 0), |sum, owed| (sum.0 + owed.pieces, sum.1 + owed.said));
        (there - owed.0, worth - owed.1, 6 * i64::try_from(self.owed.len()).expect("few"))
    }
}

/// A document that may be undone or told a cost.
#[derive(Clone, Copy)]
struct Done {
    at: At,
    booked: i64,
    came: bool,
    received: bool,
    undone: bool,
}

/// Does a step in the book; its effect, and whether there was anything to do.
fn step(book: &mut Book, pieces: &mut Pieces, done: &mut Vec<Done>, seq: i64, step: Step) -> Vec<Effect> {
    let place = at(seq);
    let knew = book.last_cost.is_some();
    let mut effects = Vec::new();
    let mut came = |book: &mut Book, account, count: i64, cost| {
        effects.push(book.receive(place, account, whole(count), cost));
        done.push(Done { at: place, booked: 0, came: true, received: account == Account::Received, undone: false });
    };
    match step {
        Step::Receive(count, each) => {
            came(book, Account::Received, count, Cost::Each(each));
            pieces.said.push((place, each));
            pieces.receive(place, count, each);
        }
        Step::Missing(count) => {
            came(book, Account::Received, count, Cost::Missing);
            pieces.receive(place, count, pieces.last());
        }
        Step::Found(count) => {
            came(book, Account::Shrinkage, count, Cost::Current);
            pieces.receive(place, count, pieces.last());
        }
        Step::Sell(count) => {
            let effect = book.issue(place, whole(count));
            effects.push(effect);
            done.push(Done { at: place, booked: effect.counter, came: false, received: false, undone: false });
            pieces.sell(place, count);
        }
        Step::Undo(pick) => {
            let open: Vec<usize> = (0..done.len()).filter(|nth| !done[*nth].undone).collect();
            let Some(nth) = open.get(pick % open.len().max(1)) else { return effects };
            let what = &mut done[*nth];
            what.undone = true;
            if what.came {
                effects.push(book.unreceive(what.at, place).expect("it is there").1);
                pieces.unreceive(what.at);
            } else {
                effects.push(book.unissue(what.at, what.booked));
                pieces.unsell(what.at);
            }
        }
        Step::Price(pick, each) => {
            let open: Vec<Done> = done.iter().filter(|what| what.received && !what.undone).copied().collect();
            let Some(what) = open.get(pick % open.len().max(1)) else { return effects };
            effects.push(book.price(what.at, each).expect("it is there").1);
            pieces.price(what.at, each);
        }
    }
    if let (false, Some(each)) = (knew, book.last_cost) {
        effects.extend(book.teach(each).into_iter().map(|(at, _, effect)| {
            pieces.there.iter_mut().filter(|piece| piece.came == at).for_each(|piece| piece.cost = each);
            effect
        }));
    }
    effects
}

proptest! {
    #[test]
    fn layers_are_what_moving_piece_by_piece_makes(steps in steps()) {
        let (mut book, mut pieces, mut done) = (Book::default(), Pieces::default(), Vec::new());
        let (mut quantity, mut value) = (0, 0);
        for (seq, what) in (1_i64..).zip(steps) {
            for effect in step(&mut book, &mut pieces, &mut done, seq, what) {
                prop_assert_eq!(effect.inventory + effect.counter + effect.revaluation + effect.residue, 0);
                prop_assert!(effect.residue.abs() <= 40, "pieces of whole numbers: {:?}", effect);
                quantity += effect.quantity;
                value += effect.inventory;
            }
            let total = book.total();
            prop_assert_eq!((total.quantity, total.value), (quantity, value), "the entries make the layers");
            let (count, worth, off) = pieces.total();
            prop_assert_eq!(total.quantity, whole(count), "{:?}", what);
            prop_assert!((total.value - worth).abs() <= off, "{} is not {} after {:?}", total.value, worth, what);
            prop_assert!(book.owed.quantity == 0 || book.layers.values().all(|layer| layer.left.quantity == 0));
            for (place, layer) in &book.layers {
                let uses = book.uses.iter().filter(|(key, _)| key.0 == *place);
                let sum = uses.fold(layer.left, |sum, (_, part)| sum + *part);
                prop_assert_eq!(sum, layer.came, "what came is what is left and what left");
            }
        }
    }

    #[test]
    fn an_average_never_changes_the_total_by_rounding(
        steps in prop::collection::vec((prop::bool::ANY, 1_i64..900_001, 0_i64..5_000_000), 1..40)
    ) {
        let mut book = Book { costing: Costing::Average, ..Book::default() };
        let (mut paid, mut spent) = (0, 0);
        for (seq, (comes, quantity, each)) in (1_i64..).zip(steps) {
            if comes {
                let effect = book.receive(at(seq), Account::Received, quantity, Cost::Each(each));
                paid -= effect.counter;
                spent += effect.revaluation + effect.residue;
            } else {
                spent += book.issue(at(seq), quantity).counter;
            }
            prop_assert_eq!(book.total().value + spent, paid, "what was paid is there, or was spent");
            prop_assert!(book.total().quantity != 0 || book.total().value == 0);
        }
    }
}

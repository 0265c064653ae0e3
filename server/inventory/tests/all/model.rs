//! Random documents against a model of a few lines: the ledger's invariants hold, on both engines.

use crate::common::{Open, POST, SKUS, adjustment, give_back, line, open, play_on_each, receipt, sale};
use ::model::{
    Channel, Error, NewAdjustment, NewLine, NewReceipt, NewReturn, NewReversal, NewSale, PostingId, Quantity, Receipt,
    Refusal, Result,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use std::collections::BTreeMap;

#[derive(Clone, Debug)]
enum Step {
    Sell(Vec<(usize, i64)>),
    Promise(Vec<(usize, i64)>),
    TakeBack(usize, i64),
    Receive(Vec<(usize, i64)>),
    Adjust(usize, i64),
    /// Undoes the posting so many steps ago.
    Undo(usize),
    /// Sends the sale so many steps ago again.
    Repeat(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let lines = || prop::collection::vec((0..4_usize, 1..400_000_i64), 1..5);
    let step = prop_oneof![
        4 => lines().prop_map(Step::Sell),
        2 => lines().prop_map(Step::Promise),
        1 => (0..4_usize, 1..400_000_i64).prop_map(|(item, size)| Step::TakeBack(item, size)),
        2 => lines().prop_map(Step::Receive),
        2 => (0..4_usize, prop_oneof![-400_000..-1_i64, 1..400_000_i64]).prop_map(|(item, size)| Step::Adjust(item, size)),
        1 => (0..6_usize).prop_map(Step::Undo),
        1 => (0..6_usize).prop_map(Step::Repeat),
    ];
    prop::collection::vec(step, 1..25)
}

/// By item, how many more or fewer there are.
type Changes = Vec<(usize, i64)>;

/// A step as it is sent, and what it changes.
#[derive(Clone, Debug)]
enum Sent {
    Sale(NewSale, Changes),
    Return(NewReturn, Changes),
    Receipt(NewReceipt, Changes),
    Adjustment(NewAdjustment, Changes),
    /// Undoes the posting at that place.
    Undo(usize, PostingId, NewReversal),
    /// The sale at that place again.
    Repeat(usize, NewSale),
}

/// What was sent, and the answer to it.
type Told = (Sent, Result<Receipt>);

/// What a posting changed, its id, and whether it was undone.
type Posting = (Changes, PostingId, bool);

/// What the ledger should hold, in hundred-thousandths; and what was posted, to undo and to repeat.
#[derive(Clone, Default)]
struct Expected {
    on_hand: BTreeMap<&'static str, i64>,
    moved: BTreeMap<&'static str, i64>,
    postings: Vec<Posting>,
    sales: Vec<(NewSale, Receipt)>,
}

fn sku(item: usize) -> &'static str {
    SKUS.get(item).copied().unwrap_or(POST)
}

fn lines(of: &[(usize, i64)]) -> Vec<NewLine> {
    of.iter().map(|(item, size)| line(sku(*item), &Quantity::from_parts(*size).to_string())).collect()
}

fn out(of: &[(usize, i64)]) -> Changes {
    of.iter().map(|(item, size)| (*item, -size)).collect()
}

impl Sent {
    async fn send(&self, store: &Open) -> Result<Receipt> {
        let (inventory, owner) = (&store.inventory, &store.owner);
        match self {
            Self::Sale(new, _) => store.insist(async || inventory.post_sale(owner, new.clone()).await).await,
            Self::Return(new, _) => store.insist(async || inventory.post_return(owner, new.clone()).await).await,
            Self::Receipt(new, _) => store.insist(async || inventory.post_receipt(owner, new.clone()).await).await,
            Self::Adjustment(new, _) => {
                store.insist(async || inventory.post_adjustment(owner, new.clone()).await).await
            }
            Self::Undo(_, id, new) => store.insist(async || inventory.reverse(owner, *id, new.clone()).await).await,
            Self::Repeat(_, new) => inventory.post_sale(owner, new.clone()).await,
        }
    }
}

impl Expected {
    /// What the step sends as things are; nothing where there is nothing yet to undo or to repeat.
    fn sends(&self, step: Step) -> Option<Sent> {
        Some(match step {
            Step::Sell(of) => Sent::Sale(sale(lines(&of)), out(&of)),
            Step::Promise(of) => Sent::Sale(NewSale { channel: Channel::Web, ..sale(lines(&of)) }, out(&of)),
            Step::TakeBack(item, size) => Sent::Return(give_back(lines(&[(item, size)])), vec![(item, size)]),
            Step::Receive(of) => Sent::Receipt(receipt(lines(&of)), of),
            Step::Adjust(item, size) => {
                let new = adjustment(sku(item), &Quantity::from_parts(size).to_string());
                Sent::Adjustment(new, vec![(item, size)])
            }
            Step::Undo(ago) => {
                let at = self.postings.len().checked_sub(ago + 1)?;
                Sent::Undo(at, self.postings[at].1, NewReversal { id: PostingId::new(), reason: None })
            }
            Step::Repeat(ago) => {
                let at = self.sales.len().checked_sub(ago + 1)?;
                Sent::Repeat(at, self.sales[at].0.clone())
            }
        })
    }

    /// Takes the answer in; `false` where it is none to what was sent, as things are.
    fn takes(&mut self, (sent, told): &Told) -> bool {
        match (sent, told) {
            (Sent::Repeat(at, _), told) => told.as_ref() == Ok(&self.sales[*at].1),
            (Sent::Undo(at, ..), told) if self.postings[*at].2 => {
                *told == Err(Error::Refused(Refusal::AlreadyReversed))
            }
            (Sent::Undo(at, ..), Ok(_)) => {
                self.postings[*at].2 = true;
                let back = out(&self.postings[*at].0);
                self.moves(&back);
                true
            }
            (Sent::Sale(new, changes), Err(Error::Refused(Refusal::OutOfStock { .. }))) => {
                new.channel == Channel::Web && !self.covers(changes)
            }
            (Sent::Sale(new, changes), Ok(posted)) => {
                let fits = new.channel != Channel::Web || self.covers(changes);
                self.post(posted.id, changes);
                if new.channel == Channel::Till {
                    self.sales.push((new.clone(), posted.clone()));
                }
                fits
            }
            (Sent::Return(_, changes) | Sent::Receipt(_, changes) | Sent::Adjustment(_, changes), Ok(posted)) => {
                self.post(posted.id, changes);
                true
            }
            // A fact is never refused.
            (_, Err(_)) => false,
        }
    }

    /// What is there after both, in that order; `None` where an answer is none to it.
    fn after(&self, told: [&Told; 2]) -> Option<Self> {
        let mut after = self.clone();
        told.into_iter().all(|told| after.takes(told)).then_some(after)
    }

    fn post(&mut self, id: PostingId, changes: &[(usize, i64)]) {
        self.moves(changes);
        self.postings.push((changes.to_vec(), id, false));
    }

    fn moves(&mut self, changes: &[(usize, i64)]) {
        for (item, change) in changes.iter().filter(|(item, _)| *item < SKUS.len()) {
            *self.on_hand.entry(sku(*item)).or_default() += change;
            *self.moved.entry(sku(*item)).or_default() += 1;
        }
    }

    fn covers(&self, changes: &[(usize, i64)]) -> bool {
        SKUS.iter().enumerate().all(|(item, sku)| {
            let change: i64 = changes.iter().filter(|line| line.0 == item).map(|line| line.1).sum();
            change == 0 || self.on_hand.get(sku).copied().unwrap_or_default() + change >= 0
        })
    }
}

/// Plays a step, or two at once: what those are told is what they would be one after the other, in one of the two orders.
async fn play(store: &Open, expected: &mut Expected, one: Step, other: Option<Step>) {
    let Some(one) = expected.sends(one) else { return };
    let Some(other) = other.and_then(|step| expected.sends(step)) else {
        let told = one.send(store).await;
        let told = (one, told);
        assert!(expected.takes(&told), "{told:?}");
        return;
    };
    let (told_one, told_other) = tokio::join!(Box::pin(one.send(store)), Box::pin(other.send(store)));
    let (one, other) = ((one, told_one), (other, told_other));
    let agreed = expected.after([&one, &other]).or_else(|| expected.after([&other, &one]));
    *expected = agreed.unwrap_or_else(|| panic!("in no order: {one:?} and {other:?}"));
}

#[tokio::test]
async fn any_sequence_of_documents_leaves_the_ledger_as_the_model_says() {
    play_on_each(40, async |db, mut runner, sequences| {
        let store = open(db).await;
        let mut expected = Expected::default();
        for sequence in 0..sequences {
            let mut steps = steps().new_tree(&mut runner).expect("steps can be made").current().into_iter();
            while let Some(step) = steps.next() {
                let other = if store.is_paired() { steps.next() } else { None };
                store.along(play(&store, &mut expected, step, other)).await;
                store.stepped().await;
            }
            for (sku, on_hand) in &expected.on_hand {
                let row = store.level(sku).await;
                assert_eq!(row.on_hand.parts(), *on_hand, "{sku} after sequence {sequence}");
                assert_eq!(row.version, expected.moved[sku], "{sku} after sequence {sequence}");
            }
            store.assert_sound().await;
        }
        assert!(expected.on_hand.len() == SKUS.len(), "every item took part");
        assert_eq!(store.inventory.rebuild(&store.owner).await, Ok(0), "a rebuild changes nothing");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

//! Random documents against a model of a few lines: the ledger's invariants hold, on both engines.

use crate::common::{Open, POST, SKUS, adjustment, give_back, line, open, play_on_each, receipt, sale};
use ::model::{Channel, Error, NewLine, NewReversal, NewSale, PostingId, Quantity, Receipt, Refusal};
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

/// What a posting changed, its id, and whether it was undone.
type Posting = (Vec<(usize, i64)>, PostingId, bool);

/// What the ledger should hold, in hundred-thousandths; and what was posted, to undo and to repeat.
#[derive(Default)]
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

impl Expected {
    fn post(&mut self, id: PostingId, changes: Vec<(usize, i64)>) {
        for (item, change) in &changes {
            if *item < SKUS.len() {
                *self.on_hand.entry(sku(*item)).or_default() += change;
                *self.moved.entry(sku(*item)).or_default() += 1;
            }
        }
        self.postings.push((changes, id, false));
    }

    fn covers(&self, lines: &[(usize, i64)]) -> bool {
        SKUS.iter().enumerate().all(|(item, sku)| {
            let wanted: i64 = lines.iter().filter(|line| line.0 == item).map(|line| line.1).sum();
            wanted == 0 || self.on_hand.get(sku).copied().unwrap_or_default() >= wanted
        })
    }
}

async fn play(store: &Open, expected: &mut Expected, step: Step) {
    let (inventory, owner) = (&store.inventory, &store.owner);
    let out = |of: &[(usize, i64)]| of.iter().map(|(item, size)| (*item, -size)).collect::<Vec<_>>();
    match step {
        Step::Sell(of) => {
            let new = sale(lines(&of));
            let posted = store
                .insist(async || inventory.post_sale(owner, new.clone()).await)
                .await
                .expect("a fact is never refused");
            expected.post(posted.id, out(&of));
            expected.sales.push((new, posted));
        }
        Step::Promise(of) => {
            let mut new = sale(lines(&of));
            new.channel = Channel::Web;
            match store.insist(async || inventory.post_sale(owner, new.clone()).await).await {
                Ok(posted) => {
                    assert!(expected.covers(&of), "promised more than there is: {of:?}");
                    expected.post(posted.id, out(&of));
                }
                Err(error) => {
                    assert!(matches!(error, Error::Refused(Refusal::OutOfStock { .. })), "{error:?}");
                    assert!(!expected.covers(&of), "refused what is there: {of:?}");
                }
            }
        }
        Step::TakeBack(item, size) => {
            let new = give_back(lines(&[(item, size)]));
            let posted = store.insist(async || inventory.post_return(owner, new.clone()).await).await.expect("posted");
            expected.post(posted.id, vec![(item, size)]);
        }
        Step::Receive(of) => {
            let new = receipt(lines(&of));
            let posted = store.insist(async || inventory.post_receipt(owner, new.clone()).await).await.expect("posted");
            expected.post(posted.id, of);
        }
        Step::Adjust(item, size) => {
            let new = adjustment(sku(item), &Quantity::from_parts(size).to_string());
            let posted =
                store.insist(async || inventory.post_adjustment(owner, new.clone()).await).await.expect("posted");
            expected.post(posted.id, vec![(item, size)]);
        }
        Step::Undo(ago) => undo(store, expected, ago).await,
        Step::Repeat(ago) => {
            if let Some((new, first)) = expected.sales.iter().rev().nth(ago) {
                assert_eq!(inventory.post_sale(owner, new.clone()).await.as_ref(), Ok(first));
            }
        }
    }
}

async fn undo(store: &Open, expected: &mut Expected, ago: usize) {
    let Some(at) = expected.postings.len().checked_sub(ago + 1) else { return };
    let (changes, id, undone) = expected.postings[at].clone();
    let reversal = NewReversal { id: PostingId::new(), reason: None };
    let answer = store.insist(async || store.inventory.reverse(&store.owner, id, reversal.clone()).await).await;
    if undone {
        let refused = Err(Error::Refused(Refusal::AlreadyReversed));
        assert_eq!(answer, refused);
        return;
    }
    expected.postings[at].2 = true;
    answer.expect("undone");
    for (item, change) in changes.iter().filter(|(item, _)| *item < SKUS.len()) {
        *expected.on_hand.entry(sku(*item)).or_default() -= change;
        *expected.moved.entry(sku(*item)).or_default() += 1;
    }
}

#[tokio::test]
async fn any_sequence_of_documents_leaves_the_ledger_as_the_model_says() {
    play_on_each(40, async |db, mut runner, sequences| {
        let store = open(db).await;
        let mut expected = Expected::default();
        for sequence in 0..sequences {
            let steps = steps().new_tree(&mut runner).expect("steps can be made").current();
            for step in steps {
                play(&store, &mut expected, step).await;
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

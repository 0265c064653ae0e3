//! Random facts in random batches, on both engines: the tables hold what all of them at once make in memory.

use super::at;
use crate::cost::book::{Account, Cost};
use crate::cost::fact::{Deed, Fact, Scene, Told};
use crate::cost::{self, Count};
use model::{Costing, ItemId, PostingId, StoreId, Time};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

/// Sequences to enter, on each engine.
const CASES: usize = 24;

/// One random number for each choice that a fact needs.
type Dice = (u8, usize, usize, i64, i64, usize);

/// A document that was posted.
#[derive(Clone)]
struct Done {
    posting: PostingId,
    store: StoreId,
    item: ItemId,
    came: bool,
    received: bool,
    undone: bool,
    /// The lines by which freight was added that nobody took back yet.
    freight: Vec<i64>,
}

struct World {
    stores: Vec<StoreId>,
    items: Vec<ItemId>,
    done: Vec<Done>,
    /// What was sent, and what of it was lost and is not missed again: its store and its item.
    sent: Vec<(PostingId, StoreId, ItemId)>,
    lost: Vec<(PostingId, StoreId, ItemId)>,
}

impl World {
    fn new() -> Self {
        Self {
            stores: std::iter::repeat_with(StoreId::new).take(2).collect(),
            items: std::iter::repeat_with(ItemId::new).take(3).collect(),
            done: Vec::new(),
            sent: Vec::new(),
            lost: Vec::new(),
        }
    }

    fn fact(&mut self, seq: i64, (kind, store, item, quantity, each, pick): Dice) -> Fact {
        let (store, item, posting) = (self.stores[store], self.items[item], PostingId::new());
        let day = "2026-11-22".to_owned();
        let scene = Scene { at: at(seq), learnt: Time::from_micros(seq), day, posting, store, item };
        let mut deed = |deed: Deed, came, received| {
            self.done.push(Done { posting, store, item, came, received, undone: false, freight: Vec::new() });
            Fact::Deed(scene.clone(), deed)
        };
        let of = |account, cost| Deed::In { account, quantity, cost, sale: None };
        match kind {
            0..10 => return deed(Deed::Out { account: Account::Goods, quantity }, false, false),
            10..14 => return deed(of(Account::Received, Cost::Each(each)), true, true),
            14 => return deed(of(Account::Received, Cost::Missing), true, true),
            15 => return deed(of(Account::Opening, Cost::Current), true, false),
            16 => return deed(Deed::Out { account: Account::Shrinkage, quantity }, false, false),
            17 => {
                let sale = self.done.get(pick % self.done.len().max(1)).map(|done| done.posting);
                let (account, cost) = (Account::Goods, Cost::Current);
                let (came, received, undone, freight) = (true, false, false, Vec::new());
                self.done.push(Done { posting, store, item, came, received, undone, freight });
                return Fact::Deed(scene, Deed::In { account, quantity, cost, sale });
            }
            18 => return Fact::Costing(item, if each % 2 == 0 { Costing::Average } else { Costing::Fifo }),
            24 => {
                self.sent.push((posting, store, item));
                return Fact::Deed(scene, Deed::Out { account: Account::Transit, quantity });
            }
            25 if !self.sent.is_empty() => {
                let (sent, store, item) = self.sent[pick % self.sent.len()];
                self.lost.push((posting, store, item));
                return Fact::Deed(Scene { store, item, ..scene }, Deed::Lost { quantity, sent: Some(sent) });
            }
            26 if !self.lost.is_empty() => {
                let (posting, store, item) = self.lost.swap_remove(pick % self.lost.len());
                return Fact::Deed(Scene { store, item, ..scene }, Deed::Missed { posting });
            }
            _ => {}
        }
        let told = kind == 19;
        let open = self.done.iter_mut().filter(|done| !done.undone && (done.received || !told)).collect::<Vec<_>>();
        let count = open.len();
        let Some(done) = open.into_iter().nth(pick % count.max(1)) else {
            return Fact::Deed(scene, Deed::Out { account: Account::Shrinkage, quantity });
        };
        let (store, item, receipt) = (done.store, done.item, done.posting);
        if told {
            let (day, learnt) = ("2026-11-23".to_owned(), Time::from_micros(seq));
            let undoes = if each % 3 == 0 { done.freight.pop() } else { None };
            let landed = if undoes.is_some() { 0 } else { each % 7 };
            done.freight.extend((landed > 0).then_some(seq));
            let lines = vec![(1, item, (each % 3 != 0).then_some(each))];
            return Fact::Told(Told { seq, learnt, day, store, receipt, lines, landed, undoes });
        }
        done.undone = true;
        Fact::Deed(Scene { store, item, ..scene }, Deed::Undo { posting: receipt, came: done.came })
    }
}

fn dice() -> impl Strategy<Value = Vec<Vec<Dice>>> {
    let dice = (0_u8..27, 0_usize..2, 0_usize..3, 1_i64..700_000, 0_i64..5_000_000, 0_usize..1_000);
    prop::collection::vec(prop::collection::vec(dice, 0..25), 1..12)
}

#[tokio::test(flavor = "multi_thread")]
async fn random_batches_are_what_all_lines_at_once_make() {
    db::test::on_each(async |db| {
        let mut runner = TestRunner::deterministic();
        let mut entered = 0;
        for _ in 0..CASES {
            let batches = dice().new_tree(&mut runner).expect("a strategy that rejects nothing").current();
            let (mut tx, mut world, mut count) =
                (db.begin().await.expect("a transaction"), World::new(), Count::default());
            let mut seq = 0;
            for batch in batches {
                let since = seq;
                let facts: Vec<Fact> = batch
                    .into_iter()
                    .map(|dice| {
                        seq += 1;
                        world.fact(seq, dice)
                    })
                    .collect();
                entered += facts.len();
                cost::enter(&mut tx, &facts, seq).await.expect("it is entered");
                let found = count.compare(&mut tx, &facts, (since, seq)).await.expect("it reads");
                assert_eq!(found, None, "{facts:?}");
            }
            assert_eq!(count.difference(&mut tx).await.expect("it reads"), None);
        }
        assert!(entered > 1_000, "few facts show nothing");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_changed_by_hand_is_found() {
    let changes = [
        ("update report_cost_entry set inventory = inventory + 1", "does not add up to 0"),
        ("update report_cost_entry set inventory = inventory + 1, residue = residue - 1", "is not what the line makes"),
        ("delete from report_cost_entry", "is not what the line makes"),
        ("update report_cost_layer set value_left = value_left + 1", "do not add up to the worth"),
        ("update report_cost_pile set last_cost = 7", "are not what the journal makes"),
        ("update report_cost_use set value = value + 1 where layer_seq > 0", "are not what the journal makes"),
        ("update report_cost_use set value = value + 1 where layer_seq = 0", "is not what was sold below zero"),
    ];
    db::test::on_each(async |db| {
        for (change, said) in changes {
            let (mut tx, mut world, mut count) =
                (db.begin().await.expect("a transaction"), World::new(), Count::default());
            let facts = [
                world.fact(1, (10, 0, 0, 500_000, 1_250_000, 0)),
                world.fact(2, (0, 0, 0, 200_000, 0, 0)),
                world.fact(3, (0, 1, 0, 200_000, 0, 0)),
                world.fact(4, (10, 0, 1, 500_000, 1_250_000, 0)),
            ];
            cost::enter(&mut tx, &facts, 4).await.expect("it is entered");
            db::execute!(&mut tx, change).expect("it changes");
            let found = match count.compare(&mut tx, &facts, (0, 4)).await.expect("it reads") {
                Some(found) => Some(found),
                None => count.difference(&mut tx).await.expect("it reads"),
            };
            assert!(found.as_ref().is_some_and(|found| found.contains(said)), "{change}: {found:?}");
        }
    })
    .await;
}

//! Random postings, early and late, undone and costed afterwards, two at once now and then: after each step the figures, the
//! layers, the ledger and the journal agree, on both engines.

use crate::shop::{Shop, new_lines};
use db::test::on_each;
use model::{
    Channel, Error, Line, LineCost, Money, NewAdjustment, NewCosts, NewReceipt, NewReturn, NewReversal, NewSale,
    PostingId, Quantity, Receipt, Refusal, Result, ReturnTo, Time,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::cell::Cell;

const SKUS: [&str; 2] = ["85123A", "71053"];
/// How many sequences each engine plays, in a database for so many of them, since all of it is looked at after each step;
/// `STOREROOM_SEQUENCES` plays more.
const SEQUENCES: usize = 8;

/// What is done with so many of an item, and how many hours after it happened it is told.
#[derive(Clone, Debug)]
enum Step {
    /// With its cost for one, in pence, or without.
    Deliver(usize, i64, Option<i64>, i64),
    Sell(usize, i64, i64),
    TakeBack(usize, i64, i64),
    Correct(usize, i64),
    /// Undoes the posting so many postings ago.
    Undo(usize),
    /// Says what one cost of the delivery so many postings ago, if it is one.
    Cost(usize, i64),
}

fn steps() -> impl Strategy<Value = Vec<(Step, Option<Step>)>> {
    let late = || prop_oneof![2 => Just(0_i64), 1 => 1..72_i64];
    let (item, size) = (|| 0..SKUS.len(), || 1..9_i64);
    let cost = || prop::option::weighted(0.7, 1..900_i64);
    let step = prop_oneof![
        4 => (item(), size(), cost(), late()).prop_map(|(item, size, cost, late)| Step::Deliver(item, size, cost, late)),
        4 => (item(), size(), late()).prop_map(|(item, size, late)| Step::Sell(item, size, late)),
        1 => (item(), size(), late()).prop_map(|(item, size, late)| Step::TakeBack(item, size, late)),
        1 => (item(), prop_oneof![-6..0_i64, 1..6_i64]).prop_map(|(item, size)| Step::Correct(item, size)),
        2 => (0..5_usize).prop_map(Step::Undo),
        2 => (0..5_usize, 1..900_i64).prop_map(|(ago, pence)| Step::Cost(ago, pence)),
    ]
    .boxed();
    prop::collection::vec((step.clone(), prop::option::weighted(0.2, step)), 4..10)
}

struct Posted {
    id: PostingId,
    item: usize,
    change: i64,
    delivery: bool,
    undone: bool,
}

/// What a step did to the ledger.
enum Done {
    Posted(Posted),
    /// The posting at that place is undone.
    Undone(usize),
    /// It says something of a delivery, was refused, or found nothing to do.
    Nothing,
}

fn pence(pence: i64) -> Money {
    Money::from_parts(pence * 10_000)
}

fn happened(late: i64) -> Option<Time> {
    (late > 0).then(|| Time::now().plus_seconds(-3_600 * late))
}

/// What was refused was refused because it was undone.
fn unless_undone<T>(answer: Result<T>) -> bool {
    match answer {
        Ok(_) => true,
        Err(error) => {
            assert_eq!(error, Error::Refused(Refusal::AlreadyReversed));
            false
        }
    }
}

async fn play(shop: &Shop, postings: &[Posted], step: Step) -> Done {
    let (inventory, boss) = (&shop.inventory, &shop.boss);
    let (id, store, number) = (PostingId::new(), "LON".to_owned(), None);
    let lines = |item: usize, size: i64| new_lines(&[(SKUS[item], &size.to_string(), "5")]);
    let posted = |answer: Result<Receipt>, item, change, delivery| {
        let id = answer.expect("a fact is never refused").id;
        Done::Posted(Posted { id, item, change, delivery, undone: false })
    };
    match step {
        Step::Deliver(item, size, cost, late) => {
            let (occurred_at, mut lines) = (happened(late), lines(item, size));
            lines[0].unit_price = cost.map(pence);
            let (order, lots, rejected) = (None, Vec::new(), Vec::new());
            let new = NewReceipt { id, store, occurred_at, number, order, lines, lots, rejected };
            posted(inventory.post_receipt(boss, new).await, item, size, true)
        }
        Step::Sell(item, size, late) => {
            let (occurred_at, channel, lines) = (happened(late), Channel::Till, lines(item, size));
            let new = NewSale { id, store, occurred_at, channel, number, lines, lists: Vec::new() };
            posted(inventory.post_sale(boss, new).await, item, -size, false)
        }
        Step::TakeBack(item, size, late) => {
            let (occurred_at, to, lines) = (happened(late), ReturnTo::Shelf, lines(item, size));
            let new = NewReturn { id, store, occurred_at, number, reason: None, sale: None, to, lines };
            posted(inventory.post_return(boss, new).await, item, size, false)
        }
        Step::Correct(item, size) => {
            let (sku, quantity) = (SKUS[item].to_owned(), Quantity::whole(size));
            let lines = vec![Line { sku, quantity, reason: None, lot: None, serials: Vec::new() }];
            let new = NewAdjustment { id, store, occurred_at: None, number, reason: "damaged".into(), lines };
            posted(inventory.post_adjustment(boss, new).await, item, size, false)
        }
        Step::Undo(ago) => {
            let Some(at) = postings.len().checked_sub(ago + 1) else { return Done::Nothing };
            let answer = inventory.reverse(boss, postings[at].id, NewReversal { id, reason: None }).await;
            if unless_undone(answer) { Done::Undone(at) } else { Done::Nothing }
        }
        Step::Cost(ago, cost) => {
            let Some(delivery) = postings.iter().rev().nth(ago).filter(|posted| posted.delivery) else {
                return Done::Nothing;
            };
            let lines = vec![LineCost { line: 1, unit_cost: pence(cost) }];
            let new = NewCosts { id, occurred_at: None, lines, landed: None, what: None, undoes: None };
            let told = unless_undone(inventory.tell_costs(boss, delivery.id, new).await);
            assert!(!(told && delivery.undone), "what was undone has no cost any more");
            Done::Nothing
        }
    }
}

/// Takes in what a step did; twice undone is wrong, whoever was at it at once.
fn take_in(done: Done, there: &mut [i64; 2], postings: &mut Vec<Posted>) {
    match done {
        Done::Posted(posted) => {
            there[posted.item] += posted.change;
            postings.push(posted);
        }
        Done::Undone(at) => {
            let posted = &mut postings[at];
            assert!(!posted.undone, "it was undone twice");
            posted.undone = true;
            there[posted.item] -= posted.change;
        }
        Done::Nothing => {}
    }
}

async fn check(shop: &Shop, there: [i64; 2]) {
    shop.settle().await;
    for (sku, there) in SKUS.into_iter().zip(there) {
        let layers = shop.report.cost_layers(&shop.boss, "LON", sku).await.expect("it is there");
        let level = shop.inventory.level(&shop.boss, "LON", sku).await.expect("it reads");
        let on_hand = level.map(|level| level.on_hand).unwrap_or_default();
        assert_eq!((on_hand, layers.quantity), (Quantity::whole(there), Quantity::whole(there)), "{sku}");
    }
    assert_eq!(shop.verified().await, None);
    let findings = shop.inventory.verify(&shop.boss).await.expect("the ledger can be read");
    assert!(findings.is_empty(), "{}", findings[0]);
    let journal = shop.log.verify().await.expect("the journal can be read");
    assert!(journal.findings.is_empty(), "{}", journal.findings[0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_layers_ledger_and_journal_agree_after_each_step() {
    let wanted = std::env::var("STOREROOM_SEQUENCES").ok().and_then(|text| text.parse().ok()).unwrap_or(SEQUENCES);
    let undone = Cell::new(0);
    for round in 0..wanted.div_ceil(SEQUENCES) {
        let seed: [u8; 32] = std::array::from_fn(|at| round.to_le_bytes().get(at).copied().unwrap_or(7));
        on_each(async |db| {
            let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
            let mut runner = TestRunner::new_with_rng(Config::default(), rng);
            let shop = Shop::open(db).await;
            let (mut there, mut postings) = ([0; 2], Vec::<Posted>::new());
            for _ in 0..SEQUENCES.min(wanted - round * SEQUENCES) {
                for (one, other) in steps().new_tree(&mut runner).expect("steps can be made").current() {
                    let done = match other {
                        Some(other) => {
                            let (one, other) = (play(&shop, &postings, one), play(&shop, &postings, other));
                            let done = tokio::join!(Box::pin(one), Box::pin(other));
                            vec![done.0, done.1]
                        }
                        None => vec![play(&shop, &postings, one).await],
                    };
                    done.into_iter().for_each(|done| take_in(done, &mut there, &mut postings));
                    check(&shop, there).await;
                }
            }
            undone.update(|undone| undone + postings.iter().filter(|posted| posted.undone).count());
            shop.close().await;
        })
        .await;
    }
    assert!(undone.get() > 1, "{} postings were undone", undone.get());
}

//! Random deliveries, sales, corrections, recalls and undoings of lots against a model of a few lines, on both engines.

use crate::common::{Open, adjustment, give_back, line, play_on_each, sale};
use crate::lots::{LATER, OVER};
use ::model::{Channel, LotStatus, NewLine, NewReturn, NewReversal, NewSale, PostingId, Quantity};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use std::collections::BTreeMap;

/// The lots in the order in which they expire, and whether they may be sold at first.
const LOTS: [(&str, &str); 3] = [("OVER", OVER), ("SOON", LATER[0]), ("LATE", LATER[1])];

#[derive(Clone, Debug)]
enum Step {
    Deliver(usize, i64),
    Sell(i64),
    /// What the label names, also more of it than is there.
    SellLot(usize, i64),
    /// So many come back: of the sale so many sales ago, or of none; by the label, or not.
    Return(Option<usize>, Option<usize>, i64),
    Promise(i64),
    Correct(i64),
    Bar(usize, LotStatus),
    /// Undoes the posting so many steps ago.
    Undo(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let status = prop::sample::select(LotStatus::ALL.to_vec());
    let step = prop_oneof![
        4 => (0..LOTS.len(), 1..9_i64).prop_map(|(lot, size)| Step::Deliver(lot, size)),
        4 => (1..12_i64).prop_map(Step::Sell),
        3 => (0..LOTS.len(), 1..6_i64).prop_map(|(lot, size)| Step::SellLot(lot, size)),
        3 => (prop::option::of(0..4_usize), prop::option::of(0..LOTS.len()), 1..6_i64)
            .prop_map(|(sale, lot, size)| Step::Return(sale, lot, size)),
        2 => (1..12_i64).prop_map(Step::Promise),
        2 => prop_oneof![-6..-1_i64, 1..6_i64].prop_map(Step::Correct),
        1 => (0..LOTS.len(), status).prop_map(|(lot, status)| Step::Bar(lot, status)),
        1 => (0..5_usize).prop_map(Step::Undo),
    ];
    prop::collection::vec(step, 1..20)
}

/// What should be there: of each lot, and of none.
#[derive(Default)]
struct Expected {
    lots: [i64; 3],
    barred: [bool; 3],
    loose: i64,
    /// What each posting changed: lots and rest; and whether it is undone.
    postings: Vec<(PostingId, [i64; 3], i64, bool)>,
    /// The sales, and what of each came back, by posting.
    sales: Vec<PostingId>,
    returns: Vec<(PostingId, PostingId)>,
}

impl Expected {
    fn good(&self, lot: usize) -> bool {
        lot != 0 && !self.barred[lot]
    }

    fn total(&self) -> i64 {
        self.lots.iter().sum::<i64>() + self.loose
    }

    /// What a posting changed in the lots, unless it is undone.
    fn of(&self, posting: PostingId) -> [i64; 3] {
        let found = self.postings.iter().find(|known| known.0 == posting && !known.3);
        found.map(|known| known.1).unwrap_or_default()
    }

    /// The lots of a sale that are still out, the first to expire first.
    fn out(&self, sale: PostingId) -> [i64; 3] {
        let mut out = self.of(sale).map(|change| -change);
        for (_, back) in self.returns.iter().filter(|(of, _)| *of == sale) {
            for (left, change) in out.iter_mut().zip(self.of(*back)) {
                *left -= change;
            }
        }
        out
    }

    /// How a posting that takes so many goes: one by one, each from where the rules say.
    fn take(&mut self, size: i64, written_off: bool) -> ([i64; 3], i64) {
        let (mut of_lots, mut of_none) = ([0; 3], 0);
        for _ in 0..size {
            let next = |good: bool| (0..3).find(|lot| self.lots[*lot] > 0 && (self.good(*lot) == good || written_off));
            let from = next(true).or_else(|| if self.loose > 0 { None } else { next(false) });
            match from {
                Some(lot) => {
                    self.lots[lot] -= 1;
                    of_lots[lot] -= 1;
                }
                None => {
                    self.loose -= 1;
                    of_none -= 1;
                }
            }
        }
        (of_lots, of_none)
    }
}

fn named(lot: &str, quantity: &str) -> NewLine {
    NewLine { lot: Some(lot.into()), ..line("CUP", quantity) }
}

async fn play(store: &Open, expected: &mut Expected, step: Step) {
    let (inventory, owner) = (&store.inventory, &store.owner);
    let size = |size: i64| Quantity::whole(size).to_string();
    match step {
        Step::Deliver(lot, count) => {
            let posted = store.deliver(&size(count), LOTS[lot].0, Some(LOTS[lot].1)).await.expect("posted");
            expected.lots[lot] += count;
            let mut change = [0; 3];
            change[lot] = count;
            expected.postings.push((posted.id, change, 0, false));
        }
        Step::Sell(count) => {
            let new = sale(vec![line("CUP", &size(count))]);
            let posted = store.insist(async || inventory.post_sale(owner, new.clone()).await).await.expect("a fact");
            let (lots, none) = expected.take(count, false);
            expected.postings.push((posted.id, lots, none, false));
            expected.sales.push(posted.id);
        }
        Step::SellLot(lot, count) => {
            let lines = vec![named(LOTS[lot].0, &size(count))];
            // A lot that nobody delivered yet has no day; here each comes with its own.
            if !store.lots_in("LON").await.iter().any(|known| known.lot == LOTS[lot].0) {
                return;
            }
            let posted = inventory.post_sale(owner, sale(lines)).await.expect("a fact");
            expected.lots[lot] -= count;
            let mut change = [0; 3];
            change[lot] = -count;
            expected.postings.push((posted.id, change, 0, false));
            expected.sales.push(posted.id);
        }
        Step::Return(of, lot, count) => {
            let sale = of.and_then(|ago| Some(expected.sales[expected.sales.len().checked_sub(ago + 1)?]));
            let there = store.lots_in("LON").await;
            let lot = lot.filter(|lot| there.iter().any(|known| known.lot == LOTS[*lot].0));
            let lines = vec![lot.map_or_else(|| line("CUP", &size(count)), |lot| named(LOTS[lot].0, &size(count)))];
            let new = NewReturn { sale, ..give_back(lines) };
            let posted = store.insist(async || inventory.post_return(owner, new.clone()).await).await.expect("a fact");
            let (mut change, mut left) = ([0; 3], count);
            if let Some(lot) = lot {
                (change[lot], left) = (count, 0);
            } else if let Some(sale) = sale {
                for (change, out) in change.iter_mut().zip(expected.out(sale)) {
                    *change = out.clamp(0, left);
                    left -= *change;
                }
            }
            for (lot, change) in expected.lots.iter_mut().zip(change) {
                *lot += change;
            }
            expected.loose += left;
            expected.postings.push((posted.id, change, left, false));
            expected.returns.extend(sale.map(|sale| (sale, posted.id)));
        }
        Step::Promise(count) => {
            let new = NewSale { channel: Channel::Web, ..sale(vec![line("CUP", &size(count))]) };
            let blocked: i64 = (0..3).filter(|lot| !expected.good(*lot)).map(|lot| expected.lots[lot].max(0)).sum();
            let answer = store.insist(async || inventory.post_sale(owner, new.clone()).await).await;
            assert_eq!(answer.is_ok(), expected.total() - blocked >= count, "{answer:?}");
            if let Ok(posted) = answer {
                let (lots, none) = expected.take(count, false);
                expected.postings.push((posted.id, lots, none, false));
            }
        }
        Step::Correct(count) => {
            let new = adjustment("CUP", &size(count));
            let posted =
                store.insist(async || inventory.post_adjustment(owner, new.clone()).await).await.expect("posted");
            let (lots, none) = if count < 0 { expected.take(-count, true) } else { ([0; 3], count) };
            expected.loose += count.max(0);
            expected.postings.push((posted.id, lots, none, false));
        }
        Step::Bar(lot, status) => {
            if store.lots_in("LON").await.iter().any(|known| known.lot == LOTS[lot].0) {
                store.set_lot(LOTS[lot].0, status).await;
                expected.barred[lot] = status != LotStatus::Ok;
            }
        }
        Step::Undo(ago) => {
            let Some(at) = expected.postings.len().checked_sub(ago + 1) else { return };
            let (id, lots, none, undone) = &mut expected.postings[at];
            let undo = NewReversal { id: PostingId::new(), reason: None };
            let answer = store.insist(async || inventory.reverse(owner, *id, undo.clone()).await).await;
            assert_eq!(answer.is_ok(), !*undone, "{answer:?}");
            if !std::mem::replace(undone, true) {
                for (left, change) in expected.lots.iter_mut().zip(*lots) {
                    *left -= change;
                }
                expected.loose -= *none;
            }
        }
    }
}

async fn check(store: &Open, expected: &Expected) {
    let there: BTreeMap<String, i64> =
        store.lots_in("LON").await.into_iter().map(|lot| (lot.lot, lot.on_hand.parts())).collect();
    for (lot, left) in LOTS.iter().zip(expected.lots) {
        let left = Quantity::whole(left).parts();
        assert_eq!(there.get(lot.0).copied().unwrap_or_default(), left, "{}", lot.0);
    }
    let level = store.inventory.level(&store.owner, "LON", "CUP").await.expect("readable");
    assert_eq!(level.map(|level| level.on_hand).unwrap_or_default(), Quantity::whole(expected.total()));
}

#[tokio::test(flavor = "multi_thread")]
async fn lots_are_what_a_model_says() {
    play_on_each(12, async |db, mut runner, sequences| {
        let store = Open::with_lots(db).await;
        let mut expected = Expected::default();
        for _ in 0..sequences {
            for step in steps().new_tree(&mut runner).expect("a sequence").current() {
                store.along(play(&store, &mut expected, step.clone())).await;
                check(&store, &expected).await;
                store.stepped().await;
            }
            store.assert_sound().await;
        }
        store.close().await;
    })
    .await;
}

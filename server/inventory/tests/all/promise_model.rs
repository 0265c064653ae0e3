//! Random promises and facts, right and wrong ones: at no commit does a promise take more than there is, on both engines.

use crate::common::{Open, SKUS, line, open, play_on_each, receipt, sale};
use crate::kept::{end_in, in_days};
use crate::promise::{hand_over, hold, order};
use ::model::{
    Cancelling, Channel, Error, HandOver, HoldKind, NewEnd, NewHold, NewReversal, Order, PaperId, Pick, Picking,
    PostingId, PromisePolicy, Quantity, ReservationId, Time,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use std::cell::Cell;

type Lines = Vec<(usize, i64)>;

#[derive(Clone, Debug)]
enum Step {
    /// Keeps goods, some of them for a moment only: put aside in the store, or in a cart over the web.
    Hold(Lines, bool, Channel),
    Release(usize),
    Extend(usize),
    Wait,
    Sell(Lines),
    SellOnline(Lines),
    Receive(Lines),
    /// Its goods are kept so many days, or without an end.
    Order(Lines, Channel, Option<i64>),
    KeepUntil(usize, Option<i64>),
    Confirm(usize),
    Pick(usize, usize, i64),
    /// Hands over what is picked, or so many of a line.
    HandOver(usize, Option<(i64, i64)>),
    RepeatHandOver,
    UndoHandOver,
    Cancel(usize, Option<i64>),
    Close(usize),
    Keep,
    /// By a clock that is so many days ahead.
    KeepAsOf(i64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let lines = || prop::collection::vec((0..3_usize, 1..6_i64), 1..4);
    let ago = || 0..4_usize;
    let days = || prop::option::of(0..4_i64);
    let channel = || prop::sample::select(&Channel::ALL[..]);
    let step = prop_oneof![
        4 => (lines(), any::<bool>(), channel()).prop_map(|(lines, short, over)| Step::Hold(lines, short, over)),
        2 => ago().prop_map(Step::Release),
        1 => ago().prop_map(Step::Extend),
        1 => Just(Step::Wait),
        2 => lines().prop_map(Step::Sell),
        1 => lines().prop_map(Step::SellOnline),
        4 => lines().prop_map(Step::Receive),
        4 => (lines(), channel(), days()).prop_map(|(lines, through, days)| Step::Order(lines, through, days)),
        2 => (ago(), days()).prop_map(|(order, days)| Step::KeepUntil(order, days)),
        1 => ago().prop_map(Step::Confirm),
        3 => (ago(), 1..4_usize, 0..6_i64).prop_map(|(order, line, size)| Step::Pick(order, line, size)),
        4 => (ago(), prop::option::of((1..4_i64, 1..6_i64))).prop_map(|(order, part)| Step::HandOver(order, part)),
        1 => Just(Step::RepeatHandOver),
        2 => Just(Step::UndoHandOver),
        2 => (ago(), prop::option::of(1..4_i64)).prop_map(|(order, line)| Step::Cancel(order, line)),
        1 => ago().prop_map(Step::Close),
        2 => Just(Step::Keep),
        1 => (1..4_i64).prop_map(Step::KeepAsOf),
    ];
    prop::collection::vec(step, 5..30)
}

/// Of each item: what may be promised in the store, and over the web, where that is another.
type Policies = [(PromisePolicy, Option<PromisePolicy>); 3];

fn policies() -> impl Strategy<Value = Policies> {
    let policy = || prop::sample::select(&PromisePolicy::ALL[..]);
    prop::array::uniform3((policy(), prop::option::of(policy())))
}

fn policy(of: (PromisePolicy, Option<PromisePolicy>), over: Channel) -> PromisePolicy {
    if over == Channel::Web { of.1.unwrap_or(of.0) } else { of.0 }
}

/// What was done so far, and what is on hand by it, in whole units.
#[derive(Default)]
struct Played {
    policies: Policies,
    on_hand: [i64; 3],
    held: Vec<ReservationId>,
    orders: Vec<(PaperId, Channel)>,
    handed: Option<(PaperId, HandOver, Order)>,
    promised: usize,
    refused: usize,
    left: usize,
    undone: usize,
    lapsed: usize,
}

fn texts(of: &Lines) -> Vec<(&'static str, String)> {
    of.iter().map(|(item, size)| (SKUS[*item], size.to_string())).collect()
}

fn pairs<'a>(of: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    of.iter().map(|(sku, size)| (*sku, size.as_str())).collect()
}

impl Step {
    /// Looks at nothing that was there before, and so may be done at once with another.
    fn is_new(&self) -> bool {
        matches!(self, Self::Hold(..) | Self::Sell(_) | Self::SellOnline(_) | Self::Receive(_) | Self::Order(..))
    }

    /// Compares the whole before and after.
    fn is_alone(&self) -> bool {
        matches!(self, Self::Keep | Self::KeepAsOf(_) | Self::RepeatHandOver)
    }
}

impl Played {
    fn order(&self, ago: usize) -> Option<PaperId> {
        self.orders.iter().rev().nth(ago).map(|(id, _)| *id)
    }

    /// A fact may take what is promised. A promise may exceed what is there by the policy of its channel: an order that
    /// may wait does not. Nothing else may.
    fn may_lower(&self, step: &Step, item: usize) -> bool {
        let of = |over: Channel| policy(self.policies[item], over);
        let order = |through: Channel| of(through) == PromisePolicy::Warn;
        match step {
            Step::Sell(_) => true,
            Step::Hold(_, _, over) => of(*over) != PromisePolicy::Forbid,
            Step::SellOnline(_) => of(Channel::Web) != PromisePolicy::Forbid,
            Step::Order(_, through, _) => order(*through),
            Step::Confirm(ago) => self.orders.iter().rev().nth(*ago).is_some_and(|(_, through)| order(*through)),
            _ => false,
        }
    }

    /// What was done at the same time is done too.
    fn also(&mut self, other: Self) {
        self.on_hand.iter_mut().zip(other.on_hand).for_each(|(there, more)| *there += more);
        self.held.extend(other.held);
        self.orders.extend(other.orders);
        self.promised += other.promised;
        self.refused += other.refused;
    }

    fn took(&mut self, before: &Order, after: &Order) {
        for (before, after) in before.lines.iter().zip(&after.lines) {
            let gone = after.fulfilled.parts() - before.fulfilled.parts();
            let item = SKUS.iter().position(|sku| *sku == after.sku).expect("one of ours");
            self.on_hand[item] -= gone / Quantity::ONE;
        }
    }

    /// What went wrong is something that a caller can do something about.
    fn told<T>(&mut self, answer: Result<T, Error>) -> Option<T> {
        match answer {
            Ok(done) => {
                self.promised += 1;
                Some(done)
            }
            Err(Error::Refused(_) | Error::Invalid(_) | Error::Conflict(_)) => {
                self.refused += 1;
                None
            }
            Err(error) => panic!("{error:?}"),
        }
    }
}

async fn available(store: &Open) -> [i64; 3] {
    let mut all = [0; 3];
    for (at, sku) in SKUS.into_iter().enumerate() {
        let level = store.inventory.level(&store.owner, "LON", sku).await.expect("readable");
        all[at] = level.map_or(0, |row| row.available.parts());
    }
    all
}

async fn play(store: &Open, played: &mut Played, step: Step) {
    let (inventory, owner) = (&store.inventory, &store.owner);
    let documents = |of: &Lines| of.iter().map(|(item, size)| line(SKUS[*item], &size.to_string())).collect::<Vec<_>>();
    match step {
        Step::Hold(of, short, over) => {
            let of = texts(&of);
            let end = Time::from_micros(Time::now().micros() + 3_000);
            let kind = if over == Channel::Web { HoldKind::Cart } else { HoldKind::Hold };
            let new = NewHold { kind, expires_at: short.then_some(end), ..hold(&pairs(&of)) };
            // Another moment, and it is too late to ask for it.
            let answer = if short {
                inventory.hold(owner, new).await
            } else {
                store.insist(async || inventory.hold(owner, new.clone()).await).await
            };
            if let Some(held) = played.told(answer) {
                played.held.extend(held.reservations.iter().map(|one| one.id));
            }
        }
        Step::Release(ago) => {
            if let Some(id) = played.held.iter().rev().nth(ago).copied() {
                played.told(inventory.release(owner, id).await);
            }
        }
        Step::Extend(ago) => {
            if let Some(id) = played.held.iter().rev().nth(ago).copied() {
                let end = NewEnd { expires_at: Time::now().plus_seconds(600) };
                played.told(inventory.extend(owner, id, end).await);
            }
        }
        Step::Wait => tokio::time::sleep(std::time::Duration::from_millis(4)).await,
        Step::Sell(of) => {
            let new = sale(documents(&of));
            store
                .insist(async || inventory.post_sale(owner, new.clone()).await)
                .await
                .expect("a fact is never refused");
            of.iter().for_each(|(item, size)| played.on_hand[*item] -= size);
        }
        Step::SellOnline(of) => {
            let mut new = sale(documents(&of));
            new.channel = Channel::Web;
            if played.told(store.insist(async || inventory.post_sale(owner, new.clone()).await).await).is_some() {
                of.iter().for_each(|(item, size)| played.on_hand[*item] -= size);
            }
        }
        Step::Receive(of) => {
            let new = receipt(documents(&of));
            store.insist(async || inventory.post_receipt(owner, new.clone()).await).await.expect("received");
            of.iter().for_each(|(item, size)| played.on_hand[*item] += size);
        }
        Step::Order(of, through, days) => {
            let of = texts(&of);
            let mut new = order(&pairs(&of));
            (new.content.channel, new.content.kept_until) = (through, days.map(in_days));
            let drafted = store.insist(async || inventory.add_order(owner, new.clone()).await).await.expect("drafted");
            played.orders.push((drafted.id, through));
            played.told(inventory.confirm_order(owner, drafted.id, Some(drafted.version)).await);
        }
        Step::Keep => {
            inventory.keep_promises_once().await.expect("kept");
        }
        Step::KeepAsOf(days) => {
            let now = end_in(days - 1);
            let mut due = Vec::new();
            // Of all that a long run writes only the latest are looked at here; `verify` looks at the others.
            for (id, _) in played.orders.iter().rev().take(8) {
                let order = inventory.order(owner, *id).await.expect("readable").data;
                let open = ["confirmed", "picking", "partly_fulfilled"].contains(&order.state.as_str());
                // Days are told apart as their texts are.
                let over = order.kept_until.as_ref().is_some_and(|day| *day < in_days(days));
                due.push((*id, open, open && over));
            }
            inventory.keep_promises_as_of(now).await.expect("kept");
            for (id, was_open, over) in due {
                let order = inventory.order(owner, id).await.expect("readable").data;
                let open = ["confirmed", "picking", "partly_fulfilled"].contains(&order.state.as_str());
                assert_eq!(open, was_open && !over, "{order:?}");
                played.lapsed += usize::from(over);
            }
        }
        other => step_of_order(store, played, other).await,
    }
}

/// Plays a step, and at once with it the other, if there is one.
async fn play_both(store: &Open, played: &mut Played, (step, other): (Step, Option<Step>)) {
    let Some(other) = other else { return play(store, played, step).await };
    let mut beside = Played::default();
    tokio::join!(Box::pin(play(store, played, step)), Box::pin(play(store, &mut beside, other)));
    played.also(beside);
}

async fn step_of_order(store: &Open, played: &mut Played, step: Step) {
    let (inventory, owner) = (&store.inventory, &store.owner);
    let read = async |id| inventory.order(owner, id).await.expect("readable").data;
    match step {
        Step::Confirm(ago) => {
            let Some(id) = played.order(ago) else { return };
            played.told(inventory.confirm_order(owner, id, None).await);
        }
        Step::Pick(ago, line, size) => {
            let Some(id) = played.order(ago) else { return };
            let before = read(id).await.lines.get(line - 1).map(|line| line.picked).unwrap_or_default();
            let line = i64::try_from(line).expect("small");
            let picking = Picking { lines: vec![Pick { line, before, picked: Quantity::whole(size) }] };
            played.told(inventory.pick_order(owner, id, picking).await);
        }
        Step::HandOver(ago, part) => {
            let Some(id) = played.order(ago) else { return };
            let before = read(id).await;
            let size = part.map(|(line, size)| (line, size.to_string()));
            let parts: Vec<_> = size.iter().map(|(line, size)| (*line, size.as_str())).collect();
            let new = hand_over(&parts);
            if let Some(after) =
                played.told(store.insist(async || inventory.hand_over(owner, id, None, new.clone()).await).await)
            {
                played.took(&before, &after);
                played.left += 1;
                played.handed = Some((id, new, after));
            }
        }
        Step::RepeatHandOver => {
            let Some((id, new, _)) = played.handed.clone() else { return };
            let before = read(id).await;
            assert_eq!(inventory.hand_over(owner, id, None, new).await, Ok(before), "they leave once");
        }
        Step::UndoHandOver => {
            let Some((id, HandOver { id: posting, .. }, _)) = played.handed.take() else { return };
            let before = read(id).await;
            let undo = NewReversal { id: PostingId::new(), reason: None };
            store
                .insist(async || inventory.reverse(owner, posting, undo.clone()).await)
                .await
                .expect("the last one is not undone");
            let after = read(id).await;
            assert!(after.lines.iter().any(|line| line.reserved > Quantity::ZERO || line.backordered > Quantity::ZERO));
            played.took(&before, &after);
            played.undone += 1;
        }
        Step::Cancel(ago, line) => {
            let Some(id) = played.order(ago) else { return };
            let cancelling = Cancelling { lines: line.into_iter().collect() };
            played.told(inventory.cancel_order(owner, id, None, cancelling).await);
        }
        Step::KeepUntil(ago, days) => {
            let Some(id) = played.order(ago) else { return };
            played.told(store.keep_until(id, None, days).await);
        }
        Step::Close(ago) => {
            let Some(id) = played.order(ago) else { return };
            played.told(inventory.close_order(owner, id, None).await);
        }
        _ => unreachable!("the others are no steps of orders"),
    }
}

async fn check(store: &Open, played: &Played) {
    let open = store.inventory.exceptions(&store.owner, "LON", None).await.expect("readable").data;
    for (at, sku) in SKUS.into_iter().enumerate() {
        let Some(level) = store.inventory.level(&store.owner, "LON", sku).await.expect("readable") else { continue };
        assert_eq!(level.on_hand, Quantity::whole(played.on_hand[at]), "{sku}");
        assert!(!level.reserved.is_negative(), "{sku}");
        let told = open.iter().any(|open| open.exception.sku == sku && open.exception.kind == "oversold");
        let oversold = level.reserved > Quantity::ZERO && level.on_hand < level.reserved;
        // Where all channels allow it nobody is told.
        let oversold =
            oversold && Channel::ALL.iter().any(|over| policy(played.policies[at], *over) != PromisePolicy::Allow);
        assert_eq!(told, oversold, "{sku}: {level:?}");
    }
    store.assert_sound().await;
}

#[tokio::test]
async fn no_interleaving_promises_more_than_there_is() {
    let played_so_far = Cell::new([0_usize; 5]);
    play_on_each(12, async |db, mut runner, sequences| {
        let store = open(db).await;
        let policies = policies().new_tree(&mut runner).expect("policies can be made").current();
        for (sku, (here, web)) in SKUS.into_iter().zip(policies) {
            store.policy(sku, here).await;
            store.web_policy(sku, web).await;
        }
        let mut played = Played { policies, ..Played::default() };
        for _ in 0..sequences {
            let steps = steps().new_tree(&mut runner).expect("steps can be made").current();
            let mut steps = steps.into_iter().peekable();
            while let Some(step) = steps.next() {
                let paired = store.is_paired() && !step.is_alone();
                let step = (step, if paired { steps.next_if(Step::is_new) } else { None });
                let before = available(&store).await;
                let both = || std::iter::once(&step.0).chain(&step.1);
                let strict: Vec<usize> =
                    (0..3).filter(|item| !both().any(|step| played.may_lower(step, *item))).collect();
                store.along(play_both(&store, &mut played, step.clone())).await;
                store.stepped().await;
                let after = available(&store).await;
                for item in strict {
                    assert!(
                        after[item] >= 0 || after[item] >= before[item],
                        "{step:?} took {} to {after:?}",
                        SKUS[item]
                    );
                }
            }
            check(&store, &played).await;
        }
        let more = [played.promised, played.refused, played.left, played.undone, played.lapsed];
        played_so_far.update(|sums| std::array::from_fn(|at| sums[at] + more[at]));
        assert_eq!(store.inventory.rebuild(&store.owner).await, Ok(0), "a rebuild changes nothing");
        check(&store, &played).await;
        store.close().await;
    })
    .await;
    let [promised, refused, handed, undone, lapsed] = played_so_far.get();
    assert!(
        promised > 100 && refused > 100 && handed > 30 && undone > 1 && lapsed > 20,
        "{promised} promised, {refused} refused, {handed} handed over, {undone} of them undone, {lapsed} let go"
    );
}

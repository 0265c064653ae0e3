//! Random steps of purchase orders against a model of a few lines: wrong ones are refused, right ones count once, and the
//! whole is sound after each sequence, on both engines.

use crate::buying::{colleague, draft, order, supplier};
use crate::common::{Open, limit_of, open, play_on_each};
use ::model::{
    Actor, Error, NewReceipt, NewReversal, PaperId, PaperKind, PostingId, Purchase, PurchaseState, Quantity, Receipt,
    Refusal, Result, Reused, Role, Supplier,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

const ITEMS: [&str; 3] = ["CUP", "MUG", "PLATE"];
/// Above it somebody else approves.
const LIMIT: i64 = 8;

/// Somebody does something to the order so many orders ago; `stale` names a version that has passed.
#[derive(Clone, Debug)]
enum Step {
    Write(Vec<(usize, i64)>),
    Change(Vec<(usize, i64)>),
    Submit,
    Approve,
    Reject,
    Send,
    Cancel,
    Close(bool),
    Receive(Vec<(usize, i64)>, Option<(usize, i64)>),
    /// Whichever step comes next.
    On,
    /// Undoes the delivery so many deliveries ago.
    Undo(usize),
    /// Sends the last delivery again.
    Again,
}

#[derive(Clone, Debug)]
struct Command {
    who: usize,
    ago: usize,
    stale: bool,
    step: Step,
}

fn commands() -> impl Strategy<Value = Vec<Command>> {
    // Each item once in an order.
    let wanted = || prop::collection::btree_map(0..3_usize, 1..9_i64, 1..3).prop_map(|map| map.into_iter().collect());
    let step = prop_oneof![
        1 => wanted().prop_map(Step::Write),
        1 => wanted().prop_map(Step::Change),
        9 => Just(Step::On),
        2 => Just(Step::Submit),
        3 => Just(Step::Approve),
        1 => Just(Step::Reject),
        2 => Just(Step::Send),
        1 => Just(Step::Cancel),
        3 => any::<bool>().prop_map(Step::Close),
        8 => (prop::collection::vec((0..3_usize, 1..7_i64), 1..4), prop::option::of((0..3_usize, 1..4_i64)))
            .prop_map(|(taken, left)| Step::Receive(taken, left)),
        2 => (0..3_usize).prop_map(Step::Undo),
        1 => Just(Step::Again),
    ];
    let who = prop_oneof![3 => Just(0_usize), 3 => Just(1), 1 => Just(EMPLOYEE)];
    let command = (who, prop_oneof![4 => Just(0_usize), 1 => Just(1)], prop::bool::weighted(0.1), step);
    let command = command.prop_map(|(who, ago, stale, step)| Command { who, ago, stale, step });
    prop::collection::vec(command, 1..60)
}

/// An order as it should be: `(ordered, received, rejected)` by item.
struct Expected {
    id: PaperId,
    number: String,
    state: PurchaseState,
    version: i64,
    lines: BTreeMap<usize, (i64, i64, i64)>,
    author: usize,
    writers: Vec<usize>,
    stepper: usize,
}

impl Expected {
    fn value(&self) -> i64 {
        self.lines.values().map(|line| line.0).sum()
    }

    fn counted(&self) -> PurchaseState {
        if self.lines.values().all(|line| line.1 == 0 && line.2 == 0) {
            PurchaseState::Sent
        } else if self.lines.values().all(|line| line.1 >= line.0) {
            PurchaseState::Received
        } else {
            PurchaseState::PartlyReceived
        }
    }

    fn went(&mut self, state: PurchaseState, who: usize) {
        (self.state, self.version, self.stepper) = (state, self.version + 1, who);
    }

    fn wrong(&self) -> Error {
        Refusal::WrongState { state: self.state.name().into() }.into()
    }
}

/// A delivery that was booked in: by item what was taken and what was not.
struct Delivered {
    order: usize,
    receipt: Receipt,
    sent: NewReceipt,
    counts: BTreeMap<usize, (i64, i64)>,
    undone: bool,
}

struct World<'a> {
    store: &'a Open,
    /// A manager, another one, and an employee.
    people: [Actor; 3],
    supplier: Supplier,
    orders: Vec<Expected>,
    deliveries: Vec<Delivered>,
    stock: BTreeMap<usize, i64>,
    /// How many commands did something.
    done: usize,
}

const EMPLOYEE: usize = 2;

fn wanted(of: &[(usize, i64)]) -> Vec<(&'static str, String, &'static str)> {
    of.iter().map(|(item, size)| (ITEMS[*item], size.to_string(), "1")).collect()
}

fn told<'a>(of: &'a [(&'static str, String, &'static str)]) -> Vec<(&'a str, &'a str, &'a str)> {
    of.iter().map(|(sku, size, cost)| (*sku, size.as_str(), *cost)).collect()
}

fn bare(of: &[(usize, i64)]) -> BTreeMap<usize, (i64, i64, i64)> {
    of.iter().map(|(item, size)| (*item, (*size, 0, 0))).collect()
}

impl World<'_> {
    async fn play(&mut self, command: Command) {
        let Command { who, ago, stale, step } = command;
        if let Step::Write(of) = &step {
            return self.write(who, of).await;
        }
        let Some(at) = self.orders.len().checked_sub(ago + 1) else { return };
        match step {
            Step::Write(_) => {}
            Step::Receive(taken, left) => self.receive(who, at, &taken, left).await,
            Step::On => {
                let step = match self.orders[at].state {
                    PurchaseState::Draft => Step::Submit,
                    PurchaseState::Submitted => Step::Approve,
                    PurchaseState::Approved => Step::Send,
                    PurchaseState::Received => Step::Close(false),
                    _ => return,
                };
                self.step(who, at, stale, step).await;
            }
            Step::Undo(ago) => self.undo(ago).await,
            Step::Again => {
                if let Some(last) = self.deliveries.last() {
                    let again = self.store.inventory.post_receipt(&self.people[0], last.sent.clone()).await;
                    assert_eq!(again.as_ref(), Ok(&last.receipt), "it counts once");
                }
            }
            step => self.step(who, at, stale, step).await,
        }
    }

    async fn write(&mut self, who: usize, of: &[(usize, i64)]) {
        let lines = wanted(of);
        let new = order(&self.supplier, &told(&lines));
        let answer =
            self.store.insist(async || self.store.inventory.add_purchase(&self.people[who], new.clone()).await).await;
        if who == EMPLOYEE {
            assert!(matches!(answer, Err(Error::Forbidden(_))));
            return;
        }
        let written = answer.expect("written");
        let (id, state, lines) = (new.id, PurchaseState::Draft, bare(of));
        self.orders.push(Expected {
            id,
            number: written.number,
            state,
            version: 1,
            lines,
            author: who,
            writers: Vec::new(),
            stepper: who,
        });
        self.done += 1;
    }

    async fn step(&mut self, who: usize, at: usize, stale: bool, step: Step) {
        use PurchaseState::*;
        let (inventory, actor) = (&self.store.inventory, &self.people[who]);
        let order = &mut self.orders[at];
        let seen = Some(if stale { order.version - 3 } else { order.version });
        let answer = match &step {
            Step::Change(of) => {
                let lines = wanted(of);
                inventory.change_purchase(actor, order.id, seen, draft(&self.supplier, &told(&lines))).await
            }
            Step::Submit => inventory.submit_purchase(actor, order.id, seen).await,
            Step::Approve => inventory.approve_purchase(actor, order.id, seen).await,
            Step::Reject => inventory.reject_purchase(actor, order.id, seen, "no").await,
            Step::Send => inventory.send_purchase(actor, order.id, seen).await,
            Step::Cancel => inventory.cancel_purchase(actor, order.id, seen, None).await,
            Step::Close(reason) => inventory.close_purchase(actor, order.id, seen, reason.then_some("short")).await,
            other => panic!("no step of its own: {other:?}"),
        };
        if who == EMPLOYEE {
            assert!(matches!(answer, Err(Error::Forbidden(_))), "{answer:?}");
            return;
        }
        if stale {
            assert_eq!(answer, Err(Error::Conflict(Reused::Version)));
            return;
        }
        let value = order.value();
        let target = match (&step, order.state) {
            (Step::Change(of), Draft) if order.lines == bare(of) => {
                assert_eq!(answer.expect("as it is").version, order.version);
                return;
            }
            (Step::Change(_), Draft | Rejected) => Ok(Draft),
            (Step::Submit, Draft) => Ok(if value > LIMIT { Submitted } else { Approved }),
            (Step::Approve, Submitted) if who == order.author || order.writers.contains(&who) => {
                Err(Refusal::OwnWork.into())
            }
            (Step::Approve, Submitted) => Ok(Approved),
            (Step::Reject, Submitted) => Ok(Rejected),
            (Step::Send, Approved) => Ok(Sent),
            (Step::Cancel, Draft | Submitted | Approved | Sent | Rejected) => Ok(Cancelled),
            (Step::Close(_), Received) => Ok(Closed),
            (Step::Close(true), PartlyReceived) => Ok(ClosedShort),
            (Step::Close(false), PartlyReceived) => {
                assert!(matches!(answer, Err(Error::Invalid(_))), "{answer:?}");
                return;
            }
            _ => Err(order.wrong()),
        };
        self.check(who, at, step, target, answer);
    }

    fn check(&mut self, who: usize, at: usize, step: Step, target: Result<PurchaseState>, answer: Result<Purchase>) {
        let order = &mut self.orders[at];
        match target {
            Ok(target) => {
                let done = answer.unwrap_or_else(|error| panic!("{step:?} of {:?}: {error}", order.state));
                assert_eq!((done.state, done.version), (target, order.version + 1), "{step:?}");
                if let Step::Change(of) = &step {
                    order.lines = bare(of);
                    order.writers.push(who);
                }
                order.went(target, who);
                self.done += 1;
            }
            Err(error) => assert_eq!(answer, Err(error), "{step:?} of {:?}", order.state),
        }
    }

    async fn receive(&mut self, who: usize, at: usize, taken: &[(usize, i64)], left: Option<(usize, i64)>) {
        let order = &mut self.orders[at];
        let line = |(item, size): &(usize, i64)| model_line(*item, *size);
        let left = left.filter(|(item, _)| order.lines.contains_key(item));
        let sent = NewReceipt {
            lots: Vec::new(),
            order: Some(order.id),
            rejected: left.iter().map(|(item, size)| not_taken(*item, *size)).collect(),
            ..crate::common::receipt(taken.iter().map(line).collect())
        };
        let answer =
            self.store.insist(async || self.store.inventory.post_receipt(&self.people[who], sent.clone()).await).await;
        if !matches!(order.state, PurchaseState::Sent | PurchaseState::PartlyReceived | PurchaseState::Received) {
            assert_eq!(answer, Err(order.wrong()));
            return;
        }
        let mut counts: BTreeMap<usize, (i64, i64)> = BTreeMap::new();
        taken.iter().for_each(|(item, size)| counts.entry(*item).or_default().0 += size);
        left.iter().for_each(|(item, size)| counts.entry(*item).or_default().1 += size);
        let over = |(item, count): (&usize, &(i64, i64))| {
            order.lines.get(item).is_some_and(|line| line.0 > 0 && line.1 + count.0 > line.0 && count.0 > 0)
        };
        if who == EMPLOYEE && counts.iter().any(over) {
            assert!(matches!(answer, Err(Error::Refused(Refusal::OverOrdered { .. }))), "{answer:?}");
            return;
        }
        let receipt = answer.expect("booked in");
        for (item, count) in &counts {
            let line = order.lines.entry(*item).or_default();
            (line.1, line.2) = (line.1 + count.0, line.2 + count.1);
            if count.0 > 0 {
                *self.stock.entry(*item).or_default() += count.0;
            }
        }
        order.went(order.counted(), who);
        self.deliveries.push(Delivered { order: at, receipt, sent, counts, undone: false });
        self.done += 1;
    }

    async fn undo(&mut self, ago: usize) {
        let Some(at) = self.deliveries.len().checked_sub(ago + 1) else { return };
        let delivered = &mut self.deliveries[at];
        let new = NewReversal { id: PostingId::new(), reason: None };
        let (store, by) = (self.store, &self.people[1]);
        let undo = async || store.inventory.reverse(by, delivered.receipt.id, new.clone()).await;
        let answer = store.insist(undo).await;
        if delivered.undone {
            assert_eq!(answer, Err(Refusal::AlreadyReversed.into()));
            return;
        }
        answer.expect("undone");
        delivered.undone = true;
        let order = &mut self.orders[delivered.order];
        for (item, count) in &delivered.counts {
            let line = order.lines.entry(*item).or_default();
            (line.1, line.2) = (line.1 - count.0, line.2 - count.1);
            self.stock.entry(*item).and_modify(|size| *size -= count.0);
        }
        order.lines.retain(|_, line| *line != (0, 0, 0));
        let short = order.state == PurchaseState::ClosedShort;
        order.went(if short { order.state } else { order.counted() }, 1);
        self.done += 1;
    }

    /// Every order, every level and the whole ledger are as they should be.
    async fn compare(&self) {
        for order in &self.orders {
            let kept = self.store.inventory.purchase(&self.people[0], order.id).await.expect("it is there").data;
            assert_eq!((kept.state, kept.version), (order.state, order.version), "{}", order.number);
            let lines: BTreeMap<usize, (i64, i64, i64)> = kept.lines.iter().map(counted).collect();
            assert_eq!(lines, order.lines, "{}", order.number);
        }
        for (item, size) in &self.stock {
            assert_eq!(self.store.level(ITEMS[*item]).await.on_hand, Quantity::whole(*size));
        }
        self.store.assert_sound().await;
    }
}

fn model_line(item: usize, size: i64) -> ::model::NewLine {
    ::model::NewLine {
        sku: ITEMS[item].into(),
        quantity: Quantity::whole(size),
        unit_price: None,
        lot: None,
        serials: Vec::new(),
    }
}

fn not_taken(item: usize, size: i64) -> ::model::NotTaken {
    ::model::NotTaken { sku: ITEMS[item].into(), quantity: Quantity::whole(size), reason: "damaged".into() }
}

fn counted(line: &::model::PurchaseLine) -> (usize, (i64, i64, i64)) {
    let item = ITEMS.iter().position(|sku| *sku == line.sku).expect("one of ours");
    let whole = |size: Quantity| size.parts() / Quantity::ONE;
    (item, (whole(line.ordered), whole(line.received), whole(line.rejected)))
}

#[tokio::test]
async fn any_sequence_of_steps_leaves_orders_and_stock_as_the_model_says() {
    let (reached, done, undone) = (RefCell::new(Vec::new()), Cell::new(0), Cell::new(0));
    play_on_each(25, async |db, mut runner, sequences| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let limit = Some(::model::Money::from_parts(LIMIT * 1_000_000));
        inventory.change_rules(owner, "LON", limit_of(PaperKind::PurchaseOrder, limit)).await.expect("set");
        let supplier = inventory.add_supplier(owner, supplier("ACME", "0")).await.expect("added");
        let mark = store.someone(Role::Manager).await;
        let people = [mark.clone(), colleague(&mark, "mia"), store.someone(Role::Employee).await];
        let (orders, deliveries, stock) = (Vec::new(), Vec::new(), BTreeMap::new());
        let mut world = World { store: &store, people, supplier, orders, deliveries, stock, done: 0 };
        for _ in 0..sequences {
            for command in commands().new_tree(&mut runner).expect("commands can be made").current() {
                store.along(world.play(command)).await;
                store.stepped().await;
            }
            world.compare().await;
        }
        reached.borrow_mut().extend(world.orders.iter().map(|order| order.state));
        done.update(|done| done + world.done);
        undone.update(|undone| undone + world.deliveries.iter().filter(|one| one.undone).count());
        drop(world);
        store.close().await;
    })
    .await;
    let ended = [PurchaseState::Closed, PurchaseState::ClosedShort];
    assert!(ended.iter().all(|state| reached.borrow().contains(state)), "orders come to their end");
    assert!(done.get() > 500, "{} commands did something", done.get());
    assert!(undone.get() > 0, "some deliveries were undone");
}

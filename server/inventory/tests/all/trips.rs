//! Random steps of transfers against a model of a few lines: nothing is lost on the way, on both engines.

use crate::common::{Open, SKUS, line, play_on_each, receipt};
use crate::transfers::{step, to_paris};
use model::{
    Amount, Error, Goods, NewReversal, NewTransferStep, PaperId, PostingId, Quantity, Refusal, Reused, TransferState,
    TransferStep,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use std::cell::{Cell, RefCell};
use std::collections::HashSet;

#[derive(Clone, Debug)]
enum Play {
    Open(Vec<(usize, i64)>),
    Lines(usize, usize, i64),
    Take(usize, Doing),
    /// Sends the last step again.
    Repeat,
    /// Looks at an old version.
    Stale(usize),
    Receive(usize, i64),
    /// What was lost last is not.
    Found,
}

#[derive(Clone, Debug)]
enum Doing {
    Approve,
    Dispatch,
    Arrive(usize, i64, bool),
    ArriveAll,
    Settle(Goods),
    /// So many of one item.
    SettleSome(Goods, usize, i64),
    Cancel(Option<Goods>),
    Close,
}

fn plays() -> impl Strategy<Value = Vec<Play>> {
    let goods = || prop_oneof![Just(Goods::Home), Just(Goods::WrittenOff)];
    let doing = prop_oneof![
        1 => Just(Doing::Approve),
        5 => Just(Doing::Dispatch),
        9 => (0..3_usize, 1..60_000_i64, any::<bool>()).prop_map(|(item, size, last)| Doing::Arrive(item, size, last)),
        2 => Just(Doing::ArriveAll),
        2 => goods().prop_map(Doing::Settle),
        4 => (goods(), 0..3_usize, 1..60_000_i64).prop_map(|(goods, item, size)| Doing::SettleSome(goods, item, size)),
        2 => prop::option::of(goods()).prop_map(Doing::Cancel),
        1 => Just(Doing::Close),
    ];
    let play = prop_oneof![
        3 => prop::collection::vec((0..3_usize, 50_000..200_000_i64), 1..4).prop_map(Play::Open),
        1 => (0..4_usize, 0..3_usize, 0..500_000_i64).prop_map(|(at, item, size)| Play::Lines(at, item, size)),
        12 => (0..3_usize, doing).prop_map(|(at, doing)| Play::Take(at, doing)),
        1 => Just(Play::Repeat),
        1 => (0..4_usize).prop_map(Play::Stale),
        2 => (0..3_usize, 1..500_000_i64).prop_map(|(item, size)| Play::Receive(item, size)),
        2 => Just(Play::Found),
    ];
    prop::collection::vec(play, 10..40)
}

/// A transfer as the model has it: per item asked, shipped, received, returned, lost.
struct Expected {
    id: PaperId,
    state: TransferState,
    lines: [[i64; 5]; 3],
}

impl Expected {
    fn on_the_way(&self, item: usize) -> i64 {
        let [_, shipped, received, returned, lost] = self.lines[item];
        shipped - received - returned - lost
    }

    fn left(&self) -> i64 {
        (0..3).map(|item| self.on_the_way(item)).sum()
    }

    fn arrived(&self) -> bool {
        self.lines.iter().any(|line| line[2] > 0)
    }
}

#[derive(Default)]
struct World {
    transfers: Vec<Expected>,
    london: [i64; 3],
    paris: [i64; 3],
    last: Option<(PaperId, NewTransferStep)>,
    /// What was said to be lost: of which transfer, by which posting, and how many of each item.
    lost: Vec<(PaperId, PostingId, [i64; 3])>,
    found: usize,
    seen: HashSet<TransferState>,
}

impl World {
    /// What the step does in the model; `false` when it must be refused, and then nothing is changed.
    fn takes(&mut self, at: usize, doing: &Doing) -> bool {
        use TransferState::{Approved, Cancelled, Closed, Draft, InTransit, PartlyReceived, Received, Short};
        let (london, paris, trip) = (&mut self.london, &mut self.paris, &mut self.transfers[at]);
        match (doing, trip.state) {
            (Doing::Approve, Draft) if trip.lines.iter().any(|line| line[0] > 0) => trip.state = Approved,
            (Doing::Dispatch, Draft | Approved) => {
                let asked = trip.lines.map(|line| line[0]);
                if asked == [0; 3] || (0..3).any(|item| asked[item] > 0 && asked[item] > london[item]) {
                    return false;
                }
                for item in 0..3 {
                    trip.lines[item][1] = asked[item];
                    london[item] -= asked[item];
                }
                trip.state = InTransit;
            }
            (Doing::Arrive(item, size, last), InTransit | PartlyReceived | Short) => {
                if *size > trip.on_the_way(*item) {
                    return false;
                }
                trip.lines[*item][2] += size;
                paris[*item] += size;
                trip.state = match (trip.left(), last) {
                    (0, _) => Received,
                    (_, true) => Short,
                    _ => PartlyReceived,
                };
            }
            (Doing::ArriveAll, InTransit | PartlyReceived | Short) => {
                for (item, there) in paris.iter_mut().enumerate() {
                    let rest = trip.on_the_way(item);
                    trip.lines[item][2] += rest;
                    *there += rest;
                }
                trip.state = Received;
            }
            (Doing::Settle(goods), PartlyReceived | Short) => trip.end(*goods, london, Received),
            (Doing::SettleSome(goods, item, size), PartlyReceived | Short) => {
                if *size > trip.on_the_way(*item) {
                    return false;
                }
                match goods {
                    Goods::Home => {
                        trip.lines[*item][3] += size;
                        london[*item] += size;
                    }
                    Goods::WrittenOff => trip.lines[*item][4] += size,
                }
                if trip.left() == 0 {
                    trip.state = Received;
                }
            }
            (Doing::Cancel(_), Draft | Approved) => trip.state = Cancelled,
            (Doing::Cancel(Some(goods)), InTransit | Short) if !trip.arrived() => trip.end(*goods, london, Cancelled),
            (Doing::Close, Received) => trip.state = Closed,
            _ => return false,
        }
        true
    }
}

impl Expected {
    fn end(&mut self, goods: Goods, london: &mut [i64; 3], state: TransferState) {
        for (item, here) in london.iter_mut().enumerate() {
            let rest = self.on_the_way(item);
            match goods {
                Goods::Home => {
                    self.lines[item][3] += rest;
                    *here += rest;
                }
                Goods::WrittenOff => self.lines[item][4] += rest,
            }
        }
        self.state = state;
    }
}

fn amount(item: usize, size: i64) -> Amount {
    Amount { sku: SKUS[item].to_owned(), quantity: Quantity::from_parts(size), serials: Vec::new(), lot: None }
}

fn order(doing: &Doing) -> TransferStep {
    match *doing {
        Doing::Approve => TransferStep::Approve,
        Doing::Dispatch => TransferStep::Dispatch,
        Doing::Arrive(item, size, last) => TransferStep::Arrive { lines: vec![amount(item, size)], last },
        Doing::ArriveAll => TransferStep::Arrive { lines: Vec::new(), last: false },
        Doing::Settle(goods) => TransferStep::Settle { goods, lines: Vec::new() },
        Doing::SettleSome(goods, item, size) => TransferStep::Settle { goods, lines: vec![amount(item, size)] },
        Doing::Cancel(goods) => TransferStep::Cancel { goods },
        Doing::Close => TransferStep::Close,
    }
}

async fn play(store: &Open, world: &mut World, play: Play) {
    match play {
        Play::Open(of) => {
            let mut asked = [0; 3];
            of.iter().for_each(|(item, size)| asked[*item] = *size);
            let lines = (0..3).filter(|item| asked[*item] > 0).map(|item| amount(item, asked[item])).collect();
            let opened = store.inventory.add_transfer(&store.owner, to_paris(lines)).await.expect("opened");
            let lines = asked.map(|asked| [asked, 0, 0, 0, 0]);
            world.transfers.push(Expected { id: opened.id, state: opened.state, lines });
        }
        Play::Lines(at, item, size) => {
            let Some(trip) = newest(&mut world.transfers, at) else { return };
            let answer = store.take(trip.id, step(TransferStep::Lines { lines: vec![amount(item, size)] })).await;
            assert_eq!(answer.is_ok(), trip.state == TransferState::Draft, "{answer:?}");
            if answer.is_ok() {
                trip.lines[item][0] = size;
            }
        }
        Play::Take(at, doing) => {
            let Some(at) = world.transfers.len().checked_sub(at + 1) else { return };
            let new = step(order(&doing));
            let id = world.transfers[at].id;
            let before = world.transfers[at].state;
            let lost = world.transfers[at].lines.map(|line| line[4]);
            let answer = store.take(id, new.clone()).await;
            assert_eq!(answer.is_ok(), world.takes(at, &doing), "{doing:?} when {before:?}: {answer:?}");
            if let Ok(transfer) = answer {
                let now = world.transfers[at].lines.map(|line| line[4]);
                if now != lost {
                    world.lost.push((id, new.id, std::array::from_fn(|item| now[item] - lost[item])));
                }
                assert_eq!(transfer.state, world.transfers[at].state, "{doing:?}");
                world.seen.insert(transfer.state);
                world.last = Some((id, new));
            }
        }
        Play::Repeat => {
            let Some((id, new)) = world.last.clone() else { return };
            // What moved goods is told again; what moved none is another step, and not its time.
            let before = store.inventory.transfer(&store.owner, id).await.expect("readable").data;
            if let Ok(again) = store.take(id, new).await {
                assert_eq!(again, before, "nothing happened twice");
            }
        }
        Play::Stale(at) => {
            let Some(trip) = newest(&mut world.transfers, at) else { return };
            let stale = NewTransferStep { version: Some(0), ..step(TransferStep::Dispatch) };
            assert_eq!(store.take(trip.id, stale).await, Err(Error::Conflict(Reused::Version)));
        }
        Play::Found => {
            let Some((id, posting, lost)) = world.lost.pop() else { return };
            let Some(trip) = world.transfers.iter_mut().find(|trip| trip.id == id) else { return };
            let undo = || NewReversal { id: PostingId::new(), reason: None };
            store.inventory.reverse(&store.owner, posting, undo()).await.expect("it is found");
            let again = store.inventory.reverse(&store.owner, posting, undo()).await;
            assert_eq!(again, Err(Refusal::AlreadyReversed.into()));
            (0..3).for_each(|item| trip.lines[item][4] -= lost[item]);
            trip.state = match trip.state {
                TransferState::Cancelled => TransferState::InTransit,
                TransferState::PartlyReceived => TransferState::PartlyReceived,
                _ => TransferState::Short,
            };
            world.found += 1;
        }
        Play::Receive(item, size) => {
            let size_told = Quantity::from_parts(size).to_string();
            let new = receipt(vec![line(SKUS[item], &size_told)]);
            let posted = store.insist(async || store.inventory.post_receipt(&store.owner, new.clone()).await).await;
            posted.expect("posted");
            world.london[item] += size;
        }
    }
}

fn newest(transfers: &mut [Expected], ago: usize) -> Option<&mut Expected> {
    transfers.iter_mut().rev().nth(ago)
}

#[tokio::test]
async fn any_sequence_of_steps_loses_nothing_on_the_way() {
    let (seen, found, arrived) = (RefCell::new(HashSet::new()), Cell::new(0), Cell::new([0_i64; 3]));
    play_on_each(40, async |db, mut runner, sequences| {
        let store = Open::two(db).await;
        let mut world = World { london: [1_000_000; 3], ..World::default() };
        for sequence in 0..sequences {
            for each in plays().new_tree(&mut runner).expect("plays can be made").current() {
                store.along(play(&store, &mut world, each)).await;
                store.stepped().await;
            }
            for (item, sku) in SKUS.into_iter().enumerate() {
                let here = [store.on_sale("LON", sku).await.parts(), store.on_sale("PAR", sku).await.parts()];
                assert_eq!(here, [world.london[item], world.paris[item]], "{sku} after sequence {sequence}");
            }
            for trip in &world.transfers {
                let told = store.inventory.transfer(&store.owner, trip.id).await.expect("readable").data;
                assert_eq!(told.state, trip.state, "{} after sequence {sequence}", told.number);
                for line in told.lines {
                    let item = SKUS.iter().position(|sku| *sku == line.sku).expect("one of ours");
                    let figures = [line.asked, line.shipped, line.received, line.returned, line.lost];
                    assert_eq!(figures.map(Quantity::parts), trip.lines[item], "{} {}", told.number, line.sku);
                }
            }
            store.assert_sound().await;
            // Those of long ago have been looked at.
            world.transfers.drain(..world.transfers.len().saturating_sub(4));
        }
        arrived.update(|arrived| std::array::from_fn(|item| arrived[item] + world.paris[item]));
        found.update(|found| found + world.found);
        seen.borrow_mut().extend(world.seen.iter().copied());
        assert_eq!(store.inventory.rebuild(&store.owner).await, Ok(0), "a rebuild changes nothing");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
    assert_eq!(seen.borrow().len(), TransferState::ALL.len() - 1, "all but the first were reached: {seen:?}");
    assert!(arrived.get().iter().all(|there| *there > 0), "every item arrived");
    assert!(found.get() > 5, "{} times lost goods were found", found.get());
}

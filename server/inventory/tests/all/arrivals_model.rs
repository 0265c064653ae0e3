//! Random acts of several people at deliveries against a model of a few lines: whatever is shared, booked by whom, late,
//! twice or after a device died, all that was counted is booked in once; on both engines.

use crate::arrivals::part;
use crate::buying::{colleague, sent, supplier};
use crate::common::{Open, open, play_on_each, receipt};
use ::model::{Actor, ArrivalState, Error, NewLine, NewReceipt, PaperId, PostingId, Quantity, Refusal, Role};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use std::cell::Cell;
use std::collections::BTreeMap;

const ITEMS: [&str; 3] = ["CUP", "MUG", "PLATE"];
const PEOPLE: usize = 3;

#[derive(Clone, Debug)]
enum Act {
    /// Somebody scans so many.
    Count(usize, i64),
    /// Their device tells what it knows.
    Share,
    /// What it told before arrives late.
    ShareOld,
    /// They book in what they counted.
    Book,
    /// That is sent again.
    Again,
    /// They book in what somebody else counted.
    BookOf(usize),
    Discard(usize),
    /// Their device hears what became of its part.
    Learn,
    /// Their device breaks; they go on with another.
    Die,
}

fn acts() -> impl Strategy<Value = Vec<(usize, Act)>> {
    let act = prop_oneof![
        12 => (0..3_usize, 1..9_i64).prop_map(|(item, size)| Act::Count(item, size)),
        8 => Just(Act::Share),
        1 => Just(Act::ShareOld),
        3 => Just(Act::Book),
        1 => Just(Act::Again),
        4 => (0..PEOPLE).prop_map(Act::BookOf),
        1 => (0..PEOPLE).prop_map(Act::Discard),
        2 => Just(Act::Learn),
        1 => Just(Act::Die),
    ];
    prop::collection::vec((0..PEOPLE, act), 10..60)
}

type Sums = BTreeMap<usize, i64>;

/// What one device has.
#[derive(Clone, Default)]
struct Device {
    id: PostingId,
    turn: i64,
    counted: Sums,
    old: Option<(i64, Sums)>,
    /// What the server knows of it.
    shared: Option<Sums>,
    /// And up to which change.
    known: i64,
    discarded: bool,
    /// What of it somebody else booked in, as long as it has not heard of that.
    booked: Option<Sums>,
    last: Option<NewReceipt>,
}

struct World<'a> {
    store: &'a Open,
    people: [Actor; PEOPLE],
    devices: [Device; PEOPLE],
    order: Option<PaperId>,
    delivery: PaperId,
    /// What has to be booked in at the end.
    expected: Sums,
    others: &'a Cell<usize>,
    rests: &'a Cell<usize>,
}

fn add(sums: &mut Sums, more: &Sums) {
    more.iter().for_each(|(item, size)| *sums.entry(*item).or_default() += size);
}

fn less(sums: &mut Sums, fewer: &Sums) {
    fewer.iter().for_each(|(item, size)| *sums.entry(*item).or_default() -= size);
    sums.retain(|_, size| *size != 0);
}

impl World<'_> {
    fn receipt(&self, id: PostingId, sums: &Sums) -> NewReceipt {
        let line = |(item, size): (&usize, &i64)| NewLine {
            sku: ITEMS[*item].into(),
            quantity: Quantity::whole(*size),
            unit_price: None,
            lot: None,
            serials: Vec::new(),
        };
        NewReceipt { id, order: self.order, ..receipt(sums.iter().map(line).collect()) }
    }

    async fn share(&mut self, who: usize, turn: i64, sums: &Sums) {
        let device = &self.devices[who];
        let new = part(self.delivery, turn, &self.receipt(device.id, sums));
        let share = async || self.store.inventory.share_arrival(&self.people[who], new.clone()).await;
        let told = self.store.insist(share).await.expect("known");
        let fresh = turn > self.devices[who].known;
        let device = &mut self.devices[who];
        if device.booked.is_some() {
            assert_eq!(told.state, ArrivalState::Booked);
        } else if fresh {
            (device.shared, device.known, device.discarded) = (Some(sums.clone()), turn, false);
            assert_eq!((told.state, told.turn), (ArrivalState::Open, turn));
        }
    }

    async fn play(&mut self, who: usize, act: Act) {
        match act {
            Act::Count(item, size) => {
                let device = &mut self.devices[who];
                *device.counted.entry(item).or_default() += size;
                device.turn += 1;
            }
            Act::Share => {
                let (turn, sums) = (self.devices[who].turn, self.devices[who].counted.clone());
                if turn > 0 {
                    self.share(who, turn, &sums).await;
                    self.devices[who].old.get_or_insert((turn, sums));
                }
            }
            Act::ShareOld => {
                if let Some((turn, sums)) = self.devices[who].old.clone().filter(|old| old.0 < self.devices[who].turn) {
                    let device = &self.devices[who];
                    // Only what is known to be older says nothing.
                    if device.shared.is_some() && device.old.as_ref().is_some_and(|old| old.0 < device.turn) {
                        let new = part(self.delivery, turn, &self.receipt(device.id, &sums));
                        self.store.inventory.share_arrival(&self.people[who], new).await.expect("answered");
                    }
                }
            }
            Act::Book => self.book(who).await,
            Act::Again => {
                if let Some(last) = self.devices[who].last.clone() {
                    self.store.inventory.post_receipt(&self.people[who], last).await.expect("it counts once");
                }
            }
            Act::BookOf(whom) => self.book_of(who, whom).await,
            Act::Discard(whom) => {
                let device = &mut self.devices[whom];
                let answer = self.store.inventory.discard_arrival(&self.people[who], device.id).await;
                match (&device.shared, &device.booked) {
                    (None, _) => assert_eq!(answer.map(drop), Err(Error::NotFound)),
                    (_, Some(_)) => assert!(matches!(answer, Err(Error::Refused(Refusal::WrongState { .. })))),
                    (Some(_), None) => {
                        answer.expect("discarded");
                        device.discarded = true;
                    }
                }
            }
            Act::Learn => {
                let device = &mut self.devices[who];
                if let Some(booked) = device.booked.take() {
                    less(&mut device.counted, &booked);
                    let counted = std::mem::take(&mut device.counted);
                    let turn = i64::from(!counted.is_empty());
                    *device = Device { counted, turn, last: device.last.take(), ..Device::default() };
                }
            }
            Act::Die => {
                let device = &self.devices[who];
                // What the server knows is what is left of it: booked in by now, or by whoever is left.
                if device.booked.is_none()
                    && let Some(shared) = device.shared.clone().filter(|sums| !sums.is_empty())
                    && !device.discarded
                {
                    let id = device.id;
                    self.store.inventory.book_arrival(&self.people[(who + 1) % PEOPLE], id).await.expect("booked in");
                    add(&mut self.expected, &shared);
                }
                self.devices[who] = Device::default();
            }
        }
    }

    async fn book(&mut self, who: usize) {
        let device = &self.devices[who];
        if device.counted.is_empty() {
            return;
        }
        let new = self.receipt(device.id, &device.counted);
        let post = async || self.store.inventory.post_receipt(&self.people[who], new.clone()).await;
        let answer = self.store.insist(post).await.expect("booked in");
        let mut sums = device.counted.clone();
        if let Some(booked) = &device.booked {
            less(&mut sums, booked);
            self.rests.update(|rests| rests + usize::from(answer.id != new.id));
            assert_eq!(answer.id != new.id, !sums.is_empty());
        }
        add(&mut self.expected, &sums);
        self.devices[who] = Device { last: Some(new), ..Device::default() };
    }

    async fn book_of(&mut self, who: usize, whom: usize) {
        let device = &self.devices[whom];
        let book = async || self.store.inventory.book_arrival(&self.people[who], device.id).await;
        let answer = self.store.insist(book).await;
        match (&device.shared, &device.booked) {
            (None, _) => assert_eq!(answer.map(drop), Err(Error::NotFound)),
            (Some(_), Some(_)) => assert_eq!(answer.expect("as at first").id, device.id),
            (Some(_), None) if device.discarded => {
                assert!(matches!(answer, Err(Error::Refused(Refusal::WrongState { .. }))));
            }
            (Some(shared), None) => {
                answer.expect("booked in");
                add(&mut self.expected, &shared.clone());
                self.others.update(|others| others + 1);
                self.devices[whom].booked = self.devices[whom].shared.clone();
            }
        }
    }

    /// Everybody books in what they have; then all that was counted is there, and nothing is open.
    async fn compare(&mut self) {
        for who in 0..PEOPLE {
            self.book(who).await;
        }
        for (item, sku) in ITEMS.iter().enumerate() {
            let level = self.store.inventory.level(&self.people[0], "LON", sku).await.expect("read");
            let there = level.map_or(Quantity::ZERO, |level| level.on_hand);
            assert_eq!(there, Quantity::whole(self.expected.get(&item).copied().unwrap_or_default()), "{sku}");
        }
        let open = self.store.inventory.arrivals(&self.people[0], "LON", None).await.expect("read").data;
        assert!(open.is_empty(), "{open:?}");
        self.store.assert_sound().await;
    }
}

#[tokio::test]
async fn all_that_was_counted_is_booked_in_once_whoever_booked_it() {
    let (others, rests) = (Cell::new(0), Cell::new(0));
    play_on_each(25, async |db, mut runner, sequences| {
        let store = open(db).await;
        let supplier = store.inventory.add_supplier(&store.owner, supplier("ACME", "0")).await.expect("added");
        let mark = store.someone(Role::Manager).await;
        let people = [mark.clone(), colleague(&mark, "mia"), colleague(&mark, "max")];
        let mut expected = Sums::new();
        for nth in 0..sequences {
            let order = if nth % 2 == 0 {
                Some(sent(&store, &supplier, &[("CUP", "9", "1"), ("MUG", "9", "1")]).await.id)
            } else {
                None
            };
            let (people, devices, delivery) = (people.clone(), Default::default(), order.unwrap_or_default());
            let (others, rests) = (&others, &rests);
            let mut world = World { store: &store, people, devices, order, delivery, expected, others, rests };
            for (who, act) in acts().new_tree(&mut runner).expect("acts can be made").current() {
                store.along(world.play(who, act)).await;
                store.stepped().await;
            }
            world.compare().await;
            expected = world.expected;
        }
        store.close().await;
    })
    .await;
    assert!(others.get() > 50, "{} parts were booked in by others", others.get());
    assert!(rests.get() > 10, "{} times something was left", rests.get());
}

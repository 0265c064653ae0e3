//! Random deliveries, sales, returns, corrections, transfers and undoings of numbered pieces in two stores against a model
//! of a few lines, on both engines: a piece is in one place, and what does not fit is told exactly while it does not.

use crate::common::{Open, give_back, play_on_each};
use crate::serials::{correction, pieces};
use crate::transfers::{step, to_paris};
use ::model::{
    Amount, ExceptionKind, NewAdjustment, NewReturn, NewReversal, PostingId, Quantity, Result, TransferStep,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree;

const STORES: [&str; 2] = ["LON", "PAR"];
const NUMBERS: [&str; 3] = ["A", "B", "C"];

#[derive(Clone, Debug)]
enum Step {
    Deliver(usize, usize),
    /// With its number, or without.
    Sell(usize, Option<usize>),
    Return(usize, Option<usize>),
    Lose(usize, Option<usize>),
    Find(usize, Option<usize>),
    /// From London to Paris.
    Send(usize),
    /// Undoes the posting so many steps ago.
    Undo(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let (place, number) = (0..STORES.len(), 0..NUMBERS.len());
    let named = prop::option::weighted(0.7, 0..NUMBERS.len());
    let step = prop_oneof![
        5 => (place.clone(), number.clone()).prop_map(|(place, number)| Step::Deliver(place, number)),
        4 => (place.clone(), named.clone()).prop_map(|(place, number)| Step::Sell(place, number)),
        2 => (place.clone(), named.clone()).prop_map(|(place, number)| Step::Return(place, number)),
        1 => (place.clone(), named.clone()).prop_map(|(place, number)| Step::Lose(place, number)),
        1 => (place, named).prop_map(|(place, number)| Step::Find(place, number)),
        2 => number.prop_map(Step::Send),
        2 => (0..5_usize).prop_map(Step::Undo),
    ];
    prop::collection::vec(step, 1..25)
}

/// What a posting changed in a store: of each number, and of none.
#[derive(Clone, Copy, Default)]
struct Change {
    place: usize,
    numbers: [i64; 3],
    loose: i64,
}

/// What should be there.
#[derive(Default)]
struct Expected {
    numbers: [[i64; 3]; 2],
    loose: [i64; 2],
    postings: Vec<(PostingId, Change, bool)>,
}

impl Expected {
    /// One more of that number, or of none.
    fn change(place: usize, number: Option<usize>, by: i64) -> Change {
        let mut change = Change { place, ..Change::default() };
        match number {
            Some(number) => change.numbers[number] = by,
            None => change.loose = by,
        }
        change
    }

    fn apply(&mut self, change: Change) {
        for (number, by) in self.numbers[change.place].iter_mut().zip(change.numbers) {
            *number += by;
        }
        self.loose[change.place] += change.loose;
    }

    /// Is each piece in one place at most after that?
    fn fits(&self, change: Change) -> bool {
        (0..NUMBERS.len()).filter(|number| change.numbers[*number] > 0).all(|number| {
            let of = |place: usize| {
                let more = if place == change.place { change.numbers[number] } else { 0 };
                (self.numbers[place][number] + more).max(0)
            };
            of(0) + of(1) <= 1
        })
    }

    fn listed(&self, place: usize) -> Vec<usize> {
        (0..NUMBERS.len()).filter(|number| self.numbers[place][*number] > 0).collect()
    }

    /// What a piece without its number is: one of no number, or else the only one there.
    fn nameless(&self, place: usize) -> Option<usize> {
        match self.listed(place)[..] {
            [only] if self.loose[place] <= 0 => Some(only),
            _ => None,
        }
    }

    fn on_hand(&self, place: usize) -> i64 {
        self.numbers[place].iter().sum::<i64>() + self.loose[place]
    }

    /// Do the numbers contradict how many pieces there are?
    fn contradicts(&self, place: usize) -> bool {
        let listed = !self.listed(place).is_empty();
        self.numbers[place].iter().any(|left| *left < 0) || self.loose[place] < 0 && listed
    }
}

async fn play(store: &Open, expected: &mut Expected, step_: Step) {
    let (inventory, owner) = (&store.inventory, &store.owner);
    let told = |number: Option<usize>| number.map(|number| NUMBERS[number]).into_iter().collect::<Vec<_>>();
    match step_ {
        Step::Deliver(place, number) => {
            let change = Expected::change(place, Some(number), 1);
            let fits = expected.fits(change);
            let answer = store.bring(STORES[place], "1", &[NUMBERS[number]]).await;
            take_in(expected, answer.map(|posted| posted.id), fits, change);
        }
        Step::Sell(place, number) => {
            let change = Expected::change(place, number.or_else(|| expected.nameless(place)), -1);
            let posted = store.sell_pieces(STORES[place], "1", &told(number)).await;
            take_in(expected, Ok(posted.id), true, change);
        }
        Step::Return(place, number) => {
            let change = Expected::change(place, number, 1);
            let fits = if number.is_some() { expected.fits(change) } else { expected.loose[place] < 0 };
            let lines = vec![pieces("1", &told(number))];
            let new = NewReturn { store: STORES[place].into(), ..give_back(lines) };
            let answer = store.insist(async || inventory.post_return(owner, new.clone()).await).await;
            take_in(expected, answer.map(|posted| posted.id), fits, change);
        }
        Step::Lose(place, number) => {
            let change = Expected::change(place, number.or_else(|| expected.nameless(place)), -1);
            let fits = match number {
                Some(number) => expected.numbers[place][number] > 0,
                None => change.loose == 0 || expected.loose[place] > 0 || expected.listed(place).is_empty(),
            };
            let new = NewAdjustment { store: STORES[place].into(), ..correction("-1", &told(number)) };
            let answer = store.insist(async || inventory.post_adjustment(owner, new.clone()).await).await;
            take_in(expected, answer.map(|posted| posted.id), fits, change);
        }
        Step::Find(place, number) => {
            let change = Expected::change(place, number, 1);
            let fits = if number.is_some() { expected.fits(change) } else { expected.loose[place] < 0 };
            let new = NewAdjustment { store: STORES[place].into(), ..correction("1", &told(number)) };
            let answer = store.insist(async || inventory.post_adjustment(owner, new.clone()).await).await;
            take_in(expected, answer.map(|posted| posted.id), fits, change);
        }
        Step::Send(number) => {
            let lines = pieces("1", &[NUMBERS[number]]);
            let lines = vec![Amount { sku: lines.sku, quantity: lines.quantity, serials: lines.serials, lot: None }];
            let trip = inventory.add_transfer(owner, to_paris(lines)).await.expect("drafted");
            let sent = store.take(trip.id, step(TransferStep::Dispatch)).await;
            let here = expected.numbers[0][number] > 0 && expected.on_hand(0) > 0;
            assert_eq!(sent.is_ok(), here, "{sent:?}");
            if sent.is_ok() {
                let arrive = TransferStep::Arrive { lines: Vec::new(), last: false };
                store.take(trip.id, step(arrive)).await.expect("it is nowhere else");
                expected.apply(Expected::change(0, Some(number), -1));
                expected.apply(Expected::change(1, Some(number), 1));
            }
        }
        Step::Undo(ago) => {
            let Some(at) = expected.postings.len().checked_sub(ago + 1) else { return };
            let (id, Change { place, numbers, loose }, undone) = expected.postings[at];
            let change = Change { place, numbers: numbers.map(|by| -by), loose: -loose };
            let undo = NewReversal { id: PostingId::new(), reason: None };
            let answer = store.insist(async || inventory.reverse(owner, id, undo.clone()).await).await;
            assert_eq!(answer.is_ok(), !undone && expected.fits(change), "{answer:?}");
            if answer.is_ok() {
                expected.postings[at].2 = true;
                expected.apply(change);
            }
        }
    }
}

fn take_in(expected: &mut Expected, answer: Result<PostingId>, fits: bool, change: Change) {
    assert_eq!(answer.is_ok(), fits, "{answer:?}");
    if let Ok(posting) = answer {
        expected.apply(change);
        expected.postings.push((posting, change, false));
    }
}

async fn check(store: &Open, expected: &Expected) {
    for (place, code) in STORES.iter().enumerate() {
        let there = store.lots_in(code).await;
        for (number, serial) in NUMBERS.iter().enumerate() {
            let left = there.iter().find(|lot| lot.lot == *serial).map(|lot| lot.on_hand).unwrap_or_default();
            assert_eq!(left, Quantity::whole(expected.numbers[place][number]), "{serial} in {code}");
        }
        let level = store.inventory.level(&store.owner, code, "CUP").await.expect("readable");
        assert_eq!(level.map(|level| level.on_hand).unwrap_or_default(), Quantity::whole(expected.on_hand(place)));
        let kind = Some(ExceptionKind::SerialConflict);
        let open = store.inventory.exceptions(&store.owner, code, kind).await.expect("readable").data;
        assert_eq!(!open.is_empty(), expected.contradicts(place), "{code}: {open:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn numbered_pieces_are_where_a_model_says() {
    play_on_each(12, async |db, mut runner, sequences| {
        let store = Open::with_serials(db).await;
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

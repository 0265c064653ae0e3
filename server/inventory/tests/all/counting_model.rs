//! Random counts against a model: two people at a shelf, sales before, between and after, in any order, on both engines.

use crate::common::{Open, SKUS, limit_of, line, money, open, play_on_each, receipt, sale};
use crate::counting::new_count;
use model::{
    Actor, CountBy, CountDone, CountEntryId, CountState, EntryAside, Error, Money, NewCountEntries, NewCountEntry,
    NewRecount, NewSale, PaperId, PaperKind, Quantity, Refusal, Result, Reused, Role, StockCount, Time,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashSet};

/// Above that somebody else approves: twelve pieces at 2.55.
const LIMIT: &str = "30.60";

#[derive(Clone, Debug)]
enum Step {
    Open(bool),
    /// Who counts how many of what.
    Enter(usize, usize, i64),
    /// The last entry is sent again.
    Again(usize),
    Submit(usize, bool),
    Recount(usize, usize),
    Approve(usize),
    Post(usize),
    Reject(usize),
    Cancel(usize),
    /// Sold now, or before everything that was counted lately and told only now.
    Sell(usize, i64, bool),
    /// The next step of a count comes from somebody who looked at an older version.
    Stale,
    /// The other of two open counts is meant from now on.
    Switch,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let (who, item) = (0..3_usize, 0..3_usize);
    let step = prop_oneof![
        1 => any::<bool>().prop_map(Step::Open),
        12 => (prop_oneof![4 => 0..2_usize, 1 => 2..3_usize], item.clone(), -2..15_i64).prop_map(|(who, item, size)| Step::Enter(who, item, size)),
        1 => who.clone().prop_map(Step::Again),
        5 => (who.clone(), any::<bool>()).prop_map(|(who, none)| Step::Submit(who, none)),
        2 => (who.clone(), item.clone()).prop_map(|(who, item)| Step::Recount(who, item)),
        8 => (1..3_usize).prop_map(Step::Approve),
        8 => who.clone().prop_map(Step::Post),
        1 => who.clone().prop_map(Step::Reject),
        1 => who.prop_map(Step::Cancel),
        4 => (item, 1..5_i64, any::<bool>()).prop_map(|(item, size, late)| Step::Sell(item, size, late)),
        1 => Just(Step::Stale),
        1 => Just(Step::Switch),
    ];
    prop::collection::vec(step, 1..80)
}

/// A line of a count as it should be.
#[derive(Clone, Debug, Default)]
struct Line {
    round: usize,
    accepted: bool,
    counted: Option<i64>,
    at: Option<Time>,
    who: Vec<(usize, usize)>,
    approved: Option<i64>,
}

#[derive(Clone, Debug)]
struct Count {
    id: PaperId,
    version: i64,
    state: CountState,
    author: usize,
    whole: bool,
    lines: BTreeMap<usize, Line>,
    /// Who said that none of the rest is there.
    zeros: Vec<usize>,
    last: Option<(usize, NewCountEntry)>,
}

/// The world as it should be.
#[derive(Default)]
struct World {
    /// What moved each item, and the moment for which it counts.
    moved: Vec<(usize, Time, i64)>,
    counted: BTreeMap<usize, Time>,
    counts: Vec<Count>,
    at: usize,
    stale: bool,
    posted: usize,
    reopened: usize,
}

impl World {
    fn on_hand(&self, item: usize, at: Time) -> i64 {
        self.moved.iter().filter(|moved| moved.0 == item && moved.1 <= at).map(|moved| moved.2).sum()
    }

    /// What differs in a line, if it says anything.
    fn differs(&self, item: usize, line: &Line) -> Option<i64> {
        let (counted, at) = (line.counted?, line.at?);
        let newer = self.counted.get(&item).is_some_and(|last| *last > at);
        (!newer).then(|| counted - self.on_hand(item, at))
    }

    fn worth(&self, count: &Count) -> Money {
        let all = count.lines.iter().filter_map(|(item, line)| self.differs(*item, line)).map(i64::abs).sum();
        money("2.55").checked_times(Quantity::whole(all)).expect("small")
    }
}

/// Expects what a step of a count comes to: done when it fits the state, as it is when it was done before, else refused.
fn expect(
    count: &mut Count,
    seen: Option<i64>,
    fits: bool,
    to: CountState,
    told: Result<StockCount>,
) -> Option<CountState> {
    if count.state == to && seen.is_none_or(|seen| seen + 1 == count.version) {
        assert_eq!(told.expect("it is as it is").version, count.version);
        return None;
    }
    if seen.is_some_and(|seen| seen != count.version) {
        assert_eq!(told, Err(Error::Conflict(Reused::Version)));
        return None;
    }
    if !fits {
        assert_eq!(told, Err(Error::Refused(Refusal::WrongState { state: count.state.name().into() })));
        return None;
    }
    let told = told.expect("it fits");
    count.version += 1;
    assert_eq!(told.version, count.version);
    count.state = told.state;
    Some(told.state)
}

async fn play(store: &Open, people: &[Actor; 3], world: &mut World, step: Step) {
    let inventory = &store.inventory;
    match step {
        Step::Open(whole) => {
            let (by, skus) = if whole { (CountBy::Store, &[][..]) } else { (CountBy::Items, &SKUS[..2]) };
            let new = new_count(by, skus);
            let opened =
                store.insist(async || inventory.open_count(&people[0], new.clone()).await).await.expect("opened");
            assert_eq!(inventory.open_count(&people[0], new).await.as_ref(), Ok(&opened));
            let line = Line { round: 1, ..Line::default() };
            let lines = (0..skus.len()).map(|item| (item, line.clone())).collect();
            let (id, state) = (opened.id, CountState::Planned);
            world.counts.push(Count { id, version: 1, state, author: 0, whole, lines, zeros: Vec::new(), last: None });
            world.at = world.counts.len() - 1;
            return;
        }
        Step::Sell(item, size, late) => {
            let at = if late { Time::now().plus_seconds(-5) } else { Time::now() };
            let new = NewSale { occurred_at: Some(at), ..sale(vec![line(SKUS[item], &size.to_string())]) };
            store
                .insist(async || inventory.post_sale(&store.owner, new.clone()).await)
                .await
                .expect("a fact is never refused");
            world.moved.push((item, at, -size));
            return;
        }
        Step::Stale => return world.stale = true,
        Step::Switch => return world.at = world.at.saturating_sub(1),
        _ => {}
    }
    let Some(mut count) = world.counts.get(world.at).cloned() else { return };
    let seen = std::mem::take(&mut world.stale).then_some(count.version - 2);
    count_step(store, people, world, &mut count, seen, step).await;
    let at = world.at;
    world.counts[at] = count;
}

async fn count_step(
    store: &Open,
    people: &[Actor; 3],
    world: &mut World,
    count: &mut Count,
    seen: Option<i64>,
    step: Step,
) {
    let (inventory, id, state) = (&store.inventory, count.id, count.state);
    match step {
        Step::Enter(who, item, size) => enter(store, people, count, (who, item, size)).await,
        Step::Again(who) => {
            let Some((_, entry)) = count.last.clone() else { return };
            let new = NewCountEntries { sent_at: None, entries: vec![entry] };
            let told = inventory.enter_counts(&people[who], id, new).await.expect("it counted before");
            assert_eq!(told.count.version, count.version, "a repeat changes nothing");
        }
        Step::Submit(who, none_found) => {
            let told = inventory.submit_count(&people[who], id, seen, CountDone { none_found }).await;
            let (before, now) = (Time::now().plus_seconds(-3_600), Time::now());
            let fits = matches!(state, CountState::Counting | CountState::Recounting);
            if expect(count, seen, fits, CountState::Review, told).is_none() || !none_found {
                return;
            }
            if count.whole && state == CountState::Counting {
                for item in (0..SKUS.len()).filter(|item| world.on_hand(*item, now) != 0) {
                    count.lines.entry(item).or_insert(Line { round: 1, ..Line::default() });
                }
            }
            let open = count.lines.values_mut().filter(|line| !line.accepted && line.counted.is_none());
            let zeros = open.map(|line| (line.counted, line.at) = (Some(0), Some(now.max(before)))).count();
            count.zeros.extend((zeros > 0).then_some(who));
        }
        Step::Recount(who, item) => {
            let new = NewRecount { skus: vec![SKUS[item].into()] };
            let told = inventory.recount(&people[who], id, seen, new).await;
            if who == 0 {
                assert!(matches!(told, Err(Error::Forbidden(_))));
                return;
            }
            if state == CountState::Review && seen.is_none() && !count.lines.contains_key(&item) {
                assert!(matches!(told, Err(Error::Invalid(_))));
                return;
            }
            if expect(count, seen, state == CountState::Review, CountState::Recounting, told).is_some() {
                count.lines.values_mut().filter(|line| line.counted.is_some()).for_each(|line| line.accepted = true);
                let line = count.lines.get_mut(&item).expect("it is there");
                *line = Line { round: line.round + 1, who: line.who.clone(), ..Line::default() };
            }
        }
        Step::Approve(who) => {
            let told = inventory.approve_count(&people[who], id, seen).await;
            if who == 0 {
                assert!(matches!(told, Err(Error::Forbidden(_))));
                return;
            }
            let part = who == count.author
                || count.zeros.contains(&who)
                || count.lines.values().any(|line| line.who.iter().any(|by| by.0 == who));
            if state == CountState::Review && seen.is_none() && part && world.worth(count) > money(LIMIT) {
                assert_eq!(told, Err(Error::Refused(Refusal::OwnWork)));
                return;
            }
            if expect(count, seen, state == CountState::Review, CountState::Approved, told).is_some() {
                let differ = count.lines.iter().map(|(item, line)| (*item, world.differs(*item, line)));
                for (item, differs) in differ.collect::<Vec<_>>() {
                    let line = count.lines.get_mut(&item).expect("it is there");
                    (line.approved, line.accepted) = (differs, line.accepted || differs.is_some());
                }
            }
        }
        Step::Post(who) => post(store, people, world, count, seen, who).await,
        Step::Reject(who) => {
            let told = inventory.reject_count(&people[who], id, seen, "upside down").await;
            if who == 0 {
                assert!(matches!(told, Err(Error::Forbidden(_))));
                return;
            }
            let fits = matches!(state, CountState::Review | CountState::Approved);
            expect(count, seen, fits, CountState::Rejected, told);
        }
        Step::Cancel(who) => {
            let told = inventory.cancel_count(&people[who], id, seen).await;
            expect(count, seen, state.counts(), CountState::Cancelled, told);
        }
        _ => {}
    }
}

async fn enter(store: &Open, people: &[Actor; 3], count: &mut Count, (who, item, size): (usize, usize, i64)) {
    let at = Time::now();
    let (entry_id, code) = (CountEntryId::new(), format!("50{}", SKUS[item]));
    let entry =
        NewCountEntry { id: entry_id, code, quantity: Quantity::whole(size), counted_at: Some(at), shelf: None };
    let new = NewCountEntries { sent_at: None, entries: vec![entry.clone()] };
    let told = store.insist(async || store.inventory.enter_counts(&people[who], count.id, new.clone()).await).await;
    if !count.state.counts() {
        assert_eq!(told, Err(Error::Refused(Refusal::WrongState { state: count.state.name().into() })));
        return;
    }
    let told = told.expect("answered");
    let line = count.lines.get(&item).cloned().unwrap_or(Line { round: 1, ..Line::default() });
    let why = match count.state {
        CountState::Recounting if line.round == 1 || line.accepted => Some(EntryAside::NotAgain),
        _ if line.who.iter().any(|by| by.0 == who && by.1 < line.round) => Some(EntryAside::NotYou),
        _ if line.counted.unwrap_or_default() + size < 0 => Some(EntryAside::BelowZero),
        _ => None,
    };
    assert_eq!(told.aside.first().map(|aside| aside.why), why);
    if why.is_some() {
        assert_eq!(told.count.version, count.version, "nothing was written");
        return;
    }
    count.version += 1;
    if count.state == CountState::Planned {
        count.state = CountState::Counting;
    }
    assert_eq!((told.count.version, told.count.state), (count.version, count.state));
    let mut line = Line { counted: Some(line.counted.unwrap_or_default() + size), at: Some(at), ..line };
    line.who.push((who, line.round));
    assert_eq!(told.lines[0].counted.map(Quantity::parts), line.counted.map(|all| Quantity::whole(all).parts()));
    count.lines.insert(item, line);
    count.last = Some((who, entry));
}

async fn post(store: &Open, people: &[Actor; 3], world: &mut World, count: &mut Count, seen: Option<i64>, who: usize) {
    let told = store.inventory.post_count(&people[who], count.id, seen).await;
    if who == 0 {
        assert!(matches!(told, Err(Error::Forbidden(_))));
        return;
    }
    let same = count.lines.iter().all(|(item, line)| line.approved == world.differs(*item, line));
    let fits = count.state == CountState::Approved;
    let Some(state) = expect(count, seen, fits, CountState::Posted, told) else { return };
    if !same {
        assert_eq!(state, CountState::Review, "what would be booked is not what was approved");
        count.lines.values_mut().for_each(|line| line.approved = None);
        world.reopened += 1;
        return;
    }
    assert_eq!(state, CountState::Posted);
    world.posted += 1;
    for (item, line) in &count.lines {
        let (Some(differs), Some(at)) = (line.approved, line.at) else { continue };
        world.moved.push((*item, at, differs));
        let last = world.counted.entry(*item).or_insert(at);
        *last = at.max(*last);
    }
}

#[tokio::test]
async fn any_sequence_of_counts_and_sales_leaves_on_hand_what_was_counted_and_moved_since() {
    let (seen, ends) = (RefCell::new(HashSet::new()), Cell::new((0, 0)));
    play_on_each(40, async |db, mut runner, sequences| {
        let store = open(db).await;
        let limit = Some(money(LIMIT));
        store.inventory.change_rules(&store.owner, "LON", limit_of(PaperKind::Count, limit)).await.expect("set");
        let people = [
            store.someone(Role::Employee).await,
            store.someone(Role::Manager).await,
            store.someone(Role::Manager).await,
        ];
        let mut world = World::default();
        let there = SKUS.map(|sku| line(sku, "20"));
        store.inventory.post_receipt(&store.owner, receipt(there.to_vec())).await.expect("posted");
        world.moved.extend((0..SKUS.len()).map(|item| (item, Time::from_micros(0), 20)));
        for sequence in 0..sequences {
            for step in steps().new_tree(&mut runner).expect("steps can be made").current() {
                store.along(play(&store, &people, &mut world, step)).await;
                store.stepped().await;
                seen.borrow_mut().extend(world.counts.iter().map(|count| count.state));
            }
            for (item, sku) in SKUS.iter().enumerate() {
                let (told, made) = (store.level(sku).await.on_hand, world.on_hand(item, Time::now()));
                assert_eq!(told, Quantity::whole(made), "{sku} after sequence {sequence}");
            }
            store.assert_sound().await;
        }
        ends.update(|(posted, reopened)| (posted + world.posted, reopened + world.reopened));
        assert_eq!(store.inventory.rebuild(&store.owner).await, Ok(0), "a rebuild changes nothing");
        store.close().await;
    })
    .await;
    // What is undone after its booking is a story of its own.
    assert_eq!(seen.borrow().len(), CountState::ALL.len() - 1, "every other state was reached: {seen:?}");
    let (posted, reopened) = ends.get();
    assert!(posted > 2 && reopened > 0, "{posted} posted, {reopened} reopened");
}

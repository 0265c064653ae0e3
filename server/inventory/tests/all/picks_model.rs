//! Random deliveries, moves, promises and hand-overs of one item in three places and three lots: no place promises more than
//! it has, the lots of a place are what lies there, and what expires first is fetched first; on both engines.

use crate::common::{Open, SKUS, line, sale};
use crate::lots::LATER;
use crate::picks::fetched;
use crate::promise::hold;
use db::{fetch_all, fetch_one, test::on_each};
use model::{
    Cancelling, Channel, Error, HandOver, HoldKind, NewHold, NewReversal, Order, PaperId, PostingId, PromisePolicy,
    Quantity, ReservationId, StockRow,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::cell::Cell;
use std::collections::BTreeMap;
use storeroom_inventory::StockFilter;

/// How many sequences each engine plays, in equal parts under each of the policies; `STOREROOM_SEQUENCES` plays more.
const SEQUENCES: usize = 32;

const PLACES: [&str; 3] = ["SHOP", "BACK", "SHELF"];
/// In the order in which they leave.
const LOTS: [(&str, Option<&str>); 3] = [("A-SOON", Some(LATER[0])), ("B-LATE", Some(LATER[1])), ("C-EVER", None)];

#[derive(Clone, Debug)]
enum Step {
    Deliver(usize, i64),
    Carry(usize, usize, i64),
    Sell(i64),
    /// So many, put aside in the store or in a cart over the web.
    Hold(i64, Channel),
    Release(usize),
    Order(i64, Channel),
    Cancel(usize),
    /// So many of an order, some of them from a place and perhaps of a lot there.
    HandOver(usize, i64, Option<(usize, Option<usize>, i64)>),
    Undo,
    Keep,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let (ago, place) = (|| 0..4_usize, || 0..3_usize);
    let channel = || prop::sample::select(&Channel::ALL[..]);
    let elsewhere = prop::option::of((place(), prop::option::of(0..3_usize), 1..4_i64));
    let step = prop_oneof![
        4 => (0..3_usize, 1..7_i64).prop_map(|(lot, size)| Step::Deliver(lot, size)),
        5 => (place(), place(), 1..6_i64).prop_map(|(from, to, size)| Step::Carry(from, to, size)),
        1 => (1..4_i64).prop_map(Step::Sell),
        2 => (1..5_i64, channel()).prop_map(|(size, over)| Step::Hold(size, over)),
        1 => ago().prop_map(Step::Release),
        6 => (1..16_i64, channel()).prop_map(|(size, through)| Step::Order(size, through)),
        1 => ago().prop_map(Step::Cancel),
        6 => (ago(), 1..6_i64, elsewhere).prop_map(|(order, size, from)| Step::HandOver(order, size, from)),
        2 => Just(Step::Undo),
        1 => Just(Step::Keep),
    ];
    prop::collection::vec(step, 6..22)
}

/// What may be promised in the store, and over the web, where that is another.
const POLICIES: [(PromisePolicy, Option<PromisePolicy>); 4] = [
    (PromisePolicy::Forbid, None),
    (PromisePolicy::Forbid, Some(PromisePolicy::Allow)),
    (PromisePolicy::Warn, Some(PromisePolicy::Forbid)),
    (PromisePolicy::Allow, Some(PromisePolicy::Warn)),
];

#[derive(Default)]
struct Played {
    policies: (PromisePolicy, Option<PromisePolicy>),
    on_hand: i64,
    held: Vec<ReservationId>,
    orders: Vec<PaperId>,
    /// The last hand-over and how many it took.
    handed: Option<(PaperId, PostingId, i64)>,
    split: usize,
    refused: usize,
    elsewhere: usize,
    undone: usize,
}

impl Played {
    fn policy(&self, over: Channel) -> PromisePolicy {
        self.policies.1.filter(|_| over == Channel::Web).unwrap_or(self.policies.0)
    }

    /// A fact takes what is promised: what was sold, or fetched from another place than where it was kept. A promise may
    /// exceed what is there where the policy of its channel lets it, and an order that may wait does not.
    fn may_exceed(&self, step: &Step) -> bool {
        match step {
            Step::Sell(_) | Step::HandOver(_, _, Some(_)) => true,
            Step::Hold(_, over) => self.policy(*over) != PromisePolicy::Forbid,
            Step::Order(_, through) => self.policy(*through) == PromisePolicy::Warn,
            Step::Carry(..) => self.policy(Channel::Till) != PromisePolicy::Forbid,
            _ => false,
        }
    }
}

type Lying = BTreeMap<(String, String), i64>;

async fn rows(store: &Open) -> Vec<StockRow> {
    let (sku, lon) = (Some(SKUS[0].to_owned()), Some("LON".to_owned()));
    let filter = StockFilter { sku, store: lon, limit: 50, ..StockFilter::default() };
    store.inventory.stock(&store.owner, &filter).await.expect("readable").data
}

/// How many of each lot lie in each place, in whole units.
async fn lying(store: &Open) -> Lying {
    let mut tx = store.db.read().await.expect("a snapshot");
    let rows: Vec<(String, String, Quantity)> = fetch_all!(
        &mut tx,
        "select p.code, l.code, b.on_hand from inventory_lot_balance b
         join inventory_location p on p.id = b.location join inventory_lot l on l.id = b.lot where b.on_hand <> 0"
    )
    .expect("readable");
    rows.into_iter().map(|(place, lot, size)| ((place, lot), size.parts() / Quantity::ONE)).collect()
}

/// What of each lot of a place goes when so many leave it.
fn first(lying: &mut Lying, place: &str, mut size: i64) {
    for (lot, _) in LOTS {
        let left = lying.entry((place.to_owned(), lot.to_owned())).or_default();
        let part = size.min(*left);
        *left -= part;
        size -= part;
    }
    assert_eq!(size, 0, "the place has them");
}

fn free(rows: &[StockRow]) -> i64 {
    rows.iter().map(|row| row.available.parts() / Quantity::ONE).sum::<i64>().max(0)
}

/// How many older orders wait for, in whole units.
async fn waited(store: &Open) -> i64 {
    let mut tx = store.db.read().await.expect("a snapshot");
    let (sum,): (i64,) =
        fetch_one!(&mut tx, "select cast(coalesce(sum(backordered), 0) as bigint) from inventory_order_line")
            .expect("readable");
    sum / Quantity::ONE
}

fn refused<T>(played: &mut Played, answer: Result<T, Error>) -> Option<T> {
    match answer {
        Ok(done) => Some(done),
        Err(Error::Refused(_)) => {
            played.refused += 1;
            None
        }
        Err(error) => panic!("{error:?}"),
    }
}

async fn play(store: &Open, played: &mut Played, step: Step) {
    let (inventory, owner, cup) = (&store.inventory, &store.owner, SKUS[0]);
    match step {
        Step::Deliver(lot, size) => {
            store.deliver(&size.to_string(), LOTS[lot].0, LOTS[lot].1).await.expect("posted");
            played.on_hand += size;
        }
        Step::Carry(from, to, size) if from != to => {
            let mut expected = lying(store).await;
            let there =
                expected.iter().filter(|((place, _), _)| place == PLACES[from]).map(|(_, size)| size).sum::<i64>();
            // What is not there would be of no lot.
            if there < size && played.policy(Channel::Till) != PromisePolicy::Forbid {
                return;
            }
            let answer = store.carry(cup, &size.to_string(), PLACES[from], PLACES[to]).await;
            if refused(played, answer).is_some() {
                first(&mut expected, PLACES[from], size);
                let now = lying(store).await;
                let left =
                    |of: &Lying| LOTS.map(|(lot, _)| of.get(&(PLACES[from].into(), lot.into())).copied().unwrap_or(0));
                assert_eq!(left(&now), left(&expected), "what expires first is moved first");
            }
        }
        Step::Sell(size) => {
            let there = rows(store).await.iter().find(|row| row.on_sale()).map_or(0, |row| row.on_hand.parts());
            // What is not there would be of no lot.
            if there >= size * Quantity::ONE {
                inventory.post_sale(owner, sale(vec![line(cup, &size.to_string())])).await.expect("a fact");
                played.on_hand -= size;
            }
        }
        Step::Hold(size, over) => {
            let rows = rows(store).await;
            // What one place owes is not there for others.
            let most = rows.iter().map(|row| row.available.parts()).max().unwrap_or_default();
            let most = most.min(free(&rows) * Quantity::ONE);
            let kind = if over == Channel::Web { HoldKind::Cart } else { HoldKind::Hold };
            let answer = inventory.hold(owner, NewHold { kind, ..hold(&[(cup, &size.to_string())]) }).await;
            let may = most >= size * Quantity::ONE || played.policy(over) != PromisePolicy::Forbid;
            assert_eq!(answer.is_ok(), may, "one place has all of it: {answer:?}");
            played.held.extend(answer.iter().flat_map(|held| held.reservations.iter().map(|one| one.id)));
        }
        Step::Release(ago) => {
            if let Some(id) = played.held.iter().rev().nth(ago).copied() {
                inventory.release(owner, id).await.expect("let go, now or before");
            }
        }
        Step::Order(size, through) => {
            let (free, waited) = (free(&rows(store).await), waited(store).await);
            let answer = store.confirmed_through(through, &[(cup, &size.to_string())]).await;
            let kept = match played.policy(through) {
                PromisePolicy::Forbid => (free >= size).then_some(size),
                PromisePolicy::Warn => Some(size),
                PromisePolicy::Allow => Some(size.min(free - waited).max(0)),
            };
            assert_eq!(answer.is_ok(), kept.is_some(), "of {free} free: {answer:?}");
            if let Some(order) = refused(played, answer) {
                assert_eq!(
                    Some(order.lines[0].reserved),
                    kept.map(Quantity::whole),
                    "of {free} free, {waited} waited for"
                );
                listed(&order, &lying(store).await);
                played.split += usize::from(order.lines[0].takes.len() > 1);
                played.orders.push(order.id);
            }
        }
        Step::Cancel(ago) => {
            if let Some(id) = played.orders.iter().rev().nth(ago).copied() {
                refused(played, inventory.cancel_order(owner, id, None, Cancelling::default()).await);
            }
        }
        Step::HandOver(ago, size, from) => hand_over(store, played, ago, size, from).await,
        Step::Undo => {
            let Some((id, posting, size)) = played.handed.take() else { return };
            inventory
                .reverse(owner, posting, NewReversal { id: PostingId::new(), reason: None })
                .await
                .expect("undone");
            played.on_hand += size;
            played.undone += 1;
            let order = inventory.order(owner, id).await.expect("readable").data;
            let line = &order.lines[0];
            assert!(line.reserved > Quantity::ZERO || line.backordered > Quantity::ZERO, "it is open again");
        }
        Step::Keep => drop(inventory.keep_promises_once().await.expect("kept")),
        Step::Carry(..) => {}
    }
}

/// What an order says is fetched is what is kept for it, and the lots of each place are there, the first ones first.
fn listed(order: &Order, lying: &Lying) {
    let line = &order.lines[0];
    let sum = |sizes: &mut dyn Iterator<Item = Quantity>| sizes.map(Quantity::parts).sum::<i64>();
    assert_eq!(sum(&mut line.takes.iter().map(|take| take.quantity)), line.reserved.parts());
    for take in &line.takes {
        let mut left = take.quantity.parts() / Quantity::ONE;
        let mut expected = Vec::new();
        for (lot, _) in LOTS {
            let part = lying.get(&(take.location.clone(), lot.to_owned())).copied().unwrap_or(0).min(left);
            left -= part;
            expected.extend((part > 0).then(|| (lot.to_owned(), Quantity::whole(part))));
        }
        let told: Vec<_> = take.lots.iter().map(|lot| (lot.lot.clone(), lot.quantity)).collect();
        assert_eq!(told, expected, "{}", take.location);
    }
}

async fn hand_over(
    store: &Open,
    played: &mut Played,
    ago: usize,
    size: i64,
    from: Option<(usize, Option<usize>, i64)>,
) {
    let (inventory, owner) = (&store.inventory, &store.owner);
    let Some(id) = played.orders.iter().rev().nth(ago).copied() else { return };
    let order = inventory.order(owner, id).await.expect("readable").data;
    let size = size.min(order.lines[0].reserved.parts() / Quantity::ONE);
    if size == 0 {
        return;
    }
    let there = lying(store).await;
    let of = |place: &str, lot: &str| there.get(&(place.to_owned(), lot.to_owned())).copied().unwrap_or(0);
    // What is said is so: the place or the lot there has that many.
    let from = from.and_then(|(place, lot, most)| {
        let place = PLACES[place];
        let has = match lot {
            Some(lot) => of(place, LOTS[lot].0),
            None => LOTS.iter().map(|(lot, _)| of(place, lot)).sum(),
        };
        let part = most.min(has).min(size);
        (part > 0).then(|| (place, lot.map(|lot| LOTS[lot].0), part.to_string()))
    });
    let said: Vec<_> = from.iter().map(|(place, lot, size)| (*place, *lot, size.as_str())).collect();
    let new: HandOver = fetched(&size.to_string(), &said);
    // The rest may be said to be where a fact took it meanwhile: of no lot, which this model leaves out.
    if !covered(&order, &there, size, from.as_ref()) {
        return;
    }
    inventory.hand_over(owner, id, None, new.clone()).await.expect("handed over");
    if let Some((place, Some(lot), part)) = &from {
        let now = lying(store).await.get(&((*place).to_owned(), (*lot).to_owned())).copied().unwrap_or(0);
        assert!(of(place, lot) - now >= part.parse::<i64>().expect("a number"), "the lot that was named has left");
    }
    played.elsewhere += usize::from(from.is_some());
    played.on_hand -= size;
    played.handed = Some((id, new.id, size));
}

/// Has each place what the order would take from it, besides what is said of another?
fn covered(order: &Order, lying: &Lying, size: i64, from: Option<&(&str, Option<&str>, String)>) -> bool {
    let said = from.map_or(0, |(.., part)| part.parse().expect("a number"));
    let has = |place: &str| {
        LOTS.iter().map(|(lot, _)| lying.get(&(place.to_owned(), (*lot).to_owned())).copied().unwrap_or(0)).sum::<i64>()
    };
    order.lines[0].takes.iter().all(|take| {
        let kept = (take.quantity.parts() / Quantity::ONE).min(size);
        let here = from.filter(|(place, ..)| *place == take.location).map_or(0, |_| said);
        has(&take.location) >= kept.max(here)
    })
}

async fn check(store: &Open, played: &Played, step: &Step, before: &[StockRow]) {
    let now = rows(store).await;
    let sum: i64 = now.iter().map(|row| row.on_hand.parts()).sum();
    assert_eq!(sum, Quantity::whole(played.on_hand).parts(), "{step:?}");
    let lots = lying(store).await;
    for row in &now {
        let of: i64 = LOTS
            .iter()
            .map(|(lot, _)| lots.get(&(row.location.clone(), (*lot).to_owned())).copied().unwrap_or(0))
            .sum();
        assert_eq!(Quantity::whole(of), row.on_hand, "the lots of {} are what lies there: {step:?}", row.location);
        assert!(!row.reserved.is_negative(), "{step:?}");
        let had = before.iter().find(|had| had.location == row.location).map_or(0, |had| had.available.parts());
        assert!(
            played.may_exceed(step) || row.available.parts() >= had.min(0),
            "{step:?} promises more than {} has",
            row.location
        );
    }
}

#[tokio::test]
async fn no_place_promises_more_than_it_has_and_lots_are_fetched_in_their_order() {
    let seen = Cell::new((0, 0, 0, 0));
    let sequences = std::env::var("STOREROOM_SEQUENCES").ok().and_then(|text| text.parse().ok()).unwrap_or(SEQUENCES);
    let sequences = sequences.div_ceil(POLICIES.len());
    for policies in POLICIES {
        on_each(async |db| {
            let mut runner =
                TestRunner::new_with_rng(Config::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha));
            let store = Open::with_lots(db).await;
            store.places(&PLACES[1..]).await;
            store.policy(SKUS[0], policies.0).await;
            store.web_policy(SKUS[0], policies.1).await;
            let mut played = Played { policies, ..Played::default() };
            for _ in 0..sequences {
                for step in steps().new_tree(&mut runner).expect("steps can be made").current() {
                    let before = rows(&store).await;
                    store.along(play(&store, &mut played, step.clone())).await;
                    check(&store, &played, &step, &before).await;
                    store.stepped().await;
                }
                store.assert_sound().await;
            }
            assert_eq!(store.inventory.rebuild(&store.owner).await, Ok(0), "a rebuild changes nothing");
            seen.update(|(split, refused, elsewhere, undone)| {
                (split + played.split, refused + played.refused, elsewhere + played.elsewhere, undone + played.undone)
            });
            store.close().await;
        })
        .await;
    }
    let (split, refused, elsewhere, undone) = seen.get();
    assert!(
        split > 3 && refused > 10 && elsewhere > 10 && undone > 3,
        "{split} kept in several places, {refused} refused, {elsewhere} fetched elsewhere, {undone} undone"
    );
}

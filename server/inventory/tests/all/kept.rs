//! Orders whose goods are kept to the end of a day, told as stories on both engines.

use crate::common::{Open, open, units};
use crate::promise::{hand_over, order, three};
use db::test::on_each;
use jiff::ToSpan;
use model::{
    Error, KeepUntil, NewReversal, Order, PaperId, Pick, Picking, PostingId, PromisePolicy, Quantity, Refusal, Result,
    Reused, Time,
};
use storeroom_inventory::OrderFilter;

fn today() -> jiff::civil::Date {
    jiff::Timestamp::now().in_tz("Europe/London").expect("a zone").date()
}

/// The day so many days from today, in London.
pub fn in_days(days: i64) -> String {
    today().checked_add(days.days()).expect("a day").to_string()
}

/// When that day is over there.
pub fn end_in(days: i64) -> Time {
    let next = today().checked_add((days + 1).days()).expect("a day").in_tz("Europe/London").expect("a zone");
    Time::from_micros(next.timestamp().as_microsecond())
}

fn just_before(time: Time) -> Time {
    Time::from_micros(time.micros() - 1)
}

impl Open {
    async fn kept(&self, lines: &[(&str, &str)], days: i64) -> Result<Order> {
        let mut new = order(lines);
        new.content.kept_until = Some(in_days(days));
        let id = self.inventory.add_order(&self.owner, new).await.expect("drafted").id;
        self.inventory.confirm_order(&self.owner, id, None).await
    }

    pub async fn keep_until(&self, id: PaperId, seen: Option<i64>, days: Option<i64>) -> Result<Order> {
        let until = KeepUntil { kept_until: days.map(in_days) };
        self.inventory.keep_order(&self.owner, id, seen, until).await
    }

    async fn picked(&self, id: PaperId, line: i64, picked: &str) {
        let picking = Picking { lines: vec![Pick { line, before: Quantity::ZERO, picked: units(picked) }] };
        self.inventory.pick_order(&self.owner, id, picking).await.expect("picked");
    }

    /// As if that much time had gone by since it was promised.
    async fn age(&self, id: PaperId) {
        let mut tx = self.db.begin().await.expect("a transaction");
        let now = Time::now();
        db::execute!(&mut tx, "update inventory_order set ends_at = $2 where paper = $1", id, now).expect("aged");
        tx.commit().await.expect("committed");
    }
}

fn is_over(answer: &Result<Order>, wanted: &str) -> bool {
    matches!(answer, Err(Error::Refused(Refusal::WrongState { state })) if state == wanted)
}

#[tokio::test]
async fn an_order_is_let_go_at_the_end_of_its_day_on_the_stores_clock() {
    on_each(async |db| {
        let store = open(db).await;
        store.policy("PLATE", PromisePolicy::Allow).await;
        store.receive(&[("CUP", "5")]).await;
        let kept = store.kept(&[("CUP", "3"), ("PLATE", "1"), ("POST", "1")], 1).await.expect("promised");
        let next = store.confirmed(&[("CUP", "2")]).await.expect("promised");
        store.picked(kept.id, 1, "2").await;
        let filter = OrderFilter { store: "LON".into(), limit: 10, ..OrderFilter::default() };
        let listed = store.inventory.orders(&store.owner, &filter).await.expect("readable").data;
        let soon: Vec<_> = listed.iter().map(|row| (row.id == kept.id, row.soon_over)).collect();
        assert_eq!(soon, [(true, true), (false, false)]);
        assert_eq!(store.inventory.keep_promises_as_of(just_before(end_in(1))).await, Ok((0, 0)), "not yet");
        assert_eq!(store.figures("CUP").await, three("5", "5", "0"));
        assert_eq!(store.inventory.keep_promises_as_of(end_in(1)).await, Ok((1, 0)));
        let lapsed = store.order(kept.id).await;
        assert_eq!((lapsed.state.as_str(), lapsed.lapsed_at.is_some()), ("cancelled", true));
        let line = &lapsed.lines[0];
        assert_eq!((line.reserved, line.cancelled, line.put_back), three("0", "3", "2"), "two are off the shelf");
        assert_eq!(lapsed.lines[1].cancelled, units("1"), "also what was waited for");
        assert_eq!(store.figures("CUP").await, three("5", "2", "3"));
        assert_eq!(store.order(next.id).await.state, "confirmed", "what has no end is kept");
        assert_eq!(store.inventory.keep_promises_as_of(end_in(2)).await, Ok((0, 0)), "once");
        let late = store.inventory.hand_over(&store.owner, kept.id, None, hand_over(&[(1, "1")])).await;
        assert!(is_over(&late, "cancelled"), "{late:?}");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_was_handed_over_stays_and_its_undoing_keeps_the_rest_without_an_end() {
    on_each(async |db| {
        let store = open(db).await;
        store.receive(&[("CUP", "5")]).await;
        let kept = store.kept(&[("CUP", "3")], 1).await.expect("promised");
        let goods = hand_over(&[(1, "1")]);
        store.inventory.hand_over(&store.owner, kept.id, None, goods.clone()).await.expect("handed over");
        store.inventory.keep_promises_as_of(end_in(1)).await.expect("kept");
        let lapsed = store.order(kept.id).await;
        assert_eq!((lapsed.state.as_str(), lapsed.lines[0].fulfilled), ("fulfilled", units("1")));
        assert_eq!(store.figures("CUP").await, three("4", "0", "4"));
        store.age(kept.id).await;
        let again = store.inventory.hand_over(&store.owner, kept.id, None, goods.clone()).await;
        assert_eq!(
            again.map(|order| order.state).as_deref(),
            Ok("fulfilled"),
            "what was done before is answered as it is"
        );
        let mut tx = store.db.begin().await.expect("a transaction");
        // Its day is over by now.
        db::execute!(&mut tx, "update inventory_order set kept_until = '2026-01-01', ends_at = null").expect("aged");
        tx.commit().await.expect("committed");
        let undo = NewReversal { id: PostingId::new(), reason: None };
        store.inventory.reverse(&store.owner, goods.id, undo).await.expect("undone");
        let open = store.order(kept.id).await;
        assert_eq!((open.kept_until, open.lapsed_at, open.lines[0].reserved), (None, None, units("1")));
        store.inventory.keep_promises_as_of(end_in(9)).await.expect("kept");
        assert_eq!(store.figures("CUP").await, three("5", "1", "4"), "an undone hand-over is a promise again");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn an_order_is_kept_longer_or_without_an_end_while_it_is_open() {
    on_each(async |db| {
        let store = open(db).await;
        store.receive(&[("CUP", "5")]).await;
        let kept = store.kept(&[("CUP", "3")], 1).await.expect("promised");
        let longer = store.keep_until(kept.id, Some(kept.version), Some(8)).await.expect("kept longer");
        assert_eq!(longer.kept_until, Some(in_days(8)));
        let stale = store.keep_until(kept.id, Some(kept.version), Some(9)).await;
        assert_eq!(stale, Err(Error::Conflict(Reused::Version)));
        assert_eq!(
            store.keep_until(kept.id, Some(kept.version), Some(8)).await,
            Ok(longer),
            "a repeat changes nothing"
        );
        assert_eq!(store.inventory.keep_promises_as_of(end_in(7)).await, Ok((0, 0)));
        store.assert_sound().await;
        for days in [-1, 400] {
            let wrong = store.keep_until(kept.id, None, Some(days)).await;
            assert!(matches!(&wrong, Err(Error::Invalid(flaws)) if flaws[0].field == "kept_until"), "{wrong:?}");
        }
        store.keep_until(kept.id, None, None).await.expect("without an end");
        assert_eq!(store.inventory.keep_promises_as_of(end_in(99)).await, Ok((0, 0)));
        store.keep_until(kept.id, None, Some(0)).await.expect("until today");
        store.assert_sound().await;
        assert_eq!(store.inventory.keep_promises_as_of(end_in(0)).await, Ok((1, 0)));
        let late = store.keep_until(kept.id, None, Some(3)).await;
        assert!(is_over(&late, "cancelled"), "{late:?}");
        let past = store.kept(&[("CUP", "1")], -1).await;
        assert!(matches!(past, Err(Error::Invalid(_))), "a draft whose day is over is not promised: {past:?}");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_is_over_is_never_handed_over_though_no_keeper_came() {
    on_each(async |db| {
        let store = open(db).await;
        store.receive(&[("CUP", "3")]).await;
        for step in 0..3 {
            let kept = store.kept(&[("CUP", "3")], 1).await.expect("promised");
            store.age(kept.id).await;
            if step == 0 {
                store.keep(&[("CUP", "1")]).await.expect("they are free for whoever needs them");
                let held = store.figures("CUP").await;
                assert_eq!(held, three("3", "1", "2"));
                store.inventory.keep_promises_as_of(end_in(99)).await.expect("the hold's time is over, too");
            }
            let late = match step {
                1 => store.inventory.hand_over(&store.owner, kept.id, None, hand_over(&[(1, "3")])).await,
                2 => {
                    let lines = vec![Pick { line: 1, before: Quantity::ZERO, picked: units("1") }];
                    store.inventory.pick_order(&store.owner, kept.id, Picking { lines }).await
                }
                _ => store.keep_until(kept.id, None, Some(9)).await,
            };
            assert!(is_over(&late, "cancelled"), "{step}: {late:?}");
            assert_eq!(store.order(kept.id).await.state, "cancelled");
            assert_eq!(store.figures("CUP").await, three("3", "0", "3"));
        }
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn of_keepers_and_people_at_one_order_one_wins() {
    on_each(async |db| {
        let store = open(db).await;
        store.receive(&[("CUP", "90")]).await;
        for round in 0..8 {
            let (id, before) = (store.kept(&[("CUP", "2")], 0).await.expect("promised").id, store.level("CUP").await);
            let keepers = (0..2).map(|_| {
                let inventory = store.inventory.clone();
                tokio::spawn(async move { inventory.keep_promises_as_of(end_in(0)).await.map(drop) })
            });
            let (inventory, owner) = (store.inventory.clone(), store.owner.clone());
            let person = tokio::spawn(async move {
                if round % 2 == 0 {
                    return inventory.hand_over(&owner, id, None, hand_over(&[(1, "2")])).await;
                }
                inventory.keep_order(&owner, id, None, KeepUntil { kept_until: Some(in_days(7)) }).await
            });
            for keeper in keepers.collect::<Vec<_>>() {
                let kept = keeper.await.expect("it does not panic");
                assert!(matches!(kept, Ok(()) | Err(Error::Busy)), "{kept:?}");
            }
            let done = person.await.expect("it does not panic");
            let (order, now) = (store.order(id).await, store.level("CUP").await);
            assert!(done.is_ok() || is_over(&done, "cancelled"), "{done:?}");
            assert_eq!(order.lapsed_at.is_none(), done.is_ok(), "the keeper came or did not: {order:?}");
            let gone = round % 2 == 0 && done.is_ok();
            assert_eq!(now.on_hand == before.on_hand, !gone, "never both");
            store.assert_sound().await;
        }
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_hand_at_the_end_of_an_order_is_found() {
    on_each(async |db| {
        let store = open(db).await;
        store.receive(&[("CUP", "3")]).await;
        let kept = store.kept(&[("CUP", "3")], 3).await.expect("promised");
        store.assert_sound().await;
        store.age(kept.id).await;
        let found = store.inventory.verify(&store.owner).await.expect("readable");
        assert_eq!(found.len(), 2, "the order's end and its reservation's: {found:?}");
        store.close().await;
    })
    .await;
}

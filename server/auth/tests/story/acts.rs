//! Acts: permitted or refused, committed or undone, answered once.

use crate::shop::{Shop, keyed, root, via};
use auth::{Act, Auth};
use model::{Action, Actor, Error, Principal, Reused, Role, StoreId, Time};
use serde_json::{Value, json};
use std::collections::HashSet;
use std::time::{Duration, Instant};

/// Something that a module would tell.
struct Told;

impl log::Event for Told {
    fn topic(&self) -> &'static str {
        "test.thing_happened"
    }
    fn subject(&self) -> String {
        "thing".to_owned()
    }
    fn store(&self) -> Option<StoreId> {
        None
    }
    fn body(&self) -> Value {
        json!({ "thing": 1 })
    }
}

/// Leaves a row behind, as a module's act would.
async fn leave_a_row(act: &mut Act, name: &str) {
    db::execute!(
        act,
        "insert into auth_attempt (subject, fails, unlock_at, last_at) values ($1, 0, 0, $2)",
        name,
        Time::now()
    )
    .expect("a row is left");
}

async fn rows(shop: &Shop) -> i64 {
    shop.rows_of("row%").await
}

fn employee(store: StoreId) -> Actor {
    let grants = vec![model::Grant { role: Role::Employee, store: Some(store) }];
    Actor { principal: Principal::Person(model::PersonId::new()), grants, via: via("till"), ..root() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_permitted_act_is_kept_with_its_line() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        let here = StoreId::new();
        let mut act = shop.auth.act(&employee(here), Action::Sell.at(here)).await.unwrap();
        leave_a_row(&mut act, "row 1").await;
        let journal = act.journal();
        let done = act.commit(Told).await.unwrap();
        assert_eq!((done.journal, done.seq, done.before), (journal, Some(1), None));
        assert_eq!((rows(&shop).await, shop.lines("test.thing_happened").await), (1, 1));
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_or_dropped_act_changes_nothing_and_only_the_refusal_is_written_down() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        let (here, there) = (StoreId::new(), StoreId::new());
        let refused = shop.auth.act(&employee(here), Action::Sell.at(there)).await.err();
        assert_eq!(refused, Some(Error::Forbidden(Action::Sell)));
        let read = shop.auth.read(&employee(here), Action::ReadJournal.anywhere()).await.err();
        assert_eq!(read, Some(Error::Forbidden(Action::ReadJournal)));
        let lines = shop.bodies("auth.act_refused").await;
        assert_eq!(lines.len(), 2);
        assert!(lines[0].contains("sales:write") && lines[0].contains(&there.to_string()), "{lines:?}");

        let mut act = shop.auth.act(&employee(here), Action::Sell.at(here)).await.unwrap();
        leave_a_row(&mut act, "row 1").await;
        drop(act);
        let mut act = shop.auth.act(&employee(here), Action::Sell.at(here)).await.unwrap();
        leave_a_row(&mut act, "row 2").await;
        act.withdraw().await.unwrap();
        assert_eq!((rows(&shop).await, shop.lines("").await), (0, 2));
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeat_is_told_the_same_and_others_are_not() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        let here = StoreId::new();
        let (ann, bob) = (employee(here), employee(here));
        let first = keyed(&ann, "key-1", "sale of 6");
        let key = first.via.client_key.clone().unwrap();
        assert_eq!(shop.auth.recall(&first, &key).await, Ok(None));
        let act = shop.auth.act(&first, Action::Sell.at(here)).await.unwrap();
        let done = act.commit_answering(Told, 201, &json!({ "receipt": 6 })).await.unwrap().unwrap();

        let answer = shop.auth.recall(&first, &key).await.unwrap().unwrap();
        assert_eq!((answer.status, answer.body.as_str()), (201, r#"{"receipt":6}"#));
        assert_eq!((answer.journal, answer.seq), (Some(done.journal), done.seq));
        assert_eq!(shop.auth.recall(&bob, &key).await, Ok(None), "another client's same key is another key");
        let other = keyed(&ann, "key-1", "sale of 7").via.client_key.unwrap();
        assert_eq!(shop.auth.recall(&first, &other).await, Err(Error::Conflict(Reused::Key)));
        let unkeyed = shop.auth.act(&ann, Action::Sell.at(here)).await.unwrap();
        assert_eq!(unkeyed.commit_answering(Told, 201, &json!({})).await.unwrap().unwrap().before, None);
        shop.close().await;
    })
    .await;
}

async fn one_of_many(auth: Auth, actor: Actor, here: StoreId, n: usize) -> model::Result<(usize, auth::Done)> {
    let mut act = auth.act(&actor, Action::Sell.at(here)).await?;
    leave_a_row(&mut act, &format!("row {n}")).await;
    Ok((n, act.commit_answering(Told, 201, &json!({ "by": n })).await?.expect("only its key is taken")))
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_twins_at_once_one_acts_and_all_are_told_the_same() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        let here = StoreId::new();
        let actor = keyed(&employee(here), "key-1", "same");
        let tasks: Vec<_> =
            (0..16).map(|n| tokio::spawn(one_of_many(shop.auth.clone(), actor.clone(), here, n))).collect();
        let mut bodies = HashSet::new();
        let mut acted = 0;
        for task in tasks {
            let (n, done) = task.await.unwrap().unwrap();
            acted += usize::from(done.before.is_none());
            bodies.insert(done.before.map_or(json!({ "by": n }).to_string(), |answer| answer.body));
        }
        assert_eq!((acted, bodies.len(), rows(&shop).await), (1, 1, 1));
        assert_eq!(shop.lines("test.thing_happened").await, 1);
        let other = keyed(&actor, "key-1", "other");
        let act = shop.auth.act(&other, Action::Sell.at(here)).await.unwrap();
        assert_eq!(act.commit_answering(Told, 201, &json!({})).await, Err(Error::Conflict(Reused::Key)));
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rules_refusal_is_kept_for_its_key_and_not_without_one() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        let ann = employee(StoreId::new());
        let with_key = keyed(&ann, "key-1", "sale of 6");
        let key = with_key.via.client_key.clone().unwrap();
        let kept = shop.auth.keep_answer(&with_key, 409, &json!({ "code": "sku_taken" }), None).await.unwrap();
        assert_eq!((kept.status, kept.journal), (409, None));
        assert_eq!(shop.auth.recall(&with_key, &key).await, Ok(Some(kept.clone())));
        let twin = shop.auth.keep_answer(&with_key, 409, &json!({ "code": "another" }), None).await.unwrap();
        assert_eq!(twin, kept, "what was told first counts");
        shop.auth.keep_answer(&ann, 409, &json!({}), None).await.unwrap();
        let (count,): (i64,) =
            db::fetch_one!(&mut shop.db.read().await.unwrap(), "select count(*) from auth_answer").unwrap();
        assert_eq!(count, 1);
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_kept_35_days_and_no_longer() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        let ann = keyed(&employee(StoreId::new()), "key-1", "sale of 6");
        let key = ann.via.client_key.clone().unwrap();
        shop.auth.keep_answer(&ann, 409, &json!({}), None).await.unwrap();
        shop.auth.prune(Time::now().plus_seconds(35 * 86_400 - 60)).await.unwrap();
        assert!(shop.auth.recall(&ann, &key).await.unwrap().is_some());
        let removed = shop.auth.prune(Time::now().plus_seconds(35 * 86_400 + 60)).await.unwrap();
        assert_eq!((removed, shop.auth.recall(&ann, &key).await), (1, Ok(None)));
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_had_its_time_goes_again_and_again() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        let ann = employee(StoreId::new());
        let auth = shop.auth.clone();
        let pruning = tokio::spawn(async move { auth.keep_pruned(Duration::from_millis(50)).await });
        for round in ["key-1", "key-2"] {
            let (old, young) = (keyed(&ann, round, "old"), keyed(&ann, &format!("young {round}"), "young"));
            shop.auth.keep_answer(&young, 409, &json!({}), None).await.unwrap();
            shop.auth.keep_answer(&old, 409, &json!({}), None).await.unwrap();
            shop.age_answer(round, 36 * 86_400).await;
            let key = |actor: &Actor| actor.via.client_key.clone().unwrap();
            let begun = Instant::now();
            while shop.auth.recall(&old, &key(&old)).await.unwrap().is_some() {
                assert!(begun.elapsed() < Duration::from_secs(10), "{round} is still there");
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            assert!(shop.auth.recall(&young, &key(&young)).await.unwrap().is_some());
        }
        pruning.abort();
        assert!(pruning.await.unwrap_err().is_cancelled());
        shop.close().await;
    })
    .await;
}

/// What becomes of an act in a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// It commits.
    Honest,
    /// It is dropped with its row.
    Dropped,
    /// Its future is dropped while it holds the act and its row.
    Cut,
    /// Its future is dropped in the middle of the commit: it may have happened, whole, or not at all.
    HungUp,
    /// Its future is dropped while it still waits for its turn.
    Impatient,
}

/// Comes back after that many polls.
async fn yields(count: usize) {
    for _ in 0..count {
        tokio::task::yield_now().await;
    }
}

async fn meets(auth: Auth, actor: Actor, here: StoreId, n: usize, fate: Fate) -> Option<auth::Done> {
    let name = format!("row {fate:?} {n}");
    let acting = async {
        let mut act = auth.act(&actor, Action::Sell.at(here)).await.expect("they may");
        leave_a_row(&mut act, &name).await;
        match fate {
            Fate::Honest => return Some(act.commit(Told).await.expect("it commits")),
            Fate::Dropped => drop(act),
            Fate::HungUp => tokio::select! {
                biased;
                _ = act.commit(Told) => {}
                () = yields(n) => {}
            },
            Fate::Cut | Fate::Impatient => std::future::pending().await,
        }
        None
    };
    match fate {
        Fate::Cut => tokio::time::timeout(Duration::from_millis(400), acting).await.unwrap_or(None),
        Fate::Impatient => tokio::time::timeout(Duration::from_millis(100), acting).await.unwrap_or(None),
        _ => acting.await,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn acts_that_are_cancelled_beside_honest_ones_take_nothing_with_them() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        let here = StoreId::new();
        let actor = employee(here);
        // Whoever holds SQLite's writer keeps the others waiting: they then share one commit.
        let first = shop.auth.act(&actor, Action::Sell.at(here)).await.unwrap();
        let fates = [Fate::Honest, Fate::Dropped, Fate::Honest, Fate::HungUp, Fate::Cut, Fate::Honest, Fate::Impatient];
        let act = |n| {
            let fate = fates[n % fates.len()];
            (fate, tokio::spawn(meets(shop.auth.clone(), actor.clone(), here, n, fate)))
        };
        let tasks: Vec<_> = (0..fates.len() * 3).map(act).collect();
        tokio::time::sleep(Duration::from_millis(200)).await;
        let commits = shop.db.committed();
        let before = *commits.borrow();
        first.commit(Told).await.unwrap();
        let mut seqs = HashSet::new();
        let mut honest = 0;
        for (fate, task) in tasks {
            let done = task.await.expect("nobody is hurt by a neighbour");
            assert_eq!(done.is_some(), fate == Fate::Honest, "{fate:?}");
            honest += usize::from(done.is_some());
            seqs.extend(done.and_then(|done| done.seq));
        }
        assert_eq!(seqs.len(), honest, "each has a line of its own");
        if shop.db.engine() == db::Engine::Sqlite {
            assert!(*commits.borrow() - before < honest as u64, "they shared commits");
        }
        shop.auth.act(&actor, Action::Sell.at(here)).await.unwrap().commit(Told).await.unwrap();
        let lines = shop.lines("test.thing_happened").await;
        let (left, whole) = (shop.rows_of("row Honest%").await, shop.rows_of("row HungUp%").await);
        assert_eq!(left, honest as i64);
        assert_eq!(rows(&shop).await, left + whole, "of the dropped ones nothing is left");
        assert_eq!(lines as i64, left + whole + 2, "an act and its line, or neither");
        assert_eq!(shop.log.verify().await.unwrap().findings, []);
        shop.close().await;
    })
    .await;
}

//! The journal keeps its promises on both engines: dense, in order, append-only, provable.

use crate::shop::{Shop, restart};
use db::{Db, test::on_each};
use model::{Actor, JournalId, StoreId, Via};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::json;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;
use storeroom_log::{Entry, Event, Log};
use tokio::time::timeout;

#[tokio::test(flavor = "multi_thread")]
async fn a_line_gets_the_next_number_and_is_told() {
    on_each(async |db: Db| {
        let shop = Shop::open(&db).await;
        let running = shop.log.start();
        let (mut lines, mut heads) = (shop.log.lines(), shop.log.heads());
        for expected in 1..=5 {
            assert_eq!(shop.happens("a", json!({ "n": expected })).await, expected);
            let told = timeout(Duration::from_secs(10), lines.recv()).await.expect("in time").expect("a line");
            assert_eq!(told.seq, expected);
            assert_eq!(&*told.body, format!("{{\"n\":{expected}}}"));
            heads.wait_for(|head| *head >= expected).await.expect("the head follows");
        }
        let mut tx = db.read().await.expect("a snapshot");
        assert_eq!(shop.log.head(&mut tx).await, Ok(5));
        let read = shop.log.read(&mut tx, 2, 2).await.expect("lines");
        assert_eq!(read.iter().map(|line| line.seq).collect::<Vec<_>>(), [3, 4]);
        drop(tx);
        running.stop().await;
        assert_eq!(shop.verify().await.findings, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_undone_leaves_no_line_and_no_gap() {
    on_each(async |db: Db| {
        let shop = Shop::open(&db).await;
        let running = shop.log.start();
        assert_eq!(shop.happens("kept", json!({})).await, 1);
        let mut tx = db.begin().await.expect("a transaction");
        shop.append(&mut tx, "undone", json!({})).await;
        drop(tx);
        assert_eq!(shop.happens("kept too", json!({})).await, 2);
        running.stop().await;
        assert_eq!((shop.verify().await.lines, shop.verify().await.findings), (2, vec![]));
    })
    .await;
}

struct Sold(StoreId);

impl Event for Sold {
    fn topic(&self) -> &'static str {
        "inventory.sale_posted"
    }
    fn subject(&self) -> String {
        "sale 1".to_owned()
    }
    fn store(&self) -> Option<StoreId> {
        Some(self.0)
    }
    fn body(&self) -> serde_json::Value {
        json!({ "quantity": "2" })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_says_who_did_what_where_and_from_which_device() {
    on_each(async |db: Db| {
        let shop = Shop::open(&db).await;
        let running = shop.log.start();
        let via = Via { request_id: "r-1".into(), device: "till\n2".into(), client_key: None };
        let (actor, id, store) = (Actor { via, ..Actor::system("ann") }, JournalId::new(), StoreId::new());
        let mut tx = db.begin().await.expect("a transaction");
        shop.log.append(&mut tx, Entry::of(id, &actor, &Sold(store))).await.expect("appended");
        tx.commit().await.expect("committed");
        let seq = shop.log.sealed(id).await.expect("sealed");
        let mut tx = db.read().await.expect("a snapshot");
        let line = shop.log.read(&mut tx, seq - 1, 1).await.expect("lines").remove(0);
        assert_eq!((line.id, line.topic.as_str(), line.store), (id, "inventory.sale_posted", Some(store)));
        assert_eq!((line.principal.as_str(), line.actor.as_str()), ("system", "ann"));
        assert_eq!((line.device.as_str(), line.request_id.as_str()), ("till\\n2", "r-1"));
        let outside = serde_json::to_value(&line).expect("JSON");
        assert_eq!(outside["body"], json!({ "quantity": "2" }));
        drop(tx);
        running.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_can_be_neither_changed_nor_deleted() {
    on_each(async |db: Db| {
        let shop = Shop::after(&db, 3).await;
        for sql in [
            "update log_journal set body = '{}' where seq = 2",
            "update log_journal set seq = null where seq = 3",
            "update log_journal set hash = prev_hash where seq = 3",
            "delete from log_journal where seq = 3",
            "delete from log_journal",
            "delete from log_head",
        ] {
            let mut tx = db.begin().await.expect("a transaction");
            assert!(db::execute!(&mut tx, sql).is_err(), "{sql}");
        }
        assert_eq!((shop.verify().await.lines, shop.verify().await.findings), (3, vec![]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_does_not_continue_the_chain_is_refused() {
    on_each(async |db: Db| {
        let shop = Shop::after(&db, 2).await;
        let mut tx = db.begin().await.expect("a transaction");
        let forged = db::execute!(
            &mut tx,
            "insert into log_journal
                 (id, at, topic, subject, principal, actor, device, request_id, body, seq, prev_hash, hash)
             select $1, at, topic, subject, principal, actor, device, request_id, body, 7, prev_hash, hash
             from log_journal where seq = 2",
            JournalId::new()
        );
        assert!(forged.is_err());
        drop(tx);
        assert_eq!(shop.verify().await.findings, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_journal_keeps_its_epoch_and_its_key() {
    on_each(async |db: Db| {
        let shop = Shop::after(&db, 1).await;
        let key = shop.folder.path().join("keys/journal.key");
        let before = std::fs::read(&key).expect("the key");
        let again = Log::open(db, shop.folder.path()).await.expect("it opens again");
        assert_eq!(again.epoch().await, shop.log.epoch().await);
        assert_eq!(std::fs::read(&key).expect("the key"), before);
        assert_eq!(std::fs::metadata(&key).expect("the key").permissions().mode() & 0o777, 0o600);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_waits_for_a_line_that_never_was() {
    on_each(async |db: Db| {
        let shop = Shop::open(&db).await;
        let running = shop.log.start();
        assert_eq!(shop.log.sealed(JournalId::new()).await, None);
        running.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_goes_on_where_it_was() {
    on_each(async |db: Db| {
        let shop = Shop::open(&db).await;
        let mut running = shop.log.start();
        for round in 1..=4 {
            assert_eq!(shop.happens("before", json!({})).await, 2 * round - 1);
            running = restart(&shop.log, running).await;
            assert_eq!(shop.happens("after", json!({})).await, 2 * round);
        }
        running.stop().await;
        let verified = shop.verify().await;
        assert_eq!((verified.lines, verified.findings), (8, vec![]));
        assert!(verified.checkpoints >= 4);
    })
    .await;
}

/// Any text that a person, a device or a module may bring along.
fn any_entry() -> impl Strategy<Value = (String, String, String, bool)> {
    (any::<String>(), any::<String>(), any::<String>(), any::<bool>())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_untouched_journal_verifies_whatever_it_holds() {
    on_each(async |db: Db| {
        let shop = Shop::open(&db).await;
        let running = shop.log.start();
        let mut runner = TestRunner::deterministic();
        let mut last = JournalId::new();
        for _ in 0..300 {
            let (subject, name, body, stored) = any_entry().new_tree(&mut runner).expect("an entry").current();
            let actor = Actor::system(&name);
            let store = stored.then(StoreId::new);
            last = JournalId::new();
            let body = json!({ "text": body, "keys": { body.clone(): [1, null] } }).to_string();
            let entry = Entry { id: last, actor: &actor, topic: "shop.thing_happened", subject, store, body };
            let mut tx = db.begin().await.expect("a transaction");
            shop.log.append(&mut tx, entry).await.expect("appended");
            tx.commit().await.expect("committed");
        }
        assert_eq!(shop.log.sealed(last).await, Some(300));
        running.stop().await;
        let verified = shop.verify().await;
        assert_eq!((verified.lines, verified.findings), (300, vec![]));
    })
    .await;
}

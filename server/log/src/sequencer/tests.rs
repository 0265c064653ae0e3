//! Whoever seals, however they fail: dense, no gap, no double, each subject in its order.

use super::term::{LEASE_MICROS, Sealed, Term};
use crate::{Entry, Log, Running};
use db::Db;
use model::{Actor, JournalId};
use serde_json::json;
use sqlx::{Connection, PgConnection};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::sync::Mutex;
use tokio::time::{sleep, timeout};

struct Cluster {
    url: String,
    db: Db,
    folder: TempDir,
}

impl Cluster {
    async fn open() -> Self {
        let url = db::test::fresh_postgres().await;
        let db = Db::open_postgres(&url).await.expect("PostgreSQL opens");
        db.migrate().await.expect("it migrates");
        Self { url, db, folder: tempfile::tempdir().expect("a temporary folder") }
    }

    /// The journal of another process, as far as the database can tell.
    async fn journal(&self) -> Log {
        let db = Db::open_postgres(&self.url).await.expect("PostgreSQL opens");
        let folder = self.folder.path().join(JournalId::new().to_string());
        Log::open(db, &folder).await.expect("the journal opens")
    }

    async fn process(&self) -> (Log, Running) {
        let log = self.journal().await;
        let running = log.start();
        (log, running)
    }

    async fn conn(&self) -> PgConnection {
        PgConnection::connect(&self.url).await.expect("a connection of its own")
    }

    async fn close(self) {
        self.db.close().await;
        db::test::drop_database(&self.url).await;
    }
}

async fn append(log: &Log, subject: &str, number: i64, keep: bool) -> JournalId {
    let (id, actor) = (JournalId::new(), Actor::system("ann"));
    let body = json!({ "number": number }).to_string();
    let entry = Entry { id, actor: &actor, topic: "shop.thing_happened", subject: subject.into(), store: None, body };
    let mut tx = log.inner.db.begin().await.expect("a transaction");
    log.append(&mut tx, entry).await.expect("appended");
    sleep(Duration::from_micros((id.0.as_u128() % 3_000) as u64)).await;
    if keep {
        tx.commit().await.expect("committed");
    }
    id
}

/// Writers that change their minds now and then; each subject's acts follow one another. Answers with what was kept.
async fn writers(log: &Log, count: i64, each: i64) -> HashMap<JournalId, (String, i64)> {
    let subjects: Vec<_> = (0..4).map(|n| Arc::new((format!("subject {n}"), Mutex::new(0)))).collect();
    let mut tasks = Vec::new();
    for writer in 0..count {
        let (log, subjects) = (log.clone(), subjects.clone());
        tasks.push(tokio::spawn(async move {
            let mut kept = Vec::new();
            for turn in 0..each {
                let subject = &subjects[usize::try_from((writer * 7 + turn * 3) % 4).expect("small")];
                let keep = (writer + turn * 5) % 4 != 0;
                let mut number = subject.1.lock().await;
                *number += 1;
                let id = append(&log, &subject.0, *number, keep).await;
                if keep {
                    kept.push((id, (subject.0.clone(), *number)));
                }
            }
            kept
        }));
    }
    let mut all = HashMap::new();
    for task in tasks {
        all.extend(task.await.expect("the writer ends well"));
    }
    all
}

/// Exactly these lines, numbered 1, 2, 3 …, each subject in its order, and the chain whole.
async fn assert_whole(log: &Log, kept: &HashMap<JournalId, (String, i64)>) {
    let mut tx = log.inner.db.read().await.expect("a snapshot");
    let lines = log.read(&mut tx, 0, 100_000).await.expect("lines");
    drop(tx);
    assert_eq!(lines.len(), kept.len());
    let mut last = HashMap::new();
    for (line, expected) in lines.iter().zip(1..) {
        assert_eq!(line.seq, expected);
        let (subject, number) = kept.get(&line.id).expect("only what was kept");
        assert_eq!(&line.subject, subject);
        assert!(last.insert(subject, *number).is_none_or(|before| before < *number), "{subject} out of order");
    }
    assert_eq!(log.verify().await.expect("readable").findings, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_sequencer_is_replaced_and_seals_nothing_when_it_wakes() {
    let cluster = Cluster::open().await;
    let mut paused = cluster.conn().await;
    Term::prepare(&mut paused).await.expect("prepared");
    let mut term = Term::elect(&mut paused).await.expect("asked").expect("the office is free");
    let log = cluster.journal().await;
    let early = append(&log, "subject", 1, true).await;
    assert!(matches!(term.seal(&mut paused).await, Ok(Sealed::Lines(lines)) if lines.len() == 1));
    // From here on it does nothing, and keeps its connection.
    let (since, running) = (Instant::now(), log.start());
    let late = append(&log, "subject", 2, true).await;
    assert_eq!(log.sealed(late).await, Some(2), "replaced within 5 s");
    let (waited, lease) = (since.elapsed(), Duration::from_micros(LEASE_MICROS as u64));
    assert!(waited > lease / 2, "its term was respected while it lived: {waited:?}");
    let kept = writers(&log, 4, 20).await;
    assert!(matches!(term.seal(&mut paused).await, Ok(Sealed::Deposed | Sealed::Nothing)));
    assert!(!term.beat(&mut paused).await.expect("asked"), "it learns that it was replaced");
    running.stop().await;
    let all = kept.into_iter().chain([(early, ("subject".into(), 1)), (late, ("subject".into(), 2))]).collect();
    assert_whole(&log, &all).await;
    cluster.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_woken_sequencer_with_a_batch_in_hand_stamps_nothing() {
    let cluster = Cluster::open().await;
    let log = cluster.journal().await;
    let (mut old, mut new) = (cluster.conn().await, cluster.conn().await);
    let mut first = Term::elect(&mut old).await.expect("asked").expect("the office is free");
    assert!(Term::elect(&mut new).await.expect("asked").is_none(), "nobody else while it lives");
    sleep(Duration::from_micros(LEASE_MICROS as u64 + 200_000)).await;
    let mut second = Term::elect(&mut new).await.expect("asked").expect("the lease is over");
    let id = append(&log, "subject", 1, true).await;
    assert!(matches!(first.seal(&mut old).await, Ok(Sealed::Deposed)));
    assert!(matches!(second.seal(&mut new).await, Ok(Sealed::Lines(lines)) if lines.len() == 1));
    assert_whole(&log, &HashMap::from([(id, ("subject".into(), 1))])).await;
    cluster.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_sequencer_is_replaced_before_its_lease_ends() {
    let cluster = Cluster::open().await;
    let (mut old, mut new) = (cluster.conn().await, cluster.conn().await);
    Term::elect(&mut old).await.expect("asked").expect("the office is free");
    old.close().await.expect("its backend ends");
    let elected = timeout(Duration::from_micros(LEASE_MICROS as u64), async {
        while Term::elect(&mut new).await.expect("asked").is_none() {
            sleep(Duration::from_millis(10)).await;
        }
    });
    elected.await.expect("sooner than the lease");
    cluster.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_processes_come_and_go_every_kept_line_is_sealed_once() {
    let cluster = Cluster::open().await;
    let (log, first) = cluster.process().await;
    let (other, second) = cluster.process().await;
    let mut told = other.lines();
    let writing = {
        let log = log.clone();
        tokio::spawn(async move { writers(&log, 8, 60).await })
    };
    sleep(Duration::from_millis(150)).await;
    first.stop().await;
    let (_third_log, third) = cluster.process().await;
    sleep(Duration::from_millis(150)).await;
    drop(third);
    let fourth = log.start();
    let kept = writing.await.expect("the writers end well");
    for (id, expected) in kept.keys().zip(0..) {
        assert!(log.sealed(*id).await.is_some(), "line {expected} is sealed");
    }
    fourth.stop().await;
    for expected in 1..=kept.len() as i64 {
        let line = timeout(Duration::from_secs(10), told.recv()).await.expect("in time").expect("no gap");
        assert_eq!(line.seq, expected, "the other process hears each line once, in order");
    }
    second.stop().await;
    assert_whole(&log, &kept).await;
    cluster.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn unsealed_lines_are_found_by_their_index() {
    let cluster = Cluster::open().await;
    let (log, running) = cluster.process().await;
    let kept = writers(&log, 4, 50).await;
    for id in kept.keys() {
        log.sealed(*id).await.expect("sealed");
    }
    running.stop().await;
    let mut conn = cluster.conn().await;
    Term::prepare(&mut conn).await.expect("prepared");
    let plan: Vec<String> = sqlx::query_scalar(
        "explain select ordinal, body from log_journal where seq is null order by ordinal limit 500",
    )
    .fetch_all(&mut conn)
    .await
    .expect("a plan");
    assert!(plan.join("\n").contains("log_journal_unsealed"), "{plan:?}");
    cluster.close().await;
}

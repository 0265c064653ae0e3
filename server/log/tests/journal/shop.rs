//! A shop with a journal, for the stories.

use db::{Db, Engine, Tx};
use log::{Entry, Log, Running, Verified};
use model::{Actor, JournalId};
use serde_json::{Value, json};
use storeroom_log as log;
use tempfile::TempDir;

pub struct Shop {
    pub db: Db,
    pub log: Log,
    pub folder: TempDir,
}

impl Shop {
    pub async fn open(db: &Db) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let log = Log::open(db.clone(), folder.path()).await.expect("the journal opens");
        Self { db: db.clone(), log, folder }
    }

    /// Runs while `count` things happen, one after the other, and stops cleanly: with a checkpoint.
    pub async fn after(db: &Db, count: usize) -> Self {
        let shop = Self::open(db).await;
        let running = shop.log.start();
        shop.happen(count).await;
        running.stop().await;
        shop
    }

    pub async fn happen(&self, count: usize) {
        for number in 0..count {
            self.happens(&format!("thing {number}"), json!({ "number": number })).await;
        }
    }

    /// One thing happens, in a transaction of its own; answers with its `seq`.
    pub async fn happens(&self, subject: &str, body: Value) -> i64 {
        let mut tx = self.db.begin().await.expect("a transaction opens");
        let id = self.append(&mut tx, subject, body).await;
        tx.commit().await.expect("it commits");
        self.log.sealed(id).await.expect("it is sealed")
    }

    pub async fn append(&self, tx: &mut Tx, subject: &str, body: Value) -> JournalId {
        let (id, actor) = (JournalId::new(), Actor::system("ann"));
        let (subject, body) = (subject.to_owned(), body.to_string());
        let entry = Entry { id, actor: &actor, topic: "shop.thing_happened", subject, store: None, body };
        let seq = self.log.append(tx, entry).await.expect("the line is appended");
        assert_eq!(seq.is_some(), tx.engine() == Engine::Sqlite);
        id
    }

    pub async fn verify(&self) -> Verified {
        self.log.verify().await.expect("the journal can be read")
    }

    /// Does what only someone who owns the database can do.
    pub async fn tamper(&self, sql: &[&'static str]) {
        let mut tx = self.db.begin().await.expect("a transaction opens");
        let walls: &[&'static str] = match self.db.engine() {
            Engine::Sqlite => &[
                "drop trigger if exists log_journal_continues",
                "drop trigger if exists log_journal_no_update",
                "drop trigger if exists log_journal_no_delete",
            ],
            Engine::Postgres => &["alter table log_journal disable trigger user"],
        };
        for sql in walls.iter().chain(sql) {
            db::execute!(&mut tx, *sql).expect("the owner may do anything");
        }
        tx.commit().await.expect("it commits");
    }
}

/// Stops what runs and starts it again, as a restart does.
pub async fn restart(log: &Log, running: Running) -> Running {
    running.stop().await;
    log.start()
}

//! A store with a journal, a ledger and its figures, on whatever engine.

use auth::Auth;
use bus::Bus;
use db::Db;
use inventory::Inventory;
use log::Log;
use model::{Actor, ItemId, NewItem};
use report::{Report, Running};
use serde_json::json;

/// A store in London, in which somebody may do everything.
pub struct Store {
    /// What it holds.
    pub inventory: Inventory,
    /// What its reports say.
    pub report: Report,
    /// Its journal.
    pub log: Log,
    /// Where all of it is kept.
    pub db: Db,
    /// Who may do everything.
    pub boss: Actor,
    journal: log::Running,
    counting: Running,
    _folder: tempfile::TempDir,
}

impl Store {
    /// Opens it in a fresh database.
    pub async fn open(db: Db) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let log = Log::open(db.clone(), folder.path()).await.expect("the journal opens");
        let auth = Auth::open(db.clone(), log.clone(), folder.path()).await.expect("auth opens");
        let bus = Bus::new(db.clone(), log.clone());
        let inventory = Inventory::new(auth.clone());
        let report = Report::new(auth, inventory.clone(), bus, log.clone());
        let (journal, counting) = (log.start(), report.start());
        let boss = Actor::system("boss");
        inventory.add_store(&boss, "LON", "London", "GBP", "Europe/London").await.expect("a store");
        Self { inventory, report, log, db, boss, journal, counting, _folder: folder }
    }

    /// Adds an item; `kind` is `stocked` or `service`.
    pub async fn add_item(&self, sku: &str, name: &str, kind: &str) {
        let item = json!({ "id": ItemId::new(), "sku": sku, "name": name, "kind": kind });
        let item: NewItem = serde_json::from_value(item).expect("an item");
        self.inventory.add_item(&self.boss, item).await.expect("it is added");
    }

    /// Waits until the figures hold everything that was posted.
    pub async fn settle(&self) {
        let mut tx = self.db.read().await.expect("a snapshot");
        let head = self.log.head(&mut tx).await.expect("a head");
        drop(tx);
        self.report.caught_up(head).await;
    }

    /// In what the figures differ from the journal, if in anything.
    pub async fn verified(&self) -> Option<String> {
        let mut tx = self.db.read().await.expect("a snapshot");
        self.report.verify(&mut tx).await.expect("it reads")
    }

    /// Ends it.
    pub async fn close(self) {
        self.counting.stop().await;
        self.journal.stop().await;
    }
}

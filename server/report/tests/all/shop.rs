//! A shop with a journal, a ledger and its figures, on whatever engine.

use auth::Auth;
use bus::Bus;
use db::Db;
use inventory::Inventory;
use log::Log;
use model::{Actor, NewItem, NewLine, NewReturn, NewReversal, NewSale, Period, PostingId, RankBy, Receipt};
use storeroom_report::{Report, Running};

pub struct Shop {
    pub inventory: Inventory,
    pub report: Report,

    pub log: Log,
    pub db: Db,
    pub boss: Actor,
    journal: log::Running,
    counting: Running,
    _folder: tempfile::TempDir,
}

impl Shop {
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
        for (sku, name, kind) in
            [("85123A", "White heart", "stocked"), ("71053", "Lantern", "stocked"), ("POST", "Postage", "service")]
        {
            let item = serde_json::json!({ "id": model::ItemId::new(), "sku": sku, "name": name, "kind": kind });
            let item: NewItem = serde_json::from_value(item).expect("an item");
            inventory.add_item(&boss, item).await.expect("it is added");
        }
        Self { inventory, report, log, db, boss, journal, counting, _folder: folder }
    }

    pub async fn close(self) {
        self.counting.stop().await;
        self.journal.stop().await;
    }

    pub async fn sell(&self, at: &str, lines: &[(&str, &str, &str)]) -> Receipt {
        let sale = NewSale {
            id: PostingId::new(),
            store: "LON".into(),
            occurred_at: Some(at.parse().expect("a time")),
            channel: model::Channel::Till,
            number: None,
            lines: new_lines(lines),
        };
        self.inventory.post_sale(&self.boss, sale).await.expect("a sale is never refused")
    }

    pub async fn take_back(&self, at: &str, lines: &[(&str, &str, &str)]) -> Receipt {
        let back = NewReturn {
            id: PostingId::new(),
            store: "LON".into(),
            occurred_at: Some(at.parse().expect("a time")),
            number: None,
            reason: None,
            sale: None,
            to: model::ReturnTo::Shelf,
            lines: new_lines(lines),
        };
        self.inventory.post_return(&self.boss, back).await.expect("it comes back")
    }

    pub async fn undo(&self, receipt: &Receipt) -> Receipt {
        let undo = NewReversal { id: PostingId::new(), reason: None };
        self.inventory.reverse(&self.boss, receipt.id, undo).await.expect("it is undone")
    }

    /// Waits until the figures hold everything that was posted.
    pub async fn settle(&self) {
        let mut tx = self.db.read().await.expect("a snapshot");
        let head = self.log.head(&mut tx).await.expect("a head");
        drop(tx);
        self.report.caught_up(head).await;
    }

    pub async fn best(&self, from: &str, to: &str, by: RankBy) -> Vec<(String, String, String)> {
        let found = self.report.most_sold(&self.boss, "LON", &period(from, to), by, 10).await.expect("a list");
        let row = |row: model::MostSold| (row.sku, row.quantity.to_string(), row.value.to_string());
        found.data.into_iter().map(row).collect()
    }

    pub async fn verified(&self) -> Option<String> {
        let mut tx = self.db.read().await.expect("a snapshot");
        self.report.verify(&mut tx).await.expect("it reads")
    }
}

pub fn new_lines(lines: &[(&str, &str, &str)]) -> Vec<NewLine> {
    let line = |(sku, quantity, price): &(&str, &str, &str)| NewLine {
        sku: (*sku).into(),
        quantity: quantity.parse().expect("a quantity"),
        unit_price: Some(price.parse().expect("a price")),
        lot: None,
    };
    lines.iter().map(line).collect()
}

pub fn period(from: &str, to: &str) -> Period {
    Period { from: from.into(), to: to.into() }
}

pub fn row(sku: &str, quantity: &str, value: &str) -> (String, String, String) {
    (sku.into(), quantity.into(), value.into())
}

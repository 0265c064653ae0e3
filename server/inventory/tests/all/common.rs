//! A store with a few items, on each engine.

use crate::aside::{NextDoor, twice};
use auth::Auth;
use db::{Db, test::on_each};
use log::{Log, Running};
use model::{
    Action, Actor, ApprovalLimit, Approver, Channel, Corrected, Error, Grant, ItemId, ItemKind, Line, Money,
    NewAdjustment, NewItem, NewLine, NewReceipt, NewReturn, NewSale, PaperKind, PersonId, PostingId, Principal,
    Quantity, Receipt, Result, ReturnTo, Role, RulesPatch, StockRow,
};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use storeroom_inventory::Inventory;

/// A store that is open, with what it takes to close it.
pub struct Open {
    pub db: Db,
    pub log: Log,
    pub inventory: Inventory,
    pub owner: Actor,
    running: Option<Running>,
    /// How many acts were insisted on, and how many steps were looked at.
    played: (Cell<usize>, Cell<usize>),
    /// Up to which line the journal was looked at.
    looked: Cell<i64>,
    pub next_door: NextDoor,
    _folder: tempfile::TempDir,
}

/// How many random sequences each model plays on each engine; `STOREROOM_SEQUENCES` plays more. Eleven models on two engines
/// make 3 696 of them.
const SEQUENCES: usize = 168;

/// Plays random sequences on both engines: `story` gets a fresh database, where they come from, and how many it plays
/// there. That is at most `at_once`, since all that was played is looked at after each of them.
pub async fn play_on_each(at_once: usize, story: impl AsyncFn(Db, TestRunner, usize)) {
    let wanted = wanted();
    for round in 0..wanted.div_ceil(at_once) {
        let seed: [u8; 32] = std::array::from_fn(|at| round.to_le_bytes().get(at).copied().unwrap_or(7));
        on_each(async |db| {
            let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
            story(db, TestRunner::new_with_rng(Config::default(), rng), at_once.min(wanted - round * at_once)).await;
        })
        .await;
    }
}

fn wanted() -> usize {
    std::env::var("STOREROOM_SEQUENCES").ok().and_then(|n| n.parse().ok()).unwrap_or(SEQUENCES)
}

/// Goes on with it so many times, and then lets it go, wherever it is.
async fn cut(times: usize, act: impl Future) {
    let (mut act, mut left) = (pin!(act), times);
    poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(());
        }
        left -= 1;
        act.as_mut().poll(context).map(drop)
    })
    .await;
}

/// The SKUs of the items that are stocked.
pub const SKUS: [&str; 3] = ["CUP", "MUG", "PLATE"];
/// The SKU of the one that is not.
pub const POST: &str = "POST";

/// Opens the store LON with its items on a fresh database.
pub async fn open(db: Db) -> Open {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let log = Log::open(db.clone(), folder.path()).await.expect("the journal opens");
    let running = log.start();
    let auth = Auth::open(db.clone(), log.clone(), folder.path()).await.expect("auth opens");
    let inventory = Inventory::new(auth);
    let owner = Actor::system("test");
    inventory.add_store(&owner, "LON", "London", "GBP", "Europe/London").await.expect("the store opens");
    for (sku, kind) in SKUS.map(|sku| (sku, ItemKind::Stocked)).into_iter().chain([(POST, ItemKind::Service)]) {
        inventory.add_item(&owner, item(sku, kind)).await.expect("the item is added");
    }
    let (played, looked, next_door) = Default::default();
    Open { db, log, inventory, owner, running: Some(running), played, looked, next_door, _folder: folder }
}

impl Open {
    /// Ends what runs in the background; after a model has played, once the whole journal is as it was sealed.
    pub async fn close(mut self) {
        if self.played.1.get() > 0 {
            let whole = self.log.verify().await.expect("the journal can be read");
            assert!(whole.findings.is_empty(), "{}", whole.findings[0]);
        }
        if let Some(running) = self.running.take() {
            running.stop().await;
        }
    }

    /// The stock of an item at the selling location.
    pub async fn level(&self, sku: &str) -> StockRow {
        let level = self.inventory.level(&self.owner, "LON", sku).await.expect("the level can be read");
        level.expect("the item has moved")
    }

    /// What somebody asks who may be gone in the middle of it and asks the same again, or who asks twice at once: it is
    /// done once, however far the first came. Every third is cut off, each time a little later than the last; every sixth
    /// is asked twice. Who is told to come again does.
    pub async fn insist<T>(&self, act: impl AsyncFn() -> Result<T>) -> Result<T> {
        let turn = self.played.0.replace(self.played.0.get() + 1);
        if turn.is_multiple_of(3) {
            cut(turn / 3 % 67, Box::pin(act())).await;
        }
        // On the heap: the futures of a whole act, some of them at once, are more than the stack of a test holds.
        let mut told = if turn % 6 == 1 { Box::pin(twice(&act)).await } else { Box::pin(act()).await };
        for _ in 0..9 {
            if !matches!(told, Err(Error::Busy)) {
                break;
            }
            told = Box::pin(act()).await;
        }
        told
    }

    /// Looks at the whole after a step: after each one where more sequences are played than always; otherwise after the
    /// first eight of every five hundred (a fresh database has them, and so has about every 25th sequence) and after every
    /// fortieth.
    pub async fn stepped(&self) {
        let step = self.played.1.replace(self.played.1.get() + 1);
        if step % 500 < 8 || step.is_multiple_of(40) || wanted() > SEQUENCES {
            self.assert_sound().await;
        }
    }

    /// Fails with the first thing that is wrong in the ledger, next door, or in what was sealed in the journal since the
    /// last look.
    pub async fn assert_sound(&self) {
        let findings = self.inventory.verify(&self.owner).await.expect("the ledger can be read");
        assert!(findings.is_empty(), "{}", findings[0]);
        self.assert_next_door().await;
        let mut tx = self.db.read().await.expect("a snapshot");
        let head = self.log.head(&mut tx).await.expect("the journal has a head");
        drop(tx);
        let tail = self.log.verify_tail(head - self.looked.replace(head)).await.expect("the journal can be read");
        assert!(tail.findings.is_empty(), "{}", tail.findings[0]);
    }

    /// Someone with that role in the store LON.
    pub async fn someone(&self, role: Role) -> Actor {
        let store = self.inventory.store(&self.owner, Action::SeeStock, "LON").await.expect("the store is known");
        let principal = Principal::Person(PersonId::new());
        Actor { principal, grants: vec![Grant { role, store: Some(store.id) }], ..Actor::system("ann") }
    }
}

pub fn item(sku: &str, kind: ItemKind) -> NewItem {
    NewItem {
        id: ItemId::new(),
        sku: sku.to_owned(),
        name: format!("a {sku}"),
        barcodes: vec![format!("50{sku}")],
        packs: Vec::new(),
        unit: "piece".to_owned(),
        price: Some(money("2.55")),
        kind,
        costing: Default::default(),
    }
}

pub fn line(sku: &str, quantity: &str) -> NewLine {
    NewLine {
        sku: sku.to_owned(),
        quantity: units(quantity),
        unit_price: Some(money("2.55")),
        lot: None,
        serials: Vec::new(),
    }
}

pub fn sale(lines: Vec<NewLine>) -> NewSale {
    NewSale {
        id: PostingId::new(),
        store: "LON".into(),
        occurred_at: None,
        channel: Channel::Till,
        number: None,
        lines,
        lists: Vec::new(),
    }
}

pub fn give_back(lines: Vec<NewLine>) -> NewReturn {
    let (id, store, to) = (PostingId::new(), "LON".into(), ReturnTo::Shelf);
    NewReturn { id, store, occurred_at: None, number: None, reason: None, sale: None, to, lines }
}

pub fn receipt(lines: Vec<NewLine>) -> NewReceipt {
    let rejected = Vec::new();
    NewReceipt {
        lots: Vec::new(),
        id: PostingId::new(),
        store: "LON".into(),
        occurred_at: None,
        number: None,
        order: None,
        lines,
        rejected,
    }
}

pub fn adjustment(sku: &str, quantity: &str) -> NewAdjustment {
    NewAdjustment {
        id: PostingId::new(),
        store: "LON".into(),
        occurred_at: None,
        number: None,
        reason: "damaged".into(),
        lines: vec![Line { sku: sku.into(), quantity: units(quantity), reason: None, lot: None, serials: Vec::new() }],
    }
}

pub fn units(text: &str) -> Quantity {
    text.parse().expect("a quantity")
}

pub fn money(text: &str) -> Money {
    text.parse().expect("an amount")
}

/// Above that amount, somebody else approves documents of that kind; `None` lifts the limit.
pub fn limit_of(kind: PaperKind, amount: Option<Money>) -> RulesPatch {
    RulesPatch { limits: vec![ApprovalLimit { kind, amount, approver: Approver::Manager }], ..RulesPatch::default() }
}

/// The receipt of what was booked at once.
pub fn booked(corrected: impl Into<Option<Corrected>>) -> Receipt {
    match corrected.into() {
        Some(Corrected::Posted(receipt)) => *receipt,
        other => panic!("{other:?}"),
    }
}

//! `kill -9` while goods are ordered, received and sent on: each step of each document is done once, however often it is sent.

use crate::kill::Victim;
use crate::kit::{Ask, Badge};
use model::{PaperId, PostingId, SupplierId};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::time::{Instant, sleep};

const CLIENTS: usize = 4;
/// How many steps are answered before each blow, at least, and how long work then goes on, at most.
const ANSWERED: usize = 10;
const WORK_MS: u64 = 120;

/// Two of an item are ordered, come, and one of them goes to the other store; and how many of its steps were answered.
struct Life {
    order: PaperId,
    receipt: PostingId,
    transfer: PaperId,
    leaves: PostingId,
    arrives: PostingId,
    done: usize,
}

impl Life {
    fn new() -> Self {
        let (order, transfer) = (PaperId::new(), PaperId::new());
        let [receipt, leaves, arrives] = [(); 3].map(|()| PostingId::new());
        Self { order, receipt, transfer, leaves, arrives, done: 0 }
    }

    /// The step that comes next; the same request every time that it is sent. None when all is done.
    fn next(&self, supplier: SupplierId) -> Option<Ask> {
        let Self { order, receipt, transfer, leaves, arrives, done } = self;
        let line = |quantity: &str| json!([{ "sku": "85123A", "quantity": quantity }]);
        let moved = |id: &PostingId, step: Value| {
            Ask::post(&format!("/api/v1/transfers/{transfer}/steps"), &json!({ "id": id, "step": step }))
        };
        let stepped = |step: &str| {
            Ask::post(&format!("/api/v1/purchase-orders/{order}/{step}"), &json!({})).header("if-match", "*")
        };
        let ask = match done {
            0 => {
                let lines = json!([{ "sku": "85123A", "quantity": "2", "unit_cost": "1" }]);
                let new = json!({ "id": order, "store": "LON", "supplier": supplier, "lines": lines });
                Ask::post("/api/v1/purchase-orders", &new)
            }
            1 => stepped("submit"),
            2 => stepped("send"),
            3 => {
                let new = json!({ "id": receipt, "store": "LON", "order": order, "lines": line("2") });
                Ask::post("/api/v1/receipts", &new)
            }
            4 => {
                let new = json!({ "id": transfer, "store": "LON", "to_store": "PAR", "lines": line("1") });
                Ask::post("/api/v1/transfers", &new)
            }
            5 => moved(leaves, json!("dispatch")),
            6 => moved(arrives, json!({ "arrive": {} })),
            _ => return None,
        };
        Some(ask.header("idempotency-key", &format!("{order}-{done}")))
    }
}

/// Takes the next step of the last of these lives; false when the server is gone.
async fn step(key: &Badge, at: SocketAddr, supplier: SupplierId, lives: &mut Vec<Life>) -> bool {
    let life = lives.last_mut().expect("one is under way");
    let Some(ask) = life.next(supplier) else {
        lives.push(Life::new());
        return true;
    };
    let Ok(answer) = key.on(ask).try_send(at).await else { return false };
    if answer.status != 503 {
        assert!(matches!(answer.status, 200 | 201), "step {}: {} {}", life.done, answer.status, answer.text());
        life.done += 1;
    }
    true
}

async fn survives(victim: &Victim, blows: u64) {
    victim.done(&["store", "add", "PAR", "Paris", "--currency", "GBP", "--time-zone", "Europe/Paris"]);
    let supplier = SupplierId::new();
    let mut lives: Vec<Vec<Life>> = (0..CLIENTS).map(|_| vec![Life::new()]).collect();
    let mut server = victim.start().await;
    let new = json!({ "id": supplier, "code": "PENS", "name": "Pens" });
    let ask = Ask::post("/api/v1/suppliers", &new).header("idempotency-key", "supplier");
    assert_eq!(victim.key.on(ask).send(victim.at).await.status, 201);
    for blow in 0..blows {
        let answered = Arc::new(AtomicUsize::new(0));
        let work = lives.drain(..).map(|mut lives| {
            let (key, at, answered) = (victim.key.clone(), victim.at, answered.clone());
            tokio::spawn(async move {
                while step(&key, at, supplier, &mut lives).await {
                    answered.fetch_add(1, Ordering::Relaxed);
                }
                lives
            })
        });
        let work: Vec<_> = work.collect();
        let until = Instant::now() + Duration::from_secs(30);
        while answered.load(Ordering::Relaxed) < ANSWERED {
            assert!(Instant::now() < until, "{ANSWERED} steps within 30 s");
            sleep(Duration::from_millis(5)).await;
        }
        sleep(Duration::from_millis(blow * 7_919 % WORK_MS)).await;
        server.blow();
        for client in work {
            lives.push(client.await.expect("no answer but that it is done"));
        }
        server = victim.start().await;
    }
    for lives in &mut lives {
        let last = lives.len();
        while lives.len() == last {
            assert!(step(&victim.key, victim.at, supplier, lives).await, "the server lives");
        }
    }
    let count = lives.iter().map(|lives| lives.len() - 1).sum::<usize>();
    assert!(count >= CLIENTS, "there was work: {count} lives");
    every_step_counts_once(victim, count).await;
    server.blow();
    let verified = victim.command(&["verify"]).output().expect("the binary runs");
    assert_eq!(verified.status.code(), Some(0), "{verified:?}");
}

/// Of two that came one is here and one there, each order and each move is done, and the journal told each step once.
async fn every_step_counts_once(victim: &Victim, count: usize) {
    let get = async |path: &str| victim.key.on(Ask::get(path)).send(victim.at).await.json();
    for store in ["LON", "PAR"] {
        let stock = get(&format!("/api/v1/stock?store={store}&sku=85123A")).await;
        assert_eq!(stock["data"][0]["on_hand"], count.to_string(), "{store}: none lost, none doubled: {stock}");
    }
    let mut told = std::collections::BTreeMap::<String, usize>::new();
    let mut after = 0;
    loop {
        let page = get(&format!("/api/v1/events?after={after}&limit=200")).await;
        for event in page["data"].as_array().expect("rows") {
            after = event["seq"].as_i64().expect("a seq");
            *told.entry(event["type"].as_str().expect("a type").to_owned()).or_default() += 1;
        }
        if page["next"].is_null() {
            break;
        }
    }
    for (step, times) in [
        ("purchase_order_written", 1),
        ("purchase_order_approved", 1),
        ("purchase_order_sent", 1),
        ("receipt_posted", 1),
        ("transfer_written", 1),
        // It leaves, and it arrives.
        ("goods_moved", 2),
    ] {
        assert_eq!(told.get(&format!("inventory.{step}")), Some(&(times * count)), "{step}: {told:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_blows_on_sqlite_lose_and_double_no_step() {
    survives(&Victim::new(None), 10).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn four_blows_on_postgresql_lose_and_double_no_step() {
    let url = db::test::fresh_postgres().await;
    survives(&Victim::new(Some(url.clone())), 4).await;
    db::test::drop_database(&url).await;
}

//! Documents of each kind, many enough that their lists are long.

use crate::Outcome;
use crate::client::Client;
use crate::lists::sku;
use hyper::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

/// Documents that are written at once.
const LANES: usize = 16;
/// The most of a kind.
const MOST: usize = 20_000;
/// Lines of one delivery of lots.
const LOTS: usize = 500;
/// What is sold over and over, and what comes by lot.
pub const SOLD: &str = "00001A";
const BY_LOT: &str = "00002A";

/// What is written, and where.
#[derive(Clone, Copy)]
enum Paper {
    Order,
    Purchase(Uuid),
    Transfer,
    Count,
    Sale,
    Lots,
}

impl Paper {
    const fn path(self) -> &'static str {
        match self {
            Self::Order => "/api/v1/orders",
            Self::Purchase(_) => "/api/v1/purchase-orders",
            Self::Transfer => "/api/v1/transfers",
            Self::Count => "/api/v1/counts",
            Self::Sale => "/api/v1/sales",
            Self::Lots => "/api/v1/receipts",
        }
    }

    /// How many of them make that many rows of a list.
    const fn for_rows(self, rows: usize) -> usize {
        match self {
            Self::Lots => rows.div_ceil(LOTS),
            _ => rows,
        }
    }

    fn at(self, at: usize) -> Value {
        let (id, store) = (Uuid::now_v7(), "LON");
        // Each of another item, as documents are, and none that is archived: every seventh is.
        let item = sku(at + at / 6 + 1);
        let lines = json!([{ "sku": item, "quantity": "1" }]);
        match self {
            Self::Order => json!({ "id": id, "store": store, "content": {
                "customer": format!("Customer {at}"), "lines": [{ "sku": item, "quantity": "1", "unit_price": "2.55" }] } }),
            Self::Purchase(supplier) => json!({ "id": id, "store": store, "supplier": supplier,
                "lines": [{ "sku": item, "quantity": "1", "unit_cost": "1" }] }),
            Self::Transfer => json!({ "id": id, "store": store, "to_store": "PAR", "lines": lines }),
            Self::Count => json!({ "id": id, "store": store, "by": "items", "skus": [item] }),
            Self::Sale => json!({ "id": id, "store": store,
                "lines": [{ "sku": SOLD, "quantity": "1", "unit_price": "2.55" }] }),
            Self::Lots => {
                let lines: Vec<_> = (0..LOTS).map(|_| json!({ "sku": BY_LOT, "quantity": "1" })).collect();
                let lot = |line: usize| {
                    let day = (at * LOTS + line) % 28 + 1;
                    json!({ "line": line + 1, "lot": format!("L{at}-{line}"), "expires_on": format!("2099-01-{day:02}") })
                };
                let lots: Vec<_> = (0..LOTS).map(lot).collect();
                json!({ "id": id, "store": store, "lines": lines, "lots": lots })
            }
        }
    }
}

/// Writes as many of each kind as a tenth of the items, with the second store that there is.
pub async fn write(port: u16, key: &str, items: usize) -> Outcome {
    let mut client = Client::open(port).await?;
    let supplier = Uuid::now_v7();
    client.post(key, "/api/v1/suppliers", &json!({ "id": supplier, "code": "ACME", "name": "Acme" })).await?;
    by_lot(&mut client, key).await?;
    let rows = (items / 10).min(MOST);
    let papers = [Paper::Order, Paper::Purchase(supplier), Paper::Transfer, Paper::Count, Paper::Sale, Paper::Lots];
    for paper in papers {
        let count = paper.for_rows(rows);
        // Those who bring the same item wait for each other, on PostgreSQL not in turn: one after the other none gives up.
        let at_once = if matches!(paper, Paper::Lots) { 1 } else { LANES };
        let lanes = (0..at_once).map(|lane| {
            let key = key.to_owned();
            tokio::spawn(async move {
                let mut client = Client::open(port).await?;
                for at in (lane..count).step_by(at_once) {
                    client.post(&key, paper.path(), &paper.at(at)).await?;
                }
                Outcome::Ok(())
            })
        });
        for lane in lanes.collect::<Vec<_>>() {
            lane.await??;
        }
    }
    Ok(())
}

/// From now on an item is told apart by lot.
async fn by_lot(client: &mut Client, key: &str) -> Outcome {
    let (bearer, once) = (format!("Bearer {key}"), Uuid::now_v7().to_string());
    let headers = [
        ("authorization", bearer.as_str()),
        ("content-type", "application/json"),
        ("idempotency-key", &once),
        ("if-match", "*"),
    ];
    let path = format!("/api/v1/items/{BY_LOT}");
    let body = json!({ "tracking": "lot" }).to_string();
    let (status, _, body) = client.send("PATCH", &path, &headers, body).await?;
    if status == StatusCode::OK { Ok(()) } else { Err(String::from_utf8_lossy(&body).into()) }
}

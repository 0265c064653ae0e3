//! What goods cost travels: told over REST, asked for over REST, with nothing of it for those who may not.

use crate::kit::{Badge, Shop, on_each};
use model::PostingId;
use serde_json::{Value, json};

fn of(quantity: &str) -> Value {
    json!({ "id": PostingId::new(), "store": "LON", "lines": [{ "sku": "A1", "quantity": quantity }] })
}

async fn posted(shop: &Shop, key: &Badge, path: &str, body: &Value) -> Value {
    let answer = shop.post(key, path, body).await;
    assert_eq!(answer.status, 201, "{path}: {}", answer.text());
    answer.json()
}

async fn read(shop: &Shop, key: &Badge, path: &str) -> Value {
    let mut tx = shop.house.db.read().await.expect("a snapshot");
    let head = shop.house.log.head(&mut tx).await.expect("a head");
    drop(tx);
    shop.house.report.caught_up(head).await;
    let answer = shop.get(key, path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.json()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipts_cost_is_told_later_and_what_it_makes_can_be_asked() {
    on_each(async |shop| {
        let key = shop.key(&["all"], None).await;
        let receipt = posted(&shop, &key, "/api/v1/receipts", &of("10")).await;
        let sale = posted(&shop, &key, "/api/v1/sales", &of("4")).await;
        let costs = json!({ "id": PostingId::new(), "lines": [{ "line": 1, "unit_cost": "2" }], "landed": "1" });
        let path = format!("/api/v1/receipts/{}/costs", receipt["id"].as_str().expect("an id"));
        let told = posted(&shop, &key, &path, &costs).await;
        assert_eq!(told, posted(&shop, &key, &path, &costs).await, "sent again, it counts once");

        let worth = read(&shop, &key, "/api/v1/reports/stock-value?store=LON").await;
        assert_eq!((&worth["value"], &worth["data"][0]["sku"]), (&json!("12.60"), &json!("A1")));
        let seq = sale["seq"].as_i64().expect("it is sealed");
        let then = read(&shop, &key, &format!("/api/v1/reports/stock-value?store=LON&seq={seq}")).await;
        assert_eq!(then["value"], "0.00", "nobody had said a cost");
        let layers = read(&shop, &key, "/api/v1/reports/cost-layers?store=LON&sku=A1").await;
        assert_eq!((&layers["data"][0]["left"], &layers["data"][0]["known"]), (&json!("6"), &json!(true)));
        let cost = format!("/api/v1/reports/postings/{}/cost", sale["id"].as_str().expect("an id"));
        assert_eq!(read(&shop, &key, &cost).await["cost"], "0.00", "what was said of the sale stands");
        let margin = read(&shop, &key, "/api/v1/reports/margin?store=LON&from=2020-01-01&to=2029-01-01").await;
        assert_eq!((&margin["total"]["cost"], &margin["total"]["revaluation"]), (&json!("0.00"), &json!("8.40")));
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_about_cost_that_makes_no_sense_is_told_what_to_mend() {
    on_each(async |shop| {
        let key = shop.key(&["all"], None).await;
        let receipt = posted(&shop, &key, "/api/v1/receipts", &of("10")).await;
        let costs = |body: Value| {
            let path = format!("/api/v1/receipts/{}/costs", receipt["id"].as_str().expect("an id"));
            let (shop, key) = (&shop, &key);
            async move { shop.post(key, &path, &body).await.status }
        };
        assert_eq!(costs(json!({ "id": PostingId::new() })).await, 422);
        assert_eq!(costs(json!({ "id": PostingId::new(), "landed": "-1" })).await, 422);
        for (query, status) in [
            ("stock-value?store=LON&seq=1&as_of=2026-01-01T00:00:00Z", 400),
            ("stock-value?store=NONE", 422),
            ("stock-value?store=LON&sku=NONE", 404),
            ("margin?store=LON&from=2026-01-02&to=2026-01-01", 422),
            ("cost-layers?store=LON&sku=NONE", 404),
            ("postings/7/cost", 404),
        ] {
            let answer = shop.get(&key, &format!("/api/v1/reports/{query}")).await;
            assert_eq!(answer.status, status, "{query}: {}", answer.text());
        }
        shop.close().await;
    })
    .await;
}

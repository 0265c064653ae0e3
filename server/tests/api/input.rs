//! Bad input at every mutation: a clear 4xx that says what to do, never a 5xx, never an effect.

use crate::kit::{Ask, on_each, on_sqlite, sale};
use model::{PostingId, Role};
use serde_json::{Value, json};

const DOCUMENTS: [&str; 5] =
    ["/api/v1/sales", "/api/v1/returns", "/api/v1/adjustments", "/api/v1/receipts", "/api/v1/items"];

/// Bodies that are no document of any kind.
fn garbage() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("nothing", Vec::new()),
        ("half an object", br#"{"id":"#.to_vec()),
        ("not JSON", b"store=LON".to_vec()),
        ("invalid UTF-8", vec![b'"', 0xff, 0xfe, b'"']),
        ("an array", b"[]".to_vec()),
        ("a number", b"1e400".to_vec()),
        ("null", b"null".to_vec()),
        ("deep nesting", "[".repeat(5_000).into_bytes()),
        ("deep objects", r#"{"a":"#.repeat(1_000).into_bytes()),
        ("a million elements", format!("[{}1]", "1,".repeat(100_000)).into_bytes()),
        ("two documents", b"{} {}".to_vec()),
    ]
}

/// Sales that are nearly right.
fn nearly() -> Vec<(&'static str, Value)> {
    let with = |pointer: &str, value: Value| {
        let mut body = sale("1");
        *body.pointer_mut(pointer).expect("a place") = value;
        body
    };
    let mut unknown = sale("1");
    unknown["colour"] = "red".into();
    let mut inside = sale("1");
    inside["lines"][0]["colour"] = "red".into();
    let mut huge = sale("1");
    huge["lines"] = Value::Array(vec![json!({ "sku": "A1", "quantity": "1" }); 1_001]);
    vec![
        ("an unknown field", unknown),
        ("an unknown field in a line", inside),
        ("too many lines", huge),
        ("no lines", with("/lines", json!([]))),
        ("an id that is none", with("/id", json!("7"))),
        ("a number for a quantity", with("/lines/0/quantity", json!(1))),
        ("an overflowing quantity", with("/lines/0/quantity", json!("99999999999999999999999999"))),
        ("more than a line may hold", with("/lines/0/quantity", json!("1000000001"))),
        ("an exponent", with("/lines/0/quantity", json!("1e3"))),
        ("nothing of it", with("/lines/0/quantity", json!("0"))),
        ("less than nothing", with("/lines/0/quantity", json!("-1"))),
        ("not a number", with("/lines/0/quantity", json!("NaN"))),
        ("a price below zero", with("/lines/0/unit_price", json!("-1"))),
        ("an overflowing price", with("/lines/0/unit_price", json!("99999999999999999999"))),
        ("an unknown item", with("/lines/0/sku", json!("no such thing"))),
        ("a NUL in the item", with("/lines/0/sku", json!("A\u{0}1"))),
        ("an unknown store", with("/store", json!("NOWHERE"))),
        ("an object for a store", with("/store", json!({}))),
    ]
}

fn is_clear(what: &str, status: u16, text: &str) {
    assert!((400..500).contains(&status), "{what}: {status} {text}");
    let problem: Value = serde_json::from_str(text).unwrap_or_else(|_| panic!("{what}: no problem: {text}"));
    assert!(problem["detail"].as_str().is_some_and(|detail| detail.len() > 5), "{what}: {text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn garbage_is_refused_at_every_document_with_a_sentence() {
    on_sqlite(async |shop| {
        let key = shop.key(&["all"], None).await;
        for path in DOCUMENTS {
            for (what, body) in garbage() {
                let id = PostingId::new().to_string();
                let ask = Ask::new("POST", path).header("idempotency-key", &id).body("application/json", body);
                let answer = key.on(ask).send(shop.at).await;
                is_clear(&format!("{path}: {what}"), answer.status, &answer.text());
            }
            let form = Ask::new("POST", path).header("idempotency-key", "form-0001").body("text/plain", "{}");
            assert_eq!(key.on(form).send(shop.at).await.status, 415, "{path}");
        }
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sale_that_is_nearly_right_is_refused_and_changes_nothing() {
    on_each(async |shop| {
        let key = shop.key(&["all"], None).await;
        for (what, body) in nearly() {
            let answer = shop.post(&key, "/api/v1/sales", &body).await;
            is_clear(what, answer.status, &answer.text());
        }
        assert_eq!(shop.on_hand(&key).await, "0");
        assert_eq!(shop.post(&key, "/api/v1/sales", &sale("1")).await.status, 201, "and a right one is not");
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn garbage_at_a_server_function_is_a_4xx_too() {
    on_sqlite(async |shop| {
        let ann = shop.person("ann", Role::Employee, Some(&shop.london)).await;
        for path in storeroom::http::functions() {
            for (what, body) in garbage() {
                let ask = Ask::new("POST", path).body("application/json", body);
                let status = ann.on(ask).send(shop.at).await.status;
                // Some take no arguments at all, and so nothing can be wrong with them.
                assert!(status < 500, "{path}: {what}: {status}");
            }
        }
        for (what, body) in nearly() {
            let ask = ann.on(Ask::post("/api/inventory/post_sale", &json!({ "sale": body })));
            let answer = ask.send(shop.at).await;
            assert!((400..500).contains(&answer.status), "{what}: {} {}", answer.status, answer.text());
        }
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_that_is_none_is_refused_by_name() {
    on_sqlite(async |shop| {
        let key = shop.key(&["all"], None).await;
        for path in [
            "/api/v1/stock?limit=201",
            "/api/v1/stock?limit=-1",
            "/api/v1/stock?stroe=LON",
            "/api/v1/stock?cursor=made-up",
            "/api/v1/stock?as_of=yesterday",
            "/api/v1/stock?store=%00",
            "/api/v1/movements?cursor=AAAA",
            "/api/v1/events?after=x",
            "/api/v1/reports/most-sold",
            "/api/v1/reports/most-sold?store=LON&from=2026-13-01&to=2026-01-01",
            "/api/v1/reports/forecast-quality?store=LON&day=2026-13-01",
            "/api/v1/reports/stock-levels?limit=0",
            "/api/v1/reports/movements?colour=red",
        ] {
            let answer = shop.get(&key, path).await;
            is_clear(path, answer.status, &answer.text());
        }
        shop.close().await;
    })
    .await;
}

//! A sale travels: in over REST or from the till's page, out to everyone.

use crate::kit::{Ask, Badge, delivery, on_each, on_sqlite, sale, sale_of};
use model::{PostingId, Role};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_sale_over_rest_answers_with_the_receipt_and_lowers_stock() {
    on_each(async |shop| {
        let key = shop.key(&["all"], None).await;
        assert_eq!(shop.post(&key, "/api/v1/receipts", &delivery("10")).await.status, 201);
        let answer = shop.post(&key, "/api/v1/sales", &sale("3")).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        let receipt = answer.json();
        assert_eq!(receipt["lines"][0]["on_hand"], "7");
        assert!(receipt["seq"].as_i64().is_some_and(|seq| seq > 0), "{receipt}");
        assert_eq!(shop.on_hand(&key).await, "7");
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_sale_again_changes_nothing_and_another_with_its_id_is_a_conflict() {
    on_each(async |shop| {
        let key = shop.key(&["all"], None).await;
        let id = PostingId::new();
        let first = shop.post(&key, "/api/v1/sales", &sale_of(id, "3")).await;
        let again = shop.post(&key, "/api/v1/sales", &sale_of(id, "3")).await;
        assert!(matches!((first.status, again.status), (201, 200 | 201)), "{} {}", first.text(), again.text());
        assert_eq!(first.json()["seq"], again.json()["seq"]);
        assert_eq!(shop.on_hand(&key).await, "-3");
        let other = shop.post(&key, "/api/v1/sales", &sale_of(id, "4")).await;
        assert_eq!(other.status, 409, "{}", other.text());
        assert_eq!(shop.on_hand(&key).await, "-3");
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_again_is_answered_from_memory_and_with_another_body_refused() {
    on_each(async |shop| {
        let key = shop.key(&["all"], None).await;
        let body = sale("1");
        let ask = |body| key.on(Ask::post("/api/v1/sales", body).header("idempotency-key", "till-7-0001"));
        let first = ask(&body).send(shop.at).await;
        let again = ask(&body).send(shop.at).await;
        assert_eq!((first.status, again.status), (201, 201), "{} {}", first.text(), again.text());
        assert_eq!(first.json()["seq"], again.json()["seq"]);
        assert_eq!(ask(&sale("1")).send(shop.at).await.status, 422);
        let without = key.on(Ask::post("/api/v1/sales", &sale("1"))).send(shop.at).await;
        assert!((400..500).contains(&without.status), "a key is required: {}", without.text());
        assert_eq!(shop.on_hand(&key).await, "-1");
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_till_sells_through_its_server_function() {
    on_sqlite(async |shop| {
        let ann = shop.person("ann", Role::Employee, Some(&shop.london)).await;
        let ask = ann.on(Ask::post("/api/inventory/post_sale", &json!({ "sale": sale("2") })));
        let answer = ask.send(shop.at).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.json()["lines"][0]["on_hand"], "-2");
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_made_is_not_posted_by_whoever_has_signed_in_since_and_waits_for_its_maker() {
    on_each(async |shop| {
        let key = shop.key(&["all"], None).await;
        let ann = shop.person("ann", Role::Employee, Some(&shop.london)).await;
        let mark = shop.person("mark", Role::Manager, Some(&shop.london)).await;
        let by = shop.id_of("ann").await;
        let ask = async |badge: &Badge, function: &str, mut body: serde_json::Value| {
            body["by"] = json!(by);
            badge.on(Ask::post(&format!("/api/inventory/{function}"), &body)).send(shop.at).await
        };
        let sold = sale("2");
        assert_eq!(ask(&ann, "post_sale", json!({ "sale": sold })).await.status, 200);
        let lines = json!([{ "sku": "A1", "quantity": "1" }]);
        let made = [
            ("adjust", json!({ "adjustment": { "id": PostingId::new(), "store": "LON", "reason": "found", "lines": lines } })),
            ("reverse", json!({ "posting": sold["id"], "reversal": { "id": PostingId::new() } })),
            ("count", json!({ "count": { "id": PostingId::new(), "store": "LON", "sku": "A1", "counted": "7", "version": 3, "reason": "found" } })),
        ];
        for (function, body) in &made {
            let before = shop.on_hand(&key).await;
            let refused = ask(&mark, function, body.clone()).await;
            assert_eq!((refused.status, refused.text().as_str()), (401, r#"{"said":"signed_out"}"#), "{function}");
            assert_eq!(shop.on_hand(&key).await, before, "{function}: nothing was booked");
            let posted = ask(&ann, function, body.clone()).await;
            assert_eq!(posted.status, 200, "{function}, with the same id: {}", posted.text());
        }
        assert_eq!(shop.on_hand(&key).await, "7");
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_rendered_for_who_is_signed_in_and_sends_others_to_sign_in() {
    on_sqlite(async |shop| {
        let ann = shop.person("ann", Role::Employee, Some(&shop.london)).await;
        let page = shop.get(&ann, "/till").await;
        assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
        let nobody = shop.get(&Badge::default(), "/stock?store=LON").await;
        assert_eq!((nobody.status, nobody.header("location")), (303, "/sign-in?next=/stock%3Fstore%3DLON"));
        assert_eq!(shop.get(&Badge::default(), "/sign-in").await.status, 200);
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_ends_the_session_at_once() {
    on_sqlite(async |shop| {
        let ann = shop.person("ann", Role::Employee, Some(&shop.london)).await;
        assert_eq!(shop.get(&ann, "/till").await.status, 200);
        let out = ann.on(Ask::post("/api/auth/sign_out", &json!({}))).send(shop.at).await;
        assert!(out.status < 400, "{}", out.text());
        assert_eq!(shop.get(&ann, "/till").await.status, 303);
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_access_cookie_is_renewed_and_the_new_one_is_good() {
    on_sqlite(async |shop| {
        let ann = shop.person("ann", Role::Employee, Some(&shop.london)).await;
        let refresh = ann.cookies().split("; ").find(|cookie| cookie.starts_with("__Host-rt=")).expect("a cookie");
        let page = shop.get(&Badge::cookie(refresh), "/till").await;
        assert_eq!(page.status, 200, "{}", page.text());
        let set: Vec<_> = page.headers.iter().filter(|(name, _)| name == "set-cookie").collect();
        assert_eq!(set.len(), 2, "{set:?}");
        let fresh: Vec<_> = set.iter().map(|(_, value)| value.split(';').next().expect("a value")).collect();
        assert_eq!(shop.get(&Badge::cookie(&fresh.join("; ")), "/till").await.status, 200);
        shop.close().await;
    })
    .await;
}

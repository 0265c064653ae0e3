//! Exceptions over REST: a till's unknown code, what it took to close it, who is on one, and who is told nothing.

use crate::kit::{Ask, on_each, sale};
use model::{ExceptionId, ItemId, PostingId};
use serde_json::{Value, json};

/// Is it asked there for a step of one that is open?
pub fn is_step(route: &str) -> bool {
    let steps = ["take_exception", "settle_exception", "/exceptions/{id}/take", "/exceptions/{id}/settle"];
    steps.iter().any(|step| route.ends_with(step))
}

/// Is that path about one of them?
pub fn is_about(path: &str) -> bool {
    let names = ["_exception", "/tell_code", "/give_code", "/give_cost"];
    path.contains("/exceptions/") || names.iter().any(|name| path.ends_with(name))
}

/// A right body for that path.
pub fn body(path: &str, exception: ExceptionId) -> Value {
    match path {
        "/api/inventory/take_exception" => json!({ "id": exception, "on": true, "over": true }),
        "/api/inventory/settle_exception" => json!({ "id": exception, "reason": "known and fine" }),
        "/api/inventory/tell_code" => json!({ "store": "LON", "code": "4006381333931" }),
        // About one that is not there: what each is for has tests of its own.
        "/api/inventory/give_code" => json!({ "id": ExceptionId::new(), "sku": "A1" }),
        "/api/inventory/give_cost" => {
            json!({ "id": ExceptionId::new(), "telling": PostingId::new(), "cost": "1.20" })
        }
        path if path.ends_with("/settle") => json!({ "reason": "known and fine" }),
        _ => json!({ "over": true }),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_till_s_unknown_code_is_listed_until_an_item_has_it_and_then_the_same_sale_is_posted() {
    on_each(async |shop| {
        let key = shop.key(&["all"], None).await;
        let lines = json!([{ "sku": "5012345678900", "quantity": "1" }]);
        let sale = json!({ "id": PostingId::new(), "store": "LON", "lines": lines });
        let refused = shop.post(&key, "/api/v1/sales", &sale).await;
        assert_eq!((refused.status, refused.text().contains("unknown_sku")), (422, true), "{}", refused.text());
        let list = "/api/v1/exceptions?store=LON&kind=unknown_barcode";
        let page = shop.get(&key, list).await.json();
        let open = &page["data"][0];
        assert_eq!((&open["code"], &open["kind"]), (&json!("5012345678900"), &json!("unknown_barcode")));
        assert_eq!(shop.get(&key, "/api/v1/exceptions?store=LON&kind=count_conflict").await.json()["data"], json!([]));
        assert_eq!(shop.get(&key, "/api/v1/exceptions?store=LON&kind=odd").await.status, 400);
        let item = json!({ "id": ItemId::new(), "sku": "5012345678900", "name": "Pen" });
        assert_eq!(shop.post(&key, "/api/v1/items", &item).await.status, 201);
        assert_eq!(shop.get(&key, list).await.json()["data"], json!([]));
        assert_eq!(shop.post(&key, "/api/v1/sales", &sale).await.status, 201, "sent again it is posted");
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_sell_there_tells_of_no_code() {
    on_each(async |shop| {
        let (reader, elsewhere) =
            (shop.key(&["stock:read"], Some(&shop.london)).await, shop.key(&["all"], Some(&shop.paris)).await);
        let lines = json!([{ "sku": "5012345678900", "quantity": "1" }]);
        let sale = json!({ "id": PostingId::new(), "store": "LON", "lines": lines });
        assert_eq!(shop.post(&reader, "/api/v1/sales", &sale).await.status, 403);
        assert_eq!(shop.post(&elsewhere, "/api/v1/sales", &sale).await.status, 404);
        assert_eq!(shop.get(&elsewhere, "/api/v1/exceptions?store=LON").await.status, 404);
        let mut page = shop.get(&reader, "/api/v1/exceptions?store=LON").await.json();
        assert_eq!(page["data"].take(), json!([]));
        let nobody = Ask::get("/api/v1/exceptions?store=LON").send(shop.at).await;
        assert_eq!(nobody.status, 401);
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_system_takes_what_waits_and_settles_it_once_and_who_may_not_adjust_does_neither() {
    on_each(async |shop| {
        let (key, other) = (shop.key(&["all"], None).await, shop.key(&["all"], None).await);
        let reader = shop.key(&["stock:read", "sales:write"], Some(&shop.london)).await;
        let elsewhere = shop.key(&["all"], Some(&shop.paris)).await;
        assert_eq!(shop.post(&key, "/api/v1/sales", &sale("1")).await.status, 201);
        let list = "/api/v1/exceptions?store=LON&kind=negative";
        let page = shop.get(&key, list).await.json();
        let id = page["data"][0]["id"].as_str().expect("one is open");
        let [take, settle] = ["take", "settle"].map(|step| format!("/api/v1/exceptions/{id}/{step}"));
        let (plain, fine) = (json!({}), json!({ "reason": "known and fine" }));
        for (badge, status) in [(&reader, 403), (&elsewhere, 404)] {
            assert_eq!(shop.post(badge, &take, &plain).await.status, status);
            assert_eq!(shop.post(badge, &settle, &fine).await.status, status);
        }
        let nobody = Ask::post(&settle, &fine).header("idempotency-key", "settled-0").send(shop.at).await;
        assert_eq!(nobody.status, 401);

        let taken = shop.post(&key, &take, &plain).await;
        assert_eq!(taken.status, 200, "{}", taken.text());
        assert!(taken.json()["taken_by"].is_string(), "{}", taken.text());
        assert_eq!(taken.json(), shop.get(&key, list).await.json()["data"][0], "as the list tells it");
        assert_eq!(shop.post(&other, &take, &plain).await.status, 412, "somebody is on it");
        assert_eq!(shop.post(&other, &take, &json!({ "over": true })).await.status, 200);
        let back = shop.post(&other, &take, &json!({ "on": false })).await;
        assert_eq!((back.status, back.json()["taken_by"].is_null()), (200, true), "{}", back.text());

        assert_eq!(shop.post(&key, &settle, &json!({ "reason": "" })).await.status, 422, "it needs a reason");
        let ask = || key.on(Ask::post(&settle, &fine).header("idempotency-key", "settled-1"));
        let first = ask().send(shop.at).await;
        assert_eq!(first.status, 200, "{}", first.text());
        assert_eq!(shop.get(&key, list).await.json()["data"], json!([]));
        let again = ask().send(shop.at).await;
        assert_eq!((again.status, again.header("idempotent-replayed")), (200, "true"), "{}", again.text());
        assert_eq!(again.text(), first.text());
        assert_eq!(shop.post(&other, &settle, &fine).await.status, 200, "for the same reason");
        assert_eq!(shop.post(&other, &settle, &json!({ "reason": "lost" })).await.status, 412);
        assert_eq!(shop.post(&other, &take, &plain).await.status, 412, "nothing waits any more");
        shop.close().await;
    })
    .await;
}

//! Lots over REST: named by a delivery, listed, called back, traced; and a delivery that does not say which is told so.

use crate::kit::{Ask, Badge, Shop, on_each};
use model::{Actor, ItemId, ItemPatch, LotId, PaperId, PostingId, Tracking};
use serde_json::{Value, json};

/// An item whose goods are told apart by lot.
async fn tracked(shop: &Shop) -> String {
    let (system, inventory, sku) = (Actor::system("test"), &shop.house.inventory, ItemId::new().to_string());
    let new = json!({ "id": ItemId::new(), "sku": sku, "name": "Milk" });
    inventory.add_item(&system, serde_json::from_value(new).expect("an item")).await.expect("added");
    let patch = ItemPatch { tracking: Some(Tracking::Lot), ..ItemPatch::default() };
    inventory.change_item(&system, &sku, None, patch).await.expect("changed");
    sku
}

fn delivery(sku: &str, lots: &Value) -> Value {
    let lines = json!([{ "sku": sku, "quantity": "5" }]);
    json!({ "id": PostingId::new(), "store": "LON", "lines": lines, "lots": lots })
}

/// A lot of London.
pub async fn a_lot(shop: &Shop) -> LotId {
    let (system, sku) = (Actor::system("test"), tracked(shop).await);
    let new = delivery(&sku, &json!([{ "line": 1, "lot": "L1", "expires_on": "2099-12-31" }]));
    let new = serde_json::from_value(new).expect("a delivery");
    shop.house.inventory.post_receipt(&system, new).await.expect("posted");
    let filter = inventory::LotFilter { sku: Some(sku), limit: 1, ..inventory::LotFilter::default() };
    shop.house.inventory.lots(&system, "LON", &filter).await.expect("readable").data.remove(0).id
}

async fn change(shop: &Shop, key: &Badge, path: &str, body: &Value) -> (u16, Value) {
    let ask = Ask::new("PATCH", path)
        .body("application/json", body.to_string())
        .header("idempotency-key", &PostingId::new().to_string());
    let answer = key.on(ask).send(shop.at).await;
    (answer.status, answer.json())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lot_comes_with_a_delivery_is_called_back_and_traced() {
    on_each(async |shop| {
        let key = shop.key(&["all"], None).await;
        let system = Actor::system("test");
        let item = json!({ "id": ItemId::new(), "sku": "MILK", "name": "Milk" });
        let added = shop.post(&key, "/api/v1/items", &item).await;
        assert_eq!(added.status, 201, "{}", added.text());
        let patch = ItemPatch { tracking: Some(Tracking::Lot), ..ItemPatch::default() };
        shop.house.inventory.change_item(&system, "MILK", None, patch).await.expect("changed");
        assert_eq!(shop.get(&key, "/api/v1/items/MILK").await.json()["tracking"], "lot");

        let missing = shop.post(&key, "/api/v1/receipts", &delivery("MILK", &json!([]))).await;
        assert_eq!((missing.status, missing.text().contains("missing_lot")), (422, true), "{}", missing.text());
        let lots = json!([{ "line": 1, "lot": "L7", "expires_on": "2020-01-31" }]);
        let posted = shop.post(&key, "/api/v1/receipts", &delivery("MILK", &lots)).await;
        assert_eq!(posted.status, 201, "{}", posted.text());
        let wrong = json!([{ "line": 1, "lot": "L8", "expires_on": "soon" }]);
        assert_eq!(shop.post(&key, "/api/v1/receipts", &delivery("MILK", &wrong)).await.status, 422);

        let page = shop.get(&key, "/api/v1/lots?store=LON&sku=MILK&barred=true&within=7").await.json();
        let lot = &page["data"][0];
        assert_eq!((&lot["lot"], &lot["expired"], &lot["on_hand"]), (&json!("L7"), &json!(true), &json!("5")));
        let path = format!("/api/v1/lots/{}", lot["id"].as_str().expect("an id"));
        let (status, changed) = change(&shop, &key, &path, &json!({ "status": "recalled" })).await;
        assert_eq!((status, &changed["status"]), (200, &json!("recalled")));
        assert_eq!(change(&shop, &key, &path, &json!({ "status": "gone" })).await.0, 422);
        let nowhere = format!("/api/v1/lots/{}", LotId::new());
        assert_eq!(change(&shop, &key, &nowhere, &json!({ "status": "ok" })).await.0, 404);
        let day = json!({ "expires_on": "2099-12-31", "reason": "misread" });
        let (status, corrected) = change(&shop, &key, &path, &day).await;
        assert_eq!(
            (status, &corrected["expires_on"], &corrected["expired"]),
            (200, &json!("2099-12-31"), &json!(false))
        );
        assert_eq!(change(&shop, &key, &path, &json!({ "expires_on": "2099-11-30" })).await.0, 422, "nobody says why");
        assert_eq!(change(&shop, &key, &path, &json!({})).await.0, 422);
        let trace = shop.get(&key, &format!("{path}/trace")).await.json();
        assert_eq!((&trace["places"][0]["store"], &trace["moves"][0]["kind"]), (&json!("LON"), &json!("receipt")));
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sale_and_a_return_name_a_lot_and_a_promise_does_not() {
    on_each(async |shop| {
        let key = shop.key(&["all"], None).await;
        let sku = tracked(&shop).await;
        let lots = json!([{ "line": 1, "lot": "L7", "expires_on": "2099-12-31" }]);
        assert_eq!(shop.post(&key, "/api/v1/receipts", &delivery(&sku, &lots)).await.status, 201);
        let lots = json!([{ "line": 1, "lot": "L1", "expires_on": "2098-12-31" }]);
        assert_eq!(shop.post(&key, "/api/v1/receipts", &delivery(&sku, &lots)).await.status, 201);
        let on_hand = async || {
            let page = shop.get(&key, &format!("/api/v1/lots?store=LON&sku={sku}")).await.json();
            let lots = page["data"].as_array().expect("a list").clone();
            lots.iter().map(|lot| lot["on_hand"].as_str().expect("a quantity").to_owned()).collect::<Vec<_>>()
        };
        let lines = json!([{ "sku": sku, "quantity": "2", "unit_price": "1", "lot": "L7" }, { "sku": sku, "quantity": "1", "unit_price": "1" }]);
        let sale = json!({ "id": PostingId::new(), "store": "LON", "lines": lines });
        let posted = shop.post(&key, "/api/v1/sales", &sale).await;
        assert_eq!((posted.status, on_hand().await), (201, vec!["4".to_owned(), "3".to_owned()]), "{}", posted.text());
        let line = json!([{ "sku": sku, "quantity": "1", "unit_price": "1", "lot": "L7" }]);
        let back = json!({ "id": PostingId::new(), "store": "LON", "sale": sale["id"], "lines": line });
        assert_eq!(shop.post(&key, "/api/v1/returns", &back).await.status, 201);
        assert_eq!(on_hand().await, ["4", "4"]);

        let web = json!({ "id": PostingId::new(), "store": "LON", "channel": "web", "lines": line });
        let refused = shop.post(&key, "/api/v1/sales", &web).await;
        assert_eq!((refused.status, refused.text().contains("lot_of_promise")), (422, true), "{}", refused.text());
        let order = json!({ "id": PostingId::new(), "store": "LON", "content": { "lines": line } });
        let refused = shop.post(&key, "/api/v1/orders", &order).await;
        assert_eq!((refused.status, refused.text().contains("lot_of_promise")), (422, true), "{}", refused.text());
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transfer_names_the_lot_that_leaves_and_the_one_that_arrives() {
    on_each(async |shop| {
        let key = shop.key(&["all"], None).await;
        let sku = tracked(&shop).await;
        for (lot, day) in [("L7", "2099-12-31"), ("L1", "2098-12-31")] {
            let lots = json!([{ "line": 1, "lot": lot, "expires_on": day }]);
            assert_eq!(shop.post(&key, "/api/v1/receipts", &delivery(&sku, &lots)).await.status, 201);
        }
        let new = |lot: &str| {
            let lines = json!([{ "sku": sku, "quantity": "2", "lot": lot }]);
            json!({ "id": PaperId::new(), "store": "LON", "to_store": "PAR", "lines": lines })
        };
        let refused = shop.post(&key, "/api/v1/transfers", &new("L9")).await;
        assert_eq!((refused.status, refused.text().contains("unknown_lot")), (422, true), "{}", refused.text());
        let opened = shop.post(&key, "/api/v1/transfers", &new("L7")).await;
        let (status, told) = (opened.status, opened.json());
        assert_eq!((status, &told["lines"][0]["named"][0]["lot"]), (201, &json!("L7")), "{told}");
        let path = format!("/api/v1/transfers/{}/steps", told["id"].as_str().expect("an id"));
        let step = async |step: Value| shop.post(&key, &path, &json!({ "id": PostingId::new(), "step": step })).await;
        let sent = step(json!("dispatch")).await.json();
        assert_eq!(sent["lines"][0]["lots"][0]["lot"], "L7", "not what expires first: {sent}");
        let of = |lot: &str| {
            let lines = json!([{ "sku": sku, "quantity": "1", "lot": lot }]);
            json!({ "arrive": { "lines": lines } })
        };
        let refused = step(of("L1")).await;
        assert_eq!((refused.status, refused.text().contains("lot_not_sent")), (422, true), "{}", refused.text());
        assert_eq!(step(of("L7")).await.status, 200);
        let page = shop.get(&key, &format!("/api/v1/lots?store=PAR&sku={sku}")).await.json();
        assert_eq!((&page["data"][0]["lot"], &page["data"][0]["on_hand"]), (&json!("L7"), &json!("1")), "{page}");
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_keep_items_calls_nothing_back_and_who_sees_no_store_sees_no_lots() {
    on_each(async |shop| {
        let lot = a_lot(&shop).await;
        let path = format!("/api/v1/lots/{lot}");
        let reader = shop.key(&["stock:read"], Some(&shop.london)).await;
        assert_eq!(change(&shop, &reader, &path, &json!({ "status": "hold" })).await.0, 403);
        let elsewhere = shop.key(&["stock:read"], Some(&shop.paris)).await;
        assert_eq!(shop.get(&elsewhere, "/api/v1/lots?store=LON").await.status, 404);
        let trace = shop.get(&elsewhere, &format!("{path}/trace")).await.json();
        assert_eq!((&trace["places"], &trace["moves"]), (&json!([]), &json!([])), "of London nothing is told");
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_serial_number_comes_with_a_delivery_is_sold_and_found_again() {
    on_each(async |shop| {
        let key = shop.key(&["all"], None).await;
        let sku = tracked(&shop).await;
        let patch = ItemPatch { tracking: Some(Tracking::Serial), ..ItemPatch::default() };
        shop.house.inventory.change_item(&Actor::system("test"), &sku, None, patch).await.expect("changed");
        assert_eq!(shop.get(&key, &format!("/api/v1/items/{sku}")).await.json()["tracking"], "serial");
        let serial = ItemId::new().to_string();
        let other = ItemId::new().to_string();
        let lines = |serials: &[&str]| json!([{ "sku": sku, "quantity": "2", "unit_price": "1", "serials": serials }]);
        let document = |lines: &Value| json!({ "id": PostingId::new(), "store": "LON", "lines": lines });
        let missing = shop.post(&key, "/api/v1/receipts", &document(&lines(&[&serial]))).await;
        assert_eq!((missing.status, missing.text().contains("missing_serial")), (422, true), "{}", missing.text());
        let all = document(&lines(&[&serial, &other]));
        assert_eq!(shop.post(&key, "/api/v1/receipts", &all).await.status, 201);
        let again = shop.post(&key, "/api/v1/receipts", &document(&lines(&[&other, "N"]))).await;
        assert_eq!((again.status, again.text().contains("is in London")), (422, true), "{}", again.text());
        let lots = shop.get(&key, &format!("/api/v1/lots?store=LON&sku={sku}")).await.json();
        assert_eq!((&lots["data"][0]["tracking"], &lots["data"][0]["on_hand"]), (&json!("serial"), &json!("1")));

        let line = json!([{ "sku": sku, "quantity": "1", "unit_price": "1", "serials": [serial] }]);
        assert_eq!(shop.post(&key, "/api/v1/sales", &document(&line)).await.status, 201);
        let found = shop.get(&key, &format!("/api/v1/serials?serial={serial}")).await.json();
        assert_eq!((&found["data"][0]["sku"], &found["data"][0]["on_hand"]), (&json!(sku), &json!("0")));
        let trace = format!("/api/v1/lots/{}/trace", found["data"][0]["id"].as_str().expect("an id"));
        let trace = shop.get(&key, &trace).await.json();
        assert_eq!((&trace["moves"][0]["kind"], &trace["moves"][1]["kind"]), (&json!("sale"), &json!("receipt")));
        assert_eq!(shop.post(&key, "/api/v1/sales", &document(&line)).await.status, 201, "a sale is a fact");
        let open = shop.get(&key, "/api/v1/exceptions?store=LON&kind=serial_conflict").await.json();
        assert!(open["data"].as_array().expect("a list").iter().any(|case| case["sku"] == sku.as_str()));

        let elsewhere = shop.key(&["stock:read"], Some(&shop.paris)).await;
        let found = shop.get(&elsewhere, &format!("/api/v1/serials?serial={other}")).await.json();
        assert_eq!(found["data"][0]["on_hand"], "0", "what London has is not told");
        shop.close().await;
    })
    .await;
}

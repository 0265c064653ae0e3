//! Buying over REST: suppliers with versions, an order from step to step, and what another store's key learns: nothing.

use crate::world::{Answer, World, id, request};
use axum::body::Body;
use axum::http::{Method, header};
use db::test::on_each;
use model::Scope;
use serde_json::{Value, json};

async fn send(world: &World, method: Method, path: &str, tag: Option<&str>, body: &Value, name: &str) -> Answer {
    let mut request = request(method, &world.key, path)
        .header("idempotency-key", name)
        .header(header::CONTENT_TYPE, "application/json");
    if let Some(tag) = tag {
        request = request.header("if-match", tag);
    }
    world.send(request.body(Body::from(body.to_string())).expect("a request")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_written_sent_and_received_over_rest() {
    on_each(async |db| {
        let world = World::open(db).await;
        let supplier = json!({ "id": id(), "code": "ACME", "name": "Acme Pottery", "tolerance": "5" });
        let added = world.post("/suppliers", &id(), &supplier).await;
        assert_eq!((added.status, added.header("etag")), (201, Some("\"1\"")), "{}", added.text);
        let place = format!("/suppliers/{}", supplier["id"].as_str().expect("an id"));
        let items = json!({ "items": [{ "sku": "85123A", "code": "T-1", "price": "1.10" }] });
        send(&world, Method::PATCH, &place, None, &items, &id()).await.is_problem(428, "version_needed");
        let changed = send(&world, Method::PATCH, &place, Some("\"1\""), &items, &id()).await;
        assert_eq!((changed.status, changed.header("etag")), (200, Some("\"2\"")), "{}", changed.text);
        send(&world, Method::PATCH, &place, Some("\"1\""), &json!({ "name": "x" }), &id())
            .await
            .is_problem(412, "changed");
        assert_eq!(world.get(&format!("{place}/items")).await.json()["data"][0]["price"], "1.10");

        let new = json!({ "id": id(), "store": "LON", "supplier": supplier["id"],
                          "lines": [{ "sku": "85123A", "quantity": "10" }] });
        let written = world.post("/purchase-orders", &id(), &new).await;
        assert_eq!((written.status, written.header("etag")), (201, Some("\"1\"")), "{}", written.text);
        assert_eq!((&written.json()["number"], &written.json()["value"]), (&json!("PO-LON-1"), &json!("11.00")));
        let order = format!("/purchase-orders/{}", new["id"].as_str().expect("an id"));
        let draft = json!({ "supplier": supplier["id"], "lines": [{ "sku": "85123A", "quantity": "20" }] });
        send(&world, Method::PUT, &order, None, &draft, &id()).await.is_problem(428, "version_needed");
        let name = id();
        let first = send(&world, Method::PUT, &order, Some("\"1\""), &draft, &name).await;
        let again = send(&world, Method::PUT, &order, Some("\"1\""), &draft, &name).await;
        assert_eq!((first.status, &first.text), (200, &again.text), "sent twice, done once");
        send(&world, Method::PUT, &order, Some("\"1\""), &json!({ "supplier": supplier["id"], "lines": [] }), &id())
            .await
            .is_problem(412, "changed");

        let step = |name: &str| format!("{order}/{name}");
        send(&world, Method::POST, &step("send"), None, &json!({}), &id()).await.is_problem(409, "wrong_state");
        send(&world, Method::POST, &step("submit"), Some("\"1\""), &json!({}), &id()).await.is_problem(412, "changed");
        let approved = send(&world, Method::POST, &step("submit"), Some("\"2\""), &json!({}), &id()).await.json();
        assert_eq!(approved["state"], "approved", "within the store's limit");
        let name = id();
        let sent = send(&world, Method::POST, &step("send"), None, &json!({}), &name).await;
        let again = send(&world, Method::POST, &step("send"), None, &json!({}), &name).await;
        assert_eq!((sent.status, again.header("idempotent-replayed")), (200, Some("true")), "{}", sent.text);

        let receipt = json!({ "id": id(), "store": "LON", "order": new["id"],
                              "lines": [{ "sku": "85123A", "quantity": "18" }],
                              "rejected": [{ "sku": "85123A", "quantity": "2", "reason": "damaged" }] });
        let booked = world.post("/receipts", &id(), &receipt).await;
        assert_eq!((booked.status, &booked.json()["lines"][0]["unit_price"]), (201, &json!("1.10")), "{}", booked.text);
        let over =
            json!({ "id": id(), "store": "LON", "order": new["id"], "lines": [{ "sku": "85123A", "quantity": "4" }] });
        world.post("/receipts", &id(), &over).await.is_problem(409, "over_ordered");
        let seen = world.get(&order).await.json();
        assert_eq!((&seen["state"], &seen["lines"][0]["open"]), (&json!("partly_received"), &json!("2")));
        send(&world, Method::POST, &step("close"), None, &json!({}), &id()).await.is_problem(422, "invalid");
        let closed = send(&world, Method::POST, &step("close"), None, &json!({ "reason": "sold out" }), &id()).await;
        assert_eq!(closed.json()["state"], "closed_short");
        let paper = world.get(&format!("{order}/pdf?lang=es")).await;
        assert_eq!((paper.status, paper.header("content-type")), (200, Some("application/pdf")), "{}", paper.text);
        assert_eq!(paper.header("content-disposition"), Some("attachment; filename=\"PO-LON-1.pdf\""));
        assert_eq!(paper.header("x-content-type-options"), Some("nosniff"));
        assert!(paper.text.starts_with("%PDF-1.7") && paper.text.trim_end().ends_with("%%EOF"));
        assert_eq!(
            paper.header("etag"),
            world.get(&format!("{order}/pdf?lang=es")).await.header("etag"),
            "the same bytes"
        );
        assert_ne!(paper.header("etag"), world.get(&format!("{order}/pdf")).await.header("etag"), "another language");
        world.get(&format!("{order}/pdf?lang=xx")).await.is_problem(400, "unreadable");
        let list = world.get("/purchase-orders?store=LON&show=all&limit=1").await.json();
        assert_eq!((&list["data"][0]["number"], &list["next"]), (&json!("PO-LON-1"), &json!(null)));
        world.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_of_another_store_learns_nothing_of_an_order_and_changes_no_supplier() {
    on_each(async |db| {
        let world = World::open(db).await;
        let supplier = json!({ "id": id(), "code": "ACME", "name": "Acme" });
        world.post("/suppliers", &id(), &supplier).await;
        let new = json!({ "id": id(), "store": "LON", "supplier": supplier["id"], "lines": [] });
        assert_eq!(world.post("/purchase-orders", &id(), &new).await.status, 201);
        let paris = world.key_for(&["stock:read", "purchase-orders:write"], Scope::Only(vec![world.par.id])).await;
        let order = format!("/purchase-orders/{}", new["id"].as_str().expect("an id"));
        world.get_as(&paris, &order).await.is_problem(404, "not_found");
        world.get_as(&paris, &format!("{order}/pdf")).await.is_problem(404, "not_found");
        world.get_as("", &format!("{order}/pdf")).await.is_problem(401, "signed_out");
        world.get_as(&paris, "/purchase-orders?store=LON").await.is_problem(404, "not_found");
        let events =
            world.get_as(&world.key_for(&["events:read"], Scope::Only(vec![world.par.id])).await, "/events").await;
        assert!(!events.text.contains("PO-LON"), "{}", events.text);
        world.close().await;
    })
    .await;
}

//! The story of a till over REST.

use crate::world::{OK, World, id, sale};
use db::test::on_each;
use model::Scope;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_sale_lowers_stock_and_its_undoing_raises_it() {
    on_each(async |db| {
        let world = World::open(db).await;
        let receipt = json!({ "id": id(), "store": "LON", "occurred_at": "2026-11-19T08:00:00Z",
                              "lines": [{ "sku": "85123A", "quantity": "10" }] });
        assert_eq!(world.post("/receipts", &id(), &receipt).await.status, 201);

        let sale = sale("LON", &[("85123A", "6")]);
        let answer = world.post("/sales", &id(), &sale).await;
        let receipt = answer.json();
        assert_eq!(answer.status, 201, "{receipt}");
        assert_eq!(receipt["lines"][0]["on_hand"], "4");
        assert_eq!(receipt["total"], "15.30");
        assert!(receipt["seq"].is_i64(), "{receipt}");

        let undo = format!("/postings/{}/reverse", sale["id"].as_str().expect("an id"));
        let undone = world.post(&undo, &id(), &json!({ "id": id() })).await.json();
        assert_eq!(undone["lines"][0]["on_hand"], "10");
        assert_eq!(undone["reverses"], sale["id"]);
        world.post(&undo, &id(), &json!({ "id": id() })).await.is_problem(409, "already_reversed");
        world.post("/postings/nonsense/reverse", &id(), &json!({ "id": id() })).await.is_problem(404, "not_found");
        world.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_document_moves_stock_its_own_way() {
    on_each(async |db| {
        let world = World::open(db).await;
        let lines = json!([{ "sku": "22633", "quantity": "5" }]);
        let back = json!({ "id": id(), "store": "LON", "lines": lines });
        assert_eq!(world.post("/returns", &id(), &back).await.json()["lines"][0]["on_hand"], "5");
        let lost =
            json!({ "id": id(), "store": "LON", "reason": "damaged", "lines": [{ "sku": "22633", "quantity": "-2" }] });
        assert_eq!(world.post("/adjustments", &id(), &lost).await.json()["lines"][0]["on_hand"], "3");
        let movements = world.get("/movements?store=LON&sku=22633").await.json();
        assert_eq!(movements["data"][0]["reason"], "damaged");
        assert_eq!(movements["data"][1]["kind"], "return");
        assert!(movements["as_of"].as_i64() > Some(0), "{movements}");
        world.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_promise_is_refused_where_a_fact_is_not() {
    on_each(async |db| {
        let world = World::open(db).await;
        let mut promise = sale("LON", &[("21212", "1")]);
        promise["channel"] = json!("web");
        let name = id();
        let problem = world.post("/sales", &name, &promise).await.is_problem(409, "out_of_stock");
        assert_eq!(problem["refusal"]["available"], "0");
        let again = world.post("/sales", &name, &promise).await;
        again.is_problem(409, "out_of_stock");
        assert_eq!(again.header("idempotent-replayed"), Some("true"));
        let fact = sale("LON", &[("21212", "1")]);
        assert_eq!(world.post("/sales", &id(), &fact).await.json()["lines"][0]["on_hand"], "-1");
        world.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_come_in_pages_and_say_when_they_are_true() {
    on_each(async |db| {
        let world = World::open(db).await;
        world.post("/sales", &id(), &sale("LON", &[("85123A", "1"), ("22633", "2"), ("21212", "3")])).await;
        for path in ["/items?", "/stock?store=LON&", "/movements?store=LON&"] {
            let mut seen = 0;
            let mut next = format!("{path}limit=1");
            loop {
                let page = world.get(&next).await.json();
                assert!(page["as_of"].as_i64() > Some(0), "{page}");
                seen += page["data"].as_array().expect("rows").len();
                let Some(cursor) = page["next"].as_str() else { break };
                next = format!("{path}limit=1&cursor={cursor}");
            }
            assert_eq!(seen, 3, "{path}");
        }
        let stores = world.get("/stores").await.json();
        assert_eq!(stores["data"][0]["code"], "LON");
        let row = world.get("/stock?store=LON&sku=22633").await.json()["data"][0].clone();
        for field in ["sku", "store", "location", "on_hand", "reserved", "available", "version"] {
            assert!(!row[field].is_null(), "{field} in {row}");
        }
        world.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stock_is_told_as_it_was() {
    on_each(async |db| {
        let world = World::open(db).await;
        world.post("/sales", &id(), &sale("LON", &[("85123A", "6")])).await;
        let at = async |moment: &str| {
            let rows = world.get(&format!("/stock?store=LON&sku=85123A&as_of={moment}")).await.json();
            rows["data"][0]["on_hand"].as_str().unwrap_or("none").to_owned()
        };
        assert_eq!(at("2026-11-20T10:00:00Z").await, "-6");
        assert!(["0", "none"].contains(&at("2026-11-20T09:59:59Z").await.as_str()));
        assert_eq!(at("2026-11-20T11:00:00+01:00").await, "-6");
        world.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_is_found_by_its_sku_and_an_unknown_one_is_not() {
    on_each(async |db| {
        let world = World::open(db).await;
        let item = json!({ "id": id(), "sku": "BANK CHARGES", "name": "Bank charges", "kind": "service", "barcodes": ["5012345678900"] });
        let added = world.post("/items", &id(), &item).await;
        assert_eq!(added.status, 201, "{}", added.text);
        assert_eq!(added.header("location"), Some("/api/v1/items/BANK%20CHARGES"));
        assert_eq!(world.get("/items/BANK%20CHARGES").await.json()["kind"], "service");
        assert_eq!(world.get("/items/5012345678900").await.json()["sku"], "BANK CHARGES");
        world.get("/items/nothing").await.is_problem(404, "not_found");
        world.get("/items/a%00b").await.is_problem(404, "not_found");
        let taken = json!({ "id": id(), "sku": "BANK CHARGES", "name": "Another" });
        world.post("/items", &id(), &taken).await.is_problem(409, "sku_taken");
        world.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_known_etag_is_answered_briefly_and_an_old_one_in_full() {
    on_each(async |db| {
        let world = World::open(db).await;
        let first = world.get("/items").await;
        let tag = first.header("etag").expect("an ETag").to_owned();
        let again = |tag: String| {
            let request = crate::world::request(axum::http::Method::GET, &world.key, "/items");
            world.send(request.header("if-none-match", tag).body(axum::body::Body::empty()).expect("a request"))
        };
        world.post("/sales", &id(), &sale("LON", &[("85123A", "1")])).await;
        let known = again(tag.clone()).await;
        assert_eq!((known.status, known.text.as_str()), (304, ""));
        world.post("/items", &id(), &json!({ "id": id(), "sku": "new", "name": "New" })).await;
        assert_eq!(again(tag).await.status, OK);
        world.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_does_what_its_scopes_and_stores_say_and_nothing_else() {
    on_each(async |db| {
        let world = World::open(db).await;
        let lon_only = world.key_for(&["sales:write", "stock:read"], Scope::Only(vec![world.lon.id])).await;
        assert_eq!(world.post_as(&lon_only, "/sales", &id(), &sale("LON", &[("85123A", "1")])).await.status, 201);
        world.post_as(&lon_only, "/sales", &id(), &sale("PAR", &[("85123A", "1")])).await.is_problem(404, "not_found");
        let delivery = json!({ "id": id(), "store": "LON", "lines": [{ "sku": "85123A", "quantity": "1" }] });
        world.post_as(&lon_only, "/receipts", &id(), &delivery).await.is_problem(403, "forbidden");
        world.get_as(&lon_only, "/events").await.is_problem(403, "forbidden");
        world.get_as(&lon_only, "/stock?store=PAR").await.is_problem(404, "not_found");
        assert_eq!(world.get_as(&lon_only, "/stores").await.json()["data"].as_array().expect("rows").len(), 1);
        let problem = world.get_as("inv_live_nonsense", "/items").await;
        problem.is_problem(401, "signed_out");
        assert!(problem.header("www-authenticate").is_some());
        world.close().await;
    })
    .await;
}

#[test]
fn the_document_lists_every_address() {
    let api = storeroom_integration::rest::routes();
    let text =
        storeroom_integration::rest::document(utoipa_axum::router::OpenApiRouter::with_openapi(api.into_openapi()));
    // Left for the checkers of other makers, such as openapi-spec-validator.
    std::fs::write(concat!(env!("CARGO_TARGET_TMPDIR"), "/openapi.json"), &text).expect("it is written");
    let document: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert!(document["openapi"].as_str().expect("a version").starts_with("3.1"));
    let mut paths: Vec<_> = document["paths"].as_object().expect("paths").keys().map(String::as_str).collect();
    paths.sort_unstable();
    let all = [
        "adjustments",
        "arrivals",
        "arrivals/{id}/book",
        "arrivals/{id}/discard",
        "categories",
        "categories/{id}",
        "corrections",
        "corrections/{id}",
        "corrections/{id}/approve",
        "corrections/{id}/reject",
        "corrections/{id}/withdraw",
        "count-plans",
        "count-plans/{id}",
        "counts",
        "counts/{id}",
        "counts/{id}/cancel",
        "counts/{id}/entries",
        "counts/{id}/hand-in",
        "counts/{id}/progress",
        "events",
        "exceptions",
        "exceptions/{id}/settle",
        "exceptions/{id}/take",
        "families",
        "families/{id}",
        "inspections",
        "items",
        "items/{sku}",
        "items/{sku}/components",
        "lots",
        "lots/{id}",
        "lots/{id}/trace",
        "movements",
        "orders",
        "orders/{id}",
        "orders/{id}/cancel",
        "orders/{id}/close",
        "orders/{id}/confirm",
        "orders/{id}/hand-over",
        "orders/{id}/keep",
        "orders/{id}/pick",
        "places",
        "places/{id}",
        "postings/{id}/reverse",
        "price-lists",
        "price-lists/{id}",
        "purchase-orders",
        "purchase-orders/{id}",
        "purchase-orders/{id}/approve",
        "purchase-orders/{id}/cancel",
        "purchase-orders/{id}/close",
        "purchase-orders/{id}/pdf",
        "purchase-orders/{id}/reject",
        "purchase-orders/{id}/send",
        "purchase-orders/{id}/submit",
        "receipts",
        "receipts/{id}/costs",
        "reorder-rules",
        "reservations",
        "reservations/{id}/extend",
        "reservations/{id}/release",
        "returns",
        "sales",
        "serials",
        "stock",
        "stores",
        "stores/{code}",
        "supplier-returns",
        "supplier-returns/{id}",
        "supplier-returns/{id}/credit",
        "suppliers",
        "suppliers/{id}",
        "suppliers/{id}/items",
        "tax-classes",
        "tax-classes/{id}",
        "taxes",
        "transfers",
        "transfers/{id}",
        "transfers/{id}/steps",
    ];
    assert_eq!(paths, all.map(|path| format!("/api/v1/{path}")));
    let operations =
        document["paths"].as_object().expect("paths").values().flat_map(|path| path.as_object().expect("one").values());
    let names: Vec<_> = operations.map(|operation| operation["operationId"].as_str().expect("a name")).collect();
    assert_eq!(names.iter().collect::<std::collections::HashSet<_>>().len(), names.len(), "{names:?}");
    let keyed = document["paths"]["/api/v1/sales"]["post"]["parameters"].to_string();
    assert!(keyed.contains("Idempotency-Key"), "{keyed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_document_is_served_to_everyone_with_an_etag() {
    on_each(async |db| {
        let world = World::open(db).await;
        let answer = world.get_as("", "/openapi.json").await;
        assert_eq!(answer.status, OK);
        assert!(answer.json()["components"]["schemas"]["Problem"].is_object());
        assert!(answer.header("etag").is_some());
        world.close().await;
    })
    .await;
}

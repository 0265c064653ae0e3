//! Bad input: a clear 4xx problem, never a 5xx, never an effect.

use crate::world::{Answer, World, id, request, sale};
use axum::body::Body;
use axum::http::Method;
use db::test::on_each;
use model::{PersonId, Principal};
use serde_json::json;

async fn raw(world: &World, path: &str, kind: &str, body: impl Into<Body>) -> Answer {
    let request = request(Method::POST, &world.key, path).header("idempotency-key", id()).header("content-type", kind);
    world.send(request.body(body.into()).expect("a request")).await
}

const CHANGES: [&str; 6] = [
    "/items",
    "/sales",
    "/returns",
    "/adjustments",
    "/receipts",
    "/postings/0198c0de-0000-7000-8000-000000000001/reverse",
];

#[tokio::test(flavor = "multi_thread")]
async fn every_change_refuses_bad_bodies_with_a_problem() {
    on_each(async |db| {
        let world = World::open(db).await;
        for path in CHANGES {
            raw(&world, path, "text/plain", "{}").await.is_problem(415, "not_json");
            raw(&world, path, "application/json", "{\"id\":").await.is_problem(400, "unreadable");
            raw(&world, path, "application/json", "[".repeat(40)).await.is_problem(400, "unreadable");
            raw(&world, path, "application/json", format!("[{}1]", "1,".repeat(20_000)))
                .await
                .is_problem(400, "unreadable");
            raw(&world, path, "application/json", " ".repeat(300 * 1024)).await.is_problem(413, "too_large");
            raw(&world, path, "application/json", vec![0xff, 0xfe]).await.is_problem(400, "unreadable");
            raw(&world, path, "application/json", "[]").await.is_problem(422, "invalid");
            let unknown =
                raw(&world, path, "application/json", "{\"colour\":\"red\"}").await.is_problem(422, "invalid");
            assert_eq!(unknown["flaws"][0]["code"], "unknown_field", "{unknown}");
            let request = request(Method::POST, &world.key, path).header("content-type", "application/json");
            let without = world.send(request.body(Body::from("{}")).expect("a request")).await;
            assert_eq!(without.is_problem(400, "unreadable")["flaws"][0]["field"], "Idempotency-Key");
        }
        world.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_out_of_bounds_are_named_by_their_path() {
    on_each(async |db| {
        let world = World::open(db).await;
        for (quantity, code) in [
            (json!("0"), "quantity"),
            (json!("-1"), "quantity"),
            (json!("92233720368547"), "quantity"),
            (json!("99999999999999999999999"), "invalid_value"),
            (json!("0.000001"), "invalid_value"),
            (json!(6), "invalid_value"),
            (json!(null), "invalid_value"),
            (json!("1e3"), "invalid_value"),
        ] {
            let mut sale = sale("LON", &[("85123A", "1"), ("22633", "1")]);
            sale["lines"][1]["quantity"] = quantity.clone();
            let problem = world.post("/sales", &id(), &sale).await.is_problem(422, "invalid");
            assert_eq!(problem["flaws"][0]["field"], "lines[1].quantity", "{quantity}");
            assert_eq!(problem["flaws"][0]["code"], code, "{quantity}: {problem}");
            assert_eq!(problem["request_id"], "req-12345678");
        }
        let mut sale = sale("LON", &[("85123A", "1000000000"), ("85123A", "1000000000")]);
        sale["lines"][0]["unit_price"] = json!("1000000000");
        let answer = world.post("/sales", &id(), &sale).await;
        assert!((400..500).contains(&answer.status), "{}", answer.text);
        assert_eq!(world.on_hand("LON", "85123A").await, "none");
        world.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn odd_questions_are_refused_by_name() {
    on_each(async |db| {
        let world = World::open(db).await;
        for (path, field) in [
            ("/items?limit=201", "limit"),
            ("/items?limit=0", "limit"),
            ("/items?colour=red", "colour"),
            ("/items?cursor=AAAA", "cursor"),
            ("/items/85123A?x=1", "x"),
            ("/stock?as_of=yesterday", "as_of"),
            ("/stock?store=LON&store=PAR", "store"),
            ("/movements?page=2", "page"),
            ("/events?after=-1", "after"),
            ("/events?after=x", "after"),
            ("/stores?limit=1", "limit"),
        ] {
            let problem = world.get(path).await.is_problem(400, "unreadable");
            assert_eq!(problem["flaws"][0]["field"], field, "{path}");
        }
        let asked_too = world.post("/sales?dry_run=true", &id(), &sale("LON", &[("85123A", "1")])).await;
        assert_eq!(asked_too.is_problem(400, "unreadable")["flaws"][0]["field"], "dry_run");
        world.get("/nothing/here").await.is_problem(404, "not_found");
        let refused = world.send(request(Method::DELETE, &world.key, "/items").body(Body::empty()).expect("one")).await;
        refused.is_problem(405, "method_not_allowed");
        assert!(refused.header("allow").is_some());
        world.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_goes_no_further_than_its_list() {
    on_each(async |db| {
        let world = World::open(db).await;
        let cursor = world.get("/items?limit=1").await.json()["next"].as_str().expect("more").to_owned();
        assert_eq!(world.get(&format!("/items?limit=2&cursor={cursor}")).await.status, 200);
        world.get(&format!("/items?search=heart&cursor={cursor}")).await.is_problem(400, "unreadable");
        world.get(&format!("/stock?cursor={cursor}")).await.is_problem(400, "unreadable");
        let mut altered = cursor.into_bytes();
        let last = altered.len() - 1;
        altered[last] = if altered[last] == b'A' { b'B' } else { b'A' };
        let altered = String::from_utf8(altered).expect("ASCII");
        world.get(&format!("/items?limit=1&cursor={altered}")).await.is_problem(400, "unreadable");
        world.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cookie_reads_and_does_not_write() {
    on_each(async |db| {
        let world = World::open(db).await;
        let ann = model::Actor { principal: Principal::Person(PersonId::new()), ..crate::world::root() };
        let read = request(Method::GET, "", "/items").extension(ann.clone()).body(Body::empty()).expect("a request");
        assert_eq!(world.send(read).await.status, 200);
        let write = request(Method::POST, "", "/sales")
            .extension(ann)
            .header("idempotency-key", id())
            .header("content-type", "application/json")
            .body(Body::from(sale("LON", &[("85123A", "1")]).to_string()))
            .expect("a request");
        world.send(write).await.is_problem(403, "key_needed");
        world.close().await;
    })
    .await;
}

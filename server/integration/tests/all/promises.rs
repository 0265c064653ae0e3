//! Orders and reservations over REST: once however often they are sent, and only for those who may.

use crate::world::{Answer, World, id, request};
use axum::body::Body;
use axum::http::{Method, header};
use db::test::on_each;
use model::Scope;
use serde_json::{Value, json};

fn order(lines: &[(&str, &str)]) -> Value {
    let lines: Vec<Value> = lines.iter().map(|(sku, quantity)| json!({ "sku": sku, "quantity": quantity })).collect();
    json!({ "id": id(), "store": "LON", "content": { "customer": "Ada Byron", "lines": lines } })
}

/// A step of an order that was seen in that version.
async fn step(world: &World, path: &str, tag: &str, body: &Value) -> Answer {
    let request = request(Method::POST, &world.key, path)
        .header("idempotency-key", id())
        .header(header::IF_MATCH, tag)
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body.to_string()));
    world.send(request.expect("a request")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_confirmed_picked_and_handed_over_once() {
    on_each(async |db| {
        let world = World::open(db).await;
        world.receive("LON", "85123A", "5").await;
        let (name, new) = (id(), order(&[("85123A", "3")]));
        let added = world.post("/orders", &name, &new).await;
        assert_eq!((added.status, added.header("etag")), (201, Some("\"1\"")), "{}", added.text);
        assert_eq!(world.post("/orders", &name, &new).await.text, added.text, "sent again, answered again");
        let path = format!("/orders/{}", new["id"].as_str().expect("an id"));
        step(&world, &format!("{path}/confirm"), "\"9\"", &json!({})).await.is_problem(412, "changed");
        let confirmed = step(&world, &format!("{path}/confirm"), "\"1\"", &json!({})).await;
        assert_eq!((confirmed.status, confirmed.header("etag")), (200, Some("\"2\"")), "{}", confirmed.text);
        let stock = world.get("/stock?store=LON&sku=85123A").await.json()["data"][0].clone();
        assert_eq!((&stock["reserved"], &stock["available"]), (&json!("3"), &json!("2")));
        assert_eq!((&stock["incoming"], &stock["projected"]), (&json!("0"), &json!("2")));
        let picking = json!({ "lines": [{ "line": 1, "before": "0", "picked": "2" }] });
        assert_eq!(world.post(&format!("{path}/pick"), &id(), &picking).await.json()["state"], "picking");
        let (name, goods) = (id(), json!({ "id": id() }));
        let partly = world.post(&format!("{path}/hand-over"), &name, &goods).await;
        assert_eq!(partly.json()["state"], "partly_fulfilled", "{}", partly.text);
        assert_eq!(world.post(&format!("{path}/hand-over"), &name, &goods).await.text, partly.text);
        assert_eq!(
            world.post(&format!("{path}/hand-over"), &id(), &goods).await.text,
            partly.text,
            "by its own id too"
        );
        assert_eq!(world.on_hand("LON", "85123A").await, "3");
        let cancelled = world.post(&format!("{path}/cancel"), &id(), &json!({})).await;
        assert_eq!(cancelled.json()["state"], "fulfilled", "{}", cancelled.text);
        assert_eq!(world.post(&format!("{path}/close"), &id(), &json!({})).await.json()["state"], "closed");
        world.post(&format!("{path}/confirm"), &id(), &json!({})).await.is_problem(409, "wrong_state");
        let listed = world.get("/orders?store=LON&state=closed&limit=1").await.json();
        assert_eq!((&listed["data"][0]["number"], &listed["next"]), (&json!("CO-LON-1"), &Value::Null));
        for (search, count) in [("byron", 1), ("co-lon-1", 1), ("lovelace", 0)] {
            let found = world.get(&format!("/orders?store=LON&search={search}")).await.json();
            assert_eq!(found["data"].as_array().map(Vec::len), Some(count), "{search}");
        }
        let long = format!("/orders?store=LON&search={}", "x".repeat(65));
        world.get(&long).await.is_problem(400, "unreadable");
        world.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_changed_by_who_saw_it_and_a_promise_beyond_what_is_there_is_refused() {
    on_each(async |db| {
        let world = World::open(db).await;
        world.receive("LON", "85123A", "2").await;
        let new = order(&[("85123A", "3")]);
        assert_eq!(world.post("/orders", &id(), &new).await.status, 201);
        let path = format!("/orders/{}", new["id"].as_str().expect("an id"));
        let refused = world.post(&format!("{path}/confirm"), &id(), &json!({})).await;
        let told = refused.is_problem(409, "out_of_stock")["detail"].to_string();
        assert!(told.contains("only 2 of 85123A"), "{told}");
        let put = async |tag: &str| {
            let content = json!({ "lines": [{ "sku": "85123A", "quantity": "2" }] });
            let request = request(Method::PUT, &world.key, &path)
                .header("idempotency-key", id())
                .header(header::IF_MATCH, tag)
                .header(header::CONTENT_TYPE, "application/json")
                .body(Body::from(content.to_string()));
            world.send(request.expect("a request")).await
        };
        put("\"7\"").await.is_problem(412, "changed");
        assert_eq!(put("\"1\"").await.json()["lines"][0]["quantity"], "2");
        assert_eq!(world.post(&format!("{path}/confirm"), &id(), &json!({})).await.json()["state"], "confirmed");
        let seen = world.get(&path).await;
        assert_eq!((seen.header("etag"), &seen.json()["lines"][0]["reserved"]), (Some("\"3\""), &json!("2")));
        world.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_over_the_web_is_promised_by_the_policy_for_the_web() {
    on_each(async |db| {
        let world = World::open(db).await;
        let patch = async |body: Value| {
            let request = request(Method::PATCH, &world.key, "/items/85123A")
                .header("idempotency-key", id())
                .header(header::IF_MATCH, "*")
                .header(header::CONTENT_TYPE, "application/json")
                .body(Body::from(body.to_string()));
            world.send(request.expect("a request")).await
        };
        assert_eq!(patch(json!({ "web_promise": "allow" })).await.json()["web_promise"], "allow");
        patch(json!({ "web_promise": "perhaps" })).await.is_problem(422, "invalid");
        let (mut web, here) = (order(&[("85123A", "1")]), order(&[("85123A", "1")]));
        web["content"]["channel"] = json!("web");
        for (new, status, channel) in [(&web, 200, "web"), (&here, 409, "till")] {
            assert_eq!(world.post("/orders", &id(), new).await.json()["channel"], channel);
            let path = format!("/orders/{}/confirm", new["id"].as_str().expect("an id"));
            assert_eq!(world.post(&path, &id(), &json!({})).await.status, status, "{channel}");
        }
        let listed = world.get("/orders?store=LON&state=confirmed").await.json();
        assert_eq!(listed["data"][0]["channel"], "web");
        let item = patch(json!({ "web_promise": null })).await.json();
        assert_eq!((&item["promise"], &item["web_promise"]), (&json!("forbid"), &Value::Null), "as elsewhere");
        world.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_kept_until_another_day_or_without_an_end() {
    on_each(async |db| {
        let world = World::open(db).await;
        world.receive("LON", "85123A", "2").await;
        let mut new = order(&[("85123A", "2")]);
        new["content"]["kept_until"] = json!("tomorrow");
        world.post("/orders", &id(), &new).await.is_problem(422, "invalid");
        new["content"]["kept_until"] = json!("2020-01-31");
        assert_eq!(world.post("/orders", &id(), &new).await.json()["kept_until"], "2020-01-31");
        let path = format!("/orders/{}", new["id"].as_str().expect("an id"));
        world.post(&format!("{path}/keep"), &id(), &json!({ "kept_until": null })).await.is_problem(409, "wrong_state");
        world.post(&format!("{path}/confirm"), &id(), &json!({})).await.is_problem(422, "invalid");
        let mut new = order(&[("85123A", "2")]);
        let day = &model::Time::now().plus_seconds(3 * 86_400).to_string()[..10];
        new["content"]["kept_until"] = json!(day);
        world.post("/orders", &id(), &new).await;
        let path = format!("/orders/{}", new["id"].as_str().expect("an id"));
        assert_eq!(world.post(&format!("{path}/confirm"), &id(), &json!({})).await.json()["kept_until"], day);
        let held = world.get("/reservations?store=LON").await.json();
        assert!(held["data"][0]["expires_at"].is_string(), "{held}");
        let name = id();
        let kept = world.post(&format!("{path}/keep"), &name, &json!({ "kept_until": null })).await;
        assert_eq!((kept.status, &kept.json()["kept_until"]), (200.try_into().expect("a status"), &Value::Null));
        let again = world.post(&format!("{path}/keep"), &name, &json!({ "kept_until": null })).await;
        assert_eq!(again.text, kept.text, "sent again, answered again");
        assert_eq!(world.get("/reservations?store=LON").await.json()["data"][0]["expires_at"], Value::Null);
        world.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cart_keeps_goods_until_it_is_let_go() {
    on_each(async |db| {
        let world = World::open(db).await;
        world.receive("LON", "22633", "4").await;
        let line = |quantity: &str| json!({ "id": id(), "sku": "22633", "quantity": quantity });
        let cart = json!({ "store": "LON", "lines": [line("3")] });
        let kept = world.post("/reservations", &id(), &cart).await;
        assert_eq!(kept.status, 201, "{}", kept.text);
        assert_eq!(kept.json()["reservations"][0]["kind"], "cart");
        assert!(kept.json()["reservations"][0]["expires_at"].is_string(), "a cart has an end");
        let more = json!({ "store": "LON", "lines": [line("2")] });
        world.post("/reservations", &id(), &more).await.is_problem(409, "out_of_stock");
        let none = json!({ "store": "LON", "lines": [] });
        world.post("/reservations", &id(), &none).await.is_problem(422, "invalid");
        let path = format!("/reservations/{}", kept.json()["reservations"][0]["id"].as_str().expect("an id"));
        let past = json!({ "expires_at": "2020-01-01T00:00:00Z" });
        world.post(&format!("{path}/extend"), &id(), &past).await.is_problem(422, "invalid");
        assert_eq!(world.get("/reservations?store=LON").await.json()["data"][0]["state"], "active");
        assert_eq!(world.post(&format!("{path}/release"), &id(), &json!({})).await.json()["state"], "released");
        assert_eq!(world.get("/reservations?store=LON").await.json()["data"], json!([]));
        assert_eq!(world.post("/reservations", &id(), &more).await.status, 201, "they are free again");
        world.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_without_the_right_promises_nothing() {
    on_each(async |db| {
        let world = World::open(db).await;
        world.receive("LON", "22633", "4").await;
        let new = order(&[("22633", "1")]);
        assert_eq!(world.post("/orders", &id(), &new).await.status, 201);
        let path = format!("/orders/{}", new["id"].as_str().expect("an id"));
        let looks = world.key_for(&["stock:read"], Scope::All).await;
        let elsewhere = world.key_for(&["all"], Scope::Only(vec![world.par.id])).await;
        for (body, path) in [(order(&[("22633", "1")]), "/orders".to_owned()), (json!({}), format!("{path}/confirm"))] {
            world.post_as(&looks, &path, &id(), &body).await.is_problem(403, "forbidden");
            world.post_as(&elsewhere, &path, &id(), &body).await.is_problem(404, "not_found");
        }
        let seen = world.get_as(&looks, &path).await.json();
        assert_eq!((&seen["state"], &seen["customer"]), (&json!("draft"), &Value::Null), "who it is for is not told");
        world.get_as(&elsewhere, &path).await.is_problem(404, "not_found");
        world.close().await;
    })
    .await;
}

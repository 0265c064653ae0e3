//! Tax classes over REST: saved as a whole, chosen in an item, told in the answer to a sale and by day.

use crate::world::{Answer, World, id, request};
use axum::body::Body;
use axum::http::{Method, header};
use db::test::on_each;
use model::Scope;
use serde_json::{Value, json};

async fn send(world: &World, key: &str, method: Method, path: &str, body: &Value) -> Answer {
    let request = request(method, key, path).header("idempotency-key", id()).header(header::IF_MATCH, "*");
    let request = request.header(header::CONTENT_TYPE, "application/json").body(Body::from(body.to_string()));
    world.send(request.expect("a request")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_class_is_chosen_in_an_item_and_a_sale_tells_its_tax() {
    on_each(async |db| {
        let world = World::open(db).await;
        let path = format!("/tax-classes/{}", id());
        let new = json!({ "version": 0, "name": "Standard", "rates": [{ "rate": "20" }] });
        let saved = send(&world, &world.key, Method::PUT, &path, &new).await;
        assert_eq!((saved.status, &saved.json()["version"]), (200, &json!(1)), "{}", saved.text);
        assert_eq!(world.get(&path).await.json(), saved.json());
        assert_eq!(world.get("/tax-classes").await.json()["data"], json!([saved.json()]));
        let class = saved.json()["id"].clone();
        let item = send(&world, &world.key, Method::PATCH, "/items/85123A", &json!({ "tax_class": class })).await;
        assert_eq!((item.status, &item.json()["tax_class"]), (200, &class), "{}", item.text);

        let lines = json!([{ "sku": "85123A", "quantity": "2", "unit_price": "6" }]);
        let sale = json!({ "id": id(), "store": "LON", "occurred_at": "2026-11-20T12:00:00Z", "lines": lines });
        let sold = world.post("/sales", &id(), &sale).await.json();
        assert_eq!(sold["tax"], json!([{ "rate": "20", "gross": "12.00", "net": "10.00", "tax": "2.00" }]), "{sold}");
        assert_eq!(sold["lines"][0]["tax"], json!({ "class": "Standard", "rate": "20" }));
        let told = world.get("/taxes?store=LON&from=2026-11-20&to=2026-11-20").await.json();
        assert_eq!(told["data"][0]["tax"], "2.00", "{told}");

        let stale =
            send(&world, &world.key, Method::PUT, &path, &json!({ "version": 0, "name": "X", "rates": [] })).await;
        stale.is_problem(412, "changed");
        let wrong = json!({ "version": 1, "name": "X", "rates": [{ "rate": "200" }] });
        send(&world, &world.key, Method::PUT, &path, &wrong).await.is_problem(422, "invalid");
        let reader = world.key_for(&["stock:read"], Scope::All).await;
        send(&world, &reader, Method::PUT, &path, &new).await.is_problem(403, "forbidden");
        world.get_as(&reader, "/taxes?store=LON&from=2026-11-20&to=2026-11-20").await.is_problem(403, "forbidden");
        world.close().await;
    })
    .await;
}

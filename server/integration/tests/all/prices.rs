//! Price lists over REST: saved as a whole, followed by sales that name no price, and not by who may not.

use crate::world::{Answer, World, id, request};
use axum::body::Body;
use axum::http::{Method, header};
use db::test::on_each;
use model::Scope;
use serde_json::{Value, json};

async fn put(world: &World, key: &str, list: &str, body: &Value) -> Answer {
    let request = request(Method::PUT, key, &format!("/price-lists/{list}")).header("idempotency-key", id());
    let request = request.header(header::CONTENT_TYPE, "application/json").body(Body::from(body.to_string()));
    world.send(request.expect("a request")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_saved_as_a_whole_and_a_sale_without_a_price_follows_it() {
    on_each(async |db| {
        let world = World::open(db).await;
        let (list, lines) =
            (id(), json!([{ "sku": "85123A", "from": "10", "price": "1.95" }, { "sku": "85123A", "price": "2.20" }]));
        let new = json!({ "version": 0, "name": "Winter sale", "store": "LON", "lines": lines });
        let saved = put(&world, &world.key, &list, &new).await;
        assert_eq!((saved.status, &saved.json()["list"]["version"]), (200, &json!(1)), "{}", saved.text);
        assert_eq!(world.get(&format!("/price-lists/{list}")).await.json(), saved.json());
        let listed = world.get("/price-lists?store=LON").await.json();
        assert_eq!(listed["data"], json!([saved.json()["list"]]));

        let sell = async |lines: Value, lists: Value| {
            let sale = json!({ "id": id(), "store": "LON", "lines": lines, "lists": lists });
            world.post("/sales", &id(), &sale).await
        };
        let sold = sell(json!([{ "sku": "85123A", "quantity": "12" }]), json!([])).await.json();
        assert_eq!(
            (&sold["lines"][0]["unit_price"], &sold["lines"][0]["list"]),
            (&json!("1.95"), &json!("Winter sale"))
        );
        let charged = json!([{ "sku": "85123A", "quantity": "1", "unit_price": "2" }]);
        let sold = sell(charged.clone(), json!([{ "line": 1, "list": list }])).await.json();
        assert_eq!(
            (&sold["lines"][0]["unit_price"], &sold["lines"][0]["list"]),
            (&json!("2.00"), &json!("Winter sale"))
        );
        sell(charged, json!([{ "line": 2, "list": list }])).await.is_problem(422, "invalid");

        put(&world, &world.key, &list, &json!({ "version": 0, "name": "Other", "store": "LON" }))
            .await
            .is_problem(412, "changed");
        put(&world, &world.key, &list, &json!({ "version": 1, "name": "Other", "colour": "red" }))
            .await
            .is_problem(422, "invalid");
        let reader = world.key_for(&["stock:read"], Scope::All).await;
        put(&world, &reader, &list, &new).await.is_problem(403, "forbidden");
        let aside = json!({ "version": 1, "name": "Winter sale", "store": "LON", "active": false, "lines": lines });
        assert_eq!(put(&world, &world.key, &list, &aside).await.json()["list"]["version"], 2);
        let sold = sell(json!([{ "sku": "85123A", "quantity": "12" }]), json!([])).await.json();
        assert_eq!(sold["lines"][0]["list"], json!(null), "the item's own price");
        world.close().await;
    })
    .await;
}

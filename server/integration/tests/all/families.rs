//! Families over REST: saved as a whole with the items that are made, and not by who may not.

use crate::world::{Answer, World, id, request};
use axum::body::Body;
use axum::http::{Method, header};
use db::test::on_each;
use model::Scope;
use serde_json::{Value, json};

async fn put(world: &World, key: &str, family: &str, body: &Value) -> Answer {
    let request = request(Method::PUT, key, &format!("/families/{family}")).header("idempotency-key", id());
    let request = request.header(header::CONTENT_TYPE, "application/json").body(Body::from(body.to_string()));
    world.send(request.expect("a request")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_family_is_saved_as_a_whole_and_its_new_items_are_there() {
    on_each(async |db| {
        let world = World::open(db).await;
        let family = id();
        let options = json!([{ "name": "Size", "values": ["S", "L"] }]);
        let large = json!({ "sku": "85123A-L", "values": ["L"], "make": { "id": id(), "name": "Large heart" } });
        let items = json!([{ "sku": "85123A", "values": ["S"] }, large]);
        let new = json!({ "version": 0, "name": "Hearts", "options": options, "items": items, "like": "85123A" });
        let saved = put(&world, &world.key, &family, &new).await;
        assert_eq!((saved.status, &saved.json()["family"]["version"]), (200, &json!(1)), "{}", saved.text);
        assert_eq!(world.get(&format!("/families/{family}")).await.json(), saved.json());
        assert_eq!(world.get("/families").await.json()["data"], json!([saved.json()["family"]]));
        assert_eq!(world.get("/items/85123A-L").await.json()["name"], "Large heart");
        let here = world.get(&format!("/families/{family}?store=LON")).await.json();
        assert!(here["items"][0]["on_hand"].is_string(), "{here}");

        put(&world, &world.key, &family, &json!({ "version": 0, "name": "X", "options": options }))
            .await
            .is_problem(412, "changed");
        put(&world, &world.key, &family, &json!({ "version": 1, "name": "X", "options": [] }))
            .await
            .is_problem(422, "invalid");
        let reader = world.key_for(&["stock:read"], Scope::All).await;
        put(&world, &reader, &family, &new).await.is_problem(403, "forbidden");
        let out = json!({ "version": 1, "name": "Hearts", "options": options, "archive": ["85123A", "85123A-L"] });
        assert_eq!(put(&world, &world.key, &family, &out).await.json()["items"], json!([]));
        assert_eq!(world.get("/items/85123A-L").await.json()["archived"], true);
        world.close().await;
    })
    .await;
}

//! A key that lost a store is not told again what it was answered there.

use crate::world::{Answer, World, id, request};
use axum::body::Body;
use axum::http::{Method, header};
use db::test::on_each;
use model::{Actor, Scope, Via};
use serde_json::{Value, json};

/// Asks as that actor, whatever its key may by now.
async fn ask(world: &World, actor: &Actor, (method, path, body): (&Method, &str, &Value), name: &str) -> Answer {
    let request = request(method.clone(), "", path)
        .extension(actor.clone())
        .header("idempotency-key", name)
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body.to_string()));
    world.send(request.expect("a request")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_lost_a_store_hears_of_it_what_anybody_hears() {
    on_each(async |db| {
        let world = World::open(db).await;
        world.receive("LON", "22633", "4").await;
        let (order, held, place) = (id(), id(), id());
        let line = json!({ "sku": "22633", "quantity": "1" });
        let new = json!({ "id": order, "store": "LON", "content": { "lines": [line] } });
        assert_eq!(world.post("/orders", &id(), &new).await.status, 201);
        let line = json!({ "id": held, "sku": "22633", "quantity": "1" });
        let new = json!({ "store": "LON", "lines": [line] });
        assert_eq!(world.post("/reservations", &id(), &new).await.status, 201);
        let new = json!({ "id": place, "store": "LON", "code": "BACK", "name": "Back room" });
        assert_eq!(world.post("/places", &id(), &new).await.status, 201);

        let key = world.key_for(&["all"], Scope::Only(vec![world.lon.id, world.par.id])).await;
        let via = Via { request_id: "req-12345678".into(), device: "till 1".into(), client_key: None };
        let actor = world.auth.identify_key(&key, via).await.expect("it is known");
        let mut lost = actor.clone();
        lost.grants.retain(|grant| grant.store == Some(world.par.id));
        let asked = [
            (Method::POST, format!("/orders/{order}/confirm"), json!({})),
            (Method::POST, format!("/reservations/{held}/release"), json!({})),
            (Method::PATCH, format!("/places/{place}"), json!({ "name": "The back" })),
        ];
        for (method, path, body) in asked {
            let (name, what) = (id(), (&method, path.as_str(), &body));
            let first = ask(&world, &actor, what, &name).await;
            assert_eq!(first.status, 200, "{}", first.text);
            let again = ask(&world, &actor, what, &name).await;
            assert_eq!((again.status, again.header("idempotent-replayed")), (200, Some("true")), "{}", again.text);
            ask(&world, &lost, what, &name).await.is_problem(404, "not_found");
            ask(&world, &lost, what, &id()).await.is_problem(404, "not_found");
        }
        world.close().await;
    })
    .await;
}

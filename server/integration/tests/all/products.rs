//! Changing items over REST: versions, archive, and what other stores may not see.

use crate::world::{Answer, World, id, request, root};
use axum::body::Body;
use axum::http::{Method, header};
use db::test::on_each;
use model::{Bulk, Limit, Quantity, Scope};
use serde_json::{Value, json};

async fn patch(world: &World, sku: &str, tag: Option<&str>, body: &Value, name: &str) -> Answer {
    let mut request = request(Method::PATCH, &world.key, &format!("/items/{sku}"))
        .header("idempotency-key", name)
        .header(header::CONTENT_TYPE, "application/json");
    if let Some(tag) = tag {
        request = request.header("if-match", tag);
    }
    world.send(request.body(Body::from(body.to_string())).expect("a request")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_is_changed_by_who_saw_its_version_and_by_nobody_else() {
    on_each(async |db| {
        let world = World::open(db).await;
        let tag = world.get("/items/85123A").await.header("etag").expect("a version").to_owned();
        let name = id();
        let changed = patch(&world, "85123A", Some(&tag), &json!({ "price": "3.10" }), &name).await;
        assert_eq!((changed.status, changed.header("etag")), (200, Some("\"2\"")), "{}", changed.text);
        assert_eq!(changed.json()["price"], "3.10");
        let again = patch(&world, "85123A", Some(&tag), &json!({ "price": "3.10" }), &name).await;
        assert_eq!((again.status, again.header("idempotent-replayed")), (200, Some("true")), "sent twice, done once");
        patch(&world, "85123A", Some(&tag), &json!({ "price": "9" }), &id()).await.is_problem(412, "changed");
        patch(&world, "85123A", None, &json!({ "price": "9" }), &id()).await.is_problem(428, "version_needed");
        patch(&world, "85123A", Some("\"x\""), &json!({ "price": "9" }), &id()).await.is_problem(412, "changed");
        patch(&world, "nothing", Some("*"), &json!({ "price": "9" }), &id()).await.is_problem(404, "not_found");
        patch(&world, "85123A", Some("*"), &json!({ "colour": "red" }), &id()).await.is_problem(422, "invalid");
        let archived =
            patch(&world, "85123A", Some("*"), &json!({ "archived": true, "price": null }), &id()).await.json();
        assert_eq!(
            (&archived["archived"], &archived["price"], &archived["version"]),
            (&json!(true), &json!(null), &json!(3))
        );
        assert_eq!(world.get("/items/85123A").await.json()["archived"], true);
        world.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn packs_are_added_changed_and_read_with_their_item() {
    on_each(async |db| {
        let world = World::open(db).await;
        let case = json!({ "name": "Case of 12", "barcode": "19506000134359", "quantity": "12" });
        let new = json!({ "id": id(), "sku": "TEA", "name": "Tea", "barcodes": ["9506000134352"], "packs": [case] });
        let added = world.post("/items", &id(), &new).await;
        assert_eq!((added.status, &added.json()["packs"]), (201, &json!([case])), "{}", added.text);
        let read = world.get("/items/19506000134359").await.json();
        assert_eq!(
            (&read["sku"], &read["packs"], &read["barcodes"]),
            (&json!("TEA"), &json!([case]), &new["barcodes"])
        );
        let listed = world.get("/items?search=19506000134359").await.json();
        assert_eq!(listed["data"][0]["packs"], json!([case]));
        let near = world.get("/items?search=tae").await.json();
        assert_eq!(near["data"][0]["sku"], "TEA", "one slip is forgiven");
        let tray = json!({ "name": "Tray", "barcode": "T-6", "quantity": "6.5" });
        let changed = patch(&world, "TEA", Some("*"), &json!({ "packs": [case, tray] }), &id()).await.json();
        assert_eq!((&changed["packs"], &changed["version"]), (&json!([case, tray]), &json!(2)));
        let taken = patch(&world, "85123A", Some("*"), &json!({ "packs": [tray] }), &id()).await;
        taken.is_problem(409, "barcode_taken");
        for wrong in [
            json!({ "name": "Tray", "barcode": "T-7", "quantity": "0" }),
            json!({ "name": "", "barcode": "T-7", "quantity": "6" }),
            json!({ "name": "Tray", "barcode": "T-7", "quantity": 6, "colour": "red" }),
        ] {
            patch(&world, "85123A", Some("*"), &json!({ "packs": [wrong] }), &id()).await.is_problem(422, "invalid");
        }
        let seller = world.key_for(&["sales:write", "stock:read"], Scope::All).await;
        let request = request(Method::PATCH, &seller, "/items/TEA").header("idempotency-key", id());
        let request = request.header(header::CONTENT_TYPE, "application/json").header("if-match", "*");
        let denied = world.send(request.body(Body::from(json!({ "packs": [] }).to_string())).expect("a request")).await;
        denied.is_problem(403, "forbidden");
        assert_eq!(world.get("/items/TEA").await.json()["packs"], json!([case, tray]));
        world.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_category_is_named_in_an_item_and_listed() {
    on_each(async |db| {
        let world = World::open(db).await;
        assert_eq!(world.get("/categories").await.json()["data"], json!([]));
        let changed = patch(&world, "85123A", Some("*"), &json!({ "category": "Hearts" }), &id()).await.json();
        assert_eq!((&changed["category"], &changed["version"]), (&json!("Hearts"), &json!(2)));
        let other = patch(&world, "22633", Some("*"), &json!({ "category": "HEARTS" }), &id()).await.json();
        assert_eq!(other["category"], "Hearts", "whatever the capitals");
        let listed = world.get("/categories").await.json();
        assert_eq!(listed["data"].as_array().expect("categories").len(), 1);
        assert_eq!(listed["data"][0]["name"], "Hearts");
        assert_eq!(world.get("/items/22633").await.json()["category"], "Hearts");
        let address = format!("/categories/{}", listed["data"][0]["id"].as_str().expect("an id"));
        let rename = async |key: &str, was: &str| {
            let request = request(Method::PATCH, key, &address).header("idempotency-key", id());
            let body = json!({ "was": was, "name": "Lanterns" }).to_string();
            let request = request.header(header::CONTENT_TYPE, "application/json").body(Body::from(body));
            world.send(request.expect("a request")).await
        };
        let reader = world.key_for(&["stock:read"], Scope::All).await;
        rename(&reader, "Hearts").await.is_problem(403, "forbidden");
        let renamed = rename(&world.key, "Hearts").await.json();
        assert_eq!((&renamed["name"], &renamed["former"]), (&json!("Lanterns"), &json!(["hearts"])));
        assert_eq!(world.get("/items/22633").await.json()["category"], "Lanterns");
        let long = json!({ "category": "x".repeat(41) });
        patch(&world, "85123A", Some("*"), &long, &id()).await.is_problem(422, "invalid");
        let none = patch(&world, "85123A", Some("*"), &json!({ "category": null }), &id()).await.json();
        assert_eq!(none["category"], json!(null));
        let seller = world.key_for(&["sales:write"], Scope::All).await;
        world.get_as(&seller, "/categories").await.is_problem(403, "forbidden");
        world.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn how_many_a_store_wants_is_told_to_that_store_only() {
    on_each(async |db| {
        let world = World::open(db).await;
        let limit = |store: &str| Limit { store: store.into(), minimum: Some(Quantity::whole(7)), maximum: None };
        for store in ["LON", "PAR"] {
            let bulk = Bulk::Limits(limit(store));
            world.inventory.change_many(&root(), store, vec!["85123A".into()], bulk).await.expect("set");
        }
        let paris = world.key_for(&["stock:read", "events:read"], Scope::Only(vec![world.par.id])).await;
        let seen = world.get_as(&paris, "/items/85123A").await.json();
        assert_eq!(seen["limits"].as_array().expect("limits").len(), 1);
        let events = world.get_as(&paris, "/events").await.text;
        assert!(
            events.contains("inventory.items_changed") && events.contains("\"PAR\"") && !events.contains("\"LON\"")
        );
        world.close().await;
    })
    .await;
}

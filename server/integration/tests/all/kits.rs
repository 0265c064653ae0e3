//! Kits over REST: said with a change of the item, shown with what can be made, sold and brought back as one line.

use crate::world::{Answer, World, id, request, root};
use axum::body::Body;
use axum::http::{Method, header};
use db::test::on_each;
use model::{GridQuery, Language, Scope};
use serde_json::{Value, json};
use storeroom_integration::sheet::Format;

async fn made_of(world: &World, key: &str, components: &Value) -> Answer {
    let request = request(Method::PATCH, key, "/items/SET").header("idempotency-key", id()).header("if-match", "*");
    let request = request.header(header::CONTENT_TYPE, "application/json");
    let body = Body::from(json!({ "components": components }).to_string());
    world.send(request.body(body).expect("a request")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kit_is_made_shown_sold_and_brought_back_as_one_line() {
    on_each(async |db| {
        let world = World::open(db).await;
        world.add_item("CUP", "Cup").await;
        world.add_item("SET", "Tea set").await;
        world.receive("LON", "85123A", "5").await;
        world.receive("LON", "CUP", "9").await;
        world.get("/items/SET/components?store=LON").await.is_problem(404, "not_found");
        let parts = json!([{ "sku": "CUP", "quantity": "4" }, { "sku": "85123A", "quantity": "1" }]);
        let reader = world.key_for(&["stock:read"], Scope::All).await;
        made_of(&world, &reader, &parts).await.is_problem(403, "forbidden");
        made_of(&world, &world.key, &json!([{ "sku": "SET", "quantity": "1" }])).await.is_problem(422, "invalid");
        made_of(&world, &world.key, &json!([{ "sku": "CUP", "many": "1" }])).await.is_problem(422, "invalid");
        let made = made_of(&world, &world.key, &parts).await;
        assert_eq!((made.status, &made.json()["kind"]), (200, &json!("kit")), "{}", made.text);
        assert_eq!(made.json()["components"], json!([parts[1], parts[0]]), "by SKU");
        assert_eq!(world.get("/items/SET").await.json()["components"], made.json()["components"]);
        let shown = world.get_as(&reader, "/items/SET/components?store=LON").await.json();
        assert_eq!((&shown["available"], &shown["shortest"]), (&json!(2), &json!("CUP")));
        assert_eq!(shown["parts"][1]["enough_for"], 2);
        world.get("/items/SET/components").await.is_problem(400, "unreadable");
        world.get("/items/SET/components?store=NOWHERE").await.is_problem(422, "invalid");

        let line = |quantity: &str| json!([{ "sku": "SET", "quantity": quantity, "unit_price": "20" }]);
        let sold = world.post("/sales", &id(), &json!({ "id": id(), "store": "LON", "lines": line("2") })).await;
        assert_eq!((sold.status, &sold.json()["total"]), (201, &json!("40.00")), "{}", sold.text);
        assert_eq!(
            (sold.json()["lines"].as_array().map(Vec::len), &sold.json()["lines"][0]["sku"]),
            (Some(1), &json!("SET"))
        );
        assert_eq!((world.on_hand("LON", "CUP").await, world.on_hand("LON", "85123A").await), ("1".into(), "3".into()));
        let moved = world.get("/movements?store=LON&sku=CUP").await.json()["data"][0].clone();
        assert_eq!(
            (&moved["kind"], &moved["quantity"], &moved["unit_price"]),
            (&json!("sale"), &json!("8"), &Value::Null)
        );
        assert_eq!(world.get("/movements?store=LON&sku=SET").await.json()["data"], json!([]));
        let back = json!({ "id": id(), "store": "LON", "sale": sold.json()["id"], "lines": line("1") });
        assert_eq!(world.post("/returns", &id(), &back).await.status, 201);
        assert_eq!(world.on_hand("LON", "CUP").await, "5");
        let delivery = json!({ "id": id(), "store": "LON", "lines": line("1") });
        let problem = world.post("/receipts", &id(), &delivery).await.is_problem(422, "invalid");
        assert!(problem.to_string().contains("use the items that it is made of"), "{problem}");
        world.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kit_is_in_the_file_of_the_grid_and_lies_in_no_place() {
    on_each(async |db| {
        let world = World::open(db).await;
        world.add_item("CUP", "Cup").await;
        world.add_item("SET", "Tea set").await;
        world.receive("LON", "CUP", "9").await;
        made_of(&world, &world.key, &json!([{ "sku": "CUP", "quantity": "4" }])).await;
        let grid = GridQuery { store: "LON".into(), ..GridQuery::default() };
        let file = world.integration.export_stock(&root(), &grid, Format::Csv, Language::English).await;
        let file = String::from_utf8(file.expect("written")).expect("utf-8");
        assert!(file.contains("\r\nCUP,Cup,9,0,9,0,9,") && file.contains("\r\nSET,Tea set,,,2,,,"), "{file}");
        let places = world.get("/stock?store=LON").await.json();
        let rows = places["data"].as_array().expect("rows").iter().map(|row| &row["sku"]).collect::<Vec<_>>();
        assert!(rows.contains(&&json!("CUP")) && !rows.contains(&&json!("SET")), "{places}");
        assert_eq!(world.get("/stock?sku=SET").await.json()["data"], json!([]));
        world.close().await;
    })
    .await;
}

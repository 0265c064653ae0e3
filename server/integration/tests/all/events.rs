//! The stream of events as other systems read it.

use crate::world::{World, id, sale};
use db::test::on_each;
use model::Scope;
use serde_json::Value;

async fn all(world: &World, key: &str, limit: u32) -> Vec<Value> {
    let (mut events, mut path) = (Vec::new(), format!("/events?after=0&limit={limit}"));
    loop {
        let page = world.get_as(key, &path).await.json();
        events.extend(page["data"].as_array().expect("rows").iter().cloned());
        let Some(next) = page["next"].as_str() else { return events };
        path = format!("/events?limit={limit}&cursor={next}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sale_is_told_once_in_its_place() {
    on_each(async |db| {
        let world = World::open(db).await;
        let receipt = world.post("/sales", &id(), &sale("LON", &[("85123A", "6")])).await.json();
        let after = receipt["seq"].as_i64().expect("a place") - 1;
        let page = world.get(&format!("/events?after={after}")).await.json();
        let event = &page["data"][0];
        assert_eq!(event["seq"], receipt["seq"]);
        assert_eq!(event["type"], "inventory.sale_posted");
        assert_eq!(event["specversion"], "1.0");
        assert_eq!(event["store"], "LON");
        assert_eq!(event["subject"], receipt["id"]);
        assert_eq!(event["data"]["receipt"]["id"], receipt["id"]);
        assert_eq!(page["next"], Value::Null);
        assert_eq!(page["as_of"], receipt["seq"]);
        world.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_hears_its_stores_and_not_the_others() {
    on_each(async |db| {
        let world = World::open(db).await;
        for store in ["LON", "PAR", "PAR", "LON"] {
            world.post("/sales", &id(), &sale(store, &[("85123A", "1")])).await;
        }
        let lon_only = world.key_for(&["events:read"], Scope::Only(vec![world.lon.id])).await;
        for limit in [1, 3, 200] {
            let heard = all(&world, &lon_only, limit).await;
            let stores: Vec<_> = heard.iter().filter_map(|event| event["store"].as_str()).collect();
            assert_eq!(stores, ["LON"; 3], "the store's opening and two sales");
            assert!(heard.iter().any(|event| event["type"] == "inventory.items_added"));
            assert!(heard.iter().all(|event| !event["type"].as_str().expect("a type").starts_with("auth.")));
        }
        let everything = all(&world, &world.key, 2).await;
        let seqs: Vec<_> = everything.iter().map(|event| event["seq"].as_i64().expect("a place")).collect();
        assert!(seqs.is_sorted_by(|a, b| a < b), "{seqs:?}");
        assert!(everything.iter().any(|event| event["store"] == "PAR"));
        assert!(world.par.id != world.lon.id);
        world.close().await;
    })
    .await;
}

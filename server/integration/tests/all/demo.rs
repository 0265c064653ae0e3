//! The demo store.

use crate::world::{World, root};
use db::test::on_each;

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_store_opens_once_with_goods_on_its_shelves() {
    on_each(async |db| {
        let world = World::open(db).await;
        world.integration.open_demo().await.expect("it opens");
        world.integration.open_demo().await.expect("it is open");
        let stores = world.inventory.stores(&root()).await.expect("stores");
        assert_eq!(stores.iter().filter(|store| store.code == "DEMO").count(), 1);
        let rows = world.get("/stock?store=DEMO&limit=200").await.json();
        let rows = rows["data"].as_array().expect("rows");
        assert_eq!(rows.len(), 200);
        assert!(rows.iter().all(|row| !row["on_hand"].as_str().expect("text").starts_with('-')), "nothing is short");
        world.close().await;
    })
    .await;
}

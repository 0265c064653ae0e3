//! The demo store.

use crate::world::{World, root};
use db::test::on_each;
use model::{Action, Error, GridQuery, NewTaxClass, Quantity, Refusal, Role, TaxClassId, TaxRate};
use std::collections::BTreeSet;
use storeroom_integration::demo::PEOPLE;

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_store_opens_once_with_goods_on_its_shelves() {
    on_each(async |db| {
        let world = World::open(db).await;
        world.integration.open_demo(&root()).await.expect("it opens");
        world.integration.open_demo(&root()).await.expect("it is open");
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

#[tokio::test(flavor = "multi_thread")]
async fn what_the_demo_sells_holds_the_taxes_of_its_country() {
    on_each(async |db| {
        let world = World::open(db).await;
        // Somebody's own class of that name, and somebody's own item of a SKU of the demo.
        let rates = vec![TaxRate { from_day: None, rate: Quantity::ZERO }];
        let (mine, zero) = (TaxClassId::new(), NewTaxClass { version: 0, name: "uk zero".into(), rates });
        world.inventory.save_tax_class(&root(), mine, zero).await.expect("saved");
        world.add_item("22423", "My own stand").await;
        world.integration.open_demo(&root()).await.expect("it opens");
        let classes = world.inventory.tax_classes(&root()).await.expect("read").data;
        let told: Vec<_> = classes.iter().map(|class| (class.name.as_str(), class.items)).collect();
        assert_eq!(told, [("UK standard", 1_591), ("uk zero", 10)], "three are no supply, and four are somebody's own");
        let product = world.inventory.product(&root(), "22423").await.expect("there").data;
        assert_eq!(product.tax_class, None, "what is somebody's own stays");
        let apron = world.inventory.product(&root(), "22367").await.expect("there").data;
        assert_eq!(apron.tax_class, Some(mine));

        let told = world.inventory.taxes(&root(), "DEMO", "2000-01-01", "2999-12-31").await.expect("told").data;
        let rates: BTreeSet<_> = told.iter().map(|day| day.total.rate).collect();
        assert_eq!(rates.into_iter().collect::<Vec<_>>(), [Quantity::ZERO, Quantity::whole(20)]);
        assert!(told.iter().all(|day| day.total.net.checked_add(day.total.tax) == Some(day.total.gross)));
        assert_eq!(world.inventory.verify(&root()).await.expect("read"), []);

        world.integration.remove_demo(&root()).await.expect("it is removed");
        let classes = world.inventory.tax_classes(&root()).await.expect("read").data;
        assert!(classes.iter().all(|class| class.items == 0), "{classes:?}");
        world.close().await;
    })
    .await;
}

/// How many items the grid of London shows for these words.
async fn in_the_grid(world: &World, search: &str) -> i64 {
    let query = GridQuery { store: "LON".to_owned(), search: search.to_owned(), ..GridQuery::default() };
    world.inventory.grid(&root(), &query, 0, 1).await.expect("a grid").total
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removed_demo_is_out_of_every_list_and_the_ledger_keeps_it() {
    on_each(async |db| {
        let world = World::open(db).await;
        let before = in_the_grid(&world, "").await;
        world.integration.open_demo(&root()).await.expect("it opens");
        // One of the demo's goods is on London's own shelf by now: that one stays.
        world.receive("LON", "84077", "5").await;
        assert!(in_the_grid(&world, "").await > before + 500);
        world.integration.remove_demo(&root()).await.expect("it is removed");

        assert_eq!(in_the_grid(&world, "").await, before + 1, "only what London has itself is left");
        assert!(world.inventory.stores(&root()).await.expect("stores").iter().all(|store| store.code != "DEMO"));
        for path in ["/stock?store=DEMO", "/movements?store=DEMO"] {
            assert_eq!(world.get(path).await.status, 422, "{path}");
        }
        assert_eq!(world.get("/items/22423").await.status, 404);
        let places = world.inventory.sheet(&root(), "LON", "84077").await.expect("a sheet").stock;
        assert_eq!(places.iter().map(|place| place.store.as_str()).collect::<Vec<_>>(), ["LON"]);
        let text =
            world.get("/movements").await.text + &world.get("/stock").await.text + &world.get("/stores").await.text;
        assert!(!text.contains("DEMO"), "no list tells of it");
        assert_eq!(world.inventory.verify(&root()).await.expect("read"), []);
        // Its SKUs are free for one's own goods.
        world.add_item("22423", "My own stand").await;
        assert_eq!(world.inventory.rebuild(&root()).await.expect("rebuilt"), 0);

        world.integration.open_demo(&root()).await.expect("it comes back");
        assert!(in_the_grid(&world, "").await > before + 500);
        let mine = world.inventory.find_item(&root(), "22423").await.expect("found").expect("it is there");
        assert_eq!(mine.item.name, "My own stand", "what took the SKU meanwhile keeps it");
        assert_eq!(world.inventory.verify(&root()).await.expect("read"), []);
        world.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demos_people_go_with_it_and_somebodys_own_do_not() {
    on_each(async |db| {
        let world = World::open(db).await;
        world.integration.open_demo_with_people(&root()).await.expect("it opens");
        assert_eq!(world.integration.demo_sign_ins().await.expect("read").len(), PEOPLE.len());
        let alone = world.integration.remove_demo(&root()).await;
        assert_eq!(alone.err(), Some(Error::Refused(Refusal::LastAdministrator)), "somebody has to be left");
        assert!(world.integration.has_demo(&root()).await.expect("read"), "and nothing was changed");

        world.person("boss", "The boss", Role::Administrator).await;
        assert_eq!(world.integration.demo_sign_ins().await.expect("read").len(), 0, "no longer everybody's business");
        assert_eq!(world.integration.remove_demo(&root()).await.expect("removed").len(), PEOPLE.len());
        for person in &PEOPLE {
            let found = world.auth.person_named(&root(), person.name).await.expect("read").expect("still there");
            assert!(found.disabled, "{}", person.name);
        }
        let boss = world.auth.person_named(&root(), "boss").await.expect("read").expect("there");
        assert!(!boss.disabled);
        let nobody = world.integration.open_demo(&model::Actor { grants: vec![], ..root() }).await;
        assert_eq!(nobody, Err(Error::Forbidden(Action::ManageStores)));
        world.close().await;
    })
    .await;
}

//! Products keep their promises on both engines: versions, limits, archive, many at once, undo, pictures.

use crate::common::{item, line, money, open, receipt, sale, units};
use db::test::on_each;
use model::{Bulk, Error, ItemKind, ItemPatch, Limit, Product, ProductQuery, Refusal, Reused, Role};
use storeroom_inventory::{Edit, Inventory, ItemFilter};
use uuid::Uuid;

async fn product(inventory: &Inventory, owner: &model::Actor, sku: &str) -> Product {
    inventory.product(owner, sku).await.expect("it is there").data
}

fn named(name: &str) -> ItemPatch {
    ItemPatch { name: Some(name.into()), ..ItemPatch::default() }
}

fn limit(minimum: &str, maximum: &str) -> Limit {
    Limit { store: "LON".into(), minimum: Some(units(minimum)), maximum: Some(units(maximum)) }
}

fn query() -> ProductQuery {
    ProductQuery { store: "LON".into(), ..ProductQuery::default() }
}

#[tokio::test]
async fn a_change_raises_the_version_and_one_that_saw_an_older_version_changes_nothing() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let patch = ItemPatch { price: Some(Some(money("3.10"))), ..named("A blue cup") };
        let changed = inventory.change_item(owner, "CUP", Some(1), patch).await.expect("changed");
        assert_eq!((changed.version, changed.item.price), (2, Some(money("3.10"))));
        let late = inventory.change_item(owner, "CUP", Some(1), named("A red cup")).await;
        assert_eq!(late, Err(Error::Conflict(Reused::Version)));
        assert_eq!(product(inventory, owner, "CUP").await, changed);
        let same = inventory.change_item(owner, "CUP", Some(2), named("A blue cup")).await.expect("nothing to change");
        assert_eq!(same.version, 2, "what is so already is no change");
        let found = inventory.items(owner, &ItemFilter { search: "blue".into(), after: None, limit: 10 }).await;
        assert_eq!(found.expect("found").data.len(), 1, "the search follows the name");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_barcode_is_one_items_and_a_mistyped_one_is_told_with_the_right_digit() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let codes = |codes: &[&str]| ItemPatch {
            barcodes: Some(codes.iter().map(|code| (*code).to_owned()).collect()),
            ..ItemPatch::default()
        };
        let taken = inventory.change_item(owner, "CUP", Some(1), codes(&["50MUG"])).await;
        assert_eq!(taken, Err(Refusal::BarcodeTaken { barcode: "50MUG".into() }.into()));
        let Err(Error::Invalid(flaws)) = inventory.change_item(owner, "CUP", Some(1), codes(&["5012345678901"])).await
        else {
            panic!("a wrong check digit is refused");
        };
        assert!(flaws[0].message.contains("should be 0"), "{}", flaws[0].message);
        let changed =
            inventory.change_item(owner, "CUP", Some(1), codes(&["5012345678900", "96385074"])).await.expect("taken");
        assert_eq!(changed.item.barcodes.len(), 2);
        assert_eq!(product(inventory, owner, "96385074").await.item.sku, "CUP");
        assert!(inventory.product(owner, "50CUP").await.is_err(), "the old code means nothing now");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn an_archived_item_is_not_offered_and_what_a_customer_holds_is_sold_all_the_same() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let archive = ItemPatch { archived: Some(true), ..ItemPatch::default() };
        inventory.change_item(owner, "CUP", Some(1), archive).await.expect("archived");
        let scanned = inventory.find_item(owner, "50CUP").await.expect("read").expect("a customer may hold it");
        assert_eq!((scanned.item.sku.as_str(), scanned.archived), ("CUP", true));
        let all = ItemFilter { limit: 50, ..ItemFilter::default() };
        let offered = inventory.items(owner, &all).await.expect("listed").data;
        assert!(offered.iter().all(|item| item.sku != "CUP") && offered.len() == 3);
        let listed =
            inventory.products(owner, &ProductQuery { archived: true, ..query() }, 0, 50).await.expect("listed");
        assert_eq!((listed.total, listed.data[0].sku.as_str()), (1, "CUP"));
        inventory.post_sale(owner, sale(vec![line("CUP", "1")])).await.expect("a fact is a fact");
        let back = ItemPatch { archived: Some(false), ..ItemPatch::default() };
        inventory.change_item(owner, "CUP", Some(2), back).await.expect("brought back");
        assert!(!inventory.find_item(owner, "50CUP").await.expect("read").expect("found").archived);
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn many_prices_change_in_one_act_and_come_back_in_another() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let skus = || vec!["CUP".to_owned(), "MUG".to_owned(), "NONE".to_owned()];
        let done =
            inventory.change_many(owner, "LON", skus(), Bulk::PriceByPercent(units("10"))).await.expect("changed");
        assert_eq!((done.changed, done.kept.as_slice()), (2, ["NONE".to_owned()].as_slice()));
        assert_eq!(product(inventory, owner, "MUG").await.item.price, Some(money("2.81")));
        // Somebody else changes one of them meanwhile: their price stays.
        let patch = ItemPatch { price: Some(Some(money("9"))), ..ItemPatch::default() };
        inventory.change_item(owner, "MUG", Some(2), patch).await.expect("changed");
        let journal = done.journal.expect("a line");
        let undone = inventory.undo_change(owner, journal).await.expect("undone");
        assert_eq!((undone.changed, undone.kept.as_slice()), (1, ["MUG".to_owned()].as_slice()));
        let cup = product(inventory, owner, "CUP").await;
        assert_eq!((cup.item.price, cup.version), (Some(money("2.55")), 3), "by another change, not by forgetting one");
        assert_eq!(product(inventory, owner, "MUG").await.item.price, Some(money("9")));
        assert_eq!(inventory.undo_change(owner, journal).await, Err(Refusal::AlreadyReversed.into()));
        let again = inventory.undo_change(owner, undone.journal.expect("a line")).await.expect("an undo can be undone");
        assert_eq!(again.changed, 1);
        assert_eq!(product(inventory, owner, "CUP").await.item.price, Some(money("2.81")));
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_change_of_many_that_is_sent_again_changes_prices_once() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let send = async |id: Uuid, percent: &str| {
            let skus = vec!["CUP".to_owned(), "MUG".to_owned(), "NONE".to_owned()];
            inventory.change_many_once(owner, Some(id), "LON", skus, Bulk::PriceByPercent(units(percent))).await
        };
        let id = Uuid::now_v7();
        let (first, twin) = tokio::join!(send(id, "10"), send(id, "10"));
        let first = first.expect("changed");
        assert_eq!(first.changed, 2);
        assert_eq!(twin, Ok(first.clone()), "told what was told first");
        assert_eq!(send(id, "10").await, Ok(first), "and later too");
        let cup = product(inventory, owner, "CUP").await;
        assert_eq!((cup.item.price, cup.version), (Some(money("2.81")), 2));
        assert_eq!(send(id, "20").await, Err(Error::Conflict(Reused::Id)), "another change needs another id");
        send(Uuid::now_v7(), "10").await.expect("changed");
        assert_eq!(product(inventory, owner, "CUP").await.item.price, Some(money("3.09")), "meant a second time");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn limits_are_a_stores_own_and_tell_what_is_low() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        inventory.add_store(owner, "PAR", "Paris", "EUR", "Europe/Paris").await.expect("opened");
        inventory.post_receipt(owner, receipt(vec![line("CUP", "5"), line("MUG", "2")])).await.expect("posted");
        let bulk = Bulk::Limits(limit("2", "9"));
        let done = inventory.change_many(owner, "LON", vec!["CUP".into(), "MUG".into()], bulk).await.expect("set");
        assert_eq!(done.changed, 2);
        let low = inventory.products(owner, &ProductQuery { low: true, ..query() }, 0, 50).await.expect("listed");
        assert_eq!((low.total, low.data[0].sku.as_str()), (1, "MUG"), "at its minimum");
        assert!(low.data[0].is_low());
        let turned = ItemPatch { limits: Some(vec![limit("9", "2")]), ..ItemPatch::default() };
        assert!(matches!(inventory.change_item(owner, "CUP", Some(2), turned).await, Err(Error::Invalid(_))));
        let manager = store.someone(Role::Manager).await;
        let paris = Limit { store: "PAR".into(), ..limit("1", "2") };
        let foreign = ItemPatch { limits: Some(vec![paris.clone()]), ..ItemPatch::default() };
        assert_eq!(inventory.change_item(&manager, "CUP", Some(2), foreign.clone()).await, Err(Error::NotFound));
        inventory.change_item(owner, "CUP", Some(2), foreign).await.expect("set");
        assert_eq!(product(inventory, owner, "CUP").await.limits.len(), 2);
        let seen = inventory.product(&manager, "CUP").await.expect("seen").data.limits;
        assert_eq!(seen, [limit("2", "9")], "not theirs to see");
        inventory.undo_change(owner, done.journal.expect("a line")).await.expect("undone");
        assert_eq!(product(inventory, owner, "MUG").await.limits, []);
        assert_eq!(product(inventory, owner, "CUP").await.limits, [paris], "another store's limit is another's");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_was_added_is_archived_by_its_undo() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        inventory.add_items_for(owner, vec![item("JUG", ItemKind::Stocked)], "import:7").await.expect("added");
        let edit = Edit { sku: "CUP".into(), patch: named("Cup") };
        inventory.change_items(owner, vec![edit], "import:7").await.expect("changed");
        let acts = inventory.changes_of(owner, "import:7").await.expect("listed");
        assert_eq!(acts.len(), 2);
        for act in acts {
            inventory.undo_change(owner, act).await.expect("undone");
        }
        assert!(product(inventory, owner, "JUG").await.archived);
        assert_eq!(product(inventory, owner, "CUP").await.item.name, "a CUP");
        assert!(inventory.changes_of(owner, "import:7").await.expect("listed").is_empty());
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_never_happened_is_not_undone_and_keeps_nobody_waiting() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let asked = std::time::Instant::now();
        let undo = || inventory.undo_change(owner, model::JournalId::new());
        let undone = tokio::join!(undo(), undo(), undo(), undo());
        assert_eq!(undone, (Err(Error::NotFound), Err(Error::NotFound), Err(Error::NotFound), Err(Error::NotFound)));
        assert!(asked.elapsed().as_secs() < 3, "an unknown line is not waited for");
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn an_employee_changes_no_item_and_a_journal_that_was_not_told_is_found() {
    on_each(async |db| {
        let store = open(db.clone()).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let employee = store.someone(Role::Employee).await;
        assert!(matches!(inventory.change_item(&employee, "CUP", Some(1), named("x")).await, Err(Error::Forbidden(_))));
        inventory.change_item(owner, "CUP", Some(1), named("Cup")).await.expect("changed");
        store.assert_sound().await;
        let mut tx = db.begin().await.expect("a transaction");
        db::execute!(&mut tx, "update inventory_item set price = 1 where sku = $1", "CUP").expect("tampered");
        tx.commit().await.expect("tampered");
        let findings = inventory.verify(owner).await.expect("read");
        assert!(findings[0].what.contains("item CUP differs"), "{findings:?}");
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_picture_is_stored_once_and_shown_to_whoever_sees_stock() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        // The smallest PNG: one grey pixel.
        let png = [
            137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0, 58,
            126, 155, 85, 0, 0, 0, 10, 73, 68, 65, 84, 120, 156, 99, 104, 0, 0, 0, 130, 0, 129, 119, 205, 114, 182, 0,
            0, 0, 0, 73, 69, 78, 68, 174, 66, 96, 130,
        ];
        let done = inventory.set_image(owner, "CUP", png.to_vec()).await.expect("stored");
        inventory.set_image(owner, "MUG", png.to_vec()).await.expect("stored");
        let hash = product(inventory, owner, "CUP").await.image.expect("a picture");
        assert_eq!(product(inventory, owner, "MUG").await.image.as_ref(), Some(&hash), "the same one");
        let bytes = inventory.image(&store.someone(Role::ReadOnly).await, &hash).await.expect("shown");
        assert_eq!(bytes[..3], [0xff, 0xd8, 0xff], "written anew as JPEG");
        assert_eq!(inventory.set_image(owner, "NONE", png.to_vec()).await, Err(Error::NotFound));
        inventory.undo_change(owner, done.journal.expect("a line")).await.expect("undone");
        assert_eq!(product(inventory, owner, "CUP").await.image, None);
        let unknown = ItemPatch { image: Some(Some("00".into())), ..ItemPatch::default() };
        assert!(matches!(inventory.change_item(owner, "CUP", Some(3), unknown).await, Err(Error::Invalid(_))));
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

//! Search finds what people mean on both engines: accents, word order, codes in any dress, and slips of the finger.

use crate::common::{Open, item, line, money, open, receipt, units};
use db::{execute, fetch_one, test::on_each};
use model::{Error, GridQuery, HistoryQuery, ItemKind, ItemPatch, NewItem, ProductQuery, Role};
use storeroom_inventory::{Hit, ItemFilter};

/// Items with names as stores have them: SKU, name, barcode.
const NAMES: [(&str, &str, &str); 6] = [
    ("UM-100/R", "Large red umbrella with wooden handle", "5012345678900"),
    ("UM 100 B", "Large blue umbrella", "0012345678905"),
    ("CAF2", "Café crème filters 4711", "96385074"),
    ("LAN1", "Copper lantern", "4006381333931"),
    ("LAN2", "Jardín lantern, red/white", "4006381333948"),
    ("DEL", "Delivery lantern", "111"),
];

async fn shop(db: db::Db) -> Open {
    let store = open(db).await;
    for (at, (sku, name, barcode)) in NAMES.into_iter().enumerate() {
        let kind = if at == 5 { ItemKind::Service } else { ItemKind::Stocked };
        let new =
            NewItem { name: name.into(), barcodes: vec![barcode.into()], price: Some(money("1")), ..item(sku, kind) };
        store.inventory.add_item(&store.owner, new).await.expect("added");
    }
    store
}

async fn hits(store: &Open, text: &str) -> Vec<Hit> {
    store.inventory.search(&store.owner, "LON", text).await.expect("searched")
}

/// The SKUs that a search finds, and whether they only come near to it.
async fn found(store: &Open, text: &str) -> (Vec<String>, bool) {
    let hits = hits(store, text).await;
    let near = hits.first().is_some_and(|hit| hit.near);
    assert!(hits.iter().all(|hit| hit.near == near), "either all of them hold the words, or none does");
    (hits.into_iter().map(|hit| hit.item.sku).collect(), near)
}

async fn finds(store: &Open, text: &str, skus: &[&str]) {
    assert_eq!(found(store, text).await, (skus.iter().map(ToString::to_string).collect(), false), "{text}");
}

/// In this order: the fewest slips, then by name.
async fn comes_near(store: &Open, text: &str, skus: &[&str]) {
    assert_eq!(found(store, text).await, (skus.iter().map(ToString::to_string).collect(), true), "{text}");
}

#[tokio::test]
async fn accents_word_order_part_numbers_and_barcodes_are_found() {
    on_each(async |db| {
        let store = shop(db).await;
        for text in ["café crème", "CREME cafe", "filters 4711 creme cafe", "cafe\u{301}"] {
            finds(&store, text, &["CAF2"]).await;
        }
        finds(&store, "handle wooden with umbrella red large", &["UM-100/R"]).await;
        for text in ["UM-100/R", "um100r", "100/r"] {
            finds(&store, text, &["UM-100/R"]).await;
        }
        for text in ["UM100B", "UM-100-B"] {
            finds(&store, text, &["UM 100 B"]).await;
        }
        // As words they are in the other too, which is an umbrella; the code comes first.
        finds(&store, "um 100 b", &["UM 100 B", "UM-100/R"]).await;
        for barcode in ["0012345678905", "12345678905", "012345678905"] {
            finds(&store, barcode, &["UM 100 B"]).await;
        }
        finds(&store, "um 100", &["UM 100 B", "UM-100/R"]).await;
        finds(&store, "111", &["DEL"]).await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_mistyped_word_finds_what_is_near_to_it_and_says_so() {
    on_each(async |db| {
        let store = shop(db).await;
        for text in ["umbrela blue", "bleu umbrella", "umberlla blue", "umbreilla blu"] {
            comes_near(&store, text, &["UM 100 B"]).await;
        }
        comes_near(&store, "umbrela", &["UM 100 B", "UM-100/R"]).await;
        comes_near(&store, "jardim lantren", &["LAN2"]).await;
        comes_near(&store, "filtres 4711", &["CAF2"]).await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_figure_is_never_taken_for_another_and_a_strange_word_for_none() {
    on_each(async |db| {
        let store = shop(db).await;
        for text in ["5012345678901", "UM-101/R", "filtres 4712", "zzzz", "umbrela zzzz", "xl"] {
            finds(&store, text, &[]).await;
        }
        let long = store.inventory.search(&store.owner, "LON", &"x".repeat(101)).await;
        assert!(matches!(long, Err(Error::Invalid(_))), "{long:?}");
        let nul = store.inventory.search(&store.owner, "LON", "a\0").await;
        assert!(matches!(nul, Err(Error::Invalid(_))), "{nul:?}");
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_hit_says_what_is_on_hand_here_and_stands_first_when_its_code_was_typed() {
    on_each(async |db| {
        let store = shop(db).await;
        store.inventory.post_receipt(&store.owner, receipt(vec![line("LAN2", "7")])).await.expect("posted");
        let seen: Vec<_> = hits(&store, "lantern").await.into_iter().map(|hit| (hit.item.sku, hit.on_hand)).collect();
        let expected = [("DEL", None), ("LAN1", Some(units("0"))), ("LAN2", Some(units("7")))];
        assert_eq!(seen, expected.map(|(sku, on_hand)| (sku.to_owned(), on_hand)), "a service has no stock");
        finds(&store, "4006381333948", &["LAN2"]).await;
        let named = NewItem { name: "Box for LAN2".into(), ..item("ABOX", ItemKind::Stocked) };
        store.inventory.add_item(&store.owner, named).await.expect("added");
        finds(&store, "LAN2", &["LAN2", "ABOX"]).await;
        let reader = store.someone(Role::ReadOnly).await;
        assert!(store.inventory.search(&reader, "LON", "lantern").await.is_ok());
        assert_eq!(store.inventory.search(&reader, "PAR", "lantern").await, Err(Error::NotFound));
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_renamed_item_is_found_by_its_new_name_and_an_archived_one_not_at_all() {
    on_each(async |db| {
        let store = shop(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let renamed = ItemPatch { name: Some("Steel thermometer".into()), ..ItemPatch::default() };
        inventory.change_item(owner, "LAN1", None, renamed).await.expect("renamed");
        comes_near(&store, "termometer", &["LAN1"]).await;
        finds(&store, "coper", &[]).await;
        let coded = ItemPatch { barcodes: Some(vec!["96385074".into()]), ..ItemPatch::default() };
        assert!(inventory.change_item(owner, "LAN1", None, coded).await.is_err(), "it is the filters' code");
        let coded = ItemPatch { barcodes: Some(vec!["4012345678901".into()]), ..ItemPatch::default() };
        inventory.change_item(owner, "LAN1", None, coded).await.expect("another code");
        finds(&store, "4012345678901", &["LAN1"]).await;
        finds(&store, "4006381333931", &[]).await;
        let archived = ItemPatch { archived: Some(true), ..ItemPatch::default() };
        inventory.change_item(owner, "LAN1", None, archived).await.expect("archived");
        finds(&store, "thermometer", &[]).await;
        finds(&store, "termometer", &[]).await;
        finds(&store, "4012345678901", &[]).await;
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn lists_and_the_history_know_accents_and_order_too() {
    on_each(async |db| {
        let store = shop(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        inventory.post_receipt(owner, receipt(vec![line("CAF2", "2")])).await.expect("posted");
        let search = "4711 filters CREME cafe";
        let grid = GridQuery { store: "LON".into(), search: search.into(), ..GridQuery::default() };
        assert_eq!(inventory.grid(owner, &grid, 0, 10).await.expect("read").total, 1);
        let products = ProductQuery { store: "LON".into(), search: search.into(), ..ProductQuery::default() };
        assert_eq!(inventory.products(owner, &products, 0, 10).await.expect("read").total, 1);
        let items = ItemFilter { search: search.into(), after: None, limit: 10 };
        assert_eq!(inventory.items(owner, &items).await.expect("read").data.len(), 1);
        for (text, count) in [("cafe creme", 1), ("Café", 1), ("creme cafe", 0)] {
            let query = HistoryQuery { store: "LON".into(), text: text.into(), ..HistoryQuery::default() };
            let told = inventory.history(owner, &query, None, 10).await.expect("read").data.len();
            assert_eq!(told, count, "the history looks for {text} as it stands");
        }
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn lists_and_their_files_show_what_is_near_to_a_mistyped_word_window_by_window() {
    on_each(async |db| {
        let store = shop(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let grid = |search: &str| GridQuery { store: "LON".into(), search: search.into(), ..GridQuery::default() };
        let (near, skus) = (grid("umbrela large"), ["UM 100 B", "UM-100/R"]);
        for (at, sku) in (0..).zip(skus) {
            let window = inventory.grid(owner, &near, at, 1).await.expect("read");
            assert_eq!((window.total, window.data[0].sku.as_str()), (2, sku));
        }
        let beyond = inventory.grid(owner, &near, 9, 1).await.expect("read");
        assert_eq!((beyond.total, beyond.data.len()), (2, 0));
        let file = inventory.whole_grid(owner, &near).await.expect("read");
        assert_eq!(file.iter().map(|row| row.sku.as_str()).collect::<Vec<_>>(), skus);
        let products = ProductQuery { store: "LON".into(), search: "umbrela".into(), ..ProductQuery::default() };
        assert_eq!(inventory.products(owner, &products, 1, 1).await.expect("read").total, 2);
        assert_eq!(inventory.all_products(owner, &products).await.expect("read").len(), 2);
        assert_eq!(inventory.product_skus(owner, &products, 10).await.expect("read"), skus);
        let items =
            |after: Option<&str>| ItemFilter { search: "umbrela".into(), after: after.map(str::to_owned), limit: 1 };
        let first = inventory.items(owner, &items(None)).await.expect("read");
        assert_eq!((first.data[0].sku.as_str(), first.next.as_deref()), (skus[0], Some(skus[0])));
        let second = inventory.items(owner, &items(Some(skus[0]))).await.expect("read");
        assert_eq!((second.data[0].sku.as_str(), second.next), (skus[1], None));
        // What is known, but not here, is not mistyped; and a figure or a strange word is taken for nothing.
        let box_of_them = NewItem { name: "Box".into(), ..item("LANTERM", ItemKind::Service) };
        inventory.add_item(owner, box_of_them).await.expect("added");
        for text in ["lanterm", "umbrela 101", "umbrela zzzz", "zzzz"] {
            assert_eq!(inventory.grid(owner, &grid(text), 0, 10).await.expect("read").total, 0, "{text}");
        }
        let short = GridQuery { short: true, ..grid("umbrella") };
        assert_eq!(inventory.grid(owner, &short, 0, 10).await.expect("read").total, 0);
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_an_earlier_version_left_without_words_gets_them_at_the_start() {
    on_each(async |db| {
        let store = shop(db).await;
        let mut tx = store.db.begin().await.expect("a transaction");
        execute!(&mut tx, "update inventory_item set search = ''").expect("as the migration does");
        execute!(&mut tx, "delete from inventory_word").expect("as the migration does");
        tx.commit().await.expect("committed");
        store.assert_sound().await;
        finds(&store, "umbrella", &[]).await;
        assert_eq!(store.inventory.write_search(&store.owner).await, Ok(NAMES.len() + 4));
        assert_eq!(store.inventory.write_search(&store.owner).await, Ok(0), "once is enough");
        finds(&store, "umbrella creme", &[]).await;
        comes_near(&store, "umbrela blue", &["UM 100 B"]).await;
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_hand_in_the_words_is_found_and_they_are_rebuilt() {
    on_each(async |db| {
        let store = shop(db).await;
        for sql in [
            "update inventory_item set search = 'something else' where sku = 'CAF2'",
            "delete from inventory_word where word = 'umbrella'",
            "insert into inventory_word (word, item) select 'plate', id from inventory_item where sku = 'LAN1'",
        ] {
            let mut tx = store.db.begin().await.expect("a transaction");
            assert!(execute!(&mut tx, sql).expect("the hand succeeds") > 0);
            tx.commit().await.expect("committed");
            let findings = store.inventory.verify(&store.owner).await.expect("readable");
            assert_eq!(findings[0].invariant, "an item is found by what it is called", "{sql}");
            assert_eq!(store.inventory.rebuild(&store.owner).await, Ok(findings.len()));
            store.assert_sound().await;
        }
        let mut tx = store.db.read().await.expect("a snapshot");
        let words: db::Result<(i64,)> =
            fetch_one!(&mut tx, "select count(*) from inventory_word where word = 'umbrella'");
        assert_eq!(words.expect("counted"), (2,));
        drop(tx);
        store.close().await;
    })
    .await;
}

//! Lists that are narrowed down: nothing is missed while the same items are sold, renamed and given a minimum; what a hand
//! changed is found; and windows of a search fit together, whichever way it is read.

use crate::common::{Open, item, line, open, receipt, sale};
use ::model::{GridQuery, GridSort, ItemKind, ItemPatch, Limit, ProductQuery, Quantity};
use db::{execute, test::on_each};
use storeroom_inventory::Edit;

/// More than a search reaches.
const HITS: usize = 1_150;
/// How often each of those who are at the same items does something.
const TURNS: usize = 24;

fn low() -> ProductQuery {
    ProductQuery { store: "LON".into(), low: true, ..ProductQuery::default() }
}

async fn skus(store: &Open, query: &ProductQuery) -> Vec<String> {
    let page = store.inventory.products(&store.owner, query, 0, 200).await.expect("read");
    assert_eq!(page.total, page.data.len() as i64, "{query:?}");
    page.data.into_iter().map(|row| row.sku).collect()
}

async fn set_minimum(store: &Open, sku: &str, minimum: i64) {
    let limit = Limit { store: "LON".into(), minimum: Some(Quantity::whole(minimum)), maximum: None };
    let patch = ItemPatch { limits: Some(vec![limit]), ..ItemPatch::default() };
    store.inventory.change_item(&store.owner, sku, None, patch).await.expect("changed");
}

/// Changes items; whoever is told that somebody else changed them at the same time asks again.
async fn insist(store: &Open, edits: Vec<Edit>) {
    for _ in 0..200 {
        if store.inventory.change_items(&store.owner, edits.clone(), "").await.is_ok() {
            return;
        }
    }
    panic!("nobody else changes them so often");
}

#[tokio::test]
async fn an_item_is_low_from_the_sale_that_takes_the_last_until_the_delivery() {
    on_each(async |db| {
        let store = open(db).await;
        set_minimum(&store, "CUP", 2).await;
        set_minimum(&store, "MUG", 0).await;
        assert_eq!(skus(&store, &low()).await, ["CUP", "MUG"], "what never came is low");
        store
            .inventory
            .post_receipt(&store.owner, receipt(vec![line("CUP", "3"), line("MUG", "1")]))
            .await
            .expect("in");
        assert!(skus(&store, &low()).await.is_empty());
        store.inventory.post_sale(&store.owner, sale(vec![line("CUP", "1"), line("MUG", "2")])).await.expect("sold");
        assert_eq!(skus(&store, &low()).await, ["CUP", "MUG"]);
        let short = GridQuery { store: "LON".into(), short: true, sort: GridSort::OnHand, ..GridQuery::default() };
        let short = store.inventory.grid(&store.owner, &short, 0, 9).await.expect("read");
        assert_eq!((short.total, short.data[0].sku.as_str()), (1, "MUG"), "below zero");
        let patch = ItemPatch { barcodes: Some(Vec::new()), ..ItemPatch::default() };
        store.inventory.change_item(&store.owner, "MUG", None, patch).await.expect("changed");
        assert_eq!(skus(&store, &ProductQuery { bare: true, ..low() }).await, ["MUG"], "both at once");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sold_renamed_and_limited_at_once_stands_where_it_belongs() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let lines = || vec![line("CUP", "1"), line("MUG", "1"), line("PLATE", "1")];
        inventory.post_receipt(owner, receipt(lines())).await.expect("delivered");
        let selling = async {
            for _ in 0..TURNS {
                inventory.post_sale(owner, sale(lines())).await.expect("a sale waits, and is not refused");
                inventory.post_receipt(owner, receipt(lines())).await.expect("delivered");
            }
        };
        let renaming = async {
            for turn in 0..TURNS {
                let edits = ["PLATE", "MUG", "CUP"].map(|sku| Edit {
                    sku: sku.to_owned(),
                    patch: ItemPatch { name: Some(format!("{sku} no {turn}")), ..ItemPatch::default() },
                });
                insist(&store, edits.to_vec()).await;
            }
        };
        let limiting = async {
            for turn in 0..TURNS {
                let minimum = (turn % 3 > 0).then(|| Quantity::whole(turn as i64 % 3 - 1));
                let edits = ["MUG", "CUP", "PLATE"].map(|sku| Edit {
                    sku: sku.to_owned(),
                    patch: ItemPatch {
                        limits: Some(vec![Limit { store: "LON".into(), minimum, maximum: None }]),
                        ..ItemPatch::default()
                    },
                });
                insist(&store, edits.to_vec()).await;
            }
        };
        tokio::join!(selling, renaming, limiting);
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_hand_in_a_list_is_found_and_mended() {
    on_each(async |db| {
        let store = open(db).await;
        set_minimum(&store, "CUP", 1).await;
        let mut tx = store.db.begin().await.expect("a transaction");
        execute!(&mut tx, "update inventory_narrow set name = 'Other' where list = 'low'").expect("the hand succeeds");
        tx.commit().await.expect("committed");
        let findings = store.inventory.verify(&store.owner).await.expect("read");
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert_eq!(findings[0].invariant, "a list that is narrowed down is all of it");
        store.inventory.rebuild(&store.owner).await.expect("rebuilt");
        store.assert_sound().await;
        assert_eq!(skus(&store, &low()).await, ["CUP"]);
        store.close().await;
    })
    .await;
}

/// All windows of a search, by so many rows.
async fn found(store: &Open, descending: bool, size: usize) -> Vec<String> {
    let query = GridQuery { store: "LON".into(), search: "lantern".into(), descending, ..GridQuery::default() };
    let mut read = Vec::new();
    loop {
        let window = store.inventory.grid(&store.owner, &query, read.len() as i64, size as i64).await.expect("read");
        assert_eq!(window.total, 1_000);
        let last = window.data.len() < size;
        read.extend(window.data.into_iter().map(|row| row.sku));
        if last {
            return read;
        }
        if read.len() / size == 3 {
            // From here on PostgreSQL knows how much there is, and may read it another way.
            store.db.measure().await.expect("measured");
        }
    }
}

#[tokio::test]
async fn windows_of_more_hits_than_are_reached_fit_together() {
    on_each(async |db| {
        let store = open(db).await;
        let new = |at: usize| {
            let mut new = item(&format!("F{:05}", at * 7_919 % 100_000), ItemKind::Stocked);
            new.name = format!("Lantern no {}", at % 90);
            new
        };
        for from in [0, HITS / 2] {
            let items = (from..from + HITS / 2).map(new).collect();
            store.inventory.add_items(&store.owner, items).await.expect("added");
        }
        let forwards = found(&store, false, 90).await;
        assert_eq!(forwards.len(), 1_000);
        assert!(forwards.is_sorted_by(|one, next| one < next), "in order, each once");
        // What comes and goes in between moves no row to the front.
        store.inventory.post_receipt(&store.owner, receipt(vec![line(&forwards[7], "1")])).await.expect("posted");
        let mut backwards = found(&store, true, 70).await;
        backwards.reverse();
        assert_eq!(backwards, forwards, "the same thousand");
        store.close().await;
    })
    .await;
}

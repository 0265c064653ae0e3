//! Categories, on both engines: made by being named, one whatever its capitals, and lists narrow to them.

use crate::common::{line, open, receipt};
use ::model::{Actor, Bulk, Error, GridQuery, ItemPatch, ProductQuery, Quantity};
use db::{execute, test::on_each};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use storeroom_inventory::{Edit, Inventory};

/// How many sequences each engine plays; `STOREROOM_SEQUENCES` plays more.
const SEQUENCES: usize = 12;

fn of(name: Option<&str>) -> ItemPatch {
    ItemPatch { category: Some(name.map(str::to_owned)), ..ItemPatch::default() }
}

async fn names(inventory: &Inventory, owner: &Actor) -> Vec<String> {
    let listed = inventory.categories(owner).await.expect("listed").data;
    listed.into_iter().map(|category| category.name).collect()
}

/// The SKUs of what is of that category: in the list of products, and in the grid.
async fn narrowed(inventory: &Inventory, owner: &Actor, name: &str) -> (Vec<String>, Vec<String>) {
    let (store, category) = ("LON".to_owned(), name.to_owned());
    let query = ProductQuery { store: store.clone(), category: category.clone(), ..ProductQuery::default() };
    let products = inventory.products(owner, &query, 0, 50).await.expect("listed");
    let grid = GridQuery { store, category, ..GridQuery::default() };
    let rows = inventory.grid(owner, &grid, 0, 50).await.expect("listed");
    assert_eq!((products.total, rows.total), (products.data.len() as i64, rows.data.len() as i64));
    (products.data.into_iter().map(|row| row.sku).collect(), rows.data.into_iter().map(|row| row.sku).collect())
}

#[tokio::test]
async fn a_category_is_made_by_its_name_and_is_one_whatever_its_capitals() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let cup = inventory.change_item(owner, "CUP", None, of(Some(" Té "))).await.expect("changed");
        assert_eq!(cup.category.as_deref(), Some("Té"));
        let mug = inventory.change_item(owner, "MUG", None, of(Some("TÉ"))).await.expect("changed");
        assert_eq!(mug.category.as_deref(), Some("Té"), "as it was called first");
        let same = inventory.change_item(owner, "MUG", None, of(Some("té"))).await.expect("answered");
        assert_eq!(same.version, mug.version, "no change");
        inventory.change_item(owner, "PLATE", None, of(Some("Dinner"))).await.expect("changed");
        assert_eq!(names(inventory, owner).await, ["Dinner", "Té"]);
        let both = vec!["CUP".to_owned(), "MUG".to_owned()];
        assert_eq!(narrowed(inventory, owner, "tÉ").await, (both.clone(), both));
        assert_eq!(narrowed(inventory, owner, "none").await, (vec![], vec![]));
        let (offered, grid) = narrowed(inventory, owner, "").await;
        assert_eq!((offered.len(), grid.len()), (4, 3), "all, and the grid without the service");
        for wrong in ["", "  ", "a\nb", &"x".repeat(41)] {
            let answer = inventory.change_item(owner, "CUP", None, of(Some(wrong))).await;
            assert!(
                matches!(&answer, Err(Error::Invalid(flaws)) if flaws[0].code == "category"),
                "{wrong:?}: {answer:?}"
            );
        }
        inventory.change_item(owner, "PLATE", None, of(None)).await.expect("changed");
        assert_eq!(names(inventory, owner).await, ["Té"], "nothing is of the other one any more");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn many_get_a_category_at_once_and_lose_it_when_that_is_undone() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        inventory.change_item(owner, "CUP", None, of(Some("Tea"))).await.expect("changed");
        inventory.post_receipt(owner, receipt(vec![line("MUG", "3")])).await.expect("posted");
        let skus = vec!["CUP".to_owned(), "MUG".to_owned()];
        let bulk = Bulk::Category(Some("Coffee".into()));
        let done = inventory.change_many(owner, "LON", skus, bulk).await.expect("changed");
        assert_eq!((done.changed, names(inventory, owner).await), (2, vec!["Coffee".to_owned()]));
        let (_, grid) = narrowed(inventory, owner, "coffee").await;
        assert_eq!(grid, ["CUP", "MUG"]);
        inventory.undo_change(owner, done.journal.expect("a line")).await.expect("undone");
        assert_eq!(names(inventory, owner).await, ["Tea"]);
        let cup = inventory.product(owner, "CUP").await.expect("there").data;
        assert_eq!((cup.category.as_deref(), cup.version), (Some("Tea"), 4), "by another change");
        assert_eq!(inventory.product(owner, "MUG").await.expect("there").data.category, None);
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_name_one_category_at_once_make_one() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let name = |sku: &'static str, name: &'static str| inventory.change_item(owner, sku, None, of(Some(name)));
        let (one, other) = tokio::join!(name("CUP", "Tea"), name("MUG", "TEA"));
        assert_eq!(one.expect("changed").category, other.expect("changed").category);
        assert_eq!(names(inventory, owner).await.len(), 1);
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_category_that_a_hand_changed_is_found() {
    on_each(async |db| {
        let store = open(db).await;
        store.inventory.change_item(&store.owner, "CUP", None, of(Some("Tea"))).await.expect("changed");
        store.assert_sound().await;
        let mut tx = store.db.begin().await.expect("a transaction");
        execute!(&mut tx, "update inventory_category set name = 'Tee'").expect("the hand succeeds");
        tx.commit().await.expect("committed");
        assert!(!store.inventory.verify(&store.owner).await.expect("readable").is_empty(), "its name");
        let mut tx = store.db.begin().await.expect("a transaction");
        execute!(&mut tx, "update inventory_category set name = 'Tea'").expect("the hand succeeds");
        execute!(&mut tx, "update inventory_item set category = null").expect("the hand succeeds");
        tx.commit().await.expect("committed");
        assert!(!store.inventory.verify(&store.owner).await.expect("readable").is_empty(), "whose it is");
        store.close().await;
    })
    .await;
}

const ITEMS: [&str; 3] = ["CUP", "MUG", "PLATE"];
const NAMES: [&str; 4] = ["Tea", "TEA", "Coffee", ""];

#[derive(Clone, Debug)]
enum Step {
    Set(usize, usize),
    Many(usize),
    /// Undoes the change so many ago.
    Undo(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (0..ITEMS.len(), 0..NAMES.len()).prop_map(|(item, name)| Step::Set(item, name)),
        1 => (0..NAMES.len()).prop_map(Step::Many),
        2 => (0..4_usize).prop_map(Step::Undo),
    ];
    prop::collection::vec(step, 1..15)
}

/// What each item should be of: the key of a category, empty for none.
type Of = [String; 3];

#[tokio::test(flavor = "multi_thread")]
async fn categories_are_what_a_model_says() {
    let sequences = std::env::var("STOREROOM_SEQUENCES").ok().and_then(|text| text.parse().ok()).unwrap_or(SEQUENCES);
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        let mut runner = TestRunner::new_with_rng(Config::default(), rng);
        let mut expected = Of::default();
        let mut done = Vec::new();
        for _ in 0..sequences {
            for step in steps().new_tree(&mut runner).expect("a sequence").current() {
                let before = expected.clone();
                let wanted = |name: usize| Some(NAMES[name]).filter(|name| !name.is_empty());
                let changed = match step {
                    Step::Set(item, name) => {
                        expected[item] = NAMES[name].to_lowercase();
                        let edit = Edit { sku: ITEMS[item].into(), patch: of(wanted(name)) };
                        inventory.change_items(owner, vec![edit], "").await.expect("changed")
                    }
                    Step::Many(name) => {
                        expected.fill(NAMES[name].to_lowercase());
                        let (skus, bulk) = (ITEMS.map(str::to_owned).to_vec(), wanted(name).map(str::to_owned));
                        inventory.change_many(owner, "LON", skus, Bulk::Category(bulk)).await.expect("changed")
                    }
                    Step::Undo(ago) => {
                        let Some(at) = done.len().checked_sub(ago + 1) else { continue };
                        let (journal, was, left): (_, Of, Of) = done.remove(at);
                        for item in 0..ITEMS.len() {
                            // What somebody changed since stays.
                            if was[item] != left[item] && expected[item] == left[item] {
                                expected[item].clone_from(&was[item]);
                            }
                        }
                        inventory.undo_change(owner, journal).await.expect("undone");
                        continue;
                    }
                };
                assert_eq!(changed.journal.is_some(), before != expected, "{changed:?}");
                done.extend(changed.journal.map(|journal| (journal, before, expected.clone())));
            }
            for (sku, key) in ITEMS.iter().zip(&expected) {
                let category = inventory.product(owner, sku).await.expect("there").data.category;
                assert_eq!(&category.unwrap_or_default().to_lowercase(), key, "{sku}");
            }
            for key in ["tea", "coffee"] {
                let count = expected.iter().filter(|name| *name == key).count();
                assert_eq!(narrowed(inventory, owner, key).await.0.len(), count, "{key}");
                assert_eq!(
                    names(inventory, owner).await.iter().filter(|name| name.to_lowercase() == key).count(),
                    count.min(1)
                );
            }
            store.assert_sound().await;
        }
        let level = inventory.level(owner, "LON", "CUP").await.expect("readable");
        assert_eq!(level.map(|level| level.on_hand).unwrap_or_default(), Quantity::ZERO, "nothing moved");
        store.close().await;
    })
    .await;
}

//! Names of categories, on both engines: another one for all its items, former ones still lead there, and back again.

use crate::common::open;
use ::model::{Actor, Category, Error, ItemPatch, JournalId, ProductQuery, Renaming, Reused, Role};
use db::{execute, test::on_each};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::collections::HashMap;
use storeroom_inventory::{Edit, Inventory};

/// How many sequences each engine plays; `STOREROOM_SEQUENCES` plays more.
const SEQUENCES: usize = 12;

fn of(name: Option<&str>) -> ItemPatch {
    ItemPatch { category: Some(name.map(str::to_owned)), ..ItemPatch::default() }
}

fn renaming(was: &str, name: &str) -> Renaming {
    Renaming { was: was.into(), name: name.into() }
}

async fn listed(inventory: &Inventory, owner: &Actor) -> Vec<Category> {
    inventory.categories(owner).await.expect("listed").data
}

async fn narrowed(inventory: &Inventory, owner: &Actor, name: &str) -> Vec<String> {
    let query = ProductQuery { store: "LON".into(), category: name.into(), ..ProductQuery::default() };
    let found = inventory.products(owner, &query, 0, 50).await.expect("listed");
    found.data.into_iter().map(|row| row.sku).collect()
}

#[tokio::test]
async fn a_category_gets_another_name_for_all_and_its_former_one_leads_to_it() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        for sku in ["CUP", "MUG"] {
            inventory.change_item(owner, sku, None, of(Some("Tea"))).await.expect("changed");
        }
        inventory.change_item(owner, "PLATE", None, of(Some("Dinner"))).await.expect("changed");
        let [dinner, tea] = listed(inventory, owner).await.try_into().expect("two");
        let done = inventory.rename_category(owner, tea.id, renaming("Tea", " Hot drinks ")).await.expect("renamed");
        assert_eq!((done.name.as_str(), done.former.as_slice()), ("Hot drinks", ["tea".to_owned()].as_slice()));
        assert_eq!(listed(inventory, owner).await, [dinner.clone(), done.clone()]);
        for name in ["hot DRINKS", "Tea"] {
            assert_eq!(narrowed(inventory, owner, name).await, ["CUP", "MUG"], "{name}");
        }
        let cup = inventory.product(owner, "CUP").await.expect("there").data;
        assert_eq!((cup.category.as_deref(), cup.version), (Some("Hot drinks"), 2), "the item itself is as it was");
        let same = inventory.change_item(owner, "CUP", None, of(Some("tea"))).await.expect("answered");
        assert_eq!(same.version, 2, "a file that still says Tea changes nothing");
        let again = inventory.rename_category(owner, tea.id, renaming("Tea", "Hot drinks")).await.expect("answered");
        assert_eq!(again, done, "a repeat");

        let stale = inventory.rename_category(owner, tea.id, renaming("Tea", "Tisane")).await;
        assert!(matches!(stale, Err(Error::Conflict(Reused::Version))), "{stale:?}");
        let taken = inventory.rename_category(owner, tea.id, renaming("Hot drinks", "DINNER")).await;
        assert!(matches!(&taken, Err(Error::Invalid(flaws)) if flaws[0].code == "category_taken"), "{taken:?}");
        for wrong in ["", "a\nb", &"x".repeat(41)] {
            let answer = inventory.rename_category(owner, tea.id, renaming("Hot drinks", wrong)).await;
            assert!(matches!(answer, Err(Error::Invalid(_))), "{wrong:?}: {answer:?}");
        }
        let nothing = inventory.rename_category(owner, ::model::CategoryId::new(), renaming("Tea", "Tisane")).await;
        assert!(matches!(nothing, Err(Error::NotFound)), "{nothing:?}");
        let reader = store.someone(Role::ReadOnly).await;
        let denied = inventory.rename_category(&reader, tea.id, renaming("Hot drinks", "Tisane")).await;
        assert!(matches!(denied, Err(Error::Forbidden(_))), "{denied:?}");
        store.assert_sound().await;

        // Back again, and its other capitals.
        inventory.rename_category(owner, tea.id, renaming("Hot drinks", "Tea")).await.expect("undone");
        let capitals = inventory.rename_category(owner, tea.id, renaming("Tea", "TEA")).await.expect("renamed");
        assert_eq!((capitals.name.as_str(), capitals.former.as_slice()), ("TEA", ["hot drinks".to_owned()].as_slice()));
        // A name that nobody has any more may be another one's.
        let taken = inventory.rename_category(owner, dinner.id, renaming("Dinner", "Hot drinks")).await;
        assert_eq!(taken.expect("renamed").former, ["dinner"]);
        assert_eq!(narrowed(inventory, owner, "hot drinks").await, ["PLATE"]);
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_change_from_before_the_new_name_is_undone_all_the_same() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        inventory.change_item(owner, "CUP", None, of(Some("Tea"))).await.expect("changed");
        let edit = Edit { sku: "CUP".into(), patch: of(Some("Coffee")) };
        let done = inventory.change_items(owner, vec![edit], "").await.expect("changed");
        let coffee = listed(inventory, owner).await.remove(0);
        inventory.rename_category(owner, coffee.id, renaming("Coffee", "Beans")).await.expect("renamed");
        let undone = inventory.undo_change(owner, done.journal.expect("a line")).await.expect("undone");
        assert_eq!((undone.changed, undone.kept.len()), (1, 0));
        let cup = inventory.product(owner, "CUP").await.expect("there").data;
        assert_eq!(cup.category.as_deref(), Some("Tea"));
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_rename_at_once_do_not_both_succeed() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        inventory.change_item(owner, "CUP", None, of(Some("Tea"))).await.expect("changed");
        let id = listed(inventory, owner).await.remove(0).id;
        let rename = |name: &'static str| inventory.rename_category(owner, id, renaming("Tea", name));
        let (one, other, made) =
            tokio::join!(rename("Hot"), rename("Warm"), inventory.change_item(owner, "MUG", None, of(Some("Warm"))));
        made.expect("changed");
        assert_ne!(one.is_ok(), other.is_ok(), "{one:?} {other:?}");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_name_that_a_hand_changed_is_found() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        inventory.change_item(owner, "CUP", None, of(Some("Tea"))).await.expect("changed");
        let id = listed(inventory, owner).await.remove(0).id;
        inventory.rename_category(owner, id, renaming("Tea", "Hot")).await.expect("renamed");
        store.assert_sound().await;
        let mut tx = store.db.begin().await.expect("a transaction");
        execute!(&mut tx, "update inventory_category set name = 'Tea', key = 'tea'").expect("the hand succeeds");
        tx.commit().await.expect("committed");
        assert!(!inventory.verify(owner).await.expect("readable").is_empty(), "what it is called");
        let mut tx = store.db.begin().await.expect("a transaction");
        execute!(&mut tx, "update inventory_category set name = 'Hot', key = 'hot'").expect("the hand succeeds");
        execute!(&mut tx, "delete from inventory_category_name where key = 'tea'").expect("the hand succeeds");
        tx.commit().await.expect("committed");
        assert!(!inventory.verify(owner).await.expect("readable").is_empty(), "what leads to it");
        store.close().await;
    })
    .await;
}

const ITEMS: [&str; 3] = ["CUP", "MUG", "PLATE"];
const NAMES: [&str; 5] = ["Tea", "TEA", "Coffee", "Beans", ""];

#[derive(Clone, Debug)]
enum Step {
    Set(usize, usize),
    /// The one of that name gets that name; seen as it is called, or not.
    Rename(usize, usize, bool),
    /// Undoes the change so many ago.
    Undo(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (0..ITEMS.len(), 0..NAMES.len()).prop_map(|(item, name)| Step::Set(item, name)),
        4 => (0..4_usize, 0..4_usize, prop::bool::weighted(0.8)).prop_map(|(of, to, seen)| Step::Rename(of, to, seen)),
        2 => (0..3_usize).prop_map(Step::Undo),
    ];
    prop::collection::vec(step, 1..20)
}

/// What names lead to, what each is called, and what items are of.
#[derive(Clone, Debug, Default)]
struct World {
    leads: HashMap<String, usize>,
    called: Vec<String>,
    of: [Option<usize>; 3],
    /// Each change: its line, the item, and the names before and after it.
    done: Vec<(JournalId, usize, Option<String>, Option<String>)>,
}

impl World {
    fn named(&mut self, name: &str) -> usize {
        let next = self.called.len();
        let at = *self.leads.entry(name.to_lowercase()).or_insert(next);
        if at == next {
            self.called.push(name.to_owned());
        }
        at
    }

    fn name(&self, item: usize) -> Option<String> {
        self.of[item].map(|at| self.called[at].clone())
    }

    fn led(&self, name: Option<&String>) -> Option<usize> {
        name.map(|name| self.leads[&name.to_lowercase()])
    }
}

async fn play(inventory: &Inventory, owner: &Actor, world: &mut World, step: Step) {
    match step {
        Step::Set(item, name) => {
            let wanted = Some(NAMES[name]).filter(|name| !name.is_empty());
            let before = world.name(item);
            world.of[item] = wanted.map(|name| world.named(name));
            let edit = Edit { sku: ITEMS[item].into(), patch: of(wanted) };
            let changed = inventory.change_items(owner, vec![edit], "").await.expect("changed");
            let after = world.name(item);
            assert_eq!(changed.journal.is_some(), before != after);
            world.done.extend(changed.journal.map(|journal| (journal, item, before, after)));
        }
        Step::Rename(name, to, seen) => {
            let Some(at) = world.leads.get(&NAMES[name].to_lowercase()).copied() else { return };
            let all = listed(inventory, owner).await;
            let Some(known) = all.into_iter().find(|one| one.name == world.called[at]) else { return };
            let was = if seen { known.name.as_str() } else { "something else" };
            let answer = inventory.rename_category(owner, known.id, renaming(was, NAMES[to])).await;
            let key = NAMES[to].to_lowercase();
            let others = world.called.iter().enumerate().any(|(other, name)| other != at && name.to_lowercase() == key);
            if known.name == NAMES[to] {
                answer.expect("it is called so");
            } else if !seen {
                assert!(matches!(answer, Err(Error::Conflict(Reused::Version))), "{answer:?}");
            } else if others {
                assert!(matches!(answer, Err(Error::Invalid(_))), "{answer:?}");
            } else {
                answer.expect("renamed");
                world.called[at] = NAMES[to].to_owned();
                world.leads.insert(key, at);
            }
        }
        Step::Undo(ago) => {
            let Some(at) = world.done.len().checked_sub(ago + 1) else { return };
            let (journal, item, before, after) = world.done.remove(at);
            // What somebody changed since stays.
            if world.of[item] == world.led(after.as_ref()) {
                world.of[item] = world.led(before.as_ref());
            }
            inventory.undo_change(owner, journal).await.expect("undone");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn names_of_categories_are_what_a_model_says() {
    let sequences = std::env::var("STOREROOM_SEQUENCES").ok().and_then(|text| text.parse().ok()).unwrap_or(SEQUENCES);
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        let mut runner = TestRunner::new_with_rng(Config::default(), rng);
        let mut world = World::default();
        for _ in 0..sequences {
            for step in steps().new_tree(&mut runner).expect("a sequence").current() {
                play(inventory, owner, &mut world, step).await;
            }
            for (item, sku) in ITEMS.iter().enumerate() {
                let category = inventory.product(owner, sku).await.expect("there").data.category;
                assert_eq!(category, world.name(item), "{sku}");
            }
            for (name, at) in &world.leads {
                let expected: Vec<&str> =
                    (0..3).filter(|item| world.of[*item] == Some(*at)).map(|item| ITEMS[item]).collect();
                assert_eq!(narrowed(inventory, owner, name).await, expected, "{name}");
            }
            store.assert_sound().await;
        }
        store.close().await;
    })
    .await;
}

//! Families, on both engines: items in sizes and colours, made together, found by one name, and taken back.

use crate::common::{Open, adjustment, item, money, open};
use ::model::{
    Error, FamilyId, FamilyOption, ItemId, ItemKind, ItemPatch, MadeItem, NewFamily, NewVariant, Quantity, Refusal,
    Reused, Role, Tracking, Variants,
};
use db::{execute, test::on_each};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::collections::BTreeMap;

/// How many sequences each engine plays; `STOREROOM_SEQUENCES` plays more.
const SEQUENCES: usize = 36;

fn option(name: &str, values: &[&str]) -> FamilyOption {
    FamilyOption { name: name.into(), values: values.iter().map(|value| (*value).to_owned()).collect() }
}

fn there(sku: &str, values: &[&str]) -> NewVariant {
    NewVariant { sku: sku.into(), values: values.iter().map(|value| (*value).to_owned()).collect(), make: None }
}

fn made(sku: &str, values: &[&str]) -> NewVariant {
    NewVariant { make: Some(MadeItem { id: ItemId::new(), name: format!("Cup {sku}") }), ..there(sku, values) }
}

fn family(name: &str, items: Vec<NewVariant>) -> NewFamily {
    let options = vec![option("Size", &["S", "L"]), option("Colour", &["Red", "Blue"])];
    let like = items.first().map(|item| item.sku.clone());
    NewFamily { version: 0, name: name.into(), options, items, like, archive: Vec::new() }
}

fn told(variants: &Variants) -> Vec<(&str, String)> {
    variants.items.iter().map(|item| (item.sku.as_str(), item.values.join("/"))).collect()
}

async fn found(store: &Open, text: &str) -> Vec<String> {
    let hits = store.inventory.search(&store.owner, "LON", text).await.expect("searched");
    hits.into_iter().map(|hit| hit.item.sku).collect()
}

#[tokio::test]
async fn items_are_made_like_one_that_is_there_and_all_are_found_by_their_family() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let like = ItemPatch {
            category: Some(Some("China".into())),
            tracking: Some(Tracking::Lot),
            price: Some(Some(money("3"))),
            unit: Some("set".into()),
            ..ItemPatch::default()
        };
        inventory.change_item(owner, "CUP", None, like).await.expect("changed");
        let id = FamilyId::new();
        let new = family("Breakfast", vec![there("CUP", &["s", "red"]), made("CUP-L", &["L", "Blue"])]);
        let saved = inventory.save_family(owner, id, new.clone()).await.expect("saved");
        assert_eq!(told(&saved), [("CUP", "S/Red".to_owned()), ("CUP-L", "L/Blue".to_owned())]);
        assert_eq!((saved.family.version, saved.family.items), (1, 2));
        let cup = inventory.product(owner, "CUP-L").await.expect("there").data;
        assert_eq!((cup.item.price, cup.item.unit.as_str()), (Some(money("3")), "set"));
        assert_eq!((cup.category.as_deref(), cup.item.tracking), (Some("China"), Tracking::Lot));
        assert_eq!(inventory.save_family(owner, id, new.clone()).await.expect("answered"), saved, "a repeat");

        assert_eq!(found(&store, "breakfast").await, ["CUP", "CUP-L"]);
        assert_eq!(found(&store, "brekfast cup").await, ["CUP-L", "CUP"], "mistyped, too");
        let named = ItemPatch { name: Some("Tall cup".into()), ..ItemPatch::default() };
        inventory.change_item(owner, "CUP-L", None, named).await.expect("changed");
        let dearer = ItemPatch { price: Some(Some(money("4"))), ..ItemPatch::default() };
        inventory.change_item(owner, "CUP-L", None, dearer).await.expect("changed");
        assert_eq!(found(&store, "breakfast tall").await, ["CUP-L"], "by both names, after each change");
        let other = NewFamily { version: 1, name: "Supper".into(), ..new };
        let other = inventory.save_family(owner, id, other).await.expect("saved");
        assert_eq!((found(&store, "breakfast").await.len(), found(&store, "supper").await.len()), (0, 2));
        assert_eq!(other.family.version, 2);

        inventory.post_adjustment(owner, adjustment("MUG", "3")).await.expect("posted");
        let seen = inventory.family_of(owner, "CUP-L", "LON").await.expect("read").data.expect("in a family");
        assert_eq!(seen.items[0].on_hand, Some(Quantity::ZERO));
        assert!(inventory.family_of(owner, "MUG", "LON").await.expect("read").data.is_none());
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_family_is_saved_by_who_saw_it_and_may_and_is_undone_by_what_stood_there() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let (id, first) = (FamilyId::new(), family("Cups", vec![there("CUP", &["S", "Red"])]));
        inventory.save_family(owner, id, first.clone()).await.expect("saved");
        let more = vec![there("CUP", &["S", "Red"]), made("CUP-L", &["L", "Red"]), there("MUG", &["L", "Blue"])];
        let second = NewFamily { version: 1, ..family("Cups", more) };
        inventory.save_family(owner, id, second.clone()).await.expect("saved");
        let stale = inventory.save_family(owner, id, NewFamily { version: 1, ..first.clone() }).await;
        assert!(matches!(stale, Err(Error::Conflict(Reused::Version))), "{stale:?}");

        let back = NewFamily { version: 2, archive: vec!["CUP-L".into()], ..first.clone() };
        let back = inventory.save_family(owner, id, back).await.expect("undone");
        assert_eq!((back.family.version, told(&back)), (3, vec![("CUP", "S/Red".to_owned())]));
        assert!(inventory.product(owner, "CUP-L").await.expect("there").data.archived);
        assert!(!inventory.product(owner, "MUG").await.expect("there").data.archived, "it was there before");
        let again = inventory.save_family(owner, id, NewFamily { version: 3, ..second }).await.expect("made again");
        assert!(again.items.iter().all(|item| !item.archived), "{again:?}");

        let employee = store.someone(Role::Employee).await;
        let denied = inventory.save_family(&employee, FamilyId::new(), first.clone()).await;
        assert!(matches!(denied, Err(Error::Forbidden(_))), "{denied:?}");
        let taken = made("MUG", &["L", "Blue"]);
        let taken = family("Others", vec![there("PLATE", &["S", "Red"]), taken]);
        let taken = inventory.save_family(owner, FamilyId::new(), taken).await;
        assert!(matches!(taken, Err(Error::Refused(Refusal::SkuTaken { .. }))), "{taken:?}");
        let none = NewFamily { items: vec![], version: 4, like: None, ..first };
        inventory.save_family(owner, id, none).await.expect("saved");
        assert!(inventory.families(owner, None, 10).await.expect("listed").data.is_empty(), "it has no items");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_is_no_family_is_not_saved() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        inventory
            .save_family(owner, FamilyId::new(), family("Plates", vec![there("PLATE", &["S", "Red"])]))
            .await
            .expect("saved");
        let with = |options: Vec<FamilyOption>| NewFamily { options, ..family("Odd", vec![]) };
        let cup = || there("CUP", &["S", "Red"]);
        for wrong in [
            family(" ", vec![cup()]),
            family("Odd", vec![there("CUP", &["S"])]),
            family("Odd", vec![there("CUP", &["S", "Green"])]),
            family("Odd", vec![cup(), there("MUG", &["s", "RED"])]),
            family("Odd", vec![cup(), there("CUP", &["L", "Red"])]),
            family("Odd", vec![there("NOBODY", &["S", "Red"])]),
            family("Odd", vec![there("PLATE", &["S", "Red"])]),
            family("Odd", vec![made("NEW", &["S", "Red"])]),
            NewFamily { like: None, ..family("Odd", vec![cup(), made("NEW", &["L", "Red"])]) },
            NewFamily { archive: vec!["CUP".into()], ..family("Odd", vec![cup()]) },
            with(vec![]),
            with(vec![option("Size", &[])]),
            with(vec![option("Size", &["S", "s"])]),
            with(vec![option("Size", &["S"]), option("size", &["M"])]),
            with(vec![option("A", &["1"]), option("B", &["1"]), option("C", &["1"]), option("D", &["1"])]),
        ] {
            let answer = inventory.save_family(owner, FamilyId::new(), wrong.clone()).await;
            assert!(matches!(answer, Err(Error::Invalid(_))), "{wrong:?}: {answer:?}");
        }
        store.assert_sound().await;
        let mut tx = store.db.begin().await.expect("a transaction");
        execute!(&mut tx, "update inventory_variant set value_2 = 'Green'").expect("the hand succeeds");
        tx.commit().await.expect("committed");
        let findings = inventory.verify(owner).await.expect("readable");
        assert!(findings.iter().any(|found| found.invariant.contains("values of its own")), "{findings:?}");
        store.close().await;
    })
    .await;
}

/// One saving of one of two families: its size and colour words, and for each of four items whether and as what it is in.
#[derive(Clone, Debug)]
struct Step {
    family: usize,
    sizes: usize,
    colours: usize,
    items: BTreeMap<usize, (usize, usize)>,
}

const ITEMS: [&str; 4] = ["CUP", "MUG", "PLATE", "BOWL"];
const SIZES: [&str; 3] = ["S", "M", "L"];
const COLOURS: [&str; 3] = ["Red", "Blue", "Green"];

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let items = prop::collection::btree_map(0..ITEMS.len(), (0..3_usize, 0..3_usize), 0..4);
    let step = (0..2_usize, 1..=3_usize, 1..=3_usize, items).prop_map(|(family, sizes, colours, items)| Step {
        family,
        sizes,
        colours,
        items,
    });
    prop::collection::vec(step, 1..16)
}

/// The rule, told plainly: known values, no two the same, and nobody's item is taken.
fn allowed(step: &Step, owners: &[Option<usize>; 4]) -> bool {
    let known = step.items.values().all(|(size, colour)| *size < step.sizes && *colour < step.colours);
    let alone = step.items.values().collect::<std::collections::BTreeSet<_>>().len() == step.items.len();
    known && alone && step.items.keys().all(|item| owners[*item].is_none_or(|family| family == step.family))
}

#[tokio::test(flavor = "multi_thread")]
async fn families_are_what_a_naive_reading_of_the_rule_says() {
    let sequences = std::env::var("STOREROOM_SEQUENCES").ok().and_then(|text| text.parse().ok()).unwrap_or(SEQUENCES);
    on_each(async |db| {
        let store = open(db).await;
        let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha));
        let (inventory, owner) = (&store.inventory, &store.owner);
        inventory.add_item(owner, item("BOWL", ItemKind::Stocked)).await.expect("added");
        let ids = [FamilyId::new(), FamilyId::new()];
        let (mut owners, mut versions, mut taken, mut refused) = ([None; 4], [0; 2], 0, 0);
        for _ in 0..sequences {
            for step in steps().new_tree(&mut runner).expect("a sequence").current() {
                let items = step
                    .items
                    .iter()
                    .map(|(item, (size, colour))| there(ITEMS[*item], &[SIZES[*size], COLOURS[*colour]]));
                let new = NewFamily {
                    version: versions[step.family],
                    name: format!("family {}", step.family),
                    options: vec![option("Size", &SIZES[..step.sizes]), option("Colour", &COLOURS[..step.colours])],
                    items: items.collect(),
                    like: None,
                    archive: Vec::new(),
                };
                let answer = inventory.save_family(owner, ids[step.family], new).await;
                if !allowed(&step, &owners) {
                    assert!(matches!(answer, Err(Error::Invalid(_))), "{step:?}: {answer:?}");
                    refused += 1;
                    continue;
                }
                let saved = answer.expect("it is one");
                versions[step.family] = saved.family.version;
                for (item, owner) in owners.iter_mut().enumerate() {
                    let mine = step.items.contains_key(&item);
                    *owner = if mine { Some(step.family) } else { owner.filter(|family| *family != step.family) };
                }
                let mut expected: Vec<(usize, usize, &str)> =
                    step.items.iter().map(|(item, (size, colour))| (*size, *colour, ITEMS[*item])).collect();
                expected.sort_unstable();
                let expected: Vec<(&str, String)> = expected
                    .into_iter()
                    .map(|(size, colour, sku)| (sku, format!("{}/{}", SIZES[size], COLOURS[colour])))
                    .collect();
                assert_eq!(told(&saved), expected, "{step:?}");
                taken += 1;
            }
        }
        assert!(taken > 10 && refused > 10, "{taken} saved and {refused} refused would say nothing");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

//! Packs, on both engines: a case's barcode stands for twelve, wherever it is scanned, and is nothing else's.

use crate::codes::scanned;
use crate::common::{Open, item, line, money, open, receipt, sale, units};
use crate::counting::{entries, entry, new_count};
use ::model::barcode::{Measure, ScaleLabel};
use ::model::{
    Changed, CountBy, EntryAside, Error, FoundItem, ItemKind, ItemPatch, NewItem, Pack, PackEntry, ProductQuery,
    Quantity, Refusal, Role,
};
use db::{execute, test::on_each};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::collections::BTreeMap;
use storeroom_inventory::Edit;

/// How many sequences each engine plays; `STOREROOM_SEQUENCES` plays more.
const SEQUENCES: usize = 12;
/// A piece's number, and that of the case that holds twelve.
const PIECE: &str = "9506000134352";
const CASE: &str = "19506000134359";

fn pack(name: &str, barcode: &str, quantity: &str) -> Pack {
    Pack { name: name.into(), barcode: barcode.into(), quantity: units(quantity) }
}

fn packs(packs: &[Pack]) -> ItemPatch {
    ItemPatch { packs: Some(packs.to_vec()), ..ItemPatch::default() }
}

impl Open {
    async fn set_packs(&self, sku: &str, of: &[Pack]) -> Result<Changed, Error> {
        let edit = Edit { sku: sku.into(), patch: packs(of) };
        self.inventory.change_items(&self.owner, vec![edit], "").await
    }

    async fn packs_of(&self, sku: &str) -> Vec<Pack> {
        self.inventory.product(&self.owner, sku).await.expect("it is there").data.item.packs
    }

    /// The item TEA, with the number of a piece and that of a case.
    async fn with_tea(db: db::Db) -> Self {
        let store = open(db).await;
        let tea = item("TEA", ItemKind::Stocked);
        let tea = NewItem { barcodes: vec![PIECE.into()], packs: vec![pack("Case of 12", CASE, "12")], ..tea };
        let added = store.inventory.add_item(&store.owner, tea.clone()).await.expect("added");
        assert_eq!(store.inventory.add_item(&store.owner, tea).await, Ok(added), "sent twice, added once");
        store
    }
}

#[tokio::test]
async fn a_label_says_how_many_pieces_or_how_much_of_what_is_weighed() {
    on_each(async |db| {
        let store = Open::with_tea(db).await;
        let cheese = NewItem { unit: "kg".into(), price: Some(money("8")), ..item("CHEESE", ItemKind::Stocked) };
        let cheese = NewItem { barcodes: vec!["9506000140445".into()], ..cheese };
        store.inventory.add_item(&store.owner, cheese).await.expect("added");
        let (tea, cheese) = (format!("]C1010{PIECE}"), "]C10109506000140445");
        let scans = [
            (format!("{tea}30 12").replace(' ', ""), "TEA", "12"),
            (format!("{tea}3103001250"), "TEA", "1"),
            (format!("{cheese}3103001250"), "CHEESE", "1.25"),
            // Ten at eight a kilogram; in another currency nobody knows.
            (format!("{cheese}392210 00").replace(' ', ""), "CHEESE", "1.25"),
            (format!("{cheese}39329781000"), "CHEESE", "1"),
            (cheese.to_owned(), "CHEESE", "1"),
        ];
        for (code, sku, quantity) in scans {
            let found = store.inventory.find_item(&store.owner, &code).await.expect("it reads").expect("known");
            assert_eq!((found.item.sku.as_str(), found.quantity), (sku, units(quantity)), "{code}");
        }
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn labels_of_the_houses_own_scales_are_read_as_the_house_says() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let found = async |code: &str| {
            let found = inventory.find_item(owner, code).await.expect("it reads");
            found.map(|found| (found.item.sku, found.quantity))
        };
        let cheese = NewItem { unit: "kg".into(), price: Some(money("8")), ..item("CHEESE", ItemKind::Stocked) };
        // What a scale prints of no weight is the number of the item.
        let barcodes = vec!["2112345000008".into(), "2212345000005".into()];
        inventory.add_item(owner, NewItem { barcodes, ..cheese }).await.expect("added");
        let (weight, price) = ("2112345012506", "2212345010004");
        assert_eq!(found(weight).await, None, "nobody said how they are printed");
        let label = |prefix, decimals, measure| ScaleLabel {
            prefix,
            item_digits: 5,
            value_digits: 5,
            decimals,
            measure,
            value_check: false,
        };
        let labels = vec![label(21, 3, Measure::Weight), label(22, 2, Measure::Price)];
        inventory.set_scale_labels(owner, labels.clone()).await.expect("set");
        assert_eq!(inventory.scale_labels(owner).await.as_ref(), Ok(&labels));
        assert_eq!(found(weight).await, Some(("CHEESE".into(), units("1.25"))), "1 250 grams");
        assert_eq!(found(price).await, Some(("CHEESE".into(), units("1.25"))), "10.00 at 8.00 a kilogram");
        let refused = async |labels| match inventory.set_scale_labels(owner, labels).await {
            Err(Error::Invalid(flaws)) => flaws.into_iter().map(|flaw| flaw.field).collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        };
        assert_eq!(refused(vec![label(21, 3, Measure::Weight); 2]).await, ["labels[1].prefix"]);
        assert_eq!(refused(vec![ScaleLabel { item_digits: 6, ..labels[0] }]).await, ["labels[0].value_digits"]);
        let manager = store.someone(Role::Manager).await;
        assert!(matches!(inventory.set_scale_labels(&manager, labels).await, Err(Error::Forbidden(_))));
        assert_eq!(found(weight).await, Some(("CHEESE".into(), units("1.25"))), "as before");
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_pack_stands_for_what_is_in_it_in_every_form_of_its_code() {
    on_each(async |db| {
        let store = Open::with_tea(db).await;
        let load = |number: &str, count: &str| format!("]C102{number}37{count}");
        let scans = [
            (PIECE.to_owned(), "1", None),
            ("TEA".to_owned(), "1", None),
            (CASE.to_owned(), "12", Some("Case of 12")),
            (format!("]C101{CASE}"), "12", Some("Case of 12")),
            (format!("(01){CASE}(10)L7"), "12", Some("Case of 12")),
            (format!("https://id.gs1.org/01/{CASE}"), "12", Some("Case of 12")),
            (load("09506000134352", "24"), "24", None),
            (load(CASE, "40"), "480", Some("Case of 12")),
        ];
        for (code, quantity, name) in scans {
            let found = scanned(&store, &code).await.expect("read").expect("known");
            let FoundItem { item, quantity: many, pack, .. } = found;
            assert_eq!((item.sku.as_str(), many, pack.as_deref()), ("TEA", units(quantity), name), "{code}");
        }
        for (code, why) in [(format!("(02){CASE}"), "no_number"), (load(CASE, "00000000"), "no_number")] {
            let Err(Error::Invalid(flaws)) = scanned(&store, &code).await else { panic!("{code} says no number") };
            assert_eq!(flaws[0].code, why, "{code}");
        }
        store.set_packs("TEA", &[pack("Lorry", CASE, "999999999")]).await.expect("changed");
        let Err(Error::Invalid(flaws)) = scanned(&store, &load(CASE, "99999999")).await else {
            panic!("more than a line can hold is no number");
        };
        assert_eq!(flaws[0].code, "too_many");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_packs_code_is_its_own_and_is_found_and_is_none_of_the_items() {
    on_each(async |db| {
        let store = Open::with_tea(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let refused = async |sku: &str, of: Pack| store.set_packs(sku, &[of]).await.expect_err("it is refused");
        let taken = |barcode: &str| Error::from(Refusal::BarcodeTaken { barcode: barcode.into() });
        assert_eq!(refused("CUP", pack("Case", CASE, "6")).await, taken(CASE), "another pack's");
        assert_eq!(refused("CUP", pack("Case", "50MUG", "6")).await, taken("50MUG"), "another item's");
        assert_eq!(refused("CUP", pack("Case", "MUG", "6")).await, taken("MUG"), "another item's SKU");
        for (own, why) in [("50CUP", "code_twice"), ("CUP", "code_twice"), ("5012345678901", "check_digit")] {
            let Error::Invalid(flaws) = refused("CUP", pack("Case", own, "6")).await else { panic!("{own}") };
            assert_eq!(flaws[0].code, why, "{own}");
        }
        let Error::Invalid(flaws) = refused("CUP", pack("Case", "C-6", "0")).await else { panic!("none is no pack") };
        assert_eq!(flaws[0].code, "pack_quantity");
        let barcode = ItemPatch { barcodes: Some(vec![CASE.into()]), ..ItemPatch::default() };
        assert_eq!(inventory.change_item(owner, "CUP", None, barcode).await, Err(taken(CASE)));
        let hits = inventory.search(owner, "LON", CASE).await.expect("searched");
        assert_eq!(hits.iter().map(|hit| hit.item.sku.as_str()).collect::<Vec<_>>(), ["TEA"]);
        let query = ProductQuery { store: "LON".into(), search: CASE.into(), ..ProductQuery::default() };
        let listed = inventory.products(owner, &query, 0, 10).await.expect("listed").data;
        assert_eq!(
            listed.iter().map(|row| (row.sku.as_str(), row.barcodes.as_str())).collect::<Vec<_>>(),
            [("TEA", PIECE)]
        );
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn packs_change_with_a_new_version_and_come_back_when_it_is_undone() {
    on_each(async |db| {
        let store = Open::with_tea(db).await;
        let [case, tray] = [pack("Case of 24", CASE, "24"), pack("Tray", "T-6", "6.5")];
        let done = store.set_packs("TEA", &[tray.clone(), case.clone()]).await.expect("changed");
        assert_eq!(store.packs_of("TEA").await, [case.clone(), tray.clone()]);
        let found = scanned(&store, "T-6").await.expect("read").expect("known");
        assert_eq!((found.quantity, found.pack.as_deref()), (units("6.5"), Some("Tray")));
        assert_eq!(store.set_packs("TEA", &[case, tray]).await.expect("answered").changed, 0, "in another order");
        // A case's code becomes a piece's, in one change.
        let patch = ItemPatch { barcodes: Some(vec![CASE.into()]), ..packs(&[]) };
        let edit = Edit { sku: "TEA".into(), patch };
        let turned = store.inventory.change_items(&store.owner, vec![edit], "").await.expect("changed");
        assert_eq!(scanned(&store, CASE).await.expect("read").expect("known").quantity, units("1"));
        for journal in [turned.journal, done.journal] {
            let undone = store.inventory.undo_change(&store.owner, journal.expect("a line")).await.expect("undone");
            assert!(undone.kept.is_empty());
        }
        assert_eq!(store.packs_of("TEA").await, [pack("Case of 12", CASE, "12")]);
        assert_eq!(scanned(&store, "T-6").await, Ok(None));
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_case_that_is_counted_counts_twelve_and_once() {
    on_each(async |db| {
        let store = Open::with_tea(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let id = inventory.open_count(owner, new_count(CountBy::Items, &["TEA"])).await.expect("opened").id;
        let (case, load) = (entry(CASE, "2"), entry(&format!("]C102{CASE}3703"), "1"));
        let unsaid = entry(&format!("(02){CASE}"), "1");
        let batch = entries(vec![case.clone(), entry(PIECE, "3"), load.clone(), unsaid]);
        let entered = inventory.enter_counts(owner, id, batch.clone()).await.expect("entered");
        assert_eq!(entered.lines[0].counted, Some(units("63")), "2 × 12 + 3 + 3 × 12");
        let more = [PackEntry { id: case.id, quantity: units("24") }, PackEntry { id: load.id, quantity: units("36") }];
        assert_eq!(entered.packs, more);
        assert_eq!(entered.aside.iter().map(|aside| aside.why).collect::<Vec<_>>(), [EntryAside::NoNumber]);
        store.set_packs("TEA", &[pack("Case of 10", CASE, "10")]).await.expect("changed");
        let again = inventory.enter_counts(owner, id, batch).await.expect("answered");
        assert_eq!((again.lines[0].counted, again.packs.as_slice()), (Some(units("63")), more.as_slice()), "as it was");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_pack_that_a_hand_changed_is_found() {
    on_each(async |db| {
        let store = Open::with_tea(db).await;
        store.assert_sound().await;
        let hand = async |sql: &'static str| {
            let mut tx = store.db.begin().await.expect("a transaction");
            assert_eq!(execute!(&mut tx, sql).expect("the hand succeeds"), 1);
            tx.commit().await.expect("committed");
            store.inventory.verify(&store.owner).await.expect("readable").len()
        };
        assert!(hand("update inventory_barcode set quantity = 1 where name is not null").await > 0);
        assert_eq!(hand("update inventory_barcode set quantity = 1200000 where name is not null").await, 0);
        assert!(hand("update inventory_barcode set name = 'Case of 13' where name is not null").await > 0);
        assert!(hand("update inventory_barcode set name = null where name is not null").await > 0);
        store.close().await;
    })
    .await;
}

#[derive(Clone, Debug)]
enum Step {
    /// These packs, by number: each code with how many are in it.
    Set(usize, Vec<(usize, i64)>),
    Undo(usize),
    Sell(usize),
    Deliver(usize),
}

const ITEMS: [&str; 2] = ["CUP", "MUG"];
const CODES: [&str; 3] = ["P-A", "P-B", "P-C"];

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let some = prop::collection::vec((0..CODES.len(), 0..30_i64), 0..3);
    let step = prop_oneof![
        3 => (0..ITEMS.len(), some).prop_map(|(item, packs)| Step::Set(item, packs)),
        1 => (0..4_usize).prop_map(Step::Undo),
        2 => (0..CODES.len()).prop_map(Step::Sell),
        2 => (0..CODES.len()).prop_map(Step::Deliver),
    ];
    prop::collection::vec(step, 1..15)
}

/// An item's packs: each code's number, and how many are in it.
type Packs = BTreeMap<usize, i64>;

/// What each item's packs should be and what should be on hand of it.
#[derive(Default)]
struct Expected {
    packs: [Packs; 2],
    on_hand: [i64; 2],
    /// What was changed: the line, whose, from what, to what.
    done: Vec<(Changed, usize, Packs, Packs)>,
}

impl Expected {
    /// May the item have these?
    fn takes(&self, item: usize, packs: &[(usize, i64)]) -> Option<Packs> {
        let wanted: Packs = packs.iter().copied().collect();
        let sound = wanted.len() == packs.len() && packs.iter().all(|(_, many)| *many > 0);
        (sound && wanted.keys().all(|code| !self.packs[1 - item].contains_key(code))).then_some(wanted)
    }

    fn owner(&self, code: usize) -> Option<(usize, i64)> {
        (0..2).find_map(|item| self.packs[item].get(&code).map(|many| (item, *many)))
    }
}

async fn play(store: &Open, expected: &mut Expected, step: Step) {
    let (inventory, owner) = (&store.inventory, &store.owner);
    match step {
        Step::Set(item, wanted) => {
            let of = |(code, many): &(usize, i64)| Pack {
                name: format!("Case of {many}"),
                barcode: CODES[*code].into(),
                quantity: Quantity::whole(*many),
            };
            let answer = store.set_packs(ITEMS[item], &wanted.iter().map(of).collect::<Vec<_>>()).await;
            let fits = expected.takes(item, &wanted);
            assert_eq!(answer.is_ok(), fits.is_some(), "{answer:?}");
            if let (Ok(done), Some(packs)) = (answer, fits) {
                let before = std::mem::replace(&mut expected.packs[item], packs.clone());
                if before != packs {
                    expected.done.push((done, item, before, packs));
                }
            }
        }
        Step::Undo(ago) => {
            let Some(at) = expected.done.len().checked_sub(ago + 1) else { return };
            let (done, item, before, after) = expected.done.remove(at);
            let packs: Vec<(usize, i64)> = before.into_iter().collect();
            let answer = inventory.undo_change(owner, done.journal.expect("a line")).await;
            // What somebody changed since stays; what the other item has by now is refused.
            let kept = expected.packs[item] != after;
            match expected.takes(item, &packs) {
                Some(back) if !kept => expected.packs[item] = back,
                None if !kept => assert!(matches!(answer, Err(Error::Refused(Refusal::BarcodeTaken { .. })))),
                _ => assert_eq!(answer.expect("answered").kept, [ITEMS[item]]),
            }
        }
        Step::Sell(code) | Step::Deliver(code) => {
            let found = scanned(store, CODES[code]).await.expect("read");
            let said = found.map(|found| (found.item.sku, found.quantity));
            let Some((item, many)) = expected.owner(code) else { return assert_eq!(said, None) };
            assert_eq!(said, Some((ITEMS[item].into(), Quantity::whole(many))));
            let lines = vec![line(ITEMS[item], &many.to_string())];
            if matches!(step, Step::Sell(_)) {
                inventory.post_sale(owner, sale(lines)).await.expect("a fact");
                expected.on_hand[item] -= many;
            } else {
                inventory.post_receipt(owner, receipt(lines)).await.expect("a fact");
                expected.on_hand[item] += many;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn packs_are_what_a_model_says() {
    let sequences = std::env::var("STOREROOM_SEQUENCES").ok().and_then(|text| text.parse().ok()).unwrap_or(SEQUENCES);
    on_each(async |db| {
        let store = open(db).await;
        let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        let mut runner = TestRunner::new_with_rng(Config::default(), rng);
        let mut expected = Expected::default();
        for _ in 0..sequences {
            for step in steps().new_tree(&mut runner).expect("a sequence").current() {
                play(&store, &mut expected, step).await;
            }
            for (item, sku) in ITEMS.iter().enumerate() {
                let packs = store.packs_of(sku).await.into_iter().map(|pack| (pack.barcode, pack.quantity));
                let wanted =
                    expected.packs[item].iter().map(|(code, many)| (CODES[*code].into(), Quantity::whole(*many)));
                assert_eq!(packs.collect::<Vec<_>>(), wanted.collect::<Vec<_>>(), "{sku}");
                let level = store.inventory.level(&store.owner, "LON", sku).await.expect("readable");
                let on_hand = level.map(|level| level.on_hand).unwrap_or_default();
                assert_eq!(on_hand, Quantity::whole(expected.on_hand[item]), "{sku}");
            }
            store.assert_sound().await;
        }
        store.close().await;
    })
    .await;
}

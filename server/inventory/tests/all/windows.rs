//! Lists by row number, on both engines: windows put together are the whole list, in its order, whatever was changed before.

use crate::common::{Open, item, line, open, receipt, sale};
use crate::kits::made;
use ::model::{GridQuery, GridSort, ItemId, ItemKind, ItemPatch, Limit, NewItem, ProductQuery, Quantity};
use db::{execute, test::on_each};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::cmp::Reverse;
use storeroom_inventory::Edit;

/// Items that a store begins with: some more than one stretch of a list holds.
const ITEMS: usize = 4_600;
/// How many items are there before those.
const ASIDE: usize = 4;
/// How many changes each engine sees; `STOREROOM_SEQUENCES` makes more.
const CHANGES: usize = 16;
/// How many lists are read after each of them.
const LISTS: usize = 3;

/// An item as it should be.
#[derive(Clone, Debug)]
struct Thing {
    id: ItemId,
    sku: String,
    name: String,
    kind: ItemKind,
    archived: bool,
    category: &'static str,
    /// `None` when it never was here.
    on_hand: Option<i64>,
    /// The least that should be here.
    minimum: Option<i64>,
    bare: bool,
}

/// What is done to every so many-th item from one on, for so many of them.
#[derive(Clone, Copy, Debug)]
enum Change {
    Add,
    Name(&'static str),
    Archive(bool),
    Category(&'static str),
    Deliver(i64),
    Sell(i64),
    Minimum(Option<i64>),
    Bare(bool),
    /// Kits of the first item that was added, or no kits any more.
    Kit(bool),
}

const NAMES: [&str; 5] = ["red cup", "Cup", "blue cup", "Ämter", "zinc red"];
const CATEGORIES: [&str; 3] = ["", "Cups", "Zinc"];

fn changes() -> impl Strategy<Value = (Change, usize, usize, usize)> {
    let change = prop_oneof![
        1 => Just(Change::Add),
        2 => prop::sample::select(&NAMES[..]).prop_map(Change::Name),
        2 => any::<bool>().prop_map(Change::Archive),
        2 => prop::sample::select(&CATEGORIES[..]).prop_map(Change::Category),
        2 => (1..4_i64).prop_map(Change::Deliver),
        2 => (1..4_i64).prop_map(Change::Sell),
        2 => prop::option::weighted(0.8, 0..4_i64).prop_map(Change::Minimum),
        1 => any::<bool>().prop_map(Change::Bare),
        2 => prop::bool::weighted(0.7).prop_map(Change::Kit),
    ];
    (change, 1..9_usize, 0..ITEMS, 1..900_usize)
}

fn searches() -> impl Strategy<Value = String> {
    prop_oneof![3 => Just(""), 1 => Just("red"), 1 => Just("nothing is called so")].prop_map(str::to_owned)
}

fn categories() -> impl Strategy<Value = String> {
    prop::sample::select(&["", "", "cups", "ZINC", "nobody's"][..]).prop_map(str::to_owned)
}

fn grids() -> impl Strategy<Value = GridQuery> {
    let sort = prop::sample::select(&[GridSort::Sku, GridSort::Name, GridSort::OnHand][..]);
    (searches(), prop::bool::weighted(0.3), categories(), sort, any::<bool>()).prop_map(
        |(search, short, category, sort, descending)| GridQuery {
            store: "LON".into(),
            search,
            short,
            category,
            sort,
            descending,
        },
    )
}

fn products() -> impl Strategy<Value = ProductQuery> {
    let few = || prop::bool::weighted(0.2);
    let flags = (any::<bool>(), few(), few(), any::<bool>(), any::<bool>());
    (searches(), categories(), flags).prop_map(|(search, category, (archived, bare, low, by_name, descending))| {
        let store = "LON".into();
        ProductQuery { store, search, category, archived, bare, by_name, descending, low }
    })
}

impl Thing {
    fn is_low(&self) -> bool {
        self.is_stocked() && self.minimum.is_some_and(|minimum| self.on_hand.unwrap_or_default() <= minimum)
    }

    fn is_stocked(&self) -> bool {
        self.kind == ItemKind::Stocked
    }

    /// How many are there; nothing is there of a kit, whatever was when it was none.
    fn there(&self) -> Option<i64> {
        self.on_hand.filter(|_| self.is_stocked())
    }

    fn holds(&self, search: &str, category: &str) -> bool {
        self.name.to_lowercase().contains(search)
            && (category.is_empty() || self.category.to_lowercase() == category.to_lowercase())
    }
}

/// Of things of which as many are there, the one that came first is first; those that never were there stand by SKU.
fn tie(thing: &Thing) -> Option<ItemId> {
    thing.there().map(|_| thing.id)
}

/// The SKUs of the grid as they should stand.
fn grid_of(things: &[Thing], query: &GridQuery) -> Vec<String> {
    let kept = things.iter().filter(|thing| thing.kind != ItemKind::Service && !thing.archived);
    let kept = kept.filter(|thing| {
        thing.holds(&query.search, &query.category) && (!query.short || thing.there().is_some_and(|here| here <= 0))
    });
    let mut kept: Vec<&Thing> = kept.collect();
    match query.sort {
        GridSort::Sku => kept.sort_by_key(|thing| &thing.sku),
        GridSort::Name => kept.sort_by_key(|thing| (&thing.name, thing.id)),
        // `None` is less than any number, and last either way.
        GridSort::OnHand if query.descending => {
            kept.sort_by_key(|thing| (Reverse((thing.there(), tie(thing))), &thing.sku))
        }
        GridSort::OnHand => {
            kept.sort_by_key(|thing| (thing.there().is_none(), thing.there(), tie(thing), &thing.sku));
        }
    }
    if query.descending && query.sort != GridSort::OnHand {
        kept.reverse();
    }
    kept.into_iter().map(|thing| thing.sku.clone()).collect()
}

/// The SKUs of the product list as they should stand.
fn products_of(things: &[Thing], query: &ProductQuery) -> Vec<String> {
    let kept = things.iter().filter(|thing| thing.archived == query.archived && (!query.bare || thing.bare));
    let kept = kept.filter(|thing| !query.low || thing.is_low());
    let mut kept: Vec<&Thing> = kept.filter(|thing| thing.holds(&query.search, &query.category)).collect();
    if query.by_name {
        kept.sort_by_key(|thing| (&thing.name, thing.id));
    } else {
        kept.sort_by_key(|thing| &thing.sku);
    }
    if query.descending {
        kept.reverse();
    }
    kept.into_iter().map(|thing| thing.sku.clone()).collect()
}

fn new(at: usize) -> (NewItem, Thing) {
    let kind = if at.is_multiple_of(13) { ItemKind::Service } else { ItemKind::Stocked };
    let bare = at.is_multiple_of(3);
    // No order of theirs is the order in which they come.
    let (sku, name) = (format!("W{:05}", at * 7_919 % 100_000), NAMES[at % NAMES.len()].to_owned());
    let barcodes = if bare { Vec::new() } else { vec![format!("60{sku}")] };
    let new = NewItem { name: name.clone(), barcodes, ..item(&sku, kind) };
    let thing =
        Thing { id: new.id, sku, name, kind, archived: false, category: "", on_hand: None, minimum: None, bare };
    (new, thing)
}

async fn add(store: &Open, things: &mut Vec<Thing>, count: usize) {
    let from = things.len();
    let (new, mut added): (Vec<NewItem>, Vec<Thing>) = (from..from + count).map(new).unzip();
    assert_eq!(store.inventory.add_items(&store.owner, new).await.expect("added"), count);
    things.append(&mut added);
}

async fn change(store: &Open, things: &mut Vec<Thing>, (change, step, from, count): (Change, usize, usize, usize)) {
    let patch = match change {
        Change::Add => return add(store, things, count).await,
        Change::Deliver(pieces) | Change::Sell(pieces) => {
            let delivered = matches!(change, Change::Deliver(_));
            let those = things.iter_mut().skip(from).step_by(step).take(count).filter(|thing| thing.is_stocked());
            let lines = those.map(|thing| {
                let change = if delivered { pieces } else { -pieces };
                thing.on_hand = Some(thing.on_hand.unwrap_or_default() + change);
                line(&thing.sku, &pieces.to_string())
            });
            let lines: Vec<_> = lines.collect();
            if lines.is_empty() {
                return;
            }
            if delivered {
                store.inventory.post_receipt(&store.owner, receipt(lines)).await.expect("posted");
            } else {
                store.inventory.post_sale(&store.owner, sale(lines)).await.expect("posted");
            }
            return;
        }
        Change::Name(name) => ItemPatch { name: Some(name.to_owned()), ..ItemPatch::default() },
        Change::Archive(archived) => ItemPatch { archived: Some(archived), ..ItemPatch::default() },
        Change::Category(name) => {
            let name = Some(name.to_owned()).filter(|name| !name.is_empty());
            ItemPatch { category: Some(name), ..ItemPatch::default() }
        }
        Change::Minimum(minimum) => {
            let limit = Limit { store: "LON".into(), minimum: minimum.map(Quantity::whole), maximum: None };
            ItemPatch { limits: Some(vec![limit]), ..ItemPatch::default() }
        }
        Change::Bare(_) => ItemPatch::default(),
        Change::Kit(is) => {
            let part = [(things[ASIDE].sku.as_str(), "2")];
            ItemPatch { components: Some(made(if is { &part } else { &[] })), ..ItemPatch::default() }
        }
    };
    let mut edits = Vec::new();
    let part = things[ASIDE].id;
    for thing in things.iter_mut().skip(from).step_by(step).take(count) {
        match change {
            Change::Name(name) => thing.name = name.to_owned(),
            Change::Archive(archived) => thing.archived = archived,
            Change::Category(name) => thing.category = name,
            Change::Minimum(minimum) => thing.minimum = minimum,
            Change::Kit(true) if thing.is_stocked() && thing.on_hand.unwrap_or_default() == 0 && thing.id != part => {
                thing.kind = ItemKind::Kit;
            }
            Change::Kit(false) if thing.kind == ItemKind::Kit => thing.kind = ItemKind::Stocked,
            Change::Kit(_) => continue,
            Change::Bare(bare) => {
                thing.bare = bare;
                let codes = if bare { Vec::new() } else { vec![format!("60{}", thing.sku)] };
                edits
                    .push(Edit { sku: thing.sku.clone(), patch: ItemPatch { barcodes: Some(codes), ..patch.clone() } });
                continue;
            }
            Change::Add | Change::Deliver(_) | Change::Sell(_) => {}
        }
        edits.push(Edit { sku: thing.sku.clone(), patch: patch.clone() });
    }
    if !edits.is_empty() {
        store.inventory.change_items(&store.owner, edits, "").await.expect("changed");
    }
}

/// Reads the grid window by window.
async fn read_grid(store: &Open, query: &GridQuery, size: usize) -> (i64, Vec<String>) {
    let mut read = Vec::new();
    loop {
        let window = store.inventory.grid(&store.owner, query, read.len() as i64, size as i64).await.expect("read");
        let last = window.data.len() < size;
        read.extend(window.data.into_iter().map(|row| row.sku));
        if last {
            return (window.total, read);
        }
    }
}

/// Reads the product list window by window.
async fn read_products(store: &Open, query: &ProductQuery, size: usize) -> (i64, Vec<String>) {
    let mut read = Vec::new();
    loop {
        let window = store.inventory.products(&store.owner, query, read.len() as i64, size as i64).await.expect("read");
        let last = window.data.len() < size;
        read.extend(window.data.into_iter().map(|row| row.sku));
        if last {
            return (window.total, read);
        }
    }
}

/// What was read is the whole list, or as many rows of it as can be reached, in its order.
fn assert_list((total, read): (i64, Vec<String>), whole: Vec<String>, reach: Option<i64>, said: &str) {
    let Some(reach) = reach.filter(|reach| whole.len() as i64 > *reach) else {
        return assert_eq!((total, read), (whole.len() as i64, whole), "{said}");
    };
    assert_eq!((total, read.len() as i64), (reach, reach), "{said}");
    let mut rest = whole.iter();
    assert!(read.iter().all(|sku| rest.any(|one| one == sku)), "{said}: {read:?}");
}

/// The items of [`open`] are put aside, so that what is there is what was added here.
async fn begin(db: db::Db) -> (Open, Vec<Thing>) {
    let store = open(db).await;
    let edits = ["CUP", "MUG", "PLATE", "POST"].map(|sku| Edit {
        sku: sku.to_owned(),
        patch: ItemPatch { archived: Some(true), name: Some("aside".into()), ..ItemPatch::default() },
    });
    let query = ProductQuery { store: "LON".into(), ..ProductQuery::default() };
    let aside = store.inventory.products(&store.owner, &query, 0, 9).await;
    let aside = aside.expect("read").data.into_iter().map(|row| Thing {
        id: row.item,
        kind: if row.sku == "POST" { ItemKind::Service } else { ItemKind::Stocked },
        sku: row.sku,
        name: "aside".to_owned(),
        archived: true,
        category: "",
        on_hand: None,
        minimum: None,
        bare: false,
    });
    let mut things: Vec<Thing> = aside.collect();
    store.inventory.change_items(&store.owner, edits.to_vec(), "").await.expect("changed");
    for _ in 0..ITEMS / 1_150 {
        add(&store, &mut things, 1_150).await;
    }
    change(&store, &mut things, (Change::Kit(true), 11, 40, 60)).await;
    (store, things)
}

#[tokio::test]
async fn windows_put_together_are_the_whole_list() {
    let wanted = std::env::var("STOREROOM_SEQUENCES").ok().and_then(|n| n.parse().ok()).unwrap_or(CHANGES);
    on_each(async |db| {
        let mut runner =
            TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &[9; 32]));
        let (store, mut things) = begin(db).await;
        for at in 0..wanted {
            let tree = (changes(), prop::collection::vec((grids(), products(), 23..200_usize), LISTS));
            let (done, lists) = tree.new_tree(&mut runner).expect("generated").current();
            change(&store, &mut things, done).await;
            for (grid, products, size) in lists {
                let said = format!("by {size} after {at} changes: {done:?}");
                let read = read_grid(&store, &grid, size).await;
                assert_list(read, grid_of(&things, &grid), grid.reach(), &format!("{grid:?} {said}"));
                let read = read_products(&store, &products, size).await;
                assert_list(read, products_of(&things, &products), products.reach(), &format!("{products:?} {said}"));
            }
        }
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_miscounted_list_is_found_and_counted_anew() {
    on_each(async |db| {
        let (store, things) = begin(db).await;
        let mut tx = store.db.begin().await.expect("a transaction");
        execute!(
            &mut tx,
            "update inventory_stretch set length = length + 1 where list = 'offered by name' and start = ''"
        )
        .expect("the hand succeeds");
        tx.commit().await.expect("committed");
        let findings = store.inventory.verify(&store.owner).await.expect("read");
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert_eq!(findings[0].invariant, "a list has as many rows as it counts");
        store.inventory.rebuild(&store.owner).await.expect("rebuilt");
        store.assert_sound().await;
        let query = ProductQuery { store: "LON".into(), by_name: true, ..ProductQuery::default() };
        let expected = products_of(&things, &query);
        assert_eq!(read_products(&store, &query, 200).await, (expected.len() as i64, expected));
        store.close().await;
    })
    .await;
}

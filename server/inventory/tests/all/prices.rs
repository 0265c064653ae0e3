//! Price lists, on both engines: what is sold at which price on which day in which store, and from which list.

use crate::common::{line, money, open, sale, units};
use crate::promise::order;
use ::model::{
    Error, LineList, Money, NewLine, NewPrice, NewPriceList, NewSale, PriceListId, Quantity, ReceiptLine, Reused, Role,
    Time, best,
};
use db::{execute, test::on_each};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::collections::BTreeMap;
use storeroom_inventory::Inventory;

/// How many sequences each engine plays; `STOREROOM_SEQUENCES` plays more.
const SEQUENCES: usize = 36;

fn price(sku: &str, from: &str, price: &str) -> NewPrice {
    NewPrice { sku: sku.into(), from: units(from), price: money(price) }
}

fn list(name: &str, lines: Vec<NewPrice>) -> NewPriceList {
    let (store, from_day, to_day) = (None, None, None);
    NewPriceList { version: 0, name: name.into(), store, from_day, to_day, active: true, overrides: false, lines }
}

fn open_line(sku: &str, quantity: &str) -> NewLine {
    NewLine { unit_price: None, ..line(sku, quantity) }
}

fn at(day: &str) -> Time {
    format!("{day}T12:00:00Z").parse().expect("a moment")
}

/// What one costs in a sale that names no price, and the list's name.
fn told(line: &ReceiptLine) -> (Option<Money>, Option<&str>) {
    (line.unit_price, line.list.as_deref())
}

#[tokio::test]
async fn a_sale_without_a_price_takes_the_lowest_of_the_day_and_says_from_which_list() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let many = list("Many", vec![price("CUP", "1", "2.50"), price("CUP", "10", "2")]);
        inventory.save_price_list(owner, PriceListId::new(), many).await.expect("saved");
        let winter = NewPriceList {
            from_day: Some("2026-11-01".into()),
            to_day: Some("2026-11-10".into()),
            ..list("Winter sale", vec![price("CUP", "1", "2.20"), price("POST", "1", "0")])
        };
        inventory.save_price_list(owner, PriceListId::new(), winter).await.expect("saved");
        let sold = async |day: &str, lines: Vec<NewLine>| {
            let sale = NewSale { occurred_at: Some(at(day)), ..sale(lines) };
            inventory.post_sale(owner, sale).await.expect("a sale is never refused").lines
        };
        let lines = ["CUP 4", "CUP 6", "MUG 1", "POST 1"].map(|text| {
            let (sku, many) = text.split_once(' ').expect("two words");
            open_line(sku, many)
        });
        let before = sold("2026-10-31", lines.to_vec()).await;
        let expected =
            [(Some("2"), Some("Many")), (Some("2"), Some("Many")), (Some("2.55"), None), (Some("2.55"), None)];
        let as_told = |(price, list): (Option<&str>, Option<&'static str>)| (price.map(money), list);
        assert_eq!(before.iter().map(told).collect::<Vec<_>>(), expected.map(as_told));
        let during = sold("2026-11-10", lines.to_vec()).await;
        let expected = [
            (Some("2"), Some("Many")),
            (Some("2"), Some("Many")),
            (Some("2.55"), None),
            (Some("0"), Some("Winter sale")),
        ];
        assert_eq!(during.iter().map(told).collect::<Vec<_>>(), expected.map(as_told));
        let few = sold("2026-11-10", vec![open_line("CUP", "9")]).await;
        assert_eq!(told(&few[0]), (Some(money("2.20")), Some("Winter sale")));
        let after = sold("2026-11-11", vec![open_line("CUP", "1")]).await;
        assert_eq!(told(&after[0]), (Some(money("2.50")), Some("Many")));
        let typed = sold("2026-11-10", vec![line("CUP", "1")]).await;
        assert_eq!(told(&typed[0]), (Some(money("2.55")), None), "what was charged is a fact");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_customers_order_is_written_at_the_price_of_its_lists() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let many = list("Many", vec![price("CUP", "1", "2.50"), price("CUP", "10", "2")]);
        inventory.save_price_list(owner, PriceListId::new(), many).await.expect("saved");
        let mut new = order(&[]);
        new.content.lines = vec![open_line("CUP", "9"), open_line("MUG", "1"), open_line("CUP", "10")];
        new.content.lines[0].unit_price = Some(money("7"));
        let drafted = inventory.add_order(owner, new.clone()).await.expect("drafted");
        let prices: Vec<_> = drafted.lines.iter().map(|line| line.unit_price).collect();
        assert_eq!(prices, [Some(money("7")), Some(money("2.55")), Some(money("2"))], "what is said stands");
        new.content.lines.truncate(1);
        new.content.lines[0].unit_price = None;
        let changed = inventory.change_order(owner, drafted.id, Some(1), new.content).await.expect("changed");
        assert_eq!(changed.lines[0].unit_price, Some(money("2.50")), "nine of them reach no other step");
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_till_says_by_which_list_it_sold_and_the_same_again_is_answered_the_same() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let id = PriceListId::new();
        let saved = inventory.save_price_list(owner, id, list("Members", vec![price("CUP", "1", "2")])).await;
        assert_eq!(saved.expect("saved").list.version, 1);
        let by = |list: PriceListId, line: u32| NewSale {
            lists: vec![LineList { line, list }],
            ..sale(vec![NewLine { unit_price: Some(money("2")), ..open_line("CUP", "1") }])
        };
        let sold = by(id, 1);
        let receipt = inventory.post_sale(owner, sold.clone()).await.expect("posted");
        assert_eq!(told(&receipt.lines[0]), (Some(money("2")), Some("Members")));
        // The list is called otherwise, and put aside: what was sold stays as it was.
        let other = NewPriceList { version: 1, active: false, ..list("Friends", vec![price("CUP", "1", "1")]) };
        inventory.save_price_list(owner, id, other).await.expect("saved");
        assert_eq!(inventory.post_sale(owner, sold).await.expect("answered").lines, receipt.lines);
        let late = inventory.post_sale(owner, by(id, 1)).await.expect("posted");
        assert_eq!(told(&late.lines[0]), (Some(money("2")), Some("Friends")), "told late, charged all the same");
        for wrong in [by(PriceListId::new(), 1), by(id, 2), by(id, 0)] {
            let answer = inventory.post_sale(owner, wrong).await;
            assert!(matches!(answer, Err(Error::Invalid(_))), "{answer:?}");
        }
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_list_is_saved_by_who_saw_it_and_may_and_is_undone_by_what_stood_there() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let paris = inventory.add_store(owner, "PAR", "Paris", "EUR", "Europe/Paris").await.expect("added");
        let (id, first) = (PriceListId::new(), list("Sale", vec![price("CUP", "1", "2")]));
        let saved = inventory.save_price_list(owner, id, first.clone()).await.expect("saved");
        assert_eq!(inventory.save_price_list(owner, id, first.clone()).await.expect("answered"), saved, "a repeat");
        let second = NewPriceList { version: 1, ..list("Sale", vec![price("MUG", "5", "1.50")]) };
        inventory.save_price_list(owner, id, second.clone()).await.expect("saved");
        let stale = NewPriceList { version: 1, active: false, ..first.clone() };
        let stale = inventory.save_price_list(owner, id, stale).await;
        assert!(matches!(stale, Err(Error::Conflict(Reused::Version))), "{stale:?}");
        let back = inventory.save_price_list(owner, id, NewPriceList { version: 2, ..first }).await.expect("undone");
        assert_eq!((back.list.version, &back.lines), (3, &saved.lines));

        let manager = store.someone(Role::Manager).await;
        let everywhere = inventory.save_price_list(&manager, PriceListId::new(), list("All", vec![])).await;
        assert!(matches!(everywhere, Err(Error::Forbidden(_))), "{everywhere:?}");
        let taken = inventory
            .save_price_list(&manager, id, NewPriceList { store: Some("LON".into()), version: 3, ..second })
            .await;
        assert!(matches!(taken, Err(Error::NotFound)), "a list of all stores is not theirs: {taken:?}");
        let theirs = NewPriceList { store: Some("LON".into()), ..list("London", vec![]) };
        inventory.save_price_list(&manager, PriceListId::new(), theirs.clone()).await.expect("saved");
        let employee = store.someone(Role::Employee).await;
        let denied = inventory
            .save_price_list(&employee, PriceListId::new(), NewPriceList { name: "Mine".into(), ..theirs })
            .await;
        assert!(matches!(denied, Err(Error::Forbidden(_))), "{denied:?}");
        let foreign = NewPriceList { store: Some("PAR".into()), ..list("Paris", vec![]) };
        let other = PriceListId::new();
        inventory.save_price_list(owner, other, foreign).await.expect("saved");
        assert!(matches!(inventory.price_list(&employee, other).await, Err(Error::NotFound)), "{}", paris.code);
        let seen = inventory.price_lists(&employee, "LON").await.expect("listed").data;
        assert_eq!(seen.iter().map(|list| list.name.as_str()).collect::<Vec<_>>(), ["London", "Sale"]);

        let twice = vec![price("CUP", "1", "2"), price("CUP", "1", "3")];
        let day = |from: &str, to: &str| NewPriceList {
            from_day: Some(from.into()),
            to_day: Some(to.into()),
            ..list("Odd", vec![])
        };
        for wrong in [
            list("SALE", vec![]),
            list(" ", vec![]),
            list("Odd", twice),
            list("Odd", vec![price("NOBODY", "1", "1")]),
            list("Odd", vec![price("CUP", "0", "1")]),
            list("Odd", vec![price("CUP", "1", "-1")]),
            day("2026-12-24", "2026-12-23"),
            day("2026-2-30", "2026-12-23"),
        ] {
            let answer = inventory.save_price_list(owner, PriceListId::new(), wrong.clone()).await;
            assert!(matches!(answer, Err(Error::Invalid(_))), "{wrong:?}: {answer:?}");
        }
        store.assert_sound().await;
        let mut tx = store.db.begin().await.expect("a transaction");
        execute!(&mut tx, "update inventory_price set price = price + 1").expect("the hand succeeds");
        tx.commit().await.expect("committed");
        assert!(!inventory.verify(owner).await.expect("readable").is_empty(), "a hand changed a price");
        store.close().await;
    })
    .await;
}

const ITEMS: [&str; 3] = ["CUP", "MUG", "POST"];
const STORES: [Option<&str>; 3] = [None, Some("LON"), Some("PAR")];

#[derive(Clone, Debug)]
struct Made {
    list: usize,
    store: usize,
    /// First and last day of November; 0 and 31 are none.
    days: (u32, u32),
    active: bool,
    overrides: bool,
    /// Item, from how many on, and the price in tenths.
    steps: BTreeMap<(usize, i64), i64>,
}

#[derive(Clone, Debug)]
enum Step {
    Save(Made),
    /// Item, store, day and how many in each line.
    Sell(usize, usize, u32, Vec<i64>),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let lines = prop::collection::btree_map((0..ITEMS.len(), 1..6_i64), 0..40_i64, 0..6);
    let days = prop_oneof![Just((0, 31)), (1..15_u32, 15..29_u32), Just((0, 14)), Just((15, 31))];
    let made = (0..4_usize, 0..STORES.len(), days, prop::bool::weighted(0.8), prop::bool::weighted(0.2), lines);
    let made = made.prop_map(|(list, store, days, active, overrides, steps)| {
        Step::Save(Made { list, store, days, active, overrides, steps })
    });
    let many = prop::collection::vec(1..5_i64, 1..4);
    let sell = (0..ITEMS.len(), 1..STORES.len(), 1..30_u32, many);
    prop::collection::vec(prop_oneof![2 => made, 5 => sell.prop_map(|(a, b, c, d)| Step::Sell(a, b, c, d))], 1..24)
}

fn tenths(price: i64) -> Money {
    money(&format!("{}.{}", price / 10, price % 10))
}

/// The rule, told plainly: all prices that could be, list by list, then the lowest of those that count.
fn naive(lists: &[Option<Made>; 4], item: usize, store: usize, day: u32, many: i64) -> (Money, Option<usize>) {
    let mut found = Vec::new();
    for made in lists.iter().flatten() {
        let here = made.store == 0 || made.store == store;
        let now = made.days.0 <= day && day <= made.days.1;
        let reached = (1..=many).rev().find_map(|from| made.steps.get(&(item, from)));
        if let (true, true, true, Some(price)) = (made.active, here, now, reached) {
            found.push((made.overrides, tenths(*price), made.list));
        }
    }
    let own = (money("2.55"), None);
    let above = found.iter().any(|one| one.0);
    found.retain(|one| one.0 == above);
    let lists = found.into_iter().map(|(_, price, list)| (price, Some(list)));
    let all = if above { lists.collect::<Vec<_>>() } else { std::iter::once(own).chain(lists).collect() };
    all.into_iter().min().unwrap_or(own)
}

async fn save(inventory: &Inventory, owner: &::model::Actor, id: PriceListId, version: i64, made: &Made) -> i64 {
    let day = |day: u32| (1..=30).contains(&day).then(|| format!("2026-11-{day:02}"));
    let lines = made.steps.iter().map(|((item, from), price)| NewPrice {
        sku: ITEMS[*item].into(),
        from: Quantity::whole(*from),
        price: tenths(*price),
    });
    let new = NewPriceList {
        version,
        name: format!("list {}", made.list),
        store: STORES[made.store].map(str::to_owned),
        from_day: day(made.days.0),
        to_day: day(made.days.1),
        active: made.active,
        overrides: made.overrides,
        lines: lines.collect(),
    };
    inventory.save_price_list(owner, id, new).await.expect("saved").list.version
}

#[tokio::test(flavor = "multi_thread")]
async fn prices_are_what_a_naive_reading_of_the_rule_says() {
    let sequences = std::env::var("STOREROOM_SEQUENCES").ok().and_then(|text| text.parse().ok()).unwrap_or(SEQUENCES);
    on_each(async |db| {
        let store = open(db).await;
        let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha));
        let (inventory, owner) = (&store.inventory, &store.owner);
        inventory.add_store(owner, "PAR", "Paris", "EUR", "Europe/Paris").await.expect("added");
        let ids: [PriceListId; 4] = std::array::from_fn(|_| PriceListId::new());
        let (mut lists, mut versions): ([Option<Made>; 4], _) = (std::array::from_fn(|_| None), [0; 4]);
        let mut by_list = 0;
        for _ in 0..sequences {
            for step in steps().new_tree(&mut runner).expect("a sequence").current() {
                match step {
                    Step::Save(made) => {
                        let at = made.list;
                        versions[at] = save(inventory, owner, ids[at], versions[at], &made).await;
                        lists[at] = Some(made);
                    }
                    Step::Sell(item, place, day, many) => {
                        let (price, list) = naive(&lists, item, place, day, many.iter().sum());
                        let (code, moment) = (STORES[place].expect("a store"), at(&format!("2026-11-{day:02}")));
                        let lines = many.iter().map(|many| open_line(ITEMS[item], &many.to_string())).collect();
                        let new = NewSale { store: code.into(), occurred_at: Some(moment), ..sale(lines) };
                        let receipt = inventory.post_sale(owner, new).await.expect("a sale is never refused");
                        let name = list.map(|list| format!("list {list}"));
                        assert_eq!(receipt.lines.len(), many.len());
                        for line in &receipt.lines {
                            let expected = (Some(price), name.as_deref());
                            assert_eq!(told(line), expected, "{lists:?} {item} {code} {day} {many:?}");
                        }
                        by_list += usize::from(list.is_some());
                    }
                }
            }
            // A till that heard all of it says the same of today.
            for (at, sku) in ITEMS.iter().enumerate() {
                let item = inventory.product(owner, sku).await.expect("there").data.item;
                let mut offers = inventory.offers(owner, "LON", item.id).await.expect("offered");
                let now = Time::now();
                offers.retain(|offer| offer.holds(now));
                let lines = vec![open_line(sku, "1"), open_line(sku, "2")];
                let receipt = inventory.post_sale(owner, sale(lines)).await.expect("sold");
                let best = best(item.price, &offers, [1, 2].map(Quantity::whole));
                let expected = (best.map(|offer| offer.price).or(item.price), best.map(|offer| offer.name.as_str()));
                assert_eq!(told(&receipt.lines[0]), expected, "{at}");
            }
            store.assert_sound().await;
        }
        assert!(by_list > 0, "no list was ever the cheapest, so this test would say nothing");
        store.close().await;
    })
    .await;
}

//! Taxes before something is sold, on both engines: what a till tells of a basket, and an order of what it comes to, is what
//! the sale then holds.

use crate::common::{Open, item, money, open, sale, units};
use crate::promise::{hand_over, order};
use ::model::{
    Cancelling, ItemKind, ItemPatch, Money, NewLine, NewPrice, NewPriceList, NewSale, NewTaxClass, Pack, PriceListId,
    Quantity, RateSince, TaxClassId, TaxRate, TaxTotal, Time, best, taxes,
};
use db::{Db, test::on_each};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// How many baskets each engine sells.
const BASKETS: usize = 60;
/// What is scanned: pieces, a case of twelve cups, a kit, a service, and what is of no class.
const CODES: [&str; 6] = ["50CUP", "CASE", "50MUG", "50PLATE", "50POST", "50SET"];
/// Around London's midnight in summer, when the rates change, and when they have changed for long.
const MOMENTS: [&str; 3] = ["2025-06-30T22:59:59Z", "2025-06-30T23:00:00Z", "2025-08-01T12:00:00Z"];

impl Open {
    async fn of_class(&self, skus: &[&str], rates: &[(Option<&str>, &str)]) {
        let (id, name) = (TaxClassId::new(), skus[0].to_owned());
        let rate =
            |(from, rate): &(Option<&str>, &str)| TaxRate { from_day: from.map(str::to_owned), rate: units(rate) };
        let new = NewTaxClass { version: 0, name, rates: rates.iter().map(rate).collect() };
        self.inventory.save_tax_class(&self.owner, id, new).await.expect("saved");
        for sku in skus {
            let patch = ItemPatch { tax_class: Some(Some(id)), ..ItemPatch::default() };
            self.inventory.change_item(&self.owner, sku, None, patch).await.expect("changed");
        }
    }

    /// A store with mixed rates, a case, a price for many, and the kit SET; the plate is of no class.
    async fn with_rates(db: Db) -> Self {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        inventory.add_item(owner, item("SET", ItemKind::Stocked)).await.expect("added");
        store.make("SET", &[("CUP", "2"), ("MUG", "1")]).await.expect("made");
        let case = Pack { name: "Case of 12".into(), barcode: "CASE".into(), quantity: units("12") };
        let patch = ItemPatch { packs: Some(vec![case]), ..ItemPatch::default() };
        inventory.change_item(owner, "CUP", None, patch).await.expect("changed");
        store.of_class(&["CUP", "SET"], &[(None, "19"), (Some("2025-07-01"), "20")]).await;
        store.of_class(&["MUG"], &[(Some("2025-07-01"), "8.875")]).await;
        store.of_class(&["POST"], &[(None, "0")]).await;
        let price =
            |sku: &str, from: &str, price: &str| NewPrice { sku: sku.into(), from: units(from), price: money(price) };
        let lines = vec![price("CUP", "3", "2.335"), price("CUP", "12", "1.99"), price("SET", "2", "6.6667")];
        let (store_code, from_day, to_day) = (None, None, None);
        let many = NewPriceList {
            version: 0,
            name: "Many".into(),
            store: store_code,
            from_day,
            to_day,
            active: true,
            overrides: false,
            lines,
        };
        inventory.save_price_list(owner, PriceListId::new(), many).await.expect("saved");
        store
    }

    /// What a till puts together of what it scans: the lines with their prices, and the taxes in them at that moment.
    async fn basket(&self, scans: &[(usize, i64)], at: Time) -> (Vec<NewLine>, Vec<TaxTotal>) {
        let (inventory, owner) = (&self.inventory, &self.owner);
        let mut lines: Vec<(NewLine, Option<Money>, Vec<RateSince>, _)> = Vec::new();
        for (code, times) in scans {
            let found = inventory.find_item(owner, CODES[*code]).await.expect("readable").expect("known");
            let quantity = Quantity::from_parts(found.quantity.parts() * times);
            if let Some((line, ..)) = lines.iter_mut().find(|line| line.0.sku == found.item.sku) {
                line.quantity = line.quantity.checked_add(quantity).expect("small");
                continue;
            }
            let rates = inventory.rates(owner, "LON", found.item.id).await.expect("readable");
            let offers = inventory.offers(owner, "LON", found.item.id).await.expect("readable");
            let (sku, unit_price, lot, serials) = (found.item.sku, None, None, Vec::new());
            lines.push((NewLine { sku, quantity, unit_price, lot, serials }, found.item.price, rates, offers));
        }
        for (line, own, _, offers) in &mut lines {
            line.unit_price = best(*own, offers, [line.quantity]).map(|offer| offer.price).or(*own);
        }
        let told = lines.iter().map(|(line, _, rates, _)| (RateSince::at(rates, at), line.unit_price, line.quantity));
        let told = taxes(told, "GBP").expect("small");
        (lines.into_iter().map(|(line, ..)| line).collect(), told)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_basket_tells_is_what_the_sale_has() {
    on_each(async |db| {
        let store = Open::with_rates(db).await;
        let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha));
        let (mut rates, mut cheaper) = (Vec::new(), 0);
        for nth in 0..BASKETS {
            let scans = prop::collection::vec((0..CODES.len(), 1..6_i64), 1..8).new_tree(&mut runner);
            let at: Time = MOMENTS[nth % MOMENTS.len()].parse().expect("a moment");
            let (lines, told) = store.basket(&scans.expect("scans").current(), at).await;
            cheaper += lines.iter().filter(|line| line.unit_price < Some(money("2.55"))).count();
            let open = lines.iter().map(|line| NewLine { unit_price: None, ..line.clone() }).collect();
            for lines in [lines, open] {
                let new = NewSale { occurred_at: Some(at), ..sale(lines) };
                let receipt = store.inventory.post_sale(&store.owner, new).await.expect("posted");
                assert_eq!(receipt.occurred_at, at);
                assert_eq!(receipt.tax, told, "{receipt:?}");
            }
            rates.extend(told.into_iter().map(|one| one.rate));
        }
        rates.sort_unstable();
        rates.dedup();
        assert_eq!(rates, ["0", "8.875", "19", "20"].map(units), "all of them were sold at");
        assert!(cheaper > BASKETS / 4, "{cheaper} lines had the price of many");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn an_order_tells_the_tax_that_its_hand_over_has_and_none_afterwards() {
    on_each(async |db| {
        let store = Open::with_rates(db).await;
        store.receive(&[("CUP", "30"), ("MUG", "9"), ("PLATE", "1")]).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let mut new = order(&[("CUP", "12"), ("MUG", "3"), ("SET", "2"), ("PLATE", "1"), ("MUG", "1")]);
        new.content.lines.iter_mut().for_each(|line| line.unit_price = None);
        let drafted = inventory.add_order(owner, new).await.expect("drafted");
        assert_eq!(drafted.tax.len(), 2, "{drafted:?}");
        let confirmed = inventory.confirm_order(owner, drafted.id, None).await.expect("confirmed");
        assert_eq!(confirmed.tax, drafted.tax);
        let one = Cancelling { lines: vec![5] };
        let fewer = inventory.cancel_order(owner, drafted.id, None, one).await.expect("cancelled");
        assert!(fewer.tax[0].gross < drafted.tax[0].gross, "what is not wanted any more is not in it");
        let all = hand_over(&[(1, "12"), (2, "3"), (3, "2"), (4, "1")]);
        let done = inventory.hand_over(owner, drafted.id, None, all.clone()).await.expect("handed over");
        assert_eq!(inventory.receipt(owner, all.id).await.expect("posted").tax, fewer.tax);
        assert_eq!(done.tax, [], "its sale tells it now");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

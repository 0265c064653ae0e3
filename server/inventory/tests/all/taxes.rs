//! Taxes, on both engines: the rate of the day, kept with the sale, mirrored by what undoes it and brings it back.

use crate::common::{line, money, open, sale, units};
use ::model::{
    Bulk, Error, ItemPatch, Money, NewLine, NewReturn, NewReversal, NewTaxClass, PostingId, Quantity, Receipt,
    ReturnTo, Reused, Role, TaxClassId, TaxRate, TaxTotal, Time,
};
use db::{execute, test::on_each};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// How many sales each engine plays.
const SALES: usize = 60;

fn class(name: &str, rates: &[(Option<&str>, &str)]) -> NewTaxClass {
    let rate = |(from, rate): &(Option<&str>, &str)| TaxRate { from_day: from.map(str::to_owned), rate: units(rate) };
    NewTaxClass { version: 0, name: name.into(), rates: rates.iter().map(rate).collect() }
}

fn of(class: TaxClassId) -> ItemPatch {
    ItemPatch { tax_class: Some(Some(class)), ..ItemPatch::default() }
}

fn at(day: &str) -> Option<Time> {
    Some(format!("{day}T12:00:00Z").parse().expect("a moment"))
}

fn priced(sku: &str, quantity: &str, price: &str) -> NewLine {
    NewLine { unit_price: Some(money(price)), ..line(sku, quantity) }
}

fn total(rate: &str, gross: &str, net: &str, tax: &str) -> TaxTotal {
    TaxTotal { rate: units(rate), gross: money(gross), net: money(net), tax: money(tax) }
}

#[tokio::test]
async fn a_sale_keeps_the_rates_of_its_day_whatever_the_classes_say_later() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let (standard, reduced) = (TaxClassId::new(), TaxClassId::new());
        let known = class("Standard", &[(None, "19"), (Some("2026-11-01"), "20")]);
        inventory.save_tax_class(owner, standard, known).await.expect("saved");
        inventory.save_tax_class(owner, reduced, class("Reduced", &[(None, "5")])).await.expect("saved");
        inventory.change_item(owner, "CUP", None, of(standard)).await.expect("changed");
        inventory.change_item(owner, "MUG", None, of(reduced)).await.expect("changed");
        let lines = || vec![priced("CUP", "2", "6"), priced("MUG", "1", "1.05"), priced("PLATE", "1", "3")];
        let sell = async |day: &str| {
            let sale = ::model::NewSale { occurred_at: at(day), ..sale(lines()) };
            inventory.post_sale(owner, sale.clone()).await.expect("posted")
        };
        let now = sell("2026-11-01").await;
        assert_eq!(now.tax, [total("5", "1.05", "1", "0.05"), total("20", "12", "10", "2")]);
        assert_eq!(
            now.lines[0].tax.as_ref().map(|tax| (tax.class.as_str(), tax.rate)),
            Some(("Standard", units("20")))
        );
        assert_eq!(now.lines[2].tax, None, "of no class");
        let before = sell("2026-10-31").await;
        assert_eq!(before.tax[1], total("19", "12", "10.08", "1.92"));

        // The law changes, and the cup is of another class: what was sold stays as it was.
        let changed = NewTaxClass { version: 1, ..class("Normal", &[(None, "25")]) };
        inventory.save_tax_class(owner, standard, changed).await.expect("saved");
        assert_eq!(sell("2026-11-01").await.tax[1].rate, units("25"), "told late, at what is known now");
        inventory.change_item(owner, "CUP", None, of(reduced)).await.expect("changed");
        assert_eq!(inventory.receipt(owner, now.id).await.expect("kept").tax, now.tax);
        let back = NewReturn {
            id: PostingId::new(),
            store: "LON".into(),
            occurred_at: None,
            number: None,
            reason: None,
            sale: Some(now.id),
            to: ReturnTo::Shelf,
            lines: vec![priced("CUP", "1", "6")],
        };
        let back = inventory.post_return(owner, back).await.expect("posted");
        assert_eq!(back.tax, [total("20", "6", "5", "1")], "at the rate that was paid");
        let today = Time::now().to_string()[..10].to_owned();
        let told = inventory.taxes(owner, "LON", &today, &today).await.expect("told").data;
        assert_eq!(told.iter().map(|day| day.total.tax).collect::<Vec<_>>(), [money("-1")], "paid back is taken off");
        let undo = async |id| {
            let new = NewReversal { id: PostingId::new(), reason: None };
            inventory.reverse(owner, id, new).await.expect("undone")
        };
        undo(back.id).await;
        let undone = undo(now.id).await;
        assert_eq!(undone.tax, [total("5", "-1.05", "-1", "-0.05"), total("20", "-12", "-10", "-2")]);

        let told = inventory.taxes(owner, "LON", "2026-11-01", "2026-11-01").await.expect("told").data;
        assert!(told.iter().any(|day| day.total.rate == units("25") && day.total.tax == money("2.40")), "{told:?}");
        let wrong = inventory.taxes(owner, "LON", "2026-11-02", "2026-11-01").await;
        assert!(matches!(wrong, Err(Error::Invalid(_))), "{wrong:?}");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_class_is_saved_by_who_saw_it_and_may_and_is_chosen_for_many_at_once() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let (id, first) = (TaxClassId::new(), class("Standard", &[(None, "20")]));
        let saved = inventory.save_tax_class(owner, id, first.clone()).await.expect("saved");
        assert_eq!(inventory.save_tax_class(owner, id, first.clone()).await.expect("answered"), saved, "a repeat");
        let second = NewTaxClass { version: 1, ..class("Standard", &[(None, "21.5")]) };
        inventory.save_tax_class(owner, id, second.clone()).await.expect("saved");
        let stale = inventory.save_tax_class(owner, id, NewTaxClass { version: 1, ..first.clone() }).await;
        assert!(matches!(stale, Err(Error::Conflict(Reused::Version))), "{stale:?}");
        let back =
            inventory.save_tax_class(owner, id, NewTaxClass { version: 2, ..first.clone() }).await.expect("undone");
        assert_eq!((back.version, back.rates), (3, saved.rates));
        let manager = store.someone(Role::Manager).await;
        let denied = inventory.save_tax_class(&manager, TaxClassId::new(), class("Mine", &[])).await;
        assert!(matches!(denied, Err(Error::Forbidden(_))), "it holds in all stores: {denied:?}");
        let employee = store.someone(Role::Employee).await;
        let denied = inventory.taxes(&employee, "LON", "2026-11-01", "2026-11-01").await;
        assert!(matches!(denied, Err(Error::Forbidden(_))), "{denied:?}");
        for wrong in [
            class("STANDARD", &[]),
            class(" ", &[]),
            class("Odd", &[(None, "20"), (None, "21")]),
            class("Odd", &[(Some("2026-2-30"), "20")]),
            class("Odd", &[(None, "101")]),
            class("Odd", &[(None, "-1")]),
            class("Odd", &[(None, "5.1234")]),
        ] {
            let answer = inventory.save_tax_class(owner, TaxClassId::new(), wrong.clone()).await;
            assert!(matches!(answer, Err(Error::Invalid(_))), "{wrong:?}: {answer:?}");
        }
        let nobody = inventory.change_item(owner, "CUP", None, of(TaxClassId::new())).await;
        assert!(matches!(nobody, Err(Error::Invalid(_))), "{nobody:?}");

        let skus = vec!["CUP".to_owned(), "MUG".to_owned()];
        let changed = inventory.change_many(owner, "LON", skus, Bulk::TaxClass(Some(id))).await.expect("changed");
        assert_eq!((changed.changed, inventory.tax_class(owner, id).await.expect("there").items), (2, 2));
        inventory.undo_change(owner, changed.journal.expect("one")).await.expect("undone");
        assert_eq!(inventory.tax_class(owner, id).await.expect("there").items, 0);
        store.assert_sound().await;
        let mut tx = store.db.begin().await.expect("a transaction");
        execute!(&mut tx, "update inventory_tax_rate set rate = rate + 100000").expect("the hand succeeds");
        tx.commit().await.expect("committed");
        assert!(!inventory.verify(owner).await.expect("readable").is_empty(), "a hand changed a rate");
        store.close().await;
    })
    .await;
}

/// Item, how many hundredths, and the price in thousandths.
fn lines() -> impl Strategy<Value = Vec<(usize, i64, i64)>> {
    prop::collection::vec((0..4_usize, 1..500_i64, 0..20_000_i64), 1..8)
}

const ITEMS: [&str; 4] = ["CUP", "MUG", "PLATE", "POST"];

fn sum(amounts: impl Iterator<Item = Money>) -> i64 {
    amounts.map(Money::parts).sum()
}

/// What its lines come to that hold tax, and those that hold none.
fn parted(receipt: &Receipt) -> (i64, i64) {
    let value = |taxed: bool| {
        let lines = receipt.lines.iter().filter(|line| line.tax.is_some() == taxed);
        sum(lines.filter_map(|line| line.unit_price?.checked_times(line.quantity)))
    };
    (value(true), value(false))
}

#[tokio::test(flavor = "multi_thread")]
async fn net_and_tax_and_what_holds_none_make_the_total_exactly() {
    on_each(async |db| {
        let store = open(db).await;
        let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha));
        let (inventory, owner) = (&store.inventory, &store.owner);
        for (sku, rate) in [("CUP", "20"), ("MUG", "8.875"), ("POST", "0")] {
            let id = TaxClassId::new();
            inventory.save_tax_class(owner, id, class(sku, &[(None, rate)])).await.expect("saved");
            inventory.change_item(owner, sku, None, of(id)).await.expect("changed");
        }
        let (mut gross, mut tax) = (0, 0);
        for _ in 0..SALES {
            let lines = lines().new_tree(&mut runner).expect("lines").current();
            let lines = lines.into_iter().map(|(item, quantity, price)| NewLine {
                quantity: Quantity::from_parts(quantity * 1_000),
                unit_price: Some(Money::from_parts(price * 1_000)),
                ..line(ITEMS[item], "1")
            });
            let new = ::model::NewSale { occurred_at: at("2026-11-20"), ..sale(lines.collect()) };
            let receipt = inventory.post_sale(owner, new).await.expect("posted");
            let (taxed, free) = parted(&receipt);
            let made = sum(receipt.tax.iter().flat_map(|one| [one.net, one.tax]));
            assert_eq!((made, made + free), (taxed, receipt.total.parts()), "{receipt:?}");
            gross += taxed;
            tax += sum(receipt.tax.iter().map(|one| one.tax));
        }
        let told = inventory.taxes(owner, "LON", "2026-11-20", "2026-11-20").await.expect("told").data;
        assert_eq!(sum(told.iter().map(|day| day.total.gross)), gross, "the day's is the sum of its sales'");
        assert_eq!(sum(told.iter().map(|day| day.total.tax)), tax);
        assert_eq!(sum(told.iter().flat_map(|day| [day.total.net, day.total.tax])), gross);
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

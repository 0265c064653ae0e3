//! Drafts each morning, where a store wants them: once a day, with their reasons, on both engines.

use crate::shop::Shop;
use model::{
    Action, Actor, Error, Grant, Money, NewSupplier, ProblemFilter, PurchaseList, PurchaseQuery, Role, SupplierPatch,
    Time,
};
use serde_json::json;

impl Shop {
    /// Somebody sells hearts and lanterns to us, each for that much.
    async fn sold_to_us(&self, hearts: &str, lanterns: &str) {
        for (code, sku, price) in [("ACME", "85123A", hearts), ("BELL", "71053", lanterns)] {
            let new = json!({ "id": model::SupplierId::new(), "code": code, "name": code, "lead_days": 2 });
            let new: NewSupplier = serde_json::from_value(new).expect("a supplier");
            let added = self.inventory.add_supplier(&self.boss, new).await.expect("added");
            let patch = json!({ "items": [{ "sku": sku, "price": price }] });
            let patch: SupplierPatch = serde_json::from_value(patch).expect("a patch");
            self.inventory.change_supplier(&self.boss, added.id, Some(1), patch).await.expect("they sell it");
        }
    }

    async fn orders(&self) -> PurchaseList {
        let query = PurchaseQuery { store: "LON".into(), ..PurchaseQuery::default() };
        self.inventory.purchase_list(&self.boss, &query, 50).await.expect("orders").data
    }
}

fn at(time: &str) -> Time {
    time.parse().expect("a time")
}

#[tokio::test(flavor = "multi_thread")]
async fn each_morning_writes_what_to_buy_once_where_it_is_wanted() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        shop.sold_to_us("1.00", "1.00").await;
        // Three hearts and a lantern were sold that were not there.
        shop.sell("2026-01-05T10:00:00Z", &[("85123A", "3", "2.55"), ("71053", "1", "3.39")]).await;
        shop.settle().await;
        let keep = async |time| shop.report.keep_mornings_once(at(time)).await;
        assert_eq!(keep("2027-07-05T05:00:00Z").await, Ok(0), "nobody asked for it");
        shop.report.set_mornings(&shop.boss, "LON", true).await.expect("set");
        assert!(shop.report.to_buy(&shop.boss, "LON", None).await.expect("proposals").data.mornings);
        // London is an hour ahead in summer.
        assert_eq!(keep("2027-07-05T04:59:59Z").await, Ok(0), "it is not yet six");
        let rounds = (0..4).map(|_| {
            let report = shop.report.clone();
            tokio::spawn(async move { report.keep_mornings_once(at("2027-07-05T05:00:00Z")).await })
        });
        let mut told = Vec::new();
        for round in rounds.collect::<Vec<_>>() {
            match round.await.expect("it does not panic") {
                Ok(written) => told.push(written),
                Err(error) => assert_eq!(error, Error::Busy, "it is tried again"),
            }
        }
        keep("2027-07-05T05:01:00Z").await.expect("kept");
        assert!(told.iter().filter(|written| **written > 0).count() <= 1, "one of them tells it: {told:?}");
        let orders = shop.orders().await;
        assert_eq!(orders.rows.len(), 2, "one for each supplier");
        let acme = orders.rows.iter().find(|row| row.supplier == "ACME").expect("an order");
        let acme = shop.inventory.purchase(&shop.boss, acme.id).await.expect("it is there").data;
        let why = acme.lines[0].why.clone().expect("a reason");
        assert_eq!((acme.lines[0].ordered.to_string(), why.left.to_string()), ("3".into(), "-3".into()));
        assert_eq!((acme.due_on.as_deref(), why.arrives_on.as_str()), (Some("2027-07-07"), "2027-07-07"));

        // More is missing by noon: that waits for the next morning, which asks for the difference only.
        shop.sell("2026-01-06T10:00:00Z", &[("85123A", "2", "2.55")]).await;
        assert_eq!(keep("2027-07-05T11:00:00Z").await, Ok(0), "this morning is done");
        assert_eq!(keep("2027-07-06T05:00:00Z").await, Ok(1));
        assert_eq!(keep("2027-07-07T05:00:00Z").await, Ok(0), "what is in open drafts is on its way");
        assert_eq!(shop.orders().await.rows.len(), 3);

        shop.sell("2026-01-07T10:00:00Z", &[("85123A", "2", "2.55")]).await;
        shop.report.set_mornings(&shop.boss, "LON", false).await.expect("set");
        assert_eq!(keep("2027-07-08T05:00:00Z").await, Ok(0), "not any more");
        assert_eq!(shop.inventory.verify(&shop.boss).await, Ok(Vec::new()));
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_cannot_be_written_is_a_problem_that_names_its_supplier_and_keeps_no_other_back() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        // Two hearts are worth more than any order may be.
        shop.sold_to_us(&Money::PRICE_MAX.to_string(), "1.00").await;
        shop.sell("2026-01-05T10:00:00Z", &[("85123A", "2", "2.55"), ("71053", "1", "3.39")]).await;
        shop.settle().await;
        shop.report.set_mornings(&shop.boss, "LON", true).await.expect("set");
        assert_eq!(shop.report.keep_mornings_once(at("2027-07-05T05:00:00Z")).await, Ok(1));
        let orders = shop.orders().await.rows;
        assert_eq!(orders.iter().map(|row| row.supplier.as_str()).collect::<Vec<_>>(), ["BELL"]);
        let mut tx = shop.db.read().await.expect("a snapshot");
        let problems = shop.log.problems(&mut tx, ProblemFilter::Open, None).await.expect("readable");
        drop(tx);
        let told: Vec<&str> = problems.iter().map(|problem| problem.what.as_str()).collect();
        assert_eq!(told.len(), 1, "{told:?}");
        let (begin, why) = ("LON: this morning's order from ACME was not written: ", "an order's value may be");
        assert!(told[0].starts_with(begin) && told[0].contains(why), "{told:?}");
        assert_eq!(shop.report.keep_mornings_once(at("2027-07-05T05:01:00Z")).await, Ok(0), "this morning is done");
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_order_does_not_turn_mornings_on() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        let ann = Actor { grants: vec![Grant { role: Role::Employee, store: None }], ..Actor::system("ann") };
        let answer = shop.report.set_mornings(&ann, "LON", true).await;
        assert_eq!(answer, Err(Error::Forbidden(Action::Purchase)));
        assert!(!shop.report.to_buy(&shop.boss, "LON", None).await.expect("proposals").data.mornings);
        shop.close().await;
    })
    .await;
}

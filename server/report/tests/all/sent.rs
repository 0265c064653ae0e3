//! What goods cost that are sent: they arrive at what they left at, and what is lost on its way is written off at that.

use crate::shop::{Shop, period};
use db::test::on_each;
use model::{Amount, Goods, LocationId, NewPlace, NewTransfer, NewTransferStep, PaperId, PostingId, TransferStep};

impl Shop {
    /// Sends so many from London to another store.
    async fn send(&self, to: &str, quantity: &str) -> PaperId {
        self.send_on(Some(to), None, quantity).await
    }

    async fn send_on(&self, to_store: Option<&str>, to: Option<&str>, quantity: &str) -> PaperId {
        let quantity = quantity.parse().expect("a quantity");
        let lines = vec![Amount { sku: "71053".into(), quantity, serials: Vec::new(), lot: None }];
        let (id, store) = (PaperId::new(), "LON".to_owned());
        let [to_store, to] = [to_store, to].map(|code| code.map(str::to_owned));
        let new = NewTransfer { id, store, from: None, to_store, to, note: None, lines };
        self.inventory.add_transfer(&self.boss, new).await.expect("it is written");
        self.step(id, TransferStep::Dispatch).await;
        id
    }

    async fn arrive(&self, transfer: PaperId, quantity: &str) {
        let quantity = quantity.parse().expect("a quantity");
        let lines = vec![Amount { sku: "71053".into(), quantity, serials: Vec::new(), lot: None }];
        self.step(transfer, TransferStep::Arrive { lines, last: false }).await;
    }

    /// Takes a step, and answers with the posting by which goods moved.
    async fn step(&self, transfer: PaperId, step: TransferStep) -> PostingId {
        let id = PostingId::new();
        let new = NewTransferStep { id, version: None, step };
        self.inventory.step_transfer(&self.boss, transfer, new).await.expect("it goes on");
        id
    }

    /// So many that did not arrive are home, or lost.
    async fn settle_trip(&self, transfer: PaperId, goods: Goods, quantity: &str) -> PostingId {
        let quantity = quantity.parse().expect("a quantity");
        let lines = vec![Amount { sku: "71053".into(), quantity, serials: Vec::new(), lot: None }];
        self.step(transfer, TransferStep::Settle { goods, lines }).await
    }

    /// What was lost and found between the beginning and the end of days.
    async fn shrinkage(&self) -> String {
        self.settle().await;
        let ever = period("2020-01-01", "2029-01-01");
        self.report.margins(&self.boss, "LON", &ever, None, 10).await.expect("a list").total.shrinkage.to_string()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_to_another_store_costs_there_what_it_cost_here() {
    on_each(async |db| {
        let shop = Shop::open(db).await;
        shop.inventory.add_store(&shop.boss, "YRK", "York", "GBP", "Europe/London").await.expect("a store");
        shop.inventory.add_store(&shop.boss, "PAR", "Paris", "EUR", "Europe/Paris").await.expect("a store");
        shop.deliver("LON", "71053", "10", Some("2")).await;
        shop.deliver("LON", "71053", "10", Some("3")).await;
        let york = shop.send("YRK", "12").await;
        assert_eq!(shop.worth_of("LON", "71053").await, ("8".into(), "24.00".into()));
        shop.arrive(york, "6").await;
        assert_eq!(shop.worth_of("YRK", "71053").await, ("6".into(), "13.00".into()), "half of 26");
        shop.arrive(york, "6").await;
        assert_eq!(shop.worth_of("YRK", "71053").await, ("12".into(), "26.00".into()));
        let paris = shop.send("PAR", "2").await;
        shop.arrive(paris, "2").await;
        assert_eq!(shop.worth_of("PAR", "71053").await, ("2".into(), "0.00".into()), "pounds are no euros");
        shop.all_is_well().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_lost_on_its_way_to_another_store_is_shrinkage_at_what_it_was_sent_at() {
    on_each(async |db| {
        let shop = Shop::open(db).await;
        shop.inventory.add_store(&shop.boss, "YRK", "York", "GBP", "Europe/London").await.expect("a store");
        shop.deliver("LON", "71053", "10", Some("2")).await;
        shop.deliver("LON", "71053", "10", Some("3")).await;
        let york = shop.send("YRK", "12").await;
        shop.arrive(york, "5").await;
        shop.step(york, TransferStep::Arrive { lines: Vec::new(), last: true }).await;
        // Twelve left at 26.00; what is home is worth the same again, what is lost is not.
        let lost = shop.settle_trip(york, Goods::WrittenOff, "3").await;
        shop.settle_trip(york, Goods::Home, "3").await;
        let rest = shop.settle_trip(york, Goods::WrittenOff, "1").await;
        let entries = [["6.50", "-6.50", "0.00", "0.00"], ["-6.50", "6.50", "0.00", "0.00"]];
        assert_eq!(shop.entries(lost).await, entries);
        assert_eq!(shop.worth_of("LON", "71053").await, ("11".into(), "30.50".into()));
        assert_eq!(shop.shrinkage().await, "8.666667");
        // What is missed again is nobody's loss, until somebody says so once more.
        let undone = shop.undo_posting(rest).await;
        let back = [["-2.166667", "2.166667", "0.00", "0.00"], ["2.166667", "-2.166667", "0.00", "0.00"]];
        assert_eq!(shop.entries(undone.id).await, back);
        assert_eq!(shop.shrinkage().await, "6.50");
        shop.settle_trip(york, Goods::WrittenOff, "1").await;
        assert_eq!(shop.shrinkage().await, "8.666667");
        shop.all_is_well().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_lost_between_two_shelves_leaves_the_stock() {
    on_each(async |db| {
        let shop = Shop::open(db).await;
        let back = NewPlace {
            id: LocationId::new(),
            store: "LON".into(),
            parent: None,
            code: "BACK".into(),
            name: "Back".into(),
        };
        shop.inventory.add_place(&shop.boss, back).await.expect("a place");
        shop.deliver("LON", "71053", "10", Some("2")).await;
        let trip = shop.send_on(None, Some("BACK"), "3").await;
        shop.step(trip, TransferStep::Arrive { lines: Vec::new(), last: true }).await;
        assert_eq!(shop.shrinkage().await, "0.00", "it is only missed");
        let lost = shop.settle_trip(trip, Goods::WrittenOff, "3").await;
        assert_eq!(shop.entries(lost).await, [["-6.00", "6.00", "0.00", "0.00"]]);
        assert_eq!(
            (shop.worth_of("LON", "71053").await, shop.shrinkage().await),
            (("7".into(), "14.00".into()), "6.00".into())
        );
        let undone = shop.undo_posting(lost).await;
        assert_eq!(shop.entries(undone.id).await, [["6.00", "-6.00", "0.00", "0.00"]]);
        shop.settle_trip(trip, Goods::Home, "3").await;
        assert_eq!(
            (shop.worth_of("LON", "71053").await, shop.shrinkage().await),
            (("10".into(), "20.00".into()), "0.00".into())
        );
        shop.all_is_well().await;
    })
    .await;
}

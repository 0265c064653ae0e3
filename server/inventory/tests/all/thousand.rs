//! Documents of a thousand lines: each is one act and one line of the journal, on both engines.

use crate::buying::{delivery, sent, supplier};
use crate::common::{Open, adjustment, give_back, item, line, receipt, sale, units};
use crate::counting::{entries, entry, new_count};
use crate::promise::{hand_over, order};
use crate::transfers::{step, to_paris};
use db::test::on_each;
use model::{
    Amount, CountBy, CountDone, ItemKind, Line, NewAdjustment, NewLine, NewReversal, PostingId, Role, TransferState,
    TransferStep,
};

const LINES: usize = 1_000;

/// A store of that many items, and what the journal grew by with each step.
struct Big {
    store: Open,
    skus: Vec<String>,
}

impl Big {
    async fn open(db: db::Db) -> Self {
        let store = Open::two(db).await;
        let skus: Vec<String> = (0..LINES).map(|at| format!("B{at:04}")).collect();
        for sku in &skus {
            store.inventory.add_item(&store.owner, item(sku, ItemKind::Stocked)).await.expect("added");
        }
        Self { store, skus }
    }

    fn lines(&self, quantity: &str) -> Vec<NewLine> {
        self.skus.iter().map(|sku| line(sku, quantity)).collect()
    }

    fn told<'a>(&'a self, quantity: &'a str) -> Vec<(&'a str, &'a str)> {
        self.skus.iter().map(|sku| (sku.as_str(), quantity)).collect()
    }

    async fn journal(&self) -> i64 {
        let (log, mut tx) = (&self.store.log, self.store.db.read().await.expect("readable"));
        let waiting = log.waiting(&mut tx).await.expect("readable").len();
        log.head(&mut tx).await.expect("readable") + i64::try_from(waiting).expect("a few")
    }

    /// Does it, and looks that the journal has one line more.
    async fn in_one_act<T>(&self, what: &str, act: impl Future<Output = model::Result<T>>) -> T {
        let before = self.journal().await;
        let done = act.await.unwrap_or_else(|error| panic!("{what}: {error:?}"));
        assert_eq!(self.journal().await - before, 1, "{what}");
        done
    }

    /// The first, the last and how many are as they should be.
    async fn assert_each(&self, quantity: &str) {
        for sku in [&self.skus[0], &self.skus[LINES / 2], &self.skus[LINES - 1]] {
            assert_eq!(self.store.level(sku).await.on_hand, units(quantity), "{sku}");
        }
    }
}

#[tokio::test]
async fn receipts_sales_returns_and_corrections() {
    on_each(async |db| {
        let big = Big::open(db).await;
        let (inventory, owner) = (&big.store.inventory, &big.store.owner);
        let got = big.in_one_act("receipt", inventory.post_receipt(owner, receipt(big.lines("10")))).await;
        assert_eq!(got.lines.len(), LINES);
        let sold = big.in_one_act("sale", inventory.post_sale(owner, sale(big.lines("3")))).await;
        big.assert_each("7").await;
        big.in_one_act("return", inventory.post_return(owner, give_back(big.lines("1")))).await;
        let gone = |sku: &String| Line {
            sku: sku.clone(),
            quantity: units("-2"),
            reason: None,
            lot: None,
            serials: Vec::new(),
        };
        let gone = NewAdjustment { lines: big.skus.iter().map(gone).collect(), ..adjustment("CUP", "1") };
        big.in_one_act("adjustment", inventory.post_adjustment(owner, gone)).await;
        big.assert_each("6").await;
        let undo = NewReversal { id: PostingId::new(), reason: None };
        big.in_one_act("undo", inventory.reverse(owner, sold.id, undo)).await;
        big.assert_each("9").await;
        big.store.assert_sound().await;
        big.store.close().await;
    })
    .await;
}

#[tokio::test]
async fn orders_to_suppliers_and_of_customers() {
    on_each(async |db| {
        let big = Big::open(db).await;
        let (inventory, owner) = (&big.store.inventory, &big.store.owner);
        let supplier = inventory.add_supplier(owner, supplier("ACME", "0")).await.expect("added");
        let wanted: Vec<_> = big.skus.iter().map(|sku| (sku.as_str(), "4", "1")).collect();
        let bought = sent(&big.store, &supplier, &wanted).await;
        assert_eq!(bought.lines.len(), LINES);
        let all = delivery(&bought, &big.told("4"), &[]);
        big.in_one_act("a delivery with its order", inventory.post_receipt(owner, all)).await;
        big.assert_each("4").await;

        let drafted = big.in_one_act("a customer's order", inventory.add_order(owner, order(&big.told("2")))).await;
        big.in_one_act("a promise", inventory.confirm_order(owner, drafted.id, None)).await;
        let all: Vec<_> = drafted.lines.iter().map(|line| (line.line, "2")).collect();
        let handed = inventory.hand_over(owner, drafted.id, None, hand_over(&all));
        assert_eq!(big.in_one_act("handed over", handed).await.state, "fulfilled");
        big.assert_each("2").await;
        big.store.assert_sound().await;
        big.store.close().await;
    })
    .await;
}

#[tokio::test]
async fn transfers_and_counts() {
    on_each(async |db| {
        let big = Big::open(db).await;
        let (inventory, owner) = (&big.store.inventory, &big.store.owner);
        inventory.post_receipt(owner, receipt(big.lines("10"))).await.expect("posted");
        let amounts = big
            .skus
            .iter()
            .map(|sku| Amount { sku: sku.clone(), quantity: units("6"), serials: Vec::new(), lot: None })
            .collect();
        let trip = big.in_one_act("a transfer", inventory.add_transfer(owner, to_paris(amounts))).await;
        big.in_one_act("sent", big.store.take(trip.id, step(TransferStep::Dispatch))).await;
        let arrived = step(TransferStep::Arrive { lines: Vec::new(), last: false });
        let arrived = big.in_one_act("arrived", big.store.take(trip.id, arrived)).await;
        assert_eq!(arrived.state, TransferState::Received);
        assert_eq!(big.store.on_sale("PAR", &big.skus[LINES - 1]).await, units("6"));

        let skus: Vec<&str> = big.skus.iter().map(String::as_str).collect();
        let (ann, bob) = (big.store.someone(Role::Employee).await, big.store.someone(Role::Manager).await);
        let count = big.in_one_act("a count", inventory.open_count(&ann, new_count(CountBy::Items, &skus))).await;
        for some in skus.chunks(100) {
            let some = some.iter().map(|sku| entry(sku, "3")).collect();
            inventory.enter_counts(&ann, count.id, entries(some)).await.expect("entered");
        }
        big.in_one_act("handed in", inventory.submit_count(&ann, count.id, None, CountDone::default())).await;
        big.in_one_act("approved", inventory.approve_count(&bob, count.id, None)).await;
        big.in_one_act("booked", inventory.post_count(&bob, count.id, None)).await;
        big.assert_each("3").await;
        big.store.assert_sound().await;
        big.store.close().await;
    })
    .await;
}

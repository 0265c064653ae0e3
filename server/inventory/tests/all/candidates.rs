//! What may have to be bought, as it stands: what may be sold, what is promised and what is to come, on both engines.

use crate::buying::{order, supplier};
use crate::common::{Open, line, open, receipt, sale, units};
use crate::lots::{LATER, OVER};
use crate::promise::hold;
use crate::transfers::{step, to_paris};
use db::test::on_each;
use model::{Amount, ItemPatch, Limit, LotStatus, NewReceipt, PromisePolicy, Quantity, Supplier, TransferStep};
use storeroom_inventory::Candidate;

impl Open {
    /// Somebody sells cups to us.
    async fn cups_to_buy(&self) -> Supplier {
        let acme = self.inventory.add_supplier(&self.owner, supplier("ACME", "0")).await.expect("added");
        let patch = serde_json::json!({ "items": [{ "sku": "CUP", "price": "1.00" }] });
        let patch = serde_json::from_value(patch).expect("a patch");
        self.inventory.change_supplier(&self.owner, acme.id, Some(1), patch).await.expect("they sell it")
    }

    async fn candidate(&self, store: &str) -> Candidate {
        let all = self.candidates(store, &["CUP"]).await;
        all.into_iter().find(|one| one.sku == "CUP").expect("it is among them")
    }

    /// When those are what is bought.
    async fn candidates(&self, store: &str, sold: &[&str]) -> Vec<Candidate> {
        let mut items = Vec::new();
        for sku in sold {
            items.push(self.inventory.sheet(&self.owner, store, sku).await.expect("it is there").item.id);
        }
        self.inventory.candidates(&self.owner, store, "2026-11-30", items).await.expect("readable")
    }

    /// The SKUs of those that are among them though nobody buys anything.
    async fn wanting(&self) -> Vec<String> {
        self.candidates("LON", &[]).await.into_iter().map(|one| one.sku).collect()
    }

    async fn limits(&self, sku: &str, minimum: Option<&str>, maximum: Option<&str>) {
        let limit = Limit { store: "LON".into(), minimum: minimum.map(units), maximum: maximum.map(units) };
        let patch = ItemPatch { limits: Some(vec![limit]), ..ItemPatch::default() };
        self.inventory.change_item(&self.owner, sku, None, patch).await.expect("changed");
    }

    /// Available, on order and promised, and they are what the stock says too.
    async fn stands(&self, store: &str) -> [Quantity; 3] {
        let found = self.candidate(store).await;
        let row = self.inventory.level(&self.owner, store, "CUP").await.expect("readable").expect("it moved");
        assert_eq!((found.available, found.backordered), (row.available, row.backordered));
        [found.available, found.on_order, found.backordered]
    }
}

#[tokio::test]
async fn what_nobody_buys_is_among_them_only_when_there_may_be_too_few() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        store.cups_to_buy().await;
        inventory.post_receipt(owner, receipt(vec![line("CUP", "5")])).await.expect("posted");
        assert_eq!(store.wanting().await, Vec::<String>::new(), "five lie there, and nobody buys any");
        assert_eq!(store.candidates("LON", &["CUP"]).await.len(), 1, "unless somebody does");
        store.limits("CUP", Some("5"), None).await;
        assert_eq!(store.wanting().await, ["CUP"], "at its minimum");
        store.limits("CUP", Some("4"), None).await;
        assert_eq!(store.wanting().await, Vec::<String>::new(), "above it");
        let held = inventory.hold(owner, hold(&[("CUP", "1")])).await.expect("put aside");
        assert_eq!(store.wanting().await, ["CUP"], "one of them is promised");
        inventory.release(owner, held.reservations[0].id).await.expect("let go");
        store.limits("CUP", None, Some("9")).await;
        assert_eq!(store.wanting().await, Vec::<String>::new(), "some are there");
        inventory.post_sale(owner, sale(vec![line("CUP", "5")])).await.expect("sold");
        assert_eq!(store.wanting().await, ["CUP"], "none is there, and up to nine are wanted");
        store.limits("CUP", None, None).await;
        assert_eq!(store.wanting().await, Vec::<String>::new(), "none is there, and none is wanted");
        inventory.post_sale(owner, sale(vec![line("CUP", "1")])).await.expect("sold");
        assert_eq!(store.wanting().await, ["CUP"], "one less than none");
        store.limits("MUG", Some("2"), Some("9")).await;
        store.limits("PLATE", None, Some("9")).await;
        assert_eq!(store.wanting().await, ["CUP", "MUG"], "what never was here, and no supplier has plates");
        store.close().await;
    })
    .await;
}

fn three(of: [&str; 3]) -> [Quantity; 3] {
    of.map(units)
}

#[tokio::test]
async fn what_must_not_be_sold_is_as_good_as_not_there() {
    on_each(async |db| {
        let store = Open::with_lots(db).await;
        store.cups_to_buy().await;
        store.deliver("50", "BACK", Some(LATER[0])).await.expect("posted");
        store.deliver("4", "OLD", Some(OVER)).await.expect("posted");
        store.deliver("3", "GOOD", Some(LATER[1])).await.expect("posted");
        assert_eq!(store.stands("LON").await, three(["53", "0", "0"]), "what is expired is not there");
        store.set_lot("BACK", LotStatus::Recalled).await;
        assert_eq!(store.stands("LON").await, three(["3", "0", "0"]), "nor is what was called back");
        store.set_lot("BACK", LotStatus::Ok).await;
        store.set_lot("GOOD", LotStatus::Hold).await;
        assert_eq!(store.stands("LON").await, three(["50", "0", "0"]));
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_customers_wait_for_is_told_and_an_item_that_they_wait_for_is_among_them() {
    on_each(async |db| {
        let store = Open::two(db).await;
        store.policy("CUP", PromisePolicy::Allow).await;
        store.confirmed(&[("CUP", "22")]).await.expect("confirmed");
        let found = store.candidate("LON").await;
        assert_eq!((found.supplier, found.backordered), (None, units("12")), "though nobody sells it to us");
        store.cups_to_buy().await;
        assert_eq!(store.stands("LON").await, three(["0", "0", "12"]));
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_is_on_its_way_is_counted_once_from_the_draft_to_the_shelf() {
    on_each(async |db| {
        let store = Open::two(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let acme = store.cups_to_buy().await;
        let there = NewReceipt { store: "PAR".into(), ..receipt(vec![line("CUP", "1")]) };
        inventory.post_receipt(owner, there).await.expect("posted");
        let goods = vec![Amount { sku: "CUP".into(), quantity: units("6"), serials: Vec::new(), lot: None }];
        let transfer = inventory.add_transfer(owner, to_paris(goods)).await.expect("opened");
        assert_eq!(store.stands("PAR").await, three(["1", "0", "0"]), "nothing is sent yet");
        store.take(transfer.id, step(TransferStep::Dispatch)).await.expect("sent");
        assert_eq!(store.stands("PAR").await, three(["1", "6", "0"]));
        assert_eq!(store.stands("LON").await, three(["4", "0", "0"]));
        store.take(transfer.id, step(TransferStep::Arrive { lines: Vec::new(), last: false })).await.expect("arrived");
        assert_eq!(store.stands("PAR").await, three(["7", "0", "0"]));

        let order = inventory.add_purchase(owner, order(&acme, &[("CUP", "12", "1.00")])).await.expect("a draft");
        let coming = three(["4", "12", "0"]);
        assert_eq!(store.stands("LON").await, coming, "a draft");
        inventory.submit_purchase(owner, order.id, None).await.expect("approved within the limit");
        assert_eq!(store.stands("LON").await, coming, "approved");
        inventory.send_purchase(owner, order.id, None).await.expect("sent");
        assert_eq!(store.stands("LON").await, coming, "sent");
        store.close().await;
    })
    .await;
}

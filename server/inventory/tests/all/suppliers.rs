//! Stories of suppliers: kept for the whole house, one code each, never over somebody else's change; on both engines.

use crate::buying::{colleague, delivery, order, sent, supplier};
use crate::common::{Open, money, open, units};
use db::{execute, test::on_each};
use model::{Action, Error, NewSupplierItem, Purchase, Reused, Role, SupplierPatch, SupplierQuery, Time};

fn sells(sku: &str, price: &str) -> NewSupplierItem {
    NewSupplierItem {
        sku: sku.into(),
        code: format!("T-{sku}"),
        price: Some(money(price)),
        minimum: Some(units("12")),
        multiple: Some(units("6")),
        lead_days: None,
        archived: false,
    }
}

#[tokio::test]
async fn a_supplier_is_added_once_and_changed_by_one_at_a_time() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let new = supplier("ACME", "2.5");
        let acme = inventory.add_supplier(owner, new.clone()).await.expect("added");
        assert_eq!(inventory.add_supplier(owner, new).await.as_ref(), Ok(&acme), "sent again, it is the same");
        let twin = inventory.add_supplier(owner, supplier("ACME", "0")).await;
        assert!(matches!(twin, Err(Error::Invalid(flaws)) if flaws[0].code == "code_taken"));

        let patch = SupplierPatch { phone: Some("0123".into()), items: vec![sells("CUP", "2")], ..Default::default() };
        let changed = inventory.change_supplier(owner, acme.id, Some(1), patch.clone()).await.expect("changed");
        assert_eq!((changed.version, changed.phone.as_str(), changed.email), (2, "0123", acme.email.clone()));
        let stale = inventory.change_supplier(owner, acme.id, Some(1), SupplierPatch::default()).await;
        assert_eq!(stale, Err(Error::Conflict(Reused::Version)));
        let same = inventory.change_supplier(owner, acme.id, Some(2), patch).await.expect("as it is");
        assert_eq!(same.version, 2, "nothing is different, nothing happened");
        let wrong = SupplierPatch { tolerance: Some(units("101")), lead_days: Some(-1), ..Default::default() };
        let wrong = inventory.change_supplier(owner, acme.id, None, wrong).await;
        assert!(matches!(wrong, Err(Error::Invalid(flaws)) if flaws.len() == 2));

        let mark = store.someone(Role::Manager).await;
        let denied = inventory.change_supplier(&mark, acme.id, None, SupplierPatch::default()).await;
        assert_eq!(denied, Err(Error::Forbidden(Action::Purchase)), "a supplier is the whole house's");
        let denied = inventory.add_supplier(&colleague(&mark, "mia"), supplier("OTHER", "0")).await;
        assert_eq!(denied, Err(Error::Forbidden(Action::Purchase)));
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn an_order_takes_the_supplier_s_prices_and_codes() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let acme = inventory.add_supplier(owner, supplier("ACME", "0")).await.expect("added");
        let items = vec![sells("CUP", "2"), sells("MUG", "3")];
        let patch = SupplierPatch { items, ..Default::default() };
        inventory.change_supplier(owner, acme.id, None, patch).await.expect("changed");
        let written = inventory.add_purchase(owner, order(&acme, &[("CUP", "12", ""), ("MUG", "12", "2.5")])).await;
        let written = written.expect("written");
        assert_eq!(written.value, money("54"), "theirs where the order names none");
        assert_eq!((written.lines[0].code.as_str(), written.lines[0].multiple), ("T-CUP", Some(units("6"))));

        let gone = NewSupplierItem { archived: true, ..sells("MUG", "3") };
        let patch = SupplierPatch { items: vec![gone], ..Default::default() };
        inventory.change_supplier(owner, acme.id, None, patch).await.expect("changed");
        let listed = inventory.supplier_items(owner, acme.id, None, 10).await.expect("a page");
        assert_eq!(listed.data.iter().map(|item| item.line.sku.as_str()).collect::<Vec<_>>(), ["CUP"]);

        let archived = SupplierPatch { archived: Some(true), ..Default::default() };
        inventory.change_supplier(owner, acme.id, None, archived).await.expect("archived");
        let refused = inventory.add_purchase(owner, order(&acme, &[])).await;
        assert!(matches!(refused, Err(Error::Invalid(flaws)) if flaws[0].field == "supplier"));
        let query = SupplierQuery { search: "pott".into(), ..Default::default() };
        assert!(inventory.suppliers(owner, &query, 10).await.expect("a page").data.is_empty());
        let query = SupplierQuery { archived: true, ..query };
        assert_eq!(inventory.suppliers(owner, &query, 10).await.expect("a page").data.len(), 1);
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_is_sold_again_takes_as_long_as_before_unless_it_is_said_otherwise() {
    on_each(async |db| {
        let store = open(db).await;
        let acme = store.inventory.add_supplier(&store.owner, supplier("ACME", "0")).await.expect("added");
        let change = async |line: NewSupplierItem| {
            let patch = SupplierPatch { items: vec![line], ..Default::default() };
            store.inventory.change_supplier(&store.owner, acme.id, None, patch).await.expect("changed");
            let listed = store.inventory.supplier_items(&store.owner, acme.id, None, 10).await.expect("a page").data;
            listed.first().map(|item| item.line.lead_days)
        };
        let slow = NewSupplierItem { lead_days: Some(9), ..sells("CUP", "2") };
        assert_eq!(change(slow.clone()).await, Some(Some(9)));
        assert_eq!(change(NewSupplierItem { archived: true, ..slow.clone() }).await, None);
        assert_eq!(change(sells("CUP", "3")).await, Some(Some(9)), "nobody said otherwise");
        assert_eq!(change(NewSupplierItem { archived: true, ..slow.clone() }).await, None);
        assert_eq!(change(NewSupplierItem { lead_days: Some(4), ..slow }).await, Some(Some(4)));
        assert_eq!(change(sells("CUP", "3")).await, Some(None), "a line that is there is what was sent");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn an_order_bears_the_day_on_which_it_was_sent_whatever_comes_later() {
    on_each(async |db| {
        let store = open(db).await;
        let acme = store.inventory.add_supplier(&store.owner, supplier("ACME", "0")).await.expect("added");
        let written =
            store.inventory.add_purchase(&store.owner, order(&acme, &[("CUP", "2", "1")])).await.expect("written");
        let today = written.issued_on.clone();
        // Half an hour before midnight in Greenwich, and half an hour after it in London.
        let [long_ago, later] =
            ["2026-06-01T23:30:00Z", "2026-06-10T12:00:00Z"].map(|at| at.parse::<Time>().expect("a time"));
        let day = async |order: &Purchase| {
            store.inventory.purchase(&store.owner, order.id).await.expect("it is there").data.issued_on
        };
        let by_hand = async |sql: &'static str, at: Time| {
            let mut tx = store.db.begin().await.expect("a transaction");
            execute!(&mut tx, sql, written.id, at).expect("the hand succeeds");
            tx.commit().await.expect("committed");
            day(&written).await
        };
        let first = by_hand("update inventory_paper set created_at = $2 where id = $1", long_ago).await;
        assert_eq!(first, "2026-06-02", "the day on which it was written, on the store's clock");
        let approved =
            store.inventory.submit_purchase(&store.owner, written.id, None).await.expect("there is no limit");
        assert_eq!(approved.issued_on, today, "the day on which it was approved");
        by_hand("update inventory_purchase set issued_at = $2 where paper = $1", long_ago).await;
        let sent = store.inventory.send_purchase(&store.owner, written.id, None).await.expect("sent");
        assert_eq!(sent.issued_on, today, "the day on which it was sent");
        by_hand("update inventory_purchase set issued_at = $2 where paper = $1", later).await;
        store.inventory.post_receipt(&store.owner, delivery(&sent, &[("CUP", "2")], &[])).await.expect("booked in");
        assert_eq!(day(&sent).await, "2026-06-10", "what comes later does not change it");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

async fn tampered(store: &Open, sql: &'static str) {
    store.assert_sound().await;
    let mut tx = store.db.begin().await.expect("a transaction");
    assert!(execute!(&mut tx, sql).expect("the hand succeeds") > 0, "something was changed: {sql}");
    tx.commit().await.expect("committed");
    let findings = store.inventory.verify(&store.owner).await.expect("the ledger can be read");
    assert!(!findings.is_empty(), "nobody noticed: {sql}");
}

#[tokio::test]
async fn a_hand_at_a_supplier_or_an_order_is_found() {
    let hands = [
        ("update inventory_supplier set tolerance = 5000000", "update inventory_supplier set tolerance = 0"),
        (
            "update inventory_supplier_item set price = price + 1",
            "update inventory_supplier_item set price = price - 1",
        ),
        (
            "update inventory_purchase_line set received = received + 1",
            "update inventory_purchase_line set received = received - 1",
        ),
        ("update inventory_purchase_line set why = 'because'", "update inventory_purchase_line set why = null"),
        ("update inventory_purchase_line set rejected = 5", "update inventory_purchase_line set rejected = 0"),
        ("update inventory_purchase_line set unit_cost = 1", "update inventory_purchase_line set unit_cost = 2000000"),
        ("update inventory_purchase set value = value + 1", "update inventory_purchase set value = value - 1"),
        ("update inventory_paper set state = 'received'", "update inventory_paper set state = 'partly_received'"),
        ("update inventory_purchase_receipt set rejected = 7", "update inventory_purchase_receipt set rejected = 0"),
    ];
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let acme = inventory.add_supplier(owner, supplier("ACME", "0")).await.expect("added");
        let patch = SupplierPatch { items: vec![sells("CUP", "2")], ..Default::default() };
        inventory.change_supplier(owner, acme.id, None, patch).await.expect("changed");
        let order = sent(&store, &acme, &[("CUP", "12", "")]).await;
        let some = crate::buying::delivery(&order, &[("CUP", "5")], &[]);
        inventory.post_receipt(owner, some).await.expect("booked in");
        for (hand, back) in hands {
            tampered(&store, hand).await;
            let mut tx = store.db.begin().await.expect("a transaction");
            execute!(&mut tx, back).expect("it is put back");
            tx.commit().await.expect("committed");
        }
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

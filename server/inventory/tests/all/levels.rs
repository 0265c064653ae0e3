//! What is there, what of it is promised and what is to come, told apart and alike wherever stock is told; on both engines.

use crate::buying::{delivery, order, supplier};
use crate::common::{Open, open, units};
use db::test::on_each;
use model::{FamilyId, FamilyOption, GridQuery, Levels, NewFamily, NewVariant, PromisePolicy};
use storeroom_inventory::StockFilter;

/// On hand, reserved, available, to come, promised of that, and in the end.
fn levels(of: [&str; 6]) -> Levels {
    let [on_hand, reserved, available, incoming, backordered, projected] = of.map(units);
    Levels { on_hand, reserved, available, incoming, backordered, projected }
}

/// The same answer from the grid, a search, the sizes and colours and the item's sheet; from the list, too, where it has been.
async fn everywhere(store: &Open, sku: &str, has_been: bool) -> Levels {
    let (inventory, owner) = (&store.inventory, &store.owner);
    let query = GridQuery { store: "LON".into(), ..GridQuery::default() };
    let grid = inventory.grid(owner, &query, 0, 50).await.expect("the grid").data;
    let told = Levels::from(grid.iter().find(|row| row.sku == sku).expect("its row"));
    let hits = inventory.search(owner, "LON", sku).await.expect("searched");
    assert_eq!(hits.iter().find(|hit| hit.item.sku == sku).and_then(|hit| hit.levels), Some(told), "found by its SKU");
    let family = inventory.family_of(owner, sku, "LON").await.expect("its family").data.expect("it has one");
    let variant = family.items.iter().find(|item| item.sku == sku).expect("it is in it");
    assert_eq!(variant.levels, Some(told), "among its sizes");
    let sheet = inventory.sheet(owner, "LON", sku).await.expect("its sheet");
    assert_eq!(sheet.stock.iter().find(|row| row.on_sale()).map(Levels::from), Some(told), "on its page");
    let filter = StockFilter { sku: Some(sku.into()), store: Some("LON".into()), limit: 50, ..StockFilter::default() };
    let listed = inventory.stock(owner, &filter).await.expect("the list").data;
    assert_eq!(listed.first().map(Levels::from), has_been.then_some(told), "in the list");
    told
}

#[tokio::test]
async fn what_is_promised_and_to_come_is_the_same_wherever_stock_is_told() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let values = |sku: &str, size: &str| NewVariant { sku: sku.into(), values: vec![size.into()], make: None };
        let sizes = FamilyOption { name: "Size".into(), values: vec!["S".into(), "L".into()] };
        let (items, options) = (vec![values("CUP", "S"), values("PLATE", "L")], vec![sizes]);
        let family = NewFamily { version: 0, name: "China".into(), options, items, like: None, archive: Vec::new() };
        inventory.save_family(owner, FamilyId::new(), family).await.expect("a family");
        store.policy("CUP", PromisePolicy::Allow).await;
        store.receive(&[("CUP", "3")]).await;
        let acme = inventory.add_supplier(owner, supplier("ACME", "0")).await.expect("added");
        let written = order(&acme, &[("CUP", "12", "2.00"), ("PLATE", "6", "1")]);
        let written = inventory.add_purchase(owner, written).await.expect("written");
        inventory.submit_purchase(owner, written.id, None).await.expect("approved");
        assert_eq!(everywhere(&store, "CUP", true).await, levels(["3", "0", "3", "0", "0", "3"]), "it is not sent yet");
        let sent = inventory.send_purchase(owner, written.id, None).await.expect("sent");
        store.confirmed(&[("CUP", "5")]).await.expect("promised");
        assert_eq!(everywhere(&store, "CUP", true).await, levels(["3", "3", "0", "12", "2", "10"]));
        assert_eq!(everywhere(&store, "PLATE", false).await, levels(["0", "0", "0", "6", "0", "6"]), "never there");
        inventory.post_receipt(owner, delivery(&sent, &[("CUP", "7")], &[])).await.expect("some came");
        inventory.keep_promises_once().await.expect("kept");
        assert_eq!(everywhere(&store, "CUP", true).await, levels(["10", "5", "5", "5", "0", "10"]));
        let why = Some("they have no more");
        inventory.close_purchase(owner, sent.id, None, why).await.expect("closed short");
        assert_eq!(everywhere(&store, "CUP", true).await, levels(["10", "5", "5", "0", "0", "5"]), "no more will come");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

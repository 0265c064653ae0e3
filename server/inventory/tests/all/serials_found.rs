//! A serial number is found with its life, only what fits becomes one, and no two stores have the same one.

use crate::common::{Open, line, receipt, sale, units};
use crate::lots::lot;
use crate::serials::code;
use db::test::on_each;
use model::{DocumentKind, ItemPatch, Meant, NewReceipt, Role, Tracking};

#[tokio::test(flavor = "multi_thread")]
async fn a_number_is_found_with_its_life_and_only_what_fits_becomes_one() {
    on_each(async |db| {
        let store = Open::with_serials(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        store.bring("LON", "2", &["A-7", "A-8"]).await.expect("posted");
        store.sell_pieces("LON", "1", &["A-7"]).await;
        assert_eq!(inventory.meaning(owner, "LON", " A-7 ").await, Ok(Meant::Serial("A-7".into())));
        assert_eq!(
            inventory.find_serial(owner, "A-7").await.expect("readable").map(|found| found.item.sku),
            Some("CUP".into())
        );
        assert_eq!(inventory.find_serial(owner, "A-9").await.expect("readable"), None);
        let found = inventory.serials(owner, "A-7").await.expect("readable").data;
        assert_eq!(found.iter().map(|lot| (lot.sku.as_str(), lot.on_hand)).collect::<Vec<_>>(), [("CUP", units("0"))]);
        let trace = inventory.lot_trace(owner, found[0].id).await.expect("readable");
        assert_eq!(
            trace.moves.iter().map(|moved| moved.kind).collect::<Vec<_>>(),
            [DocumentKind::Sale, DocumentKind::Receipt]
        );
        let ann = store.someone(Role::Employee).await;
        assert_eq!(inventory.serials(&ann, "A-8").await.expect("readable").data[0].on_hand, units("1"));

        store.track("MUG", Tracking::Lot).await;
        let new = NewReceipt { lots: vec![lot(1, "L1", None)], ..receipt(vec![line("MUG", "2")]) };
        let two = inventory.post_receipt(owner, new).await.expect("posted");
        let one_by_one = || ItemPatch { tracking: Some(Tracking::Serial), ..ItemPatch::default() };
        assert_eq!(code(inventory.change_item(owner, "MUG", None, one_by_one()).await), "lots_left");
        store.undo(two.id).await;
        inventory.change_item(owner, "MUG", None, one_by_one()).await.expect("none is left of it");
        assert_eq!(
            code(inventory.change_item(owner, "POST", None, one_by_one()).await),
            "tracking",
            "a service has none"
        );
        // What was there before has no number, and is sold without one.
        inventory.post_receipt(owner, receipt(vec![line("PLATE", "2")])).await.expect("posted");
        inventory.change_item(owner, "PLATE", None, one_by_one()).await.expect("changed");
        inventory.post_sale(owner, sale(vec![line("PLATE", "1")])).await.expect("sold");
        assert!(store.kinds("LON").await.is_empty());
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_stores_that_receive_the_same_number_at_once_have_it_once() {
    on_each(async |db| {
        let store = Open::with_serials(db).await;
        for round in 0..8 {
            let serial = format!("N{round}");
            let serials = [serial.as_str()];
            let answers = tokio::join!(store.bring("LON", "1", &serials), store.bring("PAR", "1", &serials));
            let taken = [&answers.0, &answers.1].iter().filter(|answer| answer.is_ok()).count();
            assert_eq!(taken, 1, "{answers:?}");
        }
        assert_eq!(store.numbers("LON").await.len() + store.numbers("PAR").await.len(), 8);
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_somebody_doubled_by_hand_is_found() {
    on_each(async |db| {
        let store = Open::with_serials(db.clone()).await;
        store.bring("LON", "1", &["A"]).await.expect("posted");
        let mut tx = db.begin().await.expect("a transaction");
        db::execute!(&mut tx, "update inventory_lot_balance set on_hand = 200000").expect("it is tampered with");
        tx.commit().await.expect("it is written");
        let findings = store.inventory.verify(&store.owner).await.expect("readable");
        let broken = "a serial number is in one place";
        assert!(findings.iter().any(|finding| finding.invariant == broken), "{findings:?}");
        store.close().await;
    })
    .await;
}

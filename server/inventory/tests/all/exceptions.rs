//! What people settle that is no number: unknown codes, counts that disagree, costs that nobody told.

use crate::common::{Open, adjustment, item, line, open, receipt, sale, units};
use db::test::on_each;
use model::{
    Actor, CountBy, CountDone, CountEntryId, Error, ExceptionId, ExceptionKind, ItemKind, ItemPatch, LineCost,
    NewCosts, NewCount, NewCountEntries, NewCountEntry, NewLine, NewReversal, NewStockCount, OpenException, PaperId,
    PostingId, Reused, Role,
};
use storeroom_inventory::ExceptionFilter;

async fn of_kind(store: &Open, kind: ExceptionKind) -> Vec<OpenException> {
    store.inventory.exceptions(&store.owner, "LON", Some(kind)).await.expect("readable").data
}

async fn codes(store: &Open) -> Vec<String> {
    of_kind(store, ExceptionKind::UnknownBarcode).await.into_iter().map(|case| case.exception.code).collect()
}

fn free(sku: &str, quantity: &str) -> NewLine {
    NewLine { unit_price: None, ..line(sku, quantity) }
}

#[tokio::test]
async fn a_code_that_a_till_sold_or_a_person_told_of_is_open_until_something_has_it() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let sold = sale(vec![line("CUP", "1"), line("4006381333931", "1"), line("WHAT", "2")]);
        let refused = inventory.post_sale(owner, sold.clone()).await;
        assert!(matches!(&refused, Err(Error::Invalid(flaws)) if flaws.len() == 2), "{refused:?}");
        assert_eq!(inventory.post_sale(owner, sold.clone()).await, refused, "told of once");
        assert_eq!(codes(&store).await, ["4006381333931", "WHAT"]);
        let ann = store.someone(Role::Employee).await;
        inventory.tell_code(&ann, "LON", " 0123 ").await.expect("told");
        inventory.tell_code(&ann, "LON", "0123").await.expect("told again");
        inventory.tell_code(&ann, "LON", "50CUP").await.expect("it is known by now");
        assert_eq!(codes(&store).await, ["4006381333931", "WHAT", "0123"]);
        let told = of_kind(&store, ExceptionKind::UnknownBarcode).await.remove(2);
        assert_eq!((told.exception.told_by.as_deref(), told.name.as_str()), (Some("ann"), "0123"));
        // As fourteen digits it is the same number.
        let mut pen = item("WHAT", ItemKind::Stocked);
        pen.barcodes = vec!["04006381333931".into()];
        inventory.add_item(owner, pen).await.expect("added");
        assert_eq!(codes(&store).await, ["0123"]);
        inventory.give_code(owner, told.exception.id, "MUG").await.expect("it is the mug's");
        assert!(codes(&store).await.is_empty());
        let late = inventory.give_code(owner, told.exception.id, "CUP").await;
        assert_eq!(late, Err(Error::Conflict(Reused::Version)));
        assert!(inventory.post_sale(owner, sale(vec![line("MUG", "1")])).await.is_ok());
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn who_may_not_adjust_tells_of_no_code_and_who_does_not_keep_items_gives_none() {
    on_each(async |db| {
        let store = open(db).await;
        let inventory = &store.inventory;
        let (ann, rita) = (store.someone(Role::Employee).await, store.someone(Role::ReadOnly).await);
        assert!(matches!(inventory.tell_code(&rita, "LON", "77").await, Err(Error::Forbidden(_))));
        assert!(matches!(inventory.tell_code(&ann, "LON", "\u{7}").await, Err(Error::Invalid(_))));
        assert_eq!(inventory.tell_code(&ann, "PAR", "77").await, Err(Error::NotFound));
        inventory.tell_code(&ann, "LON", "77").await.expect("told");
        let id = of_kind(&store, ExceptionKind::UnknownBarcode).await[0].exception.id;
        assert!(matches!(inventory.give_code(&ann, id, "CUP").await, Err(Error::Forbidden(_))));
        assert_eq!(inventory.give_code(&store.owner, ExceptionId::new(), "CUP").await, Err(Error::NotFound));
        // At most 200 are open: what another system sends wrongly does not bury the rest.
        for start in 0..3 {
            let lines = (0..100).map(|at| line(&format!("X{}", start * 100 + at), "1")).collect();
            inventory.post_sale(&ann, sale(lines)).await.expect_err("unknown");
        }
        let all = inventory.exceptions(&ann, "LON", None).await.expect("readable").data;
        assert_eq!(all.len(), 200);
        let mut seen = Vec::new();
        let mut filter = ExceptionFilter { limit: 150, ..ExceptionFilter::default() };
        loop {
            let page = inventory.exception_page(&ann, "LON", &filter).await.expect("readable");
            seen.extend(page.data.iter().map(|case| case.id));
            let last = page.data.last().map(|case| (case.opened_at, case.id));
            if page.next.is_none() {
                break;
            }
            filter.after = last;
        }
        assert_eq!(seen, all.iter().map(|case| case.exception.id).collect::<Vec<_>>());
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

async fn counts(store: &Open, who: &Actor, sku: &str, counted: &str) {
    let version = store.level(sku).await.version;
    let (id, reason) = (PostingId::new(), "miscounted".to_owned());
    let new = NewCount { id, store: "LON".into(), sku: sku.into(), counted: units(counted), version, reason };
    store.inventory.count(who, new).await.expect("counted");
}

#[tokio::test]
async fn counts_of_two_people_that_disagree_wait_for_a_third_look() {
    on_each(async |db| {
        let store = open(db).await;
        let (ann, mut bob) = (store.someone(Role::Employee).await, store.someone(Role::Employee).await);
        bob.name = "bob".into();
        let conflicts = async || of_kind(&store, ExceptionKind::CountConflict).await;
        store.inventory.post_receipt(&ann, receipt(vec![line("CUP", "9")])).await.expect("posted");
        counts(&store, &ann, "CUP", "5").await;
        counts(&store, &ann, "CUP", "6").await;
        assert!(conflicts().await.is_empty(), "one may correct oneself");
        counts(&store, &bob, "CUP", "8").await;
        assert_eq!(conflicts().await.len(), 1);
        assert_eq!(conflicts().await[0].on_hand, units("8"), "the newer number stands");
        counts(&store, &ann, "CUP", "7").await;
        assert!(conflicts().await.is_empty(), "the third look is the last word");
        counts(&store, &bob, "CUP", "8").await;
        let id = conflicts().await[0].exception.id;
        store.inventory.settle_exception(&ann, id, "keep the newer number").await.expect("kept");
        assert!(conflicts().await.is_empty());
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

/// A count of these, each as it was found, ready to be approved.
async fn handed_in(store: &Open, who: &Actor, found: &[(&str, &str)]) -> PaperId {
    let inventory = &store.inventory;
    let new = NewStockCount {
        id: PaperId::new(),
        store: "LON".into(),
        by: CountBy::Items,
        place: None,
        skus: found.iter().map(|(sku, _)| (*sku).to_owned()).collect(),
        most: None,
        due_on: None,
        note: None,
    };
    let id = inventory.open_count(who, new).await.expect("opened").id;
    let entries = found.iter().map(|(sku, counted)| NewCountEntry {
        id: CountEntryId::new(),
        code: (*sku).to_owned(),
        quantity: units(counted),
        shelf: None,
        counted_at: None,
    });
    inventory
        .enter_counts(who, id, NewCountEntries { sent_at: None, entries: entries.collect() })
        .await
        .expect("counted");
    inventory.submit_count(who, id, None, CountDone::default()).await.expect("handed in");
    id
}

#[tokio::test]
async fn what_was_corrected_by_hand_after_it_was_counted_is_taken_off_twice_and_waits() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let ann = store.someone(Role::Employee).await;
        let conflicts = async || of_kind(&store, ExceptionKind::CountConflict).await;
        let goods = receipt(vec![line("CUP", "9"), line("MUG", "9"), line("PLATE", "9")]);
        inventory.post_receipt(owner, goods).await.expect("posted");
        let count = handed_in(&store, &ann, &[("CUP", "7"), ("MUG", "7"), ("PLATE", "9")]).await;
        inventory.post_adjustment(&ann, adjustment("CUP", "-2")).await.expect("corrected by hand");
        inventory.post_sale(&ann, sale(vec![line("MUG", "2")])).await.expect("selling goes on");
        let undone = inventory.post_adjustment(&ann, adjustment("MUG", "-1")).await.expect("corrected by hand");
        inventory.reverse(&ann, undone.id, NewReversal { id: PostingId::new(), reason: None }).await.expect("undone");
        inventory.approve_count(owner, count, None).await.expect("approved");
        inventory.post_count(owner, count, None).await.expect("booked");
        let open = conflicts().await;
        assert_eq!(open.iter().map(|case| case.exception.sku.as_str()).collect::<Vec<_>>(), ["CUP"]);
        assert_eq!(open[0].on_hand, units("5"), "two were taken off twice");
        let again = handed_in(&store, &ann, &[("CUP", "5")]).await;
        inventory.approve_count(owner, again, None).await.expect("approved");
        inventory.post_count(owner, again, None).await.expect("nothing differs");
        assert!(conflicts().await.is_empty(), "counted again");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn goods_without_a_cost_wait_for_one_in_a_store_that_tells_costs() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let missing = async || {
            let open = of_kind(&store, ExceptionKind::MissingCost).await;
            open.into_iter().map(|case| (case.exception.sku, case.exception.id)).collect::<Vec<_>>()
        };
        inventory.post_receipt(owner, receipt(vec![free("CUP", "3")])).await.expect("posted");
        assert!(missing().await.is_empty(), "nobody tells costs here");
        let first = receipt(vec![line("PLATE", "1"), free("CUP", "3"), free("MUG", "2"), free("PLATE", "4")]);
        let first = inventory.post_receipt(owner, first).await.expect("posted");
        let open = missing().await;
        assert_eq!(open.iter().map(|(sku, _)| sku.as_str()).collect::<Vec<_>>(), ["CUP", "MUG"]);
        inventory.post_receipt(owner, receipt(vec![free("MUG", "2")])).await.expect("posted");
        assert_eq!(missing().await, open, "each once");
        let ann = store.someone(Role::Employee).await;
        let cost = "1.20".parse().expect("an amount");
        inventory.give_cost(&ann, open[0].1, PostingId::new(), cost).await.expect("told");
        assert_eq!(missing().await.len(), 1);
        let late = inventory.give_cost(&ann, open[0].1, PostingId::new(), cost).await;
        assert_eq!(late, Err(Error::Conflict(Reused::Version)));
        let rita = store.someone(Role::ReadOnly).await;
        assert!(matches!(
            inventory.give_cost(&rita, open[1].1, PostingId::new(), cost).await,
            Err(Error::Forbidden(_))
        ));
        inventory.reverse(owner, first.id, NewReversal { id: PostingId::new(), reason: None }).await.expect("undone");
        assert!(missing().await.is_empty(), "its delivery never came");
        let other = inventory.post_receipt(owner, receipt(vec![free("MUG", "1")])).await.expect("posted");
        assert_eq!(missing().await.len(), 1);
        let lines = vec![LineCost { line: 1, unit_cost: cost }];
        let costs = NewCosts { id: PostingId::new(), occurred_at: None, lines, landed: None, what: None, undoes: None };
        inventory.tell_costs(owner, other.id, costs).await.expect("told by the invoice");
        assert!(missing().await.is_empty());
        let patch = ItemPatch { name: Some("a big mug".into()), ..ItemPatch::default() };
        inventory.change_item(owner, "MUG", None, patch).await.expect("changed");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

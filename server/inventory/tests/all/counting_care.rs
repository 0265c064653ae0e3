//! Counts where something goes wrong beside the shelf: who may decide what they did themselves, what comes too late, and
//! a number that was right.

use crate::common::{give_back, limit_of, line, money, units};
use crate::counting::{Shop, entries, entry};
use db::test::on_each;
use model::{
    Actor, Corrected, CountBy, CountDone, CountState, EntryAside, Error, NewCount, NewCountEntry, NewRecount,
    NewReturn, PaperKind, PostingId, Quantity, Refusal, ReturnTo, Time,
};
use storeroom_inventory::ReviewPart;

/// Above 20.00 somebody else approves.
async fn limited(shop: &Shop) {
    let limit = limit_of(PaperKind::Count, Some(money("20")));
    shop.store.inventory.change_rules(&shop.store.owner, "LON", limit).await.expect("set");
}

#[tokio::test]
async fn who_says_that_none_of_the_rest_is_there_does_not_approve_that_above_the_limit() {
    on_each(async |db| {
        let shop = Shop::open(db).await;
        limited(&shop).await;
        let (inventory, none) = (&shop.store.inventory, CountDone { none_found: true });
        let id = shop.begin(CountBy::Store, &[]).await;
        shop.enter(&shop.ann, id, &[("CUP", "10")]).await;
        inventory.submit_count(&shop.bob, id, None, none).await.expect("handed in");
        let review = inventory.review_count(&shop.bob, id, ReviewPart::Open).await.expect("readable");
        assert!(review.above_limit && review.own, "they wrote all the zeros");
        let own = inventory.approve_count(&shop.bob, id, None).await;
        assert_eq!(own, Err(Error::Refused(Refusal::OwnWork)));
        inventory.approve_count(&shop.cat, id, None).await.expect("somebody else may");
        shop.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_count_that_was_handed_in_waits_for_those_who_may_approve_it() {
    on_each(async |db| {
        let shop = Shop::open(db).await;
        let waits = async |who: &Actor| shop.store.inventory.waiting(who, "LON").await.expect("counted").data.reviews;
        let id = shop.begin(CountBy::Store, &[]).await;
        shop.enter(&shop.ann, id, &[("CUP", "9")]).await;
        assert_eq!(waits(&shop.bob).await, 0, "people still count");
        shop.hand_in(id).await;
        assert_eq!((waits(&shop.bob).await, waits(&shop.ann).await), (1, 0), "not hers to approve");
        shop.book(id).await;
        assert_eq!(waits(&shop.bob).await, 0);
        shop.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_was_accepted_beside_a_recount_is_shown_to_who_approves_above_the_limit() {
    on_each(async |db| {
        let shop = Shop::open(db).await;
        let (inventory, id) = (&shop.store.inventory, shop.begin(CountBy::Store, &[]).await);
        shop.enter(&shop.ann, id, &[("CUP", "1"), ("MUG", "19")]).await;
        shop.hand_in(id).await;
        let again = NewRecount { skus: vec!["MUG".into()] };
        inventory.recount(&shop.bob, id, None, again).await.expect("begun");
        shop.enter(&shop.cat, id, &[("MUG", "20")]).await;
        shop.hand_in(id).await;
        let open = async || {
            let review = inventory.review_count(&shop.cat, id, ReviewPart::Open).await.expect("readable");
            review.lines.into_iter().map(|line| (line.sku, line.accepted)).collect::<Vec<_>>()
        };
        assert_eq!(open().await, [], "without a limit what was accepted is");
        limited(&shop).await;
        assert_eq!(open().await, [("CUP".into(), true)], "nine cups are 22.95");
        limited(&shop).await;
        shop.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_waited_on_a_device_since_before_a_recount_is_no_part_of_it() {
    on_each(async |db| {
        let shop = Shop::open(db).await;
        let (inventory, id) = (&shop.store.inventory, shop.begin(CountBy::Store, &[]).await);
        shop.enter(&shop.ann, id, &[("CUP", "4")]).await;
        let waiting = NewCountEntry { counted_at: Some(Time::now()), ..entry("CUP", "6") };
        shop.hand_in(id).await;
        let again = NewRecount { skus: vec!["CUP".into()] };
        inventory.recount(&shop.bob, id, None, again).await.expect("begun");
        let late = inventory.enter_counts(&shop.cat, id, entries(vec![waiting])).await.expect("answered");
        assert_eq!(late.aside.iter().map(|aside| aside.why).collect::<Vec<_>>(), [EntryAside::Late]);
        shop.enter(&shop.cat, id, &[("CUP", "10")]).await;
        shop.hand_in(id).await;
        assert_eq!(shop.line(id, "CUP").await.counted, Some(units("10")));
        assert_eq!(shop.book(id).await.state, CountState::Posted);
        shop.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_count_of_just_this_that_finds_the_number_right_ends_a_dispute() {
    on_each(async |db| {
        let shop = Shop::open(db).await;
        let inventory = &shop.store.inventory;
        let count = async |actor, counted: &str| {
            let (id, version) = (PostingId::new(), shop.store.level("CUP").await.version);
            let (store, sku, reason) = ("LON".to_owned(), "CUP".to_owned(), "miscounted".to_owned());
            let new = NewCount { id, store, sku, counted: units(counted), version, reason };
            inventory.count(actor, new).await.expect("counted")
        };
        let open = async || inventory.exceptions(&shop.bob, "LON", None).await.expect("readable").data.len();
        assert!(matches!(count(&shop.ann, "8").await, Some(Corrected::Posted(_))));
        assert!(matches!(count(&shop.bob, "9").await, Some(Corrected::Posted(_))));
        assert_eq!(open().await, 1, "the two disagree");
        assert_eq!(count(&shop.cat, "9").await, None);
        assert_eq!((open().await, shop.on_hand("CUP").await), (0, units("9")));
        assert_eq!(count(&shop.cat, "9").await, None, "as often as somebody looks");
        shop.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_is_set_aside_is_neither_counted_nor_a_difference_of_what_is() {
    on_each(async |db| {
        let shop = Shop::open(db).await;
        let (inventory, owner) = (&shop.store.inventory, &shop.store.owner);
        let aside = || NewReturn { to: ReturnTo::Quarantine, ..give_back(vec![line("CUP", "2")]) };
        inventory.post_return(owner, aside()).await.expect("posted");
        for by in [CountBy::Doubt, CountBy::ClassC, CountBy::Store] {
            let id = shop.begin(by, &[]).await;
            let counting = inventory.counting(&shop.ann, id, true).await.expect("readable");
            let skus: Vec<&str> = counting.left.iter().map(|line| line.sku.as_str()).collect();
            assert_eq!(skus, ["CUP", "MUG", "PLATE"], "{by:?}: once, wherever it lies");
        }
        let id = shop.begin(CountBy::Items, &["CUP"]).await;
        let there = shop.on_hand("CUP").await.to_string();
        shop.enter(&shop.ann, id, &[("CUP", &there)]).await;
        inventory.post_return(owner, aside()).await.expect("posted");
        shop.hand_in(id).await;
        assert_eq!(
            shop.line(id, "CUP").await.variance,
            Some(Quantity::ZERO),
            "none of those that are sold came or went"
        );
        shop.close().await;
    })
    .await;
}

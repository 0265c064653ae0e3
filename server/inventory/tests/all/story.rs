//! Inventory keeps its promises on both engines.

use crate::common::{adjustment, give_back, item, line, money, open, receipt, sale, units};
use db::test::on_each;
use model::{
    Action, Channel, DocumentKind, Error, GridQuery, ItemKind, NewReversal, PostingId, Refusal, Reused, Role, Time,
};
use storeroom_inventory::{MovementFilter, StockFilter};

#[tokio::test]
async fn a_sale_lowers_stock_and_a_return_raises_it() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        inventory.post_receipt(owner, receipt(vec![line("CUP", "10")])).await.expect("posted");
        let sold = inventory.post_sale(owner, sale(vec![line("CUP", "3"), line("POST", "1")])).await.expect("posted");
        assert_eq!(sold.lines[0].on_hand, Some(units("7")));
        assert_eq!(sold.lines[1].on_hand, None, "a service is not counted");
        assert_eq!(sold.total, money("10.20"));
        assert!(sold.seq.is_some_and(|seq| seq > 0), "the journal line is known: {:?}", sold.seq);
        inventory.post_return(owner, give_back(vec![line("CUP", "1")])).await.expect("posted");
        assert_eq!(store.level("CUP").await.on_hand, units("8"));
        assert_eq!(store.level("CUP").await.version, 3);
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_repeated_sale_is_answered_and_does_not_lower_stock_again() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let new = sale(vec![line("CUP", "3"), line("CUP", "1")]);
        let first = inventory.post_sale(owner, new.clone()).await.expect("posted");
        let again = inventory.post_sale(owner, new).await.expect("answered");
        assert_eq!(first, again);
        assert_eq!(store.level("CUP").await.on_hand, units("-4"));
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn the_same_id_with_other_content_is_a_conflict() {
    on_each(async |db| {
        let store = open(db).await;
        let new = sale(vec![line("CUP", "3")]);
        store.inventory.post_sale(&store.owner, new.clone()).await.expect("posted");
        let mut other = new.clone();
        other.lines[0].quantity = units("4");
        let refused = store.inventory.post_sale(&store.owner, other).await;
        assert_eq!(refused, Err(Error::Conflict(Reused::Id)));
        let as_return = model::NewReturn { id: new.id, ..give_back(vec![line("CUP", "3")]) };
        let refused = store.inventory.post_return(&store.owner, as_return).await;
        assert_eq!(refused, Err(Error::Conflict(Reused::Id)));
        assert_eq!(store.level("CUP").await.on_hand, units("-3"));
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn an_id_posted_many_times_at_once_counts_once() {
    on_each(async |db| {
        let store = open(db).await;
        let new = sale(vec![line("CUP", "1"), line("MUG", "2")]);
        let posts = (0..20).map(|_| {
            let (inventory, owner, new) = (store.inventory.clone(), store.owner.clone(), new.clone());
            tokio::spawn(async move { inventory.post_sale(&owner, new).await })
        });
        let mut receipts = Vec::new();
        for post in posts.collect::<Vec<_>>() {
            receipts.push(post.await.expect("no panic").expect("answered"));
        }
        assert!(receipts.windows(2).all(|pair| pair[0] == pair[1]), "all get the same receipt");
        assert_eq!(store.level("MUG").await.on_hand, units("-2"));
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_fact_below_zero_is_posted_and_opens_one_exception() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        for _ in 0..3 {
            inventory.post_sale(owner, sale(vec![line("CUP", "2")])).await.expect("never refused");
        }
        let open = inventory.exceptions(owner, "LON", None).await.expect("readable").data;
        assert_eq!(open.len(), 1);
        assert_eq!((open[0].exception.sku.as_str(), open[0].exception.kind.as_str()), ("CUP", "negative"));
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_promise_that_stock_does_not_cover_is_refused_and_stays_refused() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        inventory.post_receipt(owner, receipt(vec![line("CUP", "5"), line("MUG", "1")])).await.expect("posted");
        let mut promise = sale(vec![line("CUP", "2"), line("MUG", "2")]);
        promise.channel = Channel::Web;
        let short = Error::Refused(Refusal::OutOfStock { sku: "MUG".into(), available: units("1") });
        assert_eq!(inventory.post_sale(owner, promise.clone()).await, Err(short.clone()));
        assert_eq!(store.level("CUP").await.on_hand, units("5"), "all lines or none");
        inventory.post_receipt(owner, receipt(vec![line("MUG", "9")])).await.expect("posted");
        assert_eq!(inventory.post_sale(owner, promise.clone()).await, Err(short), "a refused id stays refused");
        promise.id = PostingId::new();
        inventory.post_sale(owner, promise).await.expect("a new attempt is covered now");
        assert_eq!(store.level("MUG").await.on_hand, units("8"));
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn the_last_thousand_are_promised_to_exactly_a_thousand() {
    on_each(async |db| {
        let store = open(db).await;
        store.inventory.post_receipt(&store.owner, receipt(vec![line("CUP", "60")])).await.expect("posted");
        let clients = (0..16).map(|_| {
            let (inventory, owner) = (store.inventory.clone(), store.owner.clone());
            tokio::spawn(async move {
                let mut won = 0;
                for _ in 0..6 {
                    let mut promise = sale(vec![line("CUP", "1")]);
                    promise.channel = Channel::Web;
                    won += usize::from(inventory.post_sale(&owner, promise).await.is_ok());
                }
                won
            })
        });
        let mut won = 0;
        for client in clients.collect::<Vec<_>>() {
            won += client.await.expect("no panic");
        }
        assert_eq!(won, 60);
        assert_eq!(store.level("CUP").await.on_hand, units("0"));
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn undo_is_a_reversal_and_happens_once() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let sold = inventory.post_sale(owner, sale(vec![line("CUP", "3")])).await.expect("posted");
        let undo = NewReversal { id: PostingId::new(), reason: Some("wrong item".into()) };
        let undone = inventory.reverse(owner, sold.id, undo.clone()).await.expect("undone");
        assert_eq!((undone.kind, undone.reverses), (DocumentKind::Reversal, Some(sold.id)));
        assert_eq!(undone.total, money("-7.65"));
        assert_eq!(store.level("CUP").await.on_hand, units("0"));
        assert_eq!(inventory.reverse(owner, sold.id, undo).await, Ok(undone.clone()), "the same undo again");
        let another = || NewReversal { id: PostingId::new(), reason: None };
        let twice = inventory.reverse(owner, sold.id, another()).await;
        assert_eq!(twice, Err(Error::Refused(Refusal::AlreadyReversed)));
        let of_undo = inventory.reverse(owner, undone.id, another()).await;
        assert_eq!(of_undo, Err(Error::Refused(Refusal::IsReversal)));
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn an_adjustment_both_ways_is_undone_both_ways() {
    on_each(async |db| {
        let store = open(db).await;
        for quantity in ["-4", "2.5"] {
            let before = store.inventory.level(&store.owner, "LON", "CUP").await.expect("readable");
            let posted =
                store.inventory.post_adjustment(&store.owner, adjustment("CUP", quantity)).await.expect("posted");
            let undo = NewReversal { id: PostingId::new(), reason: None };
            let undone = store.inventory.reverse(&store.owner, posted.id, undo).await.expect("undone");
            assert_eq!(undone.lines[0].quantity, -posted.lines[0].quantity);
            let on_hand = before.map(|row| row.on_hand).unwrap_or_default();
            assert_eq!(store.level("CUP").await.on_hand, on_hand);
        }
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn an_employee_undoes_their_own_sale_and_not_a_colleagues() {
    on_each(async |db| {
        let store = open(db).await;
        let (ann, bob) = (store.someone(Role::Employee).await, store.someone(Role::Employee).await);
        let sold = store.inventory.post_sale(&ann, sale(vec![line("CUP", "1")])).await.expect("posted");
        let undo = || NewReversal { id: PostingId::new(), reason: None };
        let denied = store.inventory.reverse(&bob, sold.id, undo()).await;
        assert_eq!(denied, Err(Error::Forbidden(Action::Reverse)));
        store.inventory.reverse(&ann, sold.id, undo()).await.expect("her own, just now");
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn who_only_looks_does_not_sell_and_who_is_elsewhere_sees_nothing() {
    on_each(async |db| {
        let store = open(db).await;
        let viewer = store.someone(Role::ReadOnly).await;
        let denied = store.inventory.post_sale(&viewer, sale(vec![line("CUP", "1")])).await;
        assert_eq!(denied, Err(Error::Forbidden(Action::Sell)));
        store.inventory.post_receipt(&store.owner, receipt(vec![line("CUP", "1")])).await.expect("posted");
        let paris =
            store.inventory.add_store(&store.owner, "PAR", "Paris", "EUR", "Europe/Paris").await.expect("added");
        let mut elsewhere = store.someone(Role::Manager).await;
        elsewhere.grants[0].store = Some(paris.id);
        let denied = store.inventory.post_sale(&elsewhere, sale(vec![line("CUP", "1")])).await;
        assert_eq!(denied, Err(Error::NotFound));
        let all = StockFilter { limit: 200, ..StockFilter::default() };
        assert!(store.inventory.stock(&elsewhere, &all).await.expect("readable").data.is_empty());
        assert!(
            !store.inventory.stock(&viewer, &all).await.expect("readable").data.is_empty(),
            "there is something to hide"
        );
        let movements = MovementFilter { limit: 200, ..MovementFilter::default() };
        assert!(store.inventory.movements(&elsewhere, &movements).await.expect("readable").data.is_empty());
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn the_past_can_be_asked_for() {
    on_each(async |db| {
        let store = open(db).await;
        let at = |text: &str| text.parse::<Time>().expect("a time");
        for (hour, quantity) in [("08", "10"), ("12", "5")] {
            let mut delivery = receipt(vec![line("CUP", quantity)]);
            delivery.occurred_at = Some(at(&format!("2026-03-02T{hour}:00:00Z")));
            store.inventory.post_receipt(&store.owner, delivery).await.expect("posted");
        }
        // Learnt late, but it happened before noon.
        let mut late = sale(vec![line("CUP", "4")]);
        late.occurred_at = Some(at("2026-03-02T09:00:00Z"));
        store.inventory.post_sale(&store.owner, late).await.expect("posted");
        for (moment, expected) in [("07:59", "0"), ("08:00", "10"), ("11:00", "6"), ("13:00", "11")] {
            let as_of = at(&format!("2026-03-02T{moment}:00Z"));
            let filter = StockFilter { sku: Some("CUP".into()), limit: 10, ..StockFilter::default() };
            let row = &store.inventory.stock_then(&store.owner, &filter, as_of).await.expect("readable").data[0];
            assert_eq!(row.on_hand, units(expected), "at {moment}");
        }
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_sheet_tells_why_the_number_is_what_it_is() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        inventory.post_receipt(owner, receipt(vec![line("CUP", "10")])).await.expect("posted");
        let sold = inventory.post_sale(owner, sale(vec![line("CUP", "3"), line("CUP", "1")])).await.expect("posted");
        inventory.post_adjustment(owner, adjustment("CUP", "-1")).await.expect("posted");
        inventory.reverse(owner, sold.id, NewReversal { id: PostingId::new(), reason: None }).await.expect("undone");
        let sheet = inventory.sheet(owner, "LON", "50CUP").await.expect("found by its barcode");
        let story: Vec<_> = sheet.movements.iter().map(|m| (m.change, m.on_hand.expect("known"))).collect();
        let told = [("1", "9"), ("3", "8"), ("-1", "5"), ("-1", "6"), ("-3", "7"), ("10", "10")];
        assert_eq!(story, told.map(|(change, after)| (units(change), units(after))));
        assert_eq!(sheet.stock[0].on_hand, units("9"));
        assert_eq!(sheet.movement_count, 6);
        assert!(sheet.movements[4].reversed_by.is_some(), "the sale says that it was undone");
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn the_grid_shows_items_that_never_moved_and_filters_them() {
    on_each(async |db| {
        let store = open(db).await;
        store.inventory.post_receipt(&store.owner, receipt(vec![line("MUG", "2")])).await.expect("posted");
        let query = |search: &str, short| GridQuery {
            store: "LON".into(),
            search: search.into(),
            short,
            ..GridQuery::default()
        };
        let all = store.inventory.grid(&store.owner, &query("", false), 0, 200).await.expect("readable");
        assert_eq!(all.data.iter().map(|row| row.sku.as_str()).collect::<Vec<_>>(), crate::common::SKUS);
        assert_eq!(all.total, 3, "a service is not in the grid");
        let short = store.inventory.grid(&store.owner, &query("", true), 0, 200).await.expect("readable");
        assert_eq!(short.total, 0, "what never was here has not run out");
        store.inventory.post_sale(&store.owner, sale(vec![line("CUP", "1")])).await.expect("a sale is never refused");
        let short = store.inventory.grid(&store.owner, &query("", true), 0, 200).await.expect("readable");
        assert_eq!((short.total, short.data[0].sku.as_str()), (1, "CUP"));
        let found = store.inventory.grid(&store.owner, &query("mUg a", false), 0, 200).await.expect("readable");
        assert_eq!(found.data[0].sku, "MUG");
        let wild = store.inventory.grid(&store.owner, &query("%_", false), 0, 200).await.expect("readable");
        assert_eq!(wild.total, 0, "wildcards are letters");
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_is_refused_with_a_reason_and_changes_nothing() {
    on_each(async |db| {
        let store = open(db).await;
        let flaws = |lines| {
            let (inventory, owner) = (store.inventory.clone(), store.owner.clone());
            async move {
                match inventory.post_sale(&owner, sale(lines)).await {
                    Err(Error::Invalid(flaws)) => flaws[0].field.clone(),
                    other => panic!("expected flaws, got {other:?}"),
                }
            }
        };
        assert_eq!(flaws(vec![]).await, "lines");
        assert_eq!(flaws(vec![line("CUP", "0")]).await, "lines[0].quantity");
        assert_eq!(flaws(vec![line("CUP", "-1")]).await, "lines[0].quantity");
        assert_eq!(flaws(vec![line("CUP", "1000000000.00001")]).await, "lines[0].quantity");
        assert_eq!(flaws(vec![line("CUP", "1"), line("NONE", "1")]).await, "lines[1].sku");
        let mut dear = line("CUP", "1000000000");
        dear.unit_price = Some(money("1000000000"));
        assert_eq!(flaws(vec![dear]).await, "lines", "the total would overflow");
        assert_eq!(store.inventory.level(&store.owner, "LON", "CUP").await, Ok(None));
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn an_item_is_added_once_and_its_sku_and_barcodes_are_its_own() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let bowl = item("BOWL", ItemKind::Stocked);
        let added = inventory.add_item(owner, bowl.clone()).await.expect("added");
        assert_eq!(inventory.add_item(owner, bowl).await, Ok(added), "the same again");
        let taken = inventory.add_item(owner, item("BOWL", ItemKind::Stocked)).await;
        assert_eq!(taken, Err(Error::Refused(Refusal::SkuTaken { sku: "BOWL".into() })));
        let mut vase = item("VASE", ItemKind::Stocked);
        vase.barcodes = vec!["50BOWL".into()];
        let taken = inventory.add_item(owner, vase).await;
        assert_eq!(taken, Err(Error::Refused(Refusal::BarcodeTaken { barcode: "50BOWL".into() })));
        assert_eq!(inventory.find_item(owner, "VASE").await, Ok(None), "all of it or none");
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_code_means_one_item_and_an_id_one_content() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        // The barcode of CUP is not another item's SKU, nor is its SKU another item's barcode.
        let as_sku = inventory.add_item(owner, item("50CUP", ItemKind::Stocked)).await;
        assert_eq!(as_sku, Err(Error::Refused(Refusal::BarcodeTaken { barcode: "50CUP".into() })));
        let mut as_barcode = item("JUG", ItemKind::Stocked);
        as_barcode.barcodes = vec!["CUP".into()];
        let taken = inventory.add_item(owner, as_barcode).await;
        assert_eq!(taken, Err(Error::Refused(Refusal::BarcodeTaken { barcode: "CUP".into() })));
        let bowl = item("BOWL", ItemKind::Stocked);
        inventory.add_item(owner, bowl.clone()).await.expect("added");
        let renamed = model::NewItem { name: "another".into(), ..bowl };
        assert_eq!(inventory.add_item(owner, renamed).await, Err(Error::Conflict(Reused::Id)));
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_character_that_cannot_be_stored_is_a_flaw_and_no_fault_of_ours() {
    on_each(async |db| {
        let store = open(db).await;
        let nul = store.inventory.post_sale(&store.owner, sale(vec![line("CU\0P", "1")])).await;
        assert!(matches!(nul, Err(Error::Invalid(_))), "{nul:?}");
        let found = store.inventory.find_item(&store.owner, "\0").await;
        assert!(matches!(found, Ok(None) | Err(Error::Invalid(_))), "{found:?}");
        let long = GridQuery { store: "LON".into(), search: "x".repeat(60_000), ..GridQuery::default() };
        let grid = store.inventory.grid(&store.owner, &long, 0, 10).await;
        assert!(matches!(grid, Err(Error::Invalid(_))), "{grid:?}");
        store.close().await;
    })
    .await;
}

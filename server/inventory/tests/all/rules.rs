//! The rules of a store on both engines: nothing is posted on or before its lock date, and who may move it.

use crate::common::{adjustment, line, money, open, receipt, sale, units};
use db::{execute, test::on_each};
use model::{
    Action, Actor, ApprovalLimit, Approver, Error, Grant, NewAdjustment, NewReceipt, NewSale, PaperKind, PersonId,
    PostingId, Principal, Role, RulesPatch, Time,
};
use storeroom_inventory::StockFilter;

fn lock(day: &str) -> RulesPatch {
    RulesPatch { lock_day: Some(day.into()), limits: Vec::new() }
}

fn at(text: &str) -> Option<Time> {
    Some(text.parse().expect("a moment"))
}

fn flaw(error: Error) -> String {
    let Error::Invalid(flaws) = error else { panic!("a flaw, not {error}") };
    flaws[0].code.clone()
}

#[tokio::test]
async fn nothing_is_posted_on_or_before_the_lock_date_but_what_a_till_sold() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let early = NewReceipt { occurred_at: at("2026-03-01T12:00:00Z"), ..receipt(vec![line("CUP", "10")]) };
        let booked = inventory.post_receipt(owner, early.clone()).await.expect("no day is closed yet");
        inventory.change_rules(owner, "LON", lock("2026-03-31")).await.expect("locked");

        // In London it is summer: the last hour of March the 31st is April already by its own clock.
        let inside = NewAdjustment { occurred_at: at("2026-03-31T22:59:59Z"), ..adjustment("CUP", "-1") };
        let refused = inventory.post_adjustment(owner, inside.clone()).await.expect_err("it is closed");
        assert!(refused.to_string().contains("2026-03-31"), "{refused}");
        assert_eq!(flaw(refused), "locked");
        let after = NewAdjustment { occurred_at: at("2026-03-31T23:00:00Z"), ..adjustment("CUP", "-1") };
        inventory.post_adjustment(owner, after).await.expect("it is open");
        assert_eq!(inventory.post_receipt(owner, early).await, Ok(booked), "sent again, it is answered as it was");

        let late = NewSale { occurred_at: at("2026-03-15T12:00:00Z"), ..sale(vec![line("CUP", "2")]) };
        let sold = inventory.post_sale(owner, late.clone()).await.expect("a fact is never refused");
        assert_eq!(Some(sold.occurred_at), at("2026-03-31T23:00:00Z"), "the first moment that is open");
        assert_eq!(inventory.post_sale(owner, late).await.as_ref(), Ok(&sold), "sent again, it counts once");
        assert_eq!(store.level("CUP").await.on_hand, units("7"));

        inventory.change_rules(owner, "LON", lock("")).await.expect("lifted");
        inventory.post_adjustment(owner, inside).await.expect("the same is taken now: its id was not used up");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_happened_in_the_past_is_taken_in_order_and_each_second_has_its_number() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let came = NewReceipt { occurred_at: at("2026-05-01T10:00:00Z"), ..receipt(vec![line("CUP", "10")]) };
        inventory.post_receipt(owner, came).await.expect("posted");
        let sold = NewSale { occurred_at: at("2026-05-03T10:00:00Z"), ..sale(vec![line("CUP", "1")]) };
        inventory.post_sale(owner, sold).await.expect("posted");
        // It is told last, and happened between the two.
        let broken = NewAdjustment { occurred_at: at("2026-05-02T10:00:00Z"), ..adjustment("CUP", "-4") };
        inventory.post_adjustment(owner, broken).await.expect("posted");
        let seconds = [
            ("2026-05-01T09:59:59Z", "0"),
            ("2026-05-01T10:00:00Z", "10"),
            ("2026-05-02T09:59:59Z", "10"),
            ("2026-05-02T10:00:00Z", "6"),
            ("2026-05-03T09:59:59Z", "6"),
            ("2026-05-03T10:00:00Z", "5"),
        ];
        for (second, on_hand) in seconds {
            let filter = StockFilter { sku: Some("CUP".into()), limit: 10, ..StockFilter::default() };
            let moment = at(second).expect("a moment");
            let page = inventory.stock_then(owner, &filter, moment).await.expect("readable");
            assert_eq!(page.data[0].on_hand, units(on_hand), "at {second}");
        }
        // What is promised today was not promised then: nothing is said of it, and nothing is taken off.
        store.keep(&[("CUP", "4")]).await.expect("kept");
        let filter = StockFilter { sku: Some("CUP".into()), limit: 10, ..StockFilter::default() };
        let now = inventory.stock(owner, &filter).await.expect("readable").data.remove(0);
        assert_eq!([now.on_hand, now.reserved, now.available], ["5", "4", "1"].map(units));
        let moment = at("2026-05-02T00:00:00Z").expect("a moment");
        let then = inventory.stock_then(owner, &filter, moment).await.expect("readable").data.remove(0);
        let told = serde_json::to_value(&then).expect("it is told");
        let mut names: Vec<&str> = told.as_object().expect("a row").keys().map(String::as_str).collect();
        names.sort_unstable();
        let kept = ["condition", "item", "location", "name", "on_hand", "sku", "store", "unit", "version"];
        assert_eq!((then.on_hand, then.version, names), (units("10"), 1, kept.to_vec()));
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn who_approves_everywhere_moves_the_lock_date_forward_and_only_who_manages_stores_moves_it_back() {
    on_each(async |db| {
        let store = open(db).await;
        let inventory = &store.inventory;
        let everywhere = vec![Grant { role: Role::Manager, store: None }];
        let mia = Actor { principal: Principal::Person(PersonId::new()), grants: everywhere, ..Actor::system("mia") };
        let local = store.someone(Role::Manager).await;
        let ann = store.someone(Role::Employee).await;
        for who in [&local, &ann] {
            let told = inventory.change_rules(who, "LON", lock("2026-01-31")).await;
            assert_eq!(told, Err(Error::Forbidden(Action::Approve)));
        }
        inventory.change_rules(&mia, "LON", lock("2026-01-31")).await.expect("forward");
        inventory.change_rules(&mia, "LON", lock("2026-02-28")).await.expect("forward");
        let no = Err(Error::Forbidden(Action::ManageStores));
        assert_eq!(inventory.change_rules(&mia, "LON", lock("2026-01-31")).await, no);
        assert_eq!(inventory.change_rules(&mia, "LON", lock("")).await, no);
        let limits =
            vec![ApprovalLimit { kind: PaperKind::Count, amount: Some(money("50")), approver: Approver::Manager }];
        let limit = RulesPatch { lock_day: None, limits };
        assert_eq!(inventory.change_rules(&mia, "LON", limit.clone()).await, no);
        let boss = store.someone(Role::Administrator).await;
        let rules = inventory.change_rules(&boss, "LON", limit.clone()).await.expect("set");
        assert_eq!((rules.lock_day.as_deref(), &rules.limits), (Some("2026-02-28"), &limit.limits));
        assert_eq!(inventory.rules(&ann, "LON").await.as_ref(), Ok(&rules), "everybody there reads them");
        inventory.change_rules(&boss, "LON", lock("2026-01-31")).await.expect("back");
        for day in ["2026-02-30", "tomorrow", "2026-1-1", "2999-01-01"] {
            assert!(inventory.change_rules(&boss, "LON", lock(day)).await.is_err(), "{day}");
        }
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn verify_finds_what_came_after_the_books_were_closed() {
    on_each(async |db| {
        let store = open(db.clone()).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        inventory.change_rules(owner, "LON", lock("2026-03-31")).await.expect("locked");
        let id = PostingId::new();
        let new = NewAdjustment { id, occurred_at: at("2026-04-02T12:00:00Z"), ..adjustment("CUP", "4") };
        inventory.post_adjustment(owner, new).await.expect("posted");
        store.assert_sound().await;
        // A hand in the database closes the day after it happened.
        let mut tx = db.begin().await.expect("a transaction");
        execute!(&mut tx, "update inventory_lock set open_from = $1", at("2026-04-03T00:00:00Z")).expect("written");
        tx.commit().await.expect("committed");
        let findings = inventory.verify(owner).await.expect("readable");
        assert!(findings.iter().any(|finding| finding.invariant == "nothing posts on or before the lock date"));
        store.close().await;
    })
    .await;
}

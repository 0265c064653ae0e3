//! Counts, on both engines: who may, what a plan chooses, clocks that are wrong, and a hand in the database.

use crate::common::{Open, line, money, open, receipt, sale, units};
use crate::counting::{entries, entry, new_count};
use db::{execute, test::on_each};
use model::{
    Action, Actor, CountBy, CountDone, CountState, CountTolerance, Error, NewCountEntries, NewCountEntry, NewRecount,
    NewSale, NewStockCount, PaperId, Role, Time,
};
use storeroom_inventory::{CountFilter, ReviewPart};

async fn filled(db: db::Db) -> Open {
    let store = open(db).await;
    let there = receipt(vec![line("CUP", "10"), line("MUG", "20"), line("PLATE", "30")]);
    store.inventory.post_receipt(&store.owner, there).await.expect("posted");
    store
}

#[tokio::test]
async fn who_may_not_count_learns_nothing_and_who_counts_does_not_approve() {
    on_each(async |db| {
        let store = filled(db).await;
        let inventory = &store.inventory;
        let (ann, reader) = (store.someone(Role::Employee).await, store.someone(Role::ReadOnly).await);
        inventory.add_store(&store.owner, "PAR", "Paris", "EUR", "Europe/Paris").await.expect("added");
        let paris = inventory.store(&store.owner, Action::SeeStock, "PAR").await.expect("known");
        let grants = vec![model::Grant { role: Role::Manager, store: Some(paris.id) }];
        let elsewhere = Actor { grants, ..ann.clone() };
        let opening = |actor| inventory.open_count(actor, new_count(CountBy::Store, &[]));
        assert_eq!(opening(&reader).await, Err(Error::Forbidden(Action::Count)));
        assert_eq!(opening(&elsewhere).await, Err(Error::NotFound));
        let id = opening(&ann).await.expect("opened").id;
        let batch = || entries(vec![entry("CUP", "1")]);
        assert_eq!(inventory.enter_counts(&reader, id, batch()).await, Err(Error::Forbidden(Action::Count)));
        assert_eq!(inventory.enter_counts(&elsewhere, id, batch()).await, Err(Error::NotFound));
        assert_eq!(inventory.counting(&reader, id, false).await, Err(Error::Forbidden(Action::Count)));
        assert_eq!(inventory.counting(&elsewhere, id, false).await, Err(Error::NotFound));
        assert_eq!(inventory.stock_count(&elsewhere, id).await, Err(Error::NotFound));
        assert_eq!(
            inventory.stock_count(&reader, id).await.expect("its head may be seen").data.state,
            CountState::Planned
        );
        inventory.enter_counts(&ann, id, batch()).await.expect("entered");
        let none = CountDone::default();
        assert_eq!(inventory.submit_count(&reader, id, None, none).await, Err(Error::Forbidden(Action::Count)));
        inventory.submit_count(&ann, id, None, none).await.expect("handed in");
        let forbidden = Error::Forbidden(Action::Approve);
        let again = || NewRecount { skus: vec!["CUP".into()] };
        assert_eq!(inventory.review_count(&ann, id, ReviewPart::Open).await, Err(forbidden.clone()));
        assert_eq!(inventory.recount(&ann, id, None, again()).await, Err(forbidden.clone()));
        assert_eq!(inventory.approve_count(&ann, id, None).await, Err(forbidden.clone()));
        assert_eq!(inventory.post_count(&ann, id, None).await, Err(forbidden.clone()));
        assert_eq!(inventory.reject_count(&ann, id, None, "no").await, Err(forbidden.clone()));
        assert_eq!(inventory.review_count(&elsewhere, id, ReviewPart::Open).await, Err(Error::NotFound));
        assert_eq!(inventory.approve_count(&elsewhere, id, None).await, Err(Error::NotFound));
        let tolerance = CountTolerance { percent: units("1"), quantity: units("0") };
        assert_eq!(inventory.set_count_tolerance(&ann, "LON", tolerance).await, Err(forbidden));
        let figures = inventory.count_figures(&ann, "LON", Time::from_micros(0), Time::now()).await;
        assert_eq!(figures, Err(Error::Forbidden(Action::SeeReports)));
        assert_eq!(store.level("CUP").await.on_hand, units("10"), "nothing was booked");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_plan_chooses_by_value_by_sales_and_by_doubt() {
    on_each(async |db| {
        let store = filled(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        inventory.post_sale(owner, sale(vec![line("MUG", "19")])).await.expect("posted");
        for _ in 0..2 {
            inventory.post_sale(owner, sale(vec![line("CUP", "1")])).await.expect("posted");
        }
        inventory.post_sale(owner, sale(vec![line("PLATE", "31")])).await.expect("it falls below zero");
        inventory.post_receipt(owner, receipt(vec![line("PLATE", "100")])).await.expect("posted");
        inventory.post_sale(owner, sale(vec![line("MUG", "2")])).await.expect("it is below zero");
        let chosen = async |by, most| {
            let new = NewStockCount { most, ..new_count(by, &[]) };
            let id = inventory.open_count(owner, new).await.expect("opened").id;
            let left = inventory.counting(owner, id, false).await.expect("readable").left;
            left.into_iter().map(|line| line.sku).collect::<Vec<_>>()
        };
        assert_eq!(chosen(CountBy::ClassA, None).await, ["MUG", "PLATE"], "21 and 31 of 54 pieces of one price");
        assert_eq!(chosen(CountBy::ClassC, None).await, ["CUP"]);
        let nothing = inventory.open_count(owner, new_count(CountBy::ClassB, &[])).await;
        assert!(matches!(nothing, Err(Error::Invalid(flaws)) if flaws[0].code == "nothing_to_count"));
        assert_eq!(chosen(CountBy::Fast, Some(1)).await.len(), 1);
        assert_eq!(chosen(CountBy::Doubt, Some(1)).await, ["MUG"]);
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_clock_that_is_wrong_is_put_right_and_none_counts_in_the_future() {
    on_each(async |db| {
        let store = filled(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let id = inventory.open_count(owner, new_count(CountBy::Store, &[])).await.expect("opened").id;
        let hour = 3_600;
        let slow = Time::now().plus_seconds(-hour);
        let at = |sku, counted_at| NewCountEntry { counted_at, ..entry(sku, "1") };
        let batch = NewCountEntries { sent_at: Some(slow), entries: vec![at("CUP", Some(slow))] };
        let before = Time::now();
        inventory.enter_counts(owner, id, batch).await.expect("entered");
        let batch =
            entries(vec![at("MUG", Some(Time::now().plus_seconds(hour))), at("PLATE", Some(Time::from_micros(0)))]);
        inventory.enter_counts(owner, id, batch).await.expect("entered");
        let counting = inventory.counting(owner, id, false).await.expect("readable");
        let when = |sku: &str| counting.latest.iter().find(|entry| entry.sku == sku).expect("it is there").counted_at;
        assert!(when("CUP") >= before, "an hour behind, by its own account");
        assert!(when("MUG") <= Time::now());
        assert_eq!(when("PLATE"), counting.count.created_at, "nothing is counted before the count is opened");
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_count_is_opened_once_and_only_of_what_can_be_counted() {
    on_each(async |db| {
        let store = filled(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let new = new_count(CountBy::Items, &["CUP"]);
        let first = inventory.open_count(owner, new.clone()).await.expect("opened");
        assert_eq!(first.number, "CT-LON-1");
        assert_eq!(inventory.open_count(owner, new.clone()).await, Ok(first));
        let other = NewStockCount { skus: vec!["MUG".into()], ..new };
        assert_eq!(inventory.open_count(owner, other).await, Err(Error::Conflict(model::Reused::Id)));
        let odd = [
            new_count(CountBy::Items, &[]),
            new_count(CountBy::Store, &["CUP"]),
            new_count(CountBy::Items, &["NONE"]),
            new_count(CountBy::Items, &["POST"]),
            new_count(CountBy::Fast, &[]),
            NewStockCount { most: Some(201), ..new_count(CountBy::Doubt, &[]) },
            NewStockCount { due_on: Some("tomorrow".into()), ..new_count(CountBy::Store, &[]) },
        ];
        for new in odd {
            let told = inventory.open_count(owner, new.clone()).await;
            assert!(matches!(told, Err(Error::Invalid(_))), "{new:?}: {told:?}");
        }
        let page = |open, after| {
            let filter = CountFilter { store: "LON".into(), open, after, limit: 2 };
            async move { inventory.stock_counts(owner, &filter).await.expect("readable") }
        };
        for _ in 0..2 {
            inventory.open_count(owner, new_count(CountBy::Store, &[])).await.expect("opened");
        }
        let top = page(true, None).await;
        assert_eq!(top.data.iter().map(|count| count.number.as_str()).collect::<Vec<_>>(), ["CT-LON-3", "CT-LON-2"]);
        let (at, id) = top.next.as_deref().and_then(|next| next.split_once('\n')).expect("there is more");
        let after = Some((Time::from_micros(at.parse().expect("a moment")), id.parse().expect("an id")));
        let rest = page(true, after).await;
        assert_eq!((rest.data.len(), rest.next), (1, None));
        let cancelled = inventory.cancel_count(owner, rest.data[0].id, Some(rest.data[0].version)).await;
        assert_eq!(cancelled.expect("given up").state, CountState::Cancelled);
        assert_eq!(page(true, after).await.data.len(), 0);
        assert_eq!(page(false, None).await.data[0].state, CountState::Cancelled);
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

/// What a hand in the database does to a posted count is found.
async fn tampered(sql: &'static str) {
    on_each(async |db| {
        let store = filled(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let id: PaperId = inventory.open_count(owner, new_count(CountBy::Store, &[])).await.expect("opened").id;
        let all = entries(vec![entry("CUP", "8"), entry("MUG", "20"), entry("CUP", "1")]);
        inventory.enter_counts(owner, id, all).await.expect("entered");
        inventory.submit_count(owner, id, None, CountDone::default()).await.expect("handed in");
        let approved = inventory.approve_count(owner, id, None).await.expect("approved");
        assert_eq!(approved.outcome.expect("known").lost, money("2.55"));
        inventory.post_count(owner, id, None).await.expect("booked");
        store.assert_sound().await;
        let mut tx = store.db.begin().await.expect("a transaction");
        assert!(execute!(&mut tx, sql, id).expect("the hand succeeds") > 0, "something was changed");
        tx.commit().await.expect("committed");
        let findings = inventory.verify(owner).await.expect("the ledger can be read");
        assert!(!findings.is_empty(), "nobody noticed: {sql}");
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_changed_entry_is_found() {
    tampered("update inventory_count_entry set quantity = quantity + 100000 where paper = $1").await;
}

#[tokio::test]
async fn a_removed_entry_is_found() {
    tampered("delete from inventory_count_entry where paper = $1 and quantity = 100000").await;
}

#[tokio::test]
async fn a_changed_difference_is_found() {
    tampered("update inventory_count_line set expected = expected + 1 where paper = $1 and posting is not null").await;
}

#[tokio::test]
async fn a_difference_that_is_said_not_to_be_booked_is_found() {
    tampered("update inventory_count_line set posting = null where paper = $1 and posting is not null").await;
}

#[tokio::test]
async fn what_a_till_with_a_slow_clock_sells_after_a_count_makes_no_difference_of_it() {
    on_each(async |db| {
        let store = filled(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let id = inventory.open_count(owner, new_count(CountBy::Items, &["CUP"])).await.expect("opened").id;
        inventory.enter_counts(owner, id, entries(vec![entry("CUP", "10")])).await.expect("entered");
        let slow = || Time::now().plus_seconds(-600);
        let sold = NewSale { occurred_at: Some(slow()), ..sale(vec![line("CUP", "3")]) };
        let first = inventory.post_sale_sent(owner, sold.clone(), Some(slow())).await.expect("posted");
        let again = inventory.post_sale_sent(owner, sold, Some(slow())).await;
        assert_eq!(again, Ok(first), "sent again it is the same sale");
        // An hour ago by a clock that is a day fast.
        let fast = Time::now().plus_seconds(24 * 3_600);
        let early = NewSale { occurred_at: Some(fast.plus_seconds(-3_600)), ..sale(vec![line("CUP", "1")]) };
        inventory.post_sale_sent(owner, early, Some(fast)).await.expect("posted");
        inventory.submit_count(owner, id, None, CountDone::default()).await.expect("handed in");
        let review = inventory.review_count(owner, id, ReviewPart::All(String::new(), 200)).await.expect("readable");
        let variance = review.lines[0].variance;
        assert_eq!(
            variance,
            Some(units("1")),
            "ten were there when nine should have been: one was sold an hour before"
        );
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

//! The day's work: counting, the history, exceptions and what a scan means, on both engines.

use crate::common::{Open, adjustment, booked, give_back, line, open, receipt, sale, units};
use db::{execute, test::on_each};
use model::{
    Actor, DocumentKind, Error, ExceptionId, HistoryLine, HistoryQuery, Meant, NewCount, NewReversal, NewSale,
    OpenException, PostingId, Principal, Reused, Role,
};

fn count(sku: &str, counted: &str, version: i64) -> NewCount {
    let (id, store, sku) = (PostingId::new(), "LON".to_owned(), sku.to_owned());
    NewCount { id, store, sku, counted: units(counted), version, reason: "miscounted".into() }
}

fn numbered(sku: &str, number: &str) -> NewSale {
    NewSale { number: Some(number.into()), ..sale(vec![line(sku, "1")]) }
}

async fn exceptions(store: &Open, actor: &Actor) -> Vec<OpenException> {
    store.inventory.exceptions(actor, "LON", None).await.expect("readable").data
}

async fn told(store: &Open, query: HistoryQuery) -> Vec<HistoryLine> {
    let query = HistoryQuery { store: "LON".into(), ..query };
    store.inventory.history(&store.owner, &query, None, 50).await.expect("readable").data
}

#[tokio::test]
async fn a_count_sets_the_number_and_one_of_an_old_version_is_refused_and_books_nothing() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        inventory.post_receipt(owner, receipt(vec![line("CUP", "10")])).await.expect("posted");
        let counted = booked(inventory.count(owner, count("CUP", "7", 1)).await.expect("booked"));
        assert_eq!((counted.kind, counted.lines[0].quantity), (DocumentKind::Adjustment, units("-3")));
        assert_eq!(store.level("CUP").await.on_hand, units("7"));
        let late = inventory.count(owner, count("CUP", "9", 1)).await;
        assert_eq!(late, Err(Error::Conflict(Reused::Version)));
        assert_eq!(store.level("CUP").await.on_hand, units("7"), "nothing was overwritten");
        let first =
            booked(inventory.count(owner, count("MUG", "4", 0)).await.expect("what never moved is counted too"));
        assert_eq!(first.lines[0].on_hand, Some(units("4")));
        assert_eq!(inventory.count(owner, count("CUP", "7", 2)).await, Ok(None), "nothing to book");
        for odd in [count("CUP", "-1", 2), count("POST", "1", 0), count("NONE", "1", 0)] {
            assert!(matches!(inventory.count(owner, odd).await, Err(Error::Invalid(_))));
        }
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_repeated_count_is_answered_and_two_at_once_do_not_both_count() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let new = count("CUP", "5", 0);
        let first = inventory.count(owner, new.clone()).await.expect("booked");
        assert_eq!(inventory.count(owner, new).await, Ok(first), "its own posting moved the version");
        let counts = (6..12).map(|number| {
            let (inventory, owner) = (inventory.clone(), owner.clone());
            tokio::spawn(async move { inventory.count(&owner, count("CUP", &number.to_string(), 1)).await })
        });
        let mut won = Vec::new();
        for answer in counts.collect::<Vec<_>>() {
            match answer.await.expect("no panic") {
                Ok(counted) => won.push(booked(counted).lines[0].on_hand),
                Err(error) => assert_eq!(error, Error::Conflict(Reused::Version)),
            }
        }
        assert_eq!(won, [Some(store.level("CUP").await.on_hand)], "one of them counted");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn an_exception_says_why_closes_when_the_number_is_back_and_opens_again() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let sold = inventory.post_sale(owner, sale(vec![line("CUP", "2")])).await.expect("posted");
        let open = exceptions(&store, owner).await;
        assert_eq!((open.len(), open[0].on_hand, open[0].version), (1, units("-2"), 1));
        assert_eq!(open[0].opener.as_ref().map(|line| line.posting), Some(sold.id));
        inventory.post_receipt(owner, receipt(vec![line("CUP", "1")])).await.expect("posted");
        assert_eq!(exceptions(&store, owner).await.len(), 1, "one is still missing");
        inventory.post_receipt(owner, receipt(vec![line("CUP", "1")])).await.expect("posted");
        assert!(exceptions(&store, owner).await.is_empty(), "it closed by itself");
        inventory.post_sale(owner, sale(vec![line("CUP", "1")])).await.expect("posted");
        let again = exceptions(&store, owner).await;
        assert!(again.len() == 1 && again[0].exception.id != open[0].exception.id, "a new one");
        inventory.count(owner, count("CUP", "3", again[0].version)).await.expect("counted");
        assert!(exceptions(&store, owner).await.is_empty());
        assert_eq!(inventory.waiting(owner, "LON").await.expect("readable").data.exceptions, 0);
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn an_exception_is_taken_by_one_given_over_only_when_asked_and_closed_with_a_reason() {
    on_each(async |db| {
        let store = open(db).await;
        let inventory = &store.inventory;
        let (ann, mut bob) = (store.someone(Role::Employee).await, store.someone(Role::Employee).await);
        bob.name = "bob".into();
        inventory.post_sale(&ann, sale(vec![line("CUP", "2"), line("MUG", "1")])).await.expect("posted");
        let id = exceptions(&store, &ann).await[0].exception.id;
        inventory.take_exception(&ann, id, true, false).await.expect("taken");
        let seen = &exceptions(&store, &bob).await[0];
        assert_eq!((seen.exception.taken_by.as_deref(), seen.mine), (Some("ann"), false));
        assert!(exceptions(&store, &ann).await[0].mine);
        let refused = inventory.take_exception(&bob, id, true, false).await;
        assert_eq!(refused, Err(Error::Conflict(Reused::Version)), "ann is on it");
        inventory.take_exception(&bob, id, true, true).await.expect("taken over");
        inventory.settle_exception(&bob, id, "known and fine").await.expect("closed");
        inventory.settle_exception(&bob, id, "known and fine").await.expect("closed already");
        let other = inventory.settle_exception(&ann, id, "will be booked later").await;
        assert_eq!(other, Err(Error::Conflict(Reused::Version)));
        assert_eq!(exceptions(&store, &ann).await.len(), 1, "the other is still open");
        let viewer = store.someone(Role::ReadOnly).await;
        assert!(matches!(inventory.settle_exception(&viewer, id, "x").await, Err(Error::Forbidden(_))));
        assert_eq!(inventory.take_exception(&ann, ExceptionId::new(), true, false).await, Err(Error::NotFound));
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn an_exception_that_was_closed_behind_the_journals_back_is_found() {
    on_each(async |db| {
        let store = open(db).await;
        store.inventory.post_sale(&store.owner, sale(vec![line("CUP", "2")])).await.expect("posted");
        store.assert_sound().await;
        let mut tx = store.db.begin().await.expect("a transaction");
        execute!(&mut tx, "update inventory_exception set state = 'settled', resolution = 'hush'").expect("changed");
        tx.commit().await.expect("committed");
        let findings = store.inventory.verify(&store.owner).await.expect("readable");
        assert_eq!(findings[0].invariant, "an exception is what the journal says");
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn the_history_is_newest_first_page_by_page_and_says_what_was_undone() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let first = inventory.post_receipt(owner, receipt(vec![line("CUP", "10")])).await.expect("posted");
        let sold = inventory.post_sale(owner, numbered("CUP", "S-1")).await.expect("posted");
        let undo = NewReversal { id: PostingId::new(), reason: None };
        let undone = inventory.reverse(owner, sold.id, undo).await.expect("undone");
        let all = told(&store, HistoryQuery::default()).await;
        assert_eq!(all.iter().map(|line| line.posting).collect::<Vec<_>>(), [undone.id, sold.id, first.id]);
        assert_eq!((all[1].reversed_by, all[0].reverses), (Some(undone.id), Some(sold.id)));
        assert_eq!(all.iter().map(|line| line.may_undo).collect::<Vec<_>>(), [false, false, true]);
        let query = HistoryQuery { store: "LON".into(), ..HistoryQuery::default() };
        let page = inventory.history(owner, &query, None, 2).await.expect("readable");
        let last = page.data.last().map(|line| (line.recorded_at, line.posting));
        assert!(page.next.is_some());
        let rest = inventory.history(owner, &query, last, 2).await.expect("readable");
        assert_eq!((rest.data.len(), rest.data[0].posting, rest.next), (1, first.id, None));
        assert_eq!(inventory.posting(owner, sold.id).await.expect("readable").data.number.as_deref(), Some("S-1"));
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn the_history_is_filtered_by_kind_person_day_item_and_words() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let ann = store.someone(Role::Employee).await;
        let mut old = receipt(vec![line("MUG", "5")]);
        old.occurred_at = Some("2026-03-01T23:30:00Z".parse().expect("a time"));
        inventory.post_receipt(owner, old).await.expect("posted");
        inventory.post_sale(&ann, numbered("CUP", "S-77")).await.expect("posted");
        inventory.post_adjustment(owner, adjustment("PLATE", "3")).await.expect("posted");
        let mut back = give_back(vec![line("CUP", "1")]);
        back.reason = Some("did not fit".into());
        inventory.post_return(owner, back).await.expect("posted");
        let all = HistoryQuery::default;
        let filters = [
            (HistoryQuery { kind: Some(DocumentKind::Return), ..all() }, "CUP"),
            (HistoryQuery { person: "ann".into(), ..all() }, "CUP"),
            (HistoryQuery { day: "2026-03-01".into(), ..all() }, "MUG"),
            (HistoryQuery { sku: "PLATE".into(), ..all() }, "PLATE"),
            (HistoryQuery { text: "s-77".into(), ..all() }, "CUP"),
            (HistoryQuery { text: "damaged".into(), ..all() }, "PLATE"),
            (HistoryQuery { text: "a mug".into(), ..all() }, "MUG"),
            (HistoryQuery { text: "not fit".into(), ..all() }, "CUP"),
        ];
        for (query, sku) in filters {
            let found = told(&store, query.clone()).await;
            assert_eq!(found.iter().map(|line| line.lines[0].sku.as_str()).collect::<Vec<_>>(), [sku], "{query:?}");
        }
        assert!(told(&store, HistoryQuery { day: "2026-03-02".into(), ..all() }).await.is_empty());
        let odd = HistoryQuery { store: "LON".into(), day: "soon".into(), ..all() };
        assert!(matches!(inventory.history(owner, &odd, None, 9).await, Err(Error::Invalid(_))));
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn one_may_undo_ones_own_of_late_and_not_what_others_did() {
    on_each(async |db| {
        let store = open(db).await;
        let (ann, bob) = (store.someone(Role::Employee).await, store.someone(Role::Employee).await);
        assert_ne!(ann.principal, bob.principal);
        store.inventory.post_sale(&ann, sale(vec![line("CUP", "1")])).await.expect("posted");
        let query = HistoryQuery { store: "LON".into(), ..HistoryQuery::default() };
        for (who, may) in [(&ann, true), (&bob, false), (&store.someone(Role::Manager).await, true)] {
            let seen = store.inventory.history(who, &query, None, 9).await.expect("readable").data;
            assert_eq!(seen[0].may_undo, may);
        }
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_scan_means_an_item_a_document_or_a_place_and_nothing_of_other_stores() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let sold = inventory.post_sale(owner, numbered("CUP", "S-5")).await.expect("posted");
        let slip = Meant::Posting { id: sold.id, kind: DocumentKind::Sale, store: "LON".into() };
        let id = sold.id.to_string();
        let meanings = [
            ("50CUP", Meant::Item("CUP".into())),
            (" MUG ", Meant::Item("MUG".into())),
            ("S-5", slip.clone()),
            (id.as_str(), slip),
            ("london", Meant::Place("LON".into())),
            ("shop", Meant::Place("LON".into())),
            ("CUSTOMER", Meant::Nothing),
            ("999", Meant::Nothing),
        ];
        for (text, meant) in meanings {
            assert_eq!(inventory.meaning(owner, "LON", text).await, Ok(meant), "{text}");
        }
        assert!(matches!(inventory.meaning(owner, "LON", "  ").await, Err(Error::Invalid(_))));
        let paris = inventory.add_store(owner, "PAR", "Paris", "EUR", "Europe/Paris").await.expect("added");
        let grants = vec![model::Grant { role: Role::Employee, store: Some(paris.id) }];
        let pierre = Actor { principal: Principal::System, grants, ..Actor::system("pierre") };
        assert_eq!(inventory.meaning(&pierre, "PAR", "S-5").await, Ok(Meant::Nothing));
        assert_eq!(inventory.meaning(&pierre, "PAR", "london").await, Ok(Meant::Nothing));
        assert_eq!(inventory.posting(&pierre, sold.id).await, Err(Error::NotFound));
        assert_eq!(inventory.meaning(&pierre, "LON", "CUP").await, Err(Error::NotFound));
        store.close().await;
    })
    .await;
}

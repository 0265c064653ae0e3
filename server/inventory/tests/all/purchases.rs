//! Stories of purchase orders: written, approved by whom it takes, sent, received in parts, settled; on both engines.

use crate::buying::{colleague, delivery, draft, lines, order, sent, supplier};
use crate::common::{Open, limit_of, money, open, units};
use db::test::on_each;
use model::{
    Action, Actor, Error, Meant, NewReversal, PaperKind, PostingId, Purchase, PurchaseQuery, PurchaseShow,
    PurchaseState, PurchaseStep, Refusal, Reused, Role,
};

fn wrong(state: &str) -> Error {
    Refusal::WrongState { state: state.into() }.into()
}

fn undo() -> NewReversal {
    NewReversal { id: PostingId::new(), reason: None }
}

fn counts(order: &Purchase) -> Vec<(&str, String, String, String)> {
    let lines = order.lines.iter();
    lines
        .map(|line| (line.sku.as_str(), line.received.to_string(), line.rejected.to_string(), line.open.to_string()))
        .collect()
}

async fn read(store: &Open, order: &Purchase) -> Purchase {
    store.inventory.purchase(&store.owner, order.id).await.expect("it is there").data
}

#[tokio::test]
async fn an_order_goes_from_the_first_line_to_the_last_delivery() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let acme = inventory.add_supplier(owner, supplier("ACME", "0")).await.expect("added");
        let new = order(&acme, &[("CUP", "12", "2.00"), ("MUG", "6", "1.255")]);
        let written = inventory.add_purchase(owner, new.clone()).await.expect("written");
        assert_eq!((written.number.as_str(), written.state, written.version), ("PO-LON-1", PurchaseState::Draft, 1));
        assert_eq!(written.value, money("31.53"));
        assert_eq!(written.next, [PurchaseStep::Submit, PurchaseStep::Change, PurchaseStep::Cancel]);
        assert_eq!(inventory.add_purchase(owner, new).await.as_ref(), Ok(&written), "sent again, it is the same");

        let approved = inventory.submit_purchase(owner, written.id, Some(1)).await.expect("there is no limit");
        assert_eq!((approved.state, approved.approver.as_deref()), (PurchaseState::Approved, Some("test")));
        assert_eq!(inventory.sheet(owner, "LON", "CUP").await.expect("a sheet").incoming, [], "it is not sent yet");
        let sent = inventory.send_purchase(owner, written.id, Some(2)).await.expect("sent");
        assert_eq!(sent.lines[0].open, units("12"));
        let coming = inventory.sheet(owner, "LON", "CUP").await.expect("a sheet").incoming;
        assert_eq!((coming.len(), coming[0].quantity, coming[0].number.as_str()), (1, units("12"), "PO-LON-1"));

        let first = delivery(&sent, &[("CUP", "5"), ("PLATE", "1")], &[("MUG", "2")]);
        let receipt = inventory.post_receipt(owner, first.clone()).await.expect("booked in");
        assert_eq!(receipt.lines[0].unit_price, Some(money("2")), "what was agreed");
        assert_eq!(inventory.post_receipt(owner, first).await.as_ref(), Ok(&receipt), "sent again, it counts once");
        let partly = read(&store, &sent).await;
        assert_eq!((partly.state, partly.version, partly.receipts.len()), (PurchaseState::PartlyReceived, 4, 1));
        let zero = || "0".to_owned();
        let expected = [
            ("CUP", "5".to_owned(), zero(), "7".to_owned()),
            ("MUG", zero(), "2".into(), "6".into()),
            ("PLATE", "1".into(), zero(), zero()),
        ];
        assert_eq!(counts(&partly), expected, "what was not taken is still to come, what was not ordered is there");
        assert_eq!(store.level("CUP").await.on_hand, units("5"));
        let coming = inventory.sheet(owner, "LON", "CUP").await.expect("a sheet").incoming;
        assert_eq!(coming[0].quantity, units("7"));
        let row = store.level("CUP").await;
        assert_eq!((row.incoming, row.projected), (units("7"), units("12")));

        inventory.post_receipt(owner, delivery(&sent, &[("CUP", "7"), ("MUG", "6")], &[])).await.expect("the rest");
        let all = read(&store, &sent).await;
        assert_eq!(all.state, PurchaseState::Received);
        assert_eq!(inventory.sheet(owner, "LON", "CUP").await.expect("a sheet").incoming, []);
        let closed = inventory.close_purchase(owner, sent.id, Some(all.version), None).await.expect("settled");
        assert_eq!((closed.state, closed.next.len()), (PurchaseState::Closed, 0));
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn above_the_limit_somebody_else_approves() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let acme = inventory.add_supplier(owner, supplier("ACME", "0")).await.expect("added");
        let limit = Some(money("100"));
        inventory.change_rules(owner, "LON", limit_of(PaperKind::PurchaseOrder, limit)).await.expect("set");
        let mark = store.someone(Role::Manager).await;
        let mia = colleague(&mark, "mia");
        let ann = store.someone(Role::Employee).await;

        let small = inventory.add_purchase(&mark, order(&acme, &[("CUP", "50", "2")])).await.expect("written");
        let small = inventory.submit_purchase(&mark, small.id, None).await.expect("100 is not above 100");
        assert_eq!(small.state, PurchaseState::Approved);

        let large = inventory.add_purchase(&mark, order(&acme, &[("CUP", "51", "2")])).await.expect("written");
        let large = inventory.submit_purchase(&mark, large.id, None).await.expect("it waits");
        assert_eq!((large.state, large.approver.as_deref()), (PurchaseState::Submitted, None));
        assert_eq!(large.next, [PurchaseStep::Reject, PurchaseStep::Cancel], "not one's own");
        let own = inventory.approve_purchase(&mark, large.id, None).await;
        assert_eq!(own, Err(Refusal::OwnWork.into()));
        let low = inventory.approve_purchase(&ann, large.id, None).await;
        assert_eq!(low, Err(Error::Forbidden(Action::Approve)));
        assert_eq!(inventory.waiting(&mia, "LON").await.expect("counted").data.approvals, 1);
        assert_eq!(inventory.waiting(&ann, "LON").await.expect("counted").data.approvals, 0, "not hers to approve");

        let no = inventory.reject_purchase(&mia, large.id, Some(2), "too many").await.expect("not approved");
        assert_eq!((no.state, no.reason.as_deref()), (PurchaseState::Rejected, Some("too many")));
        // Who writes it last does not approve it either, whoever began it.
        let again = draft(&acme, &[("CUP", "60", "2")]);
        let again = inventory.change_purchase(&mia, large.id, Some(3), again).await.expect("a draft again");
        assert_eq!((again.state, again.reason.as_deref()), (PurchaseState::Draft, None));
        inventory.submit_purchase(&mark, large.id, Some(4)).await.expect("it waits");
        assert_eq!(inventory.approve_purchase(&mia, large.id, None).await, Err(Refusal::OwnWork.into()));
        assert_eq!(inventory.approve_purchase(&mark, large.id, None).await, Err(Refusal::OwnWork.into()));
        // Nor who wrote it between these two.
        inventory.reject_purchase(&mark, large.id, Some(5), "too few").await.expect("not approved");
        let more = draft(&acme, &[("CUP", "70", "2")]);
        inventory.change_purchase(&mark, large.id, Some(6), more).await.expect("a draft again");
        inventory.submit_purchase(&mark, large.id, Some(7)).await.expect("it waits");
        assert_eq!(inventory.approve_purchase(&mia, large.id, None).await, Err(Refusal::OwnWork.into()));
        let third = colleague(&mark, "moe");
        let approved = inventory.approve_purchase(&third, large.id, Some(8)).await.expect("somebody else");
        assert_eq!(approved.approver.as_deref(), Some("moe"));
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn more_than_was_ordered_needs_somebody_who_approves() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let acme = inventory.add_supplier(owner, supplier("ACME", "10")).await.expect("added");
        let order = sent(&store, &acme, &[("CUP", "20", "2")]).await;
        let ann = store.someone(Role::Employee).await;
        inventory.post_receipt(&ann, delivery(&order, &[("CUP", "15")], &[])).await.expect("within");
        let over = delivery(&order, &[("CUP", "4"), ("CUP", "4")], &[]);
        let refused = inventory.post_receipt(&ann, over.clone()).await;
        let available = units("7");
        assert_eq!(refused, Err(Refusal::OverOrdered { sku: "CUP".into(), available }.into()));
        assert_eq!(read(&store, &order).await.lines[0].received, units("15"), "nothing of it was booked in");
        let mark = store.someone(Role::Manager).await;
        inventory.post_receipt(&mark, over).await.expect("a manager may");
        let after = read(&store, &order).await;
        assert_eq!((after.lines[0].received, after.state), (units("23"), PurchaseState::Received));
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn undoing_a_delivery_takes_the_order_back() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let acme = inventory.add_supplier(owner, supplier("ACME", "0")).await.expect("added");
        let order = sent(&store, &acme, &[("CUP", "12", "2"), ("MUG", "6", "1")]).await;
        let first = delivery(&order, &[("CUP", "12"), ("PLATE", "3")], &[("MUG", "1")]);
        let first = inventory.post_receipt(owner, first).await.expect("booked in");
        let second = inventory.post_receipt(owner, delivery(&order, &[("MUG", "6")], &[])).await.expect("booked in");
        inventory.close_purchase(owner, order.id, None, None).await.expect("settled");

        let back = undo();
        let undone = inventory.reverse(owner, second.id, back.clone()).await.expect("undone");
        assert_eq!(inventory.reverse(owner, second.id, back).await.as_ref(), Ok(&undone), "sent again, it counts once");
        let twice = inventory.reverse(owner, second.id, undo()).await;
        assert_eq!(twice, Err(Refusal::AlreadyReversed.into()));
        let partly = read(&store, &order).await;
        assert_eq!(partly.state, PurchaseState::PartlyReceived, "settled because all was there; it is not any more");
        assert!(partly.receipts[0].undone && !partly.receipts[1].undone);
        store.assert_sound().await;

        inventory.reverse(owner, first.id, undo()).await.expect("undone");
        let none = read(&store, &order).await;
        assert_eq!((none.state, none.lines.len()), (PurchaseState::Sent, 2), "nothing of it came");
        assert!(counts(&none).iter().all(|line| (line.1.as_str(), line.2.as_str()) == ("0", "0")));
        let gone = inventory.cancel_purchase(owner, order.id, None, Some("sold out")).await.expect("given up");
        assert_eq!((gone.state, gone.reason.as_deref()), (PurchaseState::Cancelled, Some("sold out")));
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_does_not_come_any_more_is_closed_short_and_stays_so() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let acme = inventory.add_supplier(owner, supplier("ACME", "0")).await.expect("added");
        let order = sent(&store, &acme, &[("CUP", "12", "2")]).await;
        assert_eq!(inventory.close_purchase(owner, order.id, None, Some("x")).await, Err(wrong("sent")));
        let some = inventory.post_receipt(owner, delivery(&order, &[("CUP", "5")], &[])).await.expect("booked in");
        assert_eq!(inventory.cancel_purchase(owner, order.id, None, None).await, Err(wrong("partly_received")));
        let silent = inventory.close_purchase(owner, order.id, None, None).await;
        assert!(matches!(silent, Err(Error::Invalid(flaws)) if flaws[0].field == "reason"));
        let short = inventory.close_purchase(owner, order.id, None, Some("sold out")).await.expect("closed");
        assert_eq!((short.state, short.lines[0].open), (PurchaseState::ClosedShort, units("0")));
        let late = inventory.post_receipt(owner, delivery(&order, &[("CUP", "7")], &[])).await;
        assert_eq!(late, Err(wrong("closed_short")));
        inventory.reverse(owner, some.id, undo()).await.expect("undone");
        let after = read(&store, &order).await;
        assert_eq!((after.state, after.lines[0].received), (PurchaseState::ClosedShort, units("0")));
        assert_eq!(after.reason.as_deref(), Some("sold out"));
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn nobody_writes_over_somebody_else_and_a_step_is_taken_once() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let acme = inventory.add_supplier(owner, supplier("ACME", "0")).await.expect("added");
        let mark = store.someone(Role::Manager).await;
        let mia = colleague(&mark, "mia");
        let first = inventory.add_purchase(&mark, order(&acme, &[("CUP", "1", "2")])).await.expect("written");
        let marks = draft(&acme, &[("CUP", "2", "2")]);
        let second = inventory.change_purchase(&mark, first.id, Some(1), marks.clone()).await.expect("changed");
        assert_eq!((second.version, second.value), (2, money("4")));
        let stale = inventory.change_purchase(&mia, first.id, Some(1), draft(&acme, &[("MUG", "9", "2")])).await;
        assert_eq!(stale, Err(Error::Conflict(Reused::Version)));
        let same = inventory.change_purchase(&mia, first.id, Some(2), marks).await.expect("as it is");
        assert_eq!(same.version, 2, "nothing is different, nothing happened");

        let sent = inventory.submit_purchase(&mark, first.id, Some(2)).await.expect("approved");
        let twice = inventory.submit_purchase(&mark, first.id, Some(2)).await.expect("the same tap again");
        assert_eq!((twice.version, twice.state), (sent.version, PurchaseState::Approved));
        let late = inventory.submit_purchase(&mia, first.id, Some(2)).await;
        assert_eq!(late, Err(Error::Conflict(Reused::Version)));
        let fixed = inventory.change_purchase(&mark, first.id, Some(3), draft(&acme, &[])).await;
        assert_eq!(fixed, Err(wrong("approved")), "what is approved stays as it was approved");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn two_people_at_one_delivery_count_both() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let acme = inventory.add_supplier(owner, supplier("ACME", "0")).await.expect("added");
        let order = sent(&store, &acme, &[("CUP", "40", "2"), ("MUG", "40", "2")]).await;
        let ann = store.someone(Role::Employee).await;
        let people: Vec<Actor> = (0..8).map(|at| colleague(&ann, &format!("ann {at}"))).collect();
        let tasks: Vec<_> = people
            .into_iter()
            .enumerate()
            .map(|(at, who)| {
                let (inventory, items) = (inventory.clone(), [("CUP", "5"), ("MUG", "5")]);
                let items = if at % 2 == 0 { items } else { [items[1], items[0]] };
                let new = delivery(&order, &items, &[]);
                tokio::spawn(async move { inventory.post_receipt(&who, new).await })
            })
            .collect();
        for task in tasks {
            task.await.expect("it ends").expect("booked in");
        }
        let all = read(&store, &order).await;
        assert_eq!((all.state, all.receipts.len()), (PurchaseState::Received, 8));
        assert_eq!(store.level("MUG").await.on_hand, units("40"));
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn an_order_of_another_store_is_as_good_as_none() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        inventory.add_store(owner, "PAR", "Paris", "EUR", "Europe/Paris").await.expect("the store opens");
        let paris = inventory.store(owner, Action::SeeStock, "PAR").await.expect("known");
        let pierre = colleague(&store.someone(Role::Manager).await, "pierre");
        let grants = vec![model::Grant { role: Role::Manager, store: Some(paris.id) }];
        let pierre = Actor { grants, ..pierre };
        let acme = inventory.add_supplier(owner, supplier("ACME", "0")).await.expect("added");
        let order = sent(&store, &acme, &[("CUP", "4", "2")]).await;
        let (id, gone) = (order.id, Err(Error::NotFound));

        assert_eq!(inventory.purchase(&pierre, id).await.map(|found| found.data), gone);
        assert_eq!(inventory.change_purchase(&pierre, id, None, draft(&acme, &[])).await, gone);
        assert_eq!(inventory.submit_purchase(&pierre, id, None).await, gone);
        assert_eq!(inventory.approve_purchase(&pierre, id, None).await, gone);
        assert_eq!(inventory.reject_purchase(&pierre, id, None, "no").await, gone);
        assert_eq!(inventory.send_purchase(&pierre, id, None).await, gone);
        assert_eq!(inventory.close_purchase(&pierre, id, None, None).await, gone);
        assert_eq!(inventory.cancel_purchase(&pierre, id, None, None).await, gone);
        let mut there = delivery(&order, &[("CUP", "4")], &[]);
        there.store = "PAR".into();
        assert_eq!(inventory.post_receipt(&pierre, there.clone()).await, Err(Error::NotFound));
        assert_eq!(inventory.post_receipt(owner, there).await, Err(Error::NotFound), "nor is it received elsewhere");
        let query = PurchaseQuery { store: "LON".into(), ..PurchaseQuery::default() };
        assert_eq!(inventory.purchases(&pierre, &query, 10).await.err(), Some(Error::NotFound));
        assert_eq!(inventory.meaning(&pierre, "PAR", "PO-LON-1").await, Ok(Meant::Nothing));
        let paper = Meant::Paper { id, kind: PaperKind::PurchaseOrder, store: "LON".into() };
        assert_eq!(inventory.meaning(owner, "PAR", "po-lon-1").await, Ok(paper));

        let ann = store.someone(Role::Employee).await;
        let denied = inventory.cancel_purchase(&ann, id, None, None).await;
        assert_eq!(denied, Err(Error::Forbidden(Action::Purchase)));
        assert_eq!(inventory.purchase(&ann, id).await.expect("hers to see").data.next, [PurchaseStep::Receive]);
        let own = inventory.add_purchase(&ann, crate::buying::order(&acme, &[])).await;
        assert_eq!(own, Err(Error::Forbidden(Action::Purchase)));
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn lists_go_on_where_they_ended_and_show_what_is_asked() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let acme = inventory.add_supplier(owner, supplier("ACME", "0")).await.expect("added");
        for _ in 0..5 {
            inventory.add_purchase(owner, order(&acme, &[("CUP", "1", "2")])).await.expect("written");
        }
        let expected = sent(&store, &acme, &[("CUP", "1", "2"), ("MUG", "1", "2")]).await;
        let given_up = inventory.add_purchase(owner, order(&acme, &[])).await.expect("written");
        inventory.cancel_purchase(owner, given_up.id, None, None).await.expect("given up");

        let mut query = PurchaseQuery { store: "LON".into(), ..PurchaseQuery::default() };
        let list = inventory.purchase_list(owner, &query, 4).await.expect("a page").data;
        assert_eq!(list.counts, [(PurchaseState::Draft, 5), (PurchaseState::Sent, 1)]);
        let mut numbers: Vec<_> = list.rows.iter().map(|row| row.number.clone()).collect();
        query.after = list.next;
        let rest = inventory.purchase_list(owner, &query, 4).await.expect("a page").data;
        numbers.extend(rest.rows.iter().map(|row| row.number.clone()));
        let latest = ["PO-LON-6", "PO-LON-5", "PO-LON-4", "PO-LON-3", "PO-LON-2", "PO-LON-1"];
        assert_eq!((numbers, rest.next), (latest.map(String::from).to_vec(), None));

        query = PurchaseQuery { store: "LON".into(), show: PurchaseShow::Expected, ..PurchaseQuery::default() };
        let page = inventory.purchases(owner, &query, 10).await.expect("a page");
        assert_eq!(page.data.iter().map(|row| row.id).collect::<Vec<_>>(), [expected.id]);
        assert_eq!((page.data[0].lines, page.data[0].done, page.data[0].value), (2, 0, money("4")));
        query.show = PurchaseShow::All;
        assert_eq!(inventory.purchases(owner, &query, 10).await.expect("a page").data.len(), 7);
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_right_is_told_where_it_stands() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let acme = inventory.add_supplier(owner, supplier("ACME", "0")).await.expect("added");
        let flaw = |done: Result<Purchase, Error>| match done {
            Err(Error::Invalid(flaws)) => (flaws[0].field.clone(), flaws[0].code.clone()),
            other => panic!("it is wrong: {other:?}"),
        };
        let cases = [
            (lines(&[("CUP", "0", "1")]), "lines[0].quantity", "quantity"),
            (lines(&[("CUP", "1", "-1")]), "lines[0].unit_cost", "unit_price"),
            (lines(&[("CUP", "1", "1"), ("CUP", "1", "1")]), "lines[1].sku", "twice"),
            (lines(&[("NONE", "1", "1")]), "lines[0].sku", "unknown_sku"),
            (lines(&[("CUP", "1000000000", "1000000000")]), "lines", "total"),
        ];
        for (lines, field, code) in cases {
            let new = model::NewPurchase { lines, ..order(&acme, &[]) };
            assert_eq!(flaw(inventory.add_purchase(owner, new).await), (field.into(), code.into()));
        }
        let new = model::NewPurchase { due_on: Some("2026-13-01".into()), ..order(&acme, &[]) };
        assert_eq!(flaw(inventory.add_purchase(owner, new).await).0, "due_on");
        let mut many = lines(&[("CUP", "1", "1")]);
        many.resize(1_001, many[0].clone());
        let new = model::NewPurchase { lines: many, ..order(&acme, &[]) };
        assert_eq!(flaw(inventory.add_purchase(owner, new).await), ("lines".into(), "line_count".into()));

        let empty = inventory.add_purchase(owner, order(&acme, &[])).await.expect("a draft may be empty");
        assert_eq!(empty.number, "PO-LON-1", "what was refused took no number");
        assert_eq!(flaw(inventory.submit_purchase(owner, empty.id, None).await).0, "lines");
        let free = inventory.add_purchase(owner, order(&acme, &[("CUP", "1", "")])).await.expect("written");
        assert_eq!(flaw(inventory.submit_purchase(owner, free.id, None).await).0, "lines[0].unit_cost");
        let sent = sent(&store, &acme, &[("CUP", "4", "2")]).await;
        let odd = inventory.post_receipt(owner, delivery(&sent, &[("CUP", "1")], &[("MUG", "1")])).await;
        assert!(matches!(odd, Err(Error::Invalid(flaws)) if flaws[0].code == "not_ordered"));
        let mut nobody = delivery(&sent, &[("CUP", "1")], &[("CUP", "1")]);
        nobody.order = None;
        assert!(matches!(inventory.post_receipt(owner, nobody).await, Err(Error::Invalid(_))));
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

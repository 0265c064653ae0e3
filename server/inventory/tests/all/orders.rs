//! Customers' orders, told as stories on both engines: from the draft to the customer.

use crate::common::{Open, open, units};
use crate::lots::OVER;
use crate::promise::{hand_over, hold, order, three};
use db::{execute, test::on_each};
use model::{
    Actor, Cancelling, Error, NewEnd, NewReversal, Pick, Picking, PostingId, PromisePolicy, Refusal, Reused, Role, Time,
};
use storeroom_inventory::OrderFilter;

#[tokio::test]
async fn an_order_goes_from_the_draft_to_the_customer() {
    on_each(async |db| {
        let store = open(db).await;
        store.receive(&[("CUP", "5"), ("MUG", "5")]).await;
        let ann = store.someone(Role::Employee).await;
        let new = order(&[("CUP", "3"), ("MUG", "2"), ("POST", "1")]);
        let drafted = store.inventory.add_order(&ann, new.clone()).await.expect("drafted");
        assert_eq!(store.inventory.add_order(&ann, new).await.as_ref(), Ok(&drafted), "the same again is the same");
        assert_eq!((drafted.state.as_str(), drafted.version), ("draft", 1));
        assert_eq!(store.figures("CUP").await, three("5", "0", "5"), "a draft promises nothing");
        let stale = store.inventory.confirm_order(&ann, drafted.id, Some(7)).await;
        assert_eq!(stale, Err(Error::Conflict(Reused::Version)));
        let confirmed = store.inventory.confirm_order(&ann, drafted.id, Some(1)).await.expect("confirmed");
        assert_eq!((confirmed.state.as_str(), confirmed.version), ("confirmed", 2));
        assert_eq!(store.inventory.confirm_order(&ann, drafted.id, Some(1)).await, Ok(confirmed.clone()));
        assert_eq!(store.figures("CUP").await, three("5", "3", "2"));
        let picks = vec![Pick { line: 1, before: units("0"), picked: units("2") }];
        let picking = Picking { lines: picks };
        let picked = store.inventory.pick_order(&ann, drafted.id, picking.clone()).await.expect("picked");
        assert_eq!((picked.state.as_str(), picked.lines[0].picked), ("picking", units("2")));
        assert_eq!(store.inventory.pick_order(&ann, drafted.id, picking).await, Ok(picked), "a repeat counts once");
        let other = Picking { lines: vec![Pick { line: 1, before: units("0"), picked: units("1") }] };
        let other = store.inventory.pick_order(&ann, drafted.id, other).await;
        assert_eq!(other, Err(Error::Conflict(Reused::Version)), "somebody else counted meanwhile");
        let first = hand_over(&[]);
        let partly = store.inventory.hand_over(&ann, drafted.id, None, first.clone()).await.expect("handed over");
        assert_eq!((partly.state.as_str(), partly.lines[0].fulfilled), ("partly_fulfilled", units("2")));
        assert_eq!(store.inventory.hand_over(&ann, drafted.id, None, first).await, Ok(partly), "they leave once");
        assert_eq!(store.figures("CUP").await, three("3", "1", "2"));
        let too_many = store.inventory.hand_over(&ann, drafted.id, None, hand_over(&[(1, "2")])).await;
        assert!(matches!(too_many, Err(Error::Invalid(_))), "{too_many:?}");
        let rest = hand_over(&[(1, "1"), (2, "2"), (3, "1")]);
        let done = store.inventory.hand_over(&ann, drafted.id, None, rest).await.expect("handed over");
        assert_eq!(done.state, "fulfilled");
        assert_eq!(store.figures("MUG").await, three("3", "0", "3"));
        let closed = store.inventory.close_order(&ann, drafted.id, None).await.expect("closed");
        assert_eq!(closed.state, "closed");
        let late = store.inventory.cancel_order(&ann, drafted.id, None, Cancelling::default()).await;
        assert_eq!(late, Err(Refusal::WrongState { state: "closed".into() }.into()));
        store.assert_sound().await;
        assert_eq!(store.inventory.rebuild(&store.owner).await, Ok(0));
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn who_waits_gets_what_has_come_the_oldest_first() {
    on_each(async |db| {
        let store = open(db).await;
        store.policy("CUP", PromisePolicy::Allow).await;
        store.receive(&[("CUP", "3")]).await;
        let first = store.confirmed(&[("CUP", "5")]).await.expect("confirmed");
        assert_eq!((first.lines[0].reserved, first.lines[0].backordered), (units("3"), units("2")));
        let second = store.confirmed(&[("CUP", "4")]).await.expect("confirmed");
        assert_eq!(second.lines[0].backordered, units("4"));
        let level = store.level("CUP").await;
        assert_eq!((level.available, level.backordered, level.projected), three("0", "6", "-6"));
        store.receive(&[("CUP", "3")]).await;
        let third = store.confirmed(&[("CUP", "1")]).await.expect("confirmed");
        assert_eq!(third.lines[0].backordered, units("1"), "nobody jumps the queue");
        assert_eq!(store.inventory.keep_promises_once().await, Ok((0, 2)));
        assert_eq!(store.order(first.id).await.lines[0].reserved, units("5"));
        assert_eq!(store.order(second.id).await.lines[0].reserved, units("1"));
        assert_eq!(store.order(third.id).await.lines[0].reserved, units("0"));
        let cancelled = store.inventory.cancel_order(&store.owner, first.id, None, Cancelling::default()).await;
        assert_eq!(cancelled.expect("cancelled").state, "cancelled");
        assert_eq!(store.figures("CUP").await, three("6", "1", "5"));
        assert_eq!(store.inventory.keep_promises_once().await, Ok((0, 2)), "what is free again goes to who waits");
        assert_eq!(store.figures("CUP").await, three("6", "5", "1"));
        assert_eq!(store.inventory.keep_promises_once().await, Ok((0, 0)));
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn lines_are_cancelled_one_by_one_and_what_was_handed_over_stays() {
    on_each(async |db| {
        let store = open(db).await;
        store.receive(&[("CUP", "5"), ("MUG", "5")]).await;
        let order = store.confirmed(&[("CUP", "3"), ("MUG", "2")]).await.expect("confirmed");
        store.inventory.hand_over(&store.owner, order.id, None, hand_over(&[(1, "1")])).await.expect("handed over");
        let one = Cancelling { lines: vec![2] };
        let left = store.inventory.cancel_order(&store.owner, order.id, None, one.clone()).await.expect("cancelled");
        assert_eq!((left.state.as_str(), left.lines[1].cancelled), ("partly_fulfilled", units("2")));
        assert_eq!(store.inventory.cancel_order(&store.owner, order.id, None, one).await, Ok(left));
        let unknown = Cancelling { lines: vec![9] };
        let unknown = store.inventory.cancel_order(&store.owner, order.id, None, unknown).await;
        assert!(matches!(unknown, Err(Error::Invalid(_))));
        let all = store.inventory.cancel_order(&store.owner, order.id, None, Cancelling::default()).await;
        let all = all.expect("cancelled");
        assert_eq!((all.state.as_str(), all.lines[0].fulfilled), ("fulfilled", units("1")));
        assert_eq!(store.figures("CUP").await, three("4", "0", "4"));
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn an_order_is_for_those_of_its_store_and_its_customer_for_those_who_promise() {
    on_each(async |db| {
        let store = open(db).await;
        store.receive(&[("CUP", "5")]).await;
        let order = store.confirmed(&[("CUP", "1")]).await.expect("confirmed");
        let held = store.keep(&[("CUP", "1")]).await.expect("kept").reservations[0].id;
        let looker = store.someone(Role::ReadOnly).await;
        let seen = store.inventory.order(&looker, order.id).await.expect("theirs to see").data;
        assert_eq!((seen.customer, seen.number), (None, order.number.clone()));
        let filter = OrderFilter { store: "LON".into(), limit: 10, ..OrderFilter::default() };
        let listed = store.inventory.orders(&looker, &filter).await.expect("theirs to see").data;
        assert_eq!(listed[0].customer, None);
        assert_eq!(store.inventory.orders(&store.owner, &filter).await.expect("readable").data[0].to_pick, 1);
        let elsewhere = Actor { grants: Vec::new(), ..looker.clone() };
        for who in [looker, elsewhere] {
            let cancelled = store.inventory.cancel_order(&who, order.id, None, Cancelling::default()).await;
            assert!(matches!(cancelled, Err(Error::Forbidden(_))), "{cancelled:?}");
            let released = store.inventory.release(&who, held).await;
            assert!(matches!(released, Err(Error::Forbidden(_))), "{released:?}");
            let end = NewEnd { expires_at: Time::now().plus_seconds(60) };
            let extended = store.inventory.extend(&who, held, end).await;
            assert!(matches!(extended, Err(Error::Forbidden(_))), "{extended:?}");
            let kept = store.inventory.hold(&who, hold(&[("CUP", "1")])).await;
            assert!(matches!(kept, Err(Error::Forbidden(_))), "{kept:?}");
        }
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn who_waits_for_what_must_not_be_sold_does_not_hold_up_the_others() {
    on_each(async |db| {
        let store = Open::with_lots(db).await;
        store.policy("CUP", PromisePolicy::Allow).await;
        store.policy("MUG", PromisePolicy::Allow).await;
        store.deliver("5", "OLD", Some(OVER)).await.expect("received");
        for _ in 0..100 {
            store.confirmed(&[("CUP", "1")]).await.expect("confirmed");
        }
        let behind = store.confirmed(&[("MUG", "1")]).await.expect("confirmed");
        assert_eq!(behind.lines[0].backordered, units("1"));
        store.receive(&[("MUG", "1")]).await;
        assert_eq!(store.inventory.keep_promises_once().await, Ok((0, 1)));
        assert_eq!(store.order(behind.id).await.lines[0].reserved, units("1"));
        store.deliver("2", "NEW", None).await.expect("received");
        assert_eq!(store.inventory.keep_promises_once().await, Ok((0, 2)), "those who wait get what may be sold");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn an_order_that_cannot_be_served_does_not_hold_up_the_others() {
    on_each(async |db| {
        let store = open(db).await;
        store.policy("CUP", PromisePolicy::Allow).await;
        let broken = store.confirmed(&[("CUP", "1")]).await.expect("confirmed");
        let behind = store.confirmed(&[("CUP", "1")]).await.expect("confirmed");
        let mut tx = store.db.begin().await.expect("a transaction");
        execute!(&mut tx, "update inventory_paper set kind = 'transfer' where id = $1", broken.id).expect("by hand");
        tx.commit().await.expect("committed");
        store.receive(&[("CUP", "2")]).await;
        assert_eq!(store.inventory.keep_promises_once().await, Ok((0, 1)));
        assert_eq!(store.order(behind.id).await.lines[0].reserved, units("1"));
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn an_order_is_open_again_when_its_hand_over_is_undone() {
    on_each(async |db| {
        let store = open(db).await;
        store.receive(&[("CUP", "5"), ("MUG", "5")]).await;
        let id = store.confirmed(&[("CUP", "3"), ("MUG", "2"), ("POST", "1")]).await.expect("confirmed").id;
        let some = hand_over(&[(1, "1")]);
        store.inventory.hand_over(&store.owner, id, None, some.clone()).await.expect("handed over");
        let rest = hand_over(&[(1, "2"), (2, "2"), (3, "1")]);
        store.inventory.hand_over(&store.owner, id, None, rest.clone()).await.expect("handed over");
        store.inventory.close_order(&store.owner, id, None).await.expect("closed");
        let undo = NewReversal { id: PostingId::new(), reason: None };
        let undone = store.inventory.reverse(&store.owner, rest.id, undo.clone()).await.expect("undone");
        let order = store.order(id).await;
        let kept = order.lines.iter().map(|line| (line.reserved, line.fulfilled, line.backordered));
        assert_eq!(order.state, "partly_fulfilled", "it was closed, and its customer waits");
        assert_eq!(kept.collect::<Vec<_>>(), [three("2", "1", "0"), three("2", "0", "0"), three("1", "0", "0")]);
        assert_eq!(store.figures("CUP").await, three("4", "2", "2"));
        let again = store.inventory.reverse(&store.owner, rest.id, undo).await.expect("the same again is the same");
        assert_eq!(again.id, undone.id);
        let twice = NewReversal { id: PostingId::new(), reason: None };
        let twice = store.inventory.reverse(&store.owner, rest.id, twice).await;
        assert_eq!(twice, Err(Refusal::AlreadyReversed.into()));
        assert_eq!(store.order(id).await, order, "it follows once");
        store.undo(some.id).await;
        assert_eq!(store.order(id).await.state, "confirmed");
        store.assert_sound().await;
        let all = hand_over(&[(1, "3"), (2, "2"), (3, "1")]);
        let done = store.inventory.hand_over(&store.owner, id, None, all).await.expect("handed over");
        assert_eq!((done.state.as_str(), done.lines[0].fulfilled), ("fulfilled", units("3")));
        store.assert_sound().await;
        assert_eq!(store.inventory.rebuild(&store.owner).await, Ok(0));
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_was_sold_since_a_hand_over_is_not_kept_again_and_the_order_waits() {
    on_each(async |db| {
        let store = open(db).await;
        store.receive(&[("CUP", "3"), ("MUG", "3")]).await;
        let id = store.confirmed(&[("CUP", "3"), ("MUG", "2")]).await.expect("confirmed").id;
        let gone = hand_over(&[(1, "3"), (2, "1")]);
        store.inventory.hand_over(&store.owner, id, None, gone.clone()).await.expect("handed over");
        store.sell("CUP", "2").await;
        store.inventory.cancel_order(&store.owner, id, None, Cancelling { lines: vec![2] }).await.expect("cancelled");
        store.undo(gone.id).await;
        let order = store.order(id).await;
        let kept = order.lines.iter().map(|line| (line.reserved, line.backordered, line.cancelled));
        assert_eq!(kept.collect::<Vec<_>>(), [three("1", "2", "0"), three("1", "0", "1")]);
        assert_eq!((order.state.as_str(), store.figures("CUP").await), ("confirmed", three("1", "1", "0")));
        store.assert_sound().await;
        store.receive(&[("CUP", "2")]).await;
        assert_eq!(store.inventory.keep_promises_once().await, Ok((0, 1)));
        assert_eq!(store.order(id).await.lines[0].reserved, units("3"));
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_was_called_back_since_a_hand_over_is_not_kept_again() {
    on_each(async |db| {
        let store = Open::with_lots(db).await;
        store.deliver("3", "A", None).await.expect("received");
        let id = store.confirmed(&[("CUP", "2")]).await.expect("confirmed").id;
        let gone = hand_over(&[(1, "2")]);
        store.inventory.hand_over(&store.owner, id, None, gone.clone()).await.expect("handed over");
        store.set_lot("A", model::LotStatus::Recalled).await;
        store.undo(gone.id).await;
        let line = store.order(id).await.lines.remove(0);
        assert_eq!((line.reserved, line.backordered, line.fulfilled), three("0", "2", "0"));
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

//! What did not arrive: settled by parts, and found after all; on both engines.

use crate::common::{Open, units};
use crate::lots::LATER;
use crate::transfers::{amounts, arrive, step, to_paris};
use db::test::on_each;
use model::{Error, Goods, PostingId, Refusal, Role, Transfer, TransferState, TransferStep};

#[tokio::test]
async fn a_shortage_is_settled_by_parts_and_what_was_not_lost_has_a_way_back() {
    on_each(async |db| {
        let store = Open::two(db).await;
        let inventory = &store.inventory;
        let opened = inventory.add_transfer(&store.owner, to_paris(amounts(&[("CUP", "6"), ("MUG", "2")]))).await;
        let id = opened.expect("opened").id;
        store.take(id, step(TransferStep::Dispatch)).await.expect("sent");
        store.take(id, arrive(&[("CUP", "1")], true)).await.expect("that was all");
        let settle = |goods, of: &[(&str, &str)]| step(TransferStep::Settle { goods, lines: amounts(of) });
        let more = store.take(id, settle(Goods::Home, &[("CUP", "6")])).await;
        assert!(matches!(&more, Err(Error::Invalid(flaws)) if flaws[0].code == "more_than_sent"), "{more:?}");
        let home = store.take(id, settle(Goods::Home, &[("CUP", "2"), ("MUG", "1")])).await.expect("some are home");
        let open = |transfer: &Transfer| transfer.lines.iter().map(|line| line.in_transit).collect::<Vec<_>>();
        assert_eq!((home.state, open(&home)), (TransferState::Short, vec![units("3"), units("1")]));
        let ann = store.person(Role::Employee, "LON").await;
        let gone = settle(Goods::WrittenOff, &[("CUP", "2")]);
        let lost = inventory.step_transfer(&ann, id, gone.clone()).await.expect("two are lost");
        assert_eq!((lost.state, open(&lost)), (TransferState::Short, vec![units("1"), units("1")]));
        let late = store.take(id, arrive(&[("CUP", "1")], false)).await.expect("one is found");
        assert_eq!(open(&late), [units("0"), units("1")]);
        let rest = step(TransferStep::Settle { goods: Goods::WrittenOff, lines: Vec::new() });
        let done = store.take(id, rest).await.expect("the rest");
        assert_eq!(
            (done.state, done.lines[0].lost, done.lines[1].lost),
            (TransferState::Received, units("2"), units("1"))
        );
        store.assert_sound().await;

        let undo = || model::NewReversal { id: PostingId::new(), reason: None };
        let mark = store.person(Role::Employee, "LON").await;
        let pierre = store.person(Role::Manager, "PAR").await;
        assert_eq!(inventory.reverse(&mark, gone.id, undo()).await, Err(Error::Forbidden(model::Action::Reverse)));
        assert_eq!(inventory.reverse(&pierre, gone.id, undo()).await, Err(Error::NotFound), "it is the sender's");
        let line = inventory.posting(&ann, gone.id).await.expect("told").data;
        assert!(line.may_undo, "who said so may take it back for a while");
        inventory.reverse(&ann, gone.id, undo()).await.expect("they were not lost");
        assert_eq!(inventory.reverse(&ann, gone.id, undo()).await, Err(Refusal::AlreadyReversed.into()));
        let found = inventory.transfer(&store.owner, id).await.expect("readable").data;
        assert_eq!((found.state, open(&found)), (TransferState::Short, vec![units("2"), units("0")]));
        store.assert_sound().await;
        store.take(id, arrive(&[("CUP", "2")], false)).await.expect("they arrive after all");
        assert_eq!(store.on_sale("PAR", "CUP").await, units("4"));

        let sent = inventory.add_transfer(&store.owner, to_paris(amounts(&[("PLATE", "1")]))).await.expect("opened").id;
        let dispatch = step(TransferStep::Dispatch);
        store.take(sent, dispatch.clone()).await.expect("sent");
        let left = inventory.reverse(&store.owner, dispatch.id, undo()).await;
        assert!(matches!(&left, Err(Error::Invalid(flaws)) if flaws[0].code == "of_document"), "{left:?}");
        let off = step(TransferStep::Cancel { goods: Some(Goods::WrittenOff) });
        store.take(sent, off.clone()).await.expect("called off");
        inventory.reverse(&store.owner, off.id, undo()).await.expect("it is there after all");
        let again = inventory.transfer(&store.owner, sent).await.expect("readable").data;
        assert_eq!((again.state, open(&again)), (TransferState::InTransit, vec![units("1")]));
        store.assert_sound().await;
        assert_eq!(inventory.rebuild(&store.owner).await, Ok(0), "a rebuild changes nothing");
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_was_lost_and_is_found_arrives_as_the_lot_that_it_is() {
    on_each(async |db| {
        let store = Open::with_lots(db).await;
        store.places(&["BACK"]).await;
        store.deliver("4", "A", Some(LATER[0])).await.expect("posted");
        let trip = store.draft_move("CUP", "4", "SHOP", "BACK").await.id;
        store.take(trip, step(TransferStep::Dispatch)).await.expect("sent");
        store.take(trip, arrive(&[("CUP", "1")], true)).await.expect("that was all");
        let off = step(TransferStep::Settle { goods: Goods::WrittenOff, lines: Vec::new() });
        store.take(trip, off.clone()).await.expect("the rest is lost");
        let undo = model::NewReversal { id: PostingId::new(), reason: None };
        store.inventory.reverse(&store.owner, off.id, undo).await.expect("it was not");
        store.take(trip, arrive(&[("CUP", "3")], false)).await.expect("there it is");
        assert_eq!(store.lying().await, [("BACK".to_owned(), "A".to_owned(), "4".to_owned())]);
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

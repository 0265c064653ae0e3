//! An undoing puts nothing into a place that was given up, on both engines.

use crate::common::open;
use crate::promise::hand_over;
use db::test::on_each;
use model::{Cancelling, NewReversal, PlaceChange, PostingId, Refusal};

#[tokio::test]
async fn goods_come_back_to_a_place_only_after_it_is_taken_up_again() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        store.places(&["BACK"]).await;
        store.receive(&[("CUP", "2")]).await;
        store.carry("CUP", "2", "SHOP", "BACK").await.expect("moved");
        let order = store.confirmed(&[("CUP", "2")]).await.expect("kept in the back").id;
        let gone = hand_over(&[(1, "2")]);
        inventory.hand_over(owner, order, None, gone.clone()).await.expect("handed over");
        let places = inventory.places(owner, "LON").await.expect("listed").data;
        let back = places.iter().find(|place| place.code == "BACK").expect("it is listed").id;
        let give_up = async |archived| {
            let change = PlaceChange { archived: Some(archived), name: None };
            inventory.change_place(owner, back, change).await.expect("changed");
        };
        give_up(true).await;
        let undo = NewReversal { id: PostingId::new(), reason: None };
        let refused = inventory.reverse(owner, gone.id, undo.clone()).await;
        assert_eq!(refused, Err(Refusal::PlaceGivenUp { place: "BACK".into() }.into()));
        assert_eq!(store.order(order).await.state, "fulfilled", "all of it or nothing");
        store.assert_sound().await;
        give_up(false).await;
        let undone = inventory.reverse(owner, gone.id, undo.clone()).await.expect("it lies there again").id;
        inventory.cancel_order(owner, order, None, Cancelling::default()).await.expect("cancelled");
        store.carry("CUP", "2", "BACK", "SHOP").await.expect("moved");
        give_up(true).await;
        let again = inventory.reverse(owner, gone.id, undo).await.map(|again| again.id);
        assert_eq!(again, Ok(undone), "what was undone before is answered as it was");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

//! A sale of which something came back is not undone, and of one that was undone nothing comes back; on both engines.

use crate::common::{Open, give_back, line, open, sale, units};
use db::test::on_each;
use model::{NewReturn, NewReversal, PostingId, Refusal};

fn undo() -> NewReversal {
    NewReversal { id: PostingId::new(), reason: None }
}

fn one_of(sale: PostingId) -> NewReturn {
    NewReturn { sale: Some(sale), ..give_back(vec![line("CUP", "1")]) }
}

/// A sale of three cups.
async fn sold(store: &Open) -> PostingId {
    store.inventory.post_sale(&store.owner, sale(vec![line("CUP", "3")])).await.expect("a sale is a fact").id
}

#[tokio::test]
async fn a_sale_is_undone_once_its_return_was_and_then_nothing_of_it_comes_back() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let may_undo = async |id| inventory.posting(owner, id).await.expect("readable").data.may_undo;
        let id = sold(&store).await;
        assert!(may_undo(id).await);
        let new = one_of(id);
        let back = inventory.post_return(owner, new.clone()).await.expect("it comes back");
        assert!(!may_undo(id).await, "nobody is offered what is refused");
        assert_eq!(inventory.reverse(owner, id, undo()).await, Err(Refusal::Returned.into()));
        assert_eq!(store.level("CUP").await.on_hand, units("-2"), "what came back counts once");
        inventory.reverse(owner, back.id, undo()).await.expect("the return is undone");
        assert!(may_undo(id).await);
        let away = undo();
        let undone = inventory.reverse(owner, id, away.clone()).await.expect("and now the sale");
        assert_eq!(inventory.post_return(owner, one_of(id)).await, Err(Refusal::SaleUndone.into()));
        let again = inventory.post_return(owner, new).await.map(|again| again.id);
        assert_eq!(again, Ok(back.id), "what was posted before is answered as it was");
        assert_eq!(inventory.reverse(owner, id, away).await.map(|again| again.id), Ok(undone.id));
        assert_eq!(store.level("CUP").await.on_hand, units("0"));
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn of_a_return_and_an_undoing_at_the_same_moment_one_is_refused() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        for _ in 0..20 {
            let id = sold(&store).await;
            let both = tokio::join!(inventory.post_return(owner, one_of(id)), inventory.reverse(owner, id, undo()));
            let refused = match &both {
                (Ok(_), Err(refused)) => *refused == Refusal::Returned.into(),
                (Err(refused), Ok(_)) => *refused == Refusal::SaleUndone.into(),
                _ => false,
            };
            assert!(refused, "{both:?}");
        }
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

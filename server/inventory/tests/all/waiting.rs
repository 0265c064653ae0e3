//! However many wait and get nothing, those behind them get their turn; on both engines.

use crate::common::{Open, open, units};
use db::{execute, test::on_each};
use model::{LotStatus, PromisePolicy};

/// How many orders get something in one round.
const ROUND: usize = 100;

#[tokio::test]
async fn what_the_shop_owes_is_waited_for_in_no_other_place() {
    on_each(async |db| {
        let store = Open::with_lots(db).await;
        store.places(&["BACK"]).await;
        store.policy("CUP", PromisePolicy::Allow).await;
        store.policy("MUG", PromisePolicy::Allow).await;
        store.deliver("3", "NEW", None).await.expect("received");
        store.carry("CUP", "3", "SHOP", "BACK").await.expect("moved");
        store.deliver("5", "OLD", None).await.expect("received");
        let kept = store.confirmed(&[("CUP", "5")]).await.expect("confirmed");
        assert_eq!(kept.lines[0].reserved, units("5"), "all that is in the shop");
        store.set_lot("OLD", LotStatus::Recalled).await;
        for _ in 0..ROUND {
            let waits = store.confirmed(&[("CUP", "1")]).await.expect("confirmed");
            assert_eq!(waits.lines[0].backordered, units("1"));
        }
        let behind = store.confirmed(&[("MUG", "1")]).await.expect("confirmed");
        store.receive(&[("MUG", "1")]).await;
        assert_eq!(store.inventory.keep_promises_once().await, Ok((0, 1)));
        assert_eq!(store.order(behind.id).await.lines[0].reserved, units("1"));
        store.set_lot("OLD", LotStatus::Ok).await;
        assert_eq!(store.inventory.keep_promises_once().await, Ok((0, 3)), "the shop owes nothing any more");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn orders_that_get_nothing_do_not_use_the_round_up() {
    on_each(async |db| {
        let store = open(db).await;
        store.policy("CUP", PromisePolicy::Allow).await;
        store.policy("MUG", PromisePolicy::Allow).await;
        for _ in 0..ROUND {
            store.confirmed(&[("CUP", "1")]).await.expect("confirmed");
        }
        let mut tx = store.db.begin().await.expect("a transaction");
        execute!(&mut tx, "update inventory_paper set kind = 'transfer' where kind = 'order'").expect("by hand");
        tx.commit().await.expect("committed");
        let behind = store.confirmed(&[("MUG", "1")]).await.expect("confirmed");
        store.receive(&[("CUP", "1"), ("MUG", "1")]).await;
        assert_eq!(store.inventory.keep_promises_once().await, Ok((0, 1)));
        assert_eq!(store.order(behind.id).await.lines[0].reserved, units("1"));
        store.close().await;
    })
    .await;
}

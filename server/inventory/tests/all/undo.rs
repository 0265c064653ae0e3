//! For how long the author of a posting may undo it, on both engines.

use crate::common::{Open, line, open, sale};
use db::{Engine, execute, test::on_each};
use model::{Error, NewReversal, PostingId, Refusal, Role};

/// As if that posting had been recorded so many seconds earlier: an honest program cannot do that.
async fn set_back(store: &Open, posting: PostingId, seconds: i64) {
    let mut tx = store.db.begin().await.expect("a transaction");
    let wall = match tx.engine() {
        Engine::Sqlite => "drop trigger if exists inventory_posting_stays",
        Engine::Postgres => "drop trigger if exists inventory_posting_stays on inventory_posting",
    };
    execute!(&mut tx, wall).expect("the wall comes down");
    let sql = "update inventory_posting set recorded_at = recorded_at - $2 where id = $1";
    assert_eq!(execute!(&mut tx, sql, posting, seconds * 1_000_000).expect("set back"), 1);
    tx.commit().await.expect("committed");
}

#[tokio::test]
async fn what_one_sold_oneself_is_undone_for_a_quarter_of_an_hour_and_then_by_a_manager() {
    on_each(async |db| {
        let store = open(db).await;
        let (ann, boss) = (store.someone(Role::Employee).await, store.someone(Role::Manager).await);
        let sell = async || store.inventory.post_sale(&ann, sale(vec![line("CUP", "1")])).await.expect("posted").id;
        let undo = async |who, posting| {
            let new = NewReversal { id: PostingId::new(), reason: None };
            store.inventory.reverse(who, posting, new).await
        };
        let (early, late) = (sell().await, sell().await);
        set_back(&store, early, 14 * 60).await;
        set_back(&store, late, 15 * 60 + 1).await;
        undo(&ann, early).await.expect("a minute is left");
        assert_eq!(undo(&ann, late).await, Err(Error::Refused(Refusal::UndoClosed)));
        undo(&boss, late).await.expect("who may undo anything still may");
        store.close().await;
    })
    .await;
}

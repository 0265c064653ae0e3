//! A sale that takes balances the other way round than somebody else is posted all the same, on PostgreSQL.

use crate::common::{line, open, sale, units};
use db::{Engine, Tx, execute, test::on_each};
use std::time::Duration;

async fn take(tx: &mut Tx, sku: &str) {
    let sql = "update inventory_balance set reserved = reserved
               where item = (select id from inventory_item where sku = $1)";
    execute!(tx, sql, sku).expect("it is taken");
}

#[tokio::test]
async fn a_sale_is_posted_again_when_the_database_broke_it_off() {
    on_each(async |db| {
        let store = open(db).await;
        store.receive(&[("CUP", "5"), ("MUG", "5")]).await;
        if store.db.engine() == Engine::Postgres {
            let mut other = store.db.begin().await.expect("a transaction");
            // However a server is set: the one that waits first looks first who waits for whom.
            execute!(&mut other, "set local deadlock_timeout = '20s'").expect("it is patient");
            take(&mut other, "MUG").await;
            // The sale has the cups by then and waits for the mugs: it waits less patiently, so it is the one that is broken off.
            let crossed = async {
                tokio::time::sleep(Duration::from_millis(300)).await;
                take(&mut other, "CUP").await;
                other.commit().await.expect("committed");
            };
            let new = sale(vec![line("CUP", "1"), line("MUG", "1")]);
            let (sold, ()) = tokio::join!(store.inventory.post_sale(&store.owner, new), crossed);
            sold.expect("a till is not told of it");
            assert_eq!(store.level("CUP").await.on_hand, units("4"), "it counts once");
            assert_eq!(store.level("MUG").await.on_hand, units("4"));
        }
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

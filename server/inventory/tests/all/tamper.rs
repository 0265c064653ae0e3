//! A hand in the database is found: each way of changing the ledger behind its back, on both engines.

use crate::common::{Open, line, open, receipt, sale};
use db::{Engine, execute, test::on_each};
use model::{Bulk, Limit, PostingId, Quantity};

/// Takes the walls down that keep an honest program from changing history.
async fn take_walls_down(store: &Open) {
    let mut tx = store.db.begin().await.expect("a transaction");
    let walls: &[&str] = match tx.engine() {
        Engine::Sqlite => &["drop trigger inventory_movement_stays", "drop trigger inventory_movement_remains"],
        Engine::Postgres => &["drop trigger inventory_movement_stays on inventory_movement"],
    };
    for wall in walls {
        execute!(&mut tx, *wall).expect("the wall comes down");
    }
    tx.commit().await.expect("committed");
}

async fn tampered(sql: &'static str) {
    on_each(async |db| {
        let store = open(db).await;
        store
            .inventory
            .post_receipt(&store.owner, receipt(vec![line("CUP", "9"), line("MUG", "9")]))
            .await
            .expect("posted");
        let sold = store.inventory.post_sale(&store.owner, sale(vec![line("CUP", "2"), line("MUG", "3")])).await;
        let sold = sold.expect("posted").id;
        store.assert_sound().await;
        take_walls_down(&store).await;
        let mut tx = store.db.begin().await.expect("a transaction");
        let touched = execute!(&mut tx, sql, sold, PostingId::new()).expect("the hand succeeds");
        assert!(touched > 0, "something was changed");
        tx.commit().await.expect("committed");
        let findings = store.inventory.verify(&store.owner).await.expect("the ledger can be read");
        assert!(!findings.is_empty(), "nobody noticed: {sql}");
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_changed_movement_is_found() {
    tampered("update inventory_movement set quantity = quantity + 1 where posting = $1 and line = 1 and $2 = $2").await;
}

#[tokio::test]
async fn a_changed_price_is_found_although_no_balance_differs() {
    tampered("update inventory_movement set unit_price = 1 where posting = $1 and line = 1 and $2 = $2").await;
}

#[tokio::test]
async fn a_changed_moment_is_found_although_nothing_is_counted_differently() {
    tampered("update inventory_movement set occurred_at = occurred_at - 1 where posting = $1 and $2 = $2").await;
}

#[tokio::test]
async fn a_removed_movement_is_found() {
    tampered("delete from inventory_movement where posting = $1 and line = 2 and $2 = $2").await;
}

#[tokio::test]
async fn swapped_movements_are_found() {
    tampered("update inventory_movement set line = 3 - line + 10 where posting = $1 and $2 = $2").await;
}

#[tokio::test]
async fn an_inserted_movement_is_found_even_with_a_balance_to_match() {
    tampered(
        "insert into inventory_movement (posting, line, item, lot, store, from_location, to_location, condition,
                                         quantity, unit_price, reason, version, occurred_at, recorded_at)
         select $2, line, item, lot, store, from_location, to_location, condition, quantity, unit_price, reason,
                version, occurred_at, recorded_at
         from inventory_movement where posting = $1",
    )
    .await;
}

#[tokio::test]
async fn a_changed_balance_is_found_and_rebuilt() {
    on_each(async |db| {
        let store = open(db).await;
        store.inventory.post_receipt(&store.owner, receipt(vec![line("CUP", "9")])).await.expect("posted");
        let before = store.level("CUP").await;
        let mut tx = store.db.begin().await.expect("a transaction");
        execute!(&mut tx, "update inventory_balance set on_hand = on_hand - 100000").expect("the hand succeeds");
        tx.commit().await.expect("committed");
        assert_eq!(store.inventory.verify(&store.owner).await.expect("readable").len(), 1);
        assert_eq!(store.inventory.rebuild(&store.owner).await, Ok(1));
        assert_eq!(store.level("CUP").await, before);
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_minimum_that_a_balance_does_not_know_is_found_and_told_to_it() {
    on_each(async |db| {
        let store = open(db).await;
        store.inventory.post_receipt(&store.owner, receipt(vec![line("CUP", "9")])).await.expect("posted");
        let limit = Limit { store: "LON".into(), minimum: Some(Quantity::whole(12)), maximum: None };
        let low = Bulk::Limits(limit);
        store.inventory.change_many(&store.owner, "LON", vec!["CUP".into(), "MUG".into()], low).await.expect("set");
        for hand in ["update inventory_balance set minimum = 3", "update inventory_limit set moved = 1"] {
            let mut tx = store.db.begin().await.expect("a transaction");
            execute!(&mut tx, hand).expect("the hand succeeds");
            tx.commit().await.expect("committed");
            let findings = store.inventory.verify(&store.owner).await.expect("readable");
            assert_eq!(findings.len(), 1, "{findings:?}");
            assert_eq!(findings[0].invariant, "a balance knows the least that should be there");
            assert_eq!(store.inventory.rebuild(&store.owner).await, Ok(1));
            store.assert_sound().await;
        }
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn an_honest_program_cannot_change_a_movement() {
    on_each(async |db| {
        let store = open(db).await;
        store.inventory.post_receipt(&store.owner, receipt(vec![line("CUP", "9")])).await.expect("posted");
        for sql in ["update inventory_movement set quantity = 1", "delete from inventory_movement"] {
            let mut tx = store.db.begin().await.expect("a transaction");
            assert!(execute!(&mut tx, sql).is_err(), "{sql}");
        }
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

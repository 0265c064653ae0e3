//! Whatever is done to the journal behind its back is found: on both engines, each kind.

use crate::shop::Shop;
use db::{Db, test::on_each};
use serde_json::json;
use std::fs;

/// A journal of nine lines with a signed checkpoint, after someone did this to it: line `first` is found.
async fn is_found(first: i64, sql: &[&'static str]) {
    on_each(async |db: Db| {
        let shop = Shop::after(&db, 9).await;
        assert_eq!(shop.verify().await.findings, []);
        shop.tamper(sql).await;
        let findings = shop.verify().await.findings;
        assert_eq!(findings.first().map(|finding| finding.seq), Some(first), "{findings:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edited_body_is_found() {
    is_found(4, &["update log_journal set body = '{\"number\":5}' where seq = 4"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_of_any_other_field_is_found() {
    on_each(async |db: Db| {
        let shop = Shop::after(&db, 9).await;
        shop.tamper(&[
            "update log_journal set at = at + 1 where seq = 1",
            "update log_journal set topic = 'shop.other' where seq = 2",
            "update log_journal set subject = 'x' where seq = 3",
            "update log_journal set store = id where seq = 4",
            "update log_journal set principal = 'x' where seq = 5",
            "update log_journal set actor = 'bob' where seq = 6",
            "update log_journal set device = 'x' where seq = 7",
            "update log_journal set request_id = 'x' where seq = 8",
        ])
        .await;
        let found: Vec<_> = shop.verify().await.findings.iter().map(|finding| finding.seq).collect();
        assert_eq!(found, [1, 2, 3, 4, 5, 6, 7, 8]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edited_seal_is_found() {
    is_found(
        4,
        &[
            "update log_journal set prev_hash = hash where seq = 4",
            "update log_journal set hash = prev_hash where seq = 7",
        ],
    )
    .await;
    is_found(4, &["update log_journal set seq = 40 where seq = 4"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_line_is_found() {
    is_found(1, &["delete from log_journal where seq = 1"]).await;
    is_found(5, &["delete from log_journal where seq = 5"]).await;
    is_found(9, &["delete from log_journal where seq = 9"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_line_whose_followers_move_up_is_found() {
    is_found(
        5,
        &[
            "delete from log_journal where seq = 5",
            "update log_journal set seq = -seq where seq > 5",
            "update log_journal set seq = -seq - 1 where seq < 0",
            "update log_head set seq = 8",
        ],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_swapped_lines_are_found() {
    is_found(
        3,
        &[
            "update log_journal set seq = -6 where seq = 3",
            "update log_journal set seq = 3 where seq = 6",
            "update log_journal set seq = 6 where seq = -6",
        ],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inserted_line_is_found() {
    is_found(
        4,
        &[
            "update log_journal set seq = -seq where seq > 3",
            "update log_journal set seq = 1 - seq where seq < 0",
            "drop index log_journal_id",
            "insert into log_journal
                 (id, at, topic, subject, principal, actor, device, request_id, body, seq, prev_hash, hash)
             select id, at, topic, subject, principal, actor, device, request_id, body, 4, prev_hash, hash
             from log_journal where seq = 3",
            "update log_head set seq = 10",
        ],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_inserted_twice_under_one_number_is_found() {
    is_found(
        6,
        &[
            "drop index log_journal_seq",
            "drop index log_journal_id",
            "insert into log_journal
                 (id, at, topic, subject, principal, actor, device, request_id, body, seq, prev_hash, hash)
             select id, at, topic, subject, principal, actor, device, request_id, body, seq, prev_hash, hash
             from log_journal where seq = 6",
            "update log_head set seq = 9, hash = (select hash from log_journal where seq = 9)",
        ],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_tail_is_found_although_the_head_was_moved_back() {
    is_found(
        8,
        &[
            "delete from log_journal where seq > 7",
            "update log_head set seq = 7, hash = (select hash from log_journal where seq = 7)",
        ],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_emptied_journal_is_found() {
    is_found(
        1,
        &[
            "update log_head set seq = 0, hash = (select prev_hash from log_journal where seq = 1)",
            "delete from log_journal",
        ],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_moved_head_is_found() {
    is_found(9, &["update log_head set seq = 8"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_rewrite_with_recomputed_hashes_is_found() {
    on_each(async |db: Db| {
        let shop = Shop::after(&db, 9).await;
        // Lines 1 to 5 stay; the rest is told differently, sealed by the real thing, and longer than before.
        shop.tamper(&[
            "update log_head set seq = 5, hash = (select hash from log_journal where seq = 5)",
            "delete from log_journal where seq > 5",
        ])
        .await;
        let rewritten =
            Shop { log: storeroom_log::Log::open(db.clone(), shop.folder.path()).await.expect("opens"), ..shop };
        let running = rewritten.log.start();
        for number in 0..8 {
            rewritten.happens("another story", json!({ "number": number })).await;
        }
        running.stop().await;
        let verified = rewritten.verify().await;
        assert_eq!(verified.lines, 13);
        assert_eq!(verified.findings.first().map(|finding| finding.seq), Some(9), "{:?}", verified.findings);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_checkpoint_is_found() {
    on_each(async |db: Db| {
        let shop = Shop::after(&db, 3).await;
        let path = shop.folder.path().join("checkpoints.jsonl");
        let honest = fs::read_to_string(&path).expect("checkpoints");
        fs::write(&path, honest.replace("\"seq\":3", "\"seq\":2")).expect("it is written");
        assert_eq!(shop.verify().await.findings.len(), 1);
        fs::write(&path, format!("{honest}nonsense\n")).expect("it is written");
        assert_eq!(shop.verify().await.findings.len(), 1);
        fs::write(&path, honest).expect("it is written");
        assert_eq!(shop.verify().await.findings, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checkpoint_torn_by_a_crash_is_no_finding() {
    on_each(async |db: Db| {
        let shop = Shop::after(&db, 3).await;
        let path = shop.folder.path().join("checkpoints.jsonl");
        let whole = fs::read_to_string(&path).expect("checkpoints");
        fs::write(&path, format!("{whole}{}", &whole[..whole.len() / 2])).expect("it is written");
        assert_eq!(shop.verify().await.findings, []);
        let running = shop.log.start();
        shop.happens("after the crash", json!({})).await;
        running.stop().await;
        let verified = shop.verify().await;
        assert_eq!((verified.checkpoints, verified.findings), (2, vec![]));
    })
    .await;
}

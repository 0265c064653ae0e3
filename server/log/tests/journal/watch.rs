//! The watch: a serving process says how far it has checked the journal, and cries when somebody changed it.

use crate::shop::Shop;
use db::{Db, test::on_each};
use model::Verified;
use std::time::Duration;
use storeroom_log as log;

/// What the watch says once it has said anything.
async fn said(shop: &Shop) -> Verified {
    for _ in 0..200 {
        let verified = shop.log.verified();
        if verified.at.is_some() {
            return verified;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("the watch said nothing within 5 s")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sound_journal_is_checked_up_to_its_last_line() {
    on_each(async |db: Db| {
        let shop = Shop::after(&db, 9).await;
        let shop = Shop { log: log_of(&db, &shop).await, ..shop };
        let running = shop.log.start();
        let verified = said(&shop).await;
        assert_eq!((verified.line, verified.broken), (9, None));
        running.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_line_is_cried_out_and_what_was_said_stays() {
    on_each(async |db: Db| {
        let shop = Shop::after(&db, 9).await;
        shop.tamper(&["update log_journal set body = '{\"number\":5}' where seq = 4"]).await;
        let shop = Shop { log: log_of(&db, &shop).await, ..shop };
        let running = shop.log.start();
        let broken = said(&shop).await.broken.expect("it is broken");
        assert_eq!(broken, "journal line 4: it is not what was sealed");
        let tail = shop.log.verify_tail(3).await.expect("it can be read");
        assert_eq!((tail.lines, tail.findings.len()), (3, 0), "a quick look says nothing of what lies before");
        let whole = shop.log.verify_tail(9).await.expect("it can be read");
        assert_eq!(whole.findings[0].seq, 4);
        running.stop().await;
    })
    .await;
}

/// The journal as a process that starts now has it.
async fn log_of(db: &Db, shop: &Shop) -> log::Log {
    log::Log::open(db.clone(), shop.folder.path()).await.expect("the journal opens")
}

//! Problems are bounded, and what browsers make up never crowds out what is ours.

use crate::shop::Shop;
use db::{Db, Tx, test::on_each};
use model::{Doing, ProblemFilter, ProblemSource, Settling};
use storeroom_log::{Kept, Trouble};

/// Another word for each number: kinds that differ in a figure only are one.
fn word(number: u32) -> String {
    format!("{number:08b}").replace('0', "o").replace('1', "i")
}

async fn keep(shop: &Shop, tx: &mut Tx, source: ProblemSource, what: &str) -> Kept {
    let (what, place) = (what.to_owned(), "a.rs".to_owned());
    let trouble = Trouble { source, what, place, doing: Doing::default(), reporter: String::new() };
    shop.log.keep_problem(tx, trouble).await.expect("it is kept")
}

#[tokio::test]
async fn browsers_have_a_quota_and_what_they_saw_last_is_kept() {
    on_each(async |db: Db| {
        let shop = Shop::open(&db).await;
        let mut tx = db.begin().await.expect("a transaction");
        for number in 0..520 {
            keep(&shop, &mut tx, ProblemSource::Browser, &word(number)).await;
        }
        keep(&shop, &mut tx, ProblemSource::Server, "the disk is full").await;
        assert_eq!(shop.log.open_problems(&mut tx).await, Ok(501));
        assert!(!keep(&shop, &mut tx, ProblemSource::Browser, &word(519)).await.news, "the latest is known");
        assert!(keep(&shop, &mut tx, ProblemSource::Browser, &word(0)).await.news, "the first is forgotten");
        assert!(!keep(&shop, &mut tx, ProblemSource::Server, "the disk is full").await.news);
    })
    .await;
}

#[tokio::test]
async fn a_full_list_drops_what_was_closed_then_what_browsers_say_and_then_counts_the_rest_as_one() {
    on_each(async |db: Db| {
        let shop = Shop::open(&db).await;
        let mut tx = db.begin().await.expect("a transaction");
        let closed = keep(&shop, &mut tx, ProblemSource::Server, "closed").await.id;
        let close = Settling::Close(String::new());
        shop.log.settle_problem(&mut tx, closed, &close, None).await.expect("closed");
        keep(&shop, &mut tx, ProblemSource::Browser, "made up").await;
        for number in 0..1_998 {
            keep(&shop, &mut tx, ProblemSource::Server, &word(number)).await;
        }
        let report = keep(&shop, &mut tx, ProblemSource::Person, "the till is slow").await;
        let closed = shop.log.problems(&mut tx, ProblemFilter::Closed, None).await.expect("a list");
        assert!(closed.is_empty(), "what was closed has gone first");
        let server = keep(&shop, &mut tx, ProblemSource::Server, "the disk is full").await;
        assert_eq!(shop.log.open_problems(&mut tx).await, Ok(2_000), "and then what a browser said");
        let [one, two] = ["one too many", "two too many"];
        let rest = keep(&shop, &mut tx, ProblemSource::Server, one).await.id;
        assert_eq!(keep(&shop, &mut tx, ProblemSource::Server, two).await.id, rest, "nothing open of ours is dropped");
        assert!(report.id != server.id && report.id != rest && server.id != rest);
    })
    .await;
}

//! Six months of a real till, replayed through the product's own proposals, beside a book-keeper who knows only what
//! went in: what was received, sold, brought back, written off and counted.

use ::replay::{FIXTURE, Policy, Replay, Served, Store, days};

#[tokio::test(flavor = "multi_thread")]
async fn half_a_year_of_a_real_till_on_proposals_alone_ends_with_the_book_keeper_s_figures() {
    let days = days(FIXTURE);
    assert_eq!(days.len(), 141, "the whole slice");
    db::test::on_each(async |db| {
        let replay = Replay::play(Store::open(db).await, &days, Policy::Proposals { safety_days: 0 }).await;
        replay.compare().await;
        let served = replay.close().await;
        let sum = |of: fn(&Served) -> i64| served.iter().map(of).sum::<i64>();
        let (asked, lost, orders) = (sum(|day| day.asked), sum(|day| day.lost), sum(|day| day.orders));
        assert!(orders > 24, "{orders} orders");
        assert!(lost * 2 < asked, "{lost} of {asked} units were missing");
    })
    .await;
}

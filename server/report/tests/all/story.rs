//! The story of a shop's day as its figures tell it, on both engines.

use crate::shop::{Shop, new_lines, period, row};
use model::{
    Action, Actor, Error, Grant, Line, Money, NewAdjustment, NewReceipt, PostingId, Quantity, RankBy, Role, StoreId,
    Time,
};

/// Two sales, a return, a correction and a delivery on 1 and 2 July, London time.
async fn two_days(shop: &Shop) {
    shop.sell("2026-07-01T08:05:00Z", &[("85123A", "6", "2.55"), ("POST", "1", "18")]).await;
    // 23:30 by Greenwich is the next day in a London summer.
    shop.sell("2026-07-01T23:30:00Z", &[("85123A", "1", "2.55"), ("71053", "2", "3.39")]).await;
    shop.take_back("2026-07-02T10:00:00Z", &[("85123A", "2", "2.55")]).await;
    let correction = NewAdjustment {
        id: PostingId::new(),
        store: "LON".into(),
        occurred_at: Some("2026-07-02T11:00:00Z".parse().expect("a time")),
        number: None,
        reason: "damaged".into(),
        lines: vec![Line {
            sku: "71053".into(),
            quantity: "-3".parse().expect("a quantity"),
            reason: None,
            lot: None,
            serials: Vec::new(),
        }],
    };
    shop.inventory.post_adjustment(&shop.boss, correction).await.expect("it is corrected");
    let delivery = NewReceipt {
        lots: Vec::new(),
        id: PostingId::new(),
        store: "LON".into(),
        occurred_at: Some("2026-07-02T12:00:00Z".parse().expect("a time")),
        number: None,
        order: None,
        lines: new_lines(&[("71053", "100", "1")]),
        rejected: Vec::new(),
    };
    shop.inventory.post_receipt(&shop.boss, delivery).await.expect("it arrives");
    shop.settle().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn how_a_store_stands_is_what_was_posted() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        two_days(&shop).await;
        // The whole of 2 July, a week later: what was sold and brought back on that day.
        let standing = shop.report.standing(&shop.boss, "LON", Some("2026-07-09")).await.expect("it stands");
        assert_eq!((standing.before.day.as_str(), standing.before.until.as_str()), ("2026-07-02", "23:59"));
        assert_eq!((standing.before.sales, standing.before.value.to_string()), (1, "4.23".into()));
        assert_eq!((standing.before_hours[0].sales, standing.before_hours[11].value.to_string()), (1, "-5.10".into()));
        // 95 lanterns at the last delivery's cost; the hearts are below zero and count as nothing.
        assert_eq!((standing.value.at_cost.to_string(), standing.value.costed), ("95.00".into(), 1));
        assert_eq!((standing.value.priced, standing.value.unknown), (0, 0));
        assert_eq!((standing.short, standing.exceptions), (1, 1), "the hearts; the lanterns have come since");
        assert_eq!(standing.people, Some(Vec::new()), "the program itself is no colleague");
        assert_eq!(shop.verified().await, None);
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn forecasts_of_a_steady_store_miss_nothing_and_of_one_that_doubles_what_the_past_cannot_tell() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        let first: jiff::civil::Date = "2026-01-05".parse().expect("a Monday");
        for week in 0..12_i64 {
            let day = first.checked_add(jiff::Span::new().days(7 * week)).expect("a day");
            // The lanterns double for the last two weeks, and nobody could know.
            let lanterns = if week < 10 { "6" } else { "12" };
            shop.sell(&format!("{day}T10:00:00Z"), &[("85123A", "7", "2.55"), ("71053", lanterns, "3.39")]).await;
        }
        shop.settle().await;
        let quality = shop.report.forecast_quality(&shop.boss, "LON", Some("2026-03-30")).await.expect("an answer");
        assert_eq!((quality.days, quality.weeks, quality.forecasts), (14, 3, 6));
        // Hearts: 3 × 14. Lanterns: 12, 18 and 24, of which 0, 6 and 12 were missed.
        assert_eq!(quality.sold, Quantity::whole(3 * 14 + 12 + 18 + 24));
        let of = |method| quality.errors.iter().find(|error| error.method == method).expect("it is there");
        let (again, average) = (of(model::ForecastMethod::Again), of(model::ForecastMethod::Average));
        assert_eq!((again.missed, again.bias), (Quantity::whole(18), Quantity::whole(-18)));
        assert_eq!((average.missed, average.bias), (again.missed, again.bias));
        let ours = of(model::ForecastMethod::Ours);
        assert_eq!(ours.missed, Quantity::whole(18), "late weeks say no more when none of them differs");
        let ann = Actor { grants: vec![Grant { role: Role::Employee, store: None }], ..Actor::system("ann") };
        let denied = shop.report.forecast_quality(&ann, "LON", None).await;
        assert_eq!(denied.err(), Some(Error::Forbidden(Action::SeeReports)));
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_hour_is_compared_up_to_the_minute() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        let week_ago = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::get("Europe/London").expect("it exists"));
        let week_ago = week_ago.checked_sub(jiff::Span::new().days(7)).expect("there was one");
        let earlier = week_ago.checked_sub(jiff::Span::new().minutes(1)).expect("there was one");
        let later = week_ago.checked_add(jiff::Span::new().minutes(3)).expect("there is one");
        for at in [&earlier, &later] {
            shop.sell(&at.timestamp().to_string(), &[("85123A", "1", "2.50")]).await;
        }
        shop.settle().await;
        let standing = shop.report.standing(&shop.boss, "LON", None).await.expect("it stands");
        let same_day = earlier.date() == week_ago.date();
        assert_eq!(standing.before.sales, i64::from(same_day), "the later one is still to come");
        assert_eq!(standing.before.day, week_ago.date().to_string());
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_days_figures_are_what_was_posted_on_the_stores_own_clock() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        two_days(&shop).await;
        let totals = shop.report.totals(&shop.boss, "LON", &period("2026-07-02", "2026-07-02")).await.expect("totals");
        assert_eq!((totals.data.sales.documents, totals.data.sales.lines), (1, 2));
        assert_eq!(totals.data.sales.units, Quantity::whole(3));
        assert_eq!(totals.data.sales.value.to_string(), "9.33");
        assert_eq!(
            (totals.data.returns.units, totals.data.returns.value.to_string()),
            (Quantity::whole(-2), "-5.10".into())
        );
        assert_eq!((totals.data.adjustments.documents, totals.data.adjustments.units), (1, Quantity::whole(-3)));
        assert_eq!(totals.data.net.to_string(), "4.23");
        let day = shop.report.dashboard(&shop.boss, "LON", Some("2026-07-01")).await.expect("a dashboard");
        assert_eq!((day.hours.len(), day.hours[9].sales), (24, 1));
        assert_eq!(day.hours[9].value.to_string(), "33.30");
        assert_eq!(day.most_sold.iter().map(|row| row.sku.as_str()).collect::<Vec<_>>(), ["85123A"]);
        assert!(day.hours_chart.contains("33.3") && day.most_sold_chart.contains("White heart"));
        assert!(day.as_of > 0);
        assert_eq!(shop.verified().await, None);
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn most_sold_takes_returns_off_and_leaves_services_out() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        two_days(&shop).await;
        let both = ("2026-07-01", "2026-07-02");
        let by_quantity = [row("85123A", "5", "12.75"), row("71053", "2", "6.78")];
        assert_eq!(shop.best(both.0, both.1, RankBy::Quantity).await, by_quantity);
        shop.sell("2026-07-02T13:00:00Z", &[("71053", "3", "3.39")]).await;
        shop.settle().await;
        let by_value = [row("71053", "5", "16.95"), row("85123A", "5", "12.75")];
        assert_eq!(shop.best(both.0, both.1, RankBy::Value).await, by_value);
        assert_eq!(shop.best(both.0, both.1, RankBy::Quantity).await, by_value, "equals by SKU");
        assert_eq!(shop.best("2026-06-01", "2026-06-30", RankBy::Value).await, []);
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn undoing_takes_off_what_it_undoes() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        let sale = shop.sell("2026-07-01T08:05:00Z", &[("85123A", "6", "2.55")]).await;
        let back = shop.take_back("2026-07-01T09:05:00Z", &[("71053", "1", "3.39")]).await;
        shop.undo(&sale).await;
        shop.undo(&back).await;
        shop.settle().await;
        let ever = shop.report.totals(&shop.boss, "LON", &period("2026-07-01", "2030-01-01")).await.expect("totals");
        assert_eq!((ever.data.sales.documents, ever.data.sales.lines, ever.data.returns.documents), (0, 0, 0));
        assert_eq!(
            (ever.data.sales.value, ever.data.returns.value, ever.data.net),
            (Money::ZERO, Money::ZERO, Money::ZERO)
        );
        assert_eq!(shop.best("2026-07-01", "2030-01-01", RankBy::Quantity).await, []);
        assert_eq!(shop.verified().await, None);
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_made_anew_are_the_same_and_go_on() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        two_days(&shop).await;
        let before = shop.best("2026-07-01", "2026-07-02", RankBy::Quantity).await;
        let mut act = shop.db.begin().await.expect("a transaction");
        db::execute!(&mut act, "update report_item_day set sold = sold + 1").expect("it updates");
        act.commit().await.expect("it commits");
        assert!(shop.verified().await.is_some_and(|text| text.contains("sold")), "what was changed by hand is found");
        shop.report.rebuild(&shop.boss).await.expect("it is made anew");
        assert_eq!(shop.best("2026-07-01", "2026-07-02", RankBy::Quantity).await, before);
        shop.sell("2026-07-02T14:00:00Z", &[("85123A", "10", "2.55")]).await;
        shop.settle().await;
        assert_eq!(shop.best("2026-07-01", "2026-07-02", RankBy::Quantity).await[0], row("85123A", "15", "38.25"));
        assert_eq!(shop.verified().await, None);
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_see_a_stores_reports_learns_nothing() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        let day = period("2026-07-01", "2026-07-01");
        let of = |role, store| Actor { grants: vec![Grant { role, store }], ..Actor::system("ann") };
        let store = shop.inventory.store(&shop.boss, Action::SeeReports, "LON").await.expect("a store").id;
        assert!(shop.report.totals(&of(Role::Manager, Some(store)), "LON", &day).await.is_ok());
        let employee = shop.report.totals(&of(Role::Employee, None), "LON", &day).await;
        assert_eq!(employee.err(), Some(Error::Forbidden(Action::SeeReports)));
        let elsewhere = of(Role::Manager, Some(StoreId::new()));
        assert_eq!(shop.report.totals(&elsewhere, "LON", &day).await.err(), Some(Error::NotFound));
        assert_eq!(shop.report.dashboard(&elsewhere, "NOWHERE", None).await.err(), Some(Error::NotFound));
        assert!(shop.report.rebuild(&of(Role::Manager, None)).await.is_err());
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_that_makes_no_sense_is_told_what_to_mend() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        let day = period("2026-07-01", "2026-07-01");
        for limit in [0, -1, 201, i64::MAX] {
            let asked = shop.report.most_sold(&shop.boss, "LON", &day, RankBy::Quantity, limit).await;
            assert!(matches!(asked, Err(Error::Invalid(_))), "{limit}");
        }
        let backwards = period("2026-07-02", "2026-07-01");
        assert!(matches!(shop.report.totals(&shop.boss, "LON", &backwards).await, Err(Error::Invalid(_))));
        assert!(matches!(shop.report.dashboard(&shop.boss, "LON", Some("soon")).await, Err(Error::Invalid(_))));
        let today = shop.report.dashboard(&shop.boss, "LON", None).await.expect("today");
        assert!(Time::now().to_string() >= today.day, "{}", today.day);
        shop.close().await;
    })
    .await;
}

//! The story of a shop's day as its figures tell it, on both engines.

use auth::Auth;
use bus::Bus;
use db::Db;
use inventory::Inventory;
use log::Log;
use model::{
    Action, Actor, Error, Grant, Line, Money, NewAdjustment, NewItem, NewLine, NewReceipt, NewReturn, NewReversal,
    NewSale, Period, PostingId, Quantity, RankBy, Receipt, Role, StoreId, Time,
};
use storeroom_report::{Report, SUBSCRIBER};

struct Shop {
    inventory: Inventory,
    report: Report,
    bus: Bus,
    log: Log,
    db: Db,
    boss: Actor,
    journal: log::Running,
    counting: bus::Running,
    _folder: tempfile::TempDir,
}

impl Shop {
    async fn open(db: Db) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let log = Log::open(db.clone(), folder.path()).await.expect("the journal opens");
        let auth = Auth::open(db.clone(), log.clone(), folder.path()).await.expect("auth opens");
        let bus = Bus::new(db.clone(), log.clone());
        let inventory = Inventory::new(auth.clone());
        let report = Report::new(auth, inventory.clone(), bus.clone(), log.clone());
        let (journal, counting) = (log.start(), report.start());
        let boss = Actor::system("boss");
        inventory.add_store(&boss, "LON", "London", "GBP", "Europe/London").await.expect("a store");
        for (sku, name, kind) in
            [("85123A", "White heart", "stocked"), ("71053", "Lantern", "stocked"), ("POST", "Postage", "service")]
        {
            let item = serde_json::json!({ "id": model::ItemId::new(), "sku": sku, "name": name, "kind": kind });
            let item: NewItem = serde_json::from_value(item).expect("an item");
            inventory.add_item(&boss, item).await.expect("it is added");
        }
        Self { inventory, report, bus, log, db, boss, journal, counting, _folder: folder }
    }

    async fn close(self) {
        self.counting.stop().await;
        self.journal.stop().await;
    }

    async fn sell(&self, at: &str, lines: &[(&str, &str, &str)]) -> Receipt {
        let sale = NewSale {
            id: PostingId::new(),
            store: "LON".into(),
            occurred_at: Some(at.parse().expect("a time")),
            channel: model::Channel::Till,
            number: None,
            lines: new_lines(lines),
        };
        self.inventory.post_sale(&self.boss, sale).await.expect("a sale is never refused")
    }

    async fn take_back(&self, at: &str, lines: &[(&str, &str, &str)]) -> Receipt {
        let back = NewReturn {
            id: PostingId::new(),
            store: "LON".into(),
            occurred_at: Some(at.parse().expect("a time")),
            number: None,
            reason: None,
            to: model::ReturnTo::Shelf,
            lines: new_lines(lines),
        };
        self.inventory.post_return(&self.boss, back).await.expect("it comes back")
    }

    async fn undo(&self, receipt: &Receipt) -> Receipt {
        let undo = NewReversal { id: PostingId::new(), reason: None };
        self.inventory.reverse(&self.boss, receipt.id, undo).await.expect("it is undone")
    }

    /// Waits until the figures hold everything that was posted.
    async fn settle(&self) {
        let mut tx = self.db.read().await.expect("a snapshot");
        let head = self.log.head(&mut tx).await.expect("a head");
        drop(tx);
        self.bus.caught_up(SUBSCRIBER, head).await;
    }

    async fn best(&self, from: &str, to: &str, by: RankBy) -> Vec<(String, String, String)> {
        let found = self.report.most_sold(&self.boss, "LON", &period(from, to), by, 10).await.expect("a list");
        let row = |row: model::MostSold| (row.sku, row.quantity.to_string(), row.value.to_string());
        found.data.into_iter().map(row).collect()
    }

    async fn verified(&self) -> Option<String> {
        let mut tx = self.db.read().await.expect("a snapshot");
        self.report.verify(&mut tx).await.expect("it reads")
    }
}

fn new_lines(lines: &[(&str, &str, &str)]) -> Vec<NewLine> {
    let line = |(sku, quantity, price): &(&str, &str, &str)| NewLine {
        sku: (*sku).into(),
        quantity: quantity.parse().expect("a quantity"),
        unit_price: Some(price.parse().expect("a price")),
    };
    lines.iter().map(line).collect()
}

fn period(from: &str, to: &str) -> Period {
    Period { from: from.into(), to: to.into() }
}

fn row(sku: &str, quantity: &str, value: &str) -> (String, String, String) {
    (sku.into(), quantity.into(), value.into())
}

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
        lines: vec![Line { sku: "71053".into(), quantity: "-3".parse().expect("a quantity"), reason: None }],
    };
    shop.inventory.post_adjustment(&shop.boss, correction).await.expect("it is corrected");
    let delivery = NewReceipt {
        id: PostingId::new(),
        store: "LON".into(),
        occurred_at: Some("2026-07-02T12:00:00Z".parse().expect("a time")),
        number: None,
        lines: new_lines(&[("71053", "100", "1")]),
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

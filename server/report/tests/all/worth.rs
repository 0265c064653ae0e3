//! What the screens of cost ask: the worth at a second of the store's clock, and a month's margins, on both engines.

use crate::shop::{Shop, new_lines};
use model::{Action, Actor, Error, Grant, NewReceipt, PostingId, Receipt, Role, StoreId, Time};
use std::time::Duration;

impl Shop {
    async fn lanterns(&self, quantity: &str, cost: &str) -> Receipt {
        let receipt = NewReceipt {
            id: PostingId::new(),
            store: "LON".into(),
            occurred_at: None,
            number: None,
            order: None,
            lines: new_lines(&[("71053", quantity, cost)]),
            lots: Vec::new(),
            rejected: Vec::new(),
        };
        let receipt = self.inventory.post_receipt(&self.boss, receipt).await.expect("it arrives");
        self.settle().await;
        receipt
    }

    /// The second of London's clock in which the journal learnt of it, moved by so many.
    async fn second(&self, receipt: &Receipt, moved: i64) -> String {
        let cost = self.report.posting_cost(&self.boss, receipt.id).await.expect("it is costed");
        let learnt = cost.data.first().expect("an entry").learnt.plus_seconds(moved);
        let zone = jiff::tz::TimeZone::get("Europe/London").expect("a zone");
        let local = jiff::Timestamp::from_microsecond(learnt.micros()).expect("a moment").to_zoned(zone);
        local.strftime("%Y-%m-%dT%H:%M:%S").to_string()
    }

    async fn worth_then(&self, at: Option<&str>) -> String {
        self.report.worth_at(&self.boss, "LON", at).await.expect("it is worth something").value.to_string()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_worth_at_a_second_is_what_was_known_when_it_ended() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        let first = shop.lanterns("10", "1").await;
        tokio::time::sleep(Duration::from_millis(1_100)).await;
        let second = shop.lanterns("10", "2").await;
        assert_eq!(shop.worth_then(None).await, "30.00");
        assert_eq!(shop.worth_then(Some(&shop.second(&second, 0).await)).await, "30.00");
        assert_eq!(shop.worth_then(Some(&shop.second(&first, 0).await)).await, "10.00");
        assert_eq!(shop.worth_then(Some(&shop.second(&first, -1).await)).await, "0.00", "before it came");
        for at in ["yesterday", "2026-11-30", "9000-01-01T00:00:00"] {
            let answer = shop.report.worth_at(&shop.boss, "LON", Some(at)).await;
            assert!(matches!(answer, Err(Error::Invalid(_))), "{at}");
        }
        let layers = shop.report.cost_layers(&shop.boss, "LON", "71053").await.expect("layers").data;
        let came: Vec<_> = layers.iter().map(|layer| (layer.posting, layer.account.as_deref())).collect();
        assert_eq!(came, [(Some(first.id), Some("received")), (Some(second.id), Some("received"))]);
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn margins_are_those_of_the_month_so_far_unless_days_are_named() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        shop.lanterns("10", "2").await;
        shop.sell(&Time::now().to_string(), &[("71053", "3", "5")]).await;
        shop.settle().await;
        let (days, margins) = shop.report.margins_of(&shop.boss, "LON", None, None).await.expect("margins");
        assert!(days.from.ends_with("-01") && days.from <= days.to, "{days:?}");
        assert_eq!((margins.total.margin.to_string(), margins.data.len()), ("9.00".into(), 1));
        let past = shop.report.margins_of(&shop.boss, "LON", None, Some("2020-02-29")).await.expect("margins");
        assert_eq!((past.0.from.as_str(), past.1.data.len()), ("2020-02-01", 0));
        let turned = shop.report.margins_of(&shop.boss, "LON", Some("2020-03-01"), Some("2020-02-01")).await;
        assert!(matches!(turned, Err(Error::Invalid(_))));
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_see_reports_sees_neither() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        let of = |role, store| Actor { grants: vec![Grant { role, store }], ..Actor::system("ann") };
        let (employee, elsewhere) = (of(Role::Employee, None), of(Role::Manager, Some(StoreId::new())));
        let denied = |error: &Error| matches!(error, Error::Forbidden(Action::SeeReports));
        assert!(shop.report.worth_at(&employee, "LON", None).await.is_err_and(|error| denied(&error)));
        assert!(shop.report.margins_of(&employee, "LON", None, None).await.is_err_and(|error| denied(&error)));
        // Of a store that is not theirs they learn nothing, not even whether what they typed is a moment.
        let foreign = shop.report.worth_at(&elsewhere, "LON", Some("soon")).await.err();
        assert_eq!(foreign, shop.report.worth_at(&elsewhere, "NONE", None).await.err());
        assert!(shop.report.margins_of(&elsewhere, "LON", None, None).await.is_err());
        shop.close().await;
    })
    .await;
}

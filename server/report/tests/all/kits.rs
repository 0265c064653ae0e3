//! Kits in the reports: what was taken is the kit's, what was used and what it cost is its parts'.

use crate::shop::{Shop, new_lines, period};
use model::{Component, ItemPatch, NewReceipt, PostingId, Quantity, RankBy};

impl Shop {
    /// The kit SET of two lanterns and a heart, with ten and four of them at 2.00 and 1.50.
    async fn with_set(db: db::Db) -> Self {
        let shop = Self::open(db).await;
        shop.add_item("SET", "Light set", "stocked").await;
        let part = |sku: &str, many: i64| Component { sku: sku.into(), quantity: Quantity::whole(many) };
        let components = Some(vec![part("71053", 2), part("85123A", 1)]);
        let patch = ItemPatch { components, ..ItemPatch::default() };
        shop.inventory.change_item(&shop.boss, "SET", None, patch).await.expect("it is made");
        let receipt = NewReceipt {
            id: PostingId::new(),
            store: "LON".into(),
            occurred_at: None,
            number: None,
            order: None,
            lines: new_lines(&[("71053", "10", "2"), ("85123A", "4", "1.50")]),
            lots: Vec::new(),
            rejected: Vec::new(),
        };
        shop.inventory.post_receipt(&shop.boss, receipt).await.expect("it arrives");
        shop
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sold_kit_is_its_own_line_and_its_parts_are_used_and_cost() {
    db::test::on_each(async |db| {
        let shop = Shop::with_set(db).await;
        let sold = shop.sell("2026-11-20T10:00:00Z", &[("SET", "2", "9"), ("71053", "1", "5")]).await;
        shop.settle().await;
        let best = shop.best("2026-11-20", "2026-11-20", RankBy::Quantity).await;
        let row = |sku: &str, many: &str, value: &str| (sku.to_owned(), many.to_owned(), value.to_owned());
        assert_eq!(best, [row("71053", "5", "5.00"), row("85123A", "2", "0.00"), row("SET", "2", "18.00")]);
        let day = period("2026-11-20", "2026-11-20");
        let totals = shop.report.totals(&shop.boss, "LON", &day).await.expect("totals").data;
        let sales = totals.sales;
        assert_eq!((sales.lines, sales.units, sales.value.to_string()), (2, Quantity::whole(3), "23.00".into()));
        let margins = shop.report.margins(&shop.boss, "LON", &day, None, 10).await.expect("margins").total;
        let told = [margins.revenue, margins.cost, margins.margin].map(|money| money.to_string());
        assert_eq!(told, ["23.00", "13.00", "10.00"], "five lanterns at 2.00 and two hearts at 1.50");
        let cost = shop.report.posting_cost(&shop.boss, sold.id).await.expect("it is costed").cost;
        assert_eq!(cost.to_string(), "13.00");
        assert_eq!(shop.verified().await, None);
        shop.undo(&sold).await;
        shop.settle().await;
        // Its undoing belongs to the day on which it was undone.
        assert_eq!(shop.best("2020-01-01", "2029-01-01", RankBy::Quantity).await, []);
        let ever = period("2020-01-01", "2029-01-01");
        let margins = shop.report.margins(&shop.boss, "LON", &ever, None, 10).await.expect("margins").total;
        assert_eq!((margins.revenue, margins.cost), Default::default());
        assert_eq!(shop.verified().await, None);
        shop.close().await;
    })
    .await;
}

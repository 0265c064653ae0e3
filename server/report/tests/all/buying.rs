//! What to buy: proposed from what sold, what is there and on its way, and by whom it is sold, on both engines.

use crate::shop::{Shop, new_lines};
use model::{
    Action, Actor, Error, Grant, ItemPatch, NewOrder, NewPurchase, NewReceipt, NewSupplier, OrderContent, PaperId,
    PostingId, PromisePolicy, Proposal, ReorderRule, Role, SupplierPatch, ToBuy,
};
use serde_json::json;

const DAY: &str = "2026-03-30";

impl Shop {
    async fn proposed(&self) -> Vec<ToBuy> {
        self.settle().await;
        self.report.to_buy(&self.boss, "LON", Some(DAY)).await.expect("proposals").data.suppliers
    }

    async fn drafts(&self) -> Vec<String> {
        let found = self.report.to_buy(&self.boss, "LON", Some(DAY)).await.expect("proposals").data;
        found.drafts.into_iter().map(|draft| draft.number).collect()
    }

    async fn one(&self) -> Proposal {
        let all = self.proposed().await;
        assert_eq!(all.iter().map(|one| one.lines.len()).sum::<usize>(), 1, "{all:?}");
        all[0].lines[0].clone()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_will_run_out_before_a_delivery_comes_is_proposed_with_its_reason() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        let (inventory, boss) = (&shop.inventory, &shop.boss);
        // Hearts sell one a day, on Mondays; lanterns lie there, and nobody sells them to us.
        let first: jiff::civil::Date = "2026-01-05".parse().expect("a Monday");
        for week in 0..12_i64 {
            let day = first.checked_add(jiff::Span::new().days(7 * week)).expect("a day");
            shop.sell(&format!("{day}T10:00:00Z"), &[("85123A", "7", "2.55"), ("71053", "1", "3.39")]).await;
        }
        let receipt = NewReceipt {
            lots: Vec::new(),
            id: PostingId::new(),
            store: "LON".into(),
            occurred_at: None,
            number: None,
            order: None,
            lines: new_lines(&[("85123A", "86", "1")]),
            rejected: Vec::new(),
        };
        inventory.post_receipt(boss, receipt).await.expect("it arrives");
        assert_eq!(shop.proposed().await, [], "nobody sells any of it to us");

        let two = [("DEAR", "1.20", 3), ("ACME", "1.00", 5)];
        let mut acme = None;
        for (code, price, lead_days) in two {
            let new = json!({ "id": model::SupplierId::new(), "code": code, "name": code, "lead_days": lead_days });
            let new: NewSupplier = serde_json::from_value(new).expect("a supplier");
            let added = inventory.add_supplier(boss, new).await.expect("added");
            let items = json!({ "items": [{ "sku": "85123A", "price": price, "multiple": "12" }] });
            let patch: SupplierPatch = serde_json::from_value(items).expect("a patch");
            inventory.change_supplier(boss, added.id, Some(1), patch).await.expect("they sell it");
            acme = Some(added);
        }
        // Two are left. The next Monday falls into the five days until it comes, and two more into the fortnight after.
        let all = shop.proposed().await;
        assert_eq!(
            (all[0].supplier.as_str(), all[0].value.to_string()),
            ("ACME", "24.00".into()),
            "who sells for least"
        );
        let found = shop.one().await;
        assert_eq!((found.sku.as_str(), found.quantity.to_string()), ("85123A", "24".into()));
        let why = [found.why.sold, found.why.left, found.why.on_order, found.why.expected].map(|size| size.to_string());
        assert_eq!((why, found.why.arrives_on.as_str()), (["7", "2", "0", "7"].map(str::to_owned), "2026-04-04"));

        let rule = |rule| serde_json::from_value::<ReorderRule>(rule).expect("a rule");
        inventory.set_reorder_rule(boss, "LON", "85123A", rule(json!({ "safety": "12" }))).await.expect("set");
        assert_eq!(shop.one().await.quantity.to_string(), "36", "so many more should be left");
        assert_eq!(inventory.reorder_rule(boss, "LON", "85123A").await, Ok(rule(json!({ "safety": "12" }))));
        // Three sevens sell in the fourteen days after it comes; seven should be left, and tens are bought.
        let days = rule(json!({ "safety_days": 7, "multiple": "10" }));
        inventory.set_reorder_rule(boss, "LON", "85123A", days).await.expect("set");
        assert_eq!(shop.one().await.quantity.to_string(), "30", "in tens, with a week's sales left");
        assert_eq!(shop.one().await.why.floor.to_string(), "7");
        inventory.set_reorder_rule(boss, "LON", "85123A", rule(json!({ "safety": "12" }))).await.expect("set");
        let put_off = inventory.snooze(boss, "LON", &["85123A".to_owned()], Some("2026-03-31".into())).await;
        assert_eq!((put_off, shop.proposed().await), (Ok(()), Vec::new()), "not before tomorrow");
        inventory.snooze(boss, "LON", &["85123A".to_owned()], None).await.expect("at once again");
        assert_eq!(shop.one().await.quantity.to_string(), "36");

        let found = shop.one().await;
        let lines = [json!({ "sku": "85123A", "quantity": "36", "why": found.why })];
        let supplier = acme.expect("the last one").id;
        let new = json!({ "id": model::PaperId::new(), "store": "LON", "supplier": supplier, "lines": lines });
        let new: NewPurchase = serde_json::from_value(new).expect("an order");
        let order = inventory.add_purchase(boss, new).await.expect("written");
        assert_eq!(order.lines[0].why, Some(found.why), "the order keeps why");
        assert_eq!(all[0].supplier_id, Some(supplier));
        assert_eq!(shop.proposed().await, [], "a draft is on its way, too");
        assert_eq!(shop.drafts().await, [order.number], "and is told, so that nobody forgets it");
        inventory.cancel_purchase(boss, order.id, None, None).await.expect("cancelled");
        assert_eq!((shop.drafts().await, shop.one().await.quantity.to_string()), (Vec::new(), "36".into()));
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_order_sees_no_proposals_and_sets_no_rules() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        let ann = Actor { grants: vec![Grant { role: Role::Employee, store: None }], ..Actor::system("ann") };
        let denied = Error::Forbidden(Action::Purchase);
        assert_eq!(shop.report.to_buy(&ann, "LON", None).await.err(), Some(denied.clone()));
        let rule = ReorderRule::default();
        assert_eq!(shop.inventory.set_reorder_rule(&ann, "LON", "71053", rule).await, Err(denied.clone()));
        assert_eq!(shop.inventory.snooze(&ann, "LON", &["71053".to_owned()], None).await, Err(denied));
        for wrong in [
            json!({ "safety": "-1" }),
            json!({ "cover_days": 0 }),
            json!({ "multiple": "0" }),
            json!({ "snoozed_until": "soon" }),
        ] {
            let rule = serde_json::from_value(wrong).expect("a rule");
            let answer = shop.inventory.set_reorder_rule(&shop.boss, "LON", "71053", rule).await;
            assert!(matches!(answer, Err(Error::Invalid(_))), "{answer:?}");
        }
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_customers_were_promised_is_proposed_though_nothing_sells() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        let (inventory, boss) = (&shop.inventory, &shop.boss);
        let patch = ItemPatch { promise: Some(PromisePolicy::Allow), ..ItemPatch::default() };
        inventory.change_item(boss, "85123A", None, patch).await.expect("it may be promised");
        let lines = new_lines(&[("85123A", "10", "2.55")]);
        let content = OrderContent { customer: Some("Ada Byron".into()), lines, ..OrderContent::default() };
        let new = NewOrder { id: PaperId::new(), store: "LON".into(), content };
        let order = inventory.add_order(boss, new).await.expect("drafted");
        assert_eq!(shop.proposed().await, [], "a draft promises nothing");
        inventory.confirm_order(boss, order.id, Some(order.version)).await.expect("promised");
        let found = shop.one().await;
        let why = [found.why.sold, found.why.left, found.why.promised].map(|size| size.to_string());
        assert_eq!((found.quantity.to_string().as_str(), why), ("10", ["0", "0", "10"].map(str::to_owned)));
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_an_older_store_what_is_proposed_follows_the_season() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        // Seven hearts each Monday, and twice as many in the fortnight that is a year before the one to come.
        let first: jiff::civil::Date = "2024-12-23".parse().expect("a Monday");
        for week in 0..66_i64 {
            let day = first.checked_add(jiff::Span::new().days(7 * week)).expect("a day").to_string();
            let many = if ["2025-03-31", "2025-04-07"].contains(&day.as_str()) { "14" } else { "7" };
            shop.sell(&format!("{day}T10:00:00Z"), &[("85123A", many, "2.55")]).await;
        }
        let new = json!({ "id": model::SupplierId::new(), "code": "ACME", "name": "ACME", "lead_days": 14 });
        let new: NewSupplier = serde_json::from_value(new).expect("a supplier");
        let acme = shop.inventory.add_supplier(&shop.boss, new).await.expect("added");
        let patch = json!({ "items": [{ "sku": "85123A", "price": "1.00" }] });
        let patch: SupplierPatch = serde_json::from_value(patch).expect("a patch");
        shop.inventory.change_supplier(&shop.boss, acme.id, Some(1), patch).await.expect("they sell it");
        assert_eq!(shop.one().await.why.expected.to_string(), "28", "twice what the last weeks say");
        let young = shop.report.to_buy(&shop.boss, "LON", Some("2026-03-16")).await.expect("proposals").data;
        assert_eq!(
            young.suppliers[0].lines[0].why.expected.to_string(),
            "14",
            "thirteen weeks and a year are not over"
        );
        shop.close().await;
    })
    .await;
}

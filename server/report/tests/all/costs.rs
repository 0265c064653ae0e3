//! What goods cost, as a shop's days go on both engines: nothing that was said is changed, and all adds up.

use crate::shop::{Shop, money, new_lines, period};
use model::{
    Action, Actor, Costing, Error, Grant, ItemPatch, Line, LineCost, Money, NewAdjustment, NewCosts, NewReceipt,
    NewReturn, NewSale, NewSupplierReturn, NewSupplierReturnLine, PaperId, PostingId, Quantity, Receipt, ReturnReason,
    Role, StoreId,
};
use storeroom_report::AsOf;

impl Shop {
    pub async fn deliver(&self, store: &str, sku: &str, quantity: &str, cost: Option<&str>) -> Receipt {
        let mut lines = new_lines(&[(sku, quantity, "0")]);
        lines[0].unit_price = cost.map(money);
        let (id, store) = (PostingId::new(), store.to_owned());
        let receipt = NewReceipt {
            id,
            store,
            occurred_at: None,
            number: None,
            order: None,
            lines,
            lots: Vec::new(),
            rejected: Vec::new(),
        };
        self.inventory.post_receipt(&self.boss, receipt).await.expect("it arrives")
    }

    async fn sold(&self, store: &str, sku: &str, quantity: &str) -> Receipt {
        let lines = new_lines(&[(sku, quantity, "5"), ("POST", "1", "3")]);
        let (id, store, channel) = (PostingId::new(), store.to_owned(), model::Channel::Till);
        let sale = NewSale { id, store, occurred_at: None, channel, number: None, lines, lists: Vec::new() };
        self.inventory.post_sale(&self.boss, sale).await.expect("a sale is never refused")
    }

    async fn back(&self, store: &str, quantity: &str, sale: Option<PostingId>) -> Receipt {
        let (id, store, lines) = (PostingId::new(), store.to_owned(), new_lines(&[("71053", quantity, "5")]));
        let back = NewReturn {
            id,
            store,
            occurred_at: None,
            number: None,
            reason: None,
            sale,
            to: model::ReturnTo::Shelf,
            lines,
        };
        self.inventory.post_return(&self.boss, back).await.expect("it comes back")
    }

    async fn correct(&self, sku: &str, quantity: &str, reason: &str) -> Receipt {
        let quantity = quantity.parse().expect("a quantity");
        let lines = vec![Line { sku: sku.into(), quantity, reason: None, lot: None, serials: Vec::new() }];
        let (id, store, reason) = (PostingId::new(), "LON".to_owned(), reason.to_owned());
        let correction = NewAdjustment { id, store, occurred_at: None, number: None, reason, lines };
        self.inventory.post_adjustment(&self.boss, correction).await.expect("it is corrected")
    }

    /// How many of an item there are by its cost, and what they are worth; the ledger says the same number.
    pub async fn worth_of(&self, store: &str, sku: &str) -> (String, String) {
        self.settle().await;
        let layers = self.report.cost_layers(&self.boss, store, sku).await.expect("it is there");
        let level = self.inventory.level(&self.boss, store, sku).await.expect("it reads");
        assert_eq!(level.map(|level| level.on_hand).unwrap_or_default(), layers.quantity, "layers are what is on hand");
        let left = layers.data.iter().fold(0, |sum, layer| sum + layer.value.parts());
        assert!(layers.quantity < Quantity::ZERO || left == layers.value.parts(), "the layers make the worth");
        (layers.quantity.to_string(), layers.value.to_string())
    }

    /// Inventory, what stands against it, revaluation and residue of a posting's entries.
    pub async fn entries(&self, posting: PostingId) -> Vec<[String; 4]> {
        self.settle().await;
        let cost = self.report.posting_cost(&self.boss, posting).await.expect("it is costed");
        let row = |row: model::CostEntry| {
            let four = [row.inventory, row.counter, row.revaluation, row.residue];
            assert_eq!(four.iter().map(|money| money.parts()).sum::<i64>(), 0, "an entry adds up to zero");
            four.map(|money| money.to_string())
        };
        cost.data.into_iter().map(row).collect()
    }

    pub async fn all_is_well(self) {
        self.settle().await;
        assert_eq!(self.verified().await, None);
        let before = self.report.worth(&self.boss, "LON", AsOf::Now, None, 200).await.expect("it is worth something");
        self.report.rebuild(&self.boss).await.expect("it is made anew");
        let after = self.report.worth(&self.boss, "LON", AsOf::Now, None, 200).await.expect("it is worth something");
        assert_eq!((before.value, before.data), (after.value, after.data), "made anew it is the same");
        assert_eq!(self.verified().await, None);
        self.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sale_costs_what_the_oldest_goods_cost_and_its_undoing_brings_them_back() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        shop.deliver("LON", "71053", "10", Some("1")).await;
        shop.deliver("LON", "71053", "10", Some("1.20")).await;
        let sale = shop.sold("LON", "71053", "12").await;
        assert_eq!(shop.entries(sale.id).await, [["-12.40", "12.40", "0.00", "0.00"]], "postage has no cost");
        let undone = shop.undo(&sale).await;
        assert_eq!(shop.entries(undone.id).await, [["12.40", "-12.40", "0.00", "0.00"]]);
        assert_eq!(shop.worth_of("LON", "71053").await, ("20".into(), "22.00".into()));
        shop.all_is_well().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_back_costs_what_its_sale_said_or_else_what_such_goods_cost_now() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        shop.deliver("LON", "71053", "10", Some("1")).await;
        let sale = shop.sold("LON", "71053", "4").await;
        shop.deliver("LON", "71053", "10", Some("3")).await;
        let named = shop.back("LON", "1", Some(sale.id)).await;
        assert_eq!(shop.entries(named.id).await, [["1.00", "-1.00", "0.00", "0.00"]]);
        let nameless = shop.back("LON", "1", None).await;
        assert_eq!(shop.entries(nameless.id).await, [["3.00", "-3.00", "0.00", "0.00"]]);
        let unknown = shop.back("LON", "1", Some(PostingId::new())).await;
        assert_eq!(shop.entries(unknown.id).await, [["3.00", "-3.00", "0.00", "0.00"]]);
        shop.undo(&named).await;
        assert_eq!(shop.worth_of("LON", "71053").await, ("18".into(), "42.00".into()));
        shop.all_is_well().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_lost_is_shrinkage_and_what_is_found_costs_what_such_goods_cost() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        shop.deliver("LON", "71053", "10", Some("1")).await;
        let lost = shop.correct("71053", "-3", "damaged").await;
        let found = shop.correct("71053", "2", "found").await;
        assert_eq!(shop.entries(lost.id).await, [["-3.00", "3.00", "0.00", "0.00"]]);
        assert_eq!(shop.entries(found.id).await, [["2.00", "-2.00", "0.00", "0.00"]]);
        let today = period("2020-01-01", "2029-01-01");
        let margins = shop.report.margins(&shop.boss, "LON", &today, None, 10).await.expect("a list");
        assert_eq!((margins.total.shrinkage.to_string(), margins.total.cost), ("1.00".into(), Money::ZERO));
        shop.undo(&lost).await;
        shop.undo(&found).await;
        assert_eq!(shop.worth_of("LON", "71053").await, ("10".into(), "10.00".into()));
        shop.all_is_well().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_back_to_its_supplier_leaves_at_what_it_is_worth_here() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        let supplier: model::NewSupplier = serde_json::from_value(
            serde_json::json!({ "id": model::SupplierId::new(), "code": "ACME", "name": "Acme" }),
        )
        .expect("a supplier");
        let supplier = shop.inventory.add_supplier(&shop.boss, supplier).await.expect("added").id;
        shop.deliver("LON", "71053", "4", Some("1")).await;
        shop.deliver("LON", "71053", "4", Some("3")).await;
        let (sku, quantity, reason) = ("71053".to_owned(), "6".parse().expect("a quantity"), ReturnReason::Damaged);
        let line = NewSupplierReturnLine { sku, quantity, reason, condition: model::Condition::Sellable, lot: None };
        let (id, store, lines) = (PaperId::new(), "LON".to_owned(), vec![line]);
        let new = NewSupplierReturn { id, store, supplier, order: None, note: None, lines };
        shop.inventory.send_back(&shop.boss, new).await.expect("sent");
        let sent = PostingId(id.0);
        assert_eq!(shop.entries(sent).await, [["-10.00", "10.00", "0.00", "0.00"]], "the oldest goods first");
        assert_eq!(shop.worth_of("LON", "71053").await, ("2".into(), "6.00".into()));
        let today = period("2020-01-01", "2029-01-01");
        let margins = shop.report.margins(&shop.boss, "LON", &today, None, 10).await.expect("a list");
        assert_eq!((margins.total.shrinkage, margins.total.cost), (Money::ZERO, Money::ZERO), "neither sold nor lost");
        let undo = model::NewReversal { id: PostingId::new(), reason: None };
        shop.inventory.reverse(&shop.boss, sent, undo).await.expect("undone");
        assert_eq!(shop.worth_of("LON", "71053").await, ("8".into(), "16.00".into()));
        shop.all_is_well().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_without_a_cost_is_marked_and_worth_more_once_it_is_told() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        let delivery = shop.deliver("LON", "71053", "10", None).await;
        let sale = shop.sold("LON", "71053", "4").await;
        assert_eq!(shop.worth_of("LON", "71053").await, ("6".into(), "0.00".into()));
        let layers = shop.report.cost_layers(&shop.boss, "LON", "71053").await.expect("layers");
        assert_eq!(layers.data.iter().map(|layer| layer.known).collect::<Vec<_>>(), [false]);
        let guessed = async || {
            let worth = shop.report.worth(&shop.boss, "LON", AsOf::Now, Some("71053"), 1).await;
            worth.expect("it is worth something").guessed
        };
        assert_eq!(guessed().await, 1);
        let before = shop.report.posting_cost(&shop.boss, sale.id).await.expect("it is costed");
        let told = NewCosts {
            id: PostingId::new(),
            occurred_at: None,
            lines: vec![LineCost { line: 1, unit_cost: money("2") }],
            landed: Some(money("1")),
            what: None,
            undoes: None,
        };
        let answer = shop.inventory.tell_costs(&shop.boss, delivery.id, told.clone()).await;
        assert_eq!(answer.as_ref(), Ok(&told));
        assert_eq!(
            shop.inventory.tell_costs(&shop.boss, delivery.id, told.clone()).await,
            answer,
            "again, it counts once"
        );
        let other = NewCosts { landed: None, ..told.clone() };
        assert!(matches!(shop.inventory.tell_costs(&shop.boss, delivery.id, other).await, Err(Error::Conflict(_))));
        let entries =
            [["0.00", "0.00", "0.00", "0.00"], ["12.00", "-20.00", "8.00", "0.00"], ["0.60", "-1.00", "0.40", "0.00"]];
        assert_eq!(shop.entries(delivery.id).await, entries, "six are left, four are gone");
        let after = shop.report.posting_cost(&shop.boss, sale.id).await.expect("it is costed");
        assert_eq!(before.data, after.data, "what was said of the sale stands");
        assert_eq!(shop.worth_of("LON", "71053").await, ("6".into(), "12.60".into()));
        assert_eq!(guessed().await, 0);
        shop.all_is_well().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn costs_are_told_of_deliveries_that_stand_by_those_who_may() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        let delivery = shop.deliver("LON", "71053", "10", None).await;
        let sale = shop.sold("LON", "71053", "1").await;
        let of = |line, cost: &str| NewCosts {
            id: PostingId::new(),
            occurred_at: None,
            lines: vec![LineCost { line, unit_cost: money(cost) }],
            landed: None,
            what: None,
            undoes: None,
        };
        let tell = async |actor: &Actor, id, costs| shop.inventory.tell_costs(actor, id, costs).await.err();
        assert_eq!(tell(&shop.boss, sale.id, of(1, "2")).await, Some(Error::NotFound), "a sale is no delivery");
        assert!(matches!(tell(&shop.boss, delivery.id, of(2, "2")).await, Some(Error::Invalid(_))), "no such line");
        assert!(matches!(tell(&shop.boss, delivery.id, of(1, "-2")).await, Some(Error::Invalid(_))));
        let nothing = NewCosts { lines: Vec::new(), ..of(1, "2") };
        assert!(matches!(tell(&shop.boss, delivery.id, nothing).await, Some(Error::Invalid(_))));
        let twice = NewCosts { lines: [of(1, "2").lines, of(1, "3").lines].concat(), ..of(1, "2") };
        assert!(matches!(tell(&shop.boss, delivery.id, twice).await, Some(Error::Invalid(_))));
        let reader = Actor { grants: vec![Grant { role: Role::ReadOnly, store: None }], ..Actor::system("rita") };
        assert_eq!(tell(&reader, delivery.id, of(1, "2")).await, Some(Error::Forbidden(Action::Receive)));
        let elsewhere = Grant { role: Role::Manager, store: Some(StoreId::new()) };
        let elsewhere = Actor { grants: vec![elsewhere], ..Actor::system("pierre") };
        assert_eq!(tell(&elsewhere, delivery.id, of(1, "2")).await, Some(Error::NotFound));
        shop.undo(&delivery).await;
        assert!(matches!(tell(&shop.boss, delivery.id, of(1, "2")).await, Some(Error::Refused(_))), "it was undone");
        shop.all_is_well().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sold_below_zero_is_settled_by_the_next_delivery_on_its_own_day() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        shop.deliver("LON", "71053", "2", Some("1")).await;
        let sale = shop.sold("LON", "71053", "6").await;
        assert_eq!(shop.worth_of("LON", "71053").await, ("-4".into(), "-4.00".into()));
        let settling = shop.deliver("LON", "71053", "10", Some("1.20")).await;
        assert_eq!(shop.entries(sale.id).await, [["-6.00", "6.00", "0.00", "0.00"]]);
        assert_eq!(shop.entries(settling.id).await, [["11.20", "-12.00", "0.80", "0.00"]]);
        shop.undo(&settling).await;
        assert_eq!(shop.worth_of("LON", "71053").await, ("-4".into(), "-4.00".into()));
        shop.all_is_well().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_can_be_costed_by_its_average() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        let average = ItemPatch { costing: Some(Costing::Average), ..ItemPatch::default() };
        let lantern = shop.inventory.change_item(&shop.boss, "71053", None, average).await.expect("it is changed");
        assert_eq!(lantern.item.costing, Costing::Average);
        shop.deliver("LON", "71053", "10", Some("1")).await;
        shop.deliver("LON", "71053", "10", Some("1.20")).await;
        let sale = shop.sold("LON", "71053", "12").await;
        assert_eq!(shop.entries(sale.id).await, [["-13.20", "13.20", "0.00", "0.00"]]);
        let fifo = ItemPatch { costing: Some(Costing::Fifo), ..ItemPatch::default() };
        shop.inventory.change_item(&shop.boss, "71053", None, fifo).await.expect("it is changed");
        assert_eq!(shop.worth_of("LON", "71053").await, ("8".into(), "8.80".into()));
        shop.all_is_well().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_stores_are_apart_and_the_past_stays_what_it_was() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        shop.inventory.add_store(&shop.boss, "PAR", "Paris", "EUR", "Europe/Paris").await.expect("a store");
        let first = shop.deliver("LON", "71053", "10", Some("1")).await;
        shop.deliver("PAR", "71053", "10", Some("7")).await;
        let sale = shop.sold("LON", "71053", "4").await;
        assert_eq!(shop.worth_of("PAR", "71053").await, ("10".into(), "70.00".into()));
        let worth = async |as_of| {
            let worth = shop.report.worth(&shop.boss, "LON", as_of, None, 10).await.expect("it is worth something");
            worth.value.to_string()
        };
        let seq = first.seq.expect("it is sealed");
        assert_eq!((worth(AsOf::Now).await, worth(AsOf::Seq(seq)).await), ("6.00".into(), "10.00".into()));
        assert_eq!(worth(AsOf::Moment(model::Time::from_micros(0))).await, "0.00");
        assert_eq!(worth(AsOf::Moment(model::Time::now())).await, "6.00");
        let ever = period("2020-01-01", "2029-01-01");
        let margins = shop.report.margins(&shop.boss, "LON", &ever, None, 10).await.expect("margins");
        let total = &margins.total;
        assert_eq!(
            [total.revenue, total.cost, total.margin].map(|money| money.to_string()),
            ["23.00", "4.00", "19.00"]
        );
        let goods = margins.data.iter().find(|row| row.sku == "71053").expect("it was sold");
        assert_eq!((goods.quantity, goods.margin.margin.to_string()), (Quantity::whole(4), "16.00".into()));
        let one = shop.report.margins(&shop.boss, "LON", &ever, Some("71053"), 10).await.expect("margins");
        assert_eq!((one.total.margin.to_string(), one.data.len()), ("16.00".into(), 1));
        assert_eq!(shop.report.posting_cost(&shop.boss, sale.id).await.expect("it is costed").cost.to_string(), "4.00");
        let elsewhere = shop.back("PAR", "1", Some(sale.id)).await;
        assert_eq!(shop.entries(elsewhere.id).await, [["7.00", "-7.00", "0.00", "0.00"]], "in another currency");
        shop.all_is_well().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_see_reports_learns_no_cost() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        shop.deliver("LON", "71053", "10", Some("1")).await;
        let sale = shop.sold("LON", "71053", "4").await;
        shop.settle().await;
        let of = |role, store| Actor { grants: vec![Grant { role, store }], ..Actor::system("ann") };
        let (employee, elsewhere) = (of(Role::Employee, None), of(Role::Manager, Some(StoreId::new())));
        let ever = period("2020-01-01", "2029-01-01");
        for (actor, error) in [(employee, Error::Forbidden(Action::SeeReports)), (elsewhere, Error::NotFound)] {
            let worth = shop.report.worth(&actor, "LON", AsOf::Now, None, 10).await;
            let margins = shop.report.margins(&actor, "LON", &ever, None, 10).await;
            let cost = shop.report.posting_cost(&actor, sale.id).await;
            let layers = shop.report.cost_layers(&actor, "LON", "71053").await;
            let errors = [worth.err(), margins.err(), cost.err(), layers.err()];
            assert!(errors.iter().all(|found| found.as_ref() == Some(&error)), "{errors:?}");
        }
        for limit in [0, 201] {
            let worth = shop.report.worth(&shop.boss, "LON", AsOf::Now, None, limit).await;
            assert!(matches!(worth, Err(Error::Invalid(_))), "{limit}");
        }
        assert_eq!(shop.report.cost_layers(&shop.boss, "LON", "NONE").await.err(), Some(Error::NotFound));
        shop.close().await;
    })
    .await;
}

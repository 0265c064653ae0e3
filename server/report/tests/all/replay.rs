//! Three months of a real till, replayed through the product's own proposals, beside a book-keeper who knows only what
//! went in: what was received, sold, brought back, written off and counted.

use crate::shop::{Shop, period};
use model::{
    Line, Money, NewAdjustment, NewCount, NewItem, NewLine, NewPurchase, NewPurchaseLine, NewReceipt, NewReturn,
    NewSale, NewSupplier, PaperId, PostingId, Quantity, SupplierId, SupplierPatch, Time,
};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use storeroom_report::AsOf;

/// `day SKU sold returned corrected` of six items; see `fixtures/README.md`.
const DAYS: &str = include_str!("../../fixtures/online-retail-days.txt");
/// How many days a delivery takes.
const LEAD: i64 = 3;
/// What is there of each item on the first morning.
const OPENING: i64 = 60;
/// The days on which a shelf is counted, which item, and by how much the number is wrong.
const COUNTS: [(&str, &str, i64); 2] = [("2011-02-02", "22720", -2), ("2011-03-02", "22423", 3)];

type Asked = BTreeMap<String, BTreeMap<String, [i64; 3]>>;

fn asked() -> Asked {
    let mut days = Asked::new();
    for line in DAYS.lines() {
        let mut words = line.split(' ');
        let (day, sku) = (words.next().expect("a day"), words.next().expect("a SKU"));
        let sizes: Vec<i64> = words.map(|word| word.parse().expect("a number")).collect();
        days.entry(day.into()).or_default().insert(sku.into(), sizes.try_into().expect("three numbers"));
    }
    days
}

/// The book-keeper's page of one item, in whole units and pence: the oldest goods go first.
#[derive(Default)]
struct Page {
    layers: VecDeque<(i64, i64)>,
    /// What one cost in the last delivery.
    last: i64,
    cost: i64,
    shrinkage: i64,
}

impl Page {
    fn on_hand(&self) -> i64 {
        self.layers.iter().map(|(units, _)| units).sum()
    }

    fn value(&self) -> i64 {
        self.layers.iter().map(|(units, each)| units * each).sum()
    }

    fn receive(&mut self, units: i64, each: i64) {
        self.layers.push_back((units, each));
        self.last = each;
    }

    /// What so many cost that leave.
    fn take(&mut self, mut units: i64) -> i64 {
        let mut cost = 0;
        while units > 0 {
            let (left, each) = self.layers.front_mut().expect("nothing leaves that is not there");
            let now = units.min(*left);
            (*left, units, cost) = (*left - now, units - now, cost + now * *each);
            if *left == 0 {
                self.layers.pop_front();
            }
        }
        cost
    }

    /// Comes back or is found: at what such goods cost last.
    fn put(&mut self, units: i64) -> i64 {
        self.layers.push_back((units, self.last));
        units * self.last
    }

    /// By so many the number was wrong.
    fn correct(&mut self, units: i64) {
        self.shrinkage += if units < 0 { self.take(-units) } else { -self.put(units) };
    }
}

/// An order under way: when it comes, and what.
struct Coming {
    due: String,
    order: PaperId,
    lines: Vec<(String, i64, i64)>,
}

fn pence(pence: i64) -> Money {
    format!("{}.{:02}", pence / 100, pence % 100).parse().expect("an amount")
}

fn at(day: &str, hour: i64) -> Option<Time> {
    Some(format!("{day}T{hour:02}:00:00Z").parse().expect("a time"))
}

fn units(quantity: Quantity) -> i64 {
    assert_eq!(quantity.parts() % Quantity::ONE, 0, "these are pieces");
    quantity.parts() / Quantity::ONE
}

fn after(day: &str, days: i64) -> String {
    let day: jiff::civil::Date = day.parse().expect("a day");
    day.checked_add(jiff::Span::new().days(days)).expect("a day").to_string()
}

/// What one costs from the supplier: a little more every fortnight.
fn price(sku: &str, day: &str) -> i64 {
    let weeks: i64 = day[5..7].parse::<i64>().expect("a month") * 2 + i64::from(&day[8..] > "15");
    100 + 7 * weeks + i64::try_from(sku.len()).expect("short")
}

fn line(sku: &str, size: i64, each: Option<i64>) -> NewLine {
    NewLine { sku: sku.into(), quantity: Quantity::whole(size), unit_price: each.map(pence), lot: None }
}

struct Replay {
    shop: Shop,
    pages: BTreeMap<String, Page>,
    coming: Vec<Coming>,
    orders: usize,
    asked: i64,
    unmet: i64,
}

impl Replay {
    async fn open(shop: Shop, skus: &BTreeSet<String>) -> Self {
        for sku in skus.iter().filter(|sku| *sku != "85123A") {
            let item = json!({ "id": model::ItemId::new(), "sku": sku, "name": sku, "kind": "stocked" });
            let item: NewItem = serde_json::from_value(item).expect("an item");
            shop.inventory.add_item(&shop.boss, item).await.expect("it is added");
        }
        let new = json!({ "id": SupplierId::new(), "code": "GIFTS", "name": "Gifts", "lead_days": LEAD });
        let new: NewSupplier = serde_json::from_value(new).expect("a supplier");
        let supplier = shop.inventory.add_supplier(&shop.boss, new).await.expect("added").id;
        let items: Vec<_> = skus.iter().map(|sku| json!({ "sku": sku, "price": "1.00", "multiple": "12" })).collect();
        let patch: SupplierPatch = serde_json::from_value(json!({ "items": items })).expect("a patch");
        shop.inventory.change_supplier(&shop.boss, supplier, Some(1), patch).await.expect("they sell it");
        let pages = skus.iter().map(|sku| (sku.clone(), Page::default())).collect();
        let mut replay = Self { shop, pages, coming: Vec::new(), orders: 0, asked: 0, unmet: 0 };
        let lines: Vec<_> = skus.iter().map(|sku| (sku.clone(), OPENING, 100)).collect();
        replay.receive(None, "2011-01-03", lines).await;
        replay
    }

    fn page(&mut self, sku: &str) -> &mut Page {
        self.pages.get_mut(sku).expect("an item of the slice")
    }

    async fn receive(&mut self, order: Option<PaperId>, day: &str, lines: Vec<(String, i64, i64)>) {
        let receipt = NewReceipt {
            id: PostingId::new(),
            store: "LON".into(),
            occurred_at: at(day, 7),
            number: None,
            order,
            lines: lines.iter().map(|(sku, size, each)| line(sku, *size, Some(*each))).collect(),
            lots: Vec::new(),
            rejected: Vec::new(),
        };
        self.shop.inventory.post_receipt(&self.shop.boss, receipt).await.expect("it arrives");
        lines.iter().for_each(|(sku, size, each)| self.page(sku).receive(*size, *each));
    }

    /// What is proposed this morning is ordered, approved and sent.
    async fn order(&mut self, day: &str) {
        self.shop.settle().await;
        let proposed = self.shop.report.to_buy(&self.shop.boss, "LON", Some(day)).await.expect("proposals").data;
        for from in proposed.suppliers {
            let lines: Vec<_> =
                from.lines.iter().map(|one| (one.sku.clone(), units(one.quantity), price(&one.sku, day))).collect();
            let order = NewPurchase {
                id: PaperId::new(),
                store: "LON".into(),
                supplier: from.supplier_id.expect("somebody sells it"),
                reference: None,
                note: None,
                due_on: Some(after(day, LEAD)),
                lines: (from.lines.into_iter().zip(&lines))
                    .map(|(one, (_, _, each))| NewPurchaseLine {
                        sku: one.sku,
                        quantity: one.quantity,
                        unit_cost: Some(pence(*each)),
                        code: None,
                        why: Some(one.why),
                    })
                    .collect(),
            };
            let (inventory, boss, order) = (&self.shop.inventory, &self.shop.boss, order);
            let id = inventory.add_purchase(boss, order).await.expect("written").id;
            inventory.submit_purchase(boss, id, None).await.expect("approved, as there is no limit");
            inventory.send_purchase(boss, id, None).await.expect("sent");
            self.coming.push(Coming { due: after(day, LEAD), order: id, lines });
            self.orders += 1;
        }
        let again = self.shop.report.to_buy(&self.shop.boss, "LON", Some(day)).await.expect("proposals").data;
        assert_eq!(again.suppliers, [], "{day}: what is ordered is not proposed again");
    }

    /// Sells what was asked for and is there; the rest went elsewhere.
    async fn sell(&mut self, day: &str, asked: &BTreeMap<String, [i64; 3]>) {
        let mut lines = Vec::new();
        for (sku, [sold, ..]) in asked {
            let page = self.pages.get_mut(sku).expect("an item of the slice");
            let now = page.on_hand().min(*sold);
            (self.asked, self.unmet) = (self.asked + sold, self.unmet + sold - now);
            if now > 0 {
                page.cost += page.take(now);
                lines.push(line(sku, now, Some(295)));
            }
        }
        if !lines.is_empty() {
            let (id, store, channel, occurred_at) = (PostingId::new(), "LON".into(), model::Channel::Till, at(day, 12));
            let sale = NewSale { id, store, occurred_at, channel, number: None, lines };
            self.shop.inventory.post_sale(&self.shop.boss, sale).await.expect("a sale is never refused");
        }
    }

    async fn take_back(&mut self, day: &str, asked: &BTreeMap<String, [i64; 3]>) {
        let lines: Vec<_> = asked.iter().filter(|(_, [_, back, _])| *back > 0).collect();
        if lines.is_empty() {
            return;
        }
        let back = NewReturn {
            id: PostingId::new(),
            store: "LON".into(),
            occurred_at: at(day, 15),
            number: None,
            reason: None,
            sale: None,
            to: model::ReturnTo::Shelf,
            lines: lines.iter().map(|(sku, [_, back, _])| line(sku, *back, Some(295))).collect(),
        };
        self.shop.inventory.post_return(&self.shop.boss, back).await.expect("it comes back");
        for (sku, [_, back, _]) in lines {
            let page = self.page(sku);
            page.cost -= page.put(*back);
        }
    }

    async fn correct(&mut self, day: &str, asked: &BTreeMap<String, [i64; 3]>) {
        for (sku, [_, _, by]) in asked {
            // Nobody writes off what is not there.
            let by = (*by).max(-self.page(sku).on_hand());
            if by != 0 {
                let lines = vec![Line { sku: sku.clone(), quantity: Quantity::whole(by), reason: None }];
                let (id, store, occurred_at) = (PostingId::new(), "LON".into(), at(day, 17));
                let new = NewAdjustment { id, store, occurred_at, number: None, reason: "damaged".into(), lines };
                self.shop.inventory.post_adjustment(&self.shop.boss, new).await.expect("it is corrected");
                self.page(sku).correct(by);
            }
        }
    }

    async fn count(&mut self, sku: &str, by: i64) {
        let level = self.shop.inventory.level(&self.shop.boss, "LON", sku).await.expect("it reads").expect("a level");
        let counted = Quantity::whole(self.page(sku).on_hand() + by);
        let (id, store, reason) = (PostingId::new(), "LON".into(), "miscounted".into());
        let count = NewCount { id, store, sku: sku.into(), counted, version: level.version, reason };
        self.shop.inventory.count(&self.shop.boss, count).await.expect("it is counted");
        self.page(sku).correct(by);
    }

    async fn day(&mut self, day: &str, asked: &BTreeMap<String, [i64; 3]>) {
        let all = std::mem::take(&mut self.coming);
        let (due, coming): (Vec<_>, Vec<_>) = all.into_iter().partition(|one| one.due.as_str() <= day);
        self.coming = coming;
        for Coming { order, lines, .. } in due {
            self.receive(Some(order), day, lines).await;
        }
        self.order(day).await;
        self.sell(day, asked).await;
        self.take_back(day, asked).await;
        self.correct(day, asked).await;
        for (_, sku, by) in COUNTS.into_iter().filter(|(on, ..)| *on == day) {
            self.count(sku, by).await;
        }
    }

    /// The product says what the book-keeper says.
    async fn compare(&self) {
        self.shop.settle().await;
        let (inventory, report, boss) = (&self.shop.inventory, &self.shop.report, &self.shop.boss);
        let worth = report.worth(boss, "LON", AsOf::Now, None, 200).await.expect("it is worth something");
        let theirs: BTreeMap<_, _> =
            worth.data.iter().map(|row| (row.sku.clone(), (units(row.quantity), row.value))).collect();
        for (sku, page) in &self.pages {
            let level = inventory.level(boss, "LON", sku).await.expect("it reads").expect("a level");
            assert_eq!(units(level.on_hand), page.on_hand(), "{sku}");
            let (quantity, value) = theirs.get(sku).copied().unwrap_or_default();
            assert_eq!((quantity, value), (page.on_hand(), pence(page.value())), "{sku}");
        }
        let sum = |pick: fn(&Page) -> i64| self.pages.values().map(pick).sum::<i64>();
        assert_eq!(worth.value, pence(sum(Page::value)));
        let quarter = period("2011-01-01", "2011-12-31");
        let margins = report.margins(boss, "LON", &quarter, None, 200).await.expect("margins").total;
        assert_eq!(margins.cost, pence(sum(|page| page.cost)));
        // A count is of now, whatever day it plays on.
        let counted =
            report.margins(boss, "LON", &period("2020-01-01", "2029-12-31"), None, 200).await.expect("margins");
        let shrinkage = margins.shrinkage.checked_add(counted.total.shrinkage).expect("a sum");
        assert_eq!(shrinkage, pence(sum(|page| page.shrinkage)));
        assert_eq!((margins.revaluation, margins.residue), (Money::ZERO, Money::ZERO));
        assert_eq!(inventory.verify(boss).await, Ok(Vec::new()));
        assert_eq!(self.shop.verified().await, None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quarter_of_a_real_till_on_proposals_alone_ends_with_the_book_keeper_s_figures() {
    let days = asked();
    let skus: BTreeSet<String> = days.values().flat_map(|asked| asked.keys().cloned()).collect();
    assert_eq!((skus.len(), days.len()), (6, 72), "the whole slice");
    db::test::on_each(async |db| {
        let mut replay = Replay::open(Shop::open(db).await, &skus).await;
        for (day, asked) in &days {
            replay.day(day, asked).await;
        }
        replay.compare().await;
        assert!(replay.orders > 12, "{} orders", replay.orders);
        assert!(replay.unmet * 2 < replay.asked, "{} of {} units were missing", replay.unmet, replay.asked);
        replay.shop.close().await;
    })
    .await;
}

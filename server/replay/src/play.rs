//! The days, one after the other: what was ordered arrives, what is missing is ordered, then customers come.

use crate::days::{self, Days};
use crate::keeper::Page;
use crate::policy::{self, LEAD, PACK, Policy};
use crate::store::Store;
use model::{
    CountBy, CountDone, CountEntryId, Line, Money, NewAdjustment, NewCountEntries, NewCountEntry, NewLine, NewPurchase,
    NewPurchaseLine, NewReceipt, NewReturn, NewSale, NewStockCount, NewSupplier, PaperId, Period, PostingId, Quantity,
    ReorderRule, SupplierId, SupplierPatch, Time,
};
use report::AsOf;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// The days on which a shelf is counted, and by how much one number is wrong: of the first item, then of the last.
const COUNTS: [(&str, i64); 2] = [("2011-02-02", -2), ("2011-03-02", 3)];
/// The items of a shelf.
const SHELF: usize = 10;

/// Of one day: how customers were served, and what that took.
pub struct Served {
    /// Which.
    pub day: String,
    /// Units that customers asked for.
    pub asked: i64,
    /// Units that were not there.
    pub lost: i64,
    /// What the goods have cost that were there in the evening, in pence.
    pub value: i64,
    /// Orders that were sent.
    pub orders: i64,
    /// Their lines.
    pub lines: i64,
}

/// An order under way: when it comes, and what, at how many pence each.
struct Coming {
    due: String,
    order: PaperId,
    lines: Vec<(String, i64, i64)>,
}

/// A store, and the book-keeper beside it.
pub struct Replay {
    store: Store,
    policy: Policy,
    supplier: SupplierId,
    pages: BTreeMap<String, Page>,
    coming: Vec<Coming>,
    served: Vec<Served>,
}

impl Replay {
    /// Plays all days by that policy.
    pub async fn play(store: Store, days: &Days, policy: Policy) -> Self {
        let mut replay = Self::open(store, days, policy).await;
        for (day, asked) in days {
            replay.day(day, asked).await;
        }
        replay
    }

    /// Ends the store, and says how the customers of each day were served.
    pub async fn close(self) -> Vec<Served> {
        self.store.close().await;
        self.served
    }

    /// The product says what the book-keeper says.
    pub async fn compare(&self) {
        self.store.settle().await;
        let (inventory, report, boss) = (&self.store.inventory, &self.store.report, &self.store.boss);
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
        let then = Period { from: "2010-12-01".into(), to: "2011-11-30".into() };
        let margins = report.margins(boss, "LON", &then, None, 200).await.expect("margins").total;
        assert_eq!(margins.cost, pence(sum(|page| page.cost)));
        // A count is of now, whatever day it plays on.
        let now = Period { from: "2020-01-01".into(), to: "2029-12-31".into() };
        let counted = report.margins(boss, "LON", &now, None, 200).await;
        let counted = counted.expect("margins").total.shrinkage;
        let shrinkage = margins.shrinkage.checked_add(counted).expect("a sum");
        assert_eq!(shrinkage, pence(sum(|page| page.shrinkage)));
        assert_eq!((margins.revaluation, margins.residue), (Money::ZERO, Money::ZERO));
        assert_eq!(inventory.verify(boss).await, Ok(Vec::new()));
        assert_eq!(self.store.verified().await, None);
    }

    async fn open(store: Store, days: &Days, policy: Policy) -> Self {
        let skus = days::skus(days);
        for sku in &skus {
            store.add_item(sku, sku, "stocked").await;
        }
        let supplier = sold_by(&store, &skus).await;
        if let Policy::Proposals { safety_days } = policy {
            for sku in skus.iter().filter(|_| safety_days > 0) {
                let rule = ReorderRule { safety_days: Some(safety_days), ..ReorderRule::default() };
                store.inventory.set_reorder_rule(&store.boss, "LON", sku, rule).await.expect("it is set");
            }
        }
        let pages = skus.iter().map(|sku| (sku.clone(), Page::default())).collect();
        let mut replay = Self { store, policy, supplier, pages, coming: Vec::new(), served: Vec::new() };
        let first = days.keys().next().expect("a first day");
        let opening = policy::opening(days).into_iter().filter(|(_, units)| *units > 0);
        replay.receive(None, first, opening.map(|(sku, units)| (sku, units, 100)).collect()).await;
        replay
    }

    async fn day(&mut self, day: &str, asked: &BTreeMap<String, [i64; 3]>) {
        let all = std::mem::take(&mut self.coming);
        let (due, coming): (Vec<_>, Vec<_>) = all.into_iter().partition(|one| one.due.as_str() <= day);
        self.coming = coming;
        for Coming { order, lines, .. } in due {
            self.receive(Some(order), day, lines).await;
        }
        let lines = self.order(day).await;
        let (units, lost) = self.sell(day, asked).await;
        self.take_back(day, asked).await;
        self.correct(day, asked).await;
        self.count(day).await;
        let value = self.pages.values().map(Page::value).sum();
        self.served.push(Served { day: day.into(), asked: units, lost, value, orders: i64::from(lines > 0), lines });
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
        self.store.inventory.post_receipt(&self.store.boss, receipt).await.expect("it arrives");
        lines.iter().for_each(|(sku, size, each)| self.page(sku).receive(*size, *each));
    }

    /// What the policy says this morning is ordered, approved and sent; answers with how many lines that took.
    async fn order(&mut self, day: &str) -> i64 {
        let lines = match &self.policy {
            Policy::Proposals { .. } => self.proposed(day).await,
            Policy::Minimum(limits) => self.below(limits, day),
        };
        if lines.is_empty() {
            return 0;
        }
        let count = i64::try_from(lines.len()).expect("few");
        let coming = lines.iter().map(|line| (line.sku.clone(), units(line.quantity), price(&line.sku, day))).collect();
        let order = NewPurchase {
            id: PaperId::new(),
            store: "LON".into(),
            supplier: self.supplier,
            reference: None,
            note: None,
            due_on: Some(days::after(day, LEAD)),
            lines,
        };
        let (inventory, boss) = (&self.store.inventory, &self.store.boss);
        let id = inventory.add_purchase(boss, order).await.expect("written").id;
        inventory.submit_purchase(boss, id, None).await.expect("approved, as there is no limit");
        inventory.send_purchase(boss, id, None).await.expect("sent");
        self.coming.push(Coming { due: days::after(day, LEAD), order: id, lines: coming });
        if matches!(self.policy, Policy::Proposals { .. }) {
            assert_eq!(self.proposed(day).await, [], "{day}: what is ordered is not proposed again");
        }
        count
    }

    async fn proposed(&self, day: &str) -> Vec<NewPurchaseLine> {
        self.store.settle().await;
        let proposed = self.store.report.to_buy(&self.store.boss, "LON", Some(day)).await.expect("proposals").data;
        assert!(proposed.suppliers.iter().all(|one| one.supplier_id == Some(self.supplier)), "nobody else sells it");
        let lines = proposed.suppliers.into_iter().flat_map(|one| one.lines);
        lines.map(|one| wanted(one.sku, one.quantity, day, Some(one.why))).collect()
    }

    /// What is at its minimum, or below it, with what is on its way.
    fn below(&self, limits: &BTreeMap<String, (i64, i64)>, day: &str) -> Vec<NewPurchaseLine> {
        let mut there: BTreeMap<&str, i64> =
            self.pages.iter().map(|(sku, page)| (sku.as_str(), page.on_hand())).collect();
        for (sku, units, _) in self.coming.iter().flat_map(|one| &one.lines) {
            *there.get_mut(sku.as_str()).expect("an item of the slice") += units;
        }
        let missing = there.into_iter().filter_map(|(sku, units)| {
            // Of what had not sold yet a pack is kept.
            let (minimum, maximum) = limits.get(sku).copied().unwrap_or((0, PACK));
            let size = policy::packed(maximum - units);
            (units <= minimum && size > 0).then(|| wanted(sku.to_owned(), Quantity::whole(size), day, None))
        });
        missing.collect()
    }

    /// Sells what was asked for and is there; the rest went elsewhere. Answers with what was asked for and what was not there.
    async fn sell(&mut self, day: &str, asked: &BTreeMap<String, [i64; 3]>) -> (i64, i64) {
        let (mut lines, mut all, mut lost) = (Vec::new(), 0, 0);
        for (sku, [sold, ..]) in asked {
            let now = self.page(sku).on_hand().min(*sold);
            (all, lost) = (all + sold, lost + sold - now);
            if now > 0 {
                self.page(sku).sell(now);
                lines.push(line(sku, now, Some(295)));
            }
        }
        if !lines.is_empty() {
            let (id, store, channel, occurred_at) = (PostingId::new(), "LON".into(), model::Channel::Till, at(day, 12));
            let sale = NewSale { id, store, occurred_at, channel, number: None, lines, lists: Vec::new() };
            self.store.inventory.post_sale(&self.store.boss, sale).await.expect("a sale is never refused");
        }
        (all, lost)
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
        self.store.inventory.post_return(&self.store.boss, back).await.expect("it comes back");
        lines.into_iter().for_each(|(sku, [_, back, _])| self.page(sku).take_back(*back));
    }

    async fn correct(&mut self, day: &str, asked: &BTreeMap<String, [i64; 3]>) {
        let mut lines = Vec::new();
        for (sku, [_, _, by]) in asked {
            // Nobody writes off what is not there.
            let by = (*by).max(-self.page(sku).on_hand());
            if by != 0 {
                lines.push(Line {
                    sku: sku.clone(),
                    quantity: Quantity::whole(by),
                    reason: None,
                    lot: None,
                    serials: Vec::new(),
                });
                self.page(sku).correct(by);
            }
        }
        if !lines.is_empty() {
            let (id, store, occurred_at) = (PostingId::new(), "LON".into(), at(day, 17));
            let new = NewAdjustment { id, store, occurred_at, number: None, reason: "damaged".into(), lines };
            self.store.inventory.post_adjustment(&self.store.boss, new).await.expect("it is corrected");
        }
    }

    async fn count(&mut self, day: &str) {
        for (place, (_, by)) in COUNTS.into_iter().enumerate().filter(|(_, (on, _))| *on == day) {
            let mut shelf: Vec<String> = self.pages.keys().cloned().collect();
            if place == 1 {
                shelf.reverse();
            }
            shelf.truncate(SHELF);
            let by = by.max(-self.page(&shelf[0]).on_hand());
            self.page(&shelf[0]).correct(by);
            let entries = shelf.iter().map(|sku| NewCountEntry {
                id: CountEntryId::new(),
                code: sku.clone(),
                quantity: Quantity::whole(self.pages[sku].on_hand()),
                counted_at: None,
                shelf: None,
            });
            let entries = NewCountEntries { sent_at: None, entries: entries.collect() };
            let (inventory, boss, id) = (&self.store.inventory, &self.store.boss, PaperId::new());
            let (store, by, place) = ("LON".into(), CountBy::Items, None);
            let new = NewStockCount { id, store, by, place, skus: shelf, most: None, due_on: None, note: None };
            inventory.open_count(boss, new).await.expect("it is opened");
            let told = inventory.enter_counts(boss, id, entries).await.expect("it is counted");
            assert!(told.aside.is_empty(), "{:?}", told.aside);
            inventory.submit_count(boss, id, None, CountDone::default()).await.expect("it is submitted");
            inventory.approve_count(boss, id, None).await.expect("it is approved");
            inventory.post_count(boss, id, None).await.expect("it is booked");
        }
    }

    fn page(&mut self, sku: &str) -> &mut Page {
        self.pages.get_mut(sku).expect("an item of the slice")
    }
}

/// A supplier who sells them all, in packs.
async fn sold_by(store: &Store, skus: &BTreeSet<String>) -> SupplierId {
    let new = json!({ "id": SupplierId::new(), "code": "GIFTS", "name": "Gifts", "lead_days": LEAD });
    let new: NewSupplier = serde_json::from_value(new).expect("a supplier");
    let supplier = store.inventory.add_supplier(&store.boss, new).await.expect("added").id;
    let pack = PACK.to_string();
    let items: Vec<_> = skus.iter().map(|sku| json!({ "sku": sku, "price": "1.00", "multiple": pack })).collect();
    let patch: SupplierPatch = serde_json::from_value(json!({ "items": items })).expect("a patch");
    store.inventory.change_supplier(&store.boss, supplier, Some(1), patch).await.expect("they sell it");
    supplier
}

fn wanted(sku: String, quantity: Quantity, day: &str, why: Option<model::Why>) -> NewPurchaseLine {
    let unit_cost = Some(pence(price(&sku, day)));
    NewPurchaseLine { sku, quantity, unit_cost, code: None, why }
}

/// What one costs from the supplier, in pence: a little more every fortnight, from December on.
fn price(sku: &str, day: &str) -> i64 {
    let fortnights = day[5..7].parse::<i64>().expect("a month") % 12 * 2 + i64::from(&day[8..] > "15");
    100 + 7 * fortnights + i64::try_from(sku.len()).expect("short")
}

fn pence(pence: i64) -> Money {
    let sign = if pence < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", pence.abs() / 100, pence.abs() % 100).parse().expect("an amount")
}

fn at(day: &str, hour: i64) -> Option<Time> {
    Some(format!("{day}T{hour:02}:00:00Z").parse().expect("a time"))
}

fn units(quantity: Quantity) -> i64 {
    assert_eq!(quantity.parts() % Quantity::ONE, 0, "these are pieces");
    quantity.parts() / Quantity::ONE
}

fn line(sku: &str, size: i64, each: Option<i64>) -> NewLine {
    NewLine {
        sku: sku.into(),
        quantity: Quantity::whole(size),
        unit_price: each.map(pence),
        lot: None,
        serials: Vec::new(),
    }
}

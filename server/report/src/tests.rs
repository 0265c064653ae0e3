//! Random postings in random batches: the figures are what counting them one by one makes, on both engines.

use crate::fold::Fold;
use crate::{projection, verify};
use inventory::{Moved, Posted};
use model::{
    Channel, DocumentKind, ItemId, LocationId, Money, PostingId, Quantity, Receipt, ReceiptLine, StoreId, Time,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

/// Batches to tell, on each engine.
const CASES: usize = 24;

#[tokio::test(flavor = "multi_thread")]
async fn figures_of_random_batches_are_what_the_postings_make() {
    let world = World::new();
    db::test::on_each(async |db| {
        let mut runner = TestRunner::deterministic();
        let mut figures = 0;
        for _ in 0..CASES {
            let batches = batches(&world).new_tree(&mut runner).expect("a strategy that rejects nothing").current();
            let mut tx = db.begin().await.expect("a transaction");
            let mut count = verify::Count::default();
            for (seq, batch) in batches.iter().enumerate() {
                let mut fold = Fold::default();
                batch.iter().for_each(|posted| fold.take(posted));
                batch.iter().for_each(|posted| count.add(posted));
                projection::add(&mut tx, &fold, i64::try_from(seq).expect("few batches")).await.expect("it adds");
            }
            let held = verify::held(&mut tx).await.expect("it reads");
            figures += held.len();
            assert_eq!(count.difference(&held), None, "{batches:?}");
        }
        assert!(figures > 1_000, "cases without figures show nothing");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_figure_that_was_changed_by_hand_is_found() {
    let world = World::new();
    db::test::on_each(async |db| {
        let sale = world.posted(0, DocumentKind::Sale, false, "2026-11-22T09:05", &[(0, 300_000, 2_550_000)]);
        let mut count = verify::Count::default();
        count.add(&sale);
        let mut fold = Fold::default();
        fold.take(&sale);
        let mut tx = db.begin().await.expect("a transaction");
        projection::add(&mut tx, &fold, 1).await.expect("it adds");
        db::execute!(&mut tx, "update report_hour set quantity = quantity + 1").expect("it updates");
        let found = count.difference(&verify::held(&mut tx).await.expect("it reads"));
        assert!(found.is_some_and(|text| text.contains("2026-11-22T09 quantity is 300001")));
    })
    .await;
}

struct World {
    stores: Vec<StoreId>,
    items: Vec<ItemId>,
}

impl World {
    fn new() -> Self {
        Self {
            stores: std::iter::repeat_with(StoreId::new).take(2).collect(),
            items: std::iter::repeat_with(ItemId::new).take(5).collect(),
        }
    }

    /// A posting; each line is an item's number, a quantity and a price in parts.
    fn posted(
        &self,
        store: usize,
        effect: DocumentKind,
        undoes: bool,
        local: &str,
        lines: &[(usize, i64, i64)],
    ) -> Posted {
        let kind = if undoes { DocumentKind::Reversal } else { effect };
        let sign = if undoes { -1 } else { 1 };
        Posted {
            receipt: Receipt {
                id: PostingId::new(),
                kind,
                store: format!("S{store}"),
                number: None,
                currency: "GBP".into(),
                occurred_at: Time::default(),
                recorded_at: Time::default(),
                reverses: undoes.then(PostingId::new),
                total: Money::ZERO,
                tax: Vec::new(),
                lines: lines.iter().map(|line| receipt_line(*line, sign)).collect(),
                seq: None,
            },
            store: self.stores[store],
            local: local.into(),
            channel: Channel::Till,
            told_at: None,
            reason: None,
            author: None,
            returns: None,
            effect,
            movements: lines.iter().map(|line| self.moved(*line)).collect(),
            changes: Vec::new(),
            lots: Vec::new(),
            kits: Vec::new(),
            closed: Vec::new(),
            steps: Vec::new(),
            delivery: None,
            arrival: None,
            reservations: Vec::new(),
            exceptions: Vec::new(),
        }
    }

    fn moved(&self, (item, quantity, price): (usize, i64, i64)) -> Moved {
        Moved {
            line: 1,
            item: self.items[item],
            stocked: item != 0,
            from: LocationId::new(),
            to: LocationId::new(),
            lot: None,
            condition: model::Condition::Sellable,
            quantity: Quantity::from_parts(quantity),
            unit_price: Some(Money::from_parts(price)),
            reason: None,
            version: None,
        }
    }
}

fn receipt_line((item, quantity, price): (usize, i64, i64), sign: i64) -> ReceiptLine {
    ReceiptLine {
        sku: format!("SKU{item}"),
        name: format!("Item {item}"),
        quantity: Quantity::from_parts(quantity * sign),
        unit_price: Some(Money::from_parts(price)),
        list: None,
        tax: None,
        on_hand: None,
        version: None,
    }
}

fn batches(world: &World) -> impl Strategy<Value = Vec<Vec<Posted>>> + '_ {
    let kind = prop_oneof![
        4 => Just(DocumentKind::Sale),
        2 => Just(DocumentKind::Return),
        1 => Just(DocumentKind::Adjustment),
        1 => Just(DocumentKind::Receipt),
        1 => Just(DocumentKind::SupplierReturn),
    ];
    let local = (1..4, 0..24, 0..60).prop_map(|(day, hour, minute)| format!("2026-11-{day:02}T{hour:02}:{minute:02}"));
    let lines = prop::collection::vec((0_usize..5, 1_i64..10_000_000, 0_i64..9_999_999), 1..6);
    let posted = (0_usize..2, kind, prop::bool::weighted(0.2), local, lines)
        .prop_map(|(store, effect, undoes, local, lines)| world.posted(store, effect, undoes, &local, &lines));
    prop::collection::vec(prop::collection::vec(posted, 0..12), 1..8)
}

//! A till's files, imported as they are: the figures are the till's own.

use crate::world::{World, root};
use db::test::on_each;
use model::{Error, Money, Quantity};
use std::path::{Path, PathBuf};
use storeroom_integration::till::{Source, Summary};

const SLICE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/online-retail-slice.csv.gz");

fn sources(paths: &[PathBuf]) -> Vec<Source> {
    paths.iter().map(|path| Source::open(path).expect("a file")).collect()
}

fn money(text: &str) -> Money {
    text.parse().expect("an amount")
}

type Row = (u64, u64, i64);

#[track_caller]
fn has_figures(summary: &Summary, kinds: [Row; 3], gross: &str, returns: &str, net: &str) {
    for (figures, (lines, documents, units)) in
        [&summary.sales, &summary.returns, &summary.adjustments].into_iter().zip(kinds)
    {
        assert_eq!((figures.lines, figures.documents, figures.units), (lines, documents, Quantity::whole(units)));
    }
    assert_eq!(summary.gross(), money(gross));
    assert_eq!(summary.returns.value, money(returns));
    assert_eq!(summary.net(), money(net));
}

/// What the ledger holds after it, to be laid beside the file: units on hand over all items.
async fn units(world: &World) -> i64 {
    let (mut sum, mut path) = (0, "/stock?store=LON&limit=200".to_owned());
    loop {
        let page = world.get(&path).await.json();
        for row in page["data"].as_array().expect("rows") {
            let on_hand: Quantity = row["on_hand"].as_str().expect("text").parse().expect("a quantity");
            sum += on_hand.parts() / Quantity::ONE;
        }
        let Some(next) = page["next"].as_str() else { return sum };
        path = format!("/stock?store=LON&limit=200&cursor={next}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_slice_is_read_to_the_last_penny_and_a_second_time_changes_nothing() {
    on_each(async |db| {
        let world = World::open(db).await;
        let import = async || {
            let slice = sources(&[PathBuf::from(SLICE)]);
            world.integration.import_till(&root(), "LON", slice).await.expect("it is imported")
        };
        let first = import().await;
        let kinds = [(5_135, 269, 58_248), (70, 29, -10_470), (12, 12, 59)];
        has_figures(&first, kinds, "106709.17", "-1866.33", "104842.84");
        assert_eq!((first.lines, first.posted, first.known), (5_217, 310, 0));
        assert_eq!(units(&world).await, -58_236 + 10_469 + 59, "stocked items only");
        let again = import().await;
        assert!(again.is_repeat(), "{again}");
        assert_eq!((again.known, again.items_added), (310, 0));
        assert_eq!(units(&world).await, -58_236 + 10_469 + 59);
        world.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_a_tills_file_changes_nothing() {
    on_each(async |db| {
        let world = World::open(db).await;
        let good = Source::open(Path::new(SLICE)).expect("a file");
        let bad = Source::bytes("notes.txt", b"buy milk\n".to_vec());
        match world.integration.import_till(&root(), "LON", vec![good, bad]).await {
            Err(Error::Invalid(flaws)) => assert_eq!(flaws[0].field, "notes.txt:1"),
            other => panic!("{other:?}"),
        }
        assert_eq!(world.get("/movements").await.json()["data"], serde_json::json!([]));
        world.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invoice_with_other_lines_is_told_by_its_number() {
    on_each(async |db| {
        let world = World::open(db).await;
        let file = |quantity: u32| {
            let header = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country";
            let line = format!("536365,85123A,HEART,{quantity},2010-12-01 08:26:00,2.55,17850.0,UK");
            vec![Source::bytes("till.csv", format!("{header}\n{line}\n").into_bytes())]
        };
        world.integration.import_till(&root(), "LON", file(6)).await.expect("it is imported");
        match world.integration.import_till(&root(), "LON", file(7)).await {
            Err(Error::Invalid(flaws)) => assert_eq!(flaws[0].field, "invoice 536365"),
            other => panic!("{other:?}"),
        }
        assert_eq!(world.on_hand("LON", "85123A").await, "-6");
        world.close().await;
    })
    .await;
}

//! Real tills' files, imported as they are: the reports equal the totals that their readmes state, to the last penny.

use db::test::fresh_postgres;
use integration::till::{Source, Summary};
use model::{Actor, Figures, Money, Period, Quantity, RankBy, Totals};
use std::path::{Path, PathBuf};
use storeroom::{House, Place};

const SLICE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/integration/fixtures/online-retail-slice.csv.gz");

/// What a file's readme states.
struct Stated {
    period: [&'static str; 2],
    /// Lines, documents and units of sales, returns and adjustments.
    kinds: [(i64, i64, i64); 3],
    /// Sales, returns and both together.
    amounts: [&'static str; 3],
    by_quantity: &'static [(&'static str, i64)],
    by_value: &'static [(&'static str, &'static str)],
}

const TWO_DAYS: Stated = Stated {
    period: ["2010-12-01", "2010-12-02"],
    kinds: [(5_135, 269, 58_248), (70, 29, -10_470), (12, 12, 59)],
    amounts: ["106709.17", "-1866.33", "104842.84"],
    by_quantity: &[("84077", 3_264), ("84950", 1_842), ("21915", 1_549), ("85123A", 763), ("84879", 727)],
    by_value: &[("22423", "3492.84"), ("84029E", "2132.88"), ("21137", "2078.43")],
};

const DECEMBER: Stated = Stated {
    period: ["2010-12-01", "2010-12-31"],
    kinds: [(41_483, 1_559, 359_254), (728, 326, -16_042), (270, 146, -984)],
    amounts: ["823746.14", "-74789.12", "748957.02"],
    by_quantity: &[
        ("84077", 5_195),
        ("21212", 4_076),
        ("22834", 3_382),
        ("85123A", 3_224),
        ("22197", 2_731),
        ("22492", 2_710),
        ("22616", 2_694),
        ("22693", 2_617),
        ("22086", 2_453),
        ("84879", 2_371),
    ],
    by_value: &[
        ("22423", "26897.36"),
        ("84029E", "9291.73"),
        ("22086", "9205.15"),
        ("85123A", "9078.96"),
        ("21479", "8228.73"),
    ],
};

const SIX_MONTHS: Stated = Stated {
    period: ["2010-12-01", "2011-05-31"],
    kinds: [(203_967, 8_127, 2_112_866), (3_783, 1_677, -123_666), (1_279, 996, -38_656)],
    amounts: ["4064726.591", "-357898.95", "3706827.641"],
    by_quantity: &[
        ("84077", 28_129),
        ("21212", 19_992),
        ("85099B", 19_190),
        ("22197", 18_705),
        ("85123A", 18_499),
        ("84879", 14_077),
        ("21977", 13_294),
        ("22616", 13_231),
        ("15036", 12_504),
        ("22492", 11_616),
    ],
    by_value: &[
        ("22423", "92434.67"),
        ("85123A", "51204.69"),
        ("47566", "46389.14"),
        ("85099B", "36556.89"),
        ("84879", "23148.21"),
    ],
};

const MONTHS: [&str; 6] = ["2010-12", "2011-01", "2011-02", "2011-03", "2011-04", "2011-05"];

/// The first months of the whole data, where it is at hand: `STOREROOM_TILL_DATA`, or beside the project.
fn months(count: usize) -> Option<Vec<PathBuf>> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/online-retail");
    let folder = std::env::var_os("STOREROOM_TILL_DATA").map_or(beside, PathBuf::from);
    let files = MONTHS[..count].iter().map(|month| folder.join(format!("{month}.csv.gz")));
    files.map(|file| file.exists().then_some(file)).collect()
}

fn boss() -> Actor {
    Actor::system("boss")
}

fn money(text: &str) -> Money {
    text.parse().expect("an amount")
}

async fn import(house: &House, files: &[PathBuf]) -> Summary {
    let sources = files.iter().map(|file| Source::open(file).expect("a file")).collect();
    house.integration.import_till(&boss(), "LON", sources).await.expect("it is imported")
}

/// Waits until the reports have counted everything.
async fn settle(house: &House) {
    let mut tx = house.db.read().await.expect("a snapshot");
    let head = house.log.head(&mut tx).await.expect("a head");
    drop(tx);
    house.report.caught_up(head).await;
}

fn has_totals(totals: &Totals, stated: &Stated) {
    let Totals { sales, returns, adjustments, net } = totals;
    for (figures, (lines, documents, units)) in [sales, returns, adjustments].into_iter().zip(stated.kinds) {
        let Figures { documents: counted, lines: seen, units: moved, .. } = figures;
        assert_eq!((*seen, *counted, *moved), (lines, documents, Quantity::whole(units)));
    }
    assert_eq!([sales.value, returns.value, *net], stated.amounts.map(money));
}

async fn best(house: &House, stated: &Stated, by: RankBy, count: usize) -> Vec<model::MostSold> {
    let [from, to] = stated.period.map(str::to_owned);
    let limit = i64::try_from(count).expect("a short list");
    house.report.most_sold(&boss(), "LON", &Period { from, to }, by, limit).await.expect("a list").data
}

/// The reports say what is stated, and every movement, balance and figure holds together.
async fn reports(house: &House, stated: &Stated) {
    settle(house).await;
    let [from, to] = stated.period.map(str::to_owned);
    let totals = house.report.totals(&boss(), "LON", &Period { from, to }).await.expect("totals");
    has_totals(&totals.data, stated);
    let most = best(house, stated, RankBy::Quantity, stated.by_quantity.len()).await;
    let found: Vec<_> = most.iter().map(|row| (row.sku.as_str(), row.quantity)).collect();
    let expected: Vec<_> = stated.by_quantity.iter().map(|(sku, units)| (*sku, Quantity::whole(*units))).collect();
    assert_eq!(found, expected);
    let most = best(house, stated, RankBy::Value, stated.by_value.len()).await;
    let found: Vec<_> = most.iter().map(|row| (row.sku.as_str(), row.value)).collect();
    let expected: Vec<_> = stated.by_value.iter().map(|(sku, value)| (*sku, money(value))).collect();
    assert_eq!(found, expected);
    assert_eq!(house.log.verify().await.expect("it reads").findings, []);
    assert_eq!(house.inventory.verify(&boss()).await.expect("it reads"), []);
    let mut tx = house.db.read().await.expect("a snapshot");
    assert_eq!(house.report.verify(&mut tx).await.expect("it reads"), None);
}

/// Imports the files into a new house there, and then as often again.
async fn told_as_stated(place: &Place, files: &[PathBuf], stated: &Stated, again: usize) {
    let house = House::open(place).await.expect("the house opens");
    let beside = house.start();
    house.inventory.add_store(&boss(), "LON", "London", "GBP", "Europe/London").await.expect("a store");
    let first = import(&house, files).await;
    assert_eq!(i64::try_from(first.posted), Ok(stated.kinds.iter().map(|kind| kind.1).sum()));
    reports(&house, stated).await;
    for _ in 0..again {
        assert!(import(&house, files).await.is_repeat());
        reports(&house, stated).await;
    }
    house.close(beside).await;
}

async fn on_each(files: &[PathBuf], stated: &Stated, again: usize) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    told_as_stated(&Place::folder(folder.path()), files, stated, again).await;
    let (url, keys) = (fresh_postgres().await, tempfile::tempdir().expect("a temporary folder"));
    told_as_stated(&Place::postgres(keys.path(), &url), files, stated, again).await;
    db::test::drop_database(&url).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_days_are_reported_as_their_readme_states() {
    on_each(&[PathBuf::from(SLICE)], &TWO_DAYS, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn december_is_reported_as_its_readme_states() {
    let Some(files) = months(1) else { return eprintln!("the whole data is not at hand; two days of it are tested") };
    on_each(&files, &DECEMBER, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn six_months_are_reported_as_their_readme_states() {
    // It takes minutes, so only when the data is named.
    if std::env::var_os("STOREROOM_TILL_DATA").is_none() {
        return eprintln!("six months are read when STOREROOM_TILL_DATA names their folder");
    }
    on_each(&months(6).expect("six months"), &SIX_MONTHS, 0).await;
}

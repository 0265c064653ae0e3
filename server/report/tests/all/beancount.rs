//! A book-keeper beside us: what goods cost by layers is what beancount books first in, first out, to the penny.

use crate::shop::{Shop, new_lines};
use model::{Channel, Money, NewReceipt, NewSale, PostingId, Quantity, Time};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

const SKUS: [&str; 2] = ["85123A", "71053"];
/// Documents that are posted.
const DOCUMENTS: usize = 300;
/// The last of them takes all the worth that is left of goods: what that may be off, in millionths.
const ROUNDING: i64 = 10;

/// Prints what each transaction booked as cost of goods, then what lies in stock: narration or item, and the amount.
const ASK: &str = "
import sys
from beancount import loader
from beancount.core.data import Transaction
entries, errors, _ = loader.load_file(sys.argv[1])
assert not errors, errors
stock = {}
for entry in entries:
    for posting in entry.postings if isinstance(entry, Transaction) else []:
        units, cost = posting.units, posting.cost
        if posting.account == 'Expenses:Goods':
            print(entry.narration, format(units.number, 'f'))
        elif posting.account == 'Assets:Stock':
            stock[units.currency] = stock.get(units.currency, 0) + units.number * cost.number
for currency, value in stock.items():
    print(currency, format(value, 'f'))
";

/// A delivery with its cost for one, or a sale: of which item, and how many.
#[derive(Clone, Copy, Debug)]
struct Document {
    item: usize,
    quantity: Quantity,
    cost: Option<Money>,
}

/// Deliveries and sales, never more sold than is there.
fn documents() -> Vec<Document> {
    // Whole pieces and weighed goods, costs in pence and in fractions of them.
    let quantity =
        prop_oneof![(1_i64..40).prop_map(Quantity::whole), (1_i64..4_000_000).prop_map(Quantity::from_parts)];
    let cost = prop_oneof![(1_i64..900).prop_map(|pence| pence * 10_000), 1_i64..9_000_000].prop_map(Money::from_parts);
    let one = (0..SKUS.len(), quantity, prop::option::of(cost));
    let one = one.prop_map(|(item, quantity, cost)| Document { item, quantity, cost });
    let mut runner = TestRunner::deterministic();
    let drawn = prop::collection::vec(one, DOCUMENTS).new_tree(&mut runner).expect("nothing is rejected").current();
    let mut there = [0; SKUS.len()];
    let kept = drawn.into_iter().filter(|document| {
        let size = document.quantity.parts() * if document.cost.is_some() { 1 } else { -1 };
        let fits = there[document.item] + size >= 0;
        there[document.item] += if fits { size } else { 0 };
        fits
    });
    kept.collect()
}

fn commodity(sku: &str) -> String {
    format!("ITEM-{sku}")
}

/// The same as a beancount ledger: each document on a day of its own, so that their order is ours.
fn ledger(documents: &[(PostingId, Document)]) -> String {
    let mut text = "option \"booking_method\" \"FIFO\"\n".to_owned();
    for account in ["Assets:Stock", "Liabilities:Received", "Expenses:Goods"] {
        writeln!(text, "1999-01-01 open {account}").expect("it is a string");
    }
    for (nth, (id, Document { item, quantity, cost })) in documents.iter().enumerate() {
        let day = jiff::civil::date(2000, 1, 1) + jiff::Span::new().days(i64::try_from(nth).expect("few"));
        let item = commodity(SKUS[*item]);
        let (size, other) = match cost {
            Some(cost) => (format!("{quantity} {item} {{{cost} GBP}}"), "Liabilities:Received"),
            None => (format!("-{quantity} {item} {{}}"), "Expenses:Goods"),
        };
        writeln!(text, "{day} * \"{id}\"\n  Assets:Stock  {size}\n  {other}").expect("it is a string");
    }
    text
}

/// The interpreter that Debian's or a venv's beancount runs in: its programs begin with the interpreter's path.
fn interpreter() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|folder| folder.join("bean-check")).find(|file| file.is_file());
    let program = found.expect("beancount is missing: `cargo xtask test` installs it, or install Debian's `beancount`");
    let text = std::fs::read_to_string(program).expect("it is a script");
    let first = text.lines().next().and_then(|line| line.strip_prefix("#!")).expect("it names its interpreter");
    first.split_whitespace().next_back().expect("a path").into()
}

fn asked(program: &Path, arguments: &[&str]) -> String {
    let done = Command::new(program).args(arguments).output().expect("beancount starts");
    assert!(
        done.status.success(),
        "{}{}",
        String::from_utf8_lossy(&done.stdout),
        String::from_utf8_lossy(&done.stderr)
    );
    String::from_utf8(done.stdout).expect("text")
}

/// A decimal of any length, rounded to millionths half away from zero.
fn amount(text: &str) -> i64 {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let digits: String = rest.chars().chain(std::iter::repeat('0')).take(6).collect();
    let size: i64 = format!("{}{digits}", whole.trim_start_matches('-')).parse().expect("digits");
    let size = size + i64::from(rest.as_bytes().get(6).is_some_and(|digit| *digit >= b'5'));
    if text.starts_with('-') { -size } else { size }
}

#[tokio::test(flavor = "multi_thread")]
async fn cost_of_goods_is_what_beancount_books_first_in_first_out() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        let mut posted = Vec::new();
        for document in documents() {
            let (id, store, sku) = (PostingId::new(), "LON".to_owned(), SKUS[document.item]);
            let mut lines = new_lines(&[(sku, &document.quantity.to_string(), "1")]);
            // The order in which they become known decides, whatever is said of when it happened.
            let occurred_at = Some(Time::from_micros(1_000_000 * i64::try_from(1_000 - posted.len()).expect("few")));
            if document.cost.is_some() {
                lines[0].unit_price = document.cost;
                let receipt = NewReceipt {
                    id,
                    store,
                    occurred_at,
                    number: None,
                    order: None,
                    lines,
                    lots: Vec::new(),
                    rejected: Vec::new(),
                };
                shop.inventory.post_receipt(&shop.boss, receipt).await.expect("it arrives");
            } else {
                let sale =
                    NewSale { id, store, occurred_at, channel: Channel::Till, number: None, lines, lists: Vec::new() };
                shop.inventory.post_sale(&shop.boss, sale).await.expect("it is sold");
            }
            posted.push((id, document));
        }
        shop.settle().await;
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("shop.beancount");
        std::fs::write(&file, ledger(&posted)).expect("it is written");
        let file = file.to_str().expect("a path in letters");
        asked(Path::new("bean-check"), &[file]);
        let told = asked(&interpreter(), &["-c", ASK, file]);
        let told: BTreeMap<&str, i64> =
            told.lines().filter_map(|line| line.split_once(' ')).map(|(name, value)| (name, amount(value))).collect();
        let mut sales = 0;
        for (id, _) in posted.iter().filter(|(_, document)| document.cost.is_none()) {
            let ours = shop.report.posting_cost(&shop.boss, *id).await.expect("it is costed").cost.parts();
            let theirs = told[id.to_string().as_str()];
            assert!((ours - theirs).abs() <= ROUNDING, "{id}: {ours} here, {theirs} there");
            sales += 1;
        }
        assert!(sales > 50, "few sales show nothing");
        for sku in SKUS {
            let ours = shop.report.cost_layers(&shop.boss, "LON", sku).await.expect("layers").value.parts();
            let theirs = told[commodity(sku).as_str()];
            assert!((ours - theirs).abs() <= ROUNDING, "{sku}: {ours} here, {theirs} there");
        }
        assert_eq!(shop.verified().await, None);
        shop.close().await;
    })
    .await;
}

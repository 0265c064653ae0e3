//! Six months of a real till, played by the product's proposals and by minimums that never change: how many units were
//! there when somebody asked, and what stood on the shelves for it.

use crate::import::files;
use crate::{Arguments, Outcome};
use ::replay::{Days, FIXTURE, Policy, Replay, Served, Store, days};
use csv::{ByteRecord, Reader};
use db::Db;
use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

/// How many items are played: those that were sold on the most days.
const ITEMS: usize = 100;
/// For how many days' sales something should be left when a delivery comes: all policies are played with each of these.
const LEFT: [i64; 3] = [0, 7, 14];
/// The first month is seen: minimums are set by it, and the product knows what sold.
const SEEN: &str = "2011-01-01";
/// From when on the figures are printed: from the first day, on which the product knows nothing of what sells, and from
/// the second month.
const FROM: [&str; 2] = ["2010-12-01", SEEN];

/// Prints how each policy has served. Nothing of it depends on the machine or on the engine, so there are no rounds.
pub async fn measure(arguments: &Arguments) -> Outcome {
    let days = match arguments.till.as_deref() {
        Some(folder) => read(&files(Some(folder))?)?,
        None => days(FIXTURE),
    };
    let mut plays = Vec::new();
    let seen: Days = days.range(..SEEN.to_owned()).map(|(day, asked)| (day.clone(), asked.clone())).collect();
    if seen.is_empty() {
        return Err(format!("the till's files have no sales before {SEEN}, by which minimums are set").into());
    }
    for left in LEFT {
        let policies = [
            ("a minimum by the first month", Policy::minimum(&seen, left)),
            ("a minimum by all six months, which nobody knows beforehand", Policy::minimum(&days, left)),
            ("what the product proposes", Policy::Proposals { safety_days: left }),
        ];
        for (name, policy) in policies {
            plays.push((left, name, play(&days, policy).await?));
        }
    }
    let items = days.values().flat_map(|asked| asked.keys()).collect::<BTreeSet<_>>().len();
    println!("\n## A real till's sales of {items} items on {} days, ordered for by three policies", days.len());
    for first in FROM {
        println!("\nFrom {first} on:\n");
        println!(
            "| days' sales left when a delivery comes | policy | service level | units lost | ÷ the first's | mean \
             stock value | ÷ the first's | orders | lines | ÷ the first's |\n|---|---|---|---|---|---|---|---|---|---|"
        );
        for plays in plays.chunks(3) {
            let beside = Sum::of(&plays[0].2, first);
            for (left, policy, served) in plays {
                println!("| {left} | {policy} {}", Sum::of(served, first).beside(&beside));
            }
        }
    }
    Ok(())
}

/// Plays all days in a store of its own; ends when a balance, a value or a cost is not the book-keeper's.
async fn play(days: &Days, policy: Policy) -> Outcome<Vec<Served>> {
    let folder = tempfile::tempdir()?;
    let db = Db::open_sqlite(&folder.path().join("storeroom.db")).await?;
    db.migrate().await?;
    let replay = Replay::play(Store::open(db.clone()).await, days, policy).await;
    replay.compare().await;
    let served = replay.close().await;
    db.close().await;
    Ok(served)
}

/// What days come to.
#[derive(Default)]
struct Sum {
    asked: i64,
    lost: i64,
    value: i64,
    orders: i64,
    lines: i64,
    days: i64,
}

impl Sum {
    /// From that day on.
    fn of(served: &[Served], first: &str) -> Self {
        served.iter().filter(|day| day.day.as_str() >= first).fold(Self::default(), |sum, day| Self {
            asked: sum.asked + day.asked,
            lost: sum.lost + day.lost,
            value: sum.value + day.value,
            orders: sum.orders + day.orders,
            lines: sum.lines + day.lines,
            days: sum.days + 1,
        })
    }

    /// The cells of a line, with ratios to another.
    fn beside(&self, other: &Self) -> String {
        let ratio = |ours: i64, theirs: i64| ours as f64 / theirs as f64;
        let (level, mean) = (1.0 - ratio(self.lost, self.asked), ratio(self.value, self.days) / 100.0);
        let (lost, value) = (ratio(self.lost, other.lost), ratio(self.value, other.value));
        let lines = ratio(self.lines, other.lines);
        format!(
            "| {level:.3} | {} | {lost:.2} | {mean:.0} | {value:.2} | {} | {} | {lines:.2} |",
            self.lost, self.orders, self.lines
        )
    }
}

/// Reads the till's files as their description says: what was sold, brought back and corrected on each day, of the goods
/// that were sold on the most days.
fn read(files: &[PathBuf]) -> Outcome<Days> {
    let mut all = Days::new();
    for file in files {
        for row in rows(file)? {
            let text = |at: usize| std::str::from_utf8(row.get(at).unwrap_or_default());
            let (invoice, code, when, price) = (text(0)?, text(1)?, text(4)?, text(5)?);
            let units: i64 = text(3)?.parse()?;
            if invoice.starts_with('A') || price.starts_with('-') || !is_stocked(code) {
                continue;
            }
            let day = when.get(..10).ok_or_else(|| format!("{}: {when:?} is no time", file.display()))?;
            let sizes = all.entry(day.to_owned()).or_default().entry(code.to_owned()).or_default();
            let named = !text(6)?.is_empty() || price.bytes().any(|digit| (b'1'..=b'9').contains(&digit));
            match units {
                units if invoice.starts_with('C') => sizes[1] -= units,
                1.. if named => sizes[0] += units,
                units => sizes[2] += units,
            }
        }
    }
    let mut sold_on = HashMap::<String, usize>::new();
    for (sku, [sold, ..]) in all.values().flatten() {
        *sold_on.entry(sku.clone()).or_default() += usize::from(*sold > 0);
    }
    let mut skus: Vec<_> = sold_on.into_iter().map(|(sku, days)| (std::cmp::Reverse(days), sku)).collect();
    skus.sort();
    let kept: BTreeSet<_> = skus.into_iter().take(ITEMS).map(|(_, sku)| sku).collect();
    all.values_mut().for_each(|asked| asked.retain(|sku, _| kept.contains(sku)));
    all.retain(|_, asked| !asked.is_empty());
    Ok(all)
}

/// The lines of a file without its heading; `zcat -f` reads both kinds.
fn rows(file: &Path) -> Outcome<Vec<ByteRecord>> {
    let out = std::process::Command::new("zcat").arg("-f").arg(file).output()?;
    Ok(Reader::from_reader(out.stdout.as_slice()).into_byte_records().collect::<Result<_, _>>()?)
}

/// Five digits and at most two letters; all else is postage, a fee or a voucher.
fn is_stocked(code: &str) -> bool {
    let (digits, letters) = code.as_bytes().split_at(code.len().min(5));
    digits.len() == 5
        && digits.iter().all(u8::is_ascii_digit)
        && letters.len() <= 2
        && letters.iter().all(u8::is_ascii_alphabetic)
}

//! What customers asked for on each day, what they brought back, and what was put right.

use std::collections::{BTreeMap, BTreeSet};

/// Six items of a real till over six months; see `fixtures/README.md`.
pub const FIXTURE: &str = include_str!("../fixtures/online-retail-days.txt");

/// By day and SKU: sold, brought back, corrected; in whole units.
pub type Days = BTreeMap<String, BTreeMap<String, [i64; 3]>>;

/// Reads lines of `day SKU sold returned corrected`.
#[must_use]
pub fn days(text: &str) -> Days {
    let mut days = Days::new();
    for line in text.lines() {
        let mut words = line.split(' ');
        let (day, sku) = (words.next().expect("a day"), words.next().expect("a SKU"));
        let sizes: Vec<i64> = words.map(|word| word.parse().expect("a number")).collect();
        days.entry(day.into()).or_default().insert(sku.into(), sizes.try_into().expect("three numbers"));
    }
    days
}

/// The items of those days.
pub fn skus(days: &Days) -> BTreeSet<String> {
    days.values().flat_map(|asked| asked.keys().cloned()).collect()
}

/// What so many days sell of each item on the average of all of them, rounded up.
pub fn average(days: &Days, many: i64) -> BTreeMap<String, i64> {
    let mut sold = BTreeMap::<String, i64>::new();
    for (sku, [units, ..]) in days.values().flatten() {
        *sold.entry(sku.clone()).or_default() += units;
    }
    let (first, last) = (days.keys().next().expect("a first day"), days.keys().next_back().expect("a last day"));
    let span = parsed(first).until(parsed(last)).expect("both are days").get_days() + 1;
    sold.into_iter().map(|(sku, units)| (sku, rounded_up(units * many, i64::from(span)))).collect()
}

pub fn after(day: &str, days: i64) -> String {
    parsed(day).checked_add(jiff::Span::new().days(days)).expect("a day").to_string()
}

/// So many parts, each of that size.
pub const fn rounded_up(units: i64, size: i64) -> i64 {
    (units + size - 1) / size
}

fn parsed(day: &str) -> jiff::civil::Date {
    day.parse().expect("a day")
}

//! The figures against the journal: every posting counted again, one by one, without the folding.

use crate::fold::{FIGURE_MAX, Fold};
use crate::projection;
use db::Tx;
use inventory::{Behind, Posted};
use model::{DocumentKind, Quantity, Result};
use std::collections::{BTreeMap, BTreeSet};

/// What each figure is called, down to its column, and what it holds.
pub type Sheet = BTreeMap<String, i64>;

/// What the tables hold, figure by figure.
pub async fn held(tx: &mut Tx) -> Result<Sheet> {
    Ok(named(&projection::held(tx).await?))
}

/// What a fold holds, figure by figure.
pub fn named(fold: &Fold) -> Sheet {
    let mut sheet = Sheet::new();
    for ((store, day, item), figures) in &fold.item_days {
        put(&mut sheet, &format!("{store} {day} {item}"), &["sold", "gross", "returned", "refunded"], figures);
    }
    for ((store, day), figures) in &fold.days {
        put(&mut sheet, &format!("{store} {day}"), &DAY, figures);
    }
    for ((store, hour), figures) in &fold.hours {
        put(&mut sheet, &format!("{store} {hour}"), &["sales", "quantity", "value"], figures);
    }
    for ((store, minute), figures) in &fold.minutes {
        put(&mut sheet, &format!("{store} {minute}"), &["sales", "value"], figures);
    }
    sheet
}

fn put(sheet: &mut Sheet, name: &str, columns: &[&str], figures: &[i64]) {
    sheet.extend(columns.iter().zip(figures).map(|(column, figure)| (format!("{name} {column}"), *figure)));
}

const DAY: [&str; 11] = [
    "sales",
    "sale_lines",
    "sold",
    "gross",
    "returns",
    "return_lines",
    "returned",
    "refunded",
    "adjustments",
    "adjustment_lines",
    "adjusted",
];

/// The journal's postings counted one by one.
#[derive(Default)]
pub struct Count {
    /// The sum of each figure, and the furthest it ever was from zero.
    sums: BTreeMap<String, (i128, i128)>,
}

impl Count {
    fn plus(&mut self, name: String, more: i64) {
        let sum = self.sums.entry(name).or_default();
        sum.0 += i128::from(more);
        sum.1 = sum.1.max(sum.0.abs());
    }

    /// Counts one posting, line by line, and what is in its kits.
    pub fn add(&mut self, posted: &Posted) {
        let (Some(day), Some(hour)) = (posted.local.get(..10), posted.local.get(..13)) else { return };
        let minute = posted.local.get(..16).unwrap_or(hour);
        let (documents, lines, units, money, out) = match posted.effect {
            DocumentKind::Sale => ("sales", "sale_lines", "sold", "gross", 1),
            DocumentKind::Return => ("returns", "return_lines", "returned", "refunded", -1),
            DocumentKind::Adjustment => return self.add_adjustment(posted, day),
            DocumentKind::Receipt | DocumentKind::Reversal | DocumentKind::SupplierReturn | DocumentKind::Transfer => {
                return;
            }
        };
        let (store, one) = (posted.store, posted.sign());
        self.plus(format!("{store} {day} {documents}"), one);
        if out > 0 {
            self.plus(format!("{store} {hour} sales"), one);
            self.plus(format!("{store} {minute} sales"), one);
        }
        for (_, behind) in posted.lines() {
            let (size, price) = match behind {
                Behind::Item(moved) => (moved.quantity, moved.unit_price),
                Behind::Kit(kit, moved) => {
                    // Each for its own item; the kit counts for the sale.
                    for part in moved {
                        let quantity = part.quantity.parts() * one * out;
                        self.plus(format!("{store} {day} {} {units}", part.item), quantity);
                    }
                    (kit.quantity, kit.unit_price)
                }
            };
            let (item, quantity) = (behind.item(), size.parts() * one * out);
            let price = price.unwrap_or_default();
            let value = price.checked_times(Quantity::from_parts(quantity)).unwrap_or_default().parts();
            self.plus(format!("{store} {day} {lines}"), one);
            self.plus(format!("{store} {day} {units}"), quantity);
            self.plus(format!("{store} {day} {money}"), value);
            self.plus(format!("{store} {day} {item} {units}"), quantity);
            self.plus(format!("{store} {day} {item} {money}"), value);
            self.plus(format!("{store} {hour} quantity"), quantity);
            self.plus(format!("{store} {hour} value"), value);
            self.plus(format!("{store} {minute} value"), value);
        }
    }

    fn add_adjustment(&mut self, posted: &Posted, day: &str) {
        let (store, one) = (posted.store, posted.sign());
        self.plus(format!("{store} {day} adjustments"), one);
        for line in &posted.receipt.lines {
            self.plus(format!("{store} {day} adjustment_lines"), one);
            self.plus(format!("{store} {day} adjusted"), line.quantity.parts());
        }
    }

    /// The first figure that is not what the postings make, in words.
    ///
    /// A figure that came near the range's end may have left something out (see [`FIGURE_MAX`]): it is not judged.
    pub fn difference(&self, held: &Sheet) -> Option<String> {
        let names: BTreeSet<_> = held.keys().chain(self.sums.keys()).collect();
        names.into_iter().find_map(|name| {
            let figure = i128::from(held.get(name).copied().unwrap_or_default());
            let (sum, furthest) = self.sums.get(name).copied().unwrap_or_default();
            let told = || format!("report figure {name} is {figure}, the journal's postings make {sum}");
            (figure != sum && furthest < i128::from(FIGURE_MAX / 2)).then(told)
        })
    }
}

//! The rules of costing: each case by hand, random sequences against a model that moves piece by piece, and random
//! batches on both engines.

mod batches;
mod cases;
mod pieces;

use super::book::{At, Book, Effect};

/// The place of a document with one line.
fn at(seq: i64) -> At {
    At { seq, line: 1 }
}

/// Whole pieces, in parts.
fn whole(pieces: i64) -> i64 {
    pieces * model::Quantity::ONE
}

/// Units of the currency, in parts.
fn money(text: &str) -> i64 {
    text.parse::<model::Money>().expect("an amount").parts()
}

/// Inventory, counter, revaluation and residue, in words.
fn told(effect: Effect) -> [String; 4] {
    let sum = effect.inventory + effect.counter + effect.revaluation + effect.residue;
    assert_eq!(sum, 0, "an entry adds up to zero: {effect:?}");
    [effect.inventory, effect.counter, effect.revaluation, effect.residue]
        .map(|parts| model::Money::from_parts(parts).to_string())
}

/// How many there are, and worth what, in words.
fn total(book: &Book) -> (String, String) {
    let total = book.total();
    (model::Quantity::from_parts(total.quantity).to_string(), model::Money::from_parts(total.value).to_string())
}

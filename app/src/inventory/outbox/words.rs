//! What waits, in words.

use super::entry::Entry;
use crate::{
    i18n::t_string,
    inventory::basket::Kind,
    parts::{money, quantity},
    prefs::Words,
};

/// `Sale of £5.10`: its name on the screen.
pub fn title(words: Words, entry: &Entry) -> String {
    let locale = words.get_locale();
    let total = || money(locale, &entry.currency, entry.total());
    match entry.kind() {
        Kind::Sale => t_string!(words, waiting.sale, total = total()).to_string(),
        Kind::Receipt => t_string!(words, waiting.receipt, things = quantity(locale, entry.things())).to_string(),
        Kind::Return => t_string!(words, waiting.back, total = total()).to_string(),
    }
}

/// `the sale of £5.10`: what a button does something to.
pub fn object(words: Words, entry: &Entry) -> String {
    let locale = words.get_locale();
    let total = || money(locale, &entry.currency, entry.total());
    match entry.kind() {
        Kind::Sale => t_string!(words, waiting.the_sale, total = total()).to_string(),
        Kind::Receipt => t_string!(words, waiting.the_receipt, things = quantity(locale, entry.things())).to_string(),
        Kind::Return => t_string!(words, waiting.the_back, total = total()).to_string(),
    }
}

/// `2 × Copper lantern and 1 more`.
pub fn things(words: Words, entry: &Entry) -> String {
    // The latest line comes first in a basket; one tells what was scanned first.
    let Some(first) = entry.lines.last() else { return String::new() };
    let first = format!("{} × {}", quantity(words.get_locale(), first.quantity), first.item.name);
    match entry.lines.len() - 1 {
        0 => first,
        more => t_string!(words, day.told.more, first = first, count = more.to_string()).to_string(),
    }
}

//! A posting in words: who did what, and how much of it.

use crate::{
    i18n::t_string,
    parts::{Icon, money, quantity},
    prefs::Words,
};
use model::{DocumentKind, HistoryLine};

/// The drawing of a kind.
#[must_use]
pub const fn icon(kind: DocumentKind) -> Icon {
    match kind {
        DocumentKind::Sale => Icon::Till,
        DocumentKind::Return => Icon::Back,
        DocumentKind::Adjustment => Icon::Check,
        DocumentKind::Receipt => Icon::Box,
        DocumentKind::Reversal => Icon::Undo,
        DocumentKind::Transfer => Icon::Move,
        DocumentKind::SupplierReturn => Icon::Truck,
    }
}

/// The name of a kind.
#[must_use]
pub fn kind_name(words: Words, kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Sale => t_string!(words, item.kind_sale),
        DocumentKind::Return => t_string!(words, item.kind_return),
        DocumentKind::Adjustment => t_string!(words, item.kind_adjustment),
        DocumentKind::Receipt => t_string!(words, item.kind_receipt),
        DocumentKind::Reversal => t_string!(words, item.kind_reversal),
        DocumentKind::Transfer => t_string!(words, item.kind_transfer),
        DocumentKind::SupplierReturn => t_string!(words, item.kind_supplier_return),
    }
}

/// `3 × Copper lantern, and 2 more`.
#[must_use]
pub fn things(words: Words, line: &HistoryLine) -> String {
    let Some(first) = line.lines.first() else { return String::new() };
    let size = quantity(words.get_locale(), first.quantity.abs());
    let first = format!("{size} × {}", first.name);
    let more = line.line_count - 1;
    if more > 0 { t_string!(words, day.told.more, first = first, count = more.to_string()).to_string() } else { first }
}

/// What somebody did, in a sentence.
#[must_use]
pub fn sentence(words: Words, line: &HistoryLine) -> String {
    let (who, what) = (line.actor.clone(), things(words, line));
    let total = money(words.get_locale(), &line.currency, line.total);
    match line.kind {
        DocumentKind::Sale => t_string!(words, day.told.sale, who = who, what = what, total = total).to_string(),
        DocumentKind::Return => t_string!(words, day.told.back, who = who, what = what, total = total).to_string(),
        DocumentKind::Receipt => t_string!(words, day.told.receipt, who = who, what = what).to_string(),
        DocumentKind::Adjustment => t_string!(words, day.told.adjustment, who = who, what = what).to_string(),
        DocumentKind::Reversal => t_string!(words, day.told.reversal, who = who, what = what).to_string(),
        DocumentKind::Transfer => t_string!(words, day.told.transfer, who = who, what = what).to_string(),
        DocumentKind::SupplierReturn => t_string!(words, day.told.supplier_return, who = who, what = what).to_string(),
    }
}

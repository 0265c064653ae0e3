//! What of a number is promised and what is to come, in words, where there is no room for columns.

use crate::{i18n::t_string, parts::quantity, prefs::Words};
use model::{Levels, Quantity};

/// `3 reserved · 9 available · 20 to come · 29 in the end`: what differs from what is on hand, and nothing when all of it
/// is there for anybody and none is to come.
#[must_use]
pub fn apart(words: Words, levels: &Levels) -> String {
    let told = |size: Quantity| quantity(words.get_locale(), size);
    let Levels { on_hand, reserved, available, incoming, projected, .. } = *levels;
    let parts = [
        (reserved != Quantity::ZERO)
            .then(|| t_string!(words, stock.some_reserved, quantity = told(reserved)).to_string()),
        (available != on_hand).then(|| t_string!(words, stock.some_available, quantity = told(available)).to_string()),
        (incoming != Quantity::ZERO)
            .then(|| t_string!(words, stock.some_incoming, quantity = told(incoming)).to_string()),
        (projected != available)
            .then(|| t_string!(words, stock.some_projected, quantity = told(projected)).to_string()),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

//! What an order and its lines are called.

use crate::{
    i18n::{t_string, tu_string},
    parts::quantity,
    prefs::Words,
};
use model::{Channel, Order, OrderLine, Quantity};

/// A state's name.
pub fn state(words: Words, state: &str) -> &'static str {
    match state {
        "draft" => t_string!(words, orders.state.draft),
        "confirmed" => t_string!(words, orders.state.confirmed),
        "picking" => t_string!(words, orders.state.picking),
        "partly_fulfilled" => t_string!(words, orders.state.partly_fulfilled),
        "fulfilled" => t_string!(words, orders.state.fulfilled),
        "closed" => t_string!(words, orders.state.closed),
        _ => t_string!(words, orders.state.cancelled),
    }
}

/// Through what an order came.
pub fn through(words: Words, channel: Channel) -> &'static str {
    match channel {
        Channel::Till => t_string!(words, orders.till),
        Channel::Web => t_string!(words, orders.web),
    }
}

/// Is it promised, and not handed over yet?
pub fn is_open(order: &Order) -> bool {
    is_open_state(&order.state)
}

/// The same of a state.
pub fn is_open_state(state: &str) -> bool {
    ["confirmed", "picking", "partly_fulfilled"].contains(&state)
}

/// Nothing to be told of.
fn some(size: Quantity) -> bool {
    size > Quantity::ZERO
}

/// What became of a line: `3 now, 2 when they come`.
pub fn promise(words: Words, line: &OrderLine) -> String {
    let number = |size| quantity(words.get_locale(), size);
    let mut parts = Vec::new();
    if some(line.fulfilled) {
        parts.push(tu_string!(words, orders.part.handed_over, number = number(line.fulfilled)).to_string());
    }
    if some(line.reserved) {
        parts.push(tu_string!(words, orders.part.now, number = number(line.reserved)).to_string());
    }
    if some(line.backordered) {
        parts.push(tu_string!(words, orders.part.later, number = number(line.backordered)).to_string());
    }
    if some(line.cancelled) {
        parts.push(tu_string!(words, orders.part.cancelled, number = number(line.cancelled)).to_string());
    }
    if some(line.put_back) {
        parts.push(tu_string!(words, orders.part.put_back, number = number(line.put_back)).to_string());
    }
    parts.join(", ")
}

/// The sum of something of all lines.
pub fn sum(order: &Order, of: fn(&OrderLine) -> Quantity) -> Quantity {
    order.lines.iter().map(of).fold(Quantity::ZERO, |sum, more| sum.checked_add(more).unwrap_or(sum))
}

/// A quantity as a whole number of things, for words that count.
pub fn count(size: Quantity) -> u64 {
    u64::try_from(size.parts() / Quantity::ONE).unwrap_or_default()
}

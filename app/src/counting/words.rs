//! What counts are called, and where they stand.

use crate::i18n::t_string;
use crate::parts::quantity;
use crate::prefs::Words;
use model::{CountBy, CountState, CountingPerson, EntryAside, Quantity};

/// What it goes over.
pub fn by(words: Words, by: CountBy) -> &'static str {
    match by {
        CountBy::Store => t_string!(words, counting.by.store),
        CountBy::Items => t_string!(words, counting.by.items),
        CountBy::ClassA => t_string!(words, counting.by.class_a),
        CountBy::ClassB => t_string!(words, counting.by.class_b),
        CountBy::ClassC => t_string!(words, counting.by.class_c),
        CountBy::Fast => t_string!(words, counting.by.fast),
        CountBy::Doubt => t_string!(words, counting.by.doubt),
    }
}

/// What that means.
pub fn by_help(words: Words, by: CountBy) -> &'static str {
    match by {
        CountBy::Store => t_string!(words, counting.by_help.store),
        CountBy::Items => t_string!(words, counting.by_help.items),
        CountBy::ClassA => t_string!(words, counting.by_help.class_a),
        CountBy::ClassB => t_string!(words, counting.by_help.class_b),
        CountBy::ClassC => t_string!(words, counting.by_help.class_c),
        CountBy::Fast => t_string!(words, counting.by_help.fast),
        CountBy::Doubt => t_string!(words, counting.by_help.doubt),
    }
}

/// Where it stands.
pub fn state(words: Words, state: CountState) -> &'static str {
    match state {
        CountState::Planned => t_string!(words, counting.state.planned),
        CountState::Counting => t_string!(words, counting.state.counting),
        CountState::Recounting => t_string!(words, counting.state.recounting),
        CountState::Review => t_string!(words, counting.state.review),
        CountState::Approved => t_string!(words, counting.state.approved),
        CountState::Posted => t_string!(words, counting.state.posted),
        CountState::Rejected => t_string!(words, counting.state.rejected),
        CountState::Cancelled => t_string!(words, counting.state.cancelled),
        CountState::Undone => t_string!(words, counting.state.undone),
    }
}

/// Why an entry does not count.
pub fn aside(words: Words, why: EntryAside) -> &'static str {
    match why {
        EntryAside::Unknown => t_string!(words, counting.why.unknown),
        EntryAside::Service => t_string!(words, counting.why.service),
        EntryAside::Kit => t_string!(words, counting.why.kit),
        EntryAside::NotAgain => t_string!(words, counting.why.not_again),
        EntryAside::NotYou => t_string!(words, counting.why.not_you),
        EntryAside::BelowZero => t_string!(words, counting.why.below_zero),
        EntryAside::NoNumber => t_string!(words, counting.why.no_number),
        EntryAside::Late => t_string!(words, counting.why.late),
    }
}

/// What a count goes over, and in which place where that is not the shop itself.
pub fn over(words: Words, by: CountBy, place: &str, name: &str) -> String {
    let by = self::by(words, by);
    if place == super::start::SHOP { by.to_string() } else { format!("{by} · {name}") }
}

/// Who, and at which shelf.
pub fn person(words: Words, person: &CountingPerson) -> String {
    let name = if person.mine { t_string!(words, counting.you).to_owned() } else { person.name.clone() };
    match &person.shelf {
        Some(shelf) => t_string!(words, counting.at_shelf, name = name, shelf = shelf.clone()).to_string(),
        None => name,
    }
}

/// A number with its unit, where that is no piece.
pub fn of_unit(words: Words, number: Quantity, unit: &str) -> String {
    let text = quantity(words.get_locale(), number);
    if unit == "piece" { text } else { format!("{text} {unit}") }
}

//! GS1 element strings: as a scanner sends them, with separators, and as people read them, in brackets.

use super::{Fault, Label, Wrong, offset, table};

/// What a scanner sends for the symbol FNC1 between two elements: ASCII 29 (GS1 General Specifications, 7.8).
pub(super) const SEPARATOR: char = '\u{1d}';

/// Reads elements that follow each other, those of varying length with a separator after them. More separators than
/// needed do no harm: printers put them after the last element and after those of a fixed length too.
pub(super) fn read(whole: &str, text: &str, this_year: u16) -> Result<Label, Fault> {
    let mut label = Label::default();
    let mut rest = text.trim_start_matches(SEPARATOR);
    if rest.is_empty() {
        return Err(Fault::new(Wrong::Empty, "", 0));
    }
    while !rest.is_empty() {
        let at = offset(whole, rest);
        let Some((ai, form)) = table::find(rest) else {
            return Err(Fault::new(Wrong::Unknown, start(rest), at));
        };
        let field = rest[ai.len()..].split(SEPARATOR).next().unwrap_or_default();
        // What is too short is told by its whole field.
        let data = if table::is_predefined(ai) { field.get(..form.length().1).unwrap_or(field) } else { field };
        label.add(ai, data, at, this_year)?;
        rest = rest[ai.len() + data.len()..].trim_start_matches(SEPARATOR);
    }
    Ok(label)
}

/// Reads `(01)09506000134352(10)ABC`, the form below the bars. Spaces count nothing,
/// because no element can have one.
pub(super) fn read_bracketed(whole: &str, text: &str, this_year: u16) -> Result<Label, Fault> {
    let mut label = Label::default();
    let mut rest = text;
    while let Some((ai, after)) = bracketed(rest) {
        let end = after.match_indices('(').map(|(end, _)| end).find(|end| bracketed(&after[*end..]).is_some());
        let (data, next) = after.split_at(end.unwrap_or(after.len()));
        label.add(ai, &data.replace(' ', ""), offset(whole, rest), this_year)?;
        rest = next;
    }
    Ok(label)
}

/// The identifier in brackets with which a text begins, and what follows it.
pub(super) fn bracketed(text: &str) -> Option<(&str, &str)> {
    let (ai, after) = text.strip_prefix('(')?.split_once(')')?;
    (matches!(ai.len(), 2..=4) && crate::gtin::is_digits(ai)).then_some((ai, after))
}

/// Up to four characters, to be told.
fn start(text: &str) -> &str {
    text.char_indices().nth(4).map_or(text, |(end, _)| &text[..end])
}

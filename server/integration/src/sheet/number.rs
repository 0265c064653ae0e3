//! Numbers as people write them: with a point or a comma, grouped or not, with a currency or not.

use super::Cell;
use model::{Money, Quantity};
use std::str::FromStr;

/// Signs of currencies that may stand before or after an amount.
const SIGNS: [&str; 8] = ["£", "€", "$", "¥", "₹", "EUR", "GBP", "USD"];

/// Reads a number: `comma` when fractions are written with one.
pub(super) fn read<T: FromStr>(cell: &Cell, comma: bool) -> Option<T> {
    match cell {
        Cell::Empty => None,
        Cell::Number(text) => text.parse().ok(),
        Cell::Text(text) => plain(text, comma)?.parse().ok(),
    }
}

/// `1.234,50 €` as `1234.50`; `None` when it is no number.
fn plain(text: &str, comma: bool) -> Option<String> {
    let mut text = text.trim().trim_start_matches('\'').to_owned();
    for sign in SIGNS {
        text = text.replace(sign, "");
    }
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let text = text.replace('\u{2212}', "-");
    let (group, point) = if comma { ('.', ',') } else { (',', '.') };
    let (whole, fraction) = text.split_once(point).unwrap_or((&text, ""));
    let (sign, whole) = whole.strip_prefix('-').map_or(("", whole), |whole| ("-", whole));
    let whole = ungrouped(whole, group)?;
    let fraction = fraction.trim_end_matches('0');
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(&whole) || !digits(fraction) || (whole.is_empty() && fraction.is_empty()) {
        return None;
    }
    let whole = if whole.is_empty() { "0" } else { &whole };
    Some(if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") })
}

/// Groups have three digits each; anything else is a mistake, not a grouping.
fn ungrouped(whole: &str, group: char) -> Option<String> {
    if !whole.contains(group) {
        return Some(whole.to_owned());
    }
    let mut parts = whole.split(group);
    let first = parts.next().is_some_and(|first| (1..=3).contains(&first.len()));
    let rest = parts.all(|part| part.len() == 3);
    (first && rest).then(|| whole.replace(group, ""))
}

/// What to write instead of what is no number: the number inside it, when there is one.
pub(super) fn hint(cell: &Cell, comma: bool) -> String {
    let kept: String = cell.text().chars().filter(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '-')).collect();
    let written = |amount: Money| if comma { amount.to_string().replace('.', ",") } else { amount.to_string() };
    let found = plain(&kept, comma).or_else(|| plain(&kept, !comma)).and_then(|text| text.parse::<Money>().ok());
    written(found.unwrap_or(Money::from_parts(2_550_000)))
}

/// Whether the numbers of a column are written with a decimal comma.
pub(super) fn has_comma<'a>(cells: impl Iterator<Item = &'a Cell>) -> bool {
    let (mut points, mut commas) = (0, 0);
    for cell in cells {
        let Cell::Text(text) = cell else { continue };
        let strict = |comma| plain(text, comma).is_some_and(|plain| plain.contains('.'));
        points += u32::from(strict(false));
        commas += u32::from(strict(true));
    }
    commas > points
}

/// Is it a number in either writing?
pub(super) fn is_number(cell: &Cell) -> bool {
    read::<Quantity>(cell, false).is_some() || read::<Quantity>(cell, true).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(text: &str, comma: bool) -> Option<String> {
        read::<Money>(&Cell::Text(text.into()), comma).map(|amount| amount.to_string())
    }

    #[test]
    fn both_writings_are_read() {
        for (text, comma, expected) in [
            ("2.55", false, "2.55"),
            ("£1,234.50", false, "1234.50"),
            ("2,55", true, "2.55"),
            ("1.234,5 €", true, "1234.50"),
            (".5", false, "0.50"),
            ("-3", true, "-3.00"),
            ("12 000", false, "12000.00"),
        ] {
            assert_eq!(money(text, comma).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_could_mean_two_things_is_no_number() {
        for (text, comma) in
            [("2,55", false), ("1.23", true), ("abc", false), ("", false), ("1e5", false), ("2.5.5", false)]
        {
            assert_eq!(money(text, comma), None, "{text}");
        }
    }

    #[test]
    fn a_mistake_is_told_with_what_to_write() {
        assert_eq!(hint(&Cell::Text("2.55 each".into()), false), "2.55");
        assert_eq!(hint(&Cell::Text("2,55".into()), false), "2.55");
        assert_eq!(hint(&Cell::Text("abc".into()), true), "2,55");
    }
}

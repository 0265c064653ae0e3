//! Amounts and quantities as people read them. Exact, and the same on the server and in the browser, so that what was
//! rendered is what comes to life; `Intl` would round through a float and differ between the two.

use crate::i18n::Locale;
use model::{Money, Quantity};
use std::str::FromStr;

/// What somebody typed as a number, with a point or a comma; nothing when it is none.
#[must_use]
pub fn as_number<T: FromStr>(text: &str) -> Option<T> {
    text.trim().replace(',', ".").parse().ok()
}

/// A number as it is typed in that language, without groups: `1250.5` or `1250,5`.
#[must_use]
pub fn to_type(locale: Locale, number: impl ToString) -> String {
    let text = number.to_string();
    if locale == Locale::es { text.replace('.', ",") } else { text }
}

/// A quantity: `1,250.5` or `1250,5`.
#[must_use]
pub fn quantity(locale: Locale, quantity: Quantity) -> String {
    let text = quantity.to_string();
    signed(&text, |size| written(locale, size))
}

/// An amount with its currency (ISO 4217): `£1,234.50` or `1234,50 £`.
#[must_use]
pub fn money(locale: Locale, currency: &str, amount: Money) -> String {
    let text = amount.to_string();
    let text = if has_no_cents(currency) { text.strip_suffix(".00").unwrap_or(&text) } else { &text };
    let symbol = symbol(currency);
    signed(text, |size| match (locale, symbol) {
        (Locale::en, Some(symbol)) => format!("{symbol}{}", written(locale, size)),
        (Locale::en, None) => format!("{currency}\u{a0}{}", written(locale, size)),
        (Locale::es, _) => format!("{}\u{a0}{}", written(locale, size), symbol.unwrap_or(currency)),
    })
}

fn signed(text: &str, write: impl Fn(&str) -> String) -> String {
    text.strip_prefix('-').map_or_else(|| write(text), |size| format!("\u{2212}{}", write(size)))
}

fn written(locale: Locale, size: &str) -> String {
    let (comma, point, least) = match locale {
        Locale::en => (',', '.', 4),
        // Spanish groups from five digits on.
        Locale::es => ('.', ',', 5),
    };
    let (whole, fraction) = size.split_once('.').unwrap_or((size, ""));
    let mut text = String::with_capacity(size.len() + 4);
    for (at, digit) in whole.char_indices() {
        if whole.len() >= least && at > 0 && (whole.len() - at).is_multiple_of(3) {
            text.push(comma);
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push(point);
        text.push_str(fraction);
    }
    text
}

fn symbol(currency: &str) -> Option<&'static str> {
    Some(match currency {
        "GBP" => "£",
        "EUR" => "€",
        "USD" => "$",
        "JPY" => "¥",
        "MXN" => "MX$",
        "INR" => "₹",
        _ => return None,
    })
}

fn has_no_cents(currency: &str) -> bool {
    matches!(currency, "JPY" | "KRW" | "VND" | "CLP" | "PYG" | "ISK" | "XAF" | "XOF")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(text: &str) -> Money {
        text.parse().expect("a decimal")
    }

    #[test]
    fn amounts_read_as_each_language_writes_them() {
        assert_eq!(money(Locale::en, "GBP", amount("1234.5")), "£1,234.50");
        assert_eq!(money(Locale::es, "EUR", amount("1234.5")), "1234,50\u{a0}€");
        assert_eq!(money(Locale::es, "EUR", amount("12345.5")), "12.345,50\u{a0}€");
        assert_eq!(money(Locale::en, "CHF", amount("-3")), "\u{2212}CHF\u{a0}3.00");
    }

    #[test]
    fn no_digit_is_rounded_away_and_no_cent_is_made_up() {
        assert_eq!(money(Locale::en, "GBP", amount("0.001")), "£0.001");
        assert_eq!(money(Locale::en, "JPY", amount("1200")), "¥1,200");
    }

    #[test]
    fn quantities_group_their_thousands() {
        assert_eq!(quantity(Locale::en, Quantity::whole(1_234_567)), "1,234,567");
        assert_eq!(quantity(Locale::es, "0.25".parse().expect("a decimal")), "0,25");
        assert_eq!(quantity(Locale::en, Quantity::whole(-12)), "\u{2212}12");
    }
}

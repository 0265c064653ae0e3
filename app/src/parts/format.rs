//! Amounts and quantities as people read them. Exact, and the same on the server and in the browser, so that what was
//! rendered is what comes to life; `Intl` would round through a float and differ between the two.

use crate::i18n::Locale;
use model::{Language, Money, Quantity};
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
    language(locale).quantity(quantity)
}

/// An amount with its currency (ISO 4217): `£1,234.50` or `1234,50 £`.
#[must_use]
pub fn money(locale: Locale, currency: &str, amount: Money) -> String {
    language(locale).money(currency, amount)
}

const fn language(locale: Locale) -> Language {
    match locale {
        Locale::en => Language::English,
        Locale::es => Language::Spanish,
    }
}

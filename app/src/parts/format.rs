//! Amounts and quantities as people read them. Exact, and the same on the server and in the browser, so that what was
//! rendered is what comes to life; `Intl` would round through a float and differ between the two.

use crate::i18n::Locale;
use model::{COUNT_REACH, Language, Money, Quantity};
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

/// How many there are, as far as they are counted: `12`, or `1,000+`.
#[must_use]
pub fn counted(locale: Locale, count: i64) -> String {
    let more = if count > COUNT_REACH { "+" } else { "" };
    quantity(locale, Quantity::whole(count.min(COUNT_REACH))) + more
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_counted_to_its_end_says_so() {
        assert_eq!(counted(Locale::en, 0), "0");
        assert_eq!(counted(Locale::en, COUNT_REACH), "1,000");
        assert_eq!(counted(Locale::en, COUNT_REACH + 1), "1,000+");
        assert_eq!(counted(Locale::es, 20_000), "1000+");
    }
}

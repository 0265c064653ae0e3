//! The languages that people are spoken to in, and how each writes numbers: exact, and the same wherever they are written.

use crate::{Money, Quantity, coin_digits};
use serde::{Deserialize, Serialize};

/// A language of pages, files and papers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Language {
    /// English.
    #[default]
    #[serde(rename = "en")]
    English,
    /// Spanish.
    #[serde(rename = "es")]
    Spanish,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::English, Self::Spanish];

    /// The code in an address and in HTML.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Spanish => "es",
        }
    }

    /// A quantity: `1,250.5` or `1250,5`.
    #[must_use]
    pub fn quantity(self, quantity: Quantity) -> String {
        signed(&quantity.to_string(), |size| self.written(size))
    }

    /// An amount with its currency (ISO 4217): `£1,234.50` or `1234,50 £`.
    #[must_use]
    pub fn money(self, currency: &str, amount: Money) -> String {
        let symbol = symbol(currency);
        signed(&digits(currency, amount), |size| match (self, symbol) {
            (Self::English, Some(symbol)) => format!("{symbol}{}", self.written(size)),
            (Self::English, None) => format!("{currency}\u{a0}{}", self.written(size)),
            (Self::Spanish, _) => format!("{}\u{a0}{}", self.written(size), symbol.unwrap_or(currency)),
        })
    }

    /// An amount beneath a head that names its currency (ISO 4217): `1,234.50` or `1234,50`.
    #[must_use]
    pub fn figure(self, currency: &str, amount: Money) -> String {
        signed(&digits(currency, amount), |size| self.written(size))
    }

    fn written(self, size: &str) -> String {
        let (comma, point, least) = match self {
            Self::English => (',', '.', 4),
            // Spanish groups from five digits on.
            Self::Spanish => ('.', ',', 5),
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
}

fn digits(currency: &str, amount: Money) -> String {
    let text = amount.to_string();
    let whole = if coin_digits(currency) == 0 { text.strip_suffix(".00") } else { None };
    whole.map(str::to_owned).unwrap_or(text)
}

fn signed(text: &str, write: impl Fn(&str) -> String) -> String {
    text.strip_prefix('-').map_or_else(|| write(text), |size| format!("\u{2212}{}", write(size)))
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

#[cfg(test)]
mod tests {
    use super::Language::{English, Spanish};
    use super::*;

    fn amount(text: &str) -> Money {
        text.parse().expect("a decimal")
    }

    #[test]
    fn amounts_read_as_each_language_writes_them() {
        assert_eq!(English.money("GBP", amount("1234.5")), "£1,234.50");
        assert_eq!(Spanish.money("EUR", amount("1234.5")), "1234,50\u{a0}€");
        assert_eq!(Spanish.money("EUR", amount("12345.5")), "12.345,50\u{a0}€");
        assert_eq!(English.money("CHF", amount("-3")), "\u{2212}CHF\u{a0}3.00");
        assert_eq!(Spanish.figure("CHF", amount("-12345.5")), "\u{2212}12.345,50");
    }

    #[test]
    fn no_digit_is_rounded_away_and_no_cent_is_made_up() {
        assert_eq!(English.money("GBP", amount("0.001")), "£0.001");
        assert_eq!(English.money("JPY", amount("1200")), "¥1,200");
        assert_eq!(English.figure("JPY", amount("1200")), "1,200");
    }

    #[test]
    fn quantities_group_their_thousands() {
        assert_eq!(English.quantity(Quantity::whole(1_234_567)), "1,234,567");
        assert_eq!(Spanish.quantity("0.25".parse().expect("a decimal")), "0,25");
        assert_eq!(English.quantity(Quantity::whole(-12)), "\u{2212}12");
    }

    #[test]
    fn a_language_is_read_by_its_code() {
        for language in Language::ALL {
            let told = serde_json::to_string(&language).expect("written");
            assert_eq!(told, format!("{:?}", language.code()));
        }
    }
}

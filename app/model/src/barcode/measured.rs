//! In-store labels: an EAN-13 that carries its item's weight or price.

use super::{Fault, Wrong, label::scaled};
use crate::{Flaw, Gtin, Money, Quantity, gtin};
use serde::{Deserialize, Serialize};

/// How a store's scales print EAN-13 labels of one prefix: prefix, item, perhaps a check digit of the value, value, and
/// the check digit of the whole (GS1 General Specifications, 2.1.12, leaves the middle to each country).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "ScaleLabel")]
pub struct Rule {
    prefix: u8,
    item_digits: u8,
    value_digits: u8,
    decimals: u8,
    measure: Measure,
    value_check: bool,
}

/// A rule as it is written down, right or wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScaleLabel {
    /// The two digits with which such labels begin: 20 to 29, or 2 for 02.
    pub prefix: u8,
    /// How many digits are the item's.
    pub item_digits: u8,
    /// How many are the weight's or the price's.
    pub value_digits: u8,
    /// How many of those stand after the point.
    pub decimals: u8,
    /// Which of the two it is.
    pub measure: Measure,
    /// A check digit of its own stands before the value.
    #[serde(default)]
    pub value_check: bool,
}

/// What the value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// How much of it, in the item's base unit: kilograms as a rule, or pieces with no decimals.
    Weight,
    /// What it costs, in the store's currency.
    Price,
}

/// What an in-store label says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measured {
    /// The item's own digits, between prefix and value.
    pub item: String,
    /// The label with zeros for its value: the number under which a catalogue has the item.
    pub base: Gtin,
    /// Its weight or price.
    pub value: Value,
}

/// The weight or the price of what is labelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// How much of it, in the item's base unit.
    Weight(Quantity),
    /// What it costs, in the store's currency.
    Price(Money),
}

impl Rule {
    /// A rule for labels that begin with `prefix` (20 to 29, or 2 for the 02 of a UPC-A's number system 2).
    ///
    /// # Errors
    /// When the digits do not add up to twelve beside the last one, when there are more decimals than digits or than
    /// can be exact (5 of a weight, 6 of a price), or when a value with a check digit has not 4 or 5 digits.
    pub fn new(
        prefix: u8,
        item_digits: u8,
        value_digits: u8,
        decimals: u8,
        measure: Measure,
        value_check: bool,
    ) -> Result<Self, Flaw> {
        if !matches!(prefix, 2 | 20..=29) {
            return Err(Flaw::new("prefix", "prefix", "use 20 to 29, or 2 for labels that begin with 02"));
        }
        let digits = [2, item_digits, u8::from(value_check), value_digits].into_iter().map(u32::from).sum::<u32>();
        if digits != 12 || item_digits == 0 || value_digits == 0 {
            let message = "prefix, item, check digit and value have 12 digits together; change one of them";
            return Err(Flaw::new("value_digits", "digits", message));
        }
        let most = if measure == Measure::Weight { Quantity::DIGITS } else { Money::DIGITS };
        if decimals > value_digits || u32::from(decimals) > most {
            return Err(Flaw::new("decimals", "decimals", format!("use at most {}", most.min(value_digits.into()))));
        }
        if value_check && !matches!(value_digits, 4 | 5) {
            return Err(Flaw::new("value_check", "value_check", "only values of 4 or 5 digits have a check digit"));
        }
        Ok(Self { prefix, item_digits, value_digits, decimals, measure, value_check })
    }

    /// What the 13 digits of a label say, if they begin with this rule's prefix.
    pub(super) fn read(&self, digits: &str) -> Option<Result<Measured, Wrong>> {
        let item_at = 2;
        let check_at = item_at + usize::from(self.item_digits);
        let value_at = check_at + usize::from(self.value_check);
        let prefix = digits.get(..item_at)?;
        if prefix.parse() != Ok(self.prefix) {
            return None;
        }
        let (item, value) = (digits.get(item_at..check_at)?, digits.get(value_at..12)?);
        if self.value_check {
            let right = value_check_digit(value);
            if digits.get(check_at..value_at).and_then(|found| found.chars().next()) != Some(right) {
                return Some(Err(Wrong::PriceCheckDigit(right)));
            }
        }
        // The check digit of no price is zero too.
        let body = format!("{prefix}{item:0<10}");
        let base = format!("{body}{}", char::from(gtin::check_digit(body.as_bytes()))).parse().ok()?;
        let decimals = u32::from(self.decimals);
        let value = match self.measure {
            Measure::Weight => Value::Weight(Quantity::from_parts(scaled(value, decimals, Quantity::DIGITS)?)),
            Measure::Price => Value::Price(Money::from_parts(scaled(value, decimals, Money::DIGITS)?)),
        };
        Some(Ok(Measured { item: item.to_owned(), base, value }))
    }
}

impl ScaleLabel {
    /// The rule that it is. Errors: as [`Rule::new`].
    pub fn rule(self) -> Result<Rule, Flaw> {
        let Self { prefix, item_digits, value_digits, decimals, measure, value_check } = self;
        Rule::new(prefix, item_digits, value_digits, decimals, measure, value_check)
    }
}

impl TryFrom<ScaleLabel> for Rule {
    type Error = String;

    fn try_from(label: ScaleLabel) -> Result<Self, String> {
        label.rule().map_err(|flaw| flaw.message)
    }
}

/// What the first rule for its prefix reads; none when no rule has it.
pub(super) fn read(gtin: Gtin, rules: &[Rule]) -> Option<Result<Measured, Fault>> {
    let digits = gtin.thirteen()?;
    let read = rules.iter().find_map(|rule| rule.read(&digits))?;
    Some(read.map_err(|wrong| Fault::new(wrong, "", 0)))
}

/// The check digit of a price or weight of four or five digits (GS1 General Specifications, 7.9).
fn value_check_digit(value: &str) -> char {
    let digits = value.bytes().map(|byte| i32::from(byte.wrapping_sub(b'0')));
    // A weight is a factor, and what becomes of the tens of the product: taken off the units, left, or added.
    let sum = |weights: &[(i32, i32)]| digits.zip(weights).map(|(digit, weight)| weighed(digit, *weight)).sum::<i32>();
    let digit = if value.len() == 4 {
        sum(&[(2, -1), (2, -1), (3, 0), (5, -1)]) * 3 % 10
    } else {
        let wanted = (10 - sum(&[(5, 1), (2, -1), (5, -1), (5, 1), (2, -1)]) % 10) % 10;
        (0..10).find(|digit| weighed(*digit, (5, -1)) == wanted).unwrap_or_default()
    };
    u32::try_from(digit).ok().and_then(|digit| char::from_digit(digit, 10)).unwrap_or('0')
}

fn weighed(digit: i32, (factor, tens): (i32, i32)) -> i32 {
    let product = digit * factor;
    (product % 10 + tens * (product / 10)).rem_euclid(10)
}

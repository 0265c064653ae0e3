//! Decimal text to scaled integers and back, without a float in between.

use serde::de::{self, Deserializer, Visitor};

/// The text is not a decimal number of that many digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotDecimal {
    digits: u32,
}

impl std::fmt::Display for NotDecimal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "not a decimal number such as \"12.5\" with at most {} digits after the point", self.digits)
    }
}

impl std::error::Error for NotDecimal {}

/// Reads `-12.50` as a whole number of `10^-digits`; refuses exponents, signs other than one leading `-`, spaces,
/// a bare point, and digits beyond the scale unless they are zero.
pub(crate) fn parse(text: &str, digits: u32) -> Result<i64, NotDecimal> {
    let fault = NotDecimal { digits };
    let (negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = rest.split_once('.').unwrap_or((rest, "0"));
    if whole.is_empty() || fraction.is_empty() || text.len() > 40 {
        return Err(fault);
    }
    let mut value: i128 = 0;
    for byte in whole.bytes() {
        value = shift(value, byte).ok_or(fault)?;
    }
    for place in 0..(digits as usize).max(fraction.len()) {
        let byte = fraction.as_bytes().get(place).copied().unwrap_or(b'0');
        if place < digits as usize {
            value = shift(value, byte).ok_or(fault)?;
        } else if byte != b'0' {
            return Err(fault);
        }
    }
    i64::try_from(if negative { -value } else { value }).map_err(|_| fault)
}

fn shift(value: i128, byte: u8) -> Option<i128> {
    let digit = byte.is_ascii_digit().then(|| i128::from(byte - b'0'))?;
    value.checked_mul(10)?.checked_add(digit)
}

/// Writes a whole number of `10^-digits` with as few digits after the point as it needs, but at least `least`.
pub(crate) fn print(parts: i64, digits: u32, least: usize) -> String {
    let one = 10_u64.pow(digits);
    let size = parts.unsigned_abs();
    let mut fraction = format!("{:0width$}", size % one, width = digits as usize);
    while fraction.len() > least && fraction.ends_with('0') {
        fraction.pop();
    }
    let sign = if parts < 0 { "-" } else { "" };
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{}{point}{fraction}", size / one)
}

/// Takes a JSON string only: a JSON number would already have been a float somewhere.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D, digits: u32) -> Result<i64, D::Error> {
    struct Text(u32);
    impl Visitor<'_> for Text {
        type Value = i64;
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            write!(f, "a decimal in quotes, such as \"12.5\"")
        }
        fn visit_str<E: de::Error>(self, text: &str) -> Result<i64, E> {
            parse(text, self.0).map_err(E::custom)
        }
    }
    deserializer.deserialize_str(Text(digits))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_what_people_write() {
        assert_eq!(parse("6", 5), Ok(600_000));
        assert_eq!(parse("-0.25", 5), Ok(-25_000));
        assert_eq!(parse("2.5500000000", 6), Ok(2_550_000));
    }

    #[test]
    fn refuses_what_is_not_a_decimal() {
        for text in ["", "-", ".", "1.", ".5", "1e3", "+1", " 1", "1,5", "0.000001", "٣", "99999999999999999999", "--1"]
        {
            assert!(parse(text, 5).is_err(), "{text:?}");
        }
    }

    #[test]
    fn keeps_at_least_two_digits_of_money() {
        assert_eq!(print(3_000_000, 6, 2), "3.00");
        assert_eq!(print(4_064_726_591_000, 6, 2), "4064726.591");
        assert_eq!(print(-1, 6, 2), "-0.000001");
    }

    proptest! {
        #[test]
        fn what_is_printed_reads_back(parts: i64) {
            prop_assert_eq!(parse(&print(parts, 5, 0), 5), Ok(parts));
            prop_assert_eq!(parse(&print(parts, 6, 2), 6), Ok(parts));
        }
    }
}

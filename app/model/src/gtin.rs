//! A trade item's number: GTIN-8, -12, -13 and -14 as one, its check digit, and UPC-E written out.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A trade item's number with a right check digit: whatever its length was, it is one number of 14 digits with zeros
/// in front. On the wire: those 14 digits as a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gtin(u64);

/// Why a text is no trade item's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotGtin {
    /// It has not 8, 12, 13 or 14 digits, or something else than digits; a UPC-E begins otherwise than with 0 or 1.
    Shape,
    /// Its last digit should be this one.
    CheckDigit(char),
}

impl Gtin {
    /// The number behind a UPC-E's eight digits: number system (0 or 1), six digits with zeros left out, check digit
    /// (GS1 General Specifications, 5.2.2.4).
    ///
    /// # Errors
    /// As [`NotGtin`] says; the check digit is that of the UPC-A.
    pub fn from_upc_e(code: &str) -> Result<Self, NotGtin> {
        if code.len() != 8 || !code.starts_with(['0', '1']) || !is_digits(code) {
            return Err(NotGtin::Shape);
        }
        // The seventh digit says where zeros were left out.
        let (front, zeros, back) = match code.as_bytes()[6] {
            b'0'..=b'2' => (&code[..3], [&code[6..7], "0000"].concat(), &code[3..6]),
            b'3' => (&code[..4], "00000".to_owned(), &code[4..6]),
            b'4' => (&code[..5], "00000".to_owned(), &code[5..6]),
            _ => (&code[..6], "0000".to_owned(), &code[6..7]),
        };
        [front, &zeros, back, &code[7..]].concat().parse()
    }

    /// All the texts that this number may be written as: its 14 digits, fewer as long as only zeros are left out, and
    /// last the UPC-E that it has. Eight digits of a UPC-E may be another number's EAN-8 as well.
    #[must_use]
    pub fn forms(self) -> Vec<String> {
        let lengths = [(14, u64::MAX), (13, 10_u64.pow(13)), (12, 10_u64.pow(12)), (8, 10_u64.pow(8))];
        let fit = lengths.into_iter().filter(|(_, end)| self.0 < *end);
        let mut forms: Vec<String> = fit.map(|(length, _)| format!("{:0length$}", self.0)).collect();
        forms.extend(self.upc_e());
        forms
    }

    /// The UPC-E that stand for it: as a rule one or none, seldom two, of which one should not be printed.
    fn upc_e(self) -> Vec<String> {
        let long = format!("{:012}", self.0);
        let (front, back, check) = (&long[..6], &long[6..11], &long[11..]);
        // In the order of `from_upc_e`: which digits of front and back stay, and what tells so.
        let short = [
            [&front[..3], &back[2..], &front[3..4]],
            [&front[..4], &back[3..], "3"],
            [&front[..5], &back[4..], "4"],
            [front, &back[4..], ""],
        ];
        let codes = short.into_iter().map(|parts| parts.concat() + check);
        codes.filter(|code| Self::from_upc_e(code) == Ok(self)).collect()
    }

    /// Its 13 digits as an EAN-13 shows them; none when the first of its 14 digits is not 0.
    #[must_use]
    pub(crate) fn thirteen(self) -> Option<String> {
        (self.0 < 10_u64.pow(13)).then(|| format!("{:013}", self.0))
    }
}

impl std::fmt::Display for Gtin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:014}", self.0)
    }
}

impl std::str::FromStr for Gtin {
    type Err = NotGtin;
    fn from_str(code: &str) -> Result<Self, NotGtin> {
        if !matches!(code.len(), 8 | 12..=14) || !is_digits(code) {
            return Err(NotGtin::Shape);
        }
        match wrong_last_digit(code) {
            Some(right) => Err(NotGtin::CheckDigit(right)),
            None => code.parse().map(Self).map_err(|_| NotGtin::Shape),
        }
    }
}

impl std::fmt::Display for NotGtin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Shape => f.write_str("not 8, 12, 13 or 14 digits"),
            Self::CheckDigit(right) => write!(f, "the last digit should be {right}"),
        }
    }
}

impl std::error::Error for NotGtin {}

impl Serialize for Gtin {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Gtin {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// What is wrong with a code that looks like a GTIN (8, 12, 13 or 14 digits): the check digit that its last place
/// should hold. `None` when the digit is right, also as a UPC-E's, or when the code is no GTIN at all.
#[must_use]
pub fn wrong_check_digit(code: &str) -> Option<char> {
    match code.parse::<Gtin>() {
        Err(NotGtin::CheckDigit(right)) if Gtin::from_upc_e(code).is_err() => Some(right),
        _ => None,
    }
}

/// The digit that should stand last in a text of digits, when another one does: weights 3 and 1 from the right, for
/// every GS1 number with a check digit (GS1 General Specifications, 7.9.1).
pub(crate) fn wrong_last_digit(digits: &str) -> Option<char> {
    let (last, body) = digits.as_bytes().split_last()?;
    let right = check_digit(body);
    (right != *last).then_some(char::from(right))
}

/// The check digit of these digits, all of them in ASCII.
pub(crate) fn check_digit(body: &[u8]) -> u8 {
    let weigh = |(place, digit): (usize, &u8)| {
        let digit = u32::from(digit.wrapping_sub(b'0'));
        if place % 2 == 0 { digit * 3 } else { digit }
    };
    let sum: u32 = body.iter().rev().enumerate().map(weigh).sum();
    b'0' + ((10 - sum % 10) % 10) as u8
}

/// Digits of ASCII and nothing else?
pub(crate) fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn right_codes_of_each_length_pass() {
        for code in ["96385074", "036000291452", "5012345678900", "10012345678902", "abc", "123456", ""] {
            assert_eq!(wrong_check_digit(code), None, "{code}");
        }
    }

    #[test]
    fn a_mistyped_digit_is_told_with_the_right_one() {
        assert_eq!(wrong_check_digit("5012345678901"), Some('0'));
        assert_eq!(wrong_check_digit("96385075"), Some('4'));
    }

    #[test]
    fn a_upc_e_is_no_mistyped_ean_8() {
        assert_eq!("04252614".parse::<Gtin>(), Err(NotGtin::CheckDigit('0')));
        assert_eq!(wrong_check_digit("04252614"), None);
        assert_eq!(wrong_check_digit("04252615"), Some('0'));
    }

    #[test]
    fn zeros_left_out_of_a_upc_e_come_back() {
        // One for each way of leaving out.
        let pairs = [
            ("04252614", "042100005264"),
            ("01234531", "012300000451"),
            ("01234543", "012340000053"),
            ("01234565", "012345000065"),
        ];
        for (short, long) in pairs {
            assert_eq!(Gtin::from_upc_e(short), long.parse(), "{short}");
        }
        assert_eq!(Gtin::from_upc_e("24252614"), Err(NotGtin::Shape), "number system 2 has no short form");
    }

    #[test]
    fn one_number_in_each_length_is_one_key() {
        let gtin: Gtin = "036000291452".parse().expect("a UPC-A");
        assert_eq!(gtin.to_string(), "00036000291452");
        assert_eq!("0036000291452".parse(), Ok(gtin));
        assert_eq!("00036000291452".parse(), Ok(gtin));
        let json = serde_json::to_string(&gtin).expect("json");
        assert_eq!(json, r#""00036000291452""#);
        assert_eq!(serde_json::from_str::<Gtin>(&json).ok(), Some(gtin));
        assert!(serde_json::from_str::<Gtin>(r#""00036000291453""#).is_err());
    }

    #[test]
    fn a_number_is_told_in_all_its_forms() {
        let forms = |code: &str| code.parse::<Gtin>().expect("a number").forms();
        assert_eq!(forms("10012345678902"), ["10012345678902"]);
        assert_eq!(forms("5012345678900"), ["05012345678900", "5012345678900"]);
        assert_eq!(forms("036000291452"), ["00036000291452", "0036000291452", "036000291452"]);
        assert_eq!(forms("96385074"), ["00000096385074", "0000096385074", "000096385074", "96385074"]);
        for (short, long) in [
            ("04252614", "042100005264"),
            ("01234531", "012300000451"),
            ("01234543", "012340000053"),
            ("01234565", "012345000065"),
        ] {
            let forms = forms(long);
            assert!(forms[2] == long && forms[3..].contains(&short.to_owned()), "{forms:?}");
        }
    }

    proptest! {
        #[test]
        fn every_form_is_the_number_again(code in "0{0,6}[0-9]{7,13}|[01][0-9]{2}[0-2]0000[0-9]{3}|[01][0-9]{5}0000[5-9]") {
            let body = &code[..code.len().min(13)];
            let gtin: Gtin = format!("{body:0>13}{}", char::from(check_digit(body.as_bytes()))).parse().expect("right");
            for form in gtin.forms() {
                prop_assert!(form.parse() == Ok(gtin) || Gtin::from_upc_e(&form) == Ok(gtin), "{}", form);
            }
        }

        #[test]
        fn every_number_is_read_back(body in "[0-9]{13}") {
            let text = format!("{body}{}", char::from(check_digit(body.as_bytes())));
            let gtin: Gtin = text.parse().expect("a right check digit");
            prop_assert_eq!(gtin.to_string(), text);
        }

        #[test]
        fn one_wrong_digit_never_passes(body in "[0-9]{13}", place in 0_usize..14, by in 1_u8..10) {
            let mut digits = body.into_bytes();
            digits.push(check_digit(&digits));
            digits[place] = b'0' + (digits[place] - b'0' + by) % 10;
            let text = String::from_utf8(digits).expect("digits");
            prop_assert!(matches!(text.parse::<Gtin>(), Err(NotGtin::CheckDigit(_))), "{}", text);
        }

        #[test]
        fn no_text_makes_it_stop(text in "\\PC{0,20}|[0-9]{0,20}") {
            let _ = text.parse::<Gtin>();
            let _ = Gtin::from_upc_e(&text);
            let _ = wrong_check_digit(&text);
        }
    }
}

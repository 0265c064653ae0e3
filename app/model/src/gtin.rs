//! The check digit of a GTIN: EAN-8, UPC-A, EAN-13 and GTIN-14.

/// What is wrong with a code that looks like a GTIN (8, 12, 13 or 14 digits): the check digit that its last place
/// should hold. `None` when the digit is right, or when the code is no GTIN at all.
#[must_use]
pub fn wrong_check_digit(code: &str) -> Option<char> {
    if !matches!(code.len(), 8 | 12 | 13 | 14) || !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let digits: Vec<u32> = code.bytes().map(|byte| u32::from(byte - b'0')).collect();
    let (last, body) = digits.split_last()?;
    let weigh = |(place, digit): (usize, &u32)| if place % 2 == 0 { digit * 3 } else { *digit };
    let sum: u32 = body.iter().rev().enumerate().map(weigh).sum();
    let right = (10 - sum % 10) % 10;
    (right != *last).then(|| char::from_digit(right, 10)).flatten()
}

#[cfg(test)]
mod tests {
    use super::wrong_check_digit;

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
}

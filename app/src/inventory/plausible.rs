//! Odd numbers: what was probably meant when a quantity is far from what is usual here.

use model::Quantity;

/// That many times what is on hand is odd.
const TIMES: i64 = 10;
/// Up to here nothing is odd, however little is on hand.
const NEVER_ODD: i64 = 100;

/// What was probably meant instead: `12` for a doubled `1212`, else as many of the first digits as are not odd.
/// `None` when the quantity is not odd beside what is on hand.
#[must_use]
pub fn doubt(quantity: Quantity, on_hand: Option<Quantity>) -> Option<Quantity> {
    let usual = on_hand.unwrap_or_default().parts().saturating_mul(TIMES) / Quantity::ONE;
    let limit = usual.max(NEVER_ODD);
    let whole = quantity.parts() / Quantity::ONE;
    if whole <= limit {
        return None;
    }
    let digits = whole.to_string();
    let (first, second) = digits.split_at(digits.len() / 2);
    let doubled = (first == second).then_some(first);
    let cut = (1..digits.len()).rev().filter_map(|length| digits.get(..length));
    let fitting = |text: &str| text.parse().ok().filter(|number| *number <= limit && *number > 0);
    doubled.into_iter().chain(cut).find_map(fitting).map(Quantity::whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_typed_twice_is_meant_once() {
        assert_eq!(doubt(Quantity::whole(1212), None), Some(Quantity::whole(12)));
        assert_eq!(doubt(Quantity::whole(6060), Some(Quantity::whole(48))), Some(Quantity::whole(60)));
    }

    #[test]
    fn a_slipped_finger_is_cut_off() {
        assert_eq!(doubt(Quantity::whole(2500), Some(Quantity::whole(30))), Some(Quantity::whole(250)));
        assert_eq!(doubt(Quantity::whole(120_000), None), Some(Quantity::whole(12)));
    }

    #[test]
    fn what_is_usual_is_not_doubted() {
        assert_eq!(doubt(Quantity::whole(100), Some(Quantity::whole(-3))), None);
        assert_eq!(doubt(Quantity::whole(1212), Some(Quantity::whole(150))), None);
    }
}

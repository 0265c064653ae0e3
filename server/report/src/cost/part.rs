//! Some goods and what they are worth: parted so that nothing is lost by rounding.

use model::{Money, Quantity};
use std::ops::{Add, Neg, Sub};

/// No item of a store is worth more, in millionths: sums of what remains stay inside 64 bits.
pub const VALUE_MAX: i64 = 100_000_000_000_000_000;

/// So many of an item, in 1/100 000, and what they are worth, in millionths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// How many.
    pub quantity: i64,
    /// Worth how much.
    pub value: i64,
}

impl Part {
    /// What so many of them are worth, rounded half away from zero.
    pub fn share(self, quantity: i64) -> i64 {
        if quantity == self.quantity {
            return self.value;
        }
        divided(i128::from(self.value) * i128::from(quantity), self.quantity)
    }

    /// Takes at most so many out. The last of them takes all the worth that is left.
    pub fn take(&mut self, quantity: i64) -> Self {
        let quantity = quantity.min(self.quantity);
        let taken = Self { quantity, value: self.share(quantity) };
        *self = *self - taken;
        taken
    }
}

impl Add for Part {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { quantity: self.quantity + other.quantity, value: self.value + other.value }
    }
}

impl Sub for Part {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Neg for Part {
    type Output = Self;
    fn neg(self) -> Self {
        Self { quantity: -self.quantity, value: -self.value }
    }
}

/// A worth dealt out piece by piece: the pieces of the whole make the whole, to the last millionth.
pub struct Split {
    whole: Part,
    dealt: Part,
}

impl Split {
    /// Deals that out.
    pub fn of(whole: Part) -> Self {
        Self { whole, dealt: Part::default() }
    }

    /// What the next so many are worth.
    pub fn next(&mut self, quantity: i64) -> i64 {
        let quantity = self.dealt.quantity + quantity;
        let value = self.whole.share(quantity);
        let piece = value - self.dealt.value;
        self.dealt = Part { quantity, value };
        piece
    }
}

/// What so many cost at so much each, rounded half away from zero; `None` beyond [`VALUE_MAX`].
pub fn times(each: i64, quantity: i64) -> Option<i64> {
    let value = Money::from_parts(each).checked_times(Quantity::from_parts(quantity))?.parts();
    (value.abs() <= VALUE_MAX).then_some(value)
}

/// Rounded half away from zero. Of nothing there is no share.
fn divided(product: i128, by: i64) -> i64 {
    let by = i128::from(by);
    if by == 0 {
        return 0;
    }
    let half = if (product < 0) == (by < 0) { by / 2 } else { -by / 2 };
    i64::try_from((product + half) / by).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_takes_what_is_left() {
        let mut ten = Part { quantity: 300_000, value: 10_000_000 };
        let thirds: Vec<i64> = (0..3).map(|_| ten.take(100_000).value).collect();
        assert_eq!((thirds, ten), (vec![3_333_333, 3_333_334, 3_333_333], Part::default()));
    }

    #[test]
    fn what_is_dealt_out_is_the_whole() {
        let mut split = Split::of(Part { quantity: 7, value: -10 });
        let dealt: i64 = [1, 2, 1, 3].into_iter().map(|quantity| split.next(quantity)).sum();
        assert_eq!(dealt, -10);
    }

    #[test]
    fn halves_go_away_from_zero() {
        assert_eq!((divided(5, 10), divided(-5, 10), divided(4, 10), divided(-4, 10)), (1, -1, 0, 0));
        assert_eq!(divided(5, 0), 0);
    }

    #[test]
    fn what_no_shop_has_is_worth_nothing_that_counts() {
        assert_eq!(times(Money::PRICE_MAX.parts(), Quantity::LINE_MAX.parts()), None);
        assert_eq!(times(1_250_000, 400_000), Some(5_000_000));
    }
}

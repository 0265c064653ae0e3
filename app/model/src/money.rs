//! Exact amounts: whole millionths of a currency's unit, never a float.

use crate::{Quantity, decimal};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An amount or a unit price, in 1/1 000 000 of the store's currency. On the wire: a decimal string such as `"2.55"`.
///
/// One scale for every currency means that a decimal can be read without knowing the currency, and that prices of
/// three or four decimals and their sums stay exact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "sqlx", derive(sqlx::Type), sqlx(transparent))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String, example = "2.55", max_length = 40, pattern = "^-?[0-9]+(\\.[0-9]{1,6}0*)?$"))]
pub struct Money(i64);

impl Money {
    /// Digits after the point.
    pub const DIGITS: u32 = 6;
    /// The highest unit price: a thousand million.
    pub const PRICE_MAX: Self = Self(1_000_000_000_000_000);
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// From millionths.
    #[must_use]
    pub const fn from_parts(parts: i64) -> Self {
        Self(parts)
    }

    /// In millionths.
    #[must_use]
    pub const fn parts(self) -> i64 {
        self.0
    }

    /// The sum, or `None` on overflow.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// This unit price for that many, rounded half away from zero to a millionth; `None` on overflow.
    #[must_use]
    pub fn checked_times(self, quantity: Quantity) -> Option<Self> {
        let product = i128::from(self.0) * i128::from(quantity.parts());
        let one = i128::from(Quantity::ONE);
        let half = if product < 0 { -one / 2 } else { one / 2 };
        i64::try_from((product + half) / one).ok().map(Self)
    }

    /// This price changed by so many percent, rounded half away from zero to `digits` digits after the point (0 to 6):
    /// the whole new price is rounded, not the difference. `None` on overflow.
    #[must_use]
    pub fn checked_percent(self, percent: Quantity, digits: u32) -> Option<Self> {
        let hundred = 100 * i128::from(Quantity::ONE);
        let coin = 10_i128.pow(Self::DIGITS.saturating_sub(digits));
        let exact = i128::from(self.0) * (hundred + i128::from(percent.parts()));
        let unit = hundred * coin;
        let half = if exact < 0 { -unit / 2 } else { unit / 2 };
        i64::try_from((exact + half) / unit * coin).ok().map(Self)
    }
}

impl std::ops::Neg for Money {
    type Output = Self;
    fn neg(self) -> Self {
        Self(self.0.saturating_neg())
    }
}

impl std::fmt::Display for Money {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&decimal::print(self.0, Self::DIGITS, 2))
    }
}

impl std::str::FromStr for Money {
    type Err = decimal::NotDecimal;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        decimal::parse(text, Self::DIGITS).map(Self)
    }
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decimal::deserialize(deserializer, Self::DIGITS).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn money(text: &str) -> Money {
        text.parse().expect("an amount")
    }

    fn percent(text: &str) -> Quantity {
        text.parse().expect("a number")
    }

    #[test]
    fn a_price_changes_by_percent_to_the_nearest_coin() {
        assert_eq!(money("2.55").checked_percent(percent("10"), 2), Some(money("2.81")), "2.805 is rounded up");
        assert_eq!(money("2.55").checked_percent(percent("-12.5"), 2), Some(money("2.23")));
        assert_eq!(money("125").checked_percent(percent("2.5"), 0), Some(money("128")));
        assert_eq!(money("9.99").checked_percent(percent("-100"), 2), Some(Money::ZERO));
        assert_eq!(money("0.125").checked_percent(percent("0"), 2), Some(money("0.13")));
    }

    proptest! {
        #[test]
        fn a_changed_price_is_within_half_a_coin_of_the_exact_one(
            parts in 0_i64..=Money::PRICE_MAX.parts(), share in -10_000_000_i64..=100_000_000, digits in 0_u32..=6
        ) {
            let changed = Money(parts).checked_percent(Quantity::from_parts(share), digits);
            let coin = 10_i128.pow(Money::DIGITS - digits);
            let hundred = 100 * i128::from(Quantity::ONE);
            if let Some(changed) = changed {
                let off = i128::from(changed.0) * hundred - i128::from(parts) * (hundred + i128::from(share));
                prop_assert!(2 * off.abs() <= coin * hundred);
                prop_assert_eq!(i128::from(changed.0) % coin, 0);
            }
        }
    }
}

//! Exact amounts: whole millionths of a currency's unit, never a float.

use crate::{Quantity, decimal};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An amount or a unit price, in 1/1 000 000 of the store's currency. On the wire: a decimal string such as `"2.55"`.
///
/// One scale for every currency means that a decimal can be read without knowing the currency, and that prices of
/// three or four decimals and their sums stay exact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "sqlx", derive(sqlx::Type), sqlx(transparent))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String, example = "2.55"))]
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

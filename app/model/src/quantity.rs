//! Exact quantities: whole hundred-thousandths of an item's base unit, never a float.

use crate::decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// How much of something, in 1/100 000 of the base unit. On the wire: a decimal string such as `"6"` or `"0.25"`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "sqlx", derive(sqlx::Type), sqlx(transparent))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String, example = "6", max_length = 40, pattern = "^-?[0-9]+(\\.[0-9]{1,5}0*)?$"))]
pub struct Quantity(i64);

impl Quantity {
    /// Digits after the point.
    pub const DIGITS: u32 = 5;
    /// Parts in one base unit.
    pub const ONE: i64 = 100_000;
    /// The most that one line may move: a thousand million base units.
    pub const LINE_MAX: Self = Self(1_000_000_000 * Self::ONE);
    /// The most that one balance may hold, either side of zero.
    pub const BALANCE_MAX: Self = Self(10_000_000_000_000 * Self::ONE);
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// From parts of 1/100 000.
    #[must_use]
    pub const fn from_parts(parts: i64) -> Self {
        Self(parts)
    }

    /// Whole base units; saturates far beyond [`Self::BALANCE_MAX`].
    #[must_use]
    pub const fn whole(units: i64) -> Self {
        Self(units.saturating_mul(Self::ONE))
    }

    /// In parts of 1/100 000.
    #[must_use]
    pub const fn parts(self) -> i64 {
        self.0
    }

    /// The sum, or `None` on overflow.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// So many times as much, or `None` on overflow.
    #[must_use]
    pub fn checked_times(self, count: u32) -> Option<Self> {
        self.0.checked_mul(i64::from(count)).map(Self)
    }

    /// The size without the sign.
    #[must_use]
    pub const fn abs(self) -> Self {
        Self(self.0.saturating_abs())
    }

    /// Below zero?
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }
}

impl std::ops::Neg for Quantity {
    type Output = Self;
    fn neg(self) -> Self {
        Self(self.0.saturating_neg())
    }
}

impl std::fmt::Display for Quantity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&decimal::print(self.0, Self::DIGITS, 0))
    }
}

impl std::str::FromStr for Quantity {
    type Err = decimal::NotDecimal;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        decimal::parse(text, Self::DIGITS).map(Self)
    }
}

impl Serialize for Quantity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Quantity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decimal::deserialize(deserializer, Self::DIGITS).map(Self)
    }
}

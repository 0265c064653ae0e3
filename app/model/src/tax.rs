//! Tax classes: what share of a price is tax, from which day on, and how much of a sale that is.

use crate::{Money, Quantity, TaxClassId, Time};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// From which day on how many percent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TaxRate {
    /// The first day, such as `2026-12-24`, on the store's own clock; from ever when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_day: Option<String>,
    /// Percent of the price without tax: 0 to 100, at most three digits after the point.
    pub rate: Quantity,
}

/// A kind of goods to the tax office: standard, reduced, zero.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TaxClass {
    /// Its id.
    pub id: TaxClassId,
    /// What people call it; each name once, whatever its capitals.
    pub name: String,
    /// By day.
    pub rates: Vec<TaxRate>,
    /// How many items that are offered are of it.
    pub items: i64,
    /// Rises with every change.
    pub version: i64,
}

impl TaxClass {
    /// The rate that holds on a day; none before its first.
    #[must_use]
    pub fn rate_on(&self, day: &str) -> Option<Quantity> {
        let begun = |rate: &&TaxRate| rate.from_day.as_deref().unwrap_or_default() <= day;
        self.rates.iter().filter(begun).max_by_key(|rate| rate.from_day.clone()).map(|rate| rate.rate)
    }
}

/// A rate at which the price of an item holds tax in a store, from a moment on until the next one begins: what a till tells
/// the tax of a basket by, before it is sold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RateSince {
    /// When it begins; from ever when nothing is said.
    pub since: Option<Time>,
    /// Percent of the price without tax.
    pub rate: Quantity,
}

impl RateSince {
    /// The rate that holds at a moment; none before the first.
    #[must_use]
    pub fn at(rates: &[Self], moment: Time) -> Option<Quantity> {
        let begun = |rate: &&Self| rate.since.is_none_or(|since| since <= moment);
        rates.iter().filter(begun).max_by_key(|rate| rate.since).map(|rate| rate.rate)
    }
}

/// A class as it is to be, all of it: rates that are left out go. What was sold keeps the rate of its day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewTaxClass {
    /// The version that its author read; 0 for a class that is not there yet.
    pub version: i64,
    /// What people call it, 1 to 40 characters.
    pub name: String,
    /// At most 50, each day once.
    #[cfg_attr(feature = "openapi", schema(max_items = 50))]
    pub rates: Vec<TaxRate>,
}

/// By which class and rate the price of a line holds tax.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LineTax {
    /// The class, by its name at that time.
    pub class: String,
    /// Percent of the price without tax.
    pub rate: Quantity,
}

/// The tax of one rate: `net` and `tax` make `gross`, exactly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TaxTotal {
    /// Percent of the price without tax.
    pub rate: Quantity,
    /// What was paid, tax included.
    pub gross: Money,
    /// Without tax.
    pub net: Money,
    /// The tax.
    pub tax: Money,
}

/// The taxes of a day in a store, by rate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DayTax {
    /// The day on the store's own clock: `2026-12-24`.
    pub day: String,
    /// What was sold at that rate, what was paid back taken off.
    #[serde(flatten)]
    pub total: TaxTotal,
}

/// The tax in an amount that includes it, rounded half away from zero to the currency's smallest coin, which has so many
/// digits after the point: what is paid back holds what was paid.
#[must_use]
pub fn included(gross: Money, rate: Quantity, digits: u32) -> Money {
    let (rate, whole) = (i128::from(rate.parts()), 100 * i128::from(Quantity::ONE));
    let coin = 10_i128.pow(Money::DIGITS.saturating_sub(digits));
    let below = (whole + rate) * coin;
    let above = i128::from(gross.parts()).abs() * rate;
    let tax = (2 * above + below) / (2 * below) * coin;
    // A share of the gross amount, to the nearest coin; of less than a coin it may be all.
    let tax = tax.min(i128::from(gross.parts()).abs());
    let tax = Money::from_parts(i64::try_from(tax).unwrap_or(i64::MAX));
    if gross < Money::ZERO { -tax } else { tax }
}

/// How many digits after the point the smallest coin of a currency (ISO 4217) has.
#[must_use]
pub fn coin_digits(currency: &str) -> u32 {
    match currency {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "UYI" | "VND"
        | "VUV" | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        "CLF" | "UYW" => 4,
        _ => 2,
    }
}

/// The taxes of a document or of a basket by rate: of the rate of each line, the price of one and how many. The lines of a
/// rate are added, then its tax is rounded once; lines without a rate or a price are left out. `None` when they add up to
/// more than can be written.
///
/// A till tells by it what a sale is then written with.
#[must_use]
pub fn taxes(
    lines: impl Iterator<Item = (Option<Quantity>, Option<Money>, Quantity)>,
    currency: &str,
) -> Option<Vec<TaxTotal>> {
    let digits = coin_digits(currency);
    let mut by_rate: BTreeMap<Quantity, Money> = BTreeMap::new();
    for (rate, price, quantity) in lines {
        let (Some(rate), Some(price)) = (rate, price) else { continue };
        let sum = by_rate.entry(rate).or_default();
        *sum = sum.checked_add(price.checked_times(quantity)?)?;
    }
    let total = |(rate, gross): (Quantity, Money)| {
        let tax = included(gross, rate, digits);
        Some(TaxTotal { rate, gross, net: gross.checked_add(-tax)?, tax })
    };
    by_rate.into_iter().map(total).collect()
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
    fn the_tax_is_the_share_of_the_price_to_the_nearest_coin() {
        assert_eq!(included(money("12"), percent("20"), 2), money("2"));
        assert_eq!(included(money("2.55"), percent("20"), 2), money("0.43"), "0.425 is rounded up");
        assert_eq!(included(money("-2.55"), percent("20"), 2), money("-0.43"), "and what is paid back mirrors it");
        assert_eq!(included(money("108.875"), percent("8.875"), 2), money("8.88"));
        assert_eq!(included(money("110"), percent("10"), 0), money("10"));
        assert_eq!(included(money("5"), Quantity::ZERO, 2), Money::ZERO);
        assert_eq!(included(money("0.001"), percent("100"), 2), Money::ZERO);
    }

    #[test]
    fn a_rate_is_rounded_once_for_all_its_lines() {
        let line =
            |rate: Option<&str>, price: &str, many| (rate.map(percent), Some(money(price)), Quantity::whole(many));
        let lines = [line(Some("20"), "2.55", 1), line(Some("20"), "0.85", 3), line(Some("5"), "1.05", 1)];
        let none = [line(None, "9", 1), (Some(percent("20")), None, Quantity::whole(1))];
        let taxes = taxes(lines.into_iter().chain(none), "GBP").expect("small");
        assert_eq!(taxes.iter().map(|one| one.tax).collect::<Vec<_>>(), [money("0.05"), money("0.85")]);
        assert_eq!(taxes[1].net, money("4.25"));
    }

    #[test]
    fn the_rate_of_a_day_is_the_last_that_began() {
        let rate = |from: Option<&str>, rate: &str| TaxRate { from_day: from.map(str::to_owned), rate: percent(rate) };
        let (id, name) = (TaxClassId::new(), "Standard".to_owned());
        let rates = vec![rate(Some("2026-01-01"), "20"), rate(Some("2027-01-01"), "21")];
        let class = TaxClass { id, name, rates, items: 0, version: 1 };
        assert_eq!(class.rate_on("2025-12-31"), None);
        assert_eq!(class.rate_on("2026-12-31"), Some(percent("20")));
        assert_eq!(class.rate_on("2027-01-01"), Some(percent("21")));
        let ever = TaxClass { rates: vec![rate(None, "5")], ..class };
        assert_eq!(ever.rate_on("1990-01-01"), Some(percent("5")));
    }

    #[test]
    fn the_rate_of_a_moment_is_the_last_that_began() {
        let at = Time::from_micros;
        let rate = |since: Option<i64>, rate: &str| RateSince { since: since.map(at), rate: percent(rate) };
        let rates = [rate(Some(20), "21"), rate(None, "19"), rate(Some(10), "20")];
        let told = [0, 9, 10, 19, 20].map(|now| RateSince::at(&rates, at(now)));
        assert_eq!(told, ["19", "19", "20", "20", "21"].map(|rate| Some(percent(rate))));
        assert_eq!(RateSince::at(&rates[..1], at(19)), None, "before its first");
    }

    proptest! {
        #[test]
        fn net_and_tax_make_the_total_exactly(
            lines in prop::collection::vec((0_i64..=100_000, -10_000_000_000_i64..10_000_000_000), 0..40),
            currency in prop::sample::select(vec!["JPY", "GBP", "KWD", "CLF"])
        ) {
            let digits = coin_digits(currency);
            let lines: Vec<(Quantity, Money)> =
                lines.into_iter().map(|(rate, gross)| (Quantity::from_parts(rate * 100), Money::from_parts(gross))).collect();
            let sum = |amounts: &mut dyn Iterator<Item = Money>| amounts.map(Money::parts).sum::<i64>();
            let taxes = taxes(lines.iter().map(|line| (Some(line.0), Some(line.1), Quantity::whole(1))), currency).expect("small");
            let made = sum(&mut taxes.iter().flat_map(|one| [one.net, one.tax]));
            prop_assert_eq!(made, sum(&mut lines.iter().map(|line| line.1)));
            let coin = 10_i128.pow(Money::DIGITS - digits);
            for one in &taxes {
                let below = 100 * i128::from(Quantity::ONE) + i128::from(one.rate.parts());
                let off = i128::from(one.tax.parts()) * below - i128::from(one.gross.parts()) * i128::from(one.rate.parts());
                prop_assert!(2 * off.abs() <= coin * below, "{:?} is more than half a coin off", one);
            }
        }
    }
}

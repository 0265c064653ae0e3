//! Prices beside an item's own: lists with a first and a last day, and steps by quantity.

use crate::{Money, PriceListId, Quantity, Time};
use serde::{Deserialize, Serialize};

/// A list of prices: for members, for a sale, for those who take many.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PriceList {
    /// Its id.
    pub id: PriceListId,
    /// What people call it; each name once, whatever its capitals.
    pub name: String,
    /// The store where it holds, by its code; in all of them when none is named.
    pub store: Option<String>,
    /// The first day on which it holds, on the store's own clock; from ever when left out.
    pub from_day: Option<String>,
    /// The last day; for ever when left out.
    pub to_day: Option<String>,
    /// It holds. Put aside, it is kept and lowers nothing.
    pub active: bool,
    /// Its price stands instead of the item's own and of every list that does not override; else the lowest one counts.
    pub overrides: bool,
    /// How many lines it has.
    pub lines: i64,
    /// Rises with every change.
    pub version: i64,
}

/// One price of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PriceLine {
    /// The item.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// Its own price.
    pub own: Option<Money>,
    /// From how many of it on in one line.
    pub from: Quantity,
    /// Price of one.
    pub price: Money,
}

/// A list and its lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Prices {
    /// The list.
    pub list: PriceList,
    /// By SKU and quantity.
    pub lines: Vec<PriceLine>,
}

/// One price, as it is to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewPrice {
    /// The item.
    pub sku: String,
    /// From how many of it on in one line, above zero; 1 when left out.
    #[serde(default = "one")]
    pub from: Quantity,
    /// Price of one, at or above zero.
    pub price: Money,
}

/// A list of prices as it is to be, all of it: lines that are left out go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewPriceList {
    /// The version that its author read; 0 for a list that is not there yet.
    pub version: i64,
    /// What people call it, 1 to 40 characters.
    pub name: String,
    /// The store where it holds; in all of them when left out.
    #[serde(default)]
    pub store: Option<String>,
    /// The first day, such as `2026-12-24`; from ever when left out.
    #[serde(default)]
    pub from_day: Option<String>,
    /// The last day; for ever when left out.
    #[serde(default)]
    pub to_day: Option<String>,
    /// It holds.
    #[serde(default = "yes")]
    pub active: bool,
    /// Its price stands even where another one is lower.
    #[serde(default)]
    pub overrides: bool,
    /// At most 1 000.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_items = 1000))]
    pub lines: Vec<NewPrice>,
}

/// By which list a line of a sale was sold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LineList {
    /// The sale's line, from 1; it says its price.
    #[cfg_attr(feature = "openapi", schema(minimum = 1))]
    pub line: u32,
    /// The list.
    pub list: PriceListId,
}

const fn one() -> Quantity {
    Quantity::whole(1)
}

const fn yes() -> bool {
    true
}

/// A price that a list offers for an item in a store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// The list.
    pub list: PriceListId,
    /// What it is called.
    pub name: String,
    /// From how many on.
    pub least: Quantity,
    /// Price of one.
    pub price: Money,
    /// It stands even where another one is lower.
    pub overrides: bool,
    /// When it begins.
    pub since: Option<Time>,
    /// When it is over.
    pub until: Option<Time>,
}

impl Offer {
    /// Does it hold at that moment?
    #[must_use]
    pub fn holds(&self, at: Time) -> bool {
        self.since.is_none_or(|since| since <= at) && self.until.is_none_or(|until| at < until)
    }
}

/// The offer by which an item is sold, among those that hold; none when its own price stands.
///
/// What counts is how many of it are in the sale, in all of its lines together: six of one lot and six of another are twelve.
/// Of each list the step with the most pieces that are reached counts. Where lists override, theirs alone compete, else all of
/// them and the item's own price do; the lowest price wins, the own one before a list's, the older list before the newer.
#[must_use]
pub fn best(own: Option<Money>, offers: &[Offer], lines: impl IntoIterator<Item = Quantity>) -> Option<&Offer> {
    let sum = |sum: Quantity, line| sum.checked_add(line).unwrap_or(sum);
    let quantity = lines.into_iter().fold(Quantity::ZERO, sum);
    let reached = |offer: &&Offer| offer.least <= quantity;
    let step = |offer: &&Offer| {
        !offers.iter().any(|other| other.list == offer.list && other.least <= quantity && other.least > offer.least)
    };
    let overridden = offers.iter().any(|offer| offer.overrides && offer.least <= quantity);
    let counts = offers.iter().filter(reached).filter(step).filter(|offer| offer.overrides == overridden);
    let lowest = counts.min_by_key(|offer| (offer.price, offer.list));
    lowest.filter(|offer| overridden || own.is_none_or(|own| offer.price < own))
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn offer(list: u128, least: i64, price: i64, overrides: bool) -> Offer {
        let (least, price) = (Quantity::whole(least), Money::from_parts(price));
        let (since, until) = (None, None);
        Offer { list: PriceListId(Uuid::from_u128(list)), name: String::new(), least, price, overrides, since, until }
    }

    fn price(own: Option<i64>, offers: &[Offer], quantity: i64) -> Option<i64> {
        best(own.map(Money::from_parts), offers, [Quantity::whole(quantity)]).map(|offer| offer.price.parts())
    }

    #[test]
    fn what_lies_in_several_lines_counts_together() {
        let offers = [offer(1, 1, 90, false), offer(1, 12, 70, false)];
        let price =
            |lines: &[i64]| best(None, &offers, lines.iter().copied().map(Quantity::whole)).map(|one| one.price);
        assert_eq!(price(&[6, 6]), Some(Money::from_parts(70)));
        assert_eq!(price(&[6, 5]), Some(Money::from_parts(90)));
        assert_eq!(price(&[]), None);
    }

    #[test]
    fn the_lowest_price_that_is_reached_counts() {
        let offers = [offer(1, 1, 90, false), offer(1, 10, 70, false), offer(2, 5, 80, false)];
        assert_eq!(price(Some(100), &offers, 1), Some(90));
        assert_eq!(price(Some(100), &offers, 5), Some(80));
        assert_eq!(price(Some(100), &offers, 10), Some(70));
        assert_eq!(price(Some(60), &offers, 10), None, "its own price is lower");
        assert_eq!(price(Some(90), &offers, 1), None, "the same is its own");
        assert_eq!(price(None, &offers, 1), Some(90), "without an own price");
        assert_eq!(price(Some(100), &offers[1..], 4), None, "no step is reached");
    }

    #[test]
    fn a_later_step_stands_even_when_it_is_dearer() {
        let offers = [offer(1, 1, 50, false), offer(1, 10, 70, false)];
        assert_eq!((price(Some(100), &offers, 9), price(Some(100), &offers, 10)), (Some(50), Some(70)));
    }

    #[test]
    fn a_list_that_overrides_stands_above_lower_prices() {
        let offers = [offer(1, 1, 120, true), offer(2, 1, 50, false), offer(3, 2, 110, true)];
        assert_eq!(price(Some(100), &offers, 1), Some(120));
        assert_eq!(price(Some(100), &offers, 2), Some(110), "the lower of two that override");
    }

    #[test]
    fn an_offer_holds_from_its_first_moment_to_before_its_end() {
        let at = Time::from_micros;
        let dated = Offer { since: Some(at(10)), until: Some(at(20)), ..offer(1, 1, 1, false) };
        assert_eq!([9, 10, 19, 20].map(|now| dated.holds(at(now))), [false, true, true, false]);
        assert!(offer(1, 1, 1, false).holds(at(0)));
    }
}

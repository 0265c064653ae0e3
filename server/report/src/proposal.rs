//! How many of an item to order: what is there and on its way, less what will be sold until it comes, against what should
//! be left then.

use model::Quantity;

/// For how many days a delivery should last when nobody said so.
pub const COVER_DAYS: i64 = 14;

/// An item as it stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// On hand, fit to be sold and not promised.
    pub available: Quantity,
    /// Ordered and not arrived, drafts included, or on its way from another store.
    pub on_order: Quantity,
    /// Promised to customers before it was there.
    pub promised: Quantity,
    /// What should be there at least.
    pub minimum: Option<Quantity>,
    /// What should be there at most.
    pub maximum: Option<Quantity>,
    /// What should be left when a delivery comes.
    pub safety: Option<Quantity>,
    /// What the supplier sells at least.
    pub least: Option<Quantity>,
    /// In multiples of what.
    pub multiple: Option<Quantity>,
    /// What will be sold until a delivery ordered today comes.
    pub until_it_comes: Quantity,
    /// What will be sold from then on for as long as the delivery should last.
    pub while_it_lasts: Quantity,
}

impl Standing {
    /// What should be left when a delivery comes.
    #[must_use]
    pub fn floor(&self) -> Quantity {
        let or_none = |limit: Option<Quantity>| limit.unwrap_or_default();
        or_none(self.minimum).max(or_none(self.safety)).max(Quantity::ZERO)
    }

    /// How many to order; zero when nothing is missing.
    #[must_use]
    pub fn missing(&self) -> Quantity {
        let [available, coming, promised] =
            [self.available, self.on_order, self.promised].map(|size| i128::from(size.parts()));
        let there = available + coming - promised;
        // What nobody can buy any more is not owed: below zero is only what is below zero now, or promised.
        let then = (there - i128::from(self.until_it_comes.parts())).max(there.min(0));
        let floor = i128::from(self.floor().parts());
        if then > floor {
            return Quantity::ZERO;
        }
        let up_to = match self.maximum {
            Some(maximum) => i128::from(maximum.parts()).max(floor),
            None => floor + i128::from(self.while_it_lasts.parts()),
        };
        self.rounded(up_to - then)
    }

    /// Up to what the supplier sells: whole units where nothing else is said.
    fn rounded(&self, parts: i128) -> Quantity {
        if parts <= 0 {
            return Quantity::ZERO;
        }
        let above_zero = |quantity: Option<Quantity>| quantity.map(Quantity::parts).filter(|parts| *parts > 0);
        let least = i128::from(above_zero(self.least).unwrap_or_default());
        let multiple = i128::from(above_zero(self.multiple).unwrap_or(Quantity::ONE));
        let parts = (parts.max(least) + multiple - 1) / multiple * multiple;
        // No line of a document takes more.
        let most = i128::from(Quantity::LINE_MAX.parts()) / multiple * multiple;
        Quantity::from_parts(i64::try_from(parts.min(most)).unwrap_or(i64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn units(units: i64) -> Quantity {
        Quantity::whole(units)
    }

    /// Two left, two sold a day, a delivery in five days that should last two weeks.
    fn selling() -> Standing {
        Standing { available: units(2), until_it_comes: units(10), while_it_lasts: units(28), ..Standing::default() }
    }

    #[test]
    fn what_will_be_sold_while_it_lasts_is_ordered_and_lost_sales_are_not_made_up_for() {
        assert_eq!(selling().missing(), units(28));
    }

    #[test]
    fn what_is_below_zero_now_is_made_up_for() {
        assert_eq!(Standing { available: units(-3), ..selling() }.missing(), units(31));
    }

    #[test]
    fn what_customers_wait_for_is_ordered_though_nothing_sells() {
        let waited_for = Standing { promised: units(10), ..Standing::default() };
        assert_eq!(waited_for.missing(), units(10));
        assert_eq!(Standing { on_order: units(4), ..waited_for }.missing(), units(6));
        assert_eq!(Standing { on_order: units(10), ..waited_for }.missing(), Quantity::ZERO);
        assert_eq!(Standing { promised: units(3), ..selling() }.missing(), units(29), "two of them are there");
    }

    #[test]
    fn what_lasts_until_a_later_delivery_waits() {
        assert_eq!(Standing { available: units(11), ..selling() }.missing(), Quantity::ZERO);
        assert_eq!(Standing { on_order: units(9), ..selling() }.missing(), Quantity::ZERO);
    }

    #[test]
    fn what_should_be_left_is_kept() {
        let careful = Standing { available: units(11), safety: Some(units(4)), ..selling() };
        assert_eq!(careful.missing(), units(31));
        assert_eq!(Standing { minimum: Some(units(6)), ..careful }.missing(), units(33));
    }

    #[test]
    fn a_maximum_says_up_to_where() {
        let full = Standing { maximum: Some(units(20)), minimum: Some(units(5)), ..selling() };
        assert_eq!(full.missing(), units(20));
        assert_eq!(Standing { maximum: Some(units(3)), ..full }.missing(), units(5), "never below the minimum");
    }

    #[test]
    fn an_item_that_nobody_buys_and_nobody_limits_is_not_ordered() {
        assert_eq!(Standing::default().missing(), Quantity::ZERO);
    }

    #[test]
    fn a_supplier_sells_at_least_and_in_multiples() {
        let cases = Standing { least: Some(units(24)), multiple: Some(units(12)), ..selling() };
        assert_eq!(cases.missing(), units(36));
        let few = Standing { while_it_lasts: units(3), ..cases };
        assert_eq!(few.missing(), units(24));
        let half = "0.5".parse().expect("a quantity");
        let loose = Standing { while_it_lasts: "3.2".parse().expect("a quantity"), multiple: Some(half), ..selling() };
        assert_eq!(loose.missing().to_string(), "3.5");
    }

    proptest! {
        #[test]
        fn after_the_order_the_floor_holds_and_no_multiple_less_would_do(
            available in -100_000_000_i64..100_000_000, on_order in 0_i64..50_000_000,
            promised in 0_i64..50_000_000, until in 0_i64..80_000_000, lasts in 0_i64..80_000_000, minimum in proptest::option::of(0_i64..40_000_000),
            maximum in proptest::option::of(0_i64..90_000_000), multiple in proptest::option::of(1_i64..5_000_000),
        ) {
            let parts = Quantity::from_parts;
            let item = Standing {
                available: parts(available), on_order: parts(on_order), promised: parts(promised), until_it_comes: parts(until),
                while_it_lasts: parts(lasts), minimum: minimum.map(parts), maximum: maximum.map(parts),
                safety: None, least: None, multiple: multiple.map(parts),
            };
            let there = available + on_order - promised;
            let then = (there - until).max(there.min(0));
            let (missing, floor, step) = (item.missing().parts(), item.floor().parts(), multiple.unwrap_or(Quantity::ONE));
            prop_assert!(missing >= 0 && missing % step == 0);
            if then > floor {
                prop_assert_eq!(missing, 0);
            } else {
                let up_to = maximum.map_or(floor + lasts, |maximum| maximum.max(floor));
                prop_assert!(then + missing >= up_to);
                prop_assert!(missing == 0 || then + missing - step < up_to);
            }
        }
    }
}

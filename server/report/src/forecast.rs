//! What will be sold: a level from the last weeks of an item, spread over the days as its store sells them.
//!
//! Late weeks weigh more, and a week far above the item's usual one counts as less: one wholesale order is no demand.
//! `cargo xtask bench forecast` measures it on a real till against the last days again and a moving average. Whole
//! numbers only; what is rounded is rounded once, at the end.

use model::Quantity;

/// How many weeks are looked at.
pub const WEEKS: usize = 13;
/// How many weeks a store's weekdays are compared over.
pub const WEEKDAY_WEEKS: usize = 8;
/// A week counts at most this many times the item's usual one.
const USUAL_TIMES: i128 = 6;
/// A week weighs this much of the one after it.
const WEIGHT: (i128, i128) = (3, 4);
/// A season is compared so many days at a time: whole weeks, so that it says nothing about weekdays.
pub const SEASON_DAYS: usize = 14;
/// A season makes of a forecast at least half and at most twice.
const SEASON: (i128, i128) = (1, 2);

/// What was sold of an item in each of the last weeks, the latest first; as many as the store has lived, at most
/// [`WEEKS`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Weeks(Vec<Quantity>);

/// How a store's sales are spread over the week: what it sold on each weekday, Monday first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Weekdays([i128; 7]);

/// What a store sold in a stretch of days a year ago, beside what it sold in [`WEEKS`] before that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Season {
    /// In the stretch, and how many days it has.
    pub then: (Quantity, i64),
    /// Before it, and how many days that has.
    pub before: (Quantity, i64),
}

impl Weeks {
    /// Those weeks, the latest first; negative ones (more came back than was sold) count as none.
    #[must_use]
    pub fn new(weeks: impl IntoIterator<Item = Quantity>) -> Self {
        Self(weeks.into_iter().take(WEEKS).map(|sold| sold.max(Quantity::ZERO)).collect())
    }

    /// What a week sells, as a fraction.
    fn level(&self) -> (i128, i128) {
        let most = self.usual() * USUAL_TIMES;
        let (mut sum, mut weights, mut weight) = (0, 0, WEIGHT.1.pow(u32::try_from(WEEKS).unwrap_or(u32::MAX)));
        for sold in &self.0 {
            sum += i128::from(sold.parts()).min(most) * weight;
            weights += weight;
            weight = weight * WEIGHT.0 / WEIGHT.1;
        }
        (sum, weights.max(1))
    }

    /// The middle one of the weeks in which something was sold.
    fn usual(&self) -> i128 {
        let mut sold: Vec<i128> = self.0.iter().map(|sold| i128::from(sold.parts())).filter(|sold| *sold > 0).collect();
        sold.sort_unstable();
        sold.get(sold.len() / 2).copied().unwrap_or_default()
    }
}

impl Weekdays {
    /// What was sold on each weekday, Monday first. A store that has sold nothing yet sells the same on all of them.
    #[must_use]
    pub fn new(sold: [Quantity; 7]) -> Self {
        let sold = sold.map(|sold| i128::from(sold.parts()).max(0));
        if sold.iter().all(|sold| *sold == 0) { Self([1; 7]) } else { Self(sold) }
    }

    /// The share of a week that these days have, as a fraction; `first` is a weekday, Monday 0.
    fn share(&self, first: usize, days: usize) -> (i128, i128) {
        let all: i128 = self.0.iter().sum();
        let rest: i128 = (0..days % 7).map(|day| self.0[(first + day) % 7]).sum();
        (all * i128::try_from(days / 7).unwrap_or_default() + rest, all)
    }
}

impl Season {
    /// How much more than usual it was, as a fraction between half and twice; `None` when a year ago says nothing.
    fn factor(&self) -> Option<(i128, i128)> {
        let ((then, days), (before, days_before)) = (self.then, self.before);
        let (over, under) =
            (i128::from(then.parts()) * i128::from(days_before), i128::from(before.parts()) * i128::from(days));
        if over <= 0 || under <= 0 {
            return None;
        }
        let (least, most) = SEASON;
        Some(if over * most < under * least {
            (least, most)
        } else if over * least > under * most {
            (most, least)
        } else {
            (over, under)
        })
    }
}

/// What an item is expected to sell on so many days from a weekday (Monday 0) on, half a part rounded up. Of the seasons
/// each is that of the next [`SEASON_DAYS`]; days beyond the last of them have none.
#[must_use]
pub fn expected(weeks: &Weeks, weekdays: &Weekdays, seasons: &[Season], first: usize, days: usize) -> Quantity {
    let level = weeks.level();
    let (mut scaled, mut left, mut seasons) = (0_i128, days, seasons.iter());
    while left > 0 {
        let season = seasons.next();
        let stretch = if season.is_some() { left.min(SEASON_DAYS) } else { left };
        let factor = season.and_then(Season::factor).unwrap_or((1, 1));
        let steps = [level, weekdays.share(first, stretch), factor];
        // One division after another keeps each product far inside 128 bits; a millionth of a part is kept between them.
        scaled = scaled.saturating_add(steps.into_iter().fold(1_000_000_i128, |value, (over, under)| {
            value.checked_mul(over).map_or(i128::MAX / 2, |product| product / under.max(1))
        }));
        left -= stretch;
    }
    let parts = scaled.saturating_add(500_000) / 1_000_000;
    Quantity::from_parts(i64::try_from(parts).unwrap_or(i64::MAX).min(Quantity::BALANCE_MAX.parts()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weeks(sold: &[i64]) -> Weeks {
        Weeks::new(sold.iter().map(|sold| Quantity::whole(*sold)))
    }

    fn even() -> Weekdays {
        Weekdays::new([Quantity::ZERO; 7])
    }

    #[test]
    fn what_sells_the_same_each_week_goes_on_so() {
        let steady = weeks(&[14; 13]);
        assert_eq!(expected(&steady, &even(), &[], 0, 7), Quantity::whole(14));
        assert_eq!(expected(&steady, &even(), &[], 3, 14), Quantity::whole(28));
        assert_eq!(expected(&steady, &even(), &[], 0, 0), Quantity::ZERO);
    }

    #[test]
    fn nothing_sold_means_nothing_expected() {
        assert_eq!(expected(&weeks(&[]), &even(), &[], 0, 7), Quantity::ZERO);
        assert_eq!(expected(&weeks(&[0; 13]), &even(), &[], 0, 7), Quantity::ZERO);
    }

    #[test]
    fn late_weeks_weigh_more() {
        let rising = expected(&weeks(&[20, 10]), &even(), &[], 0, 7);
        let falling = expected(&weeks(&[10, 20]), &even(), &[], 0, 7);
        assert!(rising > Quantity::whole(15) && falling < Quantity::whole(15), "{rising} {falling}");
    }

    #[test]
    fn one_wholesale_order_is_no_demand() {
        let mut sold = [5; 13];
        sold[1] = 3_000;
        let found = expected(&weeks(&sold), &even(), &[], 0, 7);
        assert!(found < Quantity::whole(15), "{found}");
    }

    #[test]
    fn a_day_on_which_the_store_is_closed_sells_nothing() {
        let mut sold = [Quantity::whole(10); 7];
        sold[5] = Quantity::ZERO;
        let weekdays = Weekdays::new(sold);
        let steady = weeks(&[12; 13]);
        assert_eq!(expected(&steady, &weekdays, &[], 5, 1), Quantity::ZERO);
        assert_eq!(expected(&steady, &weekdays, &[], 5, 2), Quantity::whole(2));
        assert_eq!(expected(&steady, &weekdays, &[], 5, 7), Quantity::whole(12));
    }

    #[test]
    fn the_season_of_a_year_ago_raises_and_lowers_within_bounds() {
        let steady = weeks(&[14; 13]);
        let season = |then| Season { then: (Quantity::whole(then), 7), before: (Quantity::whole(910), 91) };
        let found = |then| expected(&steady, &even(), &[season(then)], 0, 7);
        assert_eq!(found(70), Quantity::whole(14), "as in the weeks before it");
        assert_eq!(found(105), Quantity::whole(21));
        assert_eq!(found(700), Quantity::whole(28), "at most twice");
        assert_eq!(found(1), Quantity::whole(7), "at least half");
        assert_eq!(found(0), Quantity::whole(14), "a year ago says nothing");
    }

    #[test]
    fn each_fortnight_has_its_own_season_and_more_days_never_sell_less() {
        let steady = weeks(&[14; 13]);
        let season = |then| Season { then: (Quantity::whole(then), 14), before: (Quantity::whole(910), 91) };
        let seasons = [season(280), season(70), season(0)];
        let found = |days| expected(&steady, &even(), &seasons, 0, days);
        assert_eq!([found(7), found(14)], [28, 56].map(Quantity::whole), "twice");
        assert_eq!([found(21), found(28)], [63, 70].map(Quantity::whole), "then half");
        assert_eq!([found(42), found(49)], [98, 112].map(Quantity::whole), "then as ever");
        assert!((0..60).all(|days| found(days) <= found(days + 1)));
    }

    #[test]
    fn the_largest_quantities_stay_within_what_can_be_counted() {
        let sold = Weeks::new([Quantity::BALANCE_MAX; 13]);
        let most = expected(&sold, &even(), &[], 0, 3_650);
        assert_eq!(most, Quantity::BALANCE_MAX);
    }
}

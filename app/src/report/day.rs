//! The day before and the day after, on the calendar alone.

/// Whether that day (`YYYY-MM-DD`) is over at a moment of the same calendar: a day, or a time in one.
#[must_use]
pub fn is_over(day: &str, now: &str) -> bool {
    now.get(..10).is_some_and(|now| now > day)
}

/// The day `days` after `day` (`YYYY-MM-DD`), or `None` when that is not a day.
#[must_use]
pub fn shifted(day: &str, days: i64) -> Option<String> {
    read(day).map(|number| printed(number + days))
}

fn read(day: &str) -> Option<i64> {
    let mut parts = day.splitn(3, '-').map(str::parse::<i64>);
    let (year, month, date) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    let known = (1..=9_999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&date);
    known.then(|| number(year, month, date))
}

/// Which day of the week that is, from Monday, or `None` when it is no day.
#[must_use]
pub fn weekday(day: &str) -> Option<usize> {
    // The first of them was a Thursday.
    usize::try_from((read(day)? + 3).rem_euclid(7)).ok()
}

/// Days since 1970-01-01 in the Gregorian calendar (Howard Hinnant's `days_from_civil`: years start in March, so that
/// the leap day is the last).
fn number(year: i64, month: i64, date: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + date - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

fn printed(number: i64) -> String {
    let number = number + 719_468;
    let era = number.div_euclid(146_097);
    let day_of_era = number.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let date = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{date:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_follows_the_other_over_months_years_and_leap_days() {
        for (day, next) in [
            ("2026-11-22", "2026-11-23"),
            ("2026-12-31", "2027-01-01"),
            ("2028-02-28", "2028-02-29"),
            ("2026-02-28", "2026-03-01"),
            ("2000-02-29", "2000-03-01"),
        ] {
            assert_eq!(shifted(day, 1).as_deref(), Some(next));
            assert_eq!(shifted(next, -1).as_deref(), Some(day));
        }
    }

    #[test]
    fn a_day_is_over_on_the_next_and_not_before() {
        assert!(is_over("2026-11-22", "2026-11-23"));
        assert!(is_over("2026-12-31", "2027-01-01T00:00"));
        assert!(!is_over("2026-11-22", "2026-11-22T23:59"));
        assert!(!is_over("2026-11-22", "2026-11-21T14:05"));
        assert!(!is_over("2026-11-22", "later"));
    }

    #[test]
    fn a_day_knows_its_place_in_the_week() {
        for (day, at) in [("1970-01-01", 3), ("2026-11-29", 6), ("2026-11-30", 0), ("2028-02-29", 1)] {
            assert_eq!(weekday(day), Some(at), "{day}");
        }
        assert_eq!(weekday("soon"), None);
    }

    #[test]
    fn what_is_not_a_day_has_no_neighbours() {
        for text in ["", "today", "2026-13-01", "2026-11", "2026-11-x"] {
            assert_eq!(shifted(text, 1), None, "{text}");
        }
    }
}

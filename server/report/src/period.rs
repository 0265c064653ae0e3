//! Days as a request names them, checked before they reach a query.

use jiff::civil::Date;
use model::{Error, Flaw, Period, Result, Time};

/// The longest period that a report covers, in days.
const DAYS_MAX: i32 = 3_660;

/// The period with its days written in full.
pub fn checked(period: &Period) -> Result<Period> {
    let from = day("from", &period.from)?;
    let to = day("to", &period.to)?;
    let days = (to - from).get_days();
    if !(0..DAYS_MAX).contains(&days) {
        let message = "the last day comes before the first, or more than ten years after it; choose other days";
        return Err(Flaw::new("to", "bad_period", message).into());
    }
    Ok(Period { from: from.to_string(), to: to.to_string() })
}

/// A day such as `2026-11-22`.
pub fn day(field: &str, text: &str) -> Result<Date> {
    let date = if text.len() == 10 { text.parse::<Date>().ok() } else { None };
    date.ok_or_else(|| Error::from(Flaw::new(field, "not_a_day", "not a day such as \"2026-11-22\"")))
}

/// The present day where clocks show that zone's time.
pub fn today(time_zone: &str) -> String {
    let zone = jiff::tz::TimeZone::get(time_zone).unwrap_or(jiff::tz::TimeZone::UTC);
    jiff::Timestamp::now().to_zoned(zone).date().to_string()
}

/// The present minute there: the day, and `14:05`.
pub fn this_minute(time_zone: &str) -> (String, String) {
    minute_at(time_zone, Time::now())
}

/// The minute of a moment there.
pub fn minute_at(time_zone: &str, at: Time) -> (String, String) {
    let zone = jiff::tz::TimeZone::get(time_zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let now = jiff::Timestamp::from_microsecond(at.micros()).unwrap_or_default().to_zoned(zone);
    (now.date().to_string(), format!("{:02}:{:02}", now.hour(), now.minute()))
}

/// The same weekday of the week before.
pub fn week_before(day: Date) -> String {
    day.checked_sub(jiff::Span::new().days(7)).unwrap_or(day).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(from: &str, to: &str) -> Result<Period> {
        checked(&Period { from: from.into(), to: to.into() })
    }

    #[test]
    fn the_week_before_is_the_same_weekday_over_months_and_years() {
        let before = |text| week_before(day("day", text).expect("a day"));
        assert_eq!((before("2026-11-22"), before("2027-01-03")), ("2026-11-15".into(), "2026-12-27".into()));
    }

    #[test]
    fn a_single_day_is_a_period() {
        assert!(period("2026-11-22", "2026-11-22").is_ok());
    }

    #[test]
    fn what_is_not_two_days_in_order_is_no_period() {
        for (from, to) in [
            ("2026-11-22", "2026-11-21"),
            ("2026-02-30", "2026-03-01"),
            ("2026-1-1", "2026-01-02"),
            ("", ""),
            ("1900-01-01", "2026-01-01"),
            ("2026-11-22' or 1=1", "2026-11-22"),
        ] {
            assert!(period(from, to).is_err(), "{from} {to}");
        }
    }
}

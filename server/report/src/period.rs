//! Days as a request names them, checked before they reach a query.

use jiff::civil::{Date, DateTime};
use model::{Error, Flaw, Period, Result, Time};

/// The longest period that a report covers, in days.
const DAYS_MAX: i32 = 3_660;
/// A second in microseconds.
const SECOND: i64 = 1_000_000;

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

/// The end of a second of that zone's clock, such as `2026-11-30T14:05:10`, or of the first of a minute; of an hour that
/// a clock shows twice, the earlier one.
pub fn end_of_second(time_zone: &str, text: &str) -> Result<Time> {
    let flaw = |message| Error::from(Flaw::new("at", "not_a_moment", message));
    let zone = jiff::tz::TimeZone::get(time_zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let read = if matches!(text.len(), 16 | 19) { text.parse::<DateTime>().ok() } else { None };
    let begins = read.and_then(|read| zone.to_ambiguous_timestamp(read).compatible().ok());
    let begins = begins.ok_or_else(|| flaw("not a day and time such as \"2026-11-30T14:05:10\""))?;
    if begins > jiff::Timestamp::now() {
        return Err(flaw("still to come; choose a moment that is over"));
    }
    Ok(Time::from_micros(begins.as_microsecond().saturating_add(SECOND - 1)))
}

/// The days that are named; else up to today where clocks show that zone's time, from the first of the last day's month.
pub fn or_this_month(time_zone: &str, from: Option<&str>, to: Option<&str>) -> Result<Period> {
    let to = day("to", to.unwrap_or(&today(time_zone)))?;
    let from = from.map_or_else(|| Ok(to.first_of_month()), |from| day("from", from))?;
    checked(&Period { from: from.to_string(), to: to.to_string() })
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
    fn a_second_is_that_of_the_stores_clock_and_ends_before_the_next() {
        let end = |zone, text| end_of_second(zone, text).expect("it is over").to_string();
        assert_eq!(end("Europe/London", "2025-07-01T14:05:10"), "2025-07-01T13:05:10.999999Z");
        assert_eq!(end("America/New_York", "2025-01-01T14:05"), "2025-01-01T19:05:00.999999Z");
        assert_eq!(
            end("Europe/London", "2025-10-26T01:30:00"),
            "2025-10-26T00:30:00.999999Z",
            "shown twice that night"
        );
    }

    #[test]
    fn what_is_no_moment_or_still_to_come_is_told() {
        for text in
            ["", "now", "2025-07-01", "2025-02-30T10:00", "2025-07-01T25:00", "2025-07-01T10:00Z", "9000-01-01T00:00"]
        {
            assert!(matches!(end_of_second("Europe/London", text), Err(Error::Invalid(_))), "{text}");
        }
    }

    #[test]
    fn days_that_nobody_names_are_those_of_the_month_so_far() {
        let now = or_this_month("Europe/London", None, None).expect("days");
        assert_eq!((now.to.clone(), now.from), (today("Europe/London"), format!("{}-01", &now.to[..7])));
        let month = or_this_month("Europe/London", None, Some("2025-02-28")).expect("days");
        assert_eq!(month.from, "2025-02-01");
        assert!(or_this_month("Europe/London", Some("2025-03-01"), Some("2025-02-28")).is_err());
        assert!(or_this_month("Europe/London", Some("soon"), None).is_err());
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

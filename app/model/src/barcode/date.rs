//! A day of the calendar, as a barcode gives it.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A day of the calendar. On the wire and in print: `YYYY-MM-DD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

/// A text that is no day such as `2026-11-30`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotADate;

impl Date {
    /// The day, if the calendar has it; years from 1 to 9999.
    #[must_use]
    pub const fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        if year == 0 || year > 9999 || day == 0 || day > days(year, month) {
            return None;
        }
        Some(Self { year, month, day })
    }

    /// From 1 to 9999.
    #[must_use]
    pub const fn year(self) -> u16 {
        self.year
    }

    /// From 1 to 12.
    #[must_use]
    pub const fn month(self) -> u8 {
        self.month
    }

    /// From 1 to 31.
    #[must_use]
    pub const fn day(self) -> u8 {
        self.day
    }

    /// Reads `YYMMDD` (GS1 General Specifications, 7.12): the year is the one from 49 years before to 50 years after
    /// `this_year` that ends so, and the day 00 is the last of the month. `None` when the calendar has no such day.
    #[must_use]
    pub(super) fn from_six(digits: &str, this_year: u16) -> Option<Self> {
        let pair = |at: usize| digits.get(at..at + 2).filter(|pair| crate::gtin::is_digits(pair))?.parse::<u8>().ok();
        let (short, month, day) = (pair(0)?, pair(2)?, pair(4)?);
        let ahead = i32::from(short) - i32::from(this_year % 100);
        let century = match ahead {
            51.. => -100,
            ..=-50 => 100,
            _ => 0,
        };
        let year = u16::try_from(i32::from(this_year) + ahead + century).ok()?;
        Self::new(year, month, if day == 0 { days(year, month) } else { day })
    }
}

/// How many days the month has; none when there is no such month.
const fn days(year: u16, month: u8) -> u8 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => 0,
    }
}

impl std::fmt::Display for Date {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl std::fmt::Display for NotADate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("not a day such as \"2026-11-30\"")
    }
}

impl std::error::Error for NotADate {}

impl std::str::FromStr for Date {
    type Err = NotADate;
    fn from_str(text: &str) -> Result<Self, NotADate> {
        let numbers = || {
            let (year, rest) = text.split_once('-')?;
            let (month, day) = rest.split_once('-')?;
            let shaped = (year.len(), month.len(), day.len()) == (4, 2, 2);
            let digits = [year, month, day].into_iter().all(crate::gtin::is_digits);
            (shaped && digits).then_some((year, month, day))
        };
        let read = |(year, month, day): (&str, &str, &str)| {
            Self::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
        };
        numbers().and_then(read).ok_or(NotADate)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn told(digits: &str, this_year: u16) -> Option<String> {
        Date::from_six(digits, this_year).map(|date| date.to_string())
    }

    #[test]
    fn the_century_slides_with_the_year() {
        assert_eq!(told("760101", 2026).as_deref(), Some("2076-01-01"), "50 years ahead");
        assert_eq!(told("770101", 2026).as_deref(), Some("1977-01-01"), "49 years back");
        assert_eq!(told("000101", 2050).as_deref(), Some("2100-01-01"));
        assert_eq!(told("010101", 2050).as_deref(), Some("2001-01-01"));
        assert_eq!(told("480101", 2099).as_deref(), Some("2148-01-01"));
        assert_eq!(told("500101", 2099).as_deref(), Some("2050-01-01"));
    }

    #[test]
    fn day_00_is_the_last_of_the_month() {
        assert_eq!(told("280200", 2026).as_deref(), Some("2028-02-29"));
        assert_eq!(told("270200", 2026).as_deref(), Some("2027-02-28"));
        assert_eq!(told("261100", 2026).as_deref(), Some("2026-11-30"));
        assert_eq!(told("000200", 2050).as_deref(), Some("2100-02-28"), "2100 is no leap year");
    }

    #[test]
    fn a_day_that_the_calendar_has_not_is_none() {
        for digits in ["270229", "261301", "260001", "260000", "261131", "260132", "26010", "2601a1", "+10101", ""] {
            assert_eq!(told(digits, 2026), None, "{digits}");
        }
    }

    proptest! {
        #[test]
        fn a_day_is_read_back(year in 1_u16..=9999, month in 1_u8..=12, day in 1_u8..=31) {
            if let Some(date) = Date::new(year, month, day) {
                prop_assert_eq!(date.to_string().parse(), Ok(date));
            }
        }

        #[test]
        fn a_barcode_s_year_is_never_far_away(digits in "[0-9]{6}", this_year in 1900_u16..=9900) {
            if let Some(date) = Date::from_six(&digits, this_year) {
                let ahead = i32::from(date.year()) - i32::from(this_year);
                prop_assert!((-49..=50).contains(&ahead), "{} in {}", date, this_year);
            }
        }
    }
}

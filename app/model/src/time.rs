//! Moments: UTC microseconds in storage, RFC 3339 outside.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A moment, in microseconds since 1970-01-01T00:00:00Z. On the wire: RFC 3339, such as `"2026-11-22T09:30:00Z"`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "sqlx", derive(sqlx::Type), sqlx(transparent))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String, format = DateTime))]
pub struct Time(i64);

impl Time {
    /// From microseconds since 1970.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// In microseconds since 1970.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// The present moment by this machine's clock (on the server; a browser has its own).
    #[cfg(not(target_arch = "wasm32"))]
    #[must_use]
    pub fn now() -> Self {
        let since = std::time::UNIX_EPOCH.elapsed().unwrap_or_default();
        Self(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }

    /// This moment, moved by that many seconds.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }
}

/// Text that is no moment, such as `"yesterday"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAMoment;

impl std::fmt::Display for NotAMoment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("not a time such as \"2026-11-22T09:30:00Z\"")
    }
}

impl std::error::Error for NotAMoment {}

impl std::fmt::Display for Time {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        #[cfg(not(target_arch = "wasm32"))]
        let text = jiff::Timestamp::from_microsecond(self.0).map(|moment| moment.to_string()).ok();
        #[cfg(target_arch = "wasm32")]
        let text = browser::text(self.0);
        match text {
            Some(text) => f.write_str(&text),
            None => write!(f, "{} µs", self.0),
        }
    }
}

impl std::str::FromStr for Time {
    type Err = NotAMoment;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        #[cfg(not(target_arch = "wasm32"))]
        let micros = text.parse::<jiff::Timestamp>().map(|moment| moment.as_microsecond()).ok();
        #[cfg(target_arch = "wasm32")]
        let micros = browser::micros(text);
        micros.map(Self).ok_or(NotAMoment)
    }
}

/// What a browser needs of RFC 3339: the form that our server writes, in UTC, of the years 0 to 9999.
#[cfg(any(test, target_arch = "wasm32"))]
mod browser {
    const SECOND: i64 = 1_000_000;
    const DAY: i64 = 86_400 * SECOND;

    /// `2026-11-22T09:30:00.5Z`; `None` outside those years.
    pub fn text(micros: i64) -> Option<String> {
        let (year, month, day) = date(micros.div_euclid(DAY));
        if !(0..=9999).contains(&year) {
            return None;
        }
        let (seconds, fraction) = (micros.rem_euclid(DAY) / SECOND, micros.rem_euclid(SECOND));
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        let fraction = if fraction == 0 { String::new() } else { format!(".{fraction:06}") };
        let fraction = fraction.trim_end_matches('0');
        Some(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}Z"))
    }

    /// The moment of `2026-11-22T09:30:00.5Z`.
    pub fn micros(text: &str) -> Option<i64> {
        let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
        let (time, fraction) = time.split_once('.').unwrap_or((time, ""));
        let [year, month, day] = numbers(date, '-')?;
        let [hour, minute, second] = numbers(time, ':')?;
        if !(1..=12).contains(&month) || !(1..=31).contains(&day) || hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let fraction = format!("{fraction:0<6}").get(..6)?.parse::<i64>().ok()?;
        Some(days(year, month, day) * DAY + (hour * 3600 + minute * 60 + second) * SECOND + fraction)
    }

    fn numbers(text: &str, between: char) -> Option<[i64; 3]> {
        let mut parts = text.split(between).map(|part| part.parse::<u32>().ok().map(i64::from));
        let three = [parts.next()??, parts.next()??, parts.next()??];
        parts.next().is_none().then_some(three)
    }

    /// Days since 1970 of a date of the Gregorian calendar (Howard Hinnant, "chrono-compatible low-level date
    /// algorithms"): years begin in March, so that the leap day is the last.
    fn days(year: i64, month: i64, day: i64) -> i64 {
        let year = if month <= 2 { year - 1 } else { year };
        let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
    }

    /// The other way round.
    fn date(days: i64) -> (i64, i64, i64) {
        let days = days + 719_468;
        let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
        let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let shifted = (5 * of_year + 2) / 153;
        let (day, month) = (of_year - (153 * shifted + 2) / 5 + 1, (shifted + 2) % 12 + 1);
        (year + era * 400 + i64::from(month <= 2), month, day)
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_browser_reads_and_writes_what_the_server_does(micros in -62_167_219_200_000_000_i64..253_402_300_800_000_000) {
            let text = Time(micros).to_string();
            prop_assert_eq!(browser::text(micros), Some(text.clone()));
            prop_assert_eq!(browser::micros(&text), Some(micros));
            prop_assert_eq!(text.parse(), Ok(Time(micros)));
        }

        #[test]
        fn whole_seconds_too(seconds in -62_167_219_200_i64..253_402_207_200) {
            let text = Time(seconds * 1_000_000).to_string();
            prop_assert_eq!(browser::text(seconds * 1_000_000), Some(text.clone()));
            prop_assert_eq!(browser::micros(&text), Some(seconds * 1_000_000));
        }
    }

    #[test]
    fn what_is_no_moment_is_told() {
        for text in ["", "yesterday", "2026-11-22", "2026-13-01T00:00:00Z", "2026-11-22T24:00:00Z", "2026-11-22T1:2Z"] {
            assert_eq!(text.parse::<Time>(), Err(NotAMoment), "{text}");
            assert_eq!(browser::micros(text), None, "{text}");
        }
    }
}

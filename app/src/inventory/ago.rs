//! How long ago something was, and on a tap exactly when.

use crate::prelude::*;
use crate::{i18n::use_i18n, parts::Moment};
use js_sys::{Array, Intl::RelativeTimeFormat, Object, Reflect};
use leptos_i18n::Locale as _;
use model::Time;
use std::time::Duration;
use wasm_bindgen::JsValue;

/// The words are written anew this often.
const TICK: Duration = Duration::from_secs(30);

/// Seconds in each unit, the largest that fits is used.
const UNITS: [(&str, i64); 5] =
    [("year", 31_557_600), ("month", 2_629_800), ("day", 86_400), ("hour", 3_600), ("minute", 60)];

/// One clock for all of them on a page: the present moment in microseconds, once it is known.
#[derive(Clone, Copy)]
pub struct Clock(RwSignal<Option<i64>>);

impl Clock {
    /// Starts it; it stops with the caller's owner.
    pub fn start() -> Self {
        let now = RwSignal::new(None);
        Effect::new(move |_| {
            now.set(Some(now_micros()));
            let ticking = set_interval_with_handle(move || now.set(Some(now_micros())), TICK);
            on_cleanup(move || {
                if let Ok(ticking) = ticking {
                    ticking.clear();
                }
            });
        });
        Self(now)
    }
}

/// `2 min ago`; the exact time opens below it.
#[component]
pub fn Ago(
    /// When.
    at: Time,
    /// The store's time zone.
    zone: String,
    /// What the time is now.
    clock: Clock,
) -> impl IntoView {
    let words = use_i18n();
    let opened = RwSignal::new(false);
    // The server does not know how long the page will be looked at: it writes the day.
    let plain = at.to_string().get(..10).unwrap_or_default().to_owned();
    let text = move || {
        let since = clock.0.get().map(|now| (now - at.micros()) / 1_000_000);
        since.and_then(|since| in_words(words.get_locale().as_str(), since)).unwrap_or_else(|| plain.clone())
    };
    view! {
        <details class="ago" on:toggle=move |_| opened.set(true)>
            <summary>{move || text()}</summary>
            // A list has dozens, and a browser takes a millisecond to write a day.
            <Moment at zone seen=opened />
        </details>
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a clock's milliseconds are whole and far below 2^53")]
fn now_micros() -> i64 {
    js_sys::Date::now() as i64 * 1_000
}

/// The unit and how many of it, below zero for the past.
fn measured(seconds: i64) -> (&'static str, i64) {
    let fitting = UNITS.into_iter().find(|(_, size)| seconds.abs() >= *size);
    fitting.map_or(("second", -seconds), |(unit, size)| (unit, -(seconds / size)))
}

fn in_words(language: &str, seconds: i64) -> Option<String> {
    // A device's clock may be a little behind the server's.
    let (unit, count) = measured(if (-90..10).contains(&seconds) { 0 } else { seconds });
    let options = Object::new();
    for (key, value) in [("numeric", "auto"), ("style", "short")] {
        Reflect::set(&options, &key.into(), &value.into()).ok()?;
    }
    let format = RelativeTimeFormat::new(&Array::of1(&JsValue::from_str(language)), &options);
    #[expect(clippy::cast_precision_loss, reason = "a count of hours or days")]
    let count = count as f64;
    Some(format.format(count, unit).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_unit_that_fits_is_used() {
        assert_eq!(measured(59), ("second", -59));
        assert_eq!(measured(125), ("minute", -2));
        assert_eq!(measured(90_000), ("day", -1));
        assert_eq!(measured(-7_200), ("hour", 2));
    }
}

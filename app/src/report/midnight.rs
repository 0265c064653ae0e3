//! Midnight: a page that shows today notices that today is over.

use super::day;
use crate::prelude::*;
use js_sys::{Array, Date, Function, Intl::DateTimeFormat, Object, Reflect};
use std::time::Duration;

/// The calendar is looked at this often.
const TICK: Duration = Duration::from_secs(60);

/// Tells `on_over` each minute in which the calendar of that time zone is ahead of the day that is shown; ends with the
/// caller's owner. Whoever is told asks the server for its day: a device's clock may be wrong.
pub fn watch(zone: String, shown: Signal<String>, on_over: Callback<()>) {
    let look = move || {
        let over = today(&zone).zip(shown.try_get_untracked()).is_some_and(|(now, shown)| day::is_over(&shown, &now));
        if over {
            on_over.try_run(());
        }
    };
    Effect::new(move |_| {
        let ticking = set_interval_with_handle(look.clone(), TICK);
        on_cleanup(move || {
            if let Ok(ticking) = ticking {
                ticking.clear();
            }
        });
    });
}

/// What day it is there by this device's clock, as `2026-11-22`; `None` where the browser does not know the zone.
fn today(zone: &str) -> Option<String> {
    let options = Object::new();
    for (key, value) in [("timeZone", zone), ("year", "numeric"), ("month", "2-digit"), ("day", "2-digit")] {
        Reflect::set(&options, &key.into(), &value.into()).ok()?;
    }
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    let maker: Function = Reflect::get(&intl, &"DateTimeFormat".into()).ok()?.into();
    // A zone that the browser does not know throws; `new DateTimeFormat` of js-sys would not catch it. Swedes write
    // days as we do.
    let format: DateTimeFormat = Reflect::construct(&maker, &Array::of2(&"sv".into(), &options)).ok()?.into();
    format.format().call1(&format, &Date::new_0()).ok()?.as_string()
}

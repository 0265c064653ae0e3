//! A day of the calendar, in the reader's language.

use crate::i18n::use_i18n;
use crate::prelude::*;
use js_sys::{Array, Date, Intl::DateTimeFormat, Object, Reflect};
use leptos_i18n::Locale as _;
use wasm_bindgen::JsValue;

/// A day such as `2026-11-30`, as people write it. The server writes it as it is kept; the browser knows better.
#[must_use]
pub fn use_day(day: String) -> Signal<String> {
    let words = use_i18n();
    let shown = RwSignal::new(day.clone());
    Effect::new(move || {
        if let Some(text) = written(words.get_locale().as_str(), &day) {
            shown.set(text);
        }
    });
    shown.into()
}

/// `None` where the browser cannot.
fn written(language: &str, day: &str) -> Option<String> {
    let options = Object::new();
    for (key, value) in [("dateStyle", "medium"), ("timeZone", "UTC")] {
        Reflect::set(&options, &key.into(), &value.into()).ok()?;
    }
    let format = DateTimeFormat::new(&Array::of1(&JsValue::from_str(language)), &options);
    let date = Date::new(&JsValue::from_str(day));
    format.format().call1(&format, &date).ok()?.as_string()
}

//! A moment on the store's clock, in the reader's language.

use crate::i18n::use_i18n;
use crate::prelude::*;
use js_sys::{Array, Intl::DateTimeFormat, Object, Reflect};
use leptos_i18n::Locale as _;
use model::Time;
use wasm_bindgen::JsValue;

/// A moment. The server writes it in UTC; the browser, which knows time zones, writes it on the store's clock.
#[component]
pub fn Moment(
    /// When.
    at: Time,
    /// The store's time zone, such as `Europe/London`.
    zone: String,
    /// Whether anybody sees it: until then it stays as the server wrote it.
    #[prop(optional, into)]
    seen: Option<Signal<bool>>,
) -> impl IntoView {
    let words = use_i18n();
    let exact = at.to_string();
    let plain = exact.get(..16).unwrap_or(&exact).replace('T', " ") + " UTC";
    let shown = RwSignal::new(plain);
    let whole = RwSignal::new(exact.clone());
    Effect::new(move || {
        if seen.is_some_and(|seen| !seen.get()) {
            return;
        }
        let language = words.get_locale().as_str();
        if let Some(text) = local(language, &zone, at, "short") {
            shown.set(text);
        }
        if let Some(text) = local(language, &zone, at, "full") {
            whole.set(text);
        }
    });
    view! { <time datetime=exact title=whole>{shown}</time> }
}

/// `None` when the browser does not know the zone.
fn local(language: &str, zone: &str, at: Time, time_style: &str) -> Option<String> {
    let options = Object::new();
    for (key, value) in [("dateStyle", "medium"), ("timeStyle", time_style), ("timeZone", zone)] {
        Reflect::set(&options, &key.into(), &value.into()).ok()?;
    }
    let languages = Array::of1(&JsValue::from_str(language));
    let maker: js_sys::Function =
        Reflect::get(&Reflect::get(&js_sys::global(), &"Intl".into()).ok()?, &"DateTimeFormat".into()).ok()?.into();
    // A zone that the browser does not know throws; `new DateTimeFormat` of js-sys would not catch it.
    let format: DateTimeFormat = Reflect::construct(&maker, &Array::of2(&languages, &options)).ok()?.into();
    #[expect(clippy::cast_precision_loss, reason = "milliseconds fit a double for 285 000 years")]
    let date = js_sys::Date::new(&JsValue::from_f64((at.micros() / 1000) as f64));
    format.format().call1(&format, &date).ok()?.as_string()
}

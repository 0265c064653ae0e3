//! Sensible guesses for a new store: a short code from its name, and what the browser knows of where it is.

use js_sys::{Array, Intl, Reflect};
use wasm_bindgen::JsCast;

/// Currencies by time zone, where a zone's first word does not settle it.
const CURRENCIES: [(&str, &str); 34] = [
    ("Europe/London", "GBP"),
    ("Europe/Belfast", "GBP"),
    ("Europe/Zurich", "CHF"),
    ("Europe/Stockholm", "SEK"),
    ("Europe/Oslo", "NOK"),
    ("Europe/Copenhagen", "DKK"),
    ("Europe/Warsaw", "PLN"),
    ("Europe/Prague", "CZK"),
    ("Europe/Budapest", "HUF"),
    ("Europe/Bucharest", "RON"),
    ("Europe/Istanbul", "TRY"),
    ("America/Mexico_City", "MXN"),
    ("America/Monterrey", "MXN"),
    ("America/Bogota", "COP"),
    ("America/Lima", "PEN"),
    ("America/Santiago", "CLP"),
    ("America/Sao_Paulo", "BRL"),
    ("America/Montevideo", "UYU"),
    ("America/Argentina", "ARS"),
    ("America/Buenos_Aires", "ARS"),
    ("America/Toronto", "CAD"),
    ("America/Vancouver", "CAD"),
    ("Asia/Tokyo", "JPY"),
    ("Asia/Shanghai", "CNY"),
    ("Asia/Kolkata", "INR"),
    ("Asia/Calcutta", "INR"),
    ("Asia/Singapore", "SGD"),
    ("Asia/Hong_Kong", "HKD"),
    ("Asia/Dubai", "AED"),
    ("Africa/Johannesburg", "ZAR"),
    ("Pacific/Auckland", "NZD"),
    ("Australia/", "AUD"),
    ("America/", "USD"),
    ("Europe/", "EUR"),
];

/// The currency of a place.
#[must_use]
pub fn currency(zone: &str) -> &'static str {
    CURRENCIES.iter().find(|(place, _)| zone.starts_with(place)).map_or("EUR", |(_, currency)| currency)
}

/// `Corner Shop` becomes `CORNER`: letters and digits of the first word, 12 at most.
#[must_use]
pub fn code(name: &str) -> String {
    let plain = |word: &str| -> String { word.chars().filter(char::is_ascii_alphanumeric).take(12).collect() };
    name.split_whitespace().map(plain).find(|word| !word.is_empty()).unwrap_or_default().to_ascii_uppercase()
}

/// The browser's time zone; `None` where it does not say.
#[must_use]
pub fn time_zone() -> Option<String> {
    let format = Intl::DateTimeFormat::new(&Array::new(), &js_sys::Object::new());
    Reflect::get(&format.resolved_options(), &"timeZone".into()).ok()?.as_string().filter(|zone| !zone.is_empty())
}

/// All time zones that the browser knows; none where it does not list them.
#[must_use]
pub fn time_zones() -> Vec<String> {
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok();
    let list = intl.as_ref().and_then(|intl| Reflect::get(intl, &"supportedValuesOf".into()).ok());
    let list = list.and_then(|list| list.dyn_into::<js_sys::Function>().ok());
    let zones = list.and_then(|list| list.call1(intl.as_ref()?, &"timeZone".into()).ok());
    zones.map(|zones| Array::from(&zones).iter().filter_map(|zone| zone.as_string()).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_the_first_word_in_capitals() {
        assert_eq!(code("Corner Shop"), "CORNER");
        assert_eq!(code("¡La Ñoñería!"), "LA");
        assert_eq!(code("Überschwänglichkeiten & Co"), "BERSCHWNGLIC");
        assert_eq!(code("日本"), "");
    }

    #[test]
    fn a_zone_has_its_own_currency_or_its_continents() {
        assert_eq!(currency("Europe/London"), "GBP");
        assert_eq!(currency("Europe/Madrid"), "EUR");
        assert_eq!(currency("America/Mexico_City"), "MXN");
        assert_eq!(currency("America/Chicago"), "USD");
        assert_eq!(currency("UTC"), "EUR");
    }
}

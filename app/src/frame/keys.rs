//! Keys that work on every page: the palette, the list of keys, and `g` with a letter to go somewhere.
//!
//! A scanner types too. Invariant: no scan, wherever it lands, goes anywhere by these keys.

use super::{Here, Overlay, destination::Destination};
use crate::prelude::*;
use leptos::ev::{self, KeyboardEvent};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Keys closer together than this come from a scanner.
const FAST_MS: f64 = 60.0;
/// `g` waits this long for its letter.
const PATIENCE_MS: f64 = 1_500.0;
/// After the letter nothing may follow for so long: a person rests, a scanner goes on.
const REST: Duration = Duration::from_millis(120);

/// Where one is in `g` and its letter.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct GoTo {
    /// When the last key came, whatever it was.
    last_ms: f64,
    /// When `g` came, while it waits.
    since_ms: Option<f64>,
}

impl GoTo {
    /// Hears a key; the letter to go by, if it is one.
    fn heard(&mut self, key: char, now_ms: f64) -> Option<char> {
        let slow = now_ms - self.last_ms > FAST_MS;
        let waits = self.since_ms.take().is_some_and(|since_ms| now_ms - since_ms < PATIENCE_MS);
        self.last_ms = now_ms;
        if key == 'g' && slow && !waits {
            self.since_ms = Some(now_ms);
        }
        (waits && slow).then_some(key)
    }
}

/// Listens, while the caller's owner lives.
pub fn listen(here: Here, overlay: Overlay) {
    let go_to = StoredValue::new(GoTo::default());
    let turn = StoredValue::new(0_u32);
    let navigate = StoredValue::new(use_navigate());
    let go = move |key: char| {
        let found = untrack(|| Destination::open_to(here).find(|place| place.key == key));
        if let (Some(place), Some(navigate)) = (found, navigate.try_get_value()) {
            navigate(&here.link(place.path), NavigateOptions::default());
        }
    };
    let on_key = move |event: KeyboardEvent| {
        turn.update_value(|turn| *turn = turn.wrapping_add(1));
        if (event.ctrl_key() || event.meta_key()) && event.key().eq_ignore_ascii_case("k") {
            event.prevent_default();
            overlay.toggle();
            return;
        }
        let Some(key) = plain(&event) else { return };
        let letter = go_to.try_update_value(|go_to| go_to.heard(key, event.time_stamp())).flatten();
        let this = turn.get_value();
        let wanted = letter.or((key == '?').then_some('?'));
        if let Some(wanted) = wanted {
            set_timeout(
                move || match (turn.try_get_value() == Some(this), wanted) {
                    (true, '?') => overlay.show_keys(),
                    (true, letter) => go(letter),
                    (false, _) => {}
                },
                REST,
            );
        }
    };
    Effect::new(move || {
        let listener = window_event_listener(ev::keydown, on_key);
        on_cleanup(move || listener.remove());
    });
}

/// The character of a key pressed outside of every field, on a page that does not wait for scans: there each character
/// belongs to the scan field.
fn plain(event: &KeyboardEvent) -> Option<char> {
    let held = event.ctrl_key() || event.meta_key() || event.alt_key() || event.is_composing();
    let target = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
    let in_field = target.is_some_and(|target| {
        matches!(target.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
            || target.is_content_editable()
            || target.closest("dialog").ok().flatten().is_some()
    });
    if held || in_field || event.default_prevented() || document().get_element_by_id("scan-field").is_some() {
        return None;
    }
    let key = event.key();
    let mut letters = key.chars();
    letters.next().filter(|_| letters.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tells keys with that much time between them; what was gone by.
    fn typed(text: &str, gap_ms: f64) -> Vec<char> {
        let mut go_to = GoTo::default();
        let keys = text.chars().enumerate();
        keys.filter_map(|(at, key)| go_to.heard(key, 1_000.0 + gap_ms * f64::from(u32::try_from(at).expect("few"))))
            .collect()
    }

    #[test]
    fn g_and_a_letter_typed_by_hand_go_there() {
        assert_eq!(typed("gs", 180.0), ['s']);
        assert_eq!(typed("xgd", 180.0), ['d']);
    }

    #[test]
    fn a_scan_goes_nowhere() {
        assert_eq!(typed("gs12345", 8.0), Vec::<char>::new());
        assert_eq!(typed("12gs", 30.0), Vec::<char>::new());
    }

    #[test]
    fn a_letter_alone_or_much_later_goes_nowhere() {
        assert_eq!(typed("s", 180.0), Vec::<char>::new());
        assert_eq!(typed("gs", 2_000.0), Vec::<char>::new());
    }
}

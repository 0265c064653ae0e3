//! The scan field: a scanner types into it like a very fast keyboard, and so may a person, slowly.

use super::{
    Icon, Said, Svg,
    camera::{Camera, camera_sheet},
};
use crate::i18n::{t, t_string, use_i18n};
use crate::prelude::*;
use js_sys::{Array, Reflect};
use leptos::{
    ev::{self, KeyboardEvent},
    html::Input,
};
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlElement;

/// Keys closer together than this come from a scanner.
const FAST_MS: f64 = 50.0;
/// Silence after a burst that ends a code without Enter or Tab.
const SILENCE: Duration = Duration::from_millis(100);
/// Silence after typing before it is searched for.
const PAUSE: Duration = Duration::from_millis(220);
/// The shortest code that is taken without Enter or Tab.
const SHORTEST: usize = 4;
/// The longest text that is taken at all.
const LONGEST: usize = 200;

/// ASCII 29, which stands between two parts of a GS1 label.
const SEPARATOR: &str = "\u{1d}";

/// A code that came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scanned {
    /// The code.
    pub code: String,
    /// Typed by a person, who may have meant a name.
    pub typed: bool,
}

/// How the text in the field came about.
#[derive(Clone, Copy, Debug, Default)]
struct Rhythm {
    last_ms: f64,
    length: usize,
    /// How many characters at the end came in one burst.
    burst: usize,
}

impl Rhythm {
    /// The field now holds that many characters.
    fn heard(self, now_ms: f64, length: usize) -> Self {
        let added = length.saturating_sub(self.length);
        let close = now_ms - self.last_ms < FAST_MS;
        let burst = if close { self.burst + added } else { added };
        Self { last_ms: now_ms, length, burst }
    }

    /// All of it came in one burst. One character at a time may be a fast typist, until there are enough of them.
    fn is_scan(self) -> bool {
        self.length >= SHORTEST && self.burst >= self.length
    }
}

/// A text that may be a code without anybody saying so: long enough, in one piece, with a digit in it.
fn looks_like_code(text: &str) -> bool {
    text.chars().count() >= SHORTEST
        && !text.contains(char::is_whitespace)
        && text.contains(|c: char| c.is_ascii_digit())
}

/// The scan field. A burst of keys anywhere on the page outside a text field lands in it.
#[component]
pub fn ScanField(
    /// A code that came in.
    on_code: Callback<Scanned>,
    /// What has been typed so far, after each pause; empty when the field is emptied.
    on_text: Callback<String>,
    /// Empties the field and puts the focus into it, each time it is told.
    clear: Trigger,
    /// What was last said of a code: the camera shows it, and stays open for the next one. Without it the first one closes it.
    #[prop(optional, into)]
    said: Option<Signal<Option<Said>>>,
) -> impl IntoView {
    let words = use_i18n();
    let field = NodeRef::<Input>::new();
    let rhythm = StoredValue::new(Rhythm::default());
    // When the last key went down, until its character is here: that is the scanner's own time, while what follows comes
    // as fast as the page can.
    let pressed = StoredValue::new(None::<f64>);
    let turn = StoredValue::new(0_u32);
    let keyboard = RwSignal::new(false);
    let camera = Camera { opened: RwSignal::new(0), field, keyboard, on_code, said };
    let wanted = Memo::new(move |_| camera.opened.get() > 0);

    let empty = move || {
        turn.update_value(|turn| *turn += 1);
        rhythm.set_value(Rhythm::default());
        if let Some(field) = field.get_untracked() {
            field.set_value("");
        }
    };
    let accept = move |typed: bool| {
        let code = field.get_untracked().map(|field| field.value().trim().to_owned()).unwrap_or_default();
        if !code.is_empty() {
            empty();
            on_code.run(Scanned { code, typed });
        }
    };
    let heard = move |text: String, at: f64| {
        pressed.set_value(None);
        rhythm.update_value(|rhythm| *rhythm = rhythm.heard(at, text.chars().count()));
        turn.update_value(|turn| *turn += 1);
        let this = turn.get_value();
        let scan = rhythm.get_value().is_scan() && looks_like_code(&text);
        set_timeout(
            move || match turn.try_get_value() == Some(this) {
                true if scan => accept(false),
                true => on_text.run(text),
                false => {}
            },
            if scan { SILENCE } else { PAUSE },
        );
    };
    let on_input = move |event: ev::Event| {
        heard(event_target_value(&event), pressed.get_value().unwrap_or_else(|| event.time_stamp()));
    };
    let on_key = move |event: KeyboardEvent| {
        if is_separator(&event) {
            event.prevent_default();
            if let Some(field) = field.get_untracked() {
                field.set_value(&(field.value() + SEPARATOR));
                heard(field.value(), event.time_stamp());
            }
            return;
        }
        pressed.set_value(Some(event.time_stamp()));
        match event.key().as_str() {
            "Enter" => {
                event.prevent_default();
                accept(!rhythm.get_value().is_scan());
            }
            "Tab" if rhythm.get_value().is_scan() => {
                event.prevent_default();
                accept(false);
            }
            "Escape" => {
                empty();
                on_text.run(String::new());
            }
            _ => {}
        }
    };
    let focus = move || {
        if let Some(field) = field.get_untracked() {
            field.focus().ok();
        }
    };
    Effect::new(move |was_alive: Option<bool>| {
        clear.track();
        let Some(field) = field.get() else { return false };
        if was_alive == Some(true) {
            empty();
        } else {
            early().into_iter().for_each(|code| on_code.run(Scanned { code, typed: true }));
            if !field.value().is_empty() {
                on_text.run(field.value());
            }
        }
        focus();
        true
    });
    Effect::new(move || {
        let elsewhere = window_event_listener(ev::keydown, move |event| {
            if is_for_us(&event) {
                focus();
            }
        });
        on_cleanup(move || elsewhere.remove());
    });
    view! {
        <div class="scan">
            <label class="scan-label" for="scan-field">{t!(words, common.scan.label)}</label>
            <div class="scan-box">
                <Svg icon=Icon::Barcode />
                <input id="scan-field" class="scan-field" type="text" autocomplete="off" autocapitalize="off" spellcheck="false" enterkeyhint="done"
                    maxlength=LONGEST inputmode=move || if keyboard.try_get().unwrap_or_default() { "text" } else { "none" } placeholder=move || t_string!(words, common.scan.hint)
                    node_ref=field on:input=on_input on:keydown=on_key on:blur=move |_| { let _ = keyboard.try_set(false); } />
                <button type="button" class="icon-button scan-camera" aria-label=move || t_string!(words, common.camera.title)
                    on:click=move |_| camera.opened.update(|opened| *opened += 1)>
                    <Svg icon=Icon::Camera />
                </button>
                <button type="button" class="icon-button scan-keys" aria-pressed=move || keyboard.try_get().unwrap_or_default().to_string() aria-label=move || t_string!(words, common.scan.keyboard)
                    on:click=move |_| { keyboard.set(true); focus() }>
                    <Svg icon=Icon::Keyboard />
                </button>
            </div>
            {later(wanted, move || Box::pin(camera_sheet(camera)))}
        </div>
    }
}

/// What a scanner presses for the sign between two parts of a GS1 label: no browser makes a character of it.
fn is_separator(event: &KeyboardEvent) -> bool {
    event.ctrl_key() && !event.alt_key() && matches!(event.key().as_str(), "]" | SEPARATOR)
}

/// The codes that came in before the page was alive (see the shell's start script).
fn early() -> Vec<String> {
    let name = JsValue::from_str("early");
    let codes = Reflect::get(&window(), &name).ok().and_then(|codes| codes.dyn_into::<Array>().ok());
    Reflect::set(&window(), &name, &JsValue::NULL).ok();
    codes.map(|codes| codes.iter().filter_map(|code| code.as_string()).collect()).unwrap_or_default()
}

/// A character typed where no text is typed: the field takes the focus, and the character with it.
pub(super) fn is_for_us(event: &KeyboardEvent) -> bool {
    let key = event.key();
    let held = event.ctrl_key() || event.meta_key() || event.alt_key() || event.is_composing();
    if held || event.default_prevented() || key.chars().count() != 1 {
        return false;
    }
    let Some(target) = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok()) else { return true };
    let takes_text =
        matches!(target.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT") || target.is_content_editable();
    let presses = key == " " && matches!(target.tag_name().as_str(), "BUTTON" | "A" | "SUMMARY");
    !takes_text && !presses
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(gap_ms: f64, length: usize) -> Rhythm {
        (1..=length).fold(Rhythm::default(), |rhythm, length| rhythm.heard(1000.0 + gap_ms * length as f64, length))
    }

    #[test]
    fn a_burst_is_a_scan() {
        assert!(typed(8.0, 13).is_scan());
    }

    #[test]
    fn the_same_digits_typed_by_hand_are_not() {
        assert!(!typed(120.0, 13).is_scan());
    }

    #[test]
    fn a_text_that_arrives_in_one_piece_is_a_scan() {
        assert!(Rhythm::default().heard(1000.0, 13).is_scan());
    }

    #[test]
    fn a_burst_after_typing_is_not_all_scan() {
        let rhythm = typed(200.0, 3).heard(5000.0, 10);
        assert!(!rhythm.is_scan());
    }

    #[test]
    fn a_code_is_told_from_a_word() {
        assert!(looks_like_code("85123A"));
        assert!(!looks_like_code("lamp"));
        assert!(!looks_like_code("red lamp 2"));
        assert!(!looks_like_code("12"));
    }
}

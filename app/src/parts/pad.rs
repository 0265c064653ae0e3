//! A number pad: no keyboard comes up, and one thumb reaches every key.

use super::{Icon, Svg};
use crate::i18n::{t, t_string, use_i18n};
use crate::prelude::*;
use leptos::{
    ev::{KeyboardEvent, PointerEvent},
    html::Input,
};

/// More digits than this are a code that a scanner typed, not a number that a person meant.
const LONGEST: usize = 7;

/// A number pad; it tells a decimal such as `12` or `0.25`.
#[component]
pub fn Pad(
    /// What the number is for.
    #[prop(into)]
    title: Signal<String>,
    /// The number that it starts with; the first key replaces it.
    start: String,
    /// Whether parts of one make sense.
    #[prop(into)]
    fractions: bool,
    /// The number, when it is done.
    on_done: Callback<String>,
    /// A code that was scanned while the pad was open.
    on_code: Callback<String>,
    /// Closed without a number.
    on_close: Callback<()>,
) -> impl IntoView {
    let words = use_i18n();
    let typed = RwSignal::new(start);
    let untouched = RwSignal::new(true);
    let field = NodeRef::<Input>::new();
    Effect::new(move || {
        if let Some(field) = field.get() {
            field.focus().ok();
            field.select();
        }
    });
    let number = move || cleaned(&typed.read(), fractions);
    let press = move |key: char| {
        let mut text = if untouched.get_untracked() { String::new() } else { typed.get_untracked() };
        untouched.set(false);
        text.push(key);
        typed.set(text);
    };
    let done = move || match number() {
        Some(number) => on_done.run(number),
        None if typed.read_untracked().len() > LONGEST => on_code.run(typed.get_untracked()),
        None => {}
    };
    let on_key = move |event: KeyboardEvent| match event.key().as_str() {
        "Enter" => {
            event.prevent_default();
            done();
        }
        "Escape" => on_close.run(()),
        _ => {}
    };
    // The focus stays in the field: a scanner may type at any time.
    let stay = |event: PointerEvent| event.prevent_default();
    let digit = move |key: char| view! { <button type="button" class="pad-key" on:pointerdown=stay on:click=move |_| press(key)>{key.to_string()}</button> };
    view! {
        <section class="pad" aria-label=title>
            <div class="pad-head">
                <label class="pad-title" for="pad-number">{title}</label>
                <button type="button" class="icon-button" aria-label=move || t_string!(words, common.close) on:click=move |_| on_close.run(())>
                    <Svg icon=Icon::Close />
                </button>
            </div>
            <input id="pad-number" class="pad-number" type="text" inputmode="none" autocomplete="off" enterkeyhint="done" maxlength="48"
                node_ref=field prop:value=typed on:keydown=on_key
                on:input:target=move |event| { untouched.set(false); typed.set(event.target().value()) } />
            <div class="pad-keys">
                {"789456123".chars().map(digit).collect_view()}
                {if fractions { digit('.').into_any() } else {
                    view! { <button type="button" class="pad-key pad-quiet" on:pointerdown=stay on:click=move |_| { typed.update(|text| text.push('0')); untouched.set(false) }>"×10"</button> }
                }}
                {digit('0')}
                <button type="button" class="pad-key pad-quiet" aria-label=move || t_string!(words, common.erase) on:pointerdown=stay
                    on:click=move |_| { untouched.set(false); typed.update(|text| { text.pop(); }) }>
                    <Svg icon=Icon::Erase />
                </button>
            </div>
            <button type="button" class="button primary pad-done" disabled=move || number().is_none() on:click=move |_| done()>
                {move || match number() {
                    Some(number) => t_string!(words, common.set_to, number = number).to_string(),
                    None => t_string!(words, common.set).to_string(),
                }}
            </button>
            <p class="quiet">{t!(words, common.pad_help)}</p>
        </section>
    }
}

/// The number as a decimal with a point, if it is one.
fn cleaned(text: &str, fractions: bool) -> Option<String> {
    let text = text.trim().replace(',', ".");
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole)
        || !digits(fraction)
        || whole.len() > LONGEST
        || fraction.len() > 5
        || (text.contains('.') && !fractions)
    {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    let fraction = fraction.trim_end_matches('0');
    if text.is_empty() || text == "." {
        return None;
    }
    let whole = if whole.is_empty() { "0" } else { whole };
    Some(if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") })
}

#[cfg(test)]
mod tests {
    use super::cleaned;

    #[test]
    fn what_people_type_becomes_a_decimal() {
        assert_eq!(cleaned("012", false).as_deref(), Some("12"));
        assert_eq!(cleaned("0,250", true).as_deref(), Some("0.25"));
        assert_eq!(cleaned(".5", true).as_deref(), Some("0.5"));
        assert_eq!(cleaned("0", false).as_deref(), Some("0"));
    }

    #[test]
    fn a_code_and_nonsense_do_not() {
        for text in ["", ".", "1.2.3", "12a", "4006381333931", "-1"] {
            assert_eq!(cleaned(text, true), None, "{text:?}");
        }
        assert_eq!(cleaned("1.5", false), None);
    }
}

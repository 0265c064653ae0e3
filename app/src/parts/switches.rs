//! The switches of this browser: language, colours, sound.

use super::{Speaker, Tone};
use crate::prelude::*;
use crate::{
    i18n::{Locale, t, use_i18n},
    prefs::{Colours, Theme},
};

/// English or Spanish.
#[component]
pub fn Languages() -> impl IntoView {
    let words = use_i18n();
    let choice = move |locale: Locale, code: &'static str, name: &'static str| {
        view! {
            <button type="button" class="choice" lang=code aria-pressed=move || (words.get_locale() == locale).to_string() on:click=move |_| words.set_locale(locale)>
                {name}
            </button>
        }
    };
    view! {
        <fieldset class="choices">
            <legend>{t!(words, common.menu.language)}</legend>
            {choice(Locale::en, "en", "English")}
            {choice(Locale::es, "es", "Español")}
        </fieldset>
    }
}

/// Light, dark, high contrast, or as the device is set.
#[component]
pub fn Themes() -> impl IntoView {
    let words = use_i18n();
    let colours = expect_context::<Colours>().0;
    let choice = move |theme: Theme| {
        let name = move || match theme {
            Theme::Auto => t!(words, common.menu.auto).into_any(),
            Theme::Light => t!(words, common.menu.light).into_any(),
            Theme::Dark => t!(words, common.menu.dark).into_any(),
            Theme::Contrast => t!(words, common.menu.contrast).into_any(),
        };
        view! {
            <button type="button" class="choice" aria-pressed=move || (colours.get() == theme).to_string() on:click=move |_| colours.set(theme)>
                {name()}
            </button>
        }
    };
    view! {
        <fieldset class="choices">
            <legend>{t!(words, common.menu.theme)}</legend>
            {Theme::ALL.map(choice)}
        </fieldset>
    }
}

/// Sound on or off, on this device.
#[component]
pub fn Sounds() -> impl IntoView {
    let words = use_i18n();
    let speaker = expect_context::<Speaker>();
    let muted = speaker.muted();
    view! {
        <fieldset class="choices">
            <legend>{t!(words, common.menu.sound)}</legend>
            <button type="button" class="choice" aria-pressed=move || (!muted.get()).to_string() on:click=move |_| { speaker.mute(false); speaker.play(Tone::Good) }>
                {t!(words, common.menu.on)}
            </button>
            <button type="button" class="choice" aria-pressed=move || muted.get().to_string() on:click=move |_| speaker.mute(true)>
                {t!(words, common.menu.off)}
            </button>
        </fieldset>
    }
}

//! What everything is made of: type, space, colours and icons.

use super::Chapter;
use crate::prelude::*;
use crate::{
    i18n::{t, use_i18n},
    parts::{Icon, Svg},
};

/// The sizes of letters, largest first.
const SIZES: [&str; 7] = ["3xl", "2xl", "xl", "l", "m", "s", "xs"];
/// The steps of space.
const STEPS: [&str; 8] = ["s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8"];
/// The colours, each beside those that it is used with.
const COLOURS: [&str; 23] = [
    "paper",
    "card",
    "sunk",
    "raised",
    "hover",
    "ink",
    "ink-2",
    "ink-3",
    "line",
    "line-strong",
    "accent",
    "accent-ink",
    "accent-soft",
    "accent-soft-ink",
    "bad",
    "bad-soft",
    "bad-soft-ink",
    "warn",
    "warn-soft",
    "warn-soft-ink",
    "changed",
    "series-1",
    "series-2",
];

/// The type.
#[component]
pub fn Type() -> impl IntoView {
    let words = use_i18n();
    let line = move |size: &'static str| {
        view! {
            <div class="design-type">
                <code>{format!("--text-{size}")}</code>
                <p class="design-sample" data-size=size>{t!(words, design.sample)}</p>
            </div>
        }
    };
    view! {
        <Chapter title=move || t!(words, design.type_title) rule=move || t!(words, design.type_rule)>
            {SIZES.map(line).into_iter().collect_view()}
        </Chapter>
    }
}

/// The space.
#[component]
pub fn Space() -> impl IntoView {
    let words = use_i18n();
    let step = |name: &'static str| {
        view! { <li><span class="design-step" data-step=name></span><code>{format!("--{name}")}</code></li> }
    };
    view! {
        <Chapter title=move || t!(words, design.space_title) rule=move || t!(words, design.space_rule)>
            <ul class="design-steps">{STEPS.map(step).into_iter().collect_view()}</ul>
        </Chapter>
    }
}

/// The colours of the theme that is worn now.
#[component]
pub fn Colours() -> impl IntoView {
    let words = use_i18n();
    let swatch = |name: &'static str| {
        view! { <li><span class="design-swatch" data-colour=name></span><code>{format!("--{name}")}</code></li> }
    };
    view! {
        <Chapter title=move || t!(words, design.colour_title) rule=move || t!(words, design.colour_rule)>
            <ul class="design-swatches">{COLOURS.map(swatch).into_iter().collect_view()}</ul>
        </Chapter>
    }
}

/// The icons.
#[component]
pub fn Icons() -> impl IntoView {
    let words = use_i18n();
    let drawn = |icon: Icon| view! { <li><Svg icon /><code>{format!("{icon:?}")}</code></li> };
    view! {
        <Chapter title=move || t!(words, design.icon_title) rule=move || t!(words, design.icon_rule)>
            <ul class="design-icons">{Icon::ALL.map(drawn).into_iter().collect_view()}</ul>
        </Chapter>
    }
}

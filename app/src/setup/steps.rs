//! The frame of a step: where one is among the five, what it is about, and the way past it.

use crate::prelude::*;
use crate::{
    frame::Mark,
    i18n::{t, t_string, use_i18n},
    parts::{Icon, Languages, Svg, Themes},
};
use leptos_meta::Title;
use leptos_router::components::A;

/// How many steps there are.
pub(super) const STEPS: u8 = 5;

/// One step's page.
#[component]
pub(super) fn Step(
    /// Which, from 1.
    at: u8,
    /// What it is about.
    #[prop(into)]
    title: Signal<String>,
    /// What it is for, in a sentence.
    #[prop(into)]
    text: Signal<String>,
    /// Where one goes who leaves it out.
    #[prop(optional, into)]
    skip: MaybeProp<String>,
    /// Where one goes back to.
    #[prop(optional, into)]
    back: MaybeProp<String>,
    children: Children,
) -> impl IntoView {
    let words = use_i18n();
    let mark = move |step: u8| {
        let state = if step < at {
            "done"
        } else if step == at {
            "now"
        } else {
            "next"
        };
        view! { <li data-state=state></li> }
    };
    let back_link = move || {
        back.get().map(|to| view! { <A href=to attr:class="button"><Svg icon=Icon::Back />{t!(words, setup.back)}</A> })
    };
    let skip_link = move || skip.get().map(|to| view! { <A href=to attr:class="button">{t!(words, setup.skip)}</A> });
    view! {
        // A page on its way out may still be mounted once.
        <Title text=move || title.try_get().unwrap_or_default() />
        <main class="door setup" id="page">
            <div class="door-card setup-card">
                <div class="door-brand"><Mark /><span class="brand-name">"Storeroom"</span></div>
                <div class="setup-place">
                    <p class="quiet">{t!(words, setup.step, at = move || at.to_string(), of = move || STEPS.to_string())}</p>
                    <ol class="setup-steps" aria-hidden="true">{(1..=STEPS).map(mark).collect_view()}</ol>
                </div>
                <div class="setup-head">
                    <h1>{title}</h1>
                    <p class="quiet">{text}</p>
                </div>
                {children()}
                <nav class="setup-ways" aria-label=move || t_string!(words, setup.ways)>{back_link}{skip_link}</nav>
            </div>
            <div class="door-switches"><Languages /><Themes /></div>
        </main>
    }
}

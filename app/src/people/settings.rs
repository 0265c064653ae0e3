//! The settings: where people, keys, devices and the demo store are looked after.

use super::{password::OwnPassword, pin::OwnPin};
use crate::prelude::*;
use crate::{
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    parts::{Icon, Svg},
    setup::Demo,
};
use leptos_meta::Title;
use leptos_router::components::A;
use model::Action;

/// The settings' page: the links that concern the reader.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    view! {
        <Title text=move || t_string!(words, people.settings) />
        <header class="page-head"><h1>{t!(words, people.settings)}</h1></header>
        <ul class="settings">
            <Show when=move || here.may(Action::ManagePeople)>
                <Place href="/settings/people" icon=Icon::Person title=move || t!(words, people.title) text=move || t!(words, people.lead) />
            </Show>
            <Show when=move || here.may(Action::ManageKeys)>
                <Place href="/settings/keys" icon=Icon::Key title=move || t!(words, people.keys.title) text=move || t!(words, people.keys.lead) />
            </Show>
            <Place href="/settings/sessions" icon=Icon::Device title=move || t!(words, people.sessions.title) text=move || t!(words, people.sessions.lead) />
            <Place href="/settings/rules" icon=Icon::Store title=move || t!(words, people.rules.title) text=move || t!(words, people.rules.text) />
            <Show when=move || here.may(Action::ManageStores)>
                <Place href="/setup/store" icon=Icon::Store title=move || t!(words, people.new_store) text=move || t!(words, people.new_store_text) />
            </Show>
            <Place href="/setup/practice" icon=Icon::Print title=move || t!(words, people.practice) text=move || t!(words, people.practice_text) />
        </ul>
        <div class="settings-cards">
            <OwnPassword />
            <OwnPin />
            <Show when=move || here.may(Action::ManageStores)><Demo /></Show>
        </div>
    }
}

/// One way on.
#[component]
fn Place(href: &'static str, icon: Icon, #[prop(into)] title: ViewFn, #[prop(into)] text: ViewFn) -> impl IntoView {
    view! {
        <li>
            <A href=href attr:class="settings-place">
                <Svg icon />
                <span class="settings-title">{title.run()}</span>
                <span class="quiet">{text.run()}</span>
                <Svg icon=Icon::Chevron />
            </A>
        </li>
    }
}

//! What stands above a list: its search, its filters as chips, and the list as a file. Each is a form or a link, and
//! works before the page is alive.

use super::{Icon, Svg};
use crate::prelude::*;
use crate::{
    frame::use_here,
    i18n::{t, use_i18n},
    prefs::Words,
};
use leptos::{ev, html};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use model::Action;
use std::time::Duration;

/// Typing rests this long before the list follows it.
const REST: Duration = Duration::from_millis(220);

/// A word of the interface.
type Word = fn(Words) -> &'static str;

/// The search field; the list follows it a moment after the last key.
#[component]
pub fn SearchForm(
    /// The field's own name in the page.
    id: &'static str,
    /// The page that the list is on, for browsers without scripts.
    action: &'static str,
    /// What the field is for.
    label: Word,
    /// What may be typed.
    hint: Word,
    /// What the button says.
    button: Word,
    /// What is searched for now.
    #[prop(into)]
    search: Signal<String>,
    /// The address of the list for another search.
    link: Callback<String, String>,
    /// The other filters, as hidden fields.
    children: Children,
) -> impl IntoView {
    let words = use_i18n();
    let field = NodeRef::<html::Input>::new();
    let typed = StoredValue::new(0_u32);
    let navigate = StoredValue::new(use_navigate());
    let follow = move || {
        let Some(text) = field.try_get_untracked().flatten().map(|field| field.value()) else { return };
        if text.trim() != search.get_untracked() {
            let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
            navigate.with_value(|navigate| navigate(&link.run(text.trim().to_owned()), options));
        }
    };
    let follow_soon = move |_| {
        typed.update_value(|typed| *typed = typed.wrapping_add(1));
        let now = typed.get_value();
        set_timeout(move || (typed.try_get_value() == Some(now)).then(follow).unwrap_or_default(), REST);
    };
    // A cleared or shared filter shows in the field; what is being typed there is never overwritten.
    Effect::new(move |_| {
        let search = search.get();
        if let Some(field) = field.get() {
            let typing = document().active_element().is_some_and(|active| active.is_same_node(Some(&field)));
            if !typing && field.value() != search {
                field.set_value(&search);
            }
        }
    });
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        typed.update_value(|typed| *typed = typed.wrapping_add(1));
        follow();
    };
    view! {
        <form class="search" role="search" method="get" action=action on:submit=on_submit>
            {children()}
            <label class="unseen" for=id>{move || label(words)}</label>
            <Svg icon=Icon::Search />
            <input
                id=id
                type="search"
                name="q"
                maxlength="100"
                autocomplete="off"
                enterkeyhint="search"
                node_ref=field
                placeholder=move || hint(words)
                value=search.get_untracked()
                on:input=follow_soon
            />
            <button type="submit" class="button">{move || button(words)}</button>
        </form>
    }
}

/// A filter that is on or off, as a link.
#[component]
pub fn FilterChip(
    /// Its drawing.
    icon: Icon,
    /// What it keeps.
    name: Word,
    /// Whether it is on.
    #[prop(into)]
    on: Signal<bool>,
    /// The address of the list with the filter the other way.
    #[prop(into)]
    link: Signal<String>,
) -> impl IntoView {
    let words = use_i18n();
    view! {
        <a
            href=link
            data-noscroll=""
            class=move || if on.get() { "chip chosen" } else { "chip" }
            aria-current=move || on.get().then_some("true")
        >
            <Svg icon />
            {move || name(words)}
        </a>
    }
}

/// The list as a file to keep, for who may take it away.
#[component]
pub fn Files(
    /// The address of the file in that format.
    link: Callback<&'static str, String>,
) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    view! {
        <Show when=move || here.may(Action::Export)>
            <div class="files">
                <a class="button quiet" href=move || link.run("csv") rel="external" download="">
                    <Svg icon=Icon::Down />{t!(words, products.export_csv)}
                </a>
                <a class="button quiet" href=move || link.run("xlsx") rel="external" download="">
                    <Svg icon=Icon::Down />{t!(words, products.export_xlsx)}
                </a>
            </div>
        </Show>
    }
}

//! What is above the grid: the search and the filter. Both are a form and a link, and work before the page is alive.

use super::filter;
use crate::{
    i18n::{t, t_string, use_i18n},
    parts::{Icon, Svg},
};
use leptos::{ev, html, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use model::GridQuery;
use std::time::Duration;

/// Typing rests this long before the list follows it.
const REST: Duration = Duration::from_millis(220);

/// The search field and the filter chip.
#[component]
pub fn Bar(
    /// What is shown now.
    query: Memo<GridQuery>,
) -> impl IntoView {
    let words = use_i18n();
    let field = NodeRef::<html::Input>::new();
    let typed = StoredValue::new(0_u32);
    let navigate = StoredValue::new(use_navigate());
    let follow = move || {
        let Some(text) = field.try_get_untracked().flatten().map(|field| field.value()) else { return };
        let shown = query.get_untracked();
        if text.trim() != shown.search {
            let wanted = GridQuery { search: text.trim().to_owned(), ..shown };
            let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
            navigate.with_value(|navigate| navigate(&filter::link(&wanted), options));
        }
    };
    let follow_soon = move |_| {
        typed.update_value(|typed| *typed = typed.wrapping_add(1));
        let now = typed.get_value();
        set_timeout(move || (typed.try_get_value() == Some(now)).then(follow).unwrap_or_default(), REST);
    };
    // A cleared or shared filter shows in the field; what is being typed there is never overwritten.
    Effect::new(move |_| {
        let search = query.get().search;
        if let Some(field) = field.get() {
            let typing = document().active_element().is_some_and(|active| active.is_same_node(Some(&field)));
            if !typing && field.value() != search {
                field.set_value(&search);
            }
        }
    });
    let toggled = move || {
        let query = query.get();
        filter::link(&GridQuery { short: !query.short, ..query })
    };
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        typed.update_value(|typed| *typed = typed.wrapping_add(1));
        follow();
    };
    view! {
        <div class="stock-bar">
            <form class="search" role="search" method="get" action="/stock" on:submit=on_submit>
                <input type="hidden" name="store" value=move || query.get().store />
                <Show when=move || query.get().short><input type="hidden" name="short" value="1" /></Show>
                <input type="hidden" name="sort" value=move || filter::name(query.get().sort) />
                <Show when=move || query.get().descending><input type="hidden" name="desc" value="1" /></Show>
                <label class="unseen" for="stock-search">{t!(words, stock.search)}</label>
                <Svg icon=Icon::Search />
                <input
                    id="stock-search"
                    type="search"
                    name="q"
                    maxlength="100"
                    autocomplete="off"
                    enterkeyhint="search"
                    node_ref=field
                    placeholder=move || t_string!(words, stock.search_hint)
                    value=query.get_untracked().search
                    on:input=follow_soon
                />
                <button type="submit" class="button">{t!(words, stock.search_button)}</button>
            </form>
            <a
                href=toggled
                data-noscroll=""
                class=move || if query.get().short { "chip chosen" } else { "chip" }
                aria-current=move || query.get().short.then_some("true")
            >
                <Svg icon=Icon::Warning />
                {t!(words, stock.short)}
            </a>
        </div>
    }
}

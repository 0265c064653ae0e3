//! Prices beside an item's own: the lists of a store, and one of them in its editor.

pub mod api;
mod desk;
mod editor;

pub use editor::PriceListPage;

use crate::{
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    inventory::escape,
    live::follow,
    parts::{Empty, Icon, Notice, Skeleton, Svg},
    prefs::Words,
};
use crate::{json::brought, prelude::*};
use api::price_lists;
use leptos::either::Either;
use leptos_meta::Title;
use leptos_router::components::A;
use model::{Action, Page, PriceList, PriceListId, Since};

/// The way to a list.
pub fn link(id: PriceListId, store: &str) -> String {
    format!("/prices/{id}?store={}", escape(store))
}

/// The page: `/prices?store=LON`.
#[component]
pub fn PriceListsPage() -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let first = brought(
        move || here.store().get().code,
        |store| async move { price_lists(store.clone()).await.map(|lists| (store, lists)) },
    );
    view! {
        <Title text=move || t_string!(words, prices.title) />
        <A href=move || here.link("/products") attr:class="back"><Svg icon=Icon::Back />{t!(words, prices.products)}</A>
        <header class="page-head products-head">
            <div>
                <h1>{t!(words, prices.title)}</h1>
                <p>{t!(words, prices.lead, store = move || here.store().get().name)}</p>
            </div>
            <Show when=move || here.may(Action::EditItems)>
                <div class="products-acts">
                    <A href=move || link(PriceListId::new(), &here.store().get().code) attr:class="button primary"><Svg icon=Icon::Plus />{t!(words, prices.add)}</A>
                </div>
            </Show>
        </header>
        <Transition fallback=|| view! { <Skeleton rows=6 /> }>
            {drawn(move || async move {
                match first.await {
                    Ok((store, first)) => Either::Left(view! { <List store first /> }),
                    Err(failure) => Either::Right(view! { <Notice failure=Signal::stored(Some(failure)) /> }),
                }
            })}
        </Transition>
    }
}

#[component]
fn List(store: String, first: Page<PriceList>) -> impl IntoView {
    let words = use_i18n();
    let lists = RwSignal::new(first.data);
    let code = StoredValue::new(store.clone());
    let read = move || async move {
        let Page { data, as_of, .. } = price_lists(code.get_value()).await?;
        Ok(Since { total: 0, data, as_of })
    };
    follow(vec![format!("stock:{store}")], first.as_of, read, move |now| lists.set(now));
    view! {
        <Show when=move || !lists.read().is_empty() fallback=move || view! {
            <Empty icon=Icon::Tag title=move || t!(words, prices.none_title) text=move || t!(words, prices.none_text) />
        }>
            <ul class="purchases" aria-label=move || t_string!(words, prices.title)>
                <For each=move || lists.get() key=|list| (list.id, list.version) let:list><Row list store=code.get_value() /></For>
            </ul>
        </Show>
    }
}

#[component]
fn Row(list: PriceList, store: String) -> impl IntoView {
    let words = use_i18n();
    let to = link(list.id, &store);
    let (name, active) = (list.name.clone(), list.active);
    let facts = move || facts(words, &list);
    view! {
        <li>
            <a class="purchase-row" class:undone=!active href=to>
                <span class="purchase-name"><b>{name}</b><small>{move || facts()}</small></span>
                {(!active).then(|| view! { <span class="stock-mark">{t!(words, prices.off)}</span> })}
                <Svg icon=Icon::Chevron />
            </a>
        </li>
    }
}

/// Where and when it holds, and how many prices it has.
fn facts(words: Words, list: &PriceList) -> String {
    let place = match &list.store {
        Some(store) => t_string!(words, prices.one_store, store = store.clone()).to_string(),
        None => t_string!(words, prices.all_stores).to_string(),
    };
    let days = match (list.from_day.clone(), list.to_day.clone()) {
        (Some(from), Some(to)) => Some(t_string!(words, prices.between, from = from, to = to).to_string()),
        (Some(from), None) => Some(t_string!(words, prices.since, from = from).to_string()),
        (None, Some(to)) => Some(t_string!(words, prices.until, to = to).to_string()),
        (None, None) => None,
    };
    let count = t_string!(words, prices.count, count = list.lines.unsigned_abs()).to_string();
    let above = list.overrides.then(|| t_string!(words, prices.overrides_short).to_string());
    [Some(count), Some(place), days, above].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

//! The suppliers: whom we buy from, for all stores.

use super::{
    api::{add_supplier, suppliers},
    supplier::link,
};
use crate::{
    failure::Failure,
    frame::{Here, use_here},
    i18n::{t, t_string, use_i18n},
    parts::{Empty, FilterChip, Icon, Notice, SearchForm, Skeleton, Svg},
};
use crate::{inventory::escape, json::brought, prelude::*};
use leptos::{either::Either, ev, task::spawn_local};
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_navigate, use_query_map};
use model::{Action, NewSupplier, Page, Quantity, Supplier, SupplierId, SupplierQuery};

/// Whether the reader keeps suppliers: they are the whole house's.
pub fn may_keep(here: Here) -> bool {
    here.me().grants.iter().any(|grant| grant.store.is_none() && grant.role.may(Action::Purchase))
}

/// The page: `/suppliers?q=acme`.
#[component]
pub fn SuppliersPage() -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let params = use_query_map();
    let path = use_location().pathname;
    let query = Memo::new(move |shown: Option<&SupplierQuery>| match shown {
        // While another page is on its way in, its address says nothing about this one.
        Some(shown) if path.get() != "/suppliers" => shown.clone(),
        _ => {
            let params = params.read();
            let search = params.get("q").unwrap_or_default().chars().take(100).collect();
            SupplierQuery { search, archived: params.get("archived").is_some(), after: None }
        }
    });
    let first =
        brought(move || query.get(), |query| async move { suppliers(query.clone()).await.map(|page| (query, page)) });
    let shown = move |search: &str, archived: bool| {
        let archived = if archived { "&archived=1" } else { "" };
        format!("/suppliers?store={}&q={}{archived}", escape(&here.store().get().code), escape(search))
    };
    view! {
        <Title text=move || t_string!(words, purchases.supplier.title) />
        <header class="page-head">
            <h1>{t!(words, purchases.supplier.title)}</h1>
            <p>{t!(words, purchases.supplier.lead)}</p>
        </header>
        <div class="suppliers-bar">
            <SearchForm id="suppliers-q" action="/suppliers"
                label=|words| t_string!(words, purchases.supplier.search) hint=|words| t_string!(words, purchases.supplier.search)
                button=|words| t_string!(words, purchases.supplier.search_do)
                search=Signal::derive(move || query.get().search)
                link=Callback::new(move |text: String| untrack(|| shown(&text, query.read().archived)))>
                <input type="hidden" name="store" value=move || here.store().get().code />
            </SearchForm>
            <FilterChip icon=Icon::Box name=|words| t_string!(words, purchases.supplier.archived) on=Signal::derive(move || query.read().archived)
                link=Signal::derive(move || shown(&query.read().search, !query.read().archived)) />
        </div>
        <Transition fallback=|| view! { <Skeleton rows=8 /> }>
            {drawn(move || async move {
                match first.await {
                    Ok((query, page)) => Either::Left(view! { <List query page /> }),
                    Err(failure) => Either::Right(view! { <Notice failure=Signal::stored(Some(failure)) /> }),
                }
            })}
        </Transition>
    }
}

#[component]
fn List(query: SupplierQuery, page: Page<Supplier>) -> impl IntoView {
    let words = use_i18n();
    let keeps = may_keep(use_here());
    let filtered = !query.search.is_empty() || query.archived;
    let (rows, next) = (RwSignal::new(page.data), RwSignal::new(page.next));
    let failure = RwSignal::new(None::<Failure>);
    let query = StoredValue::new(query);
    let more = move |_| {
        let after = next.get_untracked();
        spawn_local(async move {
            match suppliers(SupplierQuery { after, ..query.get_value() }).await {
                Ok(page) => {
                    rows.try_update(|rows| rows.extend(page.data));
                    next.try_set(page.next);
                }
                Err(error) => drop(failure.try_set(Some(error))),
            }
        });
    };
    let nothing = move || {
        if filtered {
            return view! { <Empty icon=Icon::Search title=move || t!(words, purchases.supplier.none_title) text=move || t!(words, purchases.supplier.none_text) /> };
        }
        view! { <Empty icon=Icon::Person title=move || t!(words, purchases.supplier.empty_title) text=move || t!(words, purchases.supplier.empty_text) /> }
    };
    view! {
        <Show when=move || rows.with(|rows| !rows.is_empty()) fallback=nothing>
            <ul class="purchases" aria-label=move || t_string!(words, purchases.supplier.title)>
                <For each=move || rows.get() key=|row| (row.id, row.version) let:row><Row row /></For>
            </ul>
        </Show>
        <Notice failure />
        <Show when=move || next.read().is_some()>
            <button type="button" class="button history-more" on:click=more>{t!(words, purchases.supplier.more)}</button>
        </Show>
        {keeps.then(|| view! { <Add /> })}
    }
}

#[component]
fn Row(row: Supplier) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let Supplier { id, code, name, email, lead_days, .. } = row;
    let to = link(id, &here.store().get_untracked().code);
    view! {
        <li>
            <a class="purchase-row" href=to>
                <span class="purchase-name"><b>{name}</b><small>{code}</small></span>
                <span class="purchase-facts"><small>{email}</small>
                    {(lead_days > 0).then(|| view! { <small>{t!(words, purchases.supplier.days, count = move || lead_days.unsigned_abs())}</small> })}</span>
                <Svg icon=Icon::Chevron />
            </a>
        </li>
    }
}

/// A name and a short code are enough to begin.
#[component]
fn Add() -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let (code, name) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let failure = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    let id = SupplierId::new();
    let navigate = StoredValue::new(use_navigate());
    let save = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        failure.set(None);
        let code = code.get_untracked().trim().to_uppercase();
        let empty = String::new;
        let (name, email, phone, note) = (name.get_untracked(), empty(), empty(), empty());
        let new = NewSupplier { id, code, name, email, phone, note, lead_days: 0, tolerance: Quantity::ZERO };
        let store = here.store().get_untracked().code;
        spawn_local(async move {
            let answer = add_supplier(new).await;
            if busy.try_set(false).is_some() {
                return; // The page is gone.
            }
            match answer {
                Ok(supplier) => {
                    navigate.with_value(|navigate| navigate(&link(supplier.id, &store), Default::default()))
                }
                Err(error) => failure.set(Some(error)),
            }
        });
    };
    let empty = move || code.with(|code| code.trim().is_empty()) || name.with(|name| name.trim().is_empty());
    view! {
        <form class="card supplier-add" on:submit=save aria-labelledby="supplier-add">
            <h2 id="supplier-add">{t!(words, purchases.supplier.add)}</h2>
            <div class="field"><label for="supplier-name">{t!(words, purchases.supplier.name)}</label>
                <input id="supplier-name" maxlength="200" autocomplete="off" prop:value=name on:input=move |event| name.set(event_target_value(&event)) /></div>
            <div class="field"><label for="supplier-code">{t!(words, purchases.supplier.code)}</label>
                <input id="supplier-code" maxlength="20" autocomplete="off" autocapitalize="characters" aria-describedby="supplier-code-hint" prop:value=code on:input=move |event| code.set(event_target_value(&event)) />
                <p id="supplier-code-hint" class="hint">{t!(words, purchases.supplier.code_hint)}</p></div>
            <Notice failure />
            <button type="submit" class="button primary wide" disabled=move || busy.get() || empty()>{t!(words, purchases.supplier.add)}</button>
        </form>
    }
}

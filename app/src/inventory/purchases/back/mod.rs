//! Returns to suppliers: what was sent back and waits for its credit, and the way to send more.

pub mod api;
mod desk;
mod one;
mod send;

pub use one::SupplierReturnPage;

use super::choose::Choose;
use crate::{
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    inventory::{
        escape,
        papers::{Older, Papers},
    },
    live::follow,
    parts::{Empty, Icon, Notice, Skeleton, Svg, money},
    prefs::Words,
};
use crate::{json::brought, prelude::*};
use api::supplier_returns;
use leptos::either::Either;
use leptos_meta::Title;
use leptos_router::{
    components::A,
    hooks::{use_location, use_navigate, use_query_map},
};
use model::{Action, Page, PaperId, Supplier, SupplierReturnQuery, SupplierReturnRow, SupplierReturnState};
use send::Send;

/// The page: `/supplier-returns?store=LON&state=credited`; with `?new` to choose a supplier, and with `?supplier=ID` or
/// `?order=ID` to send something back, or with `?lot=ID` that lot.
#[component]
pub fn SupplierReturnsPage() -> impl IntoView {
    let words = use_i18n();
    let params = use_query_map();
    let path = use_location().pathname;
    let begun = Memo::new(move |before: Option<&(String, String, String)>| match before {
        // While another page is on its way in, its address says nothing about this one.
        Some(before) if path.get() != "/supplier-returns" => before.clone(),
        _ => {
            let named = |name| params.read().get(name).unwrap_or_default();
            (named("supplier"), named("order"), named("lot"))
        }
    });
    view! {
        <Title text=move || t_string!(words, purchases.returns.title) />
        {move || {
            let (supplier, order, lot) = begun.get();
            if supplier.is_empty() && order.is_empty() && lot.is_empty() {
                view! { <Lists /> }.into_any()
            } else {
                view! { <Send supplier order lot /> }.into_any()
            }
        }}
    }
}

/// The address of a list.
fn shown(store: &str, state: &str) -> String {
    let state = if state.is_empty() { String::new() } else { format!("&state={state}") };
    format!("/supplier-returns?store={}{state}", escape(store))
}

/// The way to one of them.
fn link(id: PaperId, store: &str) -> String {
    format!("/supplier-returns/{id}?store={}", escape(store))
}

/// The name of a state.
fn state_name(words: Words, state: SupplierReturnState) -> &'static str {
    match state {
        SupplierReturnState::Sent => t_string!(words, purchases.returns.state.sent),
        SupplierReturnState::Credited => t_string!(words, purchases.returns.state.credited),
        SupplierReturnState::Undone => t_string!(words, purchases.returns.state.undone),
    }
}

#[component]
fn Lists() -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let params = use_query_map();
    let path = use_location().pathname;
    let query = Memo::new(move |shown: Option<&SupplierReturnQuery>| match shown {
        Some(shown) if path.get() != "/supplier-returns" => shown.clone(),
        _ => {
            let named = params.read().get("state").unwrap_or_default();
            let waiting = Some(SupplierReturnState::Sent).filter(|_| named.is_empty());
            let state = SupplierReturnState::named(&named).or(waiting);
            SupplierReturnQuery { store: here.store().get().code, state, after: None }
        }
    });
    let first = brought(
        move || query.get(),
        |query| async move { supplier_returns(query.clone()).await.map(|page| (query, page)) },
    );
    let choosing = Memo::new(move |_| params.read().get("new").is_some());
    let navigate = StoredValue::new(use_navigate());
    let begin = move |supplier: Supplier| {
        let to = format!("{}&supplier={}", shown(&here.store().get_untracked().code, ""), supplier.id);
        navigate.with_value(|navigate| navigate(&to, Default::default()));
    };
    view! {
        <header class="page-head">
            <h1>{t!(words, purchases.returns.title)}</h1>
            <p>{t!(words, purchases.returns.lead, store = move || here.store().get().name)}</p>
        </header>
        <Show when=move || choosing.get()>
            <Choose title=Signal::derive(move || t_string!(words, purchases.returns.choose).to_owned())
                text=Signal::derive(move || t_string!(words, purchases.returns.choose_text).to_owned())
                busy=Signal::stored(false) failure=RwSignal::new(None) on_choose=Callback::new(begin) />
        </Show>
        <Transition fallback=|| view! { <Skeleton rows=6 /> }>
            {drawn(move || async move {
                match first.await {
                    Ok((query, page)) => Either::Left(view! { <List query page choosing /> }),
                    Err(failure) => Either::Right(view! { <Notice failure=Signal::stored(Some(failure)) /> }),
                }
            })}
        </Transition>
    }
}

#[component]
fn List(query: SupplierReturnQuery, page: Page<SupplierReturnRow>, choosing: Memo<bool>) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let papers = Papers::new(page.data, page.next.is_some(), |row: &SupplierReturnRow| (row.changed_at, row.id));
    let topics = vec![format!("papers:{}", query.store)];
    let store = StoredValue::new(query.store.clone());
    let chosen = query.state.map_or("all", SupplierReturnState::name);
    let query = StoredValue::new(query);
    let read = move || async move {
        let page = supplier_returns(query.get_value()).await?;
        Ok(model::Since { as_of: page.as_of, total: 0, data: page })
    };
    follow(topics, page.as_of, read, move |now: Page<SupplierReturnRow>| papers.renew(now.data, now.next.is_some()));
    let older = move |after| async move {
        let page = supplier_returns(SupplierReturnQuery { after: Some(after), ..query.get_value() }).await?;
        Ok((page.data, page.next.is_some()))
    };
    let chip = move |named: &'static str, to: &'static str, name: &'static str| {
        let chosen = chosen == named;
        view! {
            <a data-noscroll="" class="chip" class:chosen=chosen aria-current=chosen.then_some("true")
                href=shown(&store.get_value(), to)>{name}</a>
        }
    };
    let chips = move || {
        view! {
            {chip("sent", "", t_string!(words, purchases.returns.state.sent))}
            {chip("credited", "credited", t_string!(words, purchases.returns.state.credited))}
            {chip("all", "all", t_string!(words, purchases.all))}
        }
    };
    let new = move || format!("{}&new", shown(&store.get_value(), ""));
    let sends = move || here.may(Action::Purchase) && !choosing.get();
    view! {
        <nav class="history-chips" aria-label=move || t_string!(words, purchases.chips)>{move || chips()}</nav>
        <Show when=sends>
            <p class="purchases-new"><A href=new() attr:class="button primary"><Svg icon=Icon::Back />{t!(words, purchases.returns.begin)}</A></p>
        </Show>
        <Show when=move || papers.rows.with(|rows| !rows.is_empty()) fallback=move || view! {
            <Empty icon=Icon::Truck title=move || t!(words, purchases.returns.empty_title) text=move || t!(words, purchases.returns.empty_text) />
        }>
            <ul class="purchases" aria-label=move || t_string!(words, purchases.returns.title)>
                <For each=move || papers.rows.get() key=|row| (row.id, row.version) let:row><Row store=store.get_value() row /></For>
            </ul>
        </Show>
        <Older papers read=older name=Signal::derive(move || t_string!(words, purchases.returns.older)) />
    }
}

#[component]
fn Row(store: String, row: SupplierReturnRow) -> impl IntoView {
    let words = use_i18n();
    let SupplierReturnRow { id, number, supplier_name, state, lines, value, currency, .. } = row;
    view! {
        <li>
            <a class="purchase-row" href=link(id, &store)>
                <span class="purchase-name"><b>{supplier_name}</b><small>{number}</small></span>
                <span class="state" data-state=state.name()>{move || state_name(words, state)}</span>
                <span class="purchase-facts">
                    <b>{move || money(words.get_locale(), &currency, value)}</b>
                    <small>{t!(words, purchases.lines, count = move || lines.unsigned_abs())}</small>
                </span>
                <Svg icon=Icon::Chevron />
            </a>
        </li>
    }
}

//! Corrections above a store's limit: what waits for somebody else, and what became of it.

pub mod api;
mod held;
mod one;

pub use held::{HeldBar, HeldNow};
pub use one::CorrectionPage;

use crate::{
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    inventory::{
        escape,
        papers::{Older, Papers},
        reason::reason,
    },
    live::follow,
    parts::{Empty, Icon, Notice, Skeleton, Svg, money},
    prefs::Words,
};
use crate::{json::brought, prelude::*};
use api::corrections;
use leptos::either::Either;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_query_map};
use model::{CorrectionQuery, CorrectionRow, CorrectionState, Page, PaperId};

/// The address of a list.
fn shown(store: &str, state: &str) -> String {
    let state = if state.is_empty() { String::new() } else { format!("&state={state}") };
    format!("/corrections?store={}{state}", escape(store))
}

/// The way to one of them.
pub fn link(id: PaperId, store: &str) -> String {
    format!("/corrections/{id}?store={}", escape(store))
}

/// The name of a state.
fn state_name(words: Words, state: CorrectionState) -> &'static str {
    match state {
        CorrectionState::Waiting => t_string!(words, corrections.state.waiting),
        CorrectionState::Posted => t_string!(words, corrections.state.posted),
        CorrectionState::Rejected => t_string!(words, corrections.state.rejected),
        CorrectionState::Withdrawn => t_string!(words, corrections.state.withdrawn),
        CorrectionState::Undone => t_string!(words, corrections.state.undone),
    }
}

/// The page: `/corrections?store=LON`, and `&state=posted` for what waits no more, or `all`.
#[component]
pub fn CorrectionsPage() -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let params = use_query_map();
    let path = use_location().pathname;
    let query = Memo::new(move |shown: Option<&CorrectionQuery>| match shown {
        // While another page is on its way in, its address says nothing about this one.
        Some(shown) if path.get() != "/corrections" => shown.clone(),
        _ => {
            let named = params.read().get("state").unwrap_or_default();
            let waiting = Some(CorrectionState::Waiting).filter(|_| named.is_empty());
            let state = CorrectionState::named(&named).or(waiting);
            CorrectionQuery { store: here.store().get().code, state, after: None }
        }
    });
    let first =
        brought(move || query.get(), |query| async move { corrections(query.clone()).await.map(|page| (query, page)) });
    view! {
        <Title text=move || t_string!(words, corrections.title) />
        <header class="page-head">
            <h1>{t!(words, corrections.title)}</h1>
            <p>{t!(words, corrections.lead, store = move || here.store().get().name)}</p>
        </header>
        <Transition fallback=|| view! { <Skeleton rows=6 /> }>
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
fn List(query: CorrectionQuery, page: Page<CorrectionRow>) -> impl IntoView {
    let words = use_i18n();
    let papers = Papers::new(page.data, page.next.is_some(), |row: &CorrectionRow| (row.changed_at, row.id));
    let topics = vec![format!("papers:{}", query.store)];
    let store = StoredValue::new(query.store.clone());
    let chosen = query.state.map_or("all", CorrectionState::name);
    let query = StoredValue::new(query);
    let read = move || async move {
        let page = corrections(query.get_value()).await?;
        Ok(model::Since { as_of: page.as_of, total: 0, data: page })
    };
    follow(topics, page.as_of, read, move |now: Page<CorrectionRow>| papers.renew(now.data, now.next.is_some()));
    let older = move |after| async move {
        let page = corrections(CorrectionQuery { after: Some(after), ..query.get_value() }).await?;
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
            {chip("waiting", "", t_string!(words, corrections.state.waiting))}
            {chip("posted", "posted", t_string!(words, corrections.state.posted))}
            {chip("rejected", "rejected", t_string!(words, corrections.state.rejected))}
            {chip("all", "all", t_string!(words, corrections.all))}
        }
    };
    view! {
        <nav class="history-chips" aria-label=move || t_string!(words, corrections.chips)>{move || chips()}</nav>
        <Show when=move || papers.rows.with(|rows| !rows.is_empty()) fallback=move || view! {
            <Empty icon=Icon::Check title=move || t!(words, corrections.empty_title) text=move || t!(words, corrections.empty_text) />
        }>
            <ul class="purchases" aria-label=move || t_string!(words, corrections.title)>
                <For each=move || papers.rows.get() key=|row| (row.id, row.version) let:row><Row store=store.get_value() row /></For>
            </ul>
        </Show>
        <Older papers read=older name=Signal::derive(move || t_string!(words, corrections.older)) />
    }
}

#[component]
fn Row(store: String, row: CorrectionRow) -> impl IntoView {
    let words = use_i18n();
    let CorrectionRow { id, number, state, reason: why, item, lines, value, currency, author, .. } = row;
    let worth = move || match value {
        Some(value) => money(words.get_locale(), &currency, value),
        None => t_string!(words, corrections.unknown_worth).to_owned(),
    };
    view! {
        <li>
            <a class="purchase-row" href=link(id, &store)>
                <span class="purchase-name">
                    <b>{item}</b>
                    <small>{move || reason(words, &why)}" · "{t!(words, corrections.by, name = author)}" · "{number}</small>
                </span>
                <span class="state" data-state=state.name()>{move || state_name(words, state)}</span>
                <span class="purchase-facts">
                    <b>{worth}</b>
                    <small>{t!(words, corrections.lines, count = move || lines.unsigned_abs())}</small>
                </span>
                <Svg icon=Icon::Chevron />
            </a>
        </li>
    }
}

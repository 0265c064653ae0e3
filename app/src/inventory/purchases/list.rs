//! The orders of a store: by what is to be done with them, the latest step first; and the beginning of a new one.

use super::{
    api::{add_purchase, purchases},
    choose::Choose,
    told::{State, link, state},
};
use crate::{
    failure::Failure,
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    inventory::{
        escape,
        papers::{Older, Papers},
    },
    live::follow,
    parts::{Empty, Icon, Notice, Skeleton, Svg, counted, money, use_day},
};
use crate::{json::brought, prelude::*};
use leptos::{either::Either, task::spawn_local};
use leptos_meta::Title;
use leptos_router::{
    components::A,
    hooks::{use_location, use_navigate, use_query_map},
};
use model::{
    NewPurchase, PaperId, PurchaseList, PurchaseQuery, PurchaseRow, PurchaseShow, PurchaseState, Since, Supplier,
};

/// The page: `/purchases?store=LON&state=sent`, with `?new` to choose a supplier.
#[component]
pub fn OrdersPage() -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let params = use_query_map();
    let path = use_location().pathname;
    let query = Memo::new(move |shown: Option<&PurchaseQuery>| match shown {
        // While another page is on its way in, its address says nothing about this one.
        Some(shown) if path.get() != "/purchases" => shown.clone(),
        _ => {
            let named = params.read().get("state").unwrap_or_default();
            let show = if named == "all" { PurchaseShow::All } else { PurchaseShow::Open };
            let store = here.store().read().code.clone();
            PurchaseQuery { store, show, state: PurchaseState::named(&named), after: None }
        }
    });
    let first =
        brought(move || query.get(), |query| async move { purchases(query.clone()).await.map(|list| (query, list)) });
    let choosing = Memo::new(move |_| params.read().get("new").is_some());
    view! {
        <Title text=move || t_string!(words, purchases.title) />
        <header class="page-head">
            <h1>{t!(words, purchases.title)}</h1>
            <p>{t!(words, purchases.lead, store = move || here.store().get().name)}</p>
        </header>
        <Show when=move || choosing.get()><Begin /></Show>
        <Transition fallback=|| view! { <Skeleton rows=8 /> }>
            {drawn(move || async move {
                match first.await {
                    Ok((query, list)) => Either::Left(view! { <List query list choosing /> }),
                    Err(failure) => Either::Right(view! { <Notice failure=Signal::stored(Some(failure)) /> }),
                }
            })}
        </Transition>
    }
}

/// The address of a list.
fn shown(store: &str, state: &str) -> String {
    let state = if state.is_empty() { String::new() } else { format!("&state={state}") };
    format!("/purchases?store={}{state}", escape(store))
}

#[component]
fn List(query: PurchaseQuery, list: Since<PurchaseList>, choosing: Memo<bool>) -> impl IntoView {
    let words = use_i18n();
    let PurchaseList { rows, next, counts, may_order } = list.data;
    let papers = Papers::new(rows, next.is_some(), |row: &PurchaseRow| (row.changed_at, row.id));
    let counts = RwSignal::new(counts);
    let topics = vec![format!("papers:{}", query.store)];
    let store = StoredValue::new(query.store.clone());
    let query = StoredValue::new(query);
    let take = move |now: PurchaseList| {
        papers.renew(now.rows, now.next.is_some());
        counts.set(now.counts);
    };
    follow(topics, list.as_of, move || purchases(query.get_value()), take);
    let older = move |after| async move {
        let page = purchases(PurchaseQuery { after: Some(after), ..query.get_value() }).await?.data;
        Ok((page.rows, page.next.is_some()))
    };
    let chip = move |named: &'static str, name: String, count: Option<i64>| {
        let chosen = query.with_value(|query| match query.state {
            Some(state) => state.name() == named,
            None => named == if query.show == PurchaseShow::All { "all" } else { "" },
        });
        let count = count.map(|count| format!(" {}", counted(words.get_locale(), count)));
        view! {
            <a data-noscroll="" class="chip" class:chosen=chosen aria-current=chosen.then_some("true")
                href=shown(&store.get_value(), named)>{name}{count.map(|count| view! { <b>{count}</b> })}</a>
        }
    };
    let chips = move || {
        let counts = counts.get();
        let all: i64 = counts.iter().map(|(_, count)| count).sum();
        let begin = chip("", t_string!(words, purchases.open).to_owned(), Some(all));
        let states = counts.into_iter().map(|(at, count)| chip(at.name(), state(words, at).to_owned(), Some(count)));
        let end = chip("all", t_string!(words, purchases.all).to_owned(), None);
        std::iter::once(begin).chain(states).chain(std::iter::once(end)).collect_view()
    };
    let buy = move || format!("/purchases/buy?store={}", escape(&store.get_value()));
    let new = move || format!("{}&new", shown(&store.get_value(), ""));
    let returns = move || format!("/supplier-returns?store={}", escape(&store.get_value()));
    view! {
        <nav class="history-chips" aria-label=move || t_string!(words, purchases.chips)>{move || chips()}</nav>
        <Show when=move || may_order && !choosing.get()>
            <p class="purchases-new">
                <A href=buy attr:class="button"><Svg icon=Icon::Truck />{t!(words, purchases.buy.title)}</A>" "
                <A href=returns attr:class="button"><Svg icon=Icon::Back />{t!(words, purchases.returns.title)}</A>
            </p>
        </Show>
        <Show when=move || may_order && !choosing.get() && papers.rows.with(|rows| !rows.is_empty())>
            <p class="purchases-new"><A href=new() attr:class="button primary"><Svg icon=Icon::Plus />{t!(words, purchases.new_order)}</A></p>
        </Show>
        <Show when=move || papers.rows.with(|rows| !rows.is_empty()) fallback=move || view! {
            <Empty icon=Icon::Receive title=move || t!(words, purchases.empty_title) text=move || t!(words, purchases.empty_text)>
                {(may_order && !choosing.get_untracked()).then(|| view! { <A href=new() attr:class="button primary">{t!(words, purchases.new_order)}</A> })}
            </Empty>
        }>
            <ul class="purchases" aria-label=move || t_string!(words, purchases.title)>
                <For each=move || papers.rows.get() key=|row| (row.id, row.version) let:row><Row row /></For>
            </ul>
        </Show>
        <Older papers read=older name=Signal::derive(move || t_string!(words, purchases.older)) />
    }
}

#[component]
fn Row(row: PurchaseRow) -> impl IntoView {
    let words = use_i18n();
    let PurchaseRow { id, number, store, currency, supplier_name, state, due_on, value, lines, done, .. } = row;
    let expected = PurchaseState::EXPECTED.contains(&state);
    let due_on = due_on.map(use_day);
    view! {
        <li>
            <a class="purchase-row" href=link(id, &store)>
                <span class="purchase-name"><b>{supplier_name}</b><small>{number}</small></span>
                <State of=Signal::stored(state) />
                <span class="purchase-facts">
                    <b>{move || money(words.get_locale(), &currency, value)}</b>
                    <small>
                        {if expected {
                            t!(words, purchases.of_lines, done = done, lines = lines).into_any()
                        } else {
                            t!(words, purchases.lines, count = move || lines.unsigned_abs()).into_any()
                        }}
                        {due_on.map(|day| view! { <span>" · "{t!(words, purchases.due, day = move || day.get())}</span> })}
                    </small>
                </span>
                <Svg icon=Icon::Chevron />
            </a>
        </li>
    }
}

/// From whom? The order is there with the answer.
#[component]
fn Begin() -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let failure = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    // The same for every tap: a second one finds the order that the first made.
    let id = PaperId::new();
    let navigate = StoredValue::new(use_navigate());
    let begin = move |supplier: Supplier| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let store = here.store().get_untracked().code;
        let (reference, note, due_on, lines) = (None, None, None, Vec::new());
        let new = NewPurchase { id, store: store.clone(), supplier: supplier.id, reference, note, due_on, lines };
        spawn_local(async move {
            let answer = add_purchase(new).await;
            if busy.try_set(false).is_some() {
                return; // The page is gone.
            }
            match answer {
                Ok(order) => navigate.with_value(|navigate| navigate(&link(order.id, &store), Default::default())),
                Err(error) => failure.set(Some(error)),
            }
        });
    };
    view! {
        <Choose title=Signal::derive(move || t_string!(words, purchases.choose).to_owned())
            text=Signal::derive(move || t_string!(words, purchases.choose_text).to_owned())
            busy failure on_choose=Callback::new(begin) />
    }
}

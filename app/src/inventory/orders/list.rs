//! The list of orders, by what is to be done with them.

use super::{
    api::{add_order, orders},
    terms::Until,
    words,
};
use crate::{
    failure::Failure,
    frame::{Here, use_here},
    i18n::{t, t_string, use_i18n},
    inventory::escape,
    live::follow,
    parts::{Empty, Icon, Notice, SearchForm, Skeleton, Svg, use_day},
};
use crate::{json::brought, prelude::*};
use leptos::{either::Either, task::spawn_local};
use leptos_meta::Title;
use leptos_router::{
    components::A,
    hooks::{use_location, use_navigate, use_query_map},
    params::ParamsMap,
};
use model::{Action, Channel, NewOrder, OrderContent, OrderRow, Page, PaperId, Since, Time};

/// The states that have a chip; the empty one is for all.
const STATES: [&str; 7] = ["", "draft", "confirmed", "picking", "partly_fulfilled", "fulfilled", "closed"];

/// The longest text that is passed on.
const TEXT_MAX: usize = 100;

/// The state and the text in the URL.
fn read(params: &ParamsMap) -> (String, String) {
    let state = params.get("state").filter(|state| STATES.contains(&state.as_str())).unwrap_or_default();
    let search = params.get_str("q").unwrap_or_default().trim().chars().take(TEXT_MAX).collect();
    (state, search)
}

/// The page that shows those.
fn link(here: Here, state: &str, search: &str) -> String {
    let parts = [("state", state), ("q", search)].into_iter().filter(|(_, value)| !value.is_empty());
    parts.fold(here.link("/orders"), |link, (name, value)| {
        let and = if link.contains('?') { '&' } else { '?' };
        format!("{link}{and}{name}={}", escape(value))
    })
}

/// The page of a store's orders: `/orders?state=confirmed&q=byron`.
#[component]
pub fn OrdersPage() -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let (params, path) = (use_query_map(), use_location().pathname);
    // While another page is on its way in, its URL says nothing about this one.
    let query = Memo::new(move |shown: Option<&(String, String)>| match shown {
        Some(shown) if path.get() != "/orders" => shown.clone(),
        _ => read(&params.read()),
    });
    let first = brought(
        move || (here.store().get().code, query.get()),
        |(store, (state, search))| async move {
            let page = orders(store.clone(), state.clone(), search.clone(), None).await;
            page.map(|page| ((store, state, search), page))
        },
    );
    let chips = STATES.map(|one| {
        let chosen = move || query.read().0 == one;
        let href = move || link(here, one, &query.read().1);
        let name = move || if one.is_empty() { t_string!(words, orders.all) } else { words::state(words, one) };
        view! {
            <a data-noscroll="" class="chip" class:chosen=move || chosen() aria-current=move || chosen().then_some("true") href=move || href()>
                {move || name()}
            </a>
        }
    });
    view! {
        <Title text=move || t_string!(words, orders.title) />
        <header class="page-head">
            <h1>{t!(words, orders.title)}</h1>
            <p>{t!(words, orders.lead, store = move || here.store().get().name)}</p>
        </header>
        <div class="stock-bar">
            <SearchForm
                id="order-search"
                action="/orders"
                label=|words| t_string!(words, orders.search)
                hint=|words| t_string!(words, orders.search_hint)
                button=|words| t_string!(words, orders.search_button)
                search=Signal::derive(move || query.get().1)
                link=Callback::new(move |search: String| link(here, &query.get_untracked().0, &search))
            >
                <input type="hidden" name="store" value=move || here.store().get().code />
                <Show when=move || !query.read().0.is_empty()><input type="hidden" name="state" value=move || query.get().0 /></Show>
            </SearchForm>
        </div>
        <nav class="chips" aria-label=move || t_string!(words, orders.filter)>{chips.collect_view()}</nav>
        <Transition fallback=|| view! { <Skeleton rows=8 /> }>
            {drawn(move || async move {
                match first.await {
                    Ok((asked, page)) => Either::Left(view! { <List asked page /> }),
                    Err(failure) => Either::Right(view! { <Notice failure=Signal::stored(Some(failure)) /> }),
                }
            })}
        </Transition>
    }
}

#[component]
fn List(
    /// The store, the state and the text.
    asked: (String, String, String),
    page: Page<OrderRow>,
) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let place = RwSignal::new(page.next.clone());
    let rows = RwSignal::new(page.data);
    let failure = RwSignal::new(None::<Failure>);
    let topics = vec![format!("papers:{}", asked.0)];
    let searched = !asked.2.is_empty();
    let asked = StoredValue::new(asked);
    let read = move || {
        let (store, state, search) = asked.get_value();
        async move {
            let page = orders(store, state, search, None).await?;
            Ok(Since { as_of: page.as_of, total: 0, data: page })
        }
    };
    follow(topics, page.as_of, read, move |page: Page<OrderRow>| {
        rows.set(page.data);
        place.set(page.next);
    });
    let older = move |_| {
        let (store, state, search) = asked.get_value();
        let Some(after) = place.get_untracked().as_deref().and_then(after) else { return };
        spawn_local(async move {
            match orders(store, state, search, Some(after)).await {
                Ok(page) => {
                    if rows.try_update(|rows| rows.extend(page.data)).is_some() {
                        place.set(page.next);
                    }
                }
                Err(wrong) => drop(failure.try_set(Some(wrong))),
            }
        });
    };
    let nothing = move || {
        if searched {
            return view! {
                <Empty icon=Icon::Search title=move || t!(words, orders.unmatched_title) text=move || t!(words, orders.unmatched_text)>
                    <A href=move || here.link("/orders") attr:class="button primary">{t!(words, orders.show_all)}</A>
                </Empty>
            };
        }
        view! {
            <Empty icon=Icon::List title=move || t!(words, orders.empty_title) text=move || t!(words, orders.empty_text)>
                <New failure />
            </Empty>
        }
    };
    view! {
        <Notice failure />
        <Show when=move || rows.with(|rows| !rows.is_empty()) fallback=nothing>
            <div class="orders-new"><New failure /></div>
            <ul class="orders" aria-label=move || t_string!(words, orders.title)>
                {move || rows.get().into_iter().map(|row| view! { <Row row /> }).collect_view()}
            </ul>
            <Show when=move || place.with(Option::is_some)>
                <button type="button" class="button wide" on:click=older><Svg icon=Icon::Down />{t!(words, orders.older)}</button>
            </Show>
        </Show>
    }
}

/// Where a list goes on, as the server said it.
fn after(place: &str) -> Option<(Time, PaperId)> {
    let (changed, id) = place.split_once('\n')?;
    Some((Time::from_micros(changed.parse().ok()?), id.parse().ok()?))
}

/// Begins an order, and goes there.
#[component]
fn New(failure: RwSignal<Option<Failure>>) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let go = use_navigate();
    let busy = RwSignal::new(false);
    let begin = move |_| {
        let store = here.store().get_untracked().code;
        let (id, go) = (PaperId::new(), go.clone());
        busy.set(true);
        spawn_local(async move {
            let answer = add_order(NewOrder { id, store, content: OrderContent::default() }).await;
            if busy.try_set(false).is_some() {
                return; // The page is gone.
            }
            match answer {
                Ok(order) => go(&here.link(&format!("/orders/{}", order.id)), Default::default()),
                Err(wrong) => failure.set(Some(wrong)),
            }
        });
    };
    view! {
        <Show when=move || here.may(Action::Promise)>
            <button type="button" class="button primary" disabled=busy on:click=begin.clone()>
                <Svg icon=Icon::Plus />{t!(words, orders.new_order)}
            </button>
        </Show>
    }
}

#[component]
fn Row(row: OrderRow) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let link = here.link(&format!("/orders/{}", row.id));
    let open = words::is_open_state(&row.state) || row.state == "draft";
    let (state, to_pick, waiting) = (row.state.clone(), row.to_pick, row.waiting);
    let due_on = row.due_on.map(use_day);
    let who = move || row.customer.clone().unwrap_or_else(|| t_string!(words, orders.nobody).to_owned());
    view! {
        <li>
            <A href=link attr:class="order-row card">
                <strong>{row.number}</strong>
                <span class="order-who">{move || who()}</span>
                <span class="tag">{move || words::state(words, &state)}</span>
                {(row.channel == Channel::Web).then(|| view! { <small>{move || words::through(words, row.channel)}</small> })}
                {(to_pick > 0).then(|| view! { <small>{t!(words, orders.lines_to_pick, count = move || to_pick.unsigned_abs())}</small> })}
                {(waiting > 0).then(|| view! { <small>{t!(words, orders.lines_waiting, count = move || waiting.unsigned_abs())}</small> })}
                {row.kept_until.filter(|_| open).map(|day| view! { <Until day soon=row.soon_over /> })}
                {row.lapsed_at.map(|_| view! { <small>{t!(words, orders.lapsed_short)}</small> })}
                {due_on.map(|day| view! { <small>{t!(words, orders.due, day = move || day.get())}</small> })}
            </A>
        </li>
    }
}

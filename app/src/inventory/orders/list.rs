//! The list of orders, by what is to be done with them.

use super::{
    api::{add_order, orders},
    terms::Until,
    words,
};
use crate::{
    failure::Failure,
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    live::follow,
    parts::{Empty, Icon, Notice, Skeleton, Svg, use_day},
};
use crate::{json::brought, prelude::*};
use leptos::{either::Either, task::spawn_local};
use leptos_meta::Title;
use leptos_router::{
    components::A,
    hooks::{use_location, use_navigate, use_query_map},
};
use model::{Action, Channel, NewOrder, OrderContent, OrderRow, Page, PaperId, Since, Time};

/// The states that have a chip; the empty one is for all.
const STATES: [&str; 7] = ["", "draft", "confirmed", "picking", "partly_fulfilled", "fulfilled", "closed"];

/// The page of a store's orders: `/orders?state=confirmed`.
#[component]
pub fn OrdersPage() -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let (params, path) = (use_query_map(), use_location().pathname);
    // While another page is on its way in, its URL says nothing about this one.
    let state = Memo::new(move |shown: Option<&String>| match shown {
        Some(shown) if path.get() != "/orders" => shown.clone(),
        _ => params.read().get("state").filter(|state| STATES.contains(&state.as_str())).unwrap_or_default(),
    });
    let first = brought(
        move || (here.store().get().code, state.get()),
        |(store, state)| async move { orders(store.clone(), state.clone(), None).await.map(|page| (store, state, page)) },
    );
    let chips = STATES.map(|one| {
        let chosen = move || state.get() == one;
        let href = move || {
            let link = here.link("/orders");
            if one.is_empty() { link } else { format!("{link}{}state={one}", if link.contains('?') { '&' } else { '?' }) }
        };
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
        <nav class="chips" aria-label=move || t_string!(words, orders.filter)>{chips.collect_view()}</nav>
        <Transition fallback=|| view! { <Skeleton rows=8 /> }>
            {drawn(move || async move {
                match first.await {
                    Ok((store, state, page)) => Either::Left(view! { <List store state page /> }),
                    Err(failure) => Either::Right(view! { <Notice failure=Signal::stored(Some(failure)) /> }),
                }
            })}
        </Transition>
    }
}

#[component]
fn List(store: String, state: String, page: Page<OrderRow>) -> impl IntoView {
    let words = use_i18n();
    let place = RwSignal::new(page.next.clone());
    let rows = RwSignal::new(page.data);
    let failure = RwSignal::new(None::<Failure>);
    let topics = vec![format!("papers:{store}")];
    let asked = StoredValue::new((store, state));
    let read = move || {
        let (store, state) = asked.get_value();
        async move {
            let page = orders(store, state, None).await?;
            Ok(Since { as_of: page.as_of, total: 0, data: page })
        }
    };
    follow(topics, page.as_of, read, move |page: Page<OrderRow>| {
        rows.set(page.data);
        place.set(page.next);
    });
    let older = move |_| {
        let (store, state) = asked.get_value();
        let Some(after) = place.get_untracked().as_deref().and_then(after) else { return };
        spawn_local(async move {
            match orders(store, state, Some(after)).await {
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

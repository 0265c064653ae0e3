//! Moving goods: what is to be sent, what is on its way here, and where something new can go.

pub mod api;
mod change;
mod lines;
mod places;
mod settle;
mod trip;
mod ways;

pub use places::PlacesPage;
pub use trip::TransferPage;

use crate::prelude::*;
use crate::{
    failure::Failure,
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    json::brought,
    live::follow,
    parts::{Empty, Icon, Notice, Skeleton, Svg},
    prefs::Words,
};
use api::{Board, add_transfer, transfers};
use leptos::{either::Either, ev, task::spawn_local};
use leptos_meta::Title;
use leptos_router::{components::A, hooks::use_navigate};
use model::{Action, NewTransfer, PaperId, Since, TransferRow, TransferState};

/// The page of what is moved from and to the store looked at.
#[component]
pub fn TransfersPage() -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let first = brought(
        move || here.store().get().code,
        |store| async move { transfers(store.clone()).await.map(|board| (store, board)) },
    );
    view! {
        <Title text=move || t_string!(words, transfers.title) />
        <header class="page-head">
            <h1>{t!(words, transfers.title)}</h1>
            <p>{t!(words, transfers.lead, store = move || here.store().get().name)}</p>
        </header>
        <Transition fallback=|| view! { <Skeleton rows=6 /> }>
            {drawn(move || async move {
                match first.await {
                    Ok((store, board)) => Either::Left(view! { <Lists store board /> }),
                    Err(failure) => Either::Right(view! { <Notice failure=Signal::stored(Some(failure)) /> }),
                }
            })}
        </Transition>
    }
}

#[component]
fn Lists(store: String, board: Since<Board>) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let shown = RwSignal::new(board.data);
    let code = StoredValue::new(store.clone());
    let read = move || transfers(code.get_value());
    follow(vec![format!("papers:{store}")], board.as_of, read, move |now| shown.set(now));
    let none = move || shown.with(|board| board.sending.is_empty() && board.arriving.is_empty());
    let arriving = move || shown.with(|board| board.arriving.clone());
    let sending = move || shown.with(|board| board.sending.clone());
    view! {
        <Show when=move || here.may(Action::Transfer)><Send shown /></Show>
        <Show when=none>
            <Empty icon=Icon::Box title=move || t!(words, transfers.empty_title) text=move || t!(words, transfers.empty_text)>
                <A href=move || here.link("/stock") attr:class="button">{t!(words, transfers.empty_action)}</A>
            </Empty>
        </Show>
        <Show when=move || shown.with(|board| !board.arriving.is_empty())>
            <section aria-labelledby="moves-arriving">
                <h2 id="moves-arriving">{t!(words, transfers.arriving)}</h2>
                <ul class="moves">{move || arriving().into_iter().map(|row| view! { <Row row /> }).collect_view()}</ul>
            </section>
        </Show>
        <Show when=move || shown.with(|board| !board.sending.is_empty())>
            <section aria-labelledby="moves-sending">
                <h2 id="moves-sending">{t!(words, transfers.sending)}</h2>
                <ul class="moves">{move || sending().into_iter().map(|row| view! { <Row row /> }).collect_view()}</ul>
            </section>
        </Show>
    }
}

#[component]
fn Row(row: TransferRow) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let link = move || here.link(&format!("/transfers/{}", row.id));
    let (state, items) = (row.state, row.items);
    view! {
        <li>
            <A href=link attr:class="card move">
                <strong>{row.number}</strong>
                <span class="tag" data-state=state.name()>{move || state_name(words, state)}</span>
                <span class="move-way">{row.store}" → "{row.to_store}</span>
                <span>{t!(words, transfers.items, count = move || items)}</span>
            </A>
        </li>
    }
}

/// Its name.
pub fn state_name(words: Words, state: TransferState) -> &'static str {
    match state {
        TransferState::Draft => t_string!(words, transfers.state.draft),
        TransferState::Approved => t_string!(words, transfers.state.approved),
        TransferState::InTransit => t_string!(words, transfers.state.in_transit),
        TransferState::PartlyReceived => t_string!(words, transfers.state.partly_received),
        TransferState::Short => t_string!(words, transfers.state.short),
        TransferState::Received => t_string!(words, transfers.state.received),
        TransferState::Closed => t_string!(words, transfers.state.closed),
        TransferState::Cancelled => t_string!(words, transfers.state.cancelled),
    }
}

/// Where something new goes: another store, or another place of this one.
#[component]
fn Send(shown: RwSignal<Board>) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let store = here.store().get_untracked().code;
    let home = StoredValue::new(store.clone());
    let to = RwSignal::new(String::new());
    let from = RwSignal::new("SHOP".to_owned());
    let id = StoredValue::new(PaperId::new());
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let navigate = StoredValue::new(use_navigate());
    let places =
        move || shown.with(|board| board.places.iter().filter(|place| !place.archived).cloned().collect::<Vec<_>>());
    let stores = move || shown.with(|board| board.stores.clone());
    let start = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let chosen = to.get_untracked();
        let Some((to_store, place)) = chosen.split_once('/') else { return };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let new = NewTransfer {
            id: id.get_value(),
            store: home.get_value(),
            from: Some(from.get_untracked()),
            to_store: Some(to_store.to_owned()),
            to: Some(place.to_owned()),
            note: None,
            lines: Vec::new(),
        };
        spawn_local(async move {
            let answer = add_transfer(new).await;
            if busy.try_set(false).is_some() {
                return; // The page is gone.
            }
            match answer {
                Ok(transfer) => {
                    let link = here.link(&format!("/transfers/{}", transfer.id));
                    navigate.with_value(|navigate| navigate(&link, leptos_router::NavigateOptions::default()));
                }
                Err(error) => failure.set(Some(error)),
            }
        });
    };
    let option = |value: String, name: String, chosen: bool| {
        view! { <option value=value selected=chosen>{name}</option> }
    };
    let elsewhere = move || {
        let others = stores().into_iter().map(|store| option(format!("{}/SHOP", store.code), store.name, false));
        let own = places().into_iter();
        let own = own.map(|place| option(format!("{}/{}", place.store, place.code), place.name, false));
        others.chain(own).collect_view()
    };
    let starts = move || {
        let starts = places().into_iter().map(|place| option(place.code.clone(), place.name, place.code == "SHOP"));
        starts.collect_view()
    };
    view! {
        <form class="card move-new" on:submit=start>
            <label class="field">
                <span>{t!(words, transfers.from)}</span>
                <select on:change:target=move |event| from.set(event.target().value())>{starts}</select>
            </label>
            <label class="field">
                <span>{t!(words, transfers.to)}</span>
                <select required on:change:target=move |event| to.set(event.target().value())>
                    <option value="">{t!(words, transfers.choose)}</option>
                    {elsewhere}
                </select>
            </label>
            <button type="submit" class="button primary" disabled=busy><Svg icon=Icon::Plus />{t!(words, transfers.start)}</button>
            <Notice failure />
        </form>
    }
}

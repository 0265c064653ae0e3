//! Lots: what expires soon, what must not be sold, where each is and went.

pub mod api;
#[cfg(feature = "ssr")]
pub mod barred;
mod day;
mod item;
mod list;
mod numbers;
mod trace;
mod ways;

pub use item::OfItem;
pub use numbers::Numbers;

use crate::prelude::*;
use crate::{
    failure::Failure,
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    inventory::escape,
    json::brought,
    live::{Follow, follow},
    parts::{Empty, Icon, Notice, Skeleton},
    prefs::Words,
};
use api::{lots, serials};
use day::CorrectedBar;
use leptos::either::Either;
use leptos_meta::Title;
use leptos_router::{
    components::A,
    hooks::{use_location, use_query_map},
};
use list::{Board, Rows};
use model::{Lot, LotList, LotQuery, LotStatus, Since, Tracking};
use serde::{Deserialize, Serialize};
use ways::WaysBar;

/// How far ahead a list looks, in days.
const AHEAD: [u16; 3] = [7, 30, 90];

/// What the list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Shown {
    /// What expires in so many days.
    Within(u16),
    /// What must not be sold.
    Barred,
    /// All of them.
    All,
}

impl Shown {
    /// What the address says; what expires in a month when it says nothing.
    fn named(name: &str) -> Self {
        let all = Self::all().find(|shown| shown.name() == name);
        all.unwrap_or(Self::Within(AHEAD[1]))
    }

    fn name(self) -> String {
        match self {
            Self::Within(days) => days.to_string(),
            Self::Barred => "barred".to_owned(),
            Self::All => "all".to_owned(),
        }
    }

    fn all() -> impl Iterator<Item = Self> {
        AHEAD.into_iter().map(Self::Within).chain([Self::Barred, Self::All])
    }

    fn query(self, store: String) -> LotQuery {
        let within = if let Self::Within(days) = self { Some(days) } else { None };
        // What is set aside already waits in a list of its own.
        let to_do = within.is_some();
        LotQuery { store, within, barred: self == Self::Barred, to_do, ..LotQuery::default() }
    }

    fn word(self, words: Words) -> String {
        match self {
            Self::Within(days) => t_string!(words, lots.within, days = days.to_string()).to_string(),
            Self::Barred => t_string!(words, lots.barred).to_owned(),
            Self::All => t_string!(words, lots.all).to_owned(),
        }
    }
}

/// The page of the lots of the store looked at: `/lots?store=LON&show=barred`; or of the pieces with a serial number,
/// wherever they are: `/lots?store=LON&serial=S1`.
#[component]
pub fn LotsPage() -> impl IntoView {
    let (params, path) = (use_query_map(), use_location().pathname);
    let serial = Memo::new(move |before: Option<&Option<String>>| match before {
        // While another page is on its way in, its address says nothing about this one.
        Some(before) if path.get() != "/lots" => before.clone(),
        _ => params.read().get("serial").filter(|serial| !serial.is_empty()),
    });
    move || match serial.get() {
        Some(serial) => Either::Left(view! { <OfSerial serial /> }),
        None => Either::Right(view! { <OfStore /> }),
    }
}

/// Where the pieces with that serial number are and went.
#[component]
fn OfSerial(serial: String) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let (called, wanted) = (serial.clone(), serial.clone());
    let title = move || t_string!(words, lots.serial.found, serial = called.clone()).to_string();
    let first = brought(
        move || (here.store().get().code, wanted.clone()),
        |(store, serial)| async move { serials(serial.clone()).await.map(|found| (store, serial, found)) },
    );
    view! {
        <Title text=title.clone() />
        <header class="page-head"><h1>{title}</h1></header>
        <Transition fallback=|| view! { <Skeleton rows=3 /> }>
            {drawn(move || async move {
                match first.await {
                    Ok((store, serial, found)) => Either::Left(view! { <Pieces store serial first=found /> }),
                    Err(failure) => Either::Right(view! { <Notice failure=Signal::stored(Some(failure)) /> }),
                }
            })}
        </Transition>
        <A href=move || here.link("/lots") attr:class="button quiet">{t!(words, lots.serial.all_lots)}</A>
    }
}

#[component]
fn Pieces(store: String, serial: String, first: Since<Vec<Lot>>) -> impl IntoView {
    let words = use_i18n();
    let only = if let [one] = first.data.as_slice() { Some(one.id) } else { None };
    let board = Board::new(first.data);
    let serial = StoredValue::new(serial);
    let read = move || serials(serial.get_value());
    let following: Follow = follow(vec![format!("stock:{store}")], first.as_of, read, move |now| board.lots.set(now));
    board.again.set_value(Some(Callback::new(move |()| following.now())));
    // In the browser, once the page stands.
    Effect::new(move || only.into_iter().for_each(|only| board.turn(only)));
    view! {
        <CorrectedBar board />
        <Notice failure=board.failure />
        <Show when=move || board.lots.with(Vec::is_empty)>
            <Empty icon=Icon::Barcode title=move || t!(words, lots.serial.nobody_title) text=move || t!(words, lots.serial.nobody_text) />
        </Show>
        <Rows board />
    }
}

#[component]
fn OfStore() -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let (params, path) = (use_query_map(), use_location().pathname);
    let wanted = Memo::new(move |before: Option<&(String, Shown)>| match before {
        // While another page is on its way in, its address says nothing about this one.
        Some(before) if path.get() != "/lots" => before.clone(),
        _ => (here.store().get().code, Shown::named(&params.read().get("show").unwrap_or_default())),
    });
    let first = brought(
        move || wanted.get(),
        |(store, shown)| async move { lots(shown.query(store.clone())).await.map(|lots| (store, shown, lots)) },
    );
    view! {
        <Title text=move || t_string!(words, lots.title) />
        <header class="page-head">
            <h1>{t!(words, lots.title)}</h1>
            <p>{t!(words, lots.lead)}</p>
        </header>
        <Transition fallback=|| view! { <Skeleton rows=6 /> }>
            {drawn(move || async move {
                match first.await {
                    Ok((store, shown, lots)) => Either::Left(view! { <Lots store shown first=lots /> }),
                    Err(failure) => Either::Right(view! { <Notice failure=Signal::stored(Some(failure)) /> }),
                }
            })}
        </Transition>
    }
}

#[component]
fn Lots(store: String, shown: Shown, first: Since<LotList>) -> impl IntoView {
    let words = use_i18n();
    let board = Board::of_store(store.clone(), first.data);
    let code = StoredValue::new(store.clone());
    let read = move || lots(board.shown(shown.query(code.get_value())));
    let following: Follow = follow(vec![format!("stock:{store}")], first.as_of, read, move |now| board.renew(now));
    board.again.set_value(Some(Callback::new(move |()| following.now())));
    let ways = Shown::all().map(|way| {
        let chosen = way == shown;
        let link = format!("/lots?store={}&show={}", escape(&store), way.name());
        view! {
            <a data-noscroll="" class="chip" class:chosen=chosen aria-current=chosen.then_some("true") href=link>{move || way.word(words)}</a>
        }
    });
    view! {
        <nav class="history-chips" aria-label=move || t_string!(words, lots.show)>{ways.collect_view()}</nav>
        <CorrectedBar board />
        {board.ways.map(|ways| view! { <WaysBar board ways /> })}
        <Notice failure=board.failure />
        <Show when=move || board.lots.with(Vec::is_empty)>
            <Empty icon=Icon::Clock title=move || t!(words, lots.empty_title) text=move || t!(words, lots.empty_text) />
        </Show>
        <Rows board />
        <Show when=move || board.more.get()>
            <button type="button" class="button history-more" disabled=board.busy on:click=move |_| board.read_on(shown.query(code.get_value()))>{t!(words, lots.read_on)}</button>
        </Show>
    }
}

/// A lot by its name, or a piece by its serial number.
pub fn called(words: Words, tracking: Tracking, lot: &str) -> String {
    match tracking {
        Tracking::Serial => t_string!(words, lots.serial.of, serial = lot.to_owned()).to_string(),
        _ => t_string!(words, lots.of, lot = lot.to_owned()).to_string(),
    }
}

/// Whether it may be sold, in a word; none when it may.
fn barred(words: Words, lot: &Lot) -> Option<&'static str> {
    match lot.status {
        LotStatus::Recalled => Some(t_string!(words, lots.recalled)),
        LotStatus::Hold => Some(t_string!(words, lots.held)),
        LotStatus::Ok => lot.expired.then(|| t_string!(words, lots.expired)),
    }
}

/// Why something did not work.
type Trouble = RwSignal<Option<Failure>>;

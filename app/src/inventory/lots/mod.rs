//! Lots: what expires soon, what must not be sold, where each is and went.

pub mod api;
#[cfg(feature = "ssr")]
pub mod barred;
mod item;
mod list;

pub use item::OfItem;

use crate::prelude::*;
use crate::{
    failure::Failure,
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    json::brought,
    live::{Follow, follow},
    parts::{Empty, Icon, Notice, Skeleton},
    prefs::Words,
};
use api::lots;
use leptos::either::Either;
use leptos_meta::Title;
use list::{Board, Rows};
use model::{Lot, LotQuery, LotStatus, Since};

/// How far ahead a list looks, in days.
const AHEAD: [u16; 3] = [7, 30, 90];

/// What the list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    /// What expires in so many days.
    Within(u16),
    /// What must not be sold.
    Barred,
    /// All of them.
    All,
}

impl Shown {
    fn query(self, store: String) -> LotQuery {
        let within = if let Self::Within(days) = self { Some(days) } else { None };
        LotQuery { store, sku: None, within, barred: self == Self::Barred }
    }

    fn word(self, words: Words) -> String {
        match self {
            Self::Within(days) => t_string!(words, lots.within, days = days.to_string()).to_string(),
            Self::Barred => t_string!(words, lots.barred).to_owned(),
            Self::All => t_string!(words, lots.all).to_owned(),
        }
    }
}

/// The page of the lots of the store looked at.
#[component]
pub fn LotsPage() -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let first = brought(
        move || here.store().get().code,
        |store| async move { lots(Shown::Within(AHEAD[1]).query(store.clone())).await.map(|lots| (store, lots)) },
    );
    view! {
        <Title text=move || t_string!(words, lots.title) />
        <header class="page-head">
            <h1>{t!(words, lots.title)}</h1>
            <p>{t!(words, lots.lead)}</p>
        </header>
        <Transition fallback=|| view! { <Skeleton rows=6 /> }>
            {move || Suspend::new(async move {
                match first.await {
                    Ok((store, lots)) => Either::Left(view! { <Lots store first=lots /> }),
                    Err(failure) => Either::Right(view! { <Notice failure=Signal::stored(Some(failure)) /> }),
                }
            })}
        </Transition>
    }
}

#[component]
fn Lots(store: String, first: Since<Vec<Lot>>) -> impl IntoView {
    let words = use_i18n();
    let board = Board::new(first.data);
    let shown = RwSignal::new(Shown::Within(AHEAD[1]));
    let code = StoredValue::new(store.clone());
    let read = move || lots(shown.get_untracked().query(code.get_value()));
    let following: Follow = follow(vec![format!("stock:{store}")], first.as_of, read, move |now| board.lots.set(now));
    let again = Callback::new(move |()| following.now());
    board.again.set_value(Some(again));
    let choose = move |next: Shown| {
        shown.set(next);
        again.run(());
    };
    let ways = AHEAD.into_iter().map(Shown::Within).chain([Shown::Barred, Shown::All]);
    let ways = ways.map(|way| {
        let pressed = move || if shown.get() == way { "true" } else { "false" };
        view! { <button type="button" class="choice" aria-pressed=pressed on:click=move |_| choose(way)>{move || way.word(words)}</button> }
    });
    view! {
        <div class="choices lot-ways" role="group" aria-label=move || t_string!(words, lots.show)>{ways.collect_view()}</div>
        <Notice failure=board.failure />
        <Show when=move || board.lots.with(Vec::is_empty)>
            <Empty icon=Icon::Clock title=move || t!(words, lots.empty_title) text=move || t!(words, lots.empty_text) />
        </Show>
        <Rows board />
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

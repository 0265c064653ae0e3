//! Home: scan anything. The focus waits in the field, the tiles say what waits, the list what just happened.

mod command;
mod desk;
mod focus;
mod tiles;

use super::{
    api::home,
    basket::{HeldCodes, Results},
    history::{Postings, feed::Feed},
};
use crate::{
    frame::{InstallCard, use_here},
    i18n::{t, t_string, use_i18n},
    in_turn::in_turn,
    parts::{Empty, Icon, Notice, Saying, ScanField, Skeleton, Svg},
    report::today,
};
use crate::{json::brought, prelude::*};
use desk::Desk;
use leptos::either::Either;
use leptos_meta::Title;
use leptos_router::components::A;
use model::{Action, HistoryLine, HistoryQuery, Item, Page};
use tiles::Tiles;

/// How many of the latest postings are shown.
const RECENT: i64 = 8;

/// The page that one starts from.
#[component]
pub fn Home() -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let desk = Desk::open(here, words);
    focus::keep();
    let held = desk.held;
    let currency = Memo::new(move |_| here.store().get().currency);
    let first = brought(
        move || here.store().get().code,
        |store| async move { home(store.clone(), RECENT).await.map(|(counts, page)| (store, counts, page)) },
    );
    let sold = brought(
        move || here.may(Action::SeeReports).then(|| here.store().get().code),
        |store| async move {
            match store {
                Some(store) => today(store).await.ok(),
                None => None,
            }
        },
    );
    view! {
        <Title text="" />
        <h1 class="unseen">{t!(words, day.home.title)}</h1>
        <section class="home-scan" aria-label=move || t_string!(words, day.home.title)>
            <ScanField
                clear=desk.clear
                on_code=Callback::new(move |scanned| desk.scanned(scanned))
                on_text=Callback::new(move |text| desk.typed(text))
            />
            <p class="quiet">{t!(words, day.home.hint)}</p>
            <Saying said=desk.said />
            <Notice failure=desk.failure />
            <Commands desk />
            {move || view! {
                <Results found=desk.found currency=currency.get() on_choose=Callback::new(move |item: Item| desk.choose(&item)) />
            }}
            <HeldCodes held again=Callback::new(move |code| desk.again(code)) drop=Callback::new(move |code: String| {
                desk.drop_code(&code);
                desk.clear.notify();
            }) />
        </section>
        <Transition fallback=|| view! { <Skeleton rows=6 /> }>
            {drawn(move || async move {
                match (first.await, sold.await) {
                    (Ok((store, counts, page)), sold) => Either::Left(view! {
                        <Tiles store=store.clone() first=counts sold />
                        <Recent store page />
                    }),
                    (Err(failure), _) => Either::Right(view! { <Notice failure=Signal::stored(Some(failure)) /> }),
                }
            })}
        </Transition>
        <InstallCard />
    }
}

/// The actions that a typed word may mean.
#[component]
fn Commands(desk: Desk) -> impl IntoView {
    let words = use_i18n();
    view! {
        <Show when=move || desk.commands.with(|commands| !commands.is_empty())>
            <div class="home-commands">
                {move || desk.commands.get().into_iter().map(|command| view! {
                    <button type="button" class="button" on:click=move |_| desk.start(command)>
                        <Svg icon=command.icon() />{command.label(words)}
                    </button>
                }).collect_view()}
            </div>
        </Show>
    }
}

/// What just happened in this store.
#[component]
fn Recent(store: String, page: Page<HistoryLine>) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let feed = Feed::new(HistoryQuery { store, ..HistoryQuery::default() }, RECENT, page, true);
    let nothing = move || {
        view! { <Empty icon=Icon::Barcode title=move || t!(words, day.home.empty_title) text=move || t!(words, day.home.empty_text) /> }
    };
    in_turn(move || {
        view! {
            <section class="home-recent" aria-labelledby="recent">
                <div class="home-recent-head">
                    <h2 id="recent">{t!(words, day.home.recent)}</h2>
                    <A href=move || here.link("/history") attr:class="button quiet">{t!(words, day.home.all)}</A>
                </div>
                <Show when=move || feed.shown.with(|shown| !shown.is_empty()) fallback=nothing>
                    <Postings feed />
                </Show>
            </section>
        }
    })
}

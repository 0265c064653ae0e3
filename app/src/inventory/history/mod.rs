//! The history: every posting of the store, newest first, told in words, undone by those who may.

pub mod feed;
mod filter;
mod line;

use super::{ago::Clock, api::history, told::kind_name};
use crate::{
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    parts::{Empty, Icon, Moment, Notice, Skeleton, Svg},
};
use crate::{json::brought, prelude::*};
use feed::Feed;
pub use filter::link;
use leptos::either::Either;
use leptos_meta::Title;
use leptos_router::{
    components::A,
    hooks::{use_location, use_query_map},
};
pub use line::Posting;
use model::{DocumentKind, HistoryLine, HistoryQuery, Page};

/// How many are read at once.
const PAGE: i64 = 30;

/// The history's page: its filters live in the URL.
#[component]
pub fn HistoryPage() -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let params = use_query_map();
    let path = use_location().pathname;
    // While another page is on its way in, its URL says nothing about this one.
    let query = Memo::new(move |shown: Option<&HistoryQuery>| match shown {
        Some(shown) if path.get() != "/history" => shown.clone(),
        _ => filter::read(&params.read(), &here.store().read().code),
    });
    let first = brought(
        move || query.get(),
        |query| async move { history(query.clone(), None, PAGE).await.map(|page| (query, page)) },
    );
    view! {
        <Title text=move || t_string!(words, day.history.title) />
        <header class="page-head">
            <h1>{t!(words, day.history.title)}</h1>
            <p>{t!(words, day.history.lead, store = move || here.store().get().name)}</p>
        </header>
        <Filters query />
        <Transition fallback=|| view! { <Skeleton rows=10 /> }>
            {drawn(move || async move {
                match first.await {
                    Ok((query, page)) => Either::Left(view! { <List query page /> }),
                    Err(failure) => Either::Right(view! { <Notice failure=Signal::stored(Some(failure)) /> }),
                }
            })}
        </Transition>
    }
}

/// The chips, and a form for words and a day; both work before the page is alive.
#[component]
fn Filters(query: Memo<HistoryQuery>) -> impl IntoView {
    let words = use_i18n();
    let kinds = std::iter::once(None).chain(DocumentKind::ALL.map(Some)).map(move |kind| {
        let chosen = move || query.get().kind == kind;
        let name = move || kind.map_or_else(|| t_string!(words, day.history.all), |kind| kind_name(words, kind));
        view! {
            <a data-noscroll="" class="chip" class:chosen=move || chosen() aria-current=move || chosen().then_some("true")
                href=move || link(&HistoryQuery { kind, ..query.get() })>{move || name()}</a>
        }
    });
    let set = move || {
        let HistoryQuery { store, kind, person, day, sku, text } = query.get();
        let of = |person: &str, day: &str, sku: &str, text: &str| {
            let (store, person, day, sku, text) =
                (store.clone(), person.to_owned(), day.to_owned(), sku.to_owned(), text.to_owned());
            link(&HistoryQuery { store, kind, person, day, sku, text })
        };
        [
            (person.clone(), of("", &day, &sku, &text)),
            (day.clone(), of(&person, "", &sku, &text)),
            (sku.clone(), of(&person, &day, "", &text)),
            (text.clone(), of(&person, &day, &sku, "")),
        ]
        .into_iter()
        .filter(|(value, _)| !value.is_empty())
        .map(|(value, without)| {
            let label = value.clone();
            view! {
                <a data-noscroll="" class="chip chosen" href=without aria-label=move || t_string!(words, day.history.without, what = label.clone()).to_string()>
                    {value}<Svg icon=Icon::Close />
                </a>
            }
        })
        .collect_view()
    };
    view! {
        <nav class="history-chips" aria-label=move || t_string!(words, day.history.filters)>{kinds.collect_view()}{set}</nav>
        <form class="history-form" role="search" method="get" action="/history">
            <input type="hidden" name="store" value=move || query.get().store />
            <input type="hidden" name="kind" value=move || query.get().kind.map(DocumentKind::name).unwrap_or_default() />
            <input type="hidden" name="item" value=move || query.get().sku />
            <div class="field"><label for="history-q">{t!(words, day.history.text)}</label>
                <input id="history-q" type="search" name="q" maxlength="100" autocomplete="off" enterkeyhint="search" value=move || query.get().text /></div>
            <div class="field"><label for="history-person">{t!(words, day.history.person)}</label>
                <input id="history-person" type="text" name="person" maxlength="100" autocomplete="off" value=move || query.get().person /></div>
            <div class="field"><label for="history-day">{t!(words, day.history.day)}</label>
                <input id="history-day" type="date" name="day" value=move || query.get().day /></div>
            <button type="submit" class="button">{t!(words, day.history.filter)}</button>
        </form>
    }
}

#[component]
fn List(query: HistoryQuery, page: Page<HistoryLine>) -> impl IntoView {
    let words = use_i18n();
    let filtered = filter::is_filtered(&query);
    let store = query.store.clone();
    // A text is looked for in some thousand postings at once.
    let by_text = !query.text.is_empty() && query.sku.is_empty();
    let here = use_here();
    let feed = Feed::new(query, PAGE, page, false);
    let looked_back = move || {
        let (at, _) = feed.place.get().filter(|_| by_text)?;
        let zone = here.store().get_untracked().time_zone;
        let until = view! { <Moment at zone /> };
        Some(view! { <p class="history-back" role="status">{t!(words, day.history.looked_back)}" "{until}</p> })
    };
    view! {
        <News feed />
        <Show
            when=move || feed.shown.with(|shown| !shown.is_empty())
            fallback=move || view! { <Nothing filtered feed store=store.clone() /> }
        >
            <Postings feed />
        </Show>
        <Notice failure=feed.failure />
        {looked_back}
        <Show when=move || feed.place.with(Option::is_some)>
            <button type="button" class="button history-more" on:click=move |_| feed.read_on()>{t!(words, day.history.older)}</button>
        </Show>
    }
}

/// The postings, each in its place.
#[component]
pub fn Postings(feed: Feed) -> impl IntoView {
    let clock = Clock::start();
    let key = |line: &HistoryLine| (line.posting, line.reversed_by, line.may_undo);
    view! {
        <ol class="movements postings">
            <For each=move || feed.shown.get() key=key let:line>
                <Posting line feed clock />
            </For>
        </ol>
    }
}

/// What came since waits behind a chip: rows stay where the finger is.
#[component]
fn News(feed: Feed) -> impl IntoView {
    let words = use_i18n();
    let count = move || feed.news.with(|news| news.len() as u64);
    view! {
        <div class="history-news" role="status">
            <Show when=move || { count() > 0 }>
                <button type="button" class="chip chosen" on:click=move |_| feed.show()>{t!(words, day.history.news, count = count)}</button>
            </Show>
        </div>
    }
}

#[component]
fn Nothing(filtered: bool, feed: Feed, store: String) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    if filtered {
        let all = link(&HistoryQuery { store, ..HistoryQuery::default() });
        let told = move || {
            if feed.place.with(Option::is_some) {
                t_string!(words, day.history.unmatched_newest)
            } else {
                t_string!(words, day.history.unmatched_text)
            }
        };
        return view! {
            <Empty icon=Icon::Search title=move || t!(words, day.history.unmatched_title) text=move || told>
                <a href=all class="button primary">{t!(words, day.history.show_all)}</a>
            </Empty>
        };
    }
    view! {
        <Empty icon=Icon::Clock title=move || t!(words, day.history.empty_title) text=move || t!(words, day.history.empty_text)>
            <A href=move || here.link("/") attr:class="button primary">{t!(words, day.history.empty_action)}</A>
        </Empty>
    }
}

//! The dashboard: one day of a store in figures that move.

mod board;
mod cards;
mod now;
mod people;
mod rows;
mod tiles;

use super::{api, day, midnight};
use crate::{
    failure::Failure,
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    in_turn::in_turn,
    inventory::taxes::OfDay,
    parts::{Icon, Notice, Shape, Skeleton, Svg},
};
use crate::{
    json::{Plain, brought},
    prelude::*,
};
use board::Board;
use cards::{HoursCard, MostSoldCard, Quiet};
use js_sys::{Array, Object, Reflect};
use leptos::{either::Either, task::spawn_local};
use leptos_i18n::Locale as _;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_query_map};
use model::{Dashboard, Standing};
use now::Now;
use people::{Colleagues, Worth};
use std::time::Duration;
use tiles::Tiles;
use wasm_bindgen::JsValue;

/// The dashboard's page: `?day=2026-11-22`, or today on the store's clock.
#[component]
pub fn DashboardPage() -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let params = use_query_map();
    let path = use_location().pathname;
    // While another page is on its way in, its URL says nothing about this one.
    let asked = Memo::new(move |shown: Option<&Option<String>>| match shown {
        Some(shown) if path.get() != "/dashboard" => shown.clone(),
        _ => params.read().get("day").filter(|asked| day::shifted(asked, 0).as_ref() == Some(asked)),
    });
    let figures = brought(
        move || (here.store().get().code, asked.get()),
        // One call: a page is rendered twice, and the first time is forgotten before a second call could be made.
        |(store, day)| api::board(store, day),
    );
    let turn = turning(figures, asked);
    view! {
        <Title text=move || t_string!(words, dashboard.title) />
        <header class="page-head dashboard-title">
            <h1>{t!(words, dashboard.title)}</h1>
            <p>{t!(words, dashboard.lead, store = move || here.store().get().name)}</p>
        </header>
        <Transition fallback=|| view! { <Skeleton shape=Shape::Board /> }>
            // Not a `Suspend`: after hydration the one of the day before may end last, and with it a view that nothing moves.
            {move || figures.get().map(|answer| match answer {
                Ok((figures, standing)) => {
                    let today = asked.get_untracked().is_none();
                    Either::Left(view! { <Day figures standing today turn /> })
                }
                Err(failure) => Either::Right(view! { <Notice failure=Signal::stored(Some(failure)) /> }),
            })}
        </Transition>
    }
}

/// Puts the new day's board in the place of the one that is shown, once the server is there too. A day that was asked
/// for stays.
fn turning(
    figures: Resource<Result<(Dashboard, Standing), Failure>, Plain>,
    asked: Memo<Option<String>>,
) -> Callback<(String, String)> {
    let here = use_here();
    let busy = StoredValue::new(false);
    Callback::new(move |(store, shown): (String, String)| {
        if asked.get_untracked().is_some() || busy.get_value() {
            return;
        }
        busy.set_value(true);
        spawn_local(async move {
            let answer = api::board(store.clone(), None).await;
            if busy.try_set_value(false).is_some() {
                return; // The page is gone.
            }
            let still = asked.get_untracked().is_none() && here.store().get_untracked().code == store;
            if let Some(new) = answer.ok().filter(|(new, _)| still && day::is_over(&shown, &new.day)) {
                figures.set(Some(Ok(new)));
            }
        });
    })
}

/// One day, alive; when it is over, `turn` is asked for the next one.
#[component]
fn Day(figures: Dashboard, standing: Standing, today: bool, turn: Callback<(String, String)>) -> impl IntoView {
    let place = StoredValue::new((figures.store.clone(), figures.day.clone()));
    let over = Callback::new(move |()| turn.run(place.get_value()));
    if today {
        let zone = use_here().store().get_untracked().time_zone;
        midnight::watch(zone, Signal::stored(figures.day.clone()), over);
    }
    let board = Board::new(figures.clone(), over);
    let now = Now::new(standing, figures.store.clone(), (!today).then(|| figures.day.clone()));
    let Dashboard { day, currency, hours_chart, most_sold_chart, .. } = figures;
    let charts = StoredValue::new((hours_chart, most_sold_chart, currency.clone()));
    view! {
        <Days day today />
        <Tiles board now currency=currency.clone() />
        <Show when=move || !board.is_quiet() fallback=move || view! { <Quiet today /> }>
            <div class="cards">
                {charts.with_value(|(hours, most, currency)| view! {
                    <HoursCard board now options=hours.clone() currency=currency.clone() />
                    <MostSoldCard board options=most.clone() currency=currency.clone() />
                })}
            </div>
        </Show>
        <div class="cards cards-even">
            <OfDay store=place.get_value().0 day=place.get_value().1 currency=currency.clone() />
            <Worth now currency />
            <Colleagues now />
        </div>
    }
}

/// Which day is shown, and the way to its neighbours.
#[component]
fn Days(day: String, today: bool) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let link = move |day: Option<String>| {
        let day = day.map(|day| format!("&day={day}")).unwrap_or_default();
        format!("/dashboard?store={}{day}", here.store().get().code)
    };
    let before = day::shifted(&day, -1);
    let after = day::shifted(&day, 1).filter(|_| !today);
    let written = RwSignal::new(day.clone());
    let iso = day.clone();
    Effect::new(move |_| {
        let (language, iso) = (words.get_locale().as_str(), iso.clone());
        in_its_turn(move || in_words(language, &iso).and_then(|text| written.try_set(text)));
    });
    in_turn(move || {
        view! {
            <nav class="days" aria-label=move || t_string!(words, dashboard.title)>
                {before.map(|before| view! {
                    <a data-noscroll="" href=move || link(Some(before.clone())) class="button icon-only" aria-label=move || t_string!(words, dashboard.before)>
                        <Svg icon=Icon::Back />
                    </a>
                })}
                <time class="day" datetime=day>{written}</time>
                {after.map(|after| view! {
                    <a data-noscroll="" href=move || link(Some(after.clone())) class="button icon-only" aria-label=move || t_string!(words, dashboard.after)>
                        <Svg icon=Icon::Chevron />
                    </a>
                })}
                {if today {
                    Either::Left(view! { <span class="tag">{t!(words, dashboard.today)}</span> })
                } else {
                    Either::Right(view! { <a data-noscroll="" href=move || link(None) class="button">{t!(words, dashboard.today)}</a> })
                }}
            </nav>
        }
    })
}

/// Does it in a task of its own: before the first day a browser reads its tables of all the world's days.
fn in_its_turn<T>(write: impl FnOnce() -> T + 'static) {
    set_timeout(move || drop(write()), Duration::ZERO);
}

/// `Sun, 22 Nov 2026`; `None` where the browser cannot.
fn in_words(language: &str, day: &str) -> Option<String> {
    written(language, day, &[("weekday", "short"), ("day", "numeric"), ("month", "short"), ("year", "numeric")])
}

/// `Sunday`; `None` where the browser cannot.
fn weekday(language: &str, day: &str) -> Option<String> {
    written(language, day, &[("weekday", "long")])
}

fn written(language: &str, day: &str, parts: &[(&str, &str)]) -> Option<String> {
    let options = Object::new();
    for (key, value) in parts.iter().copied().chain([("timeZone", "UTC")]) {
        Reflect::set(&options, &key.into(), &value.into()).ok()?;
    }
    let format = js_sys::Intl::DateTimeFormat::new(&Array::of1(&JsValue::from_str(language)), &options);
    let date = js_sys::Date::new(&JsValue::from_str(day));
    format.format().call1(&format, &date).ok()?.as_string()
}

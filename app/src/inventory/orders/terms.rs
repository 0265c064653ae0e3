//! On what terms an order is promised: through what it came, and until when its goods are kept.

use super::{api::keep_order, board::Board, words::through};
use crate::prelude::*;
use crate::{
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    parts::{Icon, Svg, use_day},
};
use leptos::ev;
use model::{Action, Channel, KeepUntil, Time};

/// How many days longer one tap keeps the goods.
const WEEK: i64 = 7;

/// What is chosen while it is a draft; each choice is saved at once.
#[component]
pub fn Terms(board: Board) -> impl IntoView {
    let words = use_i18n();
    let channel = Memo::new(move |_| board.order.with(|order| order.channel));
    let choice = move |one: Channel| {
        view! {
            <button type="button" class="choice" aria-pressed=move || (channel.get() == one).to_string()
                on:click=move |_| board.save(move |content| content.channel = one)>
                {move || through(words, one)}
            </button>
        }
    };
    view! {
        <fieldset class="card choices order-terms">
            <legend>{t!(words, orders.through)}</legend>
            {Channel::ALL.map(choice)}
        </fieldset>
        <div class="card field order-terms">
            <Day board on_day=Callback::new(move |day: Option<String>| {
                board.save(move |content| content.kept_until.clone_from(&day));
            }) />
        </div>
    }
}

/// The field of the last day on which goods are kept.
#[component]
fn Day(board: Board, on_day: Callback<Option<String>>) -> impl IntoView {
    let words = use_i18n();
    let day = Memo::new(move |_| board.order.with(|order| order.kept_until.clone().unwrap_or_default()));
    let chosen = move |event: ev::Event| {
        on_day.run(Some(event_target_value(&event)).filter(|text| !text.is_empty()));
    };
    view! {
        <label for="order-kept">{t!(words, orders.kept_until)}</label>
        <p class="hint">{t!(words, orders.kept_hint)}</p>
        <input id="order-kept" type="date" prop:value=move || day.get() on:change=chosen />
    }
}

/// Until when an open order's goods are kept, and how to keep them longer.
#[component]
pub fn Kept(board: Board) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let day = Memo::new(move |_| board.order.with(|order| order.kept_until.clone()));
    let keep = move |kept_until: Option<String>| {
        let seen = board.order.with_untracked(|order| order.version);
        let done = t_string!(words, orders.did.kept).to_owned();
        board.send(keep_order(board.id, Some(seen), KeepUntil { kept_until }), Some(done));
    };
    let longer = move |_| keep(day.get_untracked().and_then(|day| later(&day, WEEK)));
    view! {
        <section class="card order-terms" aria-label=move || t_string!(words, orders.kept_until)>
            {move || day.get().map(|day| view! { <p><Until day soon=false /></p> })}
            <Show when=move || here.may(Action::Promise)>
                <Show when=move || day.with(Option::is_some)>
                    <button type="button" class="button wide" disabled=board.busy on:click=longer>
                        <Svg icon=Icon::Clock />{t!(words, orders.keep_week)}
                    </button>
                </Show>
                <div class="field"><Day board on_day=Callback::new(keep) /></div>
            </Show>
        </section>
    }
}

/// `Kept until 4 Dec 2026`; stands out when that is soon.
#[component]
pub fn Until(day: String, soon: bool) -> impl IntoView {
    let words = use_i18n();
    let day = use_day(day);
    view! {
        <small class="order-until" class:soon=soon>
            {soon.then(|| view! { <Svg icon=Icon::Warning /> })}
            {t!(words, orders.kept_until_day, day = move || day.get())}
        </small>
    }
}

/// The day so many days after another one; none for what is no day.
fn later(day: &str, days: i64) -> Option<String> {
    let start: Time = format!("{day}T00:00:00Z").parse().ok()?;
    start.plus_seconds(days * 86_400).to_string().get(..10).map(str::to_owned)
}

/// Nobody came in time.
#[component]
pub fn Lapsed(board: Board) -> impl IntoView {
    let words = use_i18n();
    view! {
        <Show when=move || board.order.with(|order| order.lapsed_at.is_some())>
            <p class="notice" data-kind="warn"><Svg icon=Icon::Clock /><span>{t!(words, orders.lapsed)}</span></p>
        </Show>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_later_is_another_month_and_another_year() {
        assert_eq!(later("2026-12-28", WEEK).as_deref(), Some("2027-01-04"));
        assert_eq!(later("2028-02-25", WEEK).as_deref(), Some("2028-03-03"), "a leap year");
        assert_eq!(later("soon", WEEK), None);
    }
}

//! One exception: what is wrong, since when and why, and who is on it.

use super::{Board, ways::Ways};
use crate::prelude::*;
use crate::{
    failure::Failure,
    frame::use_here,
    i18n::{t, t_string, tu_string, use_i18n},
    inventory::{
        ago::{Ago, Clock},
        api::take_exception,
        corrections::HeldNow,
        count::{Count, Level},
        done::Done,
        stock::item_link,
        told::sentence,
    },
    parts::{Icon, Notice, Svg, Tone, quantity},
    prefs::Words,
};
use leptos::task::spawn_local;
use leptos_router::components::A;
use model::{Action, Corrected, ExceptionId, OpenException};

/// The card of an exception that is open.
#[component]
pub fn Card(board: Board, id: ExceptionId) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let case = Memo::new(move |_| board.case(id));
    let of = move |pick: fn(&OpenException) -> String| case.with(|case| case.as_ref().map(pick).unwrap_or_default());
    let number = move || case.with(|case| case.as_ref().map(|case| quantity(words.get_locale(), case.on_hand)));
    let link = move || item_link(&of(|case| case.exception.sku.clone()), &here.store().get().code);
    let failure = RwSignal::new(None::<Failure>);
    let counting = move || board.counting.get() == Some(id);
    let is = move |kind: &str| case.with(|case| case.as_ref().is_some_and(|case| case.exception.kind == kind));
    let of_code = move || is("unknown_barcode");
    view! {
        <li class="card case" data-case=move || of(|case| if case.exception.sku.is_empty() { case.exception.code.clone() } else { case.exception.sku.clone() })>
            <div class="case-head">
                <Svg icon=Icon::Warning />
                <Show when=of_code fallback=move || view! {
                    <h2><A href=link>{move || of(|case| case.name.clone())}</A></h2>
                    <p class="case-number">{t!(words, day.exceptions.on_hand, number = move || number().unwrap_or_default())}</p>
                }>
                    <h2>{move || of(|case| case.name.clone())}</h2>
                </Show>
            </div>
            <p>{move || why(words, &of(|case| case.exception.kind.clone()))}</p>
            <Why case />
            <Mark board id case failure />
            <Notice failure />
            <Show when=move || here.may(Action::Adjust)>
                <Show when=counting fallback=move || view! { <Ways board id case failure /> }>
                    <Counting board id />
                </Show>
            </Show>
        </li>
    }
}

/// What is the matter, and what to do about it.
fn why(words: Words, kind: &str) -> &'static str {
    match kind {
        "oversold" => t_string!(words, day.exceptions.oversold),
        "expired_sale" => t_string!(words, day.exceptions.expired_sale),
        "unknown_barcode" => t_string!(words, day.exceptions.code_why),
        "count_conflict" => t_string!(words, day.exceptions.conflict_why),
        "serial_conflict" => t_string!(words, day.exceptions.serials_why),
        "missing_cost" => t_string!(words, day.exceptions.cost_why),
        _ => t_string!(words, day.exceptions.below),
    }
}

/// The posting that opened it, or who told of it.
#[component]
fn Why(case: Memo<Option<OpenException>>) -> impl IntoView {
    let words = use_i18n();
    let clock = Clock::start();
    let zone = use_here().store().get_untracked().time_zone;
    // It stays what it was.
    let case = case.get_untracked();
    let told = case.as_ref().and_then(|case| Some((case.exception.told_by.clone()?, case.exception.opened_at)));
    if let Some((name, at)) = told {
        let said = move || t_string!(words, day.exceptions.told, name = name.clone()).to_string();
        return view! { <div class="case-why"><p>{said}</p><Ago at zone clock /></div> }.into_any();
    }
    let opener = case.and_then(|case| case.opener);
    let why = opener.map(|line| {
        let at = line.occurred_at;
        view! {
            <div class="case-why">
                <p>{move || t_string!(words, day.exceptions.since, what = sentence(words, &line)).to_string()}</p>
                <Ago at zone clock />
            </div>
        }
    });
    why.into_any()
}

/// Who is on it.
#[component]
fn Mark(
    board: Board,
    id: ExceptionId,
    case: Memo<Option<OpenException>>,
    failure: RwSignal<Option<Failure>>,
) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let take = move |on: bool, over: bool| {
        spawn_local(async move {
            let answer = take_exception(id, on, over).await;
            if failure.try_set(answer.err()).is_none() {
                board.now();
            }
        });
    };
    let state = Memo::new(move |_| {
        case.with(|case| case.as_ref().and_then(|case| Some((case.exception.taken_by.clone()?, case.mine))))
    });
    view! {
        <div class="case-mark" role="status">
            {move || match state.get() {
                Some((_, true)) => view! { <span class="tag"><Svg icon=Icon::Person />{t!(words, day.exceptions.mine)}</span> },
                Some((name, false)) => view! { <span class="tag"><Svg icon=Icon::Person />{t!(words, day.exceptions.taken, name = name)}</span> },
                None => ().into_any(),
            }}
        </div>
        <Show when=move || here.may(Action::Adjust)>
            {move || match state.get() {
                Some((_, true)) => view! { <button type="button" class="button quiet" on:click=move |_| take(false, false)>{t!(words, day.exceptions.give_back)}</button> },
                Some((_, false)) => view! { <button type="button" class="button quiet" on:click=move |_| take(true, true)>{t!(words, day.exceptions.take_over)}</button> },
                None => view! { <button type="button" class="button quiet" on:click=move |_| take(true, false)>{t!(words, day.exceptions.take)}</button> },
            }}
        </Show>
    }
}

/// The true number is counted.
#[component]
fn Counting(board: Board, id: ExceptionId) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let level = Signal::derive(move || {
        board.case(id).map(|case| Level { on_hand: case.on_hand, version: case.version }).unwrap_or_default()
    });
    let sku = board.open.with_untracked(|open| {
        open.iter().find(|case| case.exception.id == id).map(|case| case.exception.sku.clone()).unwrap_or_default()
    });
    let booked = move |corrected: Option<Corrected>| {
        match corrected {
            Some(Corrected::Posted(receipt)) => {
                let now = receipt.lines.first().and_then(|line| line.on_hand).unwrap_or_default();
                let number = quantity(words.get_locale_untracked(), now);
                board.held.set(None);
                board.done.set(Some(Done::new(receipt.id, tu_string!(words, day.fixed, number = number).to_string())));
                board.speaker.play(Tone::Done);
            }
            None => {
                board.held.set(None);
                board.speaker.play(Tone::Done);
            }
            Some(Corrected::Held(correction)) => {
                board.held.set(Some(HeldNow::from(*correction)));
                board.speaker.play(Tone::Kept);
            }
        }
        board.counting.set(None);
        board.now();
    };
    view! {
        <Count sku store=here.store().get_untracked().code level
            on_done=Callback::new(booked) on_moved=Callback::new(move |()| board.now()) on_close=Callback::new(move |()| board.counting.set(None)) />
    }
}

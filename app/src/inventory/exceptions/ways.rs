//! The ways out of an exception: each kind has its own, and every one may be fine as it is.

use super::Board;
use crate::prelude::*;
use crate::{
    failure::Failure,
    frame::use_here,
    i18n::{t, t_string, tu_string, use_i18n},
    inventory::{
        api::{Candidate, give_code, give_cost, search, settle_exception},
        basket::Results,
        history,
        products::new_link,
        reason::{FINE, HANDLED, Reasons},
        stock::{escape, item_link},
    },
    parts::{Icon, Pad, Svg, Tone},
};
use leptos::task::spawn_local;
use leptos_router::components::A;
use model::{Action, ExceptionId, HistoryQuery, Item, Money, OpenException, PostingId};

/// What is open below the ways.
#[derive(Clone, Copy, PartialEq)]
enum More {
    Fine,
    Handled,
    Product,
    Cost,
}

/// The ways out.
#[component]
pub fn Ways(
    board: Board,
    id: ExceptionId,
    case: Memo<Option<OpenException>>,
    failure: RwSignal<Option<Failure>>,
) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let more = RwSignal::new(None::<More>);
    let kind = case.with_untracked(|case| case.as_ref().map(|case| case.exception.kind.clone()).unwrap_or_default());
    let code = move || case.with(|case| case.as_ref().map(|case| case.exception.code.clone()).unwrap_or_default());
    let sku = move || case.with(|case| case.as_ref().map(|case| case.exception.sku.clone()).unwrap_or_default());
    let missed = move || format!("/receive?store={}&item={}", here.store().get().code, escape(&sku()));
    let item = move || item_link(&sku(), &here.store().get().code);
    let barred = move || format!("/lots?store={}&show=barred", escape(&here.store().get().code));
    let opener = case.with_untracked(|case| case.as_ref().map(|case| case.exception.opened_by.to_string()));
    let opener = StoredValue::new(opener.unwrap_or_default());
    let sale = move || {
        let (store, text) = (here.store().get().code, opener.get_value());
        history::link(&HistoryQuery { store, text, ..HistoryQuery::default() })
    };
    let settle = Callback::new(move |reason: &'static str| {
        spawn_local(async move {
            let answer = settle_exception(id, reason.to_owned()).await;
            if answer.is_ok() {
                board.say(Tone::Done, tu_string!(words, day.exceptions.settled, name = name(case)).to_string());
            }
            if failure.try_set(answer.err()).is_none() {
                board.now();
            }
        });
    });
    let toggle = move |which: More| more.update(|more| *more = if *more == Some(which) { None } else { Some(which) });
    let is = move |which: More| more.get() == Some(which);
    let count = move || {
        view! {
            <button type="button" class="button" on:click=move |_| board.counting.set(Some(id))>
                <Svg icon=Icon::Check />{t!(words, day.exceptions.count)}
            </button>
        }
    };
    let ways = match kind.as_str() {
        "unknown_barcode" => view! {
            <Show when=move || here.may(Action::EditItems)>
                <A href=move || new_link(&code(), &here.store().read().code) attr:class="button"><Svg icon=Icon::Plus />{t!(words, day.exceptions.add)}</A>
                <button type="button" class="button" aria-expanded=move || is(More::Product).to_string() on:click=move |_| toggle(More::Product)>
                    <Svg icon=Icon::Barcode />{t!(words, day.exceptions.give)}
                </button>
            </Show>
            <button type="button" class="button" on:click=move |_| settle.run("not a product of ours")>{t!(words, day.exceptions.not_ours)}</button>
        },
        "count_conflict" => view! {
            <button type="button" class="button" on:click=move |_| board.counting.set(Some(id))>
                <Svg icon=Icon::Check />{t!(words, day.exceptions.again)}
            </button>
            <button type="button" class="button" on:click=move |_| settle.run("the newer number is kept")>{t!(words, day.exceptions.keep)}</button>
        },
        "missing_cost" => view! {
            <Show when=move || here.may(Action::Receive)>
                <button type="button" class="button" aria-expanded=move || is(More::Cost).to_string() on:click=move |_| toggle(More::Cost)>
                    <Svg icon=Icon::Receive />{t!(words, day.exceptions.say)}
                </button>
            </Show>
            <Fine more />
        },
        // Neither a count nor a delivery brings back what was sold.
        "expired_sale" => view! {
            <A href=sale attr:class="button"><Svg icon=Icon::Till />{t!(words, day.exceptions.open_sale)}</A>
            <A href=barred attr:class="button"><Svg icon=Icon::Clock />{t!(words, day.exceptions.lot)}</A>
            <button type="button" class="button" aria-expanded=move || is(More::Handled).to_string() on:click=move |_| toggle(More::Handled)>
                <Svg icon=Icon::Check />{t!(words, day.exceptions.handled)}
            </button>
        },
        "oversold" => view! {
            <A href=item attr:class="button"><Svg icon=Icon::Person />{t!(words, day.exceptions.promised)}</A>
            <Show when=move || here.may(Action::Purchase)>
                <A href=move || here.link("/purchases/buy") attr:class="button"><Svg icon=Icon::Truck />{t!(words, day.exceptions.buy)}</A>
            </Show>
            {count()}
            <Fine more />
        },
        "serial_conflict" => view! {
            <A href=item attr:class="button"><Svg icon=Icon::Barcode />{t!(words, day.exceptions.pieces)}</A>
            {count()}
            <Fine more />
        },
        _ => view! {
            {count()}
            <Show when=move || here.may(Action::Receive)>
                <A href=missed attr:class="button"><Svg icon=Icon::Box />{t!(words, day.exceptions.missed)}</A>
            </Show>
            <Fine more />
        },
    };
    let below = move || match more.get() {
        Some(More::Fine) => view! {
            <Reasons reasons=&FINE question=Signal::derive(move || t_string!(words, day.exceptions.why_fine).to_string()) chosen=Signal::stored(String::new()) on_choose=settle />
        },
        Some(More::Handled) => view! {
            <Reasons reasons=&HANDLED question=Signal::derive(move || t_string!(words, day.exceptions.how_handled).to_string()) chosen=Signal::stored(String::new()) on_choose=settle />
        },
        Some(More::Product) => view! { <Product board id failure /> },
        Some(More::Cost) => view! { <Cost board id case failure on_close=Callback::new(move |()| more.set(None)) /> },
        None => ().into_any(),
    };
    view! {
        <div class="case-ways">{ways}</div>
        {move || below()}
    }
}

/// It may be fine as it is: then somebody says why.
#[component]
fn Fine(more: RwSignal<Option<More>>) -> impl IntoView {
    let words = use_i18n();
    let open = move || more.get() == Some(More::Fine);
    let toggle = move |_| more.update(|more| *more = if *more == Some(More::Fine) { None } else { Some(More::Fine) });
    view! {
        <button type="button" class="button" aria-expanded=move || open().to_string() on:click=toggle>
            {t!(words, day.exceptions.fine)}
        </button>
    }
}

/// The product that has the code, by name or SKU.
#[component]
fn Product(board: Board, id: ExceptionId, failure: RwSignal<Option<Failure>>) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let found = RwSignal::new(Vec::<Candidate>::new());
    let turn = StoredValue::new(0_u32);
    let typed = move |text: String| {
        turn.update_value(|turn| *turn += 1);
        let mine = turn.get_value();
        let store = here.store().get_untracked().code;
        spawn_local(async move {
            let answer = if text.trim().chars().count() < 2 { Ok(Vec::new()) } else { search(store, text).await };
            if turn.try_get_value() == Some(mine) {
                match answer {
                    Ok(candidates) => found.set(candidates),
                    Err(error) => failure.set(Some(error)),
                }
            }
        });
    };
    let choose = Callback::new(move |item: Item| {
        spawn_local(async move {
            let answer = give_code(id, item.sku.clone()).await;
            if answer.is_ok() {
                board.say(Tone::Done, tu_string!(words, day.exceptions.gave, name = item.name.clone()).to_string());
            }
            if failure.try_set(answer.err()).is_none() {
                board.now();
            }
        });
    });
    let currency = here.store().get_untracked().currency;
    let field = format!("case-{id}");
    view! {
        <div class="field">
            <label for=field.clone()>{t!(words, day.exceptions.which)}</label>
            <input id=field type="search" autocomplete="off" maxlength="64" on:input=move |event| typed(event_target_value(&event)) />
        </div>
        <Results found currency on_choose=choose />
    }
}

/// What one of the goods cost.
#[component]
fn Cost(
    board: Board,
    id: ExceptionId,
    case: Memo<Option<OpenException>>,
    failure: RwSignal<Option<Failure>>,
    on_close: Callback<()>,
) -> impl IntoView {
    let words = use_i18n();
    // Sent again it counts once.
    let telling = StoredValue::new(PostingId::new());
    let done = Callback::new(move |number: String| {
        let Ok(cost) = number.parse::<Money>() else { return };
        spawn_local(async move {
            let answer = give_cost(id, telling.get_value(), cost).await;
            if answer.is_ok() {
                board.say(Tone::Done, tu_string!(words, day.exceptions.costed, name = name(case)).to_string());
            }
            if failure.try_set(answer.err()).is_none() {
                board.now();
            }
        });
    });
    view! {
        <Pad title=move || t_string!(words, day.exceptions.what_cost, name = name(case)).to_string() start=String::new() fractions=true
            on_done=done on_code=Callback::new(|_| {}) on_close />
    }
}

/// The item's name, for a saying.
fn name(case: Memo<Option<OpenException>>) -> String {
    case.with_untracked(|case| case.as_ref().map(|case| case.name.clone()).unwrap_or_default())
}

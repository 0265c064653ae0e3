//! What could not be booked: its lines, what the server said, and the ways out.

use super::{
    entry::Entry,
    page::Speech,
    use_outbox,
    words::{object, title},
};
use crate::prelude::*;
use crate::{
    frame::use_here,
    i18n::{t, t_string, tu_string, use_i18n},
    inventory::{
        ago::{Ago, Clock},
        arriving::give_up,
        basket::{Kind, put_back},
        history,
    },
    parts::{Icon, Notice, Svg, Tone, money, quantity, sentence},
};
use leptos_router::{components::A, hooks::use_navigate};
use model::{HistoryQuery, PostingId};

/// Its card.
#[component]
pub(super) fn Card(id: PostingId, clock: Clock, speech: Speech) -> impl IntoView {
    let words = use_i18n();
    let outbox = use_outbox();
    let entry = Memo::new(move |_| outbox.queue.with(|queue| queue.find(id).cloned()));
    let Some(first) = entry.get_untracked() else { return ().into_any() };
    let (at, zone, store) = (first.at(), first.time_zone.clone(), first.store().to_owned());
    let why = move || {
        let refusal = entry.with(|entry| entry.as_ref().and_then(|entry| entry.refusal().cloned()));
        refusal.map(|why| sentence(words, &why))
    };
    let sent = move || entry.with(|entry| entry.as_ref().is_some_and(Entry::may_have_arrived));
    let query = HistoryQuery { store: store.clone(), text: id.to_string(), ..HistoryQuery::default() };
    let look = history::link(&query);
    let name = first.clone();
    view! {
        <li class="card case refused">
            <div class="case-head">
                <Svg icon=Icon::Warning />
                <h3>{move || title(words, &name)}</h3>
            </div>
            <p class="notice" data-kind="bad">{move || why()}</p>
            <Show when=sent>
                <p class="notice" data-kind="warn">
                    <span>{t!(words, waiting.look_first)}</span>
                    <A href=look.clone()>{t!(words, waiting.look_history)}</A>
                </p>
            </Show>
            <Lines entry=first />
            <div class="waiting-facts"><span>{store}</span><Ago at zone clock /></div>
            <Ways id entry speech />
        </li>
    }
}

/// Its lines, as they stood in the basket.
#[component]
fn Lines(entry: Entry) -> impl IntoView {
    let words = use_i18n();
    let lines = StoredValue::new((entry.lines, entry.currency));
    let row = move |line: &crate::inventory::basket::Line, currency: &str| {
        let locale = words.get_locale();
        let many = quantity(locale, line.quantity);
        let price = line.price.map(|price| money(locale, currency, price));
        view! {
            <li>
                <span>{many}" × "{line.item.name.clone()}<small>{line.item.sku.clone()}</small></span>
                {price.map(|price| view! { <span class="number">{price}{t!(words, till.each)}</span> })}
            </li>
        }
    };
    let rows =
        move || lines.with_value(|(lines, currency)| lines.iter().rev().map(|line| row(line, currency)).collect_view());
    view! { <ul class="refused-lines">{move || rows()}</ul> }
}

/// Try again, put the lines back, or discard it.
#[component]
fn Ways(id: PostingId, entry: Memo<Option<Entry>>, speech: Speech) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let outbox = use_outbox();
    let navigate = use_navigate();
    let discarding = RwSignal::new(false);
    let failure = RwSignal::new(None);
    // What others see of it at the delivery is over: they must not book it in beside what becomes of it here.
    let take_back = move |entry: &Entry| {
        outbox.discard(id);
        if entry.kind() == Kind::Receipt {
            give_up(id, failure);
        }
    };
    let what = move || entry.with(|entry| entry.as_ref().map(|entry| object(words, entry)).unwrap_or_default());
    let lines_back = StoredValue::new(move || {
        let Some(entry) = entry.get_untracked() else { return };
        if !put_back(&here.me().key(), &entry) {
            return speech.say(Tone::Bad, tu_string!(words, waiting.basket_full).to_string());
        }
        take_back(&entry);
        navigate(&format!("{}?store={}", entry.kind().path(), entry.store()), Default::default());
    });
    let discard = move |_| {
        let Some(entry) = entry.get_untracked() else { return };
        take_back(&entry);
        speech.say(Tone::Done, tu_string!(words, waiting.discarded).to_string());
    };
    let ways = move || {
        view! {
            <button type="button" class="button" on:click=move |_| outbox.try_again(id)><Svg icon=Icon::Refresh />{t!(words, common.retry)}</button>
            <button type="button" class="button" on:click=move |_| lines_back.with_value(|back| back())><Svg icon=Icon::Undo />{t!(words, waiting.put_back)}</button>
            <button type="button" class="button quiet" on:click=move |_| discarding.set(true)>{t!(words, waiting.discard)}</button>
        }
    };
    view! {
        <Notice failure />
        <div class="case-ways">
            <Show when=move || discarding.get() fallback=ways>
                <p>{t!(words, waiting.discard_sure)}</p>
                <button type="button" class="button" on:click=discard>{move || t_string!(words, waiting.discard_it, what = what()).to_string()}</button>
                <button type="button" class="button" on:click=move |_| discarding.set(false)>{t!(words, waiting.keep)}</button>
            </Show>
        </div>
    }
}

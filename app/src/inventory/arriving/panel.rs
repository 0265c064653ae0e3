//! Who else counts a delivery, how many of what, and what can be done with that when they are gone.

use super::{
    Together,
    api::{book_arrival, discard_arrival},
};
use crate::prelude::*;
use crate::{
    failure::Failure,
    i18n::{t, t_string, tu_string, use_i18n},
    inventory::{Done, DoneBar},
    parts::{Icon, Notice, Speaker, Svg, Tone, quantity},
    prefs::Words,
};
use leptos::task::spawn_local;
use model::{Arrival, PaperId, PostingId, Quantity};
use std::collections::BTreeMap;

/// Who counted that part.
fn name(words: Words, part: &Arrival) -> String {
    if part.mine { t_string!(words, arriving.you).to_owned() } else { part.person.clone() }
}

/// How many things a person would count in it: a weight is one.
pub fn things(part: &Arrival) -> u64 {
    let of = |size: Quantity| {
        let whole = size.parts() % Quantity::ONE == 0;
        if whole { u64::try_from(size.parts() / Quantity::ONE).unwrap_or_default() } else { 1 }
    };
    part.lines.iter().map(|line| of(line.quantity)).sum()
}

/// The others at that delivery: what each has counted, and the ways out when somebody's device is gone.
#[component]
pub fn AtDelivery(
    together: Together,
    /// Which delivery.
    #[prop(into)]
    delivery: Signal<PaperId>,
    /// Something of it was booked in from here, or its undoing.
    on_booked: Callback<()>,
) -> impl IntoView {
    let words = use_i18n();
    let done = RwSignal::new(None::<Done>);
    let ids = Memo::new(move |_| together.others(delivery.get()).iter().map(|part| part.id).collect::<Vec<_>>());
    let any = Memo::new(move |_| !ids.read().is_empty());
    let again = move || {
        together.now();
        on_booked.run(());
    };
    view! {
        <DoneBar done on_undone=Callback::new(move |()| again()) />
        <Show when=move || any.get()>
            <section class="card arriving" aria-label=move || t_string!(words, arriving.title)>
                <h2>{t!(words, arriving.title)}</h2>
                <Show when=move || together.held.get()><p class="quiet" role="status">{t!(words, arriving.held)}</p></Show>
                <ul class="arriving-parts">
                    <For each=move || ids.get() key=|id| *id let:id><Part together delivery id done on_booked=Callback::new(move |()| again()) /></For>
                </ul>
            </section>
        </Show>
    }
}

/// One person's part.
#[component]
fn Part(
    together: Together,
    delivery: Signal<PaperId>,
    id: PostingId,
    done: RwSignal<Option<Done>>,
    on_booked: Callback<()>,
) -> impl IntoView {
    let words = use_i18n();
    let speaker = expect_context::<Speaker>();
    let part = Memo::new(move |_| together.others(delivery.get()).into_iter().find(|part| part.id == id));
    let who = move || part.with(|part| part.as_ref().map(|part| name(words, part)).unwrap_or_default());
    let count = Memo::new(move |_| part.with(|part| part.as_ref().map(things).unwrap_or_default()));
    let (busy, asking, failure) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(None::<Failure>));
    let lines = move || part.with(|part| part.as_ref().map(|part| sums(words, part)).unwrap_or_default());
    let book = move |_| {
        busy.set(true);
        let (who, count) = untrack(|| (who(), count.get()));
        spawn_local(async move {
            let answer = book_arrival(id).await;
            if busy.try_set(false).is_some() {
                return on_booked.try_run(()).unwrap_or_default();
            }
            match answer {
                Ok(receipt) => {
                    let text = tu_string!(words, arriving.booked, count = count, name = who).to_string();
                    speaker.play(Tone::Done);
                    done.set(Some(Done::new(receipt.id, text)));
                    on_booked.run(());
                }
                Err(error) => failure.set(Some(error)),
            }
        });
    };
    let discard = move |_| {
        busy.set(true);
        spawn_local(async move {
            let answer = discard_arrival(id).await;
            if busy.try_set(false).is_none() {
                failure.set(answer.err());
            }
            on_booked.try_run(());
        });
    };
    view! {
        <li class="arriving-part">
            <p><strong>{move || who()}</strong>" · "{move || t_string!(words, arriving.items, count = count.get()).to_string()}</p>
            <p class="quiet">{move || lines()}</p>
            <Notice failure />
            <Show when=move || asking.get() fallback=move || view! {
                <div class="arriving-ways">
                    <button type="button" class="button" disabled=move || busy.get() || count.get() == 0 aria-label=move || t_string!(words, arriving.book_of, name = who()).to_string() on:click=book>
                        {t!(words, arriving.book)}</button>
                    <button type="button" class="button quiet" disabled=busy aria-label=move || t_string!(words, arriving.discard_of, name = who()).to_string() on:click=move |_| asking.set(true)>
                        {t!(words, arriving.discard)}</button>
                </div>
            }>
                <div class="notice notice-asks" data-kind="warn" role="alert">
                    <p>{move || t_string!(words, arriving.sure, count = count.get(), name = who()).to_string()}</p>
                    <button type="button" class="button wide" on:click=move |_| asking.set(false)>{t!(words, arriving.keep)}</button>
                    <button type="button" class="button wide" disabled=busy on:click=discard>{t!(words, arriving.discard)}</button>
                </div>
            </Show>
        </li>
    }
}

/// `3 × Copper cup, 2 × Copper jug`: each item once.
fn sums(words: Words, part: &Arrival) -> String {
    let mut sums = BTreeMap::<&str, (&str, Quantity)>::new();
    for line in part.lines.iter().filter(|line| line.quantity > Quantity::ZERO) {
        let sum = sums.entry(&line.sku).or_insert((&line.name, Quantity::ZERO));
        sum.1 = sum.1.checked_add(line.quantity).unwrap_or(sum.1);
    }
    let locale = words.get_locale();
    let told = sums.values().map(|(name, size)| format!("{} × {name}", quantity(locale, *size)));
    told.collect::<Vec<_>>().join(", ")
}

/// How many of one item the others have counted, and all together: `Olga Marsh 4 · 7 together`.
#[component]
pub fn Beside(
    together: Together,
    /// Which delivery.
    #[prop(into)]
    delivery: Signal<PaperId>,
    /// Which item.
    sku: StoredValue<String>,
    /// How many of it are counted here.
    #[prop(into)]
    here: Signal<Quantity>,
) -> impl IntoView {
    let words = use_i18n();
    let beside = Memo::new(move |_| {
        let others = together.others(delivery.get());
        let of = others.iter().map(|part| (name(words, part), sku.with_value(|sku| part.of(sku))));
        of.filter(|(_, size)| *size > Quantity::ZERO).collect::<Vec<_>>()
    });
    let text = move || {
        let locale = words.get_locale();
        beside.with(|beside| {
            let each: Vec<_> =
                beside.iter().map(|(name, size)| format!("{name} {}", quantity(locale, *size))).collect();
            let all = beside.iter().fold(here.get(), |sum, (_, size)| sum.checked_add(*size).unwrap_or(sum));
            let (others, total) = (each.join(", "), quantity(locale, all));
            t_string!(words, arriving.together, others = others, total = total).to_string()
        })
    };
    view! {
        <Show when=move || !beside.read().is_empty()>
            <span class="arriving-beside"><Svg icon=Icon::Person />{text}</span>
        </Show>
    }
}

/// Deliveries that others take in here without an order, and the way to be one of them.
#[component]
pub fn Joining(
    together: Together,
    /// The delivery that is being counted here.
    #[prop(into)]
    delivery: Signal<PaperId>,
    /// From now on it is that one.
    on_join: Callback<PaperId>,
) -> impl IntoView {
    let words = use_i18n();
    let open = Memo::new(move |_| {
        let told = together.to_join(delivery.get()).into_iter().map(|parts| {
            let mut names: Vec<String> = parts.iter().map(|part| name(words, part)).collect();
            names.dedup();
            let number = parts.iter().find_map(|part| part.number.clone());
            (parts[0].delivery, names.join(", "), number, parts.iter().map(things).sum::<u64>())
        });
        told.collect::<Vec<_>>()
    });
    let row = move |(id, names, number, count): (PaperId, String, Option<String>, u64)| {
        let label = names.clone();
        let number = number.map(|number| view! { <span class="quiet">{number}</span> });
        view! {
            <li class="card arriving-join">
                <p>{move || t_string!(words, arriving.open, count = count, names = names.clone()).to_string()}" "{number}</p>
                <button type="button" class="button" aria-label=move || t_string!(words, arriving.join_of, names = label.clone()).to_string()
                    on:click=move |_| on_join.run(id)>{t!(words, arriving.join)}</button>
            </li>
        }
    };
    view! {
        <ul class="arriving-open" aria-label=move || t_string!(words, arriving.open_name)>
            <For each=move || open.get() key=|row| row.clone() children=row />
        </ul>
    }
}

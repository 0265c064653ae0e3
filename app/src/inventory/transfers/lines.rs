//! The lines of a transfer: how many are to be sent, with the stock at both ends; or how many have come.

use super::{change::Change, trip::Trip};
use crate::prelude::*;
use crate::{
    i18n::{t, t_string, use_i18n},
    inventory::lots::Numbers,
    parts::{Icon, Pad, Svg, quantity},
    prefs::Words,
};
use model::{LotTake, Quantity, Tracking, TransferLine};

/// The lines, and the pad of the one whose number is typed.
#[component]
pub fn Lines(trip: Trip) -> impl IntoView {
    let words = use_i18n();
    let skus = move || trip.now.with(|now| now.lines.iter().map(|line| line.sku.clone()).collect::<Vec<_>>());
    let none = move || trip.now.with(|now| now.lines.is_empty());
    view! {
        <Show when=none><p class="card move-none">{t!(words, transfers.scan_first)}</p></Show>
        <ul class="move-lines">
            <For each=skus key=String::clone let:sku><Line trip sku /></For>
        </ul>
        {move || trip.pad.get().map(|sku| view! { <Number trip sku /> })}
    }
}

/// That line as it is now.
fn line(trip: Trip, sku: &str) -> Option<TransferLine> {
    trip.now.with(|now| now.lines.iter().find(|line| line.sku == sku).cloned())
}

#[component]
fn Line(trip: Trip, sku: String) -> impl IntoView {
    let words = use_i18n();
    let sku = StoredValue::new(sku);
    let read = move || sku.with_value(|sku| line(trip, sku));
    let draft = move || trip.now.with(|now| now.state.is_draft());
    let under_way = move || trip.now.with(|now| now.state.is_under_way());
    let changes = Memo::new(move |_| draft() && trip.sends() || under_way() && trip.receives());
    let number = move |quantity_of: fn(&TransferLine) -> Quantity| {
        move || read().map(|line| quantity(words.get_locale(), quantity_of(&line))).unwrap_or_default()
    };
    // What is in a store that is not theirs they are not told.
    let ends = move |end_of: fn(&TransferLine) -> Option<Quantity>| {
        let told = move |size| quantity(words.get_locale(), size);
        move || read().and_then(|line| end_of(&line)).map_or_else(|| "–".to_owned(), told)
    };
    let current = move || sku.with_value(|sku| trip.of(sku).quantity);
    let shown = move || quantity(words.get_locale(), current());
    let by = move |step: i64| sku.with_value(|sku| trip.change(sku, Change::More(Quantity::whole(step))));
    let name = move || read().map(|line| line.name).unwrap_or_default();
    view! {
        <li class="card move-line">
            <div class="move-item">
                <strong>{name}</strong>
                <span class="item-sku">{sku.get_value()}</span>
                <Show when=draft>
                    <span class="move-ends">{t!(words, transfers.ends, here = ends(|line| line.here), there = ends(|line| line.there))}</span>
                </Show>
                <Show when=move || read().is_some_and(|line| !line.lots.is_empty())>
                    <span class="move-ends">{move || lots_text(words, &read().map(|line| line.lots).unwrap_or_default(), draft())}</span>
                </Show>
                <Show when=move || !draft()>
                    <span class="move-ends">{t!(words, transfers.came, came = number(|line| line.received), sent = number(|line| line.asked))}</span>
                </Show>
                <Show when=move || !changes.get() && read().is_some_and(|line| !line.serials.is_empty())>
                    <span class="move-ends">{move || read().map(|line| line.serials.join(", "))}</span>
                </Show>
                <Show when=move || read().is_some_and(|line| line.returned != Quantity::ZERO)>
                    <span class="tag">{t!(words, transfers.returned, count = number(|line| line.returned))}</span>
                </Show>
                <Show when=move || read().is_some_and(|line| line.lost != Quantity::ZERO)>
                    <span class="tag">{t!(words, transfers.lost, count = number(|line| line.lost))}</span>
                </Show>
            </div>
            <Show when=move || changes.get()>
                <div class="move-count">
                    <button type="button" class="icon-button" aria-label=move || t_string!(words, transfers.fewer) on:click=move |_| by(-1)><Svg icon=Icon::Minus /></button>
                    <button type="button" class="button move-number" aria-label=move || t_string!(words, transfers.how_many) on:click=move |_| trip.pad.set(Some(sku.get_value()))>{shown}</button>
                    <button type="button" class="icon-button" aria-label=move || t_string!(words, transfers.more) on:click=move |_| by(1)><Svg icon=Icon::Plus /></button>
                </div>
            </Show>
            <Show when=move || !changes.get()><strong class="move-number">{number(|line| line.asked)}</strong></Show>
            <Show when=move || changes.get() && read().is_some_and(|line| line.tracking == Tracking::Serial)>
                <Numbers name=Signal::derive(name) serials=Signal::derive(move || sku.with_value(|sku| trip.of(sku).serials)) all=Signal::derive(current)
                    on_add=Callback::new(move |serial| sku.with_value(|sku| trip.name(sku, &untrack(name), serial)))
                    on_drop=Callback::new(move |serial: String| sku.with_value(|sku| trip.change(sku, Change::Unname(serial)))) />
            </Show>
            <Show when=move || sku.with_value(|sku| !trip.of(sku).lots.is_empty())><Lots trip sku changes /></Show>
        </li>
    }
}

/// Of which lots so many are, as their labels said, with the way to take each back.
#[component]
fn Lots(trip: Trip, sku: StoredValue<String>, changes: Memo<bool>) -> impl IntoView {
    let words = use_i18n();
    let lots = move || sku.with_value(|sku| trip.of(sku).lots);
    let one = move |one: (String, Quantity)| {
        let one = StoredValue::new(one);
        let text = move || {
            let (lot, size) = one.get_value();
            let size = quantity(words.get_locale(), size);
            t_string!(words, orders.take_lot, quantity = size, lot = lot).to_string()
        };
        let label = move || t_string!(words, orders.taken_not, what = text()).to_string();
        let drop_it = move |_| {
            let (lot, _) = one.get_value();
            sku.with_value(|sku| trip.change(sku, Change::Unlot(lot)));
        };
        view! {
            <li><span>{text}</span>
                <Show when=move || changes.get()>
                    <button type="button" class="icon-button" aria-label=label on:click=drop_it><Svg icon=Icon::Close /></button>
                </Show></li>
        }
    };
    view! { <ul class="pick-taken">{move || lots().into_iter().map(one).collect_view()}</ul> }
}

/// The lots that leave first, or that are on the way: `2 of lot A, 1 of lot B`.
fn lots_text(words: Words, lots: &[LotTake], draft: bool) -> String {
    let one = |lot: &LotTake| {
        let size = quantity(words.get_locale(), lot.quantity);
        t_string!(words, orders.take_lot, quantity = size, lot = lot.lot.clone()).to_string()
    };
    let lots = lots.iter().map(one).collect::<Vec<_>>().join(", ");
    match draft {
        true => t_string!(words, transfers.first_lots, lots = lots).to_string(),
        false => t_string!(words, transfers.coming_lots, lots = lots).to_string(),
    }
}

/// How many of that one.
#[component]
fn Number(trip: Trip, sku: String) -> impl IntoView {
    let words = use_i18n();
    let name = line(trip, &sku).map(|line| line.name).unwrap_or_default();
    let title = Signal::derive(move || t_string!(words, transfers.how_many_of, name = name.clone()).to_string());
    let sku = StoredValue::new(sku);
    let close = move || trip.pad.set(None);
    let done = move |number: String| {
        if let Ok(quantity) = number.parse::<Quantity>() {
            sku.with_value(|sku| trip.change(sku, Change::Exactly(quantity)));
        }
        close();
    };
    view! {
        <Pad title start=String::new() fractions=true on_done=Callback::new(done)
            on_code=Callback::new(move |_| close()) on_close=Callback::new(move |()| close()) />
    }
}

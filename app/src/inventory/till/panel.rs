//! The panel under the thumb: the total, the one button, the number pad, the way back.

use super::register::{PadFor, Register};
use crate::{
    i18n::{t, t_string, use_i18n},
    parts::{Pad, Scanned, UndoBar, money},
};
use leptos::prelude::*;
use model::{ItemId, Money};

/// The total and the button that sells; in their place the number pad while it is open.
#[component]
pub fn Panel(till: Register) -> impl IntoView {
    let words = use_i18n();
    view! {
        <aside class="till-side" aria-label=move || t_string!(words, till.total)>
            {move || till.undo.get().map(|undo| view! {
                <UndoBar
                    text=Signal::stored(undo.text)
                    busy=till.undoing
                    on_undo=Callback::new(move |()| till.undo())
                    on_close=Callback::new(move |()| if !till.undoing.get_untracked() { till.undo.set(None) })
                />
            })}
            {move || match till.pad.get() {
                Some(PadFor::Quantity(item)) => view! { <QuantityPad till item /> }.into_any(),
                Some(PadFor::Price(item)) => view! { <PricePad till item /> }.into_any(),
                None => view! { <Sum till /> }.into_any(),
            }}
        </aside>
    }
    .into_any()
}

#[component]
fn Sum(till: Register) -> impl IntoView {
    let words = use_i18n();
    let currency = till.store.with_value(|store| store.currency.clone());
    let total = Memo::new(move |_| till.draft.with(|draft| draft.total()));
    let things = Memo::new(move |_| till.draft.with(|draft| draft.things()));
    let shown = Signal::derive(move || money(words.get_locale(), &currency, total.get().unwrap_or(Money::ZERO)));
    let ready = move || things.get() > 0 && total.get().is_some() && !till.selling.get();
    let label = move || {
        let waiting = till.draft.with(|draft| draft.is_waiting());
        match (things.get(), total.get()) {
            _ if till.selling.get() => t!(words, till.selling).into_any(),
            (0, _) => t!(words, till.nothing).into_any(),
            (_, None) => t!(words, till.price_missing).into_any(),
            _ if waiting => t!(words, till.send_again).into_any(),
            (count, Some(_)) => t!(words, till.sell, count = move || count, total = move || shown.get()).into_any(),
        }
    };
    view! {
        <div class="sum">
            <span class="sum-label">{t!(words, till.total)}</span>
            <output class="sum-total">{shown}</output>
        </div>
        <button type="button" class="button primary wide sell" disabled=move || !ready() on:click=move |_| till.sell()>{label}</button>
    }
    .into_any()
}

/// The line's name, for the pad's title.
fn name(till: Register, item: ItemId) -> String {
    till.draft
        .with_untracked(|draft| draft.lines.iter().find(|line| line.item.id == item).map(|line| line.item.name.clone()))
        .unwrap_or_default()
}

#[component]
fn QuantityPad(till: Register, item: ItemId) -> impl IntoView {
    let words = use_i18n();
    let found = till.draft.with_untracked(|draft| draft.lines.iter().find(|line| line.item.id == item).cloned());
    let (start, divisible) = found.map(|line| (line.quantity.to_string(), line.is_divisible())).unwrap_or_default();
    let title = name(till, item);
    let done = move |number: String| {
        if let Ok(quantity) = number.parse() {
            till.change(|draft| draft.set_quantity(item, quantity));
        }
        close(till);
    };
    view! {
        <Pad title=move || t_string!(words, till.how_many, name = title.clone()).to_string() start fractions=divisible
            on_done=Callback::new(done) on_code=Callback::new(move |code| scan(till, code)) on_close=Callback::new(move |()| close(till)) />
    }
    .into_any()
}

#[component]
fn PricePad(till: Register, item: ItemId) -> impl IntoView {
    let words = use_i18n();
    let found = till
        .draft
        .with_untracked(|draft| draft.lines.iter().find(|line| line.item.id == item).and_then(|line| line.price));
    let start = found.map(|price| price.to_string()).unwrap_or_default();
    let title = name(till, item);
    let done = move |number: String| {
        if let Ok(price) = number.parse() {
            till.change(|draft| draft.set_price(item, price));
        }
        close(till);
    };
    view! {
        <Pad title=move || t_string!(words, till.what_price, name = title.clone()).to_string() start fractions=true
            on_done=Callback::new(done) on_code=Callback::new(move |code| scan(till, code)) on_close=Callback::new(move |()| close(till)) />
    }
    .into_any()
}

fn close(till: Register) {
    till.pad.set(None);
    till.clear.notify();
}

fn scan(till: Register, code: String) {
    close(till);
    till.scanned(Scanned { code, typed: false });
}

//! The panel under the thumb: the total, the one button, the number pad, the way back.

use super::{
    draft::{Draft, LineKey},
    kind::Kind,
    register::{PadFor, Register},
    send::now,
    slip::Slip,
};
use crate::prelude::*;
use crate::{
    i18n::{t, t_string, use_i18n},
    inventory::taxes::Taxes,
    parts::{Pad, Scanned, UndoBar, money, quantity},
};
use model::{Money, Quantity};

/// The total and the one button; in their place the number pad while it is open.
#[component]
pub fn Panel(basket: Register) -> impl IntoView {
    let words = use_i18n();
    view! {
        <aside class="till-side" aria-label=move || basket.kind.title(words)>
            {move || basket.undo.get().map(|undo| view! {
                <UndoBar
                    text=Signal::stored(undo.text)
                    busy=basket.undoing
                    on_undo=Callback::new(move |()| basket.undo())
                    on_close=Callback::new(move |()| if !basket.undoing.get_untracked() { basket.undo.set(None) })
                />
            })}
            {move || match basket.pad.get() {
                Some(PadFor::Quantity(item)) => view! { <QuantityPad basket item /> },
                Some(PadFor::Price(item)) => view! { <PricePad basket item /> },
                None => view! { <Sum basket /> },
            }}
        </aside>
    }
}

#[component]
fn Sum(basket: Register) -> impl IntoView {
    let words = use_i18n();
    let currency = basket.store.with_value(|store| store.currency.clone());
    let total = Memo::new(move |_| basket.draft.with(|draft| draft.total()));
    let things = Memo::new(move |_| basket.draft.with(|draft| draft.things()));
    let tax = {
        let currency = currency.clone();
        // An empty basket asks for no moment: the server, which renders one, has no clock of this device.
        let taxes = move |draft: &Draft| match draft.lines.is_empty() || !basket.kind.is_paid() {
            true => Vec::new(),
            false => draft.taxes(&currency, draft.sent_at.unwrap_or_else(now)),
        };
        Memo::new(move |_| basket.draft.with(&taxes))
    };
    let paid_in = StoredValue::new(currency.clone());
    let shown = Signal::derive(move || money(words.get_locale(), &currency, total.get().unwrap_or(Money::ZERO)));
    let priced = move || !basket.kind.is_paid() || total.get().is_some();
    let posted = Memo::new(move |_| basket.draft.with(|draft| draft.is_posted()));
    let lacks_lot = Memo::new(move |_| basket.kind == Kind::Receipt && basket.draft.with(Draft::lacks_lot));
    let lacks_serial = Memo::new(move |_| basket.kind == Kind::Receipt && basket.draft.with(Draft::lacks_serial));
    let lacks = move || lacks_lot.get() || lacks_serial.get();
    let ready = move || things.get() > 0 && priced() && !lacks() && !posted.get();
    let counted = move || {
        let things = i64::try_from(things.get()).unwrap_or(i64::MAX);
        quantity(words.get_locale(), Quantity::whole(things))
    };
    let label = move || {
        let total = move || shown.get();
        match (things.get(), basket.kind) {
            _ if posted.get() => t!(words, till.selling).into_any(),
            (0, kind) => kind.nothing(words).into_any(),
            _ if !priced() => t!(words, till.price_missing).into_any(),
            _ if lacks_lot.get() => t!(words, lots.missing).into_any(),
            _ if lacks_serial.get() => t!(words, lots.serial.missing).into_any(),
            (count, Kind::Sale) => t!(words, till.sell, count = move || count, total = total).into_any(),
            (count, Kind::Receipt) => t!(words, day.receive.post, count = move || count).into_any(),
            (count, Kind::Return) => t!(words, day.back.post, count = move || count, total = total).into_any(),
        }
    };
    view! {
        {(basket.kind != Kind::Sale).then(|| view! { <Slip basket /> })}
        <div class="sum">
            {if basket.kind.is_paid() {
                view! { <span class="sum-label">{t!(words, till.total)}</span><output class="sum-total">{shown}</output>{move || view! { <Taxes taxes=tax.get() currency=paid_in.get_value() /> }} }
            } else {
                view! { <span class="sum-label">{t!(words, day.receive.items)}</span><output class="sum-total">{move || counted()}</output> }
            }}
        </div>
        <button type="button" class="button primary wide sell" disabled=move || !ready() on:click=move |_| basket.post()>{move || label()}</button>
    }
}

/// The line's name, for the pad's title.
fn name(basket: Register, item: LineKey) -> String {
    basket
        .draft
        .with_untracked(|draft| draft.lines.iter().find(|line| line.key() == item).map(|line| line.item.name.clone()))
        .unwrap_or_default()
}

#[component]
fn QuantityPad(basket: Register, item: LineKey) -> impl IntoView {
    let words = use_i18n();
    let found = basket.draft.with_untracked(|draft| draft.lines.iter().find(|line| line.key() == item).cloned());
    let (start, divisible) = found.map(|line| (line.quantity.to_string(), line.is_divisible())).unwrap_or_default();
    let title = name(basket, item);
    let done = move |number: String| {
        if let Ok(quantity) = number.parse() {
            basket.change(|draft| draft.set_quantity(item, quantity));
        }
        close(basket);
    };
    view! {
        <Pad title=move || t_string!(words, till.how_many, name = title.clone()).to_string() start fractions=divisible
            on_done=Callback::new(done) on_code=Callback::new(move |code| scan(basket, code)) on_close=Callback::new(move |()| close(basket)) />
    }
}

#[component]
fn PricePad(basket: Register, item: LineKey) -> impl IntoView {
    let words = use_i18n();
    let found = basket
        .draft
        .with_untracked(|draft| draft.lines.iter().find(|line| line.key() == item).and_then(|line| line.price));
    let start = found.map(|price| price.to_string()).unwrap_or_default();
    let title = name(basket, item);
    let done = move |number: String| {
        if let Ok(price) = number.parse() {
            basket.change(|draft| draft.set_price(item, price));
        }
        close(basket);
    };
    view! {
        <Pad title=move || t_string!(words, till.what_price, name = title.clone()).to_string() start fractions=true
            on_done=Callback::new(done) on_code=Callback::new(move |code| scan(basket, code)) on_close=Callback::new(move |()| close(basket)) />
    }
}

fn close(basket: Register) {
    basket.pad.set(None);
    basket.clear.notify();
}

fn scan(basket: Register, code: String) {
    close(basket);
    basket.scanned(Scanned { code, typed: false });
}

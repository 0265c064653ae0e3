//! The lines of the basket.

use super::{
    Lots,
    draft::{Line, LineKey},
    kind::Kind,
    register::{PadFor, Register},
};
use crate::prelude::*;
use crate::{
    i18n::{t, t_string, use_i18n},
    inventory::reason::DidYouMean,
    parts::{Icon, Svg, money, quantity},
};

/// The lines, latest first; a line stays where it is while its numbers change.
#[component]
pub fn Lines(basket: Register, lots: Option<Lots>) -> impl IntoView {
    let words = use_i18n();
    let ids = move || basket.draft.with(|draft| draft.lines.iter().map(Line::key).collect::<Vec<_>>());
    view! {
        <ul class="lines" aria-label=move || basket.kind.basket(words)>
            <For each=ids key=|id| *id let:id>
                <BasketLine basket id lots />
            </For>
        </ul>
    }
}

#[component]
fn BasketLine(basket: Register, id: LineKey, lots: Option<Lots>) -> impl IntoView {
    let words = use_i18n();
    let currency = StoredValue::new(basket.store.with_value(|store| store.currency.clone()));
    let line = Memo::new(move |_| basket.draft.with(|draft| draft.lines.iter().find(|line| line.key() == id).cloned()));
    let of = move |pick: fn(&Line) -> String| line.with(|line| line.as_ref().map(pick).unwrap_or_default());
    let name = move || of(|line| line.item.name.clone());
    let amount = move |pick: fn(&Line) -> Option<model::Money>| {
        let locale = words.get_locale();
        line.with(|line| line.as_ref().and_then(pick))
            .map(|amount| currency.with_value(|currency| money(locale, currency, amount)))
    };
    let price = move || {
        let none = || match basket.kind {
            Kind::Receipt => t_string!(words, day.receive.no_cost).to_string(),
            _ => t_string!(words, till.no_price).to_string(),
        };
        amount(|line| line.price).unwrap_or_else(none)
    };
    let lacks_price =
        move || basket.kind.is_paid() && line.with(|line| line.as_ref().is_some_and(|line| line.price.is_none()));
    let many = move || {
        line.with(|line| line.as_ref().map(|line| quantity(words.get_locale(), line.quantity)).unwrap_or_default())
    };
    let one = move || line.with(|line| line.as_ref().is_none_or(|line| line.quantity <= model::Quantity::whole(1)));
    let open = move |pad| basket.pad.set(Some(pad).filter(|_| !basket.is_posted()));
    view! {
        <li class="line" class:line-open=move || basket.pad.with(|pad| matches!(pad, Some(PadFor::Quantity(at) | PadFor::Price(at)) if *at == id))>
            <div class="line-name">
                <strong>{move || name()}</strong>
                <span class="line-facts">
                    <span>{move || of(|line| line.item.sku.clone())}</span>
                    <LotName basket line />
                    {move || basket.draft.with(|draft| Some(draft.offer_of(draft.lines.iter().find(|line| line.key() == id)?)?.name.clone())).map(|name| view! { <span class="line-list">{name}</span> })}
                    {move || line.with(|line| line.as_ref().and_then(|line| line.pack.clone())).map(|pack| view! { <span>{pack}</span> })}
                    <OnHand basket id line />
                </span>
            </div>
            <div class="line-count">
                <Show when=move || !one() fallback=move || view! {
                    <button type="button" class="icon-button" aria-label=move || t_string!(words, till.take_out, name = name()).to_string() on:click=move |_| {
                        basket.change(|draft| draft.set_quantity(id, model::Quantity::ZERO));
                        basket.clear.notify();
                    }><Svg icon=Icon::Close /></button>
                }>
                    <button type="button" class="icon-button" aria-label=move || t_string!(words, till.fewer, name = name()).to_string() on:click=move |_| basket.change(|draft| draft.step(id, -1))><Svg icon=Icon::Minus /></button>
                </Show>
                <button type="button" class="line-quantity" aria-label=move || t_string!(words, till.quantity_of, name = name(), quantity = many()).to_string() on:click=move |_| open(PadFor::Quantity(id))>{move || many()}</button>
                <button type="button" class="icon-button" aria-label=move || t_string!(words, till.more, name = name()).to_string() on:click=move |_| basket.change(|draft| draft.step(id, 1))><Svg icon=Icon::Plus /></button>
            </div>
            <div class="line-money">
                <strong>{move || amount(Line::sum)}</strong>
                <button type="button" class="line-price" class:line-no-price=move || lacks_price() aria-label=move || t_string!(words, till.price_of, name = name(), price = price()).to_string() on:click=move |_| open(PadFor::Price(id))>
                    {move || price()}<Show when=move || line.with(|line| line.as_ref().is_some_and(|line| line.price.is_some()))><span aria-hidden="true">{t!(words, till.each)}</span></Show>
                </button>
            </div>
            {lots.map(|lots| lots(basket, id))}
            <Doubt basket id line />
        </li>
    }
}

/// Which lot is sold; one that must not be is shown as such.
#[component]
fn LotName(basket: Register, line: Memo<Option<Line>>) -> impl IntoView {
    let words = use_i18n();
    let lot = move || line.with(|line| line.as_ref().map(|line| line.lot.clone()).unwrap_or_default());
    let told = move || {
        let lot = Some(lot()).filter(|lot| basket.kind == Kind::Sale && !lot.lot.is_empty());
        lot.map(|lot| view! { <span class:line-short=lot.warning.is_some()>{t_string!(words, lots.of, lot = lot.lot).to_string()}</span> })
    };
    view! { {move || told()} }
}

/// A quantity that is far from what is usual here is asked about, on the spot; nothing waits for the answer.
#[component]
fn Doubt(basket: Register, id: LineKey, line: Memo<Option<Line>>) -> impl IntoView {
    let doubt = Memo::new(move |_| {
        let on_hand = basket.levels.with(|levels| levels.on_hand(id.0));
        line.with(|line| line.as_ref().and_then(|line| line.doubt(on_hand).map(|meant| (meant, line.quantity))))
    });
    let meant = move |meant| {
        basket.change(|draft| draft.set_quantity(id, meant));
        basket.clear.notify();
    };
    let typed = move || {
        basket.change(|draft| draft.keep_quantity(id));
        basket.clear.notify();
    };
    view! {
        {move || doubt.get().map(|(probably, now)| view! {
            <DidYouMean meant=probably typed=now on_meant=Callback::new(move |()| meant(probably)) on_typed=Callback::new(move |()| typed()) />
        })}
    }
}

/// What is on hand, live; at the till a shortfall is said, and sold all the same: the customer holds the goods.
#[component]
fn OnHand(basket: Register, id: LineKey, line: Memo<Option<Line>>) -> impl IntoView {
    let words = use_i18n();
    let level = Memo::new(move |_| basket.levels.with(|levels| levels.on_hand(id.0)));
    let short = move || {
        let wanted = line.with(|line| line.as_ref().map(|line| line.quantity));
        basket.kind == Kind::Sale && wanted.zip(level.get()).is_some_and(|(wanted, here)| wanted > here)
    };
    view! {
        {move || level.get().map(|here| {
            let text = quantity(words.get_locale(), here);
            view! {
                <span class="line-here" class:line-short=move || short()>
                    {move || short().then(|| view! { <Svg icon=Icon::Warning /> })}
                    {t!(words, till.here, quantity = text)}
                </span>
            }
        })}
    }
}

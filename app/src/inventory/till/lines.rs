//! The lines of the sale.

use super::{
    draft::Line,
    register::{PadFor, Register},
};
use crate::{
    i18n::{t, t_string, use_i18n},
    parts::{Icon, Svg, money, quantity},
};
use leptos::prelude::*;
use model::ItemId;

/// The lines, latest first; a line stays where it is while its numbers change.
#[component]
pub fn Lines(till: Register) -> impl IntoView {
    let words = use_i18n();
    let ids = move || till.draft.with(|draft| draft.lines.iter().map(|line| line.item.id).collect::<Vec<_>>());
    view! {
        <ul class="lines" aria-label=move || t_string!(words, till.basket)>
            <For each=ids key=|id| *id let:id>
                <SaleLine till id />
            </For>
        </ul>
    }
    .into_any()
}

#[component]
fn SaleLine(till: Register, id: ItemId) -> impl IntoView {
    let words = use_i18n();
    let currency = StoredValue::new(till.store.with_value(|store| store.currency.clone()));
    let line = Memo::new(move |_| till.draft.with(|draft| draft.lines.iter().find(|line| line.item.id == id).cloned()));
    let of = move |pick: fn(&Line) -> String| line.with(|line| line.as_ref().map(pick).unwrap_or_default());
    let name = move || of(|line| line.item.name.clone());
    let amount = move |pick: fn(&Line) -> Option<model::Money>| {
        let locale = words.get_locale();
        line.with(|line| line.as_ref().and_then(pick))
            .map(|amount| currency.with_value(|currency| money(locale, currency, amount)))
    };
    let price = move || amount(|line| line.price).unwrap_or_else(|| t_string!(words, till.no_price).to_string());
    let many = move || {
        line.with(|line| line.as_ref().map(|line| quantity(words.get_locale(), line.quantity)).unwrap_or_default())
    };
    let one = move || line.with(|line| line.as_ref().is_none_or(|line| line.quantity <= model::Quantity::whole(1)));
    let open = move |pad| till.pad.set(if till.is_locked() { None } else { Some(pad) });
    view! {
        <li class="line" class:line-open=move || till.pad.with(|pad| matches!(pad, Some(PadFor::Quantity(at) | PadFor::Price(at)) if *at == id))>
            <div class="line-name">
                <strong>{name}</strong>
                <span class="line-facts">
                    <span>{move || of(|line| line.item.sku.clone())}</span>
                    <OnHand till id line />
                </span>
            </div>
            <div class="line-count">
                <Show when=move || !one() fallback=move || view! {
                    <button type="button" class="icon-button" aria-label=move || t_string!(words, till.take_out, name = name()).to_string() on:click=move |_| {
                        till.change(|draft| draft.set_quantity(id, model::Quantity::ZERO));
                        till.clear.notify();
                    }><Svg icon=Icon::Close /></button>
                }>
                    <button type="button" class="icon-button" aria-label=move || t_string!(words, till.fewer, name = name()).to_string() on:click=move |_| till.change(|draft| draft.step(id, -1))><Svg icon=Icon::Minus /></button>
                </Show>
                <button type="button" class="line-quantity" aria-label=move || t_string!(words, till.quantity_of, name = name(), quantity = many()).to_string() on:click=move |_| open(PadFor::Quantity(id))>{many}</button>
                <button type="button" class="icon-button" aria-label=move || t_string!(words, till.more, name = name()).to_string() on:click=move |_| till.change(|draft| draft.step(id, 1))><Svg icon=Icon::Plus /></button>
            </div>
            <div class="line-money">
                <strong>{move || amount(Line::sum)}</strong>
                <button type="button" class="line-price" class:line-no-price=move || line.with(|line| line.as_ref().is_some_and(|line| line.price.is_none())) aria-label=move || t_string!(words, till.price_of, name = name(), price = price()).to_string() on:click=move |_| open(PadFor::Price(id))>
                    {price}<span aria-hidden="true">{t!(words, till.each)}</span>
                </button>
            </div>
        </li>
    }
    .into_any()
}

/// What is on hand, live; a shortfall is said, and sold all the same: the customer holds the goods.
#[component]
fn OnHand(till: Register, id: ItemId, line: Memo<Option<Line>>) -> impl IntoView {
    let words = use_i18n();
    let level = Memo::new(move |_| till.levels.with(|levels| levels.on_hand(id)));
    let short = move || {
        let wanted = line.with(|line| line.as_ref().map(|line| line.quantity));
        wanted.zip(level.get()).is_some_and(|(wanted, here)| wanted > here)
    };
    view! {
        {move || level.get().map(|here| {
            let text = quantity(words.get_locale(), here);
            view! {
                <span class="line-here" class:line-short=short>
                    {move || short().then(|| view! { <Svg icon=Icon::Warning /> })}
                    {t!(words, till.here, quantity = text)}
                </span>
            }
        })}
    }
    .into_any()
}

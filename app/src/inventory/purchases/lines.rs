//! The lines of an order: written while it is a draft, and followed while its goods arrive.

use super::buy::sentence;
use super::desk::{Desk, Edit, PadFor};
use crate::prelude::*;
use crate::{
    i18n::{t, t_string, use_i18n},
    parts::{Empty, Icon, Pad, Scanned, Svg, money, quantity},
};
use model::{PurchaseLine, PurchaseState, Quantity};

/// The lines; each stays where it is while its numbers change.
#[component]
pub fn Lines(desk: Desk, writes: Memo<bool>) -> impl IntoView {
    let words = use_i18n();
    let skus = move || desk.order.with(|order| order.lines.iter().map(|line| line.sku.clone()).collect::<Vec<_>>());
    let any = Memo::new(move |_| desk.order.with(|order| !order.lines.is_empty()));
    view! {
        <Show when=move || any.get() fallback=move || view! {
            <Empty icon=Icon::Barcode title=move || t!(words, purchases.no_lines_title) text=move || t!(words, purchases.no_lines_text) />
        }>
            <ul class="lines" aria-label=move || t_string!(words, purchases.lines_name)>
                <For each=skus key=|sku| sku.clone() let:sku><Line desk writes sku /></For>
            </ul>
        </Show>
    }
}

#[component]
fn Line(desk: Desk, writes: Memo<bool>, sku: String) -> impl IntoView {
    let words = use_i18n();
    let sku = StoredValue::new(sku);
    let line = Memo::new(move |_| {
        desk.order.with(|order| sku.with_value(|sku| order.lines.iter().find(|line| line.sku == *sku).cloned()))
    });
    let currency = StoredValue::new(desk.order.with_untracked(|order| order.currency.clone()));
    let name = move || line.with(|line| line.as_ref().map(|line| line.name.clone()).unwrap_or_default());
    let ordered = move || line.with(|line| line.as_ref().map(|line| line.ordered).unwrap_or_default());
    let many = move || quantity(words.get_locale(), ordered());
    let amount = move |pick: fn(&PurchaseLine) -> Option<model::Money>| {
        let locale = words.get_locale();
        let amount = line.with(|line| line.as_ref().and_then(pick));
        amount.map(|amount| currency.with_value(|currency| money(locale, currency, amount)))
    };
    let cost = move || amount(|line| line.unit_cost).unwrap_or_else(|| t_string!(words, purchases.no_cost).to_owned());
    let lacks = move || line.with(|line| line.as_ref().is_some_and(|line| line.unit_cost.is_none()));
    let set = move |size: Quantity| desk.change(Edit::Quantity(sku.get_value(), size));
    let step = move |by: i64| {
        let size = Quantity::from_parts((ordered().parts() + by * Quantity::ONE).max(0));
        set(size);
    };
    view! {
        <li class="line purchase-line">
            <div class="line-name">
                <strong>{move || name()}</strong>
                <span class="line-facts">
                    <span>{sku.get_value()}</span>
                    {move || line.get().map(|line| facts(desk, line))}
                </span>
                {move || line.with(|line| {
                    let why = line.as_ref().and_then(|line| line.why.as_ref());
                    why.map(|why| view! { <p class="buy-why">{t!(words, purchases.why, reason = sentence(words, why, None))}</p> })
                })}
            </div>
            <Show when=move || writes.get() fallback=move || view! { <p class="line-count purchase-count">{move || many()}</p> }>
                <div class="line-count">
                    <button type="button" class="icon-button" aria-label=move || t_string!(words, till.fewer, name = name()).to_string() on:click=move |_| step(-1)>
                        <Svg icon=Icon::Minus /></button>
                    <button type="button" class="line-quantity" aria-label=move || t_string!(words, purchases.quantity_of, name = name(), quantity = many()).to_string()
                        on:click=move |_| desk.pad.set(Some(PadFor::Quantity(sku.get_value())))>{move || many()}</button>
                    <button type="button" class="icon-button" aria-label=move || t_string!(words, till.more, name = name()).to_string() on:click=move |_| step(1)>
                        <Svg icon=Icon::Plus /></button>
                </div>
            </Show>
            <div class="line-money">
                <strong>{move || amount(|line| line.value)}</strong>
                <Show when=move || writes.get() fallback=move || view! { <span class="quiet">{move || amount(|line| line.unit_cost)}</span> }>
                    <button type="button" class="line-price" class:line-no-price=move || lacks()
                        aria-label=move || t_string!(words, purchases.cost_of, name = name(), cost = cost()).to_string()
                        on:click=move |_| desk.pad.set(Some(PadFor::Cost(sku.get_value())))>{move || cost()}</button>
                </Show>
            </div>
        </li>
    }
}

/// What is to be known of a line: how far it is, or in what packs it comes.
fn facts(desk: Desk, line: PurchaseLine) -> impl IntoView {
    let words = desk.words;
    let locale = words.get_locale();
    let state = desk.order.with(|order| order.state);
    let moved = !matches!(
        state,
        PurchaseState::Draft | PurchaseState::Submitted | PurchaseState::Approved | PurchaseState::Rejected
    );
    let (received, ordered) = (quantity(locale, line.received), quantity(locale, line.ordered));
    let rejected = quantity(locale, line.rejected);
    let all = line.ordered > Quantity::ZERO && line.received >= line.ordered;
    let pack = line.multiple.filter(|_| !moved).map(|size| quantity(locale, size));
    let least = line.minimum.filter(|least| !moved && line.ordered < *least).map(|size| quantity(locale, size));
    view! {
        {(!line.code.is_empty()).then(|| view! { <span>{t!(words, purchases.their_code, code = line.code.clone())}</span> })}
        {(line.ordered == Quantity::ZERO).then(|| view! { <span class="line-extra">{t!(words, purchases.extra)}</span> })}
        {moved.then(|| view! {
            <span class="purchase-here" class:purchase-all=all>
                {all.then(|| view! { <Svg icon=Icon::Check /> })}
                {t!(words, purchases.here, received = received, ordered = ordered)}
            </span>
        })}
        {(line.rejected > Quantity::ZERO).then(|| view! { <span>{t!(words, purchases.not_taken, size = rejected)}</span> })}
        {pack.map(|size| view! { <span>{t!(words, purchases.pack, size = size)}</span> })}
        {least.map(|size| view! { <span class="line-short"><Svg icon=Icon::Warning />{t!(words, purchases.least, size = size)}</span> })}
    }
}

/// The number pad, while it is open.
#[component]
pub fn LinePad(desk: Desk) -> impl IntoView {
    let words = use_i18n();
    let Some(open) = desk.pad.get_untracked() else { return ().into_any() };
    let (PadFor::Quantity(sku) | PadFor::Cost(sku)) = &open;
    let line = desk.order.with_untracked(|order| order.lines.iter().find(|line| line.sku == *sku).cloned());
    let Some(line) = line else { return ().into_any() };
    let close = move || {
        desk.pad.set(None);
        desk.picker.clear();
    };
    let costs = matches!(open, PadFor::Cost(_));
    let (name, sku) = (line.name, StoredValue::new(line.sku));
    let start =
        if costs { line.unit_cost.map(|cost| cost.to_string()).unwrap_or_default() } else { line.ordered.to_string() };
    let title = move || match costs {
        true => t_string!(words, purchases.what_cost, name = name.clone()).to_string(),
        false => t_string!(words, purchases.how_many, name = name.clone()).to_string(),
    };
    let done = move |number: String| {
        let sku = sku.get_value();
        match costs {
            true => number.parse().into_iter().for_each(|cost| desk.change(Edit::Cost(sku.clone(), cost))),
            false => number.parse().into_iter().for_each(|size| desk.change(Edit::Quantity(sku.clone(), size))),
        }
        close();
    };
    let scan = move |code| {
        close();
        desk.picker.scanned(Scanned { code, typed: false }, Callback::new(move |picked| desk.add(&picked)));
    };
    let fractions = costs || line.unit != "piece";
    view! {
        <Pad title=title start fractions on_done=Callback::new(done) on_code=Callback::new(scan) on_close=Callback::new(move |()| close()) />
    }
    .into_any()
}

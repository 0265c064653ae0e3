//! What is proposed from one supplier: its lines, and a button of its own where there are several.

use super::desk::Desk;
use super::why::sentence;
use crate::prelude::*;
use crate::{
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    parts::{Icon, Svg, money, quantity},
};
use leptos_router::components::A;
use model::{Quantity, ToBuy};

#[component]
pub fn Supplier(desk: Desk, code: String) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let code = StoredValue::new(code);
    let of = move |pick: &dyn Fn(&ToBuy) -> String| {
        desk.buying.with(|now| {
            code.with_value(|code| now.suppliers.iter().find(|one| one.supplier == *code).map(pick).unwrap_or_default())
        })
    };
    let id = Memo::new(move |_| {
        let suppliers = desk.buying.read();
        code.with_value(|code| suppliers.suppliers.iter().find(|one| one.supplier == *code)?.supplier_id)
    });
    let skus = move || {
        let found = desk.buying.with(|now| {
            let one = now.suppliers.iter().find(|one| code.with_value(|code| one.supplier == *code));
            one.map(|one| one.lines.iter().map(|line| line.sku.clone()).collect::<Vec<_>>())
        });
        found.unwrap_or_default()
    };
    let several = Memo::new(move |_| desk.buying.with(|now| now.suppliers.len() > 1));
    let count = Memo::new(move |_| id.get().map(|id| desk.count(Some(id))).unwrap_or_default());
    let value = move || desk.store.with_value(|store| money(words.get_locale(), &store.currency, desk.value(id.get())));
    let name = move || of(&|one| one.supplier_name.clone());
    let order = move || {
        view! {
            <button type="button" class="button" disabled=move || desk.busy.get() || count.get() == 0 on:click=move |_| desk.order(id.get_untracked())>
                {t!(words, purchases.buy.order_from, count = move || count.get(), name = name)}</button>
        }
    };
    view! {
        <section class="buy-supplier">
            <header class="buy-head">
                <Show when=move || id.get().is_some() fallback=move || view! {
                    <h2>{t!(words, purchases.buy.nobody)}</h2>
                    <p class="quiet">{t!(words, purchases.buy.nobody_text)}</p>
                    <A href=move || here.link("/suppliers") attr:class="button">{t!(words, purchases.buy.to_suppliers)}</A>
                }>
                    <h2>{move || name()}<small>{move || value()}</small></h2>
                    <Show when=move || several.get()>{move || order()}</Show>
                </Show>
            </header>
            <ul class="lines" aria-label=move || name()>
                <For each=skus key=|sku| sku.clone() let:sku><Line desk sku orders=id /></For>
            </ul>
        </section>
    }
}

#[component]
fn Line(desk: Desk, sku: String, orders: Memo<Option<model::SupplierId>>) -> impl IntoView {
    let words = use_i18n();
    let sku = StoredValue::new(sku);
    let line = Memo::new(move |_| sku.with_value(|sku| desk.line(sku)));
    let name = move || line.with(|line| line.as_ref().map(|line| line.name.clone()).unwrap_or_default());
    let size = move || line.with(|line| line.as_ref().map(|line| desk.quantity(line)).unwrap_or_default());
    let many = move || quantity(words.get_locale(), size());
    let why = move || {
        let today = desk.buying.with(|now| now.day.clone());
        line.with(|line| line.as_ref().map(|line| sentence(words, &line.why, Some(&today))))
    };
    let pack = move || line.with(|line| line.as_ref().and_then(|line| line.multiple));
    let step = move |by: i64| {
        let pack = pack().filter(|pack| *pack > Quantity::ZERO).unwrap_or(Quantity::whole(1));
        let parts = size().parts().saturating_add(by * pack.parts());
        desk.set(sku.get_value(), Quantity::from_parts(parts.clamp(0, Quantity::LINE_MAX.parts())));
    };
    let amount = move || {
        let cost = line.with(|line| line.as_ref().and_then(|line| line.unit_cost));
        let value = cost.and_then(|cost| cost.checked_times(size()));
        value.map(|value| desk.store.with_value(|store| money(words.get_locale(), &store.currency, value)))
    };
    let put_off = move |_| line.get_untracked().iter().for_each(|line| desk.put_off(line));
    view! {
        <li class="line purchase-line buy-line">
            <div class="line-name">
                <strong>{move || name()}</strong>
                <span class="line-facts">
                    <span>{sku.get_value()}</span>
                    {move || pack().map(|pack| {
                        let size = quantity(words.get_locale(), pack);
                        view! { <span>{t!(words, purchases.pack, size = size)}</span> }
                    })}
                </span>
                <p class="buy-why">{move || why()}</p>
            </div>
            <Show when=move || orders.get().is_some() fallback=move || view! { <p class="line-count purchase-count">{move || many()}</p> }>
                <div class="line-count">
                    <button type="button" class="icon-button" aria-label=move || t_string!(words, till.fewer, name = name()).to_string() on:click=move |_| step(-1)>
                        <Svg icon=Icon::Minus /></button>
                    <button type="button" class="line-quantity" aria-label=move || t_string!(words, purchases.quantity_of, name = name(), quantity = many()).to_string()
                        on:click=move |_| desk.pad.set(Some(sku.get_value()))>{move || many()}</button>
                    <button type="button" class="icon-button" aria-label=move || t_string!(words, till.more, name = name()).to_string() on:click=move |_| step(1)>
                        <Svg icon=Icon::Plus /></button>
                </div>
            </Show>
            <div class="line-money"><strong>{move || amount()}</strong></div>
            <button type="button" class="button quiet buy-later" disabled=desk.busy
                aria-label=move || t_string!(words, purchases.buy.put_off_one, name = name()).to_string() on:click=put_off>
                <Svg icon=Icon::Clock />{t!(words, purchases.buy.put_off)}</button>
        </li>
    }
}

//! What a typed text may mean, and codes that meant nothing.

use super::register::Register;
use crate::{
    i18n::{t, t_string, use_i18n},
    parts::{Icon, Scanned, Svg, money, quantity},
};
use leptos::prelude::*;

/// The items that a typed text may mean.
#[component]
pub fn Results(till: Register) -> impl IntoView {
    let words = use_i18n();
    let currency = till.store.with_value(|store| store.currency.clone());
    let any = move || till.candidates.with(|found| !found.is_empty());
    let rows = move || {
        let currency = currency.clone();
        till.candidates
            .get()
            .into_iter()
            .map(move |candidate| {
                let locale = words.get_locale();
                let (name, sku) = (candidate.item.name.clone(), candidate.item.sku.clone());
                let price = candidate.item.price.map(|price| money(locale, &currency, price));
                let here = candidate.on_hand.map(|on_hand| quantity(locale, on_hand));
                view! {
                    <li>
                        <button type="button" class="result" on:click=move |_| till.choose(&candidate)>
                            <span class="result-name">{name}<small>{sku}</small></span>
                            <span class="result-facts">
                                <b>{price}</b>
                                {here.map(|here| view! { <small>{t!(words, till.here, quantity = here)}</small> })}
                            </span>
                            <Svg icon=Icon::Plus />
                        </button>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <Show when=any>
            <ul class="results" aria-label=move || t_string!(words, till.found)>{rows.clone()}</ul>
        </Show>
    }
    .into_any()
}

/// Codes that could not be turned into lines.
#[component]
pub fn HeldCodes(till: Register) -> impl IntoView {
    let words = use_i18n();
    view! {
        <For each=move || till.draft.with(|draft| draft.held.clone()) key=|held| (held.code.clone(), held.unknown) let:held>
            {
                let (again, gone) = (held.code.clone(), held.code.clone());
                let code = held.code.clone();
                view! {
                    <div class="held">
                        <Svg icon=Icon::Warning />
                        <p>{move || if held.unknown {
                            t_string!(words, till.held_unknown, code = code.clone()).to_string()
                        } else {
                            t_string!(words, till.held_unasked, code = code.clone()).to_string()
                        }}</p>
                        <button type="button" class="button" on:click=move |_| till.scanned(Scanned { code: again.clone(), typed: false })>{t!(words, common.retry)}</button>
                        <button type="button" class="icon-button" aria-label=move || t_string!(words, till.forget) on:click=move |_| {
                            till.change(|draft| draft.held.retain(|held| held.code != gone));
                            till.clear.notify();
                        }>
                            <Svg icon=Icon::Close />
                        </button>
                    </div>
                }
            }
        </For>
    }
    .into_any()
}

//! What a typed text may mean, and codes that meant nothing.

use super::draft::Held;
use crate::prelude::*;
use crate::{
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    inventory::{apart, api::Candidate, products::new_link, stock::escape},
    parts::{Icon, Svg, money, quantity},
};
use leptos_router::components::A;
use model::{Action, Item};

/// The items that a typed text may mean.
#[component]
pub fn Results(
    /// What may be meant.
    #[prop(into)]
    found: Signal<Vec<Candidate>>,
    /// The store's currency.
    currency: String,
    /// This one was.
    on_choose: Callback<Item>,
) -> impl IntoView {
    let words = use_i18n();
    let any = move || found.with(|found| !found.is_empty());
    let near = move || found.with(|found| found.first().is_some_and(|first| first.near));
    let rows = move || {
        let currency = currency.clone();
        let row = move |candidate: Candidate| {
            let locale = words.get_locale();
            let (name, sku) = (candidate.item.name.clone(), candidate.item.sku.clone());
            let price = candidate.item.price.map(|price| money(locale, &currency, price));
            let here = candidate.on_hand.map(|on_hand| quantity(locale, on_hand));
            let more = candidate.levels.map(|levels| apart(words, &levels)).filter(|more| !more.is_empty());
            view! {
                <li>
                    <button type="button" class="result" on:click=move |_| on_choose.run(candidate.item.clone())>
                        <span class="result-name">{name}<small>{sku}</small>{more.map(|more| view! { <small>{more}</small> })}</span>
                        <span class="result-facts">
                            <b>{price}</b>
                            {here.map(|here| view! { <small>{t!(words, till.here, quantity = here)}</small> })}
                        </span>
                        <Svg icon=Icon::Plus />
                    </button>
                </li>
            }
        };
        found.get().into_iter().map(row).collect_view()
    };
    view! {
        <Show when=near>
            <p class="results-near" role="status">{t!(words, till.near)}</p>
        </Show>
        <Show when=any>
            <ul class="results" aria-label=move || t_string!(words, till.found)>{rows.clone()}</ul>
        </Show>
    }
}

/// Codes that meant nothing yet, each with the ways on.
#[component]
pub fn HeldCodes(
    /// The codes.
    #[prop(into)]
    held: Signal<Vec<Held>>,
    /// Look that one up again.
    again: Callback<String>,
    /// Forget that one.
    drop: Callback<String>,
) -> impl IntoView {
    view! {
        <For each=move || held.get() key=|held| (held.code.clone(), held.unknown) let:held>
            <HeldCode held again drop />
        </For>
    }
}

#[component]
fn HeldCode(held: Held, again: Callback<String>, drop: Callback<String>) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let unknown = held.unknown;
    let may_add = move || unknown && here.may(Action::EditItems);
    // Who does not keep the products tells whoever does.
    let may_help = move || unknown && (here.may(Action::EditItems) || here.may(Action::Adjust));
    let code = StoredValue::new(held.code);
    let help = move || {
        let store = here.store().read().code.clone();
        code.with_value(|code| {
            if may_add() { new_link(code, &store) } else { format!("/exceptions?store={store}&tell={}", escape(code)) }
        })
    };
    let text = move || {
        let code = code.get_value();
        if may_add() {
            t_string!(words, till.held_new, code = code).to_string()
        } else if unknown {
            t_string!(words, till.held_unknown, code = code).to_string()
        } else {
            t_string!(words, till.held_unasked, code = code).to_string()
        }
    };
    view! {
        <div class="held">
            <Svg icon=Icon::Warning />
            <p>{move || text()}</p>
            <div class="held-ways">
                <Show when=may_help>
                    <A href=move || help() attr:class="button primary">
                        {move || if may_add() { t_string!(words, products.add_scanned) } else { t_string!(words, till.tell) }}
                    </A>
                </Show>
                <button type="button" class="button" on:click=move |_| again.run(code.get_value())>
                    {move || if unknown { t_string!(words, day.scan.search) } else { t_string!(words, common.retry) }}
                </button>
            </div>
            <button type="button" class="icon-button" aria-label=move || t_string!(words, till.forget) on:click=move |_| drop.run(code.get_value())>
                <Svg icon=Icon::Close />
            </button>
        </div>
    }
}

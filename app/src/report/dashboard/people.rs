//! What the stock is worth, and what colleagues are doing now.

use super::{now::Now, rows, tiles::to_the_cent};
use crate::prelude::*;
use crate::{
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    in_turn::in_turn,
    inventory::{Ago, Clock, lit},
    parts::{Icon, Svg, money, quantity},
    prefs::Words,
};
use leptos_router::components::A;
use model::{DocumentKind, LastAct, Money, Quantity, StockValue};

/// What the stock is worth, and by what rule, in words.
#[component]
pub fn Worth(now: Now, currency: String) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let code = StoredValue::new(currency);
    let amount = move |value: Money| money(words.get_locale(), &code.get_value(), to_the_cent(value.parts()));
    let items = move |number: i64| quantity(words.get_locale(), Quantity::whole(number));
    let value = move || now.with(|now| now.value.clone());
    let sum = move || {
        let StockValue { at_cost, at_price, .. } = value();
        amount(at_cost.checked_add(at_price).unwrap_or(at_cost))
    };
    let costed = move || {
        let StockValue { at_cost, costed, .. } = value();
        t_string!(words, dashboard.worth_cost, amount = amount(at_cost), items = items(costed)).to_string()
    };
    let priced = move || {
        let StockValue { at_price, priced, .. } = value();
        let text =
            t_string!(words, dashboard.worth_price, amount = amount(at_price), items = items(priced)).to_string();
        (priced > 0).then(|| view! { <li>{text}</li> })
    };
    let unknown = move || {
        let unknown = value().unknown;
        let text = t_string!(words, dashboard.worth_unknown, items = items(unknown)).to_string();
        (unknown > 0).then(|| view! { <li>{text}</li> })
    };
    in_turn(move || {
        view! {
            <section class="card worth">
                <h2>{t!(words, dashboard.worth)}</h2>
                <A href=move || rows::worth(here) attr:class="worth-sum">
                    <span class=move || lit(now.changes.get())>{move || sum()}</span><Svg icon=Icon::Chevron />
                </A>
                <ul class="worth-rule">
                    <li>{move || costed()}</li>
                    {move || priced()}
                    {move || unknown()}
                </ul>
                <A href=move || rows::margins(here) attr:class="button">{t!(words, costing.margin.title)}</A>
            </section>
        }
    })
}

/// What each colleague did last.
#[component]
pub fn Colleagues(now: Now) -> impl IntoView {
    let words = use_i18n();
    let zone = StoredValue::new(use_here().store().get_untracked().time_zone);
    let clock = Clock::start();
    let list = move || {
        let people = now.with(|now| now.people.clone()).unwrap_or_default();
        let line = |act: LastAct| {
            let (at, name, did) = (act.at, act.actor.clone(), act.clone());
            view! {
                <li class="colleague">
                    <Svg icon=icon(act.kind) />
                    <span class="colleague-words"><strong>{name}</strong><span>{move || did_what(words, &did)}</span></span>
                    <Ago at zone=zone.get_value() clock />
                </li>
            }
        };
        if people.is_empty() {
            view! { <p class="card-text">{t!(words, dashboard.nobody)}</p> }
        } else {
            view! { <ul class="colleagues">{people.into_iter().map(line).collect_view()}</ul> }
        }
    };
    view! {
        <Show when=move || now.with(|now| now.people.is_some())>
            <section class="card">
                <h2>{t!(words, dashboard.people)}</h2>
                {move || list()}
            </section>
        </Show>
    }
}

const fn icon(kind: DocumentKind) -> Icon {
    match kind {
        DocumentKind::Sale => Icon::Till,
        DocumentKind::Return => Icon::Return,
        DocumentKind::Receipt => Icon::Receive,
        DocumentKind::Adjustment => Icon::Box,
        DocumentKind::Reversal => Icon::Undo,
        DocumentKind::Transfer => Icon::Move,
        DocumentKind::SupplierReturn => Icon::Truck,
    }
}

/// `sold White lantern and 2 more`.
fn did_what(words: Words, act: &LastAct) -> String {
    let item = if act.lines > 1 {
        let more = quantity(words.get_locale(), Quantity::whole(act.lines - 1));
        t_string!(words, dashboard.and_more, item = act.item.clone(), more = more).to_string()
    } else {
        act.item.clone()
    };
    match act.kind {
        DocumentKind::Sale => t_string!(words, dashboard.did_sell, item = item).to_string(),
        DocumentKind::Return => t_string!(words, dashboard.did_take_back, item = item).to_string(),
        DocumentKind::Receipt => t_string!(words, dashboard.did_receive, item = item).to_string(),
        DocumentKind::Adjustment => t_string!(words, dashboard.did_correct, item = item).to_string(),
        DocumentKind::Reversal => t_string!(words, dashboard.did_undo, item = item).to_string(),
        DocumentKind::Transfer => t_string!(words, dashboard.did_move, item = item).to_string(),
        DocumentKind::SupplierReturn => t_string!(words, dashboard.did_send_back, item = item).to_string(),
    }
}

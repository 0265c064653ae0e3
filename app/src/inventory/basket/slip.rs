//! What is written beside the lines: the delivery note's number, or why goods came back.

use super::{kind::Kind, register::Register};
use crate::prelude::*;
use crate::{
    i18n::{t, t_string, use_i18n},
    inventory::reason::{BROUGHT_BACK, Reasons},
};
use model::ReturnTo;

/// The longest number that a document takes.
const NUMBER_MAX: &str = "64";

/// The fields of the slip.
#[component]
pub fn Slip(basket: Register) -> impl IntoView {
    let words = use_i18n();
    let number = Signal::derive(move || basket.draft.with(|draft| draft.number.clone()));
    let reason = Signal::derive(move || basket.draft.with(|draft| draft.reason.clone()));
    let label = move || match basket.kind {
        Kind::Receipt => t_string!(words, day.receive.number),
        _ => t_string!(words, day.back.number),
    };
    // The same reason pressed again takes it back.
    let choose = move |chosen: &'static str| {
        basket.change(|draft| draft.reason = if draft.reason == chosen { String::new() } else { chosen.to_owned() });
        basket.clear.notify();
    };
    view! {
        <div class="field">
            <label for="slip-number">{move || label()}</label>
            <input id="slip-number" type="text" autocomplete="off" maxlength=NUMBER_MAX prop:value=number
                on:input:target=move |event| basket.change(|draft| draft.number = event.target().value()) />
        </div>
        {(basket.kind == Kind::Return).then(|| view! {
            <Reasons reasons=&BROUGHT_BACK question=Signal::derive(move || t_string!(words, day.back.why).to_string()) chosen=reason on_choose=Callback::new(choose) />
            <Where basket />
        })}
    }
}

/// Where goods go that come back, and what that means.
#[component]
fn Where(basket: Register) -> impl IntoView {
    let words = use_i18n();
    let chosen = Memo::new(move |_| basket.draft.with(|draft| draft.to));
    let name = move |to| match to {
        ReturnTo::Shelf => t_string!(words, day.back.shelf),
        ReturnTo::Quarantine => t_string!(words, aside.title),
        ReturnTo::Scrap => t_string!(words, aside.scrap),
    };
    let means = move || match chosen.get() {
        ReturnTo::Shelf => t_string!(words, day.back.to_the_shelf),
        ReturnTo::Quarantine => t_string!(words, day.back.to_the_side),
        ReturnTo::Scrap => t_string!(words, day.back.to_scrap),
    };
    let choices = [ReturnTo::Shelf, ReturnTo::Quarantine, ReturnTo::Scrap].map(|to| {
        let choose = move |_| {
            basket.change(|draft| draft.to = to);
            basket.clear.notify();
        };
        view! {
            <button type="button" class="choice" aria-pressed=move || if chosen.get() == to { "true" } else { "false" } on:click=choose>
                {move || name(to)}
            </button>
        }
    });
    view! {
        <fieldset class="choices"><legend>{t!(words, day.back.where_to)}</legend>{choices.collect_view()}</fieldset>
        <p class="quiet">{move || means()}</p>
    }
}

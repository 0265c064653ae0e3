//! An order being written: scanned or searched lines, who it is for; each change is saved at once, so that two people
//! write at one order.

use super::{api::change_order, board::Board};
use crate::prelude::*;
use crate::{
    frame::use_here,
    i18n::{t, t_string, tu_string, use_i18n},
    inventory::api::{Candidate, find, search},
    parts::{Icon, ScanField, Scanned, Svg, Tone, quantity},
};
use leptos::{ev, task::spawn_local};
use model::{NewLine, Order, OrderContent, OrderLine, Quantity};

/// What a draft says, to be sent again with a change.
fn content(order: &Order) -> OrderContent {
    let lines = order.lines.iter();
    OrderContent {
        customer: order.customer.clone(),
        contact: order.contact.clone(),
        reference: order.reference.clone(),
        note: order.note.clone(),
        due_on: order.due_on.clone(),
        lines: lines
            .map(|line| NewLine {
                sku: line.sku.clone(),
                quantity: line.quantity,
                unit_price: line.unit_price,
                lot: None,
                serials: Vec::new(),
            })
            .collect(),
    }
}

/// Saves the draft with a change, unless that is none.
fn save(board: Board, change: impl FnOnce(&mut OrderContent)) {
    let (id, seen) = (board.id, board.order.read_untracked().version);
    let before = board.order.with_untracked(content);
    let mut after = before.clone();
    change(&mut after);
    // So many may cost another price each: it is looked up for them.
    for line in &mut after.lines {
        let same = before.lines.iter().any(|one| one.sku == line.sku && one.quantity == line.quantity);
        line.unit_price = line.unit_price.filter(|_| same);
    }
    if after != before {
        board.send(change_order(id, seen, after), None);
    }
}

/// So many more of an item.
fn add(board: Board, sku: &str, quantity: Quantity) {
    save(board, |content| match content.lines.iter_mut().find(|line| line.sku == sku) {
        Some(line) => line.quantity = line.quantity.checked_add(quantity).unwrap_or(line.quantity),
        None => {
            content.lines.push(NewLine {
                sku: sku.to_owned(),
                quantity,
                unit_price: None,
                lot: None,
                serials: Vec::new(),
            });
        }
    });
}

/// The order as it is written.
#[component]
pub fn Draft(board: Board) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let found = RwSignal::new(Vec::<Candidate>::new());
    let clear = Trigger::new();
    let turn = StoredValue::new(0_u32);
    let on_code = Callback::new(move |Scanned { code, .. }: Scanned| {
        let store = here.store().get_untracked().code;
        found.set(Vec::new());
        spawn_local(async move {
            match find(store, code.clone()).await {
                Ok(Some(meant)) => add(board, &meant.item.sku, meant.quantity),
                Ok(None) => board.say(Tone::Bad, tu_string!(words, orders.unknown, code = code).to_string()),
                Err(wrong) => drop(board.failure.try_set(Some(wrong))),
            }
        });
    });
    let on_text = Callback::new(move |text: String| {
        turn.update_value(|turn| *turn += 1);
        let this = turn.get_value();
        if text.trim().is_empty() {
            return found.set(Vec::new());
        }
        let store = here.store().get_untracked().code;
        spawn_local(async move {
            let answer = search(store, text).await;
            // Only the latest question counts.
            if turn.try_get_value() == Some(this) {
                match answer {
                    Ok(candidates) => found.set(candidates),
                    Err(wrong) => board.failure.set(Some(wrong)),
                }
            }
        });
    });
    let choose = move |sku: String| {
        found.set(Vec::new());
        clear.notify();
        add(board, &sku, Quantity::whole(1));
    };
    let results = move || {
        found.get().into_iter().map(move |candidate| {
            let there = candidate.on_hand.map(|on_hand| quantity(words.get_locale(), on_hand));
            let (name, sku) = (candidate.item.name, candidate.item.sku.clone());
            view! {
                <li>
                    <button type="button" class="result" on:click=move |_| choose(candidate.item.sku.clone())>
                        <span class="result-name">{name}<small>{sku}</small></span>
                        <span class="result-facts"><b>{there}</b></span>
                        <Svg icon=Icon::Plus />
                    </button>
                </li>
            }
        })
    };
    let empty = move || board.order.read().lines.is_empty();
    view! {
        <ScanField on_code on_text clear />
        <Show when=move || { found.with(|found| !found.is_empty()) }>
            <ul class="results" aria-label=move || t_string!(words, till.found)>{move || results().collect_view()}</ul>
        </Show>
        <Show when=move || !empty() fallback=move || view! { <p class="card order-hint">{t!(words, orders.scan_first)}</p> }>
            <ul class="order-lines card" aria-label=move || t_string!(words, orders.lines)>
                {move || board.order.read().lines.iter().cloned().map(|line| view! { <Line board line /> }).collect_view()}
            </ul>
        </Show>
        <Who board />
    }
}

#[component]
fn Line(board: Board, line: OrderLine) -> impl IntoView {
    let words = use_i18n();
    let at = line.line;
    let place = move |content: &OrderContent| usize::try_from(at - 1).ok().filter(|at| *at < content.lines.len());
    let typed = move |event: ev::Event| {
        // What is no number stays as it was; the server says what else is wrong.
        let text = event_target_value(&event).trim().replace(',', ".");
        let Ok(wanted) = text.parse::<Quantity>() else { return board.order.update(|_| {}) };
        save(board, |content| {
            if let Some(at) = place(content) {
                content.lines[at].quantity = wanted;
            }
        });
    };
    let remove = move |_| {
        save(board, |content| {
            if let Some(at) = place(content) {
                content.lines.remove(at);
            }
        });
    };
    let name = StoredValue::new(line.name.clone());
    let about = move || tu_string!(words, orders.how_many, name = name.get_value()).to_string();
    view! {
        <li class="order-line" data-line=line.sku.clone()>
            <div class="order-line-name"><span>{line.name.clone()}</span><small>{line.sku.clone()}</small></div>
            <input class="order-quantity" inputmode="decimal" autocomplete="off" maxlength="16" aria-label=about
                value=line.quantity.to_string() prop:value=line.quantity.to_string() on:change=typed />
            <button type="button" class="icon-button" disabled=board.busy on:click=remove
                aria-label=move || tu_string!(words, orders.remove, name = name.get_value()).to_string()>
                <Svg icon=Icon::Close />
            </button>
        </li>
    }
}

/// Who it is for; saved when a field is left.
#[component]
fn Who(board: Board) -> impl IntoView {
    let words = use_i18n();
    let given = |event: &ev::Event| Some(event_target_value(event).trim().to_owned()).filter(|text| !text.is_empty());
    let of = move |pick: fn(&Order) -> &Option<String>| {
        move || board.order.with(|order| pick(order).clone().unwrap_or_default())
    };
    view! {
        <fieldset class="card order-who-form">
            <legend>{t!(words, orders.who)}</legend>
            <p class="hint">{t!(words, orders.who_hint)}</p>
            <div class="field">
                <label for="order-customer">{t!(words, orders.customer)}</label>
                <input id="order-customer" autocomplete="off" maxlength="100" prop:value=of(|order| &order.customer)
                    on:change=move |event| { let text = given(&event); save(board, |content| content.customer = text) } />
            </div>
            <div class="field">
                <label for="order-contact">{t!(words, orders.contact)}</label>
                <input id="order-contact" autocomplete="off" maxlength="200" prop:value=of(|order| &order.contact)
                    on:change=move |event| { let text = given(&event); save(board, |content| content.contact = text) } />
            </div>
            <div class="field">
                <label for="order-due">{t!(words, orders.due_on)}</label>
                <input id="order-due" type="date" prop:value=of(|order| &order.due_on)
                    on:change=move |event| { let text = given(&event); save(board, |content| content.due_on = text) } />
            </div>
            <div class="field">
                <label for="order-note">{t!(words, orders.note)}</label>
                <input id="order-note" autocomplete="off" maxlength="500" prop:value=of(|order| &order.note)
                    on:change=move |event| { let text = given(&event); save(board, |content| content.note = text) } />
            </div>
        </fieldset>
    }
}

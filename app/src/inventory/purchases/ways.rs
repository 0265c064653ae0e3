//! The rest of what can be done with an order: its note and dates, and the ways that end it.

use super::desk::{Desk, Edit};
use crate::i18n::{t, use_i18n};
use crate::prelude::*;
use leptos::ev;
use model::PurchaseStep;

/// The day, the supplier's number, and a word to them.
#[component]
pub fn Head(desk: Desk) -> impl IntoView {
    let words = use_i18n();
    let text = |pick: fn(&model::Purchase) -> Option<String>| move || desk.order.with(pick).unwrap_or_default();
    let (due, reference, note) =
        (text(|order| order.due_on.clone()), text(|order| order.reference.clone()), text(|order| order.note.clone()));
    let (typed_due, typed_reference, typed_note) =
        (RwSignal::new(None::<String>), RwSignal::new(None::<String>), RwSignal::new(None::<String>));
    let save = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let of = |typed: RwSignal<Option<String>>, kept: &dyn Fn() -> String| {
            typed.get_untracked().unwrap_or_else(|| untrack(kept))
        };
        desk.change(Edit::Head(of(typed_due, &due), of(typed_reference, &reference), of(typed_note, &note)));
    };
    view! {
        <details class="purchase-more">
            <summary>{t!(words, purchases.details)}</summary>
            <form on:submit=save>
                <div class="field"><label for="order-due">{t!(words, purchases.due_on)}</label>
                    <input id="order-due" type="date" prop:value=move || due() value=untrack(due) on:input=move |event| typed_due.set(Some(event_target_value(&event))) /></div>
                <div class="field"><label for="order-reference">{t!(words, purchases.reference)}</label>
                    <input id="order-reference" maxlength="64" autocomplete="off" prop:value=move || reference() value=untrack(reference) on:input=move |event| typed_reference.set(Some(event_target_value(&event))) /></div>
                <div class="field"><label for="order-note">{t!(words, purchases.note)}</label>
                    <input id="order-note" maxlength="1000" autocomplete="off" prop:value=move || note() value=untrack(note) on:input=move |event| typed_note.set(Some(event_target_value(&event))) /></div>
                <button type="submit" class="button wide">{t!(words, purchases.keep)}</button>
            </form>
        </details>
    }
}

/// Not approving it, giving it up, closing it without the rest: each with why.
#[component]
pub fn Ways(desk: Desk) -> impl IntoView {
    let words = use_i18n();
    let reason = RwSignal::new(String::new());
    let rejects = move || desk.may(PurchaseStep::Reject);
    let cancels = move || desk.may(PurchaseStep::Cancel);
    let short = move || desk.may(PurchaseStep::Close) && desk.may(PurchaseStep::Receive) && !all_here(desk);
    let given = move || Some(reason.get_untracked().trim().to_owned()).filter(|reason| !reason.is_empty());
    let silent = move || reason.with(|reason| reason.trim().is_empty());
    view! {
        <Show when=move || rejects() || cancels() || short()>
            <details class="purchase-more">
                <summary>{t!(words, purchases.other)}</summary>
                <div class="field"><label for="order-reason">{t!(words, purchases.reason)}</label>
                    <input id="order-reason" maxlength="200" autocomplete="off" prop:value=reason on:input=move |event| reason.set(event_target_value(&event)) /></div>
                <Show when=rejects>
                    <button type="button" class="button wide" disabled=move || silent() || desk.busy.get() on:click=move |_| desk.step(PurchaseStep::Reject, given())>{t!(words, purchases.reject)}</button>
                </Show>
                <Show when=short>
                    <button type="button" class="button wide" disabled=move || silent() || desk.busy.get() on:click=move |_| desk.step(PurchaseStep::Close, given())>{t!(words, purchases.close_short)}</button>
                </Show>
                <Show when=cancels>
                    <button type="button" class="button wide" disabled=desk.busy on:click=move |_| desk.step(PurchaseStep::Cancel, given())>{t!(words, purchases.cancel)}</button>
                </Show>
            </details>
        </Show>
    }
}

fn all_here(desk: Desk) -> bool {
    desk.order.with(|order| order.state == model::PurchaseState::Received)
}

//! What may differ without a second look: two numbers, for whoever approves.

use super::api::set_count_tolerance;
use crate::prelude::*;
use crate::{
    failure::Failure,
    i18n::{t, use_i18n},
    parts::{Notice, as_number, to_type},
};
use leptos::{ev, task::spawn_local};
use model::CountTolerance;

/// The form.
#[component]
pub fn Tolerance(
    /// The store's code.
    store: StoredValue<String>,
    /// How it is.
    tolerance: CountTolerance,
) -> impl IntoView {
    let words = use_i18n();
    let locale = words.get_locale_untracked();
    let (percent, pieces) =
        (RwSignal::new(to_type(locale, tolerance.percent)), RwSignal::new(to_type(locale, tolerance.quantity)));
    let (busy, failure, saved) = (RwSignal::new(false), RwSignal::new(None::<Failure>), RwSignal::new(false));
    let typed =
        move || Some(CountTolerance { percent: as_number(&percent.read())?, quantity: as_number(&pieces.read())? });
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let Some(tolerance) = untrack(typed) else { return };
        busy.set(true);
        spawn_local(async move {
            let answer = set_count_tolerance(store.get_value(), tolerance).await;
            if busy.try_set(false).is_none() {
                saved.set(answer.is_ok());
                failure.set(answer.err());
            }
        });
    };
    view! {
        <details class="count-tolerance">
            <summary>{t!(words, counting.tolerance)}</summary>
            <form class="card" on:submit=on_submit>
                <p class="card-text">{t!(words, counting.tolerance_help)}</p>
                <div class="field">
                    <label for="tolerance-percent">{t!(words, counting.percent)}</label>
                    <input id="tolerance-percent" inputmode="decimal" maxlength="12" autocomplete="off" prop:value=percent on:input:target=move |event| { saved.set(false); percent.set(event.target().value()) } />
                </div>
                <div class="field">
                    <label for="tolerance-pieces">{t!(words, counting.pieces)}</label>
                    <input id="tolerance-pieces" inputmode="decimal" maxlength="12" autocomplete="off" prop:value=pieces on:input:target=move |event| { saved.set(false); pieces.set(event.target().value()) } />
                </div>
                <Notice failure />
                <button type="submit" class="button wide" disabled=move || busy.get() || typed().is_none()>{t!(words, counting.save)}</button>
                <p role="status">{move || saved.get().then(|| t!(words, counting.saved))}</p>
            </form>
        </details>
    }
}

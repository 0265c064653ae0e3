//! Reasons: stored in these words, shown in the reader's language.

use crate::prelude::*;
use crate::{
    i18n::{t, t_string, use_i18n},
    prefs::Words,
};

/// Why a number was wrong.
pub const COUNTED: [&str; 5] = ["miscounted", "found", "damaged", "lost", "own use"];
/// Why goods came back.
pub const BROUGHT_BACK: [&str; 3] = ["changed mind", "wrong item", "did not fit"];
/// Why an exception is fine as it is.
pub const FINE: [&str; 2] = ["will be booked later", "known and fine"];
/// How a sale of what must not be sold was handled, where it is not undone.
pub const HANDLED: [&str; 3] = ["customer told", "customer unknown", "brought back"];

/// The reason in the reader's language; words of one's own stay as they are.
#[must_use]
pub fn reason(words: Words, stored: &str) -> String {
    match stored {
        "miscounted" => t_string!(words, item.fix.miscounted).to_string(),
        "found" => t_string!(words, item.fix.found).to_string(),
        "damaged" => t_string!(words, item.fix.damaged).to_string(),
        "lost" => t_string!(words, item.fix.lost).to_string(),
        "own use" => t_string!(words, item.fix.own_use).to_string(),
        "changed mind" => t_string!(words, day.reason.changed_mind).to_string(),
        "wrong item" => t_string!(words, day.reason.wrong_item).to_string(),
        "did not fit" => t_string!(words, day.reason.did_not_fit).to_string(),
        "nothing wrong" => t_string!(words, aside.nothing_wrong).to_string(),
        "wrong" => t_string!(words, purchases.returns.reason.wrong).to_string(),
        "expired" => t_string!(words, purchases.returns.reason.expired).to_string(),
        "too_many" => t_string!(words, purchases.returns.reason.too_many).to_string(),
        "recalled" => t_string!(words, purchases.returns.reason.recalled).to_string(),
        "will be booked later" => t_string!(words, day.reason.later).to_string(),
        "known and fine" => t_string!(words, day.reason.fine).to_string(),
        "customer told" => t_string!(words, day.reason.customer_told).to_string(),
        "customer unknown" => t_string!(words, day.reason.customer_unknown).to_string(),
        "brought back" => t_string!(words, day.reason.brought_back).to_string(),
        other => other.to_owned(),
    }
}

/// One tile per reason; the chosen one is pressed.
#[component]
pub fn Reasons(
    /// Which to choose from.
    reasons: &'static [&'static str],
    /// The question above them.
    #[prop(into)]
    question: Signal<String>,
    /// The one chosen.
    #[prop(into)]
    chosen: Signal<String>,
    /// One was pressed.
    on_choose: Callback<&'static str>,
) -> impl IntoView {
    let words = use_i18n();
    view! {
        <fieldset class="choices">
            <legend>{question}</legend>
            {reasons.iter().map(|stored| view! {
                <button
                    type="button"
                    class="choice"
                    aria-pressed=move || if chosen.with(|chosen| chosen.as_str() == *stored) { "true" } else { "false" }
                    on:click=move |_| on_choose.run(*stored)
                >
                    {move || reason(words, stored)}
                </button>
            }).collect_view()}
        </fieldset>
    }
}

/// `Did you mean 12, not 1212?`, with both answers.
#[component]
pub fn DidYouMean(
    /// What was probably meant.
    meant: model::Quantity,
    /// What was typed.
    typed: model::Quantity,
    /// It was that.
    on_meant: Callback<()>,
    /// It is right as it was typed.
    on_typed: Callback<()>,
) -> impl IntoView {
    let words = use_i18n();
    let shown = move |quantity| crate::parts::quantity(words.get_locale(), quantity);
    view! {
        <div class="did-you-mean" role="group" aria-label=move || t_string!(words, day.odd.question, meant = shown(meant), typed = shown(typed)).to_string()>
            <p>{t!(words, day.odd.question, meant = move || shown(meant), typed = move || shown(typed))}</p>
            <button type="button" class="button" on:click=move |_| on_meant.run(())>{t!(words, day.odd.meant, meant = move || shown(meant))}</button>
            <button type="button" class="button" on:click=move |_| on_typed.run(())>{t!(words, day.odd.typed, typed = move || shown(typed))}</button>
        </div>
    }
}

//! How much of a product orders and web shops may promise: one of three, chosen with a tap, and the way back.

use super::form::{Deed, Form};
use crate::prelude::*;
use crate::{
    i18n::{t, t_string, use_i18n},
    prefs::Words,
};
use model::{Bulk, PromisePolicy};

/// The policy in the store's words.
fn name(words: Words, policy: PromisePolicy) -> &'static str {
    match policy {
        PromisePolicy::Forbid => t_string!(words, products.promise.forbid),
        PromisePolicy::Warn => t_string!(words, products.promise.warn),
        PromisePolicy::Allow => t_string!(words, products.promise.allow),
    }
}

/// The card with the three choices. What somebody else chooses shows at once.
#[component]
pub fn Promise(form: Form, may_edit: bool) -> impl IntoView {
    let words = use_i18n();
    let is = move |policy| form.base.read().promise == policy;
    let choice = move |policy: PromisePolicy| {
        let choose = move |_| {
            if !untrack(|| is(policy)) {
                form.act(Bulk::Promise(policy), Deed::Promise);
            }
        };
        view! {
            <button type="button" class="choice" aria-pressed=move || is(policy).to_string() disabled=move || !may_edit || form.busy.get() on:click=choose>
                {move || name(words, policy)}
            </button>
        }
    };
    view! {
        <section class="card" aria-labelledby="product-promise">
            <h2 id="product-promise">{t!(words, products.promise.title)}</h2>
            <p class="card-text">{t!(words, products.promise.hint)}</p>
            <div class="choices" role="group" aria-labelledby="product-promise">{PromisePolicy::ALL.into_iter().map(choice).collect_view()}</div>
        </section>
    }
}

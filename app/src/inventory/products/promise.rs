//! How much of a product may be promised, in the store and over the web: each one of a few, chosen with a tap, and the way
//! back.

use super::form::{Deed, Form};
use crate::prelude::*;
use crate::{
    i18n::{t, t_string, use_i18n},
    prefs::Words,
};
use model::{Bulk, PromisePolicy};

/// The policy in the store's words; none is as elsewhere.
fn name(words: Words, policy: Option<PromisePolicy>) -> &'static str {
    match policy {
        Some(PromisePolicy::Forbid) => t_string!(words, products.promise.forbid),
        Some(PromisePolicy::Warn) => t_string!(words, products.promise.warn),
        Some(PromisePolicy::Allow) => t_string!(words, products.promise.allow),
        None => t_string!(words, products.promise.as_elsewhere),
    }
}

/// The card with the choices. What somebody else chooses shows at once.
#[component]
pub fn Promise(form: Form, may_edit: bool) -> impl IntoView {
    let words = use_i18n();
    let choice = move |policy: Option<PromisePolicy>, is: Signal<bool>, bulk: Bulk| {
        let choose = move |_| {
            if !is.get_untracked() {
                form.act(bulk.clone(), Deed::Promise);
            }
        };
        view! {
            <button type="button" class="choice" aria-pressed=move || is.get().to_string() disabled=move || !may_edit || form.busy.get() on:click=choose>
                {move || name(words, policy)}
            </button>
        }
    };
    let here = move |policy: PromisePolicy| {
        let is = Signal::derive(move || form.base.read().promise == policy);
        choice(Some(policy), is, Bulk::Promise(policy))
    };
    let web = move |policy: Option<PromisePolicy>| {
        let is = Signal::derive(move || form.base.read().web_promise == policy);
        choice(policy, is, Bulk::WebPromise(policy))
    };
    let all = PromisePolicy::ALL.into_iter();
    view! {
        <section class="card" aria-labelledby="product-promise">
            <h2 id="product-promise">{t!(words, products.promise.title)}</h2>
            <p class="card-text">{t!(words, products.promise.hint)}</p>
            <div class="choices" role="group" aria-labelledby="product-promise">{all.clone().map(here).collect_view()}</div>
            <h3 id="product-web-promise">{t!(words, products.promise.web)}</h3>
            <p class="card-text">{t!(words, products.promise.web_hint)}</p>
            <div class="choices" role="group" aria-labelledby="product-web-promise">
                {std::iter::once(None).chain(all.map(Some)).map(web).collect_view()}
            </div>
        </section>
    }
}

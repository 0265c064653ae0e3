//! The step in which a store is opened: its name, and guesses for the rest.

use super::{
    api::{AddStore, how_far, what_is_there},
    guess,
    page::link,
    steps::Step,
};
use crate::{
    i18n::{t, t_string, use_i18n},
    parts::{Icon, Notice, Skeleton, Svg},
    people::{Field, flaw_of},
};
use crate::{json::brought, prelude::*};
use leptos_router::components::A;
use model::{Error, Store};

/// Currencies to choose from; any other code of ISO 4217 can be typed.
const COMMON: [&str; 12] = ["EUR", "GBP", "USD", "MXN", "ARS", "CLP", "COP", "PEN", "CHF", "CAD", "AUD", "JPY"];

/// Step 2 of the set-up.
#[component]
pub(super) fn StoreStep(token: String) -> impl IntoView {
    let words = use_i18n();
    let known = brought(
        {
            let token = token.clone();
            move || token.clone()
        },
        how_far,
    );
    let (next, back) = (link(&token, "administrator"), link(&token, "language"));
    let step = StoredValue::new(token);
    view! {
        <Step at=2 title=Signal::derive(move || t_string!(words, setup.store.title).to_owned()) text=Signal::derive(move || t_string!(words, setup.store.text).to_owned())
            skip=next back>
            <Suspense fallback=|| view! { <Skeleton rows=4 /> }>
                {drawn(move || async move {
                    match known.await {
                        Ok(known) if known.stores.is_empty() => view! { <Form token=Some(step.get_value()) /> },
                        Ok(known) => view! { <There stores=known.stores next=link(&step.get_value(), "administrator") /> },
                        Err(failure) => view! { <Notice failure=Signal::stored(Some(failure)) /> },
                    }
                })}
            </Suspense>
        </Step>
    }
}

/// What was opened before.
#[component]
fn There(stores: Vec<Store>, next: String) -> impl IntoView {
    let words = use_i18n();
    let names = stores.iter().map(|store| store.name.clone()).collect::<Vec<_>>().join(", ");
    view! {
        <p class="notice" role="status"><Svg icon=Icon::Check /><span>{move || t_string!(words, setup.store.there, names = names.clone()).to_string()}</span></p>
        <A href=next attr:class="button primary wide">{t!(words, setup.store.keep)}</A>
    }
}

/// `/setup/store`: the same for an administrator, who opens one more store.
#[component]
pub fn NewStorePage() -> impl IntoView {
    let words = use_i18n();
    let known = brought(|| (), |()| what_is_there());
    view! {
        <Step at=2 title=Signal::derive(move || t_string!(words, setup.store.title).to_owned()) text=Signal::derive(move || t_string!(words, setup.store.text).to_owned())
            skip="/setup/products">
            <Suspense fallback=|| view! { <Skeleton rows=4 /> }>
                {drawn(move || async move {
                    match known.await {
                        Ok(_) => view! { <Form token=None /> },
                        Err(failure) => view! { <Notice failure=Signal::stored(Some(failure)) /> },
                    }
                })}
            </Suspense>
        </Step>
    }
}

#[component]
fn Form(token: Option<String>) -> impl IntoView {
    let words = use_i18n();
    let post = ServerAction::<AddStore>::new();
    let failure = Signal::derive(move || post.value().get().and_then(Result::err));
    let other = Signal::derive(move || {
        failure.get().filter(|failure| !matches!(failure, crate::Failure::Said(Error::Invalid(_))))
    });
    let flaw = move |field: &'static str| Signal::derive(move || flaw_of(words, failure.get().as_ref(), field));
    let (name, code) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (currency, zone) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (coded, priced) = (RwSignal::new(false), RwSignal::new(false));
    let zones = RwSignal::new(Vec::new());
    Effect::new(move || {
        let guess = guess::code(&name.get());
        if !coded.get_untracked() {
            code.set(guess);
        }
    });
    Effect::new(move || {
        zones.set(guess::time_zones());
        if zone.get_untracked().is_empty() {
            zone.set(guess::time_zone().unwrap_or_default());
        }
    });
    Effect::new(move || {
        let guess = guess::currency(&zone.get());
        if !priced.get_untracked() && zone.with(|zone| !zone.is_empty()) {
            currency.set(guess.to_owned());
        }
    });
    let bad_code = Callback::new(move |code: String| {
        let plain = code.len() <= 12 && code.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-');
        (!plain).then(|| t_string!(words, people.flaw.store_code).to_owned())
    });
    let bad_currency = Callback::new(move |currency: String| {
        let plain = currency.len() == 3 && currency.bytes().all(|b| b.is_ascii_uppercase());
        (!plain).then(|| t_string!(words, people.flaw.currency).to_owned())
    });
    view! {
        <Notice failure=other />
        <ActionForm action=post attr:class="form">
            {token.map(|token| view! { <input type="hidden" name="token" value=token /> })}
            <Field name="name" label=Signal::derive(move || t_string!(words, setup.store.name).to_owned()) value=name flaw=flaw("name") autocomplete="organization" />
            <Field name="code" label=Signal::derive(move || t_string!(words, setup.store.code).to_owned()) value=code flaw=flaw("code") check=bad_code longest=12
                hint=Signal::derive(move || t_string!(words, setup.store.code_hint).to_owned()) on_type=Callback::new(move |()| coded.set(true)) />
            <div class="form-columns">
                <Field name="currency" label=Signal::derive(move || t_string!(words, setup.store.currency).to_owned()) value=currency flaw=flaw("currency")
                    check=bad_currency longest=3 list="currencies" on_type=Callback::new(move |()| priced.set(true)) />
                <Field name="time_zone" label=Signal::derive(move || t_string!(words, setup.store.time_zone).to_owned()) value=zone flaw=flaw("time_zone") longest=64 list="zones" />
            </div>
            <datalist id="currencies">{COMMON.map(|code| view! { <option value=code></option> })}</datalist>
            <datalist id="zones">
                {move || zones.get().into_iter().map(|zone| view! { <option value=zone></option> }).collect_view()}
            </datalist>
            <button type="submit" class="button primary wide" disabled=post.pending()>{t!(words, setup.store.go)}</button>
        </ActionForm>
    }
}

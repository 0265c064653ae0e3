//! One's own PIN for shared tablets: set with the password, taken away with a tap.

use super::{
    api::{own_pin, set_pin, take_pin},
    field::Field,
    words::flaw_of,
};
use crate::{
    failure::Failure,
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    parts::{Icon, Notice, Svg},
};
use crate::{json::brought, prelude::*};
use leptos::{ev::SubmitEvent, task::spawn_local};
use model::{Error, Principal};

/// The card; nothing for who is no person.
#[component]
pub(super) fn OwnPin() -> impl IntoView {
    let has = brought(|| (), |()| own_pin());
    view! {
        <Suspense>
            {drawn(move || async move { has.await.ok().map(|has| view! { <Card has /> }) })}
        </Suspense>
    }
}

#[component]
fn Card(has: bool) -> impl IntoView {
    let words = use_i18n();
    let me = use_here().me();
    let whose = me.name.clone();
    let has = RwSignal::new(has);
    let (password, pin) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let answer = RwSignal::new(None::<Failure>);
    let (busy, done) = (RwSignal::new(false), RwSignal::new(None::<bool>));
    // Sets it, or takes it away; says so.
    let change = move |sets: bool| {
        busy.set(true);
        done.set(None);
        spawn_local(async move {
            let changed = match (sets, me.principal) {
                (true, _) => set_pin(password.get_untracked(), pin.get_untracked()).await,
                (false, Principal::Person(person)) => take_pin(person).await,
                (false, _) => Ok(()),
            };
            if busy.try_set(false).is_some() {
                return;
            }
            if changed.is_ok() {
                password.set(String::new());
                pin.set(String::new());
                has.set(sets);
                done.set(Some(sets));
            }
            answer.set(changed.err());
        });
    };
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        change(true);
    };
    let flaw = move |field: &'static str| Signal::derive(move || flaw_of(words, answer.get().as_ref(), field));
    let other =
        Signal::derive(move || answer.get().filter(|failure| !matches!(failure, Failure::Said(Error::Invalid(_)))));
    let said = move || match done.get() {
        Some(true) => t_string!(words, people.pin.set_done),
        _ => t_string!(words, people.pin.taken_done),
    };
    view! {
        <section class="card">
            <h2>{t!(words, people.pin.own)}</h2>
            <p class="quiet">{t!(words, people.pin.own_text)}</p>
            <form class="form" method="post" on:submit=send>
                // For whoever keeps passwords: whose these are.
                <input class="unseen" type="text" name="username" autocomplete="username" value=whose readonly tabindex="-1" aria-hidden="true" />
                <Field name="pin-password" label=Signal::derive(move || t_string!(words, people.password.old).to_owned()) value=password flaw=flaw("password") secret=true
                    longest=128 autocomplete="current-password" />
                <Field name="pin" label=Signal::derive(move || t_string!(words, people.pin.label).to_owned()) value=pin flaw=flaw("pin") secret=true
                    longest=6 numeric=true hint=Signal::derive(move || t_string!(words, people.pin.hint).to_owned()) />
                <Notice failure=other />
                <Show when=move || done.get().is_some()>
                    <p class="notice" role="status"><Svg icon=Icon::Check />{move || said()}</p>
                </Show>
                <div class="button-row">
                    <button type="submit" class="button" disabled=move || busy.get() || password.with(String::is_empty) || pin.with(String::is_empty)>
                        {move || if has.get() { t_string!(words, people.pin.change) } else { t_string!(words, people.pin.set) }}
                    </button>
                    <Show when=move || has.get()>
                        <button type="button" class="button" disabled=busy on:click=move |_| change(false)>{t!(words, people.pin.take_own)}</button>
                    </Show>
                </div>
            </form>
        </section>
    }
}

//! One's own password, changed with the old one.

use super::{api::change_password, field::Field, words::flaw_of};
use crate::prelude::*;
use crate::{
    failure::Failure,
    i18n::{t, t_string, use_i18n},
    parts::{Icon, Notice, Svg},
};
use leptos::{ev::SubmitEvent, task::spawn_local};
use model::Error;

/// The form, folded up until somebody wants it.
#[component]
pub(super) fn OwnPassword() -> impl IntoView {
    let words = use_i18n();
    let whose = crate::frame::use_here().me().name;
    let (old, new) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let answer = RwSignal::new(None::<Failure>);
    let (busy, done) = (RwSignal::new(false), RwSignal::new(false));
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        busy.set(true);
        done.set(false);
        spawn_local(async move {
            let changed = change_password(old.get_untracked(), new.get_untracked()).await;
            if busy.try_set(false).is_some() {
                return;
            }
            if changed.is_ok() {
                old.set(String::new());
                new.set(String::new());
                done.set(true);
            }
            answer.set(changed.err());
        });
    };
    let flaw = move |field: &'static str| Signal::derive(move || flaw_of(words, answer.get().as_ref(), field));
    let other =
        Signal::derive(move || answer.get().filter(|failure| !matches!(failure, Failure::Said(Error::Invalid(_)))));
    let short = Callback::new(move |text: String| {
        (text.chars().count() < 10).then(|| t_string!(words, people.flaw.too_short).to_owned())
    });
    view! {
        <section class="card">
            <h2>{t!(words, people.password.own)}</h2>
            <p class="quiet">{t!(words, people.password.own_text)}</p>
            <form class="form" method="post" on:submit=send>
                // For whoever keeps passwords: whose these are.
                <input class="unseen" type="text" name="username" autocomplete="username" value=whose readonly tabindex="-1" aria-hidden="true" />
                <Field name="old-password" label=Signal::derive(move || t_string!(words, people.password.old).to_owned()) value=old flaw=flaw("old") secret=true
                    longest=128 autocomplete="current-password" />
                <Field name="new-password" label=Signal::derive(move || t_string!(words, people.password.label).to_owned()) value=new flaw=flaw("password") secret=true
                    longest=128 autocomplete="new-password" check=short hint=Signal::derive(move || t_string!(words, people.password.hint).to_owned()) />
                <Notice failure=other />
                <Show when=move || done.get()>
                    <p class="notice" role="status"><Svg icon=Icon::Check />{t!(words, people.password.changed)}</p>
                </Show>
                <button type="submit" class="button" disabled=move || busy.get() || old.with(String::is_empty) || new.with(String::is_empty)>
                    {t!(words, people.password.change)}
                </button>
            </form>
        </section>
    }
}

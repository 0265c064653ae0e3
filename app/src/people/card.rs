//! One person in the list: what they are trusted with, and what can be changed about them.

use super::{
    Person,
    api::{end_all, set_password, take_pin},
    field::Field,
    roles::{Picker, Roles},
    undo::{Change, Hand},
    words::flaw_of,
};
use crate::prelude::*;
use crate::{
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    parts::{Icon, Svg},
};
use leptos::{ev::SubmitEvent, task::spawn_local};
use model::{PersonId, Principal};

/// A person's row, and below it, once it is unfolded, what can be changed.
#[component]
pub(super) fn Row(
    id: PersonId,
    /// Everybody; the row follows its own entry.
    list: RwSignal<Vec<Person>>,
    hand: Hand,
    /// Whose row is unfolded.
    open: RwSignal<Option<PersonId>>,
) -> impl IntoView {
    let words = use_i18n();
    let me = use_here().me().principal == Principal::Person(id);
    let person = Memo::new(move |_| list.with(|list| list.iter().find(|person| person.id == id).cloned()));
    let name = move || person.get().map(|person| person.display_name).unwrap_or_default();
    let is_off = Memo::new(move |_| person.get().is_some_and(|person| person.disabled));
    let is_open = Memo::new(move |_| open.get() == Some(id));
    let state = move || match is_off.get() {
        true => {
            view! { <span class="state" data-kind="off"><Svg icon=Icon::Close />{t!(words, people.state.off)}</span> }
        }
        false => {
            view! { <span class="state" data-kind="on"><Svg icon=Icon::Check />{t!(words, people.state.on)}</span> }
        }
    };
    view! {
        <tbody class="row-group" data-open=move || is_open.get().then_some("")>
            <tr>
                <th scope="row">
                    <span class="who-shown">{move || name()}</span>
                    {me.then(|| view! { <span class="tag">{t!(words, people.you)}</span> })}
                    <span class="who-name">{move || person.get().map(|person| person.name)}</span>
                </th>
                <td><Roles grants=Signal::derive(move || person.get().map(|person| person.grants).unwrap_or_default()) /></td>
                <td>{move || state()}</td>
                <td class="row-end">
                    <button type="button" class="button" aria-expanded=move || is_open.get().to_string()
                        aria-label=move || t_string!(words, people.change_of, name = name()).to_string()
                        on:click=move |_| open.set((!is_open.get_untracked()).then_some(id))>
                        {move || if is_open.get() { t_string!(words, people.fold) } else { t_string!(words, people.change) }}
                    </button>
                </td>
            </tr>
            <Show when=move || is_open.get()>
                <tr class="row-more"><td colspan="4"><Editor id person hand /></td></tr>
            </Show>
        </tbody>
    }
}

#[component]
fn Editor(id: PersonId, person: Memo<Option<Person>>, hand: Hand) -> impl IntoView {
    let words = use_i18n();
    let name = move || person.get().map(|person| person.display_name).unwrap_or_default();
    let is_off = move || person.get().is_some_and(|person| person.disabled);
    let grants = Signal::derive(move || person.get().map(|person| person.grants).unwrap_or_default());
    let switch = move |_| {
        if is_off() {
            hand.change(Change::Enabled(id), t_string!(words, people.enabled, name = name()).to_string());
        } else {
            hand.change(Change::Disabled(id), t_string!(words, people.disabled, name = name()).to_string());
        }
    };
    let sign_out = move |_| {
        let text = t_string!(words, people.signed_out, name = name()).to_string();
        spawn_local(async move {
            match end_all(id).await {
                Ok(()) => hand.done(text),
                Err(failure) => hand.failure.set(Some(failure)),
            }
        });
    };
    let take_away = move |_| {
        let text = t_string!(words, people.pin.taken, name = name()).to_string();
        spawn_local(async move {
            match take_pin(id).await {
                Ok(()) => hand.done(text),
                Err(failure) => hand.failure.set(Some(failure)),
            }
        });
    };
    view! {
        <div class="editor">
            <section>
                <h2>{t!(words, people.column.roles)}</h2>
                <Roles grants on_take=Callback::new(move |role| {
                    hand.change(Change::Taken(id, role), t_string!(words, people.taken, name = name()).to_string());
                }) />
                <Picker busy=hand.busy on_pick=Callback::new(move |role| {
                    hand.change(Change::Given(id, role), t_string!(words, people.given, name = name()).to_string());
                }) />
            </section>
            <section>
                <h2>{t!(words, people.password.lost)}</h2>
                <NewPassword id hand person />
                <Show when=move || person.get().is_some_and(|person| person.has_pin)>
                    <button type="button" class="button" on:click=take_away>{t!(words, people.pin.take)}</button>
                </Show>
            </section>
            <section>
                <h2>{t!(words, people.access)}</h2>
                <p class="quiet">{move || if is_off() { t_string!(words, people.off_text) } else { t_string!(words, people.on_text) }}</p>
                <div class="button-row">
                    <button type="button" class="button" disabled=hand.busy on:click=switch>
                        {move || if is_off() { t_string!(words, people.enable) } else { t_string!(words, people.disable) }}
                    </button>
                    <button type="button" class="button" on:click=sign_out>
                        <Svg icon=Icon::SignOut />{t!(words, people.sign_out_all)}
                    </button>
                </div>
            </section>
        </div>
    }
}

/// Gives the person another password, for when they lost theirs.
#[component]
fn NewPassword(id: PersonId, hand: Hand, person: Memo<Option<Person>>) -> impl IntoView {
    let words = use_i18n();
    let value = RwSignal::new(String::new());
    let answer = RwSignal::new(None);
    let busy = RwSignal::new(false);
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        busy.set(true);
        spawn_local(async move {
            let done = set_password(id, value.get_untracked()).await;
            if busy.try_set(false).is_some() {
                return;
            }
            answer.set(done.as_ref().err().cloned());
            if done.is_ok() {
                value.set(String::new());
                let name = person.get_untracked().map(|person| person.display_name).unwrap_or_default();
                hand.done(t_string!(words, people.password.done, name = name).to_string());
            }
        });
    };
    let flaw = Signal::derive(move || flaw_of(words, answer.get().as_ref(), "password"));
    let other = Signal::derive(move || answer.get().filter(|_| flaw.get().is_none()));
    view! {
        <form on:submit=send class="form">
            // For whoever keeps passwords: whose this one is.
            <input class="unseen" type="text" name="username" autocomplete="username" readonly tabindex="-1" aria-hidden="true"
                prop:value=move || person.get().map(|person| person.name).unwrap_or_default() />
            <Field name="new-password" label=Signal::derive(move || t_string!(words, people.password.label).to_owned()) value flaw secret=true
                longest=128 autocomplete="new-password" hint=Signal::derive(move || t_string!(words, people.password.hint).to_owned()) />
            <crate::parts::Notice failure=other />
            <button type="submit" class="button" disabled=move || busy.get() || value.with(String::is_empty)>{t!(words, people.password.set)}</button>
        </form>
    }
}

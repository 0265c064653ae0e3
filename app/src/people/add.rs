//! Adding somebody: their names, a first password, a language, and one role to start with.

use super::{Newcomer, api::add_person, field::Field, roles::Choice, undo::Hand, words::flaw_of};
use crate::prelude::*;
use crate::{
    failure::Failure,
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    parts::Notice,
};
use leptos::{ev::SubmitEvent, task::spawn_local};
use model::{Error, Grant, Role};

/// The form.
#[component]
pub(super) fn Add(
    hand: Hand,
    /// Whether the form is open.
    adding: RwSignal<bool>,
) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let (shown, name, password) = (text(), text(), text());
    let named = RwSignal::new(false);
    let language = RwSignal::new(String::new());
    let store = here.store().get_untracked().id;
    let chosen = RwSignal::new(Grant { role: Role::Employee, store: Some(store) });
    let answer = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    // The sign-in name follows the first name until somebody types another one.
    Effect::new(move || {
        let guess = sign_in_name(&shown.get());
        if !named.get_untracked() {
            name.set(guess);
        }
    });
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        busy.set(true);
        let new = Newcomer {
            name: name.get_untracked(),
            display_name: shown.get_untracked(),
            password: password.get_untracked(),
            language: language.get_untracked(),
            grants: vec![chosen.get_untracked()],
        };
        let text = t_string!(words, people.add.done, name = new.display_name.clone(), sign_in = new.name.clone());
        let text = text.to_string();
        spawn_local(async move {
            let done = add_person(new).await;
            if busy.try_set(false).is_some() {
                return;
            }
            match done {
                Ok(_) => {
                    hand.done(text);
                    adding.set(false);
                }
                Err(failure) => answer.set(Some(failure)),
            }
        });
    };
    let flaw = move |field: &'static str| Signal::derive(move || flaw_of(words, answer.get().as_ref(), field));
    let other =
        Signal::derive(move || answer.get().filter(|failure| !matches!(failure, Failure::Said(Error::Invalid(_)))));
    let short = Callback::new(move |text: String| {
        (text.chars().count() < 10).then(|| t_string!(words, people.flaw.too_short).to_owned())
    });
    view! {
        <form class="card form people-add" on:submit=send>
            <h2>{t!(words, people.add.title)}</h2>
            <div class="form-columns">
                <Field name="person-shown" label=Signal::derive(move || t_string!(words, people.add.shown).to_owned()) value=shown flaw=flaw("display_name") />
                <Field name="person-name" label=Signal::derive(move || t_string!(words, people.add.name).to_owned()) value=name flaw=flaw("name") longest=64
                    hint=Signal::derive(move || t_string!(words, people.add.name_hint).to_owned()) on_type=Callback::new(move |()| named.set(true)) />
                <Field name="person-password" label=Signal::derive(move || t_string!(words, people.add.password).to_owned()) value=password flaw=flaw("password")
                    secret=true longest=128 autocomplete="new-password" check=short
                    hint=Signal::derive(move || t_string!(words, people.password.hint).to_owned()) />
                <div class="field">
                    <label for="person-language">{t!(words, people.add.language)}</label>
                    <select id="person-language" on:change=move |event| language.set(event_target_value(&event))>
                        <option value="">{move || t_string!(words, people.add.any_language)}</option>
                        <option value="en" lang="en">"English"</option>
                        <option value="es" lang="es">"Español"</option>
                    </select>
                </div>
            </div>
            <Choice chosen prefix="first" />
            <Notice failure=other />
            <div class="button-row">
                <button type="submit" class="button primary" disabled=busy>
                    {move || match shown.get().trim() {
                        "" => t_string!(words, people.add.go).to_owned(),
                        name => t_string!(words, people.add.go_name, name = name.to_owned()).to_string(),
                    }}
                </button>
                <button type="button" class="button" on:click=move |_| adding.set(false)>{t!(words, people.add.cancel)}</button>
            </div>
        </form>
    }
}

fn text() -> RwSignal<String> {
    RwSignal::new(String::new())
}

/// `Ann Reed` signs in as `ann`.
#[must_use]
pub(crate) fn sign_in_name(shown: &str) -> String {
    let first = shown.split_whitespace().next().unwrap_or_default().to_lowercase();
    first.chars().filter(|letter| letter.is_alphanumeric()).take(64).collect()
}

#[cfg(test)]
mod tests {
    use super::sign_in_name;

    #[test]
    fn one_signs_in_with_the_first_name() {
        assert_eq!(sign_in_name("Ann Reed"), "ann");
        assert_eq!(sign_in_name("  José-María "), "josémaría");
        assert_eq!(sign_in_name(""), "");
    }
}

//! The step in which the first administrator is made: whoever reads the console, and then nobody else that way.

use super::{api::AddAdministrator, page::link, steps::Step};
use crate::prelude::*;
use crate::{
    Failure,
    i18n::{t_string, use_i18n},
    parts::Notice,
    people::{Field, flaw_of, sign_in_name},
};
use leptos_i18n::Locale as _;
use model::Error;

/// Step 3 of the set-up.
#[component]
pub(super) fn Administrator(token: String) -> impl IntoView {
    let words = use_i18n();
    let post = ServerAction::<AddAdministrator>::new();
    let failure = Signal::derive(move || post.value().get().and_then(Result::err));
    let flaw = move |field: &'static str| Signal::derive(move || flaw_of(words, failure.get().as_ref(), field));
    let token_flaw = flaw("token");
    let other =
        Signal::derive(move || failure.get().filter(|failure| !matches!(failure, Failure::Said(Error::Invalid(_)))));
    let (shown, name, password) =
        (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(String::new()));
    let named = RwSignal::new(false);
    Effect::new(move || {
        let guess = sign_in_name(&shown.get());
        if !named.get_untracked() {
            name.set(guess);
        }
    });
    let short = Callback::new(move |text: String| {
        (text.chars().count() < 10).then(|| t_string!(words, people.flaw.too_short).to_owned())
    });
    view! {
        <Step at=3 title=Signal::derive(move || t_string!(words, setup.administrator.title).to_owned())
            text=Signal::derive(move || t_string!(words, setup.administrator.text).to_owned())
            skip=link(&token, "products") back=link(&token, "store")>
            <Notice failure=other />
            <p class="field-help" role="alert">{token_flaw}</p>
            <ActionForm action=post attr:class="form">
                <input type="hidden" name="token" value=token.clone() />
                <input type="hidden" name="language" value=move || words.get_locale().as_str() />
                <Field name="display_name" label=Signal::derive(move || t_string!(words, setup.administrator.shown).to_owned()) value=shown
                    flaw=flaw("display_name") autocomplete="name" />
                <Field name="name" label=Signal::derive(move || t_string!(words, people.add.name).to_owned()) value=name flaw=flaw("name") longest=64
                    autocomplete="username" hint=Signal::derive(move || t_string!(words, people.add.name_hint).to_owned())
                    on_type=Callback::new(move |()| named.set(true)) />
                <Field name="password" label=Signal::derive(move || t_string!(words, setup.administrator.password).to_owned()) value=password flaw=flaw("password")
                    secret=true longest=128 autocomplete="new-password" check=short
                    hint=Signal::derive(move || t_string!(words, people.password.hint).to_owned()) />
                <button type="submit" class="button primary wide" disabled=post.pending()>
                    {move || if post.pending().get() { t_string!(words, setup.administrator.busy) } else { t_string!(words, setup.administrator.go) }}
                </button>
            </ActionForm>
        </Step>
    }
}

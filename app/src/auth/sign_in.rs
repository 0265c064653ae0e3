//! The sign-in page: a plain form, which works before anything else has loaded.

use super::api::SignIn as Post;
use crate::{
    frame::Mark,
    i18n::{t, use_i18n},
    parts::{Languages, Notice, Themes},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// The sign-in page.
#[component]
pub fn SignIn() -> impl IntoView {
    let words = use_i18n();
    let query = use_query_map();
    let post = ServerAction::<Post>::new();
    let failure = Signal::derive(move || post.value().get().and_then(Result::err));
    let busy = post.pending();
    let next = move || query.read().get("next").unwrap_or_default();
    view! {
        <Title text=move || crate::i18n::t_string!(words, auth.title).to_string() />
        <main class="door">
            <div class="door-card">
                <div class="door-brand"><Mark /><span class="brand-name">"Storeroom"</span></div>
                <h1>{t!(words, auth.title)}</h1>
                <Notice failure />
                <ActionForm action=post>
                    <input type="hidden" name="next" value=next />
                    <div class="field">
                        <label for="name">{t!(words, auth.name)}</label>
                        <input id="name" name="name" type="text" autocomplete="username" autocapitalize="none" spellcheck="false" required=true maxlength="200" />
                    </div>
                    <div class="field">
                        <label for="password">{t!(words, auth.password)}</label>
                        <input id="password" name="password" type="password" autocomplete="current-password" required=true maxlength="400" />
                    </div>
                    <button type="submit" class="button primary wide" disabled=busy>
                        {move || if busy.get() { t!(words, auth.busy).into_any() } else { t!(words, auth.enter).into_any() }}
                    </button>
                </ActionForm>
                <p class="quiet">{t!(words, auth.help)}</p>
            </div>
            <div class="door-switches"><Languages /><Themes /></div>
        </main>
    }
    .into_any()
}

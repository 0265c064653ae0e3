//! `/setup`: the steps before there is an administrator, opened by the token from the server's console.

use super::{
    Progress, administrator::Administrator, api::how_far, products::LookAround, steps::Step, store::StoreStep,
};
use crate::{
    i18n::{Locale, t, t_string, use_i18n},
    parts::{Icon, Notice, Skeleton, Svg},
};
use crate::{json::brought, prelude::*};
use leptos_router::{components::A, hooks::use_query_map};

/// The steps that come before an administrator is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    Language,
    Store,
    Administrator,
    Products,
}

impl At {
    fn named(name: &str) -> Self {
        match name {
            "store" => Self::Store,
            "administrator" => Self::Administrator,
            "products" => Self::Products,
            _ => Self::Language,
        }
    }
}

/// That step of the set-up.
pub(super) fn link(token: &str, step: &str) -> String {
    format!("/setup?token={token}&step={step}")
}

/// The page. What was done is in the database and the step is in the address: a reload goes on where one was.
#[component]
pub fn SetUpPage() -> impl IntoView {
    let words = use_i18n();
    let query = use_query_map();
    // Only what the server prints: nothing else gets into the links.
    let plain = |token: &String| {
        !token.is_empty() && token.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    let token = Memo::new(move |_| query.read().get("token").map(|text| text.trim().to_owned()).filter(plain));
    let step = Memo::new(move |_| At::named(&query.read().get("step").unwrap_or_default()));
    let known = brought(
        move || token.get(),
        |token| async move {
            match token {
                Some(token) => how_far(token).await,
                None => Ok(Progress { open: false, stores: Vec::new() }),
            }
        },
    );
    view! {
        <Suspense fallback=|| view! { <Skeleton rows=6 /> }>
            {drawn(move || async move {
                match known.await {
                    Ok(known) if known.open => {
                        let token = token.get_untracked().unwrap_or_default();
                        view! {
                            {move || match step.get() {
                                At::Language => view! { <LanguageStep token=token.clone() /> },
                                At::Store => view! { <StoreStep token=token.clone() /> },
                                At::Administrator => view! { <Administrator token=token.clone() /> },
                                At::Products => view! { <LookAround token=token.clone() /> },
                            }}
                        }
                    }
                    Ok(_) => view! { <Token wrong=token.get_untracked().is_some() /> },
                    Err(failure) => view! {
                        <main class="page"><h1>{t!(words, setup.title)}</h1><Notice failure=Signal::stored(Some(failure)) /></main>
                    },
                }
            })}
        </Suspense>
    }
}

/// Without the token nobody sets anything up: says where it is.
#[component]
fn Token(wrong: bool) -> impl IntoView {
    let words = use_i18n();
    view! {
        <Step at=1 title=Signal::derive(move || t_string!(words, setup.token.title).to_owned()) text=Signal::derive(move || t_string!(words, setup.token.text).to_owned())>
            {wrong.then(|| view! {
                <div class="notice" data-kind="bad" role="alert"><Svg icon=Icon::Warning /><p>{t!(words, people.flaw.token)}</p></div>
            })}
            <form method="get" action="/setup" class="form">
                <div class="field">
                    <label for="token">{t!(words, setup.token.label)}</label>
                    <input id="token" name="token" type="text" autocomplete="off" autocapitalize="none" spellcheck="false" required=true maxlength="100" />
                </div>
                <button type="submit" class="button primary wide">{t!(words, setup.token.go)}</button>
            </form>
        </Step>
    }
}

/// Which language one reads.
#[component]
fn LanguageStep(token: String) -> impl IntoView {
    let words = use_i18n();
    let choice = move |locale: Locale, code: &'static str, name: &'static str| {
        view! {
            <button type="button" class="choice setup-language" lang=code aria-pressed=move || (words.get_locale() == locale).to_string()
                on:click=move |_| words.set_locale(locale)>{name}</button>
        }
    };
    let next = link(&token, "store");
    view! {
        <Step at=1 title=Signal::derive(move || t_string!(words, setup.language.title).to_owned()) text=Signal::derive(move || t_string!(words, setup.language.text).to_owned())
            skip=next.clone()>
            <div class="setup-languages">{choice(Locale::en, "en", "English")}{choice(Locale::es, "es", "Español")}</div>
            <A href=next attr:class="button primary wide">{t!(words, setup.language.go)}</A>
        </Step>
    }
}

//! The till: scan, look, sell; one thumb, a queue of customers, no training.

mod draft;
mod keep;
mod levels;
mod lines;
mod panel;
mod register;
mod results;
mod sell;

use crate::{
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    parts::{Empty, Icon, Notice, ScanField, Tone},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;
use lines::Lines;
use model::{Action, Store};
use panel::Panel;
use register::Register;
use results::{HeldCodes, Results};

/// The till's page, for the store looked at.
#[component]
pub fn Till() -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    view! {
        <Title text=move || t_string!(words, till.title).to_string() />
        {move || {
            let store = here.store().get();
            if here.may(Action::Sell) {
                view! { <Counter store /> }.into_any()
            } else {
                view! { <NoTill /> }.into_any()
            }
        }}
    }
    .into_any()
}

/// For those who may look but not sell.
#[component]
fn NoTill() -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    view! {
        <Empty icon=Icon::Till title=move || t!(words, till.not_yours.title) text=move || t!(words, till.not_yours.text)>
            <A href=move || here.link("/stock") attr:class="button primary">{t!(words, till.not_yours.go)}</A>
        </Empty>
    }
    .into_any()
}

#[component]
fn Counter(store: Store) -> impl IntoView {
    let words = use_i18n();
    let till = Register::open(use_here(), store, words);
    let empty = Memo::new(move |_| till.draft.with(|draft| draft.lines.is_empty()));
    view! {
        <div class="till">
            <h1 class="unseen">{t!(words, till.title)}</h1>
            <section class="till-main" aria-label=move || t_string!(words, till.basket)>
                <ScanField
                    clear=till.clear
                    on_code=Callback::new(move |scanned| till.scanned(scanned))
                    on_text=Callback::new(move |text| till.typed(text))
                />
                <Saying till />
                <Results till />
                <Waiting till />
                <HeldCodes till />
                <Show when=move || !empty.get() fallback=move || view! {
                    <Empty icon=Icon::Barcode title=move || t!(words, till.empty.title) text=move || t!(words, till.empty.text) />
                }>
                    <Lines till />
                </Show>
            </section>
            <Panel till />
        </div>
    }
    .into_any()
}

/// What was last said: read out, and lit up for a moment.
#[component]
fn Saying(till: Register) -> impl IntoView {
    let tone = move || {
        till.said.with(|said| match said.as_ref().map(|said| said.tone) {
            Some(Tone::Bad) => "bad",
            Some(_) => "good",
            None => "none",
        })
    };
    let turn = move || till.said.with(|said| said.as_ref().map_or(0, |said| said.turn % 2).to_string());
    let text = move || till.said.with(|said| said.as_ref().map(|said| said.text.clone()).unwrap_or_default());
    view! { <p class="saying" role="status" data-tone=tone data-turn=turn>{text}</p> }.into_any()
}

/// The sale got no answer, or a no.
#[component]
fn Waiting(till: Register) -> impl IntoView {
    let words = use_i18n();
    let waiting = move || till.draft.with(|draft| draft.is_waiting());
    let signed_out =
        move || till.failure.with(|failure| failure.as_ref().is_some_and(|failure| failure.is_signed_out()));
    view! {
        <Notice failure=till.failure>
            <Show when=move || waiting() && !signed_out()>
                <p>{t!(words, till.kept)}</p>
                <button type="button" class="button" disabled=till.selling on:click=move |_| till.send()>{t!(words, till.send_now)}</button>
            </Show>
            <Show when=signed_out>
                <a class="button" href="/sign-in?next=/till" rel="external">{t!(words, till.sign_in)}</a>
            </Show>
        </Notice>
    }
    .into_any()
}

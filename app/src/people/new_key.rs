//! Making a key: what it is for, what it may do, where and how long; its text is shown this once.

use super::{
    NewKey,
    api::add_key,
    field::Field,
    keys::Ring,
    words::{flaw_of, scope_name},
};
use crate::prelude::*;
use crate::{
    failure::Failure,
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    parts::{Icon, Notice, Svg},
};
use leptos::{ev::SubmitEvent, html::Input, task::spawn_local};
use model::{Action, Error, Role, StoreId};
use wasm_bindgen::JsCast;

/// For how many days a key may be made.
const DAYS: [u16; 4] = [365, 180, 90, 30];
/// What most tills need, chosen to start with.
const USUAL: [Action; 3] = [Action::Sell, Action::TakeBack, Action::SeeStock];

/// The form, and then the key.
#[component]
pub(super) fn Make(ring: Ring, making: RwSignal<bool>) -> impl IntoView {
    let made = RwSignal::new(None::<String>);
    view! {
        {move || match made.get() {
            None => view! { <Form ring making made /> },
            Some(text) => view! { <Made text making /> },
        }}
    }
}

#[component]
fn Form(ring: Ring, making: RwSignal<bool>, made: RwSignal<Option<String>>) -> impl IntoView {
    let words = use_i18n();
    let stores = use_here().me().stores;
    let name = RwSignal::new(String::new());
    let scopes = RwSignal::new(USUAL.map(Action::scope).to_vec());
    let store = RwSignal::new(None::<StoreId>);
    let days = RwSignal::new(DAYS[0]);
    let answer = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        busy.set(true);
        let new = NewKey {
            name: name.get_untracked(),
            scopes: scopes.get_untracked().into_iter().map(str::to_owned).collect(),
            stores: store.get_untracked().map(|store| vec![store]),
            days: days.get_untracked(),
        };
        spawn_local(async move {
            let done = add_key(new).await;
            if busy.try_set(false).is_some() {
                return;
            }
            match done {
                Ok(text) => {
                    made.set(Some(text));
                    ring.load().await;
                }
                Err(failure) => answer.set(Some(failure)),
            }
        });
    };
    let flaw = move |field: &'static str| Signal::derive(move || flaw_of(words, answer.get().as_ref(), field));
    let other =
        Signal::derive(move || answer.get().filter(|failure| !matches!(failure, Failure::Said(Error::Invalid(_)))));
    let offered = Action::ALL.into_iter().filter(|action| Role::Integration.may(*action)).map(Action::scope);
    let scope = move |scope: &'static str| {
        let taken = move || scopes.with(|scopes| scopes.contains(&scope));
        let turn = move |_| {
            scopes.update(|scopes| match scopes.iter().position(|known| *known == scope) {
                Some(at) => {
                    scopes.remove(at);
                }
                None => scopes.push(scope),
            });
        };
        view! {
            <label class="tick"><input type="checkbox" prop:checked=move || taken() on:change=turn /><span>{move || scope_name(words, scope)}</span></label>
        }
    };
    let place = move |known: model::Store| view! { <option value=known.id.to_string()>{known.name}</option> };
    let day = move |count: u16| view! { <option value=count.to_string()>{move || t_string!(words, people.keys.days, count = count.to_string()).to_string()}</option> };
    view! {
        <form class="card form" on:submit=send>
            <h2>{t!(words, people.keys.make_title)}</h2>
            <Field name="key-name" label=Signal::derive(move || t_string!(words, people.keys.for_what).to_owned()) value=name flaw=flaw("name")
                hint=Signal::derive(move || t_string!(words, people.keys.for_what_hint).to_owned()) />
            <fieldset class="ticks">
                <legend>{t!(words, people.keys.may)}</legend>
                {offered.map(scope).collect_view()}
                <p class="field-help" role="status">{flaw("scopes")}</p>
            </fieldset>
            <div class="choice-row">
                <div class="field">
                    <label for="key-store">{t!(words, people.role.where_label)}</label>
                    <select id="key-store" on:change=move |event| store.set(event_target_value(&event).parse().ok())>
                        <option value="">{move || t_string!(words, people.every_store)}</option>
                        {stores.into_iter().map(place).collect_view()}
                    </select>
                </div>
                <div class="field">
                    <label for="key-days">{t!(words, people.keys.how_long)}</label>
                    <select id="key-days" on:change=move |event| days.set(event_target_value(&event).parse().unwrap_or(DAYS[0]))>
                        {DAYS.map(day)}
                    </select>
                </div>
            </div>
            <Notice failure=other />
            <div class="button-row">
                <button type="submit" class="button primary" disabled=busy>{t!(words, people.keys.make)}</button>
                <button type="button" class="button" on:click=move |_| making.set(false)>{t!(words, people.add.cancel)}</button>
            </div>
        </form>
    }
}

/// The key's text, this once.
#[component]
fn Made(text: String, making: RwSignal<bool>) -> impl IntoView {
    let words = use_i18n();
    let copied = RwSignal::new(false);
    let field = NodeRef::<Input>::new();
    // The clipboard's newer interface is closed on a plain network; this one is open everywhere.
    let copy = move |_| {
        let Some(field) = field.get_untracked() else { return };
        field.select();
        let page = document().dyn_into::<web_sys::HtmlDocument>().ok();
        copied.set(page.is_some_and(|page| page.exec_command("copy").unwrap_or(false)));
    };
    view! {
        <section class="card form key-made">
            <h2><Svg icon=Icon::Check />{t!(words, people.keys.made)}</h2>
            <p>{t!(words, people.keys.once)}</p>
            <div class="field">
                <label for="key-text">{t!(words, people.keys.text)}</label>
                <div class="field-box">
                    <input id="key-text" class="key-text" type="text" readonly autocomplete="off" value=text node_ref=field />
                    <button type="button" class="button" on:click=copy>
                        <Svg icon=Icon::Copy />
                        {move || if copied.get() { t_string!(words, people.keys.copied) } else { t_string!(words, people.keys.copy) }}
                    </button>
                </div>
            </div>
            <button type="button" class="button primary" on:click=move |_| making.set(false)>{t!(words, people.keys.kept)}</button>
        </section>
    }
}

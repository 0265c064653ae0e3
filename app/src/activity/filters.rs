//! The journal's filters: chips for the kind, fields for the rest. All of it is a form, so it works before the WASM.

use super::asked::Asked;
use crate::prelude::*;
use crate::{
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    parts::{Icon, Svg},
};
use leptos_router::components::{A, Form};
use model::{ActivityKind, Doer, Store};

/// Chips and fields.
#[component]
pub fn Filters(asked: Asked, doers: Vec<Doer>) -> impl IntoView {
    let words = use_i18n();
    let name = move |kind: ActivityKind| match kind {
        ActivityKind::All => t!(words, activity.kind.all).into_any(),
        ActivityKind::Security => t!(words, activity.kind.security).into_any(),
        ActivityKind::Changes => t!(words, activity.kind.changes).into_any(),
        ActivityKind::Problems => t!(words, activity.kind.problems).into_any(),
    };
    let chosen = asked.kind;
    let narrowed = asked.is_narrowed();
    let base = asked.clone();
    let chips = ActivityKind::ALL.map(move |kind| {
        let link = base.clone().link(|asked| {
            asked.kind = kind;
            asked.before.clear();
        });
        let current = (kind == chosen).then_some("page");
        view! { <A href=link attr:class=if kind == chosen { "chip chosen" } else { "chip" } attr:aria-current=current>{name(kind)}</A> }
    });
    view! {
        <nav class="chips" aria-label=move || t_string!(words, activity.kinds)>{chips}</nav>
        <details class="journal-filters" open=narrowed>
            <summary class="button"><Svg icon=Icon::Search />{t!(words, activity.filter)}</summary>
            <Fields asked doers />
        </details>
    }
}

#[component]
fn Fields(asked: Asked, doers: Vec<Doer>) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let Asked { store, kind, who, place, day, text, .. } = asked.clone();
    let all = asked.link(|asked| *asked = Asked { store: asked.store.clone(), kind: asked.kind, ..Asked::default() });
    // On a later page the names are not sent again: whoever is chosen stays choosable.
    let unknown = (!who.is_empty() && doers.iter().all(|doer| doer.principal != who)).then(|| who.clone());
    let person = |Doer { principal, name }: Doer| {
        let chosen = principal == who;
        view! { <option value=principal selected=chosen>{name}</option> }
    };
    let people = doers.into_iter().map(person).collect_view();
    let store_of = |store: Store| {
        let chosen = store.code == place;
        view! { <option value=store.code.clone() selected=chosen>{store.name.clone()}</option> }
    };
    let stores = here.me().stores.into_iter().map(store_of).collect_view();
    view! {
        <Form method="GET" action="/activity" attr:class="journal-form">
            <input type="hidden" name="store" value=store />
            <input type="hidden" name="kind" value=kind.name() />
            <label class="field"><span>{t!(words, activity.who)}</span>
                <select name="who">
                    <option value="">{t!(words, activity.everybody)}</option>
                    {people}
                    {unknown.map(|who| view! { <option value=who selected>{t!(words, activity.chosen)}</option> })}
                </select>
            </label>
            <label class="field"><span>{t!(words, activity.place)}</span>
                <select name="in">
                    <option value="">{t!(words, activity.everywhere)}</option>
                    {stores}
                </select>
            </label>
            <label class="field"><span>{t!(words, activity.day)}</span><input type="date" name="day" value=day /></label>
            <label class="field"><span>{t!(words, activity.text)}</span>
                <input type="search" name="q" value=text maxlength="100" placeholder=move || t_string!(words, activity.text_hint) />
            </label>
            <div class="journal-form-end">
                <button type="submit" class="button primary">{t!(words, activity.show)}</button>
                <A href=all attr:class="button">{t!(words, activity.show_all)}</A>
            </div>
        </Form>
    }
}

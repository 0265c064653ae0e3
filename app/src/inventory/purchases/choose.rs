//! Choosing a supplier: from whom an order is, or to whom goods go back.

use super::api::suppliers;
use crate::prelude::*;
use crate::{
    failure::Failure,
    frame::use_here,
    i18n::{t, use_i18n},
    parts::{Icon, Notice, Svg},
};
use leptos::task::spawn_local;
use leptos_router::components::A;
use model::{Supplier, SupplierQuery};

/// The suppliers, as they are searched for; one of them is chosen.
#[component]
pub fn Choose(
    /// The question.
    title: Signal<String>,
    /// What follows of the answer.
    text: Signal<String>,
    /// Whether an answer is being carried out.
    #[prop(into)]
    busy: Signal<bool>,
    /// What went wrong.
    failure: RwSignal<Option<Failure>>,
    /// This one.
    on_choose: Callback<Supplier>,
) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let found = RwSignal::new(None::<Vec<Supplier>>);
    let search = RwSignal::new(String::new());
    Effect::new(move || {
        let asked = search.get();
        let query = SupplierQuery { search: asked.clone(), ..SupplierQuery::default() };
        spawn_local(async move {
            match suppliers(query).await {
                // What was typed since is answered by itself.
                Ok(_) if search.try_get_untracked().as_ref() != Some(&asked) => {}
                Ok(page) => drop(found.try_set(Some(page.data))),
                Err(error) => drop(failure.try_set(Some(error))),
            }
        });
    });
    let one = move |supplier: Supplier| {
        let (name, code) = (supplier.name.clone(), supplier.code.clone());
        view! {
            <li><button type="button" class="result" disabled=busy on:click=move |_| on_choose.run(supplier.clone())>
                <span class="result-name">{name}<small>{code}</small></span><Svg icon=Icon::Chevron />
            </button></li>
        }
    };
    let none = move || found.with(|found| found.as_ref().is_some_and(Vec::is_empty)) && search.read().is_empty();
    view! {
        <section class="card choose" aria-labelledby="choose-title">
            <h2 id="choose-title">{title}</h2>
            <Show when=move || !none() fallback=move || view! { <p>{t!(words, purchases.no_supplier_text)}</p> }>
                <p class="hint">{text}</p>
                <div class="field">
                    <label for="choose-q">{t!(words, purchases.supplier.search)}</label>
                    <input id="choose-q" type="search" maxlength="100" autocomplete="off" on:input=move |event| search.set(event_target_value(&event)) />
                </div>
            </Show>
            <ul class="results">{move || found.get().unwrap_or_default().into_iter().map(one).collect_view()}</ul>
            <Notice failure />
            <A href=move || here.link("/suppliers") attr:class="button"><Svg icon=Icon::Plus />{t!(words, purchases.to_suppliers)}</A>
        </section>
    }
}

//! The tax class of a product: chosen among those that there are.

use super::{api::tax_classes, percent};
use crate::prelude::*;
use crate::{
    i18n::{t, use_i18n},
    parts::money,
};
use leptos::task::spawn_local;
use model::{Quantity, TaxClass, TaxTotal};

/// The classes, once the page is alive: a form has come with its product already, and nothing more is streamed beside it.
#[must_use]
pub fn known() -> RwSignal<Vec<TaxClass>> {
    let known = RwSignal::new(Vec::new());
    Effect::new(move || {
        spawn_local(async move {
            // Without them the class stays as it is.
            if let Ok(all) = tax_classes().await {
                known.try_set(all.data);
            }
        });
    });
    known
}

/// What the class of that id is called; the id itself while nobody knows it.
#[must_use]
pub fn named(known: &[TaxClass], id: &str) -> String {
    known.iter().find(|class| class.id.to_string() == id).map_or_else(|| id.to_owned(), |class| class.name.clone())
}

/// A field that says a class by its id, empty for none.
#[component]
pub fn Choice(
    /// Of the element.
    id: &'static str,
    /// The classes.
    known: RwSignal<Vec<TaxClass>>,
    /// The id of the one that is chosen.
    #[prop(into)]
    chosen: Signal<String>,
    /// Another one was chosen.
    on_choose: Callback<String>,
) -> impl IntoView {
    let words = use_i18n();
    let option = move |class: TaxClass| {
        let id = class.id.to_string();
        let same = id.clone();
        let rate = class.rates.last().map(|rate| rate.rate);
        let name = move || match rate {
            Some(rate) => format!("{} ({})", class.name, percent(words, rate)),
            None => class.name.clone(),
        };
        view! { <option value=id selected=move || chosen.get() == same>{name}</option> }
    };
    // One that is not read yet stays chosen.
    let unread = move || {
        let chosen = chosen.get();
        let read = known.with(|known| known.iter().any(|class| class.id.to_string() == chosen));
        (!read && !chosen.is_empty()).then(|| view! { <option value=chosen.clone() selected=true>"…"</option> })
    };
    view! {
        <div class="field">
            <label for=id>{t!(words, taxes.class)}</label>
            <select id=id on:change:target=move |event| on_choose.run(event.target().value())>
                <option value="" selected=move || chosen.get().is_empty()>{t!(words, taxes.no_class)}</option>
                {move || unread()}
                {move || known.get().into_iter().map(option).collect_view()}
            </select>
        </div>
    }
}

/// The taxes in what was paid or is to be, a line for each rate; nothing when there is none.
#[component]
pub fn Taxes(
    /// By rate.
    taxes: Vec<TaxTotal>,
    /// ISO 4217.
    currency: String,
) -> impl IntoView {
    let words = use_i18n();
    let currency = StoredValue::new(currency);
    let line = move |one: TaxTotal| {
        let tax = move || currency.with_value(|currency| money(words.get_locale(), currency, one.tax));
        view! { <li>{t!(words, taxes.included, rate = move || percent(words, one.rate), tax = tax)}</li> }
    };
    // A rate of nothing says nothing.
    let told: Vec<_> = taxes.into_iter().filter(|one| one.rate > Quantity::ZERO).collect();
    (!told.is_empty()).then(|| view! { <ul class="taxes">{told.into_iter().map(line).collect_view()}</ul> })
}

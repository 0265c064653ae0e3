//! Taxes: the classes of a house, one of them in its editor, and how much tax is in what was sold.

pub mod api;
mod chosen;
mod day;
mod desk;
mod editor;

pub use chosen::{Choice, Taxes, known, named};
pub use day::OfDay;
pub use editor::TaxClassPage;

use crate::{
    frame::use_here,
    i18n::{t, t_string, tu_string, use_i18n},
    inventory::escape,
    live::follow,
    parts::{Empty, Icon, Notice, Skeleton, Svg, money, quantity},
    prefs::Words,
};
use crate::{json::brought, prelude::*};
use api::tax_classes;
use leptos::either::Either;
use leptos_meta::Title;
use leptos_router::components::A;
use model::{Action, Page, Quantity, Receipt, Since, TaxClass, TaxClassId, TaxRate};

/// The way to a class.
pub fn link(id: TaxClassId, store: &str) -> String {
    format!("/taxes/{id}?store={}", escape(store))
}

/// `20 %`, as the reader writes numbers.
pub fn percent(words: Words, rate: Quantity) -> String {
    t_string!(words, taxes.percent, rate = quantity(words.get_locale(), rate)).to_string()
}

/// The tax in what was just paid, rate by rate; a rate of nothing says nothing. Not tracked.
pub fn told(words: Words, receipt: &Receipt) -> Vec<String> {
    let locale = words.get_locale_untracked();
    let one = |one: &model::TaxTotal| {
        let (rate, tax) = (quantity(locale, one.rate), money(locale, &receipt.currency, one.tax));
        let rate = tu_string!(words, taxes.percent, rate = rate).to_string();
        tu_string!(words, taxes.included, rate = rate, tax = tax).to_string()
    };
    receipt.tax.iter().filter(|one| one.rate > Quantity::ZERO).map(one).collect()
}

/// The page: `/taxes?store=LON`.
#[component]
pub fn TaxesPage() -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let first = brought(
        move || here.store().get().code,
        |store| async move { tax_classes().await.map(|classes| (store, classes)) },
    );
    view! {
        <Title text=move || t_string!(words, taxes.title) />
        <A href=move || here.link("/products") attr:class="back"><Svg icon=Icon::Back />{t!(words, taxes.products)}</A>
        <header class="page-head products-head">
            <div>
                <h1>{t!(words, taxes.title)}</h1>
                <p>{t!(words, taxes.lead)}</p>
            </div>
            {here.may_everywhere(Action::EditItems).then(|| view! {
                <div class="products-acts">
                    <A href=move || link(TaxClassId::new(), &here.store().get().code) attr:class="button primary"><Svg icon=Icon::Plus />{t!(words, taxes.add)}</A>
                </div>
            })}
        </header>
        <Transition fallback=|| view! { <Skeleton rows=4 /> }>
            {drawn(move || async move {
                match first.await {
                    Ok((store, first)) => Either::Left(view! { <List store first /> }),
                    Err(failure) => Either::Right(view! { <Notice failure=Signal::stored(Some(failure)) /> }),
                }
            })}
        </Transition>
    }
}

#[component]
fn List(store: String, first: Page<TaxClass>) -> impl IntoView {
    let words = use_i18n();
    let classes = RwSignal::new(first.data);
    let code = StoredValue::new(store.clone());
    let read = || async {
        let Page { data, as_of, .. } = tax_classes().await?;
        Ok(Since { total: 0, data, as_of })
    };
    follow(vec![format!("stock:{store}")], first.as_of, read, move |now| classes.set(now));
    view! {
        <Show when=move || !classes.read().is_empty() fallback=move || view! {
            <Empty icon=Icon::Tag title=move || t!(words, taxes.none_title) text=move || t!(words, taxes.none_text) />
        }>
            <ul class="purchases" aria-label=move || t_string!(words, taxes.title)>
                <For each=move || classes.get() key=|class| (class.id, class.version, class.items) let:class><Row class store=code.get_value() /></For>
            </ul>
        </Show>
    }
}

#[component]
fn Row(class: TaxClass, store: String) -> impl IntoView {
    let words = use_i18n();
    let (to, name) = (link(class.id, &store), class.name.clone());
    let facts = move || {
        let count = t_string!(words, taxes.count, count = class.items.unsigned_abs()).to_string();
        let rates = class.rates.iter().map(|rate| since(words, rate));
        rates.chain([count]).collect::<Vec<_>>().join(" · ")
    };
    view! {
        <li>
            <a class="purchase-row" href=to>
                <span class="purchase-name"><b>{name}</b><small>{move || facts()}</small></span>
                <Svg icon=Icon::Chevron />
            </a>
        </li>
    }
}

/// `20 % from 2026-01-01`.
fn since(words: Words, rate: &TaxRate) -> String {
    let share = percent(words, rate.rate);
    match rate.from_day.clone() {
        Some(day) => t_string!(words, taxes.since, rate = share, day = day).to_string(),
        None => share,
    }
}

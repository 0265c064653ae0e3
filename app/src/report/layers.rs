//! Why an item is worth that: what is there of it, as it came, with the way to each delivery.

use super::api::find_cost_layers;
use crate::{
    failure::Failure,
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    inventory::{delivery, escape, item_link, lit},
    live::follow,
    parts::{Empty, Icon, Notice, Shape, Skeleton, Svg, money, quantity, use_day},
};
use crate::{json::brought, prelude::*};
use leptos::either::{Either, EitherOf3};
use leptos_meta::Title;
use leptos_router::{components::A, hooks::use_params_map};
use model::{CostLayer, CostLayers, Costing, Error, Money, Quantity, Since};

/// As many layers as are listed at most.
const LAYERS_MAX: usize = 200;

/// The way to an item's page.
pub fn link(sku: &str, store: &str) -> String {
    format!("/worth/{}?store={}", escape(sku), escape(store))
}

/// The page: `/worth/85123A?store=LON`.
#[component]
pub fn LayersPage() -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let params = use_params_map();
    let sku = Memo::new(move |_| params.read().get("sku").unwrap_or_default());
    let found = brought(move || (here.store().get().code, sku.get()), |(store, sku)| find_cost_layers(store, sku));
    view! {
        <A href=move || here.link("/worth") attr:class="back"><Svg icon=Icon::Back />{t!(words, costing.back)}</A>
        <Transition fallback=|| view! { <Skeleton shape=Shape::Sheet /> }>
            {drawn(move || async move {
                match found.await {
                    Ok(first) => EitherOf3::A(view! { <Layers first /> }),
                    Err(Failure::Said(Error::NotFound)) => EitherOf3::B(view! { <Missing sku=sku.get_untracked() /> }),
                    Err(failure) => EitherOf3::C(view! { <Notice failure=Signal::stored(Some(failure)) /> }),
                }
            })}
        </Transition>
    }
}

#[component]
fn Missing(sku: String) -> impl IntoView {
    let words = use_i18n();
    let sku = StoredValue::new(sku);
    view! {
        <Title text=move || t_string!(words, costing.why) />
        <h1 class="unseen">{t!(words, costing.why)}</h1>
        <Empty icon=Icon::Barcode title=move || t!(words, item.missing_title, sku = move || sku.get_value()) text=move || t!(words, item.missing_text) />
    }
}

/// The sum, and what it is made of; both follow what happens.
#[component]
fn Layers(first: CostLayers) -> impl IntoView {
    let words = use_i18n();
    let CostLayers { store, currency, sku, name, as_of, .. } = first.clone();
    let item = item_link(&sku, &store);
    let topics = ["stock", "sales", "work"].map(|topic| format!("{topic}:{store}")).to_vec();
    let (wanted, currency, name) =
        (StoredValue::new((store, sku.clone())), StoredValue::new(currency), StoredValue::new(name));
    let (now, changes) = (RwSignal::new(first), RwSignal::new(0));
    let read = move || async move {
        let (store, sku) = wanted.get_value();
        let data = find_cost_layers(store, sku).await?;
        Ok(Since { as_of: data.as_of, total: 0, data })
    };
    follow(topics, as_of, read, move |new: CostLayers| {
        if now.with_untracked(|now| now.value != new.value) {
            changes.update(|changes| *changes += 1);
        }
        now.set(new);
    });
    let amount = move |value: Money| currency.with_value(|currency| money(words.get_locale(), currency, value));
    let last = move || match now.with(|now| now.last_cost) {
        Some(cost) => amount(cost),
        None => t_string!(words, costing.unknown).to_owned(),
    };
    let how = move || match now.with(|now| now.costing) {
        Costing::Fifo => t_string!(words, costing.fifo),
        Costing::Average => t_string!(words, costing.average),
    };
    let order = move || match now.with(|now| now.costing) {
        Costing::Fifo => t_string!(words, costing.layers_fifo),
        Costing::Average => t_string!(words, costing.layers_average),
    };
    let none = move || {
        let owed = now.with(|now| now.quantity.is_negative());
        if owed { t_string!(words, costing.layers_owed) } else { t_string!(words, costing.layers_none) }
    };
    // A delivery may have the same line twice.
    let key = |(at, layer): &(usize, CostLayer)| (*at, layer.posting, layer.left, layer.value, layer.known);
    let layers = move || now.with(|now| now.data.clone()).into_iter().enumerate().collect::<Vec<_>>();
    let layer = move |(_, layer)| view! { <Layer layer currency=currency.get_value() store=wanted.get_value().0 /> };
    view! {
        <Title text=move || t_string!(words, costing.why) />
        <header class="page-head item-head">
            <h1>{t!(words, costing.why_title, name = move || name.get_value())}</h1>
            <p class="item-sku">{sku}</p>
        </header>
        <div class="item-columns">
            <div class="item-facts">
                <section class="card item-number">
                    <p class="item-number-name">{t!(words, costing.worth)}</p>
                    <p class="worth-big" role="status"><span class=move || lit(changes.get())>{move || amount(now.with(|now| now.value))}</span></p>
                </section>
                <dl class="card facts">
                    <div><dt>{t!(words, costing.quantity)}</dt><dd>{move || quantity(words.get_locale(), now.with(|now| now.quantity))}</dd></div>
                    <div><dt>{t!(words, costing.last)}</dt><dd>{last}</dd></div>
                    <div><dt>{t!(words, costing.how)}</dt><dd>{how}</dd></div>
                </dl>
                <A href=item attr:class="button wide"><Svg icon=Icon::Box />{t!(words, costing.item)}</A>
            </div>
            <section aria-labelledby="layers">
                <h2 id="layers">{t!(words, costing.layers)}</h2>
                <Show when=move || now.with(|now| !now.data.is_empty()) fallback=move || view! { <p class="card worth-none">{none}</p> }>
                    <p class="history-text">{order}</p>
                    <ol class="purchases">
                        <For each=layers key=key children=layer />
                    </ol>
                    {move || now.with(|now| now.data.len() >= LAYERS_MAX).then(|| view! { <p class="history-end">{t!(words, costing.layers_more)}</p> })}
                </Show>
            </section>
        </div>
    }
}

/// Goods that came together: when and how, what is left of them, and what that is worth. A delivery can be opened.
#[component]
fn Layer(layer: CostLayer, currency: String, store: String) -> impl IntoView {
    let words = use_i18n();
    let CostLayer { posting, day, account, came, left, value, known } = layer;
    let delivery = posting.filter(|_| account.as_deref() == Some("received")).map(|id| delivery::link(id, &store));
    let pool = posting.is_none();
    let day = use_day(day.unwrap_or_default());
    let account = StoredValue::new(account.unwrap_or_default());
    let title = move || {
        let day = day.get();
        if pool {
            return t_string!(words, costing.pool).to_owned();
        }
        account.with_value(|account| match account.as_str() {
            "received" => t_string!(words, costing.came_received, day = day).to_string(),
            "transit" => t_string!(words, costing.came_transit, day = day).to_string(),
            "cost_of_goods" => t_string!(words, costing.came_back, day = day).to_string(),
            "shrinkage" => t_string!(words, costing.came_found, day = day).to_string(),
            "opening" => t_string!(words, costing.came_opening, day = day).to_string(),
            _ => t_string!(words, costing.came_other, day = day).to_string(),
        })
    };
    let number = move |size: Quantity| quantity(words.get_locale(), size);
    let how_many = move || {
        if pool {
            t_string!(words, costing.left, left = number(left)).to_string()
        } else {
            t_string!(words, costing.left_of, left = number(left), came = number(came)).to_string()
        }
    };
    let mark = move || if known { t_string!(words, costing.known) } else { t_string!(words, costing.guess) };
    let leads = delivery.is_some();
    let inner = view! {
        <span class="purchase-name"><b>{title}</b><small>{how_many}</small></span>
        <span class="state" data-state=if known { "known" } else { "guess" }>{mark}</span>
        <span class="purchase-facts"><b>{move || money(words.get_locale(), &currency, value)}</b></span>
        {leads.then(|| view! { <Svg icon=Icon::Chevron /> })}
    };
    let shown = match delivery {
        Some(href) => Either::Left(view! { <A href attr:class="purchase-row">{inner}</A> }),
        None => Either::Right(view! { <div class="purchase-row plain">{inner}</div> }),
    };
    view! { <li>{shown}</li> }
}

//! The list itself: rows that can be chosen, and what can be done with those that are.

use super::{bulk::Acts, filter, loader::Loader, picture::Picture};
use crate::prelude::*;
use crate::{
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    parts::{Notice, Rows, money, quantity},
    prefs::Words,
};
use leptos::{either::Either, task::spawn_local};
use leptos_router::components::A;
use model::{Action, ItemKind, ProductQuery, ProductRow, Quantity, Since};

/// A list that moves.
#[component]
pub fn List(
    /// What it lists.
    query: ProductQuery,
    /// Its first rows, loaded with the page.
    first: Since<Vec<ProductRow>>,
) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let reach = query.reach().and_then(|most| usize::try_from(most).ok());
    let loader = Loader::new(query.clone(), first);
    let may_edit = untrack(|| here.may(Action::EditItems));
    let draw = move |number: usize| view! { <Row number row=loader.row(number) loader may_edit /> };
    view! {
        <div class="products-count">
            <p role="status">
                {t!(words, products.rows, count = move || loader.total.get() as u64, shown = move || counted(words, loader.total.get()))}
                <Show when=move || reach.is_some_and(|most| loader.total.get() >= most)>
                    <small>{t!(words, products.reach, most = move || counted(words, reach.unwrap_or_default()))}</small>
                </Show>
            </p>
            <Show when=move || { loader.stale.get() > 0 }>
                <button type="button" class="chip" on:click=move |_| loader.renew()>
                    {t!(words, products.stale, count = move || loader.stale.get() as u64, shown = move || counted(words, loader.stale.get()))}
                </button>
            </Show>
        </div>
        <Notice failure=loader.failure />
        <div class="product-grid" role="table" aria-label=move || t_string!(words, products.table) aria-rowcount=move || loader.total.get() + 1>
            <Head query loader may_edit />
            <Rows total=loader.total window=loader.window row=draw />
        </div>
        {may_edit.then(|| view! { <Acts loader /> })}
    }
}

pub fn counted(words: Words, count: usize) -> String {
    quantity(words.get_locale(), Quantity::whole(i64::try_from(count).unwrap_or_default()))
}

#[component]
fn Head(query: ProductQuery, loader: Loader, may_edit: bool) -> impl IntoView {
    let words = use_i18n();
    let column = move |by_name: bool, class: &'static str, name: fn(Words) -> &'static str| {
        let sorted = query.by_name == by_name;
        let order = match (sorted, query.descending) {
            (false, _) => "none",
            (true, false) => "ascending",
            (true, true) => "descending",
        };
        let wanted = ProductQuery { by_name, descending: sorted && !query.descending, ..query.clone() };
        view! {
            <div role="columnheader" class=class aria-sort=order>
                <a href=filter::link(&wanted) data-noscroll="">{move || name(words)}</a>
            </div>
        }
    };
    let all = move |event| {
        if event_target_checked(&event) {
            let query = loader.query.get_value();
            spawn_local(async move {
                if let Ok(skus) = super::api::product_skus(query).await {
                    loader.chosen.try_set(skus.into_iter().collect());
                }
            });
        } else {
            loader.chosen.update(|chosen| chosen.clear());
        }
    };
    view! {
        <div class="product-head" role="rowgroup">
            <div class="product-row" role="row" aria-rowindex="1">
                <div role="columnheader" class="product-pick">
                    {if may_edit {
                        Either::Left(view! {
                            <label class="pick">
                                <input type="checkbox" prop:checked=move || !loader.chosen.read().is_empty() on:change=all />
                                <span class="unseen">{t!(words, products.choose_all)}</span>
                            </label>
                        })
                    } else {
                        Either::Right(view! { <span class="unseen">{t!(words, products.picture)}</span> })
                    }}
                </div>
                {column(true, "product-name", |words| t_string!(words, products.name))}
                {column(false, "product-sku", |words| t_string!(words, products.sku))}
                <div role="columnheader" class="product-hand">{t!(words, products.on_hand)}</div>
                <div role="columnheader" class="product-limits">{t!(words, products.limits)}</div>
                <div role="columnheader" class="product-price">{t!(words, products.price)}</div>
            </div>
        </div>
    }
}

#[component]
fn Row(number: usize, row: Memo<Option<ProductRow>>, loader: Loader, may_edit: bool) -> impl IntoView {
    let cells = move || match row.get() {
        None => Either::Left(view! { <div role="cell" class="product-name"><span class="bone"></span></div> }),
        Some(row) => Either::Right(view! { <Cells row loader may_edit /> }),
    };
    view! { <div class="product-row" role="row" aria-rowindex=number + 2>{move || cells()}</div> }
}

#[component]
fn Cells(row: ProductRow, loader: Loader, may_edit: bool) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let store = here.store().get_untracked();
    let href = filter::product_link(&row.sku, &store.code);
    let (sku, name) = (StoredValue::new(row.sku.clone()), StoredValue::new(row.name.clone()));
    let chosen = move || sku.with_value(|sku| loader.chosen.read().contains(sku));
    let choose = move |event| {
        let on = event_target_checked(&event);
        let sku = sku.get_value();
        loader.chosen.update(|chosen| {
            if on {
                chosen.insert(sku);
            } else {
                chosen.remove(&sku);
            }
        });
    };
    let pick = may_edit.then(|| {
        view! {
            <label class="pick">
                <input type="checkbox" prop:checked=move || chosen() on:change=choose />
                <span class="unseen">{t!(words, products.choose, name = move || name.get_value())}</span>
            </label>
        }
    });
    let low = row.is_low();
    let marks = view! {
        {low.then(|| view! { <span class="stock-mark">{t!(words, products.mark_low)}</span> })}
        {row.kit.is_some().then(|| view! { <span class="stock-mark">{t!(words, kits.mark)}</span> })}
        {row.archived.then(|| view! { <span class="stock-mark">{t!(words, products.mark_archived)}</span> })}
        {row.barcodes.is_empty().then(|| view! { <span class="stock-mark bare">{t!(words, products.mark_bare)}</span> })}
        {row.category.clone().map(|name| view! { <span class="stock-mark category">{name}</span> })}
    };
    let counted = match &row.kit {
        Some(kit) => Some(Quantity::whole(kit.available)),
        None => (row.kind == ItemKind::Stocked).then_some(row.on_hand),
    };
    let amount =
        move |size: Option<Quantity>| size.map_or_else(|| "–".to_owned(), |size| quantity(words.get_locale(), size));
    let (minimum, maximum, price) = (row.minimum, row.maximum, row.price);
    let limits = move || {
        let none = minimum.is_none() && maximum.is_none();
        if none { String::new() } else { format!("{} / {}", amount(minimum), amount(maximum)) }
    };
    view! {
        <div role="cell" class="product-pick">{pick}<Picture image=row.image.clone() /></div>
        <div role="rowheader" class="product-name"><A href attr:class="stock-link">{row.name.clone()}</A>{marks}</div>
        <div role="cell" class="product-sku">{row.sku.clone()}</div>
        <div role="cell" class="product-hand">{move || counted.map(|size| amount(Some(size)))}</div>
        <div role="cell" class="product-limits">{move || limits()}</div>
        <div role="cell" class="product-price">{move || price.map(|price| money(words.get_locale(), &store.currency, price))}</div>
    }
}

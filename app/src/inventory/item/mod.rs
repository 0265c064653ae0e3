//! The item sheet: how many there are, where, and every reason for it.

mod book;
mod fix;
mod held;
mod history;
mod kit;
mod rule;

pub use kit::Makes;

use super::{api::sheet, lots::OfItem, stock::lit, variants::Siblings};
use crate::{
    failure::Failure,
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    parts::{Empty, Icon, Notice, Skeleton, Svg, money, quantity},
};
use crate::{json::brought, prelude::*};
use book::Book;
use fix::Fix;
use held::Held;
use history::History;
use kit::KitCard;
use leptos::either::{Either, EitherOf3};
use leptos_meta::Title;
use leptos_router::{components::A, hooks::use_params_map};
use model::{Action, Error, ItemKind, ItemSheet, Quantity, StockRow};
use rule::Rule;

/// The item's page: `/items/85123A?store=LON`.
#[component]
pub fn ItemPage() -> impl IntoView {
    let here = use_here();
    let params = use_params_map();
    let sku = Memo::new(move |_| params.read().get("sku").unwrap_or_default());
    let sheet = brought(
        move || (here.store().get().code, sku.get()),
        |(store, sku)| async move { sheet(store.clone(), sku).await.map(|sheet| (store, sheet)) },
    );
    view! {
        <Transition fallback=|| view! { <Skeleton rows=8 /> }>
            {drawn(move || async move {
                match sheet.await {
                    Ok((store, sheet)) => EitherOf3::A(view! { <Sheet store sheet /> }),
                    Err(Failure::Said(Error::NotFound)) => EitherOf3::B(view! { <Missing sku=sku.get_untracked() /> }),
                    Err(failure) => EitherOf3::C(view! { <Notice failure=Signal::stored(Some(failure)) /> }),
                }
            })}
        </Transition>
    }
}

#[component]
fn Missing(sku: String) -> impl IntoView {
    #[cfg(feature = "ssr")]
    if let Some(options) = use_context::<leptos_axum::ResponseOptions>() {
        options.set_status(axum::http::StatusCode::NOT_FOUND);
    }
    let words = use_i18n();
    let here = use_here();
    let sku = StoredValue::new(sku);
    let title = move || t!(words, item.missing_title, sku = move || sku.get_value());
    view! {
        <Title text=move || t_string!(words, item.title) />
        <h1 class="unseen">{t!(words, item.title)}</h1>
        <Empty icon=Icon::Barcode title text=move || t!(words, item.missing_text)>
            <A href=move || here.link("/stock") attr:class="button primary">{t!(words, item.missing_action)}</A>
        </Empty>
    }
}

/// One item, alive.
#[component]
fn Sheet(
    /// The store looked at.
    store: String,
    sheet: ItemSheet,
) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let item = sheet.item.clone();
    let kept = (store.clone(), item.sku.clone());
    let book = Book::new(store, sheet);
    let kind = item.kind;
    let may_fix = move || here.may(Action::Adjust);
    let name = Memo::new(move |_| book.with(|sheet| sheet.item.name.clone()));
    let may_edit = move || here.may(Action::EditItems);
    let may_see_costs = move || kind == ItemKind::Stocked && here.may(Action::SeeReports);
    let worth = crate::report::layers_link(&item.sku, &here.store().get_untracked().code);
    let edit = crate::inventory::products::product_link(&item.sku, &here.store().get_untracked().code);
    view! {
        <Title text=move || name.try_get().unwrap_or_default() />
        <A href=move || here.link("/stock") attr:class="back"><Svg icon=Icon::Back />{t!(words, item.back)}</A>
        <header class="page-head item-head">
            <h1>{name}</h1>
            <p class="item-sku">{item.sku.clone()}</p>
        </header>
        <div class="item-columns">
            <div class="item-facts">
                {match kind {
                    ItemKind::Kit => EitherOf3::A(view! { <KitCard book /> }),
                    ItemKind::Stocked => EitherOf3::B(view! { <Number book /> <Below book /> <Show when=may_fix><Fix book /></Show> <Held book /> <Places book /> <Siblings store=kept.0.clone() sku=kept.1.clone() /> <OfItem store=kept.0.clone() sku=kept.1.clone() /> <Rule store=kept.0.clone() sku=kept.1.clone() /> }),
                    ItemKind::Service => EitherOf3::C(view! { <p class="card">{t!(words, item.service)}</p> }),
                }}
                <Facts book />
                <Show when=may_see_costs>
                    <A href=worth.clone() attr:class="button wide">{t!(words, costing.why)}</A>
                </Show>
                <Show when=may_edit>
                    <A href=edit.clone() attr:class="button wide">{t!(words, products.edit)}</A>
                </Show>
            </div>
            {(kind != ItemKind::Kit).then(|| view! { <History book counted=kind == ItemKind::Stocked /> })}
        </div>
    }
}

/// The number that one came for.
#[component]
fn Number(book: Book) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let figures = Memo::new(move |_| book.figures());
    let part = move |of: fn((Quantity, Quantity, Quantity)) -> Quantity| {
        move || quantity(words.get_locale(), of(figures.get()))
    };
    let (on_hand, reserved, available) =
        (part(|figures| figures.0), part(|figures| figures.1), part(|figures| figures.2));
    // What is to come is told where something is.
    let to_come = move || {
        let (incoming, backordered, projected) = book.outlook();
        let told = incoming != Quantity::ZERO || backordered != Quantity::ZERO;
        let number = move |size| quantity(words.get_locale(), size);
        told.then(|| {
            view! {
                <div><dt>{t!(words, item.incoming)}</dt><dd>{number(incoming)}</dd></div>
                <div><dt>{t!(words, item.backordered)}</dt><dd>{number(backordered)}</dd></div>
                <div><dt>{t!(words, item.projected)}</dt><dd>{number(projected)}</dd></div>
            }
        })
    };
    view! {
        <section class="card item-number" class:below=move || figures.get().0.is_negative()>
            <p class="item-number-name">{t!(words, item.on_hand)}" "{t!(words, item.in_store, store = move || here.store().get().name)}</p>
            <p class="item-number-big" role="status"><span class=move || lit(book.changes.get())>{on_hand}</span></p>
            <dl class="item-number-parts">
                <div><dt>{t!(words, item.available)}</dt><dd>{available}</dd></div>
                <div><dt>{t!(words, item.reserved)}</dt><dd>{reserved}</dd></div>
                {to_come}
            </dl>
        </section>
    }
}

/// Less than nothing is explained, and what to do about it.
#[component]
fn Below(book: Book) -> impl IntoView {
    let words = use_i18n();
    let number = move || quantity(words.get_locale(), book.figures().0);
    view! {
        <Show when=move || book.figures().0.is_negative()>
            <section class="notice item-below" data-kind="warn">
                <Svg icon=Icon::Warning />
                <div>
                    <h2>{t!(words, item.below_title, number = number)}</h2>
                    <p>{t!(words, item.below_text)}</p>
                </div>
            </section>
        </Show>
    }
}

/// Where it lies, place by place.
#[component]
fn Places(book: Book) -> impl IntoView {
    let words = use_i18n();
    let stores = StoredValue::new(use_here().me().stores);
    let place = move |row: StockRow| {
        let known = stores
            .with_value(|stores| stores.iter().find(|store| store.code == row.store).map(|store| store.name.clone()));
        let store = known.unwrap_or(row.store);
        let amount = move || quantity(words.get_locale(), row.on_hand);
        let aside = (!row.condition.is_sellable()).then(|| view! { <span class="tag">{t!(words, item.aside)}</span> });
        view! { <li><span>{store} " · " {row.location} " " {aside}</span><strong>{move || amount()}</strong></li> }
    };
    view! {
        <Show when=move || { book.with(|sheet| !sheet.stock.is_empty()) }>
            <section class="card places">
                <h2>{t!(words, item.places)}</h2>
                <ul>{move || book.with(|sheet| sheet.stock.clone()).into_iter().map(place).collect_view()}</ul>
            </section>
        </Show>
    }
}

/// What seldom moves: price, barcodes and packs.
#[component]
fn Facts(book: Book) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let item = Memo::new(move |_| book.with(|sheet| sheet.item.clone()));
    let price = move || match item.read().price {
        Some(price) => money(words.get_locale(), &here.store().read().currency, price),
        None => t_string!(words, item.no_price).to_string(),
    };
    let codes = move || {
        let barcodes = item.read().barcodes.clone();
        if barcodes.is_empty() {
            Either::Left(view! { <dd>{t!(words, item.no_barcodes)}</dd> })
        } else {
            Either::Right(barcodes.into_iter().map(|code| view! { <dd class="code">{code}</dd> }).collect_view())
        }
    };
    let packs = move || {
        let locale = words.get_locale();
        item.read().packs.iter().map(|pack| (pack.clone(), quantity(locale, pack.quantity))).collect::<Vec<_>>()
    };
    let pack = |(pack, many): (model::Pack, String)| view! { <dd>{pack.name}" · "{many}" · "<span class="code">{pack.barcode}</span></dd> };
    view! {
        <dl class="card facts">
            <div><dt>{t!(words, item.price)}</dt><dd>{move || price()}</dd></div>
            <div><dt>{t!(words, item.unit)}</dt><dd>{move || item.read().unit.clone()}</dd></div>
            <div><dt>{t!(words, item.barcodes)}</dt>{move || codes()}</div>
            <Show when=move || !item.read().packs.is_empty()>
                <div><dt>{t!(words, item.packs)}</dt>{move || packs().into_iter().map(pack).collect_view()}</div>
            </Show>
        </dl>
    }
}

//! One row: what the item is called, and its figures, which move by themselves.

use super::{
    figures::{Figures, Live},
    whereabouts,
};
use crate::prelude::*;
use crate::{
    i18n::{t, t_string, use_i18n},
    parts::{money, quantity},
};
use leptos::either::{Either, EitherOf4};
use leptos_router::components::A;
use model::{Quantity, StockRow};

/// A row, or grey bars of its shape until it is loaded.
#[component]
pub fn Row(
    /// Its place in the whole list, from 0.
    number: usize,
    /// What stands there.
    row: Memo<Option<Live>>,
    /// The row that the Tab key stops at; `None` while each one is a stop.
    stop: Memo<Option<usize>>,
    /// The store's currency.
    currency: String,
    /// Where a row leads.
    href: fn(&StockRow) -> String,
) -> impl IntoView {
    let tab = move || stop.get().map(|stop| if stop == number { "0" } else { "-1" });
    let cells = move || match row.get() {
        None => Either::Left(view! { <Waiting /> }),
        Some(live) => {
            let href = href(&live.row);
            Either::Right(view! { <Cells live href tab=Signal::derive(tab) currency=currency.clone() /> })
        }
    };
    view! { <div class="stock-row" role="row" aria-rowindex=number + 2>{move || cells()}</div> }
}

#[component]
fn Waiting() -> impl IntoView {
    view! {
        <div role="gridcell" class="stock-name"><span class="bone"></span></div>
        <div role="gridcell" class="stock-sku"><span class="bone"></span></div>
        <div role="gridcell" class="stock-hand"><span class="bone"></span></div>
        {(0..4).map(|_| view! { <div role="gridcell" class="stock-more"><span class="bone"></span></div> }).collect_view()}
        <div role="gridcell" class="stock-price"><span class="bone"></span></div>
    }
}

#[component]
fn Cells(live: Live, href: String, #[prop(into)] tab: Signal<Option<&'static str>>, currency: String) -> impl IntoView {
    let words = use_i18n();
    let Live { row, figures, changes } = live;
    let made = Memo::new({
        let figures = figures.clone();
        move |_| figures.get().made
    });
    let figure = move |of: fn(Figures) -> Option<Quantity>| {
        let figures = figures.clone();
        let now = Memo::new(move |_| of(figures.get()));
        (now, move || now.get().map_or_else(|| "–".to_owned(), |now| quantity(words.get_locale(), now)))
    };
    let (on_hand, on_hand_text) = figure(|figures| figures.unless_kit(figures.on_hand));
    let (_, reserved) = figure(|figures| figures.unless_kit(figures.reserved));
    let (_, available) = figure(|figures| Some(figures.available()));
    let (_, incoming) = figure(|figures| figures.unless_kit(figures.incoming));
    let (_, projected) = figure(|figures| figures.unless_kit(figures.projected()));
    let (elsewhere, elsewhere_text) = figure(|figures| figures.unless_kit(figures.elsewhere));
    let more = move || {
        let more = elsewhere.get().is_some_and(|more| more > Quantity::ZERO);
        more.then(
            || view! { <small class="stock-elsewhere">{t!(words, stock.elsewhere, quantity = elsewhere_text)}</small> },
        )
    };
    let state = move || match (made.get(), on_hand.get()) {
        (Some(0), _) => Some(EitherOf4::A(t!(words, kits.mark_none))),
        (Some(_), _) => Some(EitherOf4::B(t!(words, kits.mark))),
        (None, Some(left)) if left.is_negative() => Some(EitherOf4::C(t!(words, stock.below))),
        (None, Some(Quantity::ZERO)) => Some(EitherOf4::D(t!(words, stock.none))),
        (None, _) => None,
    };
    let below = move || on_hand.get().is_some_and(Quantity::is_negative);
    let mark = move || {
        let state = state()?;
        Some(view! { <span class="stock-mark" class:below=below>{state}</span> })
    };
    // What lights up is the number that moves.
    let light = move |kit: bool| {
        let changes = changes.clone();
        move || lit(if made.get().is_some() == kit { changes.get() } else { 0 })
    };
    let (on_hand_lit, available_lit) = (light(false), light(true));
    let (name, sku, price) = (row.name.clone(), row.sku.clone(), row.price);
    view! {
        <div role="rowheader" class="stock-name" tabindex="-1">
            <A href attr:class="stock-link" attr:tabindex=move || tab.get() on:click=|_| whereabouts::remember()>{name}</A>
            {move || mark()}
        </div>
        <div role="gridcell" class="stock-sku" tabindex="-1">{sku}</div>
        <div role="gridcell" class="stock-hand" tabindex="-1">
            <span class=on_hand_lit>{on_hand_text}</span>
            {move || more()}
        </div>
        <div role="gridcell" class="stock-more" tabindex="-1" data-label=move || t_string!(words, stock.reserved)>
            {reserved}
        </div>
        <div role="gridcell" class="stock-more" tabindex="-1" data-label=move || t_string!(words, stock.available)>
            <span class=available_lit>{available}</span>
        </div>
        <div role="gridcell" class="stock-more" tabindex="-1" data-label=move || t_string!(words, item.incoming)>
            {incoming}
        </div>
        <div role="gridcell" class="stock-more" tabindex="-1" data-label=move || t_string!(words, item.projected)>
            {projected}
        </div>
        <div role="gridcell" class="stock-price" tabindex="-1">
            {move || price.map(|price| money(words.get_locale(), &currency, price))}
        </div>
    }
}

/// The class of a figure that changed that often: the name alternates, so that each change starts the light anew.
#[must_use]
pub fn lit(changes: u32) -> &'static str {
    match changes {
        0 => "figure",
        odd if odd % 2 == 1 => "figure lit-odd",
        _ => "figure lit-even",
    }
}

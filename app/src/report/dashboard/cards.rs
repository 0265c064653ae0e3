//! What the dashboard is made of: three or four numbers, two charts, and the same figures as tables.

use super::board::{Board, clock};
use crate::{
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    inventory::{item_link, lit},
    parts::{Chart, Empty, Icon, Svg, money, quantity},
};
use leptos::{either::Either, prelude::*};
use leptos_router::components::A;
use model::{Money, MostSold, Quantity};

/// The day in four numbers.
#[component]
pub fn Tiles(
    /// The figures.
    board: Board,
    /// Items at or below zero, where that is known.
    short: Option<i64>,
    /// The store's currency.
    currency: String,
) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let sums = Memo::new(move |_| board.sums());
    let light = move || lit(board.changes.get());
    let taken = {
        let currency = currency.clone();
        move || money(words.get_locale(), &currency, sums.get().0)
    };
    let average = move || {
        let (value, sales, _) = sums.get();
        let each = value.parts().checked_div(sales).filter(|_| sales > 0).map(to_the_cent)?;
        let amount = money(words.get_locale(), &currency, each);
        Some(t_string!(words, dashboard.average, amount = amount).to_string())
    };
    let short = short.filter(|short| *short > 0).map(|short| {
        view! {
            <A href=move || format!("/stock?store={}&short=1", here.store().get().code) attr:class="tile tile-link">
                <span class="tile-name"><Svg icon=Icon::Warning />{t!(words, dashboard.to_check)}</span>
                <span class="tile-number">{move || quantity(words.get_locale(), Quantity::whole(short))}</span>
                <span class="tile-text">{t!(words, dashboard.to_check_text, count = move || short.unsigned_abs())}</span>
            </A>
        }
    });
    view! {
        <div class="tiles">
            <div class="tile tile-first">
                <span class="tile-name">{t!(words, dashboard.taken)}</span>
                <span class="tile-number"><span class=light>{taken}</span></span>
            </div>
            <div class="tile">
                <span class="tile-name">{t!(words, dashboard.sales)}</span>
                <span class="tile-number">
                    <span class=light>{move || quantity(words.get_locale(), Quantity::whole(sums.get().1))}</span>
                </span>
                <span class="tile-text">{average}</span>
            </div>
            <div class="tile">
                <span class="tile-name">{t!(words, dashboard.units)}</span>
                <span class="tile-number"><span class=light>{move || quantity(words.get_locale(), sums.get().2)}</span></span>
            </div>
            {short}
        </div>
    }
}

/// An average is shown to the cent; nothing is booked from it.
fn to_the_cent(parts: i64) -> Money {
    Money::from_parts((parts + 5_000).div_euclid(10_000) * 10_000)
}

/// Sales by hour.
#[component]
pub fn HoursCard(board: Board, options: String, currency: String) -> impl IntoView {
    let words = use_i18n();
    let code = StoredValue::new(currency.clone());
    let label = Signal::derive(move || t_string!(words, dashboard.chart_hours).to_string());
    let bars = Memo::new(move |_| board.hours());
    let rows = move || {
        let amount = |value| money(words.get_locale(), &code.get_value(), value);
        let count = |sales| quantity(words.get_locale(), Quantity::whole(sales));
        board.with(|shown| {
            let busy = shown.hours.iter().filter(|hour| hour.sales != 0 || hour.value != Money::ZERO);
            busy.map(|hour| {
                view! {
                    <tr>
                        <th scope="row">{clock(&hour.hour)}</th>
                        <td>{count(hour.sales)}</td>
                        <td>{quantity(words.get_locale(), hour.quantity)}</td>
                        <td>{amount(hour.value)}</td>
                    </tr>
                }
            })
            .collect_view()
        })
    };
    view! {
        <section class="card">
            <h2>{t!(words, dashboard.hours)}</h2>
            <p class="card-text">{t!(words, dashboard.hours_text)}</p>
            <Chart options bars currency label />
            <details class="as-table">
                <summary>{t!(words, dashboard.as_table)}</summary>
                <table>
                    <thead><tr>
                        <th scope="col">{t!(words, dashboard.hour)}</th>
                        <th scope="col">{t!(words, dashboard.sales)}</th>
                        <th scope="col">{t!(words, dashboard.pieces)}</th>
                        <th scope="col">{t!(words, dashboard.value)}</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </details>
        </section>
    }
}

/// What was sold most.
#[component]
pub fn MostSoldCard(board: Board, options: String, currency: String) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let label = Signal::derive(move || t_string!(words, dashboard.chart_most_sold).to_string());
    let bars = Memo::new(move |_| board.most_sold());
    let rows = move || {
        let store = here.store().get().code;
        let row = |row: MostSold| {
            let href = item_link(&row.sku, &store);
            view! {
                <tr>
                    <th scope="row"><A href>{row.name}</A></th>
                    <td>{quantity(words.get_locale(), row.quantity)}</td>
                    <td>{money(words.get_locale(), &currency, row.value)}</td>
                </tr>
            }
        };
        board.with(|shown| shown.most_sold.clone()).into_iter().map(row).collect_view()
    };
    view! {
        <section class="card">
            <h2>{t!(words, dashboard.most_sold)}</h2>
            <p class="card-text">{t!(words, dashboard.most_sold_text)}</p>
            <Chart options bars label />
            <details class="as-table">
                <summary>{t!(words, dashboard.as_table)}</summary>
                <table>
                    <thead><tr>
                        <th scope="col">{t!(words, dashboard.item)}</th>
                        <th scope="col">{t!(words, dashboard.pieces)}</th>
                        <th scope="col">{t!(words, dashboard.value)}</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </details>
        </section>
    }
}

/// A day on which nothing was sold.
#[component]
pub fn Quiet(
    /// It is not over yet.
    today: bool,
) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let title = move || {
        if today {
            Either::Left(t!(words, dashboard.empty_title))
        } else {
            Either::Right(t!(words, dashboard.quiet_title))
        }
    };
    let text = move || {
        if today {
            Either::Left(t!(words, dashboard.empty_text))
        } else {
            Either::Right(t!(words, dashboard.quiet_text))
        }
    };
    view! {
        <Empty icon=Icon::Chart title text>
            <A href=move || here.link("/till") attr:class="button primary">{t!(words, dashboard.empty_action)}</A>
        </Empty>
    }
}

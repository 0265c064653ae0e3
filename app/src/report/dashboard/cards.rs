//! The dashboard's two charts, and the same figures as tables.

use super::{
    board::{Board, clock},
    now::Now,
    rows,
};
use crate::prelude::*;
use crate::{
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    in_turn::in_turn,
    parts::{Chart, Empty, Icon, money, quantity},
};
use leptos::either::Either;
use leptos_router::components::A;
use model::{HourFigure, Money, MostSold, Quantity};

/// Sales by hour.
#[component]
pub fn HoursCard(board: Board, now: Now, options: String, currency: String) -> impl IntoView {
    let words = use_i18n();
    let code = StoredValue::new(currency.clone());
    let label = Signal::derive(move || t_string!(words, dashboard.chart_hours).to_string());
    let names =
        move || [t_string!(words, dashboard.this_day).to_string(), t_string!(words, dashboard.week_before).to_string()];
    let bars =
        Memo::new(move |_| board.hours().beside(now.with(|now| super::board::lengths(&now.before_hours)), names()));
    let rows = move || {
        let amount = |value| money(words.get_locale(), &code.get_value(), value);
        let count = |sales| quantity(words.get_locale(), Quantity::whole(sales));
        board.with(|shown| {
            let before = now.with(|now| now.before_hours.clone());
            let is_busy = |hour: &HourFigure| hour.sales != 0 || hour.value != Money::ZERO;
            let both = shown.hours.iter().enumerate().map(|(at, hour)| (hour, before.get(at).cloned()));
            let busy = both.filter(|(hour, before)| is_busy(hour) || before.as_ref().is_some_and(is_busy));
            busy.map(|(hour, before)| {
                let before = before.map(|before| before.value).unwrap_or_default();
                view! {
                    <tr>
                        <th scope="row">{clock(&hour.hour)}</th>
                        <td>{count(hour.sales)}</td>
                        <td>{quantity(words.get_locale(), hour.quantity)}</td>
                        <td>{amount(hour.value)}</td>
                        <td>{amount(before)}</td>
                    </tr>
                }
            })
            .collect_view()
        })
    };
    in_turn(move || {
        view! {
            <section class="card" id="hours">
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
                            <th scope="col">{t!(words, dashboard.week_before)}</th>
                        </tr></thead>
                        <tbody>{move || rows()}</tbody>
                    </table>
                </details>
            </section>
        }
    })
}

/// What was sold most.
#[component]
pub fn MostSoldCard(board: Board, options: String, currency: String) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let label = Signal::derive(move || t_string!(words, dashboard.chart_most_sold).to_string());
    let bars = Memo::new(move |_| board.most_sold());
    let rows = move || {
        let row = |row: MostSold| {
            let href = rows::item(here, &row.sku);
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
    in_turn(move || {
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
                        <tbody>{move || rows()}</tbody>
                    </table>
                </details>
            </section>
        }
    })
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

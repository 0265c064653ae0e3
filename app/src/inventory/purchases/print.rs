//! An order on paper: black on white, on A4 or Letter. The screen does not show it.

use crate::prelude::*;
use crate::{
    frame::use_here,
    i18n::{t, use_i18n},
    parts::{money, quantity},
};
use model::{Purchase, PurchaseLine, Quantity};

/// The paper.
#[component]
pub fn Paper(order: RwSignal<Purchase>) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let currency = StoredValue::new(order.with_untracked(|order| order.currency.clone()));
    let amount =
        move |amount: model::Money| currency.with_value(|currency| money(words.get_locale(), currency, amount));
    let row = move |line: PurchaseLine| {
        view! {
            <tr>
                <td>{line.name}<br /><small>{line.sku}</small></td>
                <td>{line.code}</td>
                <td class="figure">{quantity(words.get_locale(), line.ordered)}</td>
                <td class="figure">{line.unit_cost.map(|cost| amount(cost))}</td>
                <td class="figure">{line.value.map(|value| amount(value))}</td>
            </tr>
        }
    };
    let rows = move || {
        let lines = order.with(|order| order.lines.clone());
        lines.into_iter().filter(|line| line.ordered > Quantity::ZERO).map(row).collect_view()
    };
    let of = move |pick: fn(&Purchase) -> String| move || order.with(pick);
    view! {
        <article class="paper" aria-hidden="true">
            <h2>{t!(words, purchases.paper)}" "{of(|order| order.number.clone())}</h2>
            <dl>
                <dt>{t!(words, purchases.to)}</dt>
                <dd>{of(|order| order.supplier.name.clone())}" "{of(|order| order.supplier.email.clone())}</dd>
                <dt>{t!(words, purchases.from)}</dt><dd>{move || here.store().get().name}</dd>
                <dt>{t!(words, purchases.date)}</dt><dd>{of(|order| order.issued_on.clone())}</dd>
                <dt>{t!(words, purchases.due_on)}</dt><dd>{of(|order| order.due_on.clone().unwrap_or_default())}</dd>
            </dl>
            <p>{of(|order| order.note.clone().unwrap_or_default())}</p>
            <table>
                <thead><tr>
                    <th>{t!(words, purchases.item)}</th><th>{t!(words, purchases.code)}</th><th class="figure">{t!(words, purchases.quantity)}</th>
                    <th class="figure">{t!(words, purchases.cost)}</th><th class="figure">{t!(words, purchases.value)}</th>
                </tr></thead>
                <tbody>{move || rows()}</tbody>
                <tfoot><tr><th colspan="4">{t!(words, purchases.total)}</th><td class="figure">{move || amount(order.with(|order| order.value))}</td></tr></tfoot>
            </table>
        </article>
    }
}

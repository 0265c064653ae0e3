//! What an order comes to, and the tax in that.

use super::board::Board;
use crate::prelude::*;
use crate::{
    i18n::{t, use_i18n},
    inventory::taxes::Taxes,
    parts::money,
};

/// A fact of the order, for its list of facts.
#[component]
pub fn Worth(board: Board) -> impl IntoView {
    let words = use_i18n();
    let worth = Memo::new(move |_| board.order.with(|order| (order.currency.clone(), order.total, order.tax.clone())));
    let total = move || worth.with(|(currency, total, _)| money(words.get_locale(), currency, *total));
    let taxes = move || {
        let (currency, _, taxes) = worth.get();
        view! { <Taxes taxes currency /> }
    };
    view! { <div><dt>{t!(words, orders.total)}</dt><dd>{total}{taxes}</dd></div> }
}

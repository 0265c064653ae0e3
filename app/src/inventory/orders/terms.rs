//! On what terms an order is promised: through what it came.

use super::{board::Board, words::through};
use crate::i18n::{t, use_i18n};
use crate::prelude::*;
use model::Channel;

/// What is chosen while it is a draft; each choice is saved at once.
#[component]
pub fn Terms(board: Board) -> impl IntoView {
    let words = use_i18n();
    let channel = Memo::new(move |_| board.order.with(|order| order.channel));
    let choice = move |one: Channel| {
        view! {
            <button type="button" class="choice" aria-pressed=move || (channel.get() == one).to_string()
                on:click=move |_| board.save(move |content| content.channel = one)>
                {move || through(words, one)}
            </button>
        }
    };
    view! {
        <fieldset class="card choices order-terms">
            <legend>{t!(words, orders.through)}</legend>
            {Channel::ALL.map(choice)}
        </fieldset>
    }
}

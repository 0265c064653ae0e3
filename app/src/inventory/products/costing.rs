//! How a product's stock is costed: the two ways, each in plain words, and which one is chosen.

use super::{
    entry::Field,
    fields::{Typing, id},
};
use crate::prelude::*;
use crate::{
    i18n::{t, t_string, use_i18n},
    prefs::Words,
};
use model::Costing;

/// A way of costing in a few words.
pub fn name(words: Words, costing: Costing) -> &'static str {
    match costing {
        Costing::Fifo => t_string!(words, costing.fifo),
        Costing::Average => t_string!(words, costing.average),
    }
}

fn help(words: Words, costing: Costing) -> &'static str {
    match costing {
        Costing::Fifo => t_string!(words, costing.fifo_help),
        Costing::Average => t_string!(words, costing.average_help),
    }
}

/// The choice between the two.
#[component]
pub fn HowCosted(typing: Typing) -> impl IntoView {
    let words = use_i18n();
    let choice = move |one: Costing| {
        let chosen = move || typing.entry.read().costing() == Some(one);
        // The first is where the focus goes when somebody is led to the field.
        let id = (one == Costing::Fifo).then(|| id(Field::Costing));
        view! {
            <label class="count-choice">
                <input id=id type="radio" name="costing" value=one.name() checked=untrack(chosen) prop:checked=chosen
                    on:change=move |_| typing.set(Field::Costing, one.name().to_owned()) />
                <span><strong>{move || name(words, one)}</strong><small>{move || help(words, one)}</small></span>
            </label>
        }
    };
    view! {
        <fieldset class="limits costing">
            <legend>{t!(words, costing.how)}</legend>
            {[Costing::Fifo, Costing::Average].map(choice).into_iter().collect_view()}
            <p class="hint">{t!(words, costing.how_hint)}</p>
        </fieldset>
    }
}

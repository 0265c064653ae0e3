//! "Why is it 47?": the movements that made the number, newest first.

use super::book::{self, Book};
use crate::prelude::*;
use crate::{
    frame::use_here,
    i18n::{t, use_i18n},
    inventory::{
        ago::{Ago, Clock},
        count::signed,
        reason::reason,
        told::{icon, kind_name},
        undo::Undo,
    },
    parts::{Svg, quantity},
    prefs::Words,
};
use leptos::either::Either;
use model::{Action, DocumentKind, Movement, Quantity};

/// Every reason, and for those who may, the way back.
#[component]
pub fn History(
    /// The item.
    book: Book,
    /// It has a number on the shelf.
    counted: bool,
) -> impl IntoView {
    let words = use_i18n();
    let clock = Clock::start();
    let number = move || quantity(words.get_locale(), book.figures().0);
    let title = move || {
        if counted {
            Either::Left(t!(words, item.why, number = number))
        } else {
            Either::Right(t!(words, item.why_service))
        }
    };
    let movements = move || book.with(|sheet| sheet.movements.clone());
    view! {
        <section class="history" aria-labelledby="why">
            <h2 id="why">{move || title()}</h2>
            <Show
                when=move || { book.with(|sheet| !sheet.movements.is_empty()) }
                fallback=move || view! { <Blank /> }
            >
                <p class="history-text">{t!(words, item.why_text)}</p>
                <ol class="movements">
                    <For
                        each=movements
                        key=|movement| (book::name(movement), movement.reversed_by, movement.on_hand)
                        children=move |movement| view! { <Line book movement clock /> }
                    />
                </ol>
                <End book />
            </Show>
        </section>
    }
}

#[component]
fn Blank() -> impl IntoView {
    let words = use_i18n();
    view! {
        <div class="card history-blank">
            <h3>{t!(words, item.empty_title)}</h3>
            <p>{t!(words, item.empty_text)}</p>
        </div>
    }
}

/// Where the list ends: at the beginning, or at as many lines as one can read.
#[component]
fn End(book: Book) -> impl IntoView {
    let words = use_i18n();
    let counts = Memo::new(move |_| book.with(|sheet| (sheet.movements.len(), sheet.movement_count)));
    let written = move |count: i64| quantity(words.get_locale(), Quantity::whole(count));
    let text = move || {
        let (shown, total) = counts.get();
        let shown = i64::try_from(shown).unwrap_or(i64::MAX);
        if shown < total {
            Either::Left(t!(words, item.showing, shown = move || written(shown), total = move || written(total)))
        } else {
            Either::Right(t!(words, item.beginning))
        }
    };
    view! { <p class="history-end">{move || text()}</p> }
}

#[component]
fn Line(book: Book, movement: Movement, clock: Clock) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let zone = here.store().get_untracked().time_zone;
    let Movement { posting, kind, change, on_hand, occurred_at, .. } = movement;
    let undone = movement.reversed_by.is_some();
    let mine = movement.actor == here.me().name;
    let may_undo = move || kind != DocumentKind::Reversal && !undone && (mine || here.may(Action::Reverse));
    let amount = move || signed(words, change);
    let after =
        move || on_hand.map(|on_hand| t!(words, item.after, number = move || quantity(words.get_locale(), on_hand)));
    let class = if book.is_new(&movement) { "movement lit-odd" } else { "movement" };
    view! {
        <li class=class class:undone=undone data-kind=kind.name()>
            <span class="movement-icon"><Svg icon=icon(kind) /></span>
            <p class="movement-what">
                <strong>{move || kind_name(words, kind)}</strong>
                {undone.then(|| view! { <span class="tag">{t!(words, item.undone)}</span> })}
            </p>
            <p class="movement-change" class:plus=!change.is_negative()>{move || amount()}</p>
            <p class="movement-after">{move || after()}</p>
            <div class="movement-why">
                {why(words, &movement)}
                <p class="movement-who">{who(&movement)}</p>
                <Ago at=occurred_at zone clock />
            </div>
            <Show when=may_undo><Undo posting kind on_answer=Callback::new(move |()| book.load()) /></Show>
        </li>
    }
}

/// The reason and the number on the slip, when there are any.
fn why(words: Words, movement: &Movement) -> impl IntoView + use<> {
    let why =
        movement.reason.clone().map(|stored| view! { <p class="movement-reason">{move || reason(words, &stored)}</p> });
    let number = movement.number.clone().map(|number| {
        let number = StoredValue::new(number);
        view! { <p class="movement-number">{t!(words, item.number, number = move || number.get_value())}</p> }
    });
    (why, number)
}

/// Who, at which place of the store, on which device.
fn who(movement: &Movement) -> String {
    let place = if movement.change.is_negative() { &movement.from } else { &movement.to };
    let parts = [movement.actor.as_str(), place, movement.device.as_str()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

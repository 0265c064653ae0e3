//! The tiles: the day against the week before, what waits, and what the stock is worth. Each leads to its rows.

use super::{board::Board, now::Now, rows};
use crate::prelude::*;
use crate::{
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    in_turn::in_turn,
    inventory::lit,
    parts::{Icon, Svg, money, quantity},
};
use leptos_i18n::Locale as _;
use leptos_router::components::A;
use model::{Money, Quantity, TakenBy};
use std::cmp::Ordering;

/// The day in figures.
#[component]
pub fn Tiles(board: Board, now: Now, currency: String) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let sums = Memo::new(move |_| board.sums());
    let light = move || lit(board.changes.get());
    let code = StoredValue::new(currency);
    let amount = move |value| money(words.get_locale(), &code.get_value(), value);
    let count = move |number: i64| quantity(words.get_locale(), Quantity::whole(number));
    let average = move || {
        let (value, sales, _) = sums.get();
        let each = value.parts().checked_div(sales).filter(|_| sales > 0).map(to_the_cent)?;
        Some(t_string!(words, dashboard.average, amount = amount(each)).to_string())
    };
    let sold = move || board.with(|shown| rows::sold(here, &shown.day));
    in_turn(move || {
        view! {
            <div class="tiles">
                <A href=sold attr:class="tile tile-first tile-open">
                    <span class="tile-name">{t!(words, dashboard.taken)}</span>
                    <span class="tile-number"><span class=move || light()>{move || amount(sums.get().0)}</span></span>
                    <Against taken=Signal::derive(move || sums.get().0) before=Signal::derive(move || now.with(|now| now.before.clone())) currency=code />
                </A>
                <A href=sold attr:class="tile tile-open">
                    <span class="tile-name">{t!(words, dashboard.sales)}</span>
                    <span class="tile-number"><span class=move || light()>{move || count(sums.get().1)}</span></span>
                    <span class="tile-text">{move || average()}</span>
                </A>
                <A href=sold attr:class="tile tile-open">
                    <span class="tile-name">{t!(words, dashboard.units)}</span>
                    <span class="tile-number"><span class=move || light()>{move || quantity(words.get_locale(), sums.get().2)}</span></span>
                </A>
                <A href=move || rows::short(here) attr:class=move || waiting(now.with(|now| now.short))>
                    <span class="tile-name"><Svg icon=Icon::Warning />{t!(words, dashboard.to_check)}</span>
                    <span class="tile-number">{move || count(now.with(|now| now.short))}</span>
                    <span class="tile-text">{t!(words, dashboard.to_check_text, count = move || now.with(|now| now.short.unsigned_abs()))}</span>
                </A>
                <A href=move || rows::exceptions(here) attr:class=move || waiting(now.with(|now| now.exceptions))>
                    <span class="tile-name"><Svg icon=Icon::Help />{t!(words, dashboard.exceptions)}</span>
                    <span class="tile-number">{move || count(now.with(|now| now.exceptions))}</span>
                    <span class="tile-text">{t!(words, dashboard.exceptions_text, count = move || now.with(|now| now.exceptions.unsigned_abs()))}</span>
                </A>
            </div>
        }
    })
}

/// A tile that waits for somebody stands out; one at zero is calm.
fn waiting(number: i64) -> &'static str {
    if number > 0 { "tile tile-open tile-warn" } else { "tile tile-open" }
}

/// `▲ £52.00 more than last Sunday by 14:05`: an arrow and a word, never a colour alone.
#[component]
fn Against(taken: Signal<Money>, before: Signal<TakenBy>, currency: StoredValue<String>) -> impl IntoView {
    let words = use_i18n();
    let than = move || Money::from_parts(taken.get().parts().saturating_sub(before.get().value.parts()));
    let icon = move || match than().cmp(&Money::ZERO) {
        Ordering::Greater => view! { <Svg icon=Icon::Up /> },
        Ordering::Less => view! { <Svg icon=Icon::Down /> },
        Ordering::Equal => ().into_any(),
    };
    // The server knows no weekday's name; until the page is alive the date itself stands there.
    let weekday = RwSignal::new(None::<String>);
    Effect::new(move |_| {
        let (language, day) = (words.get_locale().as_str(), before.get().day);
        super::in_its_turn(move || weekday.try_set(super::weekday(language, &day)));
    });
    let text = move || {
        let TakenBy { day, until, value, .. } = before.get();
        let day = weekday.get().unwrap_or(day);
        let amount = |value| money(words.get_locale(), &currency.get_value(), value);
        let size = Money::from_parts(than().parts().saturating_abs());
        match than().cmp(&Money::ZERO) {
            Ordering::Greater => {
                t_string!(words, dashboard.more, amount = amount(size), day = day, until = until).to_string()
            }
            Ordering::Less => {
                t_string!(words, dashboard.less, amount = amount(size), day = day, until = until).to_string()
            }
            Ordering::Equal => {
                t_string!(words, dashboard.same, amount = amount(value), day = day, until = until).to_string()
            }
        }
    };
    view! { <span class="tile-text tile-against">{move || icon()}<span>{move || text()}</span></span> }
}

/// An average or a worth is shown to the cent; nothing is booked from it.
pub(super) fn to_the_cent(parts: i64) -> Money {
    Money::from_parts((parts + 5_000).div_euclid(10_000) * 10_000)
}

//! The look at what differs: accept, or have it counted again by somebody else.

use super::{
    api::{Shown, approve_count, recount, reject_count},
    words as called,
};
use crate::prelude::*;
use crate::{
    failure::Failure,
    frame::use_here,
    i18n::{t, t_string, tu_string, use_i18n},
    live::Follow,
    parts::{Notice, money},
    rules::approves,
};
use leptos::task::spawn_local;
use model::{CountReview, CountState, PaperId, StockCount, VarianceLine};
use std::collections::BTreeSet;

/// What was handed in, followed live.
#[component]
pub fn Review(id: PaperId, shown: RwSignal<Shown>, following: StoredValue<Option<Follow>>) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let again = RwSignal::new(BTreeSet::<String>::new());
    let review = move || {
        shown.with(|shown| match shown {
            Shown::Review(review) => Some(CountReview::clone(review)),
            _ => None,
        })
    };
    let amount = move |sum| money(words.get_locale(), &here.store().get().currency, sum);
    let lines = move || review().map(|review| review.lines).unwrap_or_default();
    view! {
        {move || review().map(|review| {
            let CountReview { open, fine, uncounted, outcome, .. } = review;
            let (lost, gained) = (amount(outcome.lost), amount(outcome.gained));
            let booked = review.count.state == CountState::Posted;
            let rejected = review.count.state == CountState::Rejected;
            let undone = review.count.state == CountState::Undone;
            view! {
                <section class="card">
                    {if booked {
                        view! { <p class="count-worth" role="status">{t!(words, counting.booked, accurate = move || outcome.accurate, lines = move || outcome.lines)}</p> }
                    } else if rejected {
                        view! { <p role="status">{t!(words, counting.over)}</p> }
                    } else if undone {
                        view! { <p role="status">{t!(words, counting.undone)}</p> }
                    } else {
                        view! {
                            <p class="card-text">{t!(words, counting.review_lead)}</p>
                            <ul class="count-sums">
                                <li>{t!(words, counting.open, count = move || open)}</li>
                                <li>{t!(words, counting.fine, count = move || fine)}</li>
                                {(uncounted > 0).then(|| view! { <li>{t!(words, counting.uncounted, count = move || uncounted)}</li> })}
                            </ul>
                        }
                    }}
                    <p class="count-worth">{t!(words, counting.worth, lost = move || lost.clone(), gained = move || gained.clone())}</p>
                </section>
            }
        })}
        <ul class="count-review">
            <For each=lines key=|line| (line.sku.clone(), line.round, line.variance.map(model::Quantity::parts)) let:line>
                <Line line again />
            </For>
        </ul>
        <Decide id review=Signal::derive(review) again following />
    }
}

#[component]
fn Line(line: VarianceLine, again: RwSignal<BTreeSet<String>>) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let unit = line.unit.clone();
    let number = move |number: Option<model::Quantity>| {
        let unit = unit.clone();
        move || number.map(|number| called::of_unit(words, number, &unit)).unwrap_or_default()
    };
    let (found, expected, variance) = (number(line.counted), number(line.expected), number(line.variance));
    let plus = line.variance.is_some_and(|size| size > model::Quantity::ZERO);
    let sku = StoredValue::new(line.sku.clone());
    let chosen = move || again.with(|again| again.contains(&sku.get_value()));
    let turn = move |_| {
        again.update(|again| {
            if !again.remove(&sku.get_value()) {
                again.insert(sku.get_value());
            }
        });
    };
    let value = line.value.map(|value| move || money(words.get_locale(), &here.store().get().currency, value));
    let names = line.counters.join(", ");
    let name = line.name.clone();
    view! {
        <li class="card count-line">
            <div>
                <h2>{line.name}</h2>
                <p class="quiet">{line.sku} {(!names.is_empty()).then(|| view! { " · " {t!(words, counting.by_whom, names = move || names.clone())} })}</p>
                <p>
                    {t!(words, counting.found, number = move || found())} " · " {t!(words, counting.expected, number = move || expected())}
                </p>
                {line.moved.then(|| view! { <p class="quiet">{t!(words, counting.moved)}</p> })}
            </div>
            <p class="count-variance" data-sign=if plus { "plus" } else { "minus" }>
                <strong>{if plus { "+" } else { "" }} {move || variance()}</strong> {value.map(|value| view! { <span>{move || value()}</span> })}
            </p>
            <button type="button" class="button wide" aria-pressed=move || chosen().to_string() aria-label=move || t_string!(words, counting.count_again, name = name.clone()).to_string() on:click=turn>{t!(words, counting.again)}</button>
        </li>
    }
}

/// The one button that says what will happen, and the way to throw it all away.
#[component]
fn Decide(
    id: PaperId,
    review: Signal<Option<CountReview>>,
    again: RwSignal<BTreeSet<String>>,
    following: StoredValue<Option<Follow>>,
) -> impl IntoView {
    let words = use_i18n();
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let sure = RwSignal::new(false);
    let done = move |answer: Result<StockCount, Failure>| {
        if busy.try_set(false).is_some() {
            return; // The page is gone.
        }
        sure.set(false);
        again.set(BTreeSet::new());
        failure.set(answer.err());
        following.get_value().iter().for_each(|follow| follow.now());
    };
    let seen = move || review.with_untracked(|review| review.as_ref().map_or(0, |review| review.count.version));
    let accept = move |_| {
        busy.set(true);
        let skus: Vec<String> = again.get_untracked().into_iter().collect();
        spawn_local(async move {
            done(if skus.is_empty() { approve_count(id, seen()).await } else { recount(id, seen(), skus).await });
        });
    };
    let throw = move |_| {
        busy.set(true);
        let why = tu_string!(words, counting.thrown).to_owned();
        spawn_local(async move { done(reject_count(id, seen(), why).await) });
    };
    let open = move || {
        review.with(|review| {
            review
                .as_ref()
                .is_some_and(|review| matches!(review.count.state, CountState::Review | CountState::Approved))
        })
    };
    let lines = move || review.with(|review| review.as_ref().map_or(0, |review| review.open + review.fine));
    let number =
        move || review.with(|review| review.as_ref().map(|review| review.count.number.clone()).unwrap_or_default());
    // Counting again is asked for by whoever looks; accepting is not.
    let barred = move || {
        again.with(BTreeSet::is_empty)
            && review.with(|review| {
                review.as_ref().is_some_and(|review| review.own && review.above_limit || review.administrator)
            })
    };
    let own = move || review.with(|review| review.as_ref().is_some_and(|review| review.own));
    let by = move || review.with(|review| review.as_ref().and_then(|review| review.approved_by).unwrap_or_default());
    let again_count = move || i64::try_from(again.with(BTreeSet::len)).unwrap_or_default();
    view! {
        <Show when=open>
            <section class="count-finish">
                <Show when=barred>
                    <p class="notice" data-kind="warn">
                        {move || if own() { t_string!(words, counting.own) } else { approves(words, by()) }}
                    </p>
                </Show>
                <Notice failure />
                <button type="button" class="button primary wide" disabled=move || busy.get() || barred() on:click=accept>
                    <Show
                        when=move || { again_count() > 0 }
                        fallback=move || view! { {t!(words, counting.accept_all, count = lines)} }
                    >
                        {t!(words, counting.accept_some, fine = move || lines() - again_count(), again = again_count)}
                    </Show>
                </button>
                <Show
                    when=move || sure.get()
                    fallback=move || view! { <button type="button" class="button wide" disabled=busy on:click=move |_| sure.set(true)>{t!(words, counting.reject)}</button> }
                >
                    <div class="notice" data-kind="warn" role="alert">
                        <p>{t!(words, counting.reject_sure, number = number)}</p>
                        <button type="button" class="button wide" on:click=move |_| sure.set(false)>{t!(words, counting.keep)}</button>
                        <button type="button" class="button wide" disabled=busy on:click=throw>{t!(words, counting.reject_it, number = number)}</button>
                    </div>
                </Show>
            </section>
        </Show>
    }
}

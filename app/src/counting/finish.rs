//! Finishing a count: what nobody counted is asked about, once; giving up names what is lost.

use super::api::{Shown, cancel_count, counting_left, hand_in_count};
use crate::prelude::*;
use crate::{
    failure::Failure,
    i18n::{t, use_i18n},
    live::Follow,
    parts::Notice,
};
use leptos::task::spawn_local;
use model::{CountState, Counting, PaperId, StockCount};

/// What is asked before the count is finished.
#[derive(Clone, Debug)]
enum Asked {
    /// What of these, which nobody counted?
    Left(Box<Counting>),
    /// Give it up, really?
    Cancel,
}

/// The buttons at the end.
#[component]
pub fn Finish(
    id: PaperId,
    shown: RwSignal<Shown>,
    /// Something was counted on this device that the server does not have yet.
    waiting: Signal<bool>,
    following: StoredValue<Option<Follow>>,
) -> impl IntoView {
    let words = use_i18n();
    let asked = RwSignal::new(None::<Asked>);
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let done = move |answer: Result<StockCount, Failure>| {
        if busy.try_set(false).is_some() {
            return; // The page is gone.
        }
        asked.set(None);
        failure.set(answer.err());
        following.get_value().iter().for_each(|follow| follow.now());
    };
    let hand_in = move |none_found: bool| {
        busy.set(true);
        spawn_local(async move { done(hand_in_count(id, none_found).await) });
    };
    let ask = move |_| {
        busy.set(true);
        spawn_local(async move {
            match counting_left(id).await {
                Ok(now) if now.left_total == 0 => done(hand_in_count(id, false).await),
                Ok(now) => {
                    let _ = busy.try_set(false);
                    asked.set(Some(Asked::Left(Box::new(now))));
                }
                Err(error) => done(Err(error)),
            }
        });
    };
    let give_up = move |_| {
        busy.set(true);
        spawn_local(async move { done(cancel_count(id).await) });
    };
    let number = move || shown.with(|shown| shown.count().number.clone());
    let begun = move || shown.with(|shown| shown.count().state != CountState::Planned);
    view! {
        <section class="count-finish">
            <Notice failure />
            {move || match asked.get() {
                None => view! {
                    <button type="button" class="button primary wide" disabled=move || busy.get() || waiting.get() || !begun() on:click=ask>{t!(words, counting.hand_in)}</button>
                    <button type="button" class="button wide" disabled=busy on:click=move |_| asked.set(Some(Asked::Cancel))>{t!(words, counting.cancel)}</button>
                },
                Some(Asked::Cancel) => view! {
                    <div class="notice" data-kind="warn" role="alert">
                        <p>{t!(words, counting.cancel_sure, number = number)}</p>
                        <button type="button" class="button wide" on:click=move |_| asked.set(None)>{t!(words, counting.keep)}</button>
                        <button type="button" class="button wide" disabled=busy on:click=give_up>{t!(words, counting.cancel_it, number = number)}</button>
                    </div>
                },
                Some(Asked::Left(now)) => {
                    let Counting { left, left_total, .. } = *now;
                    view! {
                    <div class="card" role="alert">
                        <h2>{t!(words, counting.left, count = move || left_total)}</h2>
                        <p class="card-text">{t!(words, counting.hand_in_left)}</p>
                        <ul class="count-lines count-asked">
                            {left.into_iter().map(|line| view! { <li><span><strong>{line.name}</strong> <small>{line.sku}</small></span></li> }).collect_view()}
                        </ul>
                        <button type="button" class="button primary wide" disabled=busy on:click=move |_| hand_in(false)>{t!(words, counting.leave)}</button>
                        <button type="button" class="button wide" disabled=busy on:click=move |_| hand_in(true)>{t!(words, counting.none_found)}</button>
                        <button type="button" class="button wide" on:click=move |_| asked.set(None)>{t!(words, counting.go_on)}</button>
                    </div>
                    }
                }
            }}
        </section>
    }
}

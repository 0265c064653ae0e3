//! A store's rules, to read for everybody and to set for those who may.

use super::{
    api::{change_rules, rules},
    scales::Scales,
    steps::{Kind, Steps},
};
use crate::{
    failure::Failure,
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    parts::{Notice, Skeleton},
};
use crate::{json::brought, prelude::*};
use leptos::{either::Either, ev, task::spawn_local};
use leptos_meta::Title;
use model::{Action, PaperKind, RulesPatch, StoreRules};

/// What somebody approves, in the order of the page.
const APPROVED: [PaperKind; 4] =
    [PaperKind::PurchaseOrder, PaperKind::Transfer, PaperKind::Count, PaperKind::Adjustment];

/// The page.
#[component]
pub fn RulesPage() -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let first = brought(move || here.store().get().code, |store| async move { rules(store).await });
    view! {
        <Title text=move || t_string!(words, people.rules.title) />
        <header class="page-head">
            <h1>{t!(words, people.rules.title)}</h1>
            <p>{t!(words, people.rules.lead, store = move || here.store().get().name)}</p>
        </header>
        <Transition fallback=|| view! { <Skeleton rows=4 /> }>
            {drawn(move || async move {
                match first.await {
                    Ok(rules) => Either::Left(view! { <Rules rules /> }),
                    Err(failure) => Either::Right(view! { <Notice failure=Signal::stored(Some(failure)) /> }),
                }
            })}
        </Transition>
        <Show when=move || here.may_everywhere(Action::ManageStores)><Scales /></Show>
    }
}

/// Both forms in one: one button says what is set.
#[component]
fn Rules(rules: StoreRules) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let StoreRules { code, currency, lock_day, limits, .. } = rules;
    let (code, currency) = (StoredValue::new(code), StoredValue::new(currency));
    let day = RwSignal::new(lock_day.unwrap_or_default());
    let of = APPROVED.map(|kind| Steps::new(kind, &limits));
    let (busy, failure, saved) = (RwSignal::new(false), RwSignal::new(None::<Failure>), RwSignal::new(false));
    let manages = move || here.may(Action::ManageStores);
    let may = move || manages() || here.may_everywhere(Action::Approve);
    // `None` while something typed is no amount.
    let typed = move || {
        let limits = of.into_iter().map(Steps::typed).collect::<Option<Vec<_>>>()?.concat();
        Some(RulesPatch { lock_day: Some(day.get()), limits: if manages() { limits } else { Vec::new() } })
    };
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let Some(patch) = untrack(typed) else { return };
        busy.set(true);
        spawn_local(async move {
            let answer = change_rules(code.get_value(), patch).await;
            if busy.try_set(false).is_none() {
                saved.set(answer.is_ok());
                failure.set(answer.err());
            }
        });
    };
    let name = move |kind| match kind {
        PaperKind::PurchaseOrder => t_string!(words, people.rules.purchase_order),
        PaperKind::Transfer => t_string!(words, people.rules.transfer),
        PaperKind::Adjustment => t_string!(words, people.rules.adjustment),
        _ => t_string!(words, people.rules.count),
    };
    let field = move |steps: Steps| {
        let name = Signal::derive(move || name(steps.kind).to_owned());
        view! { <Kind steps name currency manages=Signal::derive(manages) on_change=Callback::new(move |()| saved.set(false)) /> }
    };
    view! {
        <form class="card form" on:submit=on_submit>
            <h2>{t!(words, people.rules.lock)}</h2>
            <p class="card-text">{t!(words, people.rules.lock_help)}</p>
            <div class="field">
                <label for="lock-day">{t!(words, people.rules.lock_day)}</label>
                <input id="lock-day" type="date" disabled=move || !may() prop:value=day on:input:target=move |event| { saved.set(false); day.set(event.target().value()) } />
            </div>
            <h2>{t!(words, people.rules.limits)}</h2>
            <p class="card-text">{t!(words, people.rules.limits_help)}</p>
            {of.map(field).collect_view()}
            <Notice failure />
            <Show when=may>
                <button type="submit" class="button primary wide" disabled=move || busy.get() || typed().is_none()>{t!(words, people.rules.save)}</button>
            </Show>
            <p role="status">{move || saved.get().then(|| t!(words, people.rules.saved))}</p>
        </form>
    }
}

//! Writing a plan: what is counted, where, how much of it, and how often.

use super::{plans::Desk, start::SHOP, words as called};
use crate::prelude::*;
use crate::{
    i18n::{t, t_string, use_i18n},
    inventory::find_places,
    parts::Notice,
};
use leptos::{ev, task::spawn_local};
use model::{CountBy, CountPlanId, CountPlanState, NewCountPlan, Place};

/// What a plan may choose by.
const CHOICES: [CountBy; 6] =
    [CountBy::Doubt, CountBy::Fast, CountBy::ClassA, CountBy::ClassB, CountBy::ClassC, CountBy::Store];
/// A week, in days.
const WEEK: i64 = 7;

/// A plan as one begins to write it: what may be wrong, each week; its first day is asked.
pub fn fresh(store: String) -> NewCountPlan {
    NewCountPlan {
        store,
        by: CountBy::Doubt,
        place: None,
        most: 20,
        every: WEEK,
        next_on: String::new(),
        note: None,
        state: CountPlanState::Active,
        version: 0,
    }
}

/// The form.
#[component]
pub fn Form(desk: Desk, id: CountPlanId, plan: NewCountPlan) -> impl IntoView {
    let words = use_i18n();
    let whole = plan.every % WEEK == 0;
    let (by, place) = (RwSignal::new(plan.by), RwSignal::new(plan.place.clone().unwrap_or_else(|| SHOP.to_owned())));
    let (most, next_on) = (RwSignal::new(plan.most.to_string()), RwSignal::new(plan.next_on.clone()));
    let (unit, every) = (RwSignal::new(if whole { WEEK } else { 1 }), RwSignal::new(plan.every));
    let every = RwSignal::new((every.get_untracked() / unit.get_untracked()).to_string());
    let note = RwSignal::new(plan.note.clone().unwrap_or_default());
    let places = RwSignal::new(Vec::<Place>::new());
    Effect::new(move || {
        spawn_local(async move {
            // Without an answer it is where sales leave from.
            if let Ok(found) = find_places(desk.store.get_value()).await {
                places.try_set(found.data.into_iter().filter(|place| !place.archived).collect());
            }
        });
    });
    let kept = StoredValue::new(plan);
    // `None` while a number is missing, or the day.
    let typed = move || {
        let number = |text: RwSignal<String>| text.read().trim().parse::<i64>().ok().filter(|number| *number > 0);
        // Of all of a place nobody is asked how many.
        let whole = by.get() == CountBy::Store;
        let most = if whole { kept.with_value(|plan| plan.most) } else { number(most)? };
        let every = number(every)?.checked_mul(unit.get())?;
        let text = note.read().trim().to_owned();
        Some(NewCountPlan {
            by: by.get(),
            place: Some(place.get()).filter(|code| code != SHOP),
            most,
            every,
            next_on: Some(next_on.get()).filter(|day| !day.is_empty())?,
            note: Some(text).filter(|text| !text.is_empty()),
            ..kept.get_value()
        })
    };
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if let Some(plan) = untrack(typed) {
            desk.save(id, plan, t_string!(words, counting.plans.saved).to_owned());
        }
    };
    let choices = move || {
        let option = |one: CountBy| view! { <option value=one.name() selected=one == by.get_untracked()>{called::by(words, one)}</option> };
        CHOICES.map(option).collect_view()
    };
    let units = move || {
        let option = |days: i64, name: &'static str| view! { <option value=days.to_string() selected=days == unit.get_untracked()>{name}</option> };
        view! {
            {option(1, t_string!(words, counting.plans.days))}
            {option(WEEK, t_string!(words, counting.plans.weeks))}
        }
    };
    let choose = move |name: String| by.set(CHOICES.into_iter().find(|one| one.name() == name).unwrap_or_default());
    view! {
        <form class="card form count-plan-form" aria-label=move || t_string!(words, counting.plans.add) on:submit=on_submit>
            <div class="field">
                <label for="plan-by">{t!(words, counting.start_lead)}</label>
                <select id="plan-by" on:change:target=move |event| choose(event.target().value())>{move || choices()}</select>
                <small>{move || called::by_help(words, by.get())}</small>
            </div>
            <Show when=move || places.with(|all| all.len() > 1)>
                <div class="field">
                    <label for="plan-place">{t!(words, counting.place)}</label>
                    <select id="plan-place" on:change:target=move |event| place.set(event.target().value())>
                        {move || places.get().into_iter().map(|one| view! { <option value=one.code.clone() selected=one.code == place.get_untracked()>{one.name}</option> }).collect_view()}
                    </select>
                </div>
            </Show>
            <Show when=move || by.get() != CountBy::Store>
                <div class="field">
                    <label for="plan-most">{t!(words, counting.plans.most)}</label>
                    <input id="plan-most" type="number" min="1" max="200" inputmode="numeric" required prop:value=most on:input:target=move |event| most.set(event.target().value()) />
                </div>
            </Show>
            <div class="count-rhythm">
                <div class="field">
                    <label for="plan-every">{t!(words, counting.plans.every)}</label>
                    <input id="plan-every" type="number" min="1" max="366" inputmode="numeric" required prop:value=every on:input:target=move |event| every.set(event.target().value()) />
                </div>
                <div class="field">
                    <label for="plan-unit">{t!(words, counting.plans.unit)}</label>
                    <select id="plan-unit" on:change:target=move |event| unit.set(event.target().value().parse().unwrap_or(1))>{move || units()}</select>
                </div>
            </div>
            <div class="field">
                <label for="plan-next">{t!(words, counting.plans.next)}</label>
                <input id="plan-next" type="date" required prop:value=next_on on:input:target=move |event| next_on.set(event.target().value()) />
            </div>
            <div class="field">
                <label for="plan-note">{t!(words, counting.note)}</label>
                <input id="plan-note" maxlength="200" autocomplete="off" prop:value=note on:input:target=move |event| note.set(event.target().value()) />
            </div>
            <Notice failure=desk.failure />
            <button type="submit" class="button wide" disabled=move || desk.busy.get() || typed().is_none()>{t!(words, counting.plans.save)}</button>
            <button type="button" class="button quiet wide" on:click=move |_| desk.writing.set(None)>{t!(words, common.close)}</button>
        </form>
    }
}

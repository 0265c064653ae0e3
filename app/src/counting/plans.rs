//! Counts that come again by themselves: when each is due next, what became of its last day, and pausing or ending it.

use super::{
    api::{count_plans, save_count_plan},
    plan_form::Form,
    words as called,
};
use crate::prelude::*;
use crate::{
    failure::Failure,
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    live::{Follow, follow},
    parts::{Icon, Notice, Svg, UndoBar, use_day},
    prefs::Words,
};
use leptos::task::spawn_local;
use leptos_router::components::A;
use model::{Action, CountMissed, CountPlan, CountPlanId, CountPlanState, NewCountPlan};

/// What was just done to a plan, and how it was before.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Back {
    id: CountPlanId,
    before: NewCountPlan,
    text: String,
}

/// The plans of a store, and the one that is being written.
#[derive(Clone, Copy)]
pub struct Desk {
    pub store: StoredValue<String>,
    plans: RwSignal<Vec<CountPlan>>,
    /// The plan that is written: a new one has no version.
    pub writing: RwSignal<Option<(CountPlanId, NewCountPlan)>>,
    pub busy: RwSignal<bool>,
    pub failure: RwSignal<Option<Failure>>,
    done: RwSignal<Option<Back>>,
    following: StoredValue<Option<Follow>>,
}

impl Desk {
    /// Makes a plan that; `text` says so, with the way back.
    pub fn save(self, id: CountPlanId, plan: NewCountPlan, text: String) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        let before = self.plans.with_untracked(|plans| plans.iter().find(|plan| plan.id == id).map(CountPlan::draft));
        spawn_local(async move {
            let answer = save_count_plan(id, plan).await;
            if self.busy.try_set(false).is_some() {
                return; // The page is gone.
            }
            if let Ok(saved) = &answer {
                // What was not there before goes again by being ended.
                let ended = || NewCountPlan { state: CountPlanState::Ended, ..saved.draft() };
                let before = before.map_or_else(ended, |before| NewCountPlan { version: saved.version, ..before });
                self.done.set(Some(Back { id, before, text }));
                self.writing.set(None);
            }
            self.failure.set(answer.err());
            self.read();
        });
    }

    fn undo(self) {
        let Some(Back { id, before, .. }) = self.done.get_untracked() else { return };
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        spawn_local(async move {
            let answer = save_count_plan(id, before).await;
            if self.busy.try_set(false).is_some() {
                return; // The page is gone.
            }
            if answer.is_ok() {
                self.done.set(None);
            }
            self.failure.set(answer.err());
            self.read();
        });
    }

    fn read(self) {
        self.following.get_value().iter().for_each(|following| following.now());
    }
}

/// The section below the counts.
#[component]
pub fn Plans(store: String, first: Vec<CountPlan>, as_of: i64) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let desk = Desk {
        store: StoredValue::new(store.clone()),
        plans: RwSignal::new(first),
        writing: RwSignal::new(None),
        busy: RwSignal::new(false),
        failure: RwSignal::new(None),
        done: RwSignal::new(None),
        following: StoredValue::new(None),
    };
    let topics = vec![format!("work:{store}"), format!("papers:{store}")];
    let read = move || count_plans(desk.store.get_value());
    desk.following.set_value(Some(follow(topics, as_of, read, move |now| desk.plans.set(now))));
    let add = move |_| {
        let store = desk.store.get_value();
        desk.writing.set(Some((CountPlanId::new(), super::plan_form::fresh(store))));
    };
    let may = move || here.may(Action::Count);
    let none = move || desk.plans.with(Vec::is_empty);
    let close = move |()| {
        if !desk.busy.get_untracked() {
            desk.done.set(None);
        }
    };
    view! {
        <section class="count-plans" aria-labelledby="count-plans">
            <h2 id="count-plans">{t!(words, counting.plans.title)}</h2>
            <p class="quiet">{move || if none() { t!(words, counting.plans.none).into_any() } else { t!(words, counting.plans.lead).into_any() }}</p>
            {move || desk.done.get().map(|done| view! {
                <UndoBar text=Signal::stored(done.text) busy=desk.busy on_undo=Callback::new(move |()| desk.undo()) on_close=Callback::new(close) />
            })}
            <Notice failure=desk.failure />
            <ul class="count-list">
                <For each=move || desk.plans.get() key=|plan| (plan.id, plan.version, plan.last_open) let:plan><Row desk plan /></For>
            </ul>
            {move || desk.writing.get().map(|(id, plan)| view! { <Form desk id plan /> })}
            <Show when=move || may() && desk.writing.read().is_none()>
                <button type="button" class="button wide" on:click=add><Svg icon=Icon::Plus />{t!(words, counting.plans.add)}</button>
            </Show>
        </section>
    }
}

#[component]
fn Row(desk: Desk, plan: CountPlan) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let next = use_day(plan.next_on.clone());
    let (by, every, id) = (plan.by, plan.every, plan.id);
    let (active, place, place_name) =
        (plan.state == CountPlanState::Active, plan.place.clone(), plan.place_name.clone());
    let over = move || called::over(words, by, &place, &place_name);
    let last = plan.last_count.zip(plan.last_number.clone());
    let last = last.map(|(id, number)| {
        view! { <A href=move || here.link(&format!("/counts/{id}")) attr:class="button quiet">{t!(words, counting.plans.last, number = number)}</A> }
    });
    let day = use_day(plan.last_on.clone().unwrap_or_default());
    let missed = plan.missed.map(|why| {
        let number = plan.last_number.clone().unwrap_or_default();
        view! { <p class="notice" data-kind="warn">{move || missed(words, why, day.get(), number.clone())}</p> }
    });
    let note = plan.note.clone();
    let kept = StoredValue::new(plan);
    let turn = move |state: CountPlanState| {
        move |_| {
            let text = match state {
                CountPlanState::Active => t_string!(words, counting.plans.resumed),
                CountPlanState::Paused => t_string!(words, counting.plans.paused_now),
                CountPlanState::Ended => t_string!(words, counting.plans.ended),
            };
            let plan = kept.with_value(CountPlan::draft);
            desk.save(id, NewCountPlan { state, ..plan }, text.to_owned());
        }
    };
    let change = move |_| desk.writing.set(Some((id, kept.with_value(CountPlan::draft))));
    let stops = if active { CountPlanState::Paused } else { CountPlanState::Active };
    view! {
        <li class="card count-plan" data-plan=id.to_string()>
            <span class="count-row-head">
                <strong>{over}</strong>
                {(!active).then(|| view! { <span class="count-state" data-state="paused">{t!(words, counting.plans.paused)}</span> })}
            </span>
            <span>{move || rhythm(words, every)}{move || active.then(|| t_string!(words, counting.plans.next_on, day = next.get()).to_string()).map(|next| format!(" · {next}"))}</span>
            {note.map(|note| view! { <span class="quiet">{note}</span> })}
            {missed}
            <div class="lot-ways">
                {last}
                <Show when=move || here.may(Action::Count)>
                    <button type="button" class="button quiet" disabled=desk.busy on:click=turn(stops)>
                        {move || if active { t_string!(words, counting.plans.pause) } else { t_string!(words, counting.plans.resume) }}</button>
                    <button type="button" class="button quiet" disabled=desk.busy on:click=change>{t!(words, counting.plans.change)}</button>
                    <button type="button" class="button quiet" disabled=desk.busy on:click=turn(CountPlanState::Ended)>{t!(words, counting.plans.end)}</button>
                </Show>
            </div>
        </li>
    }
}

/// `every 2 weeks`.
fn rhythm(words: Words, every: i64) -> String {
    let (weeks, whole) = (every / 7, every % 7 == 0);
    if whole {
        t_string!(words, counting.plans.every_weeks, count = weeks.unsigned_abs()).to_string()
    } else {
        t_string!(words, counting.plans.every_days, count = every.unsigned_abs()).to_string()
    }
}

/// Why no count came on that day.
fn missed(words: Words, why: CountMissed, day: String, number: String) -> String {
    match why {
        CountMissed::Open => t_string!(words, counting.plans.missed.open, day = day, number = number).to_string(),
        CountMissed::Nothing => t_string!(words, counting.plans.missed.nothing, day = day).to_string(),
        CountMissed::Refused => t_string!(words, counting.plans.missed.refused, day = day).to_string(),
    }
}

//! One problem: what, where, how often, who looks after it, and what can be done.

use super::Desk;
use crate::prelude::*;
use crate::{
    frame::use_here,
    i18n::{t, use_i18n},
    inventory::{Ago, Clock},
    parts::{Icon, Moment, Svg},
};
use model::{Principal, Problem, ProblemSource, Settling};

/// The longest note of a closing, in characters.
const NOTE_MAX: &str = "500";

/// The card.
#[component]
pub fn Card(problem: Problem, desk: Desk, clock: Clock) -> impl IntoView {
    let words = use_i18n();
    let zone = use_here().store().get_untracked().time_zone;
    let source = match problem.source {
        ProblemSource::Server => t!(words, problems.source.server).into_any(),
        ProblemSource::Browser => t!(words, problems.source.browser).into_any(),
        ProblemSource::Person => t!(words, problems.source.person).into_any(),
    };
    let kind = problem.source.name();
    let what = match problem.what.clone() {
        empty if empty.is_empty() => t!(words, problems.wordless).into_any(),
        what => what.into_any(),
    };
    let reporter = problem.reporter.clone();
    let from = (!reporter.is_empty()).then(|| view! { <span>{t!(words, problems.by, name = reporter)}</span> });
    let (times, last_at) = (problem.times, problem.last_at);
    let settled = (!problem.closing.is_empty()).then(|| {
        let note = problem.closing.clone();
        view! { <p class="problem-note"><Svg icon=Icon::Check /><span>{t!(words, problems.settled, note = note)}</span></p> }
    });
    let ticket = (!problem.ticket.is_empty()).then(|| view! { <code>{problem.ticket.clone()}</code> });
    view! {
        <li class="card problem" data-source=kind>
            <div class="problem-head">
                <span class="tag">{source}</span>
                <span class="quiet">{t!(words, problems.times, count = move || times)}</span>
                <Ago at=last_at zone clock />
                {from}
                {ticket}
            </div>
            <p class="problem-what">{what}</p>
            {settled}
            <Whose problem=problem.clone() />
            <Details problem=problem.clone() />
            <Ways problem desk />
        </li>
    }
}

fn is_mine(problem: &Problem) -> bool {
    let me = use_here().me().principal;
    problem.taken_by.is_some_and(|person| Principal::Person(person) == me)
}

#[component]
fn Whose(problem: Problem) -> impl IntoView {
    let words = use_i18n();
    problem.taken_by.map(|_| {
        let text = if is_mine(&problem) {
            t!(words, problems.taken_by_me).into_any()
        } else {
            let name = problem.taken_by_name.clone();
            t!(words, problems.taken_by, name = name).into_any()
        };
        view! { <p class="problem-note"><Svg icon=Icon::Person /><span>{text}</span></p> }
    })
}

/// What the screen was doing, for who mends it.
#[component]
fn Details(problem: Problem) -> impl IntoView {
    let words = use_i18n();
    let zone = use_here().store().get_untracked().time_zone;
    let Problem { doing, place, version, first_at, .. } = problem;
    let row = |name: AnyView, value: String| {
        (!value.is_empty()).then(|| view! { <div><dt>{name}</dt><dd>{value}</dd></div> })
    };
    let rows = [
        row(t!(words, problems.place).into_any(), place),
        row(t!(words, problems.screen).into_any(), doing.screen),
        row(t!(words, problems.actions).into_any(), doing.actions.join(", ")),
        row(t!(words, problems.device).into_any(), doing.device),
        row(t!(words, problems.viewport).into_any(), doing.viewport),
        row(t!(words, problems.language).into_any(), doing.language),
        row(t!(words, problems.connection).into_any(), doing.connection),
        row(t!(words, problems.version).into_any(), version),
        row(t!(words, problems.request).into_any(), doing.request),
    ];
    view! {
        <details class="problem-details">
            <summary>{t!(words, problems.details)}</summary>
            <dl class="facts">
                <div><dt>{t!(words, problems.first)}</dt><dd><Moment at=first_at zone /></dd></div>
                {rows.into_iter().collect_view()}
            </dl>
        </details>
    }
}

/// Take it, give it back, close it with a note, open it again.
#[component]
fn Ways(problem: Problem, desk: Desk) -> impl IntoView {
    let words = use_i18n();
    let (id, open, mine) = (problem.id, problem.open, is_mine(&problem));
    let closing = RwSignal::new(false);
    let note = RwSignal::new(String::new());
    let act = move |settling: Settling| desk.settle(id, settling);
    if !open {
        return view! {
            <div class="problem-ways">
                <button type="button" class="button" disabled=desk.busy on:click=move |_| act(Settling::Reopen)>{t!(words, problems.reopen)}</button>
            </div>
        };
    }
    let take = if mine {
        view! { <button type="button" class="button" disabled=desk.busy on:click=move |_| act(Settling::GiveBack)>{t!(words, problems.give_back)}</button> }
    } else {
        view! { <button type="button" class="button" disabled=desk.busy on:click=move |_| act(Settling::Take)>{t!(words, problems.take)}</button> }
    };
    view! {
        <Show when=move || !closing.get() fallback=move || view! {
            <form class="problem-close" on:submit=move |event| { event.prevent_default(); act(Settling::Close(note.get_untracked())) }>
                <label class="field"><span>{t!(words, problems.note)}</span>
                    <input type="text" maxlength=NOTE_MAX prop:value=note on:input=move |event| note.set(event_target_value(&event)) />
                </label>
                <div class="problem-ways">
                    <button type="submit" class="button primary" disabled=desk.busy>{t!(words, problems.close_do)}</button>
                    <button type="button" class="button" on:click=move |_| closing.set(false)>{t!(words, problems.keep_open)}</button>
                </div>
            </form>
        }>
            <span></span>
        </Show>
        <div class="problem-ways" hidden=closing>
            {take}
            <button type="button" class="button" on:click=move |_| closing.set(true)>{t!(words, problems.close)}</button>
        </div>
    }
}

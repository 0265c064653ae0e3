//! Problems: what screens notice by themselves, the sheet for reporting one, and the page of who looks after them.

pub mod api;
mod card;
mod doing;
mod sheet;

pub use doing::{VERSION, WATCH, tell};
pub use sheet::ReportSheet;

use crate::{
    failure::Failure,
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    inventory::Clock,
    live::Live,
    parts::{Empty, Icon, Notice, Skeleton, UndoBar},
};
use crate::{json::brought, prelude::*};
use card::Card;
use leptos::{either::Either, task::spawn_local};
use leptos_meta::Title;
use leptos_router::{
    components::A,
    hooks::{use_location, use_query_map},
};
use model::{Problem, ProblemFilter, ProblemId, Problems, Settling};
use std::time::Duration;

/// How long changes are gathered before the list is asked for again.
const GATHER: Duration = Duration::from_millis(300);

/// The page: `/problems?list=mine`.
#[component]
pub fn ProblemsPage() -> impl IntoView {
    let words = use_i18n();
    let params = use_query_map();
    let path = use_location().pathname;
    // While another page is on its way in, its URL says nothing about this one.
    let filter = Memo::new(move |shown: Option<&ProblemFilter>| match shown {
        Some(shown) if path.get() != "/problems" => *shown,
        _ => params.read().get("list").and_then(|name| ProblemFilter::named(&name)).unwrap_or_default(),
    });
    let problems = brought(move || filter.get(), api::list);
    view! {
        <Title text=move || t_string!(words, problems.title) />
        <header class="page-head">
            <h1>{t!(words, problems.title)}</h1>
            <p>{t!(words, problems.lead)}</p>
        </header>
        <Transition fallback=|| view! { <Skeleton rows=6 /> }>
            {move || problems.get().map(|answer| match answer {
                Ok(problems) => Either::Left(view! { <List problems filter=filter.get_untracked() /> }),
                Err(failure) => Either::Right(view! { <Notice failure=Signal::stored(Some(failure)) /> }),
            })}
        </Transition>
    }
}

/// The list, alive, and what one can do with it.
#[derive(Clone, Copy)]
pub struct Desk {
    filter: ProblemFilter,
    list: RwSignal<Vec<Problem>>,
    open: RwSignal<i64>,
    failure: RwSignal<Option<Failure>>,
    /// What was just closed, for the way back.
    closed: RwSignal<Option<ProblemId>>,
    busy: RwSignal<bool>,
    asking: StoredValue<bool>,
}

impl Desk {
    /// Asks for the list again, a moment from now.
    fn refresh_soon(self) {
        if self.asking.try_get_value() == Some(false) {
            self.asking.set_value(true);
            set_timeout(move || spawn_local(self.refresh()), GATHER);
        }
    }

    async fn refresh(self) {
        // What happens from here on needs another look.
        if self.asking.try_set_value(false).is_some() {
            return;
        }
        if let (Ok(news), false) = (api::list(self.filter).await, self.list.is_disposed()) {
            self.open.set(news.open);
            self.list.set(news.list);
        }
    }

    /// Does that with a problem, at once; a closing can be undone.
    pub fn settle(self, id: ProblemId, settling: Settling) {
        self.busy.set(true);
        let closing = matches!(settling, Settling::Close(_));
        spawn_local(async move {
            let done = api::settle(id, settling).await;
            if self.busy.is_disposed() {
                return;
            }
            self.busy.set(false);
            self.failure.set(done.as_ref().err().cloned());
            self.closed.set((closing && done.is_ok()).then_some(id));
            self.refresh().await;
        });
    }
}

#[component]
fn List(problems: Problems, filter: ProblemFilter) -> impl IntoView {
    let words = use_i18n();
    let clock = Clock::start();
    let desk = Desk {
        filter,
        list: RwSignal::new(problems.list),
        open: RwSignal::new(problems.open),
        failure: RwSignal::new(None),
        closed: RwSignal::new(None),
        busy: RwSignal::new(false),
        asking: StoredValue::new(false),
    };
    let again = move || desk.refresh_soon();
    expect_context::<Live>().hear(vec!["journal".into()], problems.as_of, move |_| again(), again);
    let undo = Callback::new(move |()| {
        if let Some(id) = desk.closed.get_untracked() {
            desk.settle(id, Settling::Reopen);
        }
    });
    view! {
        <Lists filter open=desk.open />
        <Notice failure=desk.failure />
        <ul class="problems" aria-label=move || t_string!(words, problems.title)>
            // A row is one problem at one moment: what changed is drawn anew.
            <For each=move || desk.list.get() key=|problem| (problem.id, problem.times, problem.open, problem.taken_by) children=move |problem| view! { <Card problem desk clock /> } />
        </ul>
        <Show when=move || desk.list.with(Vec::is_empty)><Nothing filter /></Show>
        <Show when=move || desk.closed.get().is_some()>
            <UndoBar
                text=Signal::derive(move || t_string!(words, problems.closed_bar).to_string())
                busy=desk.busy
                on_undo=undo
                on_close=Callback::new(move |()| desk.closed.set(None))
            />
        </Show>
    }
}

/// The three lists, and how many problems are open.
#[component]
fn Lists(filter: ProblemFilter, open: RwSignal<i64>) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let name = move |list: ProblemFilter| match list {
        ProblemFilter::Open => t!(words, problems.open).into_any(),
        ProblemFilter::Mine => t!(words, problems.mine).into_any(),
        ProblemFilter::Closed => t!(words, problems.closed).into_any(),
    };
    let chips = ProblemFilter::ALL.map(move |list| {
        let link = move || {
            let path = here.link("/problems");
            let sign = if path.contains('?') { '&' } else { '?' };
            if list == ProblemFilter::Open { path } else { format!("{path}{sign}list={}", list.name()) }
        };
        view! { <A href=link attr:class=if list == filter { "chip chosen" } else { "chip" } attr:aria-current=(list == filter).then_some("page")>{name(list)}</A> }
    });
    view! {
        <nav class="chips" aria-label=move || t_string!(words, problems.lists)>{chips}</nav>
        <p class="quiet" role="status">{t!(words, problems.count, count = move || open.get())}</p>
    }
}

#[component]
fn Nothing(filter: ProblemFilter) -> impl IntoView {
    let words = use_i18n();
    match filter {
        ProblemFilter::Open => view! {
            <Empty icon=Icon::Check title=move || t!(words, problems.empty_open_title) text=move || t!(words, problems.empty_open_text) />
        },
        ProblemFilter::Mine => view! {
            <Empty icon=Icon::Person title=move || t!(words, problems.empty_mine_title) text=move || t!(words, problems.empty_mine_text) />
        },
        ProblemFilter::Closed => view! {
            <Empty icon=Icon::Clock title=move || t!(words, problems.empty_closed_title) text=move || t!(words, problems.empty_closed_text) />
        },
    }
    .into_any()
}

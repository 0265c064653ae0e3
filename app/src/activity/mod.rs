//! The journal as a page: everything that happened, in sentences, as it happens.

pub mod api;
mod asked;
mod bought;
mod called;
mod door;
pub mod explain;
mod filters;
mod line;
pub mod topics;

use crate::{
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    inventory::Clock,
    live::Live,
    parts::{Empty, Icon, Moment, Notice, Skeleton, Svg},
};
use crate::{json::brought, prelude::*};
use asked::Asked;
use filters::Filters;
use leptos::{either::Either, task::spawn_local};
use leptos_meta::Title;
use leptos_router::{
    components::A,
    hooks::{use_location, use_query_map},
};
use line::Entry;
use model::{Activity, ActivityLine, ActivityQuery, Verified};
use std::time::Duration;

/// How long new lines are gathered before they are asked for.
const GATHER: Duration = Duration::from_millis(300);
/// How many lines a page that grows keeps.
const KEPT: usize = 300;

/// The page: `/activity?kind=security&who=…&in=LON&day=2026-11-22&q=…&before=…`.
#[component]
pub fn ActivityPage() -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let params = use_query_map();
    let path = use_location().pathname;
    // While another page is on its way in, its URL says nothing about this one.
    let asked = Memo::new(move |shown: Option<&Asked>| match shown {
        Some(shown) if path.get() != "/activity" => shown.clone(),
        _ => Asked::read(&params.read()),
    });
    let query = Memo::new(move |_| asked.get().query(&here.me().stores, &here.store().get().time_zone));
    let lines = brought(move || query.get(), api::lines);
    view! {
        <Title text=move || t_string!(words, activity.title) />
        <header class="page-head">
            <h1>{t!(words, activity.title)}</h1>
            <p>{t!(words, activity.lead)}</p>
        </header>
        <Transition fallback=|| view! { <Skeleton rows=10 /> }>
            {move || lines.get().map(|answer| match answer {
                Ok(activity) => Either::Left(view! { <Journal activity query=query.get_untracked() asked=asked.get_untracked() /> }),
                Err(failure) => Either::Right(view! { <Notice failure=Signal::stored(Some(failure)) /> }),
            })}
        </Transition>
    }
}

/// What is shown, alive.
#[derive(Clone, Copy)]
struct Shown {
    lines: RwSignal<Vec<ActivityLine>>,
    /// Where the older ones begin, if there are any.
    older: RwSignal<Option<i64>>,
    verified: RwSignal<Verified>,
    /// Lines up to here are in it.
    as_of: StoredValue<i64>,
    query: StoredValue<ActivityQuery>,
    /// New lines are being asked for: a second wish waits.
    asking: StoredValue<bool>,
    again: StoredValue<bool>,
}

impl Shown {
    /// Asks for what is new, a moment from now, so that a hundred lines are one question.
    fn refresh_soon(self) {
        if self.asking.get_value() {
            return self.again.set_value(true);
        }
        self.asking.set_value(true);
        set_timeout(move || spawn_local(self.refresh()), GATHER);
    }

    async fn refresh(self) {
        let Some(query) = self.query.try_get_value() else { return };
        let answer = api::lines(ActivityQuery { after: self.as_of.try_get_value(), ..query }).await;
        if self.lines.is_disposed() {
            return;
        }
        if let Ok(news) = answer {
            self.take(news);
        }
        self.asking.set_value(false);
        if self.again.get_value() {
            self.again.set_value(false);
            self.refresh_soon();
        }
    }

    fn take(self, news: Activity) {
        self.as_of.set_value(news.as_of);
        let Activity { lines: new, older: between, verified, .. } = news;
        self.verified.set(verified);
        if new.is_empty() {
            return;
        }
        let mut older = self.older.get_untracked();
        self.lines.update(|lines| add(lines, &mut older, new, between));
        self.older.set(older);
    }
}

/// Puts new lines in front. What no longer has room is behind "older", and so is what lies between a page that came at
/// once and the lines before.
fn add(lines: &mut Vec<ActivityLine>, older: &mut Option<i64>, new: Vec<ActivityLine>, between: Option<i64>) {
    if between.is_some() {
        lines.clear();
        *older = between;
    }
    lines.splice(0..0, new);
    if lines.len() > KEPT {
        lines.truncate(KEPT);
        *older = lines.last().map(|line| line.seq);
    }
}

#[component]
fn Journal(activity: Activity, query: ActivityQuery, asked: Asked) -> impl IntoView {
    let words = use_i18n();
    let clock = Clock::start();
    let Activity { lines, older, as_of, verified, doers } = activity;
    let shown = Shown {
        lines: RwSignal::new(lines),
        older: RwSignal::new(older),
        verified: RwSignal::new(verified),
        as_of: StoredValue::new(as_of),
        query: StoredValue::new(query),
        asking: StoredValue::new(false),
        again: StoredValue::new(false),
    };
    let on_first_page = asked.before.is_empty();
    if on_first_page {
        let again = move || shown.refresh_soon();
        expect_context::<Live>().hear(vec!["journal".into()], as_of, move |_| again(), again);
    }
    let newest = asked.clone().link(|asked| asked.before.clear());
    let here = asked.clone();
    let older = Memo::new(move |_| {
        let before = shown.older.get()?;
        Some(here.clone().link(|asked| asked.before = before.to_string()))
    });
    view! {
        <Checked verified=shown.verified />
        <Filters asked doers />
        <ol class="journal" aria-label=move || t_string!(words, activity.title)>
            <For each=move || shown.lines.get() key=|line| line.seq children=move |line| view! { <Entry line clock /> } />
        </ol>
        <Show when=move || shown.lines.with(Vec::is_empty)>
            <Empty icon=Icon::Clock title=move || t!(words, activity.empty_title) text=move || t!(words, activity.empty_text) />
        </Show>
        <nav class="journal-pages" aria-label=move || t_string!(words, activity.pages)>
            {(!on_first_page).then(|| view! { <A href=newest attr:class="button"><Svg icon=Icon::Up />{t!(words, activity.newest)}</A> })}
            {move || older.get().map(|older| view! { <A href=older attr:class="button"><Svg icon=Icon::Down />{t!(words, activity.older)}</A> })}
        </nav>
    }
}

/// How far the journal was checked; loud when something is wrong.
#[component]
fn Checked(verified: RwSignal<Verified>) -> impl IntoView {
    let words = use_i18n();
    let zone = move || use_here_zone();
    view! {
        <div role="status" class="checked">
            {move || {
                let Verified { line, at, broken } = verified.get();
                match (broken, at) {
                    (Some(broken), _) => view! {
                        <div class="notice" data-kind="bad">
                            <Svg icon=Icon::Warning />
                            <div><p><strong>{t!(words, activity.broken)}</strong></p><p>{t!(words, activity.broken_text, what = broken)}</p></div>
                        </div>
                    },
                    (None, Some(at)) => view! {
                        <p class="checked-line"><Svg icon=Icon::Shield /><span>{t!(words, activity.verified, line = line)}" "<Moment at zone=zone() /></span></p>
                    },
                    (None, None) => view! {
                        <p class="checked-line"><Svg icon=Icon::Clock /><span>{t!(words, activity.verifying)}</span></p>
                    },
                }
            }}
        </div>
    }
}

fn use_here_zone() -> String {
    use_here().store().get().time_zone
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines from the newest to the oldest.
    fn lines(newest: i64, oldest: i64) -> Vec<ActivityLine> {
        (oldest..=newest).rev().map(|seq| ActivityLine { seq, ..ActivityLine::default() }).collect()
    }

    #[test]
    fn while_all_have_room_older_ones_begin_where_they_did() {
        let (mut shown, mut older) = (lines(150, 101), Some(101));
        add(&mut shown, &mut older, lines(152, 151), None);
        assert_eq!((shown.len(), older), (52, Some(101)));
    }

    #[test]
    fn what_no_longer_has_room_is_among_the_older_ones() {
        let (mut shown, mut older) = (lines(350, 51), None);
        add(&mut shown, &mut older, lines(352, 351), None);
        assert_eq!((shown.len(), shown.last().map(|line| line.seq), older), (KEPT, Some(53), Some(53)));
    }

    #[test]
    fn what_lies_between_a_page_of_news_and_the_lines_before_is_too() {
        let (mut shown, mut older) = (lines(150, 101), Some(101));
        add(&mut shown, &mut older, lines(300, 251), Some(251));
        assert_eq!((shown.len(), older), (50, Some(251)));
    }
}

//! Problems, as far as people are concerned: who may tell of one, who sees them, who settles them.

use crate::bucket::{Buckets, Rate};
use crate::throttle::neighbourhood;
use crate::{Auth, activity};
use log::Trouble;
use model::{
    Action, Actor, Error, Flaw, NewReport, PersonId, Principal, ProblemFilter, ProblemId, ProblemSource, Problems,
    Result, SeenError, Settling, StoreId,
};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// The longest sentence of a report, and of a closing, in characters.
const NOTE_MAX: usize = 1_000;
const CLOSING_MAX: usize = 500;

/// For how many people and rights refusals are counted at most.
const COUNTED_MAX: usize = 10_000;

/// How often browsers may tell of errors, and people of problems: a broken screen must not fill a disk.
pub(crate) struct Limits {
    address: Buckets<IpAddr>,
    all: Buckets<()>,
    reports: Buckets<Principal>,
    lines: Buckets<()>,
    /// Lines of what browsers say: anybody can make it up, and a journal keeps it for ever.
    browser_lines: Buckets<()>,
    refusals: Buckets<(Principal, Action)>,
    /// Refusals that have no line yet.
    unwritten: Mutex<HashMap<(Principal, Action), u64>>,
}

impl Limits {
    /// Does the journal have a line left for that at this moment? What a person says is always told.
    fn has_line(&self, source: ProblemSource) -> bool {
        match source {
            ProblemSource::Person => true,
            ProblemSource::Server => self.lines.take(()).is_ok(),
            ProblemSource::Browser => self.browser_lines.take(()).is_ok(),
        }
    }

    /// Counts a refusal. How many to write down now, this one included; `None` when the journal has enough lines of
    /// them at this moment: they are counted with the next.
    pub(crate) fn refused(&self, who: Principal, what: Action) -> Option<u64> {
        let mut unwritten = self.unwritten.lock().unwrap_or_else(PoisonError::into_inner);
        let times = unwritten.remove(&(who, what)).unwrap_or(0) + 1;
        if self.refusals.take((who, what)).is_ok() {
            return Some(times);
        }
        if unwritten.len() < COUNTED_MAX {
            unwritten.insert((who, what), times);
        }
        None
    }
}

impl Default for Limits {
    fn default() -> Self {
        let rate = |burst, seconds| Rate { burst, pause: Duration::from_secs(seconds) };
        Self {
            address: Buckets::new(rate(20, 6)),
            all: Buckets::new(rate(100, 1)),
            reports: Buckets::new(rate(10, 60)),
            lines: Buckets::new(rate(60, 60)),
            browser_lines: Buckets::new(rate(20, 600)),
            refusals: Buckets::new(rate(20, 30)),
            unwritten: Mutex::default(),
        }
    }
}

/// What the journal is told of problems: a new kind, a report, and what people do; never each time one shows.
struct Told {
    topic: &'static str,
    id: ProblemId,
    what: String,
}

impl log::Event for Told {
    fn topic(&self) -> &'static str {
        self.topic
    }

    fn subject(&self) -> String {
        self.id.to_string()
    }

    fn store(&self) -> Option<StoreId> {
        None
    }

    fn body(&self) -> Value {
        json!({ "problem": self.id, "note": self.what })
    }
}

impl Auth {
    /// Keeps a trouble that the server had itself.
    pub async fn keep_problem(&self, trouble: Trouble) -> Result<()> {
        self.keep(&Actor::system("storeroom"), trouble, Some("log.problem_found")).await.map(drop)
    }

    /// Keeps an error that a browser noticed; whoever is signed in there, or nobody. The journal keeps what it is told for
    /// ever, so a stranger tells it nothing.
    ///
    /// Errors: [`Error::TooMany`]; [`Error::Invalid`] when it is too long.
    pub async fn see_error(&self, by: Option<&Actor>, from: IpAddr, device: &str, seen: SeenError) -> Result<()> {
        self.limits.all.take(())?;
        self.limits.address.take(neighbourhood(from))?;
        if seen.what.len() > 4_000 || seen.place.len() > 1_000 || seen.doing.actions.len() > 10 {
            return Err(Flaw::new("seen", "too_long", "an error's words have at most 4000 bytes").into());
        }
        let mut doing = seen.doing;
        device.clone_into(&mut doing.device);
        let source = ProblemSource::Browser;
        let trouble = Trouble { source, what: seen.what, place: seen.place, doing, reporter: String::new() };
        let topic = by.map(|_| "log.problem_found");
        self.keep(&Actor::system("browser"), trouble, topic).await.map(drop)
    }

    /// Keeps what somebody says; anybody who is signed in may. Errors: [`Error::TooMany`]; [`Error::Invalid`].
    pub async fn report_problem(&self, actor: &Actor, report: NewReport) -> Result<ProblemId> {
        if report.note.chars().count() > NOTE_MAX {
            return Err(Flaw::new("note", "too_long", "a report has at most 1000 characters; shorten it").into());
        }
        self.limits.reports.take(actor.principal)?;
        let mut doing = report.doing;
        actor.via.device.clone_into(&mut doing.device);
        let (source, what) = (ProblemSource::Person, report.note.trim().to_owned());
        let trouble = Trouble { source, what, place: doing.screen.clone(), doing, reporter: actor.name.clone() };
        self.keep(actor, trouble, Some("log.problem_reported")).await
    }

    /// In a transaction of its own; with a line of the journal when it is news.
    async fn keep(&self, actor: &Actor, trouble: Trouble, topic: Option<&'static str>) -> Result<ProblemId> {
        let (what, source) = (trouble.what.clone(), trouble.source);
        let mut act = self.open_act(actor).await?;
        let kept = self.log().keep_problem(&mut act, trouble).await?;
        // A person's words are read on the page of problems, where they can be forgotten; a journal cannot forget.
        let what = if source == ProblemSource::Person { String::new() } else { log::scrub(&what) };
        match topic {
            Some(topic) if kept.news && self.limits.has_line(source) => {
                act.commit(Told { topic, id: kept.id, what }).await?;
            }
            _ => act.commit_silently().await?,
        }
        Ok(kept.id)
    }

    /// The problems of that filter, for administrators of the whole house. Errors: [`Error::Forbidden`].
    pub async fn problems(&self, actor: &Actor, filter: ProblemFilter) -> Result<Problems> {
        let mut tx = self.read_everywhere(actor, Action::ReadJournal).await?;
        let mut list = self.log().problems(&mut tx, filter, who(actor)).await?;
        for problem in &mut list {
            if let Some(taken_by) = problem.taken_by {
                problem.taken_by_name = activity::shown(&mut tx, taken_by).await?.unwrap_or_default();
            }
        }
        Ok(Problems { list, open: self.log().open_problems(&mut tx).await?, as_of: self.log().head(&mut tx).await? })
    }

    /// How many are open, for whoever watches the process.
    pub async fn count_open_problems(&self) -> Result<i64> {
        let mut tx = self.db.read().await?;
        self.log().open_problems(&mut tx).await
    }

    /// Takes, gives back, closes or reopens a problem. Errors: [`Error::Forbidden`]; [`Error::NotFound`], also when
    /// somebody did it already; [`Error::Invalid`] for a closing that is too long.
    pub async fn settle_problem(&self, actor: &Actor, id: ProblemId, settling: Settling) -> Result<()> {
        if matches!(&settling, Settling::Close(note) if note.chars().count() > CLOSING_MAX) {
            return Err(Flaw::new("note", "too_long", "a closing has at most 500 characters; shorten it").into());
        }
        if settling == Settling::Take && who(actor).is_none() {
            return Err(Error::Forbidden(Action::ReadJournal));
        }
        let mut act = self.act_everywhere(actor, Action::ReadJournal).await?;
        self.log().settle_problem(&mut act, id, &settling, who(actor)).await?;
        let topic = match &settling {
            Settling::Take => "log.problem_taken",
            Settling::GiveBack => "log.problem_given_back",
            Settling::Close(_) => "log.problem_closed",
            Settling::Reopen => "log.problem_reopened",
        };
        let what = if let Settling::Close(note) = settling { note } else { String::new() };
        act.commit(Told { topic, id, what }).await?;
        Ok(())
    }
}

fn who(actor: &Actor) -> Option<PersonId> {
    if let Principal::Person(person) = actor.principal { Some(person) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_in_a_row_are_counted_and_not_written_one_by_one() {
        let limits = Limits::default();
        let ann = Principal::Person(PersonId::new());
        let written: Vec<_> = (0..100).filter_map(|_| limits.refused(ann, Action::Import)).collect();
        assert_eq!(written, vec![1; 20], "the first are told one by one");
        assert_eq!(limits.unwritten.lock().expect("nobody panics")[&(ann, Action::Import)], 80, "the rest is counted");
        assert_eq!(limits.refused(ann, Action::Sell), Some(1), "another right has its own lines");
    }
}

//! Problems: what went wrong and nobody foresaw, and what a screen tells about itself then.

use crate::{PersonId, ProblemId, Time};
use serde::{Deserialize, Serialize};

/// Where a problem showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemSource {
    /// In the server.
    Server,
    /// In somebody's browser.
    Browser,
    /// Somebody said so.
    Person,
}

impl ProblemSource {
    /// The name in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Browser => "browser",
            Self::Person => "person",
        }
    }

    /// The source of that name; the server's for any other.
    #[must_use]
    pub fn named(name: &str) -> Self {
        [Self::Browser, Self::Person].into_iter().find(|source| source.name() == name).unwrap_or(Self::Server)
    }
}

/// What a screen was doing. Never what somebody typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Doing {
    /// The page's path, without what stands behind the `?`.
    pub screen: String,
    /// The last things it asked the server, such as `inventory/post_sale 200`; at most 10.
    pub actions: Vec<String>,
    /// The program's version.
    pub version: String,
    /// Width × height, in CSS pixels.
    pub viewport: String,
    /// `en`, `es`.
    pub language: String,
    /// `live`, `reconnecting`, `offline`.
    pub connection: String,
    /// The last ticket that it showed.
    pub ticket: String,
    /// The request in which it happened, when it happened in the server.
    pub request: String,
    /// The device, in words; the server fills it in.
    pub device: String,
}

/// An error that a browser noticed by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeenError {
    /// The message, without what stood in quotes.
    pub what: String,
    /// The file and the place in it.
    #[serde(default)]
    pub place: String,
    /// What the screen was doing.
    #[serde(default)]
    pub doing: Doing,
}

/// What a person reports.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewReport {
    /// A sentence of theirs; may be empty. At most 1 000 characters.
    #[serde(default)]
    pub note: String,
    /// What the screen was doing.
    #[serde(default)]
    pub doing: Doing,
}

/// Which problems.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemFilter {
    /// Those that nobody closed.
    #[default]
    Open,
    /// Those of them that the asker took.
    Mine,
    /// Those that were closed.
    Closed,
}

impl ProblemFilter {
    /// All of them, in the order of the page.
    pub const ALL: [Self; 3] = [Self::Open, Self::Mine, Self::Closed];

    /// The name in an address.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Mine => "mine",
            Self::Closed => "closed",
        }
    }

    /// The filter of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|filter| filter.name() == name)
    }
}

/// What is done with a problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Settling {
    /// The asker looks after it.
    Take,
    /// Nobody does any more.
    GiveBack,
    /// It is settled, and how: at most 500 characters, may be empty.
    Close(String),
    /// It is not settled after all.
    Reopen,
}

/// One kind of problem, however often it showed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Its id.
    pub id: ProblemId,
    /// Where it showed.
    pub source: ProblemSource,
    /// What went wrong; empty when a person reported it without a word.
    pub what: String,
    /// In which part of the program.
    pub place: String,
    /// In which version of the program it showed last.
    pub version: String,
    /// When it showed first.
    pub first_at: Time,
    /// When it showed last.
    pub last_at: Time,
    /// How often.
    pub times: i64,
    /// The ticket that a screen showed last; may be empty.
    pub ticket: String,
    /// What the screen was doing the last time.
    pub doing: Doing,
    /// Who reported it, by name; empty when nobody did.
    pub reporter: String,
    /// Still open?
    pub open: bool,
    /// Who looks after it.
    pub taken_by: Option<PersonId>,
    /// The same, by name.
    pub taken_by_name: String,
    /// How it was settled.
    pub closing: String,
}

/// A list of problems.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problems {
    /// The latest first, at most 100.
    pub list: Vec<Problem>,
    /// How many are open in all.
    pub open: i64,
    /// The last journal line when this was read.
    pub as_of: i64,
}

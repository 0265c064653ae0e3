//! The journal as people read it: which lines are asked for, and what is told of each.

use crate::{StoreId, Time};
use serde::{Deserialize, Serialize};

/// Which lines of the journal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ActivityKind {
    /// All of them.
    #[default]
    All,
    /// Sign-ins, refusals, keys and roles.
    Security,
    /// Stock, items and stores.
    Changes,
    /// What went wrong, and what became of it.
    Problems,
}

impl ActivityKind {
    /// All kinds, in the order of the page.
    pub const ALL: [Self; 4] = [Self::All, Self::Security, Self::Changes, Self::Problems];

    /// The name in an address and in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Security => "security",
            Self::Changes => "changes",
            Self::Problems => "problems",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// What is asked of the journal. Empty texts ask for everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ActivityQuery {
    /// Which lines.
    pub kind: ActivityKind,
    /// Who: `person:<id>`, `key:<id>` or `system`.
    pub person: String,
    /// In which store.
    pub store: Option<StoreId>,
    /// On which day, `YYYY-MM-DD` in `zone`.
    pub day: String,
    /// The time zone of `day`, such as `Europe/London`.
    pub zone: String,
    /// A text in the line: a product, a code, an id. At most 100 characters.
    pub text: String,
    /// Only lines before this one: the next page.
    pub before: Option<i64>,
    /// Only lines after this one: what is new.
    pub after: Option<i64>,
}

/// A line of the journal, with what a sentence about it needs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityLine {
    /// Its place in the journal.
    pub seq: i64,
    /// When.
    pub at: Time,
    /// `module.thing_happened`.
    pub topic: String,
    /// What it happened to: an id, a code, a name.
    pub subject: String,
    /// In which store.
    pub store: Option<StoreId>,
    /// Who did it.
    pub actor: String,
    /// On which device.
    pub device: String,
    /// In which request.
    pub request_id: String,
    /// The person it was done to, by name.
    pub person: Option<String>,
    /// A role, a right, a reason, a note: one word or text out of the line.
    pub word: Option<String>,
    /// Up to three things it was about, such as `6 × Red lantern`.
    pub things: Vec<String>,
    /// How many more there are.
    pub more: i64,
}

/// Whoever did something: for the filter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doer {
    /// `person:<id>`, `key:<id>` or `system`.
    pub principal: String,
    /// The name to show.
    pub name: String,
}

/// How far the journal was checked, and what that gave.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verified {
    /// Every line up to here was checked.
    pub line: i64,
    /// When that was; `None` before the first check.
    pub at: Option<Time>,
    /// The first thing that is wrong, as `storeroom verify` says it.
    pub broken: Option<String>,
}

/// A page of the journal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// Newest first, at most 50.
    pub lines: Vec<ActivityLine>,
    /// Where older lines go on; `None` at the beginning.
    pub older: Option<i64>,
    /// The last line of the journal when this was read.
    pub as_of: i64,
    /// How far it was checked.
    pub verified: Verified,
    /// Who can be asked for; only on the first page.
    pub doers: Vec<Doer>,
}

//! Counts that come again by themselves: what they go over, and every how many days.

use crate::{CountBy, CountPlanId, PaperId};
use serde::{Deserialize, Serialize};

/// Whether a plan makes its counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CountPlanState {
    /// It does.
    #[default]
    Active,
    /// Not for now.
    Paused,
    /// Not any more; lists leave it out.
    Ended,
}

impl CountPlanState {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Active, Self::Paused, Self::Ended];

    /// The name in the database and in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Paused => "paused",
            Self::Ended => "ended",
        }
    }
}

impl TryFrom<String> for CountPlanState {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        Self::ALL.into_iter().find(|state| state.name() == name).ok_or_else(|| format!("no state of a plan: {name}"))
    }
}

/// Why a plan made no count on its day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CountMissed {
    /// Its last one is still open.
    Open,
    /// Nothing in that place fits.
    Nothing,
    /// It could not be opened; the problems say why.
    Refused,
}

impl CountMissed {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Open, Self::Nothing, Self::Refused];

    /// The name in the database and in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Nothing => "nothing",
            Self::Refused => "refused",
        }
    }

    /// The one of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|missed| missed.name() == name)
    }
}

/// What a plan is to be, all of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewCountPlan {
    /// The store's code; it stays.
    pub store: String,
    /// By what the items are chosen on the day; `store` for all of the place. Not `items`.
    pub by: CountBy,
    /// The code of the place that it goes over; where sales leave from (`SHOP`) when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// How many items at most, 1 to 200; all of the place with `store`.
    pub most: i64,
    /// Every how many days, 1 to 366.
    pub every: i64,
    /// The next day on which it makes a count, on the store's clock: `2026-12-01`.
    pub next_on: String,
    /// What those who count should know (1 to 200 characters).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub note: Option<String>,
    /// Whether it makes counts.
    #[serde(default)]
    pub state: CountPlanState,
    /// The version that was read; 0 for one that is not there yet.
    #[serde(default)]
    pub version: i64,
}

/// A plan, and what became of its last day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CountPlan {
    /// Its id.
    pub id: CountPlanId,
    /// The store's code.
    pub store: String,
    /// By what the items are chosen on the day.
    pub by: CountBy,
    /// The code of the place that it goes over.
    pub place: String,
    /// That place's name.
    pub place_name: String,
    /// How many items at most.
    pub most: i64,
    /// Every how many days.
    pub every: i64,
    /// The next day on which it makes a count.
    pub next_on: String,
    /// What those who count should know.
    pub note: Option<String>,
    /// Whether it makes counts.
    pub state: CountPlanState,
    /// Rises by one with each change, and with each of its days.
    pub version: i64,
    /// Who wrote it last.
    pub author: String,
    /// The last day on which it was its turn.
    pub last_on: Option<String>,
    /// The last count that it made.
    pub last_count: Option<PaperId>,
    /// That count's number.
    pub last_number: Option<String>,
    /// That count is still open.
    pub last_open: bool,
    /// Why there was no count on its last day.
    pub missed: Option<CountMissed>,
}

impl CountPlan {
    /// The same, to be changed.
    #[must_use]
    pub fn draft(&self) -> NewCountPlan {
        NewCountPlan {
            store: self.store.clone(),
            by: self.by,
            place: Some(self.place.clone()),
            most: self.most,
            every: self.every,
            next_on: self.next_on.clone(),
            note: self.note.clone(),
            state: self.state,
            version: self.version,
        }
    }
}

//! The rules of a store: up to which day its books are closed, and from which value on somebody else approves.

use crate::{Money, PaperKind};
use serde::{Deserialize, Serialize};

/// A store, with its rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StoreRules {
    /// Its short code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// ISO 4217.
    pub currency: String,
    /// IANA time zone.
    pub time_zone: String,
    /// The last day of which nothing is posted any more, on the store's clock: `2026-10-31`.
    pub lock_day: Option<String>,
    /// Above these amounts somebody else has to approve than who wrote it: up to three steps for each kind of document, in
    /// their order. Of those that a value is above, the last one says who.
    pub limits: Vec<ApprovalLimit>,
}

/// A step: above which value documents of a kind are approved by somebody else, and by whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ApprovalLimit {
    /// Which documents.
    pub kind: PaperKind,
    /// Above it; `null` for never.
    pub amount: Option<Money>,
    /// Who that somebody else has to be.
    #[serde(default)]
    pub approver: Approver,
}

/// Who approves what is above a limit; of two the later one is the stricter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Approver {
    /// Whoever may approve in that store.
    #[default]
    Manager,
    /// Only an administrator.
    Administrator,
    /// Only an administrator of all stores.
    Chief,
}

impl Approver {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Manager, Self::Administrator, Self::Chief];

    /// The name in the database and in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Manager => "manager",
            Self::Administrator => "administrator",
            Self::Chief => "chief",
        }
    }

    /// The one of that name; what is unknown is the strictest.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self::ALL.into_iter().find(|approver| approver.name() == name).unwrap_or(Self::Chief)
    }
}

/// What becomes of a store's rules; what is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RulesPatch {
    /// The new lock date, before today; empty for none.
    #[serde(default)]
    pub lock_day: Option<String>,
    /// The kinds that are named get these steps, and no others; one without an amount is none.
    #[serde(default)]
    pub limits: Vec<ApprovalLimit>,
}

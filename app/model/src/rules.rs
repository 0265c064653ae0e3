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
    /// Above these amounts somebody else has to approve than who wrote it.
    pub limits: Vec<ApprovalLimit>,
}

/// From which value on documents of a kind are approved by somebody else.
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

/// Who approves what is above a limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Approver {
    /// Whoever may approve in that store.
    #[default]
    Manager,
    /// Only an administrator.
    Administrator,
}

impl Approver {
    /// The name in the database and in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Manager => "manager",
            Self::Administrator => "administrator",
        }
    }

    /// The one of that name; what is unknown is the stricter one.
    #[must_use]
    pub fn named(name: &str) -> Self {
        if name == Self::Manager.name() { Self::Manager } else { Self::Administrator }
    }
}

/// What becomes of a store's rules; what is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RulesPatch {
    /// The new lock date, before today; empty for none.
    #[serde(default)]
    pub lock_day: Option<String>,
    /// The kinds that are named get these limits.
    #[serde(default)]
    pub limits: Vec<ApprovalLimit>,
}

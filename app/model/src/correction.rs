//! Corrections above a store's limit: they wait for somebody else, and change the stock only once they are approved.

use crate::{Approver, Money, PaperId, Quantity, Receipt, Time};
use serde::{Deserialize, Serialize};

/// How far a correction is that was above the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CorrectionState {
    /// Somebody else has to approve it; the stock is as it was.
    Waiting,
    /// Approved, and with that in the stock.
    Posted,
    /// Not approved; `word` says why.
    Rejected,
    /// Its author took it back before anybody decided.
    Withdrawn,
    /// It was posted, and undone since.
    Undone,
}

impl CorrectionState {
    /// All of them, in the order of a correction's life.
    pub const ALL: [Self; 5] = [Self::Waiting, Self::Posted, Self::Rejected, Self::Withdrawn, Self::Undone];

    /// The name in the database and in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Posted => "posted",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
            Self::Undone => "undone",
        }
    }

    /// The state of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

impl TryFrom<String> for CorrectionState {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        Self::named(&name).ok_or_else(|| format!("no state of a correction: {name}"))
    }
}

/// What is done with a correction that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CorrectionStep {
    /// Approve what somebody else wrote: it is posted with that.
    Approve,
    /// Do not approve it, with a reason.
    Reject,
    /// Take back what one wrote oneself.
    Withdraw,
}

/// One line of a correction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CorrectionLine {
    /// The item.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// Its unit.
    pub unit: String,
    /// How many more (above zero) or fewer (below zero).
    pub quantity: Quantity,
    /// What that is worth at the item's price when it was told, whichever way it goes; `null` when it had none.
    pub value: Option<Money>,
    /// Why, when the line has a reason of its own.
    pub reason: Option<String>,
    /// These goods are set aside, and good for nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub aside: bool,
    /// What is on hand now where goods are sold; of goods that are set aside, how many still are.
    pub on_hand: Quantity,
    /// The item was counted after this happened: that count may have found the same already.
    pub counted_since: bool,
}

/// A correction that was above the store's limit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Correction {
    /// The id of its document, and of its posting once it is posted.
    pub id: PaperId,
    /// Its number, such as `AJ-LON-12`.
    pub number: String,
    /// The store's code.
    pub store: String,
    /// The store's currency, ISO 4217.
    pub currency: String,
    /// How far it is.
    pub state: CorrectionState,
    /// Rises by one with each step; its `ETag`.
    pub version: i64,
    /// The author's own number for it.
    pub reference: Option<String>,
    /// Why the stock is to be corrected.
    pub reason: String,
    /// Why it was rejected.
    pub word: Option<String>,
    /// What all lines are worth together, each whichever way it goes; `null` when nobody knows.
    pub value: Option<Money>,
    /// When it happened.
    pub occurred_at: Time,
    /// Who found it.
    pub author: String,
    /// Who may approve it, beside its author; `null` while its value is within the store's limit.
    #[serde(default)]
    pub approved_by: Option<Approver>,
    /// Who approved it.
    pub approver: Option<String>,
    /// Since when it is there.
    pub created_at: Time,
    /// Its last step.
    pub changed_at: Time,
    /// What the reader may do with it now.
    pub next: Vec<CorrectionStep>,
    /// The reader may undo it.
    pub may_undo: bool,
    /// Its lines.
    pub lines: Vec<CorrectionLine>,
}

/// A correction in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CorrectionRow {
    /// Its id.
    pub id: PaperId,
    /// Its number.
    pub number: String,
    /// How far it is.
    pub state: CorrectionState,
    /// Rises by one with each step.
    pub version: i64,
    /// Why the stock is to be corrected.
    pub reason: String,
    /// The name of the item of its first line.
    pub item: String,
    /// How many lines it has.
    pub lines: i64,
    /// What they are worth together; `null` when nobody knows.
    pub value: Option<Money>,
    /// The store's currency.
    pub currency: String,
    /// Who found it.
    pub author: String,
    /// When it happened.
    pub occurred_at: Time,
    /// Its last step.
    pub changed_at: Time,
}

/// A list of corrections, the latest step first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CorrectionQuery {
    /// The store's code.
    pub store: String,
    /// Only this state.
    #[serde(default)]
    pub state: Option<CorrectionState>,
    /// `changed_at` (microseconds) and id after which the page starts.
    #[serde(default)]
    pub after: Option<(Time, PaperId)>,
}

/// What became of a correction when it was told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Corrected {
    /// It is in the stock.
    Posted(Box<Receipt>),
    /// It was above the limit: nothing has changed yet, or its state says what became of it since.
    Held(Box<Correction>),
}

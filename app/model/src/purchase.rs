//! Purchase orders: what we order from a supplier, how far it is, and what of it arrived.

use crate::{Approver, Money, PaperId, PostingId, Quantity, Supplier, SupplierId, Time, Why};
use serde::{Deserialize, Serialize};

/// How far a purchase order is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PurchaseState {
    /// Being written.
    Draft,
    /// Waits for somebody to approve it.
    Submitted,
    /// Approved, by its author where the store's limit allows that, and not sent yet.
    Approved,
    /// Sent to the supplier: its goods are expected.
    Sent,
    /// Something of it arrived.
    PartlyReceived,
    /// All of it arrived.
    Received,
    /// Settled: all of it arrived.
    Closed,
    /// Settled although not all of it arrived; its reason says why.
    ClosedShort,
    /// Not approved; its reason says why. Changing it makes a draft of it again.
    Rejected,
    /// Given up before anything arrived.
    Cancelled,
}

impl PurchaseState {
    /// All of them, in the order of an order's life.
    pub const ALL: [Self; 10] = [
        Self::Draft,
        Self::Submitted,
        Self::Approved,
        Self::Sent,
        Self::PartlyReceived,
        Self::Received,
        Self::Closed,
        Self::ClosedShort,
        Self::Rejected,
        Self::Cancelled,
    ];
    /// Those in which something is still to be done.
    pub const OPEN: [Self; 6] =
        [Self::Draft, Self::Submitted, Self::Approved, Self::Sent, Self::PartlyReceived, Self::Received];
    /// Those in which goods are expected.
    pub const EXPECTED: [Self; 2] = [Self::Sent, Self::PartlyReceived];

    /// The name in the database and in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::Approved => "approved",
            Self::Sent => "sent",
            Self::PartlyReceived => "partly_received",
            Self::Received => "received",
            Self::Closed => "closed",
            Self::ClosedShort => "closed_short",
            Self::Rejected => "rejected",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

impl TryFrom<String> for PurchaseState {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        Self::named(&name).ok_or_else(|| format!("no state of a purchase order: {name}"))
    }
}

/// What is done with a purchase order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PurchaseStep {
    /// Write it anew.
    Change,
    /// Give it out of the hand; within the store's limit it is approved with that.
    Submit,
    /// Approve what somebody else wrote.
    Approve,
    /// Do not approve it, with a reason.
    Reject,
    /// Say that it went to the supplier.
    Send,
    /// Book in what arrived.
    Receive,
    /// Settle it; with a reason when not all of it arrived.
    Close,
    /// Give it up.
    Cancel,
}

/// One line of a purchase order as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewPurchaseLine {
    /// The item; each stands in one line only.
    pub sku: String,
    /// How many, above zero.
    pub quantity: Quantity,
    /// What one costs; the supplier's price when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_cost: Option<Money>,
    /// The supplier's code for it: at most 64 characters; theirs as it is known when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 64))]
    pub code: Option<String>,
    /// Why it was proposed, as `GET /reports/to-buy` said; kept with the line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Why>,
}

/// A new purchase order: a draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewPurchase {
    /// Made by whoever orders; sending the same again answers with the order.
    pub id: PaperId,
    /// The code of the store that orders.
    pub store: String,
    /// From whom.
    pub supplier: SupplierId,
    /// The supplier's own number for it (at most 64 characters).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 64))]
    pub reference: Option<String>,
    /// A word to the supplier (at most 1 000 characters).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 1000))]
    pub note: Option<String>,
    /// The day on which it is expected: `2026-11-29`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<String>,
    /// At most 1 000; a draft may have none yet.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_items = 1000))]
    pub lines: Vec<NewPurchaseLine>,
}

/// A draft as it is to be from now on: all of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PurchaseDraft {
    /// From whom.
    pub supplier: SupplierId,
    /// The supplier's own number for it (at most 64 characters).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 64))]
    pub reference: Option<String>,
    /// A word to the supplier (at most 1 000 characters).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 1000))]
    pub note: Option<String>,
    /// The day on which it is expected: `2026-11-29`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<String>,
    /// At most 1 000.
    #[cfg_attr(feature = "openapi", schema(max_items = 1000))]
    pub lines: Vec<NewPurchaseLine>,
}

impl NewPurchase {
    /// What is in it.
    #[must_use]
    pub fn draft(&self) -> PurchaseDraft {
        let Self { supplier, reference, note, due_on, lines, .. } = self.clone();
        PurchaseDraft { supplier, reference, note, due_on, lines }
    }
}

/// One line of a purchase order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PurchaseLine {
    /// The item.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// Its unit.
    pub unit: String,
    /// How many were ordered; 0 for what arrived with it and was not.
    pub ordered: Quantity,
    /// What one costs.
    pub unit_cost: Option<Money>,
    /// Ordered × cost.
    pub value: Option<Money>,
    /// The supplier's code for it; may be empty.
    pub code: String,
    /// How many were taken in.
    pub received: Quantity,
    /// How many arrived and were not taken.
    pub rejected: Quantity,
    /// How many are still to come: 0 as long as the order is not sent, and once it is settled.
    pub open: Quantity,
    /// How many the supplier sells at least.
    pub minimum: Option<Quantity>,
    /// How many come in one pack.
    pub multiple: Option<Quantity>,
    /// Why it was proposed, when it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Why>,
}

/// A delivery that was booked in against a purchase order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PurchaseReceipt {
    /// Its posting.
    pub posting: PostingId,
    /// The delivery note's number.
    pub number: Option<String>,
    /// Who.
    pub actor: String,
    /// When.
    pub recorded_at: Time,
    /// It was undone.
    pub undone: bool,
}

/// A purchase order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Purchase {
    /// Its id.
    pub id: PaperId,
    /// Its number, such as `PO-LON-12`.
    pub number: String,
    /// The store's code.
    pub store: String,
    /// The store's currency, ISO 4217.
    pub currency: String,
    /// From whom.
    pub supplier: Supplier,
    /// How far it is.
    pub state: PurchaseState,
    /// Rises by one with each step; its `ETag`.
    pub version: i64,
    /// The supplier's own number for it.
    pub reference: Option<String>,
    /// A word to the supplier.
    pub note: Option<String>,
    /// The day on which it is expected.
    pub due_on: Option<String>,
    /// Why it was rejected, cancelled or closed short.
    pub reason: Option<String>,
    /// Σ ordered × cost.
    pub value: Money,
    /// Its value is above the store's limit: somebody else approves it than who wrote it.
    pub above_limit: bool,
    /// Who may approve it, beside its author; `null` while its value is within the store's limit.
    #[serde(default)]
    pub approved_by: Option<Approver>,
    /// Who wrote it.
    pub author: String,
    /// Who approved it.
    pub approver: Option<String>,
    /// Since when it is there.
    pub created_at: Time,
    /// Its last step.
    pub changed_at: Time,
    /// The day on which it was sent, else approved, else written, on the store's own clock.
    #[serde(default)]
    pub issued_on: String,
    /// What the reader may do with it now.
    pub next: Vec<PurchaseStep>,
    /// Its lines.
    pub lines: Vec<PurchaseLine>,
    /// What was booked in against it, the latest first; at most 200.
    pub receipts: Vec<PurchaseReceipt>,
}

/// A purchase order in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PurchaseRow {
    /// Its id.
    pub id: PaperId,
    /// Its number.
    pub number: String,
    /// The store's code.
    pub store: String,
    /// The store's currency.
    pub currency: String,
    /// The supplier's code.
    pub supplier: String,
    /// The supplier's name.
    pub supplier_name: String,
    /// How far it is.
    pub state: PurchaseState,
    /// Rises by one with each step.
    pub version: i64,
    /// The day on which it is expected.
    pub due_on: Option<String>,
    /// Σ ordered × cost.
    pub value: Money,
    /// How many lines it has.
    pub lines: i64,
    /// How many of them have all that was ordered.
    pub done: i64,
    /// Who wrote it.
    pub author: String,
    /// Its last step.
    pub changed_at: Time,
}

/// Which purchase orders a list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PurchaseShow {
    /// Those in which something is still to be done.
    #[default]
    Open,
    /// Those that wait for approval.
    Waiting,
    /// Those whose goods are expected.
    Expected,
    /// All.
    All,
}

/// A list of purchase orders, the latest step first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PurchaseQuery {
    /// The store's code.
    pub store: String,
    /// Which.
    #[serde(default)]
    pub show: PurchaseShow,
    /// Only this state.
    #[serde(default)]
    pub state: Option<PurchaseState>,
    /// `changed_at` (microseconds) and id after which the page starts.
    #[serde(default)]
    pub after: Option<(Time, PaperId)>,
}

/// How many purchase orders of a store are in each of the states in which something is to be done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PurchaseList {
    /// A page of them.
    pub rows: Vec<PurchaseRow>,
    /// Where the next page starts.
    pub next: Option<(Time, PaperId)>,
    /// How many are in which open state.
    pub counts: Vec<(PurchaseState, i64)>,
    /// May the reader write new ones?
    pub may_order: bool,
}

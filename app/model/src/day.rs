//! The day's work as screens show it: counting, history, what waits for a person, and what a scanned code meant.

use crate::{DocumentKind, ExceptionId, Money, PaperId, PaperKind, PostingId, Quantity, ReceiptLine, Time};
use serde::{Deserialize, Serialize};

/// A count of one item: the shelf holds so many, whatever was thought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewCount {
    /// Made by whoever counts; sending the same again answers with the first receipt.
    pub id: PostingId,
    /// The store's code.
    pub store: String,
    /// The item.
    pub sku: String,
    /// What is on the shelf, at or above zero.
    pub counted: Quantity,
    /// The balance's version that stood on the screen; when it has moved, the count is refused as a conflict.
    pub version: i64,
    /// Why the number was wrong: `miscounted`, `found` … or any words (1 to 200 characters).
    pub reason: String,
}

/// Which postings the history shows; each left empty means all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HistoryQuery {
    /// The store's code.
    pub store: String,
    /// Only this kind.
    #[serde(default)]
    pub kind: Option<DocumentKind>,
    /// Only what this person or key did, by the name shown.
    #[serde(default)]
    pub person: String,
    /// Only what happened on that day of the store's calendar, `YYYY-MM-DD`.
    #[serde(default)]
    pub day: String,
    /// Only what moved this item, by its SKU.
    #[serde(default)]
    pub sku: String,
    /// Part of a number, of a reason, or of an item's name, SKU or barcode (at most 100 characters); or a posting's id.
    #[serde(default)]
    pub text: String,
}

/// A posting, as the history tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryLine {
    /// Which.
    pub posting: PostingId,
    /// What kind.
    pub kind: DocumentKind,
    /// The store's code.
    pub store: String,
    /// The number on the slip.
    pub number: Option<String>,
    /// Why, where a reason was given.
    pub reason: Option<String>,
    /// Who.
    pub actor: String,
    /// On which device.
    pub device: String,
    /// When it happened.
    pub occurred_at: Time,
    /// When we learnt: the order of the list.
    pub recorded_at: Time,
    /// Which posting this undoes.
    pub reverses: Option<PostingId>,
    /// Which posting undid this.
    pub reversed_by: Option<PostingId>,
    /// ISO 4217.
    pub currency: String,
    /// Σ quantity × unit price.
    pub total: Money,
    /// The tax in it, by rate.
    #[serde(default)]
    pub tax: Vec<crate::TaxTotal>,
    /// Its lines; in a list only the first few.
    pub lines: Vec<ReceiptLine>,
    /// How many lines it has.
    pub line_count: i64,
    /// Whether the reader may undo it at this moment.
    pub may_undo: bool,
}

/// What kind of thing a person has to settle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ExceptionKind {
    /// More was sold than was ever there.
    Negative,
    /// More is promised than is there.
    Oversold,
    /// Goods of a lot were sold that must not be.
    ExpiredSale,
    /// A code that nobody knows.
    UnknownBarcode,
    /// Two counts, or a count and a correction, that disagree.
    CountConflict,
    /// Goods whose cost nobody has told.
    MissingCost,
    /// Serial numbers that do not fit what was sold or counted.
    SerialConflict,
}

impl ExceptionKind {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Negative,
        Self::Oversold,
        Self::ExpiredSale,
        Self::UnknownBarcode,
        Self::CountConflict,
        Self::MissingCost,
        Self::SerialConflict,
    ];

    /// The name in the database and in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Negative => "negative",
            Self::Oversold => "oversold",
            Self::ExpiredSale => "expired_sale",
            Self::UnknownBarcode => "unknown_barcode",
            Self::CountConflict => "count_conflict",
            Self::MissingCost => "missing_cost",
            Self::SerialConflict => "serial_conflict",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// Something for a person to settle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StockException {
    /// Its id.
    pub id: ExceptionId,
    /// What kind: `negative`, `oversold` (more is promised than is there), `expired_sale`, `unknown_barcode`,
    /// `count_conflict`, `missing_cost` or `serial_conflict` (serial numbers do not fit what was sold or counted).
    pub kind: String,
    /// The item; empty when it is about a code that nobody knows.
    pub sku: String,
    /// The code that nobody knows.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub code: String,
    /// The store's code.
    pub store: String,
    /// The location's code.
    pub location: String,
    /// The posting that opened it.
    pub opened_by: PostingId,
    /// When.
    pub opened_at: Time,
    /// Who told of it, where no posting did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told_by: Option<String>,
    /// Who is on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_by: Option<String>,
}

/// An exception that waits for a person, with why it is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenException {
    /// What and where.
    pub exception: StockException,
    /// The item's name.
    pub name: String,
    /// What is there now.
    pub on_hand: Quantity,
    /// The balance's version: a count says which one it has seen.
    pub version: i64,
    /// The posting that opened it.
    pub opener: Option<HistoryLine>,
    /// The reader is.
    pub mine: bool,
}

/// How many things wait in a store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// Open exceptions.
    pub exceptions: i64,
    /// Items at or below zero.
    pub short: i64,
    /// Purchase orders that wait for the reader to approve them.
    #[serde(default)]
    pub approvals: i64,
    /// Corrections that wait for the reader to approve them.
    #[serde(default)]
    pub corrections: i64,
    /// Purchase orders whose goods are expected.
    #[serde(default)]
    pub deliveries: i64,
    /// Counts that are due and that nobody has begun, for who may count.
    #[serde(default)]
    pub counts: i64,
    /// Counts that were handed in and wait for the reader to look at what differs.
    #[serde(default)]
    pub reviews: i64,
}

/// What a scanned code or a typed word meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Meant {
    /// An item, by its SKU.
    Item(String),
    /// A document.
    Posting {
        /// Which.
        id: PostingId,
        /// What kind.
        kind: DocumentKind,
        /// Of which store, by its code.
        store: String,
    },
    /// A document that lives, such as a purchase order.
    Paper {
        /// Which.
        id: PaperId,
        /// What kind.
        kind: PaperKind,
        /// Of which store, by its code.
        store: String,
    },
    /// A place: that store, by its code.
    Place(String),
    /// A serial number of one piece.
    Serial(String),
    /// Nothing that is known here.
    Nothing,
    /// Nothing that is known here, and no wonder: what is wrong with the code, in a sentence.
    Wrong(String),
}

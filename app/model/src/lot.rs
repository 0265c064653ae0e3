//! Lots: what of an item was made together, until when it is good, and whether it may be sold.

use crate::barcode::Date;
use crate::{Condition, DocumentKind, LotId, PaperId, PaperKind, PostingId, Quantity, SupplierId, Time};
use serde::{Deserialize, Serialize};

/// How an item's goods are told apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Tracking {
    /// They are not.
    #[default]
    None,
    /// By lot: each delivery says which, and what expires first leaves first.
    Lot,
    /// One by one, by serial number: each piece is a lot of exactly one, in one place.
    Serial,
}

impl Tracking {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::None, Self::Lot, Self::Serial];

    /// The name in the database and in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Lot => "lot",
            Self::Serial => "serial",
        }
    }

    /// The one of that name; not told apart for a name that is none.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self::ALL.into_iter().find(|tracking| tracking.name() == name).unwrap_or_default()
    }
}

/// Whether a lot may be sold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum LotStatus {
    /// It may, until it expires.
    Ok,
    /// Not until somebody has looked at it.
    Hold,
    /// Not at all: whoever made it wants it back.
    Recalled,
}

impl LotStatus {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Ok, Self::Hold, Self::Recalled];

    /// The name in the database and in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Hold => "hold",
            Self::Recalled => "recalled",
        }
    }

    /// The status of that name; a name that is none is held, because nobody knows what it means.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self::ALL.into_iter().find(|status| status.name() == name).unwrap_or(Self::Hold)
    }
}

/// Of which lot a delivery's line is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LineLot {
    /// The delivery's line, from 1.
    #[cfg_attr(feature = "openapi", schema(minimum = 1))]
    pub line: u32,
    /// The lot, as it stands on the goods (1 to 64 characters).
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 64))]
    pub lot: String,
    /// The last day on which it is good; a lot whose day is known keeps its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub expires_on: Option<Date>,
}

/// A lot, and how much of it one store has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Lot {
    /// Its id.
    pub id: LotId,
    /// The item.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// The base unit.
    pub unit: String,
    /// How the item's goods are told apart: by serial number, it is of exactly one.
    pub tracking: Tracking,
    /// The lot, or the serial number, as it stands on the goods.
    pub lot: String,
    /// The last day on which it is good.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub expires_on: Option<Date>,
    /// Whether it may be sold.
    pub status: LotStatus,
    /// Its last good day is over on the store's clock; of several stores, on one of them.
    pub expired: bool,
    /// How many the store has, in all conditions.
    pub on_hand: Quantity,
    /// How many of them lie where sales leave from and are not set aside.
    pub shelf: Quantity,
}

/// A change of a lot: fields that are left out stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LotPatch {
    /// Whether it may be sold from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<LotStatus>,
    /// The last day on which it is good, when another one was written down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub expires_on: Option<Date>,
    /// Why (1 to 200 characters); a day is not corrected without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub reason: Option<String>,
}

/// How much of a lot lies somewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LotPlace {
    /// The store's code.
    pub store: String,
    /// The store's name.
    pub store_name: String,
    /// The place's code.
    pub location: String,
    /// The place's name.
    pub location_name: String,
    /// In which condition.
    pub condition: Condition,
    /// How many.
    pub on_hand: Quantity,
}

/// A posting that moved some of a lot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LotMove {
    /// The posting.
    pub posting: PostingId,
    /// What it was.
    pub kind: DocumentKind,
    /// Its number, if it has one.
    pub number: Option<String>,
    /// The store's code.
    pub store: String,
    /// The store's name.
    pub store_name: String,
    /// From where, by its code.
    pub from: String,
    /// To where.
    pub to: String,
    /// The name of the place that it left, where that is a real one of the store.
    pub from_name: Option<String>,
    /// The name of the place that it came to, where that is a real one.
    pub to_name: Option<String>,
    /// How many, above zero.
    pub quantity: Quantity,
    /// When it happened.
    pub occurred_at: Time,
    /// The store's time zone.
    pub time_zone: String,
    /// Who did it.
    pub actor: String,
    /// Which posting it undoes.
    pub reverses: Option<PostingId>,
    /// The document that it belongs to: a customer's order, one to a supplier, a return to one, a transfer, a correction.
    pub paper: Option<LotPaper>,
    /// The customer or the supplier, by name; a customer's is told to those only who may promise there.
    pub party: Option<String>,
    /// How that customer is reached, told to the same.
    pub contact: Option<String>,
    /// The supplier.
    pub supplier: Option<SupplierId>,
}

/// The document that a move of a lot belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LotPaper {
    /// Which kind.
    pub kind: PaperKind,
    /// Which one.
    pub id: PaperId,
    /// Its number.
    pub number: String,
}

/// Where a lot is, and where it went: as far as the reader's stores go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LotTrace {
    /// The lot; `on_hand` is of all of the reader's stores.
    pub lot: Lot,
    /// Where it is.
    pub places: Vec<LotPlace>,
    /// What moved it, the latest first, at most 500.
    pub moves: Vec<LotMove>,
    /// There are more moves than are told.
    pub more: bool,
}

/// Which lots a page shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LotQuery {
    /// The store's code.
    pub store: String,
    /// Only those of this item.
    #[serde(default)]
    pub sku: Option<String>,
    /// Only those whose last good day is at most so many days away.
    #[serde(default)]
    pub within: Option<u16>,
    /// Only those that must not be sold.
    #[serde(default)]
    pub barred: bool,
    /// Only those of which some is not set aside yet.
    #[serde(default)]
    pub to_do: bool,
    /// Reading goes on behind this one.
    #[serde(default)]
    pub after: Option<LotAfter>,
    /// Reading goes on at least up to this one.
    #[serde(default)]
    pub up_to: Option<LotAfter>,
}

/// Where a lot stands in the list of what expires first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct LotAfter {
    /// The last day on which it is good; what never expires comes last.
    pub expires_on: Option<Date>,
    /// Which.
    pub id: LotId,
}

impl LotAfter {
    /// The greater one stands further down.
    #[must_use]
    pub fn place(self) -> (bool, Option<Date>, LotId) {
        (self.expires_on.is_none(), self.expires_on, self.id)
    }
}

impl From<&Lot> for LotAfter {
    fn from(lot: &Lot) -> Self {
        Self { expires_on: lot.expires_on, id: lot.id }
    }
}

/// A part of that list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LotList {
    /// What expires first stands at the top.
    pub lots: Vec<Lot>,
    /// There are more behind the last one.
    pub more: bool,
}

/// What a label says of a lot or of a serial number, and what is known of that one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LotLabel {
    /// The lot (AI 10); of what has serial numbers, that number (AI 21).
    pub lot: Option<String>,
    /// Whether that serial number is in the store where it was scanned; `None` for a lot.
    pub here: Option<bool>,
    /// The last good day (AI 17, or else 15); what is known of the lot where the label says none.
    pub expires_on: Option<Date>,
    /// Whether it may be sold.
    pub status: LotStatus,
    /// Its last good day is over where the label was scanned.
    pub expired: bool,
}

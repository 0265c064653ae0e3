//! What people count of a delivery before it is booked in: each their own part, which all of them see.

use crate::{NewReceipt, PaperId, PostingId, Quantity, Time, barcode::Date};
use serde::{Deserialize, Serialize};

/// What one person has counted of a delivery so far, all of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewArrival {
    /// Without an order: the delivery of somebody who is at it already, or an id of one's own. With one it is the order.
    pub delivery: PaperId,
    /// Rises with each change that its author makes; what comes with no higher one is old, and changes nothing.
    #[cfg_attr(feature = "openapi", schema(minimum = 1))]
    pub turn: i64,
    /// The receipt that it becomes when it is booked in, under its id; it may have no lines yet.
    pub receipt: NewReceipt,
}

/// What became of what somebody counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ArrivalState {
    /// It is being counted.
    Open,
    /// It is booked in.
    Booked,
    /// Somebody has said that it does not count.
    Discarded,
}

impl ArrivalState {
    /// The name in the database and in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Booked => "booked",
            Self::Discarded => "discarded",
        }
    }

    /// The state of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Open, Self::Booked, Self::Discarded].into_iter().find(|state| state.name() == name)
    }
}

/// What one person counted of one item, or of one of its lots.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ArrivalLine {
    /// The item.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// How many are taken in; 0 where all of it is left with the driver.
    pub quantity: Quantity,
    /// Of which lot, as far as anybody said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot: Option<String>,
    /// The lot's last good day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub expires_on: Option<Date>,
    /// The serial numbers of these pieces.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub serials: Vec<String>,
    /// How many are not taken.
    pub rejected: Quantity,
}

/// One person's part of a delivery, as everybody sees it who may see its store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Arrival {
    /// Its id, and that of the posting which books it.
    pub id: PostingId,
    /// Of which delivery: the order's id, where it has one.
    pub delivery: PaperId,
    /// The purchase order that the goods were ordered with.
    pub order: Option<PaperId>,
    /// The delivery note's number.
    pub number: Option<String>,
    /// Who counted it.
    pub person: String,
    /// Whether that is who asks.
    pub mine: bool,
    /// How often it was changed; the latest change that is known.
    pub turn: i64,
    /// What became of it.
    pub state: ArrivalState,
    /// Who booked it in or discarded it, when somebody did.
    pub ender: Option<String>,
    /// When it was changed last.
    pub changed_at: Time,
    /// What was counted.
    pub lines: Vec<ArrivalLine>,
}

impl Arrival {
    /// The most that are told at once.
    pub const MOST: u8 = 200;

    /// How many of that item they took.
    #[must_use]
    pub fn of(&self, sku: &str) -> Quantity {
        let of_it = self.lines.iter().filter(|line| line.sku == sku);
        of_it.fold(Quantity::ZERO, |sum, line| sum.checked_add(line.quantity).unwrap_or(sum))
    }
}

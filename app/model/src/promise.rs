//! Promises: goods that are kept for somebody.

use crate::{PaperId, Quantity, ReservationId, Time};
use serde::{Deserialize, Serialize};

/// What happens when more of an item is promised than can be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PromisePolicy {
    /// It is refused.
    #[default]
    Forbid,
    /// It is promised, and an exception tells a person.
    Warn,
    /// An order takes what is there and waits for the rest; anything else is promised without a word.
    Allow,
}

impl PromisePolicy {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Forbid, Self::Warn, Self::Allow];

    /// The name in the database and in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Forbid => "forbid",
            Self::Warn => "warn",
            Self::Allow => "allow",
        }
    }

    /// The policy of that name; the strictest for a name that is none.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self::ALL.into_iter().find(|policy| policy.name() == name).unwrap_or_default()
    }
}

/// Why goods are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReservationKind {
    /// For a customer's order.
    Order,
    /// For somebody who is still choosing.
    Cart,
    /// Put aside by hand.
    Hold,
    /// For another store.
    Transfer,
}

impl ReservationKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Order, Self::Cart, Self::Hold, Self::Transfer];

    /// The name in the database and in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::Cart => "cart",
            Self::Hold => "hold",
            Self::Transfer => "transfer",
        }
    }
}

impl TryFrom<String> for ReservationKind {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        Self::ALL.into_iter().find(|kind| kind.name() == name).ok_or_else(|| format!("no kind of reservation: {name}"))
    }
}

/// What became of kept goods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReservationState {
    /// They are kept.
    Active,
    /// They went to whom they were kept for.
    Fulfilled,
    /// They were let go.
    Released,
    /// Their time was over.
    Expired,
}

impl ReservationState {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Active, Self::Fulfilled, Self::Released, Self::Expired];

    /// The name in the database and in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Fulfilled => "fulfilled",
            Self::Released => "released",
            Self::Expired => "expired",
        }
    }
}

impl TryFrom<String> for ReservationState {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        Self::ALL.into_iter().find(|state| state.name() == name).ok_or_else(|| format!("no state: {name}"))
    }
}

/// Goods that are kept for somebody, or were.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reservation {
    /// Its id.
    pub id: ReservationId,
    /// The store's code.
    pub store: String,
    /// The item.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// How many were kept.
    pub quantity: Quantity,
    /// How many of them went to whom they were kept for.
    pub fulfilled: Quantity,
    /// Why.
    pub kind: ReservationKind,
    /// The document that they are kept for.
    pub document: Option<PaperId>,
    /// Its number.
    pub number: Option<String>,
    /// What became of them; `expired` from the moment on.
    pub state: ReservationState,
    /// Until when; an order's to the end of the day that it says, or without an end.
    pub expires_at: Option<Time>,
    /// Who kept them.
    pub author: String,
    /// Since when.
    pub created_at: Time,
}

/// Goods of one item to be kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct HoldLine {
    /// Made by whoever asks; sending the same again changes nothing.
    pub id: ReservationId,
    /// The item.
    pub sku: String,
    /// How many, above zero.
    pub quantity: Quantity,
}

/// Why goods are kept without a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum HoldKind {
    /// For somebody who is still choosing: half an hour when nothing is said.
    #[default]
    Cart,
    /// Put aside by hand: a week when nothing is said.
    Hold,
}

/// Goods to be kept for a while: all of them or none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewHold {
    /// The store's code.
    pub store: String,
    /// Why.
    #[serde(default)]
    pub kind: HoldKind,
    /// Until when, at most 90 days from now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Time>,
    /// 1 to 100 lines.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 100))]
    pub lines: Vec<HoldLine>,
}

/// A new end for kept goods.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewEnd {
    /// Until when, from now to 90 days from now.
    pub expires_at: Time,
}

/// What is kept now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Held {
    /// One for each line, in their order.
    pub reservations: Vec<Reservation>,
}

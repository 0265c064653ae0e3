//! Returns to suppliers: what goes back, why, and whether it was credited.

use crate::barcode::Date;
use crate::{Condition, LotStatus, Money, PaperId, Quantity, SupplierId, Time, Tracking};
use serde::{Deserialize, Serialize};

/// How far a return to a supplier is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SupplierReturnState {
    /// The goods are gone, and the supplier has not credited them yet.
    Sent,
    /// The supplier has credited them.
    Credited,
    /// It was undone: the goods are here.
    Undone,
}

impl SupplierReturnState {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Sent, Self::Credited, Self::Undone];

    /// The name in the database and in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Credited => "credited",
            Self::Undone => "undone",
        }
    }

    /// The state of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

impl TryFrom<String> for SupplierReturnState {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        Self::named(&name).ok_or_else(|| format!("no state of a return to a supplier: {name}"))
    }
}

/// Why goods go back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReturnReason {
    /// They came damaged.
    Damaged,
    /// They are not what was ordered.
    Wrong,
    /// Their last good day is over, or too near.
    Expired,
    /// There are more of them than are wanted.
    TooMany,
    /// Their maker calls them back.
    Recalled,
}

impl ReturnReason {
    /// All of them, for lists to choose from.
    pub const ALL: [Self; 5] = [Self::Damaged, Self::Wrong, Self::Expired, Self::TooMany, Self::Recalled];

    /// The name in the database and in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Damaged => "damaged",
            Self::Wrong => "wrong",
            Self::Expired => "expired",
            Self::TooMany => "too_many",
            Self::Recalled => "recalled",
        }
    }
}

impl TryFrom<String> for ReturnReason {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        let reason = Self::ALL.into_iter().find(|reason| reason.name() == name);
        reason.ok_or_else(|| format!("no reason to send goods back: {name}"))
    }
}

/// One line of goods that go back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewSupplierReturnLine {
    /// The item, which has to be stocked.
    pub sku: String,
    /// How many, above zero.
    pub quantity: Quantity,
    /// Why.
    pub reason: ReturnReason,
    /// From where they are sold, or from what was set aside.
    #[serde(default, skip_serializing_if = "Condition::is_sellable")]
    pub condition: Condition,
    /// Which lot, where the item is told apart by lot; one that must not be sold goes back too. Where it has serial
    /// numbers: which one, and the quantity is 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 64))]
    pub lot: Option<String>,
}

/// Goods that go back to a supplier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewSupplierReturn {
    /// Made by whoever sends it; sending the same again answers with the first outcome. Its posting has the same id.
    pub id: PaperId,
    /// The store's code.
    pub store: String,
    /// Who gets them.
    pub supplier: SupplierId,
    /// With which purchase order they came, if that is known: no more goes back than came with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<PaperId>,
    /// A word to the supplier (1 to 200 characters).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub note: Option<String>,
    /// 1 to 1 000 lines.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 1000))]
    pub lines: Vec<NewSupplierReturnLine>,
}

/// What the supplier says to it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SupplierCredit {
    /// The number of their credit note (1 to 64 characters); without one it waits for it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 64))]
    pub number: Option<String>,
}

/// One line of what went back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SupplierReturnLine {
    /// The item.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// How many.
    pub quantity: Quantity,
    /// Why.
    pub reason: ReturnReason,
    /// From where they were sold, or from what was set aside.
    pub condition: Condition,
    /// Which lot.
    pub lot: Option<String>,
    /// What one of them cost, as agreed with the order or the supplier: what is expected back for it.
    pub unit_cost: Option<Money>,
}

/// A return to a supplier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SupplierReturn {
    /// Its id, and that of its posting.
    pub id: PaperId,
    /// `RS-LON-3`.
    pub number: String,
    /// The store's code.
    pub store: String,
    /// The store's currency.
    pub currency: String,
    /// Who got them.
    pub supplier: SupplierId,
    /// The supplier's name.
    pub supplier_name: String,
    /// With which purchase order they came.
    pub order: Option<PaperId>,
    /// That order's number.
    pub order_number: Option<String>,
    /// How far it is.
    pub state: SupplierReturnState,
    /// Rises by one with each step.
    pub version: i64,
    /// The number of the supplier's credit note.
    pub credit: Option<String>,
    /// A word to the supplier.
    pub note: Option<String>,
    /// What is expected back for all lines whose cost is known.
    pub value: Money,
    /// Who sent them.
    pub author: String,
    /// When.
    pub created_at: Time,
    /// When its last step was taken.
    pub changed_at: Time,
    /// May the reader say that it was credited, or that it was not?
    pub may_credit: bool,
    /// May the reader undo it?
    pub may_undo: bool,
    /// What went back.
    pub lines: Vec<SupplierReturnLine>,
}

/// Which returns a list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupplierReturnQuery {
    /// The store's code.
    pub store: String,
    /// Only those in this state.
    #[serde(default)]
    pub state: Option<SupplierReturnState>,
    /// Those after this one, by its last step.
    #[serde(default)]
    pub after: Option<(Time, PaperId)>,
}

/// A return in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SupplierReturnRow {
    /// Its id.
    pub id: PaperId,
    /// Its number.
    pub number: String,
    /// The supplier's name.
    pub supplier_name: String,
    /// How far it is.
    pub state: SupplierReturnState,
    /// Rises by one with each step.
    pub version: i64,
    /// How many lines it has.
    pub lines: i64,
    /// What is expected back.
    pub value: Money,
    /// The store's currency.
    pub currency: String,
    /// Who sent them.
    pub author: String,
    /// When its last step was taken.
    pub changed_at: Time,
}

/// Goods of a store that can go back: of one item, in one condition, of one lot where lots are told apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToSendBack {
    /// The item.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// What one of it is.
    pub unit: String,
    /// In which condition.
    pub condition: Condition,
    /// How the item's goods are told apart.
    pub tracking: Tracking,
    /// Which lot, or which piece.
    pub lot: Option<String>,
    /// The lot's last good day.
    pub expires_on: Option<Date>,
    /// Whether the lot may be sold.
    pub status: LotStatus,
    /// The lot's last good day is over.
    pub expired: bool,
    /// How many are there.
    pub on_hand: Quantity,
}

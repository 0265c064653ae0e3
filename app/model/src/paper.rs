//! Documents that live: each has a number and goes from state to state, before, between and after its postings.

use crate::{PaperId, StoreId};
use serde::{Deserialize, Serialize};

/// What kind of document it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PaperKind {
    /// What we order from a supplier.
    PurchaseOrder,
    /// What we promise a customer.
    Order,
    /// What goes from one place to another.
    Transfer,
    /// What was found on the shelves.
    Count,
    /// What goes back to a supplier.
    SupplierReturn,
    /// What is wrong with the numbers, when it is worth more than one may say alone.
    Adjustment,
}

impl PaperKind {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::PurchaseOrder, Self::Order, Self::Transfer, Self::Count, Self::SupplierReturn, Self::Adjustment];

    /// The name in the database and in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::PurchaseOrder => "purchase_order",
            Self::Order => "order",
            Self::Transfer => "transfer",
            Self::Count => "count",
            Self::SupplierReturn => "supplier_return",
            Self::Adjustment => "adjustment",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// What its numbers begin with: `PO-LON-12`.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::PurchaseOrder => "PO",
            Self::Order => "CO",
            Self::Transfer => "TR",
            Self::Count => "CT",
            Self::SupplierReturn => "RS",
            Self::Adjustment => "AJ",
        }
    }
}

impl TryFrom<String> for PaperKind {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        Self::named(&name).ok_or_else(|| format!("no kind of document: {name}"))
    }
}

/// One step in a document's life, as the journal tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperStep {
    /// What kind.
    pub kind: PaperKind,
    /// Which.
    pub id: PaperId,
    /// Its number.
    pub number: String,
    /// Rises by one with each step.
    pub version: i64,
    /// The state after it.
    pub state: String,
    /// The stores whose business it is.
    pub stores: Vec<StoreId>,
}

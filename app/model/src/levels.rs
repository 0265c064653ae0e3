//! What of an item is there, what of that is promised, and what is to come: told apart wherever stock is told.

use crate::{Quantity, StockRow};
use serde::{Deserialize, Serialize};

/// The figures of one item in one store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Levels {
    /// What is there and may be sold.
    pub on_hand: Quantity,
    /// Of that, what is promised.
    pub reserved: Quantity,
    /// What can still be promised: `on_hand − reserved`, without what is expired, held or called back.
    pub available: Quantity,
    /// On its way here: ordered from suppliers, or sent by another store.
    pub incoming: Quantity,
    /// Promised to customers and still to come.
    pub backordered: Quantity,
    /// `available + incoming − backordered`.
    pub projected: Quantity,
}

impl From<&StockRow> for Levels {
    fn from(row: &StockRow) -> Self {
        Self {
            on_hand: row.on_hand,
            reserved: row.reserved,
            available: row.available,
            incoming: row.incoming,
            backordered: row.backordered,
            projected: row.projected,
        }
    }
}

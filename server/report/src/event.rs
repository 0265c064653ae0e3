//! What Report tells the journal.

use model::StoreId;

/// Something that Report did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The figures were made anew from the journal's lines 1 to `seq`.
    Rebuilt {
        /// The last line counted.
        seq: i64,
    },
    /// A store wants drafts of what to buy each morning, or does not any more.
    MorningsSet {
        /// The store.
        store: StoreId,
        /// Its code.
        code: String,
        /// Does it?
        wanted: bool,
    },
    /// A morning's orders were written.
    OrdersWritten {
        /// The store.
        store: StoreId,
        /// Its code.
        code: String,
        /// The day.
        day: String,
        /// The orders' numbers.
        orders: Vec<String>,
    },
}

impl log::Event for Event {
    fn topic(&self) -> &'static str {
        match self {
            Self::Rebuilt { .. } => "report.figures_rebuilt",
            Self::MorningsSet { .. } => "report.mornings_set",
            Self::OrdersWritten { .. } => "report.orders_written",
        }
    }

    fn subject(&self) -> String {
        match self {
            Self::Rebuilt { .. } => "figures".to_owned(),
            Self::MorningsSet { code, .. } | Self::OrdersWritten { code, .. } => code.clone(),
        }
    }

    fn store(&self) -> Option<StoreId> {
        match self {
            Self::Rebuilt { .. } => None,
            Self::MorningsSet { store, .. } | Self::OrdersWritten { store, .. } => Some(*store),
        }
    }

    fn body(&self) -> serde_json::Value {
        match self {
            Self::Rebuilt { seq } => serde_json::json!({ "seq": seq }),
            Self::MorningsSet { wanted, .. } => serde_json::json!({ "wanted": wanted }),
            Self::OrdersWritten { day, orders, .. } => serde_json::json!({ "day": day, "orders": orders }),
        }
    }
}

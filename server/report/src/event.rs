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
}

impl log::Event for Event {
    fn topic(&self) -> &'static str {
        "report.figures_rebuilt"
    }

    fn subject(&self) -> String {
        "figures".to_owned()
    }

    fn store(&self) -> Option<StoreId> {
        None
    }

    fn body(&self) -> serde_json::Value {
        let Self::Rebuilt { seq } = self;
        serde_json::json!({ "seq": seq })
    }
}

//! What travels over the live socket.

use crate::{Condition, DocumentKind, ImportProgress, ItemId, ItemNews, LocationId, Money, Quantity, Time};
use serde::{Deserialize, Serialize};

/// The browser's first words, and again whenever it needs another place or other topics.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hello {
    /// The epoch it knows; `None` at first.
    #[serde(default)]
    pub epoch: Option<String>,
    /// The last journal line that its page shows.
    pub last_seq: i64,
    /// `stock:LON`, `sales:LON`, `journal`, `editing:SKU` (shows one there, and who else is), `import:ID`: what it wants
    /// to hear (at most 32).
    pub topics: Vec<String>,
}

/// One balance after a change: absolute values, so that the latest wins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The store's code.
    pub store: String,
    /// The location.
    pub location: LocationId,
    /// Its code.
    pub location_code: String,
    /// The item.
    pub item: ItemId,
    /// Its stock keeping unit.
    pub sku: String,
    /// In which condition.
    #[serde(default, skip_serializing_if = "Condition::is_sellable")]
    pub condition: Condition,
    /// What is there now.
    pub on_hand: Quantity,
    /// Of that, what is promised.
    pub reserved: Quantity,
    /// The version of `on_hand`; a lower one than the one known is old news.
    pub version: i64,
    /// The version of `reserved`, likewise: goods are promised without being moved.
    #[serde(default)]
    pub reserved_version: i64,
}

impl Change {
    /// Rises with whatever changes on this balance, by movements or promises: see [`crate::StockRow::turn`].
    #[must_use]
    pub const fn turn(&self) -> i64 {
        self.version + self.reserved_version
    }

    /// Is it what sales leave from? See [`crate::StockRow::on_sale`].
    #[must_use]
    pub fn on_sale(&self) -> bool {
        self.location_code == "SHOP" && self.condition.is_sellable()
    }
}

/// One line of a sale, a return or their undoing, for the charts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaleLine {
    /// The item.
    pub item: ItemId,
    /// Its stock keeping unit.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// Stocked, or a service.
    pub stocked: bool,
    /// How many were sold; negative for what came back.
    pub quantity: Quantity,
    /// For how much; negative for what came back.
    pub value: Money,
    /// It left in a kit, whose line stands here too: it counts for its own item only.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub part: bool,
}

/// A sale, a return, or the undoing of one, as it happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaleSeen {
    /// The store's code.
    pub store: String,
    /// What kind.
    pub kind: DocumentKind,
    /// When it happened.
    pub occurred_at: Time,
    /// The same on the store's own clock: `2026-11-22T14:05`.
    pub local: String,
    /// Who.
    pub actor: String,
    /// Its lines.
    pub lines: Vec<SaleLine>,
}

/// One frame from the server. `seq` is a journal line; `prev` is the last one told to this subscription.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "frame", try_from = "Heard")]
pub enum Frame {
    /// The answer to [`Hello`]: what follows starts after `seq`.
    Welcome {
        /// Changes when the database was restored: everything known is then old.
        epoch: String,
        /// Where the stream starts.
        seq: i64,
    },
    /// Something happened.
    Event {
        /// Its journal line.
        seq: i64,
        /// The last line told before it.
        prev: i64,
        /// Balances after it.
        changes: Vec<Change>,
        /// Set when it was a sale, a return or their undoing.
        sale: Option<SaleSeen>,
        /// Items that were added or changed.
        #[serde(default)]
        items: Vec<ItemNews>,
        /// A document that is followed took a step: what is to come, and for whom, may be different.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        papers: bool,
    },
    /// Who else has that open at this moment; nothing of it is stored.
    Present {
        /// The topic asked for: `editing:` and the SKU.
        topic: String,
        /// Their names.
        names: Vec<String>,
    },
    /// How far an import is.
    Import {
        /// The topic asked for: `import:` and its id.
        topic: String,
        /// How far.
        progress: ImportProgress,
    },
    /// Nothing (more) happened up to `seq`.
    Beat {
        /// The journal's head.
        seq: i64,
        /// The last line told before it.
        prev: i64,
    },
    /// Too far behind: load the page's data again, then say hello from there.
    Resync {
        /// The journal's head.
        seq: i64,
    },
    /// The right to listen has ended.
    Bye,
}

/// A frame as it comes in. Serde would read a tagged one twice, with a reader of its own for every type in it, and a
/// browser would fetch both.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Heard {
    frame: String,
    epoch: Option<String>,
    seq: Option<i64>,
    prev: Option<i64>,
    changes: Option<Vec<Change>>,
    sale: Option<SaleSeen>,
    items: Vec<ItemNews>,
    papers: bool,
    topic: Option<String>,
    names: Option<Vec<String>>,
    progress: Option<ImportProgress>,
}

impl Heard {
    fn frame(self) -> Option<Frame> {
        let Self { frame, epoch, seq, prev, changes, sale, items, papers, topic, names, progress } = self;
        Some(match frame.as_str() {
            "welcome" => Frame::Welcome { epoch: epoch?, seq: seq? },
            "event" => Frame::Event { seq: seq?, prev: prev?, changes: changes?, sale, items, papers },
            "present" => Frame::Present { topic: topic?, names: names? },
            "import" => Frame::Import { topic: topic?, progress: progress? },
            "beat" => Frame::Beat { seq: seq?, prev: prev? },
            "resync" => Frame::Resync { seq: seq? },
            "bye" => Frame::Bye,
            _ => return None,
        })
    }
}

impl TryFrom<Heard> for Frame {
    type Error = &'static str;

    fn try_from(heard: Heard) -> Result<Self, &'static str> {
        heard.frame().ok_or("not a frame")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_frame_is_read_as_it_is_told() {
        let text = String::from("LON");
        let all = [
            Frame::Welcome { epoch: text.clone(), seq: 1 },
            Frame::Event { seq: 3, prev: 2, changes: Vec::new(), sale: None, items: Vec::new(), papers: true },
            Frame::Present { topic: text.clone(), names: vec![text] },
            Frame::Import { topic: "import:1".to_owned(), progress: ImportProgress::default() },
            Frame::Beat { seq: 4, prev: 3 },
            Frame::Resync { seq: 5 },
            Frame::Bye,
        ];
        for frame in all {
            let told = serde_json::to_string(&frame).expect("json");
            assert_eq!(serde_json::from_str::<Frame>(&told).ok().as_ref(), Some(&frame), "{told}");
        }
        assert!(serde_json::from_str::<Frame>(r#"{"frame":"event","seq":3}"#).is_err());
        assert!(serde_json::from_str::<Frame>(r#"{"frame":"something new"}"#).is_err());
    }
}

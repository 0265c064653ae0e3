//! What happened in the stores, as the journal tells it.

use crate::exception::{Settled, Taken};
use crate::note::Note;
use crate::paper::Stepped;
use model::{
    Actor, Change, Channel, DocumentKind, ExceptionId, Item, ItemChange, ItemId, ItemNews, ItemPatch, JournalId,
    LocationId, Money, PaperStep, PostingId, Quantity, Receipt, Refusal, SaleLine, SaleSeen, Store, StoreId,
};
use serde::{Deserialize, Serialize};

/// One movement, as its journal line tells it: `verify` compares it with the ledger's row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// Its line in the posting, from 1.
    pub line: i64,
    /// The item.
    pub item: ItemId,
    /// Stocked, or a service.
    pub stocked: bool,
    /// From where.
    pub from: LocationId,
    /// To where.
    pub to: LocationId,
    /// How many, above zero.
    pub quantity: Quantity,
    /// Price or cost of one.
    pub unit_price: Option<Money>,
    /// Why, when the line has a reason of its own.
    pub reason: Option<String>,
    /// The version that it gave to the balance of its physical end; `None` for a service.
    pub version: Option<i64>,
}

/// An exception that a posting opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// Its id.
    pub id: ExceptionId,
    /// What kind: `negative`.
    pub kind: String,
    /// The item.
    pub item: ItemId,
    /// Its stock keeping unit.
    pub sku: String,
    /// Where.
    pub location: LocationId,
}

/// A posting, whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posted {
    /// The answer that its author got (its `seq` is the journal line's own).
    pub receipt: Receipt,
    /// The store.
    pub store: StoreId,
    /// When it happened on the store's own clock: `2026-11-22T14:05`.
    pub local: String,
    /// Through what it came.
    pub channel: Channel,
    /// Why, for adjustments and reversals.
    pub reason: Option<String>,
    /// What kind of document had this effect: for a reversal, the kind of what it undoes.
    pub effect: DocumentKind,
    /// The movements.
    pub movements: Vec<Moved>,
    /// Balances after it.
    pub changes: Vec<Change>,
    /// Exceptions that it opened.
    pub exceptions: Vec<Opened>,
    /// Exceptions that it closed: what was below zero no longer is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub closed: Vec<ExceptionId>,
    /// The documents that it brought a step further.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<PaperStep>,
}

impl Posted {
    /// The posting that a journal line tells of, if it tells of one.
    ///
    /// `None` for other topics, and for a body that is not one (`verify` finds those).
    #[must_use]
    pub fn of(line: &log::Line) -> Option<Self> {
        POSTED.contains(&line.topic.as_str()).then(|| serde_json::from_str(&line.body).ok()).flatten()
    }

    /// −1 for the undoing of something, else 1.
    #[must_use]
    pub fn sign(&self) -> i64 {
        if self.receipt.kind == DocumentKind::Reversal { -1 } else { 1 }
    }

    /// The sale or return in it, for reports and charts; `None` for adjustments and receipts.
    #[must_use]
    pub fn sale(&self, actor: &str) -> Option<SaleSeen> {
        // A reversal's quantities carry the sign already.
        let out = match self.effect {
            DocumentKind::Sale => 1,
            DocumentKind::Return => -1,
            _ => return None,
        };
        let lines = self.receipt.lines.iter().zip(&self.movements).map(|(line, moved)| {
            let quantity = Quantity::from_parts(line.quantity.parts() * out);
            SaleLine {
                item: moved.item,
                sku: line.sku.clone(),
                name: line.name.clone(),
                stocked: moved.stocked,
                quantity,
                value: line.unit_price.and_then(|price| price.checked_times(quantity)).unwrap_or_default(),
            }
        });
        Some(SaleSeen {
            store: self.receipt.store.clone(),
            kind: self.receipt.kind,
            occurred_at: self.receipt.occurred_at,
            local: self.local.clone(),
            actor: actor.to_owned(),
            lines: lines.collect(),
        })
    }
}

/// The topics whose body is a [`Posted`].
const POSTED: [&str; 5] = [
    "inventory.sale_posted",
    "inventory.return_posted",
    "inventory.adjustment_posted",
    "inventory.receipt_posted",
    "inventory.posting_reversed",
];

/// What an act did to items: one or many, by hand, by an import, or as the undoing of another act.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    /// Each item's part.
    pub changes: Vec<ItemChange>,
    /// What the act belongs to, such as an import; empty when it stands alone.
    #[serde(default)]
    pub cause: String,
    /// The act that it undoes.
    #[serde(default)]
    pub undoes: Option<JournalId>,
}

impl Changes {
    /// The change of one item by hand.
    #[must_use]
    pub fn of_one(change: ItemChange) -> Self {
        Self { changes: vec![change], ..Self::default() }
    }

    /// What a journal line says about items, if it says anything. Adding an item reads as the change from archived to
    /// offered: that is how it is undone.
    #[must_use]
    pub fn of(line: &log::Line) -> Option<Self> {
        match line.topic.as_str() {
            "inventory.item_changed" | "inventory.items_changed" => serde_json::from_str(&line.body).ok(),
            "inventory.items_added" => {
                let changes = added(line)?.into_iter().map(|item| ItemChange {
                    item: item.id,
                    sku: item.sku,
                    version: 1,
                    before: ItemPatch { archived: Some(true), ..ItemPatch::default() },
                    after: ItemPatch { archived: Some(false), ..ItemPatch::default() },
                });
                Some(Self { changes: changes.collect(), ..Self::default() })
            }
            _ => None,
        }
    }

    /// The same for screens: what is different now, without the limits of stores.
    #[must_use]
    pub fn news(self) -> Vec<ItemNews> {
        let news = self.changes.into_iter().map(|change| {
            let ItemChange { item, sku, version, after, .. } = change;
            ItemNews { item, sku, version, change: ItemPatch { limits: None, ..after } }
        });
        news.collect()
    }
}

/// The items that a journal line says were added.
pub(crate) fn added(line: &log::Line) -> Option<Vec<Item>> {
    #[derive(Deserialize)]
    struct Added {
        items: Vec<Item>,
    }
    if line.topic != "inventory.items_added" {
        return None;
    }
    serde_json::from_str::<Added>(&line.body).ok().map(|added| added.items)
}

/// What Inventory tells the journal.
#[derive(Clone, Debug)]
pub enum Event {
    /// A document was posted.
    Posted(Box<Posted>),
    /// A promise was refused.
    Refused {
        /// The document's id.
        posting: PostingId,
        /// The store.
        store: StoreId,
        /// Why.
        refusal: Refusal,
    },
    /// Somebody took an exception on, or gave it back.
    ExceptionTaken {
        /// The store.
        store: StoreId,
        /// Which, and who is on it now.
        taken: Taken,
    },
    /// Somebody closed an exception.
    ExceptionSettled {
        /// The store.
        store: StoreId,
        /// Which, and why.
        settled: Settled,
    },
    /// Items were added.
    ItemsAdded(Vec<Item>),
    /// One item was changed by hand.
    ItemChanged(Box<Changes>),
    /// Items were changed together.
    ItemsChanged(Changes),
    /// A store was added.
    StoreAdded(Store),
    /// A store was closed, and these items archived with it.
    StoreClosed {
        /// The store.
        store: StoreId,
        /// Its code.
        code: String,
        /// What was archived.
        items: Vec<ItemId>,
    },
    /// A closed store was opened again, and these items with it.
    StoreReopened {
        /// The store.
        store: StoreId,
        /// Its code.
        code: String,
        /// What came back.
        items: Vec<ItemId>,
    },
    /// A document took a step that moved no goods.
    Stepped(Box<Stepped>),
    /// Something that is wholly told by its words.
    Noted(Box<Note>),
    /// Balances were built anew from the movements.
    Rebuilt {
        /// How many rows differed before.
        differed: usize,
        /// Who asked.
        actor: String,
    },
    /// The words by which so many items are found were written, as an upgrade needs it.
    SearchWritten(usize),
}

impl Event {
    /// The rebuilding of balances, by that actor.
    pub(crate) fn rebuilt(differed: usize, actor: &Actor) -> Self {
        Self::Rebuilt { differed, actor: actor.name.clone() }
    }
}

impl log::Event for Event {
    fn topic(&self) -> &'static str {
        match self {
            Self::Posted(posted) => match posted.receipt.kind {
                DocumentKind::Sale => "inventory.sale_posted",
                DocumentKind::Return => "inventory.return_posted",
                DocumentKind::Adjustment => "inventory.adjustment_posted",
                DocumentKind::Receipt => "inventory.receipt_posted",
                DocumentKind::Reversal => "inventory.posting_reversed",
            },
            Self::Refused { .. } => "inventory.sale_refused",
            Self::ExceptionTaken { .. } => "inventory.exception_taken",
            Self::ExceptionSettled { .. } => "inventory.exception_settled",
            Self::ItemsAdded(_) => "inventory.items_added",
            Self::ItemChanged(_) => "inventory.item_changed",
            Self::ItemsChanged(_) => "inventory.items_changed",
            Self::StoreAdded(_) => "inventory.store_added",
            Self::StoreClosed { .. } => "inventory.store_closed",
            Self::StoreReopened { .. } => "inventory.store_reopened",
            Self::Stepped(stepped) => stepped.topic,
            Self::Noted(note) => note.topic,
            Self::Rebuilt { .. } => "inventory.balances_rebuilt",
            Self::SearchWritten(_) => "inventory.search_written",
        }
    }

    fn subject(&self) -> String {
        match self {
            Self::Posted(posted) => posted.receipt.id.to_string(),
            Self::Refused { posting, .. } => posting.to_string(),
            Self::ExceptionTaken { taken, .. } => taken.exception.to_string(),
            Self::ExceptionSettled { settled, .. } => settled.exception.to_string(),
            Self::ItemsAdded(items) => items.first().map(|item| item.sku.clone()).unwrap_or_default(),
            Self::ItemChanged(changes) => first(changes),
            Self::ItemsChanged(changes) => first(changes),
            Self::StoreAdded(store) => store.code.clone(),
            Self::StoreClosed { code, .. } | Self::StoreReopened { code, .. } => code.clone(),
            Self::Stepped(stepped) => stepped.step.number.clone(),
            Self::Noted(note) => note.subject.clone(),
            Self::Rebuilt { .. } => "balances".to_owned(),
            Self::SearchWritten(_) => "search".to_owned(),
        }
    }

    fn store(&self) -> Option<StoreId> {
        match self {
            Self::Posted(posted) => Some(posted.store),
            Self::Refused { store, .. } | Self::ExceptionTaken { store, .. } | Self::ExceptionSettled { store, .. } => {
                Some(*store)
            }
            Self::StoreAdded(store) => Some(store.id),
            Self::StoreClosed { store, .. } | Self::StoreReopened { store, .. } => Some(*store),
            Self::Noted(note) => note.store,
            Self::Stepped(stepped) => Some(stepped.store),
            Self::ItemsAdded(_) | Self::ItemChanged(_) | Self::ItemsChanged(_) => None,
            Self::Rebuilt { .. } | Self::SearchWritten(_) => None,
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Posted(posted) => {
                serde_json::to_string(posted).expect("these types hold nothing that JSON cannot say")
            }
            _ => log::Event::body(self).to_string(),
        }
    }

    fn body(&self) -> serde_json::Value {
        let body = match self {
            Self::Posted(posted) => serde_json::to_value(posted),
            Self::Refused { posting, refusal, .. } => {
                serde_json::to_value(serde_json::json!({ "posting": posting, "refusal": refusal }))
            }
            Self::ExceptionTaken { taken, .. } => serde_json::to_value(taken),
            Self::ExceptionSettled { settled, .. } => serde_json::to_value(settled),
            Self::ItemsAdded(items) => serde_json::to_value(serde_json::json!({ "items": items })),
            Self::ItemChanged(changes) => serde_json::to_value(changes),
            Self::ItemsChanged(changes) => serde_json::to_value(changes),
            Self::StoreAdded(store) => serde_json::to_value(store),
            Self::StoreClosed { store, items, .. } | Self::StoreReopened { store, items, .. } => {
                serde_json::to_value(serde_json::json!({ "store": store, "items": items }))
            }
            Self::Stepped(stepped) => {
                serde_json::to_value(serde_json::json!({ "step": stepped.step, "told": stepped.told }))
            }
            Self::Noted(note) => Ok(note.body.clone()),
            Self::Rebuilt { differed, actor } => {
                serde_json::to_value(serde_json::json!({ "differed": differed, "actor": actor }))
            }
            Self::SearchWritten(count) => serde_json::to_value(serde_json::json!({ "count": count })),
        };
        body.expect("these types hold nothing that JSON cannot say")
    }
}

/// The items that a journal line says were put aside with their store (`true`) or came back with it.
pub(crate) fn put_aside(line: &log::Line) -> Option<(bool, Vec<ItemId>)> {
    #[derive(Deserialize)]
    struct Aside {
        items: Vec<ItemId>,
    }
    let closed = match line.topic.as_str() {
        "inventory.store_closed" => true,
        "inventory.store_reopened" => false,
        _ => return None,
    };
    serde_json::from_str::<Aside>(&line.body).ok().map(|aside| (closed, aside.items))
}

fn first(changes: &Changes) -> String {
    changes.changes.first().map(|change| change.sku.clone()).unwrap_or_default()
}

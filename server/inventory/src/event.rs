//! What happened in the stores, as the journal tells it.

use crate::cost::Costed;
use crate::exception::code::CodesTold;
use crate::exception::{Settled, Taken};
use crate::kit::KitMoved;
use crate::lot::{LotChanged, LotMoved};
use crate::news::Changes;
use crate::paper::{Author, Stepped};
use crate::promise::{Kept, ReservationStep};
use model::barcode::ScaleLabel;
use model::{
    Actor, Change, Channel, Condition, DocumentKind, ExceptionId, Item, ItemId, LocationId, LotId, Money, PaperId,
    PaperStep, Place, PostingId, Quantity, Receipt, Refusal, Store, StoreId, Time,
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
    /// Of which lot, where lots are told apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot: Option<LotId>,
    /// In which condition.
    #[serde(default, skip_serializing_if = "Condition::is_sellable")]
    pub condition: Condition,
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
    /// What kind, by the name of an [`ExceptionKind`](model::ExceptionKind).
    pub kind: String,
    /// The item.
    pub item: ItemId,
    /// Its stock keeping unit.
    pub sku: String,
    /// Where.
    pub location: LocationId,
    /// The code that nobody knows; empty when it is about an item.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub code: String,
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
    /// When it was told to have happened, if that day was locked when it came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told_at: Option<Time>,
    /// Through what it came.
    pub channel: Channel,
    /// Why, for adjustments and reversals.
    pub reason: Option<String>,
    /// Who wrote it, when the journal line is of who approved it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<Author>,
    /// The sale that a return brings back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returns: Option<PostingId>,
    /// What kind of document had this effect: for a reversal, the kind of what it undoes.
    pub effect: DocumentKind,
    /// The movements.
    pub movements: Vec<Moved>,
    /// Its lines that are kits, with the movements that belong to them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kits: Vec<KitMoved>,
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
    /// What of a purchase order came with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<crate::Delivery>,
    /// The delivery of which several people may have counted parts, when this is one of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrival: Option<PaperId>,
    /// The reservations that it used up, in part or whole.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reservations: Vec<ReservationStep>,
    /// What of it was of which lot.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lots: Vec<LotMoved>,
}

impl Posted {
    /// The posting that a journal line tells of; `None` for other topics, and for a body that is none (`verify` finds those).
    #[must_use]
    pub fn of(line: &log::Line) -> Option<Self> {
        let is_posted = DocumentKind::ALL.into_iter().any(|kind| topic(kind) == line.topic);
        is_posted.then(|| serde_json::from_str(&line.body).ok()).flatten()
    }

    /// −1 for the undoing of something, else 1.
    #[must_use]
    pub fn sign(&self) -> i64 {
        if self.receipt.kind == DocumentKind::Reversal { -1 } else { 1 }
    }
}

/// The topic of what is posted: its body is a [`Posted`].
const fn topic(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Sale => "inventory.sale_posted",
        DocumentKind::Return => "inventory.return_posted",
        DocumentKind::Adjustment => "inventory.adjustment_posted",
        DocumentKind::Receipt => "inventory.receipt_posted",
        DocumentKind::Reversal => "inventory.posting_reversed",
        DocumentKind::Transfer => "inventory.goods_moved",
        DocumentKind::SupplierReturn => "inventory.supplier_return_posted",
    }
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
        /// What kind it was to be.
        kind: DocumentKind,
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
    /// Codes came that nobody knows.
    CodesTold {
        /// The store.
        store: StoreId,
        /// What was opened for them.
        told: CodesTold,
    },
    /// Somebody said whether a lot may be sold.
    LotChanged(LotChanged),
    /// It was told what a delivery cost.
    CostsTold(Costed),
    /// Somebody counted an item, and the number was right.
    CountConfirmed {
        /// The store.
        store: StoreId,
        /// The item's SKU.
        sku: String,
        /// How many there are.
        counted: Quantity,
        /// The exceptions that it closed.
        closed: Vec<ExceptionId>,
    },
    /// Items were added.
    ItemsAdded {
        /// Which.
        items: Vec<Item>,
        /// The exceptions about codes that are theirs.
        closed: Vec<ExceptionId>,
    },
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
    /// A place in a store was added, renamed, given up or taken up again.
    Place {
        /// `inventory.place_` and what happened.
        topic: &'static str,
        /// The store.
        store: StoreId,
        /// The place after it.
        place: Place,
    },
    /// A document took a step that moved no goods.
    Stepped(Box<Stepped>),
    /// Goods are kept for somebody, or not any more, without a document's step.
    Kept(Box<Kept>),
    /// A rule of a store was set; or what somebody counted of a delivery is told, or does not count.
    Told {
        /// `inventory.` and what happened.
        topic: &'static str,
        /// The store.
        store: StoreId,
        /// What it is about.
        subject: String,
        /// How it is now.
        told: serde_json::Value,
    },
    /// It was settled what the labels of the scales say.
    ScaleLabelsSet(Vec<ScaleLabel>),
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
            Self::Posted(posted) => topic(posted.receipt.kind),
            Self::Refused { kind: DocumentKind::Transfer, .. } => "inventory.move_refused",
            Self::Refused { kind: DocumentKind::SupplierReturn, .. } => "inventory.supplier_return_refused",
            Self::Refused { .. } => "inventory.sale_refused",
            Self::ExceptionTaken { .. } => "inventory.exception_taken",
            Self::ExceptionSettled { .. } => "inventory.exception_settled",
            Self::LotChanged(changed) if changed.day.is_some() => "inventory.lot_day_corrected",
            Self::LotChanged(_) => "inventory.lot_changed",
            Self::CostsTold(_) => "inventory.costs_told",
            Self::CountConfirmed { .. } => "inventory.count_confirmed",
            Self::CodesTold { told, .. } => told.topic(),
            Self::ItemsAdded { .. } => "inventory.items_added",
            Self::ItemChanged(_) => "inventory.item_changed",
            Self::ItemsChanged(_) => "inventory.items_changed",
            Self::StoreAdded(_) => "inventory.store_added",
            Self::StoreClosed { .. } => "inventory.store_closed",
            Self::StoreReopened { .. } => "inventory.store_reopened",
            Self::Place { topic, .. } => topic,
            Self::Stepped(stepped) => stepped.topic,
            Self::Told { topic, .. } => topic,
            Self::Kept(kept) => kept.topic,
            Self::ScaleLabelsSet(_) => "inventory.scale_labels_set",
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
            Self::LotChanged(changed) => changed.sku.clone(),
            Self::CostsTold(costed) => costed.receipt.to_string(),
            Self::CountConfirmed { sku, .. } => sku.clone(),
            Self::CodesTold { told, .. } => told.subject(),
            Self::ItemsAdded { items, .. } => items.first().map(|item| item.sku.clone()).unwrap_or_default(),
            Self::ItemChanged(changes) => first(changes),
            Self::ItemsChanged(changes) => first(changes),
            Self::StoreAdded(store) => store.code.clone(),
            Self::StoreClosed { code, .. } | Self::StoreReopened { code, .. } => code.clone(),
            Self::Place { place, .. } => place.code.clone(),
            Self::Stepped(stepped) => stepped.step.number.clone(),
            Self::Told { subject, .. } => subject.clone(),
            Self::Kept(kept) => kept.subject(),
            Self::ScaleLabelsSet(_) => "scale labels".to_owned(),
            Self::Rebuilt { .. } => "balances".to_owned(),
            Self::SearchWritten(_) => "search".to_owned(),
        }
    }

    fn store(&self) -> Option<StoreId> {
        match self {
            Self::Posted(posted) => Some(posted.store),
            Self::Refused { store, .. }
            | Self::ExceptionTaken { store, .. }
            | Self::ExceptionSettled { store, .. }
            | Self::CountConfirmed { store, .. }
            | Self::CodesTold { store, .. } => Some(*store),
            Self::CostsTold(costed) => Some(costed.store),
            Self::StoreAdded(store) => Some(store.id),
            Self::StoreClosed { store, .. }
            | Self::StoreReopened { store, .. }
            | Self::Place { store, .. }
            | Self::Told { store, .. } => Some(*store),
            Self::Stepped(stepped) => Some(stepped.store),
            Self::Kept(kept) => Some(kept.store),
            Self::ItemsAdded { .. } | Self::ItemChanged(_) | Self::ItemsChanged(_) | Self::LotChanged(_) => None,
            Self::ScaleLabelsSet(_) | Self::Rebuilt { .. } | Self::SearchWritten(_) => None,
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
            Self::LotChanged(changed) => serde_json::to_value(changed),
            Self::CostsTold(costed) => serde_json::to_value(costed),
            Self::CountConfirmed { sku, counted, closed, .. } => {
                let items = [serde_json::json!({ "sku": sku, "quantity": counted })];
                Ok(serde_json::json!({ "items": items, "told": { "closed": closed } }))
            }
            Self::CodesTold { told, .. } => serde_json::to_value(told),
            Self::ItemsAdded { items, closed } => {
                serde_json::to_value(serde_json::json!({ "items": items, "closed": closed }))
            }
            Self::ItemChanged(changes) => serde_json::to_value(changes),
            Self::ItemsChanged(changes) => serde_json::to_value(changes),
            Self::StoreAdded(store) => serde_json::to_value(store),
            Self::StoreClosed { store, items, .. } | Self::StoreReopened { store, items, .. } => {
                serde_json::to_value(serde_json::json!({ "store": store, "items": items }))
            }
            Self::Place { place, .. } => serde_json::to_value(place),
            Self::Stepped(stepped) => {
                serde_json::to_value(serde_json::json!({ "step": stepped.step, "told": stepped.told }))
            }
            Self::Told { told, .. } => Ok(told.clone()),
            Self::Kept(kept) => serde_json::to_value(serde_json::json!({ "told": kept.promised })),
            Self::ScaleLabelsSet(labels) => Ok(serde_json::json!({ "labels": labels })),
            Self::Rebuilt { differed, actor } => {
                serde_json::to_value(serde_json::json!({ "differed": differed, "actor": actor }))
            }
            Self::SearchWritten(count) => serde_json::to_value(serde_json::json!({ "count": count })),
        };
        body.expect("these types hold nothing that JSON cannot say")
    }
}

fn first(changes: &Changes) -> String {
    changes.changes.first().map(|change| change.sku.clone()).unwrap_or_default()
}

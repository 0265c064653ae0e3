//! What the journal tells of promises.

use crate::event::Opened;
use model::{
    Change, ExceptionId, ItemId, LocationId, PaperId, Quantity, ReservationId, ReservationKind, ReservationState,
    StoreId, Time,
};
use serde::{Deserialize, Serialize};

/// A reservation after a step, whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::FromRow)]
pub struct ReservationStep {
    /// Its id.
    pub id: ReservationId,
    /// The store.
    pub store: StoreId,
    /// Where the goods are.
    pub location: LocationId,
    /// The item.
    pub item: ItemId,
    /// Its stock keeping unit.
    pub sku: String,
    /// How many were kept.
    pub quantity: Quantity,
    /// How many of them went to whom they were kept for.
    pub fulfilled: Quantity,
    /// Why.
    #[sqlx(try_from = "String")]
    pub kind: ReservationKind,
    /// The document that they are kept for.
    pub document: Option<PaperId>,
    /// Its line.
    pub line: Option<i64>,
    /// What became of them.
    #[sqlx(try_from = "String")]
    pub state: ReservationState,
    /// Until when.
    pub expires_at: Option<Time>,
}

impl ReservationStep {
    /// How many are still kept.
    pub(crate) fn left(&self) -> i64 {
        self.quantity.parts() - self.fulfilled.parts()
    }
}

/// What an act did to promises.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promised {
    /// The reservations after it.
    pub reservations: Vec<ReservationStep>,
    /// Balances after it.
    pub changes: Vec<Change>,
    /// Exceptions that it opened.
    #[serde(default)]
    pub exceptions: Vec<Opened>,
    /// Exceptions that it closed.
    #[serde(default)]
    pub closed: Vec<ExceptionId>,
}

impl Promised {
    /// What a journal line tells of promises, when it moved no goods; `None` when it tells nothing of them.
    #[must_use]
    pub fn of(line: &log::Line) -> Option<Self> {
        #[derive(Deserialize)]
        struct Body {
            told: Promised,
        }
        // Most lines are sales, and long; those that say this word elsewhere have no such part.
        if !line.topic.starts_with("inventory.") || !line.body.contains("\"reservations\"") {
            return None;
        }
        serde_json::from_str::<Body>(&line.body).ok().map(|body| body.told)
    }
}

/// Goods are kept, or not any more, without a document's step.
#[derive(Clone, Debug)]
pub struct Kept {
    /// `inventory.` and what happened.
    pub(crate) topic: &'static str,
    /// The store.
    pub(crate) store: StoreId,
    /// What.
    pub(crate) promised: Promised,
}

impl Kept {
    /// The item of the first reservation.
    pub(crate) fn subject(&self) -> String {
        self.promised.reservations.first().map(|step| step.sku.clone()).unwrap_or_default()
    }
}

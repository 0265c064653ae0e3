//! What the journal is told of an act whose line needs no type of its own.

use crate::Event;
use model::StoreId;
use serde::Serialize;

/// Something that is wholly told by its words.
#[derive(Clone, Debug)]
pub struct Note {
    pub(crate) topic: &'static str,
    pub(crate) store: Option<StoreId>,
    pub(crate) subject: String,
    pub(crate) body: serde_json::Value,
}

impl Note {
    /// A note about `subject`; `store` when it is one store's business.
    pub(crate) fn event(topic: &'static str, store: Option<StoreId>, subject: &str, body: &impl Serialize) -> Event {
        let body = serde_json::to_value(body).expect("these types hold nothing that JSON cannot say");
        Event::Noted(Box::new(Self { topic, store, subject: subject.to_owned(), body }))
    }
}

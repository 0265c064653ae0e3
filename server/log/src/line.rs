//! A line of the journal, as others read it.

use db::{Result, Tx};
use model::{JournalId, StoreId, Time};
use serde::{Serialize, Serializer, ser};
use serde_json::value::RawValue;
use std::sync::Arc;

/// A sealed line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Its place in the order of the world: 1, 2, 3 …
    pub seq: i64,
    /// Its name, known before it had a place.
    pub id: JournalId,
    /// When it was appended.
    pub at: Time,
    /// `module.thing_happened`.
    pub topic: String,
    /// What it happened to.
    pub subject: String,
    /// In which store, when it belongs to one.
    pub store: Option<StoreId>,
    /// Who: `person:<id>`, `key:<id>` or `system`.
    pub principal: String,
    /// Their name at that moment.
    pub actor: String,
    /// From which device.
    pub device: String,
    /// In which request.
    pub request_id: String,
    /// All of it, as JSON text; shared among listeners.
    #[serde(serialize_with = "as_json")]
    pub body: Arc<str>,
}

impl Line {
    pub(crate) fn new(seq: i64, content: Content) -> Self {
        Self {
            seq,
            id: content.id,
            at: content.at,
            topic: content.topic,
            subject: content.subject,
            store: content.store,
            principal: content.principal,
            actor: content.actor,
            device: content.device,
            request_id: content.request_id,
            body: content.body.into(),
        }
    }
}

/// The body is JSON already: it stands in the answer as what it is, not as a string.
fn as_json<S: Serializer>(body: &Arc<str>, serializer: S) -> Result<S::Ok, S::Error> {
    let raw: &RawValue = serde_json::from_str(body).map_err(ser::Error::custom)?;
    raw.serialize(serializer)
}

/// What a line says, without its seal.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Content {
    pub id: JournalId,
    pub at: Time,
    pub topic: String,
    pub subject: String,
    pub store: Option<StoreId>,
    pub principal: String,
    pub actor: String,
    pub device: String,
    pub request_id: String,
    pub body: String,
}

#[derive(sqlx::FromRow)]
struct Numbered {
    seq: i64,
    #[sqlx(flatten)]
    content: Content,
}

/// The last sealed `seq` in this snapshot.
pub(crate) async fn head(tx: &mut Tx) -> Result<i64> {
    let (seq,): (i64,) = db::fetch_one!(tx, "select seq from log_head where one = 1")?;
    Ok(seq)
}

/// Sealed lines after `after`, in order.
pub(crate) async fn read(tx: &mut Tx, after: i64, limit: i64) -> Result<Vec<Line>> {
    let rows: Vec<Numbered> = db::fetch_all!(
        tx,
        "select seq, id, at, topic, subject, store, principal, actor, device, request_id, body
         from log_journal where seq > $1 order by seq limit $2",
        after,
        limit,
    )?;
    Ok(rows.into_iter().map(|row| Line::new(row.seq, row.content)).collect())
}

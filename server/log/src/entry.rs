//! How a line gets into the journal: inside the transaction of what it tells.

use crate::line::Content;
use crate::{Log, chain};
use db::{Engine, Tx};
use model::{Actor, JournalId, Result, StoreId, Time};

/// The longest text (characters) kept of a name, a device or a request id; the rest is cut off.
const TEXT_MAX: usize = 300;

/// Something that happened: each module's events implement it.
pub trait Event {
    /// `module.thing_happened`, such as `inventory.sale_posted`; never renamed.
    fn topic(&self) -> &'static str;
    /// What it happened to: an id, a code, a name.
    fn subject(&self) -> String;
    /// In which store, when it belongs to one.
    fn store(&self) -> Option<StoreId>;
    /// All of it, as JSON.
    fn body(&self) -> serde_json::Value;
}

/// A line to append.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// Known before the act ends, so that rows can name their line.
    pub id: JournalId,
    /// Who did it, from which device, in which request.
    pub actor: &'a Actor,
    /// See [`Event::topic`].
    pub topic: &'static str,
    /// See [`Event::subject`].
    pub subject: String,
    /// See [`Event::store`].
    pub store: Option<StoreId>,
    /// See [`Event::body`].
    pub body: serde_json::Value,
}

impl<'a> Entry<'a> {
    /// The line that tells this event.
    pub fn of(id: JournalId, actor: &'a Actor, event: &impl Event) -> Self {
        Self { id, actor, topic: event.topic(), subject: event.subject(), store: event.store(), body: event.body() }
    }

    fn content(self) -> Content {
        Content {
            id: self.id,
            at: Time::now(),
            topic: self.topic.to_owned(),
            subject: clean(&self.subject),
            store: self.store,
            principal: self.actor.principal.to_string(),
            actor: clean(&self.actor.name),
            device: clean(&self.actor.via.device),
            request_id: clean(&self.actor.via.request_id),
            body: self.body.to_string(),
        }
    }
}

impl Log {
    /// Appends a line to the transaction. Answers with its `seq` on SQLite, where it is sealed at once; with `None`
    /// on PostgreSQL, where [`Log::sealed`] tells it after the commit.
    pub async fn append(&self, tx: &mut Tx, entry: Entry<'_>) -> Result<Option<i64>> {
        let content = entry.content();
        match tx.engine() {
            Engine::Sqlite => Ok(Some(append_sealed(tx, &content).await?)),
            Engine::Postgres => append_unsealed(tx, &content).await.map(|()| None).map_err(Into::into),
        }
    }
}

/// The writer is alone, so the head it reads is the line before this one. A trigger moves the head.
async fn append_sealed(tx: &mut Tx, line: &Content) -> db::Result<i64> {
    let (head, prev_hash): (i64, Vec<u8>) = db::fetch_one!(tx, "select seq, hash from log_head where one = 1")?;
    let seq = head + 1;
    let hash = chain::hash(&prev_hash, seq, line);
    db::execute!(
        tx,
        "insert into log_journal
             (id, at, topic, subject, store, principal, actor, device, request_id, body, seq, prev_hash, hash)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        line.id,
        line.at,
        &line.topic,
        &line.subject,
        line.store,
        &line.principal,
        &line.actor,
        &line.device,
        &line.request_id,
        &line.body,
        seq,
        &prev_hash,
        hash.as_slice(),
    )?;
    Ok(seq)
}

async fn append_unsealed(tx: &mut Tx, line: &Content) -> db::Result<()> {
    db::execute!(
        tx,
        "insert into log_journal (id, at, topic, subject, store, principal, actor, device, request_id, body)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        line.id,
        line.at,
        &line.topic,
        &line.subject,
        line.store,
        &line.principal,
        &line.actor,
        &line.device,
        &line.request_id,
        &line.body,
    )?;
    Ok(())
}

/// Text from outside cannot fake a second line in an exported journal: control characters are written out.
fn clean(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    for letter in text.chars().take(TEXT_MAX) {
        if letter.is_control() {
            kept.extend(letter.escape_default());
        } else {
            kept.push(letter);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_break_in_a_name_is_written_out() {
        assert_eq!(clean("ann\r\n2026 root\0"), "ann\\r\\n2026 root\\u{0}");
    }

    #[test]
    fn an_honest_name_is_kept_and_a_huge_one_is_cut() {
        assert_eq!(clean("Zoë O’Hara ✓"), "Zoë O’Hara ✓");
        assert_eq!(clean(&"é".repeat(5_000)).chars().count(), TEXT_MAX);
    }
}

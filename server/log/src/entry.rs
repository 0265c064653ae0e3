//! How a line gets into the journal: inside the transaction of what it tells.

use crate::line::Content;
use crate::{Log, chain};
use db::{Engine, Tx};
use model::{Actor, JournalId, StoreId, Time};

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
    /// The same, written out. Events that are large or many write it at once, without the values in between.
    fn text(&self) -> String {
        self.body().to_string()
    }
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
    /// See [`Event::text`].
    pub body: String,
}

impl<'a> Entry<'a> {
    /// The line that tells this event.
    pub fn of(id: JournalId, actor: &'a Actor, event: &impl Event) -> Self {
        Self { id, actor, topic: event.topic(), subject: event.subject(), store: event.store(), body: event.text() }
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
            body: self.body,
        }
    }
}

impl Log {
    /// Appends a line to the transaction; it is written with the commit. Answers with its `seq` on SQLite, where it is sealed at once; with `None`
    /// on PostgreSQL, where [`Log::sealed`] tells it after the commit.
    pub async fn append(&self, tx: &mut Tx, entry: Entry<'_>) -> db::Result<Option<i64>> {
        let content = entry.content();
        match tx.engine() {
            Engine::Sqlite => Ok(Some(append_sealed(tx, content, self.inner.name).await?)),
            Engine::Postgres => {
                // A transaction's lines have their places in the order in which they were appended.
                if tx.is_unordered_with(UNSEALED) {
                    tx.settle().await?;
                }
                append_unsealed(tx, content);
                Ok(None)
            }
        }
    }
}

/// The last line's number and hash, as the writer remembers them for the journal that wrote it.
struct Head {
    of: JournalId,
    seq: i64,
    hash: Vec<u8>,
}

/// The writer is alone, so the head that it remembers, or else reads, is the line before this one. A trigger moves the
/// head, and refuses a line that does not follow it.
async fn append_sealed(tx: &mut Tx, line: Content, of: JournalId) -> db::Result<i64> {
    let known = tx.memo().and_then(|memo| memo.take::<Head>());
    let (head, prev_hash): (i64, Vec<u8>) = match known.filter(|known| known.of == of) {
        Some(known) => (known.seq, known.hash),
        None => db::fetch_one!(tx, "select seq, hash from log_head where one = 1")?,
    };
    let seq = head + 1;
    let hash = chain::hash(&prev_hash, seq, &line);
    db::insert_later!(
        tx,
        "insert into log_journal
             (id, at, topic, subject, store, principal, actor, device, request_id, body, seq, prev_hash, hash) ",
        [(line, prev_hash)],
        |row, (line, prev_hash)| {
            row.push_bind(line.id).push_bind(line.at).push_bind(line.topic).push_bind(line.subject);
            row.push_bind(line.store).push_bind(line.principal).push_bind(line.actor).push_bind(line.device);
            row.push_bind(line.request_id).push_bind(line.body).push_bind(seq).push_bind(prev_hash);
            row.push_bind(hash.to_vec());
        }
    );
    if let Some(memo) = tx.memo() {
        memo.keep(Head { of, seq, hash: hash.to_vec() });
    }
    Ok(seq)
}

/// A line that the sequencer will seal.
const UNSEALED: &str =
    "insert into log_journal (id, at, topic, subject, store, principal, actor, device, request_id, body) ";

fn append_unsealed(tx: &mut Tx, line: Content) {
    db::insert_later!(tx, UNSEALED, [line], |row, line| {
        row.push_bind(line.id).push_bind(line.at).push_bind(line.topic).push_bind(line.subject);
        row.push_bind(line.store).push_bind(line.principal).push_bind(line.actor).push_bind(line.device);
        row.push_bind(line.request_id).push_bind(line.body);
    });
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

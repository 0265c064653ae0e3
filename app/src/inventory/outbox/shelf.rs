//! Where entries lie: this browser's local storage, a key for each.
//!
//! Local storage and not IndexedDB, because it is synchronous: once `save` says yes the entry is written, before the
//! screen says so and before anything is sent. A key for each, because two windows that write one list would overwrite
//! each other's. A device that has no room says no, and the basket stays as it is.

use super::{
    entry::{Entry, FORMAT},
    queue::Queue,
};
use crate::inventory::keep;
use model::PostingId;
use serde::Deserialize;

/// What every version of an entry says first.
#[derive(Deserialize)]
struct Head {
    format: u8,
}

fn key(person: &str, id: PostingId) -> String {
    format!("outbox:{person}:{id}")
}

/// That person's entries, and how many more there are that this version cannot read. Those are never touched.
pub fn read(person: &str) -> (Queue, usize) {
    let texts: Vec<_> = keep::keys(&format!("outbox:{person}:")).iter().filter_map(|key| keep::text(key)).collect();
    let entries: Vec<_> = texts.iter().filter_map(|text| parsed(text)).collect();
    let strange = texts.len() - entries.len();
    (Queue::of(entries), strange)
}

/// How many entries lie here for others than that person; what is in them is nobody else's business.
pub fn of_others(person: &str) -> usize {
    others_among(&keep::keys("outbox:"), person)
}

fn others_among(keys: &[String], person: &str) -> usize {
    let own = format!("outbox:{person}:");
    keys.iter().filter(|key| !key.starts_with(&own)).count()
}

fn parsed(text: &str) -> Option<Entry> {
    let head: Head = crate::json::read(text).ok()?;
    if head.format == FORMAT { crate::json::read(text).ok() } else { None }
}

/// Writes it; whether it is written.
pub fn save(person: &str, entry: &Entry) -> bool {
    keep::save(&key(person, entry.id()), entry)
}

/// Takes it away.
pub fn remove(person: &str, id: PostingId) {
    keep::forget(&key(person, id));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_left_is_counted_and_ones_own_is_not() {
        let keys = ["outbox:ann:1", "outbox:mark:1", "outbox:mark:2"].map(str::to_owned);
        assert_eq!((others_among(&keys, "ann"), others_among(&keys, "mark"), others_among(&keys, "an")), (2, 1, 3));
        assert_eq!(others_among(&[], "ann"), 0);
    }

    #[test]
    fn what_another_version_wrote_is_not_read() {
        assert!(parsed("{\"format\":2,\"bundle\":[]}").is_none());
        assert!(parsed("{\"format\":1}").is_none());
        assert!(parsed("torn off half-w").is_none());
    }
}

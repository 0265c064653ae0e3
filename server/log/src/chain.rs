//! The seal's arithmetic: `hash = SHA-256(tag, prev_hash, seq, every field)`, each with its length before it.
//!
//! The bytes that are hashed, in this order, each preceded by its length as eight bytes, big-endian:
//! the text `storeroom journal 1`; the hash of the line before (32 zero bytes before the first); `seq` and `at` (µs
//! since 1970) as eight bytes, big-endian; then `id` (16 bytes), `topic`, `subject`, `store` (16 bytes, or none),
//! `principal`, `actor`, `device`, `request_id`, `body`, texts in UTF-8 as stored. `ordinal` is not part of it: it
//! says where a row lies, not what happened. Because every part carries its length, two different lines never give
//! the same bytes.

use crate::line::Content;
use aws_lc_rs::digest::{SHA256, digest};

/// How many bytes a hash has.
pub(crate) const HASH_LEN: usize = 32;
/// What comes before the first line.
pub(crate) const GENESIS: [u8; HASH_LEN] = [0; HASH_LEN];

const TAG: &[u8] = b"storeroom journal 1";

/// The hash that seals this line as number `seq` after the line with `prev_hash`.
pub(crate) fn hash(prev_hash: &[u8], seq: i64, line: &Content) -> [u8; HASH_LEN] {
    let mut sealed = [0; HASH_LEN];
    sealed.copy_from_slice(digest(&SHA256, &canonical(prev_hash, seq, line)).as_ref());
    sealed
}

fn canonical(prev_hash: &[u8], seq: i64, line: &Content) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(512 + line.body.len());
    let mut part = |part: &[u8]| {
        bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
        bytes.extend_from_slice(part);
    };
    part(TAG);
    part(prev_hash);
    part(&seq.to_be_bytes());
    part(&line.at.micros().to_be_bytes());
    part(line.id.0.as_bytes());
    part(line.topic.as_bytes());
    part(line.subject.as_bytes());
    part(line.store.as_ref().map_or(&[], |store| store.0.as_bytes()));
    part(line.principal.as_bytes());
    part(line.actor.as_bytes());
    part(line.device.as_bytes());
    part(line.request_id.as_bytes());
    part(line.body.as_bytes());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{JournalId, StoreId, Time};
    use proptest::prelude::*;

    fn line(texts: [String; 7], at: i64, store: bool) -> Content {
        let [topic, subject, principal, actor, device, request_id, body] = texts;
        Content {
            id: JournalId(Default::default()),
            at: Time::from_micros(at),
            topic,
            subject,
            store: store.then_some(StoreId(Default::default())),
            principal,
            actor,
            device,
            request_id,
            body,
        }
    }

    fn any_line() -> impl Strategy<Value = Content> {
        (any::<[String; 7]>(), any::<i64>(), any::<bool>()).prop_map(|(texts, at, store)| line(texts, at, store))
    }

    proptest! {
        #[test]
        fn the_same_line_has_the_same_hash(one in any_line(), seq in 1i64..) {
            prop_assert_eq!(hash(&GENESIS, seq, &one), hash(&GENESIS, seq, &one.clone()));
        }

        #[test]
        fn another_line_number_or_predecessor_has_another(one in any_line(), other in any_line(), seq in 1i64..1_000) {
            let sealed = hash(&GENESIS, seq, &one);
            prop_assert_ne!(sealed, hash(&GENESIS, seq + 1, &one));
            prop_assert_ne!(sealed, hash(&sealed, seq, &one));
            if format!("{one:?}") != format!("{other:?}") {
                prop_assert_ne!(sealed, hash(&GENESIS, seq, &other));
            }
        }
    }

    #[test]
    fn text_moved_from_one_field_to_the_next_changes_the_hash() {
        let texts = |a: &str, b: &str| [a, b, "", "", "", "", "{}"].map(str::to_owned);
        assert_ne!(
            hash(&GENESIS, 1, &line(texts("ab", "c"), 0, false)),
            hash(&GENESIS, 1, &line(texts("a", "bc"), 0, false))
        );
    }
}

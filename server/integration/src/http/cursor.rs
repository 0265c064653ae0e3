//! Cursors: where a list goes on, signed so that nobody makes one up.

use super::Problem;
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::{Flaw, Page, Result, Time};
use std::str::FromStr;
use std::sync::Arc;

/// Bytes of the signature that travel.
const TAG: usize = 16;
/// The longest cursor that is read, in characters.
const LENGTH_MAX: usize = 2_048;

/// Signs and checks cursors. A cursor goes on with the very list it came from: same route, same filters.
#[derive(Clone)]
pub struct Cursors {
    key: Arc<hmac::Key>,
}

impl Cursors {
    /// With the secret that all processes on one database share.
    #[must_use]
    pub fn new(secret: &[u8]) -> Self {
        Self { key: Arc::new(hmac::Key::new(hmac::HMAC_SHA256, secret)) }
    }

    /// Signs the place where `list` goes on.
    #[must_use]
    pub fn sign(&self, list: &str, place: &str) -> String {
        let tag = hmac::sign(&self.key, &bound(list, place));
        let mut bytes = tag.as_ref()[..TAG].to_vec();
        bytes.extend_from_slice(place.as_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The place in a cursor that this server signed for `list`.
    ///
    /// # Errors
    /// 400 when it is another list's, altered, or made up.
    pub fn check(&self, list: &str, cursor: &str) -> Result<String, Problem> {
        self.place(list, cursor).ok_or_else(|| {
            Problem::unreadable(Flaw::new(
                "cursor",
                "bad_cursor",
                "this cursor is not one of this list; start without one",
            ))
        })
    }

    fn place(&self, list: &str, cursor: &str) -> Option<String> {
        let bytes = (cursor.len() <= LENGTH_MAX).then(|| URL_SAFE_NO_PAD.decode(cursor).ok())??;
        let (tag, place) = bytes.split_at_checked(TAG)?;
        let place = String::from_utf8(place.to_vec()).ok()?;
        let right = hmac::sign(&self.key, &bound(list, &place));
        aws_lc_rs::constant_time::verify_slices_are_equal(tag, &right.as_ref()[..TAG]).ok()?;
        Some(place)
    }

    /// The place that a query asks for: none on the first page.
    ///
    /// # Errors
    /// As [`Self::check`].
    pub fn asked(&self, list: &str, cursor: Option<&str>) -> Result<Option<String>, Problem> {
        cursor.map(|cursor| self.check(list, cursor)).transpose()
    }

    /// The same, read from its parts.
    ///
    /// # Errors
    /// As [`Self::check`]; also when a version of this program signed it that wrote such places differently.
    pub fn after<T, const N: usize>(
        &self,
        list: &str,
        cursor: Option<&str>,
        read: impl Fn([&str; N]) -> Option<T>,
    ) -> Result<Option<T>, Problem> {
        let Some(place) = self.asked(list, cursor)? else { return Ok(None) };
        let parts: Vec<&str> = place.split('\n').collect();
        let place = parts.try_into().ok().and_then(read);
        place.map(Some).ok_or_else(|| {
            Problem::unreadable(Flaw::new("cursor", "bad_cursor", "this cursor is too old; start without one"))
        })
    }

    /// The same page, its `next` signed.
    #[must_use]
    pub fn signed<T>(&self, list: &str, page: Page<T>) -> Page<T> {
        Page { next: page.next.map(|place| self.sign(list, &place)), ..page }
    }
}

/// Where a list goes on that is ordered by a moment and an id.
pub fn moment_and_id<Id: FromStr>([moment, id]: [&str; 2]) -> Option<(Time, Id)> {
    Some((Time::from_micros(moment.parse().ok()?), id.parse().ok()?))
}

fn bound(list: &str, place: &str) -> Vec<u8> {
    format!("storeroom cursor 1\n{}\n{list}\n{place}", list.len()).into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cursors() -> Cursors {
        Cursors::new(&[7; 32])
    }

    #[test]
    fn a_cursor_goes_on_with_its_own_list_also_in_another_process() {
        let cursor = cursors().sign("items search=", "85123A");
        assert_eq!(cursors().check("items search=", &cursor).expect("it is ours"), "85123A");
    }

    #[test]
    fn a_cursor_of_another_list_or_server_or_an_altered_one_does_not() {
        let cursors = cursors();
        let cursor = cursors.sign("items search=", "85123A");
        assert_eq!(cursors.check("items search=lamp", &cursor).expect_err("another list").status, 400);
        let elsewhere = Cursors::new(&[8; 32]);
        assert!(elsewhere.check("items search=", &cursor).is_err());
        for at in 0..cursor.len() {
            let mut altered = cursor.clone().into_bytes();
            altered[at] = if altered[at] == b'A' { b'B' } else { b'A' };
            let altered = String::from_utf8(altered).expect("ASCII");
            assert!(cursors.check("items search=", &altered).is_err(), "{at}");
        }
        for made_up in ["", "x", "????", &"A".repeat(5_000)] {
            assert!(cursors.check("items search=", made_up).is_err(), "{made_up}");
        }
    }
}

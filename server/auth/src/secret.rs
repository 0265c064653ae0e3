//! Secrets: text that never shows itself, how such text is made, and what is stored of it.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use model::Result;
use sha2::{Digest, Sha256};

/// A password, token or key. It prints as `****` and is not serialisable; [`Secret::expose`] is the only way in.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a text that came in from outside.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself: for a cookie, for the one print of a key, for hashing.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("****")
    }
}

/// 32 random bytes, as 43 characters of base64url.
pub(crate) fn random_text() -> Result<Secret> {
    Ok(Secret(base64(&random_bytes::<32>()?)))
}

/// That many bytes from the operating system's source of chance.
pub(crate) fn random_bytes<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|cause| crate::unexpected("no random bytes", cause))?;
    Ok(bytes)
}

/// What is stored instead of a secret. Plain SHA-256 is enough for 256 random bits; passwords take argon2.
pub(crate) fn hash(text: &str) -> Vec<u8> {
    Sha256::digest(text.as_bytes()).to_vec()
}

/// Compares in a time that tells nothing.
pub(crate) fn same(a: &[u8], b: &[u8]) -> bool {
    aws_lc_rs::constant_time::verify_slices_are_equal(a, b).is_ok()
}

/// Base64url without padding.
pub(crate) fn base64(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Is this what [`random_text`] makes?
pub(crate) fn is_random_text(text: &str) -> bool {
    text.len() == 43 && URL_SAFE_NO_PAD.decode(text).is_ok_and(|bytes| bytes.len() == 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_does_not_show_itself() {
        assert_eq!(format!("{:?}", Secret::new("hunter2")), "****");
    }

    #[test]
    fn a_secret_is_told_to_who_asks_for_it() {
        assert_eq!(Secret::new("hunter2").expose(), "hunter2");
    }

    #[test]
    fn random_texts_differ_and_have_their_shape() {
        let (one, two) = (random_text().unwrap(), random_text().unwrap());
        assert_ne!(one, two);
        assert!(is_random_text(one.expose()) && is_random_text(two.expose()));
    }

    #[test]
    fn other_texts_do_not_pass_for_random_ones() {
        for text in ["", "x", &"=".repeat(43), &"A".repeat(44), &"ä".repeat(22), &format!("{}B", "A".repeat(42))] {
            assert!(!is_random_text(text), "{text}");
        }
    }
}

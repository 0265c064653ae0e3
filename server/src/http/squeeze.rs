//! Screens travel compressed: what a browser waits for before it can show anything.

use super::problem::refuse;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;

/// What fits one packet gains nothing.
const SMALL: usize = 1_024;
/// The largest screen that is held in memory at once, in bytes.
const SCREEN_MAX: usize = 16 * 1024 * 1024;
/// A screen of 100 kB takes a millisecond, and a fifth of the way.
const LEVEL: u32 = 4;

/// Compresses what a screen answers with, for browsers that say that they understand it.
///
/// Its length tells nobody a secret: a screen holds no token, and its nonce is another one each time.
pub async fn squeezed(request: Request, next: Next) -> Response {
    let understood = accepts_gzip(request.headers());
    let mut answer = next.run(request).await;
    let kind = answer.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("text/html") {
        return answer;
    }
    answer
        .headers_mut()
        .insert(header::VARY, HeaderValue::from_static("Accept-Encoding, Sec-Fetch-Site, Origin, Cookie"));
    if !understood {
        return answer;
    }
    let (mut parts, body) = answer.into_parts();
    // It is rendered as a whole before the first byte leaves, so nothing waits here that would not wait anyway.
    let Ok(whole) = to_bytes(body, SCREEN_MAX).await else {
        return refuse(StatusCode::INTERNAL_SERVER_ERROR, "internal", "the screen broke off; load it again");
    };
    let Some(small) = (whole.len() > SMALL).then(|| gzip(&whole)).flatten() else {
        return Response::from_parts(parts, Body::from(whole));
    };
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    Response::from_parts(parts, Body::from(small))
}

fn gzip(whole: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(whole.len() / 4), Compression::new(LEVEL));
    encoder.write_all(whole).ok()?;
    encoder.finish().ok()
}

/// `gzip`, or anything, that is not refused with `q=0`.
fn accepts_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accepted.split(',').any(|part| {
        let mut words = part.split(';').map(str::trim);
        let is_gzip = words.next().is_some_and(|coding| coding.eq_ignore_ascii_case("gzip"));
        let refused = words.any(|word| word.strip_prefix("q=").is_some_and(|weight| weight.parse() == Ok(0.0_f32)));
        is_gzip && !refused
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    fn accepts(coding: &'static str) -> bool {
        accepts_gzip(&HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(coding))]))
    }

    #[test]
    fn gzip_is_sent_to_those_who_ask_for_it_only() {
        assert!(accepts("gzip") && accepts("br, gzip;q=0.8") && accepts("GZIP"));
        assert!(!accepts("br") && !accepts("gzip;q=0") && !accepts_gzip(&HeaderMap::new()));
    }

    #[test]
    fn what_is_compressed_can_be_read_again() {
        let screen = b"<p>Live</p>".repeat(1_000);
        let small = gzip(&screen).expect("compressed");
        let mut read = Vec::new();
        flate2::read::GzDecoder::new(small.as_slice()).read_to_end(&mut read).expect("it is gzip");
        assert!(small.len() < screen.len() / 10 && read == screen);
    }
}

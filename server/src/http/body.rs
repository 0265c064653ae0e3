//! Bodies are read once, whole, within a size and a time; JSON that is nested too deeply stops here.

use super::problem::refuse;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use http_body_util::LengthLimitError;
use std::time::Duration;

/// The largest body of most requests, in bytes.
const MOST: usize = 256 * 1024;
/// The largest body of a sign-in: a name and a password.
const SIGN_IN: usize = 4 * 1024;
/// The longest that a body may take to arrive, whatever its pace.
const ARRIVE: Duration = Duration::from_secs(30);
/// The deepest nesting, and the longest array, of JSON.
const DEPTH: usize = 32;
const ELEMENTS: usize = 10_000;

/// Reads the body before anything behind us does, and hands on its bytes.
pub async fn bounded(request: Request, next: Next) -> Response {
    if super::files::reads_its_own_body(request.uri().path()) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let limit = limit(parts.uri.path());
    let length = parts.headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length > limit as u64) {
        return too_large(limit);
    }
    let bytes = match tokio::time::timeout(ARRIVE, to_bytes(body, limit)).await {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(error)) => return cut_off(error, limit),
        Err(_) => return refuse(StatusCode::REQUEST_TIMEOUT, "body_slow", "the body took over 30 s; send it again"),
    };
    let json =
        parts.headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().windows(4).any(|w| w == b"json"));
    if json && let Err(flaw) = shallow(&bytes) {
        return refuse(StatusCode::BAD_REQUEST, "too_deep", flaw);
    }
    next.run(Request::from_parts(parts, Body::from(bytes))).await
}

fn limit(path: &str) -> usize {
    match path {
        "/api/auth/sign_in" => SIGN_IN,
        _ => MOST,
    }
}

fn cut_off(error: axum::Error, limit: usize) -> Response {
    if error.into_inner().is::<LengthLimitError>() {
        return too_large(limit);
    }
    refuse(StatusCode::BAD_REQUEST, "body_cut", "the body did not arrive whole; send it again")
}

fn too_large(limit: usize) -> Response {
    let detail = format!("the body is too large; at most {limit} bytes");
    refuse(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", &detail)
}

/// One pass without recursion, so that the check itself cannot be made to overflow.
fn shallow(json: &[u8]) -> Result<(), &'static str> {
    let mut commas = [0_usize; DEPTH + 1];
    let (mut depth, mut quoted, mut escaped) = (0, false, false);
    for byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'[' | b'{' if depth == DEPTH => return Err("the JSON is nested more than 32 deep"),
            b'[' | b'{' => {
                depth += 1;
                commas[depth] = 0;
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            b',' => {
                commas[depth] += 1;
                if commas[depth] >= ELEMENTS {
                    return Err("the JSON has more than 10000 elements in one place");
                }
            }
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ordinary_document_passes() {
        assert!(shallow(br#"{"lines":[{"sku":"[[[[{{{{\"[[[","quantity":"1"}]}"#).is_ok());
        assert!(shallow("[".repeat(DEPTH).as_bytes()).is_ok());
        assert!(shallow(b"]]]]},,,[").is_ok());
    }

    #[test]
    fn a_deep_or_endless_one_does_not() {
        assert!(shallow("[".repeat(DEPTH + 1).as_bytes()).is_err());
        assert!(shallow(format!("[{}1]", "1,".repeat(ELEMENTS)).as_bytes()).is_err());
    }

    #[test]
    fn a_sign_in_is_smaller_than_a_document() {
        assert!(limit("/api/auth/sign_in") < limit("/api/v1/sales"));
        assert_eq!(limit("/api/v1/sales"), MOST);
    }
}

//! The last word on every answer: problems carry the request's id, reads carry an ETag.

use super::Problem;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::Actor;
use sha2::{Digest, Sha256};

/// The largest answer that gets an ETag, in bytes; a page of 200 rows is far below.
const TAGGED_MAX: usize = 8 * 1024 * 1024;

/// The request's id, when the server's outer layers put one into the extensions.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// Middleware: turns bare error statuses into problems, adds the request's id to problems and an ETag to reads, and
/// answers 304 to whoever has the newest already.
pub async fn polish(request: Request, next: Next) -> Response {
    let id = request_id(&request);
    // An answer to HEAD has no body left to make a tag of.
    let reads = *request.method() == Method::GET;
    let known = request.headers().get(header::IF_NONE_MATCH).cloned();
    let nul = request.uri().path().contains("%00");
    let response =
        if nul { Problem::of_status(StatusCode::NOT_FOUND).into_response() } else { next.run(request).await };
    let status = response.status();
    if status.is_client_error() || status.is_server_error() {
        return problem(response, id);
    }
    if reads && status == StatusCode::OK { tagged(response, known.as_ref()).await } else { response }
}

fn request_id(request: &Request) -> Option<String> {
    let extensions = request.extensions();
    let from_layer = extensions.get::<RequestId>().map(|id| id.0.clone());
    from_layer
        .or_else(|| extensions.get::<Actor>().map(|actor| actor.via.request_id.clone()))
        .filter(|id| !id.is_empty())
}

fn problem(response: Response, id: Option<String>) -> Response {
    let is_told = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == "application/problem+json");
    if is_told && response.extensions().get::<Problem>().is_none() {
        return response;
    }
    let (mut parts, _) = response.into_parts();
    let mut problem = parts.extensions.remove::<Problem>().unwrap_or_else(|| Problem::of_status(parts.status));
    problem.request_id = id;
    let mut told = problem.into_response();
    for (name, value) in &parts.headers {
        // What the inner layers said beyond the body, such as Allow, is kept.
        if !told.headers().contains_key(name) && name != header::CONTENT_LENGTH {
            told.headers_mut().append(name, value.clone());
        }
    }
    told
}

async fn tagged(response: Response, known: Option<&HeaderValue>) -> Response {
    let (mut parts, body) = response.into_parts();
    let bytes = match to_bytes(body, TAGGED_MAX).await {
        Ok(bytes) => bytes,
        Err(_) => return Problem::of_status(StatusCode::INTERNAL_SERVER_ERROR).into_response(),
    };
    if !parts.headers.contains_key(header::ETAG) {
        parts.headers.insert(header::ETAG, etag(&bytes, false));
    }
    parts.headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-cache"));
    if known.is_some_and(|known| is_known(known, &parts.headers)) {
        parts.status = StatusCode::NOT_MODIFIED;
        parts.headers.remove(header::CONTENT_LENGTH);
        parts.headers.remove(header::CONTENT_TYPE);
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, Body::from(bytes))
}

/// An ETag of that content; weak when the bytes may differ in what does not matter.
pub(super) fn etag(content: &[u8], weak: bool) -> HeaderValue {
    let digest = URL_SAFE_NO_PAD.encode(&Sha256::digest(content)[..16]);
    let text = if weak { format!("W/\"{digest}\"") } else { format!("\"{digest}\"") };
    HeaderValue::try_from(text).expect("base64 and quotes are visible ASCII")
}

/// `If-None-Match` compares weakly (RFC 9110 §13.1.2).
fn is_known(known: &HeaderValue, headers: &HeaderMap) -> bool {
    let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let ours = headers.get(header::ETAG).and_then(|tag| tag.to_str().ok()).map(bare);
    let Ok(theirs) = known.to_str() else { return false };
    theirs.trim() == "*" || ours.is_some_and(|ours| theirs.split(',').any(|tag| bare(tag) == ours))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_tag_is_recognised_weak_or_strong_and_another_is_not() {
        let mut headers = HeaderMap::new();
        headers.insert(header::ETAG, HeaderValue::from_static("W/\"abc\""));
        for known in ["\"abc\"", "W/\"abc\"", "\"x\", \"abc\"", "*"] {
            assert!(is_known(&HeaderValue::from_static(known), &headers), "{known}");
        }
        assert!(!is_known(&HeaderValue::from_static("\"abcd\", abc"), &headers));
    }
}

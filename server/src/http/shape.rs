//! The outermost questions to a request: is it one that we can answer at all, and under which id do we remember it?

use super::problem::refuse;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;
use uuid::Uuid;

/// The request's id, for logs and the journal: `^[A-Za-z0-9_-]{8,64}$`.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Answers only origin-form requests: `CONNECT`, authority-form and absolute-form belong to proxies, and some of
/// what stands behind us does not expect them.
pub async fn origin_form_only(request: Request, next: Next) -> Response {
    let uri = request.uri();
    let plain = uri.scheme().is_none() && uri.authority().is_none() && uri.path().starts_with('/');
    if request.method() == Method::CONNECT || !plain {
        return refuse(
            StatusCode::BAD_REQUEST,
            "not_origin_form",
            "ask for a path of this server, such as /api/v1/items",
        );
    }
    if let Some(query) = uri.query().filter(|query| query.len() > 8 * 1024 || query.matches('&').count() > 100) {
        let detail = format!("the query has {} bytes; at most 8192 bytes and 100 parameters", query.len());
        return refuse(StatusCode::URI_TOO_LONG, "query_too_long", &detail);
    }
    next.run(request).await
}

/// Gives each request an id and a span; the span has the path and never the query, which may hold what people typed.
pub async fn remembered(mut request: Request, next: Next) -> Response {
    let id = request.headers().get(&REQUEST_ID).and_then(|value| value.to_str().ok()).filter(|id| is_id(id));
    let id = id.map_or_else(|| Uuid::now_v7().simple().to_string(), str::to_owned);
    request.extensions_mut().insert(RequestId(id.clone()));
    let span = tracing::info_span!("request", id, method = %request.method(), path = request.uri().path());
    let began = std::time::Instant::now();
    let mut answer = next.run(request).instrument(span.clone()).await;
    let ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    span.in_scope(|| tracing::debug!(status = answer.status().as_u16(), duration_ms = ms, "answered"));
    if let Ok(value) = HeaderValue::from_str(&id) {
        answer.headers_mut().insert(REQUEST_ID, value);
    }
    answer
}

fn is_id(text: &str) -> bool {
    (8..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

#[cfg(test)]
mod tests {
    use super::is_id;

    #[test]
    fn a_plain_id_is_kept() {
        assert!(is_id("till-2_0001"));
    }

    #[test]
    fn an_odd_one_is_not() {
        assert!(["short", "with space", "a\"quoted\"one", "naïve-id", ""].into_iter().all(|id| !is_id(id)));
        assert!(!is_id(&"x".repeat(65)));
    }
}

//! Against requests that a foreign page makes in somebody's name.

use super::home::Home;
use super::problem::refuse;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use tower_http::csrf::{CsrfLayer, ProtectionError};

/// Refuses what changes something unless our own page sent it: `Sec-Fetch-Site` says same-origin or none, or the
/// `Origin` is ours. With neither header it is refused too. A bearer key is exempt: no browser adds one by itself.
pub async fn own_pages_only(State(home): State<Home>, request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if safe || bears_a_key(request.headers()) || is_ours(&home, request.headers()) {
        return next.run(request).await;
    }
    refused()
}

/// The general layer below our own rule, told about our public origin.
pub fn layer(public_url: Option<&str>) -> CsrfLayer<fn(ProtectionError) -> Response> {
    let layer = CsrfLayer::new();
    let layer = match public_url.map(|url| layer.clone().add_trusted_origin(url.trim_end_matches('/'))) {
        Some(Ok(trusting)) => trusting,
        _ => layer,
    };
    layer.with_rejection_response(|_: ProtectionError| refused())
}

/// Calls with a key carry no cookie: with both, the rule for cookies holds.
fn bears_a_key(headers: &HeaderMap) -> bool {
    let bearer = |value: &axum::http::HeaderValue| value.as_bytes().starts_with(b"Bearer ");
    headers.get(header::AUTHORIZATION).is_some_and(bearer) && !headers.contains_key(header::COOKIE)
}

fn is_ours(home: &Home, headers: &HeaderMap) -> bool {
    match headers.get("sec-fetch-site").map(|value| value.as_bytes()) {
        Some(b"same-origin" | b"none") => true,
        Some(_) => false,
        None => home.sent(headers),
    }
}

fn refused() -> Response {
    refuse(StatusCode::FORBIDDEN, "foreign_page", "send this from a page of this server, or with a bearer key")
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderName;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pair = |&(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), axum::http::HeaderValue::from_static(value))
        };
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn our_own_page_may() {
        let home = Home::default();
        assert!(is_ours(&home, &headers(&[("sec-fetch-site", "same-origin")])));
        assert!(is_ours(&home, &headers(&[("host", "localhost:3000"), ("origin", "http://localhost:3000")])));
    }

    #[test]
    fn a_foreign_one_may_not_nor_one_that_says_nothing() {
        let home = Home::default();
        assert!(!is_ours(&home, &headers(&[("sec-fetch-site", "cross-site")])));
        assert!(!is_ours(&home, &headers(&[("sec-fetch-site", "same-site")])));
        assert!(!is_ours(&home, &headers(&[("host", "localhost:3000"), ("origin", "null")])));
        assert!(!is_ours(&home, &headers(&[("host", "localhost:3000")])));
    }

    #[test]
    fn a_key_is_exempt_and_a_key_beside_a_cookie_is_not() {
        assert!(bears_a_key(&headers(&[("authorization", "Bearer inv_live_x")])));
        assert!(!bears_a_key(&headers(&[("authorization", "Bearer inv_live_x"), ("cookie", "at=1")])));
    }
}

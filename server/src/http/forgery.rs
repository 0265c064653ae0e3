//! Against requests that a foreign page makes in somebody's name.

use super::home::Home;
use super::problem::refuse;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use tower_http::csrf::{CsrfLayer, ProtectionError};

/// Refuses what changes something unless our own page sent it: `Sec-Fetch-Site` says same-origin or none, or the
/// `Origin` is ours. With neither header it is refused too. Other programs are exempt: no browser adds a bearer key by
/// itself, and without a cookie nobody's name is on a call of their interface, which says so with a 401.
pub async fn own_pages_only(State(home): State<Home>, request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if safe || is_a_programs(request.uri().path(), request.headers()) || is_ours(&home, request.headers()) {
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

/// Other programs carry no cookie: with one, the rule for cookies holds.
fn is_a_programs(path: &str, headers: &HeaderMap) -> bool {
    let bearer = |value: &axum::http::HeaderValue| value.as_bytes().starts_with(b"Bearer ");
    let bears_a_key = headers.get(header::AUTHORIZATION).is_some_and(bearer);
    (bears_a_key || path.starts_with("/api/v1/")) && !headers.contains_key(header::COOKIE)
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
    fn other_programs_are_exempt_and_what_comes_with_a_cookie_is_not() {
        let key = ("authorization", "Bearer inv_live_x");
        assert!(is_a_programs("/api/sell", &headers(&[key])));
        assert!(is_a_programs("/api/v1/sales", &headers(&[])));
        assert!(!is_a_programs("/api/sign_in", &headers(&[])));
        assert!(!is_a_programs("/api/v1/sales", &headers(&[key, ("cookie", "at=1")])));
    }
}

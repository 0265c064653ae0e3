//! Time limits and panics: whatever happens behind us, an answer goes out.

use super::problem::refuse;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;
use std::any::Any;
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use uuid::Uuid;

/// The longest that a handler may think before its first byte.
const THINK: Duration = Duration::from_secs(10);

/// Answers for a handler that takes too long. One that reads its own body thinks only after that, and limits both itself.
pub async fn within_time(request: Request, next: Next) -> Response {
    if super::files::reads_its_own_body(request.uri().path()) {
        return next.run(request).await;
    }
    in_time(next.run(request)).await
}

/// Answers for work that takes too long. Units of work run in tasks of their own: they finish, unheard.
pub async fn in_time(work: impl Future<Output = Response>) -> Response {
    match tokio::time::timeout(THINK, work).await {
        Ok(answer) => answer,
        Err(_) => {
            let detail = "this took too long; ask again with the same id, and nothing happens twice";
            refuse(StatusCode::GATEWAY_TIMEOUT, "too_slow", detail)
        }
    }
}

/// Turns a panic into an answer with a ticket that the log has too.
#[must_use]
pub fn catch_panic() -> CatchPanicLayer<fn(Box<dyn Any + Send>) -> Response> {
    CatchPanicLayer::custom(told as fn(Box<dyn Any + Send>) -> Response)
}

fn told(panic: Box<dyn Any + Send>) -> Response {
    let words = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let words = words.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
    let ticket = format!("T-{}", Uuid::now_v7().simple().to_string().split_off(24).to_uppercase());
    tracing::error!(ticket, words, "a handler panicked");
    let detail = format!("something went wrong on our side; quote {ticket}");
    refuse(StatusCode::INTERNAL_SERVER_ERROR, "internal", &detail)
}

//! For whoever watches the process: is it alive, and should it be sent requests?

use super::Front;
use super::problem::refuse;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use std::time::Duration;

/// The process answers.
pub async fn alive() -> &'static str {
    "ok\n"
}

/// It is not about to stop, and the database answers.
pub async fn ready(State(front): State<Arc<Front>>) -> Response {
    if front.stopping.is_cancelled() {
        return refuse(StatusCode::SERVICE_UNAVAILABLE, "stopping", "this process is about to stop");
    }
    match tokio::time::timeout(Duration::from_secs(2), front.house.db.read()).await {
        Ok(Ok(_)) => "ready\n".into_response(),
        Ok(Err(_)) | Err(_) => refuse(StatusCode::SERVICE_UNAVAILABLE, "no_database", "the database does not answer"),
    }
}

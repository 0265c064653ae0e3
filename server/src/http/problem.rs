//! Refusals that the server makes before any module is asked, in the words of the interface for other systems.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use integration::http::Problem;

/// An `application/problem+json` answer: `code` is for programs, `detail` says what to do.
#[must_use]
pub fn refuse(status: StatusCode, code: &str, detail: &str) -> Response {
    Problem::new(status, code, detail).into_response()
}

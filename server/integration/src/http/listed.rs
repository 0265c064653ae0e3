//! Lists as answers: `{"data":[…],"as_of":SEQ,"next":CURSOR|null}`.

use super::Problem;
use super::polish::etag;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use model::Page;
use serde::Serialize;

/// A page as an answer. Its ETag is weak: it stays while the rows stay, though the journal went on.
#[derive(Debug)]
pub struct Listed<T>(pub Page<T>);

impl<T: Serialize> IntoResponse for Listed<T> {
    fn into_response(self) -> Response {
        let rows = serde_json::to_vec(&(&self.0.data, &self.0.next));
        let (Ok(rows), Ok(body)) = (rows, serde_json::to_vec(&self.0)) else {
            return Problem::of_status(StatusCode::INTERNAL_SERVER_ERROR).into_response();
        };
        let json = HeaderValue::from_static("application/json");
        ([(header::CONTENT_TYPE, json), (header::ETAG, etag(&rows, true))], body).into_response()
    }
}

//! Who calls: the actor whom the server's identity layer recognised.

use super::Problem;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use model::{Actor, Error, Principal};

/// The caller: another system by its key, or (for reading only) someone who is signed in.
///
/// The server's identity layer puts the [`Actor`] into the request's extensions; a request without one is answered
/// with 401. A cookie never changes anything here: it travels by itself, a key is sent on purpose.
#[derive(Clone, Debug)]
pub struct Caller(pub Actor);

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let actor = parts.extensions.get::<Actor>().cloned().ok_or(Error::SignedOut)?;
        let reads = matches!(parts.method, Method::GET | Method::HEAD);
        if !reads && matches!(actor.principal, Principal::Person(_)) {
            let detail = "changes over /api/v1 need an API key: Authorization: Bearer …";
            return Err(Problem::new(StatusCode::FORBIDDEN, "key_needed", detail));
        }
        Ok(Self(actor))
    }
}

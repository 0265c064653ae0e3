//! Errors as other systems read them: `application/problem+json` (RFC 9457).

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use model::{Error, Flaw, Refusal, Reused};
use serde::Serialize;
use std::ops::{Deref, DerefMut};
use utoipa::{IntoResponses, ToSchema};

/// Why a request was not done, and what to do about it: the answer to everything that goes wrong.
#[derive(Clone, Debug)]
pub struct Problem(Box<Details>);

impl Deref for Problem {
    type Target = Details;
    fn deref(&self) -> &Details {
        &self.0
    }
}

impl DerefMut for Problem {
    fn deref_mut(&mut self) -> &mut Details {
        &mut self.0
    }
}

/// What a [`Problem`] tells.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct Details {
    /// `urn:storeroom:problem:` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind of problem, in English.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// This case, in English.
    pub detail: String,
    /// A stable word for programs, such as `out_of_stock`.
    pub code: String,
    /// Each thing to mend in the request.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub flaws: Vec<Flaw>,
    /// What the store's rules said, with figures.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub refusal: Option<Refusal>,
    /// Quote it to whoever runs the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
    /// The request's id, as in the server's log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// Seconds to wait before the same request is worth sending again.
    #[serde(skip)]
    pub retry_after_s: Option<u32>,
}

impl Problem {
    /// A problem of that status, with a stable word for programs and a sentence for people.
    #[must_use]
    pub fn new(status: StatusCode, code: &str, detail: impl Into<String>) -> Self {
        Self(Box::new(Details {
            kind: format!("urn:storeroom:problem:{code}"),
            title: status.canonical_reason().unwrap_or("Problem").to_owned(),
            status: status.as_u16(),
            detail: detail.into(),
            code: code.to_owned(),
            flaws: Vec::new(),
            refusal: None,
            ticket: None,
            request_id: None,
            retry_after_s: None,
        }))
    }

    fn with(mut self, more: impl FnOnce(&mut Details)) -> Self {
        more(&mut self);
        self
    }

    /// The request is not one that can be read. (400)
    #[must_use]
    pub fn unreadable(flaw: Flaw) -> Self {
        let detail = sentence(&flaw);
        Self::new(StatusCode::BAD_REQUEST, "unreadable", detail).with(|told| told.flaws = vec![flaw])
    }

    /// The request can be read but not done as it stands. (422)
    #[must_use]
    pub fn invalid(flaws: Vec<Flaw>) -> Self {
        let detail = flaws.iter().map(sentence).collect::<Vec<_>>().join("; ");
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", detail).with(|told| told.flaws = flaws)
    }

    /// The problem that a bare status stands for, for answers that other layers made.
    #[must_use]
    pub fn of_status(status: StatusCode) -> Self {
        let (code, detail) = match status {
            StatusCode::UNAUTHORIZED => return Error::SignedOut.into(),
            StatusCode::NOT_FOUND => ("not_found", "there is nothing at this address"),
            StatusCode::METHOD_NOT_ALLOWED => {
                ("method_not_allowed", "this address does not take that method; see Allow")
            }
            StatusCode::PAYLOAD_TOO_LARGE => ("too_large", "the body is larger than this address takes"),
            StatusCode::REQUEST_TIMEOUT => ("too_slow", "the request did not arrive in time"),
            StatusCode::TOO_MANY_REQUESTS => return Error::TooMany(1).into(),
            StatusCode::SERVICE_UNAVAILABLE => return Error::Busy.into(),
            status if status.is_server_error() => ("internal", "something went wrong on our side"),
            _ => ("refused", "the request was refused"),
        };
        Self::new(status, code, detail)
    }
}

/// The problems that any address under `/api/v1` may answer with, for the OpenAPI document.
#[derive(IntoResponses)]
pub enum Problems {
    /// It cannot be read: not JSON, an unknown parameter, no Idempotency-Key, a cursor of another list.
    #[response(status = 400, content_type = "application/problem+json")]
    Unreadable(Details),
    /// No valid API key.
    #[response(status = 401, content_type = "application/problem+json")]
    SignedOut(Details),
    /// The key may not do that.
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(Details),
    /// It is not there, or not yours to see.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(Details),
    /// The store's rules say no, or the id was used before with other content.
    #[response(status = 409, content_type = "application/problem+json")]
    Refused(Details),
    /// Somebody changed it since the version in If-Match: read it again, then decide.
    #[response(status = 412, content_type = "application/problem+json")]
    Changed(Details),
    /// The body is too large.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(Details),
    /// The address is too long, or has too many parameters.
    #[response(status = 414, content_type = "application/problem+json")]
    TooLong(Details),
    /// The body is not sent as JSON.
    #[response(status = 415, content_type = "application/problem+json")]
    NotJson(Details),
    /// It can be read but not done: `flaws` says what to mend; or the Idempotency-Key was used for something else.
    #[response(status = 422, content_type = "application/problem+json")]
    Invalid(Details),
    /// A change of an item needs If-Match.
    #[response(status = 428, content_type = "application/problem+json")]
    NeedsVersion(Details),
    /// Too many requests: see Retry-After.
    #[response(status = 429, content_type = "application/problem+json")]
    TooMany(Details),
    /// Too much to do at this moment: see Retry-After, then send the same again.
    #[response(status = 503, content_type = "application/problem+json")]
    Busy(Details),
}

fn sentence(flaw: &Flaw) -> String {
    if flaw.field.is_empty() { flaw.message.clone() } else { format!("{}: {}", flaw.field, flaw.message) }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let detail = error.to_string();
        match error {
            Error::SignedOut => {
                Self::new(StatusCode::UNAUTHORIZED, "signed_out", "send a valid API key: Authorization: Bearer …")
            }
            Error::Forbidden(_) => Self::new(StatusCode::FORBIDDEN, "forbidden", detail),
            Error::NotFound => Self::new(StatusCode::NOT_FOUND, "not_found", detail),
            Error::Refused(refusal) => {
                Self::new(StatusCode::CONFLICT, word(&refusal), detail).with(|told| told.refusal = Some(refusal))
            }
            Error::Invalid(flaws) => Self::invalid(flaws),
            Error::Conflict(Reused::Id) => Self::new(StatusCode::CONFLICT, "id_reused", detail),
            Error::Conflict(Reused::Key) => Self::new(StatusCode::UNPROCESSABLE_ENTITY, "key_reused", detail),
            Error::Conflict(Reused::Version) => Self::new(StatusCode::PRECONDITION_FAILED, "changed", detail),
            Error::TooMany(seconds) => Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many", detail)
                .with(|told| told.retry_after_s = Some(seconds)),
            Error::Busy => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", detail).with(|told| told.retry_after_s = Some(1))
            }
            Error::Full => Self::new(StatusCode::INSUFFICIENT_STORAGE, "disk_full", detail),
            Error::Internal(ticket) => Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail)
                .with(|told| told.ticket = Some(ticket.0)),
        }
    }
}

/// The stable word of a refusal: the same as its `code` in JSON.
const fn word(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::OutOfStock { .. } => "out_of_stock",
        Refusal::SkuTaken { .. } => "sku_taken",
        Refusal::BarcodeTaken { .. } => "barcode_taken",
        Refusal::StoreTaken { .. } => "store_taken",
        Refusal::NameTaken { .. } => "name_taken",
        Refusal::AlreadyReversed => "already_reversed",
        Refusal::IsReversal => "is_reversal",
        Refusal::UndoClosed => "undo_closed",
        Refusal::Returned => "returned",
        Refusal::SaleUndone => "sale_undone",
        Refusal::PlaceGivenUp { .. } => "place_given_up",
        Refusal::SignIn => "sign_in",
        Refusal::LastAdministrator => "last_administrator",
        Refusal::WrongState { .. } => "wrong_state",
        Refusal::OwnWork => "own_work",
        Refusal::OnlyAdministrator => "only_administrator",
        Refusal::OnlyChief => "only_chief",
        Refusal::WriteOff => "write_off",
        Refusal::OverOrdered { .. } => "over_ordered",
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(&*self.0)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds.max(1)));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"storeroom\""));
        }
        // `polish` finds it here and adds the request's id.
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_of_a_refusal_is_its_code_in_json() {
        let all = [
            Refusal::OutOfStock { sku: "a".into(), available: model::Quantity::ZERO },
            Refusal::SkuTaken { sku: "a".into() },
            Refusal::BarcodeTaken { barcode: "a".into() },
            Refusal::StoreTaken { store: "a".into() },
            Refusal::NameTaken { name: "a".into() },
            Refusal::AlreadyReversed,
            Refusal::IsReversal,
            Refusal::UndoClosed,
            Refusal::Returned,
            Refusal::SaleUndone,
            Refusal::PlaceGivenUp { place: "a".into() },
            Refusal::SignIn,
            Refusal::LastAdministrator,
            Refusal::WrongState { state: "sent".into() },
            Refusal::OwnWork,
            Refusal::OnlyAdministrator,
            Refusal::OnlyChief,
            Refusal::WriteOff,
            Refusal::OverOrdered { sku: "a".into(), available: model::Quantity::ZERO },
        ];
        for refusal in all {
            let json = serde_json::to_value(&refusal).unwrap();
            assert_eq!(json["code"], word(&refusal));
        }
    }

    #[test]
    fn busy_says_when_to_come_back_and_a_refusal_does_not() {
        let busy = Problem::from(Error::Busy).into_response();
        assert_eq!(busy.headers()[header::RETRY_AFTER], "1");
        let refused = Problem::from(Error::from(Refusal::AlreadyReversed)).into_response();
        assert_eq!(refused.status(), StatusCode::CONFLICT);
        assert!(!refused.headers().contains_key(header::RETRY_AFTER));
    }
}

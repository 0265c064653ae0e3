//! The server's side of a server function: who calls, the handles they call on, and the answer's headers.

use auth::Auth;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts};
use integration::Integration;
use inventory::Inventory;
use leptos::prelude::{provide_context, use_context};
use leptos_axum::ResponseOptions;
use model::{Actor, Error, Result, Reused, Ticket};
use report::Report;
use tracing::Instrument;

/// The modules that pages may call. The server puts them in context for every page and server function.
#[derive(Clone)]
pub struct Handles {
    /// People and sessions.
    pub auth: Auth,
    /// The ledger and what it holds.
    pub inventory: Inventory,
    /// Figures.
    pub report: Report,
    /// Other systems' way in and out, files that people import, and the demo store.
    pub integration: Integration,
    /// Whether cookies are `Secure` and carry `__Host-`: behind https, or on the loopback, where browsers allow it.
    pub secure: bool,
}

impl Handles {
    /// Puts each of them in context, where [`caller`] finds it.
    pub fn provide(&self) {
        provide_context(self.auth.clone());
        provide_context(self.inventory.clone());
        provide_context(self.report.clone());
        provide_context(self.integration.clone());
        provide_context(Secure(self.secure));
    }
}

/// Whether cookies are `Secure`.
#[derive(Clone, Copy)]
pub struct Secure(pub bool);

/// Who calls, and the module they call. The server recognises people before pages and server functions run and leaves
/// the [`Actor`] in the request's extensions.
///
/// # Errors
/// [`Error::SignedOut`] when nobody was recognised.
pub async fn caller<Module: Clone + 'static>() -> Result<(Actor, Module)> {
    let actor = parts().and_then(|parts| parts.extensions.get::<Actor>().cloned()).ok_or(Error::SignedOut)?;
    Ok((actor, module()?))
}

/// A module's handle, for those who are not signed in yet.
///
/// # Errors
/// [`Error::Internal`] when this process does not serve it.
pub fn module<Module: Clone + 'static>() -> Result<Module> {
    use_context::<Module>().ok_or_else(|| Error::Internal(Ticket("not-served-here".into())))
}

/// The request being answered, without its body.
#[must_use]
pub fn parts() -> Option<Parts> {
    use_context::<Parts>()
}

/// Runs a unit of work to its end even when the browser hangs up half-way.
///
/// # Errors
/// Those of the work; [`Error::Internal`] when it panicked.
pub async fn complete<T: Send + 'static>(work: impl Future<Output = Result<T>> + Send + 'static) -> Result<T> {
    tokio::spawn(work.in_current_span()).await.unwrap_or_else(|_| Err(Error::Internal(Ticket("broke-off".into()))))
}

/// Adds a cookie to the answer.
pub fn set_cookie(cookie: &str) {
    if let (Some(options), Ok(value)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(cookie)) {
        options.append_header(header::SET_COOKIE, value);
    }
}

/// A cookie's value in the request.
#[must_use]
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}

/// The status that the failure's answer carries; a plain form is sent back to its page instead.
pub(crate) fn answer_with_status(error: &Error) {
    let from_form = parts().is_some_and(|parts| {
        let accept = parts.headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        accept.contains("text/html")
    });
    if let (false, Some(options)) = (from_form, use_context::<ResponseOptions>()) {
        options.set_status(status(error));
    }
}

fn status(error: &Error) -> StatusCode {
    match error {
        Error::SignedOut => StatusCode::UNAUTHORIZED,
        Error::Forbidden(_) => StatusCode::FORBIDDEN,
        Error::NotFound => StatusCode::NOT_FOUND,
        Error::Refused(_) | Error::Conflict(Reused::Id) => StatusCode::CONFLICT,
        Error::Conflict(Reused::Version) => StatusCode::PRECONDITION_FAILED,
        Error::Invalid(_) | Error::Conflict(Reused::Key) => StatusCode::UNPROCESSABLE_ENTITY,
        Error::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
        Error::Busy => StatusCode::SERVICE_UNAVAILABLE,
        Error::Full => StatusCode::INSUFFICIENT_STORAGE,
        Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

//! What went wrong, as a page learns it: the server's answer, or that there was none.

use crate::json::Plain;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use model::{Error, Flaw};
use serde::{Deserialize, Serialize};

/// A server function's failure.
///
/// Unreachable is not the server's answer but its absence: a till must tell "no" from "no network".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// The server answered, and this is what it said.
    Said(Error),
    /// No answer, or one that did not come from our server.
    Unreachable,
}

impl Failure {
    /// Nobody is signed in.
    #[must_use]
    pub fn is_signed_out(&self) -> bool {
        matches!(self, Self::Said(Error::SignedOut))
    }

    /// Whether sending the same again may still succeed, and whether it may have succeeded already: then the same id
    /// has to be kept.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(
            self,
            Self::Unreachable
                | Self::Said(Error::Internal(_) | Error::Busy | Error::Full | Error::TooMany(_) | Error::SignedOut)
        )
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Said(error) => error.fmt(f),
            Self::Unreachable => f.write_str("the server did not answer"),
        }
    }
}

impl std::error::Error for Failure {}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        #[cfg(feature = "ssr")]
        crate::caller::answer_with_status(&error);
        Self::Said(error)
    }
}

impl FromServerFnError for Failure {
    type Encoder = Plain;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            // The server could not read what was sent.
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) if cfg!(feature = "ssr") => {
                Error::from(Flaw::new("", "unreadable", "the request could not be read")).into()
            }
            _ => Self::Unreachable,
        }
    }
}

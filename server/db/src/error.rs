//! What a database can answer, and the one place where an unexpected cause is logged.

use model::{Flaw, Ticket};

/// Short for a result with [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A database's refusal, sorted by what the caller can do.
#[derive(Debug)]
pub enum Error {
    /// No such row.
    NotFound,
    /// A row like that is there already; the text names the constraint or its columns.
    Duplicate(String),
    /// Too much to do at this moment: the same may succeed in a second.
    Busy,
    /// The disk is full.
    Full,
    /// A text that cannot be stored: PostgreSQL takes no NUL character.
    Text,
    /// It cannot be opened as it is; the text says why and what to do.
    Unfit(String),
    /// Anything else.
    Unexpected(Box<sqlx::Error>),
}

impl From<sqlx::Error> for Error {
    fn from(cause: sqlx::Error) -> Self {
        match &cause {
            sqlx::Error::RowNotFound => Self::NotFound,
            sqlx::Error::PoolTimedOut => Self::Busy,
            sqlx::Error::Database(refusal) if refusal.is_unique_violation() => {
                Self::Duplicate(refusal.constraint().unwrap_or(refusal.message()).to_owned())
            }
            sqlx::Error::Database(refusal) => match refusal.code().as_deref() {
                // SQLITE_FULL; disk_full
                Some("13" | "53100") => Self::Full,
                // SQLITE_BUSY and its extended codes; lock, statement and serialisation time-outs, deadlock
                Some("5" | "261" | "517" | "55P03" | "57014" | "40001" | "40P01") => Self::Busy,
                // the server is stopping, starting or gone
                Some("57P01" | "57P02" | "57P03") => Self::Busy,
                // character_not_in_repertoire
                Some("22021") => Self::Text,
                _ => Self::Unexpected(Box::new(cause)),
            },
            _ => Self::Unexpected(Box::new(cause)),
        }
    }
}

impl From<sqlx::migrate::MigrateError> for Error {
    fn from(cause: sqlx::migrate::MigrateError) -> Self {
        Self::Unexpected(Box::new(cause.into()))
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotFound => f.write_str("no such row"),
            Self::Duplicate(what) => write!(f, "duplicate: {what}"),
            Self::Busy => f.write_str("the database is busy"),
            Self::Full => f.write_str("the disk is full"),
            Self::Text => f.write_str("a text that cannot be stored"),
            Self::Unfit(why) => f.write_str(why),
            Self::Unexpected(cause) => cause.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

impl From<Error> for model::Error {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound => Self::NotFound,
            Error::Busy => Self::Busy,
            Error::Full => Self::Full,
            Error::Text => Flaw::new("", "text", "a text holds a character that cannot be stored; remove it").into(),
            unexpected => {
                let ticket = Ticket::new();
                tracing::error!(ticket = ticket.0, cause = %unexpected, "the database answered something unexpected");
                Self::Internal(ticket)
            }
        }
    }
}

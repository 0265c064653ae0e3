//! Auth: who someone is, what they may do, and the one door through which anything is changed.
//!
//! Invariant: outside this crate and the bus nobody opens a transaction; a module holds an [`Auth`], never a `Db`.

mod act;
mod activity;
mod answer;
mod at_tablet;
mod bucket;
mod event;
mod first_run;
mod grant;
mod key;
mod keyfile;
mod own_password;
mod parts;
mod password;
mod person;
mod pin;
mod problem;
mod restored;
mod secret;
mod session;
mod sign_in;
mod signed_in;
mod standing;
mod tablet;
mod throttle;
mod token;

pub use act::{Act, Done};
pub use answer::Answer;
pub use at_tablet::Face;
pub use bucket::{Buckets, Rate};
pub use event::Event;
pub use key::Key;
pub use person::{NewPerson, Person};
pub use secret::Secret;
pub use session::{Identified, NewTokens, Session};
pub use sign_in::SignedIn;
pub use standing::Credential;
pub use tablet::{Device, NewDevice, Tablet};
pub use throttle::neighbourhood;
pub use token::ACCESS_SECONDS;

use db::Db;
use log::Log;
use model::{Error, Result, Ticket, Time};
use std::ops::Deref;
use std::path::Path;
use std::sync::Arc;

/// 2026-01-01: a clock before it is wrong, and tokens would be judged by it.
const CLOCK_FLOOR: Time = Time::from_micros(1_767_225_600_000_000);

/// The handle. Cheap to clone.
#[derive(Clone)]
pub struct Auth {
    parts: Arc<parts::Parts>,
}

impl Deref for Auth {
    type Target = parts::Parts;
    fn deref(&self) -> &Self::Target {
        &self.parts
    }
}

impl Auth {
    /// Loads or makes this process's signing key in `data_dir/keys/session.key` (readable by its owner only) and
    /// makes it known to the other processes on the same database.
    ///
    /// Errors: [`Error::Internal`] when the key cannot be read or made, or when the clock is before 2026.
    pub async fn open(db: Db, log: Log, data_dir: &Path) -> Result<Self> {
        if Time::now() < CLOCK_FLOOR {
            return Err(unexpected("this machine's clock is wrong", "it shows a time before 2026"));
        }
        let auth = Self::beside(db, log, data_dir)?;
        auth.publish_signer().await?;
        auth.check_pepper().await?;
        Ok(auth)
    }

    /// For looking at everything, beside whoever serves: nobody signs in here, so nothing is made known.
    ///
    /// Errors: [`Error::Internal`] when `data_dir/keys` cannot be written.
    pub fn beside(db: Db, log: Log, data_dir: &Path) -> Result<Self> {
        let tokens = token::Tokens::open(&data_dir.join("keys"))?;
        let pins = pin::Pins::open(&data_dir.join("keys"))?;
        let passwords = password::Passwords::new()?;
        let (standings, administered, limits) = Default::default();
        let parts = parts::Parts { db, log, tokens, passwords, pins, standings, administered, limits };
        Ok(Self { parts: Arc::new(parts) })
    }

    /// The secret with which the places where lists go on are signed: one for all processes on a database.
    pub async fn cursor_secret(&self) -> Result<Vec<u8>> {
        let mut tx = self.db.read().await?;
        let (secret,): (Vec<u8>,) = db::fetch_one!(&mut tx, "select secret from auth_cursor where one = 1")?;
        Ok(secret)
    }

    /// The journal behind the door, for reading: its head, its lines, a line's place.
    #[must_use]
    pub fn log(&self) -> &Log {
        &self.log
    }
}

/// Logs a cause that nobody foresaw, once, under the ticket that the screen shows.
fn unexpected(what: &str, cause: impl std::fmt::Display) -> Error {
    let ticket = Ticket::new();
    tracing::error!(ticket = ticket.0, %cause, "{what}");
    Error::Internal(ticket)
}

//! The bus: who hears of what the journal says, once and for all or as it happens.
//!
//! Two ways to hear. *Durable* ([`Bus::subscribe`]): the consequence of a line and the subscriber's cursor are stored
//! in one transaction, so each line takes effect once. *Live* ([`Bus::listen`]): from the table, then as it happens;
//! a slow listener is told to start anew, never skipped.
//!
//! Invariant: nobody but this crate knows the table `bus_cursor`.

mod listen;
mod subscribe;

pub use listen::{Heard, Listener};
pub use subscribe::Running;

use db::{Db, Tx};
use log::Log;
use model::Result;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::timeout;

/// How often the table is asked for a cursor that another process may move.
const CURSOR_LOOK: Duration = Duration::from_millis(20);

/// The bus. Cheap to clone.
#[derive(Clone)]
pub struct Bus {
    db: Db,
    log: Log,
    cursors: Arc<Mutex<HashMap<String, watch::Sender<i64>>>>,
}

impl Bus {
    /// A bus over this journal, which must have been [started](Log::start) for anything to be heard.
    #[must_use]
    pub fn new(db: Db, log: Log) -> Self {
        Self { db, log, cursors: Arc::default() }
    }

    /// Hears every line after `since`, in order, then each as it happens. `since` is 0 for the whole journal, or
    /// the `seq` up to which the listener knows.
    #[must_use]
    pub fn listen(&self, since: i64) -> Listener {
        Listener::new(&self.db, &self.log, since)
    }

    /// Waits until that subscriber has stored the consequences of every line up to `seq`, in whatever process.
    pub async fn caught_up(&self, subscriber: &str, seq: i64) {
        let mut known = self.known(subscriber).subscribe();
        loop {
            let here = known.wait_for(|cursor| *cursor >= seq);
            if timeout(CURSOR_LOOK, here).await.is_ok() {
                return;
            }
            if self.stored(subscriber).await.is_ok_and(|cursor| cursor >= seq) {
                return;
            }
        }
    }

    /// The last `seq` whose consequences that subscriber has stored, in this snapshot; 0 before the first.
    pub async fn cursor(&self, tx: &mut Tx, subscriber: &str) -> Result<i64> {
        let found: Option<(i64,)> =
            db::fetch_optional!(tx, "select seq from bus_cursor where subscriber = $1", subscriber)?;
        Ok(found.map_or(0, |(seq,)| seq))
    }

    async fn stored(&self, subscriber: &str) -> Result<i64> {
        let mut tx = self.db.glance().await?;
        self.cursor(&mut tx, subscriber).await
    }

    /// The cursor as this process last saw it.
    fn known(&self, subscriber: &str) -> watch::Sender<i64> {
        // Nothing in here panics half-way, so what a poisoned lock holds is whole.
        let mut cursors = self.cursors.lock().unwrap_or_else(PoisonError::into_inner);
        cursors.entry(subscriber.to_owned()).or_insert_with(|| watch::Sender::new(0)).clone()
    }
}

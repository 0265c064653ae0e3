//! PostgreSQL's sequencer: one process at a time gives committed lines their place in the order of the world.
//!
//! Each process runs one on a connection of its own. Who is in office seals; the others watch the head, so that
//! their follower hears of what was sealed, and stand for election several times a second.

mod term;
#[cfg(test)]
mod tests;

pub(crate) use term::is_vacant;

use crate::running::Stop;
use crate::{Line, Log};
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, PgConnection, Result};
use std::sync::Arc;
use std::time::{Duration, Instant};
use term::{Sealed, Term};
use tokio::sync::{mpsc, watch};
use tokio::time::{sleep, timeout};

/// How long a statement may take before its connection counts as lost.
const STATEMENT: Duration = Duration::from_secs(5);
/// How long to wait before connecting again; doubled with each failure …
const RECONNECT_FIRST: Duration = Duration::from_millis(100);
/// … up to this.
const RECONNECT_LAST: Duration = Duration::from_secs(2);
/// How often to stand for election.
const ELECTION: Duration = Duration::from_millis(200);
/// How often the holder shows a sign of life when there is nothing to seal.
const BEAT: Duration = Duration::from_millis(400);
/// How often to look when nothing happens.
const LOOK_IDLE: Duration = Duration::from_millis(20);
/// How often to look while there was work a moment ago, or while someone waits for a seal.
const LOOK_BUSY: Duration = Duration::from_millis(4);
/// How long "a moment ago" is.
const BUSY_FOR: Duration = Duration::from_secs(1);

pub(crate) struct Sequencer {
    log: Log,
    options: Arc<PgConnectOptions>,
    /// Wakes the holder when this process has committed something.
    committed: watch::Receiver<u64>,
    /// Where the holder hands over what it sealed.
    tell: mpsc::Sender<Vec<Arc<Line>>>,
    /// Where the others show the head that they saw.
    seen: watch::Sender<i64>,
    worked_at: Instant,
}

impl Sequencer {
    /// None on SQLite, whose writer seals by itself.
    pub(crate) fn new(log: &Log, tell: mpsc::Sender<Vec<Arc<Line>>>, seen: watch::Sender<i64>) -> Option<Self> {
        Some(Self {
            options: log.inner.db.postgres()?.connect_options(),
            log: log.clone(),
            committed: log.inner.db.committed(),
            tell,
            seen,
            worked_at: Instant::now(),
        })
    }

    pub(crate) async fn run(mut self, mut stop: Stop) {
        let mut retry = RECONNECT_FIRST;
        while !stop.is_asked() {
            let since = Instant::now();
            if let Err(error) = self.on_a_connection(&mut stop).await {
                tracing::warn!(%error, "the sequencer lost its connection and makes another");
                // Patient only with a database that stays away.
                retry = if since.elapsed() > RECONNECT_LAST { RECONNECT_FIRST } else { RECONNECT_LAST.min(retry * 2) };
                pause(retry, &mut stop).await;
            }
        }
    }

    async fn on_a_connection(&mut self, stop: &mut Stop) -> Result<()> {
        let mut conn = within(PgConnection::connect_with(&self.options)).await?;
        within(Term::prepare(&mut conn)).await?;
        while let Some(term) = self.follow(&mut conn, stop).await? {
            tracing::info!(?term, "this process seals the journal");
            self.lead(&mut conn, term, stop).await?;
        }
        conn.close().await
    }

    /// Watches another's work until the office is free; `None` when asked to stop.
    async fn follow(&mut self, conn: &mut PgConnection, stop: &mut Stop) -> Result<Option<Term>> {
        let mut stood_at = None;
        while !stop.is_asked() {
            if stood_at.is_none_or(|at: Instant| at.elapsed() >= ELECTION) {
                stood_at = Some(Instant::now());
                if let Some(term) = within(Term::elect(conn)).await? {
                    return Ok(Some(term));
                }
            }
            let head = within(term::head(conn)).await?;
            if self.seen.send_if_modified(|seen| std::mem::replace(seen, head) != head) {
                self.worked_at = Instant::now();
            }
            pause(self.look(), stop).await;
        }
        Ok(None)
    }

    /// Seals until somebody else is in office, or until asked to stop: then what is committed is still sealed.
    async fn lead(&mut self, conn: &mut PgConnection, mut term: Term, stop: &mut Stop) -> Result<()> {
        let mut beat_at = Instant::now();
        loop {
            let stops = stop.is_asked();
            self.committed.mark_unchanged();
            match within(term.seal(conn)).await? {
                Sealed::Lines(lines) => {
                    (self.worked_at, beat_at) = (Instant::now(), Instant::now());
                    // Only a stopped follower refuses them, and it reads them from the table next time.
                    let _stopped = self.tell.send(lines).await;
                }
                Sealed::Nothing if stops => return within(term.resign(conn)).await,
                Sealed::Nothing if beat_at.elapsed() >= BEAT => {
                    beat_at = Instant::now();
                    if !within(term.beat(conn)).await? {
                        break;
                    }
                }
                Sealed::Nothing => self.idle(stop).await,
                Sealed::Deposed => break,
            }
        }
        tracing::warn!("another process seals the journal now");
        Ok(())
    }

    /// Until this process commits something, or it is time to look for what others committed.
    async fn idle(&mut self, stop: &mut Stop) {
        let look = self.look();
        let woken = async {
            if self.committed.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            () = woken => {}
            () = sleep(look) => {}
            () = stop.asked() => {}
        }
    }

    fn look(&self) -> Duration {
        let is_busy = self.log.inner.live.is_awaited() || self.worked_at.elapsed() < BUSY_FOR;
        if is_busy { LOOK_BUSY } else { LOOK_IDLE }
    }
}

async fn pause(time: Duration, stop: &mut Stop) {
    // Either way we go on.
    let _asked = timeout(time, stop.asked()).await;
}

/// A connection that does not answer is lost.
async fn within<T>(statement: impl Future<Output = Result<T>>) -> Result<T> {
    timeout(STATEMENT, statement).await.unwrap_or(Err(sqlx::Error::PoolTimedOut))
}

//! SQLite's writer: acts take turns inside a shared transaction, each in a savepoint of its own, and are committed together.

use super::QUEUE;
use crate::batch::SqliteBatch;
use crate::{Error, Later, Memo, Result};
use sqlx::SqliteConnection;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::{Mutex, Notify, OwnedMutexGuard, OwnedSemaphorePermit, Semaphore, oneshot, watch};

/// How many acts share one commit at most.
const GROUP: usize = 64;

/// Opens an act.
const SAVEPOINT: &str = "savepoint act;\n";
/// Ends one.
const RELEASE: &str = "release act";

/// What the shared outer transaction is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outer {
    /// None is open.
    Closed,
    /// Open, between two acts.
    Open,
    /// Open, with the savepoint of an act inside that is done: released with whatever comes next.
    Done,
    /// Open, with an act's savepoint inside.
    InAct,
    /// A control statement was sent and its answer not seen: undo all of it.
    Unsure,
}

pub(super) struct Writer {
    pub(super) conn: SqliteConnection,
    outer: Outer,
    acts: usize,
    waiting: Vec<oneshot::Sender<Result<()>>>,
    committed: watch::Sender<u64>,
    acts_done: Arc<AtomicU64>,
    memo: Memo,
}

impl Writer {
    pub(super) fn new(conn: SqliteConnection, committed: watch::Sender<u64>, acts_done: Arc<AtomicU64>) -> Self {
        let waiting = Vec::with_capacity(GROUP);
        Self { conn, outer: Outer::Closed, acts: 0, waiting, committed, acts_done, memo: Memo::default() }
    }

    /// Sends one control statement; a caller that is cancelled half-way leaves `Unsure` behind.
    async fn control(&mut self, sql: &'static str, then: Outer) -> Result<()> {
        self.outer = Outer::Unsure;
        sqlx::query(sql).execute(&mut self.conn).await?;
        self.outer = then;
        Ok(())
    }

    async fn open_act(&mut self) -> Result<()> {
        self.undo_dropped().await;
        // One statement more is one more walk to the connection's thread and back.
        let open = match self.outer {
            Outer::Closed => "begin immediate; savepoint act",
            Outer::Done => "release act; savepoint act",
            Outer::Open | Outer::InAct | Outer::Unsure => SAVEPOINT,
        };
        self.control(open, Outer::InAct).await
    }

    /// Undoes the act that was dropped without a commit, if there is one.
    async fn undo_dropped(&mut self) {
        if self.outer == Outer::InAct {
            self.memo.clear();
            let undone = match self.control("rollback to act", Outer::InAct).await {
                Ok(()) => self.control("release act", Outer::Open).await,
                Err(error) => Err(error),
            };
            if let Err(error) = undone {
                // SQLite undoes the whole transaction by itself on some failures, such as a full disk.
                tracing::warn!(%error, "an act could not be undone alone");
            }
        }
        if self.outer == Outer::Unsure {
            self.give_up().await;
        }
    }

    /// Undoes the whole group; those who wait are told to send the same again.
    async fn give_up(&mut self) {
        if let Err(error) = sqlx::query("rollback").execute(&mut self.conn).await {
            tracing::debug!(%error, "nothing was left to roll back");
        }
        self.outer = Outer::Closed;
        self.acts = 0;
        self.memo.clear();
        for waiting in self.waiting.drain(..) {
            // A waiter that has gone does not need the answer.
            let _gone = waiting.send(Err(Error::Busy));
        }
    }

    /// Commits the group, if one is open, and tells those who wait.
    pub(super) async fn close_outer(&mut self) -> Result<()> {
        self.undo_dropped().await;
        if self.outer == Outer::Closed {
            return Ok(());
        }
        if let Err(error) = self.control("commit", Outer::Closed).await {
            let full = matches!(error, Error::Full);
            tracing::error!(%error, "a group of acts could not be committed");
            for waiting in self.waiting.drain(..) {
                let _gone = waiting.send(Err(if full { Error::Full } else { Error::Busy }));
            }
            self.give_up().await;
            return Err(error);
        }
        self.acts_done.fetch_add(self.acts as u64, Ordering::Relaxed);
        self.acts = 0;
        self.committed.send_modify(|count| *count += 1);
        for waiting in self.waiting.drain(..) {
            let _gone = waiting.send(Ok(()));
        }
        Ok(())
    }
}

/// Commits the group when the acts that waited behind it have had their turn.
///
/// The mutex is fair: whoever queued before this task asked is inside the group.
pub(super) async fn flush_when_asked(writer: Arc<Mutex<Writer>>, flush: Arc<Notify>) {
    loop {
        flush.notified().await;
        // Those who wait were told; the error was logged there.
        let _told = writer.lock().await.close_outer().await;
    }
}

/// Runs in a task of its own: a caller that hangs up would otherwise stop between a control statement and its answer,
/// and the whole group would have to be undone with it.
async fn to_its_end<T: Send + 'static>(work: impl Future<Output = Result<T>> + Send + 'static) -> Result<T> {
    tokio::spawn(work).await.unwrap_or(Err(Error::Busy))
}

/// A turn at the one writer: an act inside the shared transaction, in a savepoint of its own.
pub struct Turn {
    writer: Option<OwnedMutexGuard<Writer>>,
    permit: Option<OwnedSemaphorePermit>,
    queue: Arc<Semaphore>,
    flush: Arc<Notify>,
    /// The savepoint is still to be opened, inside the open transaction.
    unopened: bool,
    batch: Option<SqliteBatch>,
}

impl Turn {
    /// Waits for the writer and opens an act.
    pub(super) async fn take(
        writer: Arc<Mutex<Writer>>,
        permit: OwnedSemaphorePermit,
        queue: Arc<Semaphore>,
        flush: Arc<Notify>,
    ) -> Result<Self> {
        let writer = writer.lock_owned().await;
        // Behind an act that is released already the savepoint goes with the first statement.
        let unopened = writer.outer == Outer::Open;
        let mut turn = Self { writer: Some(writer), permit: Some(permit), queue, flush, unopened, batch: None };
        if unopened {
            return Ok(turn);
        }
        to_its_end(async move {
            turn.writer().open_act().await?;
            Ok(turn)
        })
        .await
    }

    fn writer(&mut self) -> &mut Writer {
        self.writer.as_mut().expect("a turn holds the writer until it ends")
    }

    /// What opens the act, if it is still closed, for whoever sends it with their statement: it is done first. Should
    /// it not be sent after all, undoing it fails, and the group is undone as a whole.
    pub(crate) fn opening(&mut self) -> &'static str {
        if !std::mem::take(&mut self.unopened) {
            return "";
        }
        self.writer().outer = Outer::InAct;
        SAVEPOINT
    }

    /// Opens the act, if it is still closed.
    pub(crate) async fn open(&mut self) -> Result<()> {
        let opening = self.opening();
        if !opening.is_empty() {
            sqlx::query(opening).execute(&mut self.writer().conn).await?;
        }
        Ok(())
    }

    pub(crate) fn later(&mut self) -> Later<'_> {
        let opening = if self.unopened { SAVEPOINT } else { "" };
        self.batch.get_or_insert_with(|| SqliteBatch::after(opening)).next()
    }

    /// Writes what was kept back.
    pub(crate) async fn settle(&mut self) -> Result<()> {
        self.send_batch("").await.map(|_sent| ())
    }

    /// Sends what was kept back, if anything was, and this at its end.
    async fn send_batch(&mut self, end: &'static str) -> Result<bool> {
        let Some(batch) = self.batch.take() else { return Ok(false) };
        // It holds what opens the act.
        self.opening();
        batch.send(&mut self.writer().conn, end).await?;
        Ok(true)
    }

    pub(crate) fn conn(&mut self) -> &mut SqliteConnection {
        &mut self.writer().conn
    }

    pub(crate) fn memo(&mut self) -> &mut Memo {
        &mut self.writer().memo
    }

    pub(crate) async fn commit(self) -> Result<()> {
        to_its_end(self.commit_here()).await
    }

    async fn commit_here(mut self) -> Result<()> {
        if self.send_batch(RELEASE).await? {
            self.writer().outer = Outer::Open;
        }
        let mut writer = self.writer.take().expect("a turn holds the writer until it ends");
        if writer.outer == Outer::InAct {
            // A commit of the group keeps what is in its savepoints; nothing undoes this one any more but the whole group.
            writer.outer = Outer::Done;
        }
        let (told, answer) = oneshot::channel();
        writer.waiting.push(told);
        writer.acts += 1;
        self.permit.take();
        let nobody_waits = self.queue.available_permits() == QUEUE;
        if nobody_waits || writer.acts >= GROUP {
            // The answer comes through the channel, as for the others of the group.
            let _told = writer.close_outer().await;
        } else {
            self.flush.notify_one();
        }
        drop(writer);
        answer.await.unwrap_or(Err(Error::Busy))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        // The next turn, or the flusher, undoes what was done; here nothing can be awaited.
        if let Some(mut writer) = self.writer.take() {
            if self.batch.is_some() {
                // What was to be written is remembered, and never was.
                writer.memo.clear();
            }
            self.flush.notify_one();
        }
    }
}

//! SQLite's writer: acts take turns inside a shared transaction, each in a savepoint of its own, and are committed
//! together. Acts that only add rows share a savepoint too: while it is written, others prepare theirs.

use super::QUEUE;
use crate::batch::SqliteBatch;
use crate::{Error, Memo, Result};
use sqlx::SqliteConnection;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::{Mutex, Notify, OwnedMutexGuard, OwnedSemaphorePermit, Semaphore, oneshot, watch};

/// How many acts share one commit at most.
pub(super) const GROUP: usize = 64;

/// Opens an act.
pub(super) const SAVEPOINT: &str = "savepoint act;\n";
/// Ends one.
pub(super) const RELEASE: &str = "release act";
/// Ends the whole group.
const COMMIT: &str = "commit";

/// What the shared outer transaction is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outer {
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

/// What every act has in hand from its first moment to its last, even while the connection is busy.
#[derive(Default)]
pub(super) struct Front {
    pub(super) memo: Memo,
    /// An act had the memo in hand, and did not end: what it remembers may never have been.
    pub(super) doubtful: bool,
    /// Acts that are done but for the writing of their rows.
    pub(super) ready: Vec<Ready>,
}

/// An act whose rows wait to be written.
pub(super) struct Ready {
    pub(super) rows: SqliteBatch,
    pub(super) told: oneshot::Sender<Result<()>>,
    /// It counts as waiting until then.
    pub(super) _permit: OwnedSemaphorePermit,
}

impl Front {
    /// What was remembered, and what was made of it and is not written yet, is not true.
    pub(super) fn undo(&mut self) {
        self.memo.clear();
        self.doubtful = false;
        for Ready { told, .. } in self.ready.drain(..) {
            // A waiter that has gone does not need the answer.
            let _gone = told.send(Err(Error::Busy));
        }
    }
}

pub(super) struct Writer {
    pub(super) conn: SqliteConnection,
    pub(super) outer: Outer,
    pub(super) acts: usize,
    pub(super) waiting: Vec<oneshot::Sender<Result<()>>>,
    committed: watch::Sender<u64>,
    acts_done: Arc<AtomicU64>,
    /// Something was undone that the front believes to be written.
    pub(super) undone: bool,
}

impl Writer {
    pub(super) fn new(conn: SqliteConnection, committed: watch::Sender<u64>, acts_done: Arc<AtomicU64>) -> Self {
        let waiting = Vec::with_capacity(GROUP);
        Self { conn, outer: Outer::Closed, acts: 0, waiting, committed, acts_done, undone: false }
    }

    /// Sends one control statement; a caller that is cancelled half-way leaves `Unsure` behind.
    async fn control(&mut self, sql: &'static str, then: Outer) -> Result<()> {
        self.outer = Outer::Unsure;
        sqlx::query(sql).execute(&mut self.conn).await?;
        self.outer = then;
        Ok(())
    }

    pub(super) async fn open_act(&mut self) -> Result<()> {
        self.control(self.opening(), Outer::InAct).await
    }

    /// What opens an act. One statement more is one more walk to the connection's thread and back.
    fn opening(&self) -> &'static str {
        match self.outer {
            Outer::Closed => "begin immediate;\nsavepoint act;\n",
            Outer::Done => "release act;\nsavepoint act;\n",
            Outer::Open | Outer::InAct | Outer::Unsure => SAVEPOINT,
        }
    }

    /// Undoes the act that was dropped without a commit, if there is one.
    async fn undo_dropped(&mut self) {
        if self.outer == Outer::InAct {
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
        self.undone = true;
        for waiting in self.waiting.drain(..) {
            // A waiter that has gone does not need the answer.
            let _gone = waiting.send(Err(Error::Busy));
        }
    }

    /// Writes the rows of several acts as those of one, and commits them if told so. When that fails nobody knows by
    /// whose row: all of them are undone and told that they may try again.
    pub(super) async fn write_together(&mut self, ready: Vec<Ready>, end: &'static str) {
        if ready.is_empty() {
            return;
        }
        let (mut rows, mut waiting) = (SqliteBatch::default(), Vec::with_capacity(ready.len()));
        for act in ready {
            rows.join(act.rows);
            waiting.push(act.told);
        }
        let opening = self.opening();
        self.outer = Outer::InAct;
        if let Err(error) = rows.send(&mut self.conn, opening, end).await {
            tracing::debug!(%error, acts = waiting.len(), "acts are undone because of one among them");
            self.undo_dropped().await;
            self.undone = true;
            for told in waiting {
                let _gone = told.send(Err(Error::Busy));
            }
            return;
        }
        self.acts += waiting.len();
        self.waiting.append(&mut waiting);
        if end == COMMIT {
            self.tell_committed();
        } else {
            self.outer = Outer::Open;
        }
    }

    /// Commits the group, if one is open, and tells those who wait.
    pub(super) async fn close_outer(&mut self) -> Result<()> {
        self.undo_dropped().await;
        if self.outer == Outer::Closed {
            return Ok(());
        }
        if let Err(error) = self.control(COMMIT, Outer::Closed).await {
            let full = matches!(error, Error::Full);
            tracing::error!(%error, "a group of acts could not be committed");
            for waiting in self.waiting.drain(..) {
                let _gone = waiting.send(Err(if full { Error::Full } else { Error::Busy }));
            }
            self.give_up().await;
            return Err(error);
        }
        self.tell_committed();
        Ok(())
    }

    fn tell_committed(&mut self) {
        self.outer = Outer::Closed;
        self.acts_done.fetch_add(self.acts as u64, Ordering::Relaxed);
        self.acts = 0;
        self.committed.send_modify(|count| *count += 1);
        for waiting in self.waiting.drain(..) {
            let _gone = waiting.send(Ok(()));
        }
    }
}

/// The way to the writer. Whoever wants both locks takes the front first.
pub(super) struct Desk {
    pub(super) front: Arc<Mutex<Front>>,
    writer: Arc<Mutex<Writer>>,
    pub(super) queue: Arc<Semaphore>,
    pub(super) flush: Notify,
}

impl Desk {
    pub(super) fn new(writer: Writer) -> Self {
        let queue = Arc::new(Semaphore::new(QUEUE));
        Self { front: Arc::default(), writer: Arc::new(Mutex::new(writer)), queue, flush: Notify::new() }
    }

    /// How many acts have not ended yet.
    pub(super) fn waiting(&self) -> usize {
        QUEUE.saturating_sub(self.queue.available_permits())
    }

    /// The writer, once all that was ready is on disk.
    pub(super) async fn settled(&self) -> Result<OwnedMutexGuard<Writer>> {
        let mut front = self.front.clone().lock_owned().await;
        let (mut writer, _sound) = self.writer_of(&mut front).await;
        writer.write_together(std::mem::take(&mut front.ready), COMMIT).await;
        writer.close_outer().await?;
        Ok(writer)
    }

    /// The writer, with no dropped act inside, and whether what the front believes of it is true; what was not is forgotten now.
    pub(super) async fn writer_of(&self, front: &mut Front) -> (OwnedMutexGuard<Writer>, bool) {
        let mut writer = self.writer.clone().lock_owned().await;
        writer.undo_dropped().await;
        let sound = !std::mem::take(&mut writer.undone);
        if !sound {
            front.undo();
        }
        (writer, sound)
    }
}

/// Commits the group when the acts that waited behind it have had their turn.
pub(super) async fn flush_when_asked(desk: Arc<Desk>) {
    loop {
        desk.flush.notified().await;
        // Not with the front in hand: while the connection is busy, others make their acts ready.
        drop(desk.writer.lock().await);
        let mut front = desk.front.lock().await;
        let (mut writer, _sound) = desk.writer_of(&mut front).await;
        let ready = std::mem::take(&mut front.ready);
        drop(front);
        writer.write_together(ready, COMMIT).await;
        // Acts that had the connection may be left. Those who wait were told; the error was logged there.
        let _told = writer.close_outer().await;
    }
}

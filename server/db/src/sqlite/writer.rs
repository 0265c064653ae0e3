//! SQLite's writer: acts take turns inside a shared transaction, each in a savepoint of its own, and are committed
//! together. Acts that only add rows share a savepoint too: while it is written, others prepare theirs.

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
/// Ends the whole group.
const COMMIT: &str = "commit";

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

/// What every act has in hand from its first moment to its last, even while the connection is busy.
#[derive(Default)]
struct Front {
    memo: Memo,
    /// An act had the memo in hand, and did not end: what it remembers may never have been.
    doubtful: bool,
    /// Acts that are done but for the writing of their rows.
    ready: Vec<Ready>,
}

/// An act whose rows wait to be written.
struct Ready {
    rows: SqliteBatch,
    told: oneshot::Sender<Result<()>>,
    /// It counts as waiting until then.
    _permit: OwnedSemaphorePermit,
}

impl Front {
    /// What was remembered, and what was made of it and is not written yet, is not true.
    fn undo(&mut self) {
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
    outer: Outer,
    acts: usize,
    waiting: Vec<oneshot::Sender<Result<()>>>,
    committed: watch::Sender<u64>,
    acts_done: Arc<AtomicU64>,
    /// Something was undone that the front believes to be written.
    undone: bool,
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

    async fn open_act(&mut self) -> Result<()> {
        self.undo_dropped().await;
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
    async fn write_together(&mut self, ready: Vec<Ready>, end: &'static str) {
        if ready.is_empty() {
            return;
        }
        let (mut rows, mut waiting) = (SqliteBatch::default(), Vec::with_capacity(ready.len()));
        for act in ready {
            rows.join(act.rows);
            waiting.push(act.told);
        }
        self.undo_dropped().await;
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
    async fn close_outer(&mut self) -> Result<()> {
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
    front: Arc<Mutex<Front>>,
    writer: Arc<Mutex<Writer>>,
    queue: Arc<Semaphore>,
    flush: Notify,
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

    /// The writer, and whether what the front believes of it is true; what was not is forgotten now.
    async fn writer_of(&self, front: &mut Front) -> (OwnedMutexGuard<Writer>, bool) {
        let mut writer = self.writer.clone().lock_owned().await;
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

/// Runs in a task of its own: a caller that hangs up would otherwise stop between a control statement and its answer,
/// and the whole group would have to be undone with it.
async fn to_its_end<T: Send + 'static>(work: impl Future<Output = Result<T>> + Send + 'static) -> Result<T> {
    tokio::spawn(work).await.unwrap_or(Err(Error::Busy))
}

/// A turn at the one writer: an act inside the shared transaction, in a savepoint of its own.
pub struct Turn {
    desk: Arc<Desk>,
    hold: Option<Hold>,
    permit: Option<OwnedSemaphorePermit>,
    rows: SqliteBatch,
}

/// What a turn keeps from others.
struct Hold {
    front: OwnedMutexGuard<Front>,
    /// None until something is asked of the connection.
    writer: Option<OwnedMutexGuard<Writer>>,
    /// The savepoint is still to be opened, inside the open transaction.
    unopened: bool,
}

impl Hold {
    /// Takes the connection and opens the act. [`Error::Busy`] when what it remembered turns out to be undone.
    async fn with_writer(mut self, desk: Arc<Desk>) -> Result<Self> {
        let remembers = self.front.doubtful;
        let (mut writer, mut sound) = desk.writer_of(&mut self.front).await;
        writer.write_together(std::mem::take(&mut self.front.ready), RELEASE).await;
        if std::mem::take(&mut writer.undone) {
            self.front.undo();
            sound = false;
        }
        if remembers && !sound {
            return Err(Error::Busy);
        }
        // Behind an act that is released already the savepoint goes with the first statement.
        self.unopened = writer.outer == Outer::Open;
        if !self.unopened {
            writer.open_act().await?;
        }
        self.writer = Some(writer);
        Ok(self)
    }
}

impl Turn {
    /// Waits until it is its turn.
    pub(super) async fn take(desk: Arc<Desk>) -> Result<Self> {
        let permit = desk.queue.clone().try_acquire_owned().map_err(|_| Error::Busy)?;
        let mut front = desk.front.clone().lock_owned().await;
        if std::mem::take(&mut front.doubtful) {
            front.memo.clear();
        }
        let hold = Hold { front, writer: None, unopened: false };
        Ok(Self { desk, hold: Some(hold), permit: Some(permit), rows: SqliteBatch::default() })
    }

    /// Takes the connection, if it is not taken yet, and opens the act. Errors: as for [`Hold::with_writer`], once and
    /// then always.
    pub(crate) async fn claim(&mut self) -> Result<()> {
        if self.has_writer() {
            return Ok(());
        }
        let hold = self.hold.take().ok_or(Error::Busy)?;
        self.hold = Some(to_its_end(hold.with_writer(self.desk.clone())).await?);
        Ok(())
    }

    fn has_writer(&self) -> bool {
        self.hold.as_ref().is_some_and(|hold| hold.writer.is_some())
    }

    fn writer(&mut self) -> &mut Writer {
        let writer = self.hold.as_mut().and_then(|hold| hold.writer.as_mut());
        writer.expect("the connection is claimed before it is used")
    }

    /// What opens the act, if it is still closed, for whoever sends it with their statement: it is done first. Should
    /// it not be sent after all, undoing it fails, and the group is undone as a whole.
    pub(crate) fn opening(&mut self) -> &'static str {
        if !self.hold.as_mut().is_some_and(|hold| std::mem::take(&mut hold.unopened)) {
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
        Later::Sqlite(&mut self.rows)
    }

    /// Writes what was kept back.
    pub(crate) async fn settle(&mut self) -> Result<()> {
        self.send_rows("").await.map(|_sent| ())
    }

    /// Sends what was kept back, if anything was, and this at its end.
    async fn send_rows(&mut self, end: &'static str) -> Result<bool> {
        if self.rows.is_empty() {
            return Ok(false);
        }
        self.claim().await?;
        let opening = self.opening();
        std::mem::take(&mut self.rows).send(&mut self.writer().conn, opening, end).await?;
        Ok(true)
    }

    pub(crate) fn conn(&mut self) -> &mut SqliteConnection {
        &mut self.writer().conn
    }

    /// None after a failure.
    pub(crate) fn memo(&mut self) -> Option<&mut Memo> {
        let front = &mut self.hold.as_mut()?.front;
        front.doubtful = true;
        Some(&mut front.memo)
    }

    pub(crate) async fn commit(self) -> Result<()> {
        if self.has_writer() { to_its_end(self.commit_alone()).await } else { self.commit_together().await }
    }

    /// Lets the rows be written with those of others. [`Error::Busy`] when one of all these rows is refused.
    async fn commit_together(mut self) -> Result<()> {
        let mut hold = self.hold.take().ok_or(Error::Busy)?;
        let permit = self.permit.take().ok_or(Error::Busy)?;
        let (told, answer) = oneshot::channel();
        hold.front.ready.push(Ready { rows: std::mem::take(&mut self.rows), told, _permit: permit });
        hold.front.doubtful = false;
        drop(hold);
        self.desk.flush.notify_one();
        answer.await.unwrap_or(Err(Error::Busy))
    }

    async fn commit_alone(mut self) -> Result<()> {
        if self.send_rows(RELEASE).await? {
            self.writer().outer = Outer::Open;
        }
        let Some(Hold { mut front, writer: Some(mut writer), .. }) = self.hold.take() else {
            return Err(Error::Busy);
        };
        if writer.outer == Outer::InAct {
            // A commit of the group keeps what is in its savepoints; nothing undoes this one any more but the whole group.
            writer.outer = Outer::Done;
        }
        front.doubtful = false;
        drop(front);
        let (told, answer) = oneshot::channel();
        writer.waiting.push(told);
        writer.acts += 1;
        self.permit.take();
        if self.desk.waiting() == 0 || writer.acts >= GROUP {
            // The answer comes through the channel, as for the others of the group.
            let _told = writer.close_outer().await;
        } else {
            self.desk.flush.notify_one();
        }
        drop(writer);
        answer.await.unwrap_or(Err(Error::Busy))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if self.hold.take().is_some() {
            // The next turn, or the flusher, undoes what was done; here nothing can be awaited.
            self.desk.flush.notify_one();
        }
    }
}

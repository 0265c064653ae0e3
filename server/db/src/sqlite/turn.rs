//! One act's turn at SQLite: what it keeps from others, and how it ends.

use super::writer::{Desk, Front, GROUP, Outer, RELEASE, Ready, SAVEPOINT, Writer};
use crate::batch::SqliteBatch;
use crate::{Error, Later, Memo, Result};
use sqlx::SqliteConnection;
use std::sync::Arc;
use tokio::sync::{OwnedMutexGuard, OwnedSemaphorePermit, oneshot};

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

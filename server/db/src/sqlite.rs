//! SQLite: one writer that commits in groups, readers beside it, and a lock against a second process.

use crate::{Error, Result};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, SqliteConnection, SqlitePool};
use std::fs::{File, TryLockError};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, Notify, OwnedMutexGuard, OwnedSemaphorePermit, Semaphore, oneshot, watch};

/// The corruption bug of the write-ahead log lives in 3.7.0 to 3.51.2.
const OLDEST: (u32, u32, u32) = (3, 51, 3);
/// How many acts may wait for the writer; one more is told [`Error::Busy`].
const QUEUE: usize = 1_024;
/// How many acts share one commit at most.
const GROUP: usize = 64;

/// One file.
#[derive(Clone)]
pub struct Sqlite {
    inner: Arc<Inner>,
}

struct Inner {
    writer: Arc<Mutex<Writer>>,
    queue: Arc<Semaphore>,
    flush: Arc<Notify>,
    flusher: tokio::task::JoinHandle<()>,
    readers: SqlitePool,
    committed: watch::Sender<u64>,
    _lock: File,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.flusher.abort();
    }
}

impl Sqlite {
    pub(crate) async fn open(path: &Path) -> Result<Self> {
        let lock = lock(path)?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5))
            .pragma("journal_size_limit", "67108864")
            .statement_cache_capacity(500);
        let mut conn = SqliteConnection::connect_with(&options).await?;
        check_version(&mut conn).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(4)
            .acquire_timeout(Duration::from_secs(5))
            .connect_lazy_with(options.read_only(true).create_if_missing(false).pragma("query_only", "1"));
        let committed = watch::Sender::new(0);
        let writer = Writer {
            conn,
            outer: Outer::Closed,
            acts: 0,
            waiting: Vec::with_capacity(GROUP),
            committed: committed.clone(),
        };
        let writer = Arc::new(Mutex::new(writer));
        let flush = Arc::new(Notify::new());
        let flusher = tokio::spawn(flush_when_asked(writer.clone(), flush.clone()));
        let queue = Arc::new(Semaphore::new(QUEUE));
        Ok(Self { inner: Arc::new(Inner { writer, queue, flush, flusher, readers, committed, _lock: lock }) })
    }

    pub(crate) async fn migrate(&self) -> Result<()> {
        let mut writer = self.inner.writer.lock().await;
        writer.close_outer().await?;
        sqlx::migrate!("../../migrations/sqlite").run(&mut writer.conn).await?;
        Ok(())
    }

    pub(crate) async fn begin(&self) -> Result<Turn> {
        let permit = self.inner.queue.clone().try_acquire_owned().map_err(|_| Error::Busy)?;
        let (writer, queue, flush) = (self.inner.writer.clone(), self.inner.queue.clone(), self.inner.flush.clone());
        let turn = async move {
            let mut writer = writer.lock_owned().await;
            writer.open_act().await?;
            Ok(Turn { writer: Some(writer), permit: Some(permit), queue, flush })
        };
        to_its_end(turn).await
    }

    pub(crate) async fn read(&self) -> Result<sqlx::Transaction<'static, sqlx::Sqlite>> {
        Ok(self.inner.readers.begin().await?)
    }

    pub(crate) fn committed(&self) -> watch::Receiver<u64> {
        self.inner.committed.subscribe()
    }

    pub(crate) async fn close(&self) {
        self.inner.readers.close().await;
        let mut writer = self.inner.writer.lock().await;
        let folded = match writer.close_outer().await {
            Ok(()) => {
                sqlx::query("pragma wal_checkpoint(truncate)").execute(&mut writer.conn).await.map_err(Error::from)
            }
            Err(error) => Err(error),
        };
        if let Err(error) = folded {
            tracing::warn!(%error, "the log could not be folded into the file; the next start does it");
        }
    }
}

/// Holds `<file>.lock` for as long as the process lives.
fn lock(path: &Path) -> Result<File> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let file = File::create(&name).map_err(|cause| Error::Unfit(format!("{}: {cause}", name.display())))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            Err(Error::Unfit(format!("another storeroom process holds {}; stop it first", path.display())))
        }
        Err(TryLockError::Error(cause)) => Err(Error::Unfit(format!("{}: {cause}", name.display()))),
    }
}

async fn check_version(conn: &mut SqliteConnection) -> Result<()> {
    let (version,): (String,) = sqlx::query_as("select sqlite_version()").fetch_one(conn).await?;
    let mut parts = version.split('.').map(|part| part.parse().unwrap_or(0));
    let mut next = || parts.next().unwrap_or(0);
    if (next(), next(), next()) < OLDEST {
        return Err(Error::Unfit(format!("SQLite {version} can corrupt its log: 3.51.3 or newer is needed")));
    }
    Ok(())
}

/// What the shared outer transaction is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outer {
    /// None is open.
    Closed,
    /// Open, between two acts.
    Open,
    /// Open, with an act's savepoint inside.
    InAct,
    /// A control statement was sent and its answer not seen: undo all of it.
    Unsure,
}

struct Writer {
    conn: SqliteConnection,
    outer: Outer,
    acts: usize,
    waiting: Vec<oneshot::Sender<Result<()>>>,
    committed: watch::Sender<u64>,
}

impl Writer {
    /// Sends one control statement; a caller that is cancelled half-way leaves `Unsure` behind.
    async fn control(&mut self, sql: &'static str, then: Outer) -> Result<()> {
        self.outer = Outer::Unsure;
        sqlx::query(sql).execute(&mut self.conn).await?;
        self.outer = then;
        Ok(())
    }

    async fn open_act(&mut self) -> Result<()> {
        self.undo_dropped().await;
        if self.outer == Outer::Closed {
            self.control("begin immediate", Outer::Open).await?;
        }
        self.control("savepoint act", Outer::InAct).await
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
        for waiting in self.waiting.drain(..) {
            // A waiter that has gone does not need the answer.
            let _gone = waiting.send(Err(Error::Busy));
        }
    }

    /// Commits the group, if one is open, and tells those who wait.
    async fn close_outer(&mut self) -> Result<()> {
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
async fn flush_when_asked(writer: Arc<Mutex<Writer>>, flush: Arc<Notify>) {
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
}

impl Turn {
    pub(crate) fn conn(&mut self) -> &mut SqliteConnection {
        &mut self.writer.as_mut().expect("a turn holds the writer until it ends").conn
    }

    pub(crate) async fn commit(self) -> Result<()> {
        to_its_end(self.commit_here()).await
    }

    async fn commit_here(mut self) -> Result<()> {
        let mut writer = self.writer.take().expect("a turn holds the writer until it ends");
        let released = writer.control("release act", Outer::Open).await;
        if let Err(error) = released {
            writer.undo_dropped().await;
            return Err(error);
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
        if self.writer.take().is_some() {
            self.flush.notify_one();
        }
    }
}

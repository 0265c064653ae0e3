//! SQLite: one file, its one writer, readers beside it, and a lock against a second process.

mod fold;
mod turn;
mod writer;

use crate::{Error, Load, Result};
use sqlx::migrate::Migrator;
use sqlx::pool::PoolConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, SqliteConnection, SqlitePool};
use std::fs::{File, TryLockError};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::watch;
pub use turn::Turn;
use writer::{Desk, Writer};

pub(crate) static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/sqlite");

/// The corruption bug of the write-ahead log lives in 3.7.0 to 3.51.2.
const OLDEST: (u32, u32, u32) = (3, 51, 3);
/// How many acts may wait for the writer; one more is told [`Error::Busy`].
const QUEUE: usize = 1_024;

/// One file.
#[derive(Clone)]
pub struct Sqlite {
    inner: Arc<Inner>,
}

struct Inner {
    desk: Arc<Desk>,
    /// They commit groups, and fold the log; they end with this.
    tasks: Vec<tokio::task::JoinHandle<()>>,
    readers: SqlitePool,
    committed: watch::Sender<u64>,
    acts: Arc<AtomicU64>,
    /// None beside another process, where nothing is written.
    _lock: Option<File>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

impl Sqlite {
    pub(crate) async fn open(path: &Path) -> Result<Self> {
        let lock = lock(path)?;
        let options = SqliteConnectOptions::new()
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .pragma("journal_size_limit", "134217728")
            .pragma("wal_autocheckpoint", fold::TOO_LONG);
        Self::with(path, options, Some(lock)).await
    }

    /// Beside the process that serves it: for looking at.
    pub(crate) async fn open_beside(path: &Path) -> Result<Self> {
        Self::with(path, SqliteConnectOptions::new().read_only(true), None).await
    }

    async fn with(path: &Path, options: SqliteConnectOptions, lock: Option<File>) -> Result<Self> {
        let options = options
            .filename(path)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5))
            .pragma("temp_store", "memory")
            .statement_cache_capacity(500);
        // Indexes of random keys are written all over: those pages stay in memory, at most 32 MiB of them.
        let mut conn = SqliteConnection::connect_with(&options.clone().pragma("cache_size", "-32768")).await?;
        check_version(&mut conn).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(4)
            .acquire_timeout(Duration::from_secs(5))
            // A file does not hang up.
            .test_before_acquire(false)
            .connect_lazy_with(options.clone().read_only(true).create_if_missing(false).pragma("query_only", "1"));
        let (committed, acts) = (watch::Sender::new(0), Arc::<AtomicU64>::default());
        let desk = Arc::new(Desk::new(Writer::new(conn, committed.clone(), acts.clone())));
        let mut tasks = vec![tokio::spawn(writer::flush_when_asked(desk.clone()))];
        if lock.is_some() {
            let conn = SqliteConnection::connect_with(&options).await?;
            tasks.push(tokio::spawn(fold::fold_when_long(conn, desk.clone(), committed.subscribe())));
        }
        Ok(Self { inner: Arc::new(Inner { desk, tasks, readers, committed, acts, _lock: lock }) })
    }

    /// A copy of the file as it is at this moment.
    pub(crate) async fn copy(&self, to: &Path) -> Result<()> {
        let to = to.to_str().ok_or_else(|| Error::Unfit("the copy's path is no text".to_owned()))?;
        let mut writer = self.inner.desk.settled().await?;
        sqlx::query("vacuum into $1").bind(to).execute(&mut writer.conn).await?;
        Ok(())
    }

    pub(crate) fn load(&self) -> Load {
        Load {
            waiting: self.inner.desk.waiting() as u64,
            acts: self.inner.acts.load(Ordering::Relaxed),
            commits: *self.inner.committed.borrow(),
        }
    }

    pub(crate) async fn migrate(&self) -> Result<()> {
        let mut writer = self.inner.desk.settled().await?;
        MIGRATIONS.run(&mut writer.conn).await?;
        Ok(())
    }

    pub(crate) async fn begin(&self) -> Result<Turn> {
        let mut turn = self.begin_among_others().await?;
        turn.claim().await?;
        Ok(turn)
    }

    pub(crate) async fn begin_among_others(&self) -> Result<Turn> {
        Turn::take(self.inner.desk.clone()).await
    }

    pub(crate) async fn read(&self) -> Result<sqlx::Transaction<'static, sqlx::Sqlite>> {
        Ok(self.inner.readers.begin().await?)
    }

    pub(crate) async fn glance(&self) -> Result<PoolConnection<sqlx::Sqlite>> {
        Ok(self.inner.readers.acquire().await?)
    }

    pub(crate) fn committed(&self) -> watch::Receiver<u64> {
        self.inner.committed.subscribe()
    }

    pub(crate) async fn close(&self) {
        self.inner.readers.close().await;
        if self.inner._lock.is_none() {
            return;
        }
        let folded = match self.inner.desk.settled().await {
            Ok(mut writer) => {
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

//! The database: one handle for two engines, transactions, and the macros through which all SQL goes.

mod error;
mod macros;
mod postgres;
mod sqlite;
pub mod test;

pub use error::{Error, Result};
pub use macros::ROWS_MAX;
pub use sqlx;

use sqlx::{PgConnection, PgPool, SqliteConnection};
use std::path::Path;
use tokio::sync::watch;

/// Which engine is behind a handle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// The embedded file.
    Sqlite,
    /// A server that several processes share.
    Postgres,
}

/// The database. Cheap to clone.
#[derive(Clone)]
pub enum Db {
    /// One file, one writer, group commit.
    Sqlite(sqlite::Sqlite),
    /// A pool of connections.
    Postgres(postgres::Postgres),
}

impl Db {
    /// Opens (or makes) the SQLite file. Fails when another process holds it or when the engine is too old.
    pub async fn open_sqlite(path: &Path) -> Result<Self> {
        Ok(Self::Sqlite(sqlite::Sqlite::open(path).await?))
    }

    /// Connects to PostgreSQL 15 or newer.
    pub async fn open_postgres(url: &str) -> Result<Self> {
        Ok(Self::Postgres(postgres::Postgres::open(url).await?))
    }

    /// Brings the tables up to date.
    pub async fn migrate(&self) -> Result<()> {
        match self {
            Self::Sqlite(sqlite) => sqlite.migrate().await,
            Self::Postgres(postgres) => postgres.migrate().await,
        }
    }

    /// Which engine this is.
    #[must_use]
    pub fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    /// A write transaction. [`Error::Busy`] when too many wait already.
    ///
    /// Invariant: only Auth (for an act) and Bus (for a consequence) call this.
    pub async fn begin(&self) -> Result<Tx> {
        match self {
            Self::Sqlite(sqlite) => Ok(Tx::SqliteAct(sqlite.begin().await?)),
            Self::Postgres(postgres) => postgres.begin().await,
        }
    }

    /// A read-only snapshot; dropping it ends it.
    pub async fn read(&self) -> Result<Tx> {
        match self {
            Self::Sqlite(sqlite) => Ok(Tx::SqliteRead(sqlite.read().await?)),
            Self::Postgres(postgres) => postgres.read().await,
        }
    }

    /// Counts the durable commits of this process; wakes whoever waits for news.
    #[must_use]
    pub fn committed(&self) -> watch::Receiver<u64> {
        match self {
            Self::Sqlite(sqlite) => sqlite.committed(),
            Self::Postgres(postgres) => postgres.committed(),
        }
    }

    /// The pool behind PostgreSQL, for the sequencer's own connection.
    #[must_use]
    pub fn postgres(&self) -> Option<&PgPool> {
        match self {
            Self::Sqlite(_) => None,
            Self::Postgres(postgres) => Some(postgres.pool()),
        }
    }

    /// Ends all connections; SQLite's log is folded into its file.
    pub async fn close(&self) {
        match self {
            Self::Sqlite(sqlite) => sqlite.close().await,
            Self::Postgres(postgres) => postgres.pool().close().await,
        }
    }
}

/// A transaction. Dropping it undoes everything.
pub enum Tx {
    /// A turn at SQLite's one writer.
    SqliteAct(sqlite::Turn),
    /// A snapshot of SQLite.
    SqliteRead(sqlx::Transaction<'static, sqlx::Sqlite>),
    /// Either, on PostgreSQL.
    Postgres(postgres::PgTx),
}

/// The connection inside a transaction; only the macros look at it.
pub enum Conn<'a> {
    /// SQLite's.
    Sqlite(&'a mut SqliteConnection),
    /// PostgreSQL's.
    Postgres(&'a mut PgConnection),
}

impl Tx {
    /// Which engine this is.
    #[must_use]
    pub fn engine(&self) -> Engine {
        match self {
            Self::SqliteAct(_) | Self::SqliteRead(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    /// The connection; for the macros.
    pub fn conn(&mut self) -> Conn<'_> {
        match self {
            Self::SqliteAct(turn) => Conn::Sqlite(turn.conn()),
            Self::SqliteRead(tx) => Conn::Sqlite(&mut *tx),
            Self::Postgres(tx) => Conn::Postgres(tx.conn()),
        }
    }

    /// Keeps others from writing to a table until this transaction ends. SQLite has one writer anyway.
    pub async fn alone(&mut self, table: &'static str) -> Result<()> {
        if let Conn::Postgres(conn) = self.conn() {
            let lock = format!("lock table {table} in exclusive mode");
            sqlx::query(sqlx::AssertSqlSafe(lock)).execute(conn).await?;
        }
        Ok(())
    }

    /// Lets this transaction take as long as it needs: for a look at everything.
    pub async fn patient(&mut self) -> Result<()> {
        if let Conn::Postgres(conn) = self.conn() {
            sqlx::query("set local statement_timeout = 0").execute(conn).await?;
        }
        Ok(())
    }

    /// Makes it true; returns when it is on disk.
    pub async fn commit(self) -> Result<()> {
        match self {
            Self::SqliteAct(turn) => turn.commit().await,
            Self::SqliteRead(tx) => Ok(tx.rollback().await?),
            Self::Postgres(tx) => tx.commit().await,
        }
    }
}

//! The database: one handle for two engines, transactions, and the macros through which all SQL goes.

mod backup;
mod batch;
mod error;
mod macros;
mod memo;
mod postgres;
mod sqlite;
pub mod test;

pub use backup::{Snapshot, check_dump, restore_postgres};
pub use batch::Later;
pub use error::{Error, Result};
pub use macros::{ROWS_MAX, as_few};
pub use memo::Memo;
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

    /// The same for an act that, as a rule, only adds rows to what it remembers ([`insert_later!`], [`Tx::memo`]): on SQLite
    /// such acts are written together. One whose row is there already undoes those beside it: they are told
    /// [`Error::Busy`], as it is itself, and are to be done again with [`Db::begin`], which tells each its own outcome.
    ///
    /// Invariant: as for [`Db::begin`].
    pub async fn begin_among_others(&self) -> Result<Tx> {
        match self {
            Self::Sqlite(sqlite) => Ok(Tx::SqliteAct(sqlite.begin_among_others().await?)),
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

    /// A connection for one statement, which is a snapshot of its own: cheaper than [`Db::read`], which is for several
    /// statements that must see the same.
    pub async fn glance(&self) -> Result<Tx> {
        match self {
            Self::Sqlite(sqlite) => Ok(Tx::SqliteGlance(sqlite.glance().await?)),
            Self::Postgres(postgres) => Ok(Tx::PostgresGlance(postgres.glance().await?)),
        }
    }

    /// Writes next to nothing, and returns when it is on disk: whether this database takes acts at this moment.
    ///
    /// A queue that is full is no fault of the disk: then others write.
    pub async fn prove(&self) -> Result<()> {
        let mut tx = match self.begin().await {
            Err(Error::Busy) => return Ok(()),
            tx => tx?,
        };
        match tx.ready().await? {
            // Nobody reads that number, and writing it writes a page.
            Conn::Sqlite(conn) => {
                sqlx::query("pragma user_version = 1").execute(conn).await?;
            }
            // A transaction with a number of its own is written down when it commits; one that is to read only has one too.
            Conn::Postgres(conn) => {
                let number = "select cast(pg_current_xact_id() as text), current_setting('transaction_read_only')";
                let (_, read_only): (String, String) = sqlx::query_as(number).fetch_one(conn).await?;
                if read_only == "on" {
                    return Err(Error::Unfit("PostgreSQL lets nothing be written".to_owned()));
                }
            }
        }
        tx.commit().await
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

    /// Has PostgreSQL look how much there is, after a great deal came at once: until its own look, a minute later or more,
    /// it plans as if the tables were empty, and a list of ten thousand items takes longer than a request may. SQLite's
    /// plans do not go by it.
    pub async fn measure(&self) -> Result<()> {
        if let Self::Postgres(postgres) = self {
            sqlx::raw_sql("analyze").execute(postgres.pool()).await?;
        }
        Ok(())
    }

    /// How much there is to do, and how much was done, for whoever watches the process.
    #[must_use]
    pub fn load(&self) -> Load {
        match self {
            Self::Sqlite(sqlite) => sqlite.load(),
            Self::Postgres(postgres) => postgres.load(),
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

/// How much there is to do, and how much was done since the process started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// Acts that wait for their turn, or have it (SQLite); connections in use (PostgreSQL).
    pub waiting: u64,
    /// Acts that were committed.
    pub acts: u64,
    /// Durable commits; on SQLite several acts may share one.
    pub commits: u64,
}

/// A transaction. Dropping it undoes everything.
pub enum Tx {
    /// A turn at SQLite's one writer.
    SqliteAct(sqlite::Turn),
    /// A snapshot of SQLite.
    SqliteRead(sqlx::Transaction<'static, sqlx::Sqlite>),
    /// One statement on SQLite.
    SqliteGlance(sqlx::pool::PoolConnection<sqlx::Sqlite>),
    /// A turn or a snapshot, on PostgreSQL.
    Postgres(postgres::PgTx),
    /// One statement on PostgreSQL.
    PostgresGlance(sqlx::pool::PoolConnection<sqlx::Postgres>),
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
            Self::SqliteAct(_) | Self::SqliteRead(_) | Self::SqliteGlance(_) => Engine::Sqlite,
            Self::Postgres(_) | Self::PostgresGlance(_) => Engine::Postgres,
        }
    }

    /// The connection, once what was kept back is written; for the macros.
    pub async fn ready(&mut self) -> Result<Conn<'_>> {
        self.settle().await?;
        if let Self::SqliteAct(turn) = self {
            turn.claim().await?;
            turn.open().await?;
        }
        Ok(self.conn())
    }

    /// The same for a statement whose rows nobody counts: it carries along what opens the act, if anything does.
    pub async fn ready_with(&mut self) -> Result<(&'static str, Conn<'_>)> {
        self.settle().await?;
        let opening = match self {
            Self::SqliteAct(turn) => {
                turn.claim().await?;
                turn.opening()
            }
            _ => "",
        };
        Ok((opening, self.conn()))
    }

    /// Where an act keeps an insert back; for [`insert_later!`].
    pub fn later(&mut self, head: &'static str) -> Later<'_> {
        match self {
            Self::SqliteAct(turn) => turn.later(),
            Self::Postgres(tx) => tx.later(head),
            Self::SqliteRead(_) | Self::SqliteGlance(_) | Self::PostgresGlance(_) => unreachable!("only an act writes"),
        }
    }

    /// Would an insert that begins so be done in no particular order with one that is kept back already?
    #[must_use]
    pub fn is_unordered_with(&self, head: &str) -> bool {
        matches!(self, Self::Postgres(tx) if tx.keeps_back(head))
    }

    /// Writes what was kept back. [`Error::Duplicate`] when one of the rows is there already: the act is then to be
    /// dropped.
    pub async fn settle(&mut self) -> Result<()> {
        match self {
            Self::SqliteAct(turn) => turn.settle().await,
            Self::Postgres(tx) => tx.settle().await,
            Self::SqliteRead(_) | Self::SqliteGlance(_) | Self::PostgresGlance(_) => Ok(()),
        }
    }

    fn conn(&mut self) -> Conn<'_> {
        match self {
            Self::SqliteAct(turn) => Conn::Sqlite(turn.conn()),
            Self::SqliteRead(tx) => Conn::Sqlite(&mut *tx),
            Self::SqliteGlance(conn) => Conn::Sqlite(&mut *conn),
            Self::Postgres(tx) => Conn::Postgres(tx.conn()),
            Self::PostgresGlance(conn) => Conn::Postgres(&mut *conn),
        }
    }

    /// What is known of the rows, where one writer writes them all. It is empty after an act was undone. `None` for
    /// readers and on PostgreSQL, where others write too.
    pub fn memo(&mut self) -> Option<&mut Memo> {
        match self {
            Self::SqliteAct(turn) => turn.memo(),
            _ => None,
        }
    }

    /// Keeps others from writing to a table until this transaction ends. SQLite has one writer anyway.
    pub async fn alone(&mut self, table: &'static str) -> Result<()> {
        if let Self::Postgres(tx) = self {
            let lock = format!("lock table {table} in exclusive mode");
            sqlx::query(sqlx::AssertSqlSafe(lock)).execute(tx.conn()).await?;
        }
        Ok(())
    }

    /// Waits for whoever took the same id so, and then has it until this transaction ends: for what rows that are never
    /// changed are about. SQLite has one writer anyway.
    pub async fn take_turn(&mut self, id: uuid::Uuid) -> Result<()> {
        if let Self::Postgres(tx) = self {
            // Two ids with the same half wait for each other for nothing.
            let (_, half) = id.as_u64_pair();
            sqlx::query("select pg_advisory_xact_lock($1)").bind(half.cast_signed()).execute(tx.conn()).await?;
        }
        Ok(())
    }

    /// Lets this transaction take as long as it needs: for a look at everything.
    pub async fn patient(&mut self) -> Result<()> {
        if let Self::Postgres(tx) = self {
            sqlx::query("set local statement_timeout = 0").execute(tx.conn()).await?;
        }
        Ok(())
    }

    /// Makes it true; returns when it is on disk. Errors as for [`Tx::settle`].
    pub async fn commit(self) -> Result<()> {
        match self {
            Self::SqliteAct(turn) => turn.commit().await,
            Self::SqliteRead(tx) => Ok(tx.rollback().await?),
            Self::Postgres(tx) => tx.commit().await,
            Self::SqliteGlance(_) | Self::PostgresGlance(_) => Ok(()),
        }
    }
}

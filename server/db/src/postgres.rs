//! PostgreSQL: a pool whose connections never wait for ever.

use crate::batch::PostgresBatch;
use crate::{Error, Later, Load, Result, Tx};
use sqlx::migrate::Migrator;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection, PgConnection, PgPool, Postgres as Pg, Transaction};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

pub(crate) static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/postgres");

/// The oldest version that we test against.
const OLDEST: i32 = 150_000;

/// A connection that rested longer may have been closed by the other side.
const RESTED: Duration = Duration::from_millis(500);

/// A pool on one database.
#[derive(Clone)]
pub struct Postgres {
    pool: PgPool,
    committed: Arc<watch::Sender<u64>>,
}

impl Postgres {
    pub(crate) async fn open(url: &str) -> Result<Self> {
        // A statement over many rows has one text for each number of them.
        let options = PgConnectOptions::from_str(url)?.statement_cache_capacity(300);
        let options = options.application_name("storeroom").options([
            ("lock_timeout", "5s"),
            ("statement_timeout", "60s"),
            ("idle_in_transaction_session_timeout", "10s"),
            // To start a second process takes longer than a page of any list, and others wait for that core.
            ("max_parallel_workers_per_gather", "0"),
            // A table that is read from where somebody else is in it shows another thousand first each time.
            ("synchronize_seqscans", "off"),
        ]);
        let pool = PgPoolOptions::new()
            .max_connections(20)
            .acquire_timeout(Duration::from_secs(5))
            // Only a connection that rested is asked whether it is still there: the question costs a round trip.
            .test_before_acquire(false)
            .before_acquire(|conn, meta| {
                Box::pin(async move {
                    if meta.idle_for > RESTED {
                        conn.ping().await?;
                    }
                    Ok(true)
                })
            })
            .connect_with(options)
            .await?;
        let (version,): (i32,) =
            sqlx::query_as("select cast(current_setting('server_version_num') as integer)").fetch_one(&pool).await?;
        if version < OLDEST {
            return Err(Error::Unfit(format!("PostgreSQL {version} is too old: 15 or newer is needed")));
        }
        Ok(Self { pool, committed: Arc::new(watch::Sender::new(0)) })
    }

    pub(crate) async fn migrate(&self) -> Result<()> {
        Ok(MIGRATIONS.run(&self.pool).await?)
    }

    pub(crate) async fn begin(&self) -> Result<Tx> {
        let pool = self.pool.clone();
        let tx = to_its_end(async move { pool.begin().await }).await?;
        Ok(Tx::Postgres(PgTx { tx, batch: None, committed: self.committed.clone() }))
    }

    pub(crate) async fn read(&self) -> Result<Tx> {
        let pool = self.pool.clone();
        let begin = "begin isolation level repeatable read read only";
        let tx = to_its_end(async move { pool.begin_with(begin).await }).await?;
        Ok(Tx::Postgres(PgTx { tx, batch: None, committed: self.committed.clone() }))
    }

    pub(crate) async fn glance(&self) -> Result<PoolConnection<Pg>> {
        Ok(self.pool.acquire().await?)
    }

    pub(crate) fn pool(&self) -> &PgPool {
        &self.pool
    }

    pub(crate) fn load(&self) -> Load {
        let idle = u32::try_from(self.pool.num_idle()).unwrap_or(u32::MAX);
        let commits = *self.committed.borrow();
        Load { waiting: self.pool.size().saturating_sub(idle).into(), acts: commits, commits }
    }

    pub(crate) fn committed(&self) -> watch::Receiver<u64> {
        self.committed.subscribe()
    }
}

/// Runs in a task of its own: sqlx 0.9.0 can hand back a connection inside an open transaction when a begin was
/// cancelled, so none is.
async fn to_its_end<T: Send + 'static>(work: impl Future<Output = sqlx::Result<T>> + Send + 'static) -> Result<T> {
    match tokio::spawn(work).await {
        Ok(done) => Ok(done?),
        Err(_) => Err(Error::Busy),
    }
}

/// A transaction that tells this process when it became true.
pub struct PgTx {
    tx: Transaction<'static, Pg>,
    batch: Option<PostgresBatch>,
    committed: Arc<watch::Sender<u64>>,
}

impl PgTx {
    pub(crate) fn conn(&mut self) -> &mut PgConnection {
        &mut self.tx
    }

    pub(crate) fn later(&mut self, head: &'static str) -> Later<'_> {
        self.batch.get_or_insert_default().next(head)
    }

    pub(crate) fn keeps_back(&self, head: &str) -> bool {
        self.batch.as_ref().is_some_and(|batch| batch.holds(head))
    }

    /// Writes what was kept back.
    pub(crate) async fn settle(&mut self) -> Result<()> {
        match self.batch.take() {
            Some(batch) => batch.send(&mut self.tx).await,
            None => Ok(()),
        }
    }

    pub(crate) async fn commit(mut self) -> Result<()> {
        self.settle().await?;
        self.tx.commit().await?;
        self.committed.send_modify(|count| *count += 1);
        Ok(())
    }
}

//! PostgreSQL: a pool whose connections never wait for ever.

use crate::{Error, Result, Tx};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Executor, PgConnection, PgPool, Postgres as Pg, Transaction};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// The oldest version that we test against.
const OLDEST: i32 = 150_000;

/// A pool on one database.
#[derive(Clone)]
pub struct Postgres {
    pool: PgPool,
    committed: Arc<watch::Sender<u64>>,
}

impl Postgres {
    pub(crate) async fn open(url: &str) -> Result<Self> {
        let options = PgConnectOptions::from_str(url)?.application_name("storeroom").options([
            ("lock_timeout", "5s"),
            ("statement_timeout", "60s"),
            ("idle_in_transaction_session_timeout", "10s"),
            // The rollback below warns each time that there is nothing to roll back.
            ("client_min_messages", "error"),
        ]);
        let pool = PgPoolOptions::new()
            .max_connections(20)
            .acquire_timeout(Duration::from_secs(5))
            // sqlx 0.9.0 can hand back a connection inside an open transaction when a begin was cancelled.
            .after_release(|conn, _| Box::pin(async move { conn.execute("rollback").await.map(|_| true) }))
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
        Ok(sqlx::migrate!("../../migrations/postgres").run(&self.pool).await?)
    }

    pub(crate) async fn begin(&self) -> Result<Tx> {
        let tx = self.pool.begin().await?;
        Ok(Tx::Postgres(PgTx { tx, committed: self.committed.clone() }))
    }

    pub(crate) async fn read(&self) -> Result<Tx> {
        let tx = self.pool.begin_with("begin isolation level repeatable read read only").await?;
        Ok(Tx::Postgres(PgTx { tx, committed: self.committed.clone() }))
    }

    pub(crate) fn pool(&self) -> &PgPool {
        &self.pool
    }

    pub(crate) fn committed(&self) -> watch::Receiver<u64> {
        self.committed.subscribe()
    }
}

/// A transaction that tells this process when it became true.
pub struct PgTx {
    tx: Transaction<'static, Pg>,
    committed: Arc<watch::Sender<u64>>,
}

impl PgTx {
    pub(crate) fn conn(&mut self) -> &mut PgConnection {
        &mut self.tx
    }

    pub(crate) async fn commit(self) -> Result<()> {
        self.tx.commit().await?;
        self.committed.send_modify(|count| *count += 1);
        Ok(())
    }
}

//! One sequencer's term of office: elected in one statement, fenced in every other.
//!
//! Election is a compare-and-swap on the row `log_head`: whoever raises `term` may seal, and each of its statements
//! asks for that very term. The office is free when its holder's backend is gone (a killed process), or when
//! its last sign of life is older than [`LEASE_MICROS`] (a paused one, which keeps its connection and would keep
//! an advisory lock too: that is why there is none). No statement of a term spans a round trip, so a paused
//! holder never leaves a row locked behind, and a woken one touches 0 rows.

use crate::line::{Content, Line};
use crate::{Log, chain};
use sqlx::{Executor, PgConnection, Result};
use std::sync::Arc;

/// A holder without a sign of life for that long has lost its office, by the database's clock.
pub(crate) const LEASE_MICROS: i64 = 1_500_000;
/// How many lines are sealed at once.
pub(crate) const BATCH: i64 = 500;

/// The right to seal, until somebody raises the term.
#[derive(Debug)]
pub(crate) struct Term {
    number: i64,
    seq: i64,
    hash: Vec<u8>,
}

/// What came of an attempt to seal.
#[derive(Debug)]
pub(crate) enum Sealed {
    /// These lines, in order.
    Lines(Vec<Arc<Line>>),
    /// There was nothing to seal.
    Nothing,
    /// Somebody else is in office; nothing was touched.
    Deposed,
}

#[derive(sqlx::FromRow)]
struct Unsealed {
    ordinal: i64,
    #[sqlx(flatten)]
    content: Content,
}

impl Term {
    /// Prepares a connection of its own: the unsealed lines are found by their index, whatever the statistics say.
    pub(crate) async fn prepare(conn: &mut PgConnection) -> Result<()> {
        conn.execute("set enable_seqscan = off; set enable_bitmapscan = off; set enable_sort = off").await?;
        Ok(())
    }

    /// Takes the office if it is free.
    pub(crate) async fn elect(conn: &mut PgConnection) -> Result<Option<Self>> {
        let elected: Option<(i64, i64, Vec<u8>)> = sqlx::query_as(
            "update log_head set term = term + 1, leader = pg_backend_pid(),
                 beat_at = cast(extract(epoch from clock_timestamp()) * 1000000 as bigint)
             where one = 1 and (
                 abs(cast(extract(epoch from clock_timestamp()) * 1000000 as bigint) - beat_at) > $1
                 or not exists (select 1 from pg_stat_activity where pid = log_head.leader)
             )
             returning term, seq, hash",
        )
        .bind(LEASE_MICROS)
        .fetch_optional(conn)
        .await?;
        Ok(elected.map(|(number, seq, hash)| Self { number, seq, hash }))
    }

    /// Seals the oldest unsealed lines, at most [`BATCH`].
    pub(crate) async fn seal(&mut self, conn: &mut PgConnection) -> Result<Sealed> {
        let unsealed: Vec<Unsealed> = sqlx::query_as(
            "select ordinal, id, at, topic, subject, store, principal, actor, device, request_id, body
             from log_journal where seq is null order by ordinal limit $1",
        )
        .bind(BATCH)
        .fetch_all(&mut *conn)
        .await?;
        if unsealed.is_empty() {
            return Ok(Sealed::Nothing);
        }
        self.stamp(conn, unsealed).await
    }

    async fn stamp(&mut self, conn: &mut PgConnection, unsealed: Vec<Unsealed>) -> Result<Sealed> {
        let mut stamps = Stamps::default();
        let mut lines = Vec::with_capacity(unsealed.len());
        let (mut seq, mut hash) = (self.seq, self.hash.clone());
        for Unsealed { ordinal, content } in unsealed {
            seq += 1;
            let next = chain::hash(&hash, seq, &content).to_vec();
            stamps.push(ordinal, seq, std::mem::replace(&mut hash, next.clone()), next);
            lines.push(Arc::new(Line::new(seq, content)));
        }
        let touched = stamps.write(conn, self.number, self.seq, seq, &hash).await?;
        match touched {
            0 => Ok(Sealed::Deposed),
            all if all == lines.len() as u64 => {
                (self.seq, self.hash) = (seq, hash);
                Ok(Sealed::Lines(lines))
            }
            some => Err(sqlx::Error::Protocol(format!("{some} of {} lines were sealed", lines.len()))),
        }
    }

    /// A sign of life; false when somebody else is in office.
    pub(crate) async fn beat(&self, conn: &mut PgConnection) -> Result<bool> {
        let touched = sqlx::query(
            "update log_head set beat_at = cast(extract(epoch from clock_timestamp()) * 1000000 as bigint)
             where one = 1 and term = $1",
        )
        .bind(self.number)
        .execute(conn)
        .await?
        .rows_affected();
        Ok(touched == 1)
    }

    /// Leaves the office, so that the next one need not wait for the lease to end.
    pub(crate) async fn resign(self, conn: &mut PgConnection) -> Result<()> {
        sqlx::query("update log_head set beat_at = 0 where one = 1 and term = $1")
            .bind(self.number)
            .execute(conn)
            .await?;
        Ok(())
    }
}

/// The seals of a batch, column by column.
#[derive(Default)]
struct Stamps {
    ordinals: Vec<i64>,
    seqs: Vec<i64>,
    prev_hashes: Vec<Vec<u8>>,
    hashes: Vec<Vec<u8>>,
}

impl Stamps {
    fn push(&mut self, ordinal: i64, seq: i64, prev_hash: Vec<u8>, hash: Vec<u8>) {
        self.ordinals.push(ordinal);
        self.seqs.push(seq);
        self.prev_hashes.push(prev_hash);
        self.hashes.push(hash);
    }

    /// Moves the head and fills the seals in one statement: both or, when the term is another's, neither.
    async fn write(&self, conn: &mut PgConnection, term: i64, from: i64, to: i64, hash: &[u8]) -> Result<u64> {
        let done = sqlx::query(
            "with head as (
                 update log_head set seq = $3, hash = $4,
                     beat_at = cast(extract(epoch from clock_timestamp()) * 1000000 as bigint)
                 where one = 1 and term = $1 and seq = $2
                 returning one
             )
             update log_journal as line set seq = seal.seq, prev_hash = seal.prev_hash, hash = seal.hash
             from head, unnest($5, $6, $7, $8) as seal (ordinal, seq, prev_hash, hash)
             where line.ordinal = seal.ordinal and line.seq is null",
        )
        .bind(term)
        .bind(from)
        .bind(to)
        .bind(hash)
        .bind(&self.ordinals)
        .bind(&self.seqs)
        .bind(&self.prev_hashes)
        .bind(&self.hashes)
        .execute(conn)
        .await?;
        Ok(done.rows_affected())
    }
}

/// The last sealed `seq`, as another's work shows it.
pub(crate) async fn head(conn: &mut PgConnection) -> Result<i64> {
    sqlx::query_scalar("select seq from log_head where one = 1").fetch_one(conn).await
}

/// Is nobody in office who could seal? By the same clock and lease as the election.
pub(crate) async fn is_vacant(log: &Log) -> Result<bool> {
    let Some(pool) = log.inner.db.postgres() else { return Ok(false) };
    sqlx::query_scalar(
        "select abs(cast(extract(epoch from clock_timestamp()) * 1000000 as bigint) - beat_at) > $1
         from log_head where one = 1",
    )
    .bind(LEASE_MICROS)
    .fetch_one(pool)
    .await
}

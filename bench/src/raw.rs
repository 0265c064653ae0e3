//! What the engines themselves do on this machine: the figures that ours are set beside.

use crate::Outcome;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection};
use std::process::Stdio;
use std::time::{Duration, Instant};
use tokio::process::Command;

/// SQLite, write-ahead log, `synchronous=full`: inserts per second of one small row, so many in a commit.
pub async fn sqlite_inserts(per_commit: u32, seconds: u64) -> Outcome<f64> {
    let folder = tempfile::tempdir()?;
    let mut conn = SqliteConnectOptions::new()
        .filename(folder.path().join("raw.db"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .connect()
        .await?;
    sqlx::query("create table sale (id integer primary key, item integer, quantity integer)")
        .execute(&mut conn)
        .await?;
    let (start, mut count) = (Instant::now(), 0_u32);
    while start.elapsed() < Duration::from_secs(seconds) {
        if per_commit > 1 {
            sqlx::query("begin immediate").execute(&mut conn).await?;
        }
        for _ in 0..per_commit {
            sqlx::query("insert into sale (item, quantity) values ($1, $2)")
                .bind(i64::from(count % 1_000))
                .bind(1_i64)
                .execute(&mut conn)
                .await?;
            count += 1;
        }
        if per_commit > 1 {
            sqlx::query("commit").execute(&mut conn).await?;
        }
    }
    let rate = f64::from(count) / start.elapsed().as_secs_f64();
    conn.close().await?;
    Ok(rate)
}

/// Makes pgbench's tables, for a million accounts.
pub async fn pgbench_tables(url: &str) -> Outcome {
    let made = pgbench_on(url, &["-i", "-q", "-s", "10"]).stdout(Stdio::null()).status().await?;
    if made.success() { Ok(()) } else { Err("pgbench could not make its tables".into()) }
}

/// pgbench's TPC-B on that database, transactions per second.
pub async fn pgbench(url: &str, clients: usize, seconds: u64) -> Outcome<f64> {
    let (clients, seconds) = (clients.to_string(), seconds.to_string());
    let words = ["-n", "-M", "prepared", "-c", &clients, "-j", "2", "-T", &seconds];
    let done = pgbench_on(url, &words).output().await?;
    let text = String::from_utf8(done.stdout)?;
    let rate = text.lines().find_map(|line| line.strip_prefix("tps = ")).and_then(|line| line.split(' ').next());
    Ok(rate.ok_or("pgbench printed no rate")?.parse()?)
}

/// Debian keeps it beside the server's other programs, and has a link to it on the PATH.
fn pgbench_on(url: &str, words: &[&str]) -> Command {
    let mut command = Command::new("pgbench");
    command.args(words).arg(url).stdin(Stdio::null()).stderr(Stdio::null());
    command
}

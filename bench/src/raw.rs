//! What the engines themselves do on this machine: the figures that ours are set beside.

use crate::Outcome;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};
use tokio::process::Command;

/// SQLite, write-ahead log, `synchronous=full`: inserts per second, each in a commit of its own.
pub async fn sqlite_commits(seconds: u64) -> Outcome<f64> {
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
        sqlx::query("insert into sale (item, quantity) values ($1, $2)")
            .bind(i64::from(count % 1_000))
            .bind(1_i64)
            .execute(&mut conn)
            .await?;
        count += 1;
    }
    let rate = f64::from(count) / start.elapsed().as_secs_f64();
    conn.close().await?;
    Ok(rate)
}

/// pgbench's TPC-B on that database, transactions per second.
pub async fn pgbench(url: &str, clients: usize, seconds: u64) -> Outcome<f64> {
    let bin = pgbench_bin();
    let run = |words: Vec<String>| {
        let mut command = Command::new(&bin);
        command.args(words).arg(url).stdin(Stdio::null()).stderr(Stdio::null());
        command
    };
    let texts = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let made = run(texts(&["-i", "-q", "-s", "10"])).stdout(Stdio::null()).status().await?;
    if !made.success() {
        return Err("pgbench could not make its tables".into());
    }
    let (clients, seconds) = (clients.to_string(), seconds.to_string());
    let done = run(texts(&["-n", "-M", "prepared", "-c", &clients, "-j", "2", "-T", &seconds])).output().await?;
    let text = String::from_utf8(done.stdout)?;
    let rate = text.lines().find_map(|line| line.strip_prefix("tps = ")).and_then(|line| line.split(' ').next());
    Ok(rate.ok_or("pgbench printed no rate")?.parse()?)
}

fn pgbench_bin() -> String {
    let debian = "/usr/lib/postgresql/15/bin/pgbench";
    if Path::new(debian).exists() { debian.to_owned() } else { "pgbench".to_owned() }
}

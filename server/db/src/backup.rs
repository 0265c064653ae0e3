//! Copies of a database that is in use: SQLite's by the engine itself, PostgreSQL's by its own tools.

use crate::{Conn, Db, Engine, Error, Result, Tx};
use std::path::Path;
use std::process::{Output, Stdio};
use tokio::process::Command;

/// A moment of a database that a copy is made of.
pub struct Snapshot {
    /// What is read in here is what the copy holds (PostgreSQL).
    pub tx: Tx,
    name: String,
}

impl Db {
    /// Opens an SQLite file beside the process that serves it, for looking at: whatever writes is refused.
    pub async fn open_sqlite_beside(path: &Path) -> Result<Self> {
        Ok(Self::Sqlite(crate::sqlite::Sqlite::open_beside(path).await?))
    }

    /// Writes a copy of the SQLite file as it is at this moment, while others go on writing.
    pub async fn copy_sqlite(&self, to: &Path) -> Result<()> {
        match self {
            Self::Sqlite(sqlite) => sqlite.copy(to).await,
            Self::Postgres(_) => Err(Error::Unfit("this is no SQLite file".to_owned())),
        }
    }

    /// A moment of a PostgreSQL database that [`Self::dump_postgres`] then copies; it stays open meanwhile.
    pub async fn snapshot(&self) -> Result<Snapshot> {
        let mut tx = self.read().await?;
        let mut name = String::new();
        if let Conn::Postgres(conn) = tx.conn() {
            sqlx::query("set local idle_in_transaction_session_timeout = 0").execute(&mut *conn).await?;
            (name,) = sqlx::query_as("select pg_export_snapshot()").fetch_one(conn).await?;
        }
        Ok(Snapshot { tx, name })
    }

    /// Copies that moment into a file, in PostgreSQL's own format, with `pg_dump`.
    pub async fn dump_postgres(&self, snapshot: &Snapshot, url: &str, to: &Path) -> Result<()> {
        let mut dump = tool("pg_dump", url);
        dump.args(["--format=custom", "--no-owner", "--no-privileges"]);
        dump.arg(format!("--snapshot={}", snapshot.name)).arg("--file").arg(to);
        done("pg_dump", dump.output().await)
    }

    /// Is there nothing in this database yet?
    pub async fn is_empty(&self) -> Result<bool> {
        let mut tx = self.read().await?;
        let (tables,): (i64,) = match self.engine() {
            Engine::Sqlite => crate::fetch_one!(&mut tx, "select count(*) from sqlite_schema")?,
            Engine::Postgres => {
                crate::fetch_one!(&mut tx, "select count(*) from pg_tables where schemaname = current_schema()")?
            }
        };
        Ok(tables == 0)
    }
}

/// Fills an empty PostgreSQL database from a file that [`Db::dump_postgres`] wrote.
pub async fn restore_postgres(url: &str, from: &Path) -> Result<()> {
    let mut restore = tool("pg_restore", url);
    restore.args(["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]).arg(from);
    done("pg_restore", restore.output().await)
}

/// Can that file be read by `pg_restore`?
pub async fn check_dump(file: &Path) -> Result<()> {
    done("pg_restore", Command::new("pg_restore").arg("--list").arg(file).stdin(Stdio::null()).output().await)
}

/// A tool of PostgreSQL on that database. The password travels in its environment: arguments are everybody's to read.
fn tool(name: &str, url: &str) -> Command {
    let (url, password) = without_password(url);
    let mut tool = Command::new(name);
    tool.arg("--dbname").arg(url).arg("--no-password").stdin(Stdio::null());
    if let Some(password) = password {
        tool.env("PGPASSWORD", password);
    }
    tool
}

fn done(name: &str, output: std::io::Result<Output>) -> Result<()> {
    match output {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(Error::Unfit(format!("{name}: {}", String::from_utf8_lossy(&output.stderr).trim()))),
        Err(cause) => Err(Error::Unfit(format!("{name} cannot run ({cause}): install PostgreSQL's client programs"))),
    }
}

/// `postgres://ann:secret@host/name` → `postgres://ann@host/name` and `secret`.
fn without_password(url: &str) -> (String, Option<String>) {
    let parts = url.split_once("://").and_then(|(scheme, rest)| {
        let (who, place) = rest.split_once('@')?;
        let (name, password) = who.split_once(':')?;
        Some((format!("{scheme}://{name}@{place}"), plain(password)))
    });
    parts.map_or_else(|| (url.to_owned(), None), |(url, password)| (url, Some(password)))
}

/// Without percent signs.
fn plain(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let pair = after.get(..2).filter(|_| *first == b'%').and_then(|pair| std::str::from_utf8(pair).ok());
        let coded = pair.and_then(|pair| u8::from_str_radix(pair, 16).ok());
        bytes.push(coded.unwrap_or(*first));
        rest = if coded.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_taken_out_of_the_address() {
        let taken = without_password("postgres://ann:p%40ss@db.example/shop");
        assert_eq!(taken, ("postgres://ann@db.example/shop".to_owned(), Some("p@ss".to_owned())));
    }

    #[test]
    fn an_address_without_one_stays_as_it_is() {
        for url in ["postgres://ann@db.example/shop", "postgres://db.example/shop", "postgres://db:5432/shop"] {
            assert_eq!(without_password(url), (url.to_owned(), None), "{url}");
        }
    }
}

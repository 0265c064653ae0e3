//! For the tests of every module: a story on each engine, in a fresh database.

use crate::{Db, postgres, sqlite};
use sqlx::migrate::Migrator;
use sqlx::{Connection, Executor, PgConnection};
use std::hash::{Hash, Hasher};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use uuid::Uuid;

/// Tells a story on SQLite, then on PostgreSQL, each in a fresh migrated database.
///
/// PostgreSQL is the one of `TEST_POSTGRES_URL`, or one that is started here under a temporary folder and ends with
/// the process. Without PostgreSQL the story fails: it is never skipped.
pub async fn on_each(story: impl AsyncFn(Db)) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    on_sqlite(folder.path(), &story).await;
    let url = migrated_postgres().await;
    let db = Db::open_postgres(&url).await.expect("PostgreSQL opens");
    story(db.clone()).await;
    db.close().await;
    drop_database(&url).await;
}

async fn on_sqlite(folder: &Path, story: &impl AsyncFn(Db)) {
    let file = folder.join("storeroom.db");
    std::fs::copy(migrated_sqlite().await, &file).expect("a copy is made");
    let db = Db::open_sqlite(&file).await.expect("SQLite opens");
    story(db.clone()).await;
    db.close().await;
}

/// A migrated database beside the test's executable, to be copied: more than half of a short test was its migrations.
/// Whoever comes first makes it.
async fn migrated_sqlite() -> PathBuf {
    let executable = std::env::current_exe().expect("a test has an executable");
    let made = executable.with_file_name(format!("migrated-{}.db", edition(&sqlite::MIGRATIONS)));
    if !made.exists() {
        let folder = tempfile::tempdir_in(made.parent().expect("a folder")).expect("a temporary folder");
        let file = folder.path().join("storeroom.db");
        let db = Db::open_sqlite(&file).await.expect("SQLite opens");
        db.migrate().await.expect("SQLite migrates");
        db.close().await;
        // In one step, since tests are processes that run side by side.
        std::fs::rename(file, &made).expect("it gets its name");
    }
    made
}

/// The URL of a new database that is migrated: PostgreSQL's copy of one that whoever comes first makes there.
async fn migrated_postgres() -> String {
    let base = server_url();
    let mut conn = PgConnection::connect(&format!("{base}/postgres")).await.expect("the test's PostgreSQL answers");
    let made = format!("migrated_{}", edition(&postgres::MIGRATIONS));
    // Tests are processes that run side by side: one makes it, the others wait.
    conn.execute("select pg_advisory_lock(1)").await.expect("a lock");
    let known = sqlx::query("select 1 from pg_database where datname = $1").bind(&made);
    if known.fetch_optional(&mut conn).await.expect("readable").is_none() {
        let url = fresh_postgres().await;
        let db = Db::open_postgres(&url).await.expect("PostgreSQL opens");
        db.migrate().await.expect("PostgreSQL migrates");
        db.close().await;
        let (_, name) = url.rsplit_once('/').expect("a URL with a database");
        conn.execute(sqlx::AssertSqlSafe(format!("alter database {name} rename to {made}"))).await.expect("renamed");
    }
    conn.execute("select pg_advisory_unlock(1)").await.expect("unlocked");
    let name = format!("t{}", Uuid::now_v7().simple());
    conn.execute(sqlx::AssertSqlSafe(format!("create database {name} template {made}"))).await.expect("a copy is made");
    conn.close().await.expect("the connection closes");
    format!("{base}/{name}")
}

/// Says which tables these migrations make.
fn edition(migrations: &Migrator) -> String {
    let mut hasher = std::hash::DefaultHasher::new();
    migrations.iter().for_each(|migration| migration.checksum.hash(&mut hasher));
    format!("{:016x}", hasher.finish())
}

/// The URL of a new, empty PostgreSQL database.
pub async fn fresh_postgres() -> String {
    let base = server_url();
    let name = format!("t{}", Uuid::now_v7().simple());
    let mut conn = PgConnection::connect(&format!("{base}/postgres")).await.expect("the test's PostgreSQL answers");
    conn.execute(sqlx::AssertSqlSafe(format!("create database {name}"))).await.expect("a database is made");
    conn.close().await.expect("the connection closes");
    format!("{base}/{name}")
}

/// Removes a database made by [`fresh_postgres`], whoever is still connected.
pub async fn drop_database(url: &str) {
    let (base, name) = url.rsplit_once('/').expect("a URL with a database");
    let mut conn = PgConnection::connect(&format!("{base}/postgres")).await.expect("the test's PostgreSQL answers");
    conn.execute(sqlx::AssertSqlSafe(format!("drop database if exists {name} with (force)")))
        .await
        .expect("the database is dropped");
}

/// `postgres://user@host:port` without a database.
fn server_url() -> String {
    static STARTED: OnceLock<(String, Option<Child>)> = OnceLock::new();
    let (url, _child) = STARTED.get_or_init(|| match std::env::var("TEST_POSTGRES_URL") {
        Ok(url) => (url.trim_end_matches('/').to_owned(), None),
        Err(_) => start_cluster(),
    });
    url.clone()
}

/// Makes and starts a cluster that ends, and is removed, when this process does: its keeper waits on our end of a pipe.
fn start_cluster() -> (String, Option<Child>) {
    let bin = postgres_bin();
    let folder = std::env::temp_dir().join(format!("storeroom-pg-{}", Uuid::now_v7().simple()));
    let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").port();
    let script = format!(
        "set -e; mkdir -m 700 '{dir}'; trap 'rm -rf {dir}' EXIT; \
         '{bin}/initdb' -D '{dir}/data' -U storeroom -A trust -E UTF8 --no-sync >/dev/null; \
         '{bin}/postgres' -D '{dir}/data' -k '{dir}' -p {port} -c listen_addresses=127.0.0.1 -c max_connections=200 \
         -c deadlock_timeout=200ms >'{dir}/log' 2>&1 & pid=$!; \
         until '{bin}/pg_isready' -q -h 127.0.0.1 -p {port}; do kill -0 $pid; sleep 0.05; done; \
         echo ready; read -r _ || true; kill -INT $pid; wait $pid || true",
        dir = folder.display(),
        bin = bin.display(),
    );
    let mut child = as_ordinary_user(&script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("PostgreSQL is needed: install the package `postgresql`");
    let mut answer = String::new();
    let mut out = std::io::BufReader::new(child.stdout.take().expect("its output is a pipe"));
    std::io::BufRead::read_line(&mut out, &mut answer).expect("the cluster says when it is ready");
    assert_eq!(answer.trim(), "ready", "PostgreSQL did not start; see its messages above");
    (format!("postgres://storeroom@127.0.0.1:{port}"), Some(child))
}

/// PostgreSQL refuses to run as root.
fn as_ordinary_user(script: &str) -> Command {
    let is_root = Path::new("/proc/self").metadata().map(|m| std::os::unix::fs::MetadataExt::uid(&m) == 0);
    let mut command;
    if is_root.unwrap_or(false) {
        command = Command::new("runuser");
        command.args(["-u", "postgres", "--", "bash", "-c", script]);
    } else {
        command = Command::new("bash");
        command.args(["-c", script]);
    }
    command.current_dir(std::env::temp_dir());
    command
}

fn postgres_bin() -> PathBuf {
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<_> =
        debian.map(|entry| entry.path().join("bin")).filter(|p| p.join("initdb").exists()).collect();
    found.sort();
    found.pop().unwrap_or_else(|| {
        let path = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&path)
            .find(|folder| folder.join("initdb").exists())
            .expect("PostgreSQL is needed: install the package `postgresql`")
    })
}

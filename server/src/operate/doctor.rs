//! `storeroom doctor`: a look at everything around the store, each with a word and what to do.

use super::backup::LAST;
use crate::cli::{Serve, say};
use crate::{Place, Stop};
use db::{Db, Engine};
use log::Log;
use model::Time;
use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::ExitCode;

/// How many of the last journal lines a quick look checks.
const TAIL: i64 = 20_000;
/// A log beside the database this large (bytes) says that nothing folds it in.
const WAL_LARGE: u64 = 256 << 20;
/// Free space below which to warn, and below which to act (bytes).
const FREE_LOW: u64 = 2 << 30;
const FREE_OUT: u64 = 200 << 20;
/// A backup older than this (seconds) is old.
const BACKUP_OLD: i64 = 26 * 3_600;

/// How a line ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Word {
    Ok,
    Warn,
    Fail,
}

/// One line of the report.
struct Line(Word, &'static str, String);

fn ok(what: &'static str, words: impl Into<String>) -> Line {
    Line(Word::Ok, what, words.into())
}

fn warn(what: &'static str, words: impl Into<String>) -> Line {
    Line(Word::Warn, what, words.into())
}

fn fail(what: &'static str, words: impl Into<String>) -> Line {
    Line(Word::Fail, what, words.into())
}

/// Looks at everything and says it, a line each. The exit status is 1 when something fails.
pub async fn doctor(serve: &Serve) -> Result<ExitCode, Stop> {
    let place = &serve.place;
    let mut lines = vec![folder(place), keys(&place.data_dir), disk(&place.data_dir), clock(), address(serve)];
    lines.extend(database(place).await);
    lines.push(backup(&place.data_dir));
    for Line(word, what, words) in &lines {
        let word = match word {
            Word::Ok => "ok  ",
            Word::Warn => "warn",
            Word::Fail => "FAIL",
        };
        say(&format!("{word}  {what:<12} {words}"));
    }
    let failed = lines.iter().filter(|line| line.0 == Word::Fail).count();
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn mode(path: &Path) -> Option<u32> {
    path.metadata().ok().map(|meta| meta.permissions().mode() & 0o777)
}

fn folder(place: &Place) -> Line {
    let shown = place.data_dir.display();
    match mode(&place.data_dir) {
        None => fail("data folder", format!("{shown} cannot be read: name the right one with --data-dir")),
        Some(mode) if mode & 0o077 != 0 => {
            warn("data folder", format!("{shown}: others may look into it ({mode:o}); `chmod 700 {shown}`"))
        }
        Some(_) => ok("data folder", format!("{shown}, for its owner alone")),
    }
}

fn keys(data_dir: &Path) -> Line {
    let entries = fs::read_dir(data_dir.join("keys")).into_iter().flatten().flatten();
    let files: Vec<_> = entries.map(|entry| entry.path()).filter(|path| path.is_file()).collect();
    let open = files.iter().find(|path| mode(path).is_some_and(|mode| mode & 0o077 != 0));
    match open {
        Some(path) => fail("key files", format!("others may read {0}; `chmod 600 {0}`", path.display())),
        None if files.is_empty() => warn("key files", "there are none yet; the first start makes them"),
        None => ok("key files", format!("{}, for their owner alone", files.len())),
    }
}

fn disk(data_dir: &Path) -> Line {
    let Ok(stat) = rustix::fs::statvfs(data_dir) else {
        return warn("disk", "the free space cannot be read");
    };
    let free = stat.f_bavail.saturating_mul(stat.f_frsize);
    let words = format!("{} MiB free", free >> 20);
    match free {
        free if free < FREE_OUT => fail("disk", format!("{words}: make room now, sales will stop being stored")),
        free if free < FREE_LOW => warn("disk", format!("{words}: make room")),
        _ => ok("disk", words),
    }
}

fn clock() -> Line {
    let now = Time::now();
    let built: Time = "2026-01-01T00:00:00Z".parse().unwrap_or_default();
    if now < built {
        return fail("clock", format!("it shows {now}; set it, sign-ins are judged by it"));
    }
    ok("clock", now.to_string().chars().take(19).collect::<String>() + "Z")
}

/// Whoever reaches the server from elsewhere does so over https.
fn address(serve: &Serve) -> Line {
    let (bind, url) = (serve.bind, serve.public_url.as_deref());
    match url {
        Some(url) if url.starts_with("https://") => ok("address", format!("{bind}, reached as {url}")),
        Some(url) => warn("address", format!("{url} is not https: passwords travel in the open; put a proxy in front")),
        None if bind.ip().is_loopback() => ok("address", format!("{bind}: this machine only")),
        None => warn("address", format!("{bind} is open to others without https; set --public-url https://…")),
    }
}

async fn database(place: &Place) -> Vec<Line> {
    let db = match place.url() {
        Some(url) => Db::open_postgres(url).await,
        None if !place.file().exists() => {
            return vec![fail("database", "there is no store here yet: start the server")];
        }
        None => Db::open_sqlite_beside(&place.file()).await,
    };
    let db = match db {
        Ok(db) => db,
        Err(error) => return vec![fail("database", format!("it cannot be opened: {error}"))],
    };
    let mut lines = vec![engine(&db)];
    if db.engine() == Engine::Sqlite {
        lines.extend([lock(place), wal(place)]);
    }
    lines.extend(journal(&db, place).await);
    db.close().await;
    lines
}

fn engine(db: &Db) -> Line {
    match db.engine() {
        Engine::Sqlite => ok("database", "SQLite, 3.51.3 or newer"),
        Engine::Postgres => ok("database", "PostgreSQL, 15 or newer"),
    }
}

fn lock(place: &Place) -> Line {
    let mut name = place.file().into_os_string();
    name.push(".lock");
    let free = File::open(name).is_ok_and(|file| file.try_lock_shared().is_ok());
    ok("lock", if free { "no server runs on this file" } else { "a server runs on this file" })
}

fn wal(place: &Place) -> Line {
    let bytes = wal_bytes(&place.file());
    let words = format!("{} KiB beside the database", bytes >> 10);
    if bytes > WAL_LARGE {
        return warn("log", format!("{words}: something reads for very long; restart the server when it is quiet"));
    }
    ok("log", words)
}

/// The size of SQLite's log beside its file, in bytes; 0 when there is none.
pub fn wal_bytes(file: &Path) -> u64 {
    let mut name = file.as_os_str().to_owned();
    name.push("-wal");
    fs::metadata(name).map_or(0, |meta| meta.len())
}

async fn journal(db: &Db, place: &Place) -> Vec<Line> {
    let looked = async {
        let log = Log::open(db.clone(), &place.data_dir).await?;
        let mut tx = db.read().await?;
        let (line, _, at) = log.tip(&mut tx).await?;
        drop(tx);
        Ok::<_, model::Error>((line, at, log.verify_tail(TAIL).await?))
    };
    let (line, at, verified) = match looked.await {
        Ok(looked) => looked,
        Err(error) => return vec![fail("journal", format!("it cannot be read: {error}"))],
    };
    let mut lines = vec![match verified.findings.first() {
        Some(finding) => fail("journal", format!("{finding}; run `storeroom verify`, keep a copy, restore a backup")),
        None => ok("journal", format!("the last {} of {line} lines are as they were sealed", verified.lines)),
    }];
    lines.push(match verified.unsealed {
        0 => ok("sealing", "no line waits for its seal"),
        waiting => warn("sealing", format!("{waiting} lines wait for their seal; a running server seals them")),
    });
    if at.is_some_and(|at| at > Time::now().plus_seconds(300)) {
        lines.push(fail("clock", "the journal's last line is from the future: this machine's clock is behind"));
    }
    lines
}

fn backup(data_dir: &Path) -> Line {
    let text = fs::read(data_dir.join(LAST)).unwrap_or_default();
    let last: serde_json::Value = serde_json::from_slice(&text).unwrap_or_default();
    let Some(at) = last["made_at"].as_str().and_then(|at| at.parse::<Time>().ok()) else {
        return warn("backup", "none was made yet: `storeroom backup FOLDER`, every day, to another disk");
    };
    let hours = (Time::now().micros() - at.micros()) / 3_600_000_000;
    let words = format!("the last one is {hours} h old, in {}", last["to"].as_str().unwrap_or("another place"));
    if hours * 3_600 > BACKUP_OLD {
        warn("backup", format!("{words}: make one every day"))
    } else {
        ok("backup", words)
    }
}

//! `storeroom backup`: a copy of everything, made while the store is open, checked before it counts.

use super::files::{copy, is_tar, make_folder, pack, write};
use super::look::Looker;
use super::manifest::{Manifest, NAME, POSTGRES, SQLITE, Tip};
use crate::cli::say;
use crate::{Place, Stop};
use db::Db;
use log::Log;
use model::Time;
use std::fs;
use std::path::{Path, PathBuf};

/// What a backup may hold beside its manifest.
pub const FILES: [&str; 4] = [SQLITE, POSTGRES, "checkpoints.jsonl", "keys/journal.key"];
/// Where the data folder remembers its last backup.
pub const LAST: &str = "last-backup.json";

/// Makes a backup in a dated folder inside that one or, when its name ends with `.tar`, in that one file.
///
/// # Errors
/// Says what is in the way; what was begun is removed.
pub async fn backup(place: &Place, to: &Path) -> Result<(), Stop> {
    let to = target(to)?;
    let aside = beside(&to);
    make_folder(&aside)?;
    let made = fill(place, &aside, &to).await;
    if made.is_err() || aside.exists() {
        let _gone = fs::remove_dir_all(&aside);
    }
    let manifest = made?;
    let text = serde_json::json!({ "made_at": manifest.made_at, "line": manifest.last_line, "to": to });
    if let Err(error) = write(&place.data_dir.join(LAST), text.to_string().as_bytes()) {
        say(&format!("note: the data folder cannot remember this backup ({error}); `storeroom doctor` will miss it"));
    }
    let bytes: u64 = manifest.files.iter().map(|file| file.bytes).sum();
    say(&format!("{} holds everything {}; {bytes} bytes, checked", to.display(), manifest.extent()));
    Ok(())
}

/// A file that is not there, or a new folder inside one: the same command every day makes one backup a day.
fn target(to: &Path) -> Result<PathBuf, Stop> {
    if is_tar(to) {
        return if to.exists() { Err(taken(to)) } else { Ok(to.to_owned()) };
    }
    if to.join(NAME).exists() {
        return Err(taken(to));
    }
    let now = Time::now().to_string();
    let name: String = now.chars().take(19).filter(|c| c.is_ascii_digit() || *c == 'T').collect();
    let inside = to.join(format!("storeroom-{name}"));
    if inside.exists() { Err(taken(&inside)) } else { Ok(inside) }
}

fn taken(path: &Path) -> Stop {
    Stop::new(format!("{} is there already; a backup overwrites nothing", path.display()))
}

/// A half-made backup has a name that nobody takes for a whole one, on the same file system.
fn beside(to: &Path) -> PathBuf {
    to.with_extension("part")
}

async fn fill(place: &Place, aside: &Path, to: &Path) -> Result<Manifest, Stop> {
    // The checkpoints first: what they sign is then in the copy, never beyond it.
    copy(&place.data_dir.join("checkpoints.jsonl"), &aside.join("checkpoints.jsonl"))?;
    if !copy(&place.data_dir.join("keys/journal.key"), &aside.join("keys/journal.key"))? {
        say("note: this data folder has no key of the journal; the copy's checkpoints cannot be checked");
        let _none = fs::remove_file(aside.join("checkpoints.jsonl"));
    }
    let tip = match place.url() {
        None => sqlite(place, aside).await?,
        Some(url) => postgres(url, aside).await?,
    };
    let manifest = Manifest::of(aside, &FILES, tip)?;
    let text = serde_json::to_vec_pretty(&manifest).map_err(|error| Stop::new(error.to_string()))?;
    write(&aside.join(NAME), &text)?;
    if is_tar(to) {
        pack(aside, to)?;
    } else {
        fs::rename(aside, to)?;
    }
    Ok(manifest)
}

/// The engine copies the file while others write; then the copy is looked at, whole.
async fn sqlite(place: &Place, aside: &Path) -> Result<Tip, Stop> {
    if !place.file().exists() {
        let sentence = format!("there is no store in {}; name its folder with --data-dir", place.data_dir.display());
        return Err(Stop::new(sentence));
    }
    let file = aside.join(SQLITE);
    let source = Db::open_sqlite_beside(&place.file()).await?;
    let copied = source.copy_sqlite(&file).await;
    source.close().await;
    copied?;
    fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    fs::File::open(&file)?.sync_all()?;
    let db = Db::open_sqlite_beside(&file).await?;
    let looker = Looker::on(db.clone(), aside).await?;
    let tip = tip(&db, looker.log(), "sqlite").await?;
    let (finding, _) = looker.look().await?;
    db.close().await;
    match finding {
        None => Ok(tip),
        Some(finding) => Err(Stop::new(format!(
            "the copy is not sound, so there is no backup: {finding}; run `storeroom verify` on the store itself"
        ))),
    }
}

/// PostgreSQL's own tool copies one moment; the manifest is of the same moment.
async fn postgres(url: &str, aside: &Path) -> Result<Tip, Stop> {
    let file = aside.join(POSTGRES);
    let db = Db::open_postgres(url).await?;
    let log = Log::open(db.clone(), aside).await?;
    let mut snapshot = db.snapshot().await?;
    let (last_line, last_hash, last_at) = log.tip(&mut snapshot.tx).await?;
    db.dump_postgres(&snapshot, url, &file).await?;
    drop(snapshot);
    let epoch = log.epoch().await?;
    db.close().await;
    fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    db::check_dump(&file).await?;
    Ok(Tip { engine: "postgres", epoch, last_line, last_hash, last_at })
}

async fn tip(db: &Db, log: &Log, engine: &'static str) -> Result<Tip, Stop> {
    let mut tx = db.read().await?;
    let (last_line, last_hash, last_at) = log.tip(&mut tx).await?;
    Ok(Tip { engine, epoch: log.epoch().await?, last_line, last_hash, last_at })
}

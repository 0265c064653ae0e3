//! `storeroom restore`: a store out of a backup, checked, as a journal of its own.

use super::files::{copy, is_vacant, make_folder, unpack};
use super::look::Looker;
use super::manifest::{Manifest, POSTGRES, SQLITE};
use crate::cli::say;
use crate::house::command_line;
use crate::{House, Place, Stop};
use db::Db;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Fills a new data folder (and, for PostgreSQL, an empty database) from a backup.
///
/// `lost` is a copy of the lost store's `checkpoints.jsonl`, if there is one: it tells how far that store had come.
///
/// # Errors
/// Says what is in the way, or what is wrong with the backup.
pub async fn restore(from: &Path, place: &Place, lost: Option<&Path>) -> Result<ExitCode, Stop> {
    if !is_vacant(&place.data_dir)? {
        let folder = place.data_dir.display();
        return Err(Stop::new(format!("{folder} is not empty; name a new folder with --data-dir")));
    }
    make_folder(&place.data_dir)?;
    let opened = Opened::open(from, &place.data_dir)?;
    let manifest = Manifest::check(&opened.folder)?;
    fill(&manifest, &opened.folder, place).await?;
    drop(opened);
    if let Some(finding) = look(place, Some(&manifest)).await? {
        say(&format!("this backup is not sound: {finding}"));
        say("what was restored is in the folder; do not open the store on it, and take another backup");
        return Ok(ExitCode::from(1));
    }
    begin_anew(&manifest, place).await?;
    match look(place, None).await? {
        Some(finding) => {
            say(&format!("the restored store is not sound: {finding}"));
            Ok(ExitCode::from(1))
        }
        None => {
            tell(&manifest, place, lost)?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// A backup as a folder: one file is unpacked beside the data first, and that goes when it is dropped.
struct Opened {
    folder: PathBuf,
    aside: bool,
}

impl Opened {
    fn open(from: &Path, data_dir: &Path) -> Result<Self, Stop> {
        if from.is_dir() {
            return Ok(Self { folder: from.to_owned(), aside: false });
        }
        let folder = data_dir.join("unpacked");
        make_folder(&folder)?;
        let opened = Self { folder, aside: true };
        unpack(from, &opened.folder)?;
        Ok(opened)
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        if self.aside {
            let _gone = fs::remove_dir_all(&self.folder);
        }
    }
}

async fn fill(manifest: &Manifest, folder: &Path, place: &Place) -> Result<(), Stop> {
    copy(&folder.join("keys/journal.key"), &place.data_dir.join("keys/journal.key"))?;
    copy(&folder.join("checkpoints.jsonl"), &place.data_dir.join("checkpoints.jsonl"))?;
    match (manifest.engine.as_str(), place.url()) {
        ("sqlite", None) => {
            if !copy(&folder.join(SQLITE), &place.file())? {
                return Err(Stop::new(format!("{SQLITE} is not in the backup; take another backup")));
            }
        }
        ("postgres", Some(url)) => {
            let db = Db::open_postgres(url).await?;
            let empty = db.is_empty().await;
            db.close().await;
            if !empty? {
                return Err(Stop::new("the database is not empty; name a new one with --database-url"));
            }
            db::restore_postgres(url, &folder.join(POSTGRES)).await?;
        }
        ("sqlite", Some(_)) => {
            return Err(Stop::new("this backup is of an SQLite file; leave --database-url out"));
        }
        _ => return Err(Stop::new("this backup is of a PostgreSQL database; name an empty one with --database-url")),
    }
    Ok(())
}

/// The first bad row of the store in that place, or that its journal does not end as its manifest says.
async fn look(place: &Place, manifest: Option<&Manifest>) -> Result<Option<String>, Stop> {
    let db = place.open().await?;
    let looker = Looker::on(db.clone(), &place.data_dir).await?;
    let looked = find(&db, &looker, manifest).await;
    db.close().await;
    looked
}

async fn find(db: &Db, looker: &Looker, manifest: Option<&Manifest>) -> Result<Option<String>, Stop> {
    if let Some(Manifest { last_line, last_hash, .. }) = manifest {
        let (line, hash, _) = looker.log().tip(&mut db.read().await?).await?;
        if (line, &hash) != (*last_line, last_hash) {
            let ends = format!("its journal ends with line {line} ({hash})");
            return Ok(Some(format!("{ends}, and its manifest says line {last_line} ({last_hash})")));
        }
    }
    Ok(looker.look().await?.0)
}

/// A new epoch: browsers and other systems that go on by line numbers start over. The old checkpoints are of the journal
/// before it; they stay, under another name.
async fn begin_anew(manifest: &Manifest, place: &Place) -> Result<(), Stop> {
    let old = place.data_dir.join("checkpoints.jsonl");
    let house = House::open(place).await?;
    let beside = house.start();
    let begun = house.auth.begin_epoch(&command_line(), &manifest.extent()).await;
    house.close(beside).await;
    begun?;
    if old.exists() {
        fs::rename(&old, place.data_dir.join("checkpoints-before-restore.jsonl"))?;
    }
    // Opened anew, it signs its head as what it is now.
    let house = House::open(place).await?;
    let beside = house.start();
    house.close(beside).await;
    Ok(())
}

fn tell(manifest: &Manifest, place: &Place, lost: Option<&Path>) -> Result<(), Stop> {
    say(&format!("the store is restored in {} {}; all of it was checked", place.data_dir.display(), manifest.extent()));
    say(&format!("the backup was made at {}; what was done after it is not here", manifest.made_at));
    if let Some(lost) = lost {
        let last = last_signed(lost, &manifest.epoch)?;
        if last > manifest.last_line {
            let first = manifest.last_line + 1;
            say(&format!("the lost store had come to line {last} at least: lines {first} to {last} are not here"));
        } else {
            say("as far as the lost store's checkpoints tell, nothing is missing");
        }
    }
    say("every screen and every other system starts over by itself; tills send again what was not acknowledged");
    Ok(())
}

/// The last line that the lost store's checkpoints name. They are read as they are: their key may be lost too.
fn last_signed(file: &Path, epoch: &str) -> Result<i64, Stop> {
    let lines = BufReader::new(fs::File::open(file)?).lines().map_while(Result::ok);
    let read = lines.filter_map(|line| serde_json::from_str::<serde_json::Value>(&line).ok());
    Ok(read.filter(|line| line["epoch"] == epoch).filter_map(|line| line["seq"].as_i64()).max().unwrap_or(0))
}

//! What a backup says about itself, in `manifest.json`.

use super::files::sha256;
use crate::Stop;
use model::Time;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// The file's name in a backup.
pub const NAME: &str = "manifest.json";
/// The database in a backup: an SQLite file, or what PostgreSQL's own tool wrote.
pub const SQLITE: &str = "storeroom.db";
pub const POSTGRES: &str = "storeroom.dump";
/// What this program writes and reads.
const FORMAT: &str = "storeroom backup 1";

/// What a backup says about itself.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// `storeroom backup 1`.
    pub format: String,
    /// The version of the program that made it.
    pub version: String,
    /// `sqlite` or `postgres`.
    pub engine: String,
    /// Which journal it is of.
    pub epoch: String,
    /// The last journal line in it.
    pub last_line: i64,
    /// That line's hash, 64 hexadecimal digits.
    pub last_hash: String,
    /// When that line was written; none when the journal is empty.
    pub last_at: Option<Time>,
    /// When the backup was made.
    pub made_at: Time,
    /// Its files, with their sizes and digests.
    pub files: Vec<Listed>,
}

/// A file of a backup.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Listed {
    /// Its path in the backup.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its SHA-256, 64 hexadecimal digits.
    pub sha256: String,
}

/// The journal of a backup, as far as its manifest tells of it.
pub struct Tip {
    pub engine: &'static str,
    pub epoch: String,
    pub last_line: i64,
    pub last_hash: String,
    pub last_at: Option<Time>,
}

impl Manifest {
    /// Of the files in that folder.
    ///
    /// # Errors
    /// When one of them cannot be read.
    pub fn of(folder: &Path, names: &[&str], tip: Tip) -> Result<Self, Stop> {
        let listed = |name: &&str| -> Result<Listed, Stop> {
            let path = folder.join(name);
            Ok(Listed { name: (*name).to_owned(), bytes: path.metadata()?.len(), sha256: sha256(&path)? })
        };
        let files = names.iter().filter(|name| folder.join(name).exists()).map(listed).collect::<Result<_, _>>()?;
        let Tip { engine, epoch, last_line, last_hash, last_at } = tip;
        let (format, version) = (FORMAT.to_owned(), env!("CARGO_PKG_VERSION").to_owned());
        let engine = engine.to_owned();
        Ok(Self { format, version, engine, epoch, last_line, last_hash, last_at, made_at: Time::now(), files })
    }

    /// Reads the manifest of a backup, and checks each of its files.
    ///
    /// # Errors
    /// Says which file is missing or is not what was backed up.
    pub fn check(folder: &Path) -> Result<Self, Stop> {
        let path = folder.join(NAME);
        let text = std::fs::read(&path)
            .map_err(|error| Stop::new(format!("{} is no backup: {NAME} cannot be read: {error}", folder.display())))?;
        let manifest: Self = serde_json::from_slice(&text)
            .map_err(|error| Stop::new(format!("{} is not a manifest: {error}", path.display())))?;
        if manifest.format != FORMAT {
            return Err(Stop::new(format!("this backup is of the format {:?}, not {FORMAT:?}", manifest.format)));
        }
        for file in &manifest.files {
            let plain = !file.name.starts_with('/') && !file.name.contains("..");
            let same = plain && sha256(&folder.join(&file.name)).is_ok_and(|digest| digest == file.sha256);
            if !same {
                let sentence = format!("{} in the backup is missing or was changed; take another backup", file.name);
                return Err(Stop::new(sentence));
            }
        }
        let database = if manifest.engine == "sqlite" { SQLITE } else { POSTGRES };
        if manifest.files.iter().all(|file| file.name != database) {
            return Err(Stop::new(format!("the manifest does not list {database}, so nothing tells what was in it")));
        }
        Ok(manifest)
    }

    /// `up to journal line 1234, written 2026-11-22T09:30:00Z`.
    #[must_use]
    pub fn extent(&self) -> String {
        match self.last_at {
            Some(at) => format!("up to journal line {}, written {at}", self.last_line),
            None => "with an empty journal".to_owned(),
        }
    }
}

//! Files that only their owner reads: folders, copies, digests, one-file archives.

use crate::Stop;
use sha2::{Digest, Sha256};
use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::process::Command;

/// A new folder for its owner alone, with those above it.
pub fn make_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Is there nothing, or a folder with nothing in it?
pub fn is_vacant(path: &Path) -> io::Result<bool> {
    match fs::read_dir(path) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
    }
}

/// Copies a file for its owner alone; `false` when there is none.
pub fn copy(from: &Path, to: &Path) -> io::Result<bool> {
    if !from.exists() {
        return Ok(false);
    }
    if let Some(folder) = to.parent() {
        make_folder(folder)?;
    }
    fs::copy(from, to)?;
    fs::set_permissions(to, Permissions::from_mode(0o600))?;
    File::open(to)?.sync_all()?;
    Ok(true)
}

/// Writes a file for its owner alone, whole or not at all.
pub fn write(path: &Path, text: &[u8]) -> io::Result<()> {
    let aside = path.with_extension("part");
    let mut file = OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(&aside)?;
    file.write_all(text)?;
    file.sync_all()?;
    fs::rename(&aside, path)
}

/// The SHA-256 of a file, 64 hexadecimal digits.
pub fn sha256(path: &Path) -> io::Result<String> {
    let (mut file, mut digest, mut buffer) = (File::open(path)?, Sha256::new(), vec![0; 1 << 16]);
    loop {
        match file.read(&mut buffer)? {
            0 => break,
            read => digest.update(&buffer[..read]),
        }
    }
    Ok(digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Is that the name of a backup in one file?
pub fn is_tar(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "tar")
}

/// Everything in that folder as one file, which has its name only once it is whole.
pub fn pack(folder: &Path, file: &Path) -> Result<(), Stop> {
    let mut aside = file.as_os_str().to_owned();
    aside.push(".part");
    let aside = Path::new(&aside);
    let packed = pack_aside(folder, aside).and_then(|()| Ok(fs::rename(aside, file)?));
    if packed.is_err() {
        let _gone = fs::remove_file(aside);
    }
    packed
}

fn pack_aside(folder: &Path, aside: &Path) -> Result<(), Stop> {
    // It is there before the program fills it, so that nobody else can read it at any moment.
    let made = OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(aside)?;
    made.set_permissions(Permissions::from_mode(0o600))?;
    tar(Command::new("tar").arg("--create").arg("--file").arg(aside).arg("--directory").arg(folder).arg("."))?;
    tar(Command::new("tar").arg("--list").arg("--file").arg(aside))?;
    File::open(aside)?.sync_all()?;
    Ok(())
}

/// The other way round, into a folder that is there.
pub fn unpack(file: &Path, folder: &Path) -> Result<(), Stop> {
    tar(Command::new("tar").args(["--extract", "--no-same-owner", "--file"]).arg(file).arg("--directory").arg(folder))
}

fn tar(command: &mut Command) -> Result<(), Stop> {
    let output = command.output().map_err(|error| Stop::new(format!("the program tar cannot run: {error}")))?;
    let words = || String::from_utf8_lossy(&output.stderr).trim().to_owned();
    if output.status.success() { Ok(()) } else { Err(Stop::new(words())) }
}

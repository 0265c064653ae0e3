//! Key files: made once, readable by their owner only, never half-written.

use crate::unexpected;
use aws_lc_rs::signature::Ed25519KeyPair;
use model::Result;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use uuid::Uuid;

/// The Ed25519 key of that name (PKCS#8), made when there is none. Two processes that make it at the same time end
/// up with the same one.
pub(crate) fn load(folder: &Path, name: &str) -> Result<Vec<u8>> {
    let path = folder.join(name);
    match read(&path) {
        Ok(key) => return Ok(key),
        Err(cause) if cause.kind() == ErrorKind::NotFound => {}
        Err(cause) => return Err(unexpected("a key file cannot be read", cause)),
    }
    make(folder, &path).and_then(|()| read(&path)).map_err(|cause| unexpected("a key file cannot be made", cause))
}

fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut key = Vec::new();
    File::open(path)?.take(4_096).read_to_end(&mut key)?;
    Ok(key)
}

fn make(folder: &Path, path: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let pair = Ed25519KeyPair::generate().map_err(std::io::Error::other)?;
    let key = pair.to_pkcs8().map_err(std::io::Error::other)?;
    let draft = folder.join(format!(".{}", Uuid::now_v7().simple()));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
    file.write_all(key.as_ref())?;
    file.sync_all()?;
    // A link never replaces: whoever came first has made the key.
    let linked = std::fs::hard_link(&draft, path);
    std::fs::remove_file(&draft)?;
    match linked {
        Err(cause) if cause.kind() != ErrorKind::AlreadyExists => Err(cause),
        _ => File::open(folder)?.sync_all(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_key_is_made_once_and_is_its_owners() {
        let folder = tempfile::tempdir().unwrap();
        let key = load(folder.path(), "session.key").unwrap();
        assert_eq!(load(folder.path(), "session.key").unwrap(), key);
        let mode = folder.path().join("session.key").metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn another_folder_has_another_key_and_no_drafts_stay() {
        let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        assert_ne!(load(one.path(), "a.key").unwrap(), load(two.path(), "a.key").unwrap());
        assert_eq!(one.path().read_dir().unwrap().count(), 1);
    }
}

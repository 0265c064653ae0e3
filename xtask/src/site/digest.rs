//! Which files there are and what they hold, in one figure.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::Outcome;

/// All files below a folder, sorted; a file is itself, and what does not exist is nothing.
pub fn files(place: &Path) -> Outcome<Vec<PathBuf>> {
    if !place.is_dir() {
        return Ok(place.exists().then(|| place.to_path_buf()).into_iter().collect());
    }
    let mut entries = fs::read_dir(place)?.map(|entry| Ok(entry?.path())).collect::<Outcome<Vec<_>>>()?;
    entries.sort();
    let below = entries.iter().map(|entry| files(entry)).collect::<Outcome<Vec<_>>>()?;
    Ok(below.concat())
}

/// A digest of the names and the content of all files in these places, and of a word.
pub fn of(places: &[PathBuf], word: &str) -> Outcome<String> {
    let mut digest = Sha256::new_with_prefix(word);
    for place in places {
        for file in files(place)? {
            let content = fs::read(&file)?;
            let name = file.strip_prefix(place)?.to_string_lossy();
            // With lengths, so that what ends one cannot begin the next.
            for part in [name.as_bytes(), &content] {
                digest.update((part.len() as u64).to_le_bytes());
                digest.update(part);
            }
        }
    }
    Ok(hex(&digest.finalize()))
}

/// The piece of a digest that goes into a file's name.
pub fn short(content: &[u8]) -> String {
    hex(&Sha256::digest(content))[..10].to_owned()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The digest of a folder with one file, before and after something happens to it.
    fn around(name: &str, happens: impl FnOnce(&Path)) -> [String; 2] {
        let folder = std::env::temp_dir().join(format!("storeroom-digest-{name}-{}", std::process::id()));
        let places = [folder.clone(), folder.join("absent")];
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("a"), "1").unwrap();
        let before = of(&places, "").unwrap();
        happens(&folder);
        let after = of(&places, "").unwrap();
        fs::remove_dir_all(folder).unwrap();
        [before, after]
    }

    #[test]
    fn a_changed_file_changes_the_digest() {
        let [before, after] = around("changed", |folder| fs::write(folder.join("a"), "2").unwrap());
        assert_ne!(before, after, "the content counts");
    }

    #[test]
    fn a_file_renamed_changes_the_digest() {
        let [before, after] = around("renamed", |folder| fs::rename(folder.join("a"), folder.join("b")).unwrap());
        assert_ne!(before, after, "the name counts");
    }

    #[test]
    fn a_file_written_again_with_the_same_content_does_not_change_it() {
        let [before, after] = around("again", |folder| fs::write(folder.join("a"), "1").unwrap());
        assert_eq!(before, after, "only name and content count");
    }
}

//! The bytes of a till's file: plain or gzip, told apart by their first two bytes, with an end to how much is read.

use flate2::read::MultiGzDecoder;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, BufReader, Cursor, Read};
use std::path::Path;
use std::sync::{Arc, Mutex};

/// The most that one file may hold once unpacked, in bytes: on this machine, and brought by somebody.
const UNPACKED_MAX: u64 = 256 * 1024 * 1024;
const BROUGHT_MAX: u64 = 64 * 1024 * 1024;

/// One file of a till.
pub struct Source {
    /// Its name, for messages and for the import register.
    pub name: String,
    /// Its bytes as they are.
    pub reader: Box<dyn Read + Send>,
    most: u64,
}

impl Source {
    /// A file on this machine.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn open(path: &Path) -> io::Result<Self> {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        Ok(Self { name, reader: Box::new(File::open(path)?), most: UNPACKED_MAX })
    }

    /// Bytes at hand.
    #[must_use]
    pub fn bytes(name: &str, bytes: Vec<u8>) -> Self {
        Self { name: name.to_owned(), reader: Box::new(Cursor::new(bytes)), most: BROUGHT_MAX }
    }

    /// What the file says, unpacked if it is packed, and the fingerprint that is complete once all of it was read.
    pub(super) fn unpacked(self) -> io::Result<(impl Read, Fingerprint)> {
        let fingerprint = Fingerprint::default();
        let mut reader =
            BufReader::with_capacity(1 << 16, Marked { inner: self.reader, fingerprint: fingerprint.clone() });
        let mut first = [0_u8; 2];
        let mut filled = 0;
        while filled < 2 {
            match reader.read(&mut first[filled..])? {
                0 => break,
                read => filled += read,
            }
        }
        let whole = Cursor::new(first[..filled].to_vec()).chain(reader);
        let packed = first == [0x1f, 0x8b];
        let inner: Box<dyn Read> = if packed { Box::new(MultiGzDecoder::new(whole)) } else { Box::new(whole) };
        Ok((Bounded { inner, left: self.most, most: self.most }, fingerprint))
    }
}

/// SHA-256 of a file's bytes as they are.
#[derive(Clone, Default)]
pub(super) struct Fingerprint(Arc<Mutex<Sha256>>);

impl Fingerprint {
    /// In hexadecimal.
    pub(super) fn hex(&self) -> String {
        let digest = self.0.lock().expect("nobody panics while holding it").clone().finalize();
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

struct Marked<R> {
    inner: R,
    fingerprint: Fingerprint,
}

impl<R: Read> Read for Marked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.fingerprint.0.lock().expect("nobody panics while holding it").update(&buffer[..read]);
        Ok(read)
    }
}

/// Fails, rather than ends, when there is more than it may hold: a cut file must not look like a whole one.
struct Bounded<R> {
    inner: R,
    left: u64,
    most: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        let left = self.left.checked_sub(read as u64);
        let most = self.most / 1024 / 1024;
        self.left = left.ok_or_else(|| io::Error::other(format!("it holds more than {most} MiB; split it")))?;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;

    fn unpacks(most: u64) -> bool {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(&[b'a'; 10_000]).expect("memory takes it");
        let file = Source { most, ..Source::bytes("till.csv.gz", gzip.finish().expect("memory takes it")) };
        let (mut bytes, _) = file.unpacked().expect("it begins");
        io::copy(&mut bytes, &mut io::sink()).is_ok()
    }

    #[test]
    fn a_file_that_unpacks_to_too_much_is_not_half_read() {
        assert!(unpacks(10_000));
        assert!(!unpacks(9_999));
    }
}

//! Signed copies of the head outside the database: what makes a cut tail or a rewritten chain visible.
//!
//! Each line of `data_dir/checkpoints.jsonl` is one checkpoint as JSON. What is signed (Ed25519): the text
//! `storeroom checkpoint 1`, the epoch, `seq`, the hash and the time, each with its length before it. Copy the file
//! elsewhere to be safe from someone who owns the whole machine.

use crate::Log;
use crate::running::Stop;
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use model::{Result, Time};
use serde::{Deserialize, Serialize};
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;
use tokio::time::{Instant, sleep_until, timeout};

/// How often the head is signed when it moved.
const EVERY: Duration = Duration::from_secs(60);
/// After how many lines it is signed earlier.
const EVERY_LINES: i64 = 1_000;
/// How long to wait after a checkpoint could not be written.
const AFTER_FAILURE: Duration = Duration::from_secs(5);
/// No checkpoint is longer (bytes): how far back a torn last line is looked for.
const LINE_MAX: u64 = 4_096;

/// A head that was true once, signed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Checkpoint {
    pub epoch: String,
    pub seq: i64,
    /// Base64, as the signature.
    pub hash: String,
    pub time: Time,
    signature: String,
}

impl Checkpoint {
    pub(crate) fn is_of(&self, hash: &[u8]) -> bool {
        self.hash == BASE64.encode(hash)
    }

    fn signed_bytes(&self) -> Vec<u8> {
        let (seq, time) = (self.seq.to_be_bytes(), self.time.micros().to_be_bytes());
        let parts: [&[u8]; 5] = [b"storeroom checkpoint 1", self.epoch.as_bytes(), &seq, self.hash.as_bytes(), &time];
        parts
            .iter()
            .flat_map(|part| (part.len() as u64).to_be_bytes().into_iter().chain(part.iter().copied()))
            .collect()
    }
}

/// The file of checkpoints and the key that signs them.
pub(crate) struct Checkpoints {
    path: PathBuf,
    epoch: String,
    key: Ed25519KeyPair,
    /// One append at a time.
    appending: Mutex<()>,
}

impl Checkpoints {
    pub(crate) fn open(data_dir: &Path, epoch: &str) -> Result<Self> {
        let path = data_dir.join("checkpoints.jsonl");
        let key =
            load_or_make_key(&data_dir.join("keys")).map_err(|cause| unreadable(&data_dir.join("keys"), &cause))?;
        Ok(Self { path, epoch: epoch.to_owned(), key, appending: Mutex::default() })
    }

    /// Signs this head and appends it, durably.
    fn append(&self, seq: i64, hash: &[u8]) -> io::Result<()> {
        let mut checkpoint = Checkpoint {
            epoch: self.epoch.clone(),
            seq,
            hash: BASE64.encode(hash),
            time: Time::now(),
            signature: String::new(),
        };
        checkpoint.signature = BASE64.encode(self.key.sign(&checkpoint.signed_bytes()));
        let mut line = serde_json::to_vec(&checkpoint)?;
        line.push(b'\n');
        let _one = self.appending.lock();
        let mut file = OpenOptions::new().create(true).read(true).append(true).mode(0o600).open(&self.path)?;
        drop_torn_line(&mut file)?;
        file.write_all(&line)?;
        file.sync_data()?;
        // The second copy, in whatever keeps the program's log.
        tracing::info!(seq, hash = checkpoint.hash, "checkpoint");
        Ok(())
    }

    /// All of them in the order of `seq`, and the numbers of the file's lines that are none of ours.
    pub(crate) fn load(&self) -> Result<(Vec<Checkpoint>, Vec<usize>)> {
        let file = match File::open(&self.path) {
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok((Vec::new(), Vec::new())),
            opened => opened.map_err(|cause| unreadable(&self.path, &cause))?,
        };
        let (mut good, mut bad) = (Vec::new(), Vec::new());
        for (number, line) in BufReader::new(file).split(b'\n').enumerate() {
            let line = line.map_err(|cause| unreadable(&self.path, &cause))?;
            match serde_json::from_slice(&line) {
                Ok(checkpoint) if self.signed(&checkpoint) => good.push(checkpoint),
                // A crash may tear the last line; the next append drops it.
                Err(cause) if cause.is_eof() => {}
                _ => bad.push(number + 1),
            }
        }
        good.sort_by_key(|checkpoint| checkpoint.seq);
        Ok((good, bad))
    }

    fn signed(&self, checkpoint: &Checkpoint) -> bool {
        let key = UnparsedPublicKey::new(&ED25519, self.key.public_key().as_ref());
        let signature = BASE64.decode(&checkpoint.signature).unwrap_or_default();
        checkpoint.epoch == self.epoch && key.verify(&checkpoint.signed_bytes(), &signature).is_ok()
    }
}

/// Signs the head every minute or thousand lines, if it moved, and once more at the end.
pub(crate) async fn keep(log: Log, mut stop: Stop) {
    let mut heads = log.heads();
    let mut signed = 0;
    loop {
        let due = Instant::now() + EVERY;
        let many = async {
            if heads.wait_for(|head| *head >= signed + EVERY_LINES).await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            () = many => {}
            () = sleep_until(due) => {}
            () = stop.asked() => {}
        }
        let head = log.inner.live.head();
        if head > signed {
            match sign(&log, head).await {
                Ok(()) => signed = head,
                // It was logged where it happened.
                Err(_) => drop(timeout(AFTER_FAILURE, stop.asked()).await),
            }
        }
        if stop.is_asked() {
            return;
        }
    }
}

/// A failure is logged where it happens; the next round tries again.
async fn sign(log: &Log, seq: i64) -> Result<()> {
    let mut tx = log.inner.db.read().await?;
    let (hash,): (Vec<u8>,) = db::fetch_one!(&mut tx, "select hash from log_journal where seq = $1", seq)?;
    drop(tx);
    let checkpoints = log.inner.checkpoints.clone();
    let path = checkpoints.path.clone();
    match tokio::task::spawn_blocking(move || checkpoints.append(seq, &hash)).await {
        Ok(appended) => appended.map_err(|cause| unreadable(&path, &cause)),
        Err(cause) => Err(unreadable(&path, &io::Error::other(cause))),
    }
}

/// A crash can leave half a line at the end; it was never acknowledged, so it goes.
fn drop_torn_line(file: &mut File) -> io::Result<()> {
    let length = file.seek(SeekFrom::End(0))?;
    let from = length.saturating_sub(LINE_MAX);
    file.seek(SeekFrom::Start(from))?;
    let mut tail = Vec::new();
    file.read_to_end(&mut tail)?;
    let whole = tail.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    if whole < tail.len() {
        file.set_len(from + whole as u64)?;
    }
    Ok(())
}

/// The key in `keys/journal.key` (PKCS #8, for its owner alone), made when there is none.
fn load_or_make_key(folder: &Path) -> io::Result<Ed25519KeyPair> {
    let path = folder.join("journal.key");
    if !path.exists() {
        make_key(folder, &path)?;
    }
    Ed25519KeyPair::from_pkcs8(&fs::read(&path)?).map_err(io::Error::other)
}

/// Written aside and linked into place, so that of two processes that start together one wins and neither reads half.
fn make_key(folder: &Path, path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let pair = Ed25519KeyPair::generate().map_err(io::Error::other)?;
    let document = pair.to_pkcs8().map_err(io::Error::other)?;
    let aside = folder.join(format!("journal.key.{}", std::process::id()));
    let mut file = OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(&aside)?;
    file.write_all(document.as_ref())?;
    file.sync_all()?;
    let linked = fs::hard_link(&aside, path);
    fs::remove_file(&aside)?;
    match linked {
        Err(cause) if cause.kind() != io::ErrorKind::AlreadyExists => Err(cause),
        _ => Ok(()),
    }
}

fn unreadable(path: &Path, cause: &io::Error) -> model::Error {
    db::Error::Unfit(format!("{}: {cause}", path.display())).into()
}

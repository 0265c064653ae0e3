//! The journal: what happened, in the order of the world, chained and sealed so that no line changes unseen.
//!
//! An act appends one line inside its transaction. The line's *seal* is a dense number `seq` (1, 2, 3 …) and a hash
//! over the hash before it. SQLite's one writer seals in the same transaction; on PostgreSQL the [sequencer] seals
//! what is committed. A [follower] in each process then tells those who listen. [Checkpoints](checkpoint) outside
//! the database make a cut tail or a rewritten chain visible to [`Log::verify`].
//!
//! Invariant: nobody but this crate knows the tables `log_*`.

mod chain;
mod checkpoint;
mod entry;
mod follower;
mod line;
mod live;
mod look;
mod problem;
mod running;
mod scrub;
mod sequencer;
mod verify;
mod watch;

pub use entry::{Entry, Event};
pub use line::Line;
pub use look::Look;
pub use problem::{Kept, Trouble};
pub use running::Running;
pub use scrub::scrub;
pub use verify::{Finding, Verified};

use checkpoint::Checkpoints;
use db::{Db, Tx};
use live::Live;
use model::{JournalId, Result, Time, Verified as Watched};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{broadcast, watch as news};
use tokio::time::timeout;

/// How long [`Log::sealed`] waits at most.
const SEALED_WITHIN: Duration = Duration::from_secs(5);
/// How often [`Log::sealed`] looks into the table itself, should nobody tell it.
const SEALED_LOOK: Duration = Duration::from_millis(250);

/// The journal. Cheap to clone.
#[derive(Clone)]
pub struct Log {
    inner: Arc<Inner>,
}

struct Inner {
    db: Db,
    /// This handle's own, so that what one opened before remembers is not taken for the truth.
    name: JournalId,
    epoch: String,
    live: Live,
    checkpoints: Arc<Checkpoints>,
    verified: news::Sender<Watched>,
}

impl Log {
    /// Opens the journal; loads or makes the key `data_dir/keys/journal.key` that signs checkpoints. Starts nothing.
    pub async fn open(db: Db, data_dir: &Path) -> Result<Self> {
        let mut tx = db.read().await?;
        let (epoch,): (String,) = db::fetch_one!(&mut tx, "select id from log_epoch where one = 1")?;
        let head = line::head(&mut tx).await?;
        drop(tx);
        let checkpoints = Arc::new(Checkpoints::open(data_dir, &epoch)?);
        let (name, live) = (JournalId::new(), Live::new(head));
        let verified = news::Sender::new(Watched::default());
        Ok(Self { inner: Arc::new(Inner { db, name, epoch, live, checkpoints, verified }) })
    }

    /// Starts following, sealing (on PostgreSQL) and writing checkpoints. Call it once; a process that appends on
    /// PostgreSQL must call it, or rely on another process to seal.
    pub fn start(&self) -> Running {
        follower::start(self)
    }

    /// The last sealed `seq` in this snapshot; 0 when the journal is empty.
    pub async fn head(&self, tx: &mut Tx) -> Result<i64> {
        Ok(line::head(tx).await?)
    }

    /// Sealed lines after `after`, in order, at most `limit` of them.
    pub async fn read(&self, tx: &mut Tx, after: i64, limit: i64) -> Result<Vec<Line>> {
        Ok(line::read(tx, after, limit).await?)
    }

    /// The last `seq` that this process told its listeners; never goes back.
    #[must_use]
    pub fn heads(&self) -> news::Receiver<i64> {
        self.inner.live.heads()
    }

    /// Sealed lines as they happen, in order, none left out. Who falls more than 4 096 lines behind is told
    /// `Lagged` and must read the rest from the table.
    #[must_use]
    pub fn lines(&self) -> broadcast::Receiver<Arc<Line>> {
        self.inner.live.lines()
    }

    /// Waits (at most 5 s) until that committed line has its `seq`; `None` when it has none by then.
    pub async fn sealed(&self, id: JournalId) -> Option<i64> {
        let told = async {
            loop {
                if let Ok(seq) = timeout(SEALED_LOOK, self.inner.live.sealed(id)).await {
                    return seq;
                }
                if let Some(seq) = self.find_seq(id).await {
                    return seq;
                }
            }
        };
        let seq = timeout(SEALED_WITHIN, told).await.ok();
        self.inner.live.forget(id);
        seq
    }

    /// The place of a line that was committed some time ago, most likely: looks first, then waits as
    /// [`Self::sealed`] does.
    pub async fn seq_of(&self, id: JournalId) -> Option<i64> {
        match self.find_seq(id).await {
            Some(seq) => Some(seq),
            None => self.sealed(id).await,
        }
    }

    /// The last sealed line in this snapshot: its number, its hash as 64 hexadecimal digits, and its time (none when
    /// the journal is empty).
    pub async fn tip(&self, tx: &mut Tx) -> Result<(i64, String, Option<Time>)> {
        let (seq, hash): (i64, Vec<u8>) = db::fetch_one!(tx, "select seq, hash from log_head where one = 1")?;
        let at: Option<(Time,)> = db::fetch_optional!(tx, "select at from log_journal where seq = $1", seq)?;
        Ok((seq, hash.iter().map(|byte| format!("{byte:02x}")).collect(), at.map(|(at,)| at)))
    }

    /// How far this process has verified the journal, and what that gave; see [`watch`].
    #[must_use]
    pub fn verified(&self) -> Watched {
        self.inner.verified.borrow().clone()
    }

    /// Makes this another journal than the one it was copied from: whoever resumes by `seq` notices. The handle still
    /// knows the epoch before; open it anew.
    pub async fn begin_epoch(&self, tx: &mut Tx) -> Result<String> {
        let epoch = uuid_text();
        db::execute!(tx, "update log_epoch set id = $1 where one = 1", &epoch)?;
        Ok(epoch)
    }

    /// Lines that are committed and wait for their seal in this snapshot: none on SQLite.
    pub async fn waiting(&self, tx: &mut Tx) -> Result<Vec<JournalId>> {
        let rows: Vec<(JournalId,)> = db::fetch_all!(tx, "select id from log_journal where seq is null")?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }

    /// Which journal this is: differs after a restore, so that whoever resumes by `seq` notices.
    pub async fn epoch(&self) -> Result<String> {
        Ok(self.inner.epoch.clone())
    }

    /// The `seq` of that line as the table has it at this moment, without waiting.
    async fn find_seq(&self, id: JournalId) -> Option<i64> {
        let mut tx = self.inner.db.glance().await.ok()?;
        let found: Option<(Option<i64>,)> =
            db::fetch_optional!(&mut tx, "select seq from log_journal where id = $1", id).ok()?;
        found.and_then(|(seq,)| seq)
    }
}

/// 32 hexadecimal digits that no other journal has.
fn uuid_text() -> String {
    JournalId::new().0.simple().to_string()
}

//! Live listeners: from where they left off, then as it happens; never a silent gap.

use db::Db;
use log::{Line, Log};
use model::Result;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, sleep_until};

/// Who is further behind than this many lines starts anew: a snapshot is cheaper than the replay.
const REPLAY_MAX: i64 = 10_000;
/// How many lines are read from the table at once.
const BATCH: i64 = 500;
/// How long there is silence at most.
const BEAT: Duration = Duration::from_secs(15);
/// How long to wait after the table could not be read.
const RETRY: Duration = Duration::from_millis(200);

/// What a listener hears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// The next line: its `seq` is one more than the one before.
    Line(Arc<Line>),
    /// Nothing happened for 15 s; everything up to `seq` was told.
    Beat {
        /// The last line told, or where the listener started.
        seq: i64,
    },
    /// Too far behind, or ahead of this journal: load a snapshot. The lines after `head` follow.
    Resync {
        /// From where listening goes on.
        head: i64,
    },
}

/// Someone who listens. Dropping it ends that.
pub struct Listener {
    db: Db,
    log: Log,
    live: broadcast::Receiver<Arc<Line>>,
    /// The last line told.
    at: i64,
    /// Read from the table and not yet told.
    replay: VecDeque<Arc<Line>>,
    /// Does the table hold lines between `at` and what comes next live?
    is_behind: bool,
    /// A read that goes on although its caller was cancelled.
    reading: Option<JoinHandle<Result<Read>>>,
    beat_at: Instant,
}

/// A look into the table: the head and the lines after `at`, in one snapshot.
struct Read {
    head: i64,
    lines: Vec<Line>,
}

impl Listener {
    pub(crate) fn new(db: &Db, log: &Log, since: i64) -> Self {
        // Subscribed before the head is looked at, so nothing falls between.
        let live = log.lines();
        let is_behind = *log.heads().borrow() != since;
        Self {
            db: db.clone(),
            log: log.clone(),
            live,
            at: since,
            replay: VecDeque::new(),
            is_behind,
            reading: None,
            beat_at: Instant::now() + BEAT,
        }
    }

    /// The `seq` up to which everything was told.
    #[must_use]
    pub fn at(&self) -> i64 {
        self.at
    }

    /// The next thing to hear. May be cancelled (as in `select!`) without losing anything.
    pub async fn next(&mut self) -> Heard {
        let heard = loop {
            if let Some(line) = self.replay.pop_front() {
                break Heard::Line(line);
            }
            let heard = if self.is_behind { self.catch_up().await } else { self.hear().await };
            if let Some(heard) = heard {
                break heard;
            }
        };
        match &heard {
            Heard::Line(line) => self.at = line.seq,
            Heard::Resync { head } => self.at = *head,
            Heard::Beat { .. } => {}
        }
        self.beat_at = Instant::now() + BEAT;
        heard
    }

    /// Waits for the next live line; `None` when it is not the next one.
    async fn hear(&mut self) -> Option<Heard> {
        tokio::select! {
            biased;
            heard = self.live.recv() => match heard {
                Ok(line) if line.seq == self.at + 1 => return Some(Heard::Line(line)),
                // Told from the table already.
                Ok(line) if line.seq <= self.at => {}
                // Something lies between; the table has it. So it does when we were too slow for the channel.
                Ok(_) | Err(RecvError::Lagged(_)) => self.is_behind = true,
                // The journal is gone with its process: nothing will ever happen again.
                Err(RecvError::Closed) => std::future::pending().await,
            },
            () = sleep_until(self.beat_at) => {
                // The net under the wake-ups: silence is only told when nothing was missed.
                self.is_behind = *self.log.heads().borrow() > self.at;
                if !self.is_behind {
                    return Some(Heard::Beat { seq: self.at });
                }
            }
        }
        None
    }

    /// Reads on from the table; `None` when lines are ready to be told, or there are none left.
    async fn catch_up(&mut self) -> Option<Heard> {
        let read = match self.read().await {
            Ok(read) => read,
            Err(_) => {
                // It was logged where it happened.
                sleep(RETRY).await;
                return None;
            }
        };
        if read.head < self.at || read.head - self.at > REPLAY_MAX {
            self.is_behind = false;
            return Some(Heard::Resync { head: read.head });
        }
        self.is_behind = read.lines.last().is_some_and(|last| last.seq < read.head);
        self.replay.extend(read.lines.into_iter().map(Arc::new));
        None
    }

    /// In a task of its own: a read that is cancelled half-way would cost a connection.
    async fn read(&mut self) -> Result<Read> {
        let (db, log, at) = (self.db.clone(), self.log.clone(), self.at);
        let reading = self.reading.get_or_insert_with(|| tokio::spawn(read(db, log, at)));
        let done = reading.await;
        self.reading = None;
        done.unwrap_or(Err(model::Error::Busy))
    }
}

async fn read(db: Db, log: Log, at: i64) -> Result<Read> {
    let mut tx = db.read().await?;
    let head = log.head(&mut tx).await?;
    // Who is too far behind, or ahead, starts anew and reads none of it.
    let wanted = if (0..=REPLAY_MAX).contains(&(head - at)) { BATCH } else { 0 };
    let lines = log.read(&mut tx, at, wanted).await?;
    Ok(Read { head, lines })
}

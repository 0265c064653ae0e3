//! Reads the whole journal and says what somebody changed.

use crate::checkpoint::Checkpoint;
use crate::line::Content;
use crate::{Log, chain, sequencer};
use db::Engine;
use model::Result;
use std::collections::VecDeque;
use std::time::Duration;

/// How many lines are read at once.
pub(crate) const BATCH: usize = 2_000;
/// How many findings are kept: the first tell the story.
const FINDINGS_MAX: usize = 100;
/// A committed line is sealed within this time while somebody seals.
const UNSEALED_FOR: Duration = Duration::from_secs(3);

/// Something that is not as it was sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The first journal line that is concerned; 0 when it is none in particular.
    pub seq: i64,
    /// What is wrong, in a sentence.
    pub what: String,
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "journal line {}: {}", self.seq, self.what)
    }
}

/// What a look at the whole journal gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// How many sealed lines were read.
    pub lines: i64,
    /// How many checkpoints they were compared with.
    pub checkpoints: usize,
    /// How many committed lines wait for a sequencer (PostgreSQL with no process running).
    pub unsealed: i64,
    /// What is wrong, first things first; at most 100. Empty when all is well.
    pub findings: Vec<Finding>,
}

#[derive(sqlx::FromRow)]
pub(crate) struct Row {
    pub(crate) ordinal: i64,
    pub(crate) seq: i64,
    prev_hash: Option<Vec<u8>>,
    hash: Option<Vec<u8>>,
    #[sqlx(flatten)]
    content: Content,
}

impl Log {
    /// Reads the whole chain: dense numbers, each hash recomputed, each checkpoint met, the head where it belongs.
    /// Errors mean that it could not be read, not that it is wrong.
    pub async fn verify(&self) -> Result<Verified> {
        let (checkpoints, unsigned) = self.inner.checkpoints.load()?;
        let mut check = Check::new(checkpoints, &unsigned);
        let mut ahead = Some(tokio::spawn(self.clone().batch((i64::MIN, i64::MIN))));
        while let Some(reading) = ahead.take() {
            let (rows, head) = reading.await.expect("reading a batch does not panic")?;
            if let Some(last) = rows.last().filter(|_| rows.len() == BATCH) {
                // The next rows are read while these are hashed.
                ahead = Some(tokio::spawn(self.clone().batch((last.seq, last.ordinal))));
            }
            rows.iter().for_each(|row| check.row(row));
            if ahead.is_none() {
                check.end(&head);
            }
        }
        self.check_unsealed(&mut check).await?;
        check.done.findings.sort_by_key(|finding| finding.seq);
        Ok(check.done)
    }

    /// The last `lines` of the chain only: dense, each hash recomputed, the checkpoints among them met. Quick, and it
    /// says nothing of what lies before.
    pub async fn verify_tail(&self, lines: i64) -> Result<Verified> {
        let (checkpoints, unsigned) = self.inner.checkpoints.load()?;
        let mut tx = self.inner.db.read().await?;
        let from = (crate::line::head(&mut tx).await? - lines).max(0);
        let before: Option<(Vec<u8>,)> =
            db::fetch_optional!(&mut tx, "select hash from log_journal where seq = $1", from)?;
        drop(tx);
        let mut check = Check::new(Vec::new(), &[]);
        if let Some((hash,)) = before {
            (check.expected, check.hash) = (from + 1, hash);
        }
        check.expect(checkpoints, &unsigned);
        let mut after = (check.expected - 1, i64::MAX);
        loop {
            let (rows, head) = self.clone().batch(after).await?;
            rows.iter().for_each(|row| check.row(row));
            match rows.last().filter(|_| rows.len() == BATCH) {
                Some(last) => after = (last.seq, last.ordinal),
                None => break check.end(&head),
            }
        }
        check.done.unsealed = self.unsealed().await?.0;
        Ok(check.done)
    }

    /// The next rows, and the head in the same snapshot.
    pub(crate) async fn batch(self, after: (i64, i64)) -> Result<(Vec<Row>, (i64, Vec<u8>))> {
        let mut tx = self.inner.db.read().await?;
        let rows = db::fetch_all!(
            &mut tx,
            "select ordinal, seq, prev_hash, hash, id, at, topic, subject, store, principal, actor, device,
                 request_id, body
             from log_journal where (seq, ordinal) > ($1, $2) order by seq, ordinal limit $3",
            after.0,
            after.1,
            BATCH as i64,
        )?;
        let head = db::fetch_one!(&mut tx, "select seq, hash from log_head where one = 1")?;
        Ok((rows, head))
    }

    /// SQLite seals every line at once. On PostgreSQL the oldest goes first, so one that stays says that something is
    /// wrong – unless nobody is there to seal: then what a crash left behind waits for the next process. Who was killed
    /// a moment ago still looks alive, so that is asked after the wait.
    async fn check_unsealed(&self, check: &mut Check) -> Result<()> {
        let (count, oldest) = self.unsealed().await?;
        check.done.unsealed = count;
        if count == 0 || self.is_unattended().await? {
            return Ok(());
        }
        if self.inner.db.engine() == Engine::Postgres {
            tokio::time::sleep(UNSEALED_FOR).await;
        }
        if self.unsealed().await?.1 == oldest && !self.is_unattended().await? {
            check.find(0, format!("{count} committed lines were never sealed"));
        }
        Ok(())
    }

    /// Is nobody there to seal?
    async fn is_unattended(&self) -> Result<bool> {
        Ok(sequencer::is_vacant(self).await.map_err(db::Error::from)?)
    }

    /// How many lines are unsealed, and which is the oldest.
    async fn unsealed(&self) -> Result<(i64, Option<i64>)> {
        let mut tx = self.inner.db.read().await?;
        Ok(db::fetch_one!(&mut tx, "select count(*), min(ordinal) from log_journal where seq is null")?)
    }
}

/// Where the reading has come to.
pub(crate) struct Check {
    expected: i64,
    hash: Vec<u8>,
    checkpoints: VecDeque<Checkpoint>,
    done: Verified,
}

impl Check {
    pub(crate) fn new(checkpoints: Vec<Checkpoint>, unsigned: &[usize]) -> Self {
        let done = Verified { checkpoints: checkpoints.len(), ..Verified::default() };
        let mut check = Self { expected: 1, hash: chain::GENESIS.to_vec(), checkpoints: VecDeque::new(), done };
        check.expect(checkpoints, unsigned);
        check
    }

    /// The first thing that is wrong, in a sentence.
    pub(crate) fn first(&self) -> Option<String> {
        self.done.findings.first().map(ToString::to_string)
    }

    /// From here on, these checkpoints are to be met; those of lines that were read already are left out.
    pub(crate) fn expect(&mut self, checkpoints: Vec<Checkpoint>, unsigned: &[usize]) {
        let expected = self.expected;
        self.checkpoints = checkpoints.into_iter().filter(|checkpoint| checkpoint.seq >= expected).collect();
        for number in unsigned {
            self.find(
                0,
                format!(
                    "line {number} of checkpoints.jsonl is not signed by this journal's key, or is of another journal"
                ),
            );
        }
    }

    fn find(&mut self, seq: i64, what: String) {
        if self.done.findings.len() < FINDINGS_MAX {
            self.done.findings.push(Finding { seq, what });
        }
    }

    pub(crate) fn row(&mut self, row: &Row) {
        self.done.lines += 1;
        if row.seq > self.expected {
            self.find(self.expected, format!("it is missing; the next is {}", row.seq));
        } else if row.seq < self.expected {
            self.find(row.seq, "there is more than one line of that number, or it is below 1".to_owned());
        }
        let (prev_hash, hash) = (row.prev_hash.as_deref().unwrap_or(&[]), row.hash.as_deref().unwrap_or(&[]));
        if prev_hash != self.hash {
            self.find(row.seq, "it does not follow the line before it".to_owned());
        }
        if chain::hash(prev_hash, row.seq, &row.content) != hash {
            self.find(row.seq, "it is not what was sealed".to_owned());
        }
        self.meet(row.seq, hash);
        self.expected = self.expected.max(row.seq.saturating_add(1));
        self.hash = hash.to_vec();
    }

    /// Compares with the checkpoints up to here.
    fn meet(&mut self, seq: i64, hash: &[u8]) {
        while let Some(checkpoint) = self.checkpoints.pop_front_if(|checkpoint| checkpoint.seq <= seq) {
            if checkpoint.seq < seq || !checkpoint.is_of(hash) {
                self.find(
                    checkpoint.seq,
                    format!("it is not the line that the checkpoint of {} signs", checkpoint.time),
                );
            }
        }
    }

    /// After the last row: the head is where it belongs, and no checkpoint lies beyond it.
    pub(crate) fn end(&mut self, (seq, hash): &(i64, Vec<u8>)) {
        let last = self.expected - 1;
        if *seq != last || *hash != self.hash {
            self.find(last.min(*seq).saturating_add(1), format!("the head says {seq}, the last line is {last}"));
        }
        if let Some(beyond) = self.checkpoints.back() {
            let what = format!("the tail is cut: the checkpoint of {} signs line {}", beyond.time, beyond.seq);
            self.find(last.saturating_add(1), what);
        }
    }
}

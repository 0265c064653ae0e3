//! Tells this process, in order and without a gap, what was sealed: by its own writer, its own sequencer or another's.

use crate::running::{Running, Stop};
use crate::sequencer::Sequencer;
use crate::{Line, Log, checkpoint, watch as guard};
use db::Engine;
use model::Result;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};

/// How often the table is looked at although nothing woke us: a net under the wake-ups, not the way news travels.
const LOOK: Duration = Duration::from_secs(1);
/// How many lines are read at once.
const BATCH: i64 = 500;
/// How many sealed batches wait for the follower; a sequencer that is faster waits.
const BATCHES_WAITING: usize = 16;

/// Starts what the journal does beside the requests. They end in this order: the sequencer seals what is committed,
/// the follower tells it, the watch ends, the last checkpoint
/// signs it.
pub(crate) fn start(log: &Log) -> Running {
    let (tell, batches) = mpsc::channel(BATCHES_WAITING);
    let (seen, heads_seen) = watch::channel(log.inner.live.head());
    let mut running = Running::default();
    if let Some(sequencer) = Sequencer::new(log, tell, seen) {
        running = running.with(|stop| sequencer.run(stop));
    }
    let follower = Follower { log: log.clone(), batches, heads_seen, committed: log.inner.db.committed() };
    running = running.with(|stop| follower.run(stop));
    let (checked, signed) = (log.clone(), log.clone());
    running = running.with(|stop| guard::keep(checked, stop));
    running.with(|stop| checkpoint::keep(signed, stop))
}

struct Follower {
    log: Log,
    batches: mpsc::Receiver<Vec<Arc<Line>>>,
    heads_seen: watch::Receiver<i64>,
    committed: watch::Receiver<u64>,
}

impl Follower {
    async fn run(mut self, mut stop: Stop) {
        let seals_itself = self.log.inner.db.engine() == Engine::Sqlite;
        loop {
            tokio::select! {
                biased;
                Some(batch) = self.batches.recv() => self.take(batch).await,
                Ok(()) = self.committed.changed(), if seals_itself => self.catch_up().await,
                Ok(()) = self.heads_seen.changed() => self.catch_up().await,
                () = stop.asked() => break,
                () = tokio::time::sleep(LOOK) => self.catch_up().await,
            }
        }
        self.catch_up().await;
    }

    /// Our own sequencer hands over what it sealed: no need to read it again, unless something lies between.
    async fn take(&self, batch: Vec<Arc<Line>>) {
        let next = self.log.inner.live.head() + 1;
        match batch.first() {
            Some(first) if first.seq == next => self.log.inner.live.tell(&batch),
            _ => self.catch_up().await,
        }
    }

    /// Tells what the table holds and we have not told. A failure was logged; the next wake-up tries again.
    async fn catch_up(&self) {
        while let Ok(count) = self.tell_next().await {
            if count < BATCH {
                return;
            }
        }
    }

    async fn tell_next(&self) -> Result<i64> {
        let told = self.log.inner.live.head();
        let mut tx = self.log.inner.db.glance().await?;
        let lines = self.log.read(&mut tx, told, BATCH).await?;
        drop(tx);
        let lines: Vec<_> = lines.into_iter().map(Arc::new).collect();
        self.log.inner.live.tell(&lines);
        Ok(i64::try_from(lines.len()).unwrap_or(BATCH))
    }
}

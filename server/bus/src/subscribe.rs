//! Durable subscriptions: each line takes effect once, whatever fails and however many processes run.

use crate::Bus;
use db::{Db, Tx};
use futures::future::BoxFuture;
use log::{Line, Log};
use model::Result;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};

/// How many lines a handler gets at once, at most.
const BATCH: i64 = 500;
/// The time from the start of one batch to the start of the next, at least: others want to write too.
const BATCH_EVERY: Duration = Duration::from_millis(20);
/// Who was at work rests so many times as long: who is far behind catches up without keeping others from writing.
const REST: u32 = 2;
/// How long to wait after a failure; doubled with each one that follows …
const RETRY_FIRST: Duration = Duration::from_millis(50);
/// … up to this.
const RETRY_LAST: Duration = Duration::from_secs(5);
/// How often the cursor is looked at although no line came: another process may have stopped half-way.
const LOOK: Duration = Duration::from_secs(5);

/// A subscription that runs until [`Running::stop`], or until this is dropped.
#[must_use = "the subscription ends when this is dropped"]
pub struct Running {
    ask: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Running {
    /// Lets the batch in hand end, then ends.
    pub async fn stop(self) {
        self.ask.send_replace(true);
        if let Err(error) = self.task.await {
            tracing::error!(%error, "a subscription ended badly");
        }
    }
}

impl Bus {
    /// Gives every line, in order, to the handler: at most 500 at a time, inside a transaction that also moves the
    /// subscriber's cursor. When the handler fails, all of it is undone and the same lines come again, later and
    /// later (50 ms to 5 s); nothing is skipped. Several processes that subscribe under one name take turns.
    ///
    /// The handler sees the lines of every topic and takes those it knows. Nothing slow belongs into it.
    pub fn subscribe<F>(&self, name: &'static str, handler: F) -> Running
    where
        F: for<'a> Fn(&'a mut Tx, &'a [Line]) -> BoxFuture<'a, Result<()>> + Send + Sync + 'static,
    {
        let (ask, asked) = watch::channel(false);
        let subscription = Subscription {
            name,
            handler,
            db: self.db.clone(),
            log: self.log.clone(),
            heads: self.log.heads(),
            known: self.known(name),
        };
        Running { ask, task: tokio::spawn(subscription.run(asked)) }
    }

    /// Sets a subscriber's cursor back (or on) inside the caller's transaction: 0 to build everything anew.
    pub async fn rewind(&self, tx: &mut Tx, name: &str, seq: i64) -> Result<()> {
        let known = self.known(name);
        db::execute!(
            tx,
            "insert into bus_cursor (subscriber, seq) values ($1, $2)
             on conflict (subscriber) do update set seq = excluded.seq",
            name,
            seq,
        )?;
        // Before the commit, which may not come: the subscription wakes, waits for the lock and sees what is true.
        known.send_modify(|known| *known = seq.min(*known));
        Ok(())
    }
}

struct Subscription<F> {
    name: &'static str,
    handler: F,
    db: Db,
    log: Log,
    heads: watch::Receiver<i64>,
    known: watch::Sender<i64>,
}

impl<F> Subscription<F>
where
    F: for<'a> Fn(&'a mut Tx, &'a [Line]) -> BoxFuture<'a, Result<()>> + Send + Sync + 'static,
{
    async fn run(mut self, mut asked: watch::Receiver<bool>) {
        let mut retry = RETRY_FIRST;
        // A dropped `Running` asks too.
        while !*asked.borrow() && asked.has_changed().is_ok() {
            let start = Instant::now();
            self.heads.mark_unchanged();
            match self.batch().await {
                Ok(Batch { cursor, count }) => {
                    retry = RETRY_FIRST;
                    let took = start.elapsed();
                    // What came after a batch that was not full also woke us.
                    if count < BATCH {
                        self.rest(cursor, &mut asked).await;
                    }
                    pause_until(start + BATCH_EVERY.max(took * (REST + 1)), &mut asked).await;
                }
                Err(error) => {
                    tracing::warn!(subscriber = self.name, after = *self.known.borrow(), %error, "lines come again");
                    pause_until(Instant::now() + retry, &mut asked).await;
                    retry = RETRY_LAST.min(retry * 2);
                }
            }
        }
    }

    /// Until there may be something to do: a new line, or the cursor set back.
    async fn rest(&mut self, cursor: i64, asked: &mut watch::Receiver<bool>) {
        let mut known = self.known.subscribe();
        tokio::select! {
            Ok(()) = self.heads.changed() => {}
            _ = known.wait_for(|known| *known < cursor) => {}
            _ = asked.wait_for(|asked| *asked) => {}
            () = tokio::time::sleep(LOOK) => {}
        }
    }

    /// One batch: the lines' consequences and the cursor, together or not at all.
    async fn batch(&self) -> Result<Batch> {
        // Lines never change, so they are read before SQLite's one writer is kept from others.
        let after = *self.known.borrow();
        let ahead = self.log.read(&mut self.db.glance().await?, after, BATCH).await?;
        let mut tx = self.db.begin().await?;
        let cursor = lock_cursor(&mut tx, self.name).await?;
        let lines = if cursor == after { ahead } else { self.log.read(&mut tx, cursor, BATCH).await? };
        let Some(last) = lines.last() else {
            self.known.send_replace(cursor);
            return Ok(Batch { cursor, count: 0 });
        };
        (self.handler)(&mut tx, &lines).await?;
        let seq = last.seq;
        db::execute!(&mut tx, "update bus_cursor set seq = $2 where subscriber = $1", self.name, seq)?;
        tx.commit().await?;
        self.known.send_replace(seq);
        Ok(Batch { cursor: seq, count: i64::try_from(lines.len()).unwrap_or(BATCH) })
    }
}

/// How far a batch came, with how many lines.
struct Batch {
    cursor: i64,
    count: i64,
}

/// The cursor, locked until the transaction ends: who waits for the lock then reads what was stored under it.
async fn lock_cursor(tx: &mut Tx, name: &str) -> db::Result<i64> {
    let (seq,): (i64,) = db::fetch_one!(
        tx,
        "insert into bus_cursor (subscriber, seq) values ($1, 0)
         on conflict (subscriber) do update set seq = bus_cursor.seq
         returning seq",
        name,
    )?;
    Ok(seq)
}

async fn pause_until(moment: Instant, asked: &mut watch::Receiver<bool>) {
    tokio::select! {
        () = sleep_until(moment) => {}
        _ = asked.wait_for(|asked| *asked) => {}
    }
}

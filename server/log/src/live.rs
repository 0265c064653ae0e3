//! What this process knows at this moment: the last line it told, who listens, who waits for their seal.

use crate::Line;
use model::JournalId;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{broadcast, oneshot, watch};

/// How many lines a listener may fall behind before it is told so.
const LINES_KEPT: usize = 4_096;

pub(crate) struct Live {
    heads: watch::Sender<i64>,
    lines: broadcast::Sender<Arc<Line>>,
    waiting: Mutex<Waiting>,
}

#[derive(Default)]
struct Waiting {
    /// Lines told lately: whoever asks a moment too late finds the answer here.
    told: HashMap<JournalId, i64>,
    oldest: VecDeque<JournalId>,
    waiters: HashMap<JournalId, Vec<oneshot::Sender<i64>>>,
}

impl Live {
    pub(crate) fn new(head: i64) -> Self {
        let lines = broadcast::Sender::new(LINES_KEPT);
        Self { heads: watch::Sender::new(head), lines, waiting: Mutex::default() }
    }

    pub(crate) fn heads(&self) -> watch::Receiver<i64> {
        self.heads.subscribe()
    }

    pub(crate) fn lines(&self) -> broadcast::Receiver<Arc<Line>> {
        self.lines.subscribe()
    }

    /// The last line told.
    pub(crate) fn head(&self) -> i64 {
        *self.heads.borrow()
    }

    /// Tells these lines, which follow the last one told without a gap.
    pub(crate) fn tell(&self, lines: &[Arc<Line>]) {
        let Some(last) = lines.last() else { return };
        self.waiting().tell(lines);
        // The head first: who subscribes between the two finds the head ahead of what comes, never behind it.
        self.heads.send_replace(last.seq);
        for line in lines {
            // It is no failure when nobody listens.
            let _listeners = self.lines.send(line.clone());
        }
    }

    /// Waits until that line is told.
    pub(crate) async fn sealed(&self, id: JournalId) -> i64 {
        let told = {
            let mut waiting = self.waiting();
            if let Some(seq) = waiting.told.get(&id) {
                return *seq;
            }
            let (tell, told) = oneshot::channel();
            let waiters = waiting.waiters.entry(id).or_default();
            waiters.retain(|waiter| !waiter.is_closed());
            waiters.push(tell);
            told
        };
        match told.await {
            Ok(seq) => seq,
            Err(_) => std::future::pending().await,
        }
    }

    /// Nobody waits for that line any more.
    pub(crate) fn forget(&self, id: JournalId) {
        let mut waiting = self.waiting();
        if let Some(waiters) = waiting.waiters.get_mut(&id) {
            waiters.retain(|waiter| !waiter.is_closed());
            if waiters.is_empty() {
                waiting.waiters.remove(&id);
            }
        }
    }

    /// Is someone waiting for a seal?
    pub(crate) fn is_awaited(&self) -> bool {
        !self.waiting().waiters.is_empty()
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        // Nothing in here panics half-way, so what a poisoned lock holds is whole.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    fn tell(&mut self, lines: &[Arc<Line>]) {
        for line in lines {
            for waiter in self.waiters.remove(&line.id).into_iter().flatten() {
                // A waiter that has gone does not need the answer.
                let _gone = waiter.send(line.seq);
            }
            self.told.insert(line.id, line.seq);
            self.oldest.push_back(line.id);
        }
        while self.oldest.len() > LINES_KEPT {
            if let Some(id) = self.oldest.pop_front() {
                self.told.remove(&id);
            }
        }
    }
}

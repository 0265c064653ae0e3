//! What runs beside the requests, and how it ends: one task after the other, each with its work done.

use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Tasks that run until [`Running::stop`], or until this is dropped.
#[must_use = "what runs ends when this is dropped"]
#[derive(Default)]
pub struct Running {
    tasks: Vec<(watch::Sender<bool>, JoinHandle<()>)>,
}

impl Running {
    /// Starts a task; tasks are stopped in the order in which they were started.
    pub(crate) fn with<F: Future<Output = ()> + Send + 'static>(mut self, task: impl FnOnce(Stop) -> F) -> Self {
        let (ask, asked) = watch::channel(false);
        self.tasks.push((ask, tokio::spawn(task(Stop(asked)))));
        self
    }

    /// Asks each task to end and waits until it has.
    pub async fn stop(self) {
        for (ask, task) in self.tasks {
            ask.send_replace(true);
            if let Err(error) = task.await {
                tracing::error!(%error, "a task of the journal ended badly");
            }
        }
    }
}

/// How a task hears that it should end.
#[derive(Clone)]
pub(crate) struct Stop(watch::Receiver<bool>);

impl Stop {
    /// Should it end?
    pub(crate) fn is_asked(&self) -> bool {
        *self.0.borrow() || self.0.has_changed().is_err()
    }

    /// Returns when it should end; a dropped [`Running`] asks too.
    pub(crate) async fn asked(&mut self) {
        let _dropped = self.0.wait_for(|asked| *asked).await;
    }
}

//! From the bus to one socket: a task that listens, and a queue of bounded length between the two.

use super::told::{Shelf, Told};
use bus::{Bus, Heard};
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio_util::task::AbortOnDropHandle;

/// The most pieces of news that wait for one socket. When they are full, the rest waits in the journal, and the bus
/// reads it from there: a slow socket costs no memory, and is told to start over when it is too far behind.
pub const QUEUE: usize = 256;

/// What a socket's task is told.
#[derive(Debug)]
pub enum News {
    /// Something that screens show.
    Told(Arc<Told>),
    /// A line that they do not show; everything up to it was handed on.
    Passed(i64),
    /// Somebody's rights may have changed, with that line.
    Rights(i64),
    /// Too far behind; the journal's head.
    Resync(i64),
}

/// A running pump; dropping it ends the listening.
pub struct Pump {
    news: mpsc::Receiver<News>,
    _task: AbortOnDropHandle<()>,
}

impl Pump {
    /// Starts to listen after that line.
    #[must_use]
    pub fn start(bus: &Bus, shelf: Arc<Shelf>, since: i64) -> Self {
        let mut listener = bus.listen(since);
        let (send, news) = mpsc::channel(QUEUE);
        let task = tokio::spawn(async move {
            loop {
                let piece = match listener.next().await {
                    Heard::Line(line) => match shelf.told(&line) {
                        Some(told) => News::Told(told),
                        None if changes_rights(&line.topic) => News::Rights(line.seq),
                        None => News::Passed(line.seq),
                    },
                    Heard::Beat { seq } => News::Passed(seq),
                    Heard::Resync { head } => News::Resync(head),
                };
                if send.send(piece).await.is_err() {
                    return;
                }
            }
        });
        Self { news, _task: AbortOnDropHandle::new(task) }
    }

    /// Waits for news, then takes whatever else has come meanwhile: at most a queue full.
    pub async fn batch(&mut self) -> Vec<News> {
        let mut batch = Vec::new();
        self.news.recv_many(&mut batch, QUEUE).await;
        batch
    }
}

fn changes_rights(topic: &str) -> bool {
    topic.starts_with("auth.") && !matches!(topic, "auth.signed_in" | "auth.sign_in_failed" | "auth.act_refused")
}

#[cfg(test)]
mod tests {
    use super::changes_rights;

    #[test]
    fn a_revocation_is_looked_into() {
        assert!(changes_rights("auth.role_revoked") && changes_rights("auth.signed_out"));
    }

    #[test]
    fn a_sign_in_or_a_sale_is_not() {
        assert!(!changes_rights("auth.signed_in") && !changes_rights("inventory.sale_posted"));
    }
}

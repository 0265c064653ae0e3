//! Trouble: each error that the program writes to its log is kept as a problem too, once, outside of what failed.

use auth::Auth;
use log::Trouble;
use model::{Doing, ProblemSource, Result};
use std::fmt::{Debug, Write};
use std::time::Duration;
use tokio::sync::broadcast;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::layer::{Context, Layer};
use tracing_subscriber::registry::LookupSpan;

/// How many errors wait to be written down; when more come at once, the oldest are left to the log alone.
const WAITING: usize = 256;
/// How long nothing is written down after a problem could not be kept; each time in a row twice as long, up to the most.
const PAUSE: Duration = Duration::from_secs(5);
const PAUSE_MAX: Duration = Duration::from_secs(60);

/// The part of the log's subscriber that overhears errors. Whoever serves asks the subscriber for it.
pub struct Overhear {
    heard: broadcast::Sender<Trouble>,
}

impl Default for Overhear {
    fn default() -> Self {
        Self { heard: broadcast::Sender::new(WAITING) }
    }
}

/// In which request something happens, kept in its span.
#[derive(Clone, Default)]
struct Asked {
    id: String,
    path: String,
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Overhear {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id).filter(|span| span.name() == "request") else { return };
        let mut words = Words::default();
        attributes.record(&mut words);
        span.extensions_mut().insert(Asked { id: words.take("id"), path: words.take("path") });
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let told = event.metadata();
        if *told.level() != Level::ERROR || !told.target().starts_with("storeroom") {
            return;
        }
        let mut words = Words::default();
        event.record(&mut words);
        let spans = context.event_scope(event).into_iter().flatten();
        let asked = spans.filter_map(|span| span.extensions().get::<Asked>().cloned()).next().unwrap_or_default();
        let doing = Doing {
            screen: asked.path,
            request: asked.id,
            ticket: words.take("ticket"),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            ..Doing::default()
        };
        let mut what = words.take("message");
        for (_, value) in words.0 {
            let _ = write!(what, ": {value}");
        }
        let place = told.file().unwrap_or(told.target()).to_owned();
        let trouble = Trouble { source: ProblemSource::Server, what, place, doing, reporter: String::new() };
        // It is no failure when nobody keeps problems: a command that does not serve.
        let _keepers = self.heard.send(trouble);
    }
}

/// The fields of an event or a span, as texts.
#[derive(Default)]
struct Words(Vec<(&'static str, String)>);

impl Words {
    fn take(&mut self, name: &str) -> String {
        match self.0.iter().position(|(known, _)| *known == name) {
            Some(place) => self.0.remove(place).1,
            None => String::new(),
        }
    }
}

impl Visit for Words {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.push((field.name(), value.to_owned()));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.push((field.name(), format!("{value:?}")));
    }
}

/// Keeps what is overheard until it is dropped.
pub async fn keep(auth: Auth) {
    let heard = tracing::dispatcher::get_default(|log| log.downcast_ref::<Overhear>().map(|ear| ear.heard.subscribe()));
    if let Some(heard) = heard {
        keep_heard(heard, |trouble| auth.keep_problem(trouble)).await;
    }
}

/// A problem that cannot be written down is in the log already, and so is why: that is an error too, and it is overheard
/// as well. So what is heard until the pause is over is left to the log alone, or a full disk would go round for ever.
async fn keep_heard<Kept>(mut heard: broadcast::Receiver<Trouble>, keep: impl Fn(Trouble) -> Kept)
where
    Kept: Future<Output = Result<()>>,
{
    let mut pause = PAUSE;
    loop {
        match heard.recv().await {
            Ok(trouble) => match keep(trouble).await {
                Ok(()) => pause = PAUSE,
                Err(error) => {
                    tracing::warn!(%error, "a problem could not be kept");
                    tokio::time::sleep(pause).await;
                    heard = heard.resubscribe();
                    pause = PAUSE_MAX.min(pause * 2);
                }
            },
            Err(broadcast::error::RecvError::Lagged(left_out)) => {
                tracing::warn!(left_out, "more errors at once than can be kept as problems");
            }
            Err(broadcast::error::RecvError::Closed) => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Error;
    use std::sync::atomic::{AtomicU32, Ordering};
    use tokio::time::timeout;

    fn trouble() -> Trouble {
        let (what, place) = ("the disk is full".to_owned(), "server/db".to_owned());
        let (source, doing, reporter) = (ProblemSource::Server, Doing::default(), String::new());
        Trouble { source, what, place, doing, reporter }
    }

    /// How often it is tried, when every try is overheard as another trouble until there have been so many.
    async fn tries(answer: Result<()>) -> u32 {
        let (ear, tried) = (broadcast::Sender::new(WAITING), AtomicU32::new(0));
        let heard = ear.subscribe();
        let keep = |trouble| {
            if tried.fetch_add(1, Ordering::Relaxed) < 20 {
                let _heard = ear.send(trouble);
            }
            std::future::ready(answer.clone())
        };
        ear.send(trouble()).expect("somebody listens");
        let _still_listening = timeout(Duration::from_millis(300), keep_heard(heard, keep)).await;
        tried.into_inner()
    }

    #[tokio::test]
    async fn what_cannot_be_kept_does_not_go_round() {
        assert_eq!(tries(Err(Error::Busy)).await, 1);
    }

    #[tokio::test]
    async fn what_can_be_kept_is_kept_each_time() {
        assert_eq!(tries(Ok(())).await, 21);
    }
}

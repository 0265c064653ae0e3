//! Trouble: each error that the program writes to its log is kept as a problem too, once, outside of what failed.

use auth::Auth;
use log::Trouble;
use model::{Doing, ProblemSource};
use std::fmt::{Debug, Write};
use tokio::sync::broadcast;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::layer::{Context, Layer};
use tracing_subscriber::registry::LookupSpan;

/// How many errors wait to be written down; when more come at once, the oldest are left to the log alone.
const WAITING: usize = 256;

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

/// Keeps what is overheard until it is dropped. A problem that cannot be written down is in the log already; writing
/// that down would fail too, so it is only mentioned.
pub async fn keep(auth: Auth) {
    let heard = tracing::dispatcher::get_default(|log| log.downcast_ref::<Overhear>().map(|ear| ear.heard.subscribe()));
    let Some(mut heard) = heard else { return };
    loop {
        match heard.recv().await {
            Ok(trouble) => {
                if let Err(error) = auth.keep_problem(trouble).await {
                    tracing::warn!(%error, "a problem could not be kept");
                }
            }
            Err(broadcast::error::RecvError::Lagged(left_out)) => {
                tracing::warn!(left_out, "more errors at once than can be kept as problems");
            }
            Err(broadcast::error::RecvError::Closed) => return,
        }
    }
}

//! For whoever watches the process: is it alive, and should it be sent requests?

use super::Front;
use super::problem::refuse;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use db::Db;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

/// How long the database may take to answer, and for how long its answer is told to others who ask.
const PATIENCE: Duration = Duration::from_secs(2);
const FRESH: Duration = Duration::from_secs(1);

/// The process answers.
pub async fn alive() -> &'static str {
    "ok\n"
}

/// It is not about to stop, and the database answers and takes what is written.
pub async fn ready(State(front): State<Arc<Front>>) -> Response {
    let no = |code, why| refuse(StatusCode::SERVICE_UNAVAILABLE, code, why);
    if front.stopping.is_cancelled() {
        return no("stopping", "this process is about to stop");
    }
    if !matches!(timeout(PATIENCE, front.house.db.read()).await, Ok(Ok(_))) {
        return no("no_database", "the database does not answer");
    }
    if !front.pulse.beats(&front.house.db).await {
        return no("no_writes", "the database takes no writes: make room on its disk, or let this process write to it");
    }
    "ready\n".into_response()
}

/// Whether the database took a write, as it was seen last: asked at most once in a second, however many want to know.
#[derive(Clone, Default)]
pub struct Pulse(Arc<Mutex<Option<(Instant, bool)>>>);

impl Pulse {
    async fn beats(&self, db: &Db) -> bool {
        let mut seen = self.0.lock().await;
        if let Some((_, beats)) = seen.filter(|(at, _)| at.elapsed() < FRESH) {
            return beats;
        }
        let proved = timeout(PATIENCE, db.prove()).await;
        let beats = matches!(proved, Ok(Ok(())));
        if !beats {
            tracing::warn!(?proved, "the database takes no writes");
        }
        *seen = Some((Instant::now(), beats));
        beats
    }
}

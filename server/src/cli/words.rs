//! Messages to standard error, for people or for machines.

use super::LogFormat;
use crate::Stop;
use crate::trouble::Overhear;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, fmt, registry};

/// Starts writing messages, and overhearing errors, whatever the filter says.
///
/// # Errors
/// When the filter is not one.
pub fn start(filter: &str, format: LogFormat) -> Result<(), Stop> {
    let filter = EnvFilter::try_new(filter)
        .map_err(|error| Stop::new(format!("--log {filter:?} is not a filter: {error}")).with_status(2))?;
    let words = fmt::layer().with_writer(std::io::stderr).with_target(false);
    let words = match format {
        LogFormat::Text => words.with_filter(filter).boxed(),
        LogFormat::Json => words.json().flatten_event(true).with_filter(filter).boxed(),
    };
    // The span of a request is of level info: the ear needs it to name the request.
    let ear = Overhear::default().with_filter(LevelFilter::INFO);
    // Only a test that runs two commands in one process starts twice.
    registry().with(words).with(ear).try_init().or(Ok(()))
}

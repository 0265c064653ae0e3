//! Messages to standard error, for people or for machines.

use super::LogFormat;
use crate::Stop;
use tracing_subscriber::EnvFilter;

/// Starts writing messages.
///
/// # Errors
/// When the filter is not one.
pub fn start(filter: &str, format: LogFormat) -> Result<(), Stop> {
    let filter = EnvFilter::try_new(filter)
        .map_err(|error| Stop::new(format!("--log {filter:?} is not a filter: {error}")).with_status(2))?;
    let words = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    let started = match format {
        LogFormat::Text => words.try_init(),
        LogFormat::Json => words.json().flatten_event(true).try_init(),
    };
    // Only a test that runs two commands in one process starts twice.
    started.or(Ok(()))
}

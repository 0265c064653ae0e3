//! Storeroom, the program: configuration, wiring, HTTP, the live socket and the command line.

mod cli;
mod crowd;
mod demo;
mod house;
mod launch;
mod live;
mod operate;
mod place;
mod stop;
mod trouble;

pub mod http;

pub use house::House;
pub use launch::{Config, launch, serve};
pub use place::Place;
pub use stop::Stop;
pub use trouble::Overhear;

use clap::Parser;
use std::process::ExitCode;

/// Reads the command line and the environment, and does what they say.
///
/// The exit status is 0 when it was done; 1 when it could not be done (for `verify`: when a bad row was found);
/// 2 when the command was not understood (for `verify`: also when it could not read).
#[must_use]
pub fn run() -> ExitCode {
    if let Err(sentence) = cli::known_variables(std::env::vars_os().map(|(name, _)| name)) {
        eprintln!("storeroom: {sentence}");
        return ExitCode::from(2);
    }
    let cli = cli::Cli::parse();
    // What another thread wakes, such as an act whose statement SQLite has done, has its turn before the next request:
    // an act that waits keeps all others from writing.
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    if cli.serves_sqlite() && std::env::var_os("TOKIO_WORKER_THREADS").is_none() {
        // SQLite's writer has a thread of its own, and wants a processor with it.
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        runtime.worker_threads((processors - 1).max(1));
    }
    let runtime = match runtime.enable_all().global_queue_interval(1).build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("storeroom: no threads to run on: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(cli::obey(cli)) {
        Ok(status) => status,
        Err(stop) => {
            eprintln!("storeroom: {stop}");
            ExitCode::from(stop.status())
        }
    }
}

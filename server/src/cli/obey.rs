//! From a command to what it does.

use super::{Cli, Command, Import, Key, Serve, Store, User};
use super::{people, stock, words};
use crate::launch::{Config, launch};
use crate::operate;
use crate::{Place, Stop};
use std::future::Future;
use std::process::ExitCode;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

/// Does what the command says.
///
/// # Errors
/// A sentence for the console, with an exit status.
pub async fn obey(cli: Cli) -> Result<ExitCode, Stop> {
    words::start(&cli.log, cli.log_format)?;
    match cli.command {
        Command::Serve(serve) => serving(serve).await?,
        Command::Store(Store::Add(add)) => stock::add_store(add).await?,
        Command::User(User::Add(add)) => people::add(add).await?,
        Command::Key(Key::Add(add)) => people::add_key(add).await?,
        Command::Import(Import::Till(till)) => stock::import_till(till).await?,
        Command::Migrate(place) => migrate(&place).await?,
        Command::Verify(place) => return stock::verify(place).await,
        Command::Backup(asked) => operate::backup(&asked.place, &asked.to).await?,
        Command::Restore(asked) => {
            return operate::restore(&asked.from, &asked.place, asked.checkpoints.as_deref()).await;
        }
        Command::Doctor(serve) => return operate::doctor(&serve).await,
        Command::Rebuild(place) => stock::rebuild(place).await?,
        Command::Openapi => say(&crate::http::openapi()),
    }
    Ok(ExitCode::SUCCESS)
}

/// One line on standard output; a reader who has gone away is no fault of ours.
pub fn say(line: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stdout(), "{line}");
}

async fn serving(serve: Serve) -> Result<(), Stop> {
    let stop = asked_to_stop()?;
    let listener = TcpListener::bind(serve.bind)
        .await
        .map_err(|error| Stop::new(format!("cannot listen on {}: {error}; choose another with --bind", serve.bind)))?;
    let Serve { place, public_url, demo, trusted_proxy: trusted_proxies, requests_per_second, .. } = serve;
    let config = Config { place, public_url, demo, trusted_proxies, requests_per_second };
    launch(config, listener, stop).await
}

/// Resolves at SIGTERM or Ctrl-C.
fn asked_to_stop() -> Result<impl Future<Output = ()> + Send, Stop> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

async fn migrate(place: &Place) -> Result<(), Stop> {
    place.open().await?.close().await;
    say("the tables are up to date");
    Ok(())
}

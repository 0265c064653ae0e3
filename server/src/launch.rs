//! A serving process: what starts, in which order, and how it ends.

use crate::cli::say;
use crate::house::command_line;
use crate::http::{self, Front, Home, Pace, Proxies, Range};
use crate::live::Live;
use crate::{House, Place, Stop, demo};
use auth::Secret;
use axum::Router;
use integration::demo::SignIn;
use model::Error;
use std::future::Future;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// The longest that requests may go on after the process was asked to stop.
const DRAIN: Duration = Duration::from_secs(20);

/// What a serving process is told.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where the data is.
    pub place: Place,
    /// How browsers reach it.
    pub public_url: Option<String>,
    /// Open a demo store when the database is empty.
    pub demo: bool,
    /// The proxies that are believed where a request came from.
    pub trusted_proxies: Vec<Range>,
    /// How many requests one person or one key may make in a second.
    pub requests_per_second: NonZeroU32,
}

/// Serves on that listener until `shutdown` resolves; then ends what is under way and closes the database.
///
/// # Errors
/// Says what to do when the process cannot start.
pub async fn launch(config: Config, listener: TcpListener, shutdown: impl Future<Output = ()>) -> Result<(), Stop> {
    // A second call, from a test's second server, finds it installed.
    let _ = jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER.install_default();
    let house = House::open(&config.place).await?;
    serve(house, config, listener, shutdown).await
}

/// The same on modules that are open already.
///
/// # Errors
/// As [`launch`].
pub async fn serve(
    house: House,
    config: Config,
    listener: TcpListener,
    shutdown: impl Future<Output = ()>,
) -> Result<(), Stop> {
    let beside = house.start();
    let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
    let proxies = Proxies::new(&config.trusted_proxies);
    let served = match open(&house, config, &proxies, &listener, &stop, &tasks).await {
        Ok(router) => {
            let serving = tokio::spawn(http::serve(listener, router, proxies, stop.clone(), tasks.clone()));
            shutdown.await;
            tracing::info!("asked to stop: finishing what is under way");
            stop.cancel();
            drop(serving.await);
            Ok(())
        }
        Err(stop) => Err(stop),
    };
    tasks.close();
    if tokio::time::timeout(DRAIN, tasks.wait()).await.is_err() {
        tracing::warn!(left = tasks.len(), "some requests did not end within 20 s");
    }
    house.close(beside).await;
    served
}

/// Everything between an open database and the first request.
async fn open(
    house: &House,
    config: Config,
    proxies: &Proxies,
    listener: &TcpListener,
    stop: &CancellationToken,
    tasks: &TaskTracker,
) -> Result<Router, Stop> {
    let Config { place, public_url, demo, requests_per_second, .. } = config;
    let pace = Pace::new(requests_per_second);
    let proxies = proxies.clone();
    let home = Home::new(public_url.as_deref()).map_err(|sentence| Stop::new(sentence).with_status(2))?;
    let address = listener.local_addr()?;
    let written = house.inventory.write_search(&command_line()).await?;
    if written > 0 {
        tracing::info!(items = written, "wrote the words by which items are found");
    }
    let sign_ins = if demo { demo::open(house).await? } else { Vec::new() };
    may_be_seen(house, address.ip().is_loopback()).await?;
    let live = Live::new(house, home.clone(), stop.clone(), tasks.clone()).await?;
    let (pulse, stopping) = (http::Pulse::default(), stop.clone());
    let front = Front { house: house.clone(), place, proxies, pace, home, public_url, pulse, stopping };
    let front = Arc::new(front);
    let router = http::router(&front, live);
    announce(&front, address, &sign_ins, setup_token(house).await?.as_ref());
    Ok(router)
}

/// Without an administrator nobody guards the door: only this machine may see it.
async fn may_be_seen(house: &House, loopback: bool) -> Result<(), Stop> {
    if loopback || house.auth.has_administrator().await? {
        return Ok(());
    }
    Err(Stop::new(
        "there is no administrator yet, so only this machine may see the server: start it with --bind 127.0.0.1:3000 \
         and open the link that it prints; or make one with `storeroom user add NAME --role administrator`",
    ))
}

/// The token with which whoever reads the console becomes the first administrator; none when there is one.
async fn setup_token(house: &House) -> Result<Option<Secret>, Stop> {
    match house.auth.setup_token().await {
        Ok(token) => Ok(Some(token)),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Says on standard output where the server is, whatever the messages' filter: whoever started it waits for that.
fn announce(front: &Front, address: SocketAddr, sign_ins: &[SignIn], setup: Option<&Secret>) {
    let url = front.public_url.clone().unwrap_or_else(|| format!("http://{address}"));
    tracing::info!(engine = ?front.house.db.engine(), version = env!("CARGO_PKG_VERSION"), "serving on {address}");
    say(&format!("Storeroom is open at {url}"));
    for SignIn { name, password, role, .. } in sign_ins {
        say(&format!("  demo {}: sign in as {name} with the password {password}", role.name()));
    }
    if let Some(token) = setup {
        let url = url.trim_end_matches('/');
        say(&format!("  nobody runs it yet. Set it up here: {url}/setup?token={}", token.expose()));
        say("  the link is good for 30 minutes and for one administrator; a new start prints a new one");
    }
}

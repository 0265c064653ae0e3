//! A serving process: what starts, in which order, and how it ends.

use crate::cli::say;
use crate::http::{self, Front, Home};
use crate::live::Live;
use crate::{House, Place, Stop, demo};
use axum::Router;
use std::future::Future;
use std::net::SocketAddr;
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
    let served = match open(&house, config, &listener, &stop, &tasks).await {
        Ok(router) => {
            let serving = tokio::spawn(http::serve(listener, router, stop.clone(), tasks.clone()));
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
    listener: &TcpListener,
    stop: &CancellationToken,
    tasks: &TaskTracker,
) -> Result<Router, Stop> {
    let Config { public_url, demo, .. } = config;
    let home = Home::new(public_url.as_deref()).map_err(|sentence| Stop::new(sentence).with_status(2))?;
    let address = listener.local_addr()?;
    let sign_ins = if demo { demo::open(house).await? } else { Vec::new() };
    may_be_seen(house, address.ip().is_loopback()).await?;
    let live = Live::new(house, home.clone(), stop.clone(), tasks.clone()).await?;
    let front = Front { house: house.clone(), home, public_url, stopping: stop.clone() };
    let router = http::router(&front, live);
    announce(&front, address, &sign_ins);
    Ok(router)
}

/// Without an administrator nobody guards the door: only this machine may see it.
async fn may_be_seen(house: &House, loopback: bool) -> Result<(), Stop> {
    if house.auth.has_administrator().await? {
        return Ok(());
    }
    let how = "`storeroom user add NAME --role administrator` makes one";
    if !loopback {
        return Err(Stop::new(format!(
            "there is no administrator yet, so only this machine may see the server: {how}"
        )));
    }
    tracing::warn!("there is no administrator yet, so nobody can sign in: stop this, then {how}; or start with --demo");
    Ok(())
}

/// Says on standard output where the server is, whatever the messages' filter: whoever started it waits for that.
fn announce(front: &Front, address: SocketAddr, sign_ins: &[demo::SignIn]) {
    let url = front.public_url.clone().unwrap_or_else(|| format!("http://{address}"));
    tracing::info!(engine = ?front.house.db.engine(), version = env!("CARGO_PKG_VERSION"), "serving on {address}");
    say(&format!("Storeroom is open at {url}"));
    for demo::SignIn { name, password, role } in sign_ins {
        say(&format!("  demo {role}: sign in as {name} with the password {password}"));
    }
}

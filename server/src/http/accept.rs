//! Connections: at most so many, each with a time limit on its headers, all of them told when the server stops.

use super::Proxies;
use crate::crowd::{Crowd, Inside};
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

/// The most connections at once.
const CONNECTIONS: usize = 12_000;
/// The most of one household: a shop's tablets share an address, and nobody fills all places alone.
const HOUSEHOLD: usize = 500;
/// The longest that a request's headers may take, the first byte included.
const HEADERS: Duration = Duration::from_secs(5);
/// The largest headers of one request, in bytes.
const HEADER_BYTES: usize = 16 * 1024;

/// Serves until `stop` is cancelled; what is then under way is tracked by `tasks`.
///
/// `axum::serve` sets no timer, and without one hyper never closes a connection that sends no headers.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    proxies: Proxies,
    stop: CancellationToken,
    tasks: TaskTracker,
) {
    let (places, households) = (Arc::new(Semaphore::new(CONNECTIONS)), Crowd::new(HOUSEHOLD));
    loop {
        let place = tokio::select! {
            () = stop.cancelled() => return,
            place = Arc::clone(&places).acquire_owned() => place,
        };
        let Ok(place) = place else { return };
        let accepted = tokio::select! {
            () = stop.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                // Without room it is closed unheard: reading what it asks would cost more.
                if let Some(room) = room(&households, &proxies, peer.ip()) {
                    tasks.spawn(connection(stream, peer, router.clone(), stop.clone(), (place, room)));
                }
            }
            Err(error) => {
                // Out of file handles, most likely: let some connections end first.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

/// A place among those of its household. This machine and the proxies in front speak for many, and have no bound of
/// their own.
fn room(households: &Crowd<IpAddr>, proxies: &Proxies, peer: IpAddr) -> Option<Option<Inside<IpAddr>>> {
    if peer.to_canonical().is_loopback() || proxies.trusts(peer) {
        return Some(None);
    }
    households.enter(auth::neighbourhood(peer)).map(Some)
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    stop: CancellationToken,
    _places: (OwnedSemaphorePermit, Option<Inside<IpAddr>>),
) {
    let _ = stream.set_nodelay(true);
    // Hyper's own clock starts with the first byte: whoever never sends one is not waited for.
    let mut first_byte = [0];
    tokio::select! {
        () = stop.cancelled() => return,
        arrived = timeout(HEADERS, stream.peek(&mut first_byte)) => if arrived.is_err() { return },
    }
    let service = hyper::service::service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(request.map(Body::new))
    });
    let mut builder = Builder::new(TokioExecutor::new()).http1_only();
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEADERS).max_buf_size(HEADER_BYTES).keep_alive(true);
    let serving = builder.serve_connection_with_upgrades(TokioIo::new(stream), service);
    tokio::pin!(serving);
    tokio::select! {
        _ = serving.as_mut() => return,
        () = stop.cancelled() => serving.as_mut().graceful_shutdown(),
    }
    // What was asked before is still answered; nothing more is read.
    let _ = serving.await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_household_does_not_take_all_places_and_a_proxy_may() {
        let (households, proxies) = (Crowd::new(1), Proxies::new(&["10.0.0.0/8".parse().expect("a range")]));
        let peer = |text: &str| room(&households, &proxies, text.parse().expect("an address"));
        let first = peer("2001:db8::1");
        assert!(first.is_some() && peer("2001:db8::2").is_none(), "both are of one household");
        assert!(peer("2001:db8:0:1::1").is_some(), "another one");
        for many in ["127.0.0.1", "::1", "10.1.2.3"] {
            let _open = peer(many);
            assert!(peer(many).is_some(), "{many}");
        }
        drop(first);
        assert!(peer("2001:db8::2").is_some());
    }
}

//! The live socket `/live`: it only tells; whatever changes something goes over HTTP.

mod aside;
mod board;
mod pump;
mod socket;
mod told;
mod wish;

use crate::crowd::{Crowd, Inside};
use crate::http::{Home, identity::Signed, refuse};
use crate::{House, Stop};
use auth::{Auth, Credential};
use axum::Extension;
use axum::extract::State;
use axum::extract::ws::{WebSocketUpgrade, rejection::WebSocketUpgradeRejection};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use bus::Bus;
use integration::Integration;
use inventory::Inventory;
use model::{Principal, Via};
use std::sync::Arc;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// The most sockets of one person.
const SOCKETS: usize = 10;
/// The largest message, the most that waits to be written, and the buffer for reading, in bytes.
const MESSAGE: usize = 64 * 1024;
const WRITING: usize = 1024 * 1024;
const READING: usize = 4 * 1024;

/// What all sockets share.
#[derive(Clone)]
pub struct Live {
    pub auth: Auth,
    pub bus: Bus,
    pub inventory: Inventory,
    pub integration: Integration,
    pub board: board::Board,
    pub home: Home,
    pub epoch: Arc<str>,
    pub heads: watch::Receiver<i64>,
    pub shelf: Arc<told::Shelf>,
    pub sockets: Crowd<Principal>,
    pub stop: CancellationToken,
    pub tasks: TaskTracker,
}

impl Live {
    /// What sockets need of the modules.
    ///
    /// # Errors
    /// When the journal's epoch cannot be read.
    pub async fn new(house: &House, home: Home, stop: CancellationToken, tasks: TaskTracker) -> Result<Self, Stop> {
        Ok(Self {
            auth: house.auth.clone(),
            bus: house.bus.clone(),
            inventory: house.inventory.clone(),
            integration: house.integration.clone(),
            board: board::Board::default(),
            home,
            epoch: house.log.epoch().await?.into(),
            heads: house.log.heads(),
            shelf: Arc::default(),
            sockets: Crowd::new(SOCKETS),
            stop,
            tasks,
        })
    }
}

/// Whose socket it is.
pub struct Listener {
    credential: Credential,
    via: Via,
    _place: Inside<Principal>,
}

/// Turns a request into a socket: from our own page only, for someone signed in only.
pub async fn upgrade(
    State(live): State<Live>,
    signed: Option<Extension<Signed>>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    if !live.home.sent(&headers) {
        return refuse(StatusCode::FORBIDDEN, "foreign_page", "open the live socket from a page of this server");
    }
    let Some(Extension(signed)) = signed else {
        return refuse(StatusCode::UNAUTHORIZED, "signed_out", "sign in, then try again");
    };
    let Ok(upgrade) = upgrade else {
        return refuse(StatusCode::UPGRADE_REQUIRED, "not_a_socket", "this address speaks WebSocket only");
    };
    let Some(place) = live.sockets.enter(signed.principal) else {
        return refuse(StatusCode::TOO_MANY_REQUESTS, "too_many_sockets", "close some of the open pages first");
    };
    let listener = Listener { credential: signed.credential, via: signed.via, _place: place };
    upgrade
        .max_message_size(MESSAGE)
        .max_frame_size(MESSAGE)
        .write_buffer_size(0)
        .max_write_buffer_size(WRITING)
        .read_buffer_size(READING)
        .on_upgrade(move |socket| {
            let tasks = live.tasks.clone();
            tasks.track_future(socket::talk(live, listener, socket))
        })
}

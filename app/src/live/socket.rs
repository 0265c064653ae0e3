//! The browser's side of the wire: opening, watching, and opening again.

use super::{Connection, Live};
use crate::prelude::*;
use leptos::ev;
use model::{Frame, Hello};
use std::time::Duration;
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{MessageEvent, WebSocket};

/// The server beats every 15 s; nothing at all for this long means that the line is dead.
const SILENCE_MS: f64 = 40_000.0;
/// After sleep a line that was quiet for longer than a beat is not trusted.
const DOZE_MS: f64 = 18_000.0;
/// A hello that is not answered by then was lost.
const ANSWER_MS: f64 = 10_000.0;
const WATCH: Duration = Duration::from_secs(2);
const FIRST_WAIT_MS: f64 = 300.0;
const LONGEST_WAIT_MS: f64 = 5_000.0;
/// After so many failures in a row the pill says "Offline".
const PATIENCE: u32 = 4;

/// An open (or opening) WebSocket and the closures that it calls.
pub struct Socket {
    line: WebSocket,
    _opened: Closure<dyn FnMut()>,
    _heard: Closure<dyn FnMut(MessageEvent)>,
    _closed: Closure<dyn FnMut()>,
}

impl Socket {
    fn open(live: Live) -> Option<Self> {
        let line = WebSocket::new(&address()?).ok()?;
        let opened = Closure::new(move || live.say_hello());
        let heard = Closure::new(move |message: MessageEvent| live.hear_text(message.data().as_string()));
        let closed = Closure::new(move || live.lost());
        line.set_onopen(Some(opened.as_ref().unchecked_ref()));
        line.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        line.set_onclose(Some(closed.as_ref().unchecked_ref()));
        Some(Self { line, _opened: opened, _heard: heard, _closed: closed })
    }

    /// Whether words can be said.
    pub fn is_open(&self) -> bool {
        self.line.ready_state() == WebSocket::OPEN
    }

    fn is_usable(&self) -> bool {
        matches!(self.line.ready_state(), WebSocket::OPEN | WebSocket::CONNECTING)
    }

    /// Says hello; a failure shows as a closed line.
    pub fn say(&self, hello: &Hello) {
        if let Ok(text) = serde_json::to_string(hello) {
            self.line.send_with_str(&text).ok();
        }
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.line.set_onopen(None);
        self.line.set_onmessage(None);
        self.line.set_onclose(None);
        self.line.close().ok();
    }
}

fn address() -> Option<String> {
    let location = window().location();
    let scheme = if location.protocol().ok()? == "https:" { "wss" } else { "ws" };
    Some(format!("{scheme}://{}/live", location.host().ok()?))
}

impl Live {
    /// Opens the line and keeps it: by the clock, and whenever the browser says that something changed.
    pub(super) fn start(self) {
        self.connect();
        let watch = set_interval_with_handle(move || self.watch(), WATCH).ok();
        let wake = [
            window_event_listener(ev::online, move |_| self.wake()),
            window_event_listener_untyped("pageshow", move |_| self.wake()),
            window_event_listener_untyped("visibilitychange", move |_| {
                if !document().hidden() {
                    self.wake();
                }
            }),
        ];
        let offline = window_event_listener(ev::offline, move |_| self.show(Connection::Offline));
        on_cleanup(move || {
            if let Some(watch) = watch {
                watch.clear();
            }
            wake.into_iter().chain([offline]).for_each(|listener| listener.remove());
        });
    }

    /// Closes the line for good.
    pub(super) fn stop(self) {
        self.with(|hub| {
            hub.stopped = true;
            hub.socket = None;
        });
    }

    fn connect(self) {
        let socket = Socket::open(self);
        self.with(|hub| {
            if !hub.stopped {
                hub.place.hung_up();
                hub.heard_at_ms = now_ms();
                hub.socket = socket;
            }
        });
    }

    fn hear_text(self, text: Option<String>) {
        self.with(|hub| {
            hub.heard_at_ms = now_ms();
            hub.tries = 0;
        });
        // A frame that this build cannot read is one from a newer server: the next beat shows the gap.
        if let Some(frame) = text.and_then(|text| crate::json::read::<Frame>(&text).ok()) {
            self.take(&frame);
        }
    }

    /// The line broke: tries again after a short, uneven wait, so that a thousand tabs do not come back at once.
    fn lost(self) {
        let Some((tries, stopped)) = self.with(|hub| {
            hub.place.hung_up();
            hub.tries = hub.tries.saturating_add(1);
            (hub.tries, hub.stopped)
        }) else {
            return;
        };
        if stopped || self.ended.get_untracked() {
            return;
        }
        let out = tries > PATIENCE || !window().navigator().on_line();
        self.show(if out { Connection::Offline } else { Connection::Reconnecting });
        let longest = (FIRST_WAIT_MS * f64::from(1_u32 << tries.min(5))).min(LONGEST_WAIT_MS);
        let wait = longest / 2.0 + js_sys::Math::random() * longest / 2.0;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0.3 and 5 s")]
        set_timeout(move || self.connect_if_needed(), Duration::from_millis(wait as u64));
    }

    fn connect_if_needed(self) {
        let usable = self.with(|hub| hub.stopped || hub.socket.as_ref().is_some_and(Socket::is_usable));
        if usable == Some(false) {
            self.connect();
        }
    }

    /// The page is looked at again, or the network is back.
    fn wake(self) {
        let doubtful = self.with(|hub| {
            let open = hub.socket.as_ref().is_some_and(Socket::is_usable);
            !hub.stopped && (!open || now_ms() - hub.heard_at_ms > DOZE_MS)
        });
        if doubtful == Some(true) && !self.ended.get_untracked() {
            self.show(Connection::Reconnecting);
            self.connect();
        }
    }

    fn watch(self) {
        let dead = self.with(|hub| {
            let quiet_ms = now_ms() - hub.heard_at_ms;
            let open = hub.socket.as_ref().is_some_and(Socket::is_open);
            // Without a listener the server has nothing to say, and its silence says nothing.
            open && hub.place.is_wanted() && (quiet_ms > SILENCE_MS || (!hub.place.settled() && quiet_ms > ANSWER_MS))
        });
        if dead == Some(true) && !self.ended.get_untracked() {
            self.show(Connection::Reconnecting);
            self.connect();
        }
    }
}

fn now_ms() -> f64 {
    js_sys::Date::now()
}

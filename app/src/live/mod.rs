//! The live connection: one per tab, told to every part of the page that listens.

mod follow;
mod place;
mod socket;

pub use follow::{Follow, follow, gather};

use crate::prelude::*;
use model::{Change, Frame, ImportProgress, ItemNews, SaleSeen};
use place::{Place, Step};
use socket::Socket;
use std::collections::BTreeMap;
use std::rc::Rc;

/// What the pill says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connection {
    /// What is shown is true now.
    Live,
    /// The line was lost a moment ago, or is being opened.
    Reconnecting,
    /// There has been no line for a while; it is still tried.
    Offline,
}

/// Something that happened, as a listener hears it.
#[derive(Debug)]
pub struct Event<'a> {
    /// Its journal line.
    pub seq: i64,
    /// Balances after it: absolute, so a change with a version at or below the one shown is old news.
    pub changes: &'a [Change],
    /// Set when it was a sale, a return or their undoing: increments, told exactly once.
    pub sale: Option<&'a SaleSeen>,
    /// Items that were added or changed: absolute, so one with a version at or below the one shown is old news.
    pub items: &'a [ItemNews],
    /// A document that is followed took a step (`papers:LON`, `paper:ID`): what is to come may be different.
    pub papers: bool,
}

type Hear = Rc<dyn Fn(&Event<'_>)>;
type Tell = Rc<dyn Fn()>;

struct Listener {
    key: u64,
    on_event: Hear,
    on_resync: Tell,
}

#[derive(Default)]
struct Hub {
    place: Place,
    listeners: Vec<Listener>,
    socket: Option<Socket>,
    /// Connections tried since the last one that worked.
    tries: u32,
    /// When the server was last heard, in milliseconds by the browser's clock.
    heard_at_ms: f64,
    hello_due: bool,
    stopped: bool,
}

/// The connection's handle, in context below [`Live::provide`].
#[derive(Clone, Copy)]
pub struct Live {
    state: RwSignal<Connection>,
    ended: RwSignal<bool>,
    present: RwSignal<BTreeMap<String, Vec<String>>>,
    imports: RwSignal<BTreeMap<String, ImportProgress>>,
    /// None on the server, where a page is rendered by several threads and nothing listens.
    hub: Option<StoredValue<Hub, LocalStorage>>,
}

/// One listener's handle, for those who load their data again without being built again.
#[derive(Clone, Copy)]
pub struct Hearing {
    live: Live,
    key: Option<u64>,
}

impl Live {
    /// Puts the connection in context and opens it once the page is alive; it closes with the caller's owner.
    pub fn provide() -> Self {
        let live = Self {
            state: RwSignal::new(Connection::Reconnecting),
            ended: RwSignal::new(false),
            present: RwSignal::default(),
            imports: RwSignal::default(),
            hub: (!cfg!(feature = "ssr")).then(|| StoredValue::new_local(Hub::default())),
        };
        provide_context(live);
        Effect::new(move || live.start());
        on_cleanup(move || live.stop());
        live
    }

    /// What the pill says.
    #[must_use]
    pub fn state(self) -> Signal<Connection> {
        self.state.into()
    }

    /// Whether the line works, as far as is known now; not tracked.
    #[must_use]
    pub fn is_live(self) -> bool {
        self.state.try_get_untracked() == Some(Connection::Live)
    }

    /// Whether there has been no line for a while; not tracked.
    #[must_use]
    pub fn is_offline(self) -> bool {
        self.state.try_get_untracked() == Some(Connection::Offline)
    }

    /// True once the server has said that the right to listen is over.
    #[must_use]
    pub fn ended(self) -> Signal<bool> {
        self.ended.into()
    }

    /// The others who have that open, for as long as someone here listens to the topic `editing:SKU`; tracked.
    #[must_use]
    pub fn present(self, topic: &str) -> Vec<String> {
        self.present.with(|present| present.get(topic).cloned().unwrap_or_default())
    }

    /// How far an import is, for as long as someone here listens to the topic `import:ID`; tracked.
    #[must_use]
    pub fn import(self, topic: &str) -> Option<ImportProgress> {
        self.imports.with(|imports| imports.get(topic).cloned())
    }

    /// Listens to `topics` (`stock:LON`, `sales:LON`) from the line after `as_of` until the caller's owner is cleaned
    /// up. Each line is told once, in order; lines at or before `as_of` never. `on_resync` means: load your data again,
    /// then call [`Hearing::since`] with its `as_of` (or drop this and listen anew). Does nothing on the server.
    pub fn hear(
        self,
        topics: Vec<String>,
        as_of: i64,
        on_event: impl Fn(&Event<'_>) + 'static,
        on_resync: impl Fn() + 'static,
    ) -> Hearing {
        let (on_event, on_resync) = (Rc::new(on_event), Rc::new(on_resync));
        let joined = self.with(|hub| {
            let (key, hello) = hub.place.join(topics, as_of);
            hub.listeners.push(Listener { key, on_event, on_resync });
            (key, hello)
        });
        let key = joined.map(|(key, _)| key);
        if joined.is_some_and(|(_, hello)| hello) {
            self.say_hello_soon();
        }
        on_cleanup(move || {
            self.with(|hub| {
                hub.place.leave(key.unwrap_or(u64::MAX));
                hub.listeners.retain(|listener| Some(listener.key) != key);
            });
        });
        Hearing { live: self, key }
    }

    /// The hub, while there is one.
    fn with<T>(self, act: impl FnOnce(&mut Hub) -> T) -> Option<T> {
        self.hub.and_then(|hub| hub.try_update_value(act))
    }

    /// Several listeners of one page join in one breath; they share a hello.
    fn say_hello_soon(self) {
        let due = self.with(|hub| std::mem::replace(&mut hub.hello_due, true));
        if due == Some(false) {
            queue_microtask(move || self.say_hello());
        }
    }

    /// Says hello on an open line. With nobody listening there is nothing to ask for: the open line itself is the news.
    fn say_hello(self) {
        let idle = self.with(|hub| {
            hub.hello_due = false;
            let open = hub.socket.as_ref().is_some_and(Socket::is_open);
            if open && hub.place.is_wanted() {
                let hello = hub.place.hello();
                hub.socket.iter().for_each(|socket| socket.say(&hello));
            }
            open && !hub.place.is_wanted()
        });
        if idle == Some(true) {
            self.show(Connection::Live);
        }
    }

    /// Takes in a frame: first the bookkeeping, then, with nothing borrowed, the listeners.
    fn take(self, frame: &Frame) {
        let Some((step, hear, tell)) = self.with(|hub| {
            let (step, news) = hub.place.take(frame);
            let of = |key: &u64| hub.listeners.iter().find(|listener| listener.key == *key);
            let hear: Vec<Hear> = news.iter().filter_map(of).map(|listener| listener.on_event.clone()).collect();
            let tell: Vec<Tell> = match step {
                Step::Reload => hub.listeners.iter().map(|listener| listener.on_resync.clone()).collect(),
                _ => Vec::new(),
            };
            (step, hear, tell)
        }) else {
            return;
        };
        match frame {
            Frame::Event { seq, changes, sale, items, papers, .. } => {
                let event = Event { seq: *seq, changes, sale: sale.as_ref(), items, papers: *papers };
                hear.iter().for_each(|listener| listener(&event));
            }
            Frame::Present { topic, names } => {
                self.present.update(|present| drop(present.insert(topic.clone(), names.clone())));
            }
            Frame::Import { topic, progress } => {
                self.imports.update(|imports| drop(imports.insert(topic.clone(), progress.clone())));
            }
            _ => {}
        }
        tell.iter().for_each(|listener| listener());
        match step {
            Step::Go => {}
            Step::SayHello | Step::Reload => self.say_hello_soon(),
            Step::Leave => self.ended.set(true),
        }
        if self.with(|hub| hub.place.settled()) == Some(true) {
            self.show(Connection::Live);
        }
    }

    fn show(self, state: Connection) {
        if self.state.try_get_untracked().is_some_and(|shown| shown != state) {
            self.state.set(state);
        }
    }
}

impl Hearing {
    /// The listener has loaded its data again, true up to `as_of`.
    pub fn since(self, as_of: i64) {
        let Some(key) = self.key else { return };
        if self.live.with(|hub| hub.place.rebase(key, as_of)) == Some(true) {
            self.live.say_hello_soon();
        }
    }
}

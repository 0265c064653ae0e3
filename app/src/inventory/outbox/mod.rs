//! The outbox: what was done here waits in it until the server has answered, and the next thing can begin.
//!
//! Invariant: nothing leaves it but by the server's yes or a person's hand.

mod alone;
mod card;
mod drain;
mod entry;
mod leave;
mod left;
mod page;
mod queue;
mod row;
mod shelf;
mod words;

pub use entry::{Document, Entry};
pub use leave::Leaving;
pub use left::Left;
pub use page::WaitingPage;
pub use words::title;

use crate::prelude::*;
use crate::{failure::Failure, inventory::basket::let_go, live::Live};
use drain::Pace;
use entry::State;
use leptos::task::spawn_local;
use model::{PostingId, Receipt};
use queue::Queue;
use std::{cell::Cell, rc::Rc};

/// What became of something that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The server booked it.
    Posted(Box<Receipt>),
    /// The server said no; it is a card now.
    Refused(Failure),
    /// Nobody answered; it is sent again by itself.
    Waits(Failure),
    /// Another window of this browser sent it.
    SentElsewhere,
}

/// Hears what becomes of each; it lives as long as the page that made it.
type Listener = Callback<(Entry, Outcome)>;

/// What waits on this device for whoever is here: in context below the frame.
#[derive(Clone, Copy)]
pub struct Outbox {
    person: StoredValue<String>,
    live: Live,
    queue: RwSignal<Queue>,
    /// False until the browser has looked what waits.
    read: RwSignal<bool>,
    /// Entries of another version of the app.
    strange: RwSignal<usize>,
    /// How many entries wait here for other people.
    others: RwSignal<usize>,
    /// What stands in the way of signing out, if somebody asked to.
    leaving: RwSignal<Option<Leaving>>,
    /// A round is under way.
    busy: RwSignal<bool>,
    /// The one that is on the wire.
    sending: RwSignal<Option<PostingId>>,
    /// Why the last round broke off, if it did.
    why: RwSignal<Option<Failure>>,
    listeners: StoredValue<Vec<Listener>>,
    pace: StoredValue<Pace>,
}

/// The outbox of whoever is here.
///
/// # Panics
/// Outside the frame, where nobody is signed in.
#[must_use]
pub fn use_outbox() -> Outbox {
    expect_context()
}

impl Outbox {
    /// Puts that person's outbox in context; in the browser it begins to empty itself, on whatever page they are.
    pub fn provide(person: String, live: Live) -> Self {
        let outbox = Self {
            person: StoredValue::new(person),
            live,
            queue: RwSignal::default(),
            read: RwSignal::new(false),
            strange: RwSignal::new(0),
            others: RwSignal::new(0),
            leaving: RwSignal::new(None),
            busy: RwSignal::new(false),
            sending: RwSignal::new(None),
            why: RwSignal::new(None),
            listeners: StoredValue::new(Vec::new()),
            pace: StoredValue::new(Pace::default()),
        };
        provide_context(outbox);
        outbox.keep_draining();
        outbox
    }

    /// How many will be sent by themselves.
    #[must_use]
    pub fn waiting(self) -> Memo<usize> {
        Memo::new(move |_| self.queue.with(|queue| queue.waiting().count()))
    }

    /// How many the server refused.
    #[must_use]
    pub fn refused(self) -> Memo<usize> {
        Memo::new(move |_| self.queue.with(|queue| queue.refused().count()))
    }

    /// Tells it what becomes of each, while its page is open.
    pub fn hear(self, listener: Listener) {
        self.listeners.update_value(|listeners| listeners.push(listener));
    }

    fn tell(self, entry: &Entry, outcome: &Outcome) {
        let mut listeners = self.listeners.try_get_value().unwrap_or_default();
        listeners.retain(|listener| listener.try_run((entry.clone(), outcome.clone())).is_some());
        self.listeners.try_set_value(listeners);
    }

    /// Writes it down and begins to send it. When this says no, there is no room on this device, and nothing is done.
    #[must_use]
    pub fn keep(self, mut entry: Entry) -> bool {
        self.queue.with_untracked(|queue| queue.place(&mut entry));
        let written = self.write(&entry);
        if written {
            self.pace.update_value(|pace| pace.fresh = Some(entry.id()));
            self.drain();
        }
        written
    }

    /// Takes over what a page had sent when it was closed, unless it is here already; whether it is here now.
    pub fn take_over(self, mut entry: Entry) -> bool {
        self.look();
        if self.queue.with_untracked(|queue| queue.find(entry.id()).is_some()) {
            return true;
        }
        entry.state = State::Sent;
        self.keep(entry)
    }

    /// Puts it on the shelf and in the queue; whether it is on the shelf.
    fn write(self, entry: &Entry) -> bool {
        let written = self.person.try_with_value(|person| shelf::save(person, entry)) == Some(true);
        if written {
            self.queue.try_update(|queue| queue.put(entry.clone()));
        }
        written
    }

    /// Takes it out for good, because a person wants no more of it here: of its basket too.
    fn withdraw(self, id: PostingId) {
        if let Some(entry) = self.remove(id) {
            self.person.try_with_value(|person| let_go(person, &entry));
        }
    }

    /// Takes it out for good.
    fn remove(self, id: PostingId) -> Option<Entry> {
        self.person.try_with_value(|person| shelf::remove(person, id));
        self.queue.try_update(|queue| queue.take(id)).flatten()
    }

    /// Reads the shelf anew: another window may have put something there, or sent it.
    fn look(self) {
        let read = |person: &String| (shelf::read(person), shelf::of_others(person));
        let Some(((queue, strange), others)) = self.person.try_with_value(read) else { return };
        let Some(before) = self.queue.try_get_untracked() else { return };
        self.read.set(true);
        self.strange.set(strange);
        self.others.set(others);
        if before != queue {
            self.queue.set(queue.clone());
        }
        for gone in before.waiting().filter(|entry| queue.find(entry.id()).is_none()) {
            self.tell(gone, &Outcome::SentElsewhere);
        }
    }

    /// Lets a refused one wait again, in its old place.
    fn try_again(self, id: PostingId) {
        let Some(mut entry) = self.queue.with_untracked(|queue| queue.find(id).cloned()) else { return };
        entry.wait_again();
        if self.write(&entry) {
            self.drain();
        }
    }

    /// Takes a refused one out: a person wants no more of it, or has its lines back.
    pub fn discard(self, id: PostingId) {
        if self.queue.with_untracked(|queue| queue.find(id).is_some_and(|entry| !entry.is_waiting())) {
            self.withdraw(id);
        }
    }

    /// Takes one out that was never sent, and says whether it did: no window may be about to send it. Its row may be
    /// gone by then, so `done` is no callback of that row.
    fn cancel(self, id: PostingId, done: impl FnOnce(bool) + 'static) {
        let cancelled = Rc::new(Cell::new(false));
        let out = cancelled.clone();
        let take_out = async move {
            self.look();
            let unsent = |queue: &Queue| queue.find(id).is_some_and(|entry| entry.state == State::Kept);
            if self.queue.try_with_untracked(unsent) == Some(true) {
                self.withdraw(id);
                out.set(true);
            }
        };
        spawn_local(async move {
            alone::alone(&self.name(), take_out).await;
            done(cancelled.get());
        });
    }

    /// The name of its lock.
    fn name(self) -> String {
        format!("outbox:{}", self.person.try_get_value().unwrap_or_default())
    }
}

//! Several people at one delivery: each device tells what it has counted and shows what the others have, before any of it
//! is booked in.

pub mod api;
mod panel;

pub use panel::{AtDelivery, Beside, Joining, things};

use crate::prelude::*;
use crate::{
    failure::Failure,
    live::{Follow, follow},
};
use api::{arrivals, discard_arrival, share_arrival};
use leptos::task::spawn_local;
use model::{Arrival, ArrivalState, Error, NewArrival, PaperId, PostingId, Quantity, Since};
use std::time::Duration;

/// What nobody answered is told again after that.
const RETRY: Duration = Duration::from_secs(3);

/// What is counted of a store's deliveries, as one device knows it.
#[derive(Clone, Copy)]
pub struct Together {
    store: StoredValue<String>,
    person: StoredValue<String>,
    /// All open parts of the store, this device's own too.
    parts: RwSignal<Vec<Arrival>>,
    /// The ids of what was counted here: it is being counted, or on its way to be booked in.
    mine: Signal<Vec<PostingId>>,
    /// What was counted here and is not told yet.
    waiting: StoredValue<Option<NewArrival>>,
    /// What was told last: of which part, and up to which change.
    told: StoredValue<(PostingId, i64)>,
    sending: StoredValue<bool>,
    /// The others do not see what was counted last.
    pub held: RwSignal<bool>,
    /// Somebody else booked in what was counted here.
    on_booked: Callback<Arrival>,
    first: RwSignal<Option<i64>>,
    follow: StoredValue<Option<Follow>>,
}

impl Together {
    /// Follows the store's deliveries on that topic. `mine` are the ids of this device's own parts, the one that is being
    /// counted first; `on_booked` hears when somebody else has booked that in.
    pub fn open(
        store: String,
        person: String,
        topic: String,
        mine: Signal<Vec<PostingId>>,
        on_booked: Callback<Arrival>,
    ) -> Self {
        let together = Self {
            store: StoredValue::new(store),
            person: StoredValue::new(person),
            parts: RwSignal::default(),
            mine,
            waiting: StoredValue::new(None),
            told: StoredValue::new((PostingId::new(), 0)),
            sending: StoredValue::new(false),
            held: RwSignal::new(false),
            on_booked,
            first: RwSignal::new(None),
            follow: StoredValue::new(None),
        };
        Effect::new(move || together.begin());
        Effect::new(move || {
            if let Some(as_of) = together.first.get() {
                let (read, take) = (move || together.read(), move |parts| together.take(parts));
                together.follow.set_value(Some(follow(vec![topic.clone()], as_of, read, take)));
            }
        });
        together
    }

    /// What is counted when the page is opened; from there on it is followed.
    fn begin(self) {
        if self.sending.try_get_value().is_none() {
            return; // The page is gone.
        }
        spawn_local(async move {
            match self.read().await {
                Ok(since) => {
                    self.take(since.data);
                    self.first.try_set(Some(since.as_of));
                }
                Err(failure) if failure.is_open() && !failure.is_signed_out() => {
                    set_timeout(move || self.begin(), RETRY);
                }
                // Whoever may not see it sees their own.
                Err(_) => {}
            }
        });
    }

    async fn read(self) -> Result<Since<Vec<Arrival>>, Failure> {
        let own = self.mine.try_get_untracked().and_then(|mine| mine.first().copied());
        let store = self.store.try_get_value().unwrap_or_default();
        arrivals(store, own).await
    }

    fn take(self, parts: Vec<Arrival>) {
        let Some(mine) = self.mine.try_get_untracked() else { return };
        if let Some(own) = parts.iter().find(|part| mine.first() == Some(&part.id)) {
            self.heard(own);
        }
        self.parts.try_set(parts.into_iter().filter(|part| part.state == ArrivalState::Open).collect());
    }

    /// What became of the part that is being counted here.
    fn heard(self, own: &Arrival) {
        // What this device booked in itself has a new id by then.
        if own.state == ArrivalState::Booked && own.ender.is_some() {
            self.on_booked.try_run(own.clone());
        }
    }

    /// Reads it anew: something was just done here.
    pub fn now(self) {
        if let Some(follow) = self.follow.get_value() {
            follow.now();
        }
    }

    /// Tells what was counted here by now, once.
    pub fn tell(self, new: NewArrival) {
        let this = (new.receipt.id, new.turn);
        let news = self.told.with_value(|told| *told != this) && new.turn > 0;
        if news {
            self.told.set_value(this);
            self.waiting.set_value(Some(new));
            self.send();
        }
    }

    /// Sends the latest; what changes meanwhile follows it.
    fn send(self) {
        // Also when the page is gone: this may be a later try.
        if self.sending.try_get_value() != Some(false) {
            return;
        }
        let Some(new) = self.waiting.try_update_value(Option::take).flatten() else { return };
        self.sending.set_value(true);
        let by = Some(self.person.get_value());
        spawn_local(async move {
            let answer = share_arrival(new.clone(), by).await;
            if self.sending.try_set_value(false).is_some() {
                return; // The page is gone; what was counted is kept.
            }
            match answer {
                Ok(part) => {
                    self.held.set(false);
                    if self.mine.with_untracked(|mine| mine.first() == Some(&part.id)) {
                        self.heard(&part);
                    }
                    self.send();
                }
                Err(failure) => {
                    self.held.set(true);
                    if failure.is_open() && !failure.is_signed_out() {
                        self.waiting.update_value(|waiting| {
                            waiting.get_or_insert(new);
                        });
                        set_timeout(move || self.send(), RETRY);
                    } else {
                        self.send();
                    }
                }
            }
        });
    }

    /// The parts of that delivery that were not counted here, by name; tracked.
    pub fn others(self, delivery: PaperId) -> Vec<Arrival> {
        let mine = self.mine.get();
        let other = |part: &&Arrival| part.delivery == delivery && !mine.contains(&part.id);
        let mut others: Vec<Arrival> = self.parts.with(|parts| parts.iter().filter(other).cloned().collect());
        others.sort_by(|a, b| (&a.person, a.id).cmp(&(&b.person, b.id)));
        others
    }

    /// How many of an item the others there have counted; tracked.
    pub fn beside(self, delivery: PaperId, sku: &str) -> Quantity {
        let all = self.others(delivery);
        all.iter().fold(Quantity::ZERO, |sum, part| sum.checked_add(part.of(sku)).unwrap_or(sum))
    }

    /// Deliveries without an order that others take in, and this device has no part in: the parts of each; tracked.
    pub fn to_join(self, delivery: PaperId) -> Vec<Vec<Arrival>> {
        let mine = self.mine.get();
        let mut open: Vec<Vec<Arrival>> = Vec::new();
        self.parts.with(|parts| {
            let theirs =
                |part: &&Arrival| part.order.is_none() && part.delivery != delivery && !mine.contains(&part.id);
            for part in parts.iter().filter(theirs) {
                match open.iter_mut().find(|of| of[0].delivery == part.delivery) {
                    Some(of) => of.push(part.clone()),
                    None => open.push(vec![part.clone()]),
                }
            }
        });
        open
    }
}

/// What was told under that id is told under another one from now on.
pub fn give_up(id: PostingId, failure: RwSignal<Option<Failure>>) {
    spawn_local(async move {
        match discard_arrival(id).await {
            // One that was never told is not there.
            Ok(_) | Err(Failure::Said(Error::NotFound)) => {}
            Err(error) => drop(failure.try_set(Some(error))),
        }
    });
}

//! Sending what waits: in order, one at a time, in one window at a time, again and again until somebody answers.

use super::{
    Outbox, Outcome,
    alone::{alone, within},
    entry::{Entry, State},
    shelf,
};
use crate::prelude::*;
use crate::{auth::api::me, failure::Failure, inventory::keep, live::Connection};
use js_sys::{Function, Promise, Reflect};
use leptos::{ev, task::spawn_local};
use model::{Error, PostingId};
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Whoever has not answered by then will not.
const ANSWER_MS: i32 = 30_000;
const FIRST_WAIT_MS: u64 = 2_000;
const LONGEST_WAIT_MS: u64 = 60_000;
/// Under this key it stands that the browser was asked not to clear what is kept here.
const ASKED: &str = "outbox-asked";

/// When the next round comes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Pace {
    /// Something happened during this round: another one follows.
    again: bool,
    /// Rounds that broke off since the last one that did not.
    tries: u32,
    /// Which waiting is the latest; those before it are void.
    turn: u32,
    /// What was put in here last: on a live line nobody has to ask first who is signed in.
    pub(super) fresh: Option<PostingId>,
}

/// How long to wait after so many rounds in a row that broke off, the last for that reason.
fn wait_ms(tries: u32, why: &Failure) -> u64 {
    let wait = FIRST_WAIT_MS.saturating_mul(1 << tries.min(6)).min(LONGEST_WAIT_MS);
    match why {
        Failure::Said(Error::TooMany(seconds)) => wait.max(u64::from(*seconds) * 1_000),
        _ => wait,
    }
}

impl Outbox {
    /// Begins a round at the start of a page, and whenever a line may be back.
    pub(super) fn keep_draining(self) {
        let live = self.live.state();
        Effect::new(move || {
            self.look();
            self.drain();
        });
        Effect::new(move || {
            if live.get() == Connection::Live {
                self.drain();
            }
        });
        Effect::new(move || {
            let ears = [
                window_event_listener_untyped("storage", move |_| self.look()),
                window_event_listener(ev::online, move |_| self.drain()),
                window_event_listener_untyped("pageshow", move |_| self.drain()),
                window_event_listener_untyped("visibilitychange", move |_| {
                    if !document().hidden() {
                        self.drain();
                    }
                }),
            ];
            on_cleanup(move || ears.into_iter().for_each(|ear| ear.remove()));
        });
    }

    /// Sends what waits, now. While a round is under way, another one follows it.
    pub fn drain(self) {
        self.pace.try_update_value(|pace| {
            pace.turn = pace.turn.wrapping_add(1);
            pace.again = true;
        });
        let idle = self.busy.try_get_untracked() == Some(false);
        if idle && self.queue.with_untracked(|queue| queue.next().is_some()) {
            self.begin();
        }
    }

    fn begin(self) {
        self.busy.set(true);
        self.pace.update_value(|pace| pace.again = false);
        spawn_local(async move {
            let done = alone(&self.name(), self.round()).await;
            if self.busy.try_set(false).is_none() {
                self.rest(done);
            }
        });
    }

    /// After a round: another at once, or a while later, or none.
    fn rest(self, done: bool) {
        if self.queue.with_untracked(|queue| queue.next().is_none()) {
            self.why.set(None);
            return self.pace.update_value(|pace| pace.tries = 0);
        }
        if done && self.pace.with_value(|pace| pace.again) {
            return self.begin();
        }
        let why = self.why.get_untracked();
        // Signing in loads the page anew, and that begins a round.
        if why.as_ref().is_some_and(Failure::is_signed_out) {
            return;
        }
        let Pace { tries, turn, .. } = self.pace.get_value();
        self.pace.update_value(|pace| pace.tries = tries.saturating_add(1));
        let wait = wait_ms(tries, why.as_ref().unwrap_or(&Failure::Unreachable));
        let this_one = move || self.pace.try_with_value(|pace| pace.turn == turn) == Some(true);
        set_timeout(
            move || {
                if this_one() {
                    self.drain();
                }
            },
            Duration::from_millis(wait + uneven_ms(wait)),
        );
    }

    /// Sends one after the other until nothing waits or nobody answers.
    async fn round(self) {
        self.look();
        let mut sure = false;
        while let Some(Some(entry)) = self.queue.try_with_untracked(|queue| queue.next().cloned()) {
            // Somebody else may have signed in since, in another window: the server would not take it from them.
            sure = sure || self.is_new(&entry);
            if !sure && let Err(why) = self.ask_who().await {
                return self.broke_off(why);
            }
            sure = true;
            if let Err(why) = self.send(entry).await
                && why.is_open()
            {
                return self.broke_off(why);
            }
        }
        self.why.try_set(None);
    }

    fn is_new(self, entry: &Entry) -> bool {
        let fresh = self.pace.try_with_value(|pace| pace.fresh) == Some(Some(entry.id()));
        fresh && entry.state == State::Kept && self.live.is_live()
    }

    /// Whether somebody answers, and knows us as who we are. It also keeps from the wire what would surely be lost on it.
    async fn ask_who(self) -> Result<(), Failure> {
        let person = self.person.try_get_value();
        let answer = within(ANSWER_MS, me()).await.unwrap_or(Err(Failure::Unreachable));
        match answer? {
            Some(me) if Some(me.key()) == person => Ok(()),
            _ => Err(Error::SignedOut.into()),
        }
    }

    /// Sends that one.
    async fn send(self, mut entry: Entry) -> Result<(), Failure> {
        let (id, before) = (entry.id(), entry.may_have_arrived());
        let person = self.person.try_get_value().unwrap_or_default();
        // Written first: from here on it may be there, whatever becomes of this window.
        entry.state = State::Sent;
        self.write(&entry);
        self.sending.try_set(Some(id));
        let answer = within(ANSWER_MS, entry.document.clone().post(person.clone())).await;
        self.sending.try_set(None);
        match answer.unwrap_or(Err(Failure::Unreachable)) {
            Ok(receipt) => {
                // Also when the page is gone meanwhile.
                shelf::remove(&person, id);
                self.remove(id);
                self.tell(&entry, &Outcome::Posted(Box::new(receipt)));
                Ok(())
            }
            Err(why) => {
                entry.failed(before, why.clone());
                shelf::save(&person, &entry);
                self.write(&entry);
                if !why.is_open() {
                    self.tell(&entry, &Outcome::Refused(why.clone()));
                }
                Err(why)
            }
        }
    }

    fn broke_off(self, why: Failure) {
        let Some(queue) = self.queue.try_get_untracked() else { return };
        for entry in queue.waiting() {
            self.tell(entry, &Outcome::Waits(why.clone()));
        }
        self.why.try_set(Some(why));
        if keep::text(ASKED).is_none() && keep::save(ASKED, &true) {
            spawn_local(ask_to_keep());
        }
    }
}

/// A thousand tills do not come back at once.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "up to a quarter of a minute")]
fn uneven_ms(wait: u64) -> u64 {
    (js_sys::Math::random() * 1_000.0) as u64 * wait / 4_000
}

/// Asks the browser not to clear what is kept here when the device runs out of room.
async fn ask_to_keep() {
    let of = |object: &JsValue, name: &str| Reflect::get(object, &name.into()).ok();
    let storage = of(&window().navigator(), "storage").filter(JsValue::is_object);
    let Some(storage) = storage else { return };
    let persist = of(&storage, "persist").and_then(|persist| persist.dyn_into::<Function>().ok());
    let asked = persist.and_then(|persist| persist.call0(&storage).ok()?.dyn_into::<Promise>().ok());
    if let Some(asked) = asked {
        JsFuture::from(asked).await.ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wait_is_longer_than_the_one_before_up_to_a_minute() {
        let waits: Vec<_> = (0..8).map(|tries| wait_ms(tries, &Failure::Unreachable)).collect();
        assert_eq!(waits, [2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
    }

    #[test]
    fn a_server_that_says_how_long_is_believed() {
        assert_eq!(wait_ms(0, &Failure::Said(Error::TooMany(90))), 90_000);
        assert_eq!(wait_ms(3, &Failure::Said(Error::TooMany(1))), 16_000);
    }
}

//! The order of what waits: oldest first, and what was refused stands aside.

use super::entry::Entry;
use model::PostingId;

/// What waits on this device for one person, in order. Knows no storage, no network and no clock.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Queue(Vec<Entry>);

impl Queue {
    /// As it was read.
    pub fn of(mut entries: Vec<Entry>) -> Self {
        // Two windows may give the same turn; then the moment decides, and the id.
        entries.sort_by_key(|entry| (entry.turn, entry.at(), entry.id()));
        Self(entries)
    }

    /// All of them, in order.
    pub fn all(&self) -> impl Iterator<Item = &Entry> {
        self.0.iter()
    }

    /// Those that will be sent by themselves.
    pub fn waiting(&self) -> impl Iterator<Item = &Entry> {
        self.0.iter().filter(|entry| entry.is_waiting())
    }

    /// Those that the server refused.
    pub fn refused(&self) -> impl Iterator<Item = &Entry> {
        self.0.iter().filter(|entry| !entry.is_waiting())
    }

    /// The one to send now.
    pub fn next(&self) -> Option<&Entry> {
        self.waiting().next()
    }

    /// That one.
    pub fn find(&self, id: PostingId) -> Option<&Entry> {
        self.0.iter().find(|entry| entry.id() == id)
    }

    /// Gives it the last place; one that is there keeps its own.
    pub fn place(&self, entry: &mut Entry) {
        let last = self.0.last().map_or(0, |entry| entry.turn);
        entry.turn = self.find(entry.id()).map_or(last + 1, |there| there.turn);
    }

    /// Puts it in, or in the place of the one with its id.
    pub fn put(&mut self, entry: Entry) {
        let mut entries = std::mem::take(&mut self.0);
        entries.retain(|there| there.id() != entry.id());
        entries.push(entry);
        *self = Self::of(entries);
    }

    /// Takes it out.
    pub fn take(&mut self, id: PostingId) -> Option<Entry> {
        let at = self.0.iter().position(|entry| entry.id() == id)?;
        Some(self.0.remove(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        failure::Failure,
        inventory::{
            basket::{Draft, Kind},
            outbox::entry::State,
        },
    };
    use model::{Action, Error, Refusal, Store, StoreId, Ticket, Time};
    use std::collections::BTreeMap;

    fn entry(second: i64) -> Entry {
        let store = Store {
            id: StoreId::new(),
            code: "LON".into(),
            name: "London".into(),
            currency: "GBP".into(),
            time_zone: "Europe/London".into(),
        };
        let draft = Draft { sent_at: Some(Time::from_micros(second * 1_000_000)), ..Draft::default() };
        Entry::new(Kind::Sale, &draft, &store)
    }

    fn queue(count: i64) -> Queue {
        let mut queue = Queue::default();
        for second in 0..count {
            let mut entry = entry(second);
            queue.place(&mut entry);
            queue.put(entry);
        }
        queue
    }

    /// What can become of a try.
    #[derive(Clone, Copy, Debug)]
    enum Try {
        Answered,
        AnswerLost,
        NeverArrived,
        SignedOut,
        Slowed,
        Broken,
        MayNot,
        Refused,
    }

    const TRIES: [Try; 8] = [
        Try::Answered,
        Try::AnswerLost,
        Try::NeverArrived,
        Try::SignedOut,
        Try::Slowed,
        Try::Broken,
        Try::MayNot,
        Try::Refused,
    ];

    /// A server, and a device before it that goes by the rules of this file and its neighbour.
    #[derive(Default)]
    struct World {
        queue: Queue,
        /// How often each document was booked: by its id, so never twice.
        booked: BTreeMap<PostingId, u32>,
    }

    impl World {
        /// Sends the next one, as `drain` does; its id.
        fn send(&mut self, outcome: Try) -> Option<PostingId> {
            let mut entry = self.queue.next()?.clone();
            let (id, before) = (entry.id(), entry.may_have_arrived());
            entry.state = State::Sent;
            self.queue.put(entry.clone());
            let known = self.booked.contains_key(&id);
            let why = match outcome {
                Try::Answered => return self.book(id),
                // What is there is answered with its receipt, whatever is wrong with it now.
                Try::Refused if known => return self.book(id),
                Try::Refused => Failure::Said(Refusal::UndoClosed.into()),
                Try::AnswerLost => {
                    self.booked.insert(id, 1);
                    Failure::Unreachable
                }
                Try::NeverArrived => Failure::Unreachable,
                Try::SignedOut => Failure::Said(Error::SignedOut),
                Try::Slowed => Failure::Said(Error::TooMany(1)),
                Try::Broken => Failure::Said(Error::Internal(Ticket::new())),
                // Who may not is turned away before anybody looks.
                Try::MayNot => Failure::Said(Error::Forbidden(Action::Sell)),
            };
            entry.failed(before, why);
            self.queue.put(entry);
            Some(id)
        }

        fn book(&mut self, id: PostingId) -> Option<PostingId> {
            self.booked.insert(id, 1);
            self.queue.take(id);
            Some(id)
        }
    }

    /// Every sequence of tries up to a length.
    fn sequences(length: usize) -> Vec<Vec<Try>> {
        let mut all = vec![Vec::new()];
        for _ in 0..length {
            let longer = |begin: &Vec<Try>| TRIES.map(|next| [begin.as_slice(), &[next]].concat());
            all = all.iter().flat_map(longer).collect();
        }
        all
    }

    #[test]
    fn whatever_the_network_does_each_is_booked_once_or_stands_aside_for_a_person() {
        for tries in sequences(4) {
            let mut world = World { queue: queue(3), ..World::default() };
            let ids: Vec<_> = world.queue.all().map(Entry::id).collect();
            for outcome in &tries {
                world.send(*outcome);
            }
            // The network is well again.
            while world.send(Try::Answered).is_some() {}
            for id in ids {
                let refused = world.queue.find(id).is_some();
                let booked = world.booked.contains_key(&id);
                assert!(booked || refused, "{tries:?} lost {id}");
                if let Some(left) = world.queue.find(id) {
                    assert!(left.may_have_arrived() || !booked, "{tries:?}: {id} is booked, and nobody is warned");
                }
            }
        }
    }

    #[test]
    fn what_may_be_cancelled_is_booked_nowhere() {
        for tries in sequences(4) {
            let mut world = World { queue: queue(2), ..World::default() };
            for outcome in &tries {
                world.send(*outcome);
                for entry in world.queue.all().filter(|entry| !entry.may_have_arrived()) {
                    assert!(!world.booked.contains_key(&entry.id()), "{tries:?}: {:?}", entry.state);
                }
            }
        }
    }

    #[test]
    fn a_refused_one_stands_aside_and_waits_again_in_its_old_place() {
        let mut world = World { queue: queue(2), ..World::default() };
        let first = world.send(Try::Refused).expect("one");
        let second = world.send(Try::Answered).expect("another");
        assert_ne!(first, second);
        let mut card = world.queue.find(first).expect("it is never dropped").clone();
        assert!(world.queue.next().is_none() && card.refusal().is_some());
        let (at, turn) = (card.at(), card.turn);
        card.wait_again();
        world.queue.put(card);
        let next = world.queue.next().expect("it waits again");
        assert_eq!((next.id(), next.at(), next.turn), (first, at, turn));
    }

    #[test]
    fn what_came_first_goes_first_though_the_clock_was_set_back() {
        let mut queue = queue(2);
        let mut late = entry(-3_600);
        queue.place(&mut late);
        queue.put(late.clone());
        assert_eq!(queue.all().last().map(Entry::id), Some(late.id()));
    }

    #[test]
    fn it_is_read_as_it_was_written() {
        let mut world = World { queue: queue(1), ..World::default() };
        world.send(Try::MayNot);
        let entry = world.queue.all().next().expect("one");
        let text = serde_json::to_string(entry).expect("json");
        assert_eq!(serde_json::from_str::<Entry>(&text).ok().as_ref(), Some(entry));
        assert!(text.starts_with("{\"format\":1,"));
    }
}

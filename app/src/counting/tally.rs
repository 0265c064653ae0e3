//! What somebody counts: each scan an entry of its own, kept on the device until the server has it.

use super::{api::enter_counts, words};
use crate::failure::Failure;
use crate::i18n::tu_string;
use crate::inventory::keep;
use crate::live::Follow;
use crate::parts::{Said, Speaker, Tone};
use crate::prefs::Words;
use crate::prelude::*;
use leptos::task::spawn_local;
use model::{
    AsideEntry, CountEntered, CountEntryId, EntryAside, Error, NewCountEntries, NewCountEntry, PaperId, Quantity,
    Reused, Time,
};
use std::time::Duration;

/// How many entries are sent at once.
const BATCH: usize = 100;
/// The longest code (characters) that is sent; no item has a longer one.
const CODE_MAX: usize = 200;
/// How soon it is tried again without a connection.
const RETRY: Duration = Duration::from_secs(3);
/// The most codes that are kept aside.
const ASIDE_MAX: usize = 20;

/// The item in hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InHand {
    pub sku: String,
    pub name: String,
    pub unit: String,
    /// By all, so far.
    pub counted: Quantity,
    /// Of that, what they counted since it came into their hand.
    pub run: Quantity,
}

/// One person's part in a count.
#[derive(Clone, Copy)]
pub struct Tally {
    id: PaperId,
    /// Who counts.
    person: StoredValue<String>,
    pub queue: RwSignal<Vec<NewCountEntry>>,
    pub in_hand: RwSignal<Option<InHand>>,
    pub aside: RwSignal<Vec<AsideEntry>>,
    pub shelf: RwSignal<String>,
    pub said: RwSignal<Option<Said>>,
    pub failure: RwSignal<Option<Failure>>,
    /// The connection is gone: what waits goes on waiting.
    pub held: RwSignal<bool>,
    sending: StoredValue<bool>,
    /// Something that waits cannot be sent: each is sent by itself, to find out which.
    one_by_one: StoredValue<bool>,
    speaker: Speaker,
    words: Words,
    follow: StoredValue<Option<Follow>>,
}

/// Where a person's entries wait on this device.
fn key(id: PaperId, person: &str) -> String {
    format!("count:{id}:{person}")
}

/// Those of a person's entries that the server does not have.
pub fn kept(id: PaperId, person: &str) -> Vec<NewCountEntry> {
    keep::load(&key(id, person)).unwrap_or_default()
}

/// Gives them up.
pub fn forget(id: PaperId, person: &str) {
    keep::forget(&key(id, person));
}

/// Is it one entry that the server cannot take, not the count?
fn of_one(error: &Error) -> bool {
    match error {
        Error::Invalid(flaws) => flaws.iter().any(|flaw| flaw.field.starts_with("entries[")),
        Error::Conflict(reused) => *reused == Reused::Id,
        _ => false,
    }
}

/// This moment by this device's clock.
fn now() -> Time {
    #[expect(clippy::cast_possible_truncation, reason = "a clock's milliseconds fit for a long time")]
    Time::from_micros((js_sys::Date::now() * 1_000.0) as i64)
}

impl Tally {
    /// With what was left on this device.
    pub fn open(id: PaperId, person: String, words: Words, follow: StoredValue<Option<Follow>>) -> Self {
        let tally = Self {
            id,
            person: StoredValue::new(person),
            queue: RwSignal::new(Vec::new()),
            in_hand: RwSignal::new(None),
            aside: RwSignal::new(Vec::new()),
            shelf: RwSignal::new(String::new()),
            said: RwSignal::new(None),
            failure: RwSignal::new(None),
            held: RwSignal::new(false),
            sending: StoredValue::new(false),
            one_by_one: StoredValue::new(false),
            speaker: expect_context(),
            words,
            follow,
        };
        Effect::new(move || {
            let left = kept(id, &tally.person.get_value());
            if !left.is_empty() {
                tally.queue.set(left);
                tally.send();
            }
        });
        tally
    }

    fn key(self) -> String {
        key(self.id, &self.person.get_value())
    }

    fn say(self, tone: Tone, text: String) {
        self.speaker.play(tone);
        self.said.update(|said| *said = Some(Said::after(said.as_ref(), tone, text)));
    }

    /// So many of it lie there.
    pub fn add(self, code: String, quantity: Quantity) {
        if code.chars().count() > CODE_MAX {
            let code = code.chars().take(40).chain(['…']).collect();
            self.put_aside(vec![AsideEntry { id: CountEntryId::new(), code, why: EntryAside::Unknown }]);
            return;
        }
        let shelf = self.shelf.get_untracked().trim().to_owned();
        let entry = NewCountEntry {
            id: CountEntryId::new(),
            code,
            quantity,
            counted_at: Some(now()),
            shelf: (!shelf.is_empty()).then_some(shelf),
        };
        self.queue.update(|queue| queue.push(entry));
        self.kept();
        self.send();
    }

    fn kept(self) {
        self.queue.with_untracked(|queue| {
            if queue.is_empty() {
                keep::forget(&self.key())
            } else {
                let _ = keep::save(&self.key(), queue);
            }
        });
    }

    /// Sends what waits, some at a time, in order.
    fn send(self) {
        let most = if self.one_by_one.get_value() { 1 } else { BATCH };
        let entries: Vec<_> = self.queue.with_untracked(|queue| queue.iter().take(most).cloned().collect());
        if entries.is_empty() || self.sending.get_value() {
            return;
        }
        self.sending.set_value(true);
        let (by, new) = (self.person.get_value(), NewCountEntries { sent_at: Some(now()), entries });
        spawn_local(async move {
            let answer = enter_counts(self.id, new.clone(), by).await;
            if self.sending.try_set_value(false).is_some() {
                return; // The page is gone; what waits is kept.
            }
            match answer {
                Ok(entered) => {
                    self.done_with(&new);
                    self.failure.set(None);
                    self.take(&new, entered);
                    self.send();
                }
                Err(Failure::Said(error)) if of_one(&error) => {
                    if new.entries.len() > 1 {
                        self.one_by_one.set_value(true);
                    } else {
                        self.done_with(&new);
                        self.refused(&new, &error);
                    }
                    self.send();
                }
                Err(failure) if failure.is_open() && !failure.is_signed_out() => {
                    self.held.set(true);
                    self.say(Tone::Kept, tu_string!(self.words, counting.kept).to_string());
                    set_timeout(move || self.send(), RETRY);
                }
                Err(failure) => {
                    self.speaker.play(Tone::Bad);
                    self.failure.set(Some(failure));
                }
            }
        });
    }

    /// These wait no longer.
    fn done_with(self, sent: &NewCountEntries) {
        self.queue.update(|queue| queue.retain(|entry| sent.entries.iter().all(|sent| sent.id != entry.id)));
        self.kept();
        self.held.set(false);
        if self.queue.with_untracked(Vec::is_empty) {
            self.one_by_one.set_value(false);
        }
    }

    /// One that the server cannot take must not hold the others up.
    fn refused(self, sent: &NewCountEntries, error: &Error) {
        // With an id that it knows, it was counted already, when its code was another item's.
        if matches!(error, Error::Invalid(_)) {
            let aside =
                |entry: &NewCountEntry| AsideEntry { id: entry.id, code: entry.code.clone(), why: EntryAside::Unknown };
            self.put_aside(sent.entries.iter().map(aside).collect());
        }
    }

    /// What does not count is said and listed.
    fn put_aside(self, new: Vec<AsideEntry>) {
        let Some(last) = new.last() else { return };
        self.say(Tone::Warn, format!("{} {}", last.code, untrack(|| words::aside(self.words, last.why))));
        self.aside.update(|all| {
            all.retain(|aside| new.iter().all(|new| new.code != aside.code));
            all.splice(0..0, new);
            all.truncate(ASIDE_MAX);
        });
    }

    /// What became of the entries.
    fn take(self, sent: &NewCountEntries, entered: CountEntered) {
        let fine = |entry: &&NewCountEntry| entered.aside.iter().all(|aside| aside.id != entry.id);
        let amount = |entry: &NewCountEntry| {
            let pack = entered.packs.iter().find(|pack| pack.id == entry.id);
            pack.map_or(entry.quantity, |pack| pack.quantity)
        };
        let run: i64 = sent.entries.iter().filter(fine).map(|entry| amount(entry).parts()).sum();
        let any = sent.entries.iter().any(|entry| fine(&entry));
        if let Some(line) = entered.lines.last().filter(|_| any) {
            let before = self.in_hand.get_untracked().filter(|item| item.sku == line.sku);
            let run = Quantity::from_parts(run + before.map_or(0, |item| item.run.parts()));
            let counted = line.counted.unwrap_or_default();
            let number = untrack(|| words::of_unit(self.words, counted, &line.unit));
            let (sku, name, unit) = (line.sku.clone(), line.name.clone(), line.unit.clone());
            self.say(
                Tone::Good,
                tu_string!(self.words, counting.counted, name = name.clone(), number = number).to_string(),
            );
            self.in_hand.set(Some(InHand { sku, name, unit, counted, run }));
        }
        self.put_aside(entered.aside);
        self.follow.get_value().iter().for_each(|follow| follow.now());
    }

    /// It lies there so often in all, on this shelf.
    pub fn set_run(self, total: Quantity) {
        let Some(item) = self.in_hand.get_untracked() else { return };
        let more = Quantity::from_parts(total.parts() - item.run.parts());
        if more != Quantity::ZERO {
            self.add(item.sku, more);
        }
    }
}

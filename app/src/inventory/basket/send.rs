//! Posting and undoing: what is put into the outbox, and what each answer means.

use super::{draft::Draft, kind::Kind, register::Register};
use crate::prelude::*;
use crate::{
    failure::Failure,
    i18n::tu_string,
    inventory::{
        api::reverse,
        arriving::give_up,
        outbox::{Entry, Outcome, title},
        taxes,
    },
    parts::{Tone, money, quantity},
};
use leptos::task::spawn_local;
use model::{NewReversal, PostingId, Receipt, Time};
use std::time::Duration;

/// Nobody stands at the till longer than this for an answer.
const PATIENCE: Duration = Duration::from_secs(3);

/// What can still be undone from here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undoable {
    /// The posting.
    pub posting: PostingId,
    /// Its undoing; the same id for every try.
    pub reversal: PostingId,
    /// Its lines come back into the basket.
    pub draft: Draft,
    pub text: String,
}

/// What was posted from here and is not answered yet.
#[derive(Clone, Debug, Default)]
pub struct Watched {
    /// Their answers are told one by one.
    at_once: Vec<PostingId>,
    /// The person was told that something is kept; when all of it is gone, that is told too.
    kept: bool,
}

impl Register {
    /// Posts what is in the draft: it is written into the outbox with its moment and its id, then sent from there.
    pub fn post(self) {
        let ready = |draft: &Draft| {
            !draft.is_posted() && !draft.lines.is_empty() && (!self.kind.is_paid() || draft.total().is_some())
        };
        if !self.draft.with_untracked(ready) {
            return;
        }
        self.pad.set(None);
        self.failure.set(None);
        // Marked first: should this page end between the two writings, the next one finds the mark and goes on.
        self.draft.update(|draft| draft.sent_at = Some(now()));
        self.keep();
        let draft = self.draft.get_untracked();
        let entry = self.store.with_value(|store| Entry::new(self.kind, &draft, store));
        let id = entry.id();
        self.watched.update_value(|watched| watched.at_once.push(id));
        if self.outbox.keep(entry.clone()) {
            set_timeout(move || self.slow(&entry), PATIENCE);
        } else {
            self.stop_watching(id);
            self.draft.update(|draft| draft.sent_at = None);
            self.keep();
            self.say(Tone::Bad, tu_string!(self.words, waiting.no_room).to_string());
        }
    }

    /// Hears from the outbox what becomes of what was posted here.
    pub(super) fn watch(self) {
        self.outbox.hear(Callback::new(move |(entry, outcome)| self.hear_outcome(&entry, outcome)));
        let (waiting, refused) = (self.outbox.waiting(), self.outbox.refused());
        Effect::new(move || {
            if waiting.get() == 0 && self.watched.with_value(|watched| watched.kept) {
                self.watched.update_value(|watched| watched.kept = false);
                if refused.get_untracked() == 0 {
                    self.say(Tone::Done, tu_string!(self.words, waiting.all_sent).to_string());
                }
            }
        });
    }

    fn hear_outcome(self, entry: &Entry, outcome: Outcome) {
        if !self.stop_watching(entry.id()) {
            // It was told to be kept; a no is news all the same.
            if self.watched.with_value(|watched| watched.kept) && matches!(outcome, Outcome::Refused(_)) {
                self.say(Tone::Bad, tu_string!(self.words, waiting.refused_later).to_string());
            }
            return;
        }
        match outcome {
            Outcome::Posted(receipt) => self.posted(&receipt, entry),
            Outcome::Refused(failure) => self.refused(entry, failure),
            Outcome::Waits(failure) => self.kept(entry, failure),
            Outcome::SentElsewhere => self.let_go(entry.id()),
        }
    }

    /// Whether its answer was awaited.
    fn stop_watching(self, id: PostingId) -> bool {
        let found = self.watched.try_update_value(|watched| {
            let at = watched.at_once.iter().position(|other| *other == id);
            at.map(|at| watched.at_once.remove(at)).is_some()
        });
        found == Some(true)
    }

    fn slow(self, entry: &Entry) {
        if self.stop_watching(entry.id()) {
            self.kept(entry, Failure::Unreachable);
        }
    }

    /// Empties the basket if that still lies in it.
    fn let_go(self, id: PostingId) {
        if self.draft.with_untracked(|draft| draft.id == id) {
            self.next();
        }
        self.clear.notify();
    }

    /// It waits in the outbox, and the next one can begin.
    fn kept(self, entry: &Entry, failure: Failure) {
        self.let_go(entry.id());
        self.watched.update_value(|watched| watched.kept = true);
        let what = untrack(|| title(self.words, entry));
        self.say(Tone::Kept, tu_string!(self.words, waiting.kept, what = what).to_string());
        if failure.is_signed_out() {
            self.failure.set(Some(failure));
        }
    }

    /// The server said no: the lines lie in the basket again, to be mended; with others there, it is a card.
    fn refused(self, entry: &Entry, failure: Failure) {
        let id = entry.id();
        let free = self.draft.with_untracked(|draft| draft.id == id || draft.lines.is_empty());
        if free && !entry.may_have_arrived() {
            self.draft.update(|draft| {
                draft.take_up(entry.draft());
                draft.turn = 1;
            });
            self.keep();
            self.outbox.discard(id);
            if self.kind == Kind::Receipt {
                give_up(id, self.failure);
            }
            self.failure.set(Some(failure));
            self.speaker.play(Tone::Bad);
        } else {
            self.let_go(id);
            self.say(Tone::Bad, tu_string!(self.words, waiting.refused_later).to_string());
        }
    }

    fn posted(self, receipt: &Receipt, entry: &Entry) {
        let draft = entry.draft();
        self.take_receipt(receipt, &draft);
        self.let_go(entry.id());
        let locale = self.words.get_locale_untracked();
        let total = money(locale, &receipt.currency, receipt.total);
        let done = self.kind.done(self.words, total, quantity(locale, entry.things()));
        let text = std::iter::once(done).chain(taxes::told(self.words, receipt)).collect::<Vec<_>>().join(" · ");
        self.say(Tone::Done, text.clone());
        self.undo.set(Some(Undoable { posting: receipt.id, reversal: PostingId::new(), draft, text }));
    }

    fn take_receipt(self, receipt: &Receipt, draft: &Draft) {
        let item_of = |sku: &str| draft.lines.iter().find(|line| line.item.sku == sku).map(|line| line.item.id);
        self.levels.update(|levels| levels.receive(receipt, item_of));
    }

    /// Undoes the last one; its lines come back, to be mended or taken out.
    pub fn undo(self) {
        let Some(undoable) = self.undo.get_untracked() else { return };
        self.undoing.set(true);
        let by = Some(self.person.get_value());
        spawn_local(async move {
            let reversal = NewReversal { id: undoable.reversal, reason: None };
            let answer = reverse(undoable.posting, reversal, by).await;
            if self.undoing.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(receipt) => self.undone(&receipt, undoable.draft),
                Err(failure) => self.failure.set(Some(failure)),
            }
        });
    }

    fn undone(self, receipt: &Receipt, draft: Draft) {
        self.take_receipt(receipt, &draft);
        self.undo.set(None);
        self.failure.set(None);
        let back = self.draft.with_untracked(|now| now.lines.is_empty());
        if back {
            self.change(|now| now.take_up(draft));
        }
        self.say(Tone::Done, self.kind.undone(self.words, back).to_string());
        self.clear.notify();
    }
}

/// This moment by this device's clock.
#[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 are whole and far below 2^53")]
pub fn now() -> Time {
    Time::from_micros(js_sys::Date::now() as i64 * 1000)
}

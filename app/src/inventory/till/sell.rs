//! Selling and undoing: what is sent, and what each answer means.

use super::{
    draft::Draft,
    register::{Register, Undoable},
};
use crate::{
    failure::Failure,
    i18n::tu_string,
    inventory::api::{post_sale, reverse},
    parts::{Tone, money},
};
use leptos::{prelude::*, task::spawn_local};
use model::{NewReversal, PostingId, Receipt, Time};
use std::time::Duration;

/// How long to wait before a sale that got no answer is sent again.
const RETRY: Duration = Duration::from_secs(3);

impl Register {
    /// Sells what is in the draft. The moment and the id are kept before anything is sent.
    pub fn sell(self) {
        if self.draft.with_untracked(|draft| draft.lines.is_empty() || draft.total().is_none()) {
            return;
        }
        self.pad.set(None);
        if !self.is_locked() {
            self.draft.update(|draft| draft.sent_at = Some(now()));
            self.keep();
        }
        self.send();
    }

    /// Sends the sale, or sends it again: by its id it is one sale however often it arrives.
    pub fn send(self) {
        if self.selling.get_untracked() || !self.is_locked() {
            return;
        }
        self.selling.set(true);
        let (store, _) = self.place();
        let sale = self.draft.with_untracked(|draft| draft.sale(&store));
        spawn_local(async move {
            let answer = post_sale(sale).await;
            if self.selling.try_set(false).is_some() {
                return; // The page is gone; the draft is kept, and the next page sends it again.
            }
            match answer {
                Ok(receipt) => self.sold(&receipt),
                Err(failure) => self.not_sold(failure),
            }
        });
    }

    fn sold(self, receipt: &Receipt) {
        let draft = self.draft.get_untracked();
        self.take_receipt(receipt, &draft);
        self.draft.update(Draft::sold);
        self.keep();
        self.failure.set(None);
        let total = money(self.words.get_locale_untracked(), &receipt.currency, receipt.total);
        let text = tu_string!(self.words, till.sold, total = total).to_string();
        self.say(Tone::Done, text.clone());
        self.undo.set(Some(Undoable { posting: receipt.id, reversal: PostingId::new(), draft, text }));
        self.clear.notify();
    }

    fn take_receipt(self, receipt: &Receipt, draft: &Draft) {
        let item_of = |sku: &str| draft.lines.iter().find(|line| line.item.sku == sku).map(|line| line.item.id);
        self.levels.update(|levels| levels.receive(receipt, item_of));
    }

    fn not_sold(self, failure: Failure) {
        if failure.is_open() {
            set_timeout(move || self.retry(), RETRY);
        } else {
            self.draft.update(Draft::refused);
            self.keep();
            self.speaker.play(Tone::Bad);
        }
        let failure = Some(failure);
        if self.failure.with_untracked(|shown| *shown != failure) {
            self.failure.set(failure);
        }
    }

    /// Sends a sale that waits for an answer, unless someone has to sign in first.
    pub fn retry(self) {
        let open = |failure: &Option<Failure>| failure.as_ref().is_some_and(|failure| !failure.is_signed_out());
        if self.failure.try_with_untracked(open) == Some(true) {
            self.send();
        }
    }

    /// Undoes the last sale; its lines come back, to be mended or taken out.
    pub fn undo(self) {
        let Some(undoable) = self.undo.get_untracked() else { return };
        self.undoing.set(true);
        spawn_local(async move {
            let answer = reverse(undoable.posting, NewReversal { id: undoable.reversal, reason: None }).await;
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
        if self.draft.with_untracked(|now| now.lines.is_empty() && !now.is_waiting()) {
            self.change(|now| {
                now.lines = draft.lines;
                now.id = PostingId::new();
            });
        }
        self.say(Tone::Done, tu_string!(self.words, till.undone).to_string());
        self.clear.notify();
    }
}

#[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 are whole and far below 2^53")]
fn now() -> Time {
    Time::from_micros(js_sys::Date::now() as i64 * 1000)
}

//! What the till knows and does: scanning, selling, undoing. The page only shows it.

use super::{draft::Draft, keep, levels::Levels};
use crate::{
    failure::Failure,
    frame::Here,
    i18n::tu_string,
    inventory::api::{Candidate, Found, find, search},
    live::{Connection, Hearing, Live},
    parts::{Scanned, Speaker, Tone, quantity},
    prefs::Words,
};
use leptos::{prelude::*, task::spawn_local};
use model::{ItemId, PostingId, Quantity, Store};

/// What was last said to the person; `turn` makes two equal sayings two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub turn: u32,
    pub tone: Tone,
    pub text: String,
}

/// A sale that can still be undone from here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undoable {
    /// The sale.
    pub posting: PostingId,
    /// Its undoing; the same id for every try.
    pub reversal: PostingId,
    /// Its lines come back into the till.
    pub draft: Draft,
    pub text: String,
}

/// What the number pad is open for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PadFor {
    Quantity(ItemId),
    Price(ItemId),
}

/// The till of one person in one store.
#[derive(Clone, Copy)]
pub struct Register {
    pub words: Words,
    pub store: StoredValue<Store>,
    pub draft: RwSignal<Draft>,
    pub levels: RwSignal<Levels>,
    pub candidates: RwSignal<Vec<Candidate>>,
    pub said: RwSignal<Option<Said>>,
    pub failure: RwSignal<Option<Failure>>,
    pub selling: RwSignal<bool>,
    pub undo: RwSignal<Option<Undoable>>,
    pub undoing: RwSignal<bool>,
    pub pad: RwSignal<Option<PadFor>>,
    /// Empties the scan field and puts the focus there.
    pub clear: Trigger,
    pub speaker: Speaker,
    key: StoredValue<String>,
    /// The line up to which the first level read was true: the live stream starts there.
    as_of: RwSignal<Option<i64>>,
    search_turn: StoredValue<u32>,
}

impl Register {
    /// The till of whoever is here, in that store. In the browser it takes up the sale that was left here.
    pub fn open(here: Here, store: Store, words: Words) -> Self {
        let key = format!("draft:{}:{}", here.me().key(), store.code);
        let till = Self {
            words,
            store: StoredValue::new(store),
            draft: RwSignal::new(Draft::default()),
            levels: RwSignal::new(Levels::default()),
            candidates: RwSignal::new(Vec::new()),
            said: RwSignal::new(None),
            failure: RwSignal::new(None),
            selling: RwSignal::new(false),
            undo: RwSignal::new(None),
            undoing: RwSignal::new(false),
            pad: RwSignal::new(None),
            clear: Trigger::new(),
            speaker: expect_context(),
            key: StoredValue::new(key),
            as_of: RwSignal::new(None),
            search_turn: StoredValue::new(0),
        };
        Effect::new(move || till.take_up());
        let live = expect_context::<Live>();
        Effect::new(move || {
            if live.state().get() == Connection::Live {
                till.retry();
            }
        });
        Effect::new(move || {
            let other_tab = window_event_listener_untyped("storage", move |_| till.follow());
            on_cleanup(move || other_tab.remove());
        });
        Effect::new(move || {
            if let Some(as_of) = till.as_of.get() {
                till.listen(live, as_of);
            }
        });
        till
    }

    /// The store's code and currency.
    pub fn place(self) -> (String, String) {
        self.store.with_value(|store| (store.code.clone(), store.currency.clone()))
    }

    fn take_up(self) {
        let Some(draft) = self.key.with_value(|key| keep::load(key)) else { return };
        let waiting = draft.is_waiting();
        self.draft.set(draft);
        if waiting {
            self.send();
        }
        self.read_levels(None);
    }

    /// Another tab of the same person sells from the same draft: shows what it left.
    fn follow(self) {
        let kept = self.key.with_value(|key| keep::load(key)).unwrap_or_default();
        let same = self.draft.with_untracked(|draft| *draft == kept);
        if !self.selling.get_untracked() && !same {
            self.draft.set(kept);
        }
    }

    /// Changes the sale and keeps it, unless it is under way to the server.
    pub fn change(self, change: impl FnOnce(&mut Draft)) {
        if self.is_locked() {
            return self.say(Tone::Bad, tu_string!(self.words, till.waiting_first).to_string());
        }
        self.failure.set(None);
        self.draft.update(change);
        self.keep();
    }

    /// Keeps the sale in this browser.
    pub fn keep(self) {
        self.key.with_value(|key| self.draft.with_untracked(|draft| keep::save(key, draft)));
    }

    /// Whether nothing in the sale may change now.
    pub fn is_locked(self) -> bool {
        self.draft.with_untracked(Draft::is_waiting)
    }

    /// Says it in the live region, with a sound and a flash of colour.
    pub fn say(self, tone: Tone, text: String) {
        self.speaker.play(tone);
        self.said.update(|said| {
            let turn = said.as_ref().map_or(0, |said| said.turn + 1);
            *said = Some(Said { turn, tone, text });
        });
    }

    /// A code came in.
    pub fn scanned(self, scanned: Scanned) {
        self.pad.set(None);
        self.candidates.set(Vec::new());
        if self.is_locked() {
            return self.say(Tone::Bad, tu_string!(self.words, till.waiting_first).to_string());
        }
        let known = self.draft.with_untracked(|draft| draft.knows(&scanned.code));
        if let Some(item) = known {
            return self.one_more(item);
        }
        spawn_local(async move {
            let (store, _) = self.place();
            match find(store.clone(), scanned.code.clone()).await {
                Ok(Some(found)) => self.found(&found),
                Ok(None) if scanned.typed => self.meant(store, scanned.code).await,
                Ok(None) => self.unknown(&scanned.code),
                Err(failure) => {
                    self.change(|draft| draft.hold(&scanned.code, false));
                    self.say(Tone::Bad, tu_string!(self.words, till.not_looked_up, code = scanned.code).to_string());
                    self.failure.set(Some(failure));
                }
            }
        });
    }

    fn one_more(self, item: ItemId) {
        let line = self.draft.with_untracked(|draft| draft.lines.iter().find(|line| line.item.id == item).cloned());
        if let Some(line) = line {
            let mut now = Quantity::ZERO;
            self.change(|draft| now = draft.add(&line.item));
            self.say_added(&line.item.name, now);
        }
    }

    fn found(self, found: &Found) {
        if let Some(row) = &found.stock {
            self.levels.update(|levels| levels.read(row));
        }
        if self.as_of.get_untracked().is_none() {
            self.as_of.set(Some(found.as_of));
        }
        let mut now = Quantity::ZERO;
        self.change(|draft| {
            draft.held.retain(|held| held.code != found.item.sku && !found.item.barcodes.contains(&held.code));
            now = draft.add(&found.item);
        });
        if now > Quantity::ZERO {
            self.say_added(&found.item.name, now);
        }
    }

    fn say_added(self, name: &str, now: Quantity) {
        let now = quantity(self.words.get_locale_untracked(), now);
        self.say(Tone::Good, tu_string!(self.words, till.added, name = name.to_owned(), quantity = now).to_string());
    }

    fn unknown(self, code: &str) {
        self.change(|draft| draft.hold(code, true));
        self.say(Tone::Bad, tu_string!(self.words, till.unknown, code = code.to_owned()).to_string());
    }

    /// What was typed is no code: then it may be a name.
    async fn meant(self, store: String, text: String) {
        match search(store, text.clone()).await {
            Ok(found) if found.is_empty() => self.unknown(&text),
            Ok(found) => self.candidates.set(found),
            Err(failure) => self.failure.set(Some(failure)),
        }
    }

    /// Something is being typed: shows what it may mean.
    pub fn typed(self, text: String) {
        self.search_turn.update_value(|turn| *turn += 1);
        let turn = self.search_turn.get_value();
        if text.trim().chars().count() < 2 {
            return self.candidates.set(Vec::new());
        }
        let (store, _) = self.place();
        spawn_local(async move {
            let found = search(store, text).await;
            if self.search_turn.try_get_value() == Some(turn) {
                match found {
                    Ok(found) => self.candidates.set(found),
                    Err(failure) => self.failure.set(Some(failure)),
                }
            }
        });
    }

    /// One of the candidates was meant.
    pub fn choose(self, candidate: &Candidate) {
        self.clear.notify();
        self.scanned(Scanned { code: candidate.item.sku.clone(), typed: false });
    }

    fn listen(self, live: Live, as_of: i64) {
        let hearing = StoredValue::new(None::<Hearing>);
        let topics = vec![format!("stock:{}", self.place().0)];
        let store = self.place().0;
        let heard = live.hear(
            topics,
            as_of,
            move |event| {
                if event.changes.iter().any(|change| change.store == store) {
                    self.levels.update(|levels| {
                        event
                            .changes
                            .iter()
                            .filter(|change| change.store == store)
                            .for_each(|change| levels.hear(change));
                    });
                }
            },
            move || self.read_levels(hearing.get_value()),
        );
        hearing.set_value(Some(heard));
    }

    /// Reads the levels of all lines anew: after a reload, or when the live stream cannot bridge the gap.
    fn read_levels(self, hearing: Option<Hearing>) {
        let skus =
            self.draft.with_untracked(|draft| draft.lines.iter().map(|line| line.item.sku.clone()).collect::<Vec<_>>());
        let (store, _) = self.place();
        spawn_local(async move {
            let mut first = None::<i64>;
            for sku in skus {
                let Ok(Some(found)) = find(store.clone(), sku).await else { continue };
                first = Some(first.map_or(found.as_of, |first| first.min(found.as_of)));
                self.levels.try_update(|levels| found.stock.iter().for_each(|row| levels.read(row)));
            }
            match (hearing, first) {
                (Some(hearing), Some(first)) => hearing.since(first),
                (None, Some(first)) if self.as_of.try_get_untracked() == Some(None) => self.as_of.set(Some(first)),
                _ => {}
            }
        });
    }
}

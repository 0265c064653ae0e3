//! One product being edited: what is typed over what was loaded, and how both stay true while others edit it too.

use super::{
    api::{change_many, change_product, find_product, undo_change},
    entry::{Clash, Entry, Field},
    fields::Typing,
};
use crate::prelude::*;
use crate::{
    failure::Failure,
    inventory::{keep, taxes::known},
    live::{Event, Live},
};
use leptos::task::spawn_local;
use model::{Bulk, Changed, Error, JournalId, Product, Reused, Since};
use serde::{Deserialize, Serialize};

/// What is kept in this browser until it is saved.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Draft {
    entry: Entry,
    /// What stood there when it was typed.
    over: Entry,
}

/// Something that was done and can be undone from here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Archived, or brought back.
    Archived(bool),
    /// A picture came, or went.
    Picture(bool),
    /// What may be promised of it.
    Promise,
}

/// The editor's state.
#[derive(Clone, Copy)]
pub struct Form {
    /// The product as the server has it.
    pub base: RwSignal<Product>,
    /// The same as text.
    pub shown: RwSignal<Entry>,
    /// What is typed.
    pub typing: Typing,
    /// What both changed.
    pub clashes: RwSignal<Vec<Clash>>,
    /// Somebody else changed it while one looked.
    pub changed: RwSignal<bool>,
    /// Unsaved changes came back from an earlier visit.
    pub restored: RwSignal<bool>,
    /// It was just saved.
    pub saved: RwSignal<bool>,
    /// On its way to the server.
    pub busy: RwSignal<bool>,
    /// What went wrong.
    pub failure: RwSignal<Option<Failure>>,
    /// What can be undone.
    pub done: RwSignal<Option<(JournalId, Deed)>>,
    store: StoredValue<String>,
    comma: bool,
    key: StoredValue<String>,
}

impl Form {
    /// The editor of a product, seen from a store; `key` names the draft. Others who edit it see that one does too.
    pub fn open(first: Since<Product>, store: String, comma: bool, key: String) -> Self {
        let shown = Entry::of(&first.data, &store, comma);
        let topics = vec![format!("stock:{store}"), format!("editing:{}", first.data.item.sku)];
        let entry = RwSignal::new(shown.clone());
        let key = StoredValue::new(key);
        let shown = RwSignal::new(shown);
        let on_change = Callback::new(move |()| keep_draft(key, entry, shown));
        let form = Self {
            base: RwSignal::new(first.data),
            shown,
            typing: Typing { entry, saved: shown, left: RwSignal::new(Vec::new()), taxes: known(), on_change },
            clashes: RwSignal::new(Vec::new()),
            changed: RwSignal::new(false),
            restored: RwSignal::new(false),
            saved: RwSignal::new(false),
            busy: RwSignal::new(false),
            failure: RwSignal::new(None),
            done: RwSignal::new(None),
            store: StoredValue::new(store),
            comma,
            key,
        };
        Effect::new(move |_| form.take_up());
        expect_context::<Live>().hear(topics, first.as_of, move |event| form.hear(event), move || form.load());
        form
    }

    /// Whether something is typed that is not saved.
    pub fn is_dirty(self) -> bool {
        *self.typing.entry.read() != *self.shown.read()
    }

    fn take_up(self) {
        let Some(Draft { entry, over }) = self.key.with_value(|key| keep::load::<Draft>(key)) else { return };
        let (merged, clashes) = entry.rebased(&over, &self.shown.read_untracked());
        if merged == *self.shown.read_untracked() {
            return self.key.with_value(|key| keep::forget(key));
        }
        self.typing.entry.set(merged);
        self.clashes.set(clashes);
        self.restored.set(true);
    }

    /// Forgets what is typed.
    pub fn discard(self) {
        self.typing.entry.set(self.shown.get_untracked());
        self.clashes.set(Vec::new());
        self.restored.set(false);
        self.key.with_value(|key| keep::forget(key));
    }

    fn hear(self, event: &Event<'_>) {
        let Some((sku, version)) = self.base.try_with_untracked(|base| (base.item.sku.clone(), base.version)) else {
            return;
        };
        if !self.busy.get_untracked() && event.items.iter().any(|news| news.sku == sku && news.version > version) {
            self.load();
        }
    }

    /// Reads it anew; what is typed stays.
    pub fn load(self) {
        let Some(sku) = self.base.try_with_untracked(|base| base.item.sku.clone()) else { return };
        spawn_local(async move {
            if let Ok(Some(now)) = find_product(sku).await {
                self.rebase(now.data);
            }
        });
    }

    /// Somebody else's state becomes the base; only what both changed is for a person to decide.
    fn rebase(self, now: Product) {
        let Some(before) = self.base.try_with_untracked(|base| base.version) else { return };
        if now.version <= before {
            return;
        }
        let theirs = self.store.with_value(|store| Entry::of(&now, store, self.comma));
        let (merged, clashes) = self.typing.entry.read_untracked().rebased(&self.shown.read_untracked(), &theirs);
        let foreign = *self.shown.read_untracked() != theirs && merged != theirs;
        self.base.set(now);
        self.shown.set(theirs);
        self.typing.entry.set(merged);
        self.clashes.update(|known| {
            known.retain(|old| !clashes.iter().any(|new| new.field == old.field));
            known.extend(clashes);
        });
        self.changed.update(|changed| *changed |= foreign);
        keep_draft(self.key, self.typing.entry, self.shown);
    }

    /// A person decided.
    pub fn choose(self, field: Field, text: String) {
        self.typing.set(field, text);
        self.clashes.update(|clashes| clashes.retain(|clash| clash.field != field));
    }

    /// Saves what is typed, unless somebody else was faster: then nothing is sent over theirs.
    pub fn save(self) {
        if !self.typing.is_sound() || !self.clashes.read_untracked().is_empty() || self.busy.get_untracked() {
            return;
        }
        let sent = self.typing.entry.get_untracked();
        let patch = self.store.with_value(|store| sent.patch(&self.shown.read_untracked(), store));
        let (sku, version) = self.base.with_untracked(|base| (base.item.sku.clone(), base.version));
        self.busy.set(true);
        spawn_local(async move {
            let answer = change_product(sku, version, patch).await;
            if self.busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(product) => self.settle(&sent, product),
                Err(Failure::Said(Error::Conflict(Reused::Version))) => {
                    self.changed.set(true);
                    self.load();
                }
                Err(failure) => self.failure.set(Some(failure)),
            }
        });
    }

    /// What was sent is saved; what was typed since is not, and stays.
    fn settle(self, sent: &Entry, product: Product) {
        let saved = self.store.with_value(|store| Entry::of(&product, store, self.comma));
        let typed = self.typing.entry.read_untracked().since(sent, &saved);
        self.typing.left.update(|left| left.retain(|field| typed.get(*field) != saved.get(*field)));
        self.base.set(product);
        self.shown.set(saved);
        self.typing.entry.set(typed);
        self.failure.set(None);
        self.restored.set(false);
        self.changed.set(false);
        self.saved.set(true);
        keep_draft(self.key, self.typing.entry, self.shown);
    }

    /// Does something that is not typed, and can be undone.
    pub fn act(self, bulk: Bulk, deed: Deed) {
        let skus = vec![self.base.read_untracked().item.sku.clone()];
        let store = self.store.get_value();
        self.busy.set(true);
        spawn_local(async move {
            // What is done here is the same when it is done twice: it needs no id.
            let answer = change_many(None, store, skus, bulk).await;
            self.acted(answer, deed);
        });
    }

    /// What an act was answered with.
    pub fn acted(self, answer: Result<Changed, Failure>, deed: Deed) {
        if self.busy.try_set(false).is_some() {
            return;
        }
        match answer {
            Ok(changed) => {
                self.done.set(changed.journal.map(|journal| (journal, deed)));
                self.failure.set(None);
            }
            Err(failure) => self.failure.set(Some(failure)),
        }
        self.load();
    }

    /// Undoes the last act.
    pub fn undo(self) {
        let Some((journal, _)) = self.done.get_untracked() else { return };
        self.busy.set(true);
        spawn_local(async move {
            let answer = undo_change(journal).await;
            if self.busy.try_set(false).is_none() {
                self.done.set(None);
                self.failure.set(answer.err());
                self.load();
            }
        });
    }
}

fn keep_draft(key: StoredValue<String>, entry: RwSignal<Entry>, shown: RwSignal<Entry>) {
    let (entry, over) = (entry.get_untracked(), shown.get_untracked());
    key.with_value(|key| {
        if entry == over {
            keep::forget(key);
        } else {
            keep::save(key, &Draft { entry, over });
        }
    });
}

//! A family as one person writes it: what is typed, what is proposed, and what becomes of it.

use super::api::{find_family, save_family};
use super::typed::{Row, TypedOption, base_of, options, proposed, sent, sound};
use crate::failure::Failure;
use crate::inventory::picker::{Picked, Picker};
use crate::parts::Tone;
use crate::prelude::*;
use crate::{i18n::tu_string, prefs::Words};
use leptos::task::spawn_local;
use model::{Error, FamilyId, FamilyOption, Item, NewFamily, Reused, Variants};

/// One family, as it was read and as it is typed.
#[derive(Clone, Copy)]
pub struct Desk {
    pub words: Words,
    pub id: FamilyId,
    pub store: StoredValue<String>,
    pub version: RwSignal<i64>,
    /// What stood there before the last saving, for the way back.
    pub before: RwSignal<Option<NewFamily>>,
    pub name: RwSignal<String>,
    /// What new SKUs begin with.
    pub base: RwSignal<String>,
    pub options: RwSignal<Vec<TypedOption>>,
    pub rows: RwSignal<Vec<Row>>,
    next: StoredValue<u32>,
    pub picker: Picker,
    pub failure: RwSignal<Option<Failure>>,
    pub busy: RwSignal<bool>,
    /// Something was typed that is not saved.
    pub open: RwSignal<bool>,
}

impl Desk {
    /// Opens a family, or begins a new one, with an item if one is named.
    pub fn open(words: Words, id: FamilyId, store: String, known: Option<Variants>, like: Option<Item>) -> Self {
        let (store, failure) = (StoredValue::new(store), RwSignal::new(None));
        let desk = Self {
            words,
            id,
            store,
            version: RwSignal::new(0),
            before: RwSignal::new(None),
            name: RwSignal::new(String::new()),
            base: RwSignal::new(String::new()),
            options: RwSignal::new(vec![TypedOption::default()]),
            rows: RwSignal::new(Vec::new()),
            next: StoredValue::new(0),
            picker: Picker::new(words, store, failure),
            failure,
            busy: RwSignal::new(false),
            open: RwSignal::new(false),
        };
        if let Some(known) = known {
            desk.take(known);
        } else if let Some(like) = like {
            desk.begin(&like);
        }
        desk
    }

    fn begin(self, item: &Item) {
        self.name.set(item.name.clone());
        self.base.set(item.sku.clone());
        let row = Row::known(self.number(), item.sku.clone(), item.name.clone(), Vec::new());
        self.rows.update(|rows| rows.push(row));
    }

    fn take(self, variants: Variants) {
        let Variants { family, items } = variants;
        self.version.set(family.version);
        self.name.set(family.name);
        let typed = |option: FamilyOption| TypedOption { name: option.name, values: option.values.join(", ") };
        self.options.set(family.options.into_iter().map(typed).collect());
        self.base.set(base_of(&items.iter().map(|item| item.sku.as_str()).collect::<Vec<_>>()));
        let row = |item: model::Variant| Row::known(self.number(), item.sku, item.name, item.values);
        self.rows.set(items.into_iter().map(row).collect());
        self.open.set(false);
    }

    fn number(self) -> u32 {
        self.next.update_value(|next| *next += 1);
        self.next.get_value()
    }

    /// The options in which something is typed; tracked.
    pub fn known_options(self) -> Vec<FamilyOption> {
        // What is typed in an option is told by the rows: its own fields stay as they are.
        self.rows.track();
        options(&self.options.read())
    }

    /// What was typed, if it can be saved; tracked.
    pub fn typed(self) -> Option<NewFamily> {
        sound(self.version.get(), &self.name.read(), self.known_options(), &self.rows.read())
    }

    /// How many are to be made; tracked.
    pub fn made(self) -> usize {
        self.rows.with(|rows| rows.iter().filter(|row| row.wanted && row.make.is_some()).count())
    }

    /// Proposes an item for each combination that nothing is of yet.
    pub fn propose(self) {
        let (options, name, base) =
            untrack(|| (self.known_options(), self.name.get().trim().to_owned(), self.base.get()));
        self.rows.update(|rows| {
            *rows = proposed(std::mem::take(rows), &options, &name, &base, || self.number());
        });
        self.open.set(true);
    }

    /// Changes a row without drawing the list anew.
    pub fn set(self, nth: u32, change: impl FnOnce(&mut Row)) {
        self.rows.update(|rows| {
            if let Some(row) = rows.iter_mut().find(|row| row.nth == nth) {
                change(row);
            }
        });
        self.open.set(true);
    }

    /// One leaves the family.
    pub fn drop_row(self, nth: u32) {
        self.rows.update(|rows| rows.retain(|row| row.nth != nth));
        self.open.set(true);
    }

    /// An item that is there joins.
    pub fn join(self, Picked { item, .. }: &Picked) {
        let known = self.rows.with_untracked(|rows| rows.iter().any(|row| row.sku == item.sku && row.make.is_none()));
        if known {
            return self
                .picker
                .say(Tone::Warn, tu_string!(self.words, variants.known, name = item.name.clone()).to_string());
        }
        if self.rows.with_untracked(Vec::is_empty) && self.name.with_untracked(|name| name.trim().is_empty()) {
            self.begin(item);
        } else {
            let row = Row::known(self.number(), item.sku.clone(), item.name.clone(), Vec::new());
            self.rows.update(|rows| rows.insert(0, row));
        }
        self.open.set(true);
        self.picker.say(Tone::Good, tu_string!(self.words, variants.joined, name = item.name.clone()).to_string());
    }

    /// Saves what was typed.
    pub fn save(self) {
        if let Some(family) = untrack(|| self.typed()) {
            self.send(family, false);
        }
    }

    /// Saves what stood there before.
    pub fn undo(self) {
        if let Some(family) = self.before.get_untracked() {
            self.send(NewFamily { version: self.version.get_untracked(), ..family }, true);
        }
    }

    fn send(self, family: NewFamily, back: bool) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.failure.set(None);
        let store = self.store.get_value();
        spawn_local(async move {
            let known = if family.version > 0 { find_family(self.id, store).await.ok() } else { None };
            let answer = save_family(self.id, family.clone()).await;
            if self.busy.try_set(false).is_some() {
                return; // The page is gone.
            }
            match answer {
                Ok(now) => {
                    let made = family.items.iter().filter(|item| item.make.is_some());
                    let made: Vec<String> = made.map(|item| item.sku.clone()).collect();
                    // A new family is undone by taking all its items out.
                    let none = NewFamily { items: Vec::new(), like: None, archive: made.clone(), ..family };
                    let before = known.map_or(none, |known| sent(&known.data, made));
                    self.before.set(Some(before).filter(|_| !back));
                    self.take(now);
                }
                Err(failure) => self.failed(failure),
            }
        });
    }

    /// Somebody else saved it meanwhile: what was typed stays, and saving again is for it to stand.
    fn failed(self, failure: Failure) {
        let changed = failure == Failure::Said(Error::Conflict(Reused::Version));
        self.failure.set(Some(failure));
        if changed {
            let store = self.store.get_value();
            spawn_local(async move {
                if let Ok(now) = find_family(self.id, store).await {
                    self.version.try_set(now.data.family.version);
                }
            });
        }
    }
}

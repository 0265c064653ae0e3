//! A price list as one person writes it: what is typed, and what becomes of it.

use super::api::{find_price_list, save_price_list};
use crate::failure::Failure;
use crate::inventory::picker::{Picked, Picker};
use crate::parts::{Tone, as_number, to_type};
use crate::prelude::*;
use crate::{i18n::tu_string, prefs::Words};
use leptos::task::spawn_local;
use model::{Error, Money, NewPrice, NewPriceList, PriceLine, PriceListId, Prices, Quantity, Reused};

/// A line as it is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    /// Which line of the page it is.
    pub nth: u32,
    pub sku: String,
    pub name: String,
    pub own: Option<Money>,
    pub from: String,
    pub price: String,
}

/// One list, as it was read and as it is typed.
#[derive(Clone, Copy)]
pub struct Desk {
    pub words: Words,
    pub id: PriceListId,
    store: StoredValue<String>,
    pub version: RwSignal<i64>,
    /// What stood there before the last saving, for the way back.
    pub before: RwSignal<Option<NewPriceList>>,
    pub name: RwSignal<String>,
    pub everywhere: RwSignal<bool>,
    pub from_day: RwSignal<String>,
    pub to_day: RwSignal<String>,
    pub active: RwSignal<bool>,
    pub overrides: RwSignal<bool>,
    pub lines: RwSignal<Vec<Typed>>,
    next: StoredValue<u32>,
    pub picker: Picker,
    pub failure: RwSignal<Option<Failure>>,
    pub busy: RwSignal<bool>,
    pub saved: RwSignal<bool>,
    /// Something was typed that is not saved.
    pub open: RwSignal<bool>,
}

fn day(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// The list as it was read, to be sent again.
fn sent(prices: &Prices) -> NewPriceList {
    let Prices { list, lines } = prices.clone();
    let line = |PriceLine { sku, from, price, .. }| NewPrice { sku, from, price };
    NewPriceList {
        version: list.version,
        name: list.name,
        store: list.store,
        from_day: list.from_day,
        to_day: list.to_day,
        active: list.active,
        overrides: list.overrides,
        lines: lines.into_iter().map(line).collect(),
    }
}

impl Desk {
    /// Opens a list, or begins a new one.
    pub fn open(words: Words, id: PriceListId, store: String, known: Option<Prices>) -> Self {
        let (store, failure) = (StoredValue::new(store), RwSignal::new(None));
        let desk = Self {
            words,
            id,
            store,
            version: RwSignal::new(0),
            before: RwSignal::new(None),
            name: RwSignal::new(String::new()),
            everywhere: RwSignal::new(false),
            from_day: RwSignal::new(String::new()),
            to_day: RwSignal::new(String::new()),
            active: RwSignal::new(true),
            overrides: RwSignal::new(false),
            lines: RwSignal::new(Vec::new()),
            next: StoredValue::new(0),
            picker: Picker::new(words, store, failure),
            failure,
            busy: RwSignal::new(false),
            saved: RwSignal::new(false),
            open: RwSignal::new(false),
        };
        if let Some(known) = known {
            desk.take(known);
        }
        desk
    }

    fn take(self, prices: Prices) {
        let Prices { list, lines } = prices;
        self.version.set(list.version);
        self.name.set(list.name);
        self.everywhere.set(list.store.is_none());
        self.store.update_value(|store| *store = list.store.unwrap_or_else(|| std::mem::take(store)));
        self.from_day.set(list.from_day.unwrap_or_default());
        self.to_day.set(list.to_day.unwrap_or_default());
        self.active.set(list.active);
        self.overrides.set(list.overrides);
        let locale = self.words.get_locale_untracked();
        let typed = lines.into_iter().map(|line| {
            let PriceLine { sku, name, own, from, price } = line;
            Typed { nth: self.number(), sku, name, own, from: to_type(locale, from), price: to_type(locale, price) }
        });
        self.lines.set(typed.collect());
        self.open.set(false);
    }

    fn number(self) -> u32 {
        self.next.update_value(|next| *next += 1);
        self.next.get_value()
    }

    /// What was typed, if all of it is numbers.
    pub fn typed(self) -> Option<NewPriceList> {
        let name = self.name.read().trim().to_owned();
        let line = |line: &Typed| {
            let from = as_number::<Quantity>(&line.from).filter(|from| *from > Quantity::ZERO)?;
            let price = as_number::<Money>(&line.price).filter(|price| *price >= Money::ZERO)?;
            Some(NewPrice { sku: line.sku.clone(), from, price })
        };
        let lines = self.lines.with(|lines| lines.iter().map(line).collect::<Option<Vec<_>>>())?;
        (!name.is_empty()).then(|| NewPriceList {
            version: self.version.get(),
            name,
            store: (!self.everywhere.get()).then(|| self.store.get_value()),
            from_day: day(&self.from_day.read()),
            to_day: day(&self.to_day.read()),
            active: self.active.get(),
            overrides: self.overrides.get(),
            lines,
        })
    }

    /// Something is different now.
    pub fn touch(self) {
        self.open.set(true);
        self.saved.set(false);
    }

    /// A line for the item; its own price is where typing begins.
    pub fn add(self, Picked { item, .. }: &Picked) {
        let price = item.price.map(|price| to_type(self.words.get_locale_untracked(), price)).unwrap_or_default();
        let known = self.lines.with_untracked(|lines| lines.iter().any(|line| line.sku == item.sku));
        let from = if known { String::new() } else { "1".to_owned() };
        let (nth, sku, name) = (self.number(), item.sku.clone(), item.name.clone());
        self.lines.update(|lines| lines.push(Typed { nth, sku, name, own: item.price, from, price }));
        self.touch();
        self.picker.say(Tone::Good, tu_string!(self.words, prices.added, name = item.name.clone()).to_string());
    }

    /// One line goes.
    pub fn drop_line(self, nth: u32) {
        self.lines.update(|lines| lines.retain(|line| line.nth != nth));
        self.touch();
    }

    /// Saves what was typed.
    pub fn save(self) {
        if let Some(list) = untrack(|| self.typed()) {
            self.send(list, false);
        }
    }

    /// Saves what stood there before.
    pub fn undo(self) {
        if let Some(list) = self.before.get_untracked() {
            self.send(NewPriceList { version: self.version.get_untracked(), ..list }, true);
        }
    }

    fn send(self, list: NewPriceList, back: bool) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.failure.set(None);
        spawn_local(async move {
            let known = if list.version > 0 { find_price_list(self.id).await.ok() } else { None };
            let answer = save_price_list(self.id, list.clone()).await;
            if self.busy.try_set(false).is_some() {
                return; // The page is gone.
            }
            match answer {
                Ok(now) => {
                    // A new list is undone by putting it aside.
                    let before =
                        known.map_or_else(|| NewPriceList { active: false, ..list }, |known| sent(&known.data));
                    self.before.set(Some(before).filter(|_| !back));
                    self.take(now);
                    self.saved.set(true);
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
            spawn_local(async move {
                if let Ok(now) = find_price_list(self.id).await {
                    self.version.try_set(now.data.list.version);
                }
            });
        }
    }
}

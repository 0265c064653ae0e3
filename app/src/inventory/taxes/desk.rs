//! A tax class as one person writes it: what is typed, and what becomes of it.

use super::api::{find_tax_class, save_tax_class};
use crate::failure::Failure;
use crate::parts::{as_number, to_type};
use crate::prefs::Words;
use crate::prelude::*;
use leptos::task::spawn_local;
use model::{Error, NewTaxClass, Quantity, Reused, TaxClass, TaxClassId, TaxRate};

/// A rate as it is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    /// Which line of the page it is.
    pub nth: u32,
    pub from_day: String,
    pub rate: String,
}

/// One class, as it was read and as it is typed.
#[derive(Clone, Copy)]
pub struct Desk {
    words: Words,
    pub id: TaxClassId,
    pub version: RwSignal<i64>,
    /// What stood there before the last saving, for the way back.
    pub before: RwSignal<Option<NewTaxClass>>,
    pub name: RwSignal<String>,
    pub rates: RwSignal<Vec<Typed>>,
    next: StoredValue<u32>,
    pub failure: RwSignal<Option<Failure>>,
    pub busy: RwSignal<bool>,
    /// Something was typed that is not saved.
    pub open: RwSignal<bool>,
}

/// The rate, if all of it is one.
fn sound(typed: &Typed) -> Option<TaxRate> {
    let rate: Quantity = as_number(&typed.rate)?;
    let from_day = Some(typed.from_day.trim().to_owned()).filter(|day| !day.is_empty());
    (rate >= Quantity::ZERO && rate <= Quantity::whole(100)).then_some(TaxRate { from_day, rate })
}

impl Desk {
    /// Opens a class, or begins a new one with one rate.
    pub fn open(words: Words, id: TaxClassId, known: Option<TaxClass>) -> Self {
        let desk = Self {
            words,
            id,
            version: RwSignal::new(0),
            before: RwSignal::new(None),
            name: RwSignal::new(String::new()),
            rates: RwSignal::new(Vec::new()),
            next: StoredValue::new(0),
            failure: RwSignal::new(None),
            busy: RwSignal::new(false),
            open: RwSignal::new(false),
        };
        match known {
            Some(known) => desk.take(known),
            None => desk.add(),
        }
        desk
    }

    fn take(self, class: TaxClass) {
        self.version.set(class.version);
        self.name.set(class.name);
        let locale = self.words.get_locale_untracked();
        let typed = class.rates.into_iter().map(|rate| {
            let from_day = rate.from_day.unwrap_or_default();
            Typed { nth: self.number(), from_day, rate: to_type(locale, rate.rate) }
        });
        self.rates.set(typed.collect());
        self.open.set(false);
    }

    fn number(self) -> u32 {
        self.next.update_value(|next| *next += 1);
        self.next.get_value()
    }

    /// One more rate.
    pub fn add(self) {
        let nth = self.number();
        self.rates.update(|rates| rates.push(Typed { nth, from_day: String::new(), rate: String::new() }));
    }

    /// Changes a rate.
    pub fn set(self, nth: u32, change: impl FnOnce(&mut Typed)) {
        self.rates.update(|rates| {
            if let Some(rate) = rates.iter_mut().find(|rate| rate.nth == nth) {
                change(rate);
            }
        });
        self.open.set(true);
    }

    /// One rate goes.
    pub fn drop_rate(self, nth: u32) {
        self.rates.update(|rates| rates.retain(|rate| rate.nth != nth));
        self.open.set(true);
    }

    /// What was typed, if all of it is sound; tracked.
    pub fn typed(self) -> Option<NewTaxClass> {
        let name = self.name.read().trim().to_owned();
        let rates = self.rates.with(|rates| rates.iter().map(sound).collect::<Option<Vec<_>>>())?;
        let twice = |at: usize| rates[..at].iter().any(|other| other.from_day == rates[at].from_day);
        let alone = !(0..rates.len()).any(twice);
        (!name.is_empty() && alone).then(|| NewTaxClass { version: self.version.get(), name, rates })
    }

    /// Saves what was typed.
    pub fn save(self) {
        if let Some(class) = untrack(|| self.typed()) {
            self.send(class, false);
        }
    }

    /// Saves what stood there before.
    pub fn undo(self) {
        if let Some(class) = self.before.get_untracked() {
            self.send(NewTaxClass { version: self.version.get_untracked(), ..class }, true);
        }
    }

    fn send(self, class: NewTaxClass, back: bool) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.failure.set(None);
        spawn_local(async move {
            let known = if class.version > 0 { find_tax_class(self.id).await.ok() } else { None };
            let answer = save_tax_class(self.id, class.clone()).await;
            if self.busy.try_set(false).is_some() {
                return; // The page is gone.
            }
            match answer {
                Ok(now) => {
                    // A new class is undone by taking its rates: nothing holds tax by it then.
                    let none = NewTaxClass { rates: Vec::new(), ..class };
                    let before = known.map_or(none, |known| {
                        let TaxClass { name, rates, version, .. } = known;
                        NewTaxClass { version, name, rates }
                    });
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
            spawn_local(async move {
                if let Ok(now) = find_tax_class(self.id).await {
                    self.version.try_set(now.version);
                }
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_percent_with_point_or_comma_and_nothing_else() {
        let typed = |rate: &str| Typed { nth: 1, from_day: String::new(), rate: rate.into() };
        assert_eq!(sound(&typed("5,5")).map(|rate| rate.rate), "5.5".parse().ok());
        assert_eq!((sound(&typed("101")), sound(&typed("-1")), sound(&typed("a fifth"))), (None, None, None));
    }
}

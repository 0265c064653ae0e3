//! What is being sent back: what is there of each item, how much of it goes, and why.

use super::{
    api::{goods_to_send_back, send_back},
    link,
};
use crate::prelude::*;
use crate::{
    failure::Failure,
    i18n::tu_string,
    inventory::picker::{Picked, Picker},
    parts::Tone,
    prefs::Words,
};
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;
use model::{
    Error, Lot, NewSupplierReturn, NewSupplierReturnLine, PaperId, Quantity, ReturnReason, SupplierId, ToSendBack,
};

/// Goods that lie somewhere, and how many of them go back.
#[derive(Clone, Debug, PartialEq)]
pub struct Going {
    pub of: ToSendBack,
    pub going: Quantity,
    pub reason: ReturnReason,
}

impl Going {
    /// Why they probably go back: what is called back or expired says it itself.
    fn new(of: ToSendBack) -> Self {
        let reason = match of.status {
            model::LotStatus::Recalled => ReturnReason::Recalled,
            _ if of.expired => ReturnReason::Expired,
            _ => ReturnReason::Damaged,
        };
        Self { of, going: Quantity::ZERO, reason }
    }
}

/// One person who sends something back.
#[derive(Clone, Copy)]
pub struct Desk {
    words: Words,
    pub store: StoredValue<String>,
    supplier: SupplierId,
    order: Option<PaperId>,
    /// The same for every try of the same goods, so that they go once.
    id: StoredValue<PaperId>,
    pub rows: RwSignal<Vec<Going>>,
    pub note: RwSignal<String>,
    pub picker: Picker,
    pub failure: RwSignal<Option<Failure>>,
    pub busy: RwSignal<bool>,
    /// What is there of the order's goods is being asked for.
    pub loading: RwSignal<bool>,
    /// For which row the number pad is open.
    pub pad: RwSignal<Option<usize>>,
    go: StoredValue<Callback<String>>,
}

impl Desk {
    /// Begins with what is there of the order's goods, if some came; all that is there of that lot goes back.
    pub fn open(
        words: Words,
        store: String,
        supplier: SupplierId,
        order: Option<PaperId>,
        mut came: Vec<String>,
        lot: Option<Lot>,
    ) -> Self {
        // What it is about stands first.
        if let Some(lot) = &lot {
            came.retain(|sku| *sku != lot.sku);
            came.insert(0, lot.sku.clone());
        }
        let navigate = StoredValue::new(use_navigate());
        let go = move |to: String| navigate.with_value(|navigate| navigate(&to, Default::default()));
        let (store, failure) = (StoredValue::new(store), RwSignal::new(None));
        let desk = Self {
            words,
            store,
            supplier,
            order,
            id: StoredValue::new(PaperId::new()),
            rows: RwSignal::new(Vec::new()),
            note: RwSignal::new(String::new()),
            picker: Picker::new(words, store, failure),
            failure,
            busy: RwSignal::new(false),
            loading: RwSignal::new(!came.is_empty()),
            pad: RwSignal::new(None),
            go: StoredValue::new(Callback::new(go)),
        };
        Effect::new(move || {
            if desk.loading.get_untracked() {
                let (came, lot) = (came.clone(), lot.clone());
                spawn_local(async move {
                    desk.lay_out(came).await;
                    desk.rows.try_update(|rows| {
                        let of = |row: &&mut Going| {
                            lot.as_ref()
                                .is_some_and(|lot| row.of.sku == lot.sku && row.of.lot.as_ref() == Some(&lot.lot))
                        };
                        rows.iter_mut().filter(of).for_each(|row| row.going = row.of.on_hand);
                    });
                    desk.loading.try_set(false);
                });
            }
        });
        desk
    }

    /// What is there of these items stands in rows from now on; `false` when nobody could say.
    async fn lay_out(self, skus: Vec<String>) -> bool {
        match goods_to_send_back(self.store.get_value(), skus).await {
            Ok(there) => {
                self.rows.try_update(|rows| {
                    // Somebody may have scanned one of them meanwhile.
                    let known: Vec<String> = rows.iter().map(|row| row.of.sku.clone()).collect();
                    let new = there.into_iter().filter(|one| !known.contains(&one.sku));
                    rows.extend(new.map(Going::new));
                });
                true
            }
            Err(failure) => {
                self.failure.try_set(Some(failure));
                false
            }
        }
    }

    /// So many of a row go back; no more than are there.
    pub fn set(self, at: usize, size: Quantity) {
        self.failure.set(None);
        self.rows.update(|rows| {
            if let Some(row) = rows.get_mut(at) {
                row.going = size.clamp(Quantity::ZERO, row.of.on_hand);
            }
        });
    }

    /// Why they go back.
    pub fn because(self, at: usize, reason: ReturnReason) {
        self.rows.update(|rows| rows.iter_mut().skip(at).take(1).for_each(|row| row.reason = reason));
    }

    /// How many lines go back.
    pub fn count(self) -> usize {
        self.rows.with(|rows| rows.iter().filter(|row| row.going > Quantity::ZERO).count())
    }

    /// So many more of what was picked go back.
    pub fn add(self, Picked { item, lot, quantity }: Picked) {
        spawn_local(self.bring(item.sku, item.name, lot, quantity));
    }

    /// So many more of an item go back, of that lot if one is named; what is there of it stands in rows from now on.
    async fn bring(self, sku: String, name: String, lot: String, size: Quantity) {
        let unknown = self.rows.try_with_untracked(|rows| rows.iter().all(|row| row.of.sku != sku));
        let Some(unknown) = unknown else { return }; // The page is gone.
        if unknown && !self.lay_out(vec![sku.clone()]).await {
            return;
        }
        let of = |row: &Going| row.of.sku == sku && (lot.is_empty() || row.of.lot.as_deref() == Some(lot.as_str()));
        let at = self.rows.try_with_untracked(|rows| rows.iter().position(of)).flatten();
        let Some(at) = at else {
            return self
                .picker
                .say(Tone::Warn, tu_string!(self.words, purchases.returns.none_here, name = name).to_string());
        };
        let going = self.rows.with_untracked(|rows| rows[at].going);
        self.set(at, going.checked_add(size).unwrap_or(going));
        let now = self.rows.with_untracked(|rows| rows[at].going).to_string();
        self.picker.say(Tone::Good, tu_string!(self.words, purchases.added, name = name, quantity = now).to_string());
    }

    /// Sends it.
    pub fn send(self) {
        if self.busy.get_untracked() || untrack(|| self.count()) == 0 {
            return;
        }
        let line = |row: &Going| NewSupplierReturnLine {
            sku: row.of.sku.clone(),
            quantity: row.going,
            reason: row.reason,
            condition: row.of.condition,
            lot: row.of.lot.clone(),
        };
        let lines = self
            .rows
            .with_untracked(|rows| rows.iter().filter(|row| row.going > Quantity::ZERO).map(line).collect::<Vec<_>>());
        let note = Some(self.note.get_untracked().trim().to_owned()).filter(|note| !note.is_empty());
        let (id, store, supplier, order) = (self.id.get_value(), self.store.get_value(), self.supplier, self.order);
        self.busy.set(true);
        self.failure.set(None);
        spawn_local(async move {
            let answer = send_back(NewSupplierReturn { id, store: store.clone(), supplier, order, note, lines }).await;
            if self.busy.try_set(false).is_some() {
                return; // The page is gone.
            }
            match answer {
                Ok(sent) => {
                    self.picker.say(Tone::Good, tu_string!(self.words, purchases.returns.done).to_string());
                    self.go.with_value(|go| go.run(link(sent.id, &store)));
                }
                Err(failure) => {
                    // What was refused stays refused under its id.
                    if matches!(failure, Failure::Said(Error::Refused(_))) {
                        self.id.set_value(PaperId::new());
                    }
                    self.failure.set(Some(failure));
                }
            }
        });
    }
}

//! What the page of proposals knows and does: quantities that a person set stay theirs while the rest is read anew.

use crate::inventory::purchases::api::{add_purchase, put_off, step_purchase};
use crate::prelude::*;
use crate::{
    failure::Failure,
    i18n::tu_string,
    live::{Follow, gather},
    parts::{Speaker, Tone},
    prefs::Words,
    report::{
        api::{set_mornings, to_buy},
        day,
    },
};
use leptos::task::spawn_local;
use model::{
    Buying, Money, NewPurchase, NewPurchaseLine, PaperId, Proposal, Purchase, PurchaseRow, PurchaseStep, Quantity,
    Since, Store, SupplierId, ToBuy,
};
use std::{collections::HashMap, time::Duration};

/// For how many days an item is put off.
pub const DAYS: i64 = 7;
/// Each sale of the store may change what is proposed, and reading it is dear: the sales of so long are read once.
const PAUSE: Duration = Duration::from_secs(2);

/// An order that was written here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    pub id: PaperId,
    pub number: String,
    version: i64,
}

/// What was just done, and can be taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Undo {
    /// An item was put off: its SKU and its name.
    PutOff(String, String),
    /// Orders were written.
    Orders(Vec<Written>),
}

impl Undo {
    /// What was done, in words.
    pub fn text(&self, words: Words) -> String {
        match self {
            Self::PutOff(_, name) => tu_string!(words, purchases.buy.was_put_off, name = name.clone()).to_string(),
            Self::Orders(orders) => tu_string!(words, purchases.buy.done, count = orders.len()).to_string(),
        }
    }
}

/// The proposals of a store, as one person looks at them.
#[derive(Clone, Copy)]
pub struct Desk {
    pub store: StoredValue<Store>,
    pub buying: RwSignal<Buying>,
    /// What a person set, by SKU.
    set: RwSignal<HashMap<String, Quantity>>,
    pub written: RwSignal<Vec<Written>>,
    pub undo: RwSignal<Option<Undo>>,
    pub pad: RwSignal<Option<String>>,
    pub busy: RwSignal<bool>,
    pub failure: RwSignal<Option<Failure>>,
    /// The orders that are being written: sent again, each is the same.
    ids: StoredValue<HashMap<SupplierId, PaperId>>,
    follow: StoredValue<Option<Follow>>,
    speaker: Speaker,
}

impl Desk {
    /// Follows the store's stock and documents from that moment on.
    pub fn open(store: Store, first: Since<Buying>) -> Self {
        let topics = ["stock", "papers", "work"].map(|kind| format!("{kind}:{}", store.code)).to_vec();
        let desk = Self {
            store: StoredValue::new(store),
            buying: RwSignal::new(first.data),
            set: RwSignal::new(HashMap::new()),
            written: RwSignal::new(Vec::new()),
            undo: RwSignal::new(None),
            pad: RwSignal::new(None),
            busy: RwSignal::new(false),
            failure: RwSignal::new(None),
            ids: StoredValue::new(HashMap::new()),
            follow: StoredValue::new(None),
            speaker: expect_context(),
        };
        let read = move || to_buy(desk.code());
        desk.follow.set_value(Some(gather(PAUSE, topics, first.as_of, read, move |now| desk.buying.set(now))));
        desk
    }

    fn code(self) -> String {
        self.store.with_value(|store| store.code.clone())
    }

    /// The orders of before that are not sent.
    pub fn drafts(self) -> Vec<PurchaseRow> {
        let just = self.written.with(|orders| orders.iter().map(|order| order.id).collect::<Vec<_>>());
        self.buying.with(|now| now.drafts.iter().filter(|draft| !just.contains(&draft.id)).cloned().collect())
    }

    /// The line of an item.
    pub fn line(self, sku: &str) -> Option<Proposal> {
        self.buying.with(|now| now.suppliers.iter().flat_map(|one| &one.lines).find(|line| line.sku == sku).cloned())
    }

    /// How many of it are ordered: what a person set, else what is proposed.
    pub fn quantity(self, line: &Proposal) -> Quantity {
        self.set.with(|set| set.get(&line.sku).copied()).unwrap_or(line.quantity)
    }

    /// A person says how many.
    pub fn set(self, sku: String, size: Quantity) {
        self.failure.set(None);
        self.set.update(|set| {
            set.insert(sku, size);
        });
    }

    /// The lines that would be ordered: of one supplier, or of all from whom something can be ordered.
    fn chosen(self, supplier: Option<SupplierId>) -> Vec<(ToBuy, Vec<NewPurchaseLine>)> {
        let suppliers = self.buying.with(|now| now.suppliers.clone());
        let asked = |one: &ToBuy| one.supplier_id.is_some() && supplier.is_none_or(|id| one.supplier_id == Some(id));
        let lines = |one: &ToBuy| -> Vec<NewPurchaseLine> {
            let sized = one.lines.iter().map(|line| (line, self.quantity(line)));
            let ordered = sized.filter(|(_, size)| *size > Quantity::ZERO).map(|(line, quantity)| NewPurchaseLine {
                sku: line.sku.clone(),
                quantity,
                unit_cost: line.unit_cost,
                code: None,
                why: Some(line.why.clone()),
            });
            ordered.collect()
        };
        let all = suppliers.into_iter().filter(asked).map(|one| {
            let lines = lines(&one);
            (one, lines)
        });
        all.filter(|(_, lines)| !lines.is_empty()).collect()
    }

    /// How many products would be ordered.
    pub fn count(self, supplier: Option<SupplierId>) -> u64 {
        self.chosen(supplier).iter().map(|(_, lines)| lines.len() as u64).sum()
    }

    /// What they cost, as far as costs are known.
    pub fn value(self, supplier: Option<SupplierId>) -> Money {
        let lines = self.chosen(supplier).into_iter().flat_map(|(_, lines)| lines);
        lines.fold(Money::ZERO, |sum, line| {
            let value = line.unit_cost.and_then(|cost| cost.checked_times(line.quantity)).unwrap_or_default();
            sum.checked_add(value).unwrap_or(sum)
        })
    }

    /// Writes a draft for each supplier, or for that one.
    pub fn order(self, supplier: Option<SupplierId>) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.failure.set(None);
        let chosen = untrack(|| self.chosen(supplier));
        spawn_local(async move {
            let mut written = Vec::new();
            for (from, lines) in chosen {
                let Some(id) = from.supplier_id else { continue };
                match self.write(id, &from, lines).await {
                    Ok(order) => {
                        written.push(Written { id: order.id, number: order.number, version: order.version });
                        // What is ordered is not proposed any more, also before that is read anew.
                        self.buying.try_update(|now| now.suppliers.retain(|one| one.supplier_id != Some(id)));
                        let others = |sku: &String| from.lines.iter().all(|line| line.sku != *sku);
                        self.set.try_update(|set| set.retain(|sku, _| others(sku)));
                    }
                    Err(failure) => {
                        self.failure.try_set(Some(failure));
                        break;
                    }
                }
            }
            if self.busy.try_set(false).is_some() {
                return; // The page is gone.
            }
            if !written.is_empty() {
                self.speaker.play(Tone::Good);
                self.written.update(|all| all.extend(written.iter().cloned()));
                self.undo.set(Some(Undo::Orders(written)));
            }
            self.read();
        });
    }

    async fn write(self, id: SupplierId, from: &ToBuy, lines: Vec<NewPurchaseLine>) -> Result<Purchase, Failure> {
        let paper = self.ids.try_update_value(|ids| *ids.entry(id).or_default()).unwrap_or_default();
        let due_on = from.lines.iter().map(|line| line.why.arrives_on.clone()).max();
        let (reference, note) = (None, None);
        let new = NewPurchase { id: paper, store: self.code(), supplier: id, reference, note, due_on, lines };
        let answer = add_purchase(new).await;
        if answer.as_ref().err().is_none_or(|failure| !failure.is_open()) {
            self.ids.try_update_value(|ids| ids.remove(&id));
        }
        answer
    }

    /// Not for the next days.
    pub fn put_off(self, line: &Proposal) {
        let until = self.buying.with_untracked(|now| day::shifted(&now.day, DAYS));
        self.snooze(line.sku.clone(), until, Some(Undo::PutOff(line.sku.clone(), line.name.clone())));
    }

    fn snooze(self, sku: String, until: Option<String>, undo: Option<Undo>) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.failure.set(None);
        spawn_local(async move {
            let answer = put_off(self.code(), vec![sku.clone()], until).await;
            if self.busy.try_set(false).is_some() {
                return; // The page is gone.
            }
            match answer {
                Ok(()) => {
                    if undo.is_some() {
                        self.buying.update(|now| leave_out(now, &sku));
                    }
                    self.undo.set(undo);
                    self.read();
                }
                Err(failure) => self.failure.set(Some(failure)),
            }
        });
    }

    /// Are drafts written each morning?
    pub fn mornings(self, wanted: bool) {
        self.busy.set(true);
        self.failure.set(None);
        spawn_local(async move {
            let answer = set_mornings(self.code(), wanted).await;
            if self.busy.try_set(false).is_some() {
                return; // The page is gone.
            }
            match answer {
                Ok(()) => self.buying.update(|now| now.mornings = wanted),
                Err(failure) => self.failure.set(Some(failure)),
            }
        });
    }

    /// Takes back what was just done.
    pub fn undo(self) {
        match self.undo.get_untracked() {
            Some(Undo::PutOff(sku, _)) => self.snooze(sku, None, None),
            Some(Undo::Orders(orders)) => self.give_up(orders),
            None => {}
        }
    }

    fn give_up(self, orders: Vec<Written>) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.failure.set(None);
        spawn_local(async move {
            for order in orders {
                match step_purchase(order.id, order.version, PurchaseStep::Cancel, None).await {
                    Ok(_) => drop(self.written.try_update(|all| all.retain(|one| one.id != order.id))),
                    Err(failure) => drop(self.failure.try_set(Some(failure))),
                }
            }
            if self.busy.try_set(false).is_none() {
                self.undo.set(None);
                self.read();
            }
        });
    }

    fn read(self) {
        self.follow.get_value().iter().for_each(|follow| follow.now());
    }
}

fn leave_out(now: &mut Buying, sku: &str) {
    for one in &mut now.suppliers {
        one.lines.retain(|line| line.sku != sku);
    }
    now.suppliers.retain(|one| !one.lines.is_empty());
}

//! What an order's page knows and does: each change is made to the order as it is by now, so two people write one draft.

use super::api::{change_purchase, find_purchase, step_purchase};
use crate::prelude::*;
use crate::{
    failure::Failure,
    i18n::tu_string,
    inventory::{
        anew,
        picker::{Picked, Picker},
    },
    live::{Follow, follow},
    parts::{Speaker, Tone},
    prefs::Words,
};
use leptos::task::spawn_local;
use model::{Money, NewPurchaseLine, Purchase, PurchaseDraft, PurchaseLine, PurchaseStep, Quantity, Since};
use std::collections::VecDeque;

/// What the number pad is open for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PadFor {
    /// How many of that item.
    Quantity(String),
    /// What one of it costs.
    Cost(String),
}

/// One change of a draft.
#[derive(Clone, Debug)]
pub enum Edit {
    /// So many more of an item, or its first.
    More(String, Quantity),
    /// So many of it; none takes the line out.
    Quantity(String, Quantity),
    /// One costs so much.
    Cost(String, Money),
    /// The day, the supplier's number, and a word to them.
    Head(String, String, String),
}

impl Edit {
    fn make(self, draft: &mut PurchaseDraft) {
        let line = |draft: &'_ PurchaseDraft, sku: &str| draft.lines.iter().position(|line| line.sku == sku);
        match self {
            Self::More(sku, quantity) => match line(draft, &sku) {
                Some(at) => {
                    let more = draft.lines[at].quantity.checked_add(quantity);
                    draft.lines[at].quantity = more.unwrap_or(draft.lines[at].quantity);
                }
                None => {
                    let (unit_cost, code, why) = (None, None, None);
                    draft.lines.push(NewPurchaseLine { sku, quantity, unit_cost, code, why });
                }
            },
            Self::Quantity(sku, Quantity::ZERO) => draft.lines.retain(|line| line.sku != sku),
            Self::Quantity(sku, quantity) => {
                if let Some(at) = line(draft, &sku) {
                    draft.lines[at].quantity = quantity;
                }
            }
            Self::Cost(sku, cost) => {
                if let Some(at) = line(draft, &sku) {
                    draft.lines[at].unit_cost = Some(cost);
                }
            }
            Self::Head(due_on, reference, note) => {
                let given = |text: String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
                (draft.due_on, draft.reference, draft.note) = (given(due_on), given(reference), given(note));
            }
        }
    }
}

/// The order as a draft.
fn draft(order: &Purchase) -> PurchaseDraft {
    let line = |line: &PurchaseLine| NewPurchaseLine {
        sku: line.sku.clone(),
        quantity: line.ordered,
        unit_cost: line.unit_cost,
        code: Some(line.code.clone()),
        why: line.why.clone(),
    };
    PurchaseDraft {
        supplier: order.supplier.id,
        reference: order.reference.clone(),
        note: order.note.clone(),
        due_on: order.due_on.clone(),
        lines: order.lines.iter().map(line).collect(),
    }
}

/// One order, as one person works on it.
#[derive(Clone, Copy)]
pub struct Desk {
    pub words: Words,
    pub order: RwSignal<Purchase>,
    pub picker: Picker,
    pub failure: RwSignal<Option<Failure>>,
    pub busy: RwSignal<bool>,
    pub pad: RwSignal<Option<PadFor>>,
    waiting: StoredValue<VecDeque<Edit>>,
    speaker: Speaker,
    follow: StoredValue<Option<Follow>>,
}

impl Desk {
    /// Follows the order from that moment on.
    pub fn open(first: Since<Purchase>, words: Words) -> Self {
        let (id, failure) = (first.data.id, RwSignal::new(None));
        let desk = Self {
            words,
            picker: Picker::new(words, StoredValue::new(first.data.store.clone()), failure),
            order: RwSignal::new(first.data),
            failure,
            busy: RwSignal::new(false),
            pad: RwSignal::new(None),
            waiting: StoredValue::new(VecDeque::new()),
            speaker: expect_context(),
            follow: StoredValue::new(None),
        };
        let topics = vec![format!("paper:{id}"), format!("at:{id}")];
        let following = follow(topics, first.as_of, move || find_purchase(id), move |now| desk.take(now));
        desk.follow.set_value(Some(following));
        desk
    }

    /// What is older than what is known says nothing.
    fn take(self, now: Purchase) {
        if self.order.try_with_untracked(|known| known.version <= now.version) == Some(true) {
            self.order.set(now);
        }
    }

    /// May the reader do that now?
    pub fn may(self, step: PurchaseStep) -> bool {
        self.order.with(|order| order.next.contains(&step))
    }

    /// Makes a change, after those that were begun before it.
    pub fn change(self, edit: Edit) {
        self.failure.set(None);
        self.waiting.update_value(|waiting| waiting.push_back(edit));
        if !self.busy.get_untracked() {
            self.busy.set(true);
            spawn_local(self.drain());
        }
    }

    async fn drain(self) {
        while let Some(Some(edit)) = self.waiting.try_update_value(VecDeque::pop_front) {
            match self.write(edit).await {
                Ok(order) => self.take(order),
                Err(failure) => {
                    self.waiting.try_update_value(VecDeque::clear);
                    self.failure.try_set(Some(failure));
                }
            }
        }
        self.busy.try_set(false);
    }

    /// Somebody else may have written it meanwhile: then the same change is made to what they left.
    async fn write(self, edit: Edit) -> Result<Purchase, Failure> {
        let order = self.order.get_untracked();
        let id = order.id;
        let write = |order: &Purchase| {
            let mut draft = draft(order);
            edit.clone().make(&mut draft);
            change_purchase(id, order.version, draft)
        };
        anew(order, write, || find_purchase(id)).await
    }

    /// Takes the order's next step.
    pub fn step(self, step: PurchaseStep, reason: Option<String>) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.failure.set(None);
        let (id, version) = self.order.with_untracked(|order| (order.id, order.version));
        spawn_local(async move {
            let answer = step_purchase(id, version, step, reason).await;
            if self.busy.is_disposed() {
                return; // The page is gone.
            }
            match answer {
                Ok(order) => {
                    self.speaker.play(Tone::Good);
                    self.take(order);
                }
                Err(failure) => {
                    self.failure.set(Some(failure));
                    self.follow.get_value().iter().for_each(|follow| follow.now());
                }
            }
            // What was scanned meanwhile.
            self.drain().await;
        });
    }

    /// So many more of what was picked.
    pub fn add(self, Picked { item, quantity, .. }: &Picked) {
        let there = self.order.with_untracked(|order| {
            order.lines.iter().find(|line| line.sku == item.sku).map_or(Quantity::ZERO, |line| line.ordered)
        });
        let now = there.checked_add(*quantity).unwrap_or(there).to_string();
        let text = tu_string!(self.words, purchases.added, name = item.name.clone(), quantity = now).to_string();
        self.picker.say(Tone::Good, text);
        self.change(Edit::More(item.sku.clone(), *quantity));
    }
}

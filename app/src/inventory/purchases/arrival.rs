//! What one person at the door knows: what is expected, and what they counted of it so far.

use super::{api::find_purchase, draft::Draft, order::whole};
use crate::prelude::*;
use crate::{
    failure::Failure,
    frame::use_here,
    i18n::tu_string,
    inventory::{
        Done,
        api::{find, post_receipt},
        arriving::{Together, give_up},
        basket_now, keep,
        lots::api::with_lots,
    },
    live::{Follow, follow},
    parts::{Said, Scanned, Speaker, Tone},
    prefs::Words,
};
use leptos::task::spawn_local;
use model::{Arrival, NewArrival, PaperId, Purchase, Quantity, Since, Tracking};
use std::collections::BTreeMap;

/// What the number pad is open for.
#[derive(Clone, Debug, PartialEq)]
pub enum PadFor {
    Taken(String, String),
    Left(String, String),
}

/// One person at the door with one order.
#[derive(Clone, Copy)]
pub struct Desk {
    words: Words,
    pub order: RwSignal<Purchase>,
    pub draft: RwSignal<Draft>,
    pub said: RwSignal<Option<Said>>,
    pub failure: RwSignal<Option<Failure>>,
    pub done: RwSignal<Option<Done>>,
    pub busy: RwSignal<bool>,
    /// More is counted than is still to come: is that so?
    pub asked: RwSignal<bool>,
    /// The items whose goods are told apart, and how.
    pub tracked: RwSignal<Vec<(String, Tracking)>>,
    pub pad: RwSignal<Option<PadFor>>,
    pub clear: Trigger,
    /// Who else counts this delivery.
    pub together: Together,
    /// The order, which is what they share.
    pub id: PaperId,
    speaker: Speaker,
    key: StoredValue<String>,
    person: StoredValue<String>,
    pub follow: StoredValue<Option<Follow>>,
}

impl Desk {
    /// Follows the order, and takes up what was counted before.
    pub fn open(first: Since<Purchase>, words: Words) -> Self {
        let id = first.data.id;
        let person = use_here().me().key();
        let draft = RwSignal::new(Draft::default());
        let mine = Signal::derive(move || {
            draft.with(|draft| std::iter::once(draft.id).chain(draft.sent.iter().map(|sent| sent.receipt.id)).collect())
        });
        let booked = StoredValue::new(None::<Callback<Arrival>>);
        let on_booked = Callback::new(move |part| {
            if let Some(booked) = booked.get_value() {
                booked.run(part);
            }
        });
        let store = first.data.store.clone();
        let desk = Self {
            words,
            order: RwSignal::new(first.data),
            draft,
            together: Together::open(store, person.clone(), format!("paper:{id}"), mine, on_booked),
            id,
            said: RwSignal::new(None),
            failure: RwSignal::new(None),
            done: RwSignal::new(None),
            busy: RwSignal::new(false),
            asked: RwSignal::new(false),
            tracked: RwSignal::new(Vec::new()),
            pad: RwSignal::new(None),
            clear: Trigger::new(),
            speaker: expect_context(),
            key: StoredValue::new(format!("arrival:{person}:{id}")),
            person: StoredValue::new(person),
            follow: StoredValue::new(None),
        };
        booked.set_value(Some(Callback::new(move |part| desk.booked_by(&part))));
        Effect::new(move || {
            if let Some(kept) = desk.key.with_value(|key| keep::load(key)) {
                desk.draft.set(kept);
            }
        });
        Effect::new(move || {
            let store = desk.order.with_untracked(|order| order.store.clone());
            let (turn, receipt) = desk.draft.with(|draft| (draft.turn, draft.receipt(id, &store, None)));
            desk.together.tell(NewArrival { delivery: id, turn, receipt });
        });
        Effect::new(move || {
            let skus = desk.order.with_untracked(|order| order.lines.iter().map(|line| line.sku.clone()).collect());
            spawn_local(async move {
                // Whoever does not get an answer is told by the server which lot is missing.
                if let Ok(tracked) = with_lots(skus).await {
                    desk.tracked.try_set(tracked);
                }
            });
        });
        let topics = vec![format!("paper:{id}"), format!("at:{id}")];
        let following = follow(topics, first.as_of, move || find_purchase(id), move |now| desk.order.set(now));
        desk.follow.set_value(Some(following));
        desk
    }

    /// Changes what was counted, and keeps it in this browser.
    pub fn change(self, change: impl FnOnce(&mut Draft)) {
        self.failure.set(None);
        self.asked.set(false);
        self.draft.update(|draft| {
            change(draft);
            draft.turn += 1;
        });
        self.keep();
    }

    fn keep(self) {
        self.key.with_value(|key| {
            self.draft.with_untracked(|draft| {
                if draft.lines.is_empty() && draft.sent.is_none() && draft.number.is_empty() {
                    keep::forget(key);
                } else {
                    keep::save(key, draft);
                }
            });
        });
    }

    /// Somebody else has booked in what was told from here.
    fn booked_by(self, part: &Arrival) {
        if self.draft.with_untracked(|draft| draft.id != part.id) {
            return;
        }
        self.draft.update(|draft| draft.less(part));
        self.keep();
        let count = whole(part.lines.iter().map(|line| line.quantity));
        let name = part.ender.clone().unwrap_or_default();
        self.say(Tone::Warn, tu_string!(self.words, arriving.taken, count = count, name = name).to_string());
    }

    /// How many of an item the others at this delivery have counted; tracked.
    fn beside(self, sku: &str) -> Quantity {
        self.together.beside(self.id, sku)
    }

    /// How many of an item are still to come, for who counts here; any number of what was not ordered. Tracked.
    pub fn most(self, sku: &str) -> Quantity {
        let open = self.order.with(|order| {
            let line = order.lines.iter().find(|line| line.sku == sku && line.ordered > Quantity::ZERO);
            line.map(|line| line.open)
        });
        let Some(open) = open else { return Quantity::LINE_MAX };
        let (left, sent) = self.draft.with(|draft| (draft.of(sku).left, draft.on_its_way(sku)));
        let most = open.parts() - left.parts() - sent.parts() - self.beside(sku).parts();
        Quantity::from_parts(most.max(0))
    }

    fn say(self, tone: Tone, text: String) {
        self.speaker.play(tone);
        self.said.update(|said| *said = Some(Said::after(said.as_ref(), tone, text)));
    }

    /// One more of what was scanned, or a pack of it.
    pub fn scanned(self, scanned: Scanned) {
        let store = self.order.with_untracked(|order| order.store.clone());
        spawn_local(async move {
            match find(store, scanned.code.clone()).await {
                Ok(Some(found)) => {
                    let (sku, name, lot) = (found.item.sku, found.item.name, found.lot);
                    let tracking = found.item.tracking;
                    if tracking != Tracking::None {
                        self.tracked.update(|tracked| tracked.push((sku.clone(), tracking)));
                    }
                    if tracking == Tracking::Serial && !lot.lot.is_empty() {
                        match lot.doubt.filter(|_| lot.here == Some(true)) {
                            Some(here) => self.say(Tone::Warn, here),
                            None => self.name(sku, name, lot.lot),
                        }
                        return self.clear.notify();
                    }
                    self.change(|draft| {
                        let line = draft.line(&sku, &name);
                        match lot.lot.trim() {
                            "" => line.take(line.taken.checked_add(found.quantity).unwrap_or(line.taken)),
                            code => line.take_of(found.quantity, code, &lot.day),
                        }
                    });
                    let now = self.draft.with_untracked(|draft| draft.of(&sku).taken).to_string();
                    let added = || tu_string!(self.words, purchases.added, name = name, quantity = now).to_string();
                    match lot.warning {
                        Some(warning) => self.say(Tone::Warn, warning),
                        None => self.say(Tone::Good, added()),
                    }
                }
                Ok(None) => {
                    self.say(Tone::Warn, tu_string!(self.words, products.unknown, code = scanned.code).to_string())
                }
                Err(failure) => self.failure.set(Some(failure)),
            }
            self.clear.notify();
        });
    }

    /// A piece with that serial number is here.
    pub fn name(self, sku: String, name: String, serial: String) {
        if self.draft.with_untracked(|draft| draft.of(&sku).serials.contains(&serial)) {
            return self.say(Tone::Warn, tu_string!(self.words, lots.serial.twice, serial = serial).to_string());
        }
        self.change(|draft| draft.line(&sku, &name).name(serial));
        let now = self.draft.with_untracked(|draft| draft.of(&sku).taken).to_string();
        self.say(Tone::Good, tu_string!(self.words, purchases.added, name = name, quantity = now).to_string());
    }

    /// How the goods of that item are told apart.
    pub fn tracking(self, sku: &str) -> Tracking {
        let of =
            |tracked: &Vec<(String, Tracking)>| tracked.iter().rfind(|(known, _)| known == sku).map(|(_, how)| *how);
        self.tracked.with(of).unwrap_or_default()
    }

    /// All that is still to come by now is here.
    pub fn all(self) {
        let lines = self.order.with_untracked(|order| order.lines.clone());
        // Before the draft is held: whose part is whose is read from it.
        let beside: BTreeMap<&str, Quantity> =
            untrack(|| lines.iter().map(|line| (line.sku.as_str(), self.beside(&line.sku))).collect());
        self.change(|draft| draft.all(&lines, |sku| beside.get(sku).copied().unwrap_or_default()));
    }

    /// Of what more is counted than is still to come by now.
    pub fn over(self) -> Vec<(String, Quantity, Quantity)> {
        self.order.with(|order| self.draft.with(|draft| draft.over(&order.lines, |sku| self.beside(sku))))
    }

    /// How many things are taken in.
    pub fn count(self) -> u64 {
        self.draft.with(|draft| whole(draft.lines.iter().map(|line| line.taken)))
    }

    /// Was something sent, and nobody answered? It may be booked in.
    pub fn unanswered(self) -> bool {
        !self.busy.get() && self.draft.with(|draft| draft.sent.is_some())
    }

    /// Books in what was counted, or what was sent before and not answered; asks once when that is more than is still to
    /// come, also whoever may approve it. What is scanned meanwhile is something else.
    pub fn book_in(self) {
        if self.busy.get_untracked() {
            return;
        }
        let again = self.draft.with_untracked(|draft| draft.sent.is_some());
        if !again && !self.asked.get_untracked() && !untrack(|| self.over()).is_empty() {
            self.speaker.play(Tone::Warn);
            return self.asked.set(true);
        }
        let store = self.order.with_untracked(|order| order.store.clone());
        let Some(new) = self.draft.try_update(|draft| draft.send(self.id, &store, basket_now())) else { return };
        self.keep();
        self.asked.set(false);
        self.failure.set(None);
        self.busy.set(true);
        let by = Some(self.person.get_value());
        spawn_local(async move {
            // A clock that is wrong now was as wrong when it came: the server takes that off.
            let answer = post_receipt(new, by, Some(basket_now())).await;
            if self.busy.try_set(false).is_some() {
                return; // The page is gone; what was sent is kept, and sent again from the next.
            }
            match answer {
                Ok(receipt) => {
                    let count = whole(receipt.lines.iter().map(|line| line.quantity));
                    let text = tu_string!(self.words, purchases.receive.done, count = count).to_string();
                    self.say(Tone::Good, text.clone());
                    self.done.set(Some(Done::new(receipt.id, text)));
                    self.draft.update(|draft| draft.sent = None);
                    self.keep();
                    self.together.now();
                    self.follow.get_value().iter().for_each(|follow| follow.now());
                }
                Err(failure) => {
                    // It is not booked in, unless nobody can know.
                    if !failure.is_open() {
                        let over = self.draft.try_update(Draft::back).flatten();
                        self.keep();
                        over.into_iter().for_each(|id| give_up(id, self.failure));
                    }
                    self.failure.set(Some(failure));
                }
            }
        });
    }
}

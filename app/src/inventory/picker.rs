//! Picking items for what is being written: by scan, or by name.

use super::{
    api::{Candidate, find, search},
    basket::Results,
};
use crate::prelude::*;
use crate::{
    failure::Failure,
    frame::use_here,
    i18n::tu_string,
    parts::{Said, Saying, ScanField, Scanned, Speaker, Tone},
    prefs::Words,
};
use leptos::task::spawn_local;
use model::{Item, Quantity};

/// What was picked.
#[derive(Clone, Debug)]
pub struct Picked {
    /// The item.
    pub item: Item,
    /// The lot that its label names; empty when none does.
    pub lot: String,
    /// How many: one, or what is in a pack.
    pub quantity: Quantity,
}

/// What was last said of what was picked, and what may be meant by what is typed.
#[derive(Clone, Copy)]
pub struct Picker {
    words: Words,
    store: StoredValue<String>,
    speaker: Speaker,
    failure: RwSignal<Option<Failure>>,
    found: RwSignal<Vec<Candidate>>,
    said: RwSignal<Option<Said>>,
    clear: Trigger,
    /// What is answered to what was typed before is no answer.
    turn: StoredValue<u32>,
}

impl Picker {
    /// Nothing picked yet. It is looked for in that store; what goes wrong is told there.
    pub fn new(words: Words, store: StoredValue<String>, failure: RwSignal<Option<Failure>>) -> Self {
        Self {
            words,
            store,
            speaker: expect_context(),
            failure,
            found: RwSignal::new(Vec::new()),
            said: RwSignal::new(None),
            clear: Trigger::new(),
            turn: StoredValue::new(0),
        }
    }

    /// Says what became of it.
    pub fn say(self, tone: Tone, text: String) {
        self.speaker.play(tone);
        self.said.update(|said| *said = Some(Said::after(said.as_ref(), tone, text)));
    }

    /// Empties the field and puts the focus there.
    pub fn clear(self) {
        self.forget();
        self.clear.notify();
    }

    fn forget(self) {
        self.turn.update_value(|turn| *turn += 1);
        self.found.set(Vec::new());
    }

    /// A code came in, or a whole word.
    pub fn scanned(self, scanned: Scanned, on_pick: Callback<Picked>) {
        self.forget();
        let (store, turn) = (self.store.get_value(), self.turn.get_value());
        spawn_local(async move {
            let Scanned { code, typed, .. } = scanned;
            let answer = find(store.clone(), code.clone()).await;
            if self.turn.try_get_value().is_none() {
                return; // The page is gone.
            }
            match answer {
                Ok(Some(found)) => {
                    self.clear();
                    on_pick.run(Picked { item: found.item, lot: found.lot.lot, quantity: found.quantity });
                }
                Ok(None) if typed => self.meant(store, code, turn).await,
                Ok(None) => self.unknown(code),
                Err(failure) => self.failure.set(Some(failure)),
            }
        });
    }

    async fn meant(self, store: String, text: String, turn: u32) {
        let answer = search(store, text.clone()).await;
        if self.turn.try_get_value() != Some(turn) {
            return; // Something else is typed by now, or the page is gone.
        }
        match answer {
            Ok(found) if !found.is_empty() => self.found.set(found),
            Ok(_) => self.unknown(text),
            Err(failure) => self.failure.set(Some(failure)),
        }
    }

    fn unknown(self, code: String) {
        self.say(Tone::Warn, tu_string!(self.words, products.unknown, code = code).to_string());
        self.clear.notify();
    }

    /// Something is being typed: shows what it may mean.
    fn look_up(self, text: String) {
        self.turn.update_value(|turn| *turn += 1);
        let turn = self.turn.get_value();
        if text.trim().chars().count() < 2 {
            return self.found.set(Vec::new());
        }
        let store = self.store.get_value();
        spawn_local(async move {
            let answer = search(store, text).await;
            if self.turn.try_get_value() == Some(turn) {
                match answer {
                    Ok(found) => self.found.set(found),
                    Err(failure) => self.failure.set(Some(failure)),
                }
            }
        });
    }
}

/// The field, what was last said, and what may be meant.
#[component]
pub fn Pick(
    picker: Picker,
    /// This one.
    on_pick: Callback<Picked>,
) -> impl IntoView {
    let currency = use_here().store().get_untracked().currency;
    let choose = move |item: Item| {
        picker.clear();
        on_pick.run(Picked { item, lot: String::new(), quantity: Quantity::whole(1) });
    };
    view! {
        <ScanField clear=picker.clear said=picker.said
            on_code=Callback::new(move |scanned| picker.scanned(scanned, on_pick))
            on_text=Callback::new(move |text| picker.look_up(text)) />
        <Saying said=picker.said />
        <Results found=picker.found currency on_choose=Callback::new(choose) />
    }
}

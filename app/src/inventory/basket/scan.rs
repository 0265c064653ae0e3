//! What comes in by scan or by hand: a code is looked up, a name is searched for, and what nobody knows is kept.

use super::{kind::Kind, met, register::Register};
use crate::prelude::*;
use crate::{
    failure::Failure,
    i18n::tu_string,
    inventory::api::{Candidate, Found, FoundLot, find, meaning, search},
    parts::{Scanned, Tone, quantity},
};
use leptos::task::spawn_local;
use model::{Item, ItemId, Meant, Quantity, Tracking};

impl Register {
    /// A code came in.
    pub fn scanned(self, scanned: Scanned) {
        self.pad.set(None);
        self.candidates.set(Vec::new());
        self.next();
        let known = self.draft.with_untracked(|draft| draft.knows(&scanned.code));
        if let Some(item) = known {
            return self.more(&scanned.code, item);
        }
        let met = move |code: &str| self.met.try_with_value(|key| met::find(key, code)).flatten();
        if self.live.is_offline()
            && let Some(known) = met(&scanned.code)
        {
            return self.put_in_again(&scanned.code, &known);
        }
        spawn_local(async move {
            let (store, _) = self.place();
            let found = find(store.clone(), scanned.code.clone()).await;
            let unheard = found.as_ref().is_err_and(Failure::is_open);
            match met(&scanned.code).filter(|_| unheard) {
                Some(known) => self.put_in_again(&scanned.code, &known),
                None => self.answered(store, scanned, found).await,
            }
        });
    }

    /// What the server said to a code.
    async fn answered(self, store: String, scanned: Scanned, found: Result<Option<Found>, Failure>) {
        match found {
            Ok(Some(found)) => self.found(&scanned.code, &found),
            Ok(None) if self.kind == Kind::Return => self.maybe_sale(store, scanned).await,
            Ok(None) if scanned.typed => self.meant(store, scanned.code).await,
            Ok(None) => self.unknown(&scanned.code).await,
            Err(failure) => {
                self.change(|draft| draft.hold(&scanned.code, false));
                self.say(Tone::Bad, tu_string!(self.words, till.not_looked_up, code = scanned.code).to_string());
                self.failure.set(Some(failure));
            }
        }
    }

    /// More of what has a line: one, or what is in a pack.
    fn more(self, code: &str, item: ItemId) {
        let line = self.draft.with_untracked(|draft| draft.lines.iter().find(|line| line.item.id == item).cloned());
        if let Some(line) = line {
            self.put_in_met(code, &line.item);
        }
    }

    /// What was met before, with what was offered for it then, and its tax.
    fn put_in_again(self, code: &str, known: &met::Met) {
        self.put_in_met(code, &known.item);
        self.terms(known.item.id, &known.offers, &known.tax);
    }

    /// What is known here without the server.
    fn put_in_met(self, code: &str, item: &Item) {
        let pack = item.pack(code);
        let quantity = pack.map_or(Quantity::whole(1), |pack| pack.quantity);
        self.put_in(code, item, false, quantity, pack.map(|pack| pack.name.as_str()), FoundLot::default());
    }

    fn found(self, code: &str, found: &Found) {
        self.levels.update(|levels| levels.read_kit(found.item.id, found.kit.as_ref()));
        if let Some(row) = &found.stock {
            self.levels.update(|levels| levels.read(row));
        }
        if self.as_of.get_untracked().is_none() {
            self.as_of.set(Some(found.as_of));
        }
        self.meet(found);
        self.put_in(code, &found.item, found.archived, found.quantity, found.pack.as_deref(), found.lot.clone());
        self.terms(found.item.id, &found.offers, &found.tax);
    }

    /// So many more of what has that code, perhaps in another form. An archived one too, and that is said: what a customer holds is a fact.
    /// So is a lot that must not be sold.
    fn put_in(self, code: &str, item: &Item, archived: bool, quantity: Quantity, pack: Option<&str>, lot: FoundLot) {
        if item.tracking == Tracking::Serial && !lot.lot.is_empty() {
            let known = self.draft.with_untracked(|draft| draft.has_serial(item.id, &lot.lot));
            let text = known.then(|| tu_string!(self.words, lots.serial.twice, serial = lot.lot.clone()).to_string());
            let here = lot.doubt.clone().filter(|_| self.kind != Kind::Sale && lot.here == Some(true));
            if let Some(text) = text.or(here) {
                return self.say(Tone::Warn, text);
            }
        }
        // What is sold is a fact, wherever it is by the books.
        let doubt = lot.doubt.clone().filter(|_| self.kind == Kind::Sale && lot.here == Some(false));
        let (mut now, warning) = (Quantity::ZERO, lot.warning.clone().or(doubt));
        self.change(|draft| {
            draft.held.retain(|held| held.code != code && held.code != item.sku && !item.barcodes.contains(&held.code));
            now = draft.add(item, self.kind, quantity, pack, lot);
        });
        let name = pack.map_or_else(|| item.name.clone(), |pack| format!("{} · {pack}", item.name));
        match warning {
            Some(text) => self.say(Tone::Warn, text),
            None if archived => self.say_archived(&name, now),
            None => self.say_added(&name, now),
        }
    }

    fn say_added(self, name: &str, now: Quantity) {
        let now = quantity(self.words.get_locale_untracked(), now);
        self.say(Tone::Good, self.kind.added(self.words, name.to_owned(), now));
    }

    pub(super) fn say_archived(self, name: &str, now: Quantity) {
        let (name, now) = (name.to_owned(), quantity(self.words.get_locale_untracked(), now));
        self.say(Tone::Warn, tu_string!(self.words, day.basket.archived, name = name, quantity = now).to_string());
    }

    /// Nobody has that code: it is kept, and if it cannot be right, the server says why.
    pub(super) async fn unknown(self, code: &str) {
        self.change(|draft| draft.hold(code, true));
        let meant = meaning(self.place().0, code.to_owned()).await;
        self.say_unknown(code, meant.ok());
    }

    pub(super) fn say_unknown(self, code: &str, meant: Option<Meant>) {
        let code = code.to_owned();
        let text = match meant {
            Some(Meant::Wrong(why)) => tu_string!(self.words, till.wrong_code, code = code, why = why).to_string(),
            _ => tu_string!(self.words, till.unknown, code = code).to_string(),
        };
        self.say(Tone::Warn, text);
    }

    /// What was typed is no code: then it may be a name.
    pub(super) async fn meant(self, store: String, text: String) {
        match search(store, text.clone()).await {
            Ok(found) if found.is_empty() => self.unknown(&text).await,
            Ok(found) => self.candidates.set(found),
            Err(failure) => self.failure.set(Some(failure)),
        }
    }

    /// A code that was kept is looked up again; what is still unknown is searched for by its name.
    pub fn try_again(self, code: String) {
        let known = self.draft.with_untracked(|draft| draft.held.iter().any(|held| held.code == code && held.unknown));
        self.clear.notify();
        self.scanned(Scanned { code, typed: known });
    }

    /// A code that was kept is forgotten.
    pub fn drop_code(self, code: &str) {
        self.change(|draft| draft.held.retain(|held| held.code != code));
        self.clear.notify();
    }

    /// An item that the address names is put in, once.
    pub fn missed(self, code: &str) {
        if self.draft.with_untracked(|draft| draft.knows(code).is_none()) {
            self.scanned(Scanned { code: code.to_owned(), typed: false });
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
            let found = search(store, text.clone()).await;
            if self.search_turn.try_get_value() == Some(turn) {
                match found {
                    Ok(found) => self.candidates.set(found),
                    Err(failure) if failure.is_open() => {
                        let met = self.met.with_value(|key| met::named(key, &text));
                        self.candidates.set(
                            met.into_iter()
                                .map(|item| Candidate { item, on_hand: None, levels: None, near: false })
                                .collect(),
                        );
                    }
                    Err(failure) => self.failure.set(Some(failure)),
                }
            }
        });
    }

    /// One of the candidates was meant.
    pub fn choose(self, item: &Item) {
        self.clear.notify();
        self.scanned(Scanned { code: item.sku.clone(), typed: false });
    }
}

//! What a basket knows: its draft, the levels beside it, and how both follow what happens elsewhere. The page only
//! shows it.

use super::{
    draft::{Draft, LineKey},
    kind::Kind,
    levels::Levels,
    met,
    send::{Undoable, Watched, now},
};
use crate::prelude::*;
use crate::{
    failure::Failure,
    frame::Here,
    inventory::{
        api::{Candidate, Found, find},
        keep,
        outbox::{Entry, Outbox, use_outbox},
    },
    live::{Hearing, Live},
    parts::{Said, Speaker, Tone},
    prefs::Words,
};
use leptos::task::spawn_local;
use model::{ItemId, ItemNews, ItemPatch, Offer, PostingId, RateSince, Store};
use std::time::Duration;

/// After a failure the lines are read again.
const RETRY: Duration = Duration::from_secs(3);

/// What the number pad is open for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PadFor {
    Quantity(LineKey),
    Price(LineKey),
}

/// The basket of one person in one store.
#[derive(Clone, Copy)]
pub struct Register {
    pub kind: Kind,
    pub words: Words,
    pub store: StoredValue<Store>,
    pub draft: RwSignal<Draft>,
    pub levels: RwSignal<Levels>,
    pub candidates: RwSignal<Vec<Candidate>>,
    pub said: RwSignal<Option<Said>>,
    pub failure: RwSignal<Option<Failure>>,
    pub outbox: Outbox,
    /// What was posted from here and is not answered yet.
    pub watched: StoredValue<Watched>,
    pub undo: RwSignal<Option<Undoable>>,
    pub undoing: RwSignal<bool>,
    pub pad: RwSignal<Option<PadFor>>,
    /// Empties the scan field and puts the focus there.
    pub clear: Trigger,
    /// The sale that a scanned slip named, for what comes back.
    pub sale: RwSignal<Option<PostingId>>,
    pub speaker: Speaker,
    pub(super) live: Live,
    /// Whose basket it is, as what is posted from here says.
    pub(super) person: StoredValue<String>,
    key: StoredValue<String>,
    /// Where the items are kept that were met here.
    pub(super) met: StoredValue<String>,
    /// The line up to which the first level read was true: the live stream starts there.
    pub(super) as_of: RwSignal<Option<i64>>,
    pub(super) search_turn: StoredValue<u32>,
}

impl Register {
    /// The basket of whoever is here, in that store. In the browser it takes up what was left here.
    pub fn open(kind: Kind, here: Here, store: Store, words: Words) -> Self {
        let person = here.me().key();
        let key = kind.key(&person, &store.code);
        let met = met::key(&person, &store.code);
        let basket = Self {
            kind,
            words,
            store: StoredValue::new(store),
            draft: RwSignal::new(Draft::default()),
            levels: RwSignal::new(Levels::default()),
            candidates: RwSignal::new(Vec::new()),
            said: RwSignal::new(None),
            failure: RwSignal::new(None),
            outbox: use_outbox(),
            watched: StoredValue::new(Watched::default()),
            undo: RwSignal::new(None),
            undoing: RwSignal::new(false),
            pad: RwSignal::new(None),
            clear: Trigger::new(),
            sale: RwSignal::new(None),
            speaker: expect_context(),
            live: expect_context(),
            person: StoredValue::new(person),
            key: StoredValue::new(key),
            met: StoredValue::new(met),
            as_of: RwSignal::new(None),
            search_turn: StoredValue::new(0),
        };
        Effect::new(move || basket.take_up());
        basket.watch();
        Effect::new(move || {
            let other_tab = window_event_listener_untyped("storage", move |_| basket.follow());
            on_cleanup(move || other_tab.remove());
        });
        Effect::new(move || {
            if let Some(as_of) = basket.as_of.get() {
                basket.listen(as_of);
            }
        });
        basket
    }

    /// The store's code and currency.
    pub fn place(self) -> (String, String) {
        self.store.with_value(|store| (store.code.clone(), store.currency.clone()))
    }

    fn take_up(self) {
        let Some(draft) = self.key.with_value(|key| keep::load::<Draft>(key)) else { return };
        // It was posted, and this page was closed before it saw the answer.
        let left = draft.is_posted().then(|| self.store.with_value(|store| Entry::new(self.kind, &draft, store)));
        self.draft.set(draft);
        if let Some(entry) = left {
            // Without room for it there it stays here, to be posted again.
            let taken = self.outbox.take_over(entry);
            self.draft.update(|draft| if taken { draft.done() } else { draft.sent_at = None });
            self.keep();
        }
        self.read_anew(None);
    }

    /// Another tab of the same person sells from the same draft: shows what it left.
    fn follow(self) {
        let kept: Draft = self.key.with_value(|key| keep::load(key)).unwrap_or_default();
        let same = self.draft.with_untracked(|draft| *draft == kept);
        if !same {
            self.draft.set(kept);
        }
    }

    /// Changes the basket and keeps it. What is posted already is out of it: this begins the next one.
    pub fn change(self, change: impl FnOnce(&mut Draft)) {
        self.next();
        self.failure.set(None);
        self.draft.update(|draft| {
            change(draft);
            draft.turn += 1;
        });
        self.keep();
    }

    /// Keeps the basket in this browser.
    pub fn keep(self) {
        self.key.with_value(|key| self.draft.with_untracked(|draft| keep::save(key, draft)));
    }

    /// Whether what lies in the basket is posted already.
    pub fn is_posted(self) -> bool {
        self.draft.with_untracked(Draft::is_posted)
    }

    /// Nobody waits for an answer: what is posted lies in the outbox, and the basket is empty for the next.
    pub fn next(self) {
        if self.is_posted() {
            self.draft.update(Draft::done);
            self.keep();
        }
    }

    /// Says it in the live region, with a sound and a flash of colour.
    pub fn say(self, tone: Tone, text: String) {
        self.speaker.play(tone);
        self.said.update(|said| *said = Some(Said::after(said.as_ref(), tone, text)));
    }

    fn listen(self, as_of: i64) {
        let hearing = StoredValue::new(None::<Hearing>);
        let topics = vec![format!("stock:{}", self.place().0)];
        let store = self.place().0;
        let heard = self.live.hear(
            topics,
            as_of,
            move |event| {
                self.hear_items(event.items);
                // Something beside the item has changed, such as what lists offer for it, its tax, or what kits are made of.
                let beside = |change: &ItemPatch| change.components.is_some() || change.tax_class.is_some();
                if event.items.iter().any(|news| news.version == 0 || beside(&news.change)) {
                    self.read_anew(None);
                }
                if event.changes.iter().any(|change| change.store == store) {
                    self.levels.update(|levels| {
                        event
                            .changes
                            .iter()
                            .filter(|change| change.store == store)
                            .for_each(|change| levels.hear(change));
                    });
                }
            },
            move || self.read_anew(hearing.get_value()),
        );
        hearing.set_value(Some(heard));
    }

    /// Names and prices follow the catalogue at once, unless the sale is under way.
    fn hear_items(self, items: &[ItemNews]) {
        self.renew(|draft| items.iter().filter(|news| draft.hear(news, self.kind)).count() > 0);
    }

    /// Changes what the lines know of their items; the draft is kept when one did change.
    fn renew(self, change: impl FnOnce(&mut Draft) -> bool) {
        let touched = self.draft.try_maybe_update(|draft| {
            let touched = change(draft);
            (touched, touched)
        });
        if touched == Some(true) {
            self.keep();
        }
    }

    /// Reads the items and the levels of all lines anew: after a reload, or when the live stream cannot bridge the gap.
    fn read_anew(self, hearing: Option<Hearing>) {
        let skus = |draft: &Draft| draft.lines.iter().map(|line| line.item.sku.clone()).collect::<Vec<_>>();
        // There is none when the page is gone.
        let Some(skus) = self.draft.try_with_untracked(skus) else { return };
        let (store, _) = self.place();
        spawn_local(async move {
            match (self.read_lines(store, skus).await, hearing) {
                (Ok(Some(first)), Some(hearing)) => hearing.since(first),
                (Ok(Some(first)), None) if self.as_of.try_get_untracked() == Some(None) => self.as_of.set(Some(first)),
                (Err(failure), _) if !failure.is_signed_out() => set_timeout(move || self.read_anew(hearing), RETRY),
                _ => {}
            }
        });
    }

    /// The journal line up to which all of it is true, if any of it is known; an error when somebody has to be asked again.
    async fn read_lines(self, store: String, skus: Vec<String>) -> Result<Option<i64>, Failure> {
        let mut first = None::<i64>;
        for sku in skus {
            match find(store.clone(), sku).await {
                Ok(Some(found)) => {
                    first = Some(first.map_or(found.as_of, |first| first.min(found.as_of)));
                    self.read(&found);
                }
                Err(failure) if failure.is_open() => return Err(failure),
                Ok(None) | Err(_) => {}
            }
        }
        Ok(first)
    }

    fn read(self, found: &Found) {
        self.levels.try_update(|levels| {
            found.stock.iter().for_each(|row| levels.read(row));
            levels.read_kit(found.item.id, found.kit.as_ref());
        });
        self.renew(|draft| draft.read(&found.item, self.kind));
        self.terms(found.item.id, &found.offers, &found.tax);
        self.meet(found);
    }

    /// Keeps the item on the device, for when there is no connection.
    pub(super) fn meet(self, found: &Found) {
        let known = met::Met { item: found.item.clone(), offers: found.offers.clone(), tax: found.tax.clone() };
        self.met.try_with_value(|key| met::remember(key, &known));
    }

    /// What price lists offer for what is sold, and at which rates it holds tax; what comes in or back has its own price, and
    /// what comes in is not paid here.
    pub(super) fn terms(self, item: ItemId, offers: &[Offer], tax: &[RateSince]) {
        if self.kind.is_paid() {
            self.renew(|draft| draft.hold_tax(item, tax));
        }
        if self.kind == Kind::Sale {
            let held: Vec<Offer> = offers.iter().filter(|offer| offer.holds(now())).cloned().collect();
            self.renew(|draft| draft.offer(item, &held));
        }
    }
}

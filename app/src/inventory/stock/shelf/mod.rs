//! The rows of the stock grid that were loaded, each with figures that move.
//!
//! Knows no server and no page: it is told what was loaded and what changed. Rows keep the place that the server gave
//! them until the whole list is loaded anew, so nothing jumps under a finger.

use super::{
    figures::{Figures, Live},
    kits::Kits,
};
use crate::prelude::*;
use model::{Change, GridQuery, GridSort, ItemId, ItemNews, Quantity, StockRow};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// Rows that are loaded together; at most the server's 200.
pub const CHUNK: usize = crate::parts::FIRST_ROWS;
/// Chunks kept; the farthest from where one looks are let go.
const CHUNKS_MAX: usize = 40;

type Key = (String, ItemId);

fn key(live: &Live) -> Key {
    (live.row.location.clone(), live.row.item)
}

/// Where a store sells.
const SHOP: &str = "SHOP";

/// What is loaded of one list.
#[derive(Default)]
pub struct Shelf {
    query: GridQuery,
    chunks: BTreeMap<usize, Vec<Live>>,
    by_key: HashMap<Key, Live>,
    kits: Kits,
    /// News that came while something was being loaded: what arrives may be older than they are.
    heard: HashMap<Key, Figures>,
    loading: HashSet<usize>,
    /// How often rows that are here are being read again.
    reading: usize,
    /// Items that no longer stand where the order asked for puts them.
    misplaced: HashSet<Key>,
    renewing: bool,
    edition: u32,
}

impl Shelf {
    /// An empty one for this list.
    #[must_use]
    pub fn new(query: GridQuery) -> Self {
        Self { query, ..Self::default() }
    }

    /// The row at that place, if it is loaded.
    #[must_use]
    pub fn row(&self, number: usize) -> Option<Live> {
        self.chunks.get(&(number / CHUNK))?.get(number % CHUNK).cloned()
    }

    /// How many rows changed so that their order would.
    #[must_use]
    pub fn misplaced(&self) -> usize {
        self.misplaced.len()
    }

    /// Which chunks of these rows are neither here nor on their way; they are taken to be on their way from now on.
    pub fn want(&mut self, first: usize, end: usize) -> Vec<usize> {
        let missing: Vec<_> = (first / CHUNK..end.div_ceil(CHUNK))
            .filter(|chunk| !self.chunks.contains_key(chunk) && !self.loading.contains(chunk))
            .collect();
        self.loading.extend(&missing);
        missing
    }

    /// The edition that is being loaded; answers to an older one are dropped.
    #[must_use]
    pub fn edition(&self) -> u32 {
        self.edition
    }

    /// Everything has to be loaded anew; what is shown stays until the new rows come.
    pub fn renew(&mut self) -> u32 {
        self.edition = self.edition.wrapping_add(1);
        self.loading.clear();
        self.reading = 0;
        self.renewing = true;
        self.edition
    }

    /// The new edition's first rows: from here on only they count.
    pub fn turn_over(&mut self, chunks: Vec<(usize, Vec<StockRow>)>) {
        let known = std::mem::take(&mut self.by_key);
        self.chunks.clear();
        self.misplaced.clear();
        self.renewing = false;
        for (chunk, rows) in chunks {
            self.put(chunk, rows, &known);
        }
        self.settle();
    }

    /// Rows have arrived.
    pub fn arrive(&mut self, chunk: usize, rows: Vec<StockRow>) {
        self.put(chunk, rows, &HashMap::new());
        self.settle();
        while self.chunks.len() > CHUNKS_MAX {
            let farthest = self.chunks.keys().copied().max_by_key(|known| known.abs_diff(chunk));
            self.forget(farthest);
        }
    }

    /// The rows did not come; they may be asked for again.
    pub fn gave_up(&mut self, chunk: usize) {
        self.loading.remove(&chunk);
    }

    fn put(&mut self, chunk: usize, rows: Vec<StockRow>, known: &HashMap<Key, Live>) {
        self.loading.remove(&chunk);
        let rows = rows.into_iter().map(|row| self.shelve(row, known)).collect();
        self.chunks.insert(chunk, rows);
    }

    /// Once nothing is on its way, no news are kept for what arrives.
    fn settle(&mut self) {
        if self.loading.is_empty() && self.reading == 0 && !self.renewing {
            self.heard.clear();
        }
        let Self { kits, by_key, .. } = self;
        kits.keep(|item| by_key.contains_key(&(SHOP.to_owned(), item)));
    }

    /// A row that is already shown keeps its signals, so that only what differs is painted.
    fn shelve(&mut self, row: StockRow, known: &HashMap<Key, Live>) -> Live {
        let made = self.made(&row);
        let new = Live::new(row);
        let key = key(&new);
        let live = match self.by_key.get(&key).or_else(|| known.get(&key)) {
            Some(live) if same_words(&live.row, &new.row) => live.clone(),
            _ => new.clone(),
        };
        let read = new.figures.get_untracked();
        live.take(read, true);
        live.read(read);
        live.make(made);
        if let Some(news) = self.heard.get(&key) {
            live.take(*news, false);
        }
        self.by_key.insert(key, live.clone());
        live
    }

    /// How many can be made of it, when it is a kit: of what was read and what was told of its parts, the latest.
    fn made(&mut self, row: &StockRow) -> Option<i64> {
        let Self { kits, heard, .. } = self;
        kits.read(row, |part| heard.get(&(SHOP.to_owned(), part)).copied())
    }

    /// Rows that are here are being read again, until [`Self::freshen`].
    pub fn rereads(&mut self) {
        self.reading += 1;
    }

    /// Rows were read again for what no change of a balance tells: those that are shown say so, and none moves.
    pub fn freshen(&mut self, rows: Vec<StockRow>) {
        for row in rows {
            let made = self.made(&row);
            let new = Live::new(row);
            if let Some(live) = self.by_key.get(&key(&new)) {
                let read = new.figures.get_untracked();
                live.take(read, true);
                live.read(read);
                live.make(made);
            }
        }
        self.reading = self.reading.saturating_sub(1);
        self.settle();
    }

    fn forget(&mut self, chunk: Option<usize>) {
        for live in chunk.and_then(|chunk| self.chunks.remove(&chunk)).unwrap_or_default() {
            self.by_key.remove(&key(&live));
        }
    }

    /// A balance changed.
    pub fn hear(&mut self, change: &Change) {
        if change.store != self.query.store || !change.condition.is_sellable() {
            return;
        }
        let key = (change.location_code.clone(), change.item);
        let (on_hand, reserved, version) = (change.on_hand, change.reserved, change.turn());
        let news = Figures { on_hand, reserved, version, ..Figures::default() };
        if self.renewing || self.reading > 0 || !self.loading.is_empty() {
            self.heard.insert(key.clone(), news);
        }
        for (kit, made) in self.kits.hear(change) {
            if let Some(live) = self.by_key.get(&(SHOP.to_owned(), kit)) {
                live.make(Some(made));
            }
        }
        let Some(live) = self.by_key.get(&key).cloned() else {
            // Not loaded; but it may have just run out, and so belong to a list of what has.
            if self.query.short && self.query.search.is_empty() && change.on_hand <= Quantity::ZERO {
                self.misplaced.insert(key);
            }
            return;
        };
        if live.take(news, true) && self.is_misplaced(&live, news.on_hand) {
            self.misplaced.insert(key);
        }
    }

    /// An item was changed: its row says so at once; whether one is loaded. A list that it joins or leaves waits.
    pub fn hear_item(&mut self, news: &ItemNews) -> bool {
        let keys: Vec<Key> = self.by_key.keys().filter(|key| key.1 == news.item).cloned().collect();
        let moved = news.change.category.is_some() && !self.query.category.is_empty();
        if moved || news.change.archived.is_some() || (news.version == 1 && self.query.search.is_empty()) {
            let place = keys.first().map(|key| key.0.clone()).unwrap_or_default();
            self.misplaced.insert((place, news.item));
        }
        for key in &keys {
            let Some(live) = self.by_key.get(key).cloned() else { continue };
            let mut row = StockRow::clone(&live.row);
            if let Some(name) = &news.change.name {
                row.name.clone_from(name);
            }
            row.price = news.change.price.unwrap_or(row.price);
            let changed = Live { row: Arc::new(row), ..live.clone() };
            for known in self.chunks.values_mut().flatten().filter(|known| **known == live) {
                *known = changed.clone();
            }
            self.by_key.insert(key.clone(), changed);
        }
        !keys.is_empty()
    }

    fn is_misplaced(&self, live: &Live, on_hand: Quantity) -> bool {
        if self.query.short && on_hand > Quantity::ZERO {
            return true;
        }
        self.query.sort == GridSort::OnHand && self.place(live).is_none_or(|place| !self.fits(place, on_hand))
    }

    fn place(&self, live: &Live) -> Option<usize> {
        self.chunks
            .iter()
            .find_map(|(chunk, rows)| rows.iter().position(|row| row == live).map(|place| chunk * CHUNK + place))
    }

    /// Does a row with that much still stand right between its neighbours?
    fn fits(&self, place: usize, on_hand: Quantity) -> bool {
        let of = |number: usize| {
            let figures = self.row(number)?.figures.get_untracked();
            figures.unless_kit(figures.on_hand)
        };
        let before = place.checked_sub(1).and_then(of);
        let after = of(place + 1);
        let (low, high) = if self.query.descending { (after, before) } else { (before, after) };
        low.is_none_or(|low| low <= on_hand) && high.is_none_or(|high| on_hand <= high)
    }
}

/// Is what does not move the same?
fn same_words(known: &StockRow, new: &StockRow) -> bool {
    known.sku == new.sku && known.name == new.name && known.price == new.price && known.unit == new.unit
}

#[cfg(test)]
mod tests;

//! The sheet on the screen: loaded once, moved by each change that is heard of, and then read anew for its reasons.

use crate::prelude::*;
use crate::{
    failure::Failure,
    inventory::{api::sheet, count::Level},
    live::{Event, Hearing, Live},
};
use leptos::task::spawn_local;
use model::{Change, ItemSheet, Movement, PostingId, Quantity, StockRow};
use std::collections::{BTreeSet, HashSet};
use std::time::Duration;

/// Several changes in a breath are read once.
const PAUSE: Duration = Duration::from_millis(120);
/// After a document's step, what is to come is read this late: once for all that came meanwhile.
const READING: Duration = Duration::from_millis(800);
/// After a failure it is tried again.
const RETRY: Duration = Duration::from_secs(3);
/// The live connection takes no more topics.
const TOPICS_MAX: usize = 32;

/// An item, as one store sees it.
#[derive(Clone, Copy)]
pub struct Book {
    store: StoredValue<String>,
    shown: RwSignal<ItemSheet>,
    /// What stood there when the page came; later lines light up.
    first: StoredValue<HashSet<(PostingId, i64)>>,
    hearing: StoredValue<Option<Hearing>>,
    due: StoredValue<bool>,
    /// How often the number moved.
    pub changes: RwSignal<u32>,
}

impl Book {
    /// Listens to every store that holds the item, from where the sheet ends.
    pub fn new(store: String, sheet: ItemSheet) -> Self {
        let topics = topics(&store, &sheet.stock);
        let as_of = sheet.as_of;
        let book = Self {
            store: StoredValue::new(store),
            first: StoredValue::new(sheet.movements.iter().map(name).collect()),
            shown: RwSignal::new(sheet),
            hearing: StoredValue::new(None),
            due: StoredValue::new(false),
            changes: RwSignal::new(0),
        };
        let live = expect_context::<Live>();
        let hearing = live.hear(topics, as_of, move |event| book.hear(event), move || book.load());
        book.hearing.set_value(Some(hearing));
        book
    }

    /// The sheet; tracked.
    pub fn with<T>(self, read: impl FnOnce(&ItemSheet) -> T) -> T {
        self.shown.with(read)
    }

    /// On hand, reserved and available in the store looked at; tracked.
    pub fn figures(self) -> (Quantity, Quantity, Quantity) {
        let store = self.store.get_value();
        self.with(|sheet| sums(&sheet.stock, &store))
    }

    /// Incoming, backordered and projected in the store looked at; tracked.
    pub fn outlook(self) -> (Quantity, Quantity, Quantity) {
        let store = self.store.get_value();
        let add = |sum: Quantity, more: Quantity| sum.checked_add(more).unwrap_or(sum);
        self.with(|sheet| {
            let rows = sheet.stock.iter().filter(|row| row.store == store);
            rows.fold(Default::default(), |(incoming, backordered, projected), row| {
                (add(incoming, row.incoming), add(backordered, row.backordered), add(projected, row.projected))
            })
        })
    }

    /// What is on hand in the store looked at, with the balance's version; tracked.
    pub fn level(self) -> Level {
        let store = self.store.get_value();
        self.with(|sheet| {
            let row = sheet.stock.iter().find(|row| row.store == store && row.on_sale());
            row.map(|row| Level { on_hand: row.on_hand, version: row.version }).unwrap_or_default()
        })
    }

    /// Its stock keeping unit.
    pub fn sku(self) -> String {
        self.shown.with_untracked(|sheet| sheet.item.sku.clone())
    }

    /// Did this line come while one looked?
    pub fn is_new(self, movement: &Movement) -> bool {
        self.first.with_value(|first| !first.contains(&name(movement)))
    }

    fn hear(self, event: &Event<'_>) {
        let item = self.shown.with_untracked(|sheet| sheet.item.id);
        let changes: Vec<&Change> = event.changes.iter().filter(|change| change.item == item).collect();
        let sold = event.sale.is_some_and(|sale| sale.lines.iter().any(|line| line.item == item));
        let told = event.items.iter().any(|news| news.item == item);
        let part = self.shown.with_untracked(|sheet| {
            let parts = sheet.kit.iter().flat_map(|kit| &kit.parts);
            event.changes.iter().any(|change| parts.clone().any(|part| part.item == change.item))
        });
        if changes.is_empty() && !sold && !told && !part {
            if event.papers {
                self.load_within(READING);
            }
            return;
        }
        // The number moves at once; its reason follows a moment later.
        let before = self.figures_untracked();
        self.shown.update(|sheet| {
            changes.into_iter().for_each(|change| patch(&mut sheet.stock, change));
            sheet.kit.iter_mut().for_each(|kit| kit.hear(event.changes));
        });
        self.light_up(before);
        self.load_soon();
    }

    /// The same; not tracked.
    pub fn figures_untracked(self) -> (Quantity, Quantity, Quantity) {
        let store = self.store.get_value();
        self.shown.with_untracked(|sheet| match &sheet.kit {
            Some(kit) => (Quantity::ZERO, Quantity::ZERO, Quantity::whole(kit.available)),
            None => sums(&sheet.stock, &store),
        })
    }

    fn light_up(self, before: (Quantity, Quantity, Quantity)) {
        if self.figures_untracked() != before {
            self.changes.update(|changes| *changes = changes.wrapping_add(1));
        }
    }

    fn load_soon(self) {
        self.load_within(PAUSE);
    }

    fn load_within(self, pause: Duration) {
        if self.due.try_get_value() == Some(false) {
            self.due.set_value(true);
            set_timeout(move || self.load(), pause);
        }
    }

    /// Reads the sheet anew; what is on the screen stays until it is here.
    pub fn load(self) {
        let Some(sku) = self.shown.try_with_untracked(|sheet| sheet.item.sku.clone()) else { return };
        let store = self.store.get_value();
        // What changes from here on asks for another reading.
        self.due.set_value(false);
        spawn_local(async move {
            let answer = sheet(store, sku).await;
            self.take(answer);
        });
    }

    fn take(self, answer: Result<ItemSheet, Failure>) {
        let Some(known) = self.shown.try_with_untracked(|sheet| sheet.as_of) else { return };
        match answer {
            Ok(sheet) if sheet.as_of < known => {}
            Ok(mut sheet) => {
                let (before, as_of) = (self.figures_untracked(), sheet.as_of);
                self.shown.with_untracked(|shown| keep_newer(&mut sheet.stock, &shown.stock));
                self.shown.set(sheet);
                self.light_up(before);
                if let Some(hearing) = self.hearing.get_value() {
                    hearing.since(as_of);
                }
            }
            Err(failure) if failure.is_signed_out() => {}
            Err(_) => set_timeout(move || self.load_soon(), RETRY),
        }
    }
}

/// What a movement is known by.
pub fn name(movement: &Movement) -> (PostingId, i64) {
    (movement.posting, movement.line)
}

fn topics(store: &str, stock: &[StockRow]) -> Vec<String> {
    let mut stores: BTreeSet<&str> = stock.iter().map(|row| row.store.as_str()).collect();
    stores.remove(store);
    let stock = std::iter::once(store).chain(stores).take(TOPICS_MAX - 1).map(|store| format!("stock:{store}"));
    // What is to come is what documents say.
    stock.chain([format!("papers:{store}")]).collect()
}

fn sums(stock: &[StockRow], store: &str) -> (Quantity, Quantity, Quantity) {
    let add = |sum: Quantity, more: Quantity| sum.checked_add(more).unwrap_or(sum);
    let sold = stock.iter().filter(|row| row.store == store && row.condition.is_sellable());
    sold.fold(Default::default(), |(on_hand, reserved, available), row| {
        (add(on_hand, row.on_hand), add(reserved, row.reserved), add(available, row.available))
    })
}

fn patch(stock: &mut [StockRow], change: &Change) {
    let here = |row: &&mut StockRow| {
        (&row.store, &row.location, row.condition) == (&change.store, &change.location_code, change.condition)
    };
    if let Some(row) = stock.iter_mut().find(here).filter(|row| row.turn() < change.turn()) {
        row.on_hand = change.on_hand;
        row.reserved = change.reserved;
        let taken = change.reserved.checked_add(row.barred).unwrap_or(change.reserved);
        row.available = change.on_hand.checked_add(-taken).unwrap_or(change.on_hand);
        (row.version, row.reserved_version) = (change.version, change.reserved_version);
        let to_come = row.incoming.checked_add(-row.backordered).unwrap_or_default();
        row.projected = row.available.checked_add(to_come).unwrap_or(row.available);
    }
}

/// A sheet that was read before a change must not take the number back.
fn keep_newer(read: &mut [StockRow], shown: &[StockRow]) {
    for row in read {
        let place = |row: &StockRow| (row.store.clone(), row.location.clone(), row.condition);
        let newer = shown.iter().find(|old| place(old) == place(row));
        if let Some(newer) = newer.filter(|newer| newer.turn() > row.turn()) {
            row.clone_from(newer);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Condition, ItemId, LocationId};

    fn row(store: &str, on_hand: i64, version: i64) -> StockRow {
        StockRow {
            item: ItemId::new(),
            sku: "A".into(),
            name: "Heart".into(),
            unit: "piece".into(),
            price: None,
            store: store.into(),
            location: "SHOP".into(),
            condition: Condition::Sellable,
            on_hand: Quantity::whole(on_hand),
            reserved: Quantity::whole(1),
            barred: Quantity::ZERO,
            available: Quantity::whole(on_hand - 1),
            version,
            reserved_version: 0,
            incoming: Quantity::ZERO,
            backordered: Quantity::ZERO,
            projected: Quantity::ZERO,
            elsewhere: Quantity::ZERO,
            kit: None,
        }
    }

    fn change(store: &str, on_hand: i64, version: i64) -> Change {
        Change {
            store: store.into(),
            location: LocationId::new(),
            location_code: "SHOP".into(),
            item: ItemId::new(),
            sku: "A".into(),
            condition: Condition::Sellable,
            on_hand: Quantity::whole(on_hand),
            reserved: Quantity::whole(1),
            version,
            reserved_version: 0,
        }
    }

    #[test]
    fn the_number_is_that_of_the_store_looked_at() {
        let stock = [row("LON", 5, 1), row("PAR", 40, 1)];
        assert_eq!(sums(&stock, "LON"), (Quantity::whole(5), Quantity::whole(1), Quantity::whole(4)));
        assert_eq!(topics("PAR", &stock), ["stock:PAR", "stock:LON", "papers:PAR"]);
    }

    #[test]
    fn news_moves_its_place_and_old_news_does_not() {
        let mut stock = [row("LON", 5, 7), row("PAR", 40, 1)];
        patch(&mut stock, &change("LON", 4, 8));
        patch(&mut stock, &change("PAR", 9, 1));
        assert_eq!((stock[0].on_hand, stock[0].available), (Quantity::whole(4), Quantity::whole(3)));
        assert_eq!(stock[1].on_hand, Quantity::whole(40));
    }

    #[test]
    fn a_promise_is_news_although_nothing_moved() {
        let mut stock = [row("LON", 5, 7)];
        let promised = Change { reserved: Quantity::whole(3), reserved_version: 1, ..change("LON", 5, 7) };
        patch(&mut stock, &promised);
        assert_eq!((stock[0].reserved, stock[0].available), (Quantity::whole(3), Quantity::whole(2)));
        patch(&mut stock, &change("LON", 5, 7));
        assert_eq!(stock[0].reserved, Quantity::whole(3), "that was before the promise");
    }

    #[test]
    fn a_sheet_read_before_a_change_does_not_take_it_back() {
        let mut read = [row("LON", 5, 7)];
        keep_newer(&mut read, &[row("LON", 4, 8)]);
        assert_eq!(read[0].on_hand, Quantity::whole(4));
        keep_newer(&mut read, &[row("LON", 9, 6)]);
        assert_eq!(read[0].on_hand, Quantity::whole(4));
    }
}

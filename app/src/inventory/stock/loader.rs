//! Brings the rows that come into view, and hears what changes.

use super::{
    figures::Live,
    shelf::{CHUNK, Shelf},
};
use crate::prelude::*;
use crate::{
    failure::Failure,
    inventory::api::grid,
    live::{self, Event, Hearing},
    parts::Window,
};
use leptos::task::spawn_local;
use model::{GridQuery, Since, StockRow};
use std::time::Duration;

/// Looks at what is in view at most this often.
const PAUSE: Duration = Duration::from_millis(80);
/// After a document took a step, or goods moved in another place, what of it is read is read this late: once for all that
/// came meanwhile.
const READING: Duration = Duration::from_millis(800);
/// After a failure the rows in view are asked for again.
const RETRY: Duration = Duration::from_secs(3);

/// One list on the screen: what is in view, what of it is loaded, and how it moves.
#[derive(Clone, Copy)]
pub struct Loader {
    query: StoredValue<GridQuery>,
    shelf: StoredValue<Shelf>,
    hearing: StoredValue<Option<Hearing>>,
    due: StoredValue<bool>,
    /// What is to come will be read again soon.
    reading: StoredValue<bool>,
    /// Rises when rows have come.
    arrived: RwSignal<u32>,
    /// How many rows there are in all.
    pub total: RwSignal<usize>,
    /// Which of them exist on the page.
    pub window: RwSignal<Window>,
    /// How many of them no longer stand where the order puts them.
    pub misplaced: RwSignal<usize>,
    /// Why rows did not come, while they have not.
    pub failure: RwSignal<Option<Failure>>,
}

impl Loader {
    /// A list whose first rows, from `from` on, were loaded with the page.
    pub fn new(query: GridQuery, from: usize, first: Since<Vec<StockRow>>) -> Self {
        let total = usize::try_from(first.total).unwrap_or_default();
        let topics = vec![format!("stock:{}", query.store), format!("papers:{}", query.store)];
        let mut shelf = Shelf::new(query.clone());
        shelf.arrive(from / CHUNK, first.data);
        let loader = Self {
            query: StoredValue::new(query),
            shelf: StoredValue::new(shelf),
            hearing: StoredValue::new(None),
            due: StoredValue::new(false),
            reading: StoredValue::new(false),
            arrived: RwSignal::new(0),
            total: RwSignal::new(total),
            window: RwSignal::new(Window::first(from, total)),
            misplaced: RwSignal::new(0),
            failure: RwSignal::new(None),
        };
        let live = expect_context::<live::Live>();
        let hearing = live.hear(topics, first.as_of, move |event| loader.hear(event), move || loader.renew());
        loader.hearing.set_value(Some(hearing));
        Effect::new(move |_| {
            loader.window.track();
            loader.load_soon();
        });
        loader
    }

    /// The row at that place once it is loaded; tracked.
    pub fn row(self, number: usize) -> Memo<Option<Live>> {
        Memo::new(move |_| {
            self.arrived.track();
            self.shelf.try_with_value(|shelf| shelf.row(number)).flatten()
        })
    }

    /// Runs the caller again when rows have come.
    pub fn track_arrivals(self) {
        self.arrived.track();
    }

    fn hear(self, event: &Event<'_>) {
        let mut renamed = false;
        let misplaced = self.shelf.try_update_value(|shelf| {
            event.changes.iter().for_each(|change| shelf.hear(change));
            event.items.iter().for_each(|news| renamed |= shelf.hear_item(news));
            shelf.misplaced()
        });
        if renamed {
            self.arrived.update(|arrived| *arrived += 1);
        }
        self.show_misplaced(misplaced);
        let elsewhere = event.changes.iter().any(|change| change.condition.is_sellable() && !change.on_sale());
        let made_anew = event.items.iter().any(|news| news.change.components.is_some());
        if event.papers || elsewhere || made_anew {
            self.read_soon();
        }
    }

    fn read_soon(self) {
        if self.reading.try_get_value() == Some(false) {
            self.reading.set_value(true);
            set_timeout(move || self.read(), READING);
        }
    }

    /// Reads the rows in view again, for what is to come of them, what lies elsewhere and what kits are made of: no
    /// change of theirs tells of that. They stay where they are.
    fn read(self) {
        let (Some(window), Some(edition)) =
            (self.window.try_get_untracked(), self.shelf.try_with_value(Shelf::edition))
        else {
            return;
        };
        self.reading.set_value(false);
        for chunk in window.first / CHUNK..window.end.div_ceil(CHUNK) {
            self.shelf.update_value(Shelf::rereads);
            spawn_local(async move {
                let answer = self.ask(chunk).await;
                if self.shelf.try_with_value(Shelf::edition) != Some(edition) {
                    return; // All of it was read anew, or the page is gone.
                }
                let (rows, again) = match answer {
                    Ok(rows) => (rows.data, false),
                    Err(failure) => (Vec::new(), !failure.is_signed_out()),
                };
                self.shelf.update_value(|shelf| shelf.freshen(rows));
                if again {
                    set_timeout(move || self.read_soon(), RETRY);
                }
            });
        }
    }

    fn show_misplaced(self, now: Option<usize>) {
        if let Some(now) = now.filter(|now| Some(*now) != self.misplaced.try_get_untracked()) {
            self.misplaced.set(now);
        }
    }

    fn load_soon(self) {
        if self.due.try_get_value() == Some(false) {
            self.due.set_value(true);
            set_timeout(
                move || {
                    if self.due.try_set_value(false).is_none() {
                        self.load();
                    }
                },
                PAUSE,
            );
        }
    }

    /// Asks for the rows in view that are not here.
    fn load(self) {
        let Some(window) = self.window.try_get_untracked() else { return };
        let wanted = self.shelf.try_update_value(|shelf| (shelf.want(window.first, window.end), shelf.edition()));
        let Some((chunks, edition)) = wanted else { return };
        for chunk in chunks {
            spawn_local(async move {
                let answer = self.ask(chunk).await;
                self.take(chunk, edition, answer);
            });
        }
    }

    async fn ask(self, chunk: usize) -> Result<Since<Vec<StockRow>>, Failure> {
        let query = self.query.try_get_value().unwrap_or_default();
        let offset = i64::try_from(chunk * CHUNK).unwrap_or(i64::MAX);
        grid(query, offset, i64::try_from(CHUNK).unwrap_or(i64::MAX)).await
    }

    fn take(self, chunk: usize, edition: u32, answer: Result<Since<Vec<StockRow>>, Failure>) {
        if self.shelf.try_with_value(Shelf::edition) != Some(edition) {
            return;
        }
        match answer {
            Ok(rows) => {
                self.count(rows.total);
                self.shelf.update_value(|shelf| shelf.arrive(chunk, rows.data));
                self.arrived.update(|arrived| *arrived += 1);
                self.failure.set(None);
            }
            Err(failure) => {
                self.shelf.update_value(|shelf| shelf.gave_up(chunk));
                self.failure.set(Some(failure));
                set_timeout(move || self.load(), RETRY);
            }
        }
    }

    fn count(self, total: i64) {
        let total = usize::try_from(total).unwrap_or_default();
        if self.total.get_untracked() != total {
            self.total.set(total);
        }
    }

    /// Loads what is in view anew, in today's order; until it is here, what is shown stays.
    pub fn renew(self) {
        let Some(edition) = self.shelf.try_update_value(Shelf::renew) else { return };
        let Some(window) = self.window.try_get_untracked() else { return };
        let chunks = window.first / CHUNK..window.end.div_ceil(CHUNK).max(window.first / CHUNK + 1);
        spawn_local(async move {
            let mut answers = Vec::new();
            for chunk in chunks {
                match self.ask(chunk).await {
                    Ok(rows) => answers.push((chunk, rows)),
                    Err(failure) => return self.renew_later(edition, failure),
                }
            }
            self.turn_over(edition, answers);
        });
    }

    fn renew_later(self, edition: u32, failure: Failure) {
        if self.shelf.try_with_value(Shelf::edition) == Some(edition) {
            self.failure.set(Some(failure));
            set_timeout(move || self.renew(), RETRY);
        }
    }

    fn turn_over(self, edition: u32, answers: Vec<(usize, Since<Vec<StockRow>>)>) {
        if self.shelf.try_with_value(Shelf::edition) != Some(edition) {
            return;
        }
        // The oldest answer decides where listening goes on; what newer ones know already is old news to them.
        let as_of = answers.iter().map(|(_, rows)| rows.as_of).min();
        if let Some((_, last)) = answers.last() {
            self.count(last.total);
        }
        let rows = answers.into_iter().map(|(chunk, rows)| (chunk, rows.data)).collect();
        self.shelf.update_value(|shelf| shelf.turn_over(rows));
        self.misplaced.set(0);
        self.failure.set(None);
        self.arrived.update(|arrived| *arrived += 1);
        if let (Some(hearing), Some(as_of)) = (self.hearing.get_value(), as_of) {
            hearing.since(as_of);
        }
        self.load_soon();
    }
}

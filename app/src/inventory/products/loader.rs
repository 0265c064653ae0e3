//! The product list on the screen: the rows that were loaded, those that are chosen, and how they change.

use super::api::products;
use crate::prelude::*;
use crate::{
    failure::Failure,
    live::{Event, Hearing, Live},
    parts::{FIRST_ROWS, Window},
};
use leptos::task::spawn_local;
use model::{Change, ItemNews, ItemPatch, ProductQuery, ProductRow, Since};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::time::Duration;

/// Rows that are loaded together.
pub const CHUNK: usize = FIRST_ROWS;
/// Looks at what is in view at most this often.
const PAUSE: Duration = Duration::from_millis(80);
/// After a failure the rows in view are asked for again.
const RETRY: Duration = Duration::from_secs(3);

/// One list.
#[derive(Clone, Copy)]
pub struct Loader {
    /// What it lists.
    pub query: StoredValue<ProductQuery>,
    chunks: StoredValue<BTreeMap<usize, Vec<ProductRow>>>,
    loading: StoredValue<HashSet<usize>>,
    edition: StoredValue<u32>,
    hearing: StoredValue<Option<Hearing>>,
    /// Rises when rows have come or changed.
    arrived: RwSignal<u32>,
    /// How many there are in all.
    pub total: RwSignal<usize>,
    /// Which of them exist on the page.
    pub window: RwSignal<Window>,
    /// How many changes would change the list itself.
    pub stale: RwSignal<usize>,
    /// Why rows did not come, while they have not.
    pub failure: RwSignal<Option<Failure>>,
    /// SKUs that are chosen.
    pub chosen: RwSignal<BTreeSet<String>>,
}

impl Loader {
    /// A list whose first rows were loaded with the page.
    pub fn new(query: ProductQuery, first: Since<Vec<ProductRow>>) -> Self {
        let total = usize::try_from(first.total).unwrap_or_default();
        let topics = vec![format!("stock:{}", query.store)];
        let loader = Self {
            query: StoredValue::new(query),
            chunks: StoredValue::new(BTreeMap::from([(0, first.data)])),
            loading: StoredValue::new(HashSet::new()),
            edition: StoredValue::new(0),
            hearing: StoredValue::new(None),
            arrived: RwSignal::new(0),
            total: RwSignal::new(total),
            window: RwSignal::new(Window::first(0, total)),
            stale: RwSignal::new(0),
            failure: RwSignal::new(None),
            chosen: RwSignal::new(BTreeSet::new()),
        };
        let live = expect_context::<Live>();
        let hearing = live.hear(topics, first.as_of, move |event| loader.hear(event), move || loader.renew());
        loader.hearing.set_value(Some(hearing));
        Effect::new(move |_| {
            loader.window.track();
            set_timeout(move || loader.load(), PAUSE);
        });
        loader
    }

    /// The row at that place once it is loaded; tracked.
    pub fn row(self, number: usize) -> Memo<Option<ProductRow>> {
        Memo::new(move |_| {
            self.arrived.track();
            self.chunks.try_with_value(|chunks| chunks.get(&(number / CHUNK))?.get(number % CHUNK).cloned()).flatten()
        })
    }

    fn hear(self, event: &Event<'_>) {
        let store = self.query.with_value(|query| query.store.clone());
        let mut touched = false;
        self.chunks.update_value(|chunks| {
            for row in chunks.values_mut().flatten() {
                let here = |change: &&Change| change.item == row.item && change.store == store && change.on_sale();
                for change in event.changes.iter().filter(here) {
                    row.on_hand = change.on_hand;
                    touched = true;
                }
                if let Some(kit) = &mut row.kit {
                    kit.hear(event.changes);
                    touched |= !event.changes.is_empty();
                }
                let (item, version) = (row.item, row.version);
                for news in event.items.iter().filter(|news| news.item == item && news.version > version) {
                    take(row, news);
                    touched = true;
                }
            }
        });
        if touched {
            self.arrived.update(|arrived| *arrived += 1);
        }
        if event.items.iter().any(renames) {
            return self.renew();
        }
        let unshown = event.items.iter().filter(|news| needs_reading(news)).count();
        if unshown > 0 {
            self.stale.update(|stale| *stale += unshown);
        }
    }

    /// Asks for the rows in view that are not here.
    fn load(self) {
        let Some(window) = self.window.try_get_untracked() else { return };
        let Some(edition) = self.edition.try_get_value() else { return };
        for chunk in window.first / CHUNK..window.end.div_ceil(CHUNK) {
            let here = self.chunks.with_value(|chunks| chunks.contains_key(&chunk));
            if here || !self.loading.try_update_value(|loading| loading.insert(chunk)).unwrap_or(false) {
                continue;
            }
            spawn_local(async move {
                let answer = self.ask(chunk).await;
                if self.edition.try_get_value() == Some(edition) {
                    self.loading.update_value(|loading| {
                        loading.remove(&chunk);
                    });
                    self.take(chunk, answer);
                }
            });
        }
    }

    async fn ask(self, chunk: usize) -> Result<Since<Vec<ProductRow>>, Failure> {
        let query = self.query.try_get_value().unwrap_or_default();
        let offset = i64::try_from(chunk * CHUNK).unwrap_or(i64::MAX);
        products(query, offset, i64::try_from(CHUNK).unwrap_or(i64::MAX)).await
    }

    fn take(self, chunk: usize, answer: Result<Since<Vec<ProductRow>>, Failure>) {
        match answer {
            Ok(rows) => {
                self.total.set(usize::try_from(rows.total).unwrap_or_default());
                self.chunks.update_value(|chunks| drop(chunks.insert(chunk, rows.data)));
                self.arrived.update(|arrived| *arrived += 1);
                self.failure.set(None);
            }
            Err(failure) => {
                self.failure.set(Some(failure));
                set_timeout(move || self.load(), RETRY);
            }
        }
    }

    /// Loads what is in view anew; until it is here, what is shown stays.
    pub fn renew(self) {
        let Some(edition) = self.edition.try_update_value(|edition| {
            *edition += 1;
            *edition
        }) else {
            return;
        };
        self.loading.update_value(HashSet::clear);
        let first = self.window.with_untracked(|window| window.first / CHUNK);
        spawn_local(async move {
            let answer = self.ask(first).await;
            if self.edition.try_get_value() != Some(edition) {
                return;
            }
            match answer {
                Ok(rows) => self.turn_over(first, rows),
                Err(failure) => {
                    self.failure.set(Some(failure));
                    // What is shown is old still: [`Loader::load`] would find nothing to ask for.
                    set_timeout(move || self.renew_again(edition), RETRY);
                }
            }
        });
    }

    fn renew_again(self, edition: u32) {
        if self.edition.try_get_value() == Some(edition) {
            self.renew();
        }
    }

    fn turn_over(self, first: usize, rows: Since<Vec<ProductRow>>) {
        self.chunks.update_value(BTreeMap::clear);
        self.stale.set(0);
        if let Some(hearing) = self.hearing.get_value() {
            hearing.since(rows.as_of);
        }
        self.take(first, Ok(rows));
        self.load();
    }
}

/// Whether a category has another name: nothing comes or goes by it, so the list is read anew without a word.
fn renames(news: &ItemNews) -> bool {
    news.version == 0 && news.change.category.is_some()
}

/// Whether a list has to be read anew to show it: what comes, goes or moves to another category, what kits are made of,
/// and limits, which the news leave out.
fn needs_reading(news: &ItemNews) -> bool {
    let ItemPatch { archived, category, components, .. } = &news.change;
    news.version == 1 || archived.is_some() || category.is_some() || components.is_some() || news.change.is_empty()
}

/// A row takes over what is different now.
fn take(row: &mut ProductRow, news: &ItemNews) {
    let change = &news.change;
    row.version = news.version;
    if let Some(name) = &change.name {
        row.name.clone_from(name);
    }
    if let Some(unit) = &change.unit {
        row.unit.clone_from(unit);
    }
    if let Some(codes) = &change.barcodes {
        row.barcodes = codes.join(" ");
    }
    row.price = change.price.unwrap_or(row.price);
    row.archived = change.archived.unwrap_or(row.archived);
    if let Some(image) = &change.image {
        row.image.clone_from(image);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::ItemId;

    fn news(version: i64, change: ItemPatch) -> ItemNews {
        ItemNews { item: ItemId::new(), sku: "CUP".into(), version, change }
    }

    #[test]
    fn what_comes_or_goes_and_new_limits_need_reading() {
        assert!(needs_reading(&news(1, ItemPatch { name: Some("Cup".into()), ..ItemPatch::default() })));
        assert!(needs_reading(&news(2, ItemPatch { archived: Some(true), ..ItemPatch::default() })));
        assert!(needs_reading(&news(2, ItemPatch::default())), "only its limits are different");
    }

    #[test]
    fn another_name_of_a_category_is_told_by_no_item() {
        let named = || ItemPatch { category: Some(Some("Hot drinks".into())), ..ItemPatch::default() };
        assert!(renames(&news(0, named())));
        assert!(!renames(&news(2, named())), "an item moved to another one");
        assert!(!renames(&news(0, ItemPatch::default())), "a lot");
    }

    #[test]
    fn what_the_news_says_itself_does_not() {
        assert!(!needs_reading(&news(2, ItemPatch { price: Some(None), ..ItemPatch::default() })));
    }
}

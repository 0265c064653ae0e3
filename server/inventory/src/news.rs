//! What acts did to items, as the journal tells it.

use model::{ExceptionId, Item, ItemChange, ItemId, ItemNews, ItemPatch, JournalId};
use serde::{Deserialize, Serialize};

/// What an act did to items: one or many, by hand, by an import, or as the undoing of another act.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    /// Each item's part.
    pub changes: Vec<ItemChange>,
    /// What the act belongs to, such as an import; empty when it stands alone.
    #[serde(default)]
    pub cause: String,
    /// The act that it undoes.
    #[serde(default)]
    pub undoes: Option<JournalId>,
    /// The exceptions that it closed: somebody has those codes now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub closed: Vec<ExceptionId>,
}

impl Changes {
    /// The change of one item by hand.
    #[must_use]
    pub fn of_one(change: ItemChange) -> Self {
        Self { changes: vec![change], ..Self::default() }
    }

    /// The barcodes that it gave to items and their packs.
    pub(crate) fn codes(&self) -> impl Iterator<Item = &str> {
        let barcodes = self.changes.iter().filter_map(|change| change.after.barcodes.as_ref()).flatten();
        let packs = self.changes.iter().filter_map(|change| change.after.packs.as_ref()).flatten();
        barcodes.chain(packs.map(|pack| &pack.barcode)).map(String::as_str)
    }

    /// What a journal line says about items, if it says anything. Adding an item reads as the change from archived to
    /// offered: that is how it is undone.
    #[must_use]
    pub fn of(line: &log::Line) -> Option<Self> {
        match line.topic.as_str() {
            "inventory.item_changed" | "inventory.items_changed" => serde_json::from_str(&line.body).ok(),
            "inventory.items_added" => {
                let changes = added(line)?.into_iter().map(|item| ItemChange {
                    item: item.id,
                    sku: item.sku,
                    version: 1,
                    before: ItemPatch { archived: Some(true), ..ItemPatch::default() },
                    after: ItemPatch { archived: Some(false), ..ItemPatch::default() },
                });
                Some(Self { changes: changes.collect(), ..Self::default() })
            }
            _ => None,
        }
    }

    /// The same for screens: what is different now, without the limits of stores.
    #[must_use]
    pub fn news(self) -> Vec<ItemNews> {
        let news = self.changes.into_iter().map(|change| {
            let ItemChange { item, sku, version, after, .. } = change;
            ItemNews { item, sku, version, change: ItemPatch { limits: None, ..after } }
        });
        news.collect()
    }
}

/// The exceptions that a journal line about items says were closed with it.
pub(crate) fn known(line: &log::Line) -> Vec<ExceptionId> {
    #[derive(Deserialize)]
    struct Closed {
        #[serde(default)]
        closed: Vec<ExceptionId>,
    }
    let mine = ["inventory.items_added", "inventory.item_changed", "inventory.items_changed", "inventory.family_saved"];
    if !mine.contains(&line.topic.as_str()) {
        return Vec::new();
    }
    serde_json::from_str::<Closed>(&line.body).map(|told| told.closed).unwrap_or_default()
}

/// The items that a journal line says were added.
pub(crate) fn added(line: &log::Line) -> Option<Vec<Item>> {
    #[derive(Deserialize)]
    struct Added {
        #[serde(default)]
        items: Vec<Item>,
    }
    if !matches!(line.topic.as_str(), "inventory.items_added" | "inventory.family_saved") {
        return None;
    }
    serde_json::from_str::<Added>(&line.body).ok().map(|added| added.items)
}

/// The items that a journal line says were put aside with their store (`true`) or came back with it.
pub(crate) fn put_aside(line: &log::Line) -> Option<(bool, Vec<ItemId>)> {
    #[derive(Deserialize)]
    struct Aside {
        items: Vec<ItemId>,
    }
    let closed = match line.topic.as_str() {
        "inventory.store_closed" => true,
        "inventory.store_reopened" => false,
        _ => return None,
    };
    serde_json::from_str::<Aside>(&line.body).ok().map(|aside| (closed, aside.items))
}

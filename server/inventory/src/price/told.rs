//! A price list as the journal tells it, and the proof that the tables are what it says.

use super::Row;
use crate::Inventory;
use crate::verify::{BATCH, Finding, find};
use db::{Tx, fetch_all};
use model::{ItemId, ItemNews, ItemPatch, Money, PriceListId, Quantity, Result, StoreId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const TOPIC: &str = "inventory.price_list_saved";

/// A list without its lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct List {
    pub(crate) id: PriceListId,
    pub(crate) name: String,
    pub(crate) store: Option<StoreId>,
    pub(crate) from_day: Option<String>,
    pub(crate) to_day: Option<String>,
    pub(crate) active: bool,
    pub(crate) overrides: bool,
    pub(crate) version: i64,
}

/// One of its prices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub(crate) item: ItemId,
    pub(crate) sku: String,
    pub(crate) from: Quantity,
    pub(crate) price: Money,
}

/// A list was made or changed: all of it, as it is now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    pub(crate) list: List,
    pub(crate) steps: Vec<Step>,
    /// The items that had a price in it before or have one now.
    pub(crate) touched: Vec<(ItemId, String)>,
}

impl Saved {
    /// What a journal line says of a price list, if it says anything.
    #[must_use]
    pub fn of(line: &log::Line) -> Option<Self> {
        if line.topic != TOPIC { None } else { serde_json::from_str(&line.body).ok() }
    }

    /// The same for screens: what these items cost is to be read anew.
    #[must_use]
    pub fn news(self) -> Vec<ItemNews> {
        let news = |(item, sku)| ItemNews { item, sku, version: 0, change: ItemPatch::default() };
        self.touched.into_iter().map(news).collect()
    }
}

impl log::Event for Saved {
    fn topic(&self) -> &'static str {
        TOPIC
    }

    fn subject(&self) -> String {
        self.list.name.clone()
    }

    fn store(&self) -> Option<StoreId> {
        self.list.store
    }

    fn body(&self) -> serde_json::Value {
        serde_json::to_value(self).expect("these types hold nothing that JSON cannot say")
    }
}

pub(super) fn list_of(row: &Row) -> List {
    List {
        id: row.id,
        name: row.name.clone(),
        store: row.site,
        from_day: row.from_day.clone(),
        to_day: row.to_day.clone(),
        active: row.active != 0,
        overrides: row.overrides != 0,
        version: row.version,
    }
}

/// The prices of a list, by item and quantity.
pub(super) async fn steps_of(tx: &mut Tx, id: PriceListId) -> Result<Vec<Step>> {
    let rows: Vec<(ItemId, String, Quantity, Money)> = fetch_all!(
        tx,
        "select l.item, i.sku, l.least, l.price from inventory_price l join inventory_item i on i.id = l.item
         where l.list = $1 order by l.item, l.least",
        id
    )?;
    Ok(rows.into_iter().map(|(item, sku, from, price)| Step { item, sku, from, price }).collect())
}

impl Inventory {
    /// Compares every price list with what the journal says of it last.
    pub(crate) async fn prices_against_journal(&self, tx: &mut Tx, findings: &mut Vec<Finding>) -> Result<()> {
        let what = "a price list is what the journal says";
        let mut told: BTreeMap<PriceListId, Saved> = BTreeMap::new();
        let mut after = 0;
        loop {
            let lines = self.auth.log().read(tx, after, BATCH).await?;
            let Some(last) = lines.last() else { break };
            after = last.seq;
            for saved in lines.iter().filter_map(Saved::of) {
                let before = told.get(&saved.list.id).map_or(0, |known| known.list.version);
                if saved.list.version != before + 1 {
                    find(findings, what, format!("list {}: version {before} is not followed", saved.list.name));
                }
                told.insert(saved.list.id, saved);
            }
        }
        // PostgreSQL: a list whose last change waits for its seal is ahead of the journal.
        if !self.auth.log().waiting(tx).await?.is_empty() {
            return Ok(());
        }
        let ids: Vec<(PriceListId, String)> = fetch_all!(tx, "select id, name from inventory_price_list order by id")?;
        for (id, name) in &ids {
            let row = super::find(tx, *id).await?.map(|row| list_of(&row));
            let steps = steps_of(tx, *id).await?;
            // An item that was put aside with its store has another SKU meanwhile.
            let same = |saved: &Saved| {
                let pair = |step: &Step| (step.item, step.from, step.price);
                Some(&saved.list) == row.as_ref() && saved.steps.iter().map(pair).eq(steps.iter().map(pair))
            };
            if !told.remove(id).is_some_and(|saved| same(&saved)) {
                find(findings, what, format!("list {name} differs from the journal"));
            }
        }
        for saved in told.into_values() {
            find(findings, what, format!("list {} is in the journal and nowhere else", saved.list.name));
        }
        Ok(())
    }
}

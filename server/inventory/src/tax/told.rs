//! A tax class as the journal tells it, and the proof that the tables are what it says.

use crate::Inventory;
use crate::verify::{BATCH, Finding, find};
use db::Tx;
use model::{ItemId, ItemNews, ItemPatch, Result, StoreId, TaxClass, TaxClassId, TaxRate};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const TOPIC: &str = "inventory.tax_class_saved";

/// A class without its items.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    pub(crate) id: TaxClassId,
    pub(crate) name: String,
    pub(crate) rates: Vec<TaxRate>,
    pub(crate) version: i64,
}

impl Told {
    pub(super) fn of(class: &TaxClass) -> Self {
        Self { id: class.id, name: class.name.clone(), rates: class.rates.clone(), version: class.version }
    }
}

/// A class was made or changed: all of it, as it is now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    pub(crate) class: Told,
}

impl Saved {
    /// What a journal line says of a tax class, if it says anything.
    #[must_use]
    pub fn of(line: &log::Line) -> Option<Self> {
        if line.topic != TOPIC { None } else { serde_json::from_str(&line.body).ok() }
    }

    /// The same for screens: lists of classes have to be read anew, whichever items are of it.
    #[must_use]
    pub fn news(self) -> ItemNews {
        let change = ItemPatch { tax_class: Some(Some(self.class.id)), ..ItemPatch::default() };
        ItemNews { item: ItemId(self.class.id.0), sku: String::new(), version: 0, change }
    }
}

impl log::Event for Saved {
    fn topic(&self) -> &'static str {
        TOPIC
    }

    fn subject(&self) -> String {
        self.class.name.clone()
    }

    fn store(&self) -> Option<StoreId> {
        None
    }

    fn body(&self) -> serde_json::Value {
        serde_json::to_value(self).expect("these types hold nothing that JSON cannot say")
    }
}

impl Inventory {
    /// Compares every tax class with what the journal says of it last.
    pub(crate) async fn taxes_against_journal(&self, tx: &mut Tx, findings: &mut Vec<Finding>) -> Result<()> {
        let what = "a tax class is what the journal says";
        let mut told: BTreeMap<TaxClassId, Told> = BTreeMap::new();
        let mut after = 0;
        loop {
            let lines = self.auth.log().read(tx, after, BATCH).await?;
            let Some(last) = lines.last() else { break };
            after = last.seq;
            for Saved { class } in lines.iter().filter_map(Saved::of) {
                let before = told.get(&class.id).map_or(0, |known| known.version);
                if class.version != before + 1 {
                    find(findings, what, format!("tax class {}: version {before} is not followed", class.name));
                }
                told.insert(class.id, class);
            }
        }
        super::strays(tx, findings).await?;
        // PostgreSQL: a class whose last change waits for its seal is ahead of the journal.
        if !self.auth.log().waiting(tx).await?.is_empty() {
            return Ok(());
        }
        for class in super::all(tx, None).await? {
            if told.remove(&class.id).as_ref() != Some(&Told::of(&class)) {
                find(findings, what, format!("tax class {} differs from the journal", class.name));
            }
        }
        for class in told.into_values() {
            find(findings, what, format!("tax class {} is in the journal and nowhere else", class.name));
        }
        Ok(())
    }
}

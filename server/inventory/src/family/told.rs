//! A family as the journal tells it, and the proof that the tables are what it says.

use super::{Known, find};
use crate::Inventory;
use crate::verify::{BATCH, Finding, find as found};
use db::{Tx, fetch_all};
use model::{
    ExceptionId, FamilyId, FamilyOption, Item, ItemChange, ItemId, ItemNews, ItemPatch, NewFamily, Result, StoreId,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};

const TOPIC: &str = "inventory.family_saved";

/// A family without its items.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    pub(crate) id: FamilyId,
    pub(crate) name: String,
    pub(crate) options: Vec<FamilyOption>,
    pub(crate) version: i64,
}

/// One of its items.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    pub(crate) item: ItemId,
    pub(crate) sku: String,
    pub(crate) values: Vec<String>,
}

/// A family was made or changed: all of it, as it is now, and what was made or archived with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    pub(crate) family: Told,
    pub(crate) members: Vec<Member>,
    /// Items that were made with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) items: Vec<Item>,
    /// What else those are, and what was archived or brought back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) changes: Vec<ItemChange>,
    /// The items that were in it before or are now.
    pub(crate) touched: Vec<(ItemId, String)>,
    /// The exceptions about codes that are the new items'.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) closed: Vec<ExceptionId>,
    /// What it belongs to, such as an import; empty when it stands alone.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) cause: String,
    /// What stood there before, when it belongs to something that is undone as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) before: Option<Known>,
}

impl Saved {
    /// What a journal line says of a family, if it says anything.
    #[must_use]
    pub fn of(line: &log::Line) -> Option<Self> {
        if line.topic != TOPIC { None } else { serde_json::from_str(&line.body).ok() }
    }

    /// The same for screens: new items, changed ones, and those whose family is to be read anew.
    #[must_use]
    pub fn news(self) -> Vec<ItemNews> {
        let touched = self.touched.into_iter().map(|(item, sku)| (item, sku, 0, ItemPatch::default()));
        let offered = ItemPatch { archived: Some(false), ..ItemPatch::default() };
        let items = self.items.into_iter().map(|item| (item.id, item.sku, 1, offered.clone()));
        let changes = self.changes.into_iter().map(|change| (change.item, change.sku, change.version, change.after));
        let all = items.chain(changes).chain(touched);
        all.map(|(item, sku, version, change)| ItemNews { item, sku, version, change }).collect()
    }
}

impl log::Event for Saved {
    fn topic(&self) -> &'static str {
        TOPIC
    }

    fn subject(&self) -> String {
        self.family.name.clone()
    }

    fn store(&self) -> Option<StoreId> {
        None
    }

    fn body(&self) -> serde_json::Value {
        serde_json::to_value(self).expect("these types hold nothing that JSON cannot say")
    }
}

impl Inventory {
    /// Compares every family with what the journal says of it last, and looks whether it is one.
    pub(crate) async fn families_against_journal(&self, tx: &mut Tx, findings: &mut Vec<Finding>) -> Result<()> {
        let what = "a family is what the journal says";
        let mut told: BTreeMap<FamilyId, Saved> = BTreeMap::new();
        let mut after = 0;
        loop {
            let lines = self.auth.log().read(tx, after, BATCH).await?;
            let Some(last) = lines.last() else { break };
            after = last.seq;
            for saved in lines.iter().filter_map(Saved::of) {
                let before = told.get(&saved.family.id).map_or(0, |known| known.family.version);
                if saved.family.version != before + 1 {
                    found(findings, what, format!("family {}: version {before} is not followed", saved.family.name));
                }
                told.insert(saved.family.id, saved);
            }
        }
        // PostgreSQL: a family whose last change waits for its seal is ahead of the journal.
        let waiting = !self.auth.log().waiting(tx).await?.is_empty();
        let ids: Vec<(FamilyId,)> = fetch_all!(tx, "select id from inventory_family order by id")?;
        for (id,) in ids {
            let Some(known) = find(tx, id).await? else { continue };
            shape(&known, findings);
            if !waiting && !told.remove(&id).is_some_and(|saved| same(&saved, &known)) {
                found(findings, what, format!("family {} differs from the journal", known.told.name));
            }
        }
        for saved in told.into_values().filter(|_| !waiting) {
            found(findings, what, format!("family {} is in the journal and nowhere else", saved.family.name));
        }
        strays(tx, findings).await
    }
}

/// An item that was put aside with its store has another SKU meanwhile.
fn same(saved: &Saved, known: &Known) -> bool {
    let part = |member: &super::Member| (member.item, member.values.clone());
    saved.family == known.told && saved.members.iter().map(part).eq(known.members.iter().map(part))
}

/// Each of its items is there and has a value of each option, and no two have the same.
fn shape(known: &Known, findings: &mut Vec<Finding>) {
    let what = "each item of a family has values of its own";
    let Told { name, options, .. } = &known.told;
    if !(1..=NewFamily::OPTIONS_MAX).contains(&options.len()) {
        found(findings, what, format!("family {name} has {} options", options.len()));
    }
    let mut seen = HashSet::new();
    for Member { item, sku, values } in &known.members {
        if sku.is_empty() {
            found(findings, what, format!("family {name} has an item {item} that is not there"));
        }
        let known = values.iter().zip(options).all(|(value, option)| option.values.contains(value));
        if !known || values.len() != options.len() || !seen.insert(values) {
            found(findings, what, format!("family {name}: {sku} is {}", values.join(", ")));
        }
    }
}

/// Items, options and values whose family is not there.
async fn strays(tx: &mut Tx, findings: &mut Vec<Finding>) -> Result<()> {
    let rows: Vec<(FamilyId,)> = fetch_all!(
        tx,
        "select family from (select family from inventory_variant union select family from inventory_family_option
                             union select family from inventory_family_value) x
         where family not in (select id from inventory_family) order by family limit 10"
    )?;
    for (family,) in rows {
        found(findings, "a family is what the journal says", format!("something is left of a family {family}"));
    }
    Ok(())
}

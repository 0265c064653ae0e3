//! What categories are called: a new name keeps the former ones, and each name ever used leads to one category.

use crate::category::check;
use crate::verify::{Finding, find};
use crate::{Inventory, category};
use db::{Tx, execute, fetch_all, fetch_one, fetch_optional};
use model::{
    Action, Actor, Category, CategoryId, Error, Flaw, ItemId, ItemNews, ItemPatch, Renaming, Result, Reused, StoreId,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};

/// The most names that there are, former ones too.
const NAMES_MAX: i64 = 10_000;
const TOPIC: &str = "inventory.category_renamed";

/// What a category was called and is called now, as the journal tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renamed {
    /// Which.
    pub category: CategoryId,
    /// Before; the word of the line's sentence.
    #[serde(rename = "name")]
    pub before: String,
    /// Now.
    pub after: String,
}

impl Renamed {
    /// What a journal line says of a category's name, if it says anything.
    #[must_use]
    pub fn of(line: &log::Line) -> Option<Self> {
        if line.topic != TOPIC { None } else { serde_json::from_str(&line.body).ok() }
    }

    /// The same for screens: lists that show categories have to be read anew, whichever items are of it.
    #[must_use]
    pub fn news(self) -> ItemNews {
        let change = ItemPatch { category: Some(Some(self.after)), ..ItemPatch::default() };
        ItemNews { item: ItemId(self.category.0), sku: String::new(), version: 0, change }
    }
}

impl log::Event for Renamed {
    fn topic(&self) -> &'static str {
        TOPIC
    }

    fn subject(&self) -> String {
        self.after.clone()
    }

    fn store(&self) -> Option<StoreId> {
        None
    }

    fn body(&self) -> serde_json::Value {
        serde_json::to_value(self).expect("these types hold nothing that JSON cannot say")
    }
}

impl Inventory {
    /// Calls a category otherwise; its former names still lead to it, unless another one is called so. Undone by calling it
    /// as before. What is so already writes nothing.
    ///
    /// # Errors
    /// `Conflict(Version)` when it is not called as the author saw it; `Invalid` for a name that is none or another
    /// category's.
    pub async fn rename_category(&self, actor: &Actor, id: CategoryId, renaming: Renaming) -> Result<Category> {
        let name = check(&renaming.name)?.to_owned();
        let mut act = self.auth.act(actor, Action::EditItems.anywhere()).await?;
        act.alone("inventory_category").await?;
        let row: Option<(String,)> = fetch_optional!(act, "select name from inventory_category where id = $1", id)?;
        let (before,) = row.ok_or(Error::NotFound)?;
        let key = Category::key(&name);
        if before == name || before != renaming.was.trim() {
            let known = one(&mut act, id, &before).await?;
            // What was seen may be a twin's that is not on disk yet.
            act.withdraw().await?;
            if before != name {
                return Err(Error::Conflict(Reused::Version));
            }
            self.auth.keep_answer(actor, 200, &known, None).await?;
            return Ok(known);
        }
        let (taken, names): (i64, i64) = fetch_one!(
            act,
            "select (select count(*) from inventory_category where key = $1 and id <> $2),
                    (select count(*) from inventory_category_name)",
            &key,
            id
        )?;
        if taken > 0 {
            let message = format!("another category is called {name}; use another name");
            return Err(Flaw::new("name", "category_taken", message).into());
        }
        if names >= NAMES_MAX {
            let message = format!("categories have had {NAMES_MAX} names already; keep this one");
            return Err(Flaw::new("name", "count", message).into());
        }
        execute!(act, "update inventory_category set name = $1, key = $2 where id = $3", &name, &key, id)?;
        execute!(
            act,
            "insert into inventory_category_name (key, category) values ($1, $2)
             on conflict (key) do update set category = excluded.category",
            &key,
            id
        )?;
        let renamed = one(&mut act, id, &name).await?;
        act.conclude(Renamed { category: id, before, after: name }, 200, &renamed).await?;
        Ok(renamed)
    }
}

async fn one(tx: &mut Tx, id: CategoryId, name: &str) -> Result<Category> {
    let keys: Vec<(String,)> =
        fetch_all!(tx, "select key from inventory_category_name where category = $1 order by key", id)?;
    let key = Category::key(name);
    let former = keys.into_iter().map(|(key,)| key).filter(|known| *known != key).collect();
    Ok(Category { id, name: name.to_owned(), former })
}

/// What the journal calls categories, line by line. Each is known by the name that it had first.
#[derive(Default)]
pub(crate) struct Names {
    /// Which one each name leads to, in small letters.
    of: HashMap<String, usize>,
    /// Its first name, and the present one.
    names: Vec<(String, String)>,
}

impl Names {
    /// The first name of the category that a line calls so.
    fn first(&mut self, name: &str) -> String {
        let next = self.names.len();
        let at = *self.of.entry(Category::key(name)).or_insert(next);
        if at == next {
            self.names.push((name.to_owned(), name.to_owned()));
        }
        self.names[at].0.clone()
    }

    /// The patch with its category called by its first name.
    pub(crate) fn settle(&mut self, patch: &mut ItemPatch) {
        if let Some(Some(name)) = &mut patch.category {
            *name = self.first(name);
        }
    }

    /// The category has another name from here on.
    pub(crate) fn rename(&mut self, renamed: &Renamed) {
        self.first(&renamed.before);
        let at = self.of[&Category::key(&renamed.before)];
        self.names[at].1.clone_from(&renamed.after);
        self.of.insert(Category::key(&renamed.after), at);
    }

    /// What each is called now, by its first name.
    pub(crate) fn now(&self) -> HashMap<&str, &str> {
        self.names.iter().map(|(first, now)| (first.as_str(), now.as_str())).collect()
    }

    /// Each category is called what the journal calls it, and each name leads to the one that the journal says.
    pub(crate) async fn compare(&self, tx: &mut Tx, findings: &mut Vec<Finding>) -> Result<()> {
        let what = "a category is what the journal says";
        let now: BTreeSet<&str> = self.names.iter().map(|(_, now)| now.as_str()).collect();
        for (name, key) in category::all(tx).await? {
            if key != Category::key(&name) || !now.contains(name.as_str()) {
                find(findings, what, format!("category {name} was named by nobody"));
            }
        }
        let rows: Vec<(String, String)> = fetch_all!(
            tx,
            "select n.key, coalesce(c.name, '') from inventory_category_name n
             left join inventory_category c on c.id = n.category order by n.key"
        )?;
        let count = rows.len();
        for (key, name) in rows {
            if self.of.get(&key).is_none_or(|at| self.names[*at].1 != name) {
                find(findings, what, format!("the name {key} does not lead where the journal says"));
            }
        }
        if count != self.of.len() {
            find(findings, what, format!("{count} names of categories where the journal tells {}", self.of.len()));
        }
        Ok(())
    }
}

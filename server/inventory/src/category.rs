//! Categories: kinds of goods, made by being named, and listed as long as something that is offered is of them.

use crate::Inventory;
use crate::news::Changes;
use crate::verify::{Finding, find};
use auth::Act;
use db::{Tx, execute, fetch_all, fetch_one, fetch_optional};
use model::{Action, Actor, Category, CategoryId, Flaw, ItemPatch, Page, Product, Result, Time};
use std::borrow::Cow;
use std::collections::HashSet;
use uuid::Uuid;

/// The most categories that a house has.
const MOST: i64 = 1_000;

#[derive(sqlx::FromRow)]
struct Row {
    id: CategoryId,
    name: String,
}

impl Inventory {
    /// The categories that something offered is of, by name.
    pub async fn categories(&self, actor: &Actor) -> Result<Page<Category>> {
        let mut tx = self.auth.read(actor, Action::SeeStock.anywhere()).await?;
        let rows: Vec<Row> = fetch_all!(
            &mut tx,
            "select c.id, c.name from inventory_category c
             where exists (select 1 from inventory_item i where i.category = c.id and i.archived_at is null)
             order by c.key limit $1",
            MOST
        )?;
        let data = rows.into_iter().map(|Row { id, name }| Category { id, name }).collect();
        Ok(Page { data, as_of: self.auth.log().head(&mut tx).await?, next: None })
    }
}

/// The change with its category called as the catalogue calls it; one that is not there yet is made.
pub(crate) async fn settled<'a>(act: &mut Act, patch: &'a ItemPatch) -> Result<Cow<'a, ItemPatch>> {
    let Some(Some(name)) = &patch.category else { return Ok(Cow::Borrowed(patch)) };
    let name = name.trim();
    let length = name.chars().count();
    if !(1..=Category::NAME_MAX).contains(&length) || name.chars().any(char::is_control) {
        let message = format!("use 1 to {} visible characters, or leave the category out", Category::NAME_MAX);
        return Err(Flaw::new("category", "category", message).into());
    }
    let category = Some(Some(known_as(act, name).await?));
    Ok(Cow::Owned(ItemPatch { category, ..patch.clone() }))
}

async fn known_as(act: &mut Act, name: &str) -> Result<String> {
    let key = Category::key(name);
    if let Some(row) = named(act, &key).await? {
        return Ok(row.name);
    }
    let (count,): (i64,) = fetch_one!(act, "select count(*) from inventory_category")?;
    if count >= MOST {
        let message = format!("there are {MOST} categories already; use one of them");
        return Err(Flaw::new("category", "count", message).into());
    }
    execute!(
        act,
        "insert into inventory_category (id, name, key, created_at) values ($1, $2, $3, $4) on conflict do nothing",
        CategoryId::new(),
        name,
        &key,
        Time::now()
    )?;
    // Somebody else may have made it at the same moment, and called it otherwise.
    Ok(named(act, &key).await?.map_or_else(|| name.to_owned(), |row| row.name))
}

async fn named(tx: &mut Tx, key: &str) -> Result<Option<Row>> {
    Ok(fetch_optional!(tx, "select id, name from inventory_category where key = $1", key)?)
}

/// The category by which a list is kept; none when it is of the whole house. Nothing is of one that nobody named.
pub(crate) async fn asked(tx: &mut Tx, name: &str) -> Result<Option<CategoryId>> {
    let key = Category::key(name);
    if key.is_empty() {
        return Ok(None);
    }
    Ok(Some(named(tx, &key).await?.map_or(CategoryId(Uuid::max()), |row| row.id)))
}

/// The id of what an item is to be of.
pub(crate) async fn of(tx: &mut Tx, product: &Product) -> Result<Option<CategoryId>> {
    match &product.category {
        Some(name) => Ok(named(tx, &Category::key(name)).await?.map(|row| row.id)),
        None => Ok(None),
    }
}

/// Each category is called what the journal called it first.
pub(crate) async fn compare(tx: &mut Tx, told: &HashSet<String>, findings: &mut Vec<Finding>) -> Result<()> {
    let rows: Vec<(String, String)> = fetch_all!(tx, "select name, key from inventory_category order by key")?;
    for (name, key) in rows {
        if key != Category::key(&name) || !told.contains(&name) {
            find(findings, "a category is what the journal says", format!("category {name} was named by nobody"));
        }
    }
    Ok(())
}

/// The names of categories in what an act did.
pub(crate) fn names(changes: &Changes) -> impl Iterator<Item = &String> {
    changes.changes.iter().filter_map(|change| change.after.category.as_ref()?.as_ref())
}

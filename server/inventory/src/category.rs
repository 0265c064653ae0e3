//! Categories: kinds of goods, made by being named, and listed as long as something that is offered is of them.

use crate::{Inventory, stretch};
use auth::Act;
use db::{Tx, execute, fetch_all, fetch_one, fetch_optional};
use model::{Action, Actor, Category, CategoryId, Flaw, ItemChange, ItemPatch, Page, Result, Time};
use std::borrow::Cow;
use std::collections::HashMap;
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
        let rows: Vec<(CategoryId, String, String, String)> = fetch_all!(
            &mut tx,
            "select c.id, c.name, c.key, n.key from
                    (select id, name, key from inventory_category k
                     where exists (select 1 from inventory_item i where i.category = k.id and i.archived_at is null)
                     order by key limit $1) c
             join inventory_category_name n on n.category = c.id
             order by c.key, n.key",
            MOST
        )?;
        let mut data: Vec<Category> = Vec::new();
        for (id, name, key, known) in rows {
            if data.last().is_none_or(|last| last.id != id) {
                data.push(Category { id, name, former: Vec::new() });
            }
            if let Some(last) = data.last_mut().filter(|_| known != key) {
                last.former.push(known);
            }
        }
        Ok(Page { data, as_of: self.auth.log().head(&mut tx).await?, next: None })
    }
}

/// The change with its category called as the catalogue calls it; one that is not there yet is made.
pub(crate) async fn settled<'a>(act: &mut Act, patch: &'a ItemPatch) -> Result<Cow<'a, ItemPatch>> {
    let Some(Some(name)) = &patch.category else { return Ok(Cow::Borrowed(patch)) };
    let name = check(name)?;
    let category = Some(Some(known_as(act, name).await?));
    Ok(Cow::Owned(ItemPatch { category, ..patch.clone() }))
}

/// The name without the spaces around it, if it is one.
pub(crate) fn check(name: &str) -> Result<&str> {
    let name = name.trim();
    if (1..=Category::NAME_MAX).contains(&name.chars().count()) && !name.chars().any(char::is_control) {
        return Ok(name);
    }
    let message = format!("use 1 to {} visible characters, or leave the category out", Category::NAME_MAX);
    Err(Flaw::new("category", "category", message).into())
}

async fn known_as(act: &mut Act, name: &str) -> Result<String> {
    let key = Category::key(name);
    if let Some(row) = named(act, &key).await? {
        return Ok(row.name);
    }
    // Nobody makes it, or calls another one so, at the same moment.
    stretch::turn(act).await?;
    act.alone("inventory_category").await?;
    if let Some(row) = named(act, &key).await? {
        return Ok(row.name);
    }
    let (count,): (i64,) = fetch_one!(act, "select count(*) from inventory_category")?;
    if count >= MOST {
        let message = format!("there are {MOST} categories already; use one of them");
        return Err(Flaw::new("category", "count", message).into());
    }
    let id = CategoryId::new();
    execute!(
        act,
        "insert into inventory_category (id, name, key, created_at) values ($1, $2, $3, $4)",
        id,
        name,
        &key,
        Time::now()
    )?;
    execute!(act, "insert into inventory_category_name (key, category) values ($1, $2)", &key, id)?;
    Ok(name.to_owned())
}

/// The category of that name, present or former.
async fn named(tx: &mut Tx, key: &str) -> Result<Option<Row>> {
    Ok(fetch_optional!(
        tx,
        "select c.id, c.name from inventory_category_name n join inventory_category c on c.id = n.category where n.key = $1",
        key
    )?)
}

/// What was changed once, with its categories called as they are called now.
pub(crate) async fn as_called(tx: &mut Tx, changes: &mut [ItemChange]) -> Result<()> {
    let mut known: HashMap<String, Option<String>> = HashMap::new();
    let patches = changes.iter_mut().flat_map(|change| [&mut change.before, &mut change.after]);
    for name in patches.filter_map(|patch| patch.category.as_mut()?.as_mut()) {
        let key = Category::key(name);
        if !known.contains_key(&key) {
            let now = named(tx, &key).await?.map(|row| row.name);
            known.insert(key.clone(), now);
        }
        if let Some(Some(now)) = known.get(&key) {
            name.clone_from(now);
        }
    }
    Ok(())
}

/// The category by which a list is kept; none when it is of the whole house. Nothing is of one that nobody named.
pub(crate) async fn asked(tx: &mut Tx, name: &str) -> Result<Option<CategoryId>> {
    let key = Category::key(name);
    if key.is_empty() {
        return Ok(None);
    }
    Ok(Some(named(tx, &key).await?.map_or(CategoryId(Uuid::max()), |row| row.id)))
}

/// The ids of the categories of these names.
pub(crate) async fn ids<'a>(tx: &mut Tx, names: impl Iterator<Item = &'a str>) -> Result<HashMap<&'a str, CategoryId>> {
    let mut ids = HashMap::new();
    for name in names {
        if !ids.contains_key(name)
            && let Some(row) = named(tx, &Category::key(name)).await?
        {
            ids.insert(name, row.id);
        }
    }
    Ok(ids)
}

/// Every category's name and key.
pub(crate) async fn all(tx: &mut Tx) -> Result<Vec<(String, String)>> {
    Ok(fetch_all!(tx, "select name, key from inventory_category order by key")?)
}

//! Families as they are looked at: all of them by name, and one with its items and what is there of each.

use super::{find, options};
use crate::{Inventory, stock};
use db::{Tx, fetch_all, fetch_optional, query_rows};
use model::{
    Action, Actor, Error, Family, FamilyId, ItemId, ItemKind, Page, Result, Since, StoreId, Variant, Variants,
};
use std::collections::HashMap;

#[derive(sqlx::FromRow)]
struct Row {
    id: ItemId,
    sku: String,
    name: String,
    kind: String,
    archived: i64,
}

impl Inventory {
    /// A page of the families that have items, by name; `after` is the last one of the page before, `limit` ≤ 200.
    pub async fn families(&self, actor: &Actor, after: Option<FamilyId>, limit: i64) -> Result<Page<Family>> {
        let mut tx = self.auth.read(actor, Action::SeeStock.anywhere()).await?;
        let limit = limit.clamp(1, 200);
        let start: Option<(String, FamilyId)> = match after {
            Some(id) => fetch_optional!(&mut tx, "select key, id from inventory_family where id = $1", id)?,
            None => None,
        };
        let (key, id) = start.unwrap_or_else(|| (String::new(), FamilyId(uuid::Uuid::nil())));
        let mut rows: Vec<(FamilyId, String, i64, i64)> = fetch_all!(
            &mut tx,
            "select id, name, version, items from
                    (select f.id, f.name, f.key, f.version,
                            (select count(*) from inventory_variant v where v.family = f.id) as items
                     from inventory_family f where (f.key, f.id) > ($1, $2)) x
             where items > 0 order by key, id limit $3",
            &key,
            id,
            limit + 1
        )?;
        let more = rows.len() > usize::try_from(limit).unwrap_or(usize::MAX);
        rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        let next = more.then(|| rows.last().map(|row| row.0.to_string())).flatten();
        let mut options = options(&mut tx, &rows.iter().map(|row| row.0).collect::<Vec<_>>()).await?;
        let family = |(id, name, version, items)| {
            let options = options.remove(&id).unwrap_or_default();
            Family { id, name, options, items, version }
        };
        let data = rows.into_iter().map(family).collect();
        Ok(Page { data, as_of: self.auth.log().head(&mut tx).await?, next })
    }

    /// A family with its items; with what is there of each when a store is named.
    ///
    /// # Errors
    /// `NotFound`, also for a store that is not theirs.
    pub async fn family(&self, actor: &Actor, id: FamilyId, store: Option<&str>) -> Result<Since<Variants>> {
        let (mut tx, store) = self.looking(actor, store).await?;
        let data = whole(&mut tx, id, store).await?.ok_or(Error::NotFound)?;
        let total = data.family.items;
        Ok(Since { data, as_of: self.auth.log().head(&mut tx).await?, total })
    }

    /// The family of an item, with what is there of each of its items in a store; nothing where it is in none.
    pub async fn family_of(&self, actor: &Actor, sku: &str, store: &str) -> Result<Since<Option<Variants>>> {
        let (mut tx, store) = self.looking(actor, Some(store)).await?;
        let row: Option<(FamilyId,)> = fetch_optional!(
            &mut tx,
            "select v.family from inventory_item i join inventory_variant v on v.item = i.id where i.sku = $1",
            sku
        )?;
        let data = match row {
            Some((id,)) => whole(&mut tx, id, store).await?,
            None => None,
        };
        let total = data.as_ref().map_or(0, |family| family.family.items);
        Ok(Since { data, as_of: self.auth.log().head(&mut tx).await?, total })
    }

    async fn looking(&self, actor: &Actor, store: Option<&str>) -> Result<(Tx, Option<StoreId>)> {
        let Some(code) = store else {
            return Ok((self.auth.read(actor, Action::SeeStock.anywhere()).await?, None));
        };
        let store = self.site(actor, Action::SeeStock, code).await?.store.id;
        Ok((self.auth.read(actor, Action::SeeStock.at(store)).await?, Some(store)))
    }
}

/// A family with its items, in the order of its options' values.
pub(super) async fn whole(tx: &mut Tx, id: FamilyId, store: Option<StoreId>) -> Result<Option<Variants>> {
    let Some(known) = find(tx, id).await? else { return Ok(None) };
    let items: Vec<ItemId> = known.members.iter().map(|member| member.item).collect();
    let mut rows = rows(tx, &items).await?;
    let levels = match store {
        Some(store) => stock::apart(tx, store, &items).await?,
        None => HashMap::new(),
    };
    let place = |values: &[String]| -> Vec<usize> {
        let nth =
            |(value, option): (&String, &model::FamilyOption)| option.values.iter().position(|known| known == value);
        values.iter().zip(&known.told.options).map(|pair| nth(pair).unwrap_or(usize::MAX)).collect()
    };
    let mut variants: Vec<Variant> = Vec::with_capacity(items.len());
    for member in &known.members {
        let Some(row) = rows.remove(&member.item) else { continue };
        let counted = store.is_some() && row.kind == ItemKind::Stocked.name();
        variants.push(Variant {
            item: row.id,
            sku: row.sku,
            name: row.name,
            archived: row.archived != 0,
            values: member.values.clone(),
            on_hand: counted.then(|| levels.get(&row.id).map(|levels| levels.on_hand).unwrap_or_default()),
            levels: counted.then(|| levels.get(&row.id).copied().unwrap_or_default()),
        });
    }
    variants.sort_by_cached_key(|variant| place(&variant.values));
    let count = i64::try_from(variants.len()).unwrap_or(i64::MAX);
    let super::Told { id, name, options, version } = known.told;
    Ok(Some(Variants { family: Family { id, name, options, items: count, version }, items: variants }))
}

async fn rows(tx: &mut Tx, items: &[ItemId]) -> Result<HashMap<ItemId, Row>> {
    let rows: Vec<Row> = query_rows!(
        tx,
        "with wanted (item) as (",
        items,
        |row, item| {
            row.push_bind(*item);
        },
        ") select i.id, i.sku, i.name, i.kind, cast(case when i.archived_at is null then 0 else 1 end as bigint) as archived
         from wanted w join inventory_item i on i.id = w.item"
    )?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

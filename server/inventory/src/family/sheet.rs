//! Families for files: what an item is in its own, and those that a file speaks of.

use super::{options, several};
use crate::Inventory;
use db::{Tx, query_rows};
use model::{Action, Actor, FamilyId, ItemId, NewFamily, NewVariant, OfFamily, Result};
use std::collections::{BTreeSet, HashMap};

impl Inventory {
    /// The families that have items and one of these names, whatever its capitals, or hold one of these SKUs: each as it
    /// stands, to be changed and saved.
    pub async fn families_about(
        &self,
        actor: &Actor,
        names: &[&str],
        skus: &[&str],
    ) -> Result<Vec<(FamilyId, NewFamily)>> {
        let mut tx = self.auth.read(actor, Action::EditItems.anywhere()).await?;
        let named: Vec<(FamilyId,)> = query_rows!(
            &mut tx,
            "with wanted (key) as (",
            names,
            |row, name| {
                row.push_bind(name.trim().to_lowercase());
            },
            ") select f.id from wanted w join inventory_family f on f.key = w.key
             where exists (select 1 from inventory_variant v where v.family = f.id)"
        )?;
        let holding: Vec<(FamilyId,)> = query_rows!(
            &mut tx,
            "with wanted (sku) as (",
            skus,
            |row, sku| {
                row.push_bind(*sku);
            },
            ") select v.family from wanted w join inventory_item i on i.sku = w.sku
             join inventory_variant v on v.item = i.id"
        )?;
        let ids: BTreeSet<FamilyId> = named.into_iter().chain(holding).map(|(id,)| id).collect();
        let known = several(&mut tx, &ids.into_iter().collect::<Vec<_>>()).await?;
        Ok(known.into_iter().map(|known| (known.told.id, known.to_save())).collect())
    }
}

impl super::Known {
    /// What saves it as it stands.
    pub(super) fn to_save(&self) -> NewFamily {
        let told = &self.told;
        let items = self.members.iter().map(|member| NewVariant {
            sku: member.sku.clone(),
            values: member.values.clone(),
            make: None,
        });
        NewFamily {
            version: told.version,
            name: told.name.clone(),
            options: told.options.clone(),
            items: items.collect(),
            like: None,
            archive: Vec::new(),
        }
    }
}

/// What those of these items that are of a family are in it.
pub(crate) async fn parts(tx: &mut Tx, items: &[ItemId]) -> Result<HashMap<ItemId, OfFamily>> {
    let rows: Vec<(ItemId, FamilyId, String, String, String, String)> = query_rows!(
        tx,
        "with wanted (item) as (",
        items,
        |row, item| {
            row.push_bind(*item);
        },
        ") select v.item, f.id, f.name, v.value_1, v.value_2, v.value_3
         from wanted w join inventory_variant v on v.item = w.item join inventory_family f on f.id = v.family"
    )?;
    let families: BTreeSet<FamilyId> = rows.iter().map(|row| row.1).collect();
    let options = options(tx, &families.into_iter().collect::<Vec<_>>()).await?;
    let part = |(item, family, name, one, two, three): (ItemId, FamilyId, String, String, String, String)| {
        let options = options.get(&family).map(Vec::as_slice).unwrap_or_default();
        let options = options.iter().map(|option| option.name.clone()).zip([one, two, three]).collect();
        (item, OfFamily { name, options })
    };
    Ok(rows.into_iter().map(part).collect())
}

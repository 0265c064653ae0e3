//! Items that are made with a family, like one that is there; and the way back, which archives them.

use super::told::Member;
use crate::{alter, code, index, item, product};
use auth::Act;
use db::query_rows;
use model::{
    Error, Flaw, Item, ItemChange, ItemId, ItemKind, ItemPatch, MadeItem, NewFamily, NewVariant, Product, Refusal,
    Result, Scope,
};
use std::collections::{HashMap, HashSet};

/// What is to be made, and what leaves and is archived.
pub(super) struct Grown {
    pub(super) items: Vec<Item>,
    pub(super) left: Vec<Member>,
}

/// What became of it.
pub(super) struct Written {
    pub(super) items: Vec<Item>,
    pub(super) changes: Vec<ItemChange>,
}

/// The items that are to be made, like the one that is named; and every SKU of the family that is there or will be, with its
/// item. One that was made before is sent again.
///
/// # Errors
/// `Refused(SkuTaken)` when another item has a SKU that is to be made; `Invalid` for an item to be like that is not there.
pub(super) async fn apart(act: &mut Act, new: &NewFamily) -> Result<(Vec<Item>, HashMap<String, ItemId>)> {
    let skus: Vec<&str> = new.items.iter().map(|item| item.sku.as_str()).collect();
    let known = item::by_sku(act, &skus).await?;
    let mut there: HashMap<String, ItemId> = known.into_iter().map(|(sku, row)| (sku, row.id)).collect();
    let (mut made, mut like) = (Vec::new(), None);
    for NewVariant { sku, make, .. } in &new.items {
        let Some(MadeItem { id, name }) = make else { continue };
        match there.get(sku) {
            Some(known) if known == id => continue,
            Some(_) => return Err(Refusal::SkuTaken { sku: sku.clone() }.into()),
            None => {}
        }
        if like.is_none() {
            like = Some(pattern(act, new).await?.item);
        }
        if let Some(like) = &like {
            let (barcodes, packs, tracking) = (Vec::new(), Vec::new(), Default::default());
            let (id, sku, name) = (*id, sku.clone(), name.trim().to_owned());
            made.push(Item { id, sku, name, barcodes, packs, tracking, ..like.clone() });
        }
    }
    there.extend(made.iter().map(|item| (item.sku.clone(), item.id)));
    Ok((made, there))
}

/// The item that made ones are like.
async fn pattern(act: &mut Act, new: &NewFamily) -> Result<Product> {
    let sku = new.like.as_deref().unwrap_or_default();
    let found = product::whole(act, &[sku], &Scope::All).await?.pop();
    let unknown = || Flaw::new("like", "unknown_sku", format!("there is no item {sku:?}; check the SKU"));
    let like = found.ok_or_else(unknown)?;
    if like.item.kind == ItemKind::Kit {
        return Err(Flaw::new("like", "kit", "a kit is made of others; make it by itself, and let it join").into());
    }
    Ok(like)
}

impl Grown {
    /// Makes and archives them, and brings back those that were made before and archived since.
    pub(super) async fn write(self, act: &mut Act, new: &NewFamily, before: &[Member]) -> Result<Written> {
        let mut changes = self.archive(act).await?;
        changes.extend(bring_back(act, new, before).await?);
        let Self { items, .. } = self;
        if items.is_empty() {
            return Ok(Written { items, changes });
        }
        let added: HashSet<ItemId> = item::insert(act, &items).await?.into_iter().collect();
        if added.len() < items.len() {
            // Their SKUs are free: an id is another item's.
            return Err(Error::Conflict(model::Reused::Id));
        }
        code::claim(act, &items).await?;
        index::add(act, &items).await?;
        changes.extend(alike(act, new, &items).await?);
        Ok(Written { items, changes })
    }

    async fn archive(&self, act: &mut Act) -> Result<Vec<ItemChange>> {
        let skus: Vec<&str> = self.left.iter().map(|member| member.sku.as_str()).collect();
        set(act, &skus, &ItemPatch { archived: Some(true), ..ItemPatch::default() }).await
    }
}

/// What an item is besides what its journal line of adding says.
async fn alike(act: &mut Act, new: &NewFamily, items: &[Item]) -> Result<Vec<ItemChange>> {
    let like = pattern(act, new).await?;
    let patch = ItemPatch {
        tracking: Some(like.item.tracking),
        promise: Some(like.promise),
        web_promise: Some(like.web_promise),
        category: Some(like.category),
        tax_class: Some(like.tax_class),
        ..ItemPatch::default()
    };
    set(act, &items.iter().map(|item| item.sku.as_str()).collect::<Vec<_>>(), &patch).await
}

/// What was made before, taken back and archived with it, is offered again when it is made once more.
async fn bring_back(act: &mut Act, new: &NewFamily, before: &[Member]) -> Result<Vec<ItemChange>> {
    let made = new.items.iter().filter(|item| item.make.is_some());
    let skus: Vec<&str> = made.map(|item| item.sku.as_str()).filter(|sku| !is_member(before, sku)).collect();
    set(act, &skus, &ItemPatch { archived: Some(false), ..ItemPatch::default() }).await
}

fn is_member(members: &[Member], sku: &str) -> bool {
    members.iter().any(|member| member.sku == sku)
}

/// Makes the same change to those of these items that are there.
async fn set(act: &mut Act, skus: &[&str], patch: &ItemPatch) -> Result<Vec<ItemChange>> {
    let products = product::whole(act, skus, &Scope::All).await?;
    alter::apply(act, products.iter().map(|product| (product, patch.clone())).collect(), &HashMap::new()).await
}

/// Holds these items' rows, so that nobody gives one another name while its words are written.
pub(crate) async fn hold(act: &mut Act, items: &[ItemId]) -> Result<()> {
    let _held: Vec<(ItemId,)> = query_rows!(
        act,
        "with wanted (id) as (",
        items,
        |row, item| {
            row.push_bind(*item);
        },
        ") update inventory_item set search = inventory_item.search from wanted where inventory_item.id = wanted.id
         returning inventory_item.id"
    )?;
    Ok(())
}

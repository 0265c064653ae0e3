//! Writing what is different of items: all that one act changes with few statements, however many there are.

use crate::change::gives_codes;
use crate::{category, code, index, item, kit, limit, lot, tax};
use auth::Act;
use db::{fetch_optional, query_rows};
use model::{
    Error, Flaw, ItemChange, ItemId, ItemKind, ItemPatch, NewItem, Product, PromisePolicy, Result, Reused, StoreId,
    Time, Tracking, gtin,
};
use std::collections::HashMap;

/// An item that is to be otherwise.
struct Altered<'a> {
    known: &'a Product,
    new: Product,
    /// What is different.
    after: ItemPatch,
}

/// Writes what is different of these items, each of which stands here once; those of which nothing is are left out of the
/// answer.
///
/// # Errors
/// `Invalid` with the flaws of the first item that has some; `Conflict(Version)` when one of them was changed meanwhile.
pub(crate) async fn apply(
    act: &mut Act,
    edits: Vec<(&Product, ItemPatch)>,
    stores: &HashMap<String, StoreId>,
) -> Result<Vec<ItemChange>> {
    let mut altered = Vec::with_capacity(edits.len());
    for (known, patch) in edits {
        let new = category::settled(act, &patch).await?.on(known);
        let after = ItemPatch::between(known, &new);
        if after.is_empty() {
            continue;
        }
        let flaws = flaws(known, &new);
        if !flaws.is_empty() {
            return Err(Error::Invalid(flaws));
        }
        check_image(act, known, &new).await?;
        tax::check_class(act, known, &new).await?;
        lot::may_begin(act, known, &new).await?;
        altered.push(Altered { known, new, after });
    }
    write(act, &altered).await?;
    // After that, so that an act that makes two kits sees the first one when it looks at the second one's parts.
    for one in altered.iter().filter(|one| kit::concerns(&one.after)) {
        kit::change(act, one.known, &one.new).await?;
    }
    for one in altered.iter().filter(|one| gives_codes(&one.after)) {
        code::change(act, &one.known.item, &one.new.item).await?;
    }
    let called = altered.iter().filter(|one| one.after.name.is_some() || gives_codes(&one.after));
    index::refresh(act, &called.map(|one| one.known.item.id).collect::<Vec<_>>()).await?;
    let mut limits = Vec::new();
    for one in &altered {
        for limit in one.after.limits.iter().flatten() {
            limits.push((one.known.item.id, stores.get(&limit.store).copied().ok_or(Error::NotFound)?, limit));
        }
    }
    limit::set(act, limits).await?;
    let changes = altered.into_iter().map(|Altered { known, new, after }| ItemChange {
        item: known.item.id,
        sku: known.item.sku.clone(),
        version: known.version + 1,
        before: ItemPatch::between(&new, known),
        after,
    });
    Ok(changes.collect())
}

async fn write(act: &mut Act, altered: &[Altered<'_>]) -> Result<()> {
    let categories = category::ids(act, altered.iter().filter_map(|one| one.new.category.as_deref())).await?;
    let now = Time::now();
    let written: Vec<(ItemId,)> = query_rows!(
        act,
        "with altered (id, version, name, unit, price, category, image, costing, promise, web_promise, tracking, tax_class, kind,
                       archived_at) as (",
        altered,
        |row, one| {
            let model::Item { id, name, unit, price, costing, tracking, kind, .. } = &one.new.item;
            let category = one.new.category.as_deref().and_then(|name| categories.get(name).copied());
            row.push_bind(*id).push_bind(one.known.version).push_bind(name).push_bind(unit).push_bind(*price);
            row.push_bind(category).push_bind(one.new.image.as_deref()).push_bind(costing.name());
            row.push_bind(one.new.promise.name()).push_bind(one.new.web_promise.map(PromisePolicy::name));
            row.push_bind(tracking.name()).push_bind(one.new.tax_class);
            row.push_bind(kind.name()).push_bind(one.new.archived.then_some(now));
        },
        ") update inventory_item
         set name = altered.name, unit = altered.unit, price = altered.price, category = altered.category,
             image = altered.image, costing = altered.costing, promise_policy = altered.promise,
             web_policy = altered.web_promise,
             tracking = altered.tracking, tax_class = altered.tax_class, kind = altered.kind,
             version = inventory_item.version + 1,
             archived_at = case when altered.archived_at is null then null
                                else coalesce(inventory_item.archived_at, altered.archived_at) end
         from altered where inventory_item.id = altered.id and inventory_item.version = altered.version
         returning inventory_item.id"
    )?;
    item::forget(act);
    // On PostgreSQL somebody may have been faster since they were read.
    if written.len() == altered.len() { Ok(()) } else { Err(Error::Conflict(Reused::Version)) }
}

/// Is the picture there that an item is to have?
async fn check_image(act: &mut Act, known: &Product, new: &Product) -> Result<()> {
    let Some(image) = new.image.as_ref().filter(|image| known.image.as_ref() != Some(image)) else { return Ok(()) };
    let there: Option<(String,)> = fetch_optional!(act, "select hash from inventory_image where hash = $1", image)?;
    there.map(drop).ok_or_else(|| Flaw::new("image", "unknown_image", "upload the picture first").into())
}

fn flaws(known: &Product, new: &Product) -> Vec<Flaw> {
    let model::Item { id, sku, name, unit, price, kind, barcodes, packs, costing, .. } = new.item.clone();
    let mut flaws = item::flaws("", &NewItem { id, sku, name, barcodes, packs, unit, price, kind, costing });
    if new.item.tracking != Tracking::None && new.item.kind != ItemKind::Stocked {
        flaws.push(Flaw::new("tracking", "tracking", "only goods have lots or serial numbers; a service has none"));
    }
    for code in new.item.barcodes.iter().filter(|code| !known.item.barcodes.contains(code)) {
        flaws.extend(wrong_digit("barcodes", code));
    }
    for pack in new.item.packs.iter().filter(|pack| known.item.pack(&pack.barcode).is_none()) {
        flaws.extend(wrong_digit("packs", &pack.barcode));
    }
    for limit in new.limits.iter().filter(|limit| !known.limits.contains(limit)) {
        flaws.extend(limit::flaw(limit));
    }
    flaws
}

/// A GTIN with a mistyped digit, told with the right one.
pub(crate) fn wrong_digit(field: &str, code: &str) -> Option<Flaw> {
    let right = gtin::wrong_check_digit(code)?;
    let message = format!("the last digit of {code} should be {right}; look at the code again");
    Some(Flaw::new(field, "check_digit", message))
}

//! What a kit is made of, said anew: part of the change of an item, with its version, its event and its undoing.

use crate::item;
use auth::Act;
use db::{Tx, execute, fetch_optional, insert_rows, query_rows};
use model::{Component, Error, Flaw, ItemId, ItemKind, ItemPatch, Product, Quantity, Result, Time, Tracking};
use std::collections::{HashMap, HashSet};

/// Does the change say what an item is made of?
pub(crate) const fn concerns(patch: &ItemPatch) -> bool {
    patch.components.is_some()
}

/// Whoever says what a kit is made of does so by themselves: two at once could make a kit of kits.
pub(crate) async fn one_at_a_time(act: &mut Act) -> Result<()> {
    act.alone("inventory_component").await?;
    Ok(())
}

/// What one of each of these is made of now, by SKU; what is no kit is not in it.
pub(crate) async fn of_items(tx: &mut Tx, items: &[ItemId]) -> Result<HashMap<ItemId, Vec<Component>>> {
    let rows: Vec<(ItemId, String, Quantity)> = query_rows!(
        tx,
        "with wanted (kit) as (",
        items,
        |row, item| {
            row.push_bind(*item);
        },
        ") select c.kit, i.sku, c.quantity from wanted
         join inventory_component c on c.kit = wanted.kit and c.until is null
         join inventory_item i on i.id = c.component order by i.sku"
    )?;
    let mut made: HashMap<ItemId, Vec<Component>> = HashMap::new();
    for (kit, sku, quantity) in rows {
        made.entry(kit).or_default().push(Component { sku, quantity });
    }
    Ok(made)
}

/// Writes what a product is made of from now on, if that may be.
///
/// # Errors
/// `Invalid`: with what is no part of a kit; while the item has stock, or stands in a document that is not finished.
pub(crate) async fn change(act: &mut Act, known: &Product, new: &Product) -> Result<()> {
    let flaws = sound(known, new);
    if !flaws.is_empty() {
        return Err(Error::Invalid(flaws));
    }
    let parts = parts(act, new).await?;
    let (was, is) = (known.item.kind == ItemKind::Kit, !new.components.is_empty());
    if was != is {
        let in_the_way = if is { stock(act, known).await? } else { None };
        let in_the_way = match in_the_way {
            Some(flaw) => Some(flaw),
            None => document(act, known).await?,
        };
        if let Some(flaw) = in_the_way {
            return Err(flaw.into());
        }
    }
    write(act, known, &parts).await
}

/// What can be seen without looking anything up.
fn sound(known: &Product, new: &Product) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    let mut flaw = |code: &str, message: String| flaws.push(Flaw::new("components", code, message));
    if new.components.is_empty() {
        return flaws;
    }
    if known.item.kind == ItemKind::Service {
        flaw("kit_service", "a service is not made of goods; add another item for the kit".to_owned());
    }
    if new.item.tracking != Tracking::default() {
        flaw("kit_tracked", "a kit has no lots of its own: its parts have; switch that off first".to_owned());
    }
    if new.components.len() > Component::MOST {
        flaw("kit_count", format!("a kit is made of at most {} items", Component::MOST));
    }
    let mut seen = HashSet::new();
    for Component { sku, quantity } in new.components.iter().take(Component::MOST) {
        if !seen.insert(sku) {
            flaw("kit_twice", format!("{sku} is there twice; add the two up"));
        }
        if *sku == new.item.sku {
            flaw("kit_in_kit", "a kit is not made of itself".to_owned());
        }
        if *quantity <= Quantity::ZERO || *quantity > Component::QUANTITY_MAX {
            let message = format!("say how many of {sku} are in one: more than 0, at most {}", Component::QUANTITY_MAX);
            flaw("kit_quantity", message);
        }
    }
    flaws
}

/// The items that it is to be made of: goods, and no kits.
async fn parts(act: &mut Act, new: &Product) -> Result<Vec<(ItemId, Quantity)>> {
    let skus: Vec<&str> = new.components.iter().map(|part| part.sku.as_str()).collect();
    let items = item::by_sku(act, &skus).await?;
    let (mut parts, mut flaws) = (Vec::with_capacity(skus.len()), Vec::new());
    for (at, Component { sku, quantity }) in new.components.iter().enumerate() {
        let mut flaw = |code: &str, message: String| {
            flaws.push(Flaw::new(format!("components[{at}].sku"), code, message));
        };
        match items.get(sku) {
            None => flaw("unknown_sku", format!("there is no item {sku:?}; add it first or check the SKU")),
            Some(item) if item.is_kit() => {
                flaw("kit_in_kit", format!("{sku} is a kit itself; use the items that it is made of"));
            }
            Some(item) if !item.stocked() => {
                flaw("kit_service", format!("{sku} is a service; a kit is made of goods"));
            }
            Some(item) => parts.push((item.id, *quantity)),
        }
    }
    if flaws.is_empty() { Ok(parts) } else { Err(Error::Invalid(flaws)) }
}

/// What of the item is in the way of its having no stock: some of it somewhere, or another kit.
async fn stock(act: &mut Act, product: &Product) -> Result<Option<Flaw>> {
    let sku = &product.item.sku;
    let there: Option<(String,)> = fetch_optional!(
        act,
        "select s.code from inventory_balance b join inventory_store s on s.id = b.store
         where b.item = $1 and (b.on_hand <> 0 or b.reserved <> 0) order by s.code limit 1",
        product.item.id
    )?;
    if let Some((store,)) = there {
        let message = format!("there is stock of {sku} in {store}; a kit has none: bring it to zero there first");
        return Ok(Some(Flaw::new("components", "kit_stock", message)));
    }
    let within: Option<(String,)> = fetch_optional!(
        act,
        "select i.sku from inventory_component c join inventory_item i on i.id = c.kit
         where c.component = $1 and c.until is null order by i.sku limit 1",
        product.item.id
    )?;
    Ok(within.map(|(kit,)| {
        let message = format!("{kit} is made of {sku}, and there is no kit within a kit; take it out there first");
        Flaw::new("components", "kit_in_kit", message)
    }))
}

/// A document in which the item stands, and which is not finished.
async fn document(act: &mut Act, product: &Product) -> Result<Option<Flaw>> {
    let open: Option<(String,)> = fetch_optional!(
        act,
        "select p.number
         from (select paper from inventory_order_line where item = $1
               union all select paper from inventory_purchase_line where item = $1
               union all select paper from inventory_transfer_line where item = $1
               union all select paper from inventory_count_line where item = $1
               union all select paper from inventory_correction_line where item = $1) l
         join inventory_paper p on p.id = l.paper
         where p.state not in ('fulfilled', 'received', 'posted', 'closed', 'closed_short', 'rejected', 'cancelled', 'withdrawn',
                               'undone')
         order by p.number limit 1",
        product.item.id
    )?;
    Ok(open.map(|(number,)| {
        let message =
            format!("{} stands in {number}, which is not finished; finish or cancel it first", product.item.sku);
        Flaw::new("components", "kit_document", message)
    }))
}

/// Ends what does not hold any more, and begins what is new. What stays, stays.
async fn write(act: &mut Act, known: &Product, parts: &[(ItemId, Quantity)]) -> Result<()> {
    let (now, kit) = (Time::now(), known.item.id);
    let held: Vec<(ItemId, Quantity)> = db::fetch_all!(
        act,
        "select component, quantity from inventory_component where kit = $1 and until is null",
        kit
    )?;
    for (component, _) in held.iter().filter(|part| !parts.contains(part)) {
        execute!(
            act,
            "update inventory_component set until = $3 where kit = $1 and component = $2 and until is null",
            kit,
            *component,
            now
        )?;
    }
    let new: Vec<&(ItemId, Quantity)> = parts.iter().filter(|part| !held.contains(part)).collect();
    insert_rows!(
        act,
        "insert into inventory_component (kit, component, quantity, since) ",
        &new,
        |row, part| {
            row.push_bind(kit).push_bind(part.0).push_bind(part.1).push_bind(now);
        },
        ""
    )?;
    Ok(())
}

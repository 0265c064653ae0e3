//! Kits: what they are made of, when that may be said, and how their lines become movements of their parts.
//!
//! A kit has no stock of its own: a line that sells one moves its parts, and belongs to them. What it was made of is kept
//! with the line, so that what comes back, or is undone, is what left.

mod change;
mod line;
mod show;
mod verify;

pub(crate) use change::{change, concerns, of_items, one_at_a_time};
pub(crate) use line::{KitLine, drafted, flaw_unless_whole, of_document, of_posting, refused, told, whole, write};
pub use line::{KitMoved, PartMoved};
pub(crate) use show::here;
pub(crate) use verify::{Told, compare};

use crate::item::ItemRow;
use db::{Tx, query_rows};
use model::{ItemId, PostingId, Quantity, Result, Time};
use std::collections::HashMap;

/// What of an item is in one kit.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub(crate) item: ItemRow,
    pub(crate) size: Quantity,
}

/// What one of each kit is made of, by SKU.
pub(crate) type Recipes = HashMap<ItemId, Vec<Part>>;

#[derive(sqlx::FromRow)]
struct Row {
    kit: ItemId,
    since: Time,
    until: Option<Time>,
    size: Quantity,
    #[sqlx(flatten)]
    item: ItemRow,
}

/// What these were made of at that moment. What was no kit yet, or was made of something that is one itself by now, is
/// made of what it is made of now.
pub(crate) async fn recipes(tx: &mut Tx, kits: &[ItemId], at: Time) -> Result<Recipes> {
    let rows: Vec<Row> = query_rows!(
        tx,
        "with wanted (kit) as (",
        kits,
        |row, kit| {
            row.push_bind(*kit);
        },
        ") select c.kit, c.since, c.until, c.quantity as size,
                  i.id, i.sku, i.name, i.unit, i.kind, i.price, i.promise_policy, i.web_policy, i.costing, i.tracking
         from wanted join inventory_component c on c.kit = wanted.kit join inventory_item i on i.id = c.component
         order by i.sku"
    )?;
    let (mut then, mut now): (Recipes, Recipes) = (HashMap::new(), HashMap::new());
    for Row { kit, since, until, size, item } in rows {
        let part = Part { item, size };
        if until.is_none() {
            now.entry(kit).or_default().push(part.clone());
        }
        if since <= at && until.is_none_or(|until| until > at) {
            then.entry(kit).or_default().push(part);
        }
    }
    then.retain(|_, parts| parts.iter().all(|part| part.item.stocked()));
    now.extend(then);
    Ok(now)
}

/// What the kits of a sale were made of when they left.
async fn sold(tx: &mut Tx, sale: PostingId) -> Result<Recipes> {
    #[derive(sqlx::FromRow)]
    struct Sold {
        kit: ItemId,
        kit_line: i64,
        size: Quantity,
        #[sqlx(flatten)]
        item: ItemRow,
    }
    let rows: Vec<Sold> = db::fetch_all!(
        tx,
        "select k.item as kit, k.line as kit_line, p.size,
                i.id, i.sku, i.name, i.unit, i.kind, i.price, i.promise_policy, i.web_policy, i.costing, i.tracking
         from inventory_kit_line k
         join inventory_kit_part p on p.posting = k.posting and p.kit_line = k.line
         join inventory_movement m on m.posting = p.posting and m.line = p.line
         join inventory_item i on i.id = m.item
         where k.posting = $1 order by k.line, p.line",
        sale
    )?;
    let (mut recipes, mut lines) = (Recipes::new(), HashMap::new());
    for Sold { kit, kit_line, size, item } in rows {
        // Two lines of one kit left at the same moment, made of the same.
        if *lines.entry(kit).or_insert(kit_line) == kit_line {
            recipes.entry(kit).or_default().push(Part { item, size });
        }
    }
    recipes.retain(|_, parts| parts.iter().all(|part| part.item.stocked()));
    Ok(recipes)
}

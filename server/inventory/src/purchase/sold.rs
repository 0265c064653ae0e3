//! What a supplier sells to us: their code, price and packs for an item of ours.

use super::supplier::find;
use crate::document::check_text;
use crate::item::ItemRow;
use crate::{Inventory, item, kit};
use auth::Act;
use db::{Tx, fetch_all, insert_rows, query_rows};
use model::{
    Action, Actor, Error, Flaw, ItemId, Money, NewSupplierItem, Page, Quantity, Result, SupplierId, SupplierItem,
};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// The most lines that one change carries.
const ITEMS_MAX: usize = 1_000;
/// The longest time of a delivery, in days.
const DAYS_MAX: i64 = 999;

/// A line of what a supplier sells, as the journal and the table have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::FromRow)]
pub(super) struct Sold {
    pub(super) item: ItemId,
    pub(super) code: String,
    pub(super) price: Option<Money>,
    pub(super) minimum: Option<Quantity>,
    pub(super) multiple: Option<Quantity>,
    lead_days: Option<i64>,
    archived: i64,
}

#[derive(sqlx::FromRow)]
struct Listed {
    sku: String,
    name: String,
    unit: String,
    #[sqlx(flatten)]
    sold: Sold,
}

impl Inventory {
    /// A page of what a supplier sells to us, by SKU after that one; `limit` is 1 to 200.
    pub async fn supplier_items(
        &self,
        actor: &Actor,
        id: SupplierId,
        after: Option<&str>,
        limit: i64,
    ) -> Result<Page<SupplierItem>> {
        let mut tx = self.auth.read(actor, Action::SeeStock.anywhere()).await?;
        find(&mut tx, id).await?.ok_or(Error::NotFound)?;
        let limit = limit.clamp(1, 200);
        let rows: Vec<Listed> = fetch_all!(
            &mut tx,
            "select i.sku, i.name, i.unit, s.item, s.code, s.price, s.minimum, s.multiple, s.lead_days, s.archived
             from inventory_supplier_item s join inventory_item i on i.id = s.item
             where s.supplier = $1 and s.archived = 0 and i.sku > $2 order by i.sku limit $3",
            id,
            after.unwrap_or_default(),
            limit + 1
        )?;
        let mut data: Vec<SupplierItem> = rows.into_iter().map(Listed::told).collect();
        let more = data.len() > usize::try_from(limit).unwrap_or(usize::MAX);
        if more {
            data.pop();
        }
        let next = more.then(|| data.last().map(|item| item.line.sku.clone())).flatten();
        Ok(Page { data, as_of: self.auth.log().head(&mut tx).await?, next })
    }
}

impl Listed {
    fn told(self) -> SupplierItem {
        let Self { sku, name, unit, sold } = self;
        let Sold { code, price, minimum, multiple, lead_days, archived, .. } = sold;
        let archived = archived != 0;
        SupplierItem { name, unit, line: NewSupplierItem { sku, code, price, minimum, multiple, lead_days, archived } }
    }
}

/// What a supplier sells of these items: all that they ever sold, archived lines too.
pub(super) async fn of(tx: &mut Tx, id: SupplierId, items: &[ItemId]) -> Result<HashMap<ItemId, Sold>> {
    let rows: Vec<Sold> = query_rows!(
        tx,
        "with wanted (item, supplier) as (",
        items,
        |row, item| {
            row.push_bind(*item).push_bind(id);
        },
        ") select s.item, s.code, s.price, s.minimum, s.multiple, s.lead_days, s.archived
         from wanted w join inventory_supplier_item s on s.supplier = w.supplier and s.item = w.item"
    )?;
    Ok(rows.into_iter().map(|row| (row.item, row)).collect())
}

/// The lines that are to be different, looked up.
pub(super) async fn changed(act: &mut Act, id: SupplierId, new: &[NewSupplierItem]) -> Result<Vec<Sold>> {
    if new.is_empty() {
        return Ok(Vec::new());
    }
    let skus: Vec<&str> = new.iter().map(|line| line.sku.as_str()).collect();
    let items = item::by_sku(act, &skus).await?;
    let flaws = flaws(new, &items);
    if !flaws.is_empty() {
        return Err(Error::Invalid(flaws));
    }
    let lines = new.iter().filter_map(|line| {
        let NewSupplierItem { code, price, minimum, multiple, lead_days, archived, .. } = line.clone();
        let (item, code, archived) = (items.get(&line.sku)?.id, code.trim().to_owned(), i64::from(archived));
        Some(Sold { item, code, price, minimum, multiple, lead_days, archived })
    });
    let mut lines: Vec<Sold> = lines.collect();
    let ids: Vec<ItemId> = lines.iter().map(|line| line.item).collect();
    let known = of(act, id, &ids).await?;
    // What was taken out and is sold again takes as long as before, unless it is said otherwise.
    for line in &mut lines {
        let before = known.get(&line.item).filter(|before| before.archived != 0 && line.archived == 0);
        line.lead_days = line.lead_days.or(before.and_then(|before| before.lead_days));
    }
    Ok(lines.into_iter().filter(|line| known.get(&line.item) != Some(line)).collect())
}

pub(super) async fn write(act: &mut Act, id: SupplierId, items: &[Sold]) -> Result<()> {
    insert_rows!(
        act,
        "insert into inventory_supplier_item (supplier, item, code, price, minimum, multiple, lead_days, archived) ",
        items,
        |row, sold| {
            row.push_bind(id).push_bind(sold.item).push_bind(&sold.code).push_bind(sold.price);
            row.push_bind(sold.minimum).push_bind(sold.multiple).push_bind(sold.lead_days).push_bind(sold.archived);
        },
        " on conflict (supplier, item) do update
          set code = excluded.code, price = excluded.price, minimum = excluded.minimum, multiple = excluded.multiple,
              lead_days = excluded.lead_days, archived = excluded.archived"
    )?;
    Ok(())
}

pub(super) fn wrong_days(field: &str, days: Option<i64>) -> Option<Flaw> {
    let wrong = days.is_some_and(|days| !(0..=DAYS_MAX).contains(&days));
    wrong.then(|| Flaw::new(field, "days", format!("use 0 to {DAYS_MAX} days")))
}

fn flaws(new: &[NewSupplierItem], items: &HashMap<String, ItemRow>) -> Vec<Flaw> {
    if new.len() > ITEMS_MAX {
        return vec![Flaw::new("items", "line_count", format!("send at most {ITEMS_MAX} lines"))];
    }
    let mut flaws = Vec::new();
    let mut seen = HashSet::new();
    for (at, line) in new.iter().enumerate() {
        let field = |name: &str| format!("items[{at}].{name}");
        let Some(item) = items.get(&line.sku) else {
            let message = format!("there is no item {:?}; add it first or check the SKU", line.sku);
            flaws.push(Flaw::new(field("sku"), "unknown_sku", message));
            continue;
        };
        // What a supplier sold before it became a kit can be taken off their list.
        flaws.extend(kit::refused(field("sku"), item).filter(|_| !line.archived));
        if !seen.insert(&line.sku) {
            flaws.push(Flaw::new(field("sku"), "twice", "this item is there twice; keep one of the lines"));
        }
        if line.price.is_some_and(|price| price < Money::ZERO || price > Money::PRICE_MAX) {
            flaws.push(Flaw::new(field("price"), "unit_price", "use a price from 0 to 1000000000"));
        }
        for (name, size) in [("minimum", line.minimum), ("multiple", line.multiple)] {
            if size.is_some_and(|size| size <= Quantity::ZERO || size > Quantity::LINE_MAX) {
                let message = format!("use a quantity above 0, at most {}", Quantity::LINE_MAX);
                flaws.push(Flaw::new(field(name), "quantity", message));
            }
        }
        let code = line.code.trim();
        check_text(&mut flaws, &field("code"), (!code.is_empty()).then_some(code), 64);
        flaws.extend(wrong_days(&field("lead_days"), line.lead_days));
    }
    flaws
}

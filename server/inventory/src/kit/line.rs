//! A document's line that is a kit: its parts move, the line itself does not.

use super::{Part, Recipes, recipes, sold};
use crate::document::{Document, Draft, DraftLine};
use crate::item::ItemRow;
use auth::Act;
use db::{Tx, fetch_all};
use model::{DocumentKind, Flaw, ItemId, Money, PostingId, Quantity, Result, Time};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::ops::Range;

/// How many movements a document makes at most: as many as one statement carries.
const MOVEMENTS_MAX: usize = 1_000;

/// A line of a kit in a draft; its parts stand among the draft's lines, one after the other.
#[derive(Clone, Debug)]
pub(crate) struct KitLine {
    pub(crate) item: ItemRow,
    /// As the document says it: a whole number.
    pub(crate) quantity: Quantity,
    pub(crate) unit_price: Option<Money>,
    /// The price list that it is from.
    pub(crate) list: Option<String>,
    /// Where its parts begin among the draft's lines.
    pub(crate) first: usize,
    /// How many of each part are in one kit.
    pub(crate) sizes: Vec<Quantity>,
}

impl KitLine {
    pub(crate) fn parts(&self) -> Range<usize> {
        self.first..self.first + self.sizes.len()
    }
}

/// A line of a kit, as the journal tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KitMoved {
    /// The line of the document, from 1: it has no movement of its own.
    pub line: i64,
    /// The kit.
    pub item: ItemId,
    /// How many, above zero.
    pub quantity: Quantity,
    /// Price of one.
    pub unit_price: Option<Money>,
    /// The movements that belong to it.
    pub parts: Vec<PartMoved>,
}

/// A movement that belongs to a kit's line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartMoved {
    /// The movement's line, from 1.
    pub line: i64,
    /// Its item's stock keeping unit.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// How many are in one kit.
    pub size: Quantity,
}

/// What the kits in a document are made of: a return's as its sale took them, others as they were at its moment. Empty
/// for what moves no kits.
pub(crate) async fn of_document(
    act: &mut Act,
    document: &Document,
    items: &HashMap<String, ItemRow>,
) -> Result<Recipes> {
    let sells = matches!(document.kind, DocumentKind::Sale | DocumentKind::Return);
    let kits: Vec<ItemId> = items.values().filter(|item| sells && item.is_kit()).map(|item| item.id).collect();
    let moment = document.occurred_at.unwrap_or_else(Time::now);
    let mut found = if kits.is_empty() { Recipes::new() } else { recipes(act, &kits, moment).await? };
    if let Some(sale) = document.returns.filter(|_| sells) {
        found.extend(sold(act, sale).await?);
    }
    Ok(found)
}

/// Puts line number `at`, which is of a kit, among the lines as its parts: each as it would be itself.
///
/// # Errors
/// The flaw of a quantity that is not whole, or of more parts than a document moves.
pub(crate) fn drafted(
    lines: &mut Vec<DraftLine>,
    line: DraftLine,
    parts: &[Part],
    at: usize,
) -> std::result::Result<KitLine, Flaw> {
    let kit = KitLine {
        item: line.item.clone(),
        quantity: line.quantity,
        unit_price: line.unit_price,
        list: line.list.clone(),
        first: lines.len(),
        sizes: parts.iter().map(|part| part.size).collect(),
    };
    flaw_unless_whole(&format!("lines[{at}].quantity"), &kit.item, line.quantity)?;
    let count = whole(line.quantity).unwrap_or_default();
    if lines.len() + parts.len() > MOVEMENTS_MAX {
        let message = format!("with what its kits are made of, it has more than {MOVEMENTS_MAX} lines; split it");
        return Err(Flaw::new("lines", "line_count", message));
    }
    for part in parts {
        let size = part.size.parts().checked_mul(count).map(Quantity::from_parts);
        let Some(quantity) = size.filter(|size| size.abs() <= Quantity::LINE_MAX) else {
            let message = format!("that is more of {} than one line can hold; split it", part.item.sku);
            return Err(Flaw::new(format!("lines[{at}].quantity"), "quantity", message));
        };
        lines.push(DraftLine { item: part.item.clone(), quantity, unit_price: None, list: None, ..line.clone() });
    }
    Ok(kit)
}

/// How many kits that is; none when it is not whole.
pub(crate) fn whole(quantity: Quantity) -> Option<i64> {
    let one = Quantity::whole(1).parts();
    (quantity.parts() % one == 0).then(|| quantity.parts() / one)
}

/// So many of a kit: a whole number.
pub(crate) fn flaw_unless_whole(field: &str, kit: &ItemRow, quantity: Quantity) -> std::result::Result<(), Flaw> {
    let message = || format!("{} is a kit: it comes whole, or not at all; use a whole number", kit.sku);
    if whole(quantity).is_some() { Ok(()) } else { Err(Flaw::new(field, "kit_whole", message())) }
}

/// The flaw of a line that would move a kit itself; none for what is no kit.
pub(crate) fn refused(field: impl AsRef<str>, item: &ItemRow) -> Option<Flaw> {
    let message = || format!("{} is a kit and has no stock of its own; use the items that it is made of", item.sku);
    item.is_kit().then(|| Flaw::new(field.as_ref(), "kit", message()))
}

/// The kits of a draft as the journal tells them; `lines` says which line of the document each is.
pub(crate) fn told(draft: &Draft, lines: &[i64]) -> Vec<KitMoved> {
    let kits = draft.kits.iter().zip(lines).map(|(kit, line)| {
        let parts = kit.parts().zip(&kit.sizes).filter_map(|(at, size)| {
            let item = &draft.lines.get(at)?.item;
            let line = i64::try_from(at).ok()? + 1;
            Some(PartMoved { line, sku: item.sku.clone(), name: item.name.clone(), size: *size })
        });
        KitMoved {
            line: *line,
            item: kit.item.id,
            quantity: kit.quantity.abs(),
            unit_price: kit.unit_price,
            parts: parts.collect(),
        }
    });
    kits.collect()
}

/// Writes the kits of a posting, with what the act writes next.
pub(crate) fn write(act: &mut Act, posting: PostingId, kits: &[KitMoved]) {
    if kits.is_empty() {
        return;
    }
    db::insert_later!(
        act,
        "insert into inventory_kit_line (posting, line, item, quantity, unit_price) ",
        kits,
        |row, kit| {
            row.push_bind(posting).push_bind(kit.line).push_bind(kit.item).push_bind(kit.quantity);
            row.push_bind(kit.unit_price);
        }
    );
    let parts = kits.iter().flat_map(|kit| kit.parts.iter().map(|part| (kit.line, part)));
    db::insert_later!(
        act,
        "insert into inventory_kit_part (posting, line, kit_line, size) ",
        parts,
        |row, (line, part)| {
            row.push_bind(posting).push_bind(part.line).push_bind(line).push_bind(part.size);
        }
    );
}

#[derive(sqlx::FromRow)]
struct Stored {
    line: i64,
    quantity: Quantity,
    unit_price: Option<Money>,
    movement: i64,
    size: Quantity,
    #[sqlx(flatten)]
    item: ItemRow,
}

/// The kits of a posting, each as the line of a draft that has the same movements in the same order.
pub(crate) async fn of_posting(tx: &mut Tx, posting: PostingId) -> Result<Vec<KitLine>> {
    let rows: Vec<Stored> = fetch_all!(
        tx,
        "select k.line, k.quantity, k.unit_price, p.line as movement, p.size,
                i.id, i.sku, i.name, i.unit, i.kind, i.price, i.promise_policy, i.web_policy, i.costing, i.tracking
         from inventory_kit_line k
         join inventory_kit_part p on p.posting = k.posting and p.kit_line = k.line
         join inventory_item i on i.id = k.item
         where k.posting = $1 order by p.line",
        posting
    )?;
    let mut kits: Vec<(i64, KitLine)> = Vec::new();
    for Stored { line, quantity, unit_price, movement, size, item } in rows {
        match kits.last_mut().filter(|(known, _)| *known == line) {
            Some((_, kit)) => kit.sizes.push(size),
            None => {
                let first = usize::try_from(movement - 1).unwrap_or_default();
                kits.push((line, KitLine { item, quantity, unit_price, list: None, first, sizes: vec![size] }));
            }
        }
    }
    Ok(kits.into_iter().map(|(_, kit)| kit).collect())
}

//! What a product file would change: each row compared with the catalogue as it is now.

use super::families::{FamilyStep, Joining};
use super::rows::{Read, Row};
use crate::Integration;
use inventory::OPENING;
use model::{
    Action, Actor, Category, Checked, Costing, Field, Item, ItemId, ItemKind, ItemPatch, Limit, Mapping, NewItem,
    Product, PromisePolicy, Quantity, Result, RowFault, TaxClass, TaxClassId, Tracking,
};
use std::collections::{HashMap, HashSet};

/// Rows that are looked up at once, and that one act takes.
pub(super) const ROWS: usize = 500;
/// The most faults that are shown.
const FAULTS: usize = 200;

/// What is to be done with one row.
#[derive(Clone, Debug)]
pub(super) struct Step {
    /// The row's number in the file.
    pub row: u64,
    /// The item to add, when it is new.
    pub new: Option<NewItem>,
    pub sku: String,
    /// What is to be changed, for a new one after it was added; empty when nothing is.
    pub patch: ItemPatch,
    /// Opening stock to be booked.
    pub stock: Option<Quantity>,
    /// Its place in its family changes, once all items are in.
    pub joins: bool,
}

impl Step {
    /// Nothing is to be done with it yet.
    fn of(row: &Row) -> Self {
        let (sku, patch) = (row.sku.clone(), ItemPatch::default());
        Self { row: row.number, new: None, sku, patch, stock: None, joins: false }
    }

    /// The batch that its row belongs to, whatever is to be done with the others.
    pub(super) fn batch(&self) -> usize {
        usize::try_from(self.row).unwrap_or(usize::MAX) / ROWS
    }

    /// A known item becomes another.
    pub(super) fn changes(&self) -> bool {
        self.new.is_none() && (self.joins || !self.patch.is_empty())
    }
}

/// What a file would do.
#[derive(Default)]
pub(super) struct Plan {
    pub steps: Vec<Step>,
    /// The families to be saved after them.
    pub families: Vec<FamilyStep>,
    pub same: u64,
    pub faults: Vec<RowFault>,
}

impl Plan {
    pub(super) fn checked(&self) -> Checked {
        let count = |is: fn(&Step) -> bool| self.steps.iter().filter(|step| is(step)).count() as u64;
        let wrong: HashSet<u64> = self.faults.iter().map(|fault| fault.row).collect();
        Checked {
            new: count(|step| step.new.is_some()),
            changed: count(Step::changes),
            same: self.same,
            stocked: count(|step| step.stock.is_some()),
            wrong: wrong.len() as u64,
            faults: self.faults.iter().take(FAULTS).cloned().collect(),
        }
    }
}

impl Integration {
    /// Compares what was read with the catalogue and the stock of the store.
    pub(super) async fn plan(&self, actor: &Actor, mapping: &Mapping, read: Read) -> Result<Plan> {
        let store = self.inventory.store(actor, Action::Import, &mapping.store).await?;
        let Read { rows: all, faults, titles } = read;
        let title = |field| titles.get(&field).cloned().unwrap_or_default();
        let classes = self.inventory.tax_classes(actor).await?.data;
        let classes = Classes { column: title(Field::TaxClass), all: &classes };
        let mut plan = Plan { faults, ..Plan::default() };
        let mut sound: Vec<(&Row, Option<Step>)> = Vec::new();
        for rows in all.chunks(ROWS) {
            let skus: Vec<&str> = rows.iter().map(|row| row.sku.as_str()).collect();
            let known = self.inventory.products_of(actor, &skus).await?;
            let known: HashMap<&str, &Product> =
                known.iter().map(|product| (product.item.sku.as_str(), product)).collect();
            let codes: Vec<&str> =
                rows.iter().flat_map(|row| row.barcodes.iter().flatten()).map(String::as_str).collect();
            let owners = self.inventory.owners_of(actor, &codes).await?;
            let counted: Vec<&str> =
                rows.iter().filter(|row| row.quantity.is_some()).map(|row| row.sku.as_str()).collect();
            let moved = self.inventory.moved_otherwise(actor, &store.code, &counted, OPENING).await?;
            for row in rows {
                let known = known.get(row.sku.as_str()).copied();
                let step = classes.of(row).and_then(|class| step(row, known, class, &owners, mapping, &moved));
                match step {
                    Ok(step) => sound.push((row, step)),
                    Err(fault) => plan.faults.push(fault),
                }
            }
        }
        let rows: Vec<&Row> = sound.iter().map(|(row, _)| *row).collect();
        let Joining { families, joins, faults } = self.joining(actor, &rows, &title).await?;
        let wrong: HashSet<u64> = faults.iter().map(|fault| fault.row).collect();
        for (row, step) in sound.into_iter().filter(|(row, _)| !wrong.contains(&row.number)) {
            let joins = joins.contains(&row.number);
            match step {
                Some(step) => plan.steps.push(Step { joins, ..step }),
                None if joins => plan.steps.push(Step { joins, ..Step::of(row) }),
                None => plan.same += 1,
            }
        }
        plan.families = families;
        plan.faults.extend(faults);
        plan.faults.sort_by_key(|fault| fault.row);
        Ok(plan)
    }
}

/// The tax classes that there are: a file names one, and makes none, because it knows no rates.
struct Classes<'a> {
    /// What stands above their column.
    column: String,
    all: &'a [TaxClass],
}

impl Classes<'_> {
    /// The one that a row names, whatever its capitals.
    fn of(&self, row: &Row) -> Result<Option<TaxClassId>, RowFault> {
        let Some(name) = &row.tax_class else { return Ok(None) };
        let found = self.all.iter().find(|class| class.name.to_lowercase() == name.to_lowercase());
        found.map(|class| Some(class.id)).ok_or_else(|| RowFault {
            row: row.number,
            column: self.column.clone(),
            found: name.clone(),
            code: "unknown_tax_class".to_owned(),
            hint: self.all.iter().map(|class| class.name.as_str()).collect::<Vec<_>>().join(", "),
        })
    }
}

fn step(
    row: &Row,
    known: Option<&Product>,
    class: Option<TaxClassId>,
    owners: &HashMap<String, (String, bool)>,
    mapping: &Mapping,
    moved: &HashMap<String, bool>,
) -> Result<Option<Step>, RowFault> {
    let fault = |code: &str, found: &str, hint: &str| RowFault {
        row: row.number,
        column: String::new(),
        found: found.to_owned(),
        code: code.to_owned(),
        hint: hint.to_owned(),
    };
    for code in row.barcodes.iter().flatten() {
        if let Some((owner, _)) = owners.get(code).filter(|(owner, _)| *owner != row.sku) {
            return Err(fault("barcode_taken", code, owner));
        }
    }
    let new = match known {
        Some(_) => None,
        None => Some(new_item(row).ok_or_else(|| fault("no_name", "", &row.sku))?),
    };
    let seen = known.cloned().or_else(|| new.clone().map(added)).expect("it is known or new");
    let mut patch = ItemPatch { tax_class: class.map(Some), ..patch(row, &seen, mapping) };
    // A pack's barcode stays the pack's, though the file lists it with the item's own.
    let is_pack = |code: &String| owners.get(code).is_some_and(|(_, is_pack)| *is_pack);
    patch.barcodes.iter_mut().for_each(|codes| codes.retain(|code| !is_pack(code)));
    patch.barcodes = patch.barcodes.filter(|codes| !codes.is_empty());
    let wanted = patch.on(&seen);
    let patch = ItemPatch::between(&seen, &wanted);
    // Opening stock is booked where nothing else has moved the item, and only once.
    let open = !moved.get(&row.sku).copied().unwrap_or(false);
    let stock = row.quantity.filter(|size| open && *size != Quantity::ZERO && seen.item.kind == ItemKind::Stocked);
    if new.is_none() && patch.is_empty() && stock.is_none() {
        return Ok(None);
    }
    Ok(Some(Step { new, patch, stock, ..Step::of(row) }))
}

fn new_item(row: &Row) -> Option<NewItem> {
    Some(NewItem {
        id: ItemId::new(),
        sku: row.sku.clone(),
        name: row.name.clone()?,
        barcodes: row.barcodes.clone().unwrap_or_default(),
        packs: Vec::new(),
        unit: row.unit.clone().unwrap_or_else(|| "piece".to_owned()),
        price: row.price,
        kind: ItemKind::Stocked,
        costing: Costing::default(),
    })
}

fn added(new: NewItem) -> Product {
    let NewItem { id, sku, name, barcodes, packs, unit, price, kind, costing } = new;
    let (tracking, limits) = (Tracking::default(), Vec::new());
    let item = Item { id, sku, name, unit, price, kind, barcodes, packs, costing, tracking };
    let (image, promise, web_promise) = (None, PromisePolicy::default(), None);
    let (version, archived, category, tax_class, components) = (1, false, None, None, Vec::new());
    Product { item, version, archived, image, promise, web_promise, category, tax_class, components, limits }
}

/// Whatever the capitals.
fn is_of(seen: &Product, category: &str) -> bool {
    seen.category.as_ref().is_some_and(|known| Category::key(known) == Category::key(category))
}

/// What the row says; what it leaves empty stays. A file that names an archived item brings it back, unless it has a
/// column that says otherwise.
fn patch(row: &Row, seen: &Product, mapping: &Mapping) -> ItemPatch {
    let store = mapping.store.as_str();
    let kept = seen.limits.iter().find(|limit| limit.store == store);
    let limit = Limit {
        store: store.to_owned(),
        minimum: row.minimum.or(kept.and_then(|kept| kept.minimum)),
        maximum: row.maximum.or(kept.and_then(|kept| kept.maximum)),
    };
    ItemPatch {
        name: row.name.clone(),
        barcodes: row.barcodes.clone(),
        packs: None,
        unit: row.unit.clone(),
        price: row.price.map(Some),
        category: row.category.clone().filter(|name| !is_of(seen, name)).map(Some),
        archived: row.archived.or((seen.archived && !mapping.fields.contains(&Field::Archived)).then_some(false)),
        tax_class: None,
        image: None,
        promise: None,
        web_promise: None,
        tracking: None,
        costing: None,
        components: None,
        limits: (row.minimum.is_some() || row.maximum.is_some()).then(|| vec![limit]),
    }
}

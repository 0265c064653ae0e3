//! Proof for items: each is what the journal made of it, change by change.

use crate::category_names::{Names, Renamed};
use crate::close::ASIDE;
use crate::news::{Changes, added, put_aside};
use crate::verify::{BATCH, Finding, find};
use crate::{FamilySaved, Inventory, product};
use db::{Tx, fetch_all};
use model::{ItemId, ItemPatch, Product, PromisePolicy, Result, Scope};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// How many items are read at once.
const ITEMS: usize = 500;

impl Inventory {
    /// Compares every item, its barcodes and its limits with what the journal says, and every picture with its name.
    pub(crate) async fn items_against_journal(&self, tx: &mut Tx, findings: &mut Vec<Finding>) -> Result<()> {
        let (mut told, names) = self.told(tx, findings).await?;
        // PostgreSQL: an item whose last change waits for its seal is ahead of the journal.
        let waiting = !self.auth.log().waiting(tx).await?.is_empty();
        let now = names.now();
        let skus: Vec<(String,)> = fetch_all!(tx, "select sku from inventory_item order by sku")?;
        for chunk in skus.chunks(ITEMS) {
            let chunk: Vec<&str> = chunk.iter().map(|(sku,)| sku.as_str()).collect();
            for row in product::whole(tx, &chunk, &Scope::All).await? {
                let sku = row.item.sku.clone();
                let mut told = told.remove(&row.item.id);
                if let Some(told) = &mut told {
                    // A new name that waits for its seal is ahead of the journal too.
                    told.category = if waiting { row.category.clone() } else { called(&now, told.category.take()) };
                }
                match told {
                    Some(told) if told == row => {}
                    Some(told) if waiting && row.version > told.version => {}
                    None if waiting => {}
                    Some(_) => find(
                        findings,
                        "an item is what the journal says",
                        format!("item {sku} differs from the journal"),
                    ),
                    None => find(
                        findings,
                        "an item is what the journal says",
                        format!("item {sku} has no line in the journal"),
                    ),
                }
            }
        }
        for sku in told.into_values().map(|told| told.item.sku) {
            find(
                findings,
                "an item is what the journal says",
                format!("item {sku} is in the journal and nowhere else"),
            );
        }
        if !waiting {
            names.compare(tx, findings).await?;
        }
        pictures(tx, findings).await
    }

    /// Items as the journal makes them, each of a category by its first name, and what it calls those now.
    async fn told(&self, tx: &mut Tx, findings: &mut Vec<Finding>) -> Result<(HashMap<ItemId, Product>, Names)> {
        let (mut told, mut names, mut after) = (HashMap::new(), Names::default(), 0);
        loop {
            let lines = self.auth.log().read(tx, after, BATCH).await?;
            let Some(last) = lines.last() else { return Ok((told, names)) };
            after = last.seq;
            for line in &lines {
                let changes = if let Some(items) = added(line) {
                    told.extend(items.into_iter().map(|mut item| {
                        item.barcodes.sort();
                        item.packs.sort_by(|one, other| one.barcode.cmp(&other.barcode));
                        let (image, promise, web_promise) = (None, PromisePolicy::default(), None);
                        let (components, limits) = (Vec::new(), Vec::new());
                        let (version, archived, category, tax_class) = (1, false, None, None);
                        let product = Product {
                            item,
                            version,
                            archived,
                            image,
                            promise,
                            web_promise,
                            category,
                            tax_class,
                            components,
                            limits,
                        };
                        (product.item.id, product)
                    }));
                    // What a family made is like another item besides.
                    FamilySaved::of(line).map(|saved| saved.changes)
                } else {
                    Changes::of(line).map(|told| told.changes)
                };
                if let Some(changes) = changes {
                    for mut change in changes {
                        names.settle(&mut change.before);
                        names.settle(&mut change.after);
                        take(&mut told, &change, findings);
                    }
                } else if let Some(renamed) = Renamed::of(line) {
                    names.rename(&renamed);
                } else if let Some((closed, items)) = put_aside(line) {
                    for item in items {
                        told.entry(item).and_modify(|product| set_aside(product, closed));
                    }
                }
            }
        }
    }
}

/// The present name of the category that had that name first.
fn called(now: &HashMap<&str, &str>, first: Option<String>) -> Option<String> {
    first.map(|first| now.get(first.as_str()).map_or(first, |now| (*now).to_owned()))
}

/// With its store, an item leaves the catalogue and frees its SKU, or comes back.
fn set_aside(product: &mut Product, closed: bool) {
    let sku = &mut product.item.sku;
    if closed {
        sku.push_str(ASIDE);
    } else if let Some(own) = sku.strip_suffix(ASIDE) {
        *sku = own.to_owned();
    }
    product.archived = closed;
    product.version += 1;
}

fn take(told: &mut HashMap<ItemId, Product>, change: &model::ItemChange, findings: &mut Vec<Finding>) {
    let Some(known) = told.get_mut(&change.item) else {
        let what = format!("item {} was changed before it was added", change.sku);
        return find(findings, "an item is what the journal says", what);
    };
    let changed = Product { version: change.version, ..change.after.on(known) };
    let stood = ItemPatch::between(&changed, known) == change.before;
    if change.version != known.version + 1 || !stood {
        let what = format!("item {}: version {} does not follow version {}", change.sku, change.version, known.version);
        find(findings, "an item's version rises by 1 per change", what);
    }
    *known = changed;
}

/// A picture is named by the hash of what is stored.
async fn pictures(tx: &mut Tx, findings: &mut Vec<Finding>) -> Result<()> {
    let mut after = String::new();
    loop {
        let rows: Vec<(String, Vec<u8>)> =
            fetch_all!(tx, "select hash, bytes from inventory_image where hash > $1 order by hash limit 50", &after)?;
        let Some((last, _)) = rows.last() else { return Ok(()) };
        after.clone_from(last);
        for (hash, bytes) in rows {
            let found: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
            if found != hash {
                find(findings, "a picture is what its name says", format!("picture {hash} holds something else"));
            }
        }
    }
}

//! Changing items: never over what somebody else changed meanwhile, and every change can be undone by another one.

use crate::alter::{apply, wrong_digit};
use crate::event::Event;
use crate::family::told::Saved;
use crate::news::Changes;
use crate::{Inventory, category, code, exception, kit, product, stretch};
use auth::Act;
use db::{execute, fetch_optional, insert_rows};
use model::{
    Action, Actor, Changed, Error, Flaw, ItemChange, ItemPatch, JournalId, Limit, NewItem, Product, Refusal, Result,
    Reused, Scope, StoreId, Time,
};
use std::collections::HashMap;

/// The most items that one act changes.
const ITEMS_MAX: usize = 1_000;

/// A change of one item of many.
#[derive(Clone, Debug)]
pub struct Edit {
    /// Which.
    pub sku: String,
    /// What is different.
    pub patch: ItemPatch,
}

impl Inventory {
    /// Adds an item that a person typed in: the check digits of its barcodes are looked at too. Other systems' items are
    /// taken as they are: a till may use numbers of its own.
    pub async fn add_product(&self, actor: &Actor, new: NewItem) -> Result<Product> {
        let packs = new.packs.iter().filter_map(|pack| wrong_digit("packs", &pack.barcode));
        let flaws: Vec<Flaw> =
            new.barcodes.iter().filter_map(|code| wrong_digit("barcodes", code)).chain(packs).collect();
        if !flaws.is_empty() {
            return Err(Error::Invalid(flaws));
        }
        let item = self.add_item(actor, new).await?;
        Ok(self.product(actor, &item.sku).await?.data)
    }

    /// Changes an item that the author saw in that version; none for whichever it is.
    ///
    /// # Errors
    /// `Conflict(Version)` when it has another version by now; `Refused(BarcodeTaken)`; `Invalid`.
    pub async fn change_item(
        &self,
        actor: &Actor,
        sku: &str,
        if_version: Option<i64>,
        patch: ItemPatch,
    ) -> Result<Product> {
        let stores = self.limited(actor, patch.limits.as_deref()).await?;
        let mut act = self.auth.act(actor, Action::EditItems.anywhere()).await?;
        in_turn(&mut act, [&patch]).await?;
        let product = product::whole(&mut act, &[sku], &Scope::All).await?.pop().ok_or(Error::NotFound)?;
        if if_version.is_some_and(|version| version != product.version) {
            // What was seen may be a change that is not on disk yet.
            act.withdraw().await?;
            return Err(Error::Conflict(Reused::Version));
        }
        let Some(change) = apply(&mut act, vec![(&product, patch)], &stores).await?.pop() else {
            act.withdraw().await?;
            let product = seen_by(actor, self, product).await?;
            self.auth.keep_answer(actor, 200, &product, None).await?;
            return Ok(product);
        };
        let changed = Product { version: change.version, ..change.after.on(&product) };
        let changed = seen_by(actor, self, changed).await?;
        remember(&mut act, "").await?;
        let mut changes = Changes::of_one(change);
        changes.closed = exception::code::known(&mut act, changes.codes()).await?;
        let event = Event::ItemChanged(Box::new(changes));
        act.commit_answering(event, 200, &changed).await?.ok_or(Error::Busy)?;
        Ok(changed)
    }

    /// Changes these items, each as its edit says: one act, one journal line. Items that are so already stay.
    ///
    /// `cause` names what the act belongs to, such as an import; empty when it stands alone.
    pub async fn change_items(&self, actor: &Actor, edits: Vec<Edit>, cause: &str) -> Result<Changed> {
        within(edits.len())?;
        let limits: Vec<Limit> = edits.iter().flat_map(|edit| edit.patch.limits.clone().unwrap_or_default()).collect();
        let stores = self.limited(actor, Some(&limits)).await?;
        let act = self.auth.act(actor, Action::EditItems.anywhere()).await?;
        self.change_in(act, edits, &stores, cause).await
    }

    /// The same in an act that was begun.
    pub(crate) async fn change_in(
        &self,
        mut act: Act,
        edits: Vec<Edit>,
        stores: &HashMap<String, StoreId>,
        cause: &str,
    ) -> Result<Changed> {
        in_turn(&mut act, edits.iter().map(|edit| &edit.patch)).await?;
        let skus: Vec<&str> = edits.iter().map(|edit| edit.sku.as_str()).collect();
        let products = by_sku(&mut act, &skus).await?;
        let (mut wanted, mut kept) = (Vec::new(), Vec::new());
        for Edit { sku, patch } in edits {
            match products.get(&sku) {
                Some(product) => wanted.push((product, patch)),
                None => kept.push(sku),
            }
        }
        let changes = apply(&mut act, wanted, stores).await?;
        self.commit_changes(act, changes, kept, cause, None).await
    }

    /// Undoes an act that changed or added items by another act: what was changed gets its former values, what was added
    /// is archived. Fields that somebody changed since stay as they are; their items are told in `kept`.
    pub async fn undo_change(&self, actor: &Actor, journal: JournalId) -> Result<Changed> {
        let line = self.done_by(actor, journal).await?;
        if let Some(saved) = Saved::of(&line) {
            return self.undo_family(actor, journal, saved).await;
        }
        let mut done = Changes::of(&line).ok_or(Error::NotFound)?;
        let limits: Vec<Limit> =
            done.changes.iter().flat_map(|change| change.before.limits.clone().unwrap_or_default()).collect();
        let stores = self.limited(actor, Some(&limits)).await?;
        let mut act = self.auth.act(actor, Action::EditItems.anywhere()).await?;
        in_turn(&mut act, done.changes.iter().map(|change| &change.before)).await?;
        let row: Option<(Option<JournalId>, String)> =
            fetch_optional!(act, "select undone_by, cause from inventory_change where journal = $1", journal)?;
        let (undone, cause) = row.ok_or(Error::NotFound)?;
        if undone.is_some() {
            act.withdraw().await?;
            return Err(Refusal::AlreadyReversed.into());
        }
        category::as_called(&mut act, &mut done.changes).await?;
        let skus: Vec<&str> = done.changes.iter().map(|change| change.sku.as_str()).collect();
        let products = by_sku(&mut act, &skus).await?;
        let (mut wanted, mut kept) = (Vec::new(), Vec::new());
        for change in &done.changes {
            let Some(product) = products.get(&change.sku) else { continue };
            let (patch, all) = back(product, change);
            wanted.push((product, patch));
            if !all {
                kept.push(change.sku.clone());
            }
        }
        let changes = apply(&mut act, wanted, &stores).await?;
        let undone_by = act.journal();
        execute!(act, "update inventory_change set undone_by = $1 where journal = $2", undone_by, journal)?;
        let cause = if cause.is_empty() { cause } else { format!("undo of {cause}") };
        self.commit_changes(act, changes, kept, &cause, Some(journal)).await
    }

    /// The acts that belong to a cause and were not undone, the latest first.
    pub async fn changes_of(&self, actor: &Actor, cause: &str) -> Result<Vec<JournalId>> {
        let mut tx = self.auth.read(actor, Action::EditItems.anywhere()).await?;
        let rows: Vec<(JournalId,)> = db::fetch_all!(
            &mut tx,
            "select journal from inventory_change where cause = $1 and undone_by is null order by changed_at desc, journal desc",
            cause
        )?;
        Ok(rows.into_iter().map(|(journal,)| journal).collect())
    }

    /// The journal line that tells what an act changed.
    async fn done_by(&self, actor: &Actor, journal: JournalId) -> Result<log::Line> {
        let mut tx = self.auth.read(actor, Action::EditItems.anywhere()).await?;
        let known: Option<(JournalId,)> =
            fetch_optional!(&mut tx, "select journal from inventory_change where journal = $1", journal)?;
        // The journal is asked through a connection of its own, and only for what it has: for anything else it waits.
        drop(tx);
        known.ok_or(Error::NotFound)?;
        let seq = self.auth.log().seq_of(journal).await.ok_or(Error::Busy)?;
        let mut tx = self.auth.read(actor, Action::EditItems.anywhere()).await?;
        self.auth.log().read(&mut tx, seq - 1, 1).await?.pop().ok_or(Error::NotFound)
    }

    pub(crate) async fn commit_changes(
        &self,
        mut act: Act,
        changes: Vec<ItemChange>,
        kept: Vec<String>,
        cause: &str,
        undoes: Option<JournalId>,
    ) -> Result<Changed> {
        if changes.is_empty() && undoes.is_none() {
            act.withdraw().await?;
            return Ok(Changed { journal: None, changed: 0, kept });
        }
        let (journal, changed) = (act.journal(), changes.len() as u64);
        remember(&mut act, cause).await?;
        let mut changes = Changes { changes, cause: cause.to_owned(), undoes, closed: Vec::new() };
        changes.closed = exception::code::known(&mut act, changes.codes()).await?;
        act.commit(Event::ItemsChanged(changes)).await?;
        Ok(Changed { journal: Some(journal), changed, kept })
    }

    /// The stores of these limits, if they may set them there.
    pub(crate) async fn limited(&self, actor: &Actor, limits: Option<&[Limit]>) -> Result<HashMap<String, StoreId>> {
        let mut stores = HashMap::new();
        for limit in limits.unwrap_or_default() {
            if !stores.contains_key(&limit.store) {
                let site = self.site(actor, Action::EditItems, &limit.store).await?;
                stores.insert(limit.store.clone(), site.store.id);
            }
        }
        Ok(stores)
    }
}

/// May items get codes by it?
pub(crate) const fn gives_codes(patch: &ItemPatch) -> bool {
    patch.barcodes.is_some() || patch.packs.is_some()
}

/// Takes turns with whoever else gives codes to items, or says what kits are made of.
async fn in_turn<'a>(act: &mut Act, patches: impl IntoIterator<Item = &'a ItemPatch>) -> Result<()> {
    let (mut codes, mut kits) = (false, false);
    for patch in patches {
        codes |= gives_codes(patch);
        kits |= kit::concerns(patch);
    }
    if codes {
        code::one_at_a_time(act).await?;
    }
    if kits {
        kit::one_at_a_time(act).await?;
    }
    Ok(())
}

pub(crate) fn within(items: usize) -> Result<()> {
    if (1..=ITEMS_MAX).contains(&items) {
        return Ok(());
    }
    Err(Flaw::new("skus", "count", format!("change 1 to {ITEMS_MAX} items at once")).into())
}

/// Limits of stores that they may not see are left out.
async fn seen_by(actor: &Actor, inventory: &Inventory, mut product: Product) -> Result<Product> {
    let (mine, mut seen) = (actor.scope(Action::SeeStock), Vec::new());
    for limit in product.limits {
        if inventory.known_site(&limit.store).await?.is_some_and(|site| mine.holds(site.store.id)) {
            seen.push(limit);
        }
    }
    product.limits = seen;
    Ok(product)
}

pub(crate) async fn by_sku(act: &mut Act, skus: &[&str]) -> Result<HashMap<String, Product>> {
    let mut skus = skus.to_vec();
    skus.sort_unstable();
    skus.dedup();
    let products = product::whole(act, &skus, &Scope::All).await?;
    Ok(products.into_iter().map(|product| (product.item.sku.clone(), product)).collect())
}

/// What brings a changed item back, and whether that is all of it: what differs from what the change left was changed
/// by somebody since.
fn back(product: &Product, change: &ItemChange) -> (ItemPatch, bool) {
    let before = change.before.clone();
    let ItemPatch { name, barcodes, packs, unit, price, archived, image, promise, costing, tracking, .. } = before;
    let left = change.after.on(product);
    let patch = ItemPatch {
        name: name.filter(|_| left.item.name == product.item.name),
        barcodes: barcodes.filter(|_| left.item.barcodes == product.item.barcodes),
        packs: packs.filter(|_| left.item.packs == product.item.packs),
        unit: unit.filter(|_| left.item.unit == product.item.unit),
        price: price.filter(|_| left.item.price == product.item.price),
        archived: archived.filter(|_| left.archived == product.archived),
        image: image.filter(|_| left.image == product.image),
        promise: promise.filter(|_| left.promise == product.promise),
        web_promise: before.web_promise.filter(|_| left.web_promise == product.web_promise),
        costing: costing.filter(|_| left.item.costing == product.item.costing),
        tracking: tracking.filter(|_| left.item.tracking == product.item.tracking),
        category: before.category.filter(|_| left.category == product.category),
        tax_class: before.tax_class.filter(|_| left.tax_class == product.tax_class),
        components: before.components.filter(|_| left.components == product.components),
        limits: before.limits.filter(|_| left.limits == product.limits),
    };
    let all = patch == change.before;
    (patch, all)
}

/// Writes down that this act changed items, so that it can be found and undone.
pub(crate) async fn remember(act: &mut Act, cause: &str) -> Result<()> {
    stretch::split(act).await?;
    let (journal, now) = (act.journal(), Time::now());
    insert_rows!(
        act,
        "insert into inventory_change (journal, cause, changed_at) ",
        &[journal],
        |row, journal| {
            row.push_bind(*journal).push_bind(cause).push_bind(now);
        },
        // One that its author named is written down already.
        " on conflict (journal) do nothing"
    )?;
    Ok(())
}

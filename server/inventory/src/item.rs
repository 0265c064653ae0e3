//! Items: what is stocked or charged for.

use crate::{Event, Inventory, change, code, exception, index, pack, search, words};
use auth::Act;
use db::{Tx, fetch_all, query_rows};
use model::{
    Action, Actor, Channel, Costing, Error, Flaw, FoundItem, Item, ItemId, ItemKind, Money, NewItem, Pack, Page,
    PromisePolicy, Quantity, Refusal, Result, TaxClassId, Time, Tracking,
};
use std::collections::HashMap;

/// Which items a list shows.
#[derive(Clone, Debug, Default)]
pub struct ItemFilter {
    /// Words in the SKU, the name or a barcode; empty for all.
    pub search: String,
    /// The SKU after which the page starts.
    pub after: Option<String>,
    /// 1 to 200.
    pub limit: i64,
}

/// What posting needs to know of an item.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct ItemRow {
    pub(crate) id: ItemId,
    pub(crate) sku: String,
    pub(crate) name: String,
    pub(crate) unit: String,
    pub(crate) kind: String,
    pub(crate) price: Option<Money>,
    pub(crate) promise_policy: String,
    /// For what is promised over the web; as elsewhere when there is none.
    pub(crate) web_policy: Option<String>,
    pub(crate) costing: String,
    pub(crate) tracking: String,
    /// Read where it is sold.
    #[sqlx(default)]
    pub(crate) tax_class: Option<TaxClassId>,
    #[sqlx(default)]
    pub(crate) archived_at: Option<Time>,
}

impl ItemRow {
    pub(crate) fn stocked(&self) -> bool {
        self.kind == ItemKind::Stocked.name()
    }

    pub(crate) fn is_kit(&self) -> bool {
        self.kind == ItemKind::Kit.name()
    }

    /// What happens when more of it is promised over that channel than can be.
    pub(crate) fn policy(&self, channel: Channel) -> PromisePolicy {
        let web = self.web_policy.as_deref().filter(|_| channel == Channel::Web);
        PromisePolicy::named(web.unwrap_or(&self.promise_policy))
    }

    /// Are its goods told apart, by lot or one by one?
    pub(crate) fn has_lots(&self) -> bool {
        self.tracking != Tracking::None.name()
    }

    /// Are its goods told apart by lots of any size?
    pub(crate) fn by_lot(&self) -> bool {
        self.tracking == Tracking::Lot.name()
    }

    /// Is each piece told apart by its serial number?
    pub(crate) fn has_serials(&self) -> bool {
        self.tracking == Tracking::Serial.name()
    }

    pub(crate) fn with(self, codes: Codes) -> Item {
        let kind = ItemKind::named(&self.kind).unwrap_or_default();
        let costing = Costing::named(&self.costing).unwrap_or_default();
        Item {
            id: self.id,
            sku: self.sku,
            name: self.name,
            unit: self.unit,
            price: self.price,
            kind,
            barcodes: codes.barcodes,
            packs: codes.packs,
            costing,
            tracking: Tracking::named(&self.tracking),
        }
    }
}

/// What of an item is scanned, by barcode.
#[derive(Clone, Debug, Default)]
pub(crate) struct Codes {
    pub(crate) barcodes: Vec<String>,
    pub(crate) packs: Vec<Pack>,
}

impl Inventory {
    /// Adds an item; sending the same again (the same id) answers with it.
    pub async fn add_item(&self, actor: &Actor, new: NewItem) -> Result<Item> {
        let flaws = flaws_of_new("", &new);
        if !flaws.is_empty() {
            return Err(Error::Invalid(flaws));
        }
        let mut act = self.auth.act(actor, Action::EditItems.anywhere()).await?;
        code::one_at_a_time(&mut act).await?;
        let item = item_of(new);
        if insert(&mut act, std::slice::from_ref(&item)).await?.is_empty() {
            let known = known(&mut act, &item).await;
            // What was seen may be a twin's that is not on disk yet.
            act.withdraw().await?;
            let item = known?;
            self.auth.keep_answer(actor, 201, &item, None).await?;
            return Ok(item);
        }
        code::claim(&mut act, std::slice::from_ref(&item)).await?;
        index::add(&mut act, std::slice::from_ref(&item)).await?;
        change::remember(&mut act, "").await?;
        let closed = exception::code::known(&mut act, meaning(std::slice::from_ref(&item))).await?;
        let event = Event::ItemsAdded { items: vec![item.clone()], closed };
        act.commit_answering(event, 201, &item).await?.ok_or(Error::Busy)?;
        Ok(item)
    }

    /// Adds those of the items whose SKU is not known yet, all or none; answers with how many were added.
    pub async fn add_items(&self, actor: &Actor, new: Vec<NewItem>) -> Result<usize> {
        self.add_items_for(actor, new, "").await
    }

    /// The same for a cause, such as an import: by it the act is found again when it is undone.
    pub async fn add_items_for(&self, actor: &Actor, new: Vec<NewItem>, cause: &str) -> Result<usize> {
        let new_ones = new.iter().enumerate();
        let flaws: Vec<_> = new_ones.flat_map(|(at, new)| flaws_of_new(&format!("items[{at}]."), new)).collect();
        if !flaws.is_empty() {
            return Err(Error::Invalid(flaws));
        }
        let mut act = self.auth.act(actor, Action::EditItems.anywhere()).await?;
        code::one_at_a_time(&mut act).await?;
        let items: Vec<_> = new.into_iter().map(item_of).collect();
        let added: Vec<ItemId> = insert(&mut act, &items).await?;
        let items: Vec<_> = items.into_iter().filter(|item| added.contains(&item.id)).collect();
        if items.is_empty() {
            act.withdraw().await?;
            return Ok(0);
        }
        code::claim(&mut act, &items).await?;
        index::add(&mut act, &items).await?;
        let count = items.len();
        change::remember(&mut act, cause).await?;
        let closed = exception::code::known(&mut act, meaning(&items)).await?;
        act.commit(Event::ItemsAdded { items, closed }).await?;
        Ok(count)
    }

    /// A page of items by SKU; of those that come near to a search when nothing holds it.
    pub async fn items(&self, actor: &Actor, filter: &ItemFilter) -> Result<Page<Item>> {
        let mut tx = self.auth.read(actor, Action::SeeStock.anywhere()).await?;
        let limit = filter.limit.clamp(1, 200);
        let after = filter.after.as_deref().unwrap_or_default();
        let mut rows = holding(&mut tx, &filter.search, after, limit + 1).await?;
        if rows.is_empty()
            && let Some(meant) = search::meant(&mut tx, &filter.search).await?
        {
            rows = holding(&mut tx, &meant, after, limit + 1).await?;
        }
        let more = rows.len() > usize::try_from(limit).unwrap_or(usize::MAX);
        if more {
            rows.pop();
        }
        let next = more.then(|| rows.last().map(|row| row.sku.clone())).flatten();
        let mut codes = codes(&mut tx, &rows.iter().map(|row| row.id).collect::<Vec<_>>()).await?;
        let data = rows.into_iter().map(|row| {
            let codes = codes.remove(&row.id).unwrap_or_default();
            row.with(codes)
        });
        Ok(Page { data: data.collect(), as_of: self.auth.log().head(&mut tx).await?, next })
    }

    /// The item with exactly that SKU or barcode, or else the one whose number the code says, in whatever form; an
    /// archived one too, because a customer may hold it.
    pub async fn find_item(&self, actor: &Actor, code: &str) -> Result<Option<FoundItem>> {
        let mut tx = self.auth.read(actor, Action::SeeStock.anywhere()).await?;
        let Some(meant) = code::meant(&mut tx, code).await? else { return Ok(None) };
        let (quantity, pack, row) = (meant.amount()?, meant.pack, meant.item);
        let codes = codes(&mut tx, &[row.id]).await?.remove(&row.id).unwrap_or_default();
        Ok(Some(FoundItem { archived: row.archived_at.is_some(), item: row.with(codes), quantity, pack }))
    }
}

/// The items whose SKU, name and barcodes hold all words of a search, by SKU after that one.
pub(crate) async fn holding(tx: &mut Tx, search: &str, after: &str, limit: i64) -> Result<Vec<ItemRow>> {
    let [a, b, c, d, e, f] = words::words(search)?;
    Ok(fetch_all!(
        tx,
        "select id, sku, name, unit, kind, price, promise_policy, web_policy, costing, tracking from inventory_item
         where sku > $1 and archived_at is null
           and search like $2 escape '!' and search like $3 escape '!' and search like $4 escape '!'
           and search like $5 escape '!' and search like $6 escape '!' and search like $7 escape '!'
         order by sku limit $8",
        after,
        a,
        b,
        c,
        d,
        e,
        f,
        limit
    )?)
}

/// The items of these SKUs; archived ones too, because a fact is written down whatever the catalogue says. Unknown SKUs
/// are left out.
///
/// SQLite's one writer remembers them: [`forget`] whenever a row of `inventory_item` is changed.
pub(crate) async fn by_sku(tx: &mut Tx, skus: &[&str]) -> Result<HashMap<String, ItemRow>> {
    let Known(mut known) = tx.memo().and_then(db::Memo::take).unwrap_or_default();
    if known.len() + skus.len() > KNOWN_MAX {
        known.clear();
    }
    let unknown: Vec<&str> = skus.iter().copied().filter(|sku| !known.contains_key(*sku)).collect();
    if !unknown.is_empty() {
        known.extend(read_by_sku(tx, &unknown).await?);
    }
    let found = skus.iter().filter_map(|sku| known.get_key_value(*sku)).map(|(sku, row)| (sku.clone(), row.clone()));
    let found = found.collect();
    if let Some(memo) = tx.memo() {
        memo.keep(Known(known));
    }
    Ok(found)
}

/// What SQLite's writer knows of items, by their SKUs.
#[derive(Default)]
struct Known(HashMap<String, ItemRow>);

/// How many items it remembers at most: some MiB.
const KNOWN_MAX: usize = 20_000;

/// Items have changed: what is remembered of them is not true any more.
pub(crate) fn forget(tx: &mut Tx) {
    if let Some(memo) = tx.memo() {
        memo.take::<Known>();
    }
}

async fn read_by_sku(tx: &mut Tx, skus: &[&str]) -> Result<HashMap<String, ItemRow>> {
    let rows: Vec<ItemRow> = query_rows!(
        tx,
        "with wanted (sku) as (",
        skus,
        |row, sku| {
            row.push_bind(*sku);
        },
        ") select i.id, i.sku, i.name, i.unit, i.kind, i.price, i.promise_policy, i.web_policy, i.costing, i.tracking, i.tax_class
         from wanted join inventory_item i on i.sku = wanted.sku"
    )?;
    Ok(rows.into_iter().map(|row| (row.sku.clone(), row)).collect())
}

pub(crate) async fn codes(tx: &mut Tx, items: &[ItemId]) -> Result<HashMap<ItemId, Codes>> {
    let rows: Vec<(ItemId, String, Option<String>, Quantity)> = query_rows!(
        tx,
        "with wanted (item) as (",
        items,
        |row, item| {
            row.push_bind(*item);
        },
        ") select b.item, b.code, b.name, b.quantity from wanted join inventory_barcode b on b.item = wanted.item order by b.code"
    )?;
    let mut codes: HashMap<ItemId, Codes> = HashMap::new();
    for (item, barcode, name, quantity) in rows {
        let codes = codes.entry(item).or_default();
        match name {
            Some(name) => codes.packs.push(Pack { name, barcode, quantity }),
            None => codes.barcodes.push(barcode),
        }
    }
    Ok(codes)
}

/// All codes that mean one of these.
fn meaning(items: &[Item]) -> impl Iterator<Item = &str> {
    let barcodes = items.iter().flat_map(|item| item.barcodes.iter().chain([&item.sku]));
    let packs = items.iter().flat_map(|item| item.packs.iter().map(|pack| &pack.barcode));
    barcodes.chain(packs).map(String::as_str)
}

fn item_of(new: NewItem) -> Item {
    let NewItem { id, sku, name, barcodes, packs, unit, price, kind, costing } = new;
    let (name, tracking) = (name.trim().to_owned(), Tracking::default());
    Item { id, sku, name, unit, price, kind, barcodes, packs, costing, tracking }
}

/// Writes new items; answers with those whose id and SKU were free.
pub(crate) async fn insert(act: &mut Act, items: &[Item]) -> Result<Vec<ItemId>> {
    let now = Time::now();
    let added: Vec<(ItemId,)> = query_rows!(
        act,
        "insert into inventory_item (id, sku, name, unit, kind, price, promise_policy, costing, search, created_at) ",
        items,
        |row, item| {
            row.push_bind(item.id).push_bind(&item.sku).push_bind(&item.name).push_bind(&item.unit);
            row.push_bind(item.kind.name()).push_bind(item.price).push_bind("forbid");
            row.push_bind(item.costing.name());
            row.push_bind(words::search_text(item));
            row.push_bind(now);
        },
        " on conflict do nothing returning id"
    )?;
    Ok(added.into_iter().map(|(id,)| id).collect())
}

/// The same item sent again is no error; another one with its SKU, or its id with other content, is.
async fn known(act: &mut Act, item: &Item) -> Result<Item> {
    let Some(row) = code::find(act, &item.sku).await?.filter(|row| row.sku == item.sku) else {
        return Err(Error::Conflict(model::Reused::Id));
    };
    if row.id != item.id {
        return Err(Refusal::SkuTaken { sku: row.sku }.into());
    }
    let codes = codes(act, &[row.id]).await?.remove(&row.id).unwrap_or_default();
    let mut sent = item.clone();
    sent.barcodes.sort();
    sent.packs.sort_by(|one, other| one.barcode.cmp(&other.barcode));
    let known = row.with(codes);
    if known == sent { Ok(known) } else { Err(Error::Conflict(model::Reused::Id)) }
}

pub(crate) fn flaws(at: &str, new: &NewItem) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    let visible = |text: &str| text.chars().all(|c| !c.is_control()) && text.trim() == text;
    if new.sku.is_empty() || new.sku.chars().count() > 64 || !visible(&new.sku) {
        flaws.push(Flaw::new(format!("{at}sku"), "sku", "use 1 to 64 visible characters"));
    }
    if new.name.trim().is_empty() || new.name.chars().count() > 200 || new.name.chars().any(char::is_control) {
        flaws.push(Flaw::new(format!("{at}name"), "name", "use 1 to 200 visible characters"));
    }
    if new.unit.is_empty() || new.unit.chars().count() > 20 || !visible(&new.unit) {
        flaws.push(Flaw::new(format!("{at}unit"), "unit", "use 1 to 20 visible characters, such as piece or kg"));
    }
    if new.price.is_some_and(|price| price < Money::ZERO || price > Money::PRICE_MAX) {
        flaws.push(Flaw::new(format!("{at}price"), "price", "use a price from 0 to 1 000 000 000"));
    }
    let code = |code: &String| !code.is_empty() && code.chars().count() <= 128 && visible(code);
    if new.barcodes.len() > 50 || !new.barcodes.iter().all(code) {
        flaws.push(Flaw::new(
            format!("{at}barcodes"),
            "barcodes",
            "use at most 50 codes of 1 to 128 visible characters",
        ));
    }
    flaws.extend(pack::flaws(at, &new.sku, &new.barcodes, &new.packs));
    flaws
}

/// What is wrong with an item that is new.
pub(crate) fn flaws_of_new(at: &str, new: &NewItem) -> Vec<Flaw> {
    let mut flaws = flaws(at, new);
    if new.kind == ItemKind::Kit {
        let message = "add the item as stocked, then say what it is made of: that makes it a kit";
        flaws.push(Flaw::new(format!("{at}kind"), "kit", message));
    }
    flaws
}

//! The words by which items are found: written with each item, checked against it, and written anew.

use crate::close::ASIDE;
use crate::verify::{Finding, find};
use crate::{Event, Inventory, family, item, words};
use auth::Act;
use db::{Tx, execute, fetch_all, insert_rows, query_rows};
use model::{Action, Actor, Item, ItemId, Result};
use std::collections::{BTreeSet, HashMap};

/// How many items are looked at in one go.
const ITEMS: i64 = 500;

/// An item, with what is kept for finding it.
#[derive(sqlx::FromRow)]
struct Kept {
    id: ItemId,
    sku: String,
    name: String,
    search: String,
}

/// An item that is kept under other words than its own.
struct Amiss {
    id: ItemId,
    sku: String,
    /// What should be searched.
    search: String,
    words: BTreeSet<String>,
}

impl Inventory {
    /// Writes the words of the items that an earlier version left without; answers with how many there were.
    pub async fn write_search(&self, actor: &Actor) -> Result<usize> {
        let mut tx = self.auth.read(actor, Action::ManageStores.anywhere()).await?;
        let waiting = unwritten(&mut tx).await?;
        drop(tx);
        if waiting.is_empty() {
            return Ok(0);
        }
        let mut act = self.auth.act(actor, Action::ManageStores.anywhere()).await?;
        act.patient().await?;
        let mut written = 0;
        loop {
            let rows = unwritten(&mut act).await?;
            if rows.is_empty() {
                break;
            }
            written += rows.len();
            let amiss = amiss(&mut act, rows).await?;
            write(&mut act, &amiss).await?;
        }
        act.commit(Event::SearchWritten(written)).await?;
        Ok(written)
    }
}

/// Keeps the words of new items.
pub(crate) async fn add(act: &mut Act, items: &[Item]) -> Result<()> {
    let words: Vec<(String, ItemId)> =
        items.iter().flat_map(|item| words::of_name(&item.name).into_iter().map(|word| (word, item.id))).collect();
    insert(act, &words).await
}

/// Writes the words of these items anew where they are called otherwise now, or their family is.
pub(crate) async fn refresh(act: &mut Act, items: &[ItemId]) -> Result<()> {
    let rows: Vec<Kept> = query_rows!(
        act,
        "with wanted (id) as (",
        items,
        |row, item| {
            row.push_bind(*item);
        },
        ") select i.id, i.sku, i.name, i.search from wanted w join inventory_item i on i.id = w.id"
    )?;
    let amiss = amiss(act, rows).await?;
    write(act, &amiss).await
}

async fn insert(act: &mut Act, words: &[(String, ItemId)]) -> Result<()> {
    insert_rows!(
        act,
        "insert into inventory_word (word, item) ",
        words,
        |row, pair| {
            row.push_bind(&pair.0).push_bind(pair.1);
        },
        " on conflict do nothing"
    )?;
    Ok(())
}

/// Says which items are kept under other words than their own.
pub(crate) async fn compare(tx: &mut Tx, findings: &mut Vec<Finding>) -> Result<()> {
    let mut after = String::new();
    while let Some(rows) = page(tx, &mut after).await? {
        // What an earlier version wrote is written anew when the server starts.
        let rows = rows.into_iter().filter(|row| !row.search.is_empty()).collect();
        for item in amiss(tx, rows).await? {
            let what = format!("item {} is looked for under other words than its own", item.sku);
            find(findings, "an item is found by what it is called", what);
        }
    }
    let strays: Vec<(String,)> = fetch_all!(
        tx,
        "select word from inventory_word where item not in (select id from inventory_item) order by word limit 10"
    )?;
    for (word,) in strays {
        find(findings, "an item is found by what it is called", format!("the word {word} belongs to no item"));
    }
    let unfound: Vec<(String,)> = fetch_all!(
        tx,
        "select i.sku from inventory_item i
         where not exists (select 1 from inventory_search s
                           where s.id = i.id and s.search = i.search and s.sku = i.sku and s.name = i.name
                             and s.kind = i.kind and s.archived_at is not distinct from i.archived_at
                             and s.category is not distinct from i.category)
         order by i.sku limit 10"
    )?;
    for (sku,) in unfound {
        find(findings, "an item is found by what it is called", format!("a typed text does not lead to item {sku}"));
    }
    Ok(())
}

/// Writes anew what [`compare`] finds; answers with how many items there were.
pub(crate) async fn rebuild(act: &mut Act) -> Result<usize> {
    let (mut after, mut written) = (String::new(), 0);
    execute!(act, "delete from inventory_word where item not in (select id from inventory_item)")?;
    while let Some(rows) = page(act, &mut after).await? {
        let amiss = amiss(act, rows).await?;
        written += amiss.len();
        write(act, &amiss).await?;
    }
    Ok(written)
}

async fn unwritten(tx: &mut Tx) -> Result<Vec<Kept>> {
    Ok(fetch_all!(tx, "select id, sku, name, search from inventory_item where search = '' limit $1", ITEMS)?)
}

/// The items after that SKU, which moves on; `None` when there are no more.
async fn page(tx: &mut Tx, after: &mut String) -> Result<Option<Vec<Kept>>> {
    let rows: Vec<Kept> = fetch_all!(
        tx,
        "select id, sku, name, search from inventory_item where sku > $1 order by sku limit $2",
        after.as_str(),
        ITEMS
    )?;
    let Some(last) = rows.last() else { return Ok(None) };
    after.clone_from(&last.sku);
    Ok(Some(rows))
}

/// Those of the items whose words are not what they should be.
async fn amiss(tx: &mut Tx, rows: Vec<Kept>) -> Result<Vec<Amiss>> {
    let ids: Vec<ItemId> = rows.iter().map(|row| row.id).collect();
    let mut codes = item::codes(tx, &ids).await?;
    let pairs: Vec<(ItemId, String)> = query_rows!(
        tx,
        "with wanted (item) as (",
        &ids,
        |row, item| {
            row.push_bind(*item);
        },
        ") select w.item, w.word from wanted join inventory_word w on w.item = wanted.item"
    )?;
    let mut known: HashMap<ItemId, BTreeSet<String>> = HashMap::new();
    for (item, word) in pairs {
        known.entry(item).or_default().insert(word);
    }
    let families = family::names(tx, &ids).await?;
    let amiss = rows.into_iter().filter_map(|row| {
        // While its store is closed, an item's SKU has an ending of ours.
        let sku = row.sku.strip_suffix(ASIDE).unwrap_or(&row.sku);
        let item::Codes { mut barcodes, packs } = codes.remove(&row.id).unwrap_or_default();
        barcodes.extend(packs.into_iter().map(|pack| pack.barcode));
        // By what its family is called, it is found too.
        let name = families.get(&row.id).map_or_else(|| row.name.clone(), |family| format!("{} {family}", row.name));
        let (search, words) = (words::text_of(sku, &name, &barcodes), words::of_name(&name));
        let same = same_words(&search, &row.search) && words == known.remove(&row.id).unwrap_or_default();
        (!same).then_some(Amiss { id: row.id, sku: row.sku, search, words })
    });
    Ok(amiss.collect())
}

/// In whichever order: barcodes stand as they were given.
fn same_words(one: &str, other: &str) -> bool {
    let sorted = |text: &str| {
        let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
        words.sort();
        words
    };
    one == other || sorted(one) == sorted(other)
}

async fn write(act: &mut Act, amiss: &[Amiss]) -> Result<()> {
    for item in amiss {
        execute!(act, "update inventory_item set search = $1 where id = $2", &item.search, item.id)?;
        execute!(act, "delete from inventory_word where item = $1", item.id)?;
    }
    let words: Vec<(String, ItemId)> =
        amiss.iter().flat_map(|item| item.words.iter().map(|word| (word.clone(), item.id))).collect();
    insert(act, &words).await
}

//! Search: the items that a typed text may mean, also when it is not quite what they are called.

use crate::item::{self, ItemRow};
use crate::store::Site;
use crate::{Inventory, code, kit, stock, words};
use db::{Tx, fetch_all, fetch_optional, query_rows};
use model::{Action, Actor, Item, ItemId, Levels, Quantity, Result};
use std::collections::HashMap;

/// How many items a search answers with.
const HITS: usize = 20;
/// How many words are tried for a mistyped one.
const NEAR_WORDS: usize = 8;
/// How many items near to a search are looked at, when it has figures too.
const NEAR_ITEMS: i64 = 2_000;

/// An item that a search may mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The item.
    pub item: Item,
    /// What is on hand where the store sells, of a kit how many can be made; none for a service.
    pub on_hand: Option<Quantity>,
    /// What of that is promised and what is to come; none for a kit and for a service.
    pub levels: Option<Levels>,
    /// Nothing holds what was typed; this comes near to it.
    pub near: bool,
}

#[derive(sqlx::FromRow)]
struct Near {
    #[sqlx(flatten)]
    item: ItemRow,
    search: String,
}

impl Inventory {
    /// The items that a typed text may mean in a store, at most 20: the one with that code, then those that hold all its
    /// words, by SKU. When there is none, those with words near to the typed ones, the nearest first.
    pub async fn search(&self, actor: &Actor, store: &str, text: &str) -> Result<Vec<Hit>> {
        let site = self.site(actor, Action::SeeStock, store).await?;
        let mut tx = self.auth.read(actor, Action::SeeStock.at(site.store.id)).await?;
        let mut rows = exact(&mut tx, text).await?;
        let is_near = rows.is_empty();
        if is_near {
            rows = near(&mut tx, text).await?;
        }
        rows.truncate(HITS);
        hits(&mut tx, &site, rows, is_near).await
    }
}

async fn exact(tx: &mut Tx, text: &str) -> Result<Vec<ItemRow>> {
    let mut rows = item::holding(tx, text, "", HITS as i64).await?;
    let code = code::find(tx, text.trim()).await?.filter(|row| row.archived_at.is_none());
    if let Some(code) = code {
        rows.retain(|row| row.id != code.id);
        rows.insert(0, code);
    }
    Ok(rows)
}

/// The items that have, for each typed word, one that it may have been meant to be; the fewest slips first.
async fn near(tx: &mut Tx, text: &str) -> Result<Vec<ItemRow>> {
    let (typed, as_it_stands) = words::typed(text);
    if typed.is_empty() {
        return Ok(Vec::new());
    }
    let known = known_words(tx).await?;
    let mut wanted: Vec<(i64, &str, i64)> = Vec::new();
    for (part, typed) in (0..).zip(&typed) {
        let near = nearest(typed, &known);
        if near.is_empty() {
            return Ok(Vec::new());
        }
        wanted.extend(near.into_iter().map(|(slips, word)| (part, word, slips)));
    }
    let parts = i64::try_from(typed.len()).unwrap_or(i64::MAX);
    let most = if as_it_stands.is_empty() { HITS as i64 } else { NEAR_ITEMS };
    let rows: Vec<Near> = query_rows!(
        tx,
        "with wanted (part, word, slips, parts, most) as (",
        &wanted,
        |row, one| {
            row.push_bind(one.0).push_bind(one.1).push_bind(one.2).push_bind(parts).push_bind(most);
        },
        ") select i.id, i.sku, i.name, i.unit, i.kind, i.price, i.promise_policy, i.web_policy, i.costing, i.tracking, i.search
         from (select w.part, x.item, min(w.slips) as slips
               from wanted w join inventory_word x on x.word = w.word group by w.part, x.item) n
         join inventory_item i on i.id = n.item and i.archived_at is null
         group by i.id
         having count(*) = (select max(parts) from wanted)
         order by sum(n.slips), i.name, i.sku
         limit (select max(most) from wanted)"
    )?;
    let holds = |row: &Near| as_it_stands.iter().all(|word| row.search.contains(word.as_str()));
    Ok(rows.into_iter().filter(holds).map(|row| row.item).collect())
}

/// What a text was meant to be, for a list that holds nothing of it: the same with the nearest word of a name in the place
/// of each that is in no item at all. `None` when there is no such word, or nothing comes near to one. That goes by the
/// catalogue alone, so that it is the same for every window of a list.
pub(crate) async fn meant(tx: &mut Tx, text: &str) -> Result<Option<String>> {
    let (mut meant, as_it_stands) = words::typed(text);
    let mut strange = Vec::new();
    for (at, word) in meant.iter().enumerate() {
        let held: Option<(ItemId,)> =
            fetch_optional!(tx, "select id from inventory_search where search like $1 limit 1", format!("%{word}%"))?;
        if held.is_none() {
            strange.push(at);
        }
    }
    if strange.is_empty() {
        return Ok(None);
    }
    let known = known_words(tx).await?;
    for at in strange {
        let near = nearest(&meant[at], &known);
        let Some((_, word)) = near.first() else { return Ok(None) };
        meant[at] = (*word).to_owned();
    }
    meant.extend(as_it_stands);
    // A text may have become too long to be searched for.
    Ok(Some(meant.join(" ")).filter(|text| words::words(text).is_ok()))
}

/// Every word of letters in a name, each once. The index is left out between two of them: there are far fewer words than
/// items that have them.
async fn known_words(tx: &mut Tx) -> Result<Vec<(String,)>> {
    Ok(fetch_all!(
        tx,
        "with recursive known (word) as (
             select (select min(word) from inventory_word)
             union all
             select (select min(x.word) from inventory_word x where x.word > known.word)
             from known where known.word is not null
         ) select word from known where word is not null"
    )?)
}

fn nearest<'a>(typed: &str, known: &'a [(String,)]) -> Vec<(i64, &'a str)> {
    let mut near: Vec<(i64, &str)> =
        known.iter().filter_map(|(word,)| Some((words::slips(typed, word)?, word.as_str()))).collect();
    near.sort_by_key(|(slips, word)| (*slips, word.len(), *word));
    near.truncate(NEAR_WORDS);
    near
}

async fn hits(tx: &mut Tx, site: &Site, rows: Vec<ItemRow>, near: bool) -> Result<Vec<Hit>> {
    let ids: Vec<ItemId> = rows.iter().map(|row| row.id).collect();
    let mut codes = item::codes(tx, &ids).await?;
    let here = stock::shown(tx, site, &ids).await?;
    let here: HashMap<ItemId, Levels> = here.iter().map(|row| (row.item, row.into())).collect();
    let kits: Vec<ItemId> = rows.iter().filter(|row| row.is_kit()).map(|row| row.id).collect();
    let kits = kit::here(tx, site, &kits).await?;
    let hit = |row: ItemRow| {
        let levels = row.stocked().then(|| here.get(&row.id).copied().unwrap_or_default());
        let there = levels.map(|levels| levels.on_hand);
        let on_hand = there.or_else(|| kits.get(&row.id).map(|kit| Quantity::whole(kit.available)));
        let codes = codes.remove(&row.id).unwrap_or_default();
        Hit { item: row.with(codes), on_hand, levels, near }
    };
    Ok(rows.into_iter().map(hit).collect())
}

//! Price lists: prices beside an item's own, for some days, for many pieces, in one store or in all.

mod offer;
mod settle;
pub(crate) mod told;

pub(crate) use offer::holding;
pub(crate) use settle::{Priced, as_said, name, settle};

use crate::category::check as check_name;
use crate::document::day;
use crate::{Inventory, item};
use auth::Act;
use db::{Tx, execute, fetch_all, fetch_one, fetch_optional, insert_rows};
use model::{
    Action, Actor, Error, Flaw, ItemId, Money, NewPrice, NewPriceList, Page, PriceLine, PriceList, PriceListId, Prices,
    Quantity, Result, Reused, Scope, Since, StoreId, Time,
};
use std::collections::{BTreeMap, HashMap, HashSet};
use told::{Saved, Step};

/// The most lists that a house has.
const LISTS_MAX: i64 = 200;
/// The most lines of a list.
const LINES_MAX: usize = 1_000;
/// The most steps of an item in a list.
const STEPS_MAX: usize = 20;

#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Row {
    id: PriceListId,
    name: String,
    site: Option<StoreId>,
    store: Option<String>,
    from_day: Option<String>,
    to_day: Option<String>,
    active: i64,
    overrides: i64,
    version: i64,
    lines: i64,
}

impl From<Row> for PriceList {
    fn from(row: Row) -> Self {
        let Row { id, name, store, from_day, to_day, active, overrides, version, lines, .. } = row;
        Self { id, name, store, from_day, to_day, active: active != 0, overrides: overrides != 0, lines, version }
    }
}

/// Reads lists with the codes of their stores.
macro_rules! lists {
    ($tx:expr, $where:literal, $($bind:expr),*) => {
        fetch_all!(
            $tx,
            concat!(
                "select p.id, p.name, p.store as site, s.code as store, p.from_day, p.to_day, p.active, p.overrides, p.version,
                        (select count(*) from inventory_price l where l.list = p.id) as lines
                 from inventory_price_list p left join inventory_store s on s.id = p.store where ",
                $where,
                " order by p.key"
            ),
            $($bind),*
        )
    };
}

impl Inventory {
    /// The price lists of a store and those of all stores, by name.
    pub async fn price_lists(&self, actor: &Actor, store: &str) -> Result<Page<PriceList>> {
        let site = self.site(actor, Action::SeeStock, store).await?;
        let mut tx = self.auth.read(actor, Action::SeeStock.at(site.store.id)).await?;
        let rows: Vec<Row> = lists!(&mut tx, "p.store is null or p.store = $1", site.store.id)?;
        let data = rows.into_iter().map(PriceList::from).collect();
        Ok(Page { data, as_of: self.auth.log().head(&mut tx).await?, next: None })
    }

    /// A list with its lines.
    ///
    /// # Errors
    /// `NotFound`, also for a list of a store that is not theirs.
    pub async fn price_list(&self, actor: &Actor, id: PriceListId) -> Result<Since<Prices>> {
        let mut tx = self.auth.read(actor, Action::SeeStock.anywhere()).await?;
        let row = find(&mut tx, id).await?.filter(|row| theirs(&actor.scope(Action::SeeStock), row));
        let data = whole(&mut tx, row.ok_or(Error::NotFound)?).await?;
        let total = data.list.lines;
        Ok(Since { data, as_of: self.auth.log().head(&mut tx).await?, total })
    }

    /// Makes a list what its author says, all of it, or adds it; what is so already writes nothing. It is undone by saying
    /// what stood there before.
    ///
    /// A list of all stores needs the right in all of them. Errors: `Conflict(Version)` when it has another version by now;
    /// `NotFound`; `Invalid`.
    pub async fn save_price_list(&self, actor: &Actor, id: PriceListId, new: NewPriceList) -> Result<Prices> {
        let name = check(&new)?.to_owned();
        let site = match &new.store {
            Some(code) => Some(self.site(actor, Action::EditItems, code).await?),
            None => None,
        };
        let mut act = match &site {
            Some(site) => self.auth.act(actor, Action::EditItems.at(site.store.id)).await?,
            None => self.auth.act_everywhere(actor, Action::EditItems).await?,
        };
        act.alone("inventory_price_list").await?;
        let before = find(&mut act, id).await?;
        let mine = actor.scope(Action::EditItems);
        if before.as_ref().is_some_and(|row| row.site.map_or(mine != Scope::All, |site| !mine.holds(site))) {
            act.withdraw().await?;
            return Err(Error::NotFound);
        }
        let steps = steps(&mut act, &new.lines).await?;
        let known = match &before {
            Some(row) => Some((told::list_of(row), told::steps_of(&mut act, id).await?)),
            None => None,
        };
        let version = before.as_ref().map_or(0, |row| row.version);
        let list = told::List {
            id,
            name,
            store: site.as_ref().map(|site| site.store.id),
            from_day: new.from_day,
            to_day: new.to_day,
            active: new.active,
            overrides: new.overrides,
            version: version + 1,
        };
        let as_before = told::List { version, ..list.clone() };
        if known.as_ref().is_some_and(|(known, lines)| *known == as_before && *lines == steps) {
            let prices = whole(&mut act, before.ok_or(Error::NotFound)?).await?;
            // What was seen may be a twin's that is not on disk yet.
            act.withdraw().await?;
            self.auth.keep_answer(actor, 200, &prices, None).await?;
            return Ok(prices);
        }
        if new.version != version {
            act.withdraw().await?;
            return Err(Error::Conflict(Reused::Version));
        }
        room(&mut act, &list).await?;
        let gone: Vec<Step> = known.map(|(_, lines)| lines).unwrap_or_default();
        write(&mut act, &list, &steps).await?;
        let touched = gone.iter().chain(&steps).map(|step| (step.item, step.sku.clone())).collect::<BTreeMap<_, _>>();
        let row = find(&mut act, id).await?.ok_or(Error::NotFound)?;
        let prices = whole(&mut act, row).await?;
        act.conclude(Saved { list, steps, touched: touched.into_iter().collect() }, 200, &prices).await?;
        Ok(prices)
    }
}

fn theirs(scope: &Scope, row: &Row) -> bool {
    row.site.is_none_or(|site| scope.holds(site))
}

pub(super) async fn find(tx: &mut Tx, id: PriceListId) -> Result<Option<Row>> {
    let rows: Vec<Row> = lists!(tx, "p.id = $1", id)?;
    Ok(rows.into_iter().next())
}

async fn whole(tx: &mut Tx, row: Row) -> Result<Prices> {
    let rows: Vec<(String, String, Option<Money>, Quantity, Money)> = fetch_all!(
        tx,
        "select i.sku, i.name, i.price, l.least, l.price from inventory_price l join inventory_item i on i.id = l.item
         where l.list = $1 order by i.sku, l.least",
        row.id
    )?;
    let lines = rows.into_iter().map(|(sku, name, own, from, price)| PriceLine { sku, name, own, from, price });
    Ok(Prices { lines: lines.collect(), list: row.into() })
}

/// The lines with their items, in order.
async fn steps(act: &mut Act, lines: &[NewPrice]) -> Result<Vec<Step>> {
    let mut skus: Vec<&str> = lines.iter().map(|line| line.sku.as_str()).collect();
    skus.sort_unstable();
    skus.dedup();
    let items = item::by_sku(act, &skus).await?;
    let (mut steps, mut flaws) = (Vec::with_capacity(lines.len()), Vec::new());
    let mut seen: HashMap<ItemId, HashSet<Quantity>> = HashMap::new();
    for (at, line) in lines.iter().enumerate() {
        let Some(item) = items.get(&line.sku) else {
            let message = format!("there is no item {:?}; check the SKU", line.sku);
            flaws.push(Flaw::new(format!("lines[{at}].sku"), "unknown_sku", message));
            continue;
        };
        let known = seen.entry(item.id).or_default();
        if !known.insert(line.from) {
            let message = format!("{} has two prices from {} on; leave one out", line.sku, line.from);
            flaws.push(Flaw::new(format!("lines[{at}].from"), "twice", message));
        } else if known.len() > STEPS_MAX {
            let message = format!("an item has at most {STEPS_MAX} steps in a list");
            flaws.push(Flaw::new(format!("lines[{at}].from"), "count", message));
        }
        steps.push(Step { item: item.id, sku: line.sku.clone(), from: line.from, price: line.price });
    }
    if !flaws.is_empty() {
        return Err(Error::Invalid(flaws));
    }
    steps.sort_by_key(|step| (step.item, step.from));
    Ok(steps)
}

/// Is there room for it, and is its name its own?
async fn room(act: &mut Act, list: &told::List) -> Result<()> {
    let key = list.name.to_lowercase();
    let taken: Option<(String,)> =
        fetch_optional!(act, "select name from inventory_price_list where key = $1 and id <> $2", &key, list.id)?;
    if taken.is_some() {
        let message = format!("another list is called {}; use another name", list.name);
        return Err(Flaw::new("name", "list_taken", message).into());
    }
    let (count,): (i64,) = fetch_one!(act, "select count(*) from inventory_price_list where id <> $1", list.id)?;
    if count >= LISTS_MAX {
        let message = format!("there are {LISTS_MAX} lists already; change one of them");
        return Err(Flaw::new("name", "count", message).into());
    }
    Ok(())
}

async fn write(act: &mut Act, list: &told::List, steps: &[Step]) -> Result<()> {
    execute!(
        act,
        "insert into inventory_price_list (id, name, key, store, from_day, to_day, active, overrides, version, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         on conflict (id) do update set name = excluded.name, key = excluded.key, store = excluded.store,
                from_day = excluded.from_day, to_day = excluded.to_day, active = excluded.active,
                overrides = excluded.overrides, version = excluded.version",
        list.id,
        &list.name,
        list.name.to_lowercase(),
        list.store,
        list.from_day.as_deref(),
        list.to_day.as_deref(),
        i64::from(list.active),
        i64::from(list.overrides),
        list.version,
        Time::now()
    )?;
    execute!(act, "delete from inventory_price where list = $1", list.id)?;
    if steps.is_empty() {
        return Ok(());
    }
    insert_rows!(
        act,
        "insert into inventory_price (list, item, least, price) ",
        steps,
        |row, step| {
            row.push_bind(list.id).push_bind(step.item).push_bind(step.from).push_bind(step.price);
        },
        ""
    )?;
    Ok(())
}

/// The name of a list that is sound.
fn check(new: &NewPriceList) -> Result<&str> {
    let name =
        check_name(&new.name).map_err(|_| Error::from(Flaw::new("name", "name", "use 1 to 40 visible characters")))?;
    let mut flaws = Vec::new();
    let days = [("from_day", &new.from_day), ("to_day", &new.to_day)];
    for (field, text) in days {
        if text.as_ref().is_some_and(|text| day(text).is_none()) {
            flaws.push(Flaw::new(field, "day", "write the day as 2026-12-24, or leave it out"));
        }
    }
    if new.from_day.as_ref().zip(new.to_day.as_ref()).is_some_and(|(from, to)| to < from) {
        flaws.push(Flaw::new("to_day", "day_order", "the last day is before the first; swap them"));
    }
    if new.lines.len() > LINES_MAX {
        flaws.push(Flaw::new("lines", "line_count", format!("a list has at most {LINES_MAX} lines")));
    }
    for (at, line) in new.lines.iter().enumerate().take(LINES_MAX) {
        if line.from <= Quantity::ZERO || line.from > Quantity::LINE_MAX {
            let message = format!("use a quantity above 0, at most {}", Quantity::LINE_MAX);
            flaws.push(Flaw::new(format!("lines[{at}].from"), "quantity", message));
        }
        if line.price < Money::ZERO || line.price > Money::PRICE_MAX {
            flaws.push(Flaw::new(format!("lines[{at}].price"), "price", "use a price from 0 to 1 000 000 000"));
        }
    }
    if flaws.is_empty() { Ok(name) } else { Err(Error::Invalid(flaws)) }
}

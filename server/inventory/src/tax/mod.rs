//! Tax classes: named, with rates by day; a sale keeps the rates of its day.

mod ahead;
mod kept;
mod settle;
pub(crate) mod told;

pub(crate) use ahead::on;
pub(crate) use kept::{compare, of_lines, strays, write};
pub(crate) use settle::of;

use crate::category::check as check_name;
use crate::{Inventory, document};
use auth::Act;
use db::{Tx, execute, fetch_all, fetch_one, fetch_optional, insert_rows, query_rows};
use model::{
    Action, Actor, Error, Flaw, ItemId, NewTaxClass, Page, Product, Quantity, Result, Reused, TaxClass, TaxClassId,
    TaxRate, Time,
};
use std::collections::HashMap;
use told::{Saved, Told};

/// The most classes that a house has.
const CLASSES_MAX: i64 = 50;
/// The most rates of a class.
const RATES_MAX: usize = 50;
/// A rate has three digits after the point.
const RATE_STEP: i64 = 100;

impl Inventory {
    /// All tax classes, by name.
    pub async fn tax_classes(&self, actor: &Actor) -> Result<Page<TaxClass>> {
        let mut tx = self.auth.read(actor, Action::SeeStock.anywhere()).await?;
        let data = all(&mut tx, None).await?;
        Ok(Page { data, as_of: self.auth.log().head(&mut tx).await?, next: None })
    }

    /// One of them.
    pub async fn tax_class(&self, actor: &Actor, id: TaxClassId) -> Result<TaxClass> {
        let mut tx = self.auth.read(actor, Action::SeeStock.anywhere()).await?;
        all(&mut tx, Some(id)).await?.pop().ok_or(Error::NotFound)
    }

    /// Makes a class what its author says, all of it, or adds it; what is so already writes nothing. It is undone by saying
    /// what stood there before. It holds in all stores, and so needs the right in all of them.
    ///
    /// # Errors
    /// `Conflict(Version)` when it has another version by now; `Invalid`.
    pub async fn save_tax_class(&self, actor: &Actor, id: TaxClassId, new: NewTaxClass) -> Result<TaxClass> {
        let told = check(id, &new)?;
        let mut act = self.auth.act_everywhere(actor, Action::EditItems).await?;
        act.alone("inventory_tax_class").await?;
        let before = all(&mut act, Some(id)).await?.pop();
        let version = before.as_ref().map_or(0, |class| class.version);
        let known = before.as_ref().map(Told::of);
        if known == Some(Told { version, ..told.clone() }) {
            let class = before.ok_or(Error::NotFound)?;
            // What was seen may be a twin's that is not on disk yet.
            act.withdraw().await?;
            self.auth.keep_answer(actor, 200, &class, None).await?;
            return Ok(class);
        }
        if new.version != version {
            act.withdraw().await?;
            return Err(Error::Conflict(Reused::Version));
        }
        let told = Told { version: version + 1, ..told };
        room(&mut act, &told).await?;
        store(&mut act, &told).await?;
        settle::forget(&mut act);
        let class = all(&mut act, Some(id)).await?.pop().ok_or(Error::NotFound)?;
        act.conclude(Saved { class: told }, 200, &class).await?;
        Ok(class)
    }
}

/// The names of the classes of those of these items that have one.
pub(crate) async fn names(tx: &mut Tx, items: &[ItemId]) -> Result<HashMap<ItemId, String>> {
    let rows: Vec<(ItemId, String)> = query_rows!(
        tx,
        "with wanted (item) as (",
        items,
        |row, item| {
            row.push_bind(*item);
        },
        ") select i.id, c.name from wanted w join inventory_item i on i.id = w.item
         join inventory_tax_class c on c.id = i.tax_class"
    )?;
    Ok(rows.into_iter().collect())
}

/// The class of that id, or all of them.
async fn all(tx: &mut Tx, id: Option<TaxClassId>) -> Result<Vec<TaxClass>> {
    let classes: Vec<(TaxClassId, String, i64, i64)> = fetch_all!(
        tx,
        "select c.id, c.name, c.version, (select count(*) from inventory_item i where i.tax_class = c.id and i.archived_at is null)
         from inventory_tax_class c where c.id = coalesce($1, c.id) order by c.key",
        id
    )?;
    let rates: Vec<(TaxClassId, String, Quantity)> = fetch_all!(
        tx,
        "select class, from_day, rate from inventory_tax_rate where class = coalesce($1, class) order by class, from_day",
        id
    )?;
    let mut by_class: HashMap<TaxClassId, Vec<TaxRate>> = HashMap::new();
    for (class, day, rate) in rates {
        let from_day = Some(day).filter(|day| !day.is_empty());
        by_class.entry(class).or_default().push(TaxRate { from_day, rate });
    }
    let class = |(id, name, version, items)| {
        let rates = by_class.remove(&id).unwrap_or_default();
        TaxClass { id, name, rates, items, version }
    };
    Ok(classes.into_iter().map(class).collect())
}

/// Is the class there that an item is to be of?
pub(crate) async fn check_class(tx: &mut Tx, product: &Product, new: &Product) -> Result<()> {
    let Some(class) = new.tax_class.filter(|class| product.tax_class != Some(*class)) else { return Ok(()) };
    let known: Option<(TaxClassId,)> = fetch_optional!(tx, "select id from inventory_tax_class where id = $1", class)?;
    known.map(drop).ok_or_else(|| {
        Flaw::new("tax_class", "unknown_tax_class", "there is no such tax class; choose one that is there").into()
    })
}

/// The class as it is to be, its rates by day.
fn check(id: TaxClassId, new: &NewTaxClass) -> Result<Told> {
    let name =
        check_name(&new.name).map_err(|_| Error::from(Flaw::new("name", "name", "use 1 to 40 visible characters")))?;
    let mut flaws = Vec::new();
    if new.rates.len() > RATES_MAX {
        flaws.push(Flaw::new("rates", "line_count", format!("a class has at most {RATES_MAX} rates")));
    }
    let mut rates = new.rates.clone();
    rates.sort_by(|one, other| one.from_day.cmp(&other.from_day));
    for (at, rate) in new.rates.iter().enumerate().take(RATES_MAX) {
        if rate.from_day.as_ref().is_some_and(|day| document::day(day).is_none()) {
            let message = "write the day as 2026-12-24, or leave it out";
            flaws.push(Flaw::new(format!("rates[{at}].from_day"), "day", message));
        }
        let most = Quantity::whole(100);
        if rate.rate < Quantity::ZERO || rate.rate > most || rate.rate.parts() % RATE_STEP != 0 {
            let message = "use percent from 0 to 100, with at most three digits after the point";
            flaws.push(Flaw::new(format!("rates[{at}].rate"), "rate", message));
        }
    }
    if rates.windows(2).any(|pair| pair[0].from_day == pair[1].from_day) {
        flaws.push(Flaw::new("rates", "twice", "two rates begin on the same day; leave one out"));
    }
    if flaws.is_empty() {
        Ok(Told { id, name: name.to_owned(), rates, version: 0 })
    } else {
        Err(Error::Invalid(flaws))
    }
}

/// Is there room for it, and is its name its own?
async fn room(act: &mut Act, class: &Told) -> Result<()> {
    let (taken, count): (i64, i64) = fetch_one!(
        act,
        "select (select count(*) from inventory_tax_class where key = $1 and id <> $2),
                (select count(*) from inventory_tax_class where id <> $2)",
        class.name.to_lowercase(),
        class.id
    )?;
    if taken > 0 {
        let message = format!("another tax class is called {}; use another name", class.name);
        return Err(Flaw::new("name", "class_taken", message).into());
    }
    if count >= CLASSES_MAX {
        let message = format!("there are {CLASSES_MAX} tax classes already; change one of them");
        return Err(Flaw::new("name", "count", message).into());
    }
    Ok(())
}

async fn store(act: &mut Act, class: &Told) -> Result<()> {
    execute!(
        act,
        "insert into inventory_tax_class (id, name, key, version, created_at) values ($1, $2, $3, $4, $5)
         on conflict (id) do update set name = excluded.name, key = excluded.key, version = excluded.version",
        class.id,
        &class.name,
        class.name.to_lowercase(),
        class.version,
        Time::now()
    )?;
    execute!(act, "delete from inventory_tax_rate where class = $1", class.id)?;
    if class.rates.is_empty() {
        return Ok(());
    }
    insert_rows!(
        act,
        "insert into inventory_tax_rate (class, from_day, rate) ",
        &class.rates,
        |row, rate| {
            row.push_bind(class.id).push_bind(rate.from_day.clone().unwrap_or_default()).push_bind(rate.rate);
        },
        ""
    )?;
    Ok(())
}

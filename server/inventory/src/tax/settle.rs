//! The rates of a document's lines: those of its day, or those of what it undoes or brings back.

use crate::document::Draft;
use crate::item::ItemRow;
use crate::posting::stored;
use crate::store::Site;
use auth::Act;
use db::{Tx, fetch_optional, query_rows};
use model::{DocumentKind, LineTax, Quantity, Receipt, Result, TaxClassId, Time};
use std::collections::HashMap;

/// What SQLite's writer knows of rates, by class and day; [`forget`] whenever a class is changed.
#[derive(Default)]
struct Known(HashMap<(TaxClassId, String), Option<LineTax>>);

/// How many it remembers at most.
const KNOWN_MAX: usize = 2_000;

/// Rates have changed: what is remembered of them is not true any more.
pub(crate) fn forget(tx: &mut Tx) {
    if let Some(memo) = tx.memo() {
        memo.take::<Known>();
    }
}

/// By which rate each line of a draft's document holds tax, in their order; only what customers pay or are paid does.
pub(crate) async fn of(act: &mut Act, site: &Site, draft: &Draft, at: Time) -> Result<Vec<Option<LineTax>>> {
    let items = draft.items();
    if !matches!(draft.effect, DocumentKind::Sale | DocumentKind::Return) {
        return Ok(vec![None; items.len()]);
    }
    if let Some(original) = draft.reverses {
        let lines = receipt(act, original).await?.map(|receipt| receipt.lines).unwrap_or_default();
        let mut taxes: Vec<Option<LineTax>> = lines.into_iter().map(|line| line.tax).collect();
        taxes.resize(items.len(), None);
        return Ok(taxes);
    }
    let sale = match draft.returns {
        Some(sale) => receipt(act, sale).await?,
        None => None,
    };
    let rates = rates(act, &items, &site.local(at)[..10]).await?;
    let sold = |item: &ItemRow| {
        let sold = sale.as_ref()?.lines.iter().find(|sold| sold.sku == item.sku)?;
        Some(sold.tax.clone())
    };
    let now = |item: &ItemRow| item.tax_class.and_then(|class| rates.get(&class).cloned());
    Ok(items.into_iter().map(|item| sold(item).unwrap_or_else(|| now(item))).collect())
}

/// What was answered to a posting that this one is about.
async fn receipt(act: &mut Act, id: model::PostingId) -> Result<Option<Receipt>> {
    let row: Option<(String,)> =
        fetch_optional!(act, "select answer from inventory_posting where id = $1 and outcome = 'posted'", id)?;
    row.map(|(answer,)| stored(&answer)).transpose()
}

/// The rates of that day of the classes that these items are of.
async fn rates(act: &mut Act, items: &[&ItemRow], day: &str) -> Result<HashMap<TaxClassId, LineTax>> {
    let mut wanted: Vec<TaxClassId> = items.iter().filter_map(|item| item.tax_class).collect();
    if wanted.is_empty() {
        return Ok(HashMap::new());
    }
    wanted.sort_unstable();
    wanted.dedup();
    let Known(mut known) = act.memo().and_then(db::Memo::take).unwrap_or_default();
    if known.len() + wanted.len() > KNOWN_MAX {
        known.clear();
    }
    let key = |class: &TaxClassId| (*class, day.to_owned());
    let unknown: Vec<TaxClassId> = wanted.iter().copied().filter(|class| !known.contains_key(&key(class))).collect();
    if !unknown.is_empty() {
        let mut read = read(act, &unknown, day).await?;
        known.extend(unknown.iter().map(|class| (key(class), read.remove(class))));
    }
    let found = wanted.iter().filter_map(|class| Some((*class, known.get(&key(class))?.clone()?))).collect();
    if let Some(memo) = act.memo() {
        memo.keep(Known(known));
    }
    Ok(found)
}

/// The same from the tables.
pub(super) async fn read(tx: &mut Tx, classes: &[TaxClassId], day: &str) -> Result<HashMap<TaxClassId, LineTax>> {
    let rows: Vec<(TaxClassId, String, Quantity)> = query_rows!(
        tx,
        "with wanted (class, day) as (",
        classes,
        |row, class| {
            row.push_bind(*class).push_bind(day);
        },
        ") select c.id, c.name, r.rate from wanted w join inventory_tax_class c on c.id = w.class
         join inventory_tax_rate r on r.class = w.class
          and r.from_day = (select max(x.from_day) from inventory_tax_rate x where x.class = w.class and x.from_day <= w.day)"
    )?;
    Ok(rows.into_iter().map(|(id, class, rate)| (id, LineTax { class, rate })).collect())
}

//! At which price a sale's lines are sold, and by which list.

use super::offer::holding;
use crate::document::{Document, DocumentLine};
use crate::item::ItemRow;
use crate::store::Site;
use auth::Act;
use db::query_rows;
use model::{DocumentKind, Error, Flaw, ItemId, LineList, Money, PriceListId, Quantity, Result, Time, best};
use std::collections::HashMap;

/// The price of one, and what the list is called that it is from.
#[derive(Clone, Debug, Default)]
pub(crate) struct Priced {
    pub(crate) price: Option<Money>,
    pub(crate) list: Option<String>,
}

/// What each line costs: what the document says, else the best offer of that day for all of its lines of that item
/// together, else the item's own price. A list that a till names is only told: what was charged is a fact, whatever the
/// list says by now.
///
/// # Errors
/// `Invalid` for a list that there is not.
pub(crate) async fn settle(
    act: &mut Act,
    site: &Site,
    document: &Document,
    items: &HashMap<String, ItemRow>,
) -> Result<Vec<Priced>> {
    let paid = matches!(document.kind, DocumentKind::Sale | DocumentKind::Return);
    let open = |price: Option<Money>| price.is_none() && document.kind == DocumentKind::Sale;
    let named: Vec<PriceListId> = document.lines.iter().filter_map(|line| line.list).collect();
    let mut wanted: Vec<ItemId> = Vec::new();
    for line in document.lines.iter().filter(|line| open(line.unit_price)) {
        wanted.extend(items.get(&line.sku).map(|item| item.id));
    }
    wanted.sort_unstable();
    wanted.dedup();
    let at = document.occurred_at.unwrap_or_else(Time::now);
    let offers = holding(act, site, &wanted, at).await?;
    let names = names(act, &named).await?;
    let mut sold: HashMap<&str, Vec<Quantity>> = HashMap::new();
    for line in &document.lines {
        sold.entry(&line.sku).or_default().push(line.quantity);
    }
    let mut priced = Vec::with_capacity(document.lines.len());
    for (at, line) in document.lines.iter().enumerate() {
        let list = line.list.map(|id| names.get(&id).cloned().ok_or_else(|| unknown(at))).transpose()?;
        // An item that is not there is told elsewhere.
        let Some(item) = items.get(&line.sku) else {
            priced.push(Priced::default());
            continue;
        };
        let own = item.price.filter(|_| paid);
        let offer = offers.get(&item.id).filter(|_| open(line.unit_price));
        let sold = sold.get(line.sku.as_str()).into_iter().flatten().copied();
        priced.push(match offer.and_then(|offers| best(own, offers, sold)) {
            Some(offer) => Priced { price: Some(offer.price), list: Some(offer.name.clone()) },
            None => Priced { price: line.unit_price.or(own), list },
        });
    }
    Ok(priced)
}

/// What each line costs as the document says it: what comes in is on no list.
pub(crate) fn as_said(document: &Document) -> Vec<Priced> {
    document.lines.iter().map(|line| Priced { price: line.unit_price, list: None }).collect()
}

/// Gives each line the list that the sale names for it.
pub(crate) fn name(lines: &mut [DocumentLine], lists: &[LineList]) -> Result<()> {
    let mut flaws = Vec::new();
    if lists.len() > lines.len() {
        flaws.push(Flaw::new("lists", "line_count", "name one list for each line at most"));
    }
    for (nth, named) in lists.iter().enumerate().take(lines.len()) {
        let at = usize::try_from(named.line).unwrap_or_default().wrapping_sub(1);
        let field = format!("lists[{nth}].line");
        match lines.get_mut(at) {
            Some(line) if line.list.is_some() => flaws.push(Flaw::new(field, "line_twice", "name each line once")),
            Some(line) if line.unit_price.is_none() => {
                let message = "say the price too, or leave the list out: then the price is looked up";
                flaws.push(Flaw::new(field, "no_price", message));
            }
            Some(line) => line.list = Some(named.list),
            None => {
                flaws.push(Flaw::new(field, "unknown_line", "the sale has no such line; lines count from 1"));
            }
        }
    }
    if flaws.is_empty() { Ok(()) } else { Err(Error::Invalid(flaws)) }
}

fn unknown(at: usize) -> Error {
    Flaw::new(format!("lines[{at}].list"), "unknown_list", "there is no such price list; leave it out").into()
}

async fn names(act: &mut Act, lists: &[PriceListId]) -> Result<HashMap<PriceListId, String>> {
    if lists.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(PriceListId, String)> = query_rows!(
        act,
        "with wanted (list) as (",
        lists,
        |row, list| {
            row.push_bind(*list);
        },
        ") select distinct p.id, p.name from wanted join inventory_price_list p on p.id = wanted.list"
    )?;
    Ok(rows.into_iter().collect())
}

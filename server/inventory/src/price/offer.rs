//! What lists offer for items in a store, with the moments between which each price holds there.

use crate::Inventory;
use crate::store::Site;
use db::{Tx, query_rows};
use model::{Action, Actor, ItemId, Money, Offer, PriceListId, Quantity, Result, Time};
use std::collections::HashMap;

/// The most offers of an item that are told to a till; who has more lists than that looks at them on the page.
const OFFERS_MAX: usize = 100;

#[derive(sqlx::FromRow)]
struct Row {
    item: ItemId,
    list: PriceListId,
    name: String,
    least: Quantity,
    price: Money,
    overrides: i64,
    from_day: Option<String>,
    to_day: Option<String>,
}

impl Inventory {
    /// What lists offer for an item in a store, now or later: a till goes on by it without a connection.
    pub async fn offers(&self, actor: &Actor, store: &str, item: ItemId) -> Result<Vec<Offer>> {
        let site = self.site(actor, Action::SeeStock, store).await?;
        let mut tx = self.auth.read(actor, Action::SeeStock.at(site.store.id)).await?;
        let today = site.local(Time::now())[..10].to_owned();
        let mut found = offers(&mut tx, &site, &[item], &today).await?.remove(&item).unwrap_or_default();
        found.truncate(OFFERS_MAX);
        Ok(found)
    }
}

/// What lists offer for these items in a store at that moment.
pub(crate) async fn holding(
    tx: &mut Tx,
    site: &Site,
    items: &[ItemId],
    at: Time,
) -> Result<HashMap<ItemId, Vec<Offer>>> {
    if items.is_empty() {
        return Ok(HashMap::new());
    }
    let mut offers = offers(tx, site, items, &site.local(at)[..10]).await?;
    offers.values_mut().for_each(|all| all.retain(|offer| offer.holds(at)));
    Ok(offers)
}

/// What lists offer for these items in a store on that day or later.
async fn offers(tx: &mut Tx, site: &Site, items: &[ItemId], day: &str) -> Result<HashMap<ItemId, Vec<Offer>>> {
    let rows: Vec<Row> = query_rows!(
        tx,
        "with wanted (item, store, day) as (",
        items,
        |row, item| {
            row.push_bind(*item).push_bind(site.store.id).push_bind(day);
        },
        ") select l.item, l.list, p.name, l.least, l.price, p.overrides, p.from_day, p.to_day
         from wanted w join inventory_price l on l.item = w.item join inventory_price_list p on p.id = l.list
         where p.active = 1 and (p.store is null or p.store = w.store) and (p.to_day is null or p.to_day >= w.day)
         order by l.item, l.list, l.least"
    )?;
    let mut offers: HashMap<ItemId, Vec<Offer>> = HashMap::new();
    for Row { item, list, name, least, price, overrides, from_day, to_day } in rows {
        let since = from_day.and_then(|day| site.start_of(&day));
        let until = to_day.and_then(|day| site.end_of(&day));
        let offer = Offer { list, name, least, price, overrides: overrides != 0, since, until };
        offers.entry(item).or_default().push(offer);
    }
    Ok(offers)
}

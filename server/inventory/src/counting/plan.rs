//! Cycle plans: which items are worth counting next, by what was sold, how often, and what is in doubt.

use crate::store::Site;
use crate::{Inventory, ledger, place};
use db::{Tx, fetch_all};
use model::{Action, Actor, CountBy, ItemId, LocationId, Money, Quantity, Result, Time};

const DAY_SECONDS: i64 = 86_400;
/// Over how many days the value of what was sold is added up, and how often something was sold.
const CLASS_DAYS: i64 = 90;
const FAST_DAYS: i64 = 30;

/// An item that has been in the store.
#[derive(Clone, Debug, sqlx::FromRow)]
struct Candidate {
    item: ItemId,
    price: Option<Money>,
    /// What was sold of it, and in how many movements.
    sold: Quantity,
    sales: i64,
    counted_at: Option<Time>,
    doubts: i64,
}

impl Candidate {
    /// Price times quantity, in no unit that anyone sees: it only orders.
    fn value(&self) -> i128 {
        i128::from(self.price.unwrap_or_default().parts()) * i128::from(self.sold.parts().max(0))
    }
}

impl Inventory {
    /// The items that a plan chooses in a place of a store at this moment, at most so many: those not counted for the
    /// longest time first. None in a place that is not there.
    pub(super) async fn planned(
        &self,
        actor: &Actor,
        site: &Site,
        place: Option<&str>,
        by: CountBy,
        most: i64,
    ) -> Result<Vec<ItemId>> {
        let mut tx = self.auth.read(actor, Action::Count.at(site.store.id)).await?;
        let place = match place {
            Some(code) => place::on_use(&mut tx, site.store.id, code).await?,
            None => Some(site.shop),
        };
        let Some(place) = place else { return Ok(Vec::new()) };
        let days = if by == CountBy::Fast { FAST_DAYS } else { CLASS_DAYS };
        let since = Time::now().plus_seconds(-days * DAY_SECONDS);
        let candidates = candidates(&mut tx, site, place, since).await?;
        let mut items = chosen(candidates, by, usize::try_from(most).unwrap_or_default());
        items.sort_unstable();
        Ok(items)
    }
}

/// What has been in that place; what the store sells of it leaves from where sales leave.
async fn candidates(tx: &mut Tx, site: &Site, place: LocationId, since: Time) -> Result<Vec<Candidate>> {
    Ok(fetch_all!(
        tx,
        "with gone as (
             select item, cast(sum(quantity) as bigint) as sold, count(*) as sales from inventory_movement
             where store = $1 and recorded_at > $2 and from_location = $3 and to_location = $4 group by item)
         select i.id as item, i.price, coalesce(g.sold, 0) as sold, coalesce(g.sales, 0) as sales, c.counted_at,
                (select count(*) from inventory_exception e
                 where e.location = $5 and e.item = i.id and e.state = 'open') as doubts
         from inventory_balance b
         join inventory_item i on i.id = b.item
         left join gone g on g.item = b.item
         left join inventory_counted c on c.location = b.location and c.item = b.item
         where b.location = $5 and b.lot = $6 and b.condition = $7 and i.archived_at is null
         order by i.id",
        site.store.id,
        since,
        site.shop,
        site.customer,
        place,
        ledger::NO_LOT,
        ledger::SELLABLE
    )?)
}

/// The items of a plan, at most so many.
fn chosen(mut all: Vec<Candidate>, by: CountBy, most: usize) -> Vec<ItemId> {
    match by {
        CountBy::Fast => {
            all.retain(|one| one.sales > 0);
            all.sort_by_key(|one| (std::cmp::Reverse(one.sales), one.counted_at, one.item));
        }
        CountBy::Doubt => all.sort_by_key(|one| (std::cmp::Reverse(one.doubts), one.counted_at, one.item)),
        _ => {
            all = class(all, by);
            all.sort_by_key(|one| (one.counted_at, one.item));
        }
    }
    all.into_iter().take(most).map(|one| one.item).collect()
}

/// Those of class A, B or C: an item belongs to where its value begins, so that the first is always of class A.
fn class(mut all: Vec<Candidate>, by: CountBy) -> Vec<Candidate> {
    all.sort_by_key(|one| (std::cmp::Reverse(one.value()), one.item));
    let total: i128 = all.iter().map(Candidate::value).sum();
    let mut before = 0;
    all.retain(|one| {
        let of = match before * 100 {
            _ if one.value() == 0 => CountBy::ClassC,
            share if share < total * 80 => CountBy::ClassA,
            share if share < total * 95 => CountBy::ClassB,
            _ => CountBy::ClassC,
        };
        before += one.value();
        of == by
    });
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sold(units: i64, sales: i64, counted: Option<i64>, doubts: i64) -> Candidate {
        Candidate {
            item: ItemId::new(),
            price: Some(Money::from_parts(1_000_000)),
            sold: Quantity::whole(units),
            sales,
            counted_at: counted.map(Time::from_micros),
            doubts,
        }
    }

    #[test]
    fn classes_are_80_15_and_5_per_cent_of_the_value_and_nothing_is_in_two() {
        let all = vec![
            sold(80, 1, None, 0),
            sold(10, 1, None, 0),
            sold(5, 1, None, 0),
            sold(5, 1, None, 0),
            sold(0, 0, None, 0),
        ];
        let of = |by| chosen(all.clone(), by, 10);
        let ids = |range: std::ops::Range<usize>| all[range].iter().map(|one| one.item).collect::<Vec<_>>();
        assert_eq!(of(CountBy::ClassA), ids(0..1));
        assert_eq!(of(CountBy::ClassB), ids(1..3));
        assert_eq!(of(CountBy::ClassC), ids(3..5));
    }

    #[test]
    fn what_was_not_counted_for_the_longest_time_comes_first() {
        let all = vec![sold(0, 0, Some(9), 0), sold(0, 0, Some(3), 0), sold(0, 0, None, 0), sold(0, 0, Some(9), 1)];
        let order: Vec<_> = [3, 2, 1, 0].map(|at| all[at].item).into();
        assert_eq!(chosen(all.clone(), CountBy::Doubt, 10), order);
        assert_eq!(chosen(all, CountBy::Doubt, 2), order[..2]);
    }

    #[test]
    fn the_fast_ones_are_those_sold_most_often_and_what_was_not_sold_is_none() {
        let all = vec![sold(900, 2, None, 0), sold(3, 3, Some(1), 0), sold(0, 0, None, 0)];
        assert_eq!(chosen(all.clone(), CountBy::Fast, 10), [all[1].item, all[0].item]);
    }
}

//! How a store stands now: against the week before, what its stock is worth, what waits, and who does what.

use crate::{Report, cost, figures, period};
use model::{Action, Actor, Dashboard, GridQuery, ItemId, Money, Quantity, Result, Standing, StockValue};
use std::collections::HashMap;

impl Report {
    /// How a store stands on that day, or today up to this minute when no day is named.
    ///
    /// Stock, exceptions and people are always those of now. Errors: as [`Report::most_sold`].
    pub async fn standing(&self, actor: &Actor, store: &str, day: Option<&str>) -> Result<Standing> {
        let day = day.map(|day| period::day("day", day)).transpose()?;
        let holding = self.inventory.holding(actor, store).await?;
        let short = GridQuery { store: store.to_owned(), short: true, ..GridQuery::default() };
        let short = self.inventory.grid(actor, &short, 0, 1).await?.total;
        let (store, mut tx) = self.open(actor, store).await?;
        let (today, minute) = period::this_minute(&store.time_zone);
        let until = if day.is_some_and(|day| day.to_string() != today) { "23:59".to_owned() } else { minute };
        let day = day.map_or_else(|| period::day("day", &today), Ok)?;
        let week_before = period::week_before(day);
        let before = figures::taken_by(&mut tx, store.id, &week_before, &until).await?;
        let before_hours = figures::hours(&mut tx, store.id, &week_before).await?;
        let value = worth(&holding.rows, &cost::values(&mut tx, store.id).await?);
        let as_of = crate::projection::as_of(&mut tx).await?.min(cost::as_of(&mut tx).await?).min(holding.as_of);
        // Names are for those who answer for what others did.
        let people = actor.may(Action::Reverse.at(store.id)).then_some(holding.people);
        Ok(Standing { before, before_hours, value, short, exceptions: holding.exceptions, people, as_of })
    }
}

impl Report {
    /// The figures of a day, and how the store stands beside them. Errors: as [`Report::most_sold`].
    pub async fn board(&self, actor: &Actor, store: &str, day: Option<&str>) -> Result<(Dashboard, Standing)> {
        Ok((self.dashboard(actor, store, day).await?, self.standing(actor, store, day).await?))
    }
}

/// What these rows are worth; a sum that would leave the range stops growing.
fn worth(rows: &[(ItemId, Quantity, Option<Money>)], values: &HashMap<ItemId, Money>) -> StockValue {
    let mut worth = StockValue::default();
    for (item, on_hand, price) in rows {
        let of = |each: Money| each.checked_times(*on_hand).unwrap_or_default();
        match (values.get(item), price) {
            (Some(value), _) => {
                worth.at_cost = worth.at_cost.checked_add(*value).unwrap_or(worth.at_cost);
                worth.costed += 1;
            }
            (None, Some(price)) => {
                worth.at_price = worth.at_price.checked_add(of(*price)).unwrap_or(worth.at_price);
                worth.priced += 1;
            }
            (None, None) => worth.unknown += 1,
        }
    }
    worth
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stock_is_worth_what_it_cost_else_its_price_else_nothing() {
        let items = [ItemId::new(), ItemId::new(), ItemId::new()];
        let price = Some(Money::from_parts(3_000_000));
        let rows = [
            (items[0], Quantity::whole(4), price),
            (items[1], Quantity::whole(2), price),
            (items[2], Quantity::whole(9), None),
        ];
        let values = HashMap::from([(items[0], Money::from_parts(5_000_000))]);
        let worth = worth(&rows, &values);
        assert_eq!((worth.at_cost.to_string(), worth.at_price.to_string()), ("5.00".into(), "6.00".into()));
        assert_eq!((worth.costed, worth.priced, worth.unknown), (1, 1, 1));
    }
}

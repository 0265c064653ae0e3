//! What a store has sold, week by week, and what it is expected to sell from a day on.

use crate::forecast::{SEASON_DAYS, Season, WEEKDAY_WEEKS, WEEKS, Weekdays, Weeks, expected};
use db::{Result, Tx, fetch_all, fetch_one, query_rows};
use jiff::civil::Date;
use jiff::{Span, ToSpan};
use model::{ItemId, Quantity, StoreId};
use std::collections::HashMap;

/// A year of whole weeks: the same weekdays.
const YEAR: usize = 364;

/// What is known of a store's sales before a day.
pub struct Demand {
    /// The day from which on it is asked: nothing from it on is known.
    from: Date,
    weekdays: Weekdays,
    seasons: Vec<Season>,
    sold: HashMap<ItemId, Vec<Quantity>>,
}

impl Demand {
    /// What is known before that day.
    pub async fn before(tx: &mut Tx, store: StoreId, from: Date) -> Result<Self> {
        let lived = lived(tx, store, from).await?;
        let stretches: Vec<_> =
            (0..lived).map(|week| (week, back(from, 7 * (week + 1)), back(from, 7 * week + 1))).collect();
        let rows: Vec<(ItemId, i64, Quantity)> = query_rows!(
            tx,
            "with wanted (store, week, first, last) as (",
            &stretches,
            |row, stretch| {
                let (week, first, last) = stretch;
                row.push_bind(store).push_bind(i64::try_from(*week).unwrap_or(i64::MAX));
                row.push_bind(first.to_string()).push_bind(last.to_string());
            },
            ") select d.item, wanted.week, cast(sum(d.sold) as bigint)
             from wanted join report_item_day d
               on d.store = wanted.store and d.day >= wanted.first and d.day <= wanted.last
             group by d.item, wanted.week"
        )?;
        let mut sold: HashMap<ItemId, Vec<Quantity>> = HashMap::new();
        for (item, week, quantity) in rows {
            let weeks = sold.entry(item).or_insert_with(|| vec![Quantity::ZERO; lived]);
            if let Some(place) = usize::try_from(week).ok().and_then(|week| weeks.get_mut(week)) {
                *place = quantity;
            }
        }
        let (weekdays, seasons) = (weekdays(tx, store, from).await?, seasons(tx, store, from).await?);
        Ok(Self { from, weekdays, seasons, sold })
    }

    /// The items of which something was sold in those weeks.
    pub fn items(&self) -> impl Iterator<Item = ItemId> {
        self.sold.keys().copied()
    }

    /// What an item is expected to sell on so many days from the day asked for on: the one forecast that there is.
    #[must_use]
    pub fn expected(&self, item: ItemId, days: usize) -> Quantity {
        let weeks = Weeks::new(self.sold.get(&item).cloned().unwrap_or_default());
        expected(&weeks, &self.weekdays, &self.seasons, weekday(self.from), days)
    }

    /// What was sold of an item in the last so many weeks, as far as they are known.
    #[must_use]
    pub fn sold(&self, item: ItemId, weeks: usize) -> Quantity {
        let known = self.sold.get(&item).map(Vec::as_slice).unwrap_or_default();
        let parts = known.iter().take(weeks).map(|sold| sold.parts());
        Quantity::from_parts(parts.fold(0, i64::saturating_add))
    }
}

/// What was sold of each item on so many days from that one on.
pub async fn sold(tx: &mut Tx, store: StoreId, from: Date, days: usize) -> Result<HashMap<ItemId, Quantity>> {
    let rows: Vec<(ItemId, Quantity)> = fetch_all!(
        tx,
        "select item, cast(sum(sold) as bigint) from report_item_day
         where store = $1 and day >= $2 and day < $3 group by item",
        store,
        from.to_string(),
        on(from, days).to_string()
    )?;
    Ok(rows.into_iter().collect())
}

/// The first day on which the store sold anything.
pub async fn first_day(tx: &mut Tx, store: StoreId) -> Result<Option<Date>> {
    let (first,): (Option<String>,) =
        fetch_one!(tx, "select min(day) from report_day where store = $1 and sales > 0", store)?;
    Ok(first.and_then(|day| day.parse().ok()))
}

/// Monday is 0.
fn weekday(day: Date) -> usize {
    usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or_default()
}

/// How many whole weeks the store has sold before a day; a store in its first one counts as having lived it.
async fn lived(tx: &mut Tx, store: StoreId, from: Date) -> Result<usize> {
    let Some(first) = first_day(tx, store).await? else { return Ok(0) };
    let days = usize::try_from((from - first).get_days()).unwrap_or_default();
    Ok(if days == 0 { 0 } else { (days / 7).clamp(1, WEEKS) })
}

async fn weekdays(tx: &mut Tx, store: StoreId, from: Date) -> Result<Weekdays> {
    let rows: Vec<(String, Quantity)> = fetch_all!(
        tx,
        "select day, sold from report_day where store = $1 and day >= $2 and day < $3",
        store,
        back(from, 7 * WEEKDAY_WEEKS).to_string(),
        from.to_string()
    )?;
    let mut sold = [Quantity::ZERO; 7];
    for (day, quantity) in rows {
        let Ok(day) = day.parse::<Date>() else { continue };
        let place = &mut sold[weekday(day)];
        *place = Quantity::from_parts(place.parts().saturating_add(quantity.parts()));
    }
    Ok(Weekdays::new(sold))
}

/// What the days from that one on brought a year ago, a fortnight after the other, beside the weeks before all of them; none
/// for a store that had not sold for so many weeks then.
async fn seasons(tx: &mut Tx, store: StoreId, from: Date) -> Result<Vec<Season>> {
    let then = back(from, YEAR);
    let before = back(then, 7 * WEEKS);
    if first_day(tx, store).await?.is_none_or(|first| first > before) {
        return Ok(Vec::new());
    }
    let rows: Vec<(String, Quantity)> = fetch_all!(
        tx,
        "select day, sold from report_day where store = $1 and day >= $2 and day < $3",
        store,
        before.to_string(),
        from.to_string()
    )?;
    let (mut usual, mut fortnights) = (Quantity::ZERO, [Quantity::ZERO; YEAR / SEASON_DAYS]);
    for (day, quantity) in rows {
        let Ok(day) = day.parse::<Date>() else { continue };
        let place = match usize::try_from((day - then).get_days()) {
            Ok(days) => &mut fortnights[days / SEASON_DAYS],
            Err(_) => &mut usual,
        };
        *place = Quantity::from_parts(place.parts().saturating_add(quantity.parts()));
    }
    let count = |days: usize| i64::try_from(days).unwrap_or(i64::MAX);
    let before = (usual, count(7 * WEEKS));
    Ok(fortnights.into_iter().map(|sold| Season { then: (sold, count(SEASON_DAYS)), before }).collect())
}

/// So many days before.
pub fn back(day: Date, days: usize) -> Date {
    day.checked_sub(span(days)).unwrap_or(day)
}

/// So many days after.
pub fn on(day: Date, days: usize) -> Date {
    day.checked_add(span(days)).unwrap_or(day)
}

fn span(days: usize) -> Span {
    i64::try_from(days).unwrap_or(i64::MAX).min(36_500).days()
}

//! How good the forecasts of a store would have been: each week of its own past, forecast from what was known then.

use crate::demand::{self, Demand};
use crate::period;
use crate::{Report, projection};
use db::Tx;
use jiff::civil::Date;
use model::{Action, Actor, ForecastError, ForecastMethod, ForecastQuality, ItemId, Quantity, Result, StoreId};
use std::collections::HashMap;

/// How many days each forecast covers.
const DAYS: usize = 14;
/// Over how many days the moving average is taken.
const AVERAGED: usize = 28;
/// How many weeks a store must have lived before its first forecast is judged.
const SETTLED: usize = 8;
/// From how many weeks at most a forecast is judged.
const ORIGINS: usize = 52;

impl Report {
    /// Forecasts two weeks from the start of every week of the last year and compares with what was sold then: by our
    /// forecast, by the two weeks before again, and by the average of the four weeks before. Items that sold nothing in
    /// the thirteen weeks before are left out. With fewer than ten weeks of history nothing can be said: no weeks.
    ///
    /// Errors: `Forbidden`; `NotFound` for a store that is not theirs; `Invalid` for an unknown one or no day.
    pub async fn forecast_quality(&self, actor: &Actor, store: &str, day: Option<&str>) -> Result<ForecastQuality> {
        let day = day.map(|day| period::day("day", day)).transpose()?;
        let store = self.inventory.store(actor, Action::SeeReports, store).await?;
        let mut tx = self.auth.read(actor, Action::SeeReports.at(store.id)).await?;
        tx.patient().await?;
        let today = day.or_else(|| period::today(&store.time_zone).parse().ok()).unwrap_or_default();
        let as_of = projection::as_of(&mut tx).await?;
        let mut tally = Tally::default();
        let mut weeks = 0;
        if let Some(first) = demand::first_day(&mut tx, store.id).await? {
            for origin in origins(first, today) {
                tally.judge(&mut tx, store.id, origin).await?;
                weeks += 1;
            }
        }
        Ok(ForecastQuality {
            store: store.code,
            days: i64::try_from(DAYS).unwrap_or_default(),
            weeks,
            forecasts: tally.forecasts,
            sold: quantity(tally.sold),
            errors: tally.errors(),
            as_of,
        })
    }
}

/// The starts of the weeks from which a forecast can be judged, the latest first.
fn origins(first: Date, today: Date) -> impl Iterator<Item = Date> {
    let earliest = demand::on(first, 7 * SETTLED);
    (0..ORIGINS).map(move |week| demand::back(today, DAYS + 7 * week)).take_while(move |origin| *origin >= earliest)
}

/// What was missed so far, in parts.
#[derive(Default)]
struct Tally {
    forecasts: i64,
    sold: i128,
    missed: [(i128, i128); ForecastMethod::ALL.len()],
}

impl Tally {
    async fn judge(&mut self, tx: &mut Tx, store: StoreId, origin: Date) -> Result<()> {
        let known = Demand::before(tx, store, origin).await?;
        let came = demand::sold(tx, store, origin, DAYS).await?;
        let again = demand::sold(tx, store, demand::back(origin, DAYS), DAYS).await?;
        let month = demand::sold(tx, store, demand::back(origin, AVERAGED), AVERAGED).await?;
        let of = |sold: &HashMap<ItemId, Quantity>, item| sold.get(&item).map_or(0, |sold| i128::from(sold.parts()));
        let (days, averaged) = (i128::try_from(DAYS).unwrap_or(1), i128::try_from(AVERAGED).unwrap_or(1));
        for item in known.items() {
            let sold = of(&came, item);
            self.forecasts += 1;
            self.sold += sold;
            for (method, (missed, bias)) in ForecastMethod::ALL.into_iter().zip(&mut self.missed) {
                let forecast = match method {
                    ForecastMethod::Ours => i128::from(known.expected(item, DAYS).parts()),
                    ForecastMethod::Again => of(&again, item),
                    ForecastMethod::Average => of(&month, item) * days / averaged,
                };
                *missed += (forecast - sold).abs();
                *bias += forecast - sold;
            }
        }
        Ok(())
    }

    fn errors(&self) -> Vec<ForecastError> {
        let of = |(method, (missed, bias))| ForecastError { method, missed: quantity(missed), bias: quantity(bias) };
        ForecastMethod::ALL.into_iter().zip(self.missed).map(of).collect()
    }
}

fn quantity(parts: i128) -> Quantity {
    Quantity::from_parts(i64::try_from(parts).unwrap_or(if parts < 0 { i64::MIN } else { i64::MAX }))
}

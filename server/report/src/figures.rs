//! The questions that the figures answer, each one statement.

use crate::projection;
use db::{Result, Tx};
use model::{Figures, HourFigure, Money, MostSold, Period, Quantity, RankBy, Since, StoreId, TakenBy, Totals};

/// The stocked items that sold most in a period, returns taken off, best first, equals by SKU.
pub async fn most_sold(
    tx: &mut Tx,
    store: StoreId,
    period: &Period,
    by: RankBy,
    limit: i64,
) -> Result<Since<Vec<MostSold>>> {
    let as_of = projection::as_of(tx).await?;
    let rows: Vec<(String, String, Quantity, Money)> = match by {
        RankBy::Quantity => db::fetch_all!(
            tx,
            "select item.sku, item.name,
                cast(sum(day.sold + day.returned) as bigint), cast(sum(day.gross + day.refunded) as bigint)
             from report_item_day day join report_item item on item.item = day.item
             where day.store = $1 and day.day >= $2 and day.day <= $3 and item.stocked
             group by item.item, item.sku, item.name having sum(day.sold + day.returned) > 0
             order by 3 desc, 1 limit $4",
            store,
            &period.from,
            &period.to,
            limit
        ),
        RankBy::Value => db::fetch_all!(
            tx,
            "select item.sku, item.name,
                cast(sum(day.sold + day.returned) as bigint), cast(sum(day.gross + day.refunded) as bigint)
             from report_item_day day join report_item item on item.item = day.item
             where day.store = $1 and day.day >= $2 and day.day <= $3 and item.stocked
             group by item.item, item.sku, item.name having sum(day.gross + day.refunded) > 0
             order by 4 desc, 1 limit $4",
            store,
            &period.from,
            &period.to,
            limit
        ),
    }?;
    let data: Vec<_> =
        rows.into_iter().map(|(sku, name, quantity, value)| MostSold { sku, name, quantity, value }).collect();
    let total = i64::try_from(data.len()).unwrap_or(i64::MAX);
    Ok(Since { data, as_of, total })
}

/// What a store did in a period.
pub async fn totals(tx: &mut Tx, store: StoreId, period: &Period) -> Result<Since<Totals>> {
    let as_of = projection::as_of(tx).await?;
    let sum: Sums = db::fetch_one!(
        tx,
        "select cast(coalesce(sum(sales), 0) as bigint) as sales,
            cast(coalesce(sum(sale_lines), 0) as bigint) as sale_lines,
            cast(coalesce(sum(sold), 0) as bigint) as sold, cast(coalesce(sum(gross), 0) as bigint) as gross,
            cast(coalesce(sum(returns), 0) as bigint) as returns,
            cast(coalesce(sum(return_lines), 0) as bigint) as return_lines,
            cast(coalesce(sum(returned), 0) as bigint) as returned,
            cast(coalesce(sum(refunded), 0) as bigint) as refunded,
            cast(coalesce(sum(adjustments), 0) as bigint) as adjustments,
            cast(coalesce(sum(adjustment_lines), 0) as bigint) as adjustment_lines,
            cast(coalesce(sum(adjusted), 0) as bigint) as adjusted
         from report_day where store = $1 and day >= $2 and day <= $3",
        store,
        &period.from,
        &period.to
    )?;
    Ok(Since { data: sum.totals(), as_of, total: 1 })
}

#[derive(sqlx::FromRow)]
struct Sums {
    sales: i64,
    sale_lines: i64,
    sold: Quantity,
    gross: Money,
    returns: i64,
    return_lines: i64,
    returned: Quantity,
    refunded: Money,
    adjustments: i64,
    adjustment_lines: i64,
    adjusted: Quantity,
}

impl Sums {
    fn totals(self) -> Totals {
        let adjusted = (self.adjustments, self.adjustment_lines, self.adjusted, Money::ZERO);
        Totals {
            sales: figures((self.sales, self.sale_lines, self.sold, self.gross)),
            returns: figures((self.returns, self.return_lines, self.returned, self.refunded)),
            adjustments: figures(adjusted),
            net: Money::from_parts(self.gross.parts().saturating_add(self.refunded.parts())),
        }
    }
}

fn figures((documents, lines, units, value): (i64, i64, Quantity, Money)) -> Figures {
    Figures { documents, lines, units, value }
}

/// The 24 hours of a day, those without a sale included.
pub async fn hours(tx: &mut Tx, store: StoreId, day: &str) -> Result<Vec<HourFigure>> {
    let rows: Vec<(String, i64, Quantity, Money)> = db::fetch_all!(
        tx,
        "select hour, sales, quantity, value from report_hour where store = $1 and hour >= $2 and hour <= $3 order by hour",
        store,
        format!("{day}T00"),
        format!("{day}T23")
    )?;
    let mut sold = rows.into_iter().peekable();
    let hours = (0..24).map(|hour| format!("{day}T{hour:02}")).map(|hour| {
        let (sales, quantity, value) =
            sold.next_if(|row| row.0 == hour).map_or_else(Default::default, |row| (row.1, row.2, row.3));
        HourFigure { hour, sales, quantity, value }
    });
    Ok(hours.collect())
}

/// What was taken on a day up to a minute, that minute included.
pub async fn taken_by(tx: &mut Tx, store: StoreId, day: &str, until: &str) -> Result<TakenBy> {
    let (sales, value): (i64, Money) = db::fetch_one!(
        tx,
        "select cast(coalesce(sum(sales), 0) as bigint), cast(coalesce(sum(value), 0) as bigint)
         from report_minute where store = $1 and minute >= $2 and minute <= $3",
        store,
        format!("{day}T00:00"),
        format!("{day}T{until}")
    )?;
    Ok(TakenBy { day: day.to_owned(), until: until.to_owned(), sales, value })
}

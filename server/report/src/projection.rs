//! The tables that hold the figures: what a batch adds is added with one statement for each.

use crate::fold::{Fold, ItemDay, Named};
use db::{Result, Tx};
use model::{ItemId, StoreId};

/// The tail of an insert that adds to the rows that are there: a sum that would leave the range is left out, see
/// [`FIGURE_MAX`](crate::fold::FIGURE_MAX).
macro_rules! adding {
    (@ $table:literal, $column:literal) => {
        concat!(
            $column, " = case when abs(", $table, ".", $column, " + excluded.", $column, ") <= 1000000000000000000 then ",
            $table, ".", $column, " + excluded.", $column, " else ", $table, ".", $column, " end"
        )
    };
    ($key:literal, $table:literal, $first:literal $(, $column:literal)* $(,)?) => {
        concat!(
            " on conflict (", $key, ") do update set ",
            adding!(@ $table, $first) $(, ", ", adding!(@ $table, $column))*
        )
    };
}

/// Takes the lock that lets one writer at a time at the figures, and says up to which journal line they are true.
pub async fn lock(tx: &mut Tx) -> Result<i64> {
    let (seq,): (i64,) = db::fetch_one!(tx, "update report_head set seq = seq where one = 1 returning seq")?;
    Ok(seq)
}

/// The journal line up to which the figures in this snapshot are true.
pub async fn as_of(tx: &mut Tx) -> Result<i64> {
    let (seq,): (i64,) = db::fetch_one!(tx, "select seq from report_head where one = 1")?;
    Ok(seq)
}

/// Empties the figures.
pub async fn clear(tx: &mut Tx) -> Result<()> {
    db::execute!(tx, "delete from report_item")?;
    db::execute!(tx, "delete from report_item_day")?;
    db::execute!(tx, "delete from report_day")?;
    db::execute!(tx, "delete from report_hour")?;
    db::execute!(tx, "delete from report_minute")?;
    Ok(())
}

/// Adds what a batch adds, true up to `seq`.
pub async fn add(tx: &mut Tx, fold: &Fold, seq: i64) -> Result<()> {
    add_items(tx, &fold.items.iter().collect::<Vec<_>>()).await?;
    for (item, name) in &fold.renamed {
        db::execute!(tx, "update report_item set name = $1 where item = $2", name, *item)?;
    }
    add_item_days(tx, &fold.item_days.iter().collect::<Vec<_>>()).await?;
    add_days(tx, fold).await?;
    add_hours(tx, fold).await?;
    add_minutes(tx, fold).await?;
    db::execute!(tx, "update report_head set seq = $1 where one = 1", seq)?;
    Ok(())
}

async fn add_items(tx: &mut Tx, rows: &[(&ItemId, &Named)]) -> Result<()> {
    db::insert_rows!(
        tx,
        "insert into report_item (item, sku, name, stocked) ",
        rows,
        |row, item| {
            row.push_bind(*item.0).push_bind(&item.1.sku).push_bind(&item.1.name).push_bind(item.1.stocked);
        },
        " on conflict (item) do update set sku = excluded.sku, name = excluded.name, stocked = excluded.stocked
          where report_item.name <> excluded.name or report_item.sku <> excluded.sku
             or report_item.stocked <> excluded.stocked",
    )?;
    Ok(())
}

async fn add_item_days(tx: &mut Tx, rows: &[(&(StoreId, String, ItemId), &ItemDay)]) -> Result<()> {
    db::insert_rows!(
        tx,
        "insert into report_item_day (store, day, item, sold, gross, returned, refunded) ",
        rows,
        |row, item| {
            row.push_bind(item.0.0).push_bind(&item.0.1).push_bind(item.0.2);
            item.1.iter().for_each(|figure| {
                row.push_bind(*figure);
            });
        },
        adding!("store, day, item", "report_item_day", "sold", "gross", "returned", "refunded"),
    )?;
    Ok(())
}

async fn add_days(tx: &mut Tx, fold: &Fold) -> Result<()> {
    let rows: Vec<_> = fold.days.iter().collect();
    db::insert_rows!(
        tx,
        "insert into report_day (store, day, sales, sale_lines, sold, gross, returns, return_lines, returned, refunded,
            adjustments, adjustment_lines, adjusted) ",
        rows,
        |row, item| {
            row.push_bind(item.0.0).push_bind(&item.0.1);
            item.1.iter().for_each(|figure| {
                row.push_bind(*figure);
            });
        },
        adding!(
            "store, day",
            "report_day",
            "sales",
            "sale_lines",
            "sold",
            "gross",
            "returns",
            "return_lines",
            "returned",
            "refunded",
            "adjustments",
            "adjustment_lines",
            "adjusted",
        ),
    )?;
    Ok(())
}

async fn add_hours(tx: &mut Tx, fold: &Fold) -> Result<()> {
    let rows: Vec<_> = fold.hours.iter().collect();
    db::insert_rows!(
        tx,
        "insert into report_hour (store, hour, sales, quantity, value) ",
        rows,
        |row, item| {
            row.push_bind(item.0.0).push_bind(&item.0.1);
            item.1.iter().for_each(|figure| {
                row.push_bind(*figure);
            });
        },
        adding!("store, hour", "report_hour", "sales", "quantity", "value"),
    )?;
    Ok(())
}

async fn add_minutes(tx: &mut Tx, fold: &Fold) -> Result<()> {
    let rows: Vec<_> = fold.minutes.iter().collect();
    db::insert_rows!(
        tx,
        "insert into report_minute (store, minute, sales, value) ",
        rows,
        |row, item| {
            row.push_bind(item.0.0).push_bind(&item.0.1);
            item.1.iter().for_each(|figure| {
                row.push_bind(*figure);
            });
        },
        adding!("store, minute", "report_minute", "sales", "value"),
    )?;
    Ok(())
}

/// Everything the tables hold, for the comparison with the journal.
pub async fn held(tx: &mut Tx) -> Result<Fold> {
    let mut fold = Fold::default();
    let items: Vec<(ItemId, String, String, bool)> =
        db::fetch_all!(tx, "select item, sku, name, stocked from report_item")?;
    fold.items.extend(items.into_iter().map(|(item, sku, name, stocked)| (item, Named { sku, name, stocked })));
    let item_days: Vec<(StoreId, String, ItemId, i64, i64, i64, i64)> =
        db::fetch_all!(tx, "select store, day, item, sold, gross, returned, refunded from report_item_day")?;
    fold.item_days
        .extend(item_days.into_iter().map(|(store, day, item, a, b, c, d)| ((store, day, item), [a, b, c, d])));
    let hours: Vec<(StoreId, String, i64, i64, i64)> =
        db::fetch_all!(tx, "select store, hour, sales, quantity, value from report_hour")?;
    fold.hours.extend(hours.into_iter().map(|(store, hour, a, b, c)| ((store, hour), [a, b, c])));
    let minutes: Vec<(StoreId, String, i64, i64)> =
        db::fetch_all!(tx, "select store, minute, sales, value from report_minute")?;
    fold.minutes.extend(minutes.into_iter().map(|(store, minute, a, b)| ((store, minute), [a, b])));
    let days: Vec<DayRow> = db::fetch_all!(
        tx,
        "select store, day, sales, sale_lines, sold, gross, returns, return_lines, returned, refunded,
            adjustments, adjustment_lines, adjusted from report_day"
    )?;
    fold.days.extend(days.into_iter().map(DayRow::keyed));
    Ok(fold)
}

#[derive(sqlx::FromRow)]
struct DayRow {
    store: StoreId,
    day: String,
    sales: i64,
    sale_lines: i64,
    sold: i64,
    gross: i64,
    returns: i64,
    return_lines: i64,
    returned: i64,
    refunded: i64,
    adjustments: i64,
    adjustment_lines: i64,
    adjusted: i64,
}

impl DayRow {
    fn keyed(self) -> ((StoreId, String), crate::fold::Day) {
        let sales = [self.sales, self.sale_lines, self.sold, self.gross];
        let returns = [self.returns, self.return_lines, self.returned, self.refunded];
        let adjustments = [self.adjustments, self.adjustment_lines, self.adjusted];
        let mut day = [0; 11];
        let all = sales.into_iter().chain(returns).chain(adjustments);
        day.iter_mut().zip(all).for_each(|(figure, value)| *figure = value);
        ((self.store, self.day), day)
    }
}

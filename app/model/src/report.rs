//! What reports answer.

use crate::{DocumentKind, Money, PostingId, Quantity, Time};
use serde::{Deserialize, Serialize};

/// Days of a store, both included, `YYYY-MM-DD` on the store's own calendar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
}

/// One item's sales in a period, net of returns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MostSold {
    /// The item.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// How many.
    pub quantity: Quantity,
    /// For how much.
    pub value: Money,
}

/// Sales and returns in one hour of a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HourFigure {
    /// `2026-11-22T14` on the store's clock.
    pub hour: String,
    /// Documents: sales.
    pub sales: i64,
    /// Units sold, stocked items and services, returns taken off.
    pub quantity: Quantity,
    /// For how much, returns taken off.
    pub value: Money,
}

/// What the dashboard shows of one store on one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dashboard {
    /// The store's code.
    pub store: String,
    /// The store's currency, ISO 4217.
    pub currency: String,
    /// The day on the store's calendar, `YYYY-MM-DD`.
    pub day: String,
    /// Its 24 hours.
    pub hours: Vec<HourFigure>,
    /// Most sold of the day, at most 10.
    pub most_sold: Vec<MostSold>,
    /// ECharts options of "sales by hour", as JSON: `xAxis.data` is the 24 hours `"00"` … `"23"`, `series[0].data`
    /// the 24 numbers beside them (value, returns taken off, in the store's currency).
    pub hours_chart: String,
    /// ECharts options of "most sold", as JSON: `yAxis.data` is the names, best first, `series[0].data` the quantities.
    pub most_sold_chart: String,
    /// The journal line up to which the figures are true.
    pub as_of: i64,
}

impl Dashboard {
    /// How many sales the day has, and for how much, returns taken off.
    #[must_use]
    pub fn sold(&self) -> (i64, Money) {
        let add = |(sales, value): (i64, Money), hour: &HourFigure| {
            (sales + hour.sales, value.checked_add(hour.value).unwrap_or(value))
        };
        self.hours.iter().fold((0, Money::ZERO), add)
    }
}

/// What "most sold" is measured by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RankBy {
    /// How many.
    #[default]
    Quantity,
    /// For how much.
    Value,
}

/// Documents of one kind in a period, those taken off that were undone in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Figures {
    /// How many documents.
    pub documents: i64,
    /// How many lines they have.
    pub lines: i64,
    /// Units: above zero for what customers took, below for what they brought back; for adjustments, how the stock
    /// changed. Stocked items and services.
    pub units: Quantity,
    /// For how much, with the same sign; zero for adjustments.
    pub value: Money,
}

/// What a store did in a period.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Totals {
    /// Sales; their value is "gross".
    pub sales: Figures,
    /// Returns, at or below zero.
    pub returns: Figures,
    /// Corrections of the stock.
    pub adjustments: Figures,
    /// Sales and returns together.
    pub net: Money,
}

/// What was taken on a day up to a minute.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenBy {
    /// The day on the store's calendar, `YYYY-MM-DD`.
    pub day: String,
    /// The last minute counted, on the store's clock: `14:05`; `23:59` for a day that is over.
    pub until: String,
    /// Documents: sales.
    pub sales: i64,
    /// For how much, returns taken off.
    pub value: Money,
}

/// What the stock of a store is worth. What is below zero counts as nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockValue {
    /// Of the items that somebody said the cost of: what was paid for what is there.
    pub at_cost: Money,
    /// How many items that is.
    pub costed: i64,
    /// Of the others that have a price: on hand times the price.
    pub at_price: Money,
    /// How many items that is.
    pub priced: i64,
    /// Items on hand with neither; they count as nothing.
    pub unknown: i64,
}

/// What somebody did last in a store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastAct {
    /// Who.
    pub actor: String,
    /// What kind of document.
    pub kind: DocumentKind,
    /// The document.
    pub posting: PostingId,
    /// One of its items, by name.
    pub item: String,
    /// How many lines it has.
    pub lines: i64,
    /// When we learnt of it.
    pub at: Time,
}

/// How a store stands: what the dashboard shows beside the day's sales.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// The same weekday of the week before, up to the same minute.
    pub before: TakenBy,
    /// Its 24 hours, whole.
    pub before_hours: Vec<HourFigure>,
    /// What the stock is worth now.
    pub value: StockValue,
    /// Items at or below zero.
    pub short: i64,
    /// Exceptions that wait for a person.
    pub exceptions: i64,
    /// What each colleague did last, newest first, at most 12; `None` for readers who may not see who did what.
    pub people: Option<Vec<LastAct>>,
    /// The journal line up to which this is true.
    pub as_of: i64,
}

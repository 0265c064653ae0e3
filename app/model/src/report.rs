//! What reports answer.

use crate::{Money, Quantity};
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

//! What will be sold, and how good that guess has been.

use crate::Quantity;
use serde::{Deserialize, Serialize};

/// A way to say what will be sold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ForecastMethod {
    /// Ours: late weeks weigh more, a week far above the usual one counts less, the season of a year ago.
    Ours,
    /// What was sold in as many days before.
    Again,
    /// The average of the four weeks before.
    Average,
}

impl ForecastMethod {
    /// All of them, ours first.
    pub const ALL: [Self; 3] = [Self::Ours, Self::Again, Self::Average];
}

/// What a way to forecast has missed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ForecastError {
    /// Which way.
    pub method: ForecastMethod,
    /// Units: by how much its forecasts were off, up or down, all added; divided by what was sold it is the weighted
    /// absolute percentage error (WAPE).
    pub missed: Quantity,
    /// Units: how much more was forecast than sold; below zero, how much less.
    pub bias: Quantity,
}

/// How good forecasts of a store's own past would have been.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ForecastQuality {
    /// The store's code.
    pub store: String,
    /// How many days each forecast covers.
    pub days: i64,
    /// From the start of how many weeks it was forecast; none when the store's history is too short.
    pub weeks: i64,
    /// How many forecasts that are: one for each item and week.
    pub forecasts: i64,
    /// Units: what was sold on the days that were forecast.
    pub sold: Quantity,
    /// What each way has missed.
    pub errors: Vec<ForecastError>,
    /// The journal line up to which it is true.
    pub as_of: i64,
}

//! Reports for other systems: `/api/v1/reports/…`, in the same words as the rest of that interface.
//!
//! They are mounted here and not in Integration, which knows nothing of Report.

use axum::Json;
use axum::extract::State;
use integration::http::{Caller, Cursors, Limit, Listed, Problem, Problems, Query};
use inventory::{Inventory, MovementFilter, StockFilter};
use model::{Action, Actor, Error, ForecastQuality, MostSold, Movement, Page, Period, RankBy, StockRow, Time, ToBuy};
use report::Report;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// What these handlers share.
#[derive(Clone)]
pub struct Desk {
    /// Figures.
    pub report: Report,
    /// Stock and movements.
    pub inventory: Inventory,
    /// Signs where lists go on.
    pub cursors: Cursors,
}

/// The reports.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(most_sold))
        .routes(routes!(stock_levels))
        .routes(routes!(movements))
        .routes(routes!(forecast_quality))
        .routes(routes!(to_buy))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Ranking {
    /// The store's code.
    store: String,
    /// First day, `YYYY-MM-DD` on the store's own calendar.
    from: String,
    /// Last day.
    to: String,
    /// How many.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// By quantity or by value.
    #[serde(default)]
    #[param(inline)]
    by: RankBy,
}

/// List what sold most
///
/// Stocked items, returns taken off, best first.
#[utoipa::path(get, path = "/reports/most-sold", tag = "reports", params(Ranking), responses(
    (status = 200, description = "The ranking.", body = Page<MostSold>), Problems
))]
async fn most_sold(
    State(desk): State<Desk>,
    Caller(actor): Caller,
    Query(asked): Query<Ranking>,
) -> Result<Listed<MostSold>, Problem> {
    let period = Period { from: asked.from, to: asked.to };
    let ranked = desk.report.most_sold(&actor, &asked.store, &period, asked.by, asked.limit.rows()).await?;
    Ok(Listed(Page { data: ranked.data, as_of: ranked.as_of, next: None }))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Listing {
    /// Only this store, by its code.
    store: Option<String>,
    /// Only this item.
    sku: Option<String>,
    /// How many at once.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// `next` of the page before.
    cursor: Option<String>,
}

impl Listing {
    /// What a cursor is bound to: the report and its filters.
    fn list(&self, report: &str) -> String {
        format!("{report} {:?} {:?}", self.store, self.sku)
    }
}

/// List stock levels
///
/// One row for each item and place, by store, SKU and location.
#[utoipa::path(get, path = "/reports/stock-levels", tag = "reports", params(Listing), responses(
    (status = 200, description = "A page of stock rows.", body = Page<StockRow>), Problems
))]
async fn stock_levels(
    State(desk): State<Desk>,
    Caller(actor): Caller,
    Query(asked): Query<Listing>,
) -> Result<Listed<StockRow>, Problem> {
    may_see_reports(&actor)?;
    let list = asked.list("reports/stock-levels");
    let after =
        desk.cursors.after(&list, asked.cursor.as_deref(), |parts: [&str; 4]| Some(parts.map(str::to_owned)))?;
    let filter = StockFilter { sku: asked.sku, store: asked.store, after, limit: asked.limit.rows() };
    let page = desk.inventory.stock(&actor, &filter).await?;
    Ok(Listed(desk.cursors.signed(&list, page)))
}

/// List movements for a report
///
/// The ledger, newest first by when we learnt of them.
#[utoipa::path(get, path = "/reports/movements", tag = "reports", params(Listing), responses(
    (status = 200, description = "A page of movements.", body = Page<Movement>), Problems
))]
async fn movements(
    State(desk): State<Desk>,
    Caller(actor): Caller,
    Query(asked): Query<Listing>,
) -> Result<Listed<Movement>, Problem> {
    may_see_reports(&actor)?;
    let list = asked.list("reports/movements");
    let after = desk.cursors.after(&list, asked.cursor.as_deref(), |[recorded, posting, line]| {
        Some((Time::from_micros(recorded.parse().ok()?), posting.parse().ok()?, line.parse().ok()?))
    })?;
    let filter = MovementFilter { store: asked.store, sku: asked.sku, after, limit: asked.limit.rows() };
    let page = desk.inventory.movements(&actor, &filter).await?;
    Ok(Listed(desk.cursors.signed(&list, page)))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct OnDay {
    /// The store's code.
    store: String,
    /// The day on which it is asked, `YYYY-MM-DD`; today when left out.
    day: Option<String>,
}

/// Show how good forecasts are
///
/// Each week of the last year is forecast from what was known then, and compared with what was sold; beside two simple
/// ways to forecast.
#[utoipa::path(get, path = "/reports/forecast-quality", tag = "reports", params(OnDay), responses(
    (status = 200, description = "What each way to forecast has missed.", body = ForecastQuality), Problems
))]
async fn forecast_quality(
    State(desk): State<Desk>,
    Caller(actor): Caller,
    Query(asked): Query<OnDay>,
) -> Result<Json<ForecastQuality>, Problem> {
    Ok(Json(desk.report.forecast_quality(&actor, &asked.store, asked.day.as_deref()).await?))
}

/// List what to buy
///
/// By the supplier that sells for least: what is there and on its way, less what will be sold until a delivery comes,
/// against what should be left by then; the most urgent first, each with its reason.
#[utoipa::path(get, path = "/reports/to-buy", tag = "reports", params(OnDay), responses(
    (status = 200, description = "What to order, by supplier.", body = Page<ToBuy>), Problems
))]
async fn to_buy(
    State(desk): State<Desk>,
    Caller(actor): Caller,
    Query(asked): Query<OnDay>,
) -> Result<Listed<ToBuy>, Problem> {
    let found = desk.report.to_buy(&actor, &asked.store, asked.day.as_deref()).await?;
    Ok(Listed(Page { data: found.data.suppliers, as_of: found.as_of, next: None }))
}

/// The rows are narrowed to what they may see; a key without the scope for reports gets none at all.
fn may_see_reports(actor: &Actor) -> Result<(), Problem> {
    let right = Action::SeeReports;
    if actor.may(right.anywhere()) { Ok(()) } else { Err(Error::Forbidden(right).into()) }
}

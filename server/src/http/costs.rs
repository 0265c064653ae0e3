//! Reports on cost for other systems: what the stock is worth, what was earned with it, and why.

use super::reports::Desk;
use axum::Json;
use axum::extract::{Path, State};
use integration::http::{Caller, Limit, Moment, Nothing, Problem, Problems, Query};
use model::{CostLayers, Error, Flaw, Margins, Period, PostingCost, PostingId, Worth};
use report::AsOf;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The four reports.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(stock_value))
        .routes(routes!(margin))
        .routes(routes!(posting_cost))
        .routes(routes!(cost_layers))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Valued {
    /// The store's code.
    store: String,
    /// Only this item, by SKU or barcode.
    sku: Option<String>,
    /// As it was known at this moment; now when left out.
    #[param(value_type = Option<model::Time>)]
    as_of: Option<Moment>,
    /// As it was known with this line of the journal.
    #[param(minimum = 0)]
    seq: Option<i64>,
    /// How many items.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
}

/// Show what the stock is worth
///
/// By what was paid for it: the balance of the inventory account, now or as it was known before, with the items worth
/// most.
#[utoipa::path(get, path = "/reports/stock-value", tag = "reports", params(Valued), responses(
    (status = 200, description = "The worth of the stock.", body = Worth), Problems
))]
async fn stock_value(
    State(desk): State<Desk>,
    Caller(actor): Caller,
    Query(asked): Query<Valued>,
) -> Result<Json<Worth>, Problem> {
    let as_of = match (asked.as_of, asked.seq) {
        (None, None) => AsOf::Now,
        (Some(moment), None) => AsOf::Moment(moment.0),
        (None, Some(seq)) => AsOf::Seq(seq),
        (Some(_), Some(_)) => {
            return Err(Problem::unreadable(Flaw::new("seq", "two_moments", "name as_of or seq, not both")));
        }
    };
    let worth = desk.report.worth(&actor, &asked.store, as_of, asked.sku.as_deref(), asked.limit.rows()).await?;
    Ok(Json(worth))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Earned {
    /// The store's code.
    store: String,
    /// First day, `YYYY-MM-DD` on the store's own calendar.
    from: String,
    /// Last day.
    to: String,
    /// Only this item, by SKU or barcode.
    sku: Option<String>,
    /// How many items.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
}

/// Show cost of goods sold and margin
///
/// In total and for the items with the highest margin. What was learnt later of goods that were gone stands beside the
/// cost, on the day on which it was learnt.
#[utoipa::path(get, path = "/reports/margin", tag = "reports", params(Earned), responses(
    (status = 200, description = "Cost of goods sold and margin.", body = Margins), Problems
))]
async fn margin(
    State(desk): State<Desk>,
    Caller(actor): Caller,
    Query(asked): Query<Earned>,
) -> Result<Json<Margins>, Problem> {
    let period = Period { from: asked.from, to: asked.to };
    let (sku, limit) = (asked.sku.as_deref(), asked.limit.rows());
    Ok(Json(desk.report.margins(&actor, &asked.store, &period, sku, limit).await?))
}

/// Show what a posting cost
///
/// What one document did to the worth of the stock, then and later, as entries that each add up to zero.
#[utoipa::path(get, path = "/reports/postings/{id}/cost", operation_id = "posting_cost", tag = "reports",
    params(("id" = PostingId, Path, description = "The document.")), responses(
    (status = 200, description = "Its entries.", body = PostingCost), Problems
))]
async fn posting_cost(
    State(desk): State<Desk>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    Query(Nothing {}): Query<Nothing>,
) -> Result<Json<PostingCost>, Problem> {
    // What is no id is the id of nothing.
    let posting: PostingId = id.parse().map_err(|_| Error::NotFound)?;
    Ok(Json(desk.report.posting_cost(&actor, posting).await?))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Layered {
    /// The store's code.
    store: String,
    /// The item, by SKU or barcode.
    sku: String,
}

/// Show why an item is worth that
///
/// The goods that are there, as they came, in the order in which they leave.
#[utoipa::path(get, path = "/reports/cost-layers", tag = "reports", params(Layered), responses(
    (status = 200, description = "Its layers.", body = CostLayers), Problems
))]
async fn cost_layers(
    State(desk): State<Desk>,
    Caller(actor): Caller,
    Query(asked): Query<Layered>,
) -> Result<Json<CostLayers>, Problem> {
    Ok(Json(desk.report.cost_layers(&actor, &asked.store, &asked.sku).await?))
}

//! What is where, and the movements that made it so.

use crate::Integration;
use crate::http::{Caller, Limit, Listed, Moment, Problem, Problems, Query};
use axum::extract::State;
use inventory::{MovementFilter, StockFilter};
use model::{Movement, Page, Result, StockRow, StockThen, Time};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct StockAsked {
    /// Only this item.
    sku: Option<String>,
    /// Only this store, by its code.
    store: Option<String>,
    /// How it was after everything that had happened at this moment (RFC 3339); now when left out. Rows of then say what was
    /// there, and leave out what nobody knows of then: price, promises, barred lots and what was to come.
    #[param(inline)]
    as_of: Option<Moment>,
    /// How many at once.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// A row of now, or with `as_of` a row of then, which says less.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub(super) enum StockListed {
    /// As it is.
    Now(StockRow),
    /// As it was.
    Then(StockThen),
}

/// List stock
///
/// One row for each item, place and condition, by store, SKU and location. A kit lies in no place: what its parts are enough
/// for is told by `GET /items/{sku}/components`. With `as_of` a row has `on_hand` and `version` of
/// that moment, and neither `price`, `reserved`, `barred`, `available`, `incoming`, `backordered` nor `projected`.
#[utoipa::path(get, path = "/stock", operation_id = "list_stock", tag = "stock", params(StockAsked), responses(
    (status = 200, description = "A page of stock rows.", body = Page<StockListed>), Problems
))]
pub(super) async fn list(
    State(it): State<Integration>,
    Caller(actor): Caller,
    Query(asked): Query<StockAsked>,
) -> Result<Listed<StockListed>, Problem> {
    let list = format!("stock {:?} {:?} {:?}", asked.sku, asked.store, asked.as_of);
    let after = it.cursors.after(&list, asked.cursor.as_deref(), |parts| Some(parts.map(str::to_owned)))?;
    let filter = StockFilter { sku: asked.sku, store: asked.store, after, limit: asked.limit.rows() };
    let page = match asked.as_of {
        Some(moment) => it.inventory.stock_then(&actor, &filter, moment.0).await?.map(StockListed::Then),
        None => it.inventory.stock(&actor, &filter).await?.map(StockListed::Now),
    };
    Ok(Listed(it.cursors.signed(&list, page)))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct MovementsAsked {
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

/// List movements
///
/// The ledger, newest first by when we learnt of them.
#[utoipa::path(get, path = "/movements", operation_id = "list_movements", tag = "stock", params(MovementsAsked), responses(
    (status = 200, description = "A page of movements.", body = Page<Movement>), Problems
))]
pub(super) async fn movements(
    State(it): State<Integration>,
    Caller(actor): Caller,
    Query(asked): Query<MovementsAsked>,
) -> Result<Listed<Movement>, Problem> {
    let list = format!("movements {:?} {:?}", asked.store, asked.sku);
    let after = it.cursors.after(&list, asked.cursor.as_deref(), |[recorded, posting, line]| {
        Some((Time::from_micros(recorded.parse().ok()?), posting.parse().ok()?, line.parse().ok()?))
    })?;
    let filter = MovementFilter { store: asked.store, sku: asked.sku, after, limit: asked.limit.rows() };
    let page = it.inventory.movements(&actor, &filter).await?;
    Ok(Listed(it.cursors.signed(&list, page)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_then_says_nothing_of_now() {
        let then = serde_json::json!({
            "item": model::ItemId::new(), "sku": "A1", "name": "a thing", "unit": "piece", "store": "LON",
            "location": "SHOP", "condition": "sellable", "on_hand": "3", "version": 2,
        });
        let row: StockThen = serde_json::from_value(then.clone()).expect("a row");
        assert_eq!(serde_json::to_value(StockListed::Then(row)).expect("it is told"), then);
    }
}

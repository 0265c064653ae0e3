//! The stores that a caller may see, and their rules.

use crate::Integration;
use crate::http::{Caller, Listed, Nothing, Problem, Problems, Query};
use axum::Json;
use axum::extract::{Path, State};
use model::{Action, Page, Store, StoreRules};

/// List stores
///
/// All that the key may look into, by code.
#[utoipa::path(get, path = "/stores", operation_id = "list_stores", tag = "stores", responses(
    (status = 200, description = "The stores.", body = Page<Store>), Problems
))]
pub(super) async fn list(
    State(it): State<Integration>,
    Caller(actor): Caller,
    Query(Nothing {}): Query<Nothing>,
) -> Result<Listed<Store>, Problem> {
    let data = it.inventory.stores(&actor).await?;
    let mut tx = it.auth.read(&actor, Action::SeeStock.anywhere()).await?;
    let as_of = it.auth.log().head(&mut tx).await?;
    Ok(Listed(Page { data, as_of, next: None }))
}

/// Find a store
///
/// With its rules: up to which day its books are closed, and above which values somebody else approves.
#[utoipa::path(get, path = "/stores/{code}", operation_id = "find_store", tag = "stores", params(("code" = String, Path, description = "Its code.")), responses(
    (status = 200, description = "The store.", body = StoreRules), Problems
))]
pub(super) async fn show(
    State(it): State<Integration>,
    Caller(actor): Caller,
    Path(code): Path<String>,
    Query(Nothing {}): Query<Nothing>,
) -> Result<Json<StoreRules>, Problem> {
    Ok(Json(it.inventory.rules(&actor, &code).await?))
}

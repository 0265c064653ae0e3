//! The stores that a caller may see.

use crate::Integration;
use crate::http::{Caller, Listed, Nothing, Problem, Problems, Query};
use axum::extract::State;
use model::{Action, Page, Result, Store};

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
